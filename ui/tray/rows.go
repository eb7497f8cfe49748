package tray

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// groupRow is a group in the list: whose, what, how sure.
type groupRow struct {
	widget.BaseWidget
	body       *fyne.Container
	head, what *control.Label
	pill       *control.Pill
}

func newGroupRow() *groupRow {
	r := &groupRow{head: control.NewShort("", control.Strong), what: control.NewShort("", control.Muted), pill: control.NewPill("", "", control.KindNone)}
	r.body = control.Pad(0, 14, 0, 14, control.Upright(control.Column(4, control.Row(10, control.Grow(r.head), r.pill), r.what)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *groupRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *groupRow) show(l line) {
	r.head.SetText(l.head)
	r.what.SetText(l.what)
	r.pill.Set("", l.pill, l.kind)
	r.body.Refresh()
}

// pageRow is a page of the group: small, with its number and what it is.
type pageRow struct {
	widget.BaseWidget
	picture    *canvas.Image
	paper      *control.Ground
	head, what *control.Label
}

// thumb is the room for a page's picture, at 100 %, and leafRow the height of its row.
const (
	thumb   = 92
	leafRow = 132
)

func newPageRow() *pageRow {
	r := &pageRow{head: control.NewShort("", control.Small), what: control.NewShort("", control.Small)}
	r.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth}
	r.paper = control.NewGround(func(g *canvas.Rectangle, p *look.Colors) {
		g.FillColor, g.StrokeColor, g.StrokeWidth = p.Surface, p.Line, 1
	})
	r.head.Align, r.what.Align = fyne.TextAlignCenter, fyne.TextAlignCenter
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *pageRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Layout: leafLayout{r}, Objects: []fyne.CanvasObject{r.paper, r.picture, r.head, r.what}})
}

func (r *pageRow) show(head, what string, picture *canvas.Image, out bool) {
	r.head.SetText(head)
	r.what.SetText(what)
	r.head.SetStyle(control.Small)
	r.picture.Image, r.picture.Translucency = nil, 0
	if picture != nil {
		r.picture.Image = picture.Image
	}
	if out {
		r.picture.Translucency = 0.65
	}
	r.picture.Refresh()
	r.Refresh()
}

// leafLayout sets the picture above its words.
type leafLayout struct{ r *pageRow }

func (leafLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(100), look.Px(leafRow))
}

func (l leafLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	words := l.r.head.MinSize().Height
	room := fyne.NewSize(s.Width-look.Px(16), s.Height-2*words-look.Px(10))
	w, h := room.Height*210/297, room.Height
	if m := l.r.picture.Image; m != nil && m.Bounds().Dy() > 0 {
		if ratio := float32(m.Bounds().Dx()) / float32(m.Bounds().Dy()); ratio > 0 {
			w = min(room.Height*ratio, room.Width)
			h = w / ratio
		}
	}
	at := fyne.NewPos((s.Width-w)/2, look.Px(5)+(room.Height-h)/2)
	l.r.picture.Move(at)
	l.r.picture.Resize(fyne.NewSize(w, h))
	l.r.paper.Move(at.SubtractXY(1, 1)) // its edge is to be seen around the picture
	l.r.paper.Resize(fyne.NewSize(w+2, h+2))
	l.r.head.Move(fyne.NewPos(0, s.Height-2*words-look.Px(3)))
	l.r.head.Resize(fyne.NewSize(s.Width, words))
	l.r.what.Move(fyne.NewPos(0, s.Height-words-look.Px(3)))
	l.r.what.Resize(fyne.NewSize(s.Width, words))
}

// parts sets groups, pages and paper side by side.
type parts struct{}

func (parts) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(640), look.Px(300)) }

func (parts) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := min(max(s.Width*0.36, look.Px(330)), look.Px(520), s.Width*0.5)
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w+look.Gap, 0))
	o[1].Resize(fyne.NewSize(s.Width-w-look.Gap, s.Height))
}

// strip sets the pages beside the paper.
type strip struct{}

func (strip) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(320), look.Px(160)) }

func (strip) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := look.Px(128)
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(w+1, 0))
	o[2].Resize(fyne.NewSize(max(s.Width-w-1, 0), s.Height))
}

// flow sets buttons side by side, and beneath each other where there is no room.
type flow struct{ width float32 }

func (f *flow) place(o []fyne.CanvasObject, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	x, y, high := float32(0), float32(0), float32(0)
	for _, b := range o {
		if !b.Visible() {
			continue
		}
		m := b.MinSize()
		if x > 0 && x+m.Width > f.width {
			x, y, high = 0, y+high+8, 0
		}
		if put != nil {
			put(b, fyne.NewPos(x, y), m)
		}
		x += m.Width + 8
		high = max(high, m.Height)
	}
	return y + high
}

func (f *flow) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, f.place(o, nil)) }

func (f *flow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	f.width = s.Width
	f.place(o, func(b fyne.CanvasObject, p fyne.Position, size fyne.Size) {
		b.Move(p)
		b.Resize(size)
	})
}
