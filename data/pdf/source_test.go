package pdf

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schalter/data/record"
)

// foreign are the PDF files that other projects test with.
func foreign(t testing.TB) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "fixtures", "pdf", "*.pdf"))
	if err != nil || len(list) == 0 {
		t.Skip("the shared fixtures are not there")
	}
	return list
}

// sketch renders the first page roughly; false where the engine cannot.
func sketch(t *testing.T, path string) ([]byte, bool) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command("mutool", "draw", "-q", "-r", "20", "-F", "pgm", "-o", "-", path, "1")
	cmd.Stdout = &out
	return out.Bytes(), cmd.Run() == nil && out.Len() > 0
}

// Pages of files that others wrote are copied so that they look the same, or refused with one of three reasons.
func TestForeignPagesAreCopiedOrRefused(t *testing.T) {
	tool(t, "qpdf", "mutool")
	dir := t.TempDir()
	copied := 0
	for i, path := range foreign(t) {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), data, name)
		if err != nil {
			if c := record.CodeOf(err); !slices.Contains([]record.Code{record.CodePDFSigned, record.CodePDFPassword, record.CodePDFUnbound}, c) {
				t.Errorf("%s: %v", name, err)
			}
			if strings.HasPrefix(name, "normal__") || strings.HasPrefix(name, "form__") || strings.HasPrefix(name, "scan__") || strings.HasPrefix(name, "annot__") {
				t.Errorf("%s: refused: %v", name, err)
			}
			continue
		}
		var b bytes.Buffer
		p := New(&b, meta)
		for n := range min(3, s.Pages()) {
			if err := p.AddSourcePage(s, n, Page{}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out := filepath.Join(dir, fmt.Sprintf("%d.pdf", i))
		if err := os.WriteFile(out, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "heavy__") || strings.HasPrefix(name, "gen__") && !strings.HasPrefix(name, "gen__scan") {
			continue
		}
		if check, err := exec.Command("qpdf", "--check", out).CombinedOutput(); err != nil && !strings.HasPrefix(name, "broken__") {
			t.Errorf("%s: %s", name, check)
		}
		want, ok := sketch(t, path)
		if got, _ := sketch(t, out); ok && !bytes.Equal(got, want) {
			t.Errorf("%s: looks different", name)
		}
		copied++
	}
	if copied < 20 {
		t.Errorf("only %d files were copied", copied)
	}
}

func source(t *testing.T, data []byte) *Source {
	t.Helper()
	s, err := Open(t.Context(), data, "a.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A page of a PDF lies as a picture would.
func TestASourcePageIsShownAsItsSheetSays(t *testing.T) {
	tool(t, "mutool", "qpdf")
	dir := t.TempDir()
	for i, g := range geometries {
		for turned := range 4 {
			var b bytes.Buffer
			// before its own turns the page is the picture; its words and the sheet speak of it as it is seen
			if err := Write(&b, []Page{{Image: spotted(t), MediaType: "image/png", DPI: 72, Turns: turned}}, meta); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			p := New(&out, meta)
			if err := p.AddSourcePage(source(t, b.Bytes()), 0, Page{Skew: g.Skew, Crop: g.Crop, Turns: g.Turns}); err != nil {
				t.Fatal(err)
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "a.pdf")
			if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			clean(t, path)
			img := rendered(t, path)
			for j, s := range spots {
				sx, sy, w, h := shown(record.Sheet{Turns: turned}, wide, tall, float64(s.X), float64(s.Y))
				x, y, w, h := shown(g, w, h, sx, sy)
				if r := img.Bounds(); math.Abs(float64(r.Dx())-w) > 1.5 || math.Abs(float64(r.Dy())-h) > 1.5 {
					t.Fatalf("%d/%d: page is %v, not %.1f x %.1f", i, turned, r, w, h)
				}
				if !(image.Point{int(x), int(y)}).In(img.Bounds().Inset(6)) {
					continue // cut away
				}
				if got := rgb(img.At(int(x), int(y)))[0]; got < j*40-6 || got > j*40+6 {
					t.Errorf("%d/%d: %.0f,%.0f shows %d, not %d", i, turned, x, y, got, j*40)
				}
			}
		}
	}
}

func TestSignedAndLockedSourcesAreRefused(t *testing.T) {
	for name, want := range map[string]record.Code{
		"signed__signed_verified.pdf": record.CodePDFSigned, "gen__aes256-pw-benutzer.pdf": record.CodePDFPassword,
		"gen__aes256-owner-only-noprint.pdf": record.CodePDFUnbound, "gen__zero-bytes.pdf": record.CodePDFUnbound,
	} {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(foreign(t)[0]), name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), data, name); record.CodeOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a page would start or lead to stays behind.
func TestNothingActsInACopy(t *testing.T) {
	for _, name := range []string{"gen__launch-and-javascript.pdf", "form__autoprint.pdf", "attach__attachment.pdf"} {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(foreign(t)[0]), name))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		p := New(&b, meta)
		if err := p.AddSourcePage(source(t, data), 0, Page{}); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"/JavaScript", "/Launch", "/OpenAction", "/EmbeddedFile", "/URI", "/AA"} {
			if bytes.Contains(b.Bytes(), []byte(bad)) {
				t.Errorf("%s: %s is in the copy", name, bad)
			}
		}
	}
}

func ownFile(t *testing.T, title string) []byte {
	t.Helper()
	var b bytes.Buffer
	m := meta
	m.Title = title
	if err := Write(&b, []Page{{Image: spotted(t), MediaType: "image/png", DPI: 72, Text: lines(wide, tall)}, {Image: spotted(t), MediaType: "image/png"}}, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// together puts the pages of files one behind the other.
func together(t *testing.T, part int, files ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	p := begin(&b, meta, part)
	for i, f := range files {
		s := source(t, f)
		for n := range s.Pages() {
			if err := p.AddSourcePage(s, n, Page{Turns: n, Bookmarks: []Bookmark{{Title: fmt.Sprint(i)}}}); err != nil {
				t.Fatal(err)
			}
		}
		p.Forget(s)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Own files stay PDF/A when they are put together; with others' pages nothing is promised.
func TestOwnPagesStayPDFA(t *testing.T) {
	tool(t, "qpdf", "mutool")
	a, b := ownFile(t, "eins"), ownFile(t, "zwei")
	both := together(t, 2, a, b)
	if !bytes.Equal(both, together(t, 2, a, b)) {
		t.Error("the same pages gave two files")
	}
	if !bytes.Contains(both, []byte("<pdfaid:part>2")) {
		t.Error("own pages are no longer PDF/A")
	}
	other, err := os.ReadFile(filepath.Join(filepath.Dir(foreign(t)[0]), "normal__rotated.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(together(t, 2, a, other), []byte("pdfaid")) {
		t.Error("PDF/A is promised for others' pages")
	}
	clean(t, stored(t, both))
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Open(t.Context(), b, "a.pdf")
		if err != nil {
			return
		}
		p := New(&bytes.Buffer{}, meta)
		for n := range min(5, s.Pages()) {
			if err := p.AddSourcePage(s, n, Page{Turns: 1, Skew: 2, Crop: &record.Box{X1: 0.5, Y1: 0.5}}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
