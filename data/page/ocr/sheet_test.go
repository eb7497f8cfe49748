package ocr

import (
	"image"
	"image/color"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/page"
)

// A dark spot is found at the same place of the picture, however the sheet was turned for reading.
func TestBoxesAreOfThePictureAsItCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 60).Draw(t, "width"), rapid.IntRange(1, 60).Draw(t, "height")
		g := image.NewGray(image.Rect(0, 0, w, h))
		for i := range g.Pix {
			g.Pix[i] = 255
		}
		x, y := rapid.IntRange(0, w-1).Draw(t, "x"), rapid.IntRange(0, h-1).Draw(t, "y")
		g.SetGray(x, y, color.Gray{})
		turns := rapid.IntRange(0, 3).Draw(t, "turns")
		s := newSheet(g, 100)
		seen := turned(s.small, turns)
		b := seen.Bounds()
		for py := range b.Dy() {
			for px := range b.Dx() {
				if seen.GrayAt(px, py).Y != 0 {
					continue
				}
				word := page.Word{Text: "x", X0: float64(px), Y0: float64(py), X1: float64(px + 1), Y1: float64(py + 1)}
				got := s.text(answer{{word, 90}}, turns)
				if o := got.Words[0]; o.X0 != float64(x) || o.Y0 != float64(y) || o.X1 != float64(x+1) || o.Y1 != float64(y+1) {
					t.Fatalf("spot at %d,%d of %d x %d, turned by %d, is said to be at %+v", x, y, w, h, turns, o)
				}
				if got.Turns != turns || got.Width != float64(w) || got.Height != float64(h) {
					t.Fatalf("%+v", got)
				}
			}
		}
	})
}

func TestFinePicturesAreReducedAndTheirBoxesAreNot(t *testing.T) {
	s := newSheet(image.NewGray(image.Rect(0, 0, 1001, 700)), 600)
	if s.factor != 2 || s.dpi != 300 {
		t.Errorf("factor %d, %d dpi", s.factor, s.dpi)
	}
	b := s.small.Bounds()
	got := s.text(answer{{page.Word{X0: 0, Y0: 0, X1: float64(b.Dx()), Y1: float64(b.Dy())}, 90}}, 0)
	if o := got.Words[0]; o.X1 < 999 || o.X1 > 1001 || o.Y1 != 700 {
		t.Errorf("%+v", o)
	}
	if s := newSheet(image.NewGray(image.Rect(0, 0, 2480, 3508)), 0); s.dpi != 300 || s.factor != 1 {
		t.Errorf("A4 without a density: %d dpi, factor %d", s.dpi, s.factor)
	}
	if s := newSheet(image.NewGray(image.Rect(0, 0, 3, 2)), 0); s.dpi < leastDPI {
		t.Errorf("%d dpi", s.dpi)
	}
}

func TestPortableTakesAnyStride(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 4, 3))
	for i := range g.Pix {
		g.Pix[i] = byte(i)
	}
	sub, ok := g.SubImage(image.Rect(0, 0, 3, 3)).(*image.Gray)
	if !ok {
		t.Fatal("no gray part")
	}
	join := func(b [][]byte) (out string) {
		for _, p := range b {
			out += string(p)
		}
		return out
	}
	if got := join(portable(g)); got != "P5\n4 3\n255\n\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b" {
		t.Errorf("%q", got)
	}
	if got := join(portable(sub)); got != "P5\n3 3\n255\n\x00\x01\x02\x04\x05\x06\x08\x09\x0a" {
		t.Errorf("%q", got)
	}
}
