package preview

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// drawing is a PDF of one page that shows content; the objects given are numbered from 5 on.
func drawing(content, resources string, objects ...string) []byte {
	return pdf(append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << " + resources + " >> >>",
		stream("", content),
	}, objects...)...)
}

func pictureOf(side int, more, data string) string {
	return stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d %s", side, side, more), data)
}

// jbig2 is a page of so many pixels in one generic region, with hardly any data.
func jbig2(side uint32) string {
	be := binary.BigEndian
	page := be.AppendUint32(be.AppendUint32(nil, side), side)
	page = append(page, make([]byte, 11)...)
	out := append([]byte{0, 0, 0, 0, 48, 0, 1}, be.AppendUint32(nil, uint32(len(page)))...)
	out = append(out, page...)
	region := be.AppendUint32(be.AppendUint32(nil, side), side)
	region = append(region, make([]byte, 9)...)
	region = append(region, 0, 3, 255, 253, 255, 2, 254, 254, 254)
	region = append(region, make([]byte, 32)...)
	out = append(out, 0, 0, 0, 1, 38, 0, 1)
	out = append(out, be.AppendUint32(nil, uint32(len(region)))...)
	return string(append(out, region...))
}

// jpx is the beginning of a JPEG 2000 stream of so many pixels.
func jpx(side uint32) string {
	be := binary.BigEndian
	out := []byte{0xff, 0x4f, 0xff, 0x51, 0, 47, 0, 0}
	for _, v := range []uint32{side, side, 0, 0, side, side, 0, 0} {
		out = be.AppendUint32(out, v)
	}
	out = append(out, 0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1)
	out = append(out, 0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 0)
	out = append(out, 0xff, 0x5c, 0, 19, 0x40)
	for range 16 {
		out = append(out, 0x40)
	}
	out = append(out, 0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93)
	return string(append(append(out, make([]byte, 64)...), 0xff, 0xd9))
}

// TestBombsInsidePDFs gives pages that are small to store and large to draw.
func TestBombsInsidePDFs(t *testing.T) {
	const whole = "595 0 0 842 0 0 cm /I Do"
	image := func(objects ...string) []byte { return drawing(whole, "/XObject << /I 5 0 R >>", objects...) }
	files := map[string][]byte{
		"fax, 60,000 x 60,000":       image(pictureOf(60_000, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>", "\x00\x01\x00\x01")),
		"mask, 60,000 x 60,000":      image(pictureOf(60_000, "/ImageMask true /BitsPerComponent 1 /Filter /FlateDecode", string(deflated(1000)))),
		"jbig2, 20,000 x 20,000":     image(pictureOf(20_000, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode", jbig2(20_000))),
		"jbig2, 4 billion":           image(pictureOf(20_000, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode", jbig2(1<<32-1))),
		"jpx, 20,000 x 20,000":       image(pictureOf(20_000, "/Filter /JPXDecode", jpx(20_000))),
		"jpx, 2 billion":             image(pictureOf(20_000, "/Filter /JPXDecode", jpx(1<<31-1))),
		"picture, 2 billion":         image(pictureOf(1<<31-1, "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode", string(deflated(1000)))),
		"indexed, 20,000 x 20,000":   image(pictureOf(20_000, "/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 1 <000000ffffff>] /Filter /FlateDecode", string(deflated(1000)))),
		"soft mask, 20,000 x 20,000": image(pictureOf(10, "/BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 6 0 R /Filter /FlateDecode", string(deflated(100))), pictureOf(20_000, "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode", string(deflated(1000)))),
		"soft mask of itself":        image(pictureOf(10, "/BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 5 0 R /Filter /FlateDecode", string(deflated(100)))),
		"pattern of tiny tiles": drawing("/Pattern cs /P scn 0 0 595 842 re f", "/Pattern << /P 5 0 R >>",
			stream("/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>", "0 0 1 1 re f")),
		"pattern within itself": drawing("/Pattern cs /P scn 0 0 595 842 re f", "/Pattern << /P 5 0 R >>",
			stream("/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << /Pattern << /P 5 0 R >> >>", "/Pattern cs /P scn 0 0 9 9 re f")),
		"a thousand groups": drawing(strings.Repeat("/G Do ", 1000), "/XObject << /G 5 0 R >>",
			stream("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /I true >> /Resources << >>", "0 0 9 9 re f")),
		"a million forms":        drawing(strings.Repeat("/X Do ", 1_000_000), "/XObject << /X 5 0 R >>", stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 5 5 re f")),
		"a million saved states": drawing(strings.Repeat("q ", 1_000_000), ""),
		"a million curves":       drawing("0 0 m "+strings.Repeat("1 900 500 0 300 300 c ", 1_000_000)+"f", ""),
		"a dash of nothing":      drawing("[0.00001 0.00001] 0 d 0.001 w 0 0 m 595 842 l S", ""),
		"shading without end":    drawing("/S sh", "/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 1e9 0 1e9] /Function << /FunctionType 2 /Domain [0 1] /N 1 /C0 [0 0 0] /C1 [1 1 1] >> >> >>"),
	}
	limits := Options{JobTime: time.Second}
	if longRun() {
		limits = Options{} // a desk's own
	}
	r := newRenderer(t, limits)
	for name, data := range files {
		if !longRun() && strings.Contains(name, "million") {
			continue
		}
		_, took, err := showAndTime(r, data, "")
		if _, known := errors.AsType[*record.Error](err); err != nil && !known {
			t.Errorf("%s: not a record.Error: %v", name, err)
		}
		if _, died := errors.AsType[*deathError](err); died && record.CodeOf(err) != record.CodePDFTimeout {
			t.Errorf("%s ended the helper: %v", name, err)
		}
		peak := peakOf(t, r)
		if took > 10*time.Second || peak > mostMemory {
			t.Errorf("%s: took %v and %d MB", name, took, peak>>20)
		}
		t.Logf("%-28s %8d bytes %6d ms, peak %4d MB, %v", name, len(data), took.Milliseconds(), peak>>20, err)
		if err := alive(r, pages("danach")); err != nil {
			t.Fatalf("after %s nothing is shown any more: %v", name, err)
		}
	}
}

// TestLayersAreShownAsTheFileSays draws a page with a layer that is hidden at first and one that is not.
func TestLayersAreShownAsTheFileSays(t *testing.T) {
	for off, want := range map[string][2]bool{"": {true, true}, "5 0 R": {false, true}, "5 0 R 6 0 R": {false, false}} {
		data := pdf("<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [5 0 R 6 0 R] /D << /OFF ["+off+"] >> >> >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
			"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << /Properties << /A 5 0 R /B 6 0 R >> >> >>",
			stream("", "/OC /A BDC 0 0 50 100 re f EMC /OC /B BDC 50 0 50 100 re f EMC"), "<< /Type /OCG /Name (A) >>", "<< /Type /OCG /Name (B) >>")
		img := draw(t, open(t, newRenderer(t, Options{}), data, ""), 0, 72, 0)
		if got := [2]bool{img.RGBAAt(25, 50).R == 0, img.RGBAAt(75, 50).R == 0}; got != want {
			t.Errorf("hidden %q: shown %v instead of %v", off, got, want)
		}
	}
}
