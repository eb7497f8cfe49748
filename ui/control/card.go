package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Card is a rounded surface with a thin border around its content.
type Card struct {
	widget.BaseWidget
	content  fyne.CanvasObject
	pad      float32
	selected bool
	square   bool // no rounded corner at the upper left, where a tab joins
}

// NewCard makes a card with room of pad around its content.
func NewCard(pad float32, content fyne.CanvasObject) *Card {
	c := &Card{content: content, pad: pad}
	c.ExtendBaseWidget(c)
	return c
}

// SetContent changes what is on the card.
func (c *Card) SetContent(o fyne.CanvasObject) {
	c.content = o
	c.Refresh()
}

// SetSelected puts the strong ring around the card.
func (c *Card) SetSelected(on bool) {
	c.selected = on
	c.Refresh()
}

// SetJoined makes the upper left corner square, where a tab joins.
func (c *Card) SetJoined(on bool) {
	c.square = on
	c.Refresh()
}

// CreateRenderer belongs to Fyne.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c: c, face: canvas.NewRectangle(nothing), ring: newRing(look.RadiusCard + 1)}
	r.Refresh()
	return r
}

type cardRenderer struct {
	c          *Card
	face, ring *canvas.Rectangle
}

func (r *cardRenderer) Destroy() {}

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.c.content, r.ring}
}

func (r *cardRenderer) MinSize() fyne.Size {
	return r.c.content.MinSize().AddWidthHeight(2*r.c.pad, 2*r.c.pad)
}

func (r *cardRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	r.ring.Move(fyne.NewPos(-1, -1))
	r.ring.Resize(s.AddWidthHeight(2, 2))
	r.c.content.Move(fyne.NewPos(r.c.pad, r.c.pad))
	r.c.content.Resize(s.SubtractWidthHeight(2*r.c.pad, 2*r.c.pad))
}

func (r *cardRenderer) Refresh() {
	p := look.Palette()
	r.face.TopLeftCornerRadius = 0
	frame(r.face, p.Surface, p.Line, look.RadiusCard)
	if r.c.square {
		r.face.CornerRadius = 0
		r.face.TopRightCornerRadius, r.face.BottomLeftCornerRadius, r.face.BottomRightCornerRadius = look.RadiusCard, look.RadiusCard, look.RadiusCard
		r.face.Refresh()
	}
	showRing(r.ring, r.c.selected)
	r.Layout(r.c.Size())
	r.c.content.Refresh()
}

// Divider is a thin line across.
type Divider struct {
	widget.BaseWidget
	upright bool
}

// NewDivider makes a level line.
func NewDivider() *Divider {
	d := &Divider{}
	d.ExtendBaseWidget(d)
	return d
}

// NewUpright makes a line from top to bottom.
func NewUpright() *Divider {
	d := &Divider{upright: true}
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer belongs to Fyne.
func (d *Divider) CreateRenderer() fyne.WidgetRenderer {
	return &fillRenderer{r: canvas.NewRectangle(look.Palette().Line), min: fyne.NewSize(1, 1), of: func(r *canvas.Rectangle) {
		r.FillColor = look.Palette().Line
	}}
}

// Ground is a plain surface behind something: the window, a bar, a page's desk.
type Ground struct {
	widget.BaseWidget
	paint func(r *canvas.Rectangle, p *look.Colors)
}

// NewGround makes a surface that paint colours, again after every change of look.
func NewGround(paint func(r *canvas.Rectangle, p *look.Colors)) *Ground {
	g := &Ground{paint: paint}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer belongs to Fyne.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	r := canvas.NewRectangle(nothing)
	g.paint(r, look.Palette())
	return &fillRenderer{r: r, of: func(r *canvas.Rectangle) { g.paint(r, look.Palette()) }}
}

type fillRenderer struct {
	r   *canvas.Rectangle
	of  func(*canvas.Rectangle)
	min fyne.Size
}

func (f *fillRenderer) Destroy()                     {}
func (f *fillRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{f.r} }
func (f *fillRenderer) MinSize() fyne.Size           { return f.min }
func (f *fillRenderer) Layout(s fyne.Size)           { f.r.Resize(s) }
func (f *fillRenderer) Refresh()                     { f.of(f.r); f.r.Refresh() }
