package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/command"
	"schalter/ui/look"
)

// FieldState is how a field stands.
type FieldState int

// The states.
const (
	FieldPlain FieldState = iota
	FieldWaiting
	FieldTrouble
)

// Entry is a field to type in. Enter and Tab go on to the next control (in several lines Enter makes a
// new line and Tab goes on); keys it does not use itself, F-keys and combinations go to the commands.
type Entry struct {
	widget.Entry
	// OnKey sees every key first; true means it was used.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut sees every combination first, undo and paste too; true means it was used.
	OnShortcut func(fyne.Shortcut) bool
	// OnFocus tells when the field gets and loses the keys.
	OnFocus func(bool)
	// Label is what a screen reader says.
	Label string

	state   FieldState
	focused bool
}

// NewEntry makes a field of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping, e.Scroll = fyne.TextWrapOff, fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewArea makes a field of several lines that shows so many at once.
func NewArea(rows int) *Entry {
	e := &Entry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	e.ExtendBaseWidget(e)
	return e
}

// NewPassword makes a field that hides what is typed.
func NewPassword() *Entry {
	e := &Entry{}
	e.Password, e.Wrapping, e.Scroll = true, fyne.TextWrapOff, fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// SetState shows whether something is to be corrected.
func (e *Entry) SetState(s FieldState) {
	if e.state != s {
		e.state = s
		e.Refresh()
	}
}

// Focused reports whether the field has the keys.
func (e *Entry) Focused() bool { return e.focused }

// AcceptsTab is false: Tab always goes on.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey edits, goes on, or hands the key to the commands.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.MultiLine {
			e.Entry.TypedKey(k)
			return
		}
		e.goOn(k)
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
		e.Entry.TypedKey(k)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		if e.MultiLine {
			e.Entry.TypedKey(k)
			return
		}
		forward(e, k)
	default:
		if !forward(e, k) {
			e.Entry.TypedKey(k)
		}
	}
}

// goOn submits, runs a command that lies on Enter, or moves to the next control.
func (e *Entry) goOn(*fyne.KeyEvent) {
	if e.OnSubmitted != nil {
		e.OnSubmitted(e.Text)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.FocusNext()
	}
}

// TypedShortcut lets a command have the combination, and edits with it otherwise. Undo, paste and their
// kind stay with the field unless a command lies on them.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if e.OnShortcut != nil && e.OnShortcut(s) {
		return
	}
	if k, ok := command.KeyOf(s); ok && !editing(s) && command.Forward(e, k) {
		return
	}
	e.Entry.TypedShortcut(s)
}

func editing(s fyne.Shortcut) bool {
	switch s.(type) {
	case *fyne.ShortcutPaste, *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutSelectAll:
		return true
	}
	return false
}

// FocusGained shows the ring.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost takes the ring away.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

// MinSize is a field's height of the look.
func (e *Entry) MinSize() fyne.Size {
	e.ExtendBaseWidget(e)
	m := e.BaseWidget.MinSize()
	if e.MultiLine {
		return m
	}
	return fyne.NewSize(max(m.Width, look.Target), look.Px(look.FieldHeight))
}

// AccessibilityLabel is the field's name.
func (e *Entry) AccessibilityLabel() string { return e.Label }

// AccessibilityRole is text.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e, ring: canvas.NewRectangle(nothing), cover: canvas.NewRectangle(nothing)}
	r.mark()
	return r
}

// entryRenderer lays the border, which is also the ring, over what Fyne draws.
type entryRenderer struct {
	fyne.WidgetRenderer
	e       *Entry
	ring    *canvas.Rectangle
	cover   *canvas.Rectangle // hides the scroll bar that Fyne draws under a long single line
	objects []fyne.CanvasObject
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	r.objects = append(append(r.objects[:0], r.WidgetRenderer.Objects()...), r.cover, r.ring)
	return r.objects
}

func (r *entryRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	r.place(s)
}

func (r *entryRenderer) place(s fyne.Size) {
	out := float32(0)
	if r.e.focused {
		out = 1 // the ring reaches a little beyond the field
	}
	r.ring.Move(fyne.NewPos(-out, -out))
	r.ring.Resize(s.AddWidthHeight(2*out, 2*out))
	bar := look.Px(7)
	r.cover.Move(fyne.NewPos(0, s.Height-bar))
	r.cover.Resize(fyne.NewSize(s.Width, bar))
}

func (r *entryRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.mark()
}

func (r *entryRenderer) mark() {
	p := look.Palette()
	r.ring.CornerRadius = look.RadiusField
	r.cover.Hidden, r.cover.FillColor = r.e.MultiLine, p.Surface
	r.cover.BottomLeftCornerRadius, r.cover.BottomRightCornerRadius = look.RadiusField, look.RadiusField
	switch {
	case r.e.focused:
		r.ring.StrokeColor, r.ring.StrokeWidth = p.Focus, look.RingWidth
		if r.e.state == FieldTrouble && !look.Current().HighContrast() {
			r.ring.StrokeColor = p.Trouble
		}
	case r.e.state == FieldTrouble:
		r.ring.StrokeColor, r.ring.StrokeWidth = p.Trouble, 2
	case r.e.state == FieldWaiting:
		r.ring.StrokeColor, r.ring.StrokeWidth = p.Waiting, 2
	default:
		r.ring.StrokeColor, r.ring.StrokeWidth = p.FieldLine, 1
	}
	r.place(r.e.Size())
	r.ring.Refresh()
}
