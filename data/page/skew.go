package page

import (
	"math"
	"slices"
)

// How the angle is looked for, in degrees.
const (
	skewRange  = 10.0
	skewCoarse = 0.5
	skewFine   = 0.05
)

const (
	enoughPoints = 120    // fewer edges of letters give no angle
	mostPoints   = 40_000 // more add nothing
	clearPeak    = 4      // how much sharper the lines must be at the angle found than at most others
)

// skew is the angle by which the page is turned to be straight: where the lower edges of its letters gather
// in the fewest lines. A page that lies on its side is straightened just the same.
func (v *view) skew() (float64, bool) {
	flat, side := v.points()
	a, clear := peak(flat, v.w, v.h)
	if b, clearer := peak(side, v.h, v.w); clearer > clear {
		a, clear = b, clearer
	}
	if clear < clearPeak {
		return 0, false
	}
	return 0 - math.Round(a*100)/100, true
}

type point struct{ x, y int32 }

// pictureSide is what makes a piece of ink a picture when it is filled as well, in millimetres. Its outline
// says nothing about how the page lies.
const pictureSide = 30.0

func (v *view) picture(p part) bool {
	w, h := p.x1-p.x0+1, p.y1-p.y0+1
	return float64(min(w, h))*v.mm > pictureSide && 10*p.area > 3*w*h
}

// points are the lower edges of the content, and the right edges turned by a quarter.
func (v *view) points() (flat, side []point) {
	v.spans(func(y, x0, x1, at int) {
		if v.picture(v.parts[at]) {
			return
		}
		for x := x0; x < x1; x++ {
			if y+1 < v.h && !v.mask[(y+1)*v.w+x] {
				flat = append(flat, point{int32(x), int32(y)})
			}
		}
		if x1 < v.w && !v.mask[y*v.w+x1] {
			side = append(side, point{int32(v.h - 1 - y), int32(x1)})
		}
	})
	return flat, side
}

// peak finds the slope, in degrees downwards to the right, along which points gather, and how much more than
// along most others.
func peak(p []point, w, h int) (at, clear float64) {
	if len(p) < enoughPoints {
		return 0, 0
	}
	if step := int32(1 + len(p)/mostPoints); step > 1 {
		p = slices.DeleteFunc(p, func(q point) bool { return q.x%step != 0 })
	}
	s := newScorer(p, w, h)
	var all []float64
	best := 0.0
	for a := -skewRange; a <= skewRange+skewFine/2; a += skewCoarse {
		v := s.score(a)
		all = append(all, v)
		if v > best {
			best, at = v, a
		}
	}
	slices.Sort(all)
	middle := all[len(all)/2]
	from := at - skewCoarse
	n := int(math.Round(2 * skewCoarse / skewFine))
	fine := make([]float64, n+1)
	top := 0
	for i := range fine {
		if fine[i] = s.score(from + float64(i)*skewFine); fine[i] > fine[top] {
			top = i
		}
	}
	at = from + float64(top)*skewFine
	if top > 0 && top < n { // the vertex of a parabola through the three
		l, m, r := fine[top-1], fine[top], fine[top+1]
		if d := l - 2*m + r; d < 0 {
			at += skewFine * (l - r) / (2 * d)
		}
	}
	if math.Abs(at) >= skewRange {
		return 0, 0
	}
	return at, fine[top] / middle
}

// scorer tells how sharply points gather in lines of a slope.
type scorer struct {
	p      []point
	xs, ys []int32 // what a column and a line add, in 1/256 of a bin
	bins   []int32
	w, h   int
}

// perPixel is how many bins there are to a pixel. What is compared is a pixel's worth of bins, at every place,
// so that it does not matter how the lines of writing fall onto those of the picture.
const perPixel = 4

func newScorer(p []point, w, h int) *scorer {
	return &scorer{p: p, xs: make([]int32, w+1), ys: make([]int32, h), bins: make([]int32, 2*perPixel*(w+h)), w: w, h: h}
}

func (s *scorer) score(degrees float64) float64 {
	sin, cos := sincos(degrees)
	off := float64(len(s.bins)) / 2
	for x := range s.xs {
		// A pixel is as high as perPixel bins; a column's points fall into one of them at random. Without that
		// no slope at all would gather best, because the pixels lie in lines.
		s.xs[x] = int32(math.Round(-256*perPixel*sin*(float64(x)-float64(s.w)/2))) + perPixel*int32(uint32(x)*2654435761>>24)
	}
	for y := range s.ys {
		s.ys[y] = int32(math.Round(256 * (perPixel*cos*(float64(y)-float64(s.h)/2) + off)))
	}
	clear(s.bins)
	for _, q := range s.p {
		s.bins[(s.xs[q.x]+s.ys[q.y])>>8]++
	}
	sum, upper, lower := 0.0, int32(0), int32(0)
	b := s.bins
	for i := 2 * perPixel; i < len(b); i++ {
		upper += b[i-perPixel] - b[i-2*perPixel]
		lower += b[i] - b[i-perPixel]
		d := float64(lower - upper)
		sum += d * d
	}
	return sum
}

func sincos(degrees float64) (sin, cos float64) { return math.Sincos(degrees * math.Pi / 180) }
