package recognize

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"schalter/data/blob"
	"schalter/data/intake"
	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/record"
	"schalter/data/store"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// program says of a page how dark it is, and fails as it is told.
type program struct {
	mu      sync.Mutex
	about   ocr.About
	missing bool
	read    map[string]int // how often it read which page
	fail    func(word string, times int) error
	during  func() // while it reads
}

func (p *program) About(context.Context) (ocr.About, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.missing {
		return ocr.About{}, record.E(record.CodeOCRMissing, errors.New("none"))
	}
	return p.about, nil
}

func wordOf(shade uint8) string { return fmt.Sprintf("Seite%d", shade) }

func (p *program) ReadFrom(ctx context.Context, from ocr.Source, ask ocr.Ask) (page.Text, error) {
	var word string
	var b image.Rectangle
	if err := from(ctx, func(m image.Image, _ int) error {
		word, b = wordOf(page.Gray(m).GrayAt(0, 0).Y), m.Bounds()
		return nil
	}); err != nil {
		return page.Text{}, err
	}
	p.mu.Lock()
	p.read[word]++
	times := p.read[word]
	during := p.during
	p.mu.Unlock()
	if during != nil {
		during()
	}
	if p.fail != nil {
		if err := p.fail(word, times); err != nil {
			return page.Text{}, err
		}
	}
	if word == wordOf(255) {
		return page.Text{Width: float64(b.Dx()), Height: float64(b.Dy())}, nil
	}
	turns := ask.Turns
	if word == wordOf(180) { // it was fed upside down
		turns = 2
	}
	return page.Text{Width: float64(b.Dx()), Height: float64(b.Dy()), Turns: turns, Sure: true, Words: []page.Word{
		{Text: word, X1: 4, Y1: 4}, {Text: ask.Language, X0: 5, X1: 9, Y1: 4, Line: 1},
	}}, nil
}

func (p *program) count() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.read {
		n += c
	}
	return n
}

// drawn shows pages of one shade each, as the sandbox would.
type drawn struct{ shades []uint8 }

func (d drawn) OpenPages(context.Context, record.BlobRef, string) (Pages, error) { return d, nil }
func (d drawn) Close()                                                           {}

func (d drawn) Text(_ context.Context, n int) (string, error) {
	if d.shades[n] == 99 {
		return "Das steht\n in der Datei", nil
	}
	return " ", nil
}

func (d drawn) Render(_ context.Context, n int, dpi float64) (image.Image, error) {
	if d.shades[n] == 7 && dpi > 100 {
		return nil, record.E(record.CodePDFTooLarge, nil)
	}
	return gray(d.shades[n]), nil
}

func gray(shade uint8) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 20, 30))
	for i := range g.Pix {
		g.Pix[i] = shade
	}
	return g
}

// world is a desk with a real store and real files.
type world struct {
	*testing.T
	store  *store.Store
	blobs  *blob.Store
	intake *intake.Intake
	ocr    *program
	q      *Queue
	now    time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{T: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	s, err := store.Create(t.Context(), dir, store.Options{Clock: func() time.Time { return w.now }})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	id, err := s.Identity(t.Context())
	check(t, err)
	id.Office, id.Desk = "MS", 1
	check(t, s.SetIdentity(t.Context(), id))
	b, err := blob.Open(filepath.Join(dir, "blobs"), [32]byte{1})
	check(t, err)
	w.store, w.blobs = s, b
	w.ocr = &program{about: ocr.About{Version: "tesseract 5.3.0", Languages: []string{"deu", "eng"}}, read: map[string]int{}}
	w.intake = &intake.Intake{Blobs: b, Clock: func() time.Time { return w.now }, Words: Words(s)}
	w.open()
	return w
}

// open begins as after a start of the program.
func (w *world) open() {
	w.q = New(Config{
		Store: w.store, Blobs: w.blobs, Binder: w.intake, Engine: w.ocr, Viewer: drawn{[]uint8{1, 7, 255}},
		Battery: func() bool { return false }, User: func() string { return "Weber" }, Clock: func() time.Time { return w.now },
		Tray: w.store,
	})
}

// run works until there is nothing more to do.
func (w *world) run() {
	w.Helper()
	for range 100 {
		if !w.q.round(w.Context()) {
			return
		}
	}
	w.Fatal("it never ends")
}

// scan is a document of pages in some shades.
func (w *world) scan(shades ...uint8) record.Document {
	w.Helper()
	d := record.Document{ID: record.NewID(), Title: "Nachweis", Source: record.SourceScan, MediaType: "application/pdf", User: "Weber"}
	for i, s := range shades {
		var b bytes.Buffer
		check(w, png.Encode(&b, gray(s)))
		ref, err := w.blobs.Put(w.Context(), &b)
		check(w, err)
		d.Originals = append(d.Originals, record.Original{Name: fmt.Sprintf("%d.png", i), MediaType: "image/png", Blob: ref})
		d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 100})
	}
	shown, n, err := (&intake.Intake{Blobs: w.blobs, Clock: w.intake.Clock}).Bind(w.Context(), d)
	check(w, err)
	d.Shown, d.Pages = shown, n
	return d
}

// file puts a document into a case of its own.
func (w *world) file(d record.Document) record.ID {
	w.Helper()
	id := record.NewID()
	_, err := w.store.Apply(w.Context(),
		record.Edit{Case: id, Kind: record.KindOpen, User: "Weber", Payload: record.Opened{Service: "hund"}},
		record.Edit{Case: id, Kind: record.KindDocument, User: "Weber", Payload: record.DocumentAdded{Document: d}})
	check(w, err)
	return id
}

func (w *world) document(id record.ID) record.Document {
	w.Helper()
	c, err := w.store.Case(w.Context(), id)
	check(w, err)
	if len(c.Documents) != 1 {
		w.Fatalf("%d documents", len(c.Documents))
	}
	return c.Documents[0]
}

func (w *world) versions(id record.ID) (n int) {
	w.Helper()
	list, err := w.store.Journal(w.Context(), id)
	check(w, err)
	for _, e := range list {
		if e.Kind == record.KindVersion {
			n++
		}
	}
	return n
}

func (w *world) text(d record.Document) string {
	w.Helper()
	if d.Text.Hash == "" {
		return ""
	}
	b, err := w.blobs.ReadAll(d.Text.Hash, 1<<20)
	check(w, err)
	return string(b)
}
