package ocr

import (
	"image"
	"io"
	"runtime"
	"testing"
)

// What goes to the program is never a second picture, not even reduced; only a page on its side is gathered in bands.
func TestAPageIsHandedOverWithoutACopy(t *testing.T) {
	for _, c := range []struct {
		what string
		m    image.Image
		dpi  int
		most uint64
	}{
		{"gray at 300 dpi", image.NewGray(image.Rect(0, 0, 2480, 3508)), 300, 100 << 10},
		{"gray at 600 dpi", image.NewGray(image.Rect(0, 0, 4960, 7016)), 600, 150 << 10},
		{"a colour JPEG", image.NewYCbCr(image.Rect(0, 0, 2480, 3508), image.YCbCrSubsampleRatio420), 300, 100 << 10},
		{"a colour PNG", image.NewRGBA(image.Rect(0, 0, 2480, 3508)), 300, 100 << 10},
	} {
		b := c.m.Bounds()
		s := newSheet(b.Dx(), b.Dy(), c.dpi)
		for turns, more := range []uint64{0, band * 3508, 0, band * 3508} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := s.write(io.Discard, c.m, turns); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > c.most+more {
				t.Errorf("%s, turned by %d: %d bytes", c.what, turns, got)
			}
		}
	}
}

func BenchmarkHandOver(b *testing.B) {
	g := image.NewGray(image.Rect(0, 0, 2480, 3508))
	s := newSheet(2480, 3508, 300)
	for _, turns := range []int{0, 1, 2} {
		b.Run([]string{"upright", "on its side", "on its head"}[turns], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := s.write(io.Discard, g, turns); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
