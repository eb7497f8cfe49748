package store

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

var hallRoles = map[record.Role]string{
	record.RoleOrg: "wer/verein", record.RoleSubject: "saal/anlass", record.RoleResource: "saal/welcher", record.RoleDay: "saal/tag", record.RoleFrom: "saal/von", record.RoleTo: "saal/bis",
}

// hall is a case that books a hall.
func hall(id, bundle record.ID, which, day, from, to string) []record.Edit {
	return []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{
			Service: "saal-buchen", Title: map[string]string{"de": "Saal buchen"}, Roles: hallRoles, Meeting: record.Meeting{Bundle: bundle},
		}},
		fields(id, "", "wer", "verein", "TSV Musterstadt"),
		fields(id, "", "saal", "welcher", which, "tag", day, "von", from, "bis", to, "anlass", "Sommerball"),
	}
}

func days(t testing.TB, s *Store, which, from, to string) (out []string) {
	t.Helper()
	all, err := s.Bookings(t.Context(), which, from, to)
	check(t, err)
	for _, b := range all {
		out = append(out, b.Day+" "+b.From+"-"+b.To)
	}
	return out
}

func TestBookingsThroughALife(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	id := record.NewID()
	c, err := s.Submit(ctx, "", hall(id, "", "gross", "2027-06-12", "18:00", "23:00"))
	check(t, err)
	_, err = s.Submit(ctx, "", hall(record.NewID(), "", "klein", "2027-06-12", "10:00", "11:00"))
	check(t, err)
	submit(t, s, "Yıldız", "Emre", "Balu")
	for range 2 { // right after saving, and from the index
		got, err := s.Bookings(ctx, "gross", "2027-06-12", "2027-06-12")
		check(t, err)
		want := record.Booking{
			Case: id, Number: c.Number, Service: "saal-buchen", Subject: "Sommerball", Party: "TSV Musterstadt", State: record.StateSubmitted,
			Resource: "gross", Day: "2027-06-12", From: "18:00", To: "23:00",
		}
		if len(got) != 1 || got[0].Title["de"] != "Saal buchen" {
			t.Fatalf("%+v", got)
		}
		if got[0].Title = nil; !sameBooking(got[0], want) {
			t.Errorf("got %+v, want %+v", got[0], want)
		}
		for _, span := range [][2]string{{"2027-06-13", "2027-06-30"}, {"2027-01-01", "2027-06-11"}} {
			if other := days(t, s, "gross", span[0], span[1]); len(other) > 0 {
				t.Errorf("%v: %v", span, other)
			}
		}
		sound(t, s)
		indexed(t, s)
	}
	moved := fields(id, c.Groups["saal"].Version, "saal", "welcher", "gross", "tag", "2027-06-19", "von", "18:00", "bis", "02:00")
	for _, step := range []struct {
		edit record.Edit
		want []string
	}{
		{moved, []string{"2027-06-19 18:00-02:00"}},
		{record.Edit{Case: id, Kind: record.KindState, User: "weber", Payload: record.StateStep{To: record.StateDone}}, []string{"2027-06-19 18:00-02:00"}},
		{record.Edit{Case: id, Kind: record.KindState, User: "weber", Payload: record.StateStep{To: record.StateWithdrawn}}, nil},
		{record.Edit{Case: id, Kind: record.KindState, User: "weber", Payload: record.StateStep{To: record.StateWorking}}, []string{"2027-06-19 18:00-02:00"}},
	} {
		_, err := s.Apply(ctx, step.edit)
		check(t, err)
		for range 2 {
			if got := days(t, s, "gross", "2027-06-01", "2027-06-30"); !slices.Equal(got, step.want) {
				t.Errorf("after %v: %v, want %v", step.edit.Payload, got, step.want)
			}
			sound(t, s)
			indexed(t, s)
		}
	}
	now, err := s.Case(ctx, id)
	check(t, err)
	_, err = s.Apply(ctx, record.Edit{Case: id, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Base: now.Last, Reason: "doppelt"}})
	check(t, err)
	for range 2 {
		if got := days(t, s, "gross", "2027-06-01", "2027-06-30"); len(got) > 0 {
			t.Errorf("a deleted case holds the hall: %v", got)
		}
		sound(t, s)
		indexed(t, s)
	}
}

func sameBooking(a, b record.Booking) bool {
	return a.Case == b.Case && a.Number == b.Number && a.Service == b.Service && a.Subject == b.Subject && a.Party == b.Party && a.State == b.State &&
		a.Resource == b.Resource && a.Day == b.Day && a.From == b.From && a.To == b.To
}

// What another desk has booked is there after the exchange, and the desk is told.
func TestBookingsOfAnotherDesk(t *testing.T) {
	a, b := desk(t, 1), desk(t, 2)
	_, err := a.Submit(t.Context(), "", hall(record.NewID(), "", "gross", "2027-06-12", "18:00", "23:00"))
	check(t, err)
	changed, stop := b.Watch()
	defer stop()
	z := newCentre()
	z.push(t, a, 100)
	z.pull(t, b, 100)
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	if got := days(t, b, "gross", "2027-06-12", "2027-06-12"); len(got) != 1 {
		t.Errorf("%v", got)
	}
	sound(t, b)
}

func TestBundleListsItsCases(t *testing.T) {
	a, b := desk(t, 1), desk(t, 2)
	draft, other := record.NewID(), record.NewID()
	ids := []record.ID{draft, record.PartCase(draft, "saal"), record.PartCase(draft, "plakate")}
	var edits []record.Edit
	for i, id := range ids {
		edits = append(edits, hall(id, draft, "gross", "2027-06-1"+string(rune('0'+i)), "18:00", "23:00")...)
	}
	made, err := a.SubmitAll(t.Context(), draft, edits)
	check(t, err)
	_, err = a.Submit(t.Context(), other, hall(other, "", "gross", "2027-06-12", "18:00", "23:00"))
	check(t, err)
	again, err := a.SubmitAll(t.Context(), draft, edits)
	check(t, err)
	for i := range made {
		if made[i].Number != again[i].Number || made[i].Bundle != draft {
			t.Errorf("submitted twice: %s, then %s", made[i].Number, again[i].Number)
		}
	}
	z := newCentre()
	z.push(t, a, 100)
	z.pull(t, b, 100)
	for _, s := range []*Store{a, b} {
		for range 2 {
			rows, err := s.Bundle(t.Context(), draft)
			check(t, err)
			if len(rows) != 3 || rows[0].ID != made[0].ID || rows[2].ID != made[2].ID || rows[1].Number != made[1].Number {
				t.Errorf("%+v", rows)
			}
			for _, none := range []record.ID{"", other} {
				if rows, err := s.Bundle(t.Context(), none); err != nil || len(rows) > 0 {
					t.Errorf("%q: %v, %v", none, rows, err)
				}
			}
			sound(t, s)
			indexed(t, s)
		}
	}
}

// A store that was made before there was a calendar gets one.
func TestCalendarOfAnOlderStore(t *testing.T) {
	s := desk(t, 1)
	draft := record.NewID()
	_, err := s.Submit(t.Context(), "", hall(draft, draft, "gross", "2027-06-12", "18:00", "23:00"))
	check(t, err)
	steps, err := migrations(migrationFiles)
	check(t, err)
	check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error {
		check(t, x.exec(ctx, `DROP TABLE booking`))
		check(t, x.exec(ctx, `DROP TABLE bundle`))
		i := slices.IndexFunc(steps, func(m migration) bool { return m.name == fillsBookings })
		if err := x.migrate(ctx, steps[i]); err != nil {
			return err
		}
		return x.exec(ctx, `UPDATE cases SET stale = 0`) // so that it is the calendar that answers
	}))
	if got := days(t, s, "gross", "2027-06-12", "2027-06-12"); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if rows, err := s.Bundle(t.Context(), draft); err != nil || len(rows) != 1 {
		t.Errorf("%v, %v", rows, err)
	}
}

// A check finds a calendar that says something else than the cases.
func TestVerifyReadsTheCalendar(t *testing.T) {
	for _, harm := range []string{`UPDATE booking SET day = '2027-06-13'`, `DELETE FROM booking`, `DELETE FROM bundle`} {
		s := desk(t, 1)
		_, err := s.Submit(t.Context(), "", hall(record.NewID(), record.NewID(), "gross", "2027-06-12", "18:00", "23:00"))
		check(t, err)
		indexed(t, s)
		sound(t, s)
		check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error { return x.exec(ctx, harm) }))
		r, err := s.Verify(t.Context(), nil)
		check(t, err)
		if len(r.Problems) == 0 {
			t.Errorf("%s: not found", harm)
		}
	}
}

// Whatever happens to bookings, the calendar says what the cases say.
func TestCalendarIsWhatTheCasesSay(t *testing.T) {
	s := desk(t, 1)
	type kept struct {
		id   record.ID
		base record.ID
		out  bool
		l    lent
	}
	var all []*kept
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		draw := func() lent {
			return lent{
				rapid.SampledFrom([]string{"", "gross", "klein"}).Draw(t, "hall"), rapid.SampledFrom([]string{"", "2027-06-11", "2027-06-12", "2027-06-13"}).Draw(t, "day"),
				rapid.SampledFrom([]string{"", "08:00", "18:00"}).Draw(t, "from"), rapid.SampledFrom([]string{"", "12:00", "02:00"}).Draw(t, "to"),
			}
		}
		switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
		case what == 0 || len(all) == 0:
			k := &kept{id: record.NewID(), l: draw()}
			c, err := s.Submit(ctx, "", hall(k.id, "", k.l.resource, k.l.day, k.l.start, k.l.finish))
			must(err)
			k.base = c.Groups["saal"].Version
			all = append(all, k)
		case what == 1:
			k := rapid.SampledFrom(all).Draw(t, "case")
			k.l = draw()
			made, err := s.Apply(ctx, fields(k.id, k.base, "saal", "welcher", k.l.resource, "tag", k.l.day, "von", k.l.start, "bis", k.l.finish))
			must(err)
			k.base = made[0].ID
		case what == 2:
			k := rapid.SampledFrom(all).Draw(t, "case")
			k.out = !k.out
			to := record.StateWorking
			if k.out {
				to = record.StateWithdrawn
			}
			_, err := s.Apply(ctx, record.Edit{Case: k.id, Kind: record.KindState, User: "weber", Payload: record.StateStep{To: to}})
			must(err)
		default:
			must(s.write(ctx, func(ctx context.Context, x *tx) error {
				_, err := x.indexStale(ctx)
				return err
			}))
		}
		got, err := s.Bookings(ctx, "gross", "2027-06-11", "2027-06-12")
		must(err)
		var want []*kept
		for _, k := range all {
			if !k.out && k.l.resource == "gross" && k.l.day != "" && k.l.day < "2027-06-13" {
				want = append(want, k)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d bookings, want %d", len(got), len(want))
		}
		if !slices.IsSortedFunc(got, func(a, b record.Booking) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.From, b.From)) }) {
			t.Fatal("not in the order of time")
		}
		for _, k := range want {
			if !slices.ContainsFunc(got, func(b record.Booking) bool {
				return b.Case == k.id && b.Day == k.l.day && b.From == k.l.start && b.To == k.l.finish
			}) {
				t.Fatalf("%+v is not there", k)
			}
		}
	})
	sound(t, s)
}
