package preview

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pdf writes a PDF of the given objects (number 1 is the catalogue) with a correct cross-reference table.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}

const helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

// pages is an A4 document with one line of text on each page.
func pages(lines ...string) []byte {
	kids := make([]string, len(lines))
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", helvetica}
	for i, line := range lines {
		n := len(objects) + 1
		kids[i] = fmt.Sprintf("%d 0 R", n)
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>", n+1),
			stream("", "BT /F 24 Tf 72 720 Td ("+line+") Tj ET"))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(lines), strings.Join(kids, " "))
	return pdf(objects...)
}

// bomb is a page of nested drawings, 10 per level, that takes practically for ever.
func bomb() []byte {
	const levels = 12
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
		stream("", strings.Repeat("/X Do ", 10)),
	}
	for i := range levels {
		inner, content := "", "0 0 5 5 re f"
		if i < levels-1 {
			inner = fmt.Sprintf("/Resources << /XObject << /X %d 0 R >> >>", 6+i)
			content = strings.Repeat("/X Do ", 10)
		}
		objects = append(objects, stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] "+inner, content))
	}
	return pdf(objects...)
}

// filled is an empty page with a form field; value is what was typed, drawn whether the file brings the
// field's appearance or asks the viewer to make it.
func filled(value string, withAppearance bool) []byte {
	field := "/Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /Rect [100 600 400 640] /DA (/F 24 Tf 0 g) /P 3 0 R"
	appearance := "null"
	if value != "" {
		field += " /V (" + value + ")"
		if withAppearance {
			field += " /AP << /N 6 0 R >>"
			appearance = stream("/Type /XObject /Subtype /Form /BBox [0 0 300 40] /Resources << /Font << /F 4 0 R >> >>",
				"/Tx BMC BT /F 24 Tf 4 10 Td ("+value+") Tj ET EMC")
		}
	}
	return pdf(
		"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /DR << /Font << /F 4 0 R >> >> /NeedAppearances "+
			fmt.Sprint(!withAppearance)+" >> >>",
		"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R] >>",
		helvetica, "<< "+field+" >>", appearance)
}

// annotated is an empty page with a red square annotation over a tenth of it, or without.
func annotated(with bool) []byte {
	annots := ""
	if with {
		annots = "/Annots [4 0 R]"
	}
	return pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] "+annots+" >>",
		"<< /Type /Annot /Subtype /Square /F 4 /Rect [100 100 340 300] /C [1 0 0] /IC [1 0 0] /AP << /N 5 0 R >> >>",
		stream("/Type /XObject /Subtype /Form /BBox [0 0 240 200]", "1 0 0 rg 0 0 240 200 re f"))
}

// locked encrypts with AES-256 so that opening needs the password.
func locked(t testing.TB, data []byte, password string) []byte {
	t.Helper()
	api.DisableConfigDir()
	var out bytes.Buffer
	conf := model.NewAESConfiguration(password, "owner", 256)
	if err := api.Encrypt(bytes.NewReader(data), &out, conf); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// halves is black on the left and white on the right.
func halves(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if x >= w/2 {
				m.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asTIFF writes uncompressed grey pages at 100 dpi (TIFF 6.0, sections 2 and 4).
func asTIFF(pages ...*image.Gray) []byte {
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the next page's offset goes
	for _, m := range pages {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		strip := len(out)
		out = append(out, m.Pix...)
		ratio := len(out)
		out = le.AppendUint32(le.AppendUint32(out, 100), 1)
		le.PutUint32(out[link:], uint32(len(out)))
		tags := [][4]uint32{ // tag, type (3 short, 4 long, 5 rational), count, value
			{256, 4, 1, uint32(w)},
			{257, 4, 1, uint32(h)},
			{258, 3, 1, 8},
			{259, 3, 1, 1},
			{262, 3, 1, 1},
			{273, 4, 1, uint32(strip)},
			{277, 3, 1, 1},
			{278, 4, 1, uint32(h)},
			{279, 4, 1, uint32(w * h)},
			{282, 5, 1, uint32(ratio)},
			{283, 5, 1, uint32(ratio)},
			{296, 3, 1, 2},
		}
		out = le.AppendUint16(out, uint16(len(tags)))
		for _, tag := range tags {
			out = le.AppendUint16(le.AppendUint16(out, uint16(tag[0])), uint16(tag[1]))
			out = le.AppendUint32(le.AppendUint32(out, tag[2]), tag[3])
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}
