package recognize

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// foreign files a document as another desk did, with all its files.
func (w *world) foreign(d record.Document) record.ID {
	w.Helper()
	id := record.NewID()
	var prev record.Change
	var list []record.Sequenced
	for i, e := range []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "Kaya", Payload: record.Opened{Service: "hund"}},
		{Case: id, Kind: record.KindDocument, User: "Kaya", Payload: record.DocumentAdded{Document: d}},
	} {
		ch, err := record.Seal(e, "018f0000-0000-7000-8000-000000000001", prev, w.now)
		check(w, err)
		prev = ch
		list = append(list, record.Sequenced{Seq: uint64(i + 1), Change: ch})
	}
	_, err := w.store.Receive(w.Context(), list, record.Cursor{History: record.NewID(), Seq: 2})
	check(w, err)
	for _, f := range d.Blobs() {
		check(w, w.store.FileFetched(w.Context(), f.Hash))
	}
	return id
}

// What another desk has scanned is read there, and here only after hours in which it was not.
func TestPagesOfOtherDesksAreTheirsForHours(t *testing.T) {
	w := newWorld(t)
	id := w.foreign(w.scan(10))
	if w.run(); w.ocr.count() != 0 {
		t.Fatal("read at a desk that did not scan it")
	}
	w.now = w.now.Add(patience - time.Second)
	if w.run(); w.ocr.count() != 0 {
		t.Fatal("read before the desk that scanned it had its time")
	}
	w.now = w.now.Add(rounds*round + time.Minute)
	w.open() // it was off over night
	if w.run(); w.ocr.count() != 0 {
		t.Fatal("read before it knows what the others did over night")
	}
	w.now = w.now.Add(settling + rounds*round)
	online := false
	w.q.Fresh = func() bool { return online }
	if w.run(); w.ocr.count() != 0 {
		t.Fatal("read without asking the centre")
	}
	online, w.ocr.missing, w.q.known = true, true, false
	if w.run(); w.versions(id) != 0 {
		t.Fatal("taken over without a program")
	}
	w.ocr.missing = false
	w.run()
	if got := w.document(id); w.versions(id) != 1 || got.Language != "deu" || got.Text.Hash == "" {
		t.Fatalf("%+v", got)
	}
	if w.run(); w.versions(id) != 1 || w.ocr.count() != 1 {
		t.Error("taken over twice")
	}
}

// Of however many desks that begin at one moment, few are early, and of a few none is late.
func TestDesksTakeTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		desks := rapid.SampledFrom([]int{1, 2, 5, 20, 100, 1000}).Draw(t, "desks")
		seed := rapid.IntRange(0, 1<<30).Draw(t, "seed")
		shown := record.HashOf([]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
		var turns []time.Duration
		for i := range desks {
			id := record.ID(record.HashOf([]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(i), byte(i >> 8)}))
			at := turn(id, "document", shown)
			if at < 0 || at > rounds*round || at != turn(id, "document", shown) {
				t.Fatalf("%v", at)
			}
			turns = append(turns, at)
		}
		slices.Sort(turns)
		early := 0
		for _, at := range turns {
			if at < turns[0]+round/2 { // before the words of the first are everywhere
				early++
			}
		}
		if early > 12 {
			t.Fatalf("%d of %d desks read the same document", early, desks)
		}
	})
	// On the whole it is one or two.
	sum := 0
	for n := range 100 {
		var turns []time.Duration
		for i := range 1000 {
			turns = append(turns, turn(record.ID(rune(i)), record.ID(rune(n)), "x"))
		}
		slices.Sort(turns)
		for _, at := range turns {
			if at < turns[0]+2*time.Minute {
				sum++
			}
		}
	}
	if sum > 250 {
		t.Errorf("of a thousand desks %.2f read a document", float64(sum)/100)
	}
	if a, b := turn("a", "d", "x"), turn("a", "e", "x"); a == b {
		t.Error("a desk is always the first")
	}
}
