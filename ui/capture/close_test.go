package capture

import (
	"context"
	"errors"
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
