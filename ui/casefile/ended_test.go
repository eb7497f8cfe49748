package casefile

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/stack"
)

// When the paper is through, the table does not go on saying that a page is being scanned.
func TestTheEndOfAScanIsSeen(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{"", ""}
	s.press(fyne.KeyF2, 0)
	in := s.incoming
	in.scan = &stack.Scan{Page: 3}
	in.tell()
	scanning := w.texts.T("tray.scan.page", "page", 3)
	if !strings.Contains(s.onTable(), scanning) {
		t.Fatalf("not said: %s", s.onTable())
	}
	in.ended(nil)
	if said := s.onTable(); strings.Contains(said, scanning) {
		t.Errorf("said after the end: %s", said)
	}
}

// A scan that was begun before the case was left and opened again does not keep its pages for ever.
func TestAScanBegunBeforeEnds(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{""}
	s.press(fyne.KeyF2, 0)
	s.incoming.mine[0].Scanning = true // as it was when the tray was read
	s.press(fyne.KeyReturn, fyne.KeyModifierControl)
	if len(w.documents(c)) != 0 || !strings.Contains(s.onTable(), w.texts.T("casefile.scan.still")) {
		t.Fatalf("%d documents, said %s", len(w.documents(c)), s.onTable())
	}
	s.press(fyne.KeyReturn, fyne.KeyModifierControl)
	if len(w.documents(c)) != 1 {
		t.Errorf("said %s", s.onTable())
	}
}

// onTable is what stands on the page table, in words.
func (s *seat) onTable() string {
	var b strings.Builder
	for _, o := range test.LaidOutObjects(s.incoming.t.view.Object()) {
		if l, ok := o.(interface{ Text() string }); ok && o.Visible() {
			b.WriteString(l.Text() + "\n")
		}
	}
	return b.String()
}
