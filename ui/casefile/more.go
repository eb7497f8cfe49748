package casefile

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/data/search"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// moreKey lists everything that can be done with the case and the document that is shown, with its keys.
var moreKey = command.Plain(fyne.KeyF10)

// apart are commands that are no deeds: ways around the screen, and what has a button in sight.
var apart = map[string]bool{
	"casefile.more": true, "casefile.back": true, "casefile.save_note": true, "casefile.next_document": true, "casefile.previous_document": true,
	"casefile.linked": true, "casefile.scan.with": true,
}

// deeds are what can be done now.
func (s *Screen) deeds() (out []command.Command) {
	all := s.Commands()
	if s.paper != nil { // its keys stand on its own bar
		all = all[:len(all)-len(s.paper.Commands())]
	}
	for _, c := range all {
		if !c.Hidden && !apart[c.ID] && (c.Enabled == nil || c.Enabled()) {
			out = append(out, c)
		}
	}
	return out
}

// more opens the list. What is typed narrows it; Enter does what is selected.
func (s *Screen) more() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s.object)
	if c == nil || s.Keys.Layered() {
		return
	}
	t := s.Texts
	all := s.deeds()
	shown := all
	name := func(d command.Command) string { return t.T("command." + d.ID) }
	list := control.NewList(func() fyne.CanvasObject { return newDeed() }, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			key := ""
			if len(shown[i].Keys) > 0 {
				key = shown[i].Keys[0].Label(t)
			}
			o.(*deed).show(name(shown[i]), key) //nolint:forcetypeassert // made two lines above
		}
	})
	list.RowHeight, list.Name = look.RowDense, t.T("casefile.more")
	var layer *control.Layer
	run := func(i int) {
		if i >= 0 && i < len(shown) {
			do := shown[i].Run
			layer.Close()
			do()
		}
	}
	list.OnOpen = run
	entry := control.NewEntry()
	entry.Label = t.T("casefile.more")
	entry.SetPlaceHolder(t.T("casefile.more.hint"))
	entry.OnChanged = func(q string) {
		shown = nil
		for _, d := range all {
			if strings.Contains(search.Fold(name(d)), search.Fold(q)) {
				shown = append(shown, d)
			}
		}
		list.SetLength(len(shown))
		list.Select(0)
		list.Refill()
	}
	entry.OnSubmitted = func(string) { run(max(list.Selected(), 0)) }
	entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			list.TypedKey(k)
			return true
		}
		return false
	}
	const rows = 14
	body := control.Column(0, control.Pad(16, 18, 10, 18, entry), control.NewDivider(),
		control.Pad(4, 1, 8, 1, container.New(high{float32(min(len(all), rows)) * look.RowDense}, list)))
	layer = control.ShowLayer(c, s.Keys, "casefile.more", 560, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(0)
	layer.Focus(entry)
}

// deed is a line of the list: what is done, and its key.
type deed struct {
	widget.BaseWidget
	body *fyne.Container
	name *control.Label
	key  *control.Label
}

func newDeed() *deed {
	d := &deed{name: control.NewShort("", control.Body), key: control.NewLabel("", control.Small)}
	d.body = control.Pad(0, 18, 0, 18, control.Upright(control.Row(10, control.Grow(d.name), d.key)))
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer belongs to Fyne.
func (d *deed) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.body) }

func (d *deed) show(name, key string) {
	d.name.SetText(name)
	d.key.SetText(key)
	d.body.Refresh()
}

// high gives an object a height, at 100 %.
type high struct{ height float32 }

func (h high) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(h.height))
}

func (h high) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
