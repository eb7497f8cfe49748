package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"schalter/data/record"
)

// anew makes another device of a desk.
func anew(t testing.TB, s *Store, number int) record.Identity {
	t.Helper()
	id, err := s.Identity(t.Context())
	check(t, err)
	next, err := s.NextIdentity(t.Context())
	check(t, err)
	again, err := s.NextIdentity(t.Context())
	check(t, err)
	if next.Device == id.Device || next.Device != again.Device || !cmp.Equal(next.Key, again.Key) || len(next.Key) != 32 {
		t.Fatalf("the next identity is %v, then %v", next.Device, again.Device)
	}
	id.Device, id.Key, id.Desk = next.Device, next.Key, number
	check(t, s.SetIdentity(t.Context(), id))
	if later, err := s.NextIdentity(t.Context()); err != nil || later.Device == next.Device {
		t.Fatalf("the identity was given to the desk and is still the next one: %v", err)
	}
	return id
}

// chained checks that changes are one device's chain behind last.
func chained(t testing.TB, device record.ID, last record.Change, changes []record.Change) {
	t.Helper()
	for _, c := range changes {
		want := record.Hash("")
		if last.N > 0 {
			want = last.Hash()
		}
		if c.Device != device || c.N != last.N+1 || c.Prev != want || c.Check() != nil {
			t.Fatalf("change n=%d of %s behind n=%d: %v", c.N, c.Device, last.N, c.Check())
		}
		last = c
	}
}

func pending(t testing.TB, s *Store) []record.Change {
	t.Helper()
	changes, err := s.Pending(t.Context(), 1000, 1<<30)
	check(t, err)
	return changes
}

func adopt(t testing.TB, s *Store) {
	t.Helper()
	at, err := s.Cursor(t.Context())
	check(t, err)
	check(t, s.Adopt(t.Context(), at))
}

func ids(changes []record.Change) (out []record.ID) {
	for _, c := range changes {
		out = append(out, c.ID)
	}
	return out
}

// What a desk has not sent when it becomes another device is sealed anew, in the order it was made; what
// the centre had taken without the answer coming through is recognised.
func TestAnotherDeviceTakesOverWhatWaits(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	scan, doc := paper(record.NewID(), "Haftpflicht")
	first, err := s.Submit(ctx, "", append(dog(scan.Case, "Yıldız", "Emre", "Bello"), scan))
	check(t, err)
	_, err = s.Apply(ctx, publication("hund", "1", "Hund", false))
	check(t, err)
	sent := pending(t, s)
	c.place(sent[:2]) // the answer is lost
	refused := sent[2]
	check(t, s.Rejected(ctx, refused.ID, record.CodeRejected, "zu groß"))
	check(t, s.SaveDraft(ctx, record.Draft{ID: record.NewID(), User: "weber", Values: record.Values{"a/b": "x"}}))
	before := everything(t, s)

	id := anew(t, s, 7)
	second := submit(t, s, "Weber", "Ina", "Rex") // at once, before the line is there
	if n, err := record.ParseNumber(second.Number); err != nil || n.Desk != 7 || n.Seq != 1 {
		t.Errorf("number %s", second.Number)
	}
	if got := pending(t, s); len(got) > 0 {
		t.Fatalf("%d changes go out before the history was read", len(got))
	}
	check(t, s.Adopt(ctx, record.Cursor{History: "h", Seq: 99}))
	if got := pending(t, s); len(got) > 0 {
		t.Fatal("sealed anew for a cursor that is not the desk's")
	}
	c.pull(t, s, 100)
	adopt(t, s)
	left := pending(t, s)
	chained(t, id.Device, record.Change{}, left)
	if diff := cmp.Diff(ids(sent[3:]), ids(left)[:len(sent)-3]); diff != "" {
		t.Errorf("not what waited: %s", diff)
	}
	for i, was := range sent[3:] {
		if diff := cmp.Diff(was, left[i], cmpopts.IgnoreFields(record.Change{}, "Device", "N", "Prev")); diff != "" {
			t.Error(diff)
		}
	}
	sound(t, s)
	adopt(t, s)
	if diff := cmp.Diff(left, pending(t, s)); diff != "" {
		t.Errorf("sealed a second time: %s", diff)
	}
	if got, err := s.Case(ctx, first.ID); err != nil || got.Number != first.Number || len(got.Documents) != 1 {
		t.Errorf("the case is %+v, %v", got, err)
	}
	if diff := cmp.Diff(before.Drafts, everything(t, s).Drafts); diff != "" {
		t.Error(diff)
	}

	// The next desk gets all of it, and this one's files follow.
	for c.push(t, s, 2) > 0 {
	}
	two := desk(t, 2)
	c.pull(t, two, 100)
	for _, k := range []record.Case{first, second} {
		a, err := s.Case(ctx, k.ID)
		check(t, err)
		b, err := two.Case(ctx, k.ID)
		check(t, err)
		if k.ID == first.ID { // the refused change is part of it here and nowhere else
			continue
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
	}
	if files, err := s.FilesToSend(ctx, 10); err != nil || len(files) != len(doc.Blobs())+1 {
		t.Errorf("files to send: %v, %v", files, err)
	}
	sound(t, s)
}

// A desk and its copy have both gone on: the other's changes come like those of any device.
func TestTheOtherHalfOfAForkedDesk(t *testing.T) {
	ctx := t.Context()
	s, twin, c := desk(t, 1), desk(t, 1), newCentre()
	id, err := s.Identity(ctx)
	check(t, err)
	check(t, twin.SetIdentity(ctx, id))
	k := submit(t, s, "Weber", "Ina", "Rex")
	c.push(t, s, 100)
	_, err = twin.Receive(ctx, c.log, record.Cursor{History: "h", Seq: uint64(len(c.log)), Hash: c.hash})
	check(t, err)
	say := func(d *Store, text string) {
		t.Helper()
		_, err := d.Apply(ctx, record.Edit{Case: k.ID, Kind: record.KindNote, User: "w", Payload: record.Note{Text: text}})
		check(t, err)
	}
	from := uint64(len(c.log))
	for _, text := range []string{"a", "b", "c"} {
		say(s, text)
		say(twin, text+text)
	}
	c.push(t, s, 2) // two commits at the centre, and so two batches there and here
	c.push(t, s, 2)
	for _, one := range c.log[from:] {
		_, err = twin.Receive(ctx, []record.Sequenced{one}, record.Cursor{History: "h", Seq: one.Seq, Hash: c.hash})
		check(t, err)
	}
	say(twin, "dd")
	r, err := twin.Verify(ctx, nil)
	check(t, err)
	if len(r.Problems) > 0 || len(r.Notes) != 1 {
		t.Errorf("a forked desk: %q, notes %q", r.Problems, r.Notes)
	}

	now := anew(t, twin, 2)
	adopt(t, twin)
	left := pending(t, twin)
	chained(t, now.Device, record.Change{}, left)
	if len(left) != 4 {
		t.Errorf("%d changes wait", len(left))
	}
	c.push(t, twin, 100)
	c.pull(t, s, 100)
	a, err := s.Case(ctx, k.ID)
	check(t, err)
	b, err := twin.Case(ctx, k.ID)
	check(t, err)
	if diff := cmp.Diff(a, b); diff != "" || len(a.Notes) != 7 {
		t.Errorf("%d notes; %s", len(a.Notes), diff)
	}
	r, err = twin.Verify(ctx, nil)
	check(t, err)
	if len(r.Problems)+len(r.Notes) > 0 {
		t.Errorf("%q, notes %q", r.Problems, r.Notes)
	}
	sound(t, s)
}

// The centre comes back from a backup that lacks what a former identity had sent. Nobody else will bring it.
func TestWhatAFormerIdentitySentIsBroughtAgain(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	old := submit(t, s, "Weber", "Ina", "Rex")
	lost := pending(t, s)
	c.push(t, s, 100)
	id := anew(t, s, 2)
	if waiting, _ := s.Counts(ctx, ""); waiting.Outbox > 0 {
		t.Fatal("nothing was left over")
	}
	fresh := submit(t, s, "Meier", "Jo", "Bello")
	mine := pending(t, s) // nothing holds it, for nothing has to go before it
	chained(t, id.Device, record.Change{}, mine)
	c.push(t, s, 100)

	check(t, s.Rewind(ctx, "h2"))
	c = newCentre()
	if diff := cmp.Diff(mine, pending(t, s)); diff != "" {
		t.Fatalf("what goes up again under the present identity: %s", diff)
	}
	c.push(t, s, 2)
	c.pull(t, s, 100)
	adopt(t, s)
	rest := pending(t, s)
	chained(t, id.Device, mine[1], rest)
	if diff := cmp.Diff(append(ids(mine[2:]), ids(lost)...), ids(rest)); diff != "" {
		t.Errorf("what goes up then: %s", diff)
	}
	some, err := s.Pending(ctx, 1, 1<<30)
	check(t, err)
	if len(some) != 1 || some[0].ID != rest[0].ID {
		t.Error("not the first of the chain")
	}
	for c.push(t, s, 1) > 0 {
	}
	two := desk(t, 2)
	c.pull(t, two, 100)
	for _, k := range []record.Case{old, fresh} {
		a, err := s.Case(ctx, k.ID)
		check(t, err)
		b, err := two.Case(ctx, k.ID)
		check(t, err)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
	}
	sound(t, s)
}
