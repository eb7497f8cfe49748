package pdf

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// scannedAs is paper as a device hands it over without loss: letters, a stamp in blue, noise.
func scannedAs(w, h int, colour bool) image.Image {
	r := rand.New(rand.NewPCG(3, 3))
	gray, rgba := image.NewGray(image.Rect(0, 0, w, h)), image.NewNRGBA(image.Rect(0, 0, w, h))
	noisy := func(v int) uint8 { return uint8(max(0, min(255, v+int(r.NormFloat64()*3)))) }
	for y := range h {
		for x := range w {
			v := [3]int{244, 242, 236}
			if y%60 > 20 && y%60 < 32 && x > w/8 && x < w*7/8 && (x/5+y/7*3)%9 < 2 {
				v = [3]int{40, 40, 44}
			}
			if dx, dy := x-w*3/4, y-h*3/4; dx*dx+dy*dy < w*w/100 {
				v = [3]int{60, 80, 190}
			}
			gray.SetGray(x, y, color.Gray{noisy(v[0])})
			rgba.SetNRGBA(x, y, color.NRGBA{noisy(v[0]), noisy(v[1]), noisy(v[2]), 255})
		}
	}
	if colour {
		return rgba
	}
	return gray
}

func TestLosslessPagesShrinkOnceAndOnlyWhenAsked(t *testing.T) {
	tool(t, "mutool", "qpdf")
	for _, colour := range []bool{false, true} {
		img := scannedAs(601, 843, colour)
		pg := Page{Image: asPNG(t, img), MediaType: "image/png", DPI: 72}
		if p, err := read(pg); err != nil || p.filter != "FlateDecode" {
			t.Fatalf("not asked for: %v", err)
		}
		pg.Shrink = true
		p, err := read(pg)
		if err != nil || p.filter != "DCTDecode" || len(p.data) > 40_000 {
			t.Fatalf("colour %v: %v", colour, err)
		}
		path := file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, pg)
		clean(t, path)
		got := rendered(t, path)
		for _, at := range []image.Point{{20, 20}, {450, 632}, {300, 10}, {599, 841}} {
			g, w := rgb(got.At(at.X, at.Y)), rgb(img.At(at.X, at.Y))
			for i := range g {
				if d := g[i] - w[i]; d > 16 || d < -16 {
					t.Errorf("at %v shown %v, is %v", at, g, w)
					break
				}
			}
		}
	}
}

// What a device or a citizen has compressed is never compressed again, and what is small stays as it is.
func TestNothingElseShrinks(t *testing.T) {
	img := scannedAs(200, 300, true)
	b := asJPEG(t, img)
	var out bytes.Buffer
	if err := Write(&out, []Page{{Image: b, MediaType: "image/jpeg", Shrink: true}}, meta); err != nil || !bytes.Contains(out.Bytes(), b) {
		t.Errorf("JPEG was changed: %v", err)
	}
	plain := image.NewGray(image.Rect(0, 0, 400, 400))
	pal := image.NewPaletted(image.Rect(0, 0, 400, 400), color.Palette{color.White, color.RGBA{9, 9, 99, 255}})
	for i := range pal.Pix {
		pal.Pix[i] = uint8(i*i>>3) & 1
	}
	for name, data := range map[string][]byte{"screenshot": asPNG(t, plain), "palette": asPNG(t, pal)} {
		if p, err := read(Page{Image: data, MediaType: "image/png", Shrink: true}); err != nil || p.filter != "FlateDecode" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A text page of A4 at 300 dpi: black and white within 60 kB, gray and colour within 350 kB.
func TestPagesKeepTheirSize(t *testing.T) {
	const w, h = 1240, 1754 // a quarter of it, with a quarter of the room
	bw := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	for y := range h {
		for x := range w {
			v := uint8(1)
			if y%60 > 15 && y%60 < 45 && x > w/8 && x < w*7/8 && (x/5+y/7*3+y/60*11)%9 < 2 {
				v = 0
			}
			bw.SetColorIndex(x, y, v)
		}
	}
	if p, err := read(Page{Image: oneBit(t, bw), MediaType: "image/png", Shrink: true}); err != nil || len(p.data) > 60_000/4 {
		t.Errorf("black and white: %v", err)
	}
	for _, colour := range []bool{false, true} {
		p, err := read(Page{Image: asPNG(t, scannedAs(w, h, colour)), MediaType: "image/png", Shrink: true})
		if err != nil || p.filter != "DCTDecode" || len(p.data) > 350_000/4 {
			t.Errorf("colour %v: %v", colour, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for name, img := range map[string]image.Image{"gray": scannedAs(2480, 3508, false), "colour": scannedAs(2480, 3508, true)} {
		data := asPNG(b, img)
		for _, shrink := range []bool{false, true} {
			b.Run(map[bool]string{false: name, true: name + " shrunk"}[shrink], func(b *testing.B) {
				for b.Loop() {
					if _, err := read(Page{Image: data, MediaType: "image/png", Shrink: shrink}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
