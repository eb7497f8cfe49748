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
