package server_test

import (
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server/contract"
)

// A desk that waits gets what another program wrote to the journal, long before its wait is over.
func TestADeskThatWaitsLearnsWhatAnotherProgramWrote(t *testing.T) {
	x := serve(t, record.SystemClock)
	d, e := contract.NewDesk(t), contract.NewDesk(t)
	contract.Enrol(t, x.journal, "ms", 1, d)
	contract.Enrol(t, x.journal, "ms", 2, e)
	got := make(chan int, 1)
	go func() {
		p, err := x.poll(t, e)
		if err != nil {
			t.Error(err)
		}
		got <- len(p.Changes)
	}()
	<-x.journal.pulls // it has looked, and waits
	begun := time.Now()
	if _, err := x.journal.Push(t.Context(), d.Device, contract.Lines(t, d.Write(t, 2)...)); err != nil {
		t.Fatal(err)
	}
	if n := <-got; n != 2 || time.Since(begun) > protocol.MaxWait-5*time.Second {
		t.Errorf("%d changes after %s, want 2 at once", n, time.Since(begun))
	}
	if err := x.end(); err != nil {
		t.Error(err)
	}
}
