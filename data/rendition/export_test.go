package rendition_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/letter"
	"schalter/data/record"
	"schalter/data/rendition"
)

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
	out, err := rendition.NewFolder(parent, "../MS-1-26-00417-K")
	if err != nil {
		t.Fatal(err)
	}
	if err := press(s).Folder(t.Context(), out.Sink, w); err != nil {
		t.Fatal(err)
	}
	if at, err := out.Keep(); err != nil || at != filepath.Join(parent, "_MS-1-26-00417-K") {
		t.Fatal(at, err)
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
