package rendition_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"pgregory.net/rapid"

	"schalter/data/letter"
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

func TestASignedFileIsEnclosedAsItIs(t *testing.T) {
	s := shelf{}
	data := append(typed(t, "Vertrag"), "\n% a signature: /ByteRange [0 1 2 3]\n"...)
	signed := bytes.Replace(data, []byte("/Type /Catalog"), []byte("/Type /Catalog /AcroForm <</Fields [<</FT /Sig /V <</Type /Sig /ByteRange [0 10 20 30] /Contents <00>>>>>]>>"), 1)
	d := document(s, "Vertrag", signed, "application/pdf")
	d.Marks = []record.Mark{{ID: "1", Kind: record.MarkStamp, Boxes: []record.Box{{X1: .5, Y1: .1}}, Text: "Stempel"}}
	out := export(t, s, d)
	dir := t.TempDir()
	tool(t, out, "pdfdetach", "-saveall", "-o", dir, "IN")
	if got, err := os.ReadFile(filepath.Join(dir, "Vertrag.pdf")); err != nil || !bytes.Equal(got, signed) {
		t.Errorf("the signed file is not enclosed byte for byte: %v", err)
	}
	if said := words(t, out); !strings.Contains(said, "export.signed") {
		t.Errorf("%q", said)
	}
	d.Marks = append(d.Marks, black(0, 0, 0, 1, 1))
	if out := export(t, s, d); bytes.Contains(out, []byte("/EmbeddedFile")) || strings.Contains(words(t, out), "Vertrag") {
		t.Error("a blackened file is enclosed")
	}
}

func TestWhatIsNoPDF(t *testing.T) {
	s := shelf{}
	img := document(s, "Foto", photo(), "image/jpeg")
	if out := export(t, s, img); !bytes.Contains(out, photo()) {
		t.Error("the picture was packed anew")
	}
	img.Marks = []record.Mark{{ID: "1", Kind: record.MarkStamp, Boxes: []record.Box{{X1: 1, Y1: 1}}, Text: "Gesehen"}}
	if out := export(t, s, img); !strings.Contains(words(t, out), "Gesehen") {
		t.Error("a stamp on a picture is missing")
	}
	office := document(s, "Tabelle", []byte("no page at all"), "application/vnd.ms-excel")
	if out := export(t, s, office); !strings.Contains(words(t, out), "export.not_shown") || !bytes.Contains(out, []byte("/EmbeddedFile")) {
		t.Error("what cannot be shown is not enclosed")
	}
	lost := office
	lost.Shown.Hash = record.HashOf([]byte("lost"))
	if err := press(s).Document(t.Context(), io.Discard, lost); record.CodeOf(err) != record.CodeBlobMissing {
		t.Errorf("a lost file: %v", err)
	}
}

func whole(t testing.TB, s shelf) rendition.Whole {
	var front bytes.Buffer
	if err := letter.Confirmation(&front, letter.Content{Lang: "de", Authority: "Stadt Musterstadt", Number: "MS-1-26-00417-K", Service: "Hundesteuer", Received: made}); err != nil {
		t.Fatal(err)
	}
	scan := document(s, "Ausweis", typed(t, "Ausweis vorn", "Ausweis hinten"), "application/pdf")
	scan.Originals = []record.Original{
		{Name: "../../etc/passwd", MediaType: "image/jpeg", Blob: s.put(photo())},
		{Name: "seite.JPG", MediaType: "image/jpeg", Blob: s.put(append(photo(), 1))},
		{Name: "seite.jpg", MediaType: "image/jpeg", Blob: s.put(append(photo(), 2))},
		{Name: "virus.exe", MediaType: "application/octet-stream", Blob: s.put([]byte("MZ"))},
	}
	scan.Transfer = &record.Transfer{Time: made, User: "weber", Device: "Scanner", Pages: 2}
	same := document(s, "AUSWEIS", typed(t, "noch einer"), "application/pdf")
	return rendition.Whole{
		Case:  record.Case{Number: "MS-1-26-00417-K", Documents: []record.Document{scan, same, document(s, "CON", photo(), "image/jpeg")}},
		Title: "Hundesteuer anmelden", Front: front.Bytes(),
		Account: []letter.AccountPart{{Title: "Vermerke", Rows: []letter.AccountRow{{Label: "23.11.2026", Text: "Rückruf erbeten"}}}},
	}
}

func TestACaseInOneFile(t *testing.T) {
	s := shelf{}
	var b, again bytes.Buffer
	p := press(s)
	w := whole(t, s)
	seen := 0
	p.Progress = func(done, total int) { seen = max(seen, done) }
	if err := p.Case(t.Context(), &b, w); err != nil {
		t.Fatal(err)
	}
	tool(t, b.Bytes(), "qpdf", "--check", "IN")
	said := words(t, b.Bytes())
	at := -1
	for _, want := range []string{"MS-1-26-00417-K", "Ausweis vorn", "Ausweis hinten", "noch einer", "Rückruf erbeten"} {
		i := strings.Index(said, want)
		if i <= at {
			t.Errorf("%q is missing or in the wrong place", want)
		}
		at = i
	}
	outline := tool(t, b.Bytes(), "mutool", "show", "IN", "outline")
	for _, want := range []string{"export.confirmation", "Ausweis", "AUSWEIS", "CON", "export.account"} {
		if !strings.Contains(outline, want) {
			t.Errorf("no bookmark %q in:\n%s", want, outline)
		}
	}
	dir := t.TempDir()
	tool(t, b.Bytes(), "pdfdetach", "-saveall", "-o", dir, "IN")
	if got, err := os.ReadFile(filepath.Join(dir, "Ausweis transfervermerk.json")); err != nil || !strings.Contains(string(got), "weber") {
		t.Errorf("the note of transfer: %q, %v", got, err)
	}
	if seen < 3 {
		t.Errorf("progress told %d pages", seen)
	}
	if err := p.Case(t.Context(), &again, w); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("twice the same case is not the same file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Case(ctx, io.Discard, w); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestACaseAsFiles(t *testing.T) {
	s := shelf{}
	w := whole(t, s)
	parent := t.TempDir()
	sink, done, err := rendition.Dir(parent, "../MS-1-26-00417-K")
	if err != nil {
		t.Fatal(err)
	}
	if err := press(s).Folder(t.Context(), sink, w); err != nil {
		t.Fatal(err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	var got []string
	err = filepath.WalkDir(parent, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(parent, p)
			got = append(got, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const top = "_MS-1-26-00417-K/"
	for _, want := range []string{
		"00 export.confirmation.pdf", "01 Ausweis.pdf", "02 AUSWEIS.pdf", "03 CON.jpg", "01 Ausweis/_.._etc_passwd.jpg", "01 Ausweis/seite.jpg", "01 Ausweis/seite (2).jpg",
		"01 Ausweis/virus.exe.bin", "01 Ausweis/transfervermerk.json", "export.account.pdf", "export.index.txt",
	} {
		if !slices.Contains(got, top+want) {
			t.Errorf("%s is missing", want)
		}
	}
	if len(got) != 11 {
		t.Errorf("files: %q", got)
	}
	index, err := os.ReadFile(filepath.Join(parent, top, "export.index.txt"))
	if err != nil || !strings.Contains(string(index), string(record.HashOf(photo()))) || !strings.Contains(string(index), "01 Ausweis/seite (2).jpg") {
		t.Errorf("index: %s, %v", index, err)
	}
	// Never over what is there.
	if _, _, err := rendition.Dir(parent, "../MS-1-26-00417-K"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an older export: %v", err)
	}
	var z bytes.Buffer
	if err := press(s).Zip(t.Context(), &z, w); err != nil {
		t.Fatal(err)
	}
	if n := len(unzip(t, z.Bytes())); n != 11 {
		t.Errorf("%d files in the archive", n)
	}
}

// What a document keeps back does not leave the house with its originals: a page that was taken out, and a file
// of which another document is blackened or in the trash.
func TestWhatIsKeptBackStays(t *testing.T) {
	s := shelf{}
	original := func(name, text string) record.Original {
		return record.Original{Name: name, MediaType: "text/plain", Blob: s.put([]byte(text))}
	}
	sheets := func(out ...bool) (all []record.Sheet) {
		for i, o := range out {
			all = append(all, record.Sheet{Original: i, Out: o})
		}
		return all
	}
	papers := func(change func(d *record.Document)) []record.Document {
		shared := original("beide.txt", "GEHEIM")
		a, b := document(s, "A", photo(), "image/jpeg"), document(s, "B", photo(), "image/jpeg")
		a.Originals = []record.Original{shared, original("eins.txt", "OFFEN"), original("zwei.txt", "WEG")}
		a.Sheets = sheets(false, false, true)
		b.Originals, b.Sheets = []record.Original{shared}, sheets(false)
		change(&b)
		return []record.Document{a, b}
	}
	for name, change := range map[string]func(d *record.Document){
		"trash": func(d *record.Document) { d.Trashed = &record.Trashed{} },
		"black": func(d *record.Document) {
			d.Marks = []record.Mark{{ID: "m", Kind: record.MarkBlack, Boxes: []record.Box{{X1: 1, Y1: 1}}}}
		},
		"out": func(d *record.Document) { d.Sheets = append(d.Sheets, record.Sheet{Page: 1, Out: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			var z bytes.Buffer
			if err := press(s).Zip(t.Context(), &z, rendition.Whole{Case: record.Case{Documents: papers(change)}}); err != nil {
				t.Fatal(err)
			}
			open := false
			for name, data := range unzip(t, z.Bytes()) {
				if bytes.Contains(data, []byte("GEHEIM")) || bytes.Contains(data, []byte("WEG")) {
					t.Errorf("%s has what is kept back", name)
				}
				open = open || bytes.Equal(data, []byte("OFFEN"))
			}
			if !open {
				t.Error("an original that is shown whole is missing")
			}
		})
	}
}

// Whatever documents are called: every name is safe, below its folder, and different from the others even where
// letters' case does not count.
func TestAnyNameIsSafe(t *testing.T) {
	part := rapid.OneOf(rapid.SampledFrom([]string{"..", "/", `\`, "CON", "com1", "a", "A", ".exe", ".pdf", "\u202e", "\x00", ":", " ", ".", "ü", "u\u0308", "LPT¹", "\xff"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		s := shelf{}
		var docs []record.Document
		for range rapid.IntRange(1, 4).Draw(t, "documents") {
			d := document(s, strings.Join(rapid.SliceOfN(part, 0, 5).Draw(t, "title"), ""), photo(), "image/jpeg")
			for i := range rapid.IntRange(0, 3).Draw(t, "originals") {
				d.Originals = append(d.Originals, record.Original{Name: strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "name"), ""), Blob: s.put([]byte{byte(i)})})
			}
			docs = append(docs, d)
		}
		seen := map[string]bool{}
		p := &rendition.Press{Files: s.read, Words: press(s).Words}
		err := p.Folder(context.Background(), func(name string) (io.WriteCloser, error) {
			if !fs.ValidPath(name) || seen[strings.ToLower(name)] || strings.Count(name, "/") > 1 || len(name) > 300 {
				t.Fatalf("%q", name)
			}
			seen[strings.ToLower(name)] = true
			for dir := range strings.SplitSeq(name, "/") {
				stem, _, _ := strings.Cut(strings.ToLower(dir), ".")
				if strings.ContainsAny(dir, "\\:*?\"<>|\u202e\x00") || strings.HasSuffix(dir, ".") || strings.HasSuffix(dir, " ") || strings.HasPrefix(dir, ".") || stem == "con" || stem == "com1" {
					t.Fatalf("%q", name)
				}
			}
			if e := strings.ToLower(filepath.Ext(name)); e == ".exe" || e == "" {
				t.Fatalf("%q can be started", name)
			}
			return nopCloser{io.Discard}, nil
		}, rendition.Whole{Case: record.Case{Documents: docs}})
		if err != nil {
			t.Fatal(err)
		}
	})
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func TestACertifiedCopy(t *testing.T) {
	s := shelf{}
	d := document(s, "Zeugnis", typed(t, "Zeugnis der Reife", "Noten"), "application/pdf")
	d.Marks = []record.Mark{{ID: "1", Kind: record.MarkStamp, Boxes: []record.Box{{X1: 1, Y1: 1}}, Text: "STEMPEL"}}
	c := letter.Certificate{
		Authority: "Stadt Musterstadt", Place: "Musterstadt", Day: made, Official: "Weber", Number: "B-MS-1-26/00012", Original: "Zeugnis vom 12.06.2009", Issued: true,
		Pages: 99, // is counted
	}
	var b bytes.Buffer
	n, err := press(s).Copy(t.Context(), &b, d, c)
	if err != nil || n != 3 {
		t.Fatalf("%d sheets, %v", n, err)
	}
	tool(t, b.Bytes(), "qpdf", "--check", "IN")
	for p := 1; p <= 3; p++ {
		said := tool(t, b.Bytes(), "pdftotext", "-f", fmt.Sprint(p), "-l", fmt.Sprint(p), "-layout", "IN", "-")
		if !strings.Contains(said, "B-MS-1-26/00012") || !strings.Contains(said, fmt.Sprintf("Blatt %d von 3", p)) || strings.Contains(said, "STEMPEL") {
			t.Errorf("sheet %d: %s", p, said)
		}
	}
	if said := words(t, b.Bytes()); !strings.Contains(said, "93 %") || !strings.Contains(said, "2 Seiten") {
		t.Error(said)
	}
	if size := tool(t, b.Bytes(), "pdfinfo", "-f", "1", "-l", "3", "IN"); strings.Count(size, "A4") != 3 {
		t.Error(size)
	}
	c.Doubts = []letter.Doubt{letter.DoubtErased}
	if _, err := press(s).Copy(t.Context(), io.Discard, d, c); !errors.Is(err, letter.ErrNotCertified) {
		t.Errorf("an altered original: %v", err)
	}
	if dir := os.Getenv("SCHALTER_KEEP"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "copy.pdf"), b.Bytes(), 0o600)
	}
}
