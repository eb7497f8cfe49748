package pageview

import (
	"math"
	"sort"

	"schalter/data/record"
)

// Zoom limits: one tenth and four times the real size.
const (
	zoomMin  = 0.1
	zoomMax  = 4.0
	zoomStep = 1.2
	fitWidth = 0.0
	fitPage  = -1.0
	// screenDPI is the resolution at which one point of paper times 96/72 is one unit of the window.
	screenDPI = 96.0
	gapPages  = 14.0 // between two pages
	// maxPixels bounds one drawn page; beyond it the page is drawn coarser and stretched.
	maxPixels = 24_000_000
)

// room is what there is to draw into, in units of the window, with the screen pixels of one unit and the
// zoom that was chosen.
type room struct{ width, height, scale, zoom float64 }

// factor is the zoom of a page of w x h points.
func (r room) factor(w, h float64) float64 {
	z := r.zoom
	switch z {
	case fitWidth:
		z = r.width / (w * screenDPI / 72)
	case fitPage:
		z = min(r.width/w, r.height/h) * 72 / screenDPI
	}
	return min(max(z, zoomMin), zoomMax)
}

// pixels is the width of a page in screen pixels.
func (r room) pixels(w, h float64) int {
	return max(1, int(math.Round(w*screenDPI/72*r.factor(w, h)*r.scale)))
}

// strip lays the pages one under the other: where each begins and how large it is, in units of the window
// and whole screen pixels. A page whose size is not known yet counts as large as the first one.
type strip struct {
	room
	turns int
	sizes [][2]float64 // points at 0 turns; 0: not known
	known int          // how many are
	guess [2]float64
	tops  []float64 // upper edges, and the end of the last page
	wide  float64   // the widest page
}

// reset begins a paper.
func (s *strip) reset(pages int) {
	s.sizes, s.known, s.guess, s.turns = make([][2]float64, pages), 0, [2]float64{595, 842}, 0
	s.lay()
}

// learn takes a page's size and reports whether anything moved.
func (s *strip) learn(page int, w, h float64) bool {
	now := [2]float64{w, h}
	if s.sizes[page] == now {
		return false
	}
	if s.known == 0 {
		s.guess = now
	}
	if s.sizes[page][0] == 0 {
		s.known++
	}
	s.sizes[page] = now
	s.lay()
	return true
}

// points is a page's size at 0 turns.
func (s *strip) points(page int) (w, h float64) {
	if p := s.sizes[page]; p[0] > 0 {
		return p[0], p[1]
	}
	return s.guess[0], s.guess[1]
}

// turned is a page's size as it lies.
func (s *strip) turned(page int) (w, h float64) {
	w, h = s.points(page)
	if s.turns%2 == 1 {
		return h, w
	}
	return w, h
}

// px is a page's width in screen pixels.
func (s *strip) px(page int) int { return s.pixels(s.turned(page)) }

// size is a page's size on the screen.
func (s *strip) size(page int) (w, h float64) {
	pw, ph := s.turned(page)
	px := float64(s.pixels(pw, ph))
	return px / s.scale, max(1, math.Round(px*ph/pw)) / s.scale
}

// lay computes where the pages are.
func (s *strip) lay() {
	s.tops = append(s.tops[:0], 0)
	s.wide = 0
	gap := math.Round(gapPages*s.scale) / s.scale
	y := 0.0
	for i := range s.sizes {
		s.tops[i] = y
		w, h := s.size(i)
		s.wide = max(s.wide, w)
		y += h
		s.tops = append(s.tops, y)
		y += gap
	}
}

// height is that of all pages together.
func (s *strip) height() float64 { return s.tops[len(s.tops)-1] }

// at is the page at or above y and how far down it y lies: 0 to 1 on the page, beyond it in parts of a gap.
func (s *strip) at(y float64) (page int, part float64) {
	n := len(s.sizes)
	if n == 0 {
		return 0, 0
	}
	page = max(0, sort.Search(n, func(i int) bool { return s.tops[i] > y })-1)
	_, h := s.size(page)
	switch y -= s.tops[page]; {
	case y < 0:
		return page, y / gapPages
	case y > h:
		return page, 1 + (y-h)/gapPages
	}
	return page, y / h
}

// y is the place that at gave.
func (s *strip) y(page int, part float64) float64 {
	_, h := s.size(page)
	switch {
	case part < 0:
		return s.tops[page] + part*gapPages
	case part > 1:
		return s.tops[page] + h + (part-1)*gapPages
	}
	return s.tops[page] + part*h
}

// sight is the first and the last page that touch the part from y on.
func (s *strip) sight(y, height float64) (first, last int) {
	first, part := s.at(y)
	if part > 1 && first < len(s.sizes)-1 {
		first++
	}
	last, _ = s.at(y + height)
	return first, max(first, last)
}

// turnBox turns a box on a page by quarters clockwise, as the page lies then.
func turnBox(b record.Box, turns int) record.Box {
	for range ((turns % 4) + 4) % 4 {
		b = record.Box{X0: 1 - b.Y1, Y0: b.X0, X1: 1 - b.Y0, Y1: b.X1}
	}
	return b
}

// orderly has the corners the right way round and within the page.
func orderly(b record.Box) record.Box {
	in := func(v float64) float64 { return min(max(v, 0), 1) }
	return record.Box{
		X0: in(min(b.X0, b.X1)), Y0: in(min(b.Y0, b.Y1)),
		X1: in(max(b.X0, b.X1)), Y1: in(max(b.Y0, b.Y1)),
	}
}
