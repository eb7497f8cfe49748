package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// Do runs a command by its id, as its menu item does, and reports whether it could run.
func (d *Desk) Do(id string) bool { return d.keys.Do(id) }

// commands are what can be done everywhere on an unlocked desk.
func (d *Desk) commands() []command.Command {
	out := []command.Command{
		{ID: "case.new", Menu: "file", Keys: []command.Key{command.Ctrl(fyne.KeyN)}, Enabled: func() bool { return d.capture != nil }, Run: d.pick},
		{ID: "case.find", Menu: "file", Keys: []command.Key{command.Ctrl(fyne.KeyK)}, Run: func() { d.find("") }},
	}
	for i, p := range []string{placeToday, placeDrafts, placeMine, placeOffice, placeConflicts, placeOutbox} {
		out = append(out, command.Command{
			ID: "go." + p, Menu: "view", Sub: "menu.go", Keys: []command.Key{command.Ctrl(fyne.KeyName(strconv.Itoa(i + 1)))}, Run: func() { d.goTo(p) },
		})
	}
	out = append(out, command.Command{
		ID: "go." + placeForms, Menu: "view", Sub: "menu.go", Keys: []command.Key{command.Ctrl(fyne.Key7)},
		Enabled: func() bool { return d.svc != nil && d.svc.Admin != nil }, Run: func() { d.goTo(placeForms) },
	})
	out = append(out, command.Command{
		ID: "go." + placeScanners, Menu: "view", Sub: "menu.go", Keys: []command.Key{command.Ctrl(fyne.Key9)},
		Enabled: func() bool { return d.svc != nil && d.svc.Scanners != nil }, Run: func() { d.goTo(placeScanners) },
	})
	out = append(out, d.toTray(), d.toChecks())
	out = append(out, command.Command{ID: "go.rail", Keys: []command.Key{command.Plain(fyne.KeyF6)}, Run: func() { control.Focus(d.shell.rail) }})
	out = append(out, command.Command{
		ID: "app.reading", Menu: "file", Keys: []command.Key{command.CtrlShift(fyne.KeyE)},
		Enabled: func() bool { return d.svc != nil && d.svc.Reader != nil }, Run: d.reader,
	})
	out = append(out, command.Command{ID: "app.enrol", Menu: "file", Enabled: d.canEnrol, Run: d.enrol})
	out = append(out, command.Command{ID: "app.lock", Menu: "file", Keys: []command.Key{command.Ctrl(fyne.KeyL)}, Always: true, Run: d.Lock})
	return append(out, d.lockedCommands()...)
}

// lockedCommands are what can be done before the door as well.
func (d *Desk) lockedCommands() []command.Command {
	out := []command.Command{
		{ID: "app.quit", Menu: "file", Keys: []command.Key{command.Ctrl(fyne.KeyQ)}, Always: true, Run: d.Quit},
	}
	for _, k := range look.Kinds() {
		out = append(out, command.Command{
			ID: "look." + string(k), Menu: "view", Sub: "menu.look",
			Checked: func() bool { return look.Current().Kind() == k }, Run: func() { d.setLook(k, look.Current().TextSize()) },
		})
	}
	for _, s := range look.TextSizes() {
		out = append(out, command.Command{
			ID: fmt.Sprintf("size.%d", s), Menu: "view", Sub: "menu.size", Label: fmt.Sprintf("%d %%", s),
			Checked: func() bool { return look.Current().TextSize() == s }, Run: func() { d.setLook(look.Current().Kind(), s) },
		})
	}
	out = append(out,
		command.Command{ID: "size.up", Keys: []command.Key{command.Ctrl(fyne.KeyPlus), command.Ctrl(fyne.KeyEqual)}, Always: true, Run: func() { d.stepSize(1) }},
		command.Command{ID: "size.down", Keys: []command.Key{command.Ctrl(fyne.KeyMinus)}, Always: true, Run: func() { d.stepSize(-1) }})
	for _, l := range i18n.Languages(d.Files) {
		out = append(out, command.Command{
			ID: "language." + l, Menu: "view", Sub: "menu.language", Label: d.languageName(l),
			Checked: func() bool { return d.texts.Lang() == l }, Run: func() { d.setLanguage(l) },
		})
	}
	return append(out, command.Command{ID: "app.help", Menu: "help", Keys: []command.Key{command.Plain(fyne.KeyF1)}, Always: true, Run: d.help})
}

// languageName is how the language calls itself.
func (d *Desk) languageName(lang string) string {
	t, err := i18n.Load(d.Files, lang)
	if err != nil {
		return lang
	}
	return t.T("language.name")
}

func (d *Desk) stepSize(by int) {
	sizes := look.TextSizes()
	for i, s := range sizes {
		if s == look.Current().TextSize() {
			d.setLook(look.Current().Kind(), sizes[max(min(i+by, len(sizes)-1), 0)])
			return
		}
	}
}

// setLook changes look and text size at once and keeps them in the store.
func (d *Desk) setLook(k look.Kind, s look.TextSize) {
	look.Apply(d.app, k, s)
	d.keep(settingLook, string(k))
	d.keep(settingSize, strconv.Itoa(int(s)))
	d.menu()
	if c := d.win.Canvas(); c.Content() != nil {
		c.Content().Refresh()
	}
}

func (d *Desk) menu() { d.win.SetMainMenu(d.keys.MainMenu(d.texts)) }

// keep writes a setting, if the store is open.
func (d *Desk) keep(key, value string) {
	svc := d.svc
	if svc == nil {
		return
	}
	d.Run(func(ctx context.Context) func() {
		if err := svc.Store.SetSetting(ctx, key, value); err != nil {
			return func() { d.trouble(err) }
		}
		return nil
	})
}

// takeSettings puts what the store remembers into force.
func (d *Desk) takeSettings(lang, kind, size string) {
	if lang != "" && lang != d.texts.Lang() {
		if t, err := i18n.Load(d.Files, lang); err == nil {
			d.texts = t
		}
	}
	k, s := look.Current().Kind(), look.Current().TextSize()
	if kind != "" {
		k = look.Kind(kind)
	}
	if n, err := strconv.Atoi(size); err == nil {
		s = look.TextSize(n)
	}
	look.Apply(d.app, k, s)
}

// setLanguage makes the window anew in another language. What is being typed is stored before.
func (d *Desk) setLanguage(lang string) {
	if lang == d.texts.Lang() {
		return
	}
	t, err := i18n.Load(d.Files, lang)
	if err != nil {
		d.trouble(err)
		return
	}
	if d.svc == nil {
		d.texts = t
		d.Run(func(context.Context) func() {
			at := d.atTheDoor()
			return func() { d.showLock(at) }
		})
		return
	}
	d.storeTyped(func() {
		d.texts = t
		d.keep(settingLang, lang)
		place := d.place
		d.build()
		d.goTo(place)
	})
}

// storeTyped has the screens store everything and goes on only if that succeeded. Meanwhile the
// window lives on; a second wish to leave is not heard.
func (d *Desk) storeTyped(then func()) {
	if d.leaving {
		return
	}
	var open []Keeping
	if d.capture != nil {
		open = append(open, d.capture)
	}
	if d.admin != nil {
		open = append(open, d.admin)
	}
	if d.tray != nil {
		open = append(open, d.tray)
	}
	if s, ok := d.screens[placeChecks].(Keeping); ok {
		open = append(open, s)
	}
	d.putAway(open, then)
}

// putAway has one screen after the other store what is typed.
func (d *Desk) putAway(open []Keeping, then func()) {
	if len(open) == 0 {
		then()
		return
	}
	d.leaving = true
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	open[0].PutAway(ctx, func(err error) {
		cancel()
		d.leaving = false
		if err != nil {
			d.notStored(err)
			return
		}
		d.putAway(open[1:], then)
	})
}

// notStored says why the desk stays open, once: where the screen in sight says it already, it is
// enough. It is taken back when everything is stored after all.
func (d *Desk) notStored(err error) {
	if a, ok := d.screen.(interface{ Alarming() bool }); ok && a.Alarming() {
		return
	}
	d.trouble(err)
	d.owed = true
}

// stored takes back what [Desk.notStored] has said.
func (d *Desk) stored() {
	if d.owed {
		d.hush()
	}
}

// patience is how long locking and ending wait for what was typed to be stored.
const patience = 5 * time.Second

// Lock stores what is typed, forgets the key and shows the locked door.
func (d *Desk) Lock() {
	if d.svc == nil {
		return
	}
	d.storeTyped(func() {
		d.leaving = true
		d.back = whereabouts{d.svc.User, d.place}
		d.stop()
		d.stop, d.svc, d.capture, d.admin, d.tray = nil, nil, nil, nil, nil
		d.screens = map[string]Screen{}
		if c, ok := d.screen.(interface{ Closed() }); ok {
			c.Closed()
		}
		d.closeLayers()
		d.cover()
		d.Run(func(ctx context.Context) func() {
			err := d.Door.Lock(ctx)
			at := d.atTheDoor()
			return func() {
				d.leaving = false
				d.showLock(at)
				if err != nil {
					d.locked.Say(d.texts.Error(err))
				}
			}
		})
	})
}

// cover takes everything off the window: closing the store may take a while, and whoever comes by then
// reads nothing and types nothing into what is stored already.
func (d *Desk) cover() {
	d.shell, d.screen, d.place = nil, nil, ""
	d.win.SetContent(control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Background }))
	d.keys.SetBase(d.lockedCommands()...)
	d.keys.Enter("lock.user", nil)
}

// Quit stores what is typed and ends the program.
func (d *Desk) Quit() {
	d.storeTyped(func() {
		d.leaving, d.finished = true, true
		d.app.Quit()
	})
}

func (d *Desk) closeLayers() {
	o := d.win.Canvas().Overlays()
	for top := o.Top(); top != nil; top = o.Top() {
		o.Remove(top)
	}
	d.keys.CloseLayers()
}

func (d *Desk) sayDrop() {
	d.say(control.KindInfo, d.texts.T("desk.drop"), d.texts.T("desk.drop.hint"))
}
