package store

import (
	"testing"

	"schalter/data/record"
)

// What the centre has lost waits to be sent again, on every desk that has it, and the case says so.
func TestLostFilesWaitAgain(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	scan, doc := paper(record.NewID(), "Haftpflicht")
	_, err := one.Submit(ctx, "", append(dog(scan.Case, "Yıldız", "Emre", "Bello"), scan))
	check(t, err)
	c.push(t, one, 100)
	c.pull(t, two, 100)
	for _, f := range doc.Blobs() {
		check(t, one.FileSent(ctx, f.Hash))
	}
	check(t, two.FileFetched(ctx, doc.Shown.Hash))
	state := func(s *Store, want record.Delivery, files int) {
		t.Helper()
		r, err := s.Row(ctx, scan.Case)
		check(t, err)
		n, err := s.FilesToSend(ctx, 10)
		check(t, err)
		if r.Delivery != want || r.Files != files || len(n) != files {
			t.Errorf("%s with %d files to send (%d), want %s with %d", r.Delivery, r.Files, len(n), want, files)
		}
	}
	state(one, record.DeliveryCentre, 0)
	lost := []record.Hash{record.HashOf([]byte("of another authority")), doc.Text.Hash, doc.Shown.Hash}
	for range 2 {
		check(t, one.SendAgain(ctx, lost))
		check(t, two.SendAgain(ctx, lost)) // it has only one of them
	}
	state(one, record.DeliveryWaiting, 2)
	state(two, record.DeliveryWaiting, 1)
	for _, s := range []*Store{one, two} {
		for _, h := range lost {
			check(t, s.FileSent(ctx, h))
		}
		state(s, record.DeliveryCentre, 0)
		sound(t, s)
	}
}
