package desk

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/form"
	"schalter/data/search"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/find"
	"schalter/ui/look"
)

// find opens the search with what was typed already.
func (d *Desk) find(typed string) {
	if d.svc == nil || d.keys.Layered() {
		return
	}
	s := find.Show(d.win.Canvas(), find.Needs{
		Texts: d.texts, Run: d.Run, Keys: d.keys,
		Age: func() string { return d.dataAge() }, User: d.svc.User, Service: d.serviceTitle, Open: d.openHit,
	}, d.svc.Store, nil)
	d.layer = s.Layer()
	s.Type(typed)
}

// dataAge says how old what one finds here may be.
func (d *Desk) dataAge() string {
	if s := lastSync(d.texts, d.facts.Link, d.Clock()); s != "" {
		return s
	}
	return d.texts.T("desk.age.here")
}

// services lists the forms whose name or help has every word of the query, in the order of the library.
func services(all []*form.Form, lang, query string) []*form.Form {
	words := strings.Fields(search.Fold(query))
	var out []*form.Form
	for _, f := range all {
		text := " " + search.Fold(f.Title.In(lang)+" "+f.Help.In(lang)+" "+f.ID)
		hit := true
		for _, w := range words {
			hit = hit && strings.Contains(text, w)
		}
		if hit {
			out = append(out, f)
		}
	}
	return out
}

// pick asks for the service of a new case, by typing.
func (d *Desk) pick() {
	if d.svc == nil || d.capture == nil || d.keys.Layered() {
		return
	}
	t := d.texts
	all := d.svc.Forms.All()
	shown := all
	entry := control.NewEntry()
	entry.Label = t.T("picker.title")
	entry.SetPlaceHolder(t.T("picker.placeholder"))
	none := control.NewParagraph(t.T("picker.none"), control.Muted)
	none.Hide()
	list := control.NewList(func() fyne.CanvasObject { return newServiceRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			o.(*serviceRow).show(shown[i], t.Lang())
		}
	})
	list.RowHeight = 58
	list.Name = t.T("picker.title")
	var layer *control.Layer
	choose := func(i int) {
		if i >= 0 && i < len(shown) {
			id := shown[i].ID
			layer.Close()
			d.begin(id)
		}
	}
	list.OnOpen = choose
	entry.OnChanged = func(q string) {
		shown = services(all, t.Lang(), q)
		none.Hidden = len(shown) > 0
		list.SetLength(len(shown))
		list.Select(0)
		none.Refresh()
	}
	entry.OnSubmitted = func(string) { choose(max(list.Selected(), 0)) }
	entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			list.TypedKey(k)
			return true
		}
		return false
	}
	body := control.Column(0,
		control.Pad(16, 16, 10, 16, control.NewLabel(t.T("picker.title"), control.H1)),
		control.Pad(0, 16, 14, 16, entry), control.NewDivider(),
		control.Pad(14, 16, 14, 16, none), control.Grow(control.Pad(0, 1, 0, 1, fixedHeight(58*6, list))),
		control.NewDivider(), d.layerFoot(t.T("picker.begin")))
	layer = control.ShowLayer(d.win.Canvas(), d.keys, "picker.title", 620, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(0)
	d.layer = layer.Focus(entry)
}

// layerFoot shows the keys of a list that is chosen from by typing.
func (d *Desk) layerFoot(enter string) fyne.CanvasObject {
	t := d.texts
	return control.Pad(8, 14, 8, 14, control.Row(10, control.Spacer(),
		control.NewKeyCap("↑ ↓"), control.NewLabel(t.T("layer.choose"), control.Small),
		control.NewKeyCap(t.T("key.Return")), control.NewLabel(enter, control.Small),
		control.NewKeyCap(t.T("key.Escape")), control.NewLabel(t.T("layer.close"), control.Small)))
}

type serviceRow struct {
	widget.BaseWidget
	body        *fyne.Container
	title, help *control.Label
}

func newServiceRow() *serviceRow {
	r := &serviceRow{title: control.NewShort("", control.Strong), help: control.NewShort("", control.Small)}
	r.body = control.Pad(0, 16, 0, 16, control.Upright(control.Column(1, r.title, r.help)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *serviceRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *serviceRow) show(f *form.Form, lang string) {
	r.title.SetText(f.Title.In(lang))
	help := f.Legal.String()
	if h := f.Help.In(lang); h != "" {
		help = h
	}
	r.help.SetText(help)
	r.body.Refresh()
}

type tall struct{ height float32 }

func fixedHeight(h float32, o fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: tall{h}, Objects: []fyne.CanvasObject{o}}
}

func (t tall) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(t.height))
}

func (t tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// ask asks about what cannot be undone. The safe answer has the keys.
func (d *Desk) ask(title, text, yes, no string, do func()) {
	t := d.texts
	var layer *control.Layer
	keep := control.NewButton(no, t.T("key.Escape"), control.Plain, func() { layer.Close() })
	act := control.NewButton(yes, "", control.Danger, func() {
		layer.Close()
		do()
	})
	body := control.PadAll(24, control.Column(12,
		control.NewParagraph(title, control.H2), control.NewParagraph(text, control.Body),
		control.Pad(10, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), act, keep))))
	layer = control.ShowLayer(d.win.Canvas(), d.keys, "ask.title", 480, body, nil, nil)
	d.layer = layer.Focus(keep)
}

func (d *Desk) canEnrol() bool {
	return d.svc != nil && d.svc.Enrol != nil && (d.facts.Identity.Desk == 0 || outcast(d.facts.Link.Trouble))
}

// enrol asks for the centre's code, at any time after the first start.
func (d *Desk) enrol() {
	if !d.canEnrol() || d.keys.Layered() {
		return
	}
	t, svc := d.texts, d.svc
	code := control.NewArea(3)
	code.Label = t.T("lock.code")
	message := control.NewParagraph("", control.Trouble)
	var layer *control.Layer
	var try *control.Button
	send := func() {
		text := code.Text
		try.Disable()
		message.SetText(t.T("lock.working"))
		d.Run(func(ctx context.Context) func() {
			err := svc.Enrol(ctx, text)
			return func() {
				try.Enable()
				if err != nil {
					s, h := t.Error(err)
					message.SetText(s + " " + h)
					layer.Relay()
					return
				}
				layer.Close()
				d.Refresh()
				d.say(control.KindGood, t.T("desk.enrolled"), "")
			}
		})
	}
	try = control.NewButton(t.T("lock.enrol.go"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, send)
	body := control.PadAll(24, control.Column(12,
		control.NewLabel(t.T("lock.enrol.title"), control.H1), control.NewParagraph(t.T("lock.enrol.lead"), control.Muted),
		code, message, control.Row(control.GapButtons, control.Spacer(),
			control.NewButton(t.T("lock.later"), t.T("key.Escape"), control.Plain, func() { layer.Close() }), try)))
	layer = control.ShowLayer(d.win.Canvas(), d.keys, "lock.enrol.title", 520, body,
		[]command.Command{{ID: "app.enrol.go", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: send}}, nil)
	d.layer = layer.Focus(code)
}

// help shows the keys of the screen in sight and of the desk.
func (d *Desk) help() {
	if d.helping != nil && d.helping.Open() {
		d.helping.Close()
		return
	}
	t := d.texts
	text := control.Column(16)
	for _, s := range d.keys.Help(t) {
		lines := control.Column(7)
		for _, l := range s.Lines {
			caps := control.Row(6)
			for _, c := range l.Caps {
				caps.Add(control.NewKeyCap(c))
			}
			lines.Add(control.Row(14, control.Width(170, caps), control.Grow(control.NewShort(l.Text, control.Body))))
		}
		text.Add(control.Column(9, control.NewLabel(s.Title, control.H2), lines))
	}
	text.Add(control.Column(4, control.NewLabel(t.T("help.promise"), control.H2), control.NewParagraph(t.T("help.promise.text"), control.Body)))
	text.Add(control.NewLabel(t.T("help.version", "version", d.Version), control.Small))
	reader := control.NewReader(control.Pad(0, 14, 0, 2, text))
	reader.OnFocus = func(bool) {} // nothing else in the help could have the keys
	body := control.Column(0,
		control.Pad(18, 20, 14, 20, control.Row(8, control.NewLabel(t.T("help.title"), control.H1), control.Spacer(),
			control.NewButton(t.T("button.close"), t.T("key.Escape"), control.Plain, func() { d.helping.Close() }))),
		control.NewDivider(), control.Grow(control.PadAll(18, fixedHeight(500, reader))))
	d.helping = control.ShowLayer(d.win.Canvas(), d.keys, "help.title", 680, body, nil, nil)
	d.layer = d.helping.Focus(reader)
}
