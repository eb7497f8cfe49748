package rendition_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"schalter/data/page"
	"schalter/data/pdf"
	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/data/rendition"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == preview.WorkerArg {
		preview.WorkerMain()
	}
	code := m.Run()
	if started != nil {
		started.Close()
	}
	os.Exit(code)
}

var started *preview.Renderer

// viewer is the real one, with its helper.
var viewer = sync.OnceValue(func() rendition.Viewer {
	started = preview.New(preview.Options{})
	return func(ctx context.Context, data []byte, mediaType string) (rendition.Paper, error) {
		d, err := started.Open(ctx, data, mediaType, "")
		if err != nil {
			return nil, err
		}
		return d, nil
	}
})

// shelf holds stored files.
type shelf map[record.Hash][]byte

func (s shelf) put(data []byte) record.BlobRef {
	h := record.HashOf(data)
	s[h] = data
	return record.BlobRef{Hash: h, Size: int64(len(data))}
}

func (s shelf) read(_ context.Context, h record.Hash) ([]byte, error) {
	if b, ok := s[h]; ok {
		return b, nil
	}
	return nil, record.E(record.CodeBlobMissing, nil, "hash", h)
}

var made = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func press(s shelf) *rendition.Press {
	return &rendition.Press{
		Files: s.read, Viewer: viewer(), Authority: "Stadt Musterstadt", Producer: "Schalter", Made: made,
		Words: rendition.Words{Lang: "de", Say: func(key string, pairs ...any) string { return fmt.Sprint(append([]any{key, " "}, pairs...)...) }},
	}
}

// typed is a PDF of other people's making: text, metadata, an attachment and a picture that two pages share.
func typed(t testing.TB, pages ...string) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetTitle("Akte GEHEIMTITEL", true)
	p.SetSubject("GEHEIMTHEMA", true)
	p.SetAttachments([]fpdf.Attachment{{Content: []byte("GEHEIMANLAGE"), Filename: "geheim.txt"}})
	p.SetFont("Helvetica", "", 14)
	p.RegisterImageOptionsReader("photo", fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(photo()))
	for _, text := range pages {
		p.AddPage()
		p.Text(100, 200, text)
		p.ImageOptions("photo", 300, 400, 100, 100, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var photo = sync.OnceValue(func() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i >> 3)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
})

func tool(t testing.TB, in []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	f := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(f, in, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "IN" {
			args[i] = f
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%.2000s", name, args, err, out)
	}
	return string(out)
}

func words(t testing.TB, b []byte) string { return tool(t, b, "pdftotext", "-layout", "IN", "-") }

// bare is a PDF with all its streams unpacked.
func bare(t testing.TB, b []byte) string {
	return tool(t, b, "qpdf", "--qdf", "--object-streams=disable", "--stream-data=uncompress", "--decode-level=generalized", "IN", "-")
}

func black(page int, x0, y0, x1, y1 float64) record.Mark {
	return record.Mark{ID: "b", Kind: record.MarkBlack, Page: page, Boxes: []record.Box{{X0: x0, Y0: y0, X1: x1, Y1: y1}}}
}

func document(s shelf, title string, data []byte, mediaType string) record.Document {
	return record.Document{ID: record.ID(title), Title: title, Shown: s.put(data), MediaType: mediaType, Pages: 1, Made: made}
}

func export(t testing.TB, s shelf, d record.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := press(s).Document(t.Context(), &b, d); err != nil {
		t.Fatal(err)
	}
	tool(t, b.Bytes(), "qpdf", "--check", "IN")
	return b.Bytes()
}

// what is beneath a blackened place is gone: from the text, the pictures, what the file says of itself, its
// attachments, and from pages that share something with the page.
func TestWhatIsBlackenedIsGone(t *testing.T) {
	s := shelf{}
	d := document(s, "Auskunft", typed(t, "Name: GEHEIMNAME", "Seite zwei OFFENNAME"), "application/pdf")
	d.Marks = []record.Mark{black(0, .1, .2, .9, .26), black(0, .45, .45, .75, .65)}
	out := export(t, s, d)
	if bytes.Contains(out, photo()) {
		t.Error("the picture beneath the box is in the file")
	}
	open := bare(t, out)
	for _, secret := range []string{"GEHEIM", "OFFENNAME", "geheim.txt", "Helvetica"} {
		if strings.Contains(open, secret) || strings.Contains(words(t, out), secret) {
			t.Errorf("%s is in the file", secret)
		}
	}
	if n := strings.TrimSpace(tool(t, out, "pdfimages", "-list", "IN")); strings.Count(n, "\n") != 3 {
		t.Errorf("pictures: %s", n)
	}
	// What is seen: black where the box is, the other page as it was.
	doc, err := viewer()(t.Context(), out, "application/pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	m, err := doc.Render(t.Context(), 0, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := m.Bounds()
	for _, at := range [][2]float64{{.12, .21}, {.5, .23}, {.88, .25}, {.5, .5}, {.6, .6}} {
		if c := m.RGBAAt(int(at[0]*float64(r.Dx())), int(at[1]*float64(r.Dy()))); c.R > 40 {
			t.Errorf("at %v it is %v", at, c)
		}
	}
	if c := m.RGBAAt(r.Dx()/2, r.Dy()/10); c.R < 200 {
		t.Errorf("beside the box it is %v", c)
	}
}

// A scan as this program files it: the untouched picture with hidden words; and an older revision of the file
// that was hung before the present one.
func TestHiddenWordsAndRevisionsAreGone(t *testing.T) {
	s := shelf{}
	m := image.NewGray(image.Rect(0, 0, 800, 1100))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(100, 100, 400, 140), image.NewUniform(color.Gray{Y: 90}), image.Point{}, draw.Src)
	var pic bytes.Buffer
	if err := jpeg.Encode(&pic, m, nil); err != nil {
		t.Fatal(err)
	}
	var scan bytes.Buffer
	err := pdf.Write(&scan, []pdf.Page{{Image: pic.Bytes(), MediaType: "image/jpeg", DPI: 100, Text: page.Text{
		Width: 800, Height: 1100, Words: []page.Word{{Text: "GEHEIMWORT", X0: 100, Y0: 100, X1: 400, Y1: 140}},
	}}}, pdf.Meta{Title: "GEHEIMTITEL", Producer: "Schalter", Created: made})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(words(t, scan.Bytes()), "GEHEIMWORT") {
		t.Fatal("the scan has no hidden words to lose")
	}
	d := document(s, "Scan", scan.Bytes(), "application/pdf")
	d.Originals = []record.Original{{Name: "s.jpg", MediaType: "image/jpeg", Blob: s.put(pic.Bytes())}}
	d.Marks = []record.Mark{black(0, .1, .08, .55, .14)}
	out := export(t, s, d)
	if bytes.Contains(out, pic.Bytes()[200:600]) || strings.Contains(words(t, out), "GEHEIM") || strings.Contains(bare(t, out), "GEHEIM") {
		t.Error("what was beneath is in the file")
	}

	// Without marks a scan of the house stays an archive's file, and takes its note of transfer along.
	plain := d
	plain.Marks, plain.Transfer = nil, &record.Transfer{Time: made, User: "weber"}
	if b := export(t, s, plain); !strings.Contains(bare(t, b), "<pdfaid:part>3<") || !bytes.Contains(b, []byte("/EmbeddedFile")) || !bytes.Contains(b, pic.Bytes()) {
		t.Error("a scan does not leave the house as PDF/A-3 with its note and the very picture")
	}

	old := typed(t, "GEHEIMNAME")
	at := bytes.LastIndex(old, []byte("startxref"))
	var start int
	if _, err := fmt.Sscanf(string(old[at:]), "startxref\n%d", &start); err != nil {
		t.Fatal(err)
	}
	revised := append(slices.Clone(old), fmt.Appendf(nil, "\n99 0 obj\n(noch GEHEIMER)\nendobj\nxref\n99 1\n%010d 00000 n \ntrailer\n<</Size 100 /Root %s /Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		len(old)+1, root(old), start, len(old)+len("\n99 0 obj\n(noch GEHEIMER)\nendobj\n"))...)
	r := document(s, "Fassung", revised, "application/pdf")
	r.Marks = []record.Mark{black(0, 0, 0, 1, .5)}
	if b := export(t, s, r); strings.Contains(bare(t, b), "GEHEIM") {
		t.Error("a revision is in the file")
	}
}

func root(b []byte) string {
	at := bytes.LastIndex(b, []byte("/Root "))
	s, _, _ := strings.Cut(string(b[at+6:]), "R")
	return s + "R"
}

// The folder and the archive give away nothing of it either.
func TestAFolderHoldsNothingBlackened(t *testing.T) {
	s := shelf{}
	d := document(s, "Auskunft", typed(t, "GEHEIMNAME"), "application/pdf")
	d.Originals = []record.Original{{Name: "GEHEIM.pdf", MediaType: "application/pdf", Blob: d.Shown}}
	d.Marks = []record.Mark{black(0, .1, .2, .9, .26)}
	d.Transfer = &record.Transfer{Device: "GEHEIMGERÄT"}
	gone := document(s, "GEHEIMPAPIERKORB", typed(t, "GEHEIM"), "application/pdf")
	gone.Trashed = &record.Trashed{}
	whole := rendition.Whole{Case: record.Case{Number: "MS-1-26-00417-K", Documents: []record.Document{d, gone}}, Title: "Auskunft"}
	var z, one bytes.Buffer
	if err := press(s).Zip(t.Context(), &z, whole); err != nil {
		t.Fatal(err)
	}
	for name, data := range unzip(t, z.Bytes()) {
		if strings.Contains(name, "GEHEIM") || bytes.Contains(data, []byte("GEHEIM")) || strings.HasSuffix(name, ".pdf") && strings.Contains(bare(t, data), "GEHEIM") {
			t.Errorf("%s gives it away", name)
		}
	}
	if err := press(s).Case(t.Context(), &one, whole); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(bare(t, one.Bytes()), "GEHEIM") {
		t.Error("the one file gives it away")
	}
}

func unzip(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[strings.ToLower(f.Name)]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		out[f.Name] = data
	}
	return out
}

func TestMarksBecomeContent(t *testing.T) {
	s := shelf{}
	for name, turned := range map[string]int{"upright": 0, "on its side": 90, "on its head": 180, "on the other side": 270} {
		data := typed(t, "Antrag")
		if turned > 0 {
			data = []byte(tool(t, data, "qpdf", fmt.Sprintf("--rotate=%d", turned), "IN", "-"))
		}
		d := document(s, "Antrag "+name, data, "application/pdf")
		d.Marks = []record.Mark{
			{ID: "1", Kind: record.MarkStamp, Boxes: []record.Box{{X0: .6, Y0: .05, X1: .95, Y1: .1}}, Text: "Eingegangen am 23.11.2026"},
			{ID: "2", Kind: record.MarkNote, Boxes: []record.Box{{X0: .1, Y0: .8, X1: .4, Y1: .9}}, Text: "Rückfrage"},
			{ID: "3", Kind: record.MarkHighlight, Boxes: []record.Box{{X0: .1, Y0: .5, X1: .2, Y1: .55}}},
			{ID: "4", Kind: record.MarkStamp, Page: 7, Boxes: []record.Box{{X1: 1, Y1: 1}}, Text: "nirgends"},
		}
		out := export(t, s, d)
		said := words(t, out)
		for _, want := range []string{"Antrag", "Eingegangen am 23.11.2026", "Rückfrage"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is missing in %q", name, want, said)
			}
		}
		if strings.Contains(said, "nirgends") || strings.Contains(bare(t, out), "GEHEIMANLAGE") {
			t.Errorf("%s: too much", name)
		}
		doc, err := viewer()(t.Context(), out, "application/pdf")
		if err != nil {
			t.Fatal(err)
		}
		m, err := doc.Render(t.Context(), 0, 72, 0)
		if err != nil {
			t.Fatal(err)
		}
		doc.Close()
		at := func(x, y float64) color.RGBA {
			return m.RGBAAt(int(x*float64(m.Bounds().Dx())), int(y*float64(m.Bounds().Dy())))
		}
		if c := at(.15, .52); c.R < 230 || c.B > 200 {
			t.Errorf("%s: the highlighting is %v", name, c)
		}
		if c := at(.12, .89); c.B > 210 || c.R < 230 {
			t.Errorf("%s: the note is %v", name, c)
		}
		if c := at(.5, .3); c != (color.RGBA{255, 255, 255, 255}) && turned == 0 {
			t.Errorf("%s: the paper is %v", name, c)
		}
	}
}
