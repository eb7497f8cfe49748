package engine

import (
	"context"
	"testing"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// meanwhile lets something happen while the answer to a pull is on its way.
type meanwhile struct {
	Centre
	happen func()
}

func (m *meanwhile) Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	p, err := m.Centre.Pull(ctx, q)
	if happen := m.happen; happen != nil && len(p.Changes) > 0 {
		m.happen = nil
		happen()
	}
	return p, err
}

// A push that finds the centre restored begins everything anew. The answer to a long poll that was asked
// before must not move the cursor past what has lost its place.
func TestAnAnswerFromBeforeBeginningAnewIsDropped(t *testing.T) {
	h := newHouse(t)
	a, b := h.real(t), h.real(t)
	first, second := record.NewID(), record.NewID()
	a.do(t, first, record.KindOpen, record.Opened{Service: "dog"})
	a.once(t)
	b.once(t)
	a.do(t, second, record.KindOpen, record.Opened{Service: "dog"})
	a.once(t)

	cur, err := b.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.e.centre = &meanwhile{b.e.centre, func() {
		if err := b.e.beginAnew(t.Context(), cur.History); err != nil {
			t.Error(err)
		}
	}}
	b.once(t)
	for _, id := range []record.ID{first, second} {
		j, err := b.Journal(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range j {
			if e.Seq == 0 {
				t.Errorf("a %s change of case %s has lost its place for good", e.Kind, id)
			}
		}
	}
}
