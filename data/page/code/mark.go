package code

import "schalter/data/sorting"

// markStep is how far the lines along which is looked lie from each other, in millimetres, and markLines on how
// many of them side by side it must be seen.
const (
	markStep  = 3.0
	markLines = 10
)

// marked reports whether the page bears the mark, however it is turned.
func (v *view) marked() bool { return v.markAlong(true) || v.markAlong(false) }

// markAlong looks along lines down the page, or across it.
func (v *view) markAlong(down bool) bool {
	lines, length := v.ink.w, v.ink.h
	if !down {
		lines, length = length, lines
	}
	step := max(1, int(markStep/v.mm))
	inRow := map[int]int{} // where on the last line it was seen, and on how many lines before
	for at := step / 2; at < lines; at += step {
		seen := map[int]int{}
		for _, pos := range v.marksOn(at, length, down) {
			n := 1
			for p, before := range inRow {
				if d := p - pos; max(d, -d) <= step { // not steeper than 45 degrees
					n = max(n, before+1)
				}
			}
			if n >= markLines {
				return true
			}
			seen[pos] = n
		}
		inRow = seen
	}
	return false
}

// marksOn lists where on a line the bars and gaps follow one another as in the mark.
func (v *view) marksOn(at, length int, down bool) (out []int) {
	index := func(i int) int {
		if down {
			return i*v.ink.w + at
		}
		return at*v.ink.w + i
	}
	n := len(sorting.Mark)
	ends := make([]int, 1, 64) // where runs begin
	var now uint8
	for i := range length {
		if d := v.ink.pix[index(i)]; d != now {
			ends = append(ends, i)
			now = d
		}
	}
	// Dark runs begin at odd places: the first run is light. One that touches the border has no known length.
	for i := 1; i+n < len(ends); i += 2 {
		if v.isMark(ends[i : i+n+1]) {
			out = append(out, (ends[i]+ends[i+n])/2)
		}
	}
	return out
}

// isMark compares runs with the mark: in their ratio, and in their size as far as paper is copied larger or smaller.
func (v *view) isMark(ends []int) bool {
	total := float64(ends[len(ends)-1]-ends[0]) * v.mm
	sum := 0.0
	for _, m := range sorting.Mark {
		sum += m
	}
	scale := total / sum
	if scale < 0.65 || scale > 1.5 {
		return false
	}
	for i, m := range sorting.Mark {
		d := float64(ends[i+1]-ends[i])*v.mm - m*scale
		if d > 0.75 || d < -0.75 {
			return false
		}
	}
	return true
}
