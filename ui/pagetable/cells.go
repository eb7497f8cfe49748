package pagetable

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/control"
	"schalter/ui/look"
)

var nothing = color.NRGBA{}

// cell is a page's place on the screen, used for one page after the other.
type cell struct {
	face, paper, veil, badge, ring *canvas.Rectangle
	image                          *canvas.Image
	words, mark                    *canvas.Text
}

func newCell() *cell {
	c := &cell{
		face: canvas.NewRectangle(nothing), paper: canvas.NewRectangle(color.White), veil: canvas.NewRectangle(nothing),
		badge: canvas.NewRectangle(nothing), ring: canvas.NewRectangle(nothing),
		image: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleSmooth},
		words: canvas.NewText("", nothing), mark: canvas.NewText("", nothing),
	}
	c.face.CornerRadius, c.ring.CornerRadius, c.badge.CornerRadius = look.RadiusField, look.RadiusField, 9
	c.words.Alignment, c.mark.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	return c
}

func (c *cell) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{c.face, c.paper, c.image, c.veil, c.badge, c.mark, c.words, c.ring}
}

func (c *cell) show(on bool) {
	for _, o := range c.objects() {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// head is what stands over a document's pages.
type head struct {
	line  *canvas.Rectangle
	title *canvas.Text
	words *canvas.Text
}

func newHead() *head {
	h := &head{canvas.NewRectangle(nothing), canvas.NewText("", nothing), canvas.NewText("", nothing)}
	h.title.TextStyle.Bold = true
	return h
}

func (h *head) objects() []fyne.CanvasObject { return []fyne.CanvasObject{h.line, h.title, h.words} }

type gridRenderer struct {
	g       *grid
	ground  *control.Ground
	cells   []*cell
	heads   []*head
	bar     *canvas.Rectangle // how far one has scrolled
	drop    *canvas.Rectangle // where pages would be dropped
	objects []fyne.CanvasObject
	size    fyne.Size
}

// CreateRenderer belongs to Fyne.
func (g *grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{g: g, bar: canvas.NewRectangle(nothing), drop: canvas.NewRectangle(nothing)}
	r.ground = control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor = p.Surface2
		r.BottomLeftCornerRadius = look.RadiusCard - 1
	})
	r.bar.CornerRadius = 3
	return r
}

// IsClip tells Fyne's painters to cut what reaches over the grid's edge.
func (r *gridRenderer) IsClip() {}

func (r *gridRenderer) Destroy()                     {}
func (r *gridRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *gridRenderer) MinSize() fyne.Size           { return fyne.NewSize(look.Px(cellWide)+2*gridPad, 100) }

// Layout keeps the current page in sight when the room changes.
func (r *gridRenderer) Layout(s fyne.Size) {
	if s != r.size {
		r.size = s
		r.g.reveal()
	}
	r.Refresh()
}

// Refresh puts what is in sight where it belongs and asks for the pictures that are missing.
func (r *gridRenderer) Refresh() {
	g, size := r.g, r.g.Size()
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	g.measure(size.Width)
	r.ground.Resize(size)
	r.ground.Refresh()
	r.headsInSight(size)
	wishes := r.cellsInSight(size)
	if g.Visible() {
		g.v.shelf.want(wishes)
	}
	r.scrollBar(size)
	r.dropMark()
	r.objects = append(r.objects[:0], r.ground)
	for _, h := range r.heads {
		r.objects = append(r.objects, h.objects()...)
	}
	for _, c := range r.cells {
		r.objects = append(r.objects, c.objects()...)
	}
	r.objects = append(r.objects, r.drop, r.bar)
	canvas.Refresh(g)
}

func (r *gridRenderer) headsInSight(size fyne.Size) {
	n := 0
	for i, y := range r.g.heads {
		if y -= r.g.offset; y > size.Height || y+look.Px(headHigh) < 0 {
			continue
		}
		if n == len(r.heads) {
			r.heads = append(r.heads, newHead())
		}
		r.fillHead(r.heads[n], r.g.v.table.Groups()[i], y, size.Width, i > 0)
		n++
	}
	for _, h := range r.heads[n:] {
		for _, o := range h.objects() {
			o.Hide()
		}
	}
}

func (r *gridRenderer) fillHead(h *head, g *Group, y, width float32, line bool) {
	p, t := look.Palette(), r.g.v.o.Texts
	words := t.N("pages.count", g.Shown())
	if s := r.g.v.slot(g.Proof); s != "" && s != g.Title {
		words += " · " + s
	}
	h.words.Text, h.words.TextSize, h.words.Color = words, look.Text(look.TextSmall), p.Ink2
	h.title.TextSize, h.title.Color = look.Text(look.TextBody), p.Ink
	h.title.Text = control.Shorten(g.Title, width-3*gridPad-h.words.MinSize().Width-20, h.title.TextSize, h.title.TextStyle)
	high := h.title.MinSize()
	top := y + (look.Px(headHigh)-high.Height)/2
	h.title.Move(fyne.NewPos(gridPad+8, top))
	h.title.Resize(high)
	h.words.Move(fyne.NewPos(gridPad+8+high.Width+12, top+high.Height-h.words.MinSize().Height-0.5))
	h.words.Resize(h.words.MinSize())
	h.line.FillColor = p.Line
	h.line.Move(fyne.NewPos(gridPad, y-gridPad/2))
	h.line.Resize(fyne.NewSize(width-2*gridPad, 1))
	for _, o := range h.objects() {
		o.Show()
		o.Refresh()
	}
	h.line.Hidden = !line
}

func (r *gridRenderer) cellsInSight(size fyne.Size) []wish {
	var wishes, near []wish
	n := 0
	high := look.Px(cellHigh)
	i := 0
	px := r.g.v.pixels(look.Px(paperHigh))
	for _, g := range r.g.v.table.Groups() {
		number := 0
		for _, p := range g.Pages {
			if !p.Out {
				number++
			}
			at := r.g.cells[i].AddXY(0, -r.g.offset)
			i++
			if at.Y > 2*size.Height || at.Y+high < -size.Height {
				continue
			}
			w := wish{asShown(p, px), p.From}
			if at.Y > size.Height || at.Y+high < 0 { // soon
				near = append(near, w)
				continue
			}
			wishes = append(wishes, w)
			if n == len(r.cells) {
				r.cells = append(r.cells, newCell())
			}
			r.fill(r.cells[n], p, i-1, number, at, w.what)
			n++
		}
	}
	for _, c := range r.cells[n:] {
		c.show(false)
	}
	return append(wishes, near...)
}

// fill draws a page at a place.
func (r *gridRenderer) fill(c *cell, p *Page, i, number int, at fyne.Position, what picture) {
	pal, t := look.Palette(), r.g.v.table
	c.show(true)
	wide, high := look.Px(cellWide), look.Px(cellHigh)
	c.face.FillColor = nothing
	switch {
	case t.Selected(p):
		c.face.FillColor = pal.AccentSoft
	case r.g.hovered == i:
		c.face.FillColor = pal.Hover
	}
	c.face.StrokeColor, c.face.StrokeWidth = nothing, 0
	if t.Selected(p) && look.Current().HighContrast() {
		c.face.StrokeColor, c.face.StrokeWidth = pal.Ink, 2
	}
	c.face.Move(at.AddXY(2, 2))
	c.face.Resize(fyne.NewSize(wide-4, high-4))

	img, bad := r.g.v.shelf.get(what)
	pos, size := r.paperAt(at, what, p)
	c.paper.StrokeColor, c.paper.StrokeWidth = pal.Line, 1
	c.paper.Move(pos.SubtractXY(1, 1))
	c.paper.Resize(size.AddWidthHeight(2, 2))
	c.image.Move(pos)
	c.image.Resize(size)
	if img == nil {
		c.image.Hide()
	} else if c.image.Image != img {
		c.image.Image = img
		c.image.Refresh()
	}
	veil := pal.Surface2
	veil.A = 0xc0
	c.veil.FillColor, c.veil.Hidden = veil, !p.Out
	c.veil.Move(c.paper.Position())
	c.veil.Resize(c.paper.Size())
	r.badge(c, p, bad, pos, size)
	c.words.Text = control.Shorten(r.caption(p, number), wide-12, look.Text(look.TextSmall), c.words.TextStyle)
	c.words.TextSize, c.words.Color = look.Text(look.TextSmall), pal.Ink2
	c.words.TextStyle.Bold = t.Selected(p)
	if t.Selected(p) {
		c.words.Color = pal.Ink
	}
	c.words.Move(at.AddXY(4, high-look.Px(30)))
	c.words.Resize(fyne.NewSize(wide-8, look.Px(22)))
	c.ring.StrokeColor, c.ring.StrokeWidth = pal.Focus, look.RingWidth
	c.ring.Hidden = i != t.Cursor() || !r.g.focused
	c.ring.Move(at.AddXY(3, 3))
	c.ring.Resize(fyne.NewSize(wide-6, high-6))
	for _, o := range []fyne.CanvasObject{c.face, c.paper, c.veil, c.words, c.ring} {
		o.Refresh()
	}
}

// paperAt is where a page's picture stands: in the middle of its room.
func (r *gridRenderer) paperAt(at fyne.Position, what picture, p *Page) (fyne.Position, fyne.Size) {
	room := fyne.NewSize(look.Px(paperWide), look.Px(paperHigh))
	w, h := float32(210), float32(297)
	if img, _ := r.g.v.shelf.get(what); img != nil {
		w, h = float32(img.Rect.Dx()), float32(img.Rect.Dy())
	} else if p.Turns%2 == 1 {
		w, h = h, w
	}
	k := min(room.Width/w, room.Height/h)
	size := fyne.NewSize(w*k, h*k)
	x := at.X + (look.Px(cellWide)-size.Width)/2
	y := at.Y + 9 + (room.Height-size.Height)/2
	return fyne.NewPos(x, y), size
}

// badge says what is to be known of a page: empty, taken out, not to be shown.
func (r *gridRenderer) badge(c *cell, p *Page, bad bool, pos fyne.Position, size fyne.Size) {
	pal, t := look.Palette(), r.g.v.o.Texts
	words, soft, ink := "", pal.WaitingSoft, pal.Waiting
	switch {
	case p.Out:
		words, soft, ink = t.T("pages.badge.out"), pal.Surface, pal.Ink2
	case p.Blank:
		words = t.T("pages.badge.blank")
	case bad:
		words, soft, ink = t.T("pages.badge.bad"), pal.TroubleSoft, pal.Trouble
	}
	c.badge.Hidden, c.mark.Hidden = words == "", words == ""
	if words == "" {
		return
	}
	c.mark.Text, c.mark.TextSize, c.mark.Color = words, look.Text(look.TextSmall), ink
	c.badge.FillColor, c.badge.StrokeColor, c.badge.StrokeWidth = soft, ink, 1
	m := c.mark.MinSize()
	b := fyne.NewSize(m.Width+16, look.Px(22))
	c.badge.Move(fyne.NewPos(pos.X+(size.Width-b.Width)/2, pos.Y+size.Height-b.Height-8))
	c.badge.Resize(b)
	c.mark.Move(c.badge.Position().AddXY(0, (b.Height-m.Height)/2))
	c.mark.Resize(fyne.NewSize(b.Width, m.Height))
	c.badge.Refresh()
	c.mark.Refresh()
}

// caption is a page's number and how it is laid.
func (r *gridRenderer) caption(p *Page, number int) string {
	t := r.g.v.o.Texts
	var words []string
	if !p.Out {
		words = append(words, fmt.Sprint(number))
	}
	if p.Skew != 0 {
		words = append(words, r.g.v.degrees(p.Skew))
	}
	if p.Crop != nil {
		words = append(words, t.T("pages.cut"))
	}
	return strings.Join(words, " · ")
}

func (r *gridRenderer) scrollBar(size fyne.Size) {
	g := r.g
	if r.bar.Hidden = g.high <= size.Height; r.bar.Hidden {
		return
	}
	h := max(size.Height*size.Height/g.high, 32)
	ink := look.Palette().Ink2
	ink.A = 0x80
	r.bar.FillColor = ink
	r.bar.Move(fyne.NewPos(size.Width-8, g.offset/(g.high-size.Height)*(size.Height-h)+2))
	r.bar.Resize(fyne.NewSize(6, h-4))
	r.bar.Refresh()
}

// dropMark shows where dragged pages would go.
func (r *gridRenderer) dropMark() {
	g := r.g
	if r.drop.Hidden = !g.dragging; r.drop.Hidden {
		return
	}
	group, at := g.target(g.at)
	if group < 0 {
		r.drop.Hide()
		return
	}
	first := 0
	for _, o := range g.v.table.Groups()[:group] {
		first += len(o.Pages)
	}
	n := len(g.v.table.Groups()[group].Pages)
	pos := g.cells[first+min(at, n-1)]
	if at == n || at > 0 && pos.X < g.cells[first+at-1].X && g.at.X > g.wide/2 {
		pos = g.cells[first+at-1].AddXY(look.Px(cellWide), 0) // behind the last of a line
	}
	r.drop.FillColor, r.drop.CornerRadius = look.Palette().Accent, 2
	r.drop.Move(pos.AddXY(-2, 6-g.offset))
	r.drop.Resize(fyne.NewSize(4, look.Px(cellHigh)-12))
	r.drop.Refresh()
}
