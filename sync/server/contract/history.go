package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// setting is a journal with one authority and two desks.
func setting(t *testing.T, j server.Journal) (a server.Authority, d, e *Desk) {
	t.Helper()
	a = AddAuthority(t, j, "Musterstadt", "MS", "ms")
	d, e = NewDesk(t), NewDesk(t)
	Enrol(t, j, "ms", 1, d)
	Enrol(t, j, "ms", 2, e)
	return a, d, e
}

func push(t *testing.T, j server.Journal, d *Desk, changes ...record.Change) protocol.PushAnswer {
	t.Helper()
	a, err := j.Push(t.Context(), d.Device, Lines(t, changes...))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func pull(t *testing.T, j server.Journal, tenant string, from record.Cursor, limit int) ([]server.Entry, record.Cursor, bool) {
	t.Helper()
	var out []server.Entry
	hash := from.Hash
	next, more, err := j.Pull(t.Context(), tenant, from, limit, func(e server.Entry) error {
		l, err := protocol.ParseLine(e.Line)
		if err != nil || l.Change.ID != e.ID || l.Change.Device != e.Device || l.Change.N != e.N || e.Seq != from.Seq+uint64(len(out))+1 {
			t.Fatalf("entry %+v holds %+v: %v", e, l.Change, err)
		}
		hash = record.NextLogHash(hash, l.Change)
		e.Line = bytes.Clone(e.Line)
		out = append(out, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if next.Hash != hash || next.Seq != from.Seq+uint64(len(out)) {
		t.Fatalf("next cursor %+v after %d entries, hash %s", next, len(out), hash)
	}
	return out, next, more
}

func placing(t *testing.T, j server.Journal) {
	a, d, e := setting(t, j)
	if got, next, more := pull(t, j, "ms", record.Cursor{}, 1<<20); len(got) != 0 || next != (record.Cursor{History: a.History}) || more {
		t.Fatalf("%v %+v %v", got, next, more)
	}
	sent := append(d.Write(t, 2), d.Write(t, 1)...)
	placedInOrder(t, push(t, j, d, sent...), a.History)
	other := e.Write(t, 1)
	if r := push(t, j, e, other...).Results[0]; r != (protocol.Result{N: 1, Seq: 4}) {
		t.Errorf("%+v", r)
	}
	all, next, more := pull(t, j, "ms", record.Cursor{}, 1<<20)
	if len(all) != 4 || more || next.History != a.History {
		t.Fatalf("%v %+v %v", all, next, more)
	}
	for i, c := range append(sent, other...) {
		if want := Lines(t, c)[0].Bytes; !bytes.Equal(all[i].Line, want) {
			t.Errorf("entry %d: %s, want %s", i, all[i].Line, want)
		}
	}
	if got, again, _ := pull(t, j, "ms", next, 1<<20); len(got) != 0 || again != next {
		t.Error(got, again)
	}
	if got, err := j.Desk(t.Context(), d.Device); err != nil || got.N != 3 {
		t.Errorf("%+v %v", got, err)
	}
	_, err := j.Push(t.Context(), record.NewID(), Lines(t, sent...))
	wantCode(t, "an unknown device", err, record.CodeDeskUnknown)
	_, _, err = j.Pull(t.Context(), "ms", record.Cursor{}, 1<<20, func(server.Entry) error { return context.Canceled })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the callback's error became %v", err)
	}
}

// placedInOrder wants the answer to the first three changes of an empty history.
func placedInOrder(t *testing.T, got protocol.PushAnswer, history record.ID) {
	t.Helper()
	if got.History != history || got.Expect != 4 || len(got.Results) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, r := range got.Results {
		if want := (protocol.Result{N: uint64(i + 1), Seq: uint64(i + 1)}); r != want {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
}

func repeating(t *testing.T, j server.Journal) {
	_, d, e := setting(t, j)
	sent := d.Write(t, 3)
	first := push(t, j, d, sent[:2]...)
	push(t, j, e, e.Write(t, 1)...)
	second := push(t, j, d, sent...)
	for i, r := range first.Results {
		r.Had = true
		if second.Results[i] != r {
			t.Errorf("%+v, the first time %+v", second.Results[i], r)
		}
	}
	if r := second.Results[2]; r != (protocol.Result{N: 3, Seq: 4}) {
		t.Errorf("%+v", r)
	}
	if r := push(t, j, d, sent[1]).Results[0]; !r.Had || r.Seq != 2 {
		t.Errorf("%+v", r)
	}
	if all, _, _ := pull(t, j, "ms", record.Cursor{}, 1<<20); len(all) != 4 {
		t.Errorf("%d entries", len(all))
	}
}

func gap(t *testing.T, j server.Journal) {
	_, d, _ := setting(t, j)
	sent := d.Write(t, 5)
	if a := push(t, j, d, sent[2:]...); len(a.Results) != 0 || a.Expect != 1 {
		t.Errorf("%+v", a)
	}
	if a := push(t, j, d, sent[0], sent[1], sent[3], sent[4]); len(a.Results) != 2 || a.Expect != 3 {
		t.Errorf("%+v", a)
	}
	if a := push(t, j, d, sent[2:]...); len(a.Results) != 3 || a.Expect != 6 {
		t.Errorf("%+v", a)
	}
}

func fork(t *testing.T, j server.Journal) {
	_, d, _ := setting(t, j)
	push(t, j, d, d.Write(t, 2)...)
	clone := d.Clone()
	push(t, j, d, d.Write(t, 1)...)
	other := clone.Write(t, 2)
	for name, sent := range map[string][]record.Change{"same n": other, "going on": other[1:]} {
		_, err := j.Push(t.Context(), d.Device, Lines(t, sent...))
		wantCode(t, name, err, record.CodeForked)
	}
	// A fork in the middle takes the good changes before it back, too.
	next := d.Write(t, 1)[0]
	broken := clone.Write(t, 2)[1] // n = 6 with the clone's past
	if broken.N != 6 {
		t.Fatal(broken.N)
	}
	good := d.Write(t, 1)[0]
	_, err := j.Push(t.Context(), d.Device, Lines(t, next, good, broken))
	wantCode(t, "in the middle", err, record.CodeForked)
	if a := push(t, j, d, next, good); a.Results[0].Had || a.Results[0].Seq != 4 || a.Expect != 6 {
		t.Errorf("%+v", a)
	}
	if all, _, _ := pull(t, j, "ms", record.Cursor{}, 1<<20); len(all) != 5 {
		t.Errorf("%d entries", len(all))
	}
}

func poison(t *testing.T, j server.Journal) {
	_, d, _ := setting(t, j)
	sent := d.Write(t, 1)
	sent = append(sent, d.Poison(t))
	big := d.Write(t, 1)[0]
	sent = append(sent, big)
	sent = append(sent, d.Write(t, 1)...)
	lines := Lines(t, sent...)
	lines[2].Bytes = append(lines[2].Bytes, bytes.Repeat([]byte{' '}, protocol.MaxChange)...)
	var first protocol.PushAnswer
	for i := range 2 {
		a, err := j.Push(t.Context(), d.Device, lines)
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range a.Results {
			if want := record.CodeRejected; (k == 1 || k == 2) != (r.Code == want && r.Seq == 0 && r.Detail != "") || r.Had != (i == 1) {
				t.Errorf("round %d: %+v", i, r)
			}
		}
		if a.Expect != 5 || a.Results[3].Seq != 2 {
			t.Errorf("%+v", a)
		}
		if i == 0 {
			first = a
		} else if a.Results[1].Detail != first.Results[1].Detail {
			t.Errorf("the answer changed from %+v to %+v", first.Results[1], a.Results[1])
		}
	}
	if all, _, _ := pull(t, j, "ms", record.Cursor{}, 1<<20); len(all) != 2 {
		t.Errorf("%d entries", len(all))
	}
}

func alien(t *testing.T, j server.Journal) {
	_, d, e := setting(t, j)
	_, err := j.Push(t.Context(), e.Device, Lines(t, d.Write(t, 1)...))
	wantCode(t, "another device's change", err, record.CodeRejected)
	zero := e.Write(t, 1)[0]
	zero.N = 0
	_, err = j.Push(t.Context(), e.Device, Lines(t, zero))
	wantCode(t, "n = 0", err, record.CodeRejected)
	number := 10
	for name, alter := range map[string]func(*record.Change){
		"id": func(c *record.Change) { c.ID = "x" }, "case": func(c *record.Change) { c.Case = "" }, "kind": func(c *record.Change) { c.Kind = "" },
		"long user": func(c *record.Change) { c.User = string(bytes.Repeat([]byte{'x'}, 300)) },
	} {
		f := NewDesk(t)
		Enrol(t, j, "ms", number, f)
		number++
		c := f.Write(t, 1)[0]
		alter(&c)
		if r := push(t, j, f, c).Results[0]; r.Code != record.CodeRejected {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func usedID(t *testing.T, j server.Journal) {
	_, d, e := setting(t, j)
	AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	f := NewDesk(t)
	Enrol(t, j, "ns", 1, f)
	c := d.Write(t, 1)[0]
	push(t, j, d, c)
	again, elsewhere := e.Write(t, 1)[0], f.Write(t, 1)[0]
	again.ID, elsewhere.ID = c.ID, c.ID
	if r := push(t, j, e, again).Results[0]; r.Code != record.CodeRejected {
		t.Errorf("%+v", r)
	}
	if r := push(t, j, f, elsewhere).Results[0]; r.Seq != 1 {
		t.Errorf("another authority learns of an id that is used here: %+v", r)
	}
	twice := d.Write(t, 2)
	twice[1].ID = twice[0].ID
	if rs := push(t, j, d, twice...).Results; rs[0].Seq == 0 || rs[1].Code != record.CodeRejected {
		t.Errorf("%+v", rs)
	}
}

func transactions(t *testing.T, j server.Journal) {
	_, d, e := setting(t, j)
	sizes := []int{3, 1, 4}
	for i, n := range sizes {
		w := []*Desk{d, e}[i%2]
		push(t, j, w, w.Write(t, n)...)
	}
	var at record.Cursor
	for i, n := range sizes {
		got, next, more := pull(t, j, "ms", at, 1)
		if len(got) != n || more != (i < len(sizes)-1) {
			t.Fatalf("part %d: %d entries, more %v", i, len(got), more)
		}
		at = next
	}
}

func history(t *testing.T, j server.Journal) {
	a, d, _ := setting(t, j)
	push(t, j, d, d.Write(t, 3)...)
	_, head, _ := pull(t, j, "ms", record.Cursor{}, 1<<20)
	for name, c := range map[string]record.Cursor{
		"another history":             {History: record.NewID(), Seq: 3, Hash: head.Hash},
		"another history from nought": {History: record.NewID()},
		"another hash":                {History: a.History, Seq: 3, Hash: record.HashOf(nil)},
		"another place":               {History: a.History, Seq: 2, Hash: head.Hash},
		"a place to come":             {History: a.History, Seq: 4, Hash: head.Hash},
	} {
		_, _, err := j.Pull(t.Context(), "ms", c, 1<<20, func(server.Entry) error { t.Errorf("%s: an entry", name); return nil })
		wantCode(t, name, err, record.CodeHistoryChanged)
		var e *record.Error
		if errors.As(err, &e) && e.Args["history"] != a.History {
			t.Errorf("%s: args %v", name, e.Args)
		}
	}
	if got, _, _ := pull(t, j, "ms", record.Cursor{History: a.History}, 1<<20); len(got) != 3 {
		t.Errorf("%d entries", len(got))
	}
}

func tenants(t *testing.T, j server.Journal) {
	a, d, _ := setting(t, j)
	b := AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	f := NewDesk(t)
	Enrol(t, j, "ns", 1, f)
	push(t, j, d, d.Write(t, 2)...)
	mine := f.Write(t, 1)
	if got := push(t, j, f, mine...); got.History != b.History || got.Results[0].Seq != 1 {
		t.Errorf("%+v", got)
	}
	push(t, j, d, d.Write(t, 1)...)
	got, next, _ := pull(t, j, "ns", record.Cursor{}, 1<<20)
	if len(got) != 1 || got[0].ID != mine[0].ID || next.Seq != 1 {
		t.Errorf("%+v %+v", got, next)
	}
	_, head, _ := pull(t, j, "ms", record.Cursor{}, 1<<20)
	_, _, err := j.Pull(t.Context(), "ns", head, 1<<20, func(server.Entry) error { return nil })
	wantCode(t, "the other's cursor", err, record.CodeHistoryChanged)
	if head.History != a.History || head.Seq != 3 {
		t.Errorf("%+v", head)
	}
}

// together pushes from many desks at once while others pull: nothing may be lost, doubled, or seen with a
// hole before it.
func together(t *testing.T, j server.Journal) {
	AddAuthority(t, j, "Musterstadt", "MS", "ms")
	const desks, pushes, each = 6, 8, 3
	var wg, readers sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			var at record.Cursor
			for {
				select {
				case <-stop:
					return
				default:
				}
				next, _, err := j.Pull(t.Context(), "ms", at, 1000, func(server.Entry) error { return nil })
				if err != nil || (next.Seq-at.Seq)%each != 0 {
					t.Errorf("from %d to %d: %v", at.Seq, next.Seq, err)
					return
				}
				at = next
			}
		})
	}
	for i := range desks {
		d := NewDesk(t)
		Enrol(t, j, "ms", i+1, d)
		wg.Go(func() {
			for range pushes {
				a, err := j.Push(t.Context(), d.Device, Lines(t, d.Write(t, each)...))
				if err != nil || len(a.Results) != each {
					t.Errorf("%+v %v", a, err)
					return
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	readers.Wait()
	all, _, _ := pull(t, j, "ms", record.Cursor{}, 1<<30)
	n := map[record.ID]uint64{}
	for _, e := range all {
		if e.N != n[e.Device]+1 {
			t.Fatalf("device %s: %d after %d", e.Device, e.N, n[e.Device])
		}
		n[e.Device] = e.N
	}
	if len(all) != desks*pushes*each {
		t.Errorf("%d entries", len(all))
	}
}

func newer(t *testing.T, j server.Journal) {
	_, d, _ := setting(t, j)
	c := d.Write(t, 1)[0]
	c.Kind = "hologram"
	l := Lines(t, c)[0]
	l.Bytes = append(l.Bytes[:len(l.Bytes)-1], `,"newer":[1]}`...)
	if !json.Valid(l.Bytes) {
		t.Fatal("test makes no JSON")
	}
	a, err := j.Push(t.Context(), d.Device, []protocol.Line{l})
	if err != nil || a.Results[0].Seq != 1 {
		t.Fatal(a, err)
	}
	if got, _, _ := pull(t, j, "ms", record.Cursor{}, 1<<20); !bytes.Equal(got[0].Line, l.Bytes) {
		t.Errorf("%s", got[0].Line)
	}
}

func restart(t *testing.T, j server.Journal, reopen func(*testing.T, server.Journal) server.Journal) {
	a, d, _ := setting(t, j)
	sent := d.Write(t, 2)
	sent = append(sent, d.Poison(t))
	first := push(t, j, d, sent...)
	before, head, _ := pull(t, j, "ms", record.Cursor{}, 1<<20)
	j = reopen(t, j)
	again := push(t, j, d, sent...)
	for i, r := range first.Results {
		r.Had = true
		if again.Results[i] != r {
			t.Errorf("%+v, before %+v", again.Results[i], r)
		}
	}
	after, next, _ := pull(t, j, "ms", record.Cursor{}, 1<<20)
	if len(after) != len(before) || next != head || again.History != a.History {
		t.Errorf("%d entries up to %+v, before %d up to %+v", len(after), next, len(before), head)
	}
	if got := push(t, j, d, d.Write(t, 1)...); got.Results[0].Seq != head.Seq+1 {
		t.Errorf("%+v", got)
	}
}
