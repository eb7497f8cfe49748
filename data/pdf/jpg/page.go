package jpg

import "math"

// chroma is the table for colours of ITU-T T.81, K.2, in rows.
var chroma = [64]byte{
	17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
}

// At gives settings for scanned paper, from 1 (finest) to 60. The usual table for luminance is made for photographs:
// it starves quick changes, which on paper are the edges of letters. Steps that grow slowly and evenly give the same
// likeness (structural similarity) with 10 % fewer bytes. Still more even ones would do for print, but faint strokes
// of a pencil, which are slow changes of little height, break up then. The mean of a block and the slowest changes of
// its tint are kept finer, because a large area of paper shows every step.
func At(step int) Settings {
	s := Settings{Dead: 0.65, Far: 0.9}
	for i := range 64 {
		s.Luma[i] = byte(max(1, min(255, step*(4+i%8+i/8)/4)))
		s.Chroma[i] = byte(max(1, min(255, (int(chroma[i])*step+8)/16)))
	}
	s.Luma[0], s.Chroma[0] = min(s.Luma[0], 8), min(s.Chroma[0], 6)
	for _, i := range []int{1, 8, 9} {
		s.Chroma[i] = min(s.Chroma[i], 24)
	}
	return s
}

// Good is the step a page is written with, Least what one that becomes too large is written with at most: letters
// stay clean at twice their size and strokes 25 shades darker than the paper unbroken with both.
const (
	Good  = 14
	Least = 24
)

// MaxSide is how wide and high a JPEG can be.
const MaxSide = 65_535

// Budget is how many bytes a page of so many pixels should have: 345 kB for A4 at 300 dpi, so that with what a PDF
// needs beside it no more than 350 kB are stored.
func Budget(width, height int) int { return width * height * 4 / 101 }

// Page writes a scanned page, as well as it can be within its budget. Colours are none or two.
func Page(dpi int, y Plane, colours ...Plane) []byte {
	step := fitting(dpi, y, colours)
	for {
		out := write(dpi, step, y, colours)
		if len(out) <= Budget(y.Width, y.Height) || step == Least {
			return out
		}
		step = min(step+1, Least) // some of the page was no good likeness of all
	}
}

func write(dpi, step int, y Plane, colours []Plane) []byte {
	s := At(step)
	s.DPI = dpi
	if len(colours) == 2 {
		return Color(y, colours[0], colours[1], s)
	}
	return Gray(y, s)
}

// fitting is the finest step with which the page stays within its budget, as far as some bands of it tell.
func fitting(dpi int, y Plane, colours []Plane) int {
	some := sampled(y, 16)
	if some.Height == 0 {
		return Good
	}
	var few []Plane
	for _, c := range colours {
		few = append(few, sampled(c, 8))
	}
	room := float64(Budget(y.Width, y.Height)) * float64(some.Height) / float64(y.Height)
	fine := float64(len(write(dpi, Good, some, few)))
	if fine <= room {
		return Good
	}
	coarse := float64(len(write(dpi, Least, some, few)))
	if coarse >= room {
		return Least
	}
	// between the two the size follows a power of the step
	share := math.Log(fine/room) / math.Log(fine/coarse)
	return min(Least, int(math.Ceil(Good*math.Pow(Least/float64(Good), share))))
}

// every is how many bands there are to each one that is looked at for how much room a page needs.
const every = 6

// sampled is every sixth band of so many rows, nothing where there are hardly any.
func sampled(p Plane, rows int) Plane {
	out := Plane{Width: p.Width, Stride: p.Width}
	for top := every / 2 * rows; top+rows <= p.Height; top += every * rows {
		for y := range rows {
			out.Pix = append(out.Pix, p.Pix[(top+y)*p.Stride:][:p.Width]...)
		}
		out.Height += rows
	}
	return out
}
