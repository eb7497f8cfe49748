package formview

import (
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"golang.org/x/image/vector"

	"schalter/data/form"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// pad is where somebody signs, with a mouse, a finger or a pen: a desktop hands all three on as a pointer.
// It is one stop for Tab; Backspace takes the last stroke back and Del clears all.
type pad struct {
	c     *cell
	sheet *sheetOfPaper
	undo  *control.Button
	clear *control.Button
	box   *fyne.Container
}

func newPad(c *cell) *pad {
	p := &pad{c: c}
	p.sheet = &sheetOfPaper{p: p}
	p.sheet.ExtendBaseWidget(p.sheet)
	t := c.v.texts
	p.undo = control.NewButton(t.T("formview.sign.undo"), "", control.Quiet, p.back)
	p.clear = control.NewButton(t.T("formview.sign.clear"), "", control.Quiet, func() { p.give(nil) })
	p.box = container.New(padLayout{}, p.sheet, p.undo, p.clear)
	return p
}

func (p *pad) object() fyne.CanvasObject { return p.box }

func (p *pad) keys() fyne.Focusable {
	if p.c.state.ReadOnly {
		return nil
	}
	return p.sheet
}

func (p *pad) height(width float32) float32 {
	h := paperSize(width).Height
	if !beside(width, p.undo, p.clear) {
		h += look.Px(6) + p.undo.MinSize().Height
	}
	return h
}

func (p *pad) mark(s control.FieldState) {
	if p.sheet.state != s {
		p.sheet.state = s
		p.sheet.Refresh()
	}
	locked := p.c.state.ReadOnly || len(p.sheet.drawn) == 0
	for _, b := range []*control.Button{p.undo, p.clear} {
		if b.Visible() == locked {
			b.Hidden = locked
			b.Refresh()
		}
	}
}

func (p *pad) restyle() { p.box.Refresh() }

// set shows the signature that the model has.
func (p *pad) set(string) {
	s, _ := form.ParseSignature(p.c.state.Value)
	if p.sheet.drawn.String() == s.String() {
		return
	}
	p.sheet.drawn = s
	p.sheet.Refresh()
}

// give makes what was drawn the answer.
func (p *pad) give(s form.Signature) {
	if p.c.state.ReadOnly {
		return
	}
	p.sheet.drawn = s
	p.sheet.Refresh()
	p.c.v.m.Type(p.c.path, s.String())
}

func (p *pad) back() {
	if n := len(p.sheet.drawn); n > 0 {
		p.give(p.sheet.drawn[:n-1])
	}
}

// paperSize is the size of the paper on a page of a width.
func paperSize(width float32) fyne.Size {
	w := min(width, look.Px(420))
	return fyne.NewSize(w, w*form.SignatureHeight/form.SignatureWidth)
}

// beside tells whether there is room for the buttons at the right of the paper.
func beside(width float32, buttons ...fyne.CanvasObject) bool {
	for _, b := range buttons {
		if paperSize(width).Width+8+b.MinSize().Width > width {
			return false
		}
	}
	return true
}

// padLayout puts the buttons beside the paper, or where there is no room in a row beneath it: never over what is written.
type padLayout struct{}

func (padLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Target, look.Target)
}

func (padLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	paper := paperSize(s.Width)
	put(o[0], 0, 0, paper.Width, paper.Height)
	if beside(s.Width, o[1:]...) {
		y := float32(0)
		for _, b := range o[1:] {
			m := b.MinSize()
			put(b, paper.Width+8, y, m.Width, m.Height)
			y += m.Height + 4
		}
		return
	}
	x := float32(0)
	for _, b := range o[1:] {
		m := b.MinSize()
		put(b, x, paper.Height+look.Px(6), m.Width, m.Height)
		x += m.Width + 8
	}
}

// sheetOfPaper is what is written on.
type sheetOfPaper struct {
	widget.BaseWidget
	p       *pad
	drawn   form.Signature
	down    bool // the pen is
	focused bool
	state   control.FieldState
}

// MouseDown puts the pen down.
func (s *sheetOfPaper) MouseDown(e *desktop.MouseEvent) {
	control.Focus(s)
	if s.p.c.state.ReadOnly || len(s.drawn) >= form.MaxStrokes || e.Button == desktop.MouseButtonSecondary {
		return
	}
	s.down = true
	s.drawn = append(slices.Clip(s.drawn), nil)
	s.point(e.Position)
}

// MouseUp lifts the pen.
func (s *sheetOfPaper) MouseUp(*desktop.MouseEvent) { s.lift() }

// Dragged draws.
func (s *sheetOfPaper) Dragged(e *fyne.DragEvent) {
	if s.down {
		s.point(e.Position)
	}
}

// DragEnd lifts the pen.
func (s *sheetOfPaper) DragEnd() { s.lift() }

func (s *sheetOfPaper) lift() {
	if s.down {
		s.down = false
		s.p.give(s.drawn)
	}
}

// nearby is the distance, in units of the box, below which a further point shows nothing new.
const nearby = 3

// point notes where the pen is.
func (s *sheetOfPaper) point(at fyne.Position) {
	size := s.Size()
	p := form.Point{
		X: within(at.X/size.Width, form.SignatureWidth),
		Y: within(at.Y/size.Height, form.SignatureHeight),
	}
	k := len(s.drawn) - 1
	stroke := s.drawn[k]
	if n := len(stroke); n > 0 {
		if last := stroke[n-1]; abs(last.X-p.X)+abs(last.Y-p.Y) < nearby {
			return
		}
	}
	total := 0
	for _, x := range s.drawn {
		total += len(x)
	}
	if total >= form.MaxSignaturePoints {
		return
	}
	s.drawn[k] = append(stroke, p)
	s.Refresh()
}

func within(part float32, limit int) int {
	return max(0, min(limit, int(math.Round(float64(part)*float64(limit)))))
}

func abs(n int) int { return max(n, -n) }

// TypedKey takes strokes back; what it does not know goes to the commands.
func (s *sheetOfPaper) TypedKey(k *fyne.KeyEvent) {
	c := s.p.c
	switch k.Name {
	case fyne.KeyBackspace:
		s.p.back()
	case fyne.KeyDelete:
		s.p.give(nil)
	case fyne.KeyReturn, fyne.KeyEnter:
		c.v.step(c, 1)
	default:
		if !c.v.key(c, k, false) {
			command.Forward(s, command.Plain(k.Name))
		}
	}
}

// TypedRune does nothing: a signature is drawn.
func (s *sheetOfPaper) TypedRune(rune) {}

// TypedShortcut undoes, or goes to the commands.
func (s *sheetOfPaper) TypedShortcut(x fyne.Shortcut) {
	if s.p.c.v.shortcut(s.p.c, x) {
		return
	}
	if k, ok := command.KeyOf(x); ok {
		command.Forward(s, k)
	}
}

// FocusGained shows the ring.
func (s *sheetOfPaper) FocusGained() {
	s.focused = true
	s.Refresh()
	s.p.c.v.focusMoved(s.p.c, true, nil)
}

// FocusLost takes the ring away.
func (s *sheetOfPaper) FocusLost() {
	s.focused = false
	s.lift()
	s.Refresh()
	s.p.c.v.focusMoved(s.p.c, false, nil)
}

// AccessibilityLabel is the question.
func (s *sheetOfPaper) AccessibilityLabel() string { return s.p.c.caption }

// AccessibilityRole is text.
func (s *sheetOfPaper) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (s *sheetOfPaper) CreateRenderer() fyne.WidgetRenderer {
	r := &paperRenderer{
		s: s, face: canvas.NewRectangle(clear), ring: canvas.NewRectangle(clear), rule: canvas.NewRectangle(clear),
		here: &canvas.Text{Text: s.p.c.v.texts.T("formview.sign.here")},
	}
	r.ink = canvas.NewRaster(func(w, h int) image.Image { return inked(s.drawn, w, h) })
	r.Refresh()
	return r
}

type paperRenderer struct {
	s                *sheetOfPaper
	face, rule, ring *canvas.Rectangle
	here             *canvas.Text
	ink              *canvas.Raster
}

func (r *paperRenderer) Destroy() {}

func (r *paperRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.rule, r.here, r.ink, r.ring}
}

func (r *paperRenderer) MinSize() fyne.Size { return fyne.NewSize(look.Target, look.Target) }

func (r *paperRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	r.ring.Resize(s)
	r.ink.Resize(s)
	r.rule.Move(fyne.NewPos(16, s.Height*0.75))
	r.rule.Resize(fyne.NewSize(max(1, s.Width-32), 1))
	m := r.here.MinSize()
	r.here.Move(fyne.NewPos(16, s.Height*0.75+2))
	r.here.Resize(m)
}

func (r *paperRenderer) Refresh() {
	p := look.Palette()
	line, width := p.FieldLine, float32(1)
	switch r.s.state {
	case control.FieldTrouble:
		line, width = p.Trouble, 2
	case control.FieldWaiting:
		line, width = p.Waiting, 2
	case control.FieldPlain:
	}
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth, r.face.CornerRadius = p.Surface, line, width, look.RadiusField
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = clear, p.Focus, look.RingWidth, look.RadiusField
	r.ring.Hidden = !r.s.focused
	r.rule.FillColor = p.Line
	r.here.Color, r.here.TextSize = p.Ink2, look.Text(look.TextSmall)
	r.here.Hidden = len(r.s.drawn) > 0
	for _, o := range r.Objects() {
		o.Refresh()
	}
	r.Layout(r.s.Size())
}

// inked draws a signature into a picture of w by h pixels.
func inked(s form.Signature, w, h int) image.Image {
	dst := image.NewNRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
	if len(s) == 0 || w < 2 || h < 2 {
		return dst
	}
	z := vector.NewRasterizer(w, h)
	scale := float32(w) / form.SignatureWidth
	half := max(0.8, 4*scale)
	for _, stroke := range s {
		for i, p := range stroke {
			x, y := float32(p.X)*scale, float32(p.Y)*scale
			dot(z, x, y, half)
			if i > 0 {
				bar(z, float32(stroke[i-1].X)*scale, float32(stroke[i-1].Y)*scale, x, y, half)
			}
		}
	}
	z.Draw(dst, dst.Bounds(), image.NewUniform(look.Palette().Ink), image.Point{})
	return dst
}

// dot is the round end of a line. All shapes run the same way round, so that what overlaps adds up.
func dot(z *vector.Rasterizer, x, y, r float32) {
	const corners = 10
	for k := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / corners)
		px, py := x+r*float32(cos), y+r*float32(sin)
		if k == 0 {
			z.MoveTo(px, py)
		} else {
			z.LineTo(px, py)
		}
	}
	z.ClosePath()
}

// bar is the line between two points.
func bar(z *vector.Rasterizer, ax, ay, bx, by, half float32) {
	dx, dy := bx-ax, by-ay
	n := float32(math.Hypot(float64(dx), float64(dy)))
	if n == 0 {
		return
	}
	ox, oy := -dy/n*half, dx/n*half
	z.MoveTo(ax-ox, ay-oy)
	z.LineTo(bx-ox, by-oy)
	z.LineTo(bx+ox, by+oy)
	z.LineTo(ax+ox, ay+oy)
	z.ClosePath()
}
