// Package command is the one list of what the desk can do. Menu, keys and the help page are made from it,
// so they cannot disagree.
//
// A [List] has the desk's own commands, those of the screen being shown, and layers on top of it (search,
// a question). A key goes to the uppermost that knows it; a layer keeps all keys from what lies under it,
// except from commands that are marked Always.
//
// It promises that a key whose command is not enabled does nothing, and that keys reach it from wherever
// the focus is: [List.Bind] takes what the canvas is given, and the house's controls forward what they do
// not use themselves (package control).
//
// It never draws anything and knows no screen.
package command

import (
	"slices"
	"sync"

	"fyne.io/fyne/v2"
)

// Command is one thing the clerk can do.
type Command struct {
	ID      string      // "case.new"; its text is "command.case.new"
	Keys    []Key       // the first is shown
	Menu    string      // "file", "view", "help"; empty: in no menu
	Sub     string      // key of the submenu's text; empty: directly in the menu
	Label   string      // a text that is not translated, such as a language's own name
	Enabled func() bool // nil: always
	Checked func() bool // nil: not a choice
	Always  bool        // also under a layer: lock, help
	Hidden  bool        // not in the help: obvious keys such as arrows
	Run     func()
}

// Text is the command's name in the clerk's language.
func (c Command) Text(t Translator) string {
	if c.Label != "" {
		return c.Label
	}
	return t.T("command." + c.ID)
}

func (c Command) enabled() bool { return c.Run != nil && (c.Enabled == nil || c.Enabled()) }

func (c Command) has(k Key) bool {
	for _, own := range c.Keys {
		if own.normal() == k {
			return true
		}
	}
	return false
}

// Cap is the label of the command's first key, or "".
func (c Command) Cap(t Translator) string {
	if len(c.Keys) == 0 {
		return ""
	}
	return c.Keys[0].Label(t)
}

// List is what can be done now. It belongs to the UI goroutine.
type List struct {
	base   []Command
	screen scope
	layers []scope
	canvas fyne.Canvas
	bound  map[string]bool
	// Stray gets the keys that came in while nothing had the focus and that no command lies on.
	Stray func(*fyne.KeyEvent)
}

type scope struct {
	name     string
	commands []Command
}

// NewList makes a list of the desk's own commands.
func NewList(base ...Command) *List { return &List{base: base, bound: map[string]bool{}} }

// SetBase replaces the desk's own commands.
func (l *List) SetBase(base ...Command) {
	l.base = base
	l.register(base)
}

// Enter replaces the commands of the screen. Name is the key of the screen's title, for the help page.
func (l *List) Enter(name string, commands []Command) {
	l.screen = scope{name, commands}
	l.register(commands)
}

// Layer puts commands on top; the returned function takes them and whatever was put above them away.
func (l *List) Layer(name string, commands []Command) (leave func()) {
	depth := len(l.layers)
	l.layers = append(l.layers, scope{name, commands})
	l.register(commands)
	return func() {
		if len(l.layers) > depth {
			l.layers = l.layers[:depth]
		}
	}
}

// Layered reports whether a layer is on top.
func (l *List) Layered() bool { return len(l.layers) > 0 }

// Type runs the command of a key and reports whether there was one that could run.
func (l *List) Type(name fyne.KeyName, mod fyne.KeyModifier) bool {
	c, ok := l.Find(Key{name, mod})
	if !ok {
		return false
	}
	c.Run()
	return true
}

// Find returns the enabled command that a key would run.
func (l *List) Find(k Key) (Command, bool) {
	k = k.normal()
	for _, s := range l.visible() {
		for _, c := range s.commands {
			if c.has(k) && c.enabled() && (c.Always || s.open) {
				return c, true
			}
		}
	}
	return Command{}, false
}

// Do runs a command by its id, as its button does, and reports whether it could run.
func (l *List) Do(id string) bool {
	c, ok := l.Get(id)
	if !ok || !c.enabled() {
		return false
	}
	c.Run()
	return true
}

// Get returns the command with the id, wherever it is.
func (l *List) Get(id string) (Command, bool) {
	for _, s := range l.visible() {
		for _, c := range s.commands {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Command{}, false
}

type reachable struct {
	scope
	open bool // all its commands may run; else only those marked Always
}

// visible lists the scopes from the uppermost down.
func (l *List) visible() []reachable {
	out := make([]reachable, 0, 2+len(l.layers))
	for i, layer := range slices.Backward(l.layers) {
		out = append(out, reachable{layer, i == len(l.layers)-1})
	}
	top := len(l.layers) == 0
	return append(out, reachable{l.screen, top}, reachable{scope{"help.everywhere", l.base}, top})
}

// Bind makes the canvas give its keys to the list. Keys of commands that are added later are bound as
// they come.
func (l *List) Bind(c fyne.Canvas) {
	l.canvas, l.bound = c, map[string]bool{}
	lists.Store(c, l)
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !l.Type(e.Name, heldShift()) && l.Stray != nil {
			l.Stray(e)
		}
	})
	for _, s := range l.visible() {
		l.register(s.commands)
	}
}

// lists finds the list of a canvas: a focused control knows nothing but the canvas it stands on.
var lists sync.Map // fyne.Canvas to *List

// Release undoes [List.Bind] when the window is closed.
func (l *List) Release() {
	if l.canvas != nil {
		lists.Delete(l.canvas)
		l.canvas = nil
	}
}

// Forward gives a key that a focused control does not use itself to the list of its canvas and reports
// whether a command ran.
func Forward(from fyne.CanvasObject, k Key) bool {
	c := canvasOf(fyne.CurrentApp().Driver(), from)
	if c == nil {
		return false
	}
	l, ok := lists.Load(c)
	if !ok {
		return false
	}
	if k.Mod == 0 {
		k.Mod = heldShift()
	}
	return l.(*List).Type(k.Name, k.Mod)
}

// canvasOf is where an object stands. Fyne forgets that of what was not painted for a minute, such as a paper whose
// draft was put away: as long as it has the keys, they are not lost.
func canvasOf(d fyne.Driver, from fyne.CanvasObject) fyne.Canvas {
	if c := d.CanvasForObject(from); c != nil {
		return c
	}
	for _, w := range d.AllWindows() {
		if o, ok := w.Canvas().Focused().(fyne.CanvasObject); ok && o == from {
			return w.Canvas()
		}
	}
	return nil
}

func (l *List) register(commands []Command) {
	if l.canvas == nil {
		return
	}
	for _, c := range commands {
		for _, k := range c.Keys {
			l.bind(k.normal())
			if k.normal().Name == fyne.KeyReturn {
				l.bindAs(k.normal(), Key{fyne.KeyEnter, k.Mod})
			}
		}
	}
}

func (l *List) bind(k Key) { l.bindAs(k, k) }

func (l *List) bindAs(k, reported Key) {
	if !reported.combination() {
		return // comes through SetOnTypedKey
	}
	s := reported.shortcut()
	if l.bound[s.ShortcutName()] {
		return
	}
	l.bound[s.ShortcutName()] = true
	l.canvas.AddShortcut(s, func(fyne.Shortcut) { l.Type(k.Name, k.Mod) })
}

// heldShift asks the driver, because Fyne reports a typed key without its modifiers.
func heldShift() fyne.KeyModifier {
	d, ok := fyne.CurrentApp().Driver().(interface{ CurrentKeyModifiers() fyne.KeyModifier })
	if !ok {
		return 0
	}
	return d.CurrentKeyModifiers() & fyne.KeyModifierShift
}

// CloseLayers takes all layers away.
func (l *List) CloseLayers() { l.layers = nil }
