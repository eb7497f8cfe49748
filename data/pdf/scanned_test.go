package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hhrutter/tiff"

	"schalter/data/pdf/g4"
	"schalter/data/record"
)

// raw is a PDF as a small device writes it: a page for each of its pictures, which are given as dictionary and bytes.
func raw(pictures ...[2]string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for i := range pictures {
		kids += fmt.Sprintf("%d 0 R ", 3+2*i)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids, len(pictures)))
	for i, p := range pictures {
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</XObject<</I %d 0 R>>>>>>", 4+2*i))
		object(fmt.Sprintf("<</Type/XObject/Subtype/Image/Length %d%s>>stream\n%s\nendstream", len(p[1]), p[0], p[1]))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

const (
	grayDCT = "/Width 80/Height 120/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode"
	fax4    = "/Width 80/Height 120/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 80/Rows 120>>"
	plain   = "/Width 80/Height 120/BitsPerComponent 8/ColorSpace/DeviceRGB"
)

func gray(t *testing.T) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 80, 120))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
	}
	return string(asJPEG(t, m))
}

func fax80(t *testing.T) string {
	t.Helper()
	bits := make([]byte, 10*120)
	for i := range bits {
		bits[i] = byte(i * 37)
	}
	return string(g4.Encode(bits, 80, 120, 10, false))
}

func TestScannedDocumentsAreCountedOrRefused(t *testing.T) {
	jpg, fax, pix := gray(t), fax80(t), strings.Repeat("x", 80*120*3)
	for _, c := range []struct {
		name  string
		data  []byte
		pages int
		want  record.Code
	}{
		{"jpegs", raw([2]string{grayDCT, jpg}, [2]string{grayDCT, jpg}, [2]string{grayDCT, jpg}), 3, ""},
		{"fax and plain", raw([2]string{fax4, fax}, [2]string{plain, pix}), 2, ""},
		{"a jpeg cut off", raw([2]string{grayDCT, jpg}, [2]string{grayDCT, jpg[:len(jpg)/2]}), 0, record.CodePictureDamaged},
		{"a fax cut off", raw([2]string{fax4, fax[:len(fax)/2]}), 0, record.CodePictureDamaged},
		{"plain pixels cut off", raw([2]string{plain, pix[:len(pix)-1]}), 0, record.CodePictureDamaged},
		{"no picture at all", raw([2]string{strings.Replace(grayDCT, "/Width", "/Subtype/PS/Width", 1), jpg}), 0, record.CodePictureDamaged},
		{"larger than it says", raw([2]string{strings.Replace(grayDCT, "120", "240", 1), jpg}), 0, record.CodePictureDamaged},
		{"20,000 by 20,000", raw([2]string{strings.NewReplacer("80", "20000", "120", "20000").Replace(plain), pix}), 0, record.CodePictureLarge},
		{"JPEG 2000", raw([2]string{strings.Replace(grayDCT, "DCT", "JPX", 1), jpg}), 0, record.CodePictureKind},
		{"JBIG2", raw([2]string{strings.Replace(grayDCT, "DCT", "JBIG2", 1), jpg}), 0, record.CodePictureKind},
		{"a page less than it says", bytes.Replace(raw([2]string{grayDCT, jpg}), []byte("/Count 1"), []byte("/Count 2"), 1), 0, record.CodePictureDamaged},
		{"nothing", nil, 0, record.CodePictureDamaged},
		{"a page of the web", []byte("<html>%PDF- %%EOF</html>"), 0, record.CodePictureDamaged},
		{"only the frame", []byte("%PDF-1.4\n%%EOF"), 0, record.CodePictureDamaged},
	} {
		n, err := Scanned(t.Context(), c.data)
		if n != c.pages || record.CodeOf(err) != c.want {
			t.Errorf("%s: %d pages, %v", c.name, n, err)
		}
	}
}

// What our own writer makes is a scanned document too, whatever the pictures are.
func TestOwnDocumentsAreWhole(t *testing.T) {
	var pages []Page
	for _, p := range pictures(t) {
		pages = append(pages, p)
	}
	var b bytes.Buffer
	if err := Write(&b, pages, meta); err != nil {
		t.Fatal(err)
	}
	if n, err := Scanned(t.Context(), b.Bytes()); n != len(pages) || err != nil {
		t.Errorf("%d pages, %v", n, err)
	}
}

// However a document is cut, it is never taken. The last bytes are not needed: a line's end, and a TIFF's density.
func TestACutDocumentIsNeverTaken(t *testing.T) {
	sheet := image.NewGray(image.Rect(0, 0, 60, 80))
	for i := range sheet.Pix {
		sheet.Pix[i] = uint8(i * i)
	}
	var tif bytes.Buffer
	if err := tiff.Encode(&tif, sheet, nil); err != nil {
		t.Fatal(err)
	}
	for name, whole := range map[string][]byte{"PDF": raw([2]string{grayDCT, gray(t)}, [2]string{fax4, fax80(t)}), "TIFF": tif.Bytes()} {
		if n, err := Scanned(t.Context(), whole); n == 0 || err != nil {
			t.Fatalf("%s: %d, %v", name, n, err)
		}
		for at := 0; at < len(whole)-17; at += 1 + len(whole)/400 {
			if n, err := Scanned(t.Context(), whole[:at]); n != 0 || err == nil {
				t.Errorf("%s of %d bytes cut at %d is taken", name, len(whole), at)
			}
		}
	}
}

// A strip of fax counts by its rows, not by its bytes.
func TestFaxInATIFFIsRead(t *testing.T) {
	one := faxTIFF([]byte(fax80(t)), 80, 120, 0, 1)
	if n, err := Scanned(t.Context(), one); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	short := faxTIFF([]byte(fax80(t)[:20]), 80, 120, 0, 1)
	if n, err := Scanned(t.Context(), short); n != 0 || record.CodeOf(err) != record.CodePictureDamaged {
		t.Errorf("%d, %v", n, err)
	}
	large := faxTIFF([]byte(fax80(t)), 20000, 20000, 0, 1)
	if _, err := Scanned(t.Context(), large); record.CodeOf(err) != record.CodePictureLarge {
		t.Errorf("%v", err)
	}
}

// Files of others are counted or refused with a reason.
func TestForeignDocumentsAreCountedOrRefused(t *testing.T) {
	taken := 0
	for _, path := range foreign(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		n, err := Scanned(t.Context(), data)
		name := filepath.Base(path)
		if err == nil {
			taken++
		}
		if (err == nil) != (n > 0) {
			t.Errorf("%s: %d pages, %v", name, n, err)
		}
		if err != nil && !slices.Contains([]record.Code{record.CodePictureDamaged, record.CodePictureKind, record.CodePictureLarge}, record.CodeOf(err)) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.HasPrefix(name, "scan__") {
			t.Logf("%s: %d, %v", name, n, err)
		}
	}
	if taken == 0 {
		t.Error("none is taken")
	}
}

func TestACheckIsCalledOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := Scanned(ctx, raw([2]string{grayDCT, gray(t)})); n != 0 || err == nil {
		t.Errorf("%d, %v", n, err)
	}
}

func FuzzScanned(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Add(faxTIFF(g4.Encode(make([]byte, 8), 8, 8, 1, false), 8, 8, 0, 1))
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	m.SetGray(3, 3, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := Write(&b, []Page{{Image: asPNG(f, m), MediaType: "image/png"}}, meta); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Scanned(t.Context(), data)
		if (n > 0) != (err == nil) {
			t.Errorf("%d pages, %v", n, err)
		}
	})
}
