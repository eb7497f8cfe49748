package pageview

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/control"
	"schalter/ui/look"
)

// Measures of a thumbnail.
const (
	thumbWidth = 76.0 // of the picture
	thumbRow   = 132
	thumbStrip = 112
)

// thumbs is the strip of small pictures at the left. Only those in sight are drawn.
type thumbs struct {
	v       *View
	list    *control.List
	box     *fyne.Container
	page    int
	turns   int
	told    uint64
	filling bool
	quiet   bool
}

func newThumbs(v *View) *thumbs {
	t := &thumbs{v: v, page: -1}
	t.list = control.NewList(newThumb, t.fill)
	t.list.RowHeight = thumbRow
	t.list.Name = v.texts.T("pageview.thumbs")
	t.list.OnSelect = func(i int) {
		if !t.quiet && i >= 0 {
			v.m.Turn(i)
		}
	}
	t.list.OnOpen = func(int) { control.Focus(v.area) }
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Surface2 })
	t.box = control.Width(thumbStrip, &fyne.Container{Layout: besides{}, Objects: []fyne.CanvasObject{ground, t.list, control.NewUpright()}})
	return t
}

// besides lays a list on its ground, with a line at the right.
type besides struct{}

func (besides) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(thumbStrip, 0) }

func (besides) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	o[1].Resize(s.SubtractWidthHeight(1, 0))
	o[2].Move(fyne.NewPos(s.Width-1, 0))
	o[2].Resize(fyne.NewSize(1, s.Height))
}

// sight is which pages' thumbnails are to be seen.
func (t *thumbs) sight() (from, to int) {
	if !t.v.Thumbs() || t.list.Size().Height < 1 {
		return 0, 0
	}
	first, n := t.list.Sight()
	return first, min(first+n+1, t.v.m.pages)
}

// update follows the paper.
func (t *thumbs) update() {
	if !t.v.Thumbs() || t.filling {
		return
	}
	m := t.v.m
	if t.list.Length() != m.pages || t.turns != m.strip.turns || t.told != m.told {
		t.turns, t.told = m.strip.turns, m.told
		t.list.SetLength(m.pages)
		t.page = -1
	}
	if t.page != m.page && m.pages > 0 {
		t.page = m.page
		t.quiet = true
		t.list.Select(m.page)
		t.quiet = false
	}
	t.list.Refill()
}

func newThumb() fyne.CanvasObject {
	frame := canvas.NewRectangle(color.White)
	img := &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
	img.Hide()
	number := control.NewLabel("", control.Small)
	number.Align = fyne.TextAlignCenter
	return &fyne.Container{Layout: &thumbLayout{1.414}, Objects: []fyne.CanvasObject{frame, img, number}}
}

// thumbLayout puts a picture of a shape above its number.
type thumbLayout struct{ shape float32 }

func (l *thumbLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(thumbWidth), 10)
}

func (l *thumbLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	label := o[2].MinSize().Height
	w, h := look.Px(thumbWidth), look.Px(thumbWidth)*l.shape
	if most := s.Height - label - 8; h > most {
		w, h = w*most/h, most
	}
	at := fyne.NewPos(float32(math.Round(float64(s.Width-w)/2)), 6)
	o[0].Move(at.SubtractXY(1, 1))
	o[0].Resize(fyne.NewSize(w+2, h+2))
	o[1].Move(at)
	o[1].Resize(fyne.NewSize(w, h))
	o[2].Move(fyne.NewPos(0, s.Height-label-1))
	o[2].Resize(fyne.NewSize(s.Width, label))
}

// fill shows a page's thumbnail, or its empty shape until it is drawn.
func (t *thumbs) fill(i int, row fyne.CanvasObject) {
	m := t.v.m
	if i >= m.pages {
		return
	}
	if !t.filling { // a row that came into sight asks for its picture
		t.filling = true
		m.want()
		t.filling = false
	}
	c := row.(*fyne.Container)
	w, h := m.strip.turned(i)
	l := c.Layout.(*thumbLayout)
	if shape := float32(h / w); shape != l.shape {
		l.shape = shape
		l.Layout(c.Objects, c.Size())
	}
	frame := c.Objects[0].(*canvas.Rectangle)
	frame.StrokeColor, frame.StrokeWidth = look.Palette().Line, 1
	frame.Refresh()
	img := c.Objects[1].(*canvas.Image)
	p := m.pics.small[i]
	switch {
	case p == nil || p.img == nil || p.at.turns != m.strip.turns:
		img.Image, img.Hidden = nil, true
	case img.Image != p.img || img.Hidden:
		img.Image, img.Hidden = p.img, false
		img.Refresh()
	}
	c.Objects[2].(*control.Label).SetText(m.label(i))
}
