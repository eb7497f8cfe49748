package scanners

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
	"schalter/ui/control"
)

// side is what is known about what is in hand, and what can be done with it.
type side struct {
	p       *homePage
	object  fyne.CanvasObject
	title   *control.Label
	parts   *fyne.Container
	buttons *fyne.Container
	asking  bool
	known   map[string]answer // by device
}

// answer is what a device said about itself.
type answer struct {
	caps scan.Caps
	err  error
}

func newSide(p *homePage) *side {
	d := &side{p: p, title: control.NewParagraph("", control.H2), parts: control.Column(10), buttons: control.Column(8), known: map[string]answer{}}
	d.object = control.NewCard(16, control.Column(12, d.title, control.Grow(control.Scroll(d.parts)), d.buttons))
	return d
}

// forget drops what devices said: they are asked again.
func (d *side) forget() { d.known = map[string]answer{} }

func (d *side) show() {
	d.parts.Objects, d.buttons.Objects = nil, nil
	if x, ok := d.p.device(); ok {
		d.device(x)
		d.ask(x)
	} else if x, ok := d.p.profileAt(); ok {
		d.profile(x)
	} else {
		d.title.SetText("")
	}
	d.parts.Refresh()
	d.buttons.Refresh()
	d.object.Refresh()
}

func (d *side) add(key, text string, style control.Style) {
	if text == "" {
		return
	}
	d.parts.Add(control.Column(3, control.NewLabel(d.p.s.Texts.T(key), control.Caption), control.NewParagraph(text, style)))
}

func (d *side) device(x Device) {
	t := d.p.s.Texts
	d.title.SetText(x.Name())
	d.add("scanners.way", t.T("scanners.by."+x.Member), control.Body)
	d.add("scanners.address", x.Address, control.Body)
	a, known := d.known[x.ID]
	switch {
	case x.Member == folders && x.Silent:
		text, hint := t.Code(record.CodeScanFolder, record.Args{"folder": x.Own})
		d.add("scanners.can", text+" "+hint, control.Trouble)
	case x.Member == folders:
		d.add("scanners.can", t.T("scanners.folder.hint"), control.Body)
	case known && a.err != nil:
		text, hint := t.Error(a.err)
		d.add("scanners.can", text+" "+hint, control.Trouble)
	case known:
		d.add("scanners.buttons", strings.Join(d.p.buttonWords(x, a.caps.Buttons), "\n"), control.Body)
		d.caps(a.caps)
	default:
		d.add("scanners.can", t.T("scanners.asking"), control.Muted)
	}
	p := d.p
	if x.Member != folders {
		d.buttons.Add(control.NewButton(t.T("command.scanners.try"), keyTry.Label(t), control.Primary, p.try))
	}
	if len(a.caps.Buttons) > 0 {
		d.buttons.Add(control.NewButton(t.T("command.scanners.buttons"), keyButtons.Label(t), control.Plain, p.s.askButton))
	}
	if _, ok := p.s.Office.Certificate(a.err); ok {
		d.buttons.Add(control.NewButton(t.T("scanners.certificate.compare"), "", control.Plain, func() { p.s.trust(a.err, p.look) }))
	}
	if x.Own != "" {
		d.buttons.Add(control.NewButton(t.T("command.scanners.remove"), keyRemove.Label(t), control.Quiet, p.remove))
	}
}

// caps says what a device can do, and how it calls that itself.
func (d *side) caps(c scan.Caps) {
	t := d.p.s.Texts
	var sources, modes []string
	for _, s := range c.Sources {
		sources = append(sources, d.named(t.T("scanners.source."+string(s)), c.RawSource[s]))
	}
	for _, m := range c.Modes {
		modes = append(modes, d.named(t.T("scanners.mode."+string(m)), c.RawMode[m]))
	}
	d.add("scanners.sources", strings.Join(sources, "\n"), control.Body)
	d.add("scanners.modes", strings.Join(modes, "\n"), control.Body)
	switch {
	case len(c.Resolutions) > 0:
		var all []string
		for _, r := range c.Resolutions {
			all = append(all, t.Number(r))
		}
		d.add("scanners.resolutions", t.T("scanners.dpi", "dpi", strings.Join(all, ", ")), control.Body)
	case c.MaxDPI > 0:
		d.add("scanners.resolutions", t.T("scanners.dpi.range", "from", c.MinDPI, "to", c.MaxDPI), control.Body)
	}
	if c.Width > 0 && c.Height > 0 {
		d.add("scanners.area", t.T("scanners.area.size", "width", int(c.Width+0.5), "height", int(c.Height+0.5)), control.Body)
	}
	d.add("scanners.unknown", strings.Join(c.Unknown, "\n"), control.Muted)
}

// named puts the device's own word behind ours where it is another one.
func (d *side) named(ours, raw string) string {
	if raw == "" || strings.EqualFold(ours, raw) {
		return ours
	}
	return d.p.s.Texts.T("scanners.named", "ours", ours, "raw", raw)
}

// ask has the device say what it can, one at a time, so that a held arrow key does not pile them up.
func (d *side) ask(x Device) {
	if _, known := d.known[x.ID]; known || d.asking || x.Member == folders || d.p.s.stop != nil {
		return
	}
	d.asking = true
	d.p.s.Run(func(ctx context.Context) func() {
		var a answer
		a.caps, a.err = d.p.s.Office.Caps(ctx, x.ID)
		return func() {
			d.asking = false
			d.known[x.ID] = a
			d.show()
			d.p.s.Rebind() // its buttons may have come
		}
	})
}

func (d *side) profile(x profile.Profile) {
	p, t := d.p, d.p.s.Texts
	d.title.SetText(ProfileName(t, x))
	device := t.T("scanners.any")
	if x.Device != "" {
		device = CalledIn(x, p.devices)
	}
	d.add("scanners.device", device, control.Body)
	d.add("scanners.how", strings.Join(ProfileWords(t, x), "\n"), control.Body)
	var more []string
	for _, w := range []struct {
		on  bool
		key string
	}{{x.Wait, "scanners.waits"}, {x.Settings.DoubleFeed, "scanners.double"}, {!x.NoBlank, "scanners.blank"}, {x.Goes == profile.GoesSort, "scanners.sorts"}} {
		if w.on {
			more = append(more, t.T(w.key))
		}
	}
	d.add("scanners.then", strings.Join(more, "\n"), control.Body)
	d.add("scanners.key", ProfileLine(t, x, Place(p.book.Profiles, x.ID), p.devices).Key, control.Body)
	d.buttons.Add(control.NewButton(t.T("command.scanners.edit"), keyEdit.Label(t), control.Primary, p.edit))
	if p.movable(-1) {
		d.buttons.Add(control.NewButton(t.T("command.scanners.up"), keyUp.Label(t), control.Plain, func() { p.move(-1) }))
	}
	if p.movable(1) {
		d.buttons.Add(control.NewButton(t.T("command.scanners.down"), keyDown.Label(t), control.Plain, func() { p.move(1) }))
	}
	if p.removable() {
		d.buttons.Add(control.NewButton(t.T("command.scanners.remove"), keyRemove.Label(t), control.Quiet, p.remove))
	}
}
