package jpg

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// smooth is a plane without sudden changes, which any good JPEG keeps nearly as it is.
func smooth(w, h int, phase float64) Plane {
	p := Plane{Pix: make([]byte, w*h), Width: w, Height: h, Stride: w}
	for y := range h {
		for x := range w {
			p.Pix[y*w+x] = byte(128 + 100*math.Sin(phase+float64(x)/17)*math.Cos(phase+float64(y)/23))
		}
	}
	return p
}

func off(a, b []byte, stride int, p Plane) float64 {
	sum := 0.0
	for y := range p.Height {
		for x := range p.Width {
			d := float64(a[y*p.Stride+x]) - float64(b[y*stride+x])
			sum += d * d
		}
	}
	return math.Sqrt(sum / float64(p.Width*p.Height))
}

func fine() Settings {
	s := At(2)
	s.Dead, s.Far = 0.5, 0.5
	return s
}

// Every size, down to one pixel, comes back with another decoder.
func TestEverySizeComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 70).Draw(t, "w"), rapid.IntRange(1, 70).Draw(t, "h")
		y := smooth(w, h, 1)
		m, err := jpeg.Decode(bytes.NewReader(Gray(y, fine())))
		if err != nil {
			t.Fatal(err)
		}
		if g, ok := m.(*image.Gray); !ok || g.Rect.Dx() != w || g.Rect.Dy() != h || off(y.Pix, g.Pix, g.Stride, y) > 3 {
			t.Fatalf("gray %d x %d is %v", w, h, m.Bounds())
		}
		cb, cr := smooth((w+1)/2, (h+1)/2, 2), smooth((w+1)/2, (h+1)/2, 3)
		if m, err = jpeg.Decode(bytes.NewReader(Color(y, cb, cr, fine()))); err != nil {
			t.Fatal(err)
		}
		c, ok := m.(*image.YCbCr)
		if !ok || c.Rect.Dx() != w || c.Rect.Dy() != h || c.SubsampleRatio != image.YCbCrSubsampleRatio420 {
			t.Fatalf("colour %d x %d is %v", w, h, m.Bounds())
		}
		if a, b, d := off(y.Pix, c.Y, c.YStride, y), off(cb.Pix, c.Cb, c.CStride, cb), off(cr.Pix, c.Cr, c.CStride, cr); a > 3 || b > 8 || d > 8 {
			t.Fatalf("%d x %d is off by %.1f %.1f %.1f", w, h, a, b, d)
		}
	})
}

// Any pixels give a file that decodes: runs of every length, largest numbers, blocks without end.
func TestAnyPixelsDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		pix := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0, 255})), w*h, w*h).Draw(t, "pix")
		s := At(rapid.IntRange(1, 60).Draw(t, "step"))
		y := Plane{pix, w, h, w}
		c := Plane{pix, (w + 1) / 2, (h + 1) / 2, (w + 1) / 2}
		for _, b := range [][]byte{Gray(y, s), Color(y, c, c, s)} {
			if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// letter is paper as a scanner sees it: a tint, a shade of noise, and dark lines of letters' width.
func letter(w, h int, noise float64) (Plane, Plane, Plane) {
	r := rand.New(rand.NewPCG(7, 7))
	y := Plane{make([]byte, w*h), w, h, w}
	cb, cr := Plane{make([]byte, w/2*h/2), w / 2, h / 2, w / 2}, Plane{make([]byte, w/2*h/2), w / 2, h / 2, w / 2}
	for at := range y.Pix {
		x, row := at%w, at/w
		v := 240.0
		if row%60 > 15 && row%60 < 30 && x > w/8 && x < w*7/8 && (x/5+row/7*3+row/50*11)%9 < 2 {
			v = 40
		}
		y.Pix[at] = byte(max(0, min(255, v+r.NormFloat64()*noise)))
	}
	for i := range cb.Pix {
		cb.Pix[i], cr.Pix[i] = 124, 129
	}
	return y, cb, cr
}

// Noise costs little, letters keep their edges and the paper its tint.
func TestAPageIsSmallAndClean(t *testing.T) {
	y, cb, cr := letter(1240, 1754, 3)
	b := Page(150, y, cb, cr)
	if len(b) > Budget(y.Width, y.Height)*3/2 {
		t.Errorf("%d bytes", len(b))
	}
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := m.(*image.YCbCr)
	clean, _, _ := letter(1240, 1754, 0)
	if d := off(clean.Pix, c.Y, c.YStride, clean); d > 9 {
		t.Errorf("off by %.1f from what stands on the paper", d)
	}
	if p := m.At(40, 40).(color.YCbCr); p.Cb < 123 || p.Cb > 125 || p.Cr < 128 || p.Cr > 130 {
		t.Errorf("paper has the tint %v", p)
	}
	if !bytes.Equal(b, Page(150, y, cb, cr)) {
		t.Error("the same page gave other bytes")
	}
}

// A page that can stay within its budget does, whatever stands on it, and none is written coarser than Least.
func TestPagesKeepTheirBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const w, h = 400, 560
		y, cb, cr := letter(w, h, rapid.Float64Range(0, 6).Draw(t, "noise"))
		lines, thick := rapid.IntRange(0, 60).Draw(t, "lines"), rapid.IntRange(1, 5).Draw(t, "thick")
		for i := range lines {
			for x := range w {
				for d := range thick {
					y.Pix[min(h-1, h*i/max(1, lines)+d+x*i/300)*w+x] = 60
				}
			}
		}
		size, fine, coarse := len(Page(300, y, cb, cr)), len(write(300, Good, y, []Plane{cb, cr})), len(write(300, Least, y, []Plane{cb, cr}))
		switch budget := Budget(w, h); {
		case size > budget && size != coarse:
			t.Errorf("%d bytes, %d would be possible, %d are allowed", size, coarse, budget)
		case size > fine:
			t.Errorf("%d bytes, %d without any limit", size, fine)
		}
	})
}

// What is written with a pencil, 25 shades darker than the paper, stays in one piece with the coarsest steps.
func TestFaintStrokesStay(t *testing.T) {
	const size = 320
	y, _, _ := letter(size, size, 0)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range y.Pix {
		y.Pix[i] = byte(max(0, min(255, 240+r.NormFloat64()*3)))
	}
	at := func(x int) int { return 160 + int(60*math.Sin(float64(x)/25)) }
	for x := range size {
		for d := range 3 {
			y.Pix[(at(x)+d)*size+x] -= 25
		}
	}
	m, err := jpeg.Decode(bytes.NewReader(Gray(y, At(Least))))
	if err != nil {
		t.Fatal(err)
	}
	pix := m.(*image.Gray).Pix
	for x := 0; x+8 <= size; x += 8 {
		sum := 0
		for i := range 8 {
			for d := range 3 {
				sum += 240 - int(pix[(at(x+i)+d)*size+x+i])
			}
		}
		if sum < 24*5 {
			t.Errorf("the stroke is %.1f darker than paper at %d", float64(sum)/24, x)
		}
	}
}

// Another family of decoders (libjpeg) takes the file without a word.
func TestForeignDecoder(t *testing.T) {
	if _, err := exec.LookPath("convert"); err != nil {
		t.Skip("imagemagick is not installed")
	}
	y, cb, cr := letter(331, 443, 2)
	for name, b := range map[string][]byte{"gray": Page(300, y), "colour": Page(300, y, cb, cr)} {
		path := filepath.Join(t.TempDir(), "a.jpg")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("convert", path, "null:").CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v %s", name, err, out)
		}
		if out, err := exec.Command("identify", "-units", "PixelsPerInch", "-format", "%x %[colorspace]", path).Output(); err != nil || !bytes.HasPrefix(out, []byte("300")) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}

func BenchmarkA4(b *testing.B) {
	y, cb, cr := letter(2480, 3508, 3)
	b.Run("gray", func(b *testing.B) {
		for b.Loop() {
			Page(300, y)
		}
	})
	b.Run("colour", func(b *testing.B) {
		for b.Loop() {
			Page(300, y, cb, cr)
		}
	})
}
