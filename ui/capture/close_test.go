package capture

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// Locking in the moment after "Annehmen" must wait for the store's answer: the draft is stored no more then,
// and the case is not there yet.
func TestCloseWaitsForASubmitUnderWay(t *testing.T) {
	for name, no := range map[string]error{"yes": nil, "no": record.E(record.CodeNotEnrolled, nil)} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, newMemory(), nil)
			tab := w.start(t)
			w.fillDog(tab)
			f, _ := tab.Check()
			tab.Override(f.Rule, "später")
			w.settle()
			w.store.noSubmit = no
			hold := make(chan struct{})
			w.store.hold = hold
			tab.Enter("abschluss/bemerkung")
			tab.Type("abschluss/bemerkung", "eilt")
			tab.Submit() // leaves the field: a save begins and hangs, and the submit behind it

			short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			if err := w.m.Close(short); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("closed while the store had not answered: %v", err)
			}
			close(hold)
			if err := w.m.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.store.mu.Lock()
			edits, drafts := w.store.edits, len(w.store.drafts)
			w.store.mu.Unlock()
			if no == nil && (edits == nil || drafts != 0) {
				t.Errorf("%d edits and %d drafts are stored", len(edits), drafts)
			}
			if no != nil {
				if d := w.store.stored(t, tab.ID()); d.Values["abschluss/bemerkung"] != "eilt" || d.Live {
					t.Errorf("stored %+v", d)
				}
			}
			w.settle()
		})
	}
}

// Where no centre is set up nobody is told that the case goes there.
func TestACaseWithoutACentreStaysHere(t *testing.T) {
	for centre, alone := range map[string]bool{"": true, "https://zentrale.example": false} {
		w := newWorld(t, newMemory(), nil)
		w.store.centre = centre
		tab := w.start(t)
		w.fillDog(tab)
		f, _ := tab.Check()
		tab.Override(f.Rule, "später")
		tab.Submit()
		w.settle()
		if tab.Phase() != Done || tab.Alone() != alone {
			t.Errorf("centre %q: phase %v, alone %v", centre, tab.Phase(), tab.Alone())
		}
	}
}

// A draft that is submitted right after Esc stays in sight until its number is there.
func TestParkingGivesWayToASubmit(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	w.settle()
	w.m.Park(tab)
	tab.Submit()
	w.settle()
	if tab.Phase() != Done || w.m.Active() != tab {
		t.Errorf("phase %v, %d tabs", tab.Phase(), len(w.m.Tabs()))
	}
}

// slowBlobs stores a page only once it is let through.
type slowBlobs struct {
	*memory
	begun chan struct{}
	pass  chan struct{}
}

func (s *slowBlobs) Put(ctx context.Context, r io.Reader) (record.BlobRef, error) {
	close(s.begun)
	select {
	case <-s.pass:
	case <-ctx.Done():
		return record.BlobRef{}, ctx.Err()
	}
	s.begun, s.pass = make(chan struct{}), closed()
	return s.memory.Put(ctx, r)
}

func closed() chan struct{} { c := make(chan struct{}); close(c); return c }

// A page that is on its way into the store while the desk is locked is in the draft afterwards, and the
// scanner is told so.
func TestClosingWaitsForThePageThatIsComing(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins"}})
	slow := &slowBlobs{memory: w.store, begun: make(chan struct{}), pass: make(chan struct{})}
	w.m.w.Blobs = slow
	tab := w.start(t)
	w.write(tab, "hund/herkunft", "tierheim")
	begun := slow.begun
	tab.Scan("", false)
	<-begun
	ended := make(chan error, 1)
	w.m.PutAway(t.Context(), func(err error) { ended <- err })
	close(slow.pass)
	w.settle()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	d := w.store.stored(t, tab.ID())
	if len(d.Documents) != 1 || len(d.Documents[0].Originals) != 1 || d.Live {
		t.Errorf("stored %+v", d)
	}
	if len(w.scan.given) != 1 || w.scan.given[0] != nil {
		t.Errorf("the scanner was told %v", w.scan.given)
	}
	if len(w.m.Tabs()) != 0 {
		t.Error("tabs are left")
	}
}

// The same when nobody runs the window any more: what comes in has to be taken by whoever ends the program.
func TestTheLastPageIsStoredWithoutAWindow(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins", "zwei"}})
	w.m.lane.do = func(func()) {} // the window is gone
	tab := w.start(t)
	tab.Type("hund/herkunft", "tierheim")
	tab.Scan("", false)
	if err := w.m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := w.store.stored(t, tab.ID())
	pages := 0
	for _, x := range d.Documents {
		pages += len(x.Originals)
	}
	acknowledged := 0
	for _, err := range w.scan.given {
		if err == nil {
			acknowledged++
		}
	}
	if pages != acknowledged || d.Live {
		t.Errorf("%d pages are stored, %d were acknowledged", pages, acknowledged)
	}
}

// A paper that never comes does not keep the desk from being locked, and does nothing afterwards.
func TestAHangingPaperIsLetGo(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.write(tab, "halter/nachname", "Eins")
	asked, hang := make(chan struct{}), make(chan struct{})
	tab.Import("weitere", []Source{{Name: "a.pdf", Open: func() (io.ReadCloser, error) {
		close(asked)
		<-hang
		return io.NopCloser(strings.NewReader("A")), nil
	}}})
	<-asked
	ended := false
	w.m.PutAway(t.Context(), func(err error) {
		ended = true
		if err != nil {
			t.Error(err)
		}
	})
	w.pass(jobPatience - time.Millisecond)
	if ended {
		t.Fatal("the paper was not waited for")
	}
	w.pass(time.Millisecond)
	w.until(func() bool { return ended })
	close(hang)
	w.settle()
	if d := w.store.stored(t, tab.ID()); len(d.Documents) != 0 || d.Live || d.Values["halter/nachname"] != "Eins" {
		t.Errorf("stored %+v", d)
	}
}

// What is typed while the end waits for the disk is stored as well.
func TestTypingOnWhileItIsPutAway(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	tab.Type("halter/nachname", "Ei")
	hold := make(chan struct{})
	w.store.hold = hold
	var ended []error
	w.m.PutAway(t.Context(), func(err error) { ended = append(ended, err) })
	tab.Type("halter/nachname", "Eins")
	close(hold)
	w.settle()
	if len(ended) != 1 || ended[0] != nil {
		t.Fatalf("ended %v", ended)
	}
	if d := w.store.stored(t, tab.ID()); d.Values["halter/nachname"] != "Eins" || d.Live {
		t.Errorf("stored %+v", d)
	}
}

func TestCloseStoresEverything(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	a, b := w.start(t), w.start(t)
	a.Type("halter/nachname", "Eins")
	b.Type("halter/nachname", "Zwei")
	if err := w.m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tab := range []*Tab{a, b} {
		if d := w.store.stored(t, tab.ID()); d.Live || d.Values["halter/nachname"] == "" {
			t.Errorf("stored %+v", d)
		}
	}
	w.settle()
}
