package page

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"

	"schalter/data/record"
)

func encoded(t testing.TB, m image.Image, asJPEG bool) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if asJPEG {
		b.Reset()
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// huge is a PNG that says it has w x h pixels and brings none.
func huge(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	head = append(head, 8, 0, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\r"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestEveryKindOfPictureLooksTheSame(t *testing.T) {
	g := turn(letter(t, 150, 30, 240, 30), 1.5, 240)
	onebit := image.NewPaletted(g.Rect, color.Palette{color.Black, color.White})
	for i, cut := 0, Otsu(g); i < len(g.Pix); i++ {
		if g.Pix[i] > cut {
			onebit.Pix[i] = 1
		}
	}
	rgba, nrgba, wide := image.NewRGBA(g.Rect), image.NewNRGBA(g.Rect), image.NewGray16(g.Rect)
	for _, d := range []draw.Image{rgba, nrgba, wide} {
		draw.Draw(d, g.Rect, g, image.Point{}, draw.Src)
	}
	for name, data := range map[string][]byte{
		"gray": encoded(t, g, false), "one bit": encoded(t, onebit, false), "colour": encoded(t, rgba, false), "16 bit": encoded(t, wide, false),
		"gray JPEG": encoded(t, g, true), "colour JPEG": encoded(t, nrgba, true),
	} {
		m, err := Decode(data)
		if err != nil {
			t.Fatal(name, err)
		}
		f := Look(m, 150)
		if !f.Sure || f.Skew < -1.56 || f.Skew > -1.44 || f.Blank {
			t.Errorf("%s (%T): %+v", name, m, f)
		}
	}
}

func TestWhatIsSeenThroughLiesOnWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.Set(1, 0, color.NRGBA{0, 0, 0, 255})
	if g := Gray(m); g.Pix[0] != 255 || g.Pix[1] != 0 {
		t.Error(g.Pix)
	}
	p := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Transparent})
	if g := Gray(p); g.Pix[0] != 255 {
		t.Error(g.Pix)
	}
}

func TestPicturesThatAreNotDecoded(t *testing.T) {
	whole := encoded(t, letter(t, 100, 10, 255, 0), false)
	for name, c := range map[string]struct {
		data []byte
		code record.Code
	}{
		"20,000 x 20,000":         {huge(20_000, 20_000), record.CodeImportPixels},
		"4 G wide":                {huge(1<<31-1, 1<<31-1), record.CodeScanBadData},
		"nothing":                 {nil, record.CodeScanBadData},
		"a page of the web":       {[]byte("<!doctype html>"), record.CodeScanBadData},
		"a TIFF that claims much": {[]byte("II*\x00\xf0\xff\xff\xff" + string(make([]byte, 120))), record.CodeScanBadData},
		"cut off":                 {whole[:len(whole)/2], record.CodeScanBadData},
	} {
		if _, err := Decode(c.data); record.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReduceTakesTheMean(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 7, 5))
	for i := range g.Pix {
		g.Pix[i] = uint8(i * 7)
	}
	for f := 1; f < 9; f++ {
		r := Reduce(g, f)
		f := min(f, 5)
		if r.Rect.Dx() != 7/f || r.Rect.Dy() != 5/f {
			t.Fatal(f, r.Rect)
		}
		sum := 0
		for y := range f {
			for x := range f {
				sum += int(g.Pix[y*g.Stride+x])
			}
		}
		if want := uint8((sum + f*f/2) / (f * f)); r.Pix[0] != want {
			t.Errorf("%d: %d, not %d", f, r.Pix[0], want)
		}
	}
}

func TestOtsuPartsInkFromPaper(t *testing.T) {
	if v := Otsu(letter(t, 100, 30, 230, 50)); v < 50 || v >= 230 {
		t.Error(v)
	}
	if v := Otsu(sheet(100, 200)); v != 0 {
		t.Error("one brightness only:", v)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, letter(f, 50, 3, 255, 0), false))
	f.Add(encoded(f, letter(f, 50, 3, 255, 0), true))
	f.Add(huge(20_000, 20_000))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip()
		}
		m, err := Decode(data)
		if err != nil {
			if record.CodeOf(err) == "" {
				t.Error(err)
			}
			return
		}
		if b := m.Bounds(); b.Dx()*b.Dy() < 4_000_000 {
			Look(m, 0)
		}
	})
}

// BenchmarkThumbnail draws the small picture of a scan as it is stored.
func BenchmarkThumbnail(b *testing.B) {
	g := letter(b, 300, 40, 240, 30)
	rgba := image.NewRGBA(g.Rect)
	draw.Draw(rgba, g.Rect, g, image.Point{}, draw.Src)
	for name, data := range map[string][]byte{"gray JPEG": encoded(b, g, true), "colour JPEG": encoded(b, rgba, true), "gray PNG": encoded(b, g, false)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				m, err := Decode(data)
				if err != nil {
					b.Fatal(err)
				}
				Small(m, 192)
			}
		})
	}
}
