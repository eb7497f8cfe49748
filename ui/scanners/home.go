package scanners

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// The keys of the screen.
var (
	keyLook    = command.Plain(fyne.KeyF5)
	keyTry     = command.Plain(fyne.KeyF2)
	keyAddress = command.Ctrl(fyne.KeyD)
	keyFolder  = command.Ctrl(fyne.KeyO)
	keyButtons = command.Plain(fyne.KeyF4)
	keyNew     = command.Plain(fyne.KeyInsert)
	keyEdit    = command.Plain(fyne.KeyReturn)
	keyUp      = command.Alt(fyne.KeyUp)
	keyDown    = command.Alt(fyne.KeyDown)
	keyRemove  = command.Ctrl(fyne.KeyDelete)
	keyLock    = command.CtrlShift(fyne.KeyL)
	keySave    = command.Ctrl(fyne.KeyReturn)
	keyBack    = command.Plain(fyne.KeyEscape)
)

// homePage shows devices above profiles, and beside them what is known about the selected one.
type homePage struct {
	s        *Screen
	book     profile.Book
	answers  []fleet.Answer
	devices  []Device
	asked    bool // devices were looked for
	looking  bool
	reading  bool
	chosen   bool   // somebody went to a device: the selection stays there while others come
	filling  bool   // the lists are filled anew: nobody chose anything
	inBooks  bool   // the profiles were in hand last, not the devices
	wanted   string // the profile that is to be selected once it is in the list
	added    string // the address or folder that is to be
	object   fyne.CanvasObject
	banner   *control.Banner
	found    *control.List
	list     *control.List
	count    *control.Label
	none     *control.Label
	locked   *control.Pill
	lockedBy *control.Button
	side     *side
}

func newHomePage(s *Screen) *homePage {
	t := s.Texts
	p := &homePage{
		s: s, book: profile.Book{Profiles: profile.Defaults()}, banner: control.NewBanner(), count: control.NewShort("", control.Muted),
		locked: control.NewPill("", t.T("scanners.locked"), control.KindWaiting),
	}
	p.none = control.NewParagraph("", control.Muted)
	p.locked.Hide()
	p.found = p.rows(func(i int) (Line, bool) {
		if i >= len(p.devices) {
			return Line{}, false
		}
		return DeviceLine(t, p.devices[i]), true
	}, false)
	p.found.Name, p.found.OnOpen = t.T("scanners.title"), func(int) { p.try() }
	p.list = p.rows(func(i int) (Line, bool) {
		if i >= len(p.book.Profiles) {
			return Line{}, false
		}
		return ProfileLine(t, p.book.Profiles[i], Place(p.book.Profiles, p.book.Profiles[i].ID), p.devices), true
	}, true)
	p.list.Name, p.list.OnOpen = t.T("scanners.profiles"), func(int) { p.edit() }
	p.lockedBy = control.NewButton(t.T("command.scanners.lock"), keyLock.Label(t), control.Plain, s.lock)
	p.side = newSide(p)
	head := control.Row(8, control.NewLabel(t.T("scanners.title"), control.H1), control.Grow(p.count),
		control.NewButton(t.T("command.scanners.look"), keyLook.Label(t), control.Plain, p.look),
		control.NewButton(t.T("command.scanners.address"), keyAddress.Label(t), control.Plain, s.askAddress),
		control.NewButton(t.T("command.scanners.folder"), keyFolder.Label(t), control.Plain, s.askFolder))
	upper := control.NewCard(0, control.Column(0, control.Pad(11, 14, 9, 14, head), control.Pad(0, 14, 9, 14, p.banner), control.NewDivider(),
		control.Pad(14, 14, 14, 14, p.none), control.Grow(control.Pad(0, 1, 6, 1, p.found))))
	heading := control.Row(8, control.NewLabel(t.T("scanners.profiles"), control.H1), control.Grow(control.Row(8, p.locked)),
		control.NewButton(t.T("command.scanners.new"), keyNew.Label(t), control.Plain, p.add), p.lockedBy)
	lower := control.NewCard(0, control.Column(0, control.Pad(11, 14, 9, 14, heading), control.NewDivider(),
		control.Grow(control.Pad(0, 1, 6, 1, p.list))))
	p.object = control.PadAll(look.Gap, container.New(shares{}, container.New(stacked{}, upper, lower), p.side.object))
	p.fill()
	return p
}

// rows makes a list of lines.
func (p *homePage) rows(line func(i int) (Line, bool), books bool) *control.List {
	l := control.NewList(func() fyne.CanvasObject { return newRow() }, func(i int, o fyne.CanvasObject) {
		if x, ok := line(i); ok {
			o.(*row).show(x)
		}
	})
	l.RowHeight = 58
	take := func() {
		if p.filling || p.side == nil {
			return
		}
		p.inBooks = books
		p.side.show()
		p.s.Rebind()
	}
	l.OnFocus = take
	l.OnSelect = func(int) {
		p.chosen = p.chosen || !books && !p.filling
		take()
	}
	return l
}

// Object is the page.
func (p *homePage) Object() fyne.CanvasObject { return p.object }

// Shown gives the keys to the list that had them.
func (p *homePage) Shown() {
	if p.inBooks {
		control.Focus(p.list)
		return
	}
	control.Focus(p.found)
}

// Commands are the keys of the page.
func (p *homePage) Commands() []command.Command {
	s := p.s
	c := func(id string, key command.Key, enabled func() bool, run func()) command.Command {
		return command.Command{ID: "scanners." + id, Keys: []command.Key{key}, Enabled: enabled, Run: run}
	}
	always := func() bool { return true }
	out := []command.Command{
		c("look", keyLook, func() bool { return !p.looking }, p.look),
		c("try", keyTry, p.tryable, p.try),
		c("address", keyAddress, always, s.askAddress),
		c("folder", keyFolder, always, s.askFolder),
		c("buttons", keyButtons, func() bool { _, names := p.buttons(); return len(names) > 0 }, s.askButton),
		c("new", keyNew, always, p.add),
		c("edit", keyEdit, func() bool { _, ok := p.profile(); return ok }, p.edit),
		c("up", keyUp, func() bool { return p.movable(-1) }, func() { p.move(-1) }),
		c("down", keyDown, func() bool { return p.movable(1) }, func() { p.move(1) }),
		c("remove", keyRemove, p.removable, p.remove),
		c("lock", keyLock, always, s.lock),
	}
	if s.stop != nil {
		out = append(out, c("stop", keyBack, always, s.stop))
	}
	return out
}

// read reads the book again.
func (p *homePage) read() {
	if p.reading {
		return
	}
	p.reading = true
	p.s.Run(func(ctx context.Context) func() {
		b, err := p.s.Office.Book(ctx)
		return func() {
			p.reading = false
			if err != nil {
				p.s.fail(err)
				return
			}
			p.book = b
			p.fill()
		}
	})
}

// look asks every driver for its devices; they come into the list as they answer.
func (p *homePage) look() {
	if p.looking {
		return
	}
	p.asked, p.looking = true, true
	p.side.forget()
	p.fill()
	p.s.Run(func(ctx context.Context) func() {
		p.s.Office.Look(ctx, func(a fleet.Answer) {
			p.s.Do(func() {
				p.heard(a)
			})
		})
		return func() {
			p.looking = false
			p.fill()
			p.s.Rebind()
		}
	})
}

// heard puts a driver's answer in the place of what it said before: the list does not blink.
func (p *homePage) heard(a fleet.Answer) {
	if i := slices.IndexFunc(p.answers, func(b fleet.Answer) bool { return b.Member == a.Member }); i >= 0 {
		p.answers[i] = a
	} else {
		p.answers = append(p.answers, a)
	}
	p.fill()
}

// fill shows what is known; the selections stay with what they were on.
func (p *homePage) fill() {
	t := p.s.Texts
	device, hadDevice := p.deviceAt()
	chosen, hadProfile := p.profileAt()
	if p.wanted != "" {
		chosen.ID, hadProfile, p.wanted = p.wanted, true, ""
	}
	p.filling = true
	p.devices = Devices(p.book, p.answers)
	p.found.SetLength(len(p.devices))
	at := slices.IndexFunc(p.devices, func(d Device) bool { return hadDevice && p.chosen && d.ID == device.ID })
	if i := slices.IndexFunc(p.devices, func(d Device) bool { return p.added != "" && d.Own == p.added }); i >= 0 {
		at, p.chosen, p.inBooks = i, true, false
		if !p.devices[i].Silent { // else it may still answer and come under its own name
			p.added = ""
		}
	}
	if len(p.devices) > 0 {
		p.found.Select(max(at, 0))
	}
	p.list.SetLength(len(p.book.Profiles))
	at = slices.IndexFunc(p.book.Profiles, func(x profile.Profile) bool { return hadProfile && x.ID == chosen.ID })
	p.list.Select(max(at, 0))
	p.filling = false
	p.none.Hidden = len(p.devices) > 0
	switch {
	case p.looking:
		p.count.SetText(t.T("scanners.looking"))
		p.none.SetText(t.T("scanners.looking.hint"))
	case p.asked:
		p.count.SetText(t.N("scanners.count", len(slices.DeleteFunc(slices.Clone(p.devices), func(d Device) bool { return d.Silent }))))
		p.none.SetText(p.why() + t.T("scanners.none"))
	}
	p.locked.Hidden = p.book.Lock == nil
	p.found.Refill()
	p.list.Refill()
	p.side.show()
	p.object.Refresh()
}

// why says what kept drivers from looking; it counts only where nothing was found.
func (p *homePage) why() string {
	var all strings.Builder
	for _, a := range p.answers {
		if a.Err != nil && record.CodeOf(a.Err) != record.CodeScanCancelled {
			sentence, hint := p.s.Texts.Error(a.Err)
			all.WriteString(p.s.Texts.T("scanners.by."+a.Member) + ": " + sentence + " " + hint + "\n\n")
		}
	}
	return all.String()
}

func (p *homePage) deviceAt() (Device, bool) {
	if i := p.found.Selected(); i >= 0 && i < len(p.devices) {
		return p.devices[i], true
	}
	return Device{}, false
}

func (p *homePage) profileAt() (profile.Profile, bool) {
	if i := p.list.Selected(); i >= 0 && i < len(p.book.Profiles) {
		return p.book.Profiles[i], true
	}
	return profile.Profile{}, false
}

// device and profile are what is in hand: what was selected last of the two lists.
func (p *homePage) device() (Device, bool) {
	d, ok := p.deviceAt()
	return d, ok && !p.inBooks
}

func (p *homePage) profile() (profile.Profile, bool) {
	x, ok := p.profileAt()
	return x, ok && (p.inBooks || len(p.devices) == 0)
}

// say says something above the devices until it is closed or something else is said.
func (p *homePage) say(kind control.Kind, text, hint string) {
	button := control.NewButton(p.s.Texts.T("button.close"), "", control.Plain, p.hush)
	if p.s.stop != nil {
		button = control.NewButton(p.s.Texts.T("button.cancel"), keyBack.Label(p.s.Texts), control.Plain, p.s.stop)
	}
	p.banner.Say(kind, text, hint, button)
	p.object.Refresh()
}

func (p *homePage) hush() {
	p.banner.Clear()
	p.object.Refresh()
}

func (p *homePage) tryable() bool {
	d, ok := p.device()
	return ok && d.Member != folders && p.s.stop == nil
}

// try scans one page and shows it.
func (p *homePage) try() {
	d, ok := p.device()
	if !ok || !p.tryable() {
		return
	}
	t := p.s.Texts
	p.s.device(t.T("scanners.trying", "device", d.Name()), func(ctx context.Context) func() {
		page, err := p.s.Office.Try(ctx, d.ID)
		return func() {
			switch {
			case err == nil:
				p.s.showPage(d, page)
				p.read()
			case !p.s.trust(err, p.try):
				p.s.fail(err)
			}
		}
	})
}

func (p *homePage) add() {
	p.s.edit(profile.Profile{ID: string(record.NewID()), Settings: profile.Defaults()[1].Settings})
}

func (p *homePage) edit() {
	if x, ok := p.profile(); ok {
		p.s.edit(x)
	}
}

func (p *homePage) movable(by int) bool {
	_, ok := p.profile()
	to := p.list.Selected() + by
	return ok && to >= 0 && to < len(p.book.Profiles)
}

// move gives the profile another place, and so another key.
func (p *homePage) move(by int) {
	x, ok := p.profile()
	if !ok || !p.movable(by) {
		return
	}
	p.wanted = x.ID
	p.s.change(func(b *profile.Book) error {
		i := slices.IndexFunc(b.Profiles, func(y profile.Profile) bool { return y.ID == x.ID })
		if to := i + by; i >= 0 && to >= 0 && to < len(b.Profiles) {
			b.Profiles[i], b.Profiles[to] = b.Profiles[to], b.Profiles[i]
		}
		return nil
	}, func() {})
}

// removable is what somebody has put into the book.
func (p *homePage) removable() bool {
	if d, ok := p.device(); ok {
		return d.Own != ""
	}
	_, ok := p.profile()
	return ok && len(p.book.Profiles) > 1
}

// remove takes an address, a folder or a profile out of the book, after asking.
func (p *homePage) remove() {
	if !p.removable() {
		return
	}
	t := p.s.Texts
	if d, ok := p.device(); ok {
		text := "scanners.remove.device"
		if d.Member == folders {
			text = "scanners.remove.folder"
		}
		p.s.ask(t.T("scanners.remove.title", "name", d.Name()), []string{t.T(text)}, t.T("scanners.remove.yes"), func() {
			p.s.change(func(b *profile.Book) error {
				is := func(s string) bool { return s == d.Own }
				b.Addresses, b.Folders = slices.DeleteFunc(b.Addresses, is), slices.DeleteFunc(b.Folders, is)
				if left := slices.DeleteFunc(slices.Clone(b.Profiles), func(x profile.Profile) bool { return x.Device == d.ID }); len(left) > 0 {
					b.Profiles = left
				}
				return nil
			}, p.look)
		})
		return
	}
	x, _ := p.profile()
	p.s.ask(t.T("scanners.remove.title", "name", ProfileName(t, x)), []string{t.T("scanners.remove.profile")}, t.T("scanners.remove.yes"), func() {
		p.s.change(func(b *profile.Book) error {
			b.Profiles = slices.DeleteFunc(b.Profiles, func(y profile.Profile) bool { return y.ID == x.ID })
			return nil
		}, func() {})
	})
}

// row is one line of a list.
type row struct {
	widget.BaseWidget
	body         *fyne.Container
	title, where *control.Label
	key          *control.KeyCap
	pill         *control.Pill
}

func newRow() *row {
	r := &row{title: control.NewShort("", control.Strong), where: control.NewShort("", control.Small), key: control.NewKeyCap(""), pill: control.NewPill("", "", control.KindNone)}
	r.body = control.Pad(0, 18, 0, 14, control.Upright(control.Column(2, control.Row(8, control.Grow(r.title), r.pill, r.key), r.where)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *row) show(l Line) {
	r.title.SetText(l.Title)
	r.where.SetText(l.Where)
	r.pill.Set("", l.Pill, l.Kind)
	r.pill.Hidden = l.Pill == ""
	r.key.SetLabel(l.Key)
	r.key.Hidden = l.Key == ""
	r.body.Refresh()
}

// stacked sets the devices above the profiles.
type stacked struct{}

func (stacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(420), look.Px(360))
}

func (stacked) Layout(o []fyne.CanvasObject, s fyne.Size) {
	upper := (s.Height - look.Gap) * 0.46
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(s.Width, upper))
	o[1].Move(fyne.NewPos(0, upper+look.Gap))
	o[1].Resize(fyne.NewSize(s.Width, s.Height-upper-look.Gap))
}

// shares sets the lists and what belongs to them side by side.
type shares struct{}

func (shares) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(420), o[0].MinSize().Height)
}

func (shares) Layout(o []fyne.CanvasObject, s fyne.Size) {
	side := look.Px(356)
	left := s.Width - side - look.Gap
	o[0].Move(fyne.Position{})
	if left < look.Px(470) { // the list counts more
		o[1].Hide()
		o[0].Resize(s)
		return
	}
	o[1].Show()
	o[0].Resize(fyne.NewSize(left, s.Height))
	o[1].Move(fyne.NewPos(left+look.Gap, 0))
	o[1].Resize(fyne.NewSize(side, s.Height))
}
