package ocr

import (
	"bufio"
	"fmt"
	"image"
	"io"
	"slices"

	"schalter/data/page"
)

// sheet says how large a picture is and how large what of it is given to the program.
type sheet struct {
	w, h   int // of the picture
	factor int // how many of its pixels become one
	sw, sh int // of what is given
	dpi    int // of what is given
}

const (
	enoughDPI = 300 // more does not read better, and takes longer
	leastDPI  = 70  // what the program believes
	mostDPI   = 2400
	a4Inches  = 8.27
)

func newSheet(w, h, dpi int) sheet {
	s := sheet{w: w, h: h, factor: 1, sw: w, sh: h, dpi: dpi}
	if s.dpi <= 0 { // as if it were as wide as A4
		s.dpi = int(float64(min(s.w, s.h))/a4Inches + 0.5)
	}
	if f := min((s.dpi+enoughDPI/2)/enoughDPI, w, h); f > 1 {
		s.factor, s.sw, s.sh, s.dpi = f, w/f, h/f, s.dpi/f
	}
	s.dpi = min(max(s.dpi, leastDPI), mostDPI)
	return s
}

// text brings what was read on the turned sheet back to the picture.
func (s sheet) text(a answer, turns int) page.Text {
	t := page.Text{
		Width: float64(s.w), Height: float64(s.h), Turns: (turns + a.lying()) % 4, Sure: a.sense() || a.clear(tellsLetters), Words: make([]page.Word, 0, len(a)),
	}
	w, h, f := float64(s.sw), float64(s.sh), float64(s.factor)
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

// size is that of what is given after quarter turns.
func (s sheet) size(turns int) (w, h int) {
	if turns%2 == 1 {
		return s.sh, s.sw
	}
	return s.sw, s.sh
}

// pipeSize is about what goes into a pipe at once.
const pipeSize = 64 << 10

// write gives the picture to the program as a PGM file after quarter turns clockwise. It holds some lines of it
// beside the picture, never all.
func (s sheet) write(to io.Writer, m image.Image, turns int) error {
	out := bufio.NewWriterSize(to, pipeSize)
	w, h := s.size(turns)
	if _, err := fmt.Fprintf(out, "P5\n%d %d\n255\n", w, h); err != nil {
		return err
	}
	line := s.lines(m)
	if turns%2 == 1 {
		if err := s.columns(out, line, turns); err != nil {
			return err
		}
		return out.Flush()
	}
	row := make([]uint8, s.sw)
	for y := range s.sh {
		if turns == 2 {
			line(row, s.sh-1-y)
			slices.Reverse(row)
		} else {
			line(row, y)
		}
		if _, err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// band is how many columns of a picture on its side are gathered in one walk through its lines.
const band = 512

// columns writes the picture's columns as lines: turned once by a quarter clockwise from the left, each from its
// foot; three times the other way round.
func (s sheet) columns(out io.Writer, line func(to []uint8, y int), turns int) error {
	row := make([]uint8, s.sw)
	gathered := make([]uint8, min(band, s.sw)*s.sh)
	for from := 0; from < s.sw; from += band {
		n := min(band, s.sw-from)
		first := from // of the columns, from the left
		if turns == 3 {
			first = s.sw - from - n
		}
		for y := range s.sh {
			line(row, y)
			for i, v := range row[first : first+n] {
				if turns == 1 {
					gathered[i*s.sh+s.sh-1-y] = v
				} else {
					gathered[(n-1-i)*s.sh+y] = v
				}
			}
		}
		if _, err := out.Write(gathered[:n*s.sh]); err != nil {
			return err
		}
	}
	return nil
}

// lines gives the lines of what is given: each pixel the mean of those it stands for, as page.Reduce makes it.
func (s sheet) lines(m image.Image) func(to []uint8, y int) {
	line := page.Lines(m)
	if s.factor == 1 {
		return line
	}
	whole, sums := make([]uint8, s.w), make([]uint32, s.sw)
	area := uint32(s.factor * s.factor)
	return func(to []uint8, y int) {
		clear(sums)
		for j := range s.factor {
			line(whole, y*s.factor+j)
			for x := range sums {
				for _, v := range whole[x*s.factor : (x+1)*s.factor] {
					sums[x] += uint32(v)
				}
			}
		}
		for x, sum := range sums {
			to[x] = uint8((sum + area/2) / area)
		}
	}
}
