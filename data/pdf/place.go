package pdf

import (
	"math"
	"strconv"
	"strings"

	"schalter/data/record"
)

// matrix maps (x, y) to (a x + c y + e, b x + d y + f), as PDF writes it.
type matrix struct{ a, b, c, d, e, f float64 }

// then is the matrix that does m first and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d, m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

func (m matrix) String() string { return nums(m.a, m.b, m.c, m.d, m.e, m.f) }

func nums(list ...float64) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = strconv.FormatFloat(math.Round(v*1e4)/1e4+0, 'f', -1, 64)
	}
	return strings.Join(out, " ")
}

// Smallest and largest side of a page that ISO 19005-2 allows, in points.
const (
	minSide = 3.0
	maxSide = 14400.0
)

// place says how a picture (or a page of another PDF) of width by height points lies on its page. The canvas is
// as large as the picture; the picture is turned about its middle; the page is a part of the canvas.
type place struct {
	width, height float64 // of the canvas
	skew          float64 // radians, clockwise
	left, bottom  float64 // where the page begins on the canvas
	pageW, pageH  float64 // of the page before its quarter turns
	turns         int     // 0 to 3, clockwise
	mirror        bool    // the picture's left is its right
	whole         bool    // nothing reaches over the page's edge
}

// newPlace lays a picture. Numbers that are none count as nothing to do, so that every page can be shown.
func newPlace(width, height, skew float64, crop *record.Box, turns int) place {
	scale := min(1, maxSide/width, maxSide/height)
	p := place{width: width * scale, height: height * scale, turns: quarter(turns), whole: true}
	if a := math.Mod(skew, 360); !math.IsNaN(a) && a != 0 {
		p.skew, p.whole = a*math.Pi/180, false
	}
	p.pageW, p.pageH = p.width, p.height
	if b, ok := part(crop); ok {
		p.left, p.bottom = b.X0*p.width, (1-b.Y1)*p.height
		p.pageW, p.pageH = (b.X1-b.X0)*p.width, (b.Y1-b.Y0)*p.height
		p.whole = false
	}
	p.pageW, p.pageH = max(minSide, p.pageW), max(minSide, p.pageH)
	return p
}

func quarter(turns int) int { return (turns%4 + 4) % 4 }

// part is a crop brought into the picture; false where nothing would be left of it.
func part(b *record.Box) (record.Box, bool) {
	if b == nil {
		return record.Box{}, false
	}
	in := func(v float64) float64 { return max(0, min(1, v)) }
	c := record.Box{X0: in(b.X0), Y0: in(b.Y0), X1: in(b.X1), Y1: in(b.Y1)}
	return c, c.X1-c.X0 > 1e-4 && c.Y1-c.Y0 > 1e-4 && (c != record.Box{X1: 1, Y1: 1})
}

// straight turns the canvas about its middle and moves it under the page.
func (p place) straight() matrix {
	sin, cos := math.Sincos(p.skew)
	x, y := p.width/2, p.height/2
	return matrix{cos, -sin, sin, cos, x - x*cos - y*sin - p.left, y + x*sin - y*cos - p.bottom}
}

// picture is the matrix that brings the unit square, as PDF paints an image, onto the page.
func (p place) picture() matrix {
	m := matrix{p.width, 0, 0, p.height, 0, 0}
	if p.mirror {
		m = matrix{-p.width, 0, 0, p.height, p.width, 0}
	}
	return m.then(p.straight())
}

// upright leads from the page as it is read after so many quarter turns, its corner at the bottom left, to the
// page before them.
func (p place) upright(turns int) matrix {
	switch turns {
	case 1:
		return matrix{0, 1, -1, 0, p.pageW, 0}
	case 2:
		return matrix{-1, 0, 0, -1, p.pageW, p.pageH}
	case 3:
		return matrix{0, -1, 1, 0, 0, p.pageH}
	}
	return matrix{1, 0, 0, 1, 0, 0}
}

// read leads the other way.
func (p place) read(turns int) matrix {
	switch turns {
	case 1:
		return matrix{0, -1, 1, 0, 0, p.pageW}
	case 2:
		return matrix{-1, 0, 0, -1, p.pageW, p.pageH}
	case 3:
		return matrix{0, 1, -1, 0, p.pageH, 0}
	}
	return matrix{1, 0, 0, 1, 0, 0}
}

// begin opens the page's content: the clip, where something would reach over the edge, and the matrix of what
// is drawn. What it opens ends with Q.
func (p place) begin(m matrix) string {
	clip := ""
	if !p.whole {
		clip = " " + nums(0, 0, p.pageW, p.pageH) + " re W n"
	}
	return "q" + clip + " " + m.String() + " cm"
}

// box is the page's entries in its dictionary.
func (p place) box() string {
	s := "/MediaBox [0 0 " + nums(p.pageW, p.pageH) + "]"
	if p.turns != 0 {
		s += " /Rotate " + strconv.Itoa(90*p.turns)
	}
	return s
}
