package casefile

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/transfer"
)

const ctrl = fyne.KeyModifierControl

// One key scans, the pages lie on the table under the proof that is missing, one key files them.
func TestScanIntoACase(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	missing := s.slots()[0]
	if !strings.Contains(s.letters.lacking.Text(), missing.Name) {
		t.Fatalf("%q is not missing: %s", missing.Name, s.letters.lacking.Text())
	}
	w.paper = []string{"", "", ""}
	s.press(fyne.KeyF2, 0)
	if !s.incoming.t.shown() || len(s.incoming.lies) != 1 || w.left() != 3 || len(w.documents(c)) != 0 {
		t.Fatalf("on the table: %+v, %d in the tray", s.incoming.lies, w.left())
	}
	s.press(fyne.KeyR, 0)      // turned
	s.press(fyne.KeyRight, 0)  // the second page
	s.press(fyne.KeyDelete, 0) // left out
	s.press(fyne.KeyU, 0)      // compared with the paper
	s.press(fyne.KeyReturn, ctrl)
	docs := w.documents(c)
	if s.incoming.t.shown() || len(docs) != 1 || w.left() != 0 {
		t.Fatalf("%d documents, %d pages left, the table is open: %v", len(docs), w.left(), s.incoming.t.shown())
	}
	d := docs[0]
	if d.Proof != missing.ID || d.Title != missing.Name || d.Pages != 2 || len(d.Originals) != 3 || d.Sheets[0].Turns != 1 || !d.Sheets[1].Out || d.Shown.Hash == "" {
		t.Errorf("%+v", d)
	}
	if n := d.Transfer; n == nil || !n.Match || n.Out != 1 || n.Pages != 3 || n.Device != "Fujitsu fi-7160" || transfer.Verify(d) != nil {
		t.Errorf("%+v, %v", n, transfer.Verify(d))
	}
	if now, _ := s.papers.current(); now.ID != d.ID || s.letters.lacking.Visible() || !strings.Contains(s.banner.Text(), missing.Name) {
		t.Errorf("not shown: %s, %s", now.ID, s.banner.Text())
	}
	s.press(fyne.KeyZ, ctrl)
	if len(w.documents(c)) != 0 || w.left() != 3 {
		t.Errorf("taken back: %d documents, %d pages", len(w.documents(c)), w.left())
	}
	s.press(fyne.KeyF2, ctrl)
	if !s.incoming.t.shown() || s.incoming.lies[0].Sheets[0].Turns != 1 || !s.incoming.lies[0].Sheets[1].Out || !s.incoming.lies[0].Transfer.Match {
		t.Errorf("the pages are not as they were: %+v", s.incoming.lies)
	}
}

// What was scanned is there after a crash, with everything that was decided on the table.
func TestWhatWasScannedIsThereAfterACrash(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper, w.fail = []string{"", "", "", ""}, record.E(record.CodeScanJam, nil)
	s.press(fyne.KeyF2, 0)
	if w.left() != 4 || !strings.Contains(s.banner.Text(), w.texts.T("error.scan.jam")) {
		t.Fatalf("%d pages, said %q", w.left(), s.banner.Text())
	}
	s.press(fyne.KeyG, 0) // straightened: nothing to see on it
	s.press(fyne.KeyRight, 0)
	s.press(fyne.KeyRight, 0)
	s.press(fyne.KeyT, 0) // a document of its own
	s.press(fyne.Key2, 0) // another proof, or none
	s.press(fyne.KeyLeft, ctrl)
	want := s.incoming.lies
	if len(want) != 2 {
		t.Fatalf("%+v", want)
	}
	again := w.open(c)
	if b := again.incoming.banner.Text(); !strings.Contains(b, "4 gescannte Seiten") {
		t.Errorf("said %q", b)
	}
	again.press(fyne.KeyF2, ctrl)
	if got := lying2(again.incoming.lies); got != lying2(want) {
		t.Errorf("on the table:\n%s\nwant\n%s", got, lying2(want))
	}
	again.press(fyne.KeyReturn, ctrl)
	if len(w.documents(c)) != 2 || w.left() != 0 {
		t.Errorf("%d documents, %d pages left", len(w.documents(c)), w.left())
	}
	for _, d := range w.documents(c) {
		if transfer.Verify(d) != nil || d.Transfer.Match {
			t.Errorf("%+v", d.Transfer)
		}
	}
}

// lying2 is what lies on a table, in words.
func lying2(docs []record.Document) string {
	var b strings.Builder
	for _, d := range docs {
		b.WriteString(d.Proof + ":")
		for _, s := range d.Sheets {
			b.WriteString(" " + string(d.Originals[s.Original].Blob.Hash[:6]))
			if s.Out {
				b.WriteString("-")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A cover sheet of another case in the stack: nothing behind it is filed here without being asked about.
func TestAnotherCasesPagesAreAskedAbout(t *testing.T) {
	for _, all := range []bool{false, true} {
		w := newTown(t)
		c, other := w.matter("Müller"), w.matter("Yıldız")
		s := w.open(c)
		w.paper = []string{"", w.cover(other), "", "", w.cover(c), ""}
		s.press(fyne.KeyF2, 0)
		if n := len(s.incoming.lies); n != 2 || count(s.incoming.away) != 3 {
			t.Fatalf("%d documents on the table, %d pages belong elsewhere", n, count(s.incoming.away))
		}
		s.press(fyne.KeyReturn, ctrl)
		if len(w.documents(c)) != 0 {
			t.Fatal("filed without a question")
		}
		if all {
			s.press(fyne.KeyReturn, ctrl|fyne.KeyModifierShift)
			if got, left := len(w.documents(c)), w.left(); got != 3 || left != 0 {
				t.Errorf("all: %d documents, %d pages left", got, left)
			}
			continue
		}
		s.press(fyne.KeyEscape, 0)
		if len(w.documents(c)) != 0 || !s.incoming.t.shown() {
			t.Error("Esc files")
		}
		s.press(fyne.KeyReturn, ctrl)
		s.press(fyne.KeyReturn, ctrl)
		if got, left := len(w.documents(c)), w.left(); got != 2 || left != 3 || len(w.documents(other)) != 0 {
			t.Errorf("%d documents, %d pages left", got, left)
		}
	}
}

// A page that cannot be looked at is filed only when the clerk says so.
func TestAPageThatCannotBeLookedAtIsAskedAbout(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{"", "broken", ""}
	s.press(fyne.KeyF2, 0)
	s.press(fyne.KeyReturn, ctrl)
	if len(w.documents(c)) != 0 {
		t.Fatal("filed without a question")
	}
	s.press(fyne.KeyReturn, ctrl)
	pages := 0
	for _, d := range w.documents(c) {
		pages += d.Pages
	}
	if pages != 3 || w.left() != 0 {
		t.Errorf("%d pages filed, %d left", pages, w.left())
	}
}

// More paper is laid in: it joins what waits, in one document if she wants.
func TestMorePaper(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{""}
	s.press(fyne.KeyF2, 0)
	w.paper = []string{"", ""}
	s.press(fyne.KeyF2, 0)
	if len(s.incoming.lies) != 1 || len(s.incoming.lies[0].Sheets) != 3 {
		t.Fatalf("%+v", s.incoming.lies)
	}
	s.press(fyne.KeyR, 0)
	s.press(fyne.KeyRight, ctrl) // moved: from now on it is laid by hand
	w.paper = []string{""}
	s.press(fyne.KeyF2, 0)
	if len(s.incoming.lies) != 2 {
		t.Fatalf("%+v", s.incoming.lies)
	}
	s.press(fyne.KeyV, 0)
	if len(s.incoming.lies) != 1 || len(s.incoming.lies[0].Sheets) != 4 {
		t.Fatalf("%+v", s.incoming.lies)
	}
	s.press(fyne.KeyReturn, ctrl)
	if docs := w.documents(c); len(docs) != 1 || docs[0].Pages != 4 || w.left() != 0 {
		t.Errorf("%+v", docs)
	}
}

func TestNoPaper(t *testing.T) {
	w := newTown(t)
	s := w.open(w.matter("Müller"))
	s.press(fyne.KeyF2, 0)
	if s.incoming.t.shown() || !strings.Contains(s.banner.Text(), w.texts.T("error.scan.no_paper")) {
		t.Errorf("said %q", s.banner.Text())
	}
	if !s.ScanWith("glass") || s.ScanWith("gone") || s.incoming.way().ID != "glass" {
		t.Error("a button of the scanner")
	}
}

// later runs work when the test says so, as another goroutine would.
type later struct {
	jobs []func(context.Context) func()
}

func (l *later) run(work func(context.Context) func()) { l.jobs = append(l.jobs, work) }

// do reads or writes, and answers what is to be shown of it.
func (l *later) do(i int) func() {
	work := l.jobs[i]
	l.jobs = slices.Delete(l.jobs, i, i+1)
	return work(context.Background())
}

// What was read of the tray before a decision of the clerk comes after it: her step stays on the table.
func TestAnOldReadingDoesNotUndoAStep(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{"", ""}
	s.press(fyne.KeyF2, 0)
	var l later
	s.Run = l.run
	s.incoming.load()
	late := l.do(0) // read, not shown yet
	s.press(fyne.KeyRight, ctrl)
	want := lying2(s.incoming.lies)
	if show := l.do(0); show != nil { // the decision is written
		show()
	}
	late()
	if got := lying2(s.incoming.t.table.Documents()); got != want {
		t.Errorf("on the table\n%s\nwant\n%s", got, want)
	}
	for len(l.jobs) > 0 {
		if show := l.do(0); show != nil {
			show()
		}
	}
	if back, _ := s.incoming.t.table.Steps(); lying2(s.incoming.t.table.Documents()) != want || back != 1 {
		t.Errorf("after reading again: %d steps,\n%s", back, lying2(s.incoming.t.table.Documents()))
	}
}
