// Package desk is the window: the locked door, the top bar, the rail with its counts, the status line,
// and the way from one screen to the next. It is the only package that knows the screens.
//
// It promises that trouble with the line never opens a question and never takes the keys, that a question
// is asked only about what cannot be undone, that drafts which were cut off are offered and never dropped
// silently, and that it neither locks nor ends before everything typed is stored.
//
// It never opens a file, a database or a connection: whatever it needs comes through [Options] and
// [Services].
//
//	d, err := desk.New(app.New(), desk.Options{Files: assets.Files, Door: door, Version: "0.1"})
//	if err != nil { … }
//	d.Start(ctx)               // shows the locked door, or the setting up
//	d.Window().ShowAndRun()
//	err = d.Close(context.Background())
package desk

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/lock"
	"schalter/ui/look"
)

// Screen is what the content area shows.
type Screen interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Shown()
}

// The settings kept in the store.
const (
	settingLang = "ui.lang"
	settingLook = "ui.look"
	settingSize = "ui.text_size"
)

// Desk is the window of a desk. Its methods belong to the UI goroutine unless they say otherwise.
type Desk struct {
	Options
	app     fyne.App
	win     fyne.Window
	ctx     context.Context
	texts   *i18n.Texts
	keys    *command.List
	shell   *shell
	svc     *Services // nil while locked
	stop    func()    // ends watching the store and the line
	facts   Facts
	known   bool // facts were read at least once
	locked  *lock.Screen
	layer   *control.Layer // the one shown last
	helping *control.Layer
	found   record.Hit // what was opened last from the search
	onHeard func()     // shows how the recognition stands in its layer; nil: that is not open

	place    string
	back     whereabouts // where the clerk was when the desk was locked
	screen   Screen
	screens  map[string]Screen
	capture  Capture
	admin    Admin // once somebody has been there
	tray     Tray  // the same
	reading  bool  // facts are being read
	again    bool  // and must be read again
	leaving  bool  // locking or ending
	owed     bool  // the notice says that something typed is not stored
	finished bool
}

// whereabouts is a place of the rail and who was there.
type whereabouts struct{ user, place string }

// New makes the desk and its window. Nothing is shown before [Desk.Start].
func New(app fyne.App, o Options) (*Desk, error) {
	if o.Clock == nil {
		o.Clock = record.SystemClock
	}
	if o.Lang == "" {
		o.Lang = i18n.Default
	}
	texts, err := i18n.Load(o.Files, o.Lang)
	if err != nil {
		return nil, err
	}
	d := &Desk{Options: o, app: app, texts: texts, keys: command.NewList(), screens: map[string]Screen{}}
	if _, ok := app.Settings().Theme().(*look.Theme); !ok {
		look.Apply(app, look.Light, 100)
	}
	d.win = app.NewWindow("Schalter")
	d.win.SetPadded(false)
	d.win.SetMaster()
	d.win.Resize(fyne.NewSize(1366, 768))
	d.win.SetCloseIntercept(d.Quit)
	d.win.SetOnDropped(d.dropped)
	d.keys.Bind(d.win.Canvas())
	d.keys.Stray = func(e *fyne.KeyEvent) { d.stray(func(f fyne.Focusable) { f.TypedKey(e) }) }
	d.win.Canvas().SetOnTypedRune(func(r rune) { d.stray(func(f fyne.Focusable) { f.TypedRune(r) }) })
	return d, nil
}

// stray takes what was typed while nothing had the keys, as after a click beside everything: the keys go
// back to where they belong, and what was typed goes with them.
func (d *Desk) stray(give func(fyne.Focusable)) {
	switch {
	case d.layer != nil && d.layer.Open():
		d.layer.Refocus()
	case d.locked != nil:
		d.locked.Shown()
	case d.screen != nil:
		d.screen.Shown()
	}
	if f := d.win.Canvas().Focused(); f != nil {
		give(f)
	}
}

// Window returns the desk's window.
func (d *Desk) Window() fyne.Window { return d.win }

// Adorn gives the window its icon. Drawing it takes as long as the whole locked door, so it is to come behind
// the first picture.
func (d *Desk) Adorn() { d.win.SetIcon(icon()) }

// Start shows the locked door, or the setting up where nothing is set up yet. Work ends with ctx.
func (d *Desk) Start(ctx context.Context) {
	d.ctx = ctx
	if d.Run == nil {
		d.Run = control.Background(ctx)
	}
	// Asked here and not in the background: the door is two small files, and it is to be the first picture.
	d.showLock(d.atTheDoor())
}

// Close stores what is typed and locks, for the end of the program. It may be called from any goroutine
// once the window is gone.
func (d *Desk) Close(ctx context.Context) error {
	d.finished = true
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
	if d.capture != nil {
		if err := d.capture.Close(ctx); err != nil {
			return err
		}
		d.capture = nil
	}
	if d.admin != nil {
		if err := d.admin.Close(ctx); err != nil {
			return err
		}
		d.admin = nil
	}
	if d.tray != nil {
		if err := d.tray.Close(ctx); err != nil {
			return err
		}
		d.tray = nil
	}
	d.keys.Release()
	if d.svc == nil {
		return nil
	}
	d.svc = nil
	return d.Door.Lock(ctx)
}

// atDoor is what there is to know before anybody has unlocked.
type atDoor struct {
	fresh   bool
	users   []string
	trouble error // why nobody can open it
}

func (d *Desk) atTheDoor() atDoor {
	users, err := d.Door.Users()
	return atDoor{fresh: d.Door.Fresh(), users: users, trouble: err}
}

func (d *Desk) showLock(at atDoor) {
	svc := (*Services)(nil)
	open := func(f func(ctx context.Context, user, pass string) (*Services, error)) func(context.Context, string, string) error {
		return func(ctx context.Context, user, pass string) error {
			s, err := f(ctx, user, pass)
			if err == nil {
				svc = s
			}
			return err
		}
	}
	d.locked = lock.New(lock.Needs{
		Texts: d.texts, Clock: d.Clock, Run: d.Run, Users: at.users, Fresh: at.fresh, Trouble: at.trouble, Icon: icon(),
		Create: open(d.Door.Create), Unlock: open(d.Door.Unlock),
		Enrolled: func(ctx context.Context) bool {
			if svc == nil || svc.Enrol == nil {
				return true
			}
			id, err := svc.Store.Identity(ctx)
			return err == nil && id.Desk != 0
		},
		Enrol: func(ctx context.Context, code string) error {
			if svc == nil || svc.Enrol == nil {
				return record.E(record.CodeEnrolCode, nil)
			}
			return svc.Enrol(ctx, code)
		},
		Opened:  func() { d.opened(svc) },
		Waiting: lock.Waiting{Known: d.known && d.facts.Link.Configured, Counts: d.facts.Counts},
	})
	d.shell, d.screen, d.place = nil, nil, ""
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Background })
	d.win.SetContent(container.NewStack(ground, d.locked.Object()))
	d.keys.SetBase(d.lockedCommands()...)
	d.keys.Enter("lock.user", d.locked.Commands())
	d.win.SetMainMenu(d.keys.MainMenu(d.texts))
	d.locked.Shown()
}

// opened goes on behind the door: language and look of the store, the work list, and what was cut off.
func (d *Desk) opened(svc *Services) {
	d.svc, d.locked = svc, nil
	d.facts = Facts{User: svc.User, Admin: svc.Admin != nil, Scanners: svc.Scanners != nil, Tray: svc.Tray != nil, Checks: svc.Checks != nil}
	d.Run(func(ctx context.Context) func() {
		lang, _ := svc.Store.Setting(ctx, settingLang)
		kind, _ := svc.Store.Setting(ctx, settingLook)
		size, _ := svc.Store.Setting(ctx, settingSize)
		drafts, err := svc.Store.Drafts(ctx)
		return func() {
			d.takeSettings(lang, kind, size)
			d.build()
			d.watch()
			cut := cutOff(drafts, svc.User)
			switch {
			case err != nil:
				d.goTo(placeToday)
				d.trouble(err)
			case len(cut) > 0:
				d.recover(cut)
			case d.back.user == svc.User && d.back.place != "":
				d.goTo(d.back.place)
			default:
				d.goTo(placeToday)
			}
		}
	})
}

// build makes the window's parts in the present language.
func (d *Desk) build() {
	d.screens = map[string]Screen{}
	d.shell = newShell(d)
	d.capture, d.admin, d.tray = nil, nil, nil
	if d.svc.Capture != nil {
		d.capture = d.svc.Capture(d.host())
		d.capture.OnStored(d.stored)
	}
	d.win.SetContent(d.shell.object)
	d.keys.SetBase(d.commands()...)
	d.showFacts()
}

func (d *Desk) host() Host {
	return Host{
		Texts: d.texts, Window: d.win, Run: d.Run, Clock: d.Clock, User: d.svc.User, Keys: d.keys,
		Leave: func() { d.goTo(placeToday) }, Refresh: d.rebind, OpenCase: d.lookAt,
	}
}

// watch follows the store and the line until the desk is locked.
func (d *Desk) watch() {
	if d.Still {
		d.stop = func() {}
		d.Refresh()
		return
	}
	ctx, cancel := context.WithCancel(d.ctx)
	changed, unwatch := d.svc.Store.Watch()
	var line <-chan struct{}
	unline := func() {}
	if d.svc.Line != nil {
		line, unline = d.svc.Line.Changed()
	}
	d.stop = func() { cancel(); unwatch(); unline() }
	d.follow(ctx)
	d.listen(ctx)
	refresh := func() { fyne.Do(d.Refresh) }
	go func() {
		tick := time.NewTicker(20 * time.Second) // ages in words grow by themselves
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case _, ok := <-changed:
				if !ok {
					changed = nil
				}
			case _, ok := <-line:
				if !ok {
					line = nil
				}
			case <-tick.C:
			}
			refresh()
			select { // a burst of commits is one change to the eye
			case <-ctx.Done():
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	d.Refresh()
}

// Refresh reads counts and link again, and has the screen in sight do the same.
func (d *Desk) Refresh() {
	if d.svc == nil || d.shell == nil {
		return
	}
	if d.reading {
		d.again = true
		return
	}
	d.reading, d.again = true, false
	svc := d.svc
	d.Run(func(ctx context.Context) func() {
		f := Facts{User: svc.User, Admin: svc.Admin != nil, Scanners: svc.Scanners != nil, Tray: svc.Tray != nil, Checks: svc.Checks != nil}
		var err error
		if f.Counts, err = svc.Store.Counts(ctx, svc.User); err == nil {
			f.Identity, err = svc.Store.Identity(ctx)
		}
		if svc.Line != nil {
			f.Link = svc.Line.Link()
		}
		if svc.Reader != nil {
			f.Reading = svc.Reader.State()
		}
		return func() { d.took(svc, f, err) }
	})
	if c, ok := d.screen.(interface{ Changed() }); ok {
		c.Changed()
	}
}

func (d *Desk) took(svc *Services, f Facts, err error) {
	d.reading = false
	if svc != d.svc {
		return
	}
	if err != nil {
		d.trouble(err)
		return
	}
	d.facts, d.known = f, true
	d.showFacts()
	if d.again {
		d.Refresh()
	}
}

func (d *Desk) showFacts() {
	if d.shell == nil {
		return
	}
	d.shell.rail.SetItems(railItems(d.texts, d.facts))
	d.shell.rail.Select(d.place)
	d.shell.status.show(d.facts)
	if s, ok := d.screen.(interface{ SetWaiting(int) }); ok {
		s.SetWaiting(d.facts.Counts.Outbox)
	}
}

// trouble says an error at the edge, without stopping anybody.
func (d *Desk) trouble(err error) {
	text, hint := d.texts.Error(err)
	d.say(control.KindTrouble, text, hint)
}

func (d *Desk) say(kind control.Kind, text, hint string) {
	if d.shell == nil {
		return
	}
	d.owed = false
	d.shell.notice.Say(kind, text, hint, control.NewButton(d.texts.T("button.close"), "", control.Plain, d.hush))
	d.shell.object.Refresh()
}

func (d *Desk) hush() {
	d.owed = false
	if d.shell != nil && d.shell.notice.Visible() {
		d.shell.notice.Clear()
		d.shell.object.Refresh()
	}
}
