package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
	"schalter/data/store/cryptvfs"
)

// all is everything a desk shows, to compare before and after.
type all struct {
	Cases    map[record.ID]record.Case
	Journals map[record.ID][]record.JournalEntry
	Rows     []record.CaseRow
	Pending  []record.Change
	Counts   record.Counts
	Cursor   record.Cursor
	Drafts   []record.Draft
}

func everything(t testing.TB, s *Store) (a all) {
	t.Helper()
	ctx := t.Context()
	var err error
	a.Cases, a.Journals = map[record.ID]record.Case{}, map[record.ID][]record.JournalEntry{}
	for _, v := range []record.View{record.ViewOffice, record.ViewDone} {
		rows, _, err := s.Cases(ctx, v, "", 0, 1000)
		check(t, err)
		a.Rows = append(a.Rows, rows...)
	}
	for _, r := range a.Rows {
		a.Cases[r.ID], err = s.Case(ctx, r.ID)
		check(t, err)
		a.Journals[r.ID], err = s.Journal(ctx, r.ID)
		check(t, err)
	}
	a.Pending, err = s.Pending(ctx, 10_000, 1<<30)
	check(t, err)
	a.Counts, err = s.Counts(ctx, "")
	check(t, err)
	a.Cursor, err = s.Cursor(ctx)
	check(t, err)
	a.Drafts, err = s.Drafts(ctx)
	check(t, err)
	return a
}

func TestFailedTransactionLeavesNothing(t *testing.T) {
	s := desk(t, 1)
	submit(t, s, "Weber", "Ina", "Rex")
	before := everything(t, s)
	broken := errors.New("broken")
	err := s.write(t.Context(), func(ctx context.Context, x *tx) error {
		if _, err := x.submit(ctx, [][]record.Edit{dog(record.NewID(), "Meier", "Jo", "Bello")}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, everything(t, s)); diff != "" {
		t.Error(diff)
	}
	if hits, _ := s.Find(t.Context(), "bello", 5); len(hits) > 0 {
		t.Errorf("found %+v", hits)
	}
	sound(t, s)
}

// Every physical write and sync of a submit fails once, as a full or broken disk would make it: the clerk
// gets an error and there is no trace of the case, or it is there with all that belongs to it.
func TestDiskFailsAtEveryOperation(t *testing.T) {
	for _, failure := range []struct {
		err  error
		want map[record.Code]bool
	}{
		{syscall.ENOSPC, map[record.Code]bool{record.CodeDiskFull: true, record.CodeDiskError: true}},
		{syscall.EIO, map[record.Code]bool{record.CodeDiskError: true, record.CodeDiskFull: true}},
	} {
		t.Run(failure.err.Error(), func(t *testing.T) {
			s := desk(t, 1)
			for n := 1; ; n++ {
				before := everything(t, s)
				scan, _ := paper(record.NewID(), fmt.Sprint("Beleg", n))
				edits := dog(scan.Case, "Weber", "Ina", "Rex")
				at := 0
				s.vfs.Intercept(func(op cryptvfs.Op) error {
					if filepath.Ext(op.Path) == ".db-shm" {
						return nil
					}
					if at++; at == n {
						return failure.err
					}
					return nil
				})
				c, err := s.Submit(t.Context(), "", append(edits, scan))
				s.vfs.Intercept(nil)
				if err != nil {
					if !failure.want[record.CodeOf(err)] {
						t.Fatalf("operation %d: %v", n, err)
					}
					if diff := cmp.Diff(before, everything(t, s)); diff != "" {
						t.Fatalf("operation %d failed and left: %s", n, diff)
					}
				} else if kept, err := s.Case(t.Context(), scan.Case); err != nil || kept.Number != c.Number {
					t.Fatalf("operation %d: acknowledged and lost: %v", n, err)
				}
				if at < n {
					break
				}
			}
			sound(t, s)
		})
	}
}

func TestEditsThatCannotBe(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	c := submit(t, s, "Weber", "Ina", "Rex")
	before := everything(t, s)
	_, err := s.Apply(ctx, fields(record.NewID(), "", "hund", "rufname", "x"))
	wantCode(t, err, record.CodeNotFound)
	_, err = s.Apply(ctx, record.Edit{Kind: record.KindNote, Payload: record.Note{}})
	wantCode(t, err, record.CodeBadID)
	for name, e := range map[string]record.Edit{
		"wrong payload": {Case: c.ID, Kind: record.KindNote, Payload: record.Fields{}},
		"unknown kind":  {Case: c.ID, Kind: "dance", Payload: record.Note{}},
		"opened twice":  {Case: c.ID, Kind: record.KindOpen, Payload: record.Opened{}},
		"group twice":   {Case: c.ID, Kind: record.KindFields, Payload: record.Fields{Groups: []record.GroupEdit{{Group: "a"}, {Group: "a"}}}},
	} {
		// A good edit before the bad one must not stay either.
		if _, err := s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindNote, User: "x", Payload: record.Note{Text: "gut"}}, e); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := s.Submit(ctx, "", nil); err == nil {
		t.Error("nothing was submitted")
	}
	if diff := cmp.Diff(before, everything(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestChainIsGaplessAcrossCasesAndRestarts(t *testing.T) {
	dir, o := t.TempDir(), testOptions()
	s, err := Create(t.Context(), dir, o)
	check(t, err)
	enrol(t, s, 1)
	a, b := submit(t, s, "A", "A", "A"), submit(t, s, "B", "B", "B")
	check(t, s.Close())
	s, err = Open(t.Context(), dir, o)
	check(t, err)
	defer s.Close()
	for i := range 5 {
		_, err := s.Apply(t.Context(), record.Edit{Case: []record.ID{a.ID, b.ID}[i%2], Kind: record.KindNote, User: "w", Payload: record.Note{Text: fmt.Sprint(i)}})
		check(t, err)
	}
	changes, err := s.Pending(t.Context(), 1000, 1<<30)
	check(t, err)
	var prev record.Change
	for i, c := range changes {
		if c.N != uint64(i+1) || c.Check() != nil || i > 0 && c.Prev != prev.Hash() || c.HLC <= prev.HLC {
			t.Fatalf("change %d does not follow: %+v", i, c)
		}
		prev = c
	}
	if len(changes) != 15 {
		t.Errorf("%d changes", len(changes))
	}
	some, err := s.Pending(t.Context(), 4, 1<<30)
	check(t, err)
	one, err := s.Pending(t.Context(), 1000, 1)
	check(t, err)
	if len(some) != 4 || len(one) != 1 || some[0].ID != one[0].ID {
		t.Errorf("limits give %d and %d", len(some), len(one))
	}
}

func TestNumbers(t *testing.T) {
	ctx := t.Context()
	s, err := Create(ctx, t.TempDir(), testOptions())
	check(t, err)
	defer s.Close()
	before := everything(t, s)
	_, err = s.Submit(ctx, "", dog(record.NewID(), "A", "A", "A"))
	wantCode(t, err, record.CodeNotEnrolled)
	if diff := cmp.Diff(before, everything(t, s)); diff != "" {
		t.Error(diff)
	}
	enrol(t, s, 1)
	two := desk(t, 2)
	seen := map[string]bool{}
	type result struct {
		c   record.Case
		err error
	}
	results := make(chan result)
	for range 4 {
		for _, d := range []*Store{s, two} {
			go func() {
				for range 10 {
					c, err := d.Submit(ctx, "", dog(record.NewID(), "A", "A", "A"))
					results <- result{c, err}
				}
			}()
		}
	}
	for range 80 {
		r := <-results
		check(t, r.err)
		if _, err := record.ParseNumber(r.c.Number); err != nil || seen[r.c.Number] {
			t.Errorf("number %q: %v, given before: %v", r.c.Number, err, seen[r.c.Number])
		}
		seen[r.c.Number] = true
	}
	// A desk that was set up anew gets its old cases back and goes on behind them.
	c := newCentre()
	for c.push(t, s, 1000) > 0 {
	}
	again := desk(t, 1)
	for c.pull(t, again, 1000) > 0 {
	}
	if n := submit(t, again, "B", "B", "B").Number; seen[n] {
		t.Errorf("number %s was given again", n)
	}
}

func TestNumbersBeginAnewEachYear(t *testing.T) {
	o := testOptions()
	clock := newClock()
	o.Clock = clock.now
	s, err := Create(t.Context(), t.TempDir(), o)
	check(t, err)
	defer s.Close()
	enrol(t, s, 1)
	submit(t, s, "A", "A", "A")
	clock.at.Add(60 * 24 * 3600 * 1000)
	if n, _ := record.ParseNumber(submit(t, s, "A", "A", "A").Number); n.Year != 27 || n.Seq != 1 {
		t.Errorf("the first number of the next year is %v", n)
	}
}

func TestDrafts(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	clock := newClock()
	var ids []record.ID
	for i := range 3 {
		d := record.Draft{ID: record.NewID(), User: []string{"weber", "yildiz"}[i%2], Values: record.Values{"a/b": "x"}, Created: clock.now(), Updated: clock.now(), Live: true}
		ids = append(ids, d.ID)
		for k := range 20 { // letter by letter
			d.Values["a/b"] += "y"
			d.Focus, d.Updated = fmt.Sprint(k), clock.now()
			check(t, s.SaveDraft(ctx, d))
			got, err := s.Draft(ctx, d.ID)
			check(t, err)
			if diff := cmp.Diff(d, got); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	all, err := s.Drafts(ctx)
	check(t, err)
	if len(all) != 3 || all[0].ID != ids[2] || all[2].ID != ids[0] {
		t.Errorf("drafts are not newest first: %+v", all)
	}
	for user, want := range map[string]int{"weber": 2, "yildiz": 1, "": 3, "x": 0} {
		if c, err := s.Counts(ctx, user); err != nil || c.Drafts != want {
			t.Errorf("%q has %d drafts, want %d, %v", user, c.Drafts, want, err)
		}
	}
	check(t, s.DiscardDraft(ctx, ids[1]))
	check(t, s.DiscardDraft(ctx, ids[1]))
	_, err = s.Draft(ctx, ids[1])
	wantCode(t, err, record.CodeNotFound)
	wantCode(t, s.SaveDraft(ctx, record.Draft{}), record.CodeBadID)
}
