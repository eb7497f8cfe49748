package store

import (
	"testing"
	"time"

	"schalter/data/record"
)

// After the centre was restored from a backup, what another desk did may be missing there. Nobody may be
// told that it is "In der Zentrale" before that desk has sent it again.
func TestWhatARestoredCentreLostIsNotSaidToBeThere(t *testing.T) {
	ctx := t.Context()
	one, two := desk(t, 1), desk(t, 2)
	delivery := func(id record.ID) record.Delivery {
		t.Helper()
		row, err := two.Row(ctx, id)
		check(t, err)
		return row.Delivery
	}
	c := newCentre()
	k := submit(t, one, "Yıldız", "Emre", "Balu")
	c.push(t, one, 100)
	c.pull(t, two, 100)
	if d := delivery(k.ID); d != record.DeliveryCentre {
		t.Fatalf("received, and it is %q", d)
	}
	c = newCentre() // all is lost there
	check(t, two.Rewind(ctx, "h2"))
	if d := delivery(k.ID); d != record.DeliveryWaiting {
		t.Errorf("the centre has lost it, and it is %q", d)
	}
	check(t, one.Rewind(ctx, "h2"))
	c.push(t, one, 100)
	c.pull(t, two, 100)
	if d := delivery(k.ID); d != record.DeliveryCentre {
		t.Errorf("it is back, and it is %q", d)
	}
	sound(t, two)
}

// What the centre itself published after its backup was made nobody sends it again. Published once more it goes
// on from the older state, so that a desk has two changes of one number; both desks that had the form and
// those that never did get it, and what is published next.
func TestWhatARestoredCentreHadPublishedIsPublishedAgain(t *testing.T) {
	ctx := t.Context()
	own := record.NewID() // the centre's device
	two := desk(t, 2)
	var last record.Change
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	publish := func(c *centre, version string, prev record.Change) record.Change {
		t.Helper()
		now = now.Add(time.Minute)
		ch, err := record.Seal(publication("hund", version, "x", false), own, prev, now)
		check(t, err)
		c.place([]record.Change{ch})
		return ch
	}
	c := newCentre()
	one := publish(c, "1", last)
	last = publish(c, "2", one)
	publish(c, "3", last)
	c.pull(t, two, 100)
	wantShelf(t, "published", two, "hund 1 centre missing", "hund 2 centre missing", "hund 3 centre missing")

	old := newCentre()
	old.place([]record.Change{one})
	check(t, two.Rewind(ctx, "h2"))
	old.pull(t, two, 100)
	wantShelf(t, "restored", two, "hund 1 centre missing", "hund 2 waiting missing", "hund 3 waiting missing")
	last = publish(old, "2", one)
	publish(old, "3", last)
	three := desk(t, 3)
	for _, s := range []*Store{two, three} {
		old.pull(t, s, 100)
		wantShelf(t, "published again", s, "hund 1 centre missing", "hund 2 centre missing", "hund 3 centre missing")
	}
}
