package pdf

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/hhrutter/tiff"

	"schalter/data/pdf/g4"
	"schalter/data/record"
)

// chunk is a part of a PNG.
func chunk(kind string, body ...byte) []byte {
	all := append([]byte(kind), body...)
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), all...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(all))
}

// with puts chunks behind a PNG's header.
func with(b []byte, chunks ...[]byte) []byte {
	out := bytes.Clone(b[:33])
	for _, c := range chunks {
		out = append(out, c...)
	}
	return append(out, b[33:]...)
}

// after puts a segment behind a JPEG's beginning.
func after(b []byte, marker byte, body string) []byte {
	out := append(bytes.Clone(b[:2]), 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), b[2:]...)
}

func exif(o byte) string {
	return "Exif\x00\x00II\x2A\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string(o) + "\x00\x00\x00\x00\x00\x00\x00"
}

// patched changes bytes of the first frame of a JPEG, counted from its marker.
func patched(b []byte, at int, v ...byte) []byte {
	out := bytes.Clone(b)
	i := bytes.Index(out, []byte{0xFF, 0xC0})
	copy(out[i+at:], v)
	return out
}

// huge is a PNG that says it has so many pixels and holds almost nothing.
func huge(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return append(append(append([]byte(pngMagic), chunk("IHDR", append(head, 8, 0, 0, 0, 0)...)...), chunk("IDAT", 0x78, 0x9c, 3, 0, 0, 0, 0, 1)...), chunk("IEND")...)
}

func TestPicturesThatCannotBeTakenSayWhy(t *testing.T) {
	r := image.Rect(0, 0, 40, 30)
	pngOK, jpgOK := asPNG(t, chart(r)), asJPEG(t, chart(r))
	var tif bytes.Buffer
	if err := tiff.Encode(&tif, chart(r), nil); err != nil {
		t.Fatal(err)
	}
	rows := bytes.Index(pngOK, []byte("IDAT"))
	damagedRow := bytes.Clone(pngOK)
	damagedRow[rows+20] ^= 0x40
	pal := image.NewPaletted(r, color.Palette{color.White, color.Black, color.RGBA{1, 2, 3, 255}})
	pal.Pix[77] = 3
	outside := asPNG(t, pal)
	for name, c := range map[string]struct {
		kind string
		data []byte
		want record.Code
	}{
		"20,000 x 20,000 png":   {"image/png", huge(20_000, 20_000), record.CodePictureLarge},
		"widest png":            {"image/png", huge(math.MaxUint32, math.MaxUint32), record.CodePictureLarge},
		"20,000 x 20,000 jpeg":  {"image/jpeg", patched(jpgOK, 5, 0x4E, 0x20, 0x4E, 0x20), record.CodePictureLarge},
		"no pixels":             {"image/png", huge(0, 10), record.CodePictureDamaged},
		"rows missing":          {"image/png", huge(40, 30), record.CodePictureDamaged},
		"empty":                 {"image/png", nil, record.CodePictureDamaged},
		"cut off png":           {"image/png", pngOK[:len(pngOK)-20], record.CodePictureDamaged},
		"cut off in a row":      {"image/png", append(bytes.Clone(pngOK[:rows-4]), append(chunk("IDAT", pngOK[rows+4:rows+60]...), chunk("IEND")...)...), record.CodePictureDamaged},
		"bit turned over":       {"image/png", damagedRow, record.CodePictureDamaged},
		"two headers":           {"image/png", with(pngOK, pngOK[8:33]), record.CodePictureDamaged},
		"colour out of palette": {"image/png", outside, record.CodePictureDamaged},
		"cut off jpeg":          {"image/jpeg", jpgOK[:len(jpgOK)*2/3], record.CodePictureDamaged},
		"jpeg without its end":  {"image/jpeg", jpgOK[:len(jpgOK)-2], record.CodePictureDamaged},
		"jpeg of nothing":       {"image/jpeg", []byte{0xFF, 0xD8, 0xFF, 0xD9}, record.CodePictureDamaged},
		"12 bit jpeg":           {"image/jpeg", patched(jpgOK, 4, 12), record.CodePictureKind},
		"lossless jpeg":         {"image/jpeg", patched(jpgOK, 1, 0xC3), record.CodePictureKind},
		"arithmetic jpeg":       {"image/jpeg", patched(jpgOK, 1, 0xC9), record.CodePictureKind},
		"two-part jpeg":         {"image/jpeg", after(jpgOK[:2:2], 0xC0, "\x08\x00\x10\x00\x10\x02\x01\x11\x00\x02\x11\x00"), record.CodePictureDamaged},
		"gif":                   {"image/gif", []byte("GIF89a"), record.CodePictureKind},
		"cut off tiff":          {"image/tiff", tif.Bytes()[:tif.Len()-30], record.CodePictureDamaged},
		"tiff that bites":       {"image/tiff", []byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"), record.CodePictureDamaged},
		"tiff of nothing":       {"image/tiff", []byte("II*\x00\x00\x00\x00\x00"), record.CodePictureDamaged},
	} {
		if err := Write(io.Discard, []Page{{Image: c.data, MediaType: c.kind}}, meta); record.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Write(io.Discard, []Page{{Image: tif.Bytes(), MediaType: "image/tiff", Index: 1}}, meta); record.CodeOf(err) != record.CodePDFNoPage {
		t.Errorf("page that is not there: %v", err)
	}
}

// odd are pictures that are read in many programs in the wrong way. Each shows the chart of its size.
func odd(t *testing.T, r image.Rectangle) map[string]Page {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "chart.png")
	if err := os.WriteFile(src, asPNG(t, chart(r)), 0o600); err != nil {
		t.Fatal(err)
	}
	out := map[string]Page{}
	for name, args := range map[string][]string{
		"interlaced.png":  {"-interlace", "PNG"},
		"progressive.jpg": {"-interlace", "JPEG", "-quality", "95"},
		"cmyk.jpg":        {"-colorspace", "CMYK", "-quality", "97"},
		"444.jpg":         {"-sampling-factor", "4:4:4", "-quality", "95"},
		"lzw.tif":         {"-compress", "LZW"},
		"zip.tif":         {"-compress", "Zip"},
	} {
		path := filepath.Join(dir, name)
		run(t, "convert", append(append([]string{src}, args...), path)...)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		kind := map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".tif": "image/tiff"}[filepath.Ext(name)]
		out[name] = Page{Image: b, MediaType: kind, DPI: 72}
	}
	deep := image.NewNRGBA64(r)
	for y := range r.Dy() {
		for x := range r.Dx() {
			deep.Set(x, y, chart(r).At(x, y))
		}
	}
	out["16 bit colour"] = Page{Image: asPNG(t, deep), MediaType: "image/png", DPI: 72}
	return out
}

func TestOddPicturesShowTheirColours(t *testing.T) {
	tool(t, "convert", "mutool")
	r := image.Rect(0, 0, 40, 30)
	want := chart(r)
	for name, pg := range odd(t, r) {
		img := rendered(t, file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, pg))
		for _, p := range []image.Point{{3, 4}, {20, 15}, {37, 22}, {12, 28}} {
			g, w := rgb(img.At(p.X, p.Y)), rgb(want.At(p.X, p.Y))
			for i := range g {
				if d := g[i] - w[i]; d > 24 || d < -24 {
					t.Errorf("%s: at %v shows %v, is %v", name, p, g, w)
					break
				}
			}
		}
	}
}

// How the camera was held is applied for all eight ways, with words and turns of the sheet on top.
func TestEveryOrientation(t *testing.T) {
	tool(t, "mutool")
	r := image.Rect(0, 0, 60, 40)
	img := image.NewGray(r)
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	for y := range 10 { // dark at the top left, half dark at the top right
		for x := range 10 {
			img.SetGray(x, y, color.Gray{0})
			img.SetGray(50+x, y, color.Gray{100})
		}
	}
	data := asJPEG(t, img)
	// where the two marks are seen afterwards, by corner: 0 top left, 1 top right, 2 bottom right, 3 bottom left
	for o, want := range map[byte][2]int{1: {0, 1}, 2: {1, 0}, 3: {2, 3}, 4: {3, 2}, 5: {0, 3}, 6: {1, 2}, 7: {2, 1}, 8: {3, 0}} {
		for turns := range 4 {
			got := rendered(t, file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, Page{Image: after(data, 0xE1, exif(o)), MediaType: "image/jpeg", DPI: 72, Turns: turns}))
			b := got.Bounds()
			corners := []image.Point{{5, 5}, {b.Dx() - 5, 5}, {b.Dx() - 5, b.Dy() - 5}, {5, b.Dy() - 5}}
			dark, half := corners[(want[0]+turns)%4], corners[(want[1]+turns)%4]
			if d, h := rgb(got.At(dark.X, dark.Y))[0], rgb(got.At(half.X, half.Y))[0]; d > 30 || h < 70 || h > 130 {
				t.Errorf("orientation %d and %d turns: %d and %d", o, turns, d, h)
			}
		}
	}
}

// A gamma that is not the usual one is shown as it says; a file that calls itself sRGB is left alone.
func TestGamma(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = 128
	}
	plain := asPNG(t, img)
	gama := chunk("gAMA", binary.BigEndian.AppendUint32(nil, 100_000)...)
	for name, c := range map[string]struct {
		data  []byte
		space string
	}{
		"linear": {with(plain, gama), "[/CalGray <</WhitePoint [0.9505 1 1.089] /Gamma 1>>]"},
		"usual":  {with(plain, chunk("gAMA", binary.BigEndian.AppendUint32(nil, 45_455)...)), deviceGray},
		"srgb":   {with(plain, gama, chunk("sRGB", 0)), deviceGray},
		"none":   {plain, deviceGray},
	} {
		if p, err := read(Page{Image: c.data, MediaType: "image/png"}); err != nil || p.space != c.space {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
	pal := image.NewPaletted(img.Rect, color.Palette{color.Gray{128}, color.White})
	p, err := read(Page{Image: with(asPNG(t, pal), gama), MediaType: "image/png"})
	if err != nil || p.space != "[/Indexed /DeviceRGB 1 <BABABAFFFFFF>]" {
		t.Errorf("%+v %v", p, err)
	}
}

// Red, green and blue in a JPEG that does not say so would be taken for luminance and chroma.
func TestPlainRGBInAJPEG(t *testing.T) {
	b := asJPEG(t, chart(image.Rect(0, 0, 16, 16)))
	i := bytes.Index(b, []byte{0xFF, 0xC0})
	named := bytes.Clone(b)
	for k, c := range []byte("RGB") {
		named[i+10+3*k] = c
	}
	if f, err := parseJPEG(named); err != nil || f.jfif {
		t.Fatal(err)
	}
	p, err := readJPEG(named)
	if err != nil || p.parms != " /DecodeParms <</ColorTransform 0>>" {
		t.Errorf("%+v %v", p, err)
	}
	if p, err := readJPEG(b); err != nil || p.parms != "" {
		t.Errorf("%+v %v", p, err)
	}
}

// A TIFF in fax group 4 keeps its bytes, whichever way round it counts its bits and its black.
func TestFaxInATIFFIsPassedThrough(t *testing.T) {
	tool(t, "mutool")
	r := image.Rect(0, 0, 64, 40)
	rows := make([]byte, 8*40)
	for y := 10; y < 30; y++ {
		rows[8*y+2], rows[8*y+3] = 0xFF, 0xF0
	}
	data := g4.Encode(rows, 64, 40, 8, false)
	for _, c := range []struct{ photometric, fill uint32 }{{0, 1}, {1, 1}, {0, 2}} {
		strip := bytes.Clone(data)
		if c.fill == 2 {
			for i, v := range strip {
				strip[i] = v<<7&0x80 | v<<5&0x40 | v<<3&0x20 | v<<1&0x10 | v>>1&8 | v>>3&4 | v>>5&2 | v>>7
			}
		}
		pg := Page{Image: faxTIFF(strip, 64, 40, c.photometric, c.fill), MediaType: "image/tiff", DPI: 72}
		var b bytes.Buffer
		if err := Write(&b, []Page{pg}, meta); err != nil || !bytes.Contains(b.Bytes(), data) {
			t.Errorf("%+v: changed, %v", c, err)
		}
		img := rendered(t, file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, pg))
		dark := rgb(img.At(20, 20))[0] < 128
		if dark != (c.photometric == 0) || img.Bounds() != r {
			t.Errorf("%+v: dark %v", c, dark)
		}
	}
}

func faxTIFF(b []byte, width, height int, photometric, fill uint32) []byte {
	out := append([]byte("II*\x00"), 8, 0, 0, 0)
	tags := [][2]uint32{
		{tagWidth, uint32(width)},
		{tagHeight, uint32(height)},
		{tagBits, 1},
		{tagCompression, 4},
		{tagPhotometric, photometric},
		{tagFillOrder, fill},
		{tagOffsets, 8 + 2 + 9*12 + 4},
		{278, uint32(height)},
		{tagCounts, uint32(len(b))},
	}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
	for _, t := range tags {
		out = append(binary.LittleEndian.AppendUint16(out, uint16(t[0])), 4, 0, 1, 0, 0, 0)
		out = binary.LittleEndian.AppendUint32(out, t[1])
	}
	return append(append(out, 0, 0, 0, 0), b...)
}

// Black-and-white pages become fax group 4 whether they come with one bit or eight, and a dithered one stays as
// small as it came.
func TestBlackAndWhiteIsFax(t *testing.T) {
	r := image.Rect(0, 0, 300, 200)
	bw := image.NewPaletted(r, color.Palette{color.Black, color.White})
	gray := image.NewNRGBA(r)
	for y := range 200 {
		for x := range 300 {
			v := uint8(1)
			if (x*x+y*y)/20000%2 == 0 {
				v = 0
			}
			bw.SetColorIndex(x, y, v)
			gray.Set(x, y, color.Gray{255 * v})
		}
	}
	turned := image.NewPaletted(r, color.Palette{color.White, color.Black})
	for i, v := range bw.Pix {
		turned.Pix[i] = 1 - v
	}
	one, err := read(Page{Image: oneBit(t, bw), MediaType: "image/png"})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{asPNG(t, bw), asPNG(t, turned)} {
		if p, err := read(Page{Image: b, MediaType: "image/png"}); err != nil || !bytes.Equal(p.data, one.data) {
			t.Errorf("palette of black and white: %v", err)
		}
	}
	for name, b := range map[string][]byte{"1 bit": oneBit(t, bw), "interlaced or alpha": asPNG(t, transparent(gray))} {
		p, err := read(Page{Image: b, MediaType: "image/png"})
		if err != nil || p.filter != "CCITTFaxDecode" {
			t.Errorf("%s with %d bytes is not fax but %d bytes: %v", name, len(b), len(p.data), err)
		}
	}
	for i := range bw.Pix {
		bw.Pix[i] = uint8(i*7%3 ^ i%2)
		bw.Pix[i] &= 1
	}
	if p, err := read(Page{Image: oneBit(t, bw), MediaType: "image/png"}); err != nil || p.filter != "FlateDecode" {
		t.Errorf("dithered is fax: %v", err)
	}
}

// oneBit writes a PNG of gray with one bit, which the standard library does not.
func oneBit(t *testing.T, img *image.Paletted) []byte {
	t.Helper()
	b := asPNG(t, img)
	out := bytes.Clone(b)
	out[25] = pngGray
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	i := bytes.Index(out, []byte("PLTE"))
	n := int(binary.BigEndian.Uint32(out[i-4:]))
	return append(out[:i-4], out[i+8+n:]...)
}

// transparent makes one corner see-through, where white paper shows.
func transparent(img *image.NRGBA) *image.NRGBA {
	img.Set(0, 0, color.NRGBA{255, 255, 255, 0})
	return img
}

// pixels is how many a picture says it has.
func pixels(b []byte, kind string) int64 {
	switch kind {
	case "image/jpeg":
		if f, err := parseJPEG(b); err == nil {
			return int64(f.width) * int64(f.height)
		}
	case "image/png":
		if f, err := parsePNG(b); err == nil {
			return int64(f.width) * int64(f.height)
		}
	case "image/tiff":
		if dirs, err := directories(b); err == nil {
			t := directory(b, dirs[0])
			return t.value[tagWidth] * t.value[tagHeight]
		}
	}
	return 0
}

func FuzzRead(f *testing.F) {
	kinds := []string{"image/jpeg", "image/png", "image/tiff"}
	f.Add([]byte(pngMagic), uint8(1), false)
	f.Add([]byte("\xFF\xD8\xFF\xE0"), uint8(0), true)
	f.Add(faxTIFF(g4.Encode(make([]byte, 8), 8, 8, 1, false), 8, 8, 0, 1), uint8(2), true)
	f.Fuzz(func(t *testing.T, b []byte, kind uint8, shrink bool) {
		if pixels(b, kinds[int(kind)%3]) > 1<<20 {
			return // refused only above a hundred times that; time for many pictures instead of a few
		}
		err := Write(io.Discard, []Page{{Image: b, MediaType: kinds[int(kind)%3], Shrink: shrink}}, meta)
		if err != nil && record.CodeOf(err) == record.CodeInternal {
			t.Errorf("no clear reason: %v", err)
		}
	})
}
