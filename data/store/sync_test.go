package store

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"schalter/data/record"
)

func TestWayToTheCentreAndBack(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	scan, doc := paper(record.NewID(), "Haftpflicht")
	opened := dog(scan.Case, "Yıldız", "Emre", "Bello")
	made, err := one.Submit(ctx, "", append(opened, scan))
	check(t, err)
	changes, err := one.Pending(ctx, 100, 1<<20)
	check(t, err)
	delivery := func(s *Store, want record.Delivery) {
		t.Helper()
		r, err := s.Row(ctx, scan.Case)
		check(t, err)
		if r.Delivery != want {
			t.Fatalf("delivery is %s, want %s (%+v)", r.Delivery, want, r)
		}
	}
	delivery(one, record.DeliveryWaiting)
	if files, _ := one.FilesToSend(ctx, 10); len(files) > 0 {
		t.Errorf("files before their case: %v", files)
	}
	one.Sending([]record.ID{changes[0].ID})
	delivery(one, record.DeliverySending)
	if out, _ := one.Outbox(ctx); len(out) != 2 || out[0].Delivery != record.DeliverySending || out[0].Changes != 6 || out[0].What != record.KindOpen || out[1].File != "Haftpflicht" || out[1].Bytes <= doc.Shown.Size {
		t.Errorf("outbox %+v", out)
	}
	one.Sending(nil)
	check(t, one.Accepted(ctx, c.place(changes)))
	check(t, one.Accepted(ctx, c.place(changes)))
	files, err := one.FilesToSend(ctx, 10)
	check(t, err)
	if len(files) != 3 || files[0] != doc.Text || files[1] != doc.Shown {
		t.Errorf("files to send %v", files)
	}
	for _, f := range files {
		delivery(one, record.DeliveryWaiting)
		check(t, one.FileSent(ctx, f.Hash))
	}
	delivery(one, record.DeliveryCentre)
	if counts, _ := one.Counts(ctx, ""); counts.Outbox+counts.Files != 0 || !counts.Oldest.IsZero() {
		t.Errorf("counts %+v", counts)
	}
	for c.pull(t, two, 2) > 0 {
	}
	for c.pull(t, one, 100) > 0 {
	}
	got, err := two.Case(ctx, scan.Case)
	check(t, err)
	if diff := cmp.Diff(made, got); diff != "" {
		t.Error(diff)
	}
	delivery(two, record.DeliveryCentre)
	files, err = two.FilesToFetch(ctx, 10)
	check(t, err)
	if len(files) != 3 || files[0] != doc.Text || files[2] != doc.Originals[0].Blob {
		t.Errorf("files to fetch %v", files)
	}
	if docs, _ := two.TextToIndex(ctx, 10); len(docs) > 0 {
		t.Error("text that is not here yet is to be indexed")
	}
	missing := func(s *Store, want int) {
		t.Helper()
		if r, err := s.Row(ctx, scan.Case); err != nil || r.Missing != want {
			t.Errorf("%d files are said to be missing, want %d; %v", r.Missing, want, err)
		}
	}
	missing(one, 0)
	missing(two, 3)
	check(t, two.FileFetched(ctx, doc.Text.Hash))
	missing(two, 2)
	docs, err := two.TextToIndex(ctx, 10)
	check(t, err)
	if len(docs) != 1 || docs[0].ID != doc.ID || docs[0].Text != doc.Text {
		t.Fatalf("to index: %+v", docs)
	}
	for range 2 {
		check(t, two.IndexText(ctx, doc.ID, "", []string{"", "Versicherungsschein"}))
		if hits, err := two.Find(ctx, "versicherungss", 5); err != nil || len(hits) != 1 || hits[0].Page != 2 || hits[0].Doc != doc.ID {
			t.Errorf("hits %+v, %v", hits, err)
		}
	}
	if docs, _ := two.TextToIndex(ctx, 10); len(docs) > 0 {
		t.Error("text is to be indexed twice")
	}
	wantCode(t, two.IndexText(ctx, record.NewID(), "", nil), record.CodeNotFound)
	// The answer is found on both desks without a line.
	for _, s := range []*Store{one, two} {
		if hits, err := s.Find(ctx, "yildiz", 5); err != nil || len(hits) != 1 {
			t.Errorf("%+v, %v", hits, err)
		}
		sound(t, s)
	}
}

func TestReceiveTwiceIsReceiveOnce(t *testing.T) {
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	a := submit(t, one, "Weber", "Ina", "Rex")
	c.push(t, one, 100)
	for c.pull(t, two, 100) > 0 {
	}
	before := everything(t, two)
	cur, err := two.Cursor(t.Context())
	check(t, err)
	for _, part := range [][]record.Sequenced{c.log, c.log[1:3], c.log[2:]} {
		cases, err := two.Receive(t.Context(), part, cur)
		check(t, err)
		if len(cases) > 0 {
			t.Errorf("%v are said to be changed", cases)
		}
	}
	if diff := cmp.Diff(before, everything(t, two)); diff != "" {
		t.Error(diff)
	}
	cases, err := two.Receive(t.Context(), nil, cur)
	check(t, err)
	if len(cases) > 0 || a.Number == "" {
		t.Error(cases)
	}
	sound(t, two)
}

func TestPoisonStopsNothing(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	a := submit(t, one, "Weber", "Ina", "Rex")
	_, err := one.Apply(ctx, record.Edit{Case: a.ID, Kind: record.KindNote, User: "w", Payload: record.Note{Text: "gut"}})
	check(t, err)
	c.push(t, one, 100)
	last := c.log[len(c.log)-1].Change
	poison := func(kind record.Kind, payload string, wrong func(*record.Change)) {
		ch := record.Change{
			ID: record.NewID(), Device: last.Device, N: last.N + 1, Prev: last.Hash(), Case: a.ID, Kind: kind, Time: last.Time,
			Payload: json.RawMessage(payload), PayloadHash: record.HashOf([]byte(payload)),
		}
		if wrong != nil {
			wrong(&ch)
		}
		last = ch
		c.log = append(c.log, record.Sequenced{Seq: uint64(len(c.log) + 1), Change: ch})
	}
	poison(record.KindFields, `{"groups":7}`, nil)
	poison(record.KindNote, `{"text":"gefälscht"}`, func(ch *record.Change) { ch.PayloadHash = record.HashOf([]byte("x")) })
	poison(record.KindNote, `{"text":"gegabelt"}`, func(ch *record.Change) { ch.Prev = record.HashOf([]byte("x")) })
	poison("from-the-future", `{"a":[1]}`, nil)
	poison(record.KindDocument, `"x"`, nil)
	poison(record.KindNote, ``, func(ch *record.Change) { ch.Case, ch.ID, ch.Device, ch.N = "", "kein uuid", "auch nicht", 1<<63+5 })
	poison(record.KindNote, `{"text":"danach"}`, func(ch *record.Change) { ch.N, ch.Prev, ch.Device = 1, "", record.NewID() })
	for c.pull(t, two, 3) > 0 {
	}
	got, err := two.Case(ctx, a.ID)
	check(t, err)
	var notes []string
	for _, n := range got.Notes {
		notes = append(notes, n.Text)
	}
	if diff := cmp.Diff([]string{"gut", "gegabelt", "danach"}, notes); diff != "" {
		t.Error(diff)
	}
	j, err := two.Journal(ctx, a.ID)
	check(t, err)
	if len(j) != len(c.log)-1 {
		t.Errorf("the journal has %d lines", len(j))
	}
	// What was received lies there byte for byte, whatever it is.
	for _, x := range c.log {
		var e entry
		err := two.read(ctx, func(ctx context.Context, t *tx) (err error) {
			e, _, err = t.entry(ctx, ` WHERE j.id = ?`, packID(x.Change.ID))
			return err
		})
		check(t, err)
		if len(x.Change.Payload) == 0 {
			x.Change.Payload = nil
		}
		if diff := cmp.Diff(x.Change, e.Change); diff != "" || e.seq != x.Seq {
			t.Errorf("seq %d: %s", e.seq, diff)
		}
	}
	r, err := two.Verify(ctx, nil)
	check(t, err)
	if len(r.Notes) != 5 || len(r.Problems) != 0 {
		t.Errorf("report %+v", r)
	}
}

func TestStubOfAnUnknownOwnChange(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	a := submit(t, s, "Weber", "Ina", "Rex")
	id, err := s.Identity(ctx)
	check(t, err)
	c.push(t, s, 100)
	lost := desk(t, 1) // the same desk after its disk was replaced by an older copy
	check(t, lost.SetIdentity(ctx, id))
	stub := record.Sequenced{Seq: 1, Change: record.Change{ID: c.log[0].Change.ID, Device: id.Device, N: 1}}
	_, err = lost.Receive(ctx, []record.Sequenced{stub}, record.Cursor{Seq: 1})
	wantCode(t, err, record.CodeForked)
	if cur, _ := lost.Cursor(ctx); cur.Seq != 0 {
		t.Error("the cursor went on")
	}
	_, err = lost.Receive(ctx, c.log, record.Cursor{Seq: uint64(len(c.log))})
	check(t, err)
	if got, err := lost.Case(ctx, a.ID); err != nil || got.Number != a.Number {
		t.Errorf("%+v, %v", got, err)
	}
	ch, err := lost.Apply(ctx, record.Edit{Case: a.ID, Kind: record.KindNote, User: "w", Payload: record.Note{Text: "x"}})
	check(t, err)
	if ch[0].N != uint64(len(c.log)+1) || ch[0].Prev != c.log[len(c.log)-1].Change.Hash() {
		t.Errorf("the chain does not go on: %+v", ch)
	}
	sound(t, lost)
}

func TestRejectedStaysInSight(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	a, b := submit(t, s, "Weber", "Ina", "Rex"), submit(t, s, "Meier", "Jo", "Bello")
	changes, err := s.Pending(ctx, 100, 1<<20)
	check(t, err)
	for range 2 {
		check(t, s.Rejected(ctx, changes[1].ID, record.CodeRejected, "zu groß"))
	}
	rest, err := s.Pending(ctx, 100, 1<<20)
	check(t, err)
	if len(rest) != len(changes)-1 {
		t.Errorf("%d wait", len(rest))
	}
	check(t, s.Accepted(ctx, c.place(rest)))
	row, err := s.Row(ctx, a.ID)
	check(t, err)
	other, err := s.Row(ctx, b.ID)
	check(t, err)
	if row.Delivery != record.DeliveryRejected || other.Delivery != record.DeliveryCentre {
		t.Errorf("%s, %s", row.Delivery, other.Delivery)
	}
	out, err := s.Outbox(ctx)
	check(t, err)
	if len(out) != 1 || out[0].Reason != record.CodeRejected || out[0].Case != a.ID || out[0].Number != a.Number {
		t.Errorf("outbox %+v", out)
	}
	if got, _ := s.Case(ctx, a.ID); got.Role(record.RoleFamily) != "Weber" {
		t.Error("the rejected values are gone")
	}
	if counts, _ := s.Counts(ctx, ""); counts.Rejected != 1 || counts.Outbox != 0 {
		t.Errorf("%+v", counts)
	}
	sound(t, s)
	// The centre changed its mind.
	check(t, s.Accepted(ctx, c.place(changes[1:2])))
	if row, _ := s.Row(ctx, a.ID); row.Delivery != record.DeliveryCentre {
		t.Error(row.Delivery)
	}
	sound(t, s)
}

func TestCentreRestoredFromABackup(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	scan, _ := paper(record.NewID(), "Beleg")
	_, err := one.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	b := submit(t, two, "Meier", "Jo", "Bello")
	for c.push(t, one, 100)+c.push(t, two, 100) > 0 {
	}
	for _, s := range []*Store{one, two} {
		for c.pull(t, s, 100) > 0 {
		}
		files, err := s.FilesToSend(ctx, 100)
		check(t, err)
		for _, f := range files {
			check(t, s.FileSent(ctx, f.Hash))
		}
	}
	_, err = two.Apply(ctx, fields(b.ID, b.Groups["hund"].Version, "hund", "rufname", "Bella"))
	check(t, err)
	before := map[*Store]record.Case{}
	for _, s := range []*Store{one, two} {
		before[s], err = s.Case(ctx, scan.Case)
		check(t, err)
	}
	c = newCentre() // all is lost there
	for _, s := range []*Store{two, one} {
		check(t, s.Rewind(ctx, "h2"))
		sound(t, s)
	}
	if cur, _ := one.Cursor(ctx); cur != (record.Cursor{History: "h2"}) {
		t.Errorf("%+v", cur)
	}
	if files, _ := one.FilesToSend(ctx, 10); len(files) != 0 {
		t.Error("files are sent before their case is back")
	}
	for c.push(t, two, 2)+c.push(t, one, 3) > 0 {
	}
	for _, s := range []*Store{one, two} {
		for c.pull(t, s, 3) > 0 {
		}
		sound(t, s)
		got, err := s.Case(ctx, scan.Case)
		check(t, err)
		if diff := cmp.Diff(before[s], got); diff != "" {
			t.Error(diff)
		}
	}
	if files, _ := one.FilesToSend(ctx, 10); len(files) != 3 {
		t.Errorf("%d files are sent again", len(files))
	}
	x, err := one.Case(ctx, b.ID)
	check(t, err)
	y, err := two.Case(ctx, b.ID)
	check(t, err)
	if diff := cmp.Diff(x, y); diff != "" || x.Role(record.RoleSubject) != "Bella" {
		t.Error(diff)
	}
}

// Two desks work, push and pull in any order and any portions: in the end both show the same, and nothing
// either of them wrote is missing.
func TestDesksAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dirs := []string{tempDir(r), tempDir(r)}
		clock := newClock()
		var desks []*Store
		for i, dir := range dirs {
			o := testOptions()
			o.Clock = clock.now
			s, err := Create(t.Context(), dir, o)
			check(t, err)
			defer os.RemoveAll(dir)
			defer s.Close()
			enrol(t, s, i+1)
			desks = append(desks, s)
		}
		c := newCentre()
		var cases []record.ID
		notes := 0
		act := func(s *Store, what int) {
			ctx := t.Context()
			if what < 2 || len(cases) == 0 {
				made, err := s.Submit(ctx, "", dog(record.NewID(), "Weber", "Ina", "Rex"))
				check(t, err)
				cases = append(cases, made.ID)
				return
			}
			id := rapid.SampledFrom(cases).Draw(r, "case")
			have, err := s.Case(ctx, id)
			if record.CodeOf(err) == record.CodeNotFound {
				return // it has not come here yet
			}
			check(t, err)
			var e record.Edit
			switch {
			case what < 6:
				g := rapid.SampledFrom([]string{"halter", "hund", "neu"}).Draw(r, "group")
				e = fields(id, have.Groups[g].Version, g, "feld", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "value"))
			case what == 6 && len(have.Conflicts) > 0:
				k := have.Conflicts[0]
				e = record.Edit{Case: id, Kind: record.KindResolve, Payload: record.Resolved{Conflict: k.ID, Group: k.Group, Base: have.Groups[k.Group].Version, Values: k.Other.Values}}
			case what == 7:
				e = record.Edit{Case: id, Kind: record.KindState, Payload: record.StateStep{To: rapid.SampledFrom([]record.State{record.StateWorking, record.StateDone}).Draw(r, "state")}}
			case what == 8:
				e = record.Edit{Case: id, Kind: record.KindDelete, Payload: record.Deleted{Base: have.Last}}
			case what == 9:
				e, _ = paper(id, rapid.SampledFrom([]string{"Beleg", "Vertrag"}).Draw(r, "title"))
			case what > 10 && len(have.Documents) > 0:
				e = drawPaper(r, id, rapid.SampledFrom(have.Documents).Draw(r, "document"))
			default:
				notes++
				e = record.Edit{Case: id, Kind: record.KindNote, Payload: record.Note{Text: "x"}}
			}
			_, err = s.Apply(ctx, e)
			check(t, err)
		}
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			s := desks[rapid.IntRange(0, 1).Draw(r, "desk")]
			switch rapid.IntRange(0, 3).Draw(r, "do") {
			case 0, 1:
				act(s, rapid.IntRange(0, 14).Draw(r, "what"))
			case 2:
				c.push(t, s, rapid.IntRange(1, 8).Draw(r, "push"))
			case 3:
				c.pull(t, s, rapid.IntRange(1, 8).Draw(r, "pull"))
			}
		}
		for _, s := range desks {
			for c.push(t, s, 3) > 0 {
			}
		}
		found := 0
		for _, s := range desks {
			for c.pull(t, s, 5) > 0 {
			}
			sound(r, s)
		}
		for _, id := range cases {
			a, err := desks[0].Case(t.Context(), id)
			check(t, err)
			b, err := desks[1].Case(t.Context(), id)
			check(t, err)
			if diff := cmp.Diff(a, b); diff != "" {
				r.Fatalf("desks show different cases: %s", diff)
			}
			found += len(a.Notes)
		}
		if found != notes {
			r.Fatalf("%d of %d notes", found, notes)
		}
		if t.Failed() {
			r.Fatal("see above")
		}
	})
}

// tempDir makes a directory in memory where there is one: properties are about order, not about the disk.
func tempDir(r *rapid.T) string {
	base := "/dev/shm"
	if _, err := os.Stat(base); err != nil {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "desk")
	if err != nil {
		r.Fatal(err)
	}
	return dir
}
