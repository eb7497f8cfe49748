package casefile

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/sync/merge"
)

// scanned is a case with a paper of so many pages that was scanned.
func (w *town) scanned(pages int) (record.Case, *seat) {
	w.t.Helper()
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = slices.Repeat([]string{""}, pages)
	s.press(fyne.KeyF2, 0)
	s.press(fyne.KeyU, 0)
	s.press(fyne.KeyReturn, ctrl)
	if len(w.documents(c)) != 1 {
		w.t.Fatal("nothing was scanned")
	}
	return c, s
}

func (s *seat) document() record.Document { d, _ := s.papers.current(); return d }

func black(page int) record.Mark {
	return record.Mark{ID: record.NewID(), Kind: record.MarkBlack, Page: page, Boxes: []record.Box{{X0: .1, Y0: .2, X1: .3, Y1: .25}}}
}

// Pages of a filed paper are put in order: a version of their own; originals, checks and marks stay what they are.
func TestPagesOfAFiledPaper(t *testing.T) {
	w := newTown(t)
	c, s := w.scanned(3)
	first := s.document()
	s.papers.set(record.MarkBlack, 2, black(2).Boxes, "")
	s.papers.record(record.KindCheck, record.DocumentChecked{Document: first.ID, Of: first.Shown.Hash, OK: true})
	s.press(fyne.KeyF12, 0)
	if !s.papers.order.t.shown() {
		t.Fatal("no table")
	}
	s.press(fyne.KeyDelete, 0)  // the first page out
	s.press(fyne.KeyEnd, 0)     // the last one
	s.press(fyne.KeyLeft, ctrl) // before the second
	s.press(fyne.KeyR, 0)
	s.press(fyne.KeyEscape, 0) // that was not kept: said first
	if !s.papers.order.t.shown() {
		t.Fatal("Esc gave up what was done without a word")
	}
	s.press(fyne.KeyR, 0)
	s.press(fyne.KeyR, fyne.KeyModifierShift)
	test.TapCanvas(fyne.CurrentApp().Driver().CanvasForObject(s.object), fyne.NewPos(2, 2)) // beside the table: as Esc
	if !s.papers.order.t.shown() {
		t.Fatal("a click beside the table gave up what was done without a word")
	}
	s.press(fyne.KeyReturn, ctrl)
	if s.papers.order.t.shown() {
		t.Fatal("the table stays")
	}
	d := w.documents(c)[0]
	if d.Latest.Why != record.WhyPages || d.Latest.Of != first.Shown.Hash || d.Pages != 2 || len(d.Originals) != 3 || len(d.Versions) != 1 || !slices.Equal(d.Originals, first.Originals) {
		t.Fatalf("%+v", d)
	}
	var order []int
	for _, x := range d.Sheets {
		if !x.Out {
			order = append(order, x.Original, x.Turns)
		}
	}
	if !slices.Equal(order, []int{2, 1, 1, 0}) {
		t.Errorf("shows %v", order)
	}
	if len(d.Marks) != 1 || d.Marks[0].Page != 0 || d.Marks[0].Boxes[0].X0 < .7 {
		t.Errorf("the black mark is on %+v", d.Marks)
	}
	if transfer.Verify(d) != nil || !d.Transfer.Match || transfer.ToDestroy(d) == transfer.NeedNothing {
		t.Errorf("%v, %q", transfer.Verify(d), transfer.ToDestroy(d))
	}
	s.papers.toggle()
	for _, want := range []string{"Frühere Fassung geprüft", "Wie abgelegt"} {
		if said := read(s.papers.facts); !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	s.press(fyne.KeyEscape, 0)
	s.press(fyne.KeyF12, 0)
	s.press(fyne.KeyR, 0)
	s.press(fyne.KeyEscape, 0)
	s.press(fyne.KeyEscape, 0)
	if s.papers.order.t.shown() || len(w.documents(c)[0].Versions) != 1 {
		t.Error("given up twice, and kept")
	}
}

// A part of a paper becomes a document of its own, with its marks; nothing of it is lost in the first.
func TestAPaperIsParted(t *testing.T) {
	w := newTown(t)
	c, s := w.scanned(3)
	s.papers.set(record.MarkBlack, 2, black(2).Boxes, "")
	s.press(fyne.KeyF12, 0)
	s.press(fyne.KeyRight, 0)
	s.press(fyne.KeyT, 0)
	s.press(fyne.KeyReturn, ctrl)
	docs := w.documents(c)
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	a, b := docs[0], docs[1]
	if a.Pages != 1 || len(a.Originals) != 3 || len(a.Marks) != 0 || len(a.Sheets) != 3 || transfer.Verify(a) != nil {
		t.Errorf("%+v", a)
	}
	if b.Pages != 2 || len(b.Originals) != 2 || len(b.Marks) != 1 || b.Marks[0].Page != 1 || b.Marks[0].Kind != record.MarkBlack || transfer.Verify(b) != nil || !b.Transfer.Match || b.Transfer.Device != a.Transfer.Device {
		t.Errorf("%+v %+v", b, b.Transfer)
	}
}

// A cut goes through what is blackened, and beside it: it stays covered, and the paper stays known as blackened.
func TestACutNeverUncovers(t *testing.T) {
	w := newTown(t)
	c, s := w.scanned(1)
	s.papers.set(record.MarkBlack, 0, []record.Box{{X0: .1, Y0: .1, X1: .3, Y1: .2}}, "")
	d := s.document()
	for _, cut := range []record.Box{{X0: .2, Y0: 0, X1: 1, Y1: 1}, {X0: .5, Y0: .5, X1: 1, Y1: 1}} {
		v := record.DocumentVersion{Document: d.ID, Of: d.Shown.Hash, Why: record.WhyPages, MediaType: typePDF, Pages: 1, Shown: record.BlobRef{Hash: record.HashOf([]byte(cutName(cut))), Size: 3}}
		v.Sheets = s.framed(t.Context(), d, []record.Sheet{{Crop: &cut, Skew: 1}})
		if v.Sheets[0].Aspect != .7 {
			t.Fatalf("%+v", v.Sheets)
		}
		s.papers.record(record.KindVersion, v)
		if got := w.documents(c)[0].Marks; len(got) != 1 || got[0].Kind != record.MarkBlack {
			t.Errorf("%+v: %+v", cut, got)
		}
	}
}

func cutName(b record.Box) string { return strings.Repeat("x", int(10*b.X0)) }

// Somebody else has put the pages in order meanwhile: her version is not overwritten.
func TestTwoPutPagesInOrder(t *testing.T) {
	w := newTown(t)
	c, s := w.scanned(2)
	other := w.open(c)
	s.press(fyne.KeyF12, 0)
	s.press(fyne.KeyR, 0)
	other.press(fyne.KeyF12, 0)
	other.press(fyne.KeyDelete, 0)
	other.press(fyne.KeyReturn, ctrl)
	s.press(fyne.KeyReturn, ctrl)
	if d := w.documents(c)[0]; len(d.Versions) != 1 || d.Pages != 1 || !s.papers.order.t.shown() {
		t.Errorf("%d versions, %d pages", len(d.Versions), d.Pages)
	}
	// At another desk the change is not known yet: both versions come together, and it is said.
	d := w.documents(c)[0]
	_, err := w.store.Apply(t.Context(), record.Edit{Case: c.ID, Kind: record.KindVersion, User: "yilmaz", Payload: record.DocumentVersion{
		Document: d.ID, Of: d.Versions[0].Shown.Hash, Why: record.WhyPages, Shown: record.BlobRef{Hash: record.HashOf([]byte("late")), Size: 4}, MediaType: typePDF, Pages: 2,
		Sheets: []record.Sheet{{Original: 1}, {Original: 0}},
	}})
	must(t, err)
	other.Changed()
	if got := other.papers.match.Text(); len(merge.Beside(other.document())) != 1 || !strings.Contains(got, "zugleich") {
		t.Errorf("said %q", got)
	}
}

// Words belong to the pages: pages that are shown again keep theirs, and those found later make no other pages.
func TestRestoredPagesKeepTheirWords(t *testing.T) {
	w := newTown(t)
	c, s := w.scanned(2)
	hear := func(name string) record.Document {
		t.Helper()
		d := w.documents(c)[0]
		_, err := w.store.Apply(t.Context(), record.Edit{Case: c.ID, Kind: record.KindVersion, User: "weber", Payload: record.DocumentVersion{
			Document: d.ID, Of: d.Shown.Hash, Why: record.WhyText, Shown: record.BlobRef{Hash: record.HashOf([]byte(name)), Size: 4}, MediaType: typePDF, Pages: d.Pages,
			Text: record.BlobRef{Hash: record.HashOf([]byte(name + " words")), Size: 4}, Language: "deu",
		}})
		must(t, err)
		s.Changed()
		return w.documents(c)[0]
	}
	filed := hear("filed, with words")
	if n := len(older(filed)); n != 0 || strings.Contains(s.papers.state.Text(), "Fassung") {
		t.Fatalf("words make %d other versions: %s", n, s.papers.state.Text())
	}
	s.press(fyne.KeyF12, 0)
	s.press(fyne.KeyDelete, 0)
	s.press(fyne.KeyReturn, ctrl)
	hear("one page, with words")
	d := s.document()
	if d.Pages != 1 || len(older(d)) != 1 {
		t.Fatalf("%+v", d)
	}
	s.papers.restore(d, older(d)[0])
	d = s.document()
	if d.Shown != filed.Shown || d.Text != filed.Text || d.Pages != 2 || d.Unheard() {
		t.Errorf("%+v", d)
	}
	// Recognition has nothing to do, and what was restored stays.
	if all, err := w.store.Unheard(t.Context(), 9); err != nil || len(all) != 0 {
		t.Errorf("to be read: %+v, %v", all, err)
	}
	if n := len(older(d)); n != 1 {
		t.Errorf("%d other versions", n)
	}
	// Before any words were found they are found on what was restored, which stays what it is.
	s.papers.restore(d, older(d)[0])
	plain := s.document()
	if plain.Pages != 1 {
		t.Fatalf("%+v", plain)
	}
	if heard := hear("one page, once more"); heard.PagesOf(heard.Shown.Hash) != plain.PagesOf(plain.Shown.Hash) || heard.Pages != 1 {
		t.Errorf("%+v", heard)
	}
}
