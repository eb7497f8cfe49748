package pdf

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func chart(rect image.Rectangle) *image.NRGBA {
	img := image.NewNRGBA(rect)
	for y := range rect.Dy() {
		for x := range rect.Dx() {
			img.Set(x, y, color.NRGBA{uint8(x * 3), uint8(y * 2), uint8(x ^ y), 255})
		}
	}
	return img
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var meta = Meta{Title: "Schutzvertrag & <Müller>", Producer: "Schalter", Created: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}

// every kind of picture that comes from a scanner, a camera or a screenshot.
func pictures(t *testing.T) map[string]Page {
	r := image.Rect(0, 0, 80, 120)
	gray, pal, alpha := image.NewGray(r), image.NewPaletted(r, color.Palette{color.White, color.Black, color.RGBA{200, 30, 30, 255}}), image.NewNRGBA(r)
	deep := image.NewGray16(r)
	for y := range 120 {
		for x := range 80 {
			gray.SetGray(x, y, color.Gray{uint8(x + y)})
			pal.SetColorIndex(x, y, uint8((x/9+y/9)%3))
			alpha.Set(x, y, color.NRGBA{10, 90, 200, uint8(2 * y)})
			deep.SetGray16(x, y, color.Gray16{uint16(x * y)})
		}
	}
	return map[string]Page{
		"gray png": {Image: asPNG(t, gray), MediaType: "image/png", DPI: 100}, "palette png": {Image: asPNG(t, pal), MediaType: "image/png", DPI: 100}, "alpha png": {Image: asPNG(t, alpha), MediaType: "image/png", DPI: 100},
		"16 bit png": {Image: asPNG(t, deep), MediaType: "image/png", DPI: 100}, "colour png": {Image: asPNG(t, chart(r)), MediaType: "image/png", DPI: 100},
		"colour jpeg": {Image: asJPEG(t, chart(r)), MediaType: "image/jpeg", DPI: 100}, "gray jpeg": {Image: asJPEG(t, gray), MediaType: "image/jpeg", DPI: 100},
	}
}

func TestPagesAreShownAsTheyWere(t *testing.T) {
	if _, err := exec.LookPath("mutool"); err != nil {
		t.Skip("mutool is not installed")
	}
	for name, pg := range pictures(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			in, out := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "a.png")
			var b bytes.Buffer
			if err := Write(&b, []Page{pg}, meta); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			if o, err := exec.Command("mutool", "draw", "-q", "-r", "100", "-o", out, in).CombinedOutput(); err != nil || strings.Contains(string(o), "error") {
				t.Fatalf("mutool: %v %s", err, o)
			}
			f, err := os.Open(out)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := png.Decode(f)
			if err != nil {
				t.Fatal(err)
			}
			want, _, err := image.Decode(bytes.NewReader(pg.Image))
			if err != nil {
				t.Fatal(err)
			}
			if got.Bounds().Dx() != 80 || got.Bounds().Dy() != 120 {
				t.Fatalf("shown with %v", got.Bounds())
			}
			for _, p := range []image.Point{{3, 4}, {40, 60}, {77, 100}, {12, 90}} {
				g, w := rgb(got.At(p.X, p.Y)), rgb(want.At(p.X, p.Y))
				for i := range g {
					if d := g[i] - w[i]; d > 12 || d < -12 {
						t.Errorf("at %v shown %v, is %v", p, g, w)
						break
					}
				}
			}
		})
	}
}

// rgb is a colour on white paper.
func rgb(c color.Color) [3]int {
	r, g, b, a := c.RGBA()
	paper := 0xffff - a
	return [3]int{int((r + paper) >> 8), int((g + paper) >> 8), int((b + paper) >> 8)}
}

func TestBytesPassThrough(t *testing.T) {
	p := pictures(t)
	for _, name := range []string{"colour jpeg", "gray jpeg"} {
		var b bytes.Buffer
		if err := Write(&b, []Page{p[name]}, meta); err != nil || !bytes.Contains(b.Bytes(), p[name].Image) {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	pg := pictures(t)["colour png"]
	var a, b bytes.Buffer
	if Write(&a, []Page{pg}, meta) != nil || Write(&b, []Page{pg}, meta) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two files of the same pages differ")
	}
}

func TestDensityAndOrientation(t *testing.T) {
	img := asJPEG(t, image.NewGray(image.Rect(0, 0, 10, 20)))
	exif := []byte("\xFF\xE1\x00\x22Exif\x00\x00II\x2A\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00")
	jfif := []byte("\xFF\xE0\x00\x10JFIF\x00\x01\x01\x01\x00\x96\x00\x96\x00\x00")
	full := append(append(append(append([]byte{}, img[:2]...), jfif...), exif...), img[2:]...)
	p, err := read(Page{Image: full, MediaType: "image/jpeg"})
	if err != nil || p.turns != 1 || p.dpiX != 150 {
		t.Errorf("%+v %v", p, err)
	}
	plain := asPNG(t, image.NewGray(image.Rect(0, 0, 10, 20)))
	phys := binary.BigEndian.AppendUint32(nil, 9)
	body := append([]byte("pHYs"), 0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1)
	phys = binary.BigEndian.AppendUint32(append(phys, body...), crc32.ChecksumIEEE(body))
	full = append(append(append([]byte{}, plain[:33]...), phys...), plain[33:]...)
	p, err = read(Page{Image: full, MediaType: "image/png"})
	if err != nil || p.dpiX < 299 || p.dpiX > 301 {
		t.Errorf("%+v %v", p, err)
	}
	p, err = read(Page{Image: plain, MediaType: "image/png"})
	if err != nil || float64(p.width)*72/p.dpiX < 595 || float64(p.width)*72/p.dpiX > 596 {
		t.Errorf("a picture without density is not as wide as A4: %+v %v", p, err)
	}
}

func TestNoPagesAndNoPicture(t *testing.T) {
	if Write(&bytes.Buffer{}, nil, meta) == nil {
		t.Error("a file without pages was written")
	}
	if Write(&bytes.Buffer{}, []Page{{Image: []byte("x"), MediaType: "image/png"}}, meta) == nil {
		t.Error("a broken picture was written")
	}
}
