package mark

import (
	"math"

	"schalter/data/record"
)

// margin is what a covering grows by on each side when it is carried, in fractions of the page, so that no rounding
// shows an edge of a letter; sliver is how wide it is at least.
const (
	margin = 0.002
	sliver = 0.004
)

// paper is the width of a page by its height where it is not known.
const paper = 1 / math.Sqrt2

// carry brings a mark's boxes from a page as it lay to the same page as it lies now.
func carry(m record.Mark, from, to record.Sheet) []record.Box {
	if from.Turns == to.Turns && sameCut(from, to) {
		return m.Boxes
	}
	w := way{from: from, to: to, aspect: to.Aspect, held: to.Held, black: m.Kind == record.MarkBlack}
	if w.aspect <= 0 {
		w.aspect, w.held = from.Aspect, from.Held
	}
	known := w.aspect > 0 || sameCut(from, to)
	if w.aspect <= 0 {
		w.aspect = paper
	}
	var out []record.Box
	for _, b := range m.Boxes {
		switch {
		case w.black && !known:
			return []record.Box{whole}
		case m.Kind == record.MarkStamp || m.Kind == record.MarkNote:
			out = append(out, w.upright(b))
		default:
			if c, ok := w.box(b); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// sameCut tells whether two sheets show the same part of a page, straightened by the same angle.
func sameCut(a, b record.Sheet) bool { return a.Skew == b.Skew && cut(a) == cut(b) }

// cut is the part that is shown, of the straightened picture.
func cut(s record.Sheet) record.Box {
	if s.Crop == nil {
		return whole
	}
	return inside(*s.Crop)
}

// way leads from a page as it lay to the same page as it lies.
type way struct {
	from, to record.Sheet
	aspect   float64 // of the picture as it came
	held     int
	black    bool
}

// box is where a box of the old page is on the new one; false where nothing of it is shown. Where the page was laid
// straight by another angle it is the smallest box around the turned one.
func (w way) box(b record.Box) (record.Box, bool) {
	p := w.canvas(b)
	if sameCut(w.from, w.to) {
		return turned(b, w.to.Turns-w.from.Turns), true
	}
	p = w.rotated(p)
	c := cut(w.to)
	cw, ch := c.X1-c.X0, c.Y1-c.Y0
	q := record.Box{X0: (p.X0 - c.X0) / cw, Y0: (p.Y0 - c.Y0) / ch, X1: (p.X1 - c.X0) / cw, Y1: (p.Y1 - c.Y0) / ch}
	if w.black {
		q = record.Box{X0: q.X0 - margin, Y0: q.Y0 - margin, X1: q.X1 + margin, Y1: q.Y1 + margin}
		q.X0, q.X1 = atLeast(q.X0, q.X1)
		q.Y0, q.Y1 = atLeast(q.Y0, q.Y1)
	}
	q = inside(q)
	if q.X0 >= q.X1 || q.Y0 >= q.Y1 {
		return record.Box{}, false
	}
	return turned(q, w.to.Turns+w.held), true
}

// canvas is a box of the old page as a part of the straightened picture. A covering that reaches the edge of what
// was shown covers what lies behind the edge, too: nobody has seen it there, so nobody could cover it.
func (w way) canvas(b record.Box) record.Box {
	b = turned(b, -w.from.Turns-w.held)
	c := cut(w.from)
	p := record.Box{
		X0: c.X0 + b.X0*(c.X1-c.X0), Y0: c.Y0 + b.Y0*(c.Y1-c.Y0),
		X1: c.X0 + b.X1*(c.X1-c.X0), Y1: c.Y0 + b.Y1*(c.Y1-c.Y0),
	}
	if !w.black {
		return p
	}
	const edge, beyond = 0.005, 0.25 // the corners of a crooked picture stand out
	if b.X0 <= edge {
		p.X0 = -beyond
	}
	if b.Y0 <= edge {
		p.Y0 = -beyond
	}
	if b.X1 >= 1-edge {
		p.X1 = 1 + beyond
	}
	if b.Y1 >= 1-edge {
		p.Y1 = 1 + beyond
	}
	return p
}

// rotated is the smallest box around one that is turned about the middle of the picture, from the angle it lay at
// to the one it lies at.
func (w way) rotated(b record.Box) record.Box {
	if w.from.Skew == w.to.Skew {
		return b
	}
	sin, cos := math.Sincos((w.to.Skew - w.from.Skew) * math.Pi / 180)
	out := record.Box{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for _, p := range [][2]float64{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X0, b.Y1}, {b.X1, b.Y1}} {
		x, y := (p[0]-0.5)*w.aspect, p[1]-0.5
		u, v := (x*cos-y*sin)/w.aspect+0.5, x*sin+y*cos+0.5
		out.X0, out.Y0, out.X1, out.Y1 = min(out.X0, u), min(out.Y0, v), max(out.X1, u), max(out.Y1, v)
	}
	return out
}

// upright is where a mark with words goes: its middle stays where it was, and it stays as large and as it is read.
// What would lie beside the page is moved onto it.
func (w way) upright(b record.Box) record.Box {
	if b = inside(b); b.X0 >= b.X1 || b.Y0 >= b.Y1 {
		return b
	}
	mid := w.rotated(w.canvas(record.Box{X0: (b.X0 + b.X1) / 2, Y0: (b.Y0 + b.Y1) / 2, X1: (b.X0 + b.X1) / 2, Y1: (b.Y0 + b.Y1) / 2}))
	c := cut(w.to)
	x, y := (mid.X0-c.X0)/(c.X1-c.X0), (mid.Y0-c.Y0)/(c.Y1-c.Y0)
	at := turned(record.Box{X0: x, Y0: y, X1: x, Y1: y}, w.to.Turns+w.held)
	fw, fh := w.size(w.from)
	tw, th := w.size(w.to)
	bw, bh := min(1, (b.X1-b.X0)*fw/tw), min(1, (b.Y1-b.Y0)*fh/th)
	x0 := min(max(at.X0-bw/2, 0), 1-bw)
	y0 := min(max(at.Y0-bh/2, 0), 1-bh)
	return record.Box{X0: x0, Y0: y0, X1: x0 + bw, Y1: y0 + bh}
}

// size is the size of a page as it is read, in heights of the picture as it came.
func (w way) size(s record.Sheet) (width, height float64) {
	c := cut(s)
	width, height = (c.X1-c.X0)*w.aspect, c.Y1-c.Y0
	if (s.Turns+w.held)%2 != 0 {
		width, height = height, width
	}
	return width, height
}

// turned is a box of a page after so many quarter turns clockwise.
func turned(b record.Box, turns int) record.Box {
	for range (turns%4 + 4) % 4 {
		b = record.Box{X0: 1 - b.Y1, Y0: b.X0, X1: 1 - b.Y0, Y1: b.X1}
	}
	return b
}

// atLeast keeps a covering on the page, at its edge where all of it was cut away, and wide enough to be found.
func atLeast(a, b float64) (from, to float64) {
	a, b = min(a, 1-sliver), max(b, sliver)
	if b-a < sliver {
		b = a + sliver
	}
	return a, b
}

func inside(b record.Box) record.Box {
	in := func(v float64) float64 { return min(max(v, 0), 1) }
	return record.Box{X0: in(b.X0), Y0: in(b.Y0), X1: in(b.X1), Y1: in(b.Y1)}
}
