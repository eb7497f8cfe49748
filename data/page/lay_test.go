package page

import (
	"image"
	"image/color"
	"math"
	"testing"

	"schalter/data/record"
)

// marked is a small picture with another colour in each quarter.
func marked() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 40, 60))
	for y := range 60 {
		for x := range 40 {
			m.Set(x, y, []color.RGBA{{200, 0, 0, 255}, {0, 200, 0, 255}, {0, 0, 200, 255}, {90, 90, 90, 255}}[x/20+y/30*2])
		}
	}
	return m
}

func corner(m *image.RGBA) byte {
	switch m.RGBAAt(m.Rect.Dx()/8, m.Rect.Dy()/8) {
	case color.RGBA{200, 0, 0, 255}:
		return 'r'
	case color.RGBA{0, 200, 0, 255}:
		return 'g'
	case color.RGBA{0, 0, 200, 255}:
		return 'b'
	}
	return '?'
}

func TestLayTurnsClockwiseAndCuts(t *testing.T) {
	for _, c := range []struct {
		s     record.Sheet
		w, h  int
		first byte
	}{
		{record.Sheet{}, 40, 60, 'r'},
		{record.Sheet{Turns: 1}, 60, 40, 'b'},
		{record.Sheet{Turns: 2}, 40, 60, '?'},
		{record.Sheet{Turns: 3}, 60, 40, 'g'},
		{record.Sheet{Crop: &record.Box{X0: 0.5, X1: 1, Y1: 1}}, 20, 60, 'g'},
		{record.Sheet{Crop: &record.Box{X0: 0.5, X1: 1, Y1: 0.5}, Turns: 1}, 30, 20, 'g'},
	} {
		m := Lay(marked(), c.s, 60)
		if m.Rect.Dx() != c.w || m.Rect.Dy() != c.h || corner(m) != c.first {
			t.Errorf("%+v: %v, %c", c.s, m.Rect, corner(m))
		}
	}
}

func TestLayStraightens(t *testing.T) {
	g := turn(letter(t, 150, 30, 255, 0), 3.3, 255)
	f := Look(g, 150)
	long := g.Rect.Dy()
	straight := Look(Lay(Small(g, long), record.Sheet{Skew: f.Skew}, long), 150)
	if !straight.Sure || math.Abs(straight.Skew) > 0.05 {
		t.Errorf("%.2f is left of %.2f", straight.Skew, f.Skew)
	}
	for i, v := range [4]float64{f.Content.X0 - straight.Content.X0, f.Content.Y0 - straight.Content.Y0, f.Content.X1 - straight.Content.X1, f.Content.Y1 - straight.Content.Y1} {
		if math.Abs(v) > 0.005 {
			t.Errorf("side %d of the content is off by %.3f", i, v)
		}
	}
}

func TestSmallKeepsTheShape(t *testing.T) {
	for _, m := range []image.Image{sheet(50, 200), marked(), image.NewGray(image.Rect(0, 0, 1000, 2))} {
		s := Small(m, 50)
		b := m.Bounds()
		if long := max(s.Rect.Dx(), s.Rect.Dy()); long != 50 || s.Rect.Dx() < 1 || s.Rect.Dy() < 1 || (b.Dx() > b.Dy()) != (s.Rect.Dx() > s.Rect.Dy()) {
			t.Errorf("%v became %v", b, s.Rect)
		}
	}
	if s := Small(marked(), 500); s.Rect != marked().Rect {
		t.Error("made larger", s.Rect)
	}
}

func BenchmarkSmall(b *testing.B) {
	g := letter(b, 300, 40, 240, 30)
	for b.Loop() {
		Small(g, 240)
	}
}
