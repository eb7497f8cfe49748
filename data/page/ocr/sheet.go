package ocr

import (
	"fmt"
	"image"

	"schalter/data/page"
)

// sheet is a picture and what of it is given to the program.
type sheet struct {
	w, h   int // of the picture
	factor int // how many of its pixels became one
	small  *image.Gray
	dpi    int // of small
}

const (
	enoughDPI = 300 // more does not read better, and takes longer
	leastDPI  = 70  // what the program believes
	mostDPI   = 2400
	a4Inches  = 8.27
)

func newSheet(g *image.Gray, dpi int) sheet {
	b := g.Bounds()
	s := sheet{w: b.Dx(), h: b.Dy(), factor: 1, small: g, dpi: dpi}
	if s.dpi <= 0 { // as if it were as wide as A4
		s.dpi = int(float64(min(s.w, s.h))/a4Inches + 0.5)
	}
	if f := (s.dpi + enoughDPI/2) / enoughDPI; f > 1 {
		s.factor, s.small, s.dpi = f, page.Reduce(g, f), s.dpi/f
	}
	s.dpi = min(max(s.dpi, leastDPI), mostDPI)
	return s
}

// text brings what was read on the turned sheet back to the picture.
func (s sheet) text(a answer, turns int) page.Text {
	t := page.Text{Width: float64(s.w), Height: float64(s.h), Turns: (turns + a.lying()) % 4, Words: make([]page.Word, 0, len(a))}
	sb := s.small.Bounds()
	w, h, f := float64(sb.Dx()), float64(sb.Dy()), float64(s.factor)
	for _, said := range a {
		o := said.Word
		switch turns {
		case 1:
			o.X0, o.Y0, o.X1, o.Y1 = o.Y0, h-o.X1, o.Y1, h-o.X0
		case 2:
			o.X0, o.Y0, o.X1, o.Y1 = w-o.X1, h-o.Y1, w-o.X0, h-o.Y0
		case 3:
			o.X0, o.Y0, o.X1, o.Y1 = w-o.Y1, o.X0, w-o.Y0, o.X1
		}
		o.X0, o.X1 = min(o.X0*f, t.Width), min(o.X1*f, t.Width)
		o.Y0, o.Y1 = min(o.Y0*f, t.Height), min(o.Y1*f, t.Height)
		t.Words = append(t.Words, o)
	}
	return t
}

// turned is a picture after quarter turns clockwise.
func turned(g *image.Gray, turns int) *image.Gray {
	if turns == 0 {
		return g
	}
	b := g.Bounds()
	w, h := b.Dx(), b.Dy()
	if turns == 2 {
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			from, to := g.Pix[y*g.Stride:][:w], out.Pix[(h-1-y)*out.Stride:][:w]
			for x, v := range from {
				to[w-1-x] = v
			}
		}
		return out
	}
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		from := g.Pix[y*g.Stride:][:w]
		for x, v := range from {
			if turns == 1 {
				out.Pix[x*out.Stride+h-1-y] = v
			} else {
				out.Pix[(w-1-x)*out.Stride+y] = v
			}
		}
	}
	return out
}

// portable is a picture as a PGM file, in pieces that need no copy where the rows lie side by side.
func portable(g *image.Gray) [][]byte {
	b := g.Bounds()
	out := [][]byte{fmt.Appendf(nil, "P5\n%d %d\n255\n", b.Dx(), b.Dy())}
	if g.Stride == b.Dx() {
		return append(out, g.Pix[:b.Dx()*b.Dy()])
	}
	for y := range b.Dy() {
		out = append(out, g.Pix[y*g.Stride:][:b.Dx()])
	}
	return out
}
