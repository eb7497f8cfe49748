package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// row is one line of the list at the left.
type row struct {
	widget.BaseWidget
	body *fyne.Container
	text *control.Label
	mark *control.Label
	in   *indent
}

func newRow() *row {
	r := &row{text: control.NewShort("", control.Body), mark: control.NewLabel("", control.Small), in: &indent{}}
	r.body = &fyne.Container{Layout: r.in, Objects: []fyne.CanvasObject{control.Row(6, control.Grow(r.text), r.mark)}}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *row) show(t *i18n.Texts, l Line) {
	r.in.depth = l.Depth
	text, style := l.Text, control.Body
	switch {
	case l.Place == "":
		style = control.Strong
	case l.Text == "":
		text, style = t.T("editor.part."+l.Place[1:]), control.Strong
	}
	r.text.SetText(text)
	r.text.SetStyle(style)
	sign := map[Mark]string{MarkRequired: "*", MarkConfirm: t.T("editor.mark.confirm"), MarkOpen: t.T("editor.mark.open"), MarkFault: control.SignWarn, MarkKept: t.T("editor.mark.kept")}[l.Mark]
	if l.Text == "" && l.Place != "" {
		sign = t.Number(l.Count)
	}
	r.mark.SetText(sign)
	r.body.Refresh()
}

// indent gives a line its depth.
type indent struct{ depth int }

func (i *indent) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(60, look.Px(20)) }

func (i *indent) Layout(o []fyne.CanvasObject, s fyne.Size) {
	x := float32(14 + 14*i.depth)
	h := o[0].MinSize().Height
	o[0].Move(fyne.NewPos(x, (s.Height-h)/2))
	o[0].Resize(fyne.NewSize(max(0, s.Width-x-14), h))
}

// thirds are the list, what can be changed, and the preview.
type thirds struct{}

func newThirds(left, middle, right fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: thirds{}, Objects: []fyne.CanvasObject{left, middle, right}}
}

func (thirds) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(640), look.Px(240))
}

func (thirds) Layout(o []fyne.CanvasObject, s fyne.Size) {
	gap := float32(look.Gap)
	left := min(look.Px(320), s.Width*0.26)
	middle := min(look.Px(560), (s.Width-left-2*gap)*0.5)
	x := float32(0)
	for i, w := range []float32{left, middle, s.Width - left - middle - 2*gap} {
		o[i].Move(fyne.NewPos(x, 0))
		o[i].Resize(fyne.NewSize(w, s.Height))
		x += w + gap
	}
}

// flow sets objects side by side and goes on in another line where they do not fit.
type flow struct{ width float32 }

func newFlow(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{}, Objects: objects}
}

func (f *flow) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := float32(0)
	for _, c := range o {
		w = max(w, c.MinSize().Width)
	}
	return fyne.NewSize(w, f.lay(o, false))
}

func (f *flow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	f.width = s.Width
	f.lay(o, true)
}

// lay places the objects and tells how high they are together.
func (f *flow) lay(o []fyne.CanvasObject, place bool) float32 {
	x, y, line := float32(0), float32(0), float32(0)
	for _, c := range o {
		m := c.MinSize()
		if x > 0 && f.width > 0 && x+m.Width > f.width {
			x, y, line = 0, y+line+control.GapButtons, 0
		}
		if place {
			c.Move(fyne.NewPos(x, y))
			c.Resize(m)
		}
		x, line = x+m.Width+control.GapButtons, max(line, m.Height)
	}
	return y + line
}
