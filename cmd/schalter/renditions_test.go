package main

import (
	"archive/zip"
	"bytes"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/intake"
	"schalter/data/letter"
	"schalter/data/page"
	"schalter/data/pdf/preview"
	"schalter/data/print/printtest"
	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/capture"
)

// filedScan makes a case with a scan of one page that has a word behind it.
func filedScan(t *testing.T, h *house, lib *form.Library) record.Case {
	t.Helper()
	ctx := t.Context()
	f, err := lib.Latest("hundesteuer-anmelden")
	must(t, err)
	m := image.NewGray(image.Rect(0, 0, 827, 1169))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := 100; y < 140; y++ {
		for x := 100; x < 400; x++ {
			m.Pix[y*m.Stride+x] = 60
		}
	}
	pic, err := h.blobs.Put(ctx, bytes.NewReader(asJPEG(t, m, 100)))
	must(t, err)
	d := record.Document{
		ID: record.NewID(), Title: "Ausweis", Source: record.SourceScan, MediaType: "application/pdf", Made: record.SystemClock(), User: "weber",
		Originals: []record.Original{{Name: "1.jpg", MediaType: "image/jpeg", Blob: pic}},
		Transfer:  &record.Transfer{Time: record.SystemClock(), User: "weber", Device: "Scanner", Settings: "flatbed gray 100 dpi", Pages: 1, Match: true},
	}
	in := intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter " + version, Words: func(record.Hash) (page.Text, bool) {
		return page.Text{Width: 827, Height: 1169, Words: []page.Word{{Text: "GEHEIMWORT", X0: 100, Y0: 100, X1: 400, Y1: 140}}}, true
	}}
	d.Shown, d.Pages, err = in.Bind(ctx, d)
	must(t, err)
	id := record.NewID()
	c, err := h.store.Submit(ctx, "", []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles}},
		{Case: id, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: d}},
		{Case: id, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: "Rückruf erbeten"}},
	})
	must(t, err)
	return c
}

func wordsIn(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed (poppler-utils)")
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	must(t, err)
	return string(out)
}

// A scan on its way through the house: signed when it is filed, stamped, checked, exported, certified, printed.
func TestAScanThroughTheHouse(t *testing.T) {
	queue := printtest.Start(t)
	queue.AddPrinter(t)
	t.Setenv("CUPS_SERVER", queue.Socket)
	ctx := t.Context()
	h, err := create(ctx, filepath.Join(t.TempDir(), "desk"), "weber", "lange geheime Worte")
	must(t, err)
	defer func() { must(t, h.close()) }()
	id, err := h.store.Identity(ctx)
	must(t, err)
	id.Office, id.Desk, id.Authority = "MS", 1, "Stadt Musterstadt"
	must(t, h.store.SetIdentity(ctx, id))
	must(t, h.store.SetSetting(ctx, "ui.lang", "de"))
	lib, err := form.Load(assets.Files)
	must(t, err)
	viewer := preview.New(preview.Options{})
	defer viewer.Close()
	r := renditions{printer: printer{house: h, forms: lib}, paper: viewer}

	c := filedScan(t, h, lib)
	d := c.Documents[0]
	if transfer.Verify(d) != nil || d.Transfer.Software != "Schalter "+version || transfer.ToDestroy(d) != transfer.NeedCheck {
		t.Fatalf("%+v, %v", d.Transfer, transfer.Verify(d))
	}
	places, err := h.store.Places(ctx, d.Originals[0].Blob.Hash)
	must(t, err)
	if len(places) != 1 || places[0].Number != c.Number {
		t.Errorf("%+v", places)
	}
	mark := func(kind record.MarkKind, b record.Box, text string) {
		_, err := h.store.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindMark, User: "weber", Payload: record.DocumentMarked{
			Document: d.ID, Mark: record.Mark{ID: record.NewID(), Kind: kind, Boxes: []record.Box{b}, Text: text},
		}})
		must(t, err)
		c, err = h.store.Case(ctx, c.ID)
		must(t, err)
		d = c.Documents[0]
	}
	mark(record.MarkStamp, record.Box{X0: .58, Y0: .03, X1: .95, Y1: .075}, "Eingegangen am 23.11.2026")

	// The whole case, as a file and as an archive.
	var whole, archive bytes.Buffer
	must(t, r.WriteCase(ctx, &whole, c, "pdf"))
	must(t, r.WriteCase(ctx, &archive, c, "zip"))
	said := wordsIn(t, whole.Bytes())
	for _, want := range []string{c.Number, "Eingegangen am 23.11.2026", "GEHEIMWORT", "Rückruf erbeten", "Transfervermerk: Ausweis", "Bild und Papier stimmen überein", "abgelegt: Ausweis"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in the export", want)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	must(t, err)
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if !slices.Contains(names, "01 Ausweis.pdf") || !slices.Contains(names, "01 Ausweis/1.jpg") || !slices.Contains(names, "01 Ausweis/transfervermerk.json") || !slices.Contains(names, "Inhalt.txt") {
		t.Errorf("%q", names)
	}

	// A certified copy is printed and stands in the register; one that could not be printed as well.
	known, err := r.Known(ctx)
	must(t, err)
	if known.Authority != "Stadt Musterstadt" || known.Official != "weber" {
		t.Errorf("%+v", known)
	}
	v := letter.Certificate{Authority: known.Authority, Place: "Musterstadt", Day: record.SystemClock(), Official: "Weber", Original: "Personalausweis L01X00T47", Issued: true, Pages: 1, Case: c.Number}
	if _, _, err := r.Certify(ctx, c, d, letter.Certificate{}); record.CodeOf(err) != record.CodeUncertain {
		t.Errorf("an empty certification: %v", err)
	}
	number, way, err := r.Certify(ctx, c, d, v)
	must(t, err)
	year := time.Now().Format("06")
	if number != "B-MS-1-"+year+"/00001" || way != record.WayPrinted {
		t.Errorf("%q %q", number, way)
	}
	if said := wordsIn(t, <-queue.Paper); !strings.Contains(said, number) || !strings.Contains(said, "L01X00T47") || strings.Contains(said, "Eingegangen") {
		t.Errorf("printed: %s", said)
	}
	must(t, h.store.SetSetting(ctx, "printer", "kein-solcher"))
	second, _, err := r.Certify(ctx, c, d, v)
	if err == nil || second != "B-MS-1-"+year+"/00002" {
		t.Errorf("%q, %v", second, err)
	}
	must(t, h.store.SetSetting(ctx, "printer", ""))
	c, err = h.store.Case(ctx, c.ID)
	must(t, err)
	if _, err := r.PrintCopy(ctx, c, c.Documents[0].Certified[1]); err != nil {
		t.Error(err)
	}
	if said := wordsIn(t, <-queue.Paper); !strings.Contains(said, second) {
		t.Errorf("printed once more: %s", said)
	}
	if _, err := r.PrintRegister(ctx); err != nil {
		t.Error(err)
	}
	if said := wordsIn(t, <-queue.Paper); !strings.Contains(said, number) || !strings.Contains(said, second) || !strings.Contains(said, c.Number) || !strings.Contains(said, "2 Kopien") ||
		!strings.Contains(said, v.Original) || !strings.Contains(said, "1 Seite, ") {
		t.Errorf("register: %s", said)
	}

	// What is blackened is gone from what is saved and printed, also where the screen did not know yet.
	shown, seen := c, d
	mark(record.MarkBlack, record.Box{X0: .1, Y0: .08, X1: .5, Y1: .13}, "")
	var saved, late, lateCase bytes.Buffer
	must(t, r.WriteDocument(ctx, &saved, c, d))
	must(t, r.WriteDocument(ctx, &late, shown, seen))
	must(t, r.WriteCase(ctx, &lateCase, shown, "pdf"))
	if _, err := r.PrintDocument(ctx, shown, seen); err != nil {
		t.Error(err)
	}
	for _, b := range [][]byte{saved.Bytes(), late.Bytes(), lateCase.Bytes(), <-queue.Paper} {
		if said := wordsIn(t, b); strings.Contains(said, "GEHEIMWORT") || !strings.Contains(said, "Eingegangen am") {
			t.Errorf("blackened: %s", said)
		}
	}

	// A certified copy would show what is blackened, also where the screen did not know yet.
	if number, _, err := r.Certify(ctx, shown, seen, v); number != "" || record.CodeOf(err) != record.CodeCopyBlack {
		t.Errorf("a certified copy of what is blackened: %q, %v", number, err)
	}

	// The store's check looks at the note; a second person frees the paper.
	_, err = h.store.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindCheck, User: "klein", Payload: record.DocumentChecked{Document: d.ID, Of: d.Shown.Hash, OK: true}})
	must(t, err)
	c, err = h.store.Case(ctx, c.ID)
	must(t, err)
	if need := transfer.ToDestroy(c.Documents[0]); need != transfer.NeedNothing {
		t.Errorf("%q", need)
	}
	report, err := h.store.Verify(ctx, nil)
	must(t, err)
	if report.Signed != 1 || len(report.Problems) > 0 {
		t.Errorf("%+v", report)
	}
	lines, err := h.store.Journal(ctx, c.ID)
	must(t, err)
	exported := 0
	for _, l := range lines {
		if l.Kind == record.KindEvent && l.Text == "exported" {
			exported++
		}
	}
	if exported != 5 {
		t.Errorf("%d exports are noted", exported)
	}
	if dir := os.Getenv("SCHALTER_KEEP"); dir != "" {
		must(t, os.WriteFile(filepath.Join(dir, "case.pdf"), whole.Bytes(), 0o600))
	}
}

// A letter that comes later is filed in its case; the same file once more is taken, and said to be there already.
func TestAFileIsAddedToACase(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	c := filedScan(t, h, lib)
	viewing := preview.New(preview.Options{})
	defer viewing.Close()
	in := counter{&intake.Intake{Blobs: h.blobs, Viewer: viewer{viewing}, Clock: record.SystemClock, Producer: "Schalter"}}
	m := image.NewGray(image.Rect(0, 0, 300, 400))
	data := asJPEG(t, m, 100)
	src := capture.Source{Name: "Nachtrag.jpg", Size: int64(len(data)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	docs, already, err := h.add(ctx, in, c.ID, []capture.Source{src})
	must(t, err)
	if len(docs) != 1 || docs[0].Title != "Nachtrag" || len(already) != 0 {
		t.Fatalf("%+v %+v", docs, already)
	}
	_, err = h.store.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: docs[0].ID}})
	must(t, err)
	_, already, err = h.add(ctx, in, c.ID, []capture.Source{src})
	must(t, err)
	if len(already) != 1 || !already[0].Trashed || already[0].Number != c.Number {
		t.Errorf("%+v", already)
	}
	bad := capture.Source{Name: "leer.pdf", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(nil)), nil }}
	if _, _, err := h.add(ctx, in, c.ID, []capture.Source{src, bad}); record.CodeOf(err) != record.CodeImportEmpty {
		t.Errorf("%v", err)
	}
	c, err = h.store.Case(ctx, c.ID)
	must(t, err)
	if len(c.Documents) != 3 || c.Documents[1].Transfer != nil {
		t.Errorf("%d documents", len(c.Documents))
	}
}
