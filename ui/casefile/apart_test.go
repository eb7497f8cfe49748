package casefile

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
)

// What is written away from the window takes nothing from the screen, which may be reading its case anew just then.
func TestFilingTakesNothingFromTheScreen(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{"", ""}
	s.press(fyne.KeyF2, 0)
	run := s.Run
	s.Run = func(work func(context.Context) func()) {
		was := s.file
		s.file = File{}
		done := work(t.Context())
		s.file = was
		if done != nil {
			done()
		}
	}
	s.press(fyne.KeyRight, ctrl)  // the pages change places
	s.press(fyne.KeyReturn, ctrl) // and are filed
	s.Run = run
	if len(w.documents(c)) != 1 || w.left() != 0 {
		t.Errorf("%d documents, %d pages left", len(w.documents(c)), w.left())
	}
}
