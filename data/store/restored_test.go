package store

import (
	"testing"

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
