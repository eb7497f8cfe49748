package ocr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"slices"
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
		s := newSheet(w, h, 100)
		seen := turned(g, turns)
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
	s := newSheet(1001, 700, 600)
	if s.factor != 2 || s.dpi != 300 {
		t.Errorf("factor %d, %d dpi", s.factor, s.dpi)
	}
	got := s.text(answer{{page.Word{X0: 0, Y0: 0, X1: float64(s.sw), Y1: float64(s.sh)}, 90}}, 0)
	if o := got.Words[0]; o.X1 < 999 || o.X1 > 1001 || o.Y1 != 700 {
		t.Errorf("%+v", o)
	}
	if s := newSheet(2480, 3508, 0); s.dpi != 300 || s.factor != 1 {
		t.Errorf("A4 without a density: %d dpi, factor %d", s.dpi, s.factor)
	}
	if s := newSheet(3, 2, 0); s.dpi < leastDPI {
		t.Errorf("%d dpi", s.dpi)
	}
}

// turned is a picture after quarter turns clockwise.
func turned(g *image.Gray, turns int) *image.Gray {
	for range turns {
		b := g.Bounds()
		out := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
		for y := range b.Dy() {
			for x := range b.Dx() {
				out.SetGray(b.Dy()-1-y, x, g.GrayAt(b.Min.X+x, b.Min.Y+y))
			}
		}
		g = out
	}
	return g
}

// What the program gets are the pixels of the picture, reduced and turned, whatever kind of picture it is.
func TestWhatIsWrittenIsThePictureTurned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 1300).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
		whole := image.NewGray(image.Rect(0, 0, w+3, h+2))
		seed := rapid.Uint32().Draw(t, "seed")
		for i := range whole.Pix {
			seed = seed*1664525 + 1013904223
			whole.Pix[i] = byte(seed >> 24)
		}
		part, ok := whole.SubImage(image.Rect(3, 2, w+3, h+2)).(*image.Gray)
		if !ok {
			t.Fatal("no gray part")
		}
		s := newSheet(w, h, rapid.SampledFrom([]int{0, 100, 300, 600, 1200}).Draw(t, "dpi"))
		flat := turned(part, 0)
		flat = &image.Gray{Pix: slices.Clone(flat.Pix), Stride: flat.Stride, Rect: image.Rect(0, 0, w, h)}
		turns := rapid.IntRange(0, 3).Draw(t, "turns")
		want := turned(page.Reduce(flat, s.factor), turns)
		var got bytes.Buffer
		if err := s.write(&got, part, turns); err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprintf("P5\n%d %d\n255\n", want.Rect.Dx(), want.Rect.Dy())
		for y := range want.Rect.Dy() {
			all += string(want.Pix[y*want.Stride:][:want.Rect.Dx()])
		}
		if got.String() != all {
			t.Fatalf("%d x %d, reduced by %d, turned by %d: other pixels", w, h, s.factor, turns)
		}
	})
}
