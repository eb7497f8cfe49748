package pagetable

import (
	"image"
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/look"
)

// large shows one page as large as there is room, alone, beside what came from the device, or whole with a
// frame around what is to be shown of it.
type large struct {
	widget.BaseWidget
	v       *View
	compare bool
	framing bool
	box     record.Box // of the frame
	key     int        // of the page it is for
}

func newLarge(v *View) *large {
	l := &large{v: v}
	l.ExtendBaseWidget(l)
	return l
}

// begin puts a frame around what is shown of the current page.
func (l *large) begin() {
	p := l.v.current()
	if p == nil {
		return
	}
	l.framing, l.compare, l.key = true, false, p.Key
	l.box = record.Box{X1: 1, Y1: 1}
	if p.Crop != nil {
		l.box = *p.Crop
		return
	}
	l.v.looked(func(f func(p *Page) page.Findings) {
		if b := suggested(f(p), p.Skew); l.framing && l.key == p.Key && b != nil {
			l.box = *b
			l.Refresh()
		}
	})
}

// edge moves an edge of the frame outwards, or inwards by a negative step; the page lies as it is turned.
func (l *large) edge(way fyne.KeyName, by float64) {
	p := l.v.current()
	if p == nil || p.Key != l.key {
		l.framing = false
		return
	}
	ways := []fyne.KeyName{fyne.KeyUp, fyne.KeyRight, fyne.KeyDown, fyne.KeyLeft}
	for i, w := range ways {
		if w == way {
			way = ways[(i+8-p.Turns-l.v.shelf.held[p.From.Blob.Hash])%4]
			break
		}
	}
	l.box = moved(l.box, way, by)
	l.Refresh()
}

// CreateRenderer belongs to Fyne.
func (l *large) CreateRenderer() fyne.WidgetRenderer {
	r := &largeRenderer{l: l}
	r.ground = control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor = p.PaperDesk
		r.BottomLeftCornerRadius = look.RadiusCard - 1
	})
	for i := range r.sheets {
		r.sheets[i] = canvas.NewRectangle(color.White)
		r.images[i] = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleSmooth}
		r.names[i] = canvas.NewText("", nothing)
		r.names[i].Alignment = fyne.TextAlignCenter
	}
	for i := range r.shades {
		r.shades[i] = canvas.NewRectangle(nothing)
	}
	r.frame = canvas.NewRectangle(nothing)
	r.help = canvas.NewText("", nothing)
	r.help.Alignment = fyne.TextAlignCenter
	r.objects = []fyne.CanvasObject{r.ground}
	for i := range r.sheets {
		r.objects = append(r.objects, r.sheets[i], r.images[i], r.names[i])
	}
	for _, s := range r.shades {
		r.objects = append(r.objects, s)
	}
	r.objects = append(r.objects, r.frame, r.help)
	return r
}

type largeRenderer struct {
	l       *large
	ground  *control.Ground
	sheets  [2]*canvas.Rectangle
	images  [2]*canvas.Image
	names   [2]*canvas.Text
	shades  [4]*canvas.Rectangle // around the frame
	frame   *canvas.Rectangle
	help    *canvas.Text
	objects []fyne.CanvasObject
}

func (r *largeRenderer) Destroy()                     {}
func (r *largeRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *largeRenderer) MinSize() fyne.Size           { return fyne.NewSize(100, 100) }
func (r *largeRenderer) Layout(fyne.Size)             { r.Refresh() }

const (
	largePad  = 18
	largeFoot = 30
)

// Refresh shows the current page.
func (r *largeRenderer) Refresh() {
	l, size := r.l, r.l.Size()
	r.ground.Resize(size)
	r.ground.Refresh()
	p := l.v.current()
	if !l.Visible() || p == nil || size.Width < 100 {
		return
	}
	px := l.v.pixels(size.Height)
	shown := asShown(p, px)
	if l.framing {
		shown.crop = record.Box{} // the frame says what is shown of it
	}
	wishes := []wish{{shown, p.From}}
	if l.compare {
		wishes = append(wishes, wish{asItCame(p, px), p.From})
	}
	l.v.shelf.want(append(wishes, l.neighbours(px)...))

	pal := look.Palette()
	room := fyne.NewSize(size.Width-2*largePad, size.Height-largePad-largeFoot)
	r.names[0].Text, r.names[1].Text, r.help.Text = "", "", ""
	t := l.v.o.Texts
	switch {
	case l.compare:
		half := fyne.NewSize((room.Width-largePad)/2, room.Height)
		r.put(0, asItCame(p, px), fyne.NewPos(largePad, largePad), half)
		r.put(1, shown, fyne.NewPos(2*largePad+half.Width, largePad), half)
		r.names[0].Text, r.names[1].Text = t.T("pages.original"), t.T("pages.shown")
	default:
		r.put(0, shown, fyne.NewPos(largePad, largePad), room)
		r.sheets[1].Hide()
		r.images[1].Hide()
		r.help.Text = t.T("pages.large.help")
		if l.framing {
			r.help.Text = t.T("pages.frame.help")
		}
	}
	for i, n := range r.names {
		n.TextSize, n.Color = look.Text(look.TextSmall), pal.Ink2
		n.Move(fyne.NewPos(r.sheets[i].Position().X, size.Height-largeFoot+6))
		n.Resize(fyne.NewSize(r.sheets[i].Size().Width, look.Px(20)))
		n.Refresh()
	}
	r.help.TextSize, r.help.Color = look.Text(look.TextSmall), pal.Ink2
	r.help.Move(fyne.NewPos(0, size.Height-largeFoot+6))
	r.help.Resize(fyne.NewSize(size.Width, look.Px(20)))
	r.help.Refresh()
	r.drawFrame(p)
}

// neighbours are the pages that the arrows lead to.
func (l *large) neighbours(px int) []wish {
	var out []wish
	for _, by := range []int{1, -1} {
		if p := l.v.table.At(l.v.table.Cursor() + by); p != nil {
			out = append(out, wish{asShown(p, px), p.From})
		}
	}
	return out
}

// put shows a picture in the middle of a room; until it is there, the small one stretched.
func (r *largeRenderer) put(i int, what picture, at fyne.Position, room fyne.Size) {
	s := r.l.v.shelf
	img, _ := s.get(what)
	if img == nil {
		small := what
		small.size = r.l.v.pixels(look.Px(paperHigh))
		img, _ = s.get(small)
	}
	w, h := float32(210), float32(297)
	if img != nil {
		w, h = float32(img.Rect.Dx()), float32(img.Rect.Dy())
	}
	k := min(room.Width/w, room.Height/h)
	size := fyne.NewSize(w*k, h*k)
	at = at.AddXY((room.Width-size.Width)/2, (room.Height-size.Height)/2)
	r.sheets[i].Show()
	r.sheets[i].Move(at)
	r.sheets[i].Resize(size)
	r.images[i].Move(at)
	r.images[i].Resize(size)
	r.images[i].Hidden = img == nil
	if img != nil && r.images[i].Image != image.Image(img) {
		r.images[i].Image = img
		r.images[i].Refresh()
	}
	r.sheets[i].Refresh()
}

// drawFrame darkens what would not be shown.
func (r *largeRenderer) drawFrame(p *Page) {
	on := r.l.framing
	r.frame.Hidden = !on
	for _, s := range r.shades {
		s.Hidden = !on
	}
	if !on {
		return
	}
	b := turned(r.l.box, p.Turns+r.l.v.shelf.held[p.From.Blob.Hash])
	at, size := r.sheets[0].Position(), r.sheets[0].Size()
	x0, x1 := at.X+float32(b.X0)*size.Width, at.X+float32(b.X1)*size.Width
	y0, y1 := at.Y+float32(b.Y0)*size.Height, at.Y+float32(b.Y1)*size.Height
	right, low := at.X+size.Width, at.Y+size.Height
	for i, q := range [4][4]float32{{at.X, at.Y, right, y0}, {at.X, y1, right, low}, {at.X, y0, x0, y1}, {x1, y0, right, y1}} {
		r.shades[i].FillColor = color.NRGBA{A: 0x70}
		r.shades[i].Move(fyne.NewPos(q[0], q[1]))
		r.shades[i].Resize(fyne.NewSize(max(0, q[2]-q[0]), max(0, q[3]-q[1])))
		r.shades[i].Refresh()
	}
	r.frame.StrokeColor, r.frame.StrokeWidth = look.Palette().Focus, 2
	r.frame.Move(fyne.NewPos(x0, y0))
	r.frame.Resize(fyne.NewSize(x1-x0, y1-y0))
	r.frame.Refresh()
}

// turned is a box of a page after quarter turns clockwise.
func turned(b record.Box, turns int) record.Box {
	for range turns {
		b = record.Box{X0: 1 - b.Y1, Y0: b.X0, X1: 1 - b.Y0, Y1: b.X1}
	}
	return b
}

// pixels is how many of the screen's pixels a length takes, in steps, so that pictures serve after small changes.
func (v *View) pixels(length float32) int {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(v.root); c != nil {
		scale = c.Scale()
	}
	const step = 64
	return max(step, (int(length*scale)+step-1)/step*step)
}

// degrees writes an angle as people of the language do.
func (v *View) degrees(a float64) string {
	s := strconv.FormatFloat(a, 'f', 1, 64)
	if s == "0.0" || s == "-0.0" {
		s = strconv.FormatFloat(a, 'f', 2, 64)
	}
	s = strings.Replace(s, "-", "−", 1)
	return strings.Replace(s, ".", v.o.Texts.T("pages.point"), 1) + "°"
}

// slot is the name of a proof.
func (v *View) slot(id string) string {
	if v.o.Slots == nil {
		return ""
	}
	for _, s := range v.o.Slots() {
		if s.ID == id {
			return s.Name
		}
	}
	return ""
}
