package intake

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/hhrutter/tiff"
	"pgregory.net/rapid"

	"schalter/data/page"
	"schalter/data/pdf"
	"schalter/data/record"
)

func put(t testing.TB, s *shelf, kind, name string, b []byte) record.Original {
	t.Helper()
	ref, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return record.Original{Name: name, MediaType: kind, Blob: ref}
}

// paperOf is a PDF with so many pages, each of its own width.
func paperOf(t testing.TB, pages int) []byte {
	t.Helper()
	var list []pdf.Page
	for i := range pages {
		list = append(list, pdf.Page{Image: picture(uint8(i)), MediaType: "image/png", DPI: 72 - 4*i})
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, list, pdf.Meta{Title: "x"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// widths of the pages of what was bound tell which they are.
func widths(t testing.TB, s *shelf, ref record.BlobRef) []int {
	t.Helper()
	src, err := pdf.Open(context.Background(), s.m[ref.Hash], "a.pdf")
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for i := range src.Pages() {
		w, _, err := src.Size(i)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, int(w+0.5))
	}
	return out
}

func same[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func twoPageTIFF(t testing.TB) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 20, 30))
	img.SetGray(1, 1, color.Gray{40})
	var b bytes.Buffer
	if err := tiff.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPagesOfPDFsAndPicturesAreBoundTogether(t *testing.T) {
	in, s := desk(viewer{})
	d := record.Document{Title: "Alles", Originals: []record.Original{
		put(t, s, "application/pdf", "vertrag.pdf", paperOf(t, 3)), // 20, 21 and 23 points wide
		put(t, s, "image/png", "seite.png", picture(7)),
		put(t, s, "image/tiff", "fax.tif", twoPageTIFF(t)),
	}}
	ref, n, err := in.Bind(t.Context(), d)
	if err != nil || n != 5 || len(widths(t, s, ref)) != 5 {
		t.Fatal(n, err)
	}
	d.Sheets = []record.Sheet{
		{Original: 0, Page: 2},
		{Original: 1, DPI: 144},
		{Original: 0, Page: 0, Turns: 1},
		{Original: 0, Page: 1, Out: true},
		{Original: 2, DPI: 72, Crop: &record.Box{X1: 0.5, Y1: 1}},
		{Original: 0, Page: 1, Skew: 3},
	}
	ref, n, err = in.Bind(t.Context(), d)
	if got := widths(t, s, ref); err != nil || n != 5 || !same(got, []int{23, 10, 30, 10, 21}) {
		t.Errorf("%v %d %v", got, n, err)
	}
	again, _, err := in.Bind(t.Context(), d)
	if err != nil || again != ref {
		t.Errorf("the same sheets gave another file, %v", err)
	}
}

// A PDF that is shown as it came is that file, be it signed, locked or beyond understanding; one that is to be
// taken apart has to be fit for it.
func TestAWholePDFIsItsOriginal(t *testing.T) {
	in, s := desk(viewer{})
	signed := append(paperOf(t, 2), "\n% /ByteRange"...)
	d := record.Document{Pages: 2, Originals: []record.Original{put(t, s, "application/pdf", "bescheid.pdf", signed)}}
	for name, sheets := range map[string][]record.Sheet{"none": nil, "all": {{Page: 0}, {Page: 1}}} {
		d.Sheets = sheets
		if ref, n, err := in.Bind(t.Context(), d); err != nil || n != 2 || ref != d.Originals[0].Blob {
			t.Errorf("%s: %v %d %v", name, ref, n, err)
		}
	}
	for name, sheets := range map[string][]record.Sheet{
		"first page only": {{Page: 0}}, "turned": {{Page: 0, Turns: 1}, {Page: 1}}, "reversed": {{Page: 1}, {Page: 0}}, "one out": {{Page: 0}, {Page: 1, Out: true}},
	} {
		d.Sheets = sheets
		if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodePDFSigned {
			t.Errorf("%s: %v", name, err)
		}
	}
	d = record.Document{Pages: 4, Originals: []record.Original{put(t, s, "application/pdf", "kaputt.pdf", []byte("%PDF-1.4 broken"))}}
	if ref, n, err := in.Bind(t.Context(), d); err != nil || n != 4 || ref != d.Originals[0].Blob {
		t.Errorf("%v %d %v", ref, n, err)
	}
	d.Sheets = []record.Sheet{{Page: 1}}
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodePDFUnbound {
		t.Error(err)
	}
}

func TestSheetsThatPointNowhereAreRefused(t *testing.T) {
	in, s := desk(viewer{})
	d := scanned(t, s)
	d.Sheets[1].Original = 3
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodeNotFound {
		t.Error(err)
	}
	d.Originals = append(d.Originals, put(t, s, "application/pdf", "a.pdf", paperOf(t, 2)))
	d.Sheets[1].Page = 2
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodePDFNoPage {
		t.Error(err)
	}
	for i := range d.Sheets {
		d.Sheets[i].Out = true
	}
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodePDFNoPages {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := in.Bind(ctx, scanned(t, s)); err == nil {
		t.Error("went on after it was called off")
	}
}

// Words are asked for by the page's hash and lie in the file.
func TestRecognizedWordsAreInTheFile(t *testing.T) {
	in, s := desk(viewer{})
	d := scanned(t, s)
	plain, _, err := in.Bind(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	in.Words = func(h record.Hash) (page.Text, bool) {
		return page.Text{Words: []page.Word{{Text: "Wort", X0: 2, Y0: 3, X1: 12, Y1: 6}}}, h == d.Originals[1].Blob.Hash
	}
	ref, _, err := in.Bind(t.Context(), d)
	if err != nil || ref == plain || !bytes.Contains(s.m[ref.Hash], []byte("/Glyphless")) || bytes.Contains(s.m[plain.Hash], []byte("/Glyphless")) {
		t.Error(err)
	}
}

// Whatever order and geometry the sheets have, the file has one page for each that is not taken out.
func TestAnySheetsAreBound(t *testing.T) {
	in, s := desk(viewer{})
	originals := []record.Original{put(t, s, "application/pdf", "a.pdf", paperOf(t, 3)), put(t, s, "image/png", "b.png", picture(3)), put(t, s, "image/tiff", "c.tif", twoPageTIFF(t))}
	rapid.Check(t, func(rt *rapid.T) {
		d := record.Document{Originals: originals}
		want := 0
		for range rapid.IntRange(1, 6).Draw(rt, "sheets") {
			sh := record.Sheet{
				Original: rapid.IntRange(0, 2).Draw(rt, "original"), DPI: rapid.IntRange(0, 600).Draw(rt, "dpi"), Turns: rapid.IntRange(0, 3).Draw(rt, "turns"),
				Skew: rapid.Float64Range(-45, 45).Draw(rt, "skew"), Out: rapid.Bool().Draw(rt, "out"),
			}
			if sh.Original == 0 {
				sh.Page = rapid.IntRange(0, 2).Draw(rt, "page")
			}
			if rapid.Bool().Draw(rt, "cropped") {
				n := rapid.Float64Range(0, 1)
				sh.Crop = &record.Box{X0: n.Draw(rt, "x0"), Y0: n.Draw(rt, "y0"), X1: n.Draw(rt, "x1"), Y1: n.Draw(rt, "y1")}
			}
			if !sh.Out {
				want++
			}
			d.Sheets = append(d.Sheets, sh)
		}
		ref, n, err := in.Bind(context.Background(), d)
		if want == 0 {
			if record.CodeOf(err) != record.CodePDFNoPages {
				rt.Fatal(err)
			}
			return
		}
		if err != nil || n != want {
			rt.Fatal(n, err)
		}
		src, err := pdf.Open(context.Background(), s.m[ref.Hash], "x")
		if err != nil || src.Pages() != want {
			rt.Fatal(err)
		}
	})
}

// stack is device bytes of a feeder: pages of text-like noise.
func stack(b testing.TB, s *shelf, kind string) record.Document {
	b.Helper()
	d := record.Document{Title: "Stapel"}
	files, err := filepath.Glob(filepath.Join(os.Getenv("SCHALTER_STACK"), "*."+kind))
	if err != nil || len(files) == 0 {
		b.Skip("SCHALTER_STACK names no folder with pages")
	}
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		media := map[string]string{"png": "image/png", "jpg": "image/jpeg"}[kind]
		d.Originals = append(d.Originals, put(b, s, media, filepath.Base(f), data))
		d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 300})
	}
	return d
}

func BenchmarkBind(b *testing.B) {
	for _, kind := range []string{"png", "jpg"} {
		b.Run(kind, func(b *testing.B) {
			in, s := desk(viewer{})
			in.Blobs = &forgetful{s}
			d := stack(b, s, kind)
			for b.Loop() {
				if _, _, err := in.Bind(context.Background(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// forgetful keeps nothing new.
type forgetful struct{ *shelf }

func (f *forgetful) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	n, err := io.Copy(io.Discard, r)
	return record.BlobRef{Size: n}, err
}
