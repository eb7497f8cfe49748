package engine

import (
	"context"
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"schalter/data/record"
	"schalter/sync/transport"
)

// running is a town whose engines run, in a bubble with its own clock.
type running struct {
	*town
}

func run(t *testing.T, desks int, f func(t *testing.T, v running)) {
	synctest.Test(t, func(t *testing.T) {
		v := running{newTown(t, 1, desks)}
		ctx, stop := context.WithCancel(t.Context())
		for _, d := range v.desks {
			d.e = New(Config{Store: d.memStore, Blobs: Files(d.blobs), Centre: d.net})
			go d.e.Run(ctx)
		}
		synctest.Wait()
		f(t, v)
		stop()
		synctest.Wait()
	})
}

// pass lets time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (v running) open(d *simDesk) record.ID {
	id := record.NewID()
	d.apply(id, record.KindOpen, record.Opened{Service: "fundsache"})
	return id
}

func TestRunningDesksFollowEachOther(t *testing.T) {
	run(t, 2, func(t *testing.T, v running) {
		a, b := v.desks[0], v.desks[1]
		pass(time.Second)
		id := v.open(a)
		v.document(a, id)
		pass(5 * time.Second)
		if !maps.Equal(a.cases(t), b.cases(t)) || a.waiting()+b.waiting() != "" {
			t.Errorf("after five seconds: %s %s", a.waiting(), b.waiting())
		}
		if b.texts() != 1 {
			t.Error("the text that arrived is not in the index")
		}
		polls := b.net.count("pull")
		pass(time.Hour)
		if n := b.net.count("pull") - polls; n > 150 || n < 140 {
			t.Errorf("%d pulls in an idle hour", n)
		}
		if n := b.net.count("push") + b.net.count("patch"); n != 0 {
			t.Errorf("%d pushes of one who has nothing to say", n)
		}
		l := b.e.Link()
		if !l.Online || l.Trouble != nil || time.Since(l.LastSync) > 30*time.Second || time.Since(l.Since) < time.Hour {
			t.Errorf("line %+v", l)
		}
	})
}

func TestLastSyncOnlyAfterAFullExchange(t *testing.T) {
	run(t, 1, func(t *testing.T, v running) {
		d := v.desks[0]
		pass(time.Minute)
		before := d.e.Link().LastSync
		if before.IsZero() {
			t.Fatal("never synchronised")
		}
		// Pushes fail, pulls go on: that is no full exchange, and the clerk is told.
		d.net.becomes(weather{cut: func(what string) bool { return what == "push asked" }})
		v.open(d)
		pass(10 * time.Minute)
		l := d.e.Link()
		if l.LastSync.After(before.Add(time.Minute)) {
			t.Errorf("last synchronisation %s, though a change has waited since %s", l.LastSync, before)
		}
		if l.Online || l.Trouble == nil || l.Trouble.Code != record.CodeOffline {
			t.Errorf("line %+v", l)
		}
		d.net.becomes(weather{})
		pass(2 * time.Minute)
		l = d.e.Link()
		if d.waiting() != "" || !l.Online || l.Trouble != nil || time.Since(l.LastSync) > time.Minute {
			t.Errorf("after the line is back: %q %+v", d.waiting(), l)
		}
	})
}

// TestHalfOpen: a line on which nothing comes back and nothing fails.
func TestHalfOpen(t *testing.T) {
	run(t, 2, func(t *testing.T, v running) {
		a, b := v.desks[0], v.desks[1]
		pass(time.Second)
		a.net.becomes(weather{hang: true})
		id := v.open(a)
		pass(90 * time.Second)
		if l := a.e.Link(); l.Online {
			t.Errorf("a dead line is shown as online: %+v", l)
		}
		a.net.becomes(weather{})
		pass(2 * time.Minute)
		if b.cases(t)[id] == "" || !a.e.Link().Online {
			t.Error("it did not recover by itself")
		}
	})
}

func TestWakeDoesNotWait(t *testing.T) {
	run(t, 1, func(t *testing.T, v running) {
		d := v.desks[0]
		d.net.becomes(never)
		pass(time.Hour) // the backoff is at its bound
		v.open(d)
		pass(time.Minute)
		d.net.becomes(weather{})
		d.e.Wake()
		pass(time.Second)
		if d.waiting() != "" || !d.e.Link().Online {
			t.Errorf("a second after waking: %q %+v", d.waiting(), d.e.Link())
		}
	})
}

// TestBackoff counts attempts in an outage: they get rare.
func TestBackoff(t *testing.T) {
	run(t, 1, func(t *testing.T, v running) {
		d := v.desks[0]
		d.net.becomes(never)
		pass(time.Minute)
		before := d.net.count("pull")
		pass(time.Hour)
		if n := d.net.count("pull") - before; n < 60 || n > 300 {
			t.Errorf("%d attempts in an hour", n)
		}
	})
}

// TestEditOvertakesScan: on a line that needs minutes for a scan, an edit is through in a second.
func TestEditOvertakesScan(t *testing.T) {
	run(t, 2, func(t *testing.T, v running) {
		a, b := v.desks[0], v.desks[1]
		a.net.becomes(weather{slow: 32 << 10})
		b.net.becomes(weather{slow: 32 << 10})
		id := v.open(a)
		big := a.blobs.put(make([]byte, 10<<20))
		a.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{ID: record.NewID(), Shown: big}})
		pass(20 * time.Second)
		if a.waiting() == "" {
			t.Fatal("the scan is through already")
		}
		n := a.apply(id, record.KindNote, record.Note{Text: "dazwischen"})
		pass(time.Second)
		if !a.placed(n.ID) || len(b.view(t, id).Notes) != 1 {
			t.Error("the note waits for the scan")
		}
		small := a.blobs.put([]byte("klein"))
		a.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{ID: record.NewID(), Shown: small}})
		pass(15 * time.Second)
		if !b.blobs.Has(small.Hash) || b.blobs.Has(big.Hash) {
			t.Error("the small file waits for the big one")
		}
		pass(30 * time.Minute)
		if !b.blobs.Has(big.Hash) {
			t.Error("the scan never arrived")
		}
	})
}

func TestWantedFileComesFirst(t *testing.T) {
	run(t, 2, func(t *testing.T, v running) {
		a, b := v.desks[0], v.desks[1]
		b.net.becomes(never)
		id := v.open(a)
		var refs []record.BlobRef
		for i := range 5 {
			refs = append(refs, a.blobs.put(append(make([]byte, 1<<20), byte(i))))
			a.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{ID: record.NewID(), Shown: refs[i]}})
		}
		pass(time.Minute)
		b.net.becomes(weather{slow: 32 << 10})
		b.e.Wake()
		pass(10 * time.Second) // the first is on its way, 32 s each
		last := refs[len(refs)-1]
		b.e.Want(last.Hash)
		pass(40 * time.Second)
		if !b.blobs.Has(last.Hash) {
			t.Error("the wanted file is not there")
		}
		for _, r := range refs[:4] {
			if b.blobs.Has(r.Hash) {
				t.Error("another file came first")
			}
		}
		pass(5 * time.Minute)
		if b.waiting() != "" {
			t.Errorf("left: %s", b.waiting())
		}
	})
}

// TestFileThatComesLater: a change names a scan that its desk has not sent yet.
func TestFileThatComesLater(t *testing.T) {
	run(t, 2, func(t *testing.T, v running) {
		a, b := v.desks[0], v.desks[1]
		a.net.becomes(weather{cut: func(what string) bool { return what == "patch asked" || what == "head asked" }})
		id := v.open(a)
		late := a.blobs.put(make([]byte, 5000))
		a.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{ID: record.NewID(), Shown: late}})
		pass(10 * time.Minute)
		if b.e.Link().Trouble != nil {
			t.Errorf("a file that is merely late is shown as trouble: %v", b.e.Link().Trouble)
		}
		if n := b.net.count("get"); n > 40 {
			t.Errorf("asked %d times for it", n)
		}
		a.net.becomes(weather{})
		pass(3 * time.Minute)
		if !b.blobs.Has(late.Hash) {
			t.Error("it never came")
		}
	})
}

func TestSendingIsShown(t *testing.T) {
	run(t, 1, func(t *testing.T, v running) {
		d := v.desks[0]
		pass(time.Second)
		changed, stop := d.e.Changed()
		defer stop()
		d.net.becomes(weather{hang: true})
		v.open(d)
		synctest.Wait()
		select {
		case <-changed:
		default:
			t.Error("nobody was told")
		}
		if d.e.Link().Sending != 1 || len(d.told()) != 1 {
			t.Errorf("sending %d, store was told %v", d.e.Link().Sending, d.told())
		}
		d.net.becomes(weather{})
		pass(3 * time.Minute)
		if d.e.Link().Sending != 0 || d.told() != nil {
			t.Errorf("still sending %d, %v", d.e.Link().Sending, d.told())
		}
	})
}

func TestClockIsOnlyAWarning(t *testing.T) {
	run(t, 1, func(t *testing.T, v running) {
		d := v.desks[0]
		d.net.becomes(weather{ahead: -26 * time.Hour})
		v.open(d)
		pass(time.Minute)
		l := d.e.Link()
		if d.waiting() != "" || !l.Online || l.Trouble == nil || l.Trouble.Code != record.CodeClockWrong || l.Trouble.Args["difference"] != "26:00 h" {
			t.Errorf("%q %+v", d.waiting(), l)
		}
	})
}

func TestWithoutCentre(t *testing.T) {
	e := New(Config{Store: newMemStore(), Blobs: Files(newMemBlobs())})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		e.Run(ctx)
		close(ended)
	}()
	e.Wake()
	e.Want("x")
	if l := e.Link(); l.Configured || l.Online || l.Trouble != nil {
		t.Errorf("line %+v", l)
	}
	if err := e.Once(ctx); record.CodeOf(err) != record.CodeNotEnrolled {
		t.Errorf("Once: %v", err)
	}
	stop()
	<-ended
}

func TestBackoffBounds(t *testing.T) {
	b := newBackoff(time.Second, time.Minute)
	for tries := range 100 {
		if d := b.after(tries, errCut); d <= 0 || d > time.Minute+time.Second {
			t.Fatalf("%d tries: %s", tries, d)
		}
	}
	asked := record.E(record.CodeCentreBusy, errors.New("x"), transport.ArgRetryAfter, 120)
	if d := b.after(0, asked); d < 2*time.Minute {
		t.Errorf("the centre asked for two minutes, got %s", d)
	}
}

func TestSizer(t *testing.T) {
	s := newSizer(64<<10, 1<<10, 4<<20)
	s.took(64<<10, 20*time.Second)
	if s.size != 16<<10 {
		t.Errorf("20 s for 64 kB leads to %d", s.size)
	}
	s.took(100, time.Millisecond)
	if s.size != 16<<10 {
		t.Errorf("a small batch says nothing about large ones: %d", s.size)
	}
	for range 20 {
		s.took(s.size, time.Second/10)
	}
	if s.size != 4<<20 {
		t.Errorf("a swift line leads to %d", s.size)
	}
	for range 20 {
		s.halve()
	}
	if s.size != 1<<10 {
		t.Errorf("halved to %d", s.size)
	}
}

func TestPaceFindsTheLine(t *testing.T) {
	p := newPace(0)
	const line = 32 << 10 // bytes per second
	for range 30 {
		rate := min(float64(p.limiter.Limit()), line)
		n := p.piece()
		p.learn(n, time.Duration(float64(n)/rate*float64(time.Second)))
		if l := float64(p.limiter.Limit()); l > line*1.15 {
			t.Fatalf("lets %.0f bytes per second onto a line of %d", l, line)
		}
	}
	if l := float64(p.limiter.Limit()); l < line*0.7 {
		t.Errorf("uses only %.0f of %d", l, line)
	}
	for range 100 {
		p.learn(p.piece(), time.Millisecond)
	}
	if p.piece() < 1<<20 {
		t.Error("does not find out that the line is swift now")
	}
}
