package page

import (
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAngleIsGivenBack(t *testing.T) {
	for _, dpi := range []int{150, 300} {
		g := letter(t, dpi, 34, 240, 30)
		for _, a := range []float64{0, 0.1, -0.3, 0.7, 1.3, -2.2, 4.9, -7.5, 9} {
			f := Look(turn(g, a, 240), dpi)
			t.Logf("%d dpi, turned by %5.2f: %5.2f %v", dpi, a, f.Skew, f.Sure)
			if !f.Sure || math.Abs(f.Skew+a) > 0.05 {
				t.Errorf("%d dpi, turned by %.2f: %.2f, sure %v", dpi, a, f.Skew, f.Sure)
			}
		}
	}
}

func TestAngleOfAnyPage(t *testing.T) {
	const dpi = 100
	black := letter(t, dpi, 36, 255, 0)
	rapid.Check(t, func(r *rapid.T) {
		lines := rapid.IntRange(5, 36).Draw(r, "lines")
		paper := uint8(rapid.IntRange(190, 255).Draw(r, "paper"))
		ink := uint8(rapid.IntRange(0, int(paper)-90).Draw(r, "ink"))
		a := float64(rapid.IntRange(-900, 900).Draw(r, "angle")) / 100
		g := image.NewGray(black.Rect)
		for i, p := range black.Pix {
			g.Pix[i] = ink + uint8(int(paper-ink)*int(p)/255)
		}
		fill(g, mm(dpi, 0, 38+float64(lines)*6, 300, 300), paper)
		g = turn(g, a, paper)
		if rapid.Bool().Draw(r, "on its side") {
			g = quarter(g)
		}
		if f := Look(g, dpi); !f.Sure || math.Abs(f.Skew+a) > 0.1 || f.Blank {
			r.Fatalf("turned by %.2f: %.2f, sure %v, blank %v", a, f.Skew, f.Sure, f.Blank)
		}
	})
}

func TestUnsureWithoutWriting(t *testing.T) {
	noise := sheet(150, 255)
	seed := uint32(1)
	for i := range noise.Pix {
		seed = seed*1664525 + 1013904223
		noise.Pix[i] = uint8(seed >> 24)
	}
	number := sheet(150, 250)
	write(t, number, 150, 10, 104, 285, 20, "7")
	photo := sheet(150, 250)
	for y := 400; y < 1200; y++ {
		for x := 200; x < 1000; x++ {
			if math.Hypot(float64(x-600), float64(y-800)) > 400 { // no straight edge to go by
				continue
			}
			photo.SetGray(x, y, color.Gray{uint8(127 + 60*math.Sin(float64(x)/37) + 60*math.Cos(float64(y+x)/53))})
		}
	}
	for name, g := range map[string]*image.Gray{"empty": sheet(150, 245), "noise": noise, "page number": number, "photo": turn(photo, 3, 250)} {
		if f := Look(g, 150); f.Sure || f.Skew != 0 {
			t.Errorf("%s: sure of %.2f", name, f.Skew)
		}
	}
}

func TestBlank(t *testing.T) {
	const dpi = 300
	page := func(paper uint8, f func(g *image.Gray)) *image.Gray {
		g := sheet(dpi, paper)
		f(g)
		return g
	}
	for _, c := range []struct {
		name  string
		g     *image.Gray
		blank bool
		seen  []Reason
	}{
		{"white", sheet(dpi, 255), true, nil},
		{"gray recycled paper", sheet(dpi, 195), true, nil},
		{"a lone page number", page(245, func(g *image.Gray) { write(t, g, dpi, 10, 104, 285, 20, "7") }), false, nil},
		{"a page number in pencil", page(245, func(g *image.Gray) { write(t, g, dpi, 12, 195, 12, 170, "1") }), false, nil},
		{"one stroke of a pen", page(245, func(g *image.Gray) { fill(g, mm(dpi, 90, 200, 90.3, 204), 40) }), false, nil},
		{"a line of text", page(245, func(g *image.Gray) { write(t, g, dpi, 11, 25, 40, 30, "Diese Seite bleibt frei.") }), false, nil},
		{"dark edges", page(245, func(g *image.Gray) {
			fill(g, mm(dpi, 0, 0, 5, 297), 20)
			fill(g, mm(dpi, 0, 293, 210, 297), 60)
		}), true, []Reason{Edges}},
		{"text beside dark edges", page(245, func(g *image.Gray) {
			fill(g, mm(dpi, 0, 0, 5, 297), 20)
			write(t, g, dpi, 11, 25, 40, 30, "Gesehen")
		}), false, []Reason{Edges}},
		{"a dark page", sheet(dpi, 30), false, []Reason{Edges}},
		{"a photo to the edges", page(245, func(g *image.Gray) { fill(g, mm(dpi, 0, 0, 210, 140), 90) }), false, []Reason{Edges}},
		{"punch holes", page(245, func(g *image.Gray) {
			disc(g, dpi, 12, 108.5, 6, 30)
			disc(g, dpi, 12, 188.5, 6, 30)
		}), true, []Reason{Holes}},
		{"shadows of punch holes", page(245, func(g *image.Gray) {
			for _, y := range []float64{108.5, 188.5} {
				disc(g, dpi, 12, y, 6, 90)
				disc(g, dpi, 12.3, y+0.3, 5.2, 245)
			}
		}), true, []Reason{Holes}},
		{"a letter O as large as a hole", page(245, func(g *image.Gray) {
			disc(g, dpi, 12, 100, 6, 30)
			disc(g, dpi, 12, 100, 4.5, 245)
		}), false, nil},
		{"a streak of the feeder", page(245, func(g *image.Gray) { fill(g, mm(dpi, 70, 0, 70.5, 298), 50) }), true, []Reason{Streak}},
		{"dust", page(245, func(g *image.Gray) {
			for i := range 30 {
				x, y := 15+float64(i*61%180), 15+float64(i*83%260)
				fill(g, mm(dpi, x, y, x+0.4, y+0.4), 40)
			}
		}), true, []Reason{Specks}},
		{"dotted lines", page(245, func(g *image.Gray) {
			for i := range 150 {
				fill(g, mm(dpi, 25+float64(i), 100, 25.4+float64(i), 100.4), 40)
			}
		}), false, []Reason{Specks}},
		{"the back side shines through", letter(t, dpi, 36, 245, 220), true, []Reason{Through}},
		{"a shadow that grows softly", page(245, func(g *image.Gray) {
			for y := range g.Rect.Dy() {
				for x := range 600 {
					g.Pix[y*g.Stride+x] = uint8(205 + x/15)
				}
			}
		}), true, nil},
	} {
		f := Look(c.g, dpi)
		t.Logf("%-32s blank %-5v ink %.4f %% seen %v", c.name, f.Blank, 100*f.Ink, f.Seen)
		if f.Blank != c.blank {
			t.Errorf("%s: blank %v", c.name, f.Blank)
		}
		if c.seen != nil && !slices.Equal(c.seen, f.Seen) {
			t.Errorf("%s: seen %v, not %v", c.name, f.Seen, c.seen)
		}
	}
}

func TestContentBox(t *testing.T) {
	g := sheet(300, 240)
	fill(g, mm(300, 50, 60, 150, 61), 20)
	fill(g, mm(300, 50, 199, 150, 200), 20)
	disc(g, 300, 12, 108.5, 6, 30)
	fill(g, mm(300, 0, 0, 3, 297), 20)
	want := [4]float64{48.0 / 210, 58.0 / 297, 152.0 / 210, 202.0 / 297}
	for _, a := range []float64{0, 2.5} {
		f := Look(turn(g, a, 240), 300)
		if a != 0 && !f.Sure {
			t.Fatalf("unsure of %v", a)
		}
		b := f.Content
		for i, v := range []float64{b.X0, b.Y0, b.X1, b.Y1} {
			if math.Abs(v-want[i]) > 0.01 {
				t.Errorf("turned by %v: %v, not %v", a, b, want)
			}
		}
	}
	if b := Look(sheet(300, 240), 300).Content; b.X1 != 0 {
		t.Errorf("an empty page has content at %v", b)
	}
}

func TestTinyPictures(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(r, "w"), rapid.IntRange(1, 40).Draw(r, "h")
		g := image.NewGray(image.Rect(0, 0, w, h))
		copy(g.Pix, rapid.SliceOfN(rapid.Byte(), w*h, w*h).Draw(r, "pixels"))
		f := Look(g, rapid.IntRange(0, 2400).Draw(r, "dpi"))
		if math.IsNaN(f.Skew) || f.Ink < 0 || f.Ink > 1 || f.Content.X0 < 0 || f.Content.Y1 > 1 {
			r.Fatalf("%+v", f)
		}
	})
}

func BenchmarkLook(b *testing.B) {
	for name, g := range map[string]*image.Gray{"text": turn(letter(b, 300, 40, 240, 30), 1.3, 240), "blank": sheet(300, 240)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Look(g, 300)
			}
		})
	}
}

func BenchmarkOtsu(b *testing.B) {
	g := letter(b, 300, 40, 240, 30)
	for b.Loop() {
		Otsu(g)
	}
}
