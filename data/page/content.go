package page

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// What a page is judged by, in millimetres.
const (
	border     = 2.0  // what comes as near to the edge of the page is a shadow or dirt …
	borderDeep = 12.0 // … unless it reaches in further than this
	speckSize  = 0.8  // smaller than any letter
	streakWide = 1.5
	padding    = 2.0 // left around the content
)

// What a page is judged by, in steps of brightness and in number.
const (
	inkDrop     = 40 // darker than the paper by this is ink: a back side shining through stays below
	throughDrop = 14
	shade       = 40 // paper may be darker by this in places, as under a fold
	manySpecks  = 80 // more than dust: something is there
)

// part is a connected piece of ink.
type part struct {
	x0, y0, x1, y1 int // inclusive
	area           int
	kind           kind
}

type kind int

const (
	content kind = iota
	edge         // content only where it is far from the border
	other        // hole, streak or speck
)

type run struct{ y, x0, x1, part int } // x1 exclusive

// view is a reduced page with its ink in pieces.
type view struct {
	g     *image.Gray
	w, h  int
	mm    float64 // of a pixel
	paper uint8
	mask  []bool // ink
	runs  []run
	parts []part
	seen  []Reason
	specks,
	through int
}

func newView(g *image.Gray, mm float64) *view {
	v := &view{g: g, w: g.Rect.Dx(), h: g.Rect.Dy(), mm: mm}
	v.findPaper()
	v.findInk()
	v.join()
	return v
}

// findPaper takes the commonest brightness of the light half for that of the paper.
func (v *view) findPaper() {
	n := counts(v.g)
	v.paper = 255
	best := 0
	for b := 128; b < 256; b++ {
		sum := 0
		for k := max(128, b-2); k <= min(255, b+2); k++ {
			sum += n[k]
		}
		if sum > best || sum == best && sum > 0 {
			best, v.paper = sum, uint8(b)
		}
	}
}

// tile is how large a piece of the page is that has one brightness of paper, in millimetres.
const tile = 8.0

// findInk marks what is darker than the paper around it.
func (v *view) findInk() {
	v.mask = make([]bool, v.w*v.h)
	side := max(8, int(tile/v.mm))
	for y0 := 0; y0 < v.h; y0 += side {
		for x0 := 0; x0 < v.w; x0 += side {
			v.inkOf(x0, y0, min(x0+side, v.w), min(y0+side, v.h))
		}
	}
}

func (v *view) inkOf(x0, y0, x1, y1 int) {
	var n [256]int
	for y := y0; y < y1; y++ {
		for _, p := range v.g.Pix[y*v.g.Stride+x0 : y*v.g.Stride+x1] {
			n[p]++
		}
	}
	light, left := 255, (x1-x0)*(y1-y0)/5
	for ; light > 0; light-- {
		if left -= n[light]; left < 0 {
			break
		}
	}
	if light < int(v.paper)-shade || light > int(v.paper) {
		light = int(v.paper)
	}
	ink, faint := max(0, light-inkDrop), max(0, light-throughDrop)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			switch p := int(v.g.Pix[y*v.g.Stride+x]); {
			case p < ink:
				v.mask[y*v.w+x] = true
			case p < faint:
				v.through++
			}
		}
	}
}

// join finds connected ink, corners included.
func (v *view) join() {
	var up []int // parent of each label
	find := func(i int) int {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	start := 0 // of the runs of this line
	for y := range v.h {
		k := start // of those of the line before that may touch
		start = len(v.runs)
		row := v.mask[y*v.w : (y+1)*v.w]
		for x := 0; x < v.w; x++ {
			if !row[x] {
				continue
			}
			r := run{y: y, x0: x, part: -1}
			for x < v.w && row[x] {
				x++
			}
			r.x1 = x
			for k < start && v.runs[k].x1 < r.x0 {
				k++
			}
			for j := k; j < start && v.runs[j].x0 <= r.x1; j++ {
				if o := find(v.runs[j].part); r.part < 0 {
					r.part = o
				} else {
					up[o] = find(r.part)
				}
			}
			if r.part < 0 {
				r.part = len(up)
				up = append(up, r.part)
			}
			v.runs = append(v.runs, r)
		}
	}
	v.measure(up, find)
}

func (v *view) measure(up []int, find func(int) int) {
	index := make([]int, len(up))
	for i := range index {
		index[i] = -1
	}
	for i := range v.runs {
		r := &v.runs[i]
		root := find(r.part)
		if index[root] < 0 {
			index[root] = len(v.parts)
			v.parts = append(v.parts, part{x0: r.x0, y0: r.y, x1: r.x1 - 1, y1: r.y})
		}
		r.part = index[root]
		p := &v.parts[r.part]
		p.x0, p.x1, p.y1 = min(p.x0, r.x0), max(p.x1, r.x1-1), max(p.y1, r.y)
		p.area += r.x1 - r.x0
	}
}

// sort tells content from dirt, shadow and holes.
func (v *view) sort() {
	seen := map[Reason]bool{}
	for i := range v.parts {
		p := &v.parts[i]
		w, h := float64(p.x1-p.x0+1)*v.mm, float64(p.y1-p.y0+1)*v.mm
		near := min(float64(p.x0), float64(p.y0), float64(v.w-1-p.x1), float64(v.h-1-p.y1)) * v.mm
		switch {
		case v.streak(w, h):
			p.kind, seen[Streak] = other, true
		case near < border:
			p.kind, seen[Edges] = edge, true
		case max(w, h) < speckSize:
			p.kind, seen[Specks] = other, true
			v.specks++
		}
	}
	if v.holes() {
		seen[Holes] = true
	}
	if v.through*200 > v.w*v.h {
		seen[Through] = true
	}
	for _, r := range []Reason{Edges, Holes, Streak, Specks, Through} {
		if seen[r] {
			v.seen = append(v.seen, r)
		}
	}
}

func (v *view) streak(w, h float64) bool {
	return w < streakWide && h > 0.95*float64(v.h)*v.mm || h < streakWide && w > 0.95*float64(v.w)*v.mm
}

// What a punch makes (ISO 838), in millimetres.
const (
	holeMin   = 4.0
	holeMax   = 8.0
	holeIn    = 6.5 // its middle from the edge of the paper: 12, give or take
	holeOut   = 18.0
	holeApart = 80.0
)

// holes finds those of a punch: filled discs near an edge, and rings of shadow where two lie as far apart as
// a punch sets them.
func (v *view) holes() bool {
	type hole struct {
		at   *part
		x, y float64
		full bool
	}
	var all []hole
	for i := range v.parts {
		p := &v.parts[i]
		w, h := float64(p.x1-p.x0+1)*v.mm, float64(p.y1-p.y0+1)*v.mm
		if p.kind != content || min(w, h) < holeMin || max(w, h) > holeMax || max(w, h) > 1.3*min(w, h) {
			continue
		}
		x, y := float64(p.x0+p.x1)/2*v.mm, float64(p.y0+p.y1)/2*v.mm
		in := min(x, y, float64(v.w)*v.mm-x, float64(v.h)*v.mm-y)
		if in < holeIn || in > holeOut {
			continue
		}
		full := float64(p.area) * v.mm * v.mm / (w * h)
		all = append(all, hole{p, x, y, full > 0.7 && full < 0.87})
	}
	found := false
	for i, a := range all {
		pair := slices.ContainsFunc(slices.Concat(all[:i], all[i+1:]), func(b hole) bool {
			dx, dy := math.Abs(a.x-b.x), math.Abs(a.y-b.y)
			return math.Abs(math.Hypot(dx, dy)-holeApart) < 2.5 && min(dx, dy) < 15
		})
		if a.full || pair {
			a.at.kind, found = other, true
		}
	}
	return found
}

// spans calls f for every run of content, with the part it belongs to.
func (v *view) spans(f func(y, x0, x1, at int)) {
	deep := int(borderDeep / v.mm)
	for _, r := range v.runs {
		switch v.parts[r.part].kind {
		case content:
			f(r.y, r.x0, r.x1, r.part)
		case edge:
			if r.y < deep || r.y >= v.h-deep {
				continue
			}
			if x0, x1 := max(r.x0, deep), min(r.x1, v.w-deep); x0 < x1 {
				f(r.y, x0, x1, r.part)
			}
		case other:
		}
	}
}

// findings is all but the angle.
func (v *view) findings() Findings {
	f := Findings{Seen: v.seen, wide: float64(v.w) / float64(v.h)}
	n := 0
	var outline [][2]float64
	pad := padding / v.mm
	mx, my := float64(v.w)/2, float64(v.h)/2
	line, from, to := -1, 0, 0
	corners := func() {
		if line < 0 {
			return
		}
		for _, x := range []float64{float64(from) - pad - mx, float64(to) + pad - mx} {
			outline = append(outline, [2]float64{x, float64(line) - pad - my}, [2]float64{x, float64(line) + 1 + pad - my})
		}
	}
	v.spans(func(y, x0, x1, _ int) {
		n += x1 - x0
		if y != line {
			corners()
			line, from, to = y, x0, x1
		}
		to = max(to, x1) // runs of a line come from left to right
	})
	corners()
	f.Ink = float64(n) / float64(v.w*v.h)
	f.Blank = n == 0 && v.specks <= manySpecks
	f.hull = hull(outline)
	for i := range f.hull {
		f.hull[i][0] /= float64(v.h)
		f.hull[i][1] /= float64(v.h)
	}
	return f
}

// hull is the smallest convex shape around points.
func hull(p [][2]float64) [][2]float64 {
	if len(p) < 3 {
		return p
	}
	slices.SortFunc(p, func(a, b [2]float64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	half := func(p [][2]float64) [][2]float64 {
		var out [][2]float64
		for _, c := range p {
			for len(out) > 1 {
				a, b := out[len(out)-2], out[len(out)-1]
				if (b[0]-a[0])*(c[1]-a[1]) > (b[1]-a[1])*(c[0]-a[0]) {
					break
				}
				out = out[:len(out)-1]
			}
			out = append(out, c)
		}
		return out[:len(out)-1]
	}
	out := half(p)
	slices.Reverse(p)
	return append(out, half(p)...)
}
