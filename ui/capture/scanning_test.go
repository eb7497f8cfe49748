package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	paper "schalter/data/page"
	"schalter/data/record"
	"schalter/ui/pagetable"
)

// lens says of each page what a test has written on it.
type lens struct {
	mu    sync.Mutex
	says  map[record.Hash]paper.Findings
	pages map[side]paper.Findings // of one page, instead
	hold  chan struct{}           // nothing is found before it is closed
}

func (l *lens) Draw(context.Context, record.Original, int, int) (*image.RGBA, error) {
	return nil, record.E(record.CodePDFCannotShow, nil)
}

func (l *lens) Look(ctx context.Context, o record.Original, page, dpi int) (paper.Findings, error) {
	if l.hold != nil {
		select {
		case <-l.hold:
		case <-ctx.Done():
			return paper.Findings{}, ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.says[o.Blob.Hash]
	if x, of := l.pages[side{o.Blob.Hash, page}]; of {
		f = x
	}
	if !ok || dpi != 300 {
		return f, record.E(record.CodeScanBadData, nil)
	}
	return f, nil
}

func (l *lens) of(text string, f paper.Findings) { l.says[record.HashOf([]byte(text))] = f }

func (l *lens) ofPage(text string, page int, f paper.Findings) {
	l.pages = map[side]paper.Findings{{record.HashOf([]byte(text)), page}: f}
}

// events is a scanner that tells what a test wants told; a page is acknowledged before the next event.
type events struct{ all []ScanEvent }

func (e events) Profiles() []Profile {
	return []Profile{{ID: "feeder"}, {ID: "as it is", Crooked: true, Unmarked: true}}
}

func (e events) Scan(_ context.Context, _ string, sink func(ScanEvent) error) error {
	for _, e := range e.all {
		if err := sink(e); err != nil {
			return err
		}
	}
	return nil
}

func came(n int, text string) ScanEvent {
	return ScanEvent{Kind: ScanPage, Page: n, Name: fmt.Sprintf("seite-%03d.png", n), MediaType: "image/png", Data: []byte(text), DPI: 300, Device: "Test 3000", Settings: "feeder gray 300 dpi A4"}
}

func lensWorld(t testing.TB, all ...ScanEvent) (*world, *lens, *Tab) {
	t.Helper()
	l := &lens{says: map[record.Hash]paper.Findings{}}
	w := newWorld(t, newMemory(), nil)
	w.m.w.Scanner, w.m.w.Pictures = events{all}, l
	tab := w.start(t)
	w.write(tab, "hund/herkunft", "tierheim")
	w.settle()
	return w, l, tab
}

func (w *world) only(t testing.TB, tab *Tab) record.Document {
	t.Helper()
	w.settle()
	d := w.store.stored(t, tab.ID())
	if len(d.Documents) != 1 {
		t.Fatalf("%d documents are stored: %+v", len(d.Documents), d.Documents)
	}
	return d.Documents[0]
}

func texts(w *world, d record.Document) []string {
	var out []string
	for _, s := range d.Sheets {
		if !s.Out {
			out = append(out, string(w.store.blobs[d.Originals[s.Original].Blob.Hash]))
		}
	}
	return out
}

func TestWhatIsSeenOnAPageComesAfterIt(t *testing.T) {
	w, l, tab := lensWorld(t, came(1, "eins"), came(2, "leer"), came(3, "schief"), came(4, "fast gerade"))
	l.of("leer", paper.Findings{Blank: true})
	l.of("schief", paper.Findings{Skew: -1.25, Sure: true})
	l.of("fast gerade", paper.Findings{Skew: 0.05, Sure: true})
	l.hold = make(chan struct{})
	tab.Scan("feeder", false)
	w.until(func() bool { return len(tab.draft.Documents) == 1 && len(tab.draft.Documents[0].Originals) == 4 })
	before := w.store.stored(t, tab.ID()).Documents
	if len(before) != 1 || len(before[0].Sheets) < 3 || before[0].Sheets[1].Blank {
		t.Fatalf("while nothing has been looked at: %+v", before)
	}
	close(l.hold)
	d := w.only(t, tab)
	want := []record.Sheet{{DPI: 300}, {Original: 1, DPI: 300, Blank: true}, {Original: 2, DPI: 300, Skew: -1.25}, {Original: 3, DPI: 300}}
	if !slices.EqualFunc(d.Sheets, want, pagetable.SameSheet) || d.Pages != 4 || Unbound(d) {
		t.Errorf("%+v", d)
	}
	if n := tab.Notes(d.ID); len(n) != 1 || n[0].Code != noteBlank || fmt.Sprint(n[0].Args["page"]) != "2" {
		t.Errorf("noted %+v", n)
	}
	tr := d.Transfer
	if tr == nil || tr.Device != "Test 3000" || tr.Settings != "feeder gray 300 dpi A4" || tr.Pages != 4 || !slices.Equal(tr.Blank, []int{2}) ||
		len(tr.Originals) != 4 || tr.User != "weber" || tr.Time.IsZero() || tr.Match {
		t.Errorf("transfer %+v", tr)
	}
}

func TestAProfileMayLeavePagesAsTheyAre(t *testing.T) {
	w, l, tab := lensWorld(t, came(1, "leer"), came(2, "schief"))
	l.of("leer", paper.Findings{Blank: true})
	l.of("schief", paper.Findings{Skew: -1.25, Sure: true})
	tab.Scan("as it is", false)
	if d := w.only(t, tab); d.Sheets[0].Blank || d.Sheets[1].Skew != 0 || Unbound(d) {
		t.Errorf("%+v", d)
	}
}

func TestAnomaliesAreWrittenDown(t *testing.T) {
	warn := func(code record.Code, p int) ScanEvent {
		return ScanEvent{Kind: ScanWarning, Page: p, Trouble: record.E(code, nil)}
	}
	w, _, tab := lensWorld(t, came(1, "eins"), warn("scan.same_page", 1), warn("scan.short_page", 2), came(2, "zwei"), warn("scan.resolution", 7))
	tab.Scan("feeder", false)
	w.settle()
	w.m.w.Scanner = &stack{sheets: []string{"drei"}, err: record.E(record.CodeScanJam, nil)}
	tab.Scan("feeder", true)
	d := w.only(t, tab)
	want := []string{"scan.same_page:1", "scan.short_page:2", "scan.resolution", "scan.jam"}
	if !slices.Equal(d.Transfer.Anomalies, want) {
		t.Errorf("%v", d.Transfer.Anomalies)
	}
	if d.Transfer.Device != "Test 3000" || d.Transfer.Pages != 3 {
		t.Errorf("%+v", d.Transfer)
	}
}

func TestBacksComeBehindTheirFronts(t *testing.T) {
	w, _, tab := lensWorld(t, came(1, "1"), came(2, "3"), ScanEvent{Kind: ScanTurn}, came(3, "4"), came(4, "2"), ScanEvent{Kind: ScanDone, Order: []int{0, 3, 1, 2}})
	tab.Scan("feeder", false)
	d := w.only(t, tab)
	if got := texts(w, d); !slices.Equal(got, []string{"1", "2", "3", "4"}) {
		t.Errorf("shown %v", got)
	}
	if string(w.store.blobs[d.Originals[1].Blob.Hash]) != "3" {
		t.Error("the originals are no longer in the order in which they came")
	}
}

func TestNonsenseOrderIsNotFollowed(t *testing.T) {
	for _, order := range [][]int{{0}, {0, 0}, {0, 2}, {-1, 0}, {0, 1, 2}} {
		w, _, tab := lensWorld(t, came(1, "1"), came(2, "2"), ScanEvent{Kind: ScanDone, Order: order})
		tab.Scan("feeder", false)
		if got := texts(w, w.only(t, tab)); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("%v: shown %v", order, got)
		}
	}
}

func TestPagesGoWhereTheyAreWanted(t *testing.T) {
	for _, c := range []struct {
		name string
		at   Spot
		want []string
	}{
		{"behind a page", Spot{Behind: record.Sheet{Original: 0}}, []string{"1", "neu", "neuer", "2"}},
		{"before all", Spot{First: true}, []string{"neu", "neuer", "1", "2"}},
		{"instead of a page", Spot{Behind: record.Sheet{Original: 0}, Instead: true}, []string{"neu", "neuer", "2"}},
		{"behind a page that is not there", Spot{Behind: record.Sheet{Original: 9}}, []string{"1", "2", "neu", "neuer"}},
	} {
		w, _, tab := lensWorld(t, came(1, "1"), came(2, "2"))
		tab.Scan("feeder", false)
		w.settle()
		w.m.w.Scanner = events{[]ScanEvent{came(1, "neu"), came(2, "neuer")}}
		c.at.Document = tab.draft.Documents[0].ID
		tab.Vouch(c.at.Document, true)
		tab.ScanAt("feeder", c.at)
		d := w.only(t, tab)
		if got := texts(w, d); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
		if len(d.Originals) != 4 || d.Pages != len(c.want) || Unbound(d) || d.Transfer.Match {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

func TestAWholeFileIsADocumentOfItsOwn(t *testing.T) {
	w, _, tab := lensWorld(t, ScanEvent{Kind: ScanPage, Page: 1, Name: "scan.pdf", MediaType: "application/pdf", Data: []byte("%PDF")})
	tab.Scan("feeder", false)
	if d := w.only(t, tab); d.Title != "scan" || d.Proof != "schutzvertrag" || Unbound(d) || tab.Busy() {
		t.Errorf("%+v", d)
	}
}

func TestAClerkVouchesForWhatSheSaw(t *testing.T) {
	w, _, tab := lensWorld(t, came(1, "1"))
	tab.Scan("feeder", false)
	d := w.only(t, tab)
	tab.Vouch(d.ID, true)
	if d := w.only(t, tab); !d.Transfer.Match || Unbound(d) {
		t.Errorf("%+v", d)
	}
	tab.Scan("feeder", true)
	if d := w.only(t, tab); d.Transfer.Match {
		t.Error("the clerk vouched for a page that came later")
	}
}

// killed fails every step after so many, as if the power went out: what was stored before stays.
type killed struct {
	*memory
	mu    sync.Mutex
	steps int
}

var errDead = errors.New("the power is out")

func (k *killed) step() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.steps--; k.steps < 0 {
		return errDead
	}
	return nil
}

func (k *killed) SaveDraft(ctx context.Context, d record.Draft) error {
	if err := k.step(); err != nil {
		return err
	}
	return k.memory.SaveDraft(ctx, d)
}

func (k *killed) Put(ctx context.Context, r io.Reader) (record.BlobRef, error) {
	if err := k.step(); err != nil {
		return record.BlobRef{}, err
	}
	return k.memory.Put(ctx, r)
}

func (k *killed) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	if err := k.step(); err != nil {
		return record.BlobRef{}, 0, err
	}
	return k.memory.Bind(ctx, d)
}

// acked notes which pages the scanner was allowed to forget.
type acked struct {
	sheets []string
	given  []string
}

func (a *acked) Profiles() []Profile { return []Profile{{ID: "feeder"}} }

func (a *acked) Scan(_ context.Context, _ string, sink func(ScanEvent) error) error {
	for i, text := range a.sheets {
		if err := sink(came(i+1, text)); err != nil {
			return err
		}
		a.given = append(a.given, text)
	}
	return sink(ScanEvent{Kind: ScanDone})
}

func TestAnEndAtAnyStepKeepsEveryPageReceived(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(r, "pages")
		steps := rapid.IntRange(0, 3*n+6).Draw(r, "steps until the end")
		w := newWorld(t, newMemory(), nil)
		tab := w.start(t)
		w.write(tab, "hund/herkunft", "tierheim")
		w.settle()
		var sheets []string
		for i := range n {
			sheets = append(sheets, fmt.Sprint("Seite ", i+1))
		}
		l := &lens{says: map[record.Hash]paper.Findings{}}
		l.of("Seite 2", paper.Findings{Skew: 2, Sure: true})
		l.of("Seite 3", paper.Findings{Blank: true})
		dying := &killed{memory: w.store, steps: steps}
		feeder := &acked{sheets: sheets}
		w.m.w.Store, w.m.w.Blobs, w.m.w.Binder, w.m.w.Scanner, w.m.w.Pictures = dying, dying, dying, feeder, l
		tab.saver.save = dying.SaveDraft
		tab.Scan("feeder", false)
		w.settle()

		// The program is gone; another one opens what is stored.
		cut := w.store.stored(t, tab.ID())
		again := newWorld(t, w.store, nil)
		again.m.w.Pictures = l
		back, err := again.m.Resume(cut)
		if err != nil {
			r.Fatal(err)
		}
		again.settle()
		var got []string
		for _, d := range back.draft.Documents {
			got = append(got, texts(again, d)...)
			for _, sh := range d.Sheets { // what was not found out before the end is made up for
				seen, ok := l.says[d.Originals[sh.Original].Blob.Hash]
				if ok && sh.Due != 0 || sh.Blank != seen.Blank || sh.Skew != seen.Skew {
					r.Fatalf("%+v, of which is known: %+v", sh, seen)
				}
			}
			if Unbound(d) || d.Pages != len(d.Sheets) || d.Transfer.Pages != len(d.Originals) {
				r.Fatalf("not finished: %+v", d)
			}
		}
		for _, s := range feeder.given {
			if !slices.Contains(got, s) {
				r.Fatalf("%q was received and is not there: %v", s, got)
			}
		}
		if !slices.IsSorted(got) {
			r.Fatalf("out of order: %v", got)
		}
	})
}

func TestArrangedPagesAreBoundAgain(t *testing.T) {
	w, _, tab := lensWorld(t, came(1, "1"), came(2, "2"), came(3, "3"))
	tab.Import("weitere", []Source{textFile("a.pdf", "A")})
	w.settle()
	tab.Select("schutzvertrag")
	tab.Scan("feeder", false)
	w.settle()
	if got := tab.onTable(); len(got) != 1 || len(tab.draft.Documents) != 2 {
		t.Fatalf("on the table: %+v", got)
	}
	table := pagetable.New(tab.onTable(), record.NewID)
	table.Select(1)
	table.Out()
	table.Select(2)
	table.Split()
	tab.Arrange(tab.onTable(), table.Documents())
	w.settle()
	if d := w.store.stored(t, tab.ID()).Documents; len(d) != 3 || d[1].Pages != 1 || d[1].Sheets[1].Out != true || !Unbound(d[1]) {
		t.Fatalf("stored at once: %+v", d)
	}
	w.pass(rebindAfter)
	w.settle()
	d := w.store.stored(t, tab.ID()).Documents
	if Unbound(d[1]) || Unbound(d[2]) || d[0].Title != "a" || d[1].Shown == d[2].Shown {
		t.Errorf("%+v", d)
	}
	if !table.Sync(tab.onTable()) {
		t.Error("the table does not know its own pages again")
	}
	table.Undo()
	table.Undo()
	tab.Arrange(tab.onTable(), table.Documents())
	tab.bindNow() // without the moment
	w.settle()
	if d := w.store.stored(t, tab.ID()).Documents; len(d) != 2 || Unbound(d[1]) || d[1].Pages != 3 {
		t.Errorf("after two steps back: %+v", d)
	}
}

// document is a scan that came as one file with several pages.
func document(n, pages int, text string) ScanEvent {
	e := came(n, text)
	e.Pages, e.MediaType, e.Name, e.DPI = pages, "application/pdf", "seiten.pdf", 0
	return e
}

// A scanner that has only documents sends a stack as one: an original with several pages, each a sheet of the paper,
// with the note of transfer and the order of two passes, as if they had come one by one.
func TestAScannedDocumentIsAnOriginalWithPages(t *testing.T) {
	early := ScanEvent{Kind: ScanWarning, Page: 1, Trouble: record.E("scan.resolution", nil)}
	w, _, tab := lensWorld(t, early, document(1, 3, "fronts"), document(4, 3, "backs"), ScanEvent{Kind: ScanDone, Order: []int{0, 5, 1, 4, 2, 3}})
	tab.Scan("as it is", false)
	d := w.only(t, tab)
	var got []string
	for _, s := range d.Sheets {
		got = append(got, fmt.Sprint(s.Original, s.Page))
	}
	if want := []string{"0 0", "1 2", "0 1", "1 1", "0 2", "1 0"}; !slices.Equal(got, want) || d.Pages != 6 || len(d.Originals) != 2 || d.Source != record.SourceScan {
		t.Errorf("%v, %d pages, %d originals", got, d.Pages, len(d.Originals))
	}
	if d.Originals[0].Blob.Hash != record.HashOf([]byte("fronts")) || d.Originals[0].MediaType != "application/pdf" {
		t.Errorf("%+v", d.Originals)
	}
	if tr := d.Transfer; tr == nil || tr.Pages != 6 || tr.Device != "Test 3000" || !slices.Equal(tr.Anomalies, []string{"scan.resolution:1"}) {
		t.Errorf("%+v", d.Transfer)
	}
}

// What is seen on a page of a document is noted at that page and no other.
func TestWhatIsSeenOnADocumentsPages(t *testing.T) {
	w, l, tab := lensWorld(t, ScanEvent{Kind: ScanPage, Page: 1, Pages: 3, Name: "s.tif", MediaType: "image/tiff", Data: []byte("stack"), DPI: 300, Device: "Test 3000"})
	l.of("stack", paper.Findings{})
	l.ofPage("stack", 1, paper.Findings{Blank: true})
	tab.Scan("feeder", false)
	d := w.only(t, tab)
	if len(d.Sheets) != 3 || d.Sheets[0].Blank || !d.Sheets[1].Blank || d.Sheets[2].Blank || !slices.Equal(d.Transfer.Blank, []int{2}) {
		t.Errorf("%+v, %+v", d.Sheets, d.Transfer)
	}
	for _, s := range d.Sheets {
		if s.Due != 0 {
			t.Errorf("page %d was not looked at", s.Page)
		}
	}
}
