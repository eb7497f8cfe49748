package jpg

// The tables of ITU-T T.81, K.1 and K.2, in rows.
var (
	luma = [64]byte{
		16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
	}
	chroma = [64]byte{
		17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// At gives settings for scanned paper, from 1 (smallest) to 100. Against the usual tables the mean of a block and
// its slowest changes are kept finer, because a large area of paper shows every step and every tint.
func At(quality int) Settings {
	s := Settings{Dead: 0.65, Far: 0.9}
	for i := range 64 {
		s.Luma[i] = step(luma[i], quality)
		s.Chroma[i] = step(chroma[i], quality)
	}
	s.Luma[0], s.Chroma[0] = min(s.Luma[0], 8), min(s.Chroma[0], 6)
	for _, i := range []int{1, 8, 9} {
		s.Luma[i], s.Chroma[i] = min(s.Luma[i], 12), min(s.Chroma[i], 24)
	}
	return s
}

func step(v byte, quality int) byte {
	f := 200 - 2*quality
	if quality < 50 {
		f = 5000 / max(1, quality)
	}
	return byte(max(1, min(255, (int(v)*f+50)/100)))
}

// Good is what a page is written with, Least what one that becomes too large is written with: letters stay clean
// at twice their size with both.
const (
	Good  = 50
	Least = 40
)

// MaxSide is how wide and high a JPEG can be.
const MaxSide = 65_535

// Budget is how many bytes a page of so many pixels should have: 350 kB for A4 at 300 dpi.
func Budget(width, height int) int { return width * height / 25 }

// Page writes a scanned page. Colours are none or two.
func Page(dpi int, y Plane, colours ...Plane) []byte {
	write := func(quality int, y Plane, colours []Plane) []byte {
		s := At(quality)
		s.DPI = dpi
		if len(colours) == 2 {
			return Color(y, colours[0], colours[1], s)
		}
		return Gray(y, s)
	}
	quality, some := Good, sampled(y, 16)
	if some.Height > 0 {
		var few []Plane
		for _, c := range colours {
			few = append(few, sampled(c, 8))
		}
		share := float64(some.Height) / float64(y.Height)
		if float64(len(write(Good, some, few))) > share*0.97*float64(Budget(y.Width, y.Height)) {
			quality = Least
		}
	}
	return write(quality, y, colours)
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
