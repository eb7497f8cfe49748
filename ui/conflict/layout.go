package conflict

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// newPair sets the two versions side by side at equal width.
func newPair(o ...fyne.CanvasObject) *fyne.Container { return container.New(pair{}, o...) }

type pair struct{}

func (pair) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(400), look.Px(160)) }

func (pair) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := (s.Width - look.Gap) / 2
	for i, x := range o {
		x.Move(fyne.NewPos(float32(i)*(w+look.Gap), 0))
		x.Resize(fyne.NewSize(w, s.Height))
	}
}

// newCells sets the answers that both versions share in two columns.
func newCells() *fyne.Container { return container.New(&cells{}) }

type cells struct{ width float32 }

func (c *cells) rows(o []fyne.CanvasObject, put func(x fyne.CanvasObject, p fyne.Position, s fyne.Size)) float32 {
	w, y := (c.width-look.Gap)/2, float32(0)
	for i := 0; i < len(o); i += 2 {
		h := float32(0)
		for k, x := range o[i:min(i+2, len(o))] {
			if x.Size().Width != w {
				x.Resize(fyne.NewSize(w, x.MinSize().Height))
			}
			h = max(h, x.MinSize().Height)
			if put != nil {
				put(x, fyne.NewPos(float32(k)*(w+look.Gap), y), fyne.NewSize(w, x.MinSize().Height))
			}
		}
		y += h + 8
	}
	return max(y-8, 0)
}

func (c *cells) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(160), c.rows(o, nil))
}

func (c *cells) Layout(o []fyne.CanvasObject, s fyne.Size) {
	c.width = s.Width
	c.rows(o, func(x fyne.CanvasObject, p fyne.Position, size fyne.Size) {
		x.Move(p)
		x.Resize(size)
	})
}

// newSplit sets the list of conflicts, if shown, to the left of the versions.
func newSplit(list, detail fyne.CanvasObject) *fyne.Container {
	return container.New(split{}, list, detail)
}

type split struct{}

func (split) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(420), look.Px(240))
}

func (split) Layout(o []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	if o[0].Visible() {
		w := min(look.Px(280), s.Width*0.3)
		o[0].Move(fyne.Position{})
		o[0].Resize(fyne.NewSize(w, s.Height))
		x = w + look.Gap
	}
	o[1].Move(fyne.NewPos(x, 0))
	o[1].Resize(fyne.NewSize(s.Width-x, s.Height))
}

// marked puts a soft ground behind an answer that differs.
type marked struct {
	widget.BaseWidget
	text *control.Label
}

func newMarked(text *control.Label) *marked {
	m := &marked{text: text}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer belongs to Fyne.
func (m *marked) CreateRenderer() fyne.WidgetRenderer {
	r := &markedRenderer{m: m, face: canvas.NewRectangle(look.Palette().WaitingSoft)}
	r.Refresh()
	return r
}

type markedRenderer struct {
	m    *marked
	face *canvas.Rectangle
}

func (r *markedRenderer) Destroy()                     {}
func (r *markedRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.m.text} }
func (r *markedRenderer) MinSize() fyne.Size           { return r.m.text.MinSize() }

func (r *markedRenderer) Layout(s fyne.Size) {
	r.m.text.Resize(s)
	w := min(fyne.MeasureText(r.m.text.Text(), look.Text(look.TextBody), fyne.TextStyle{Bold: true}).Width+8, s.Width+8)
	r.face.Move(fyne.NewPos(-4, 0))
	r.face.Resize(fyne.NewSize(w, r.m.text.MinSize().Height))
}

func (r *markedRenderer) Refresh() {
	r.face.FillColor, r.face.CornerRadius = look.Palette().WaitingSoft, 4
	r.face.StrokeWidth = 0
	if look.Current().HighContrast() {
		r.face.StrokeColor, r.face.StrokeWidth = look.Palette().Line, 1
	}
	r.face.Refresh()
	r.m.text.Refresh()
	r.Layout(r.m.Size())
}
