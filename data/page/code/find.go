package code

import (
	"cmp"
	"math"
	"slices"
)

type point struct{ x, y float64 }

func (p point) to(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

// eye is one of the three squares in the corners of a QR code, as it is seen in the small picture.
type eye struct {
	point
	module float64 // the width of the code's dots
	hits   int
}

// maxEyes bounds how many are looked at; writing has few things that look like one.
const maxEyes = 60

// eyes finds what has dark and light in the ratio 1:1:3:1:1 across and down.
func (v *view) eyes() []eye {
	var found []eye
	ends := make([]int, 0, v.ink.w)
	for y := 0; y < v.ink.h; y += 2 {
		ends = v.ink.runs(ends[:0], y)
		// runs alternate, the first is light: dark ones begin at odd places.
		for i := 1; i+4 < len(ends); i += 2 {
			var r [5]int
			for k := range r {
				r[k] = ends[i+k] - ends[i+k-1]
			}
			if !isEye(r) {
				continue
			}
			x := float64(ends[i+1]+ends[i+2]) / 2
			if e, ok := v.ink.crossed(x, y, ends[i+4]-ends[i-1]); ok {
				found = gather(found, e)
			}
		}
	}
	found = slices.DeleteFunc(found, func(e eye) bool { return e.hits < 2 })
	slices.SortStableFunc(found, func(a, b eye) int { return cmp.Compare(b.hits, a.hits) })
	return found[:min(len(found), maxEyes)]
}

// runs appends where each run of one colour in a row ends; the first is light, and may be empty.
func (k *ink) runs(ends []int, y int) []int {
	row := k.pix[y*k.w : y*k.w+k.w]
	var now uint8
	for x, d := range row {
		if d != now {
			ends = append(ends, x)
			now = d
		}
	}
	return append(ends, k.w)
}

// isEye reports whether five runs are in the ratio of an eye.
func isEye(r [5]int) bool {
	total := r[0] + r[1] + r[2] + r[3] + r[4]
	if total < 8 || r[0] == 0 || r[1] == 0 || r[3] == 0 || r[4] == 0 {
		return false
	}
	m := float64(total) / 7
	slack := max(m*0.55, 1)
	for i, n := range r {
		want := m
		if i == 2 {
			want = 3 * m
		}
		if math.Abs(float64(n)-want) > slack {
			return false
		}
	}
	return true
}

// crossed looks down through a place that looks like an eye across, and then across again through its middle.
func (k *ink) crossed(x float64, y, width int) (eye, bool) {
	down, mid, ok := k.across(int(x), y, 0, 1, width)
	if !ok || !alike(down, width) {
		return eye{}, false
	}
	over, mx, ok := k.across(int(x), int(mid), 1, 0, width)
	if !ok || !alike(over, down) {
		return eye{}, false
	}
	return eye{point{mx, mid}, float64(over+down) / 14, 1}, true
}

func alike(a, b int) bool {
	d := a - b
	return max(d, -d)*5 <= 2*max(a, b)
}

// across counts the five runs through a dark place in one direction: how long they are together and where the
// middle of the third is.
func (k *ink) across(x, y, dx, dy, most int) (length int, mid float64, ok bool) {
	var r [5]int
	walk := func(first, step, sign int) int {
		px, py, run, n := x, y, first, 0
		want := true
		if sign > 0 {
			px, py = px+dx, py+dy
		}
		for px >= 0 && py >= 0 && px < k.w && py < k.h {
			if k.dark(px, py) != want {
				want = !want
				run += step
				if run < 0 || run > 4 {
					break
				}
			}
			r[run]++
			if n++; n > most {
				return -1
			}
			px, py = px+sign*dx, py+sign*dy
		}
		return n
	}
	if !k.dark(x, y) {
		return 0, 0, false
	}
	back := walk(2, -1, -1)
	forth := walk(2, 1, 1)
	if back < 0 || forth < 0 || !isEye(r) {
		return 0, 0, false
	}
	at := x*dx + y*dy
	start := at - back + 1 + r[0] + r[1]
	return r[0] + r[1] + r[2] + r[3] + r[4], float64(start) + float64(r[2])/2, true
}

// gather adds what was seen to the eye that it is a part of.
func gather(found []eye, e eye) []eye {
	for i := range found {
		f := &found[i]
		if f.to(e.point) < 2*f.module && e.module < 1.6*f.module && f.module < 1.6*e.module {
			n := float64(f.hits)
			f.x, f.y, f.module = (f.x*n+e.x)/(n+1), (f.y*n+e.y)/(n+1), (f.module*n+e.module)/(n+1)
			f.hits++
			return found
		}
	}
	return append(found, e)
}

// triple is the three eyes of a code: the one in the corner and the two beside it.
type triple struct {
	corner, right, below eye
	off                  float64 // from what a code should be
}

// triples finds eyes that lie to one another as those of a code do, the best first; no eye is in two.
func (v *view) triples() []triple {
	eyes := v.eyes()
	var all []triple
	for i, a := range eyes {
		for j, b := range eyes {
			for n, c := range eyes {
				if i == j || j == n || i == n {
					continue
				}
				if t, ok := square(a, b, c); ok {
					all = append(all, t)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b triple) int { return cmp.Compare(a.off, b.off) })
	var out []triple
	used := map[point]bool{}
	for _, t := range all {
		if !used[t.corner.point] && !used[t.right.point] && !used[t.below.point] {
			used[t.corner.point], used[t.right.point], used[t.below.point] = true, true, true
			out = append(out, t)
		}
	}
	return out
}

// square reports whether three eyes are those of a code with a in the corner and b to its right.
func square(a, b, c eye) (triple, bool) {
	small := min(a.module, b.module, c.module)
	if max(a.module, b.module, c.module) > 1.5*small {
		return triple{}, false
	}
	ab, ac, bc := a.to(b.point), a.to(c.point), b.to(c.point)
	module := (a.module + b.module + c.module) / 3
	if dots := ab / module; dots < 11 || dots > 175 {
		return triple{}, false
	}
	if (b.x-a.x)*(c.y-a.y)-(b.y-a.y)*(c.x-a.x) <= 0 { // b is on the other side
		return triple{}, false
	}
	off := math.Abs(ab-ac)/max(ab, ac) + math.Abs(bc-math.Hypot(ab, ac))/bc
	return triple{a, b, c, off}, off < 0.16
}

// corners are the outer corners of the code.
func (t triple) corners() []point {
	a, b, c := t.corner.point, t.right.point, t.below.point
	m := (t.corner.module + t.right.module + t.below.module) / 3
	side := (a.to(b) + a.to(c)) / 2
	e := 3.5 * m / side // from the middle of an eye to its edge
	at := func(u, w float64) point {
		return point{a.x + u*(b.x-a.x) + w*(c.x-a.x), a.y + u*(b.y-a.y) + w*(c.y-a.y)}
	}
	return []point{at(-e, -e), at(1+e, -e), at(-e, 1+e), at(1+e, 1+e)}
}

// turns are the quarter turns clockwise after which the code stands upright.
func (t triple) turns() int {
	dx, dy := t.right.x-t.corner.x, t.right.y-t.corner.y
	switch {
	case math.Abs(dx) >= math.Abs(dy) && dx > 0:
		return 0
	case math.Abs(dx) >= math.Abs(dy):
		return 2
	case dy > 0:
		return 3
	}
	return 1
}

// looksLikeCode reports whether the square between three eyes is filled as a code is, not as writing is.
func (v *view) looksLikeCode(t triple) bool {
	a, b, c := t.corner.point, t.right.point, t.below.point
	const n = 48
	dark, changes := 0, 0
	for i := range n {
		was := false
		for j := range n {
			u, w := (float64(i)+0.5)/n, (float64(j)+0.5)/n
			x, y := int(a.x+u*(b.x-a.x)+w*(c.x-a.x)), int(a.y+u*(b.y-a.y)+w*(c.y-a.y))
			if x < 0 || y < 0 || x >= v.ink.w || y >= v.ink.h {
				continue
			}
			is := v.ink.dark(x, y)
			if is {
				dark++
			}
			if is != was {
				changes++
			}
			was = is
		}
	}
	share := float64(dark) / (n * n)
	return share > 0.3 && share < 0.75 && changes > n*4
}
