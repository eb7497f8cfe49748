package casefile

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/stack"
)

// stuck is a tray into which nothing can be noted.
type stuck struct{ stack.Store }

func (stuck) ChangeTray(context.Context, []record.ID, func(*sorting.Page)) error {
	return record.E(record.CodeDiskFull, nil)
}

// A decision that could not be noted is said, and what lies in the tray instead is not filed for it.
func TestWhatCouldNotBeNotedIsNotFiled(t *testing.T) {
	w := newTown(t)
	c := w.matter("Müller")
	s := w.open(c)
	w.paper = []string{"", ""}
	s.press(fyne.KeyF2, 0)
	room, run := s.Room, s.Run
	kept := room.Store
	room.Store = stuck{kept}
	var later []func()
	s.Run = func(f func(context.Context) func()) {
		later = append(later, func() {
			if done := f(t.Context()); done != nil {
				done()
			}
		})
	}
	s.press(fyne.KeyDelete, 0)    // the first page is left out
	s.press(fyne.KeyReturn, ctrl) // before that is noted
	for len(later) > 0 {
		f := later[0]
		later = later[1:]
		f()
	}
	if n := len(w.documents(c)); n != 0 || w.left() != 2 {
		t.Errorf("%d documents filed with the page that was left out, %d pages left", n, w.left())
	}
	if !strings.Contains(s.banner.Text(), w.texts.T("error.store.disk_full")) {
		t.Errorf("said %q", s.banner.Text())
	}
	room.Store, s.Run = kept, run
}
