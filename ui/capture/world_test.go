package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

// memory is a store and a blob store that keep what they are given, and nothing they were not asked to keep.
type memory struct {
	mu       sync.Mutex
	drafts   map[record.ID]record.Draft
	settings map[string]string
	blobs    map[record.Hash][]byte
	edits    []record.Edit
	full     error         // fails every write
	hold     chan struct{} // drafts are written only once it is closed
	noSubmit error
	centre   string
}

func newMemory() *memory {
	return &memory{drafts: map[record.ID]record.Draft{}, settings: map[string]string{}, blobs: map[record.Hash][]byte{}}
}

func (m *memory) SaveDraft(_ context.Context, d record.Draft) error {
	m.mu.Lock()
	if hold := m.hold; hold != nil {
		m.mu.Unlock()
		<-hold
		m.mu.Lock()
	}
	defer m.mu.Unlock()
	if m.full == nil {
		m.drafts[d.ID] = d
	}
	return m.full
}

func (m *memory) Draft(_ context.Context, id record.ID) (record.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.drafts[id]
	if !ok {
		return d, record.E(record.CodeNotFound, nil)
	}
	return d, nil
}

func (m *memory) Drafts(context.Context) ([]record.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []record.Draft
	for _, d := range m.drafts {
		out = append(out, d)
	}
	return out, nil
}

func (m *memory) DiscardDraft(_ context.Context, id record.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.drafts[id]; !ok {
		return record.E(record.CodeNotFound, nil)
	}
	delete(m.drafts, id)
	return nil
}

func (m *memory) SubmitAll(_ context.Context, draft record.ID, edits []record.Edit) ([]record.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.noSubmit != nil {
		return nil, m.noSubmit
	}
	m.edits = edits
	delete(m.drafts, draft)
	var out []record.Case
	for _, e := range edits {
		if o, ok := e.Payload.(record.Opened); ok {
			n := record.Number{Office: "MS", Desk: 1, Year: 26, Seq: 417 + len(out)}
			out = append(out, record.Case{ID: e.Case, Number: n.String(), Service: o.Service, Title: o.Title})
		}
	}
	return out, nil
}

func (m *memory) Identity(context.Context) (record.Identity, error) {
	return record.Identity{Centre: m.centre}, nil
}

func (m *memory) Setting(_ context.Context, k string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.settings[k], nil
}

func (m *memory) SetSetting(_ context.Context, k, v string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings[k] = v
	return nil
}

func (m *memory) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	b, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		err = m.full
	}
	ref := record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}
	if err == nil {
		m.blobs[ref.Hash] = b
	}
	return ref, err
}

func (m *memory) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%%PDF %s", d.Title)
	n := 0
	m.mu.Lock()
	for _, s := range d.Sheets {
		if !s.Out {
			b.Write(m.blobs[d.Originals[s.Original].Blob.Hash])
			n++
		}
	}
	m.mu.Unlock()
	ref, err := m.Put(ctx, &b)
	return ref, n, err
}

func (m *memory) stored(t testing.TB, id record.ID) record.Draft {
	t.Helper()
	d, err := m.Draft(context.Background(), id)
	if err != nil {
		t.Fatalf("draft %s: %v", id, err)
	}
	return d
}

// stack is a scanner with sheets in its feeder.
type stack struct {
	sheets  []string
	err     error   // after the last sheet
	given   []error // what the sink answered
	through func()  // called after the last sheet; then it waits for the end of ctx
}

func (s *stack) Profiles() []Profile {
	return []Profile{{ID: "feeder", Label: map[string]string{"de": "Einzug"}}, {ID: "glass", Label: map[string]string{"de": "Glas"}}}
}

func (s *stack) Scan(ctx context.Context, _ string, sink func(ScanEvent) error) error {
	for i, sheet := range s.sheets {
		_ = sink(ScanEvent{Kind: ScanStarted, Page: i + 1})
		_ = sink(ScanEvent{Kind: ScanProgress, Page: i + 1, Percent: 50})
		err := sink(ScanEvent{Kind: ScanPage, Page: i + 1, Name: fmt.Sprintf("seite-%d.png", i+1), MediaType: "image/png", Data: []byte(sheet), DPI: 300})
		s.given = append(s.given, err)
		if err != nil {
			return err
		}
	}
	if s.through != nil {
		s.through()
		<-ctx.Done()
		return record.E(record.CodeScanCancelled, ctx.Err())
	}
	return s.err
}

type shelf struct{}

func (shelf) Import(_ context.Context, src Source, progress func(done, total int64)) (Imported, error) {
	r, err := src.Open()
	if err != nil {
		return Imported{}, record.E(record.CodeImportUnread, err, "name", src.Name)
	}
	b, _ := io.ReadAll(r)
	_ = r.Close()
	if len(b) == 0 {
		return Imported{}, record.E(record.CodeImportEmpty, nil, "name", src.Name)
	}
	progress(int64(len(b)), int64(len(b)))
	ref := record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}
	return Imported{MediaType: "application/pdf", Shown: ref, Pages: 1, Originals: []record.Original{{Name: src.Name, Blob: ref}}}, nil
}

// builtIn is read once: every test gets a library of its own with these forms.
var builtIn = sync.OnceValues(func() (*form.Library, error) { return form.Load(assets.Files) })

func library(t testing.TB) *form.Library {
	t.Helper()
	l, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return l.With()
}

type world struct {
	*bench
	m     *Model
	store *memory
	scan  *stack
	said  []Message
}

func newWorld(t testing.TB, store *memory, scan *stack) *world {
	t.Helper()
	w := &world{bench: newBench(), store: store, scan: scan}
	work := Work{
		Store: store, Forms: library(t), Blobs: store, Binder: store, Importer: shelf{}, Run: w.runtime(),
		Lang: func() string { return "de" }, User: func() string { return "weber" }, Office: func() string { return "MS" },
		Reason: func(a, b string) string { return a + "|" + b }, Changed: func(*Tab, Part, []string) {},
		Say: func(m Message) { w.said = append(w.said, m) },
	}
	if scan != nil {
		work.Scanner = scan
	}
	w.m = NewModel(work)
	return w
}

const dogService = "hundesteuer-anmelden"

func (w *world) start(t testing.TB) *Tab {
	t.Helper()
	tab, err := w.m.Start(dogService)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// write types into a field as a clerk does: key by key, then on to the next.
func (w *world) write(tab *Tab, path, text string) {
	tab.Enter(path)
	for i := range []rune(text) {
		tab.Type(path, string([]rune(text)[:i+1]))
	}
	tab.Leave(path)
}

func (w *world) fillDog(tab *Tab) {
	for _, a := range [][2]string{
		{"halter/nachname", "Yıldız"},
		{"halter/vorname", "Emre"},
		{"halter/geburtsdatum", "2.5.88"},
		{"halter/strasse", "Bahnhofstraße"},
		{"halter/hausnummer", "12"},
		{"halter/plz", "65428"},
		{"halter/ort", "Musterstadt"},
		{"hund/rufname", "Balu"},
		{"hund/rasse", "Labrador-Mischling"},
		{"hund/geworfen", "3/24"},
		{"hund/geschlecht", "Rüde"},
		{"hund/chip", "276098104123344"},
		{"hund/gehalten_seit", "10.11.2026"},
		{"hund/herkunft", "tierheim"},
		{"hund/herkunft_name", "Tierheim Rüsselsheim"},
		{"haushalt/anzahl", "1"},
		{"gefahr/gefaehrlich", "nein"},
		{"ermaessigung/beantragt", "nein"},
		{"zahlung/art", "ueberweisung"},
		{"zahlung/turnus", "jahr"},
		{"abschluss/belehrt", "ja"},
	} {
		w.write(tab, a[0], a[1])
	}
	w.settle()
}
