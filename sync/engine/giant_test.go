package engine

import (
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// A change that no centre takes must not be said to be there, neither by its desk nor by an empty one in
// the history.
func TestAGiantChangeIsNeverSaidToBeAtTheCentre(t *testing.T) {
	h := newHouse(t)
	a, b := h.real(t), h.real(t)
	id := record.NewID()
	a.do(t, id, record.KindOpen, record.Opened{Service: "dog"})
	a.do(t, id, record.KindNote, record.Note{Text: strings.Repeat("x", protocol.MaxLine)})
	a.set(t, id, "", "Balu")
	for range 2 { // the answer to the push, then what the history says
		a.once(t)
		b.once(t)
	}
	row, err := a.Row(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if row.Delivery != record.DeliveryRejected {
		t.Errorf("the giant's case is %q", row.Delivery)
	}
	if left := a.left(t); left != "" {
		t.Errorf("what came after the giant waits: %s", left)
	}
	j, err := b.Journal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range j {
		if e.Kind == record.KindNote {
			t.Error("an empty note is in the history")
		}
	}
	if len(j) != 2 {
		t.Errorf("%d changes came through, not 2", len(j))
	}
}
