package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/search"
)

// Pages of the lists are compared with a plain sort of everything, after any history.
func TestListsAgreeWithASort(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := t.Context()
		o := testOptions()
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		o.Clock = func() time.Time { return now }
		dir := tempDir(r)
		defer os.RemoveAll(dir)
		s, err := Create(ctx, dir, o)
		check(t, err)
		defer s.Close()
		enrol(t, s, 1)
		truth := map[record.ID]*record.Case{}
		var ids []record.ID
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			// Mostly small steps, sometimes many buckets on, sometimes a clock that was set back.
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 500, 3_000_000, 86_400_000, 2_500_000_000, -4_000_000}).Draw(r, "ms")) * time.Millisecond)
			if len(ids) == 0 || rapid.Bool().Draw(r, "new") {
				edits := dog(record.NewID(), "Weber", "Ina", "Rex")
				edits[0].User = rapid.SampledFrom([]string{"weber", "yildiz"}).Draw(r, "user")
				c, err := s.Submit(ctx, "", edits)
				check(t, err)
				truth[c.ID] = &c
				ids = append(ids, c.ID)
				continue
			}
			id := rapid.SampledFrom(ids).Draw(r, "case")
			have := truth[id]
			e := record.Edit{Case: id, Kind: record.KindState, Payload: record.StateStep{To: rapid.SampledFrom([]record.State{record.StateWorking, record.StateDone, record.StateWithdrawn}).Draw(r, "to")}}
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0:
				e = fields(id, "", "hund", "rufname", fmt.Sprint(now.UnixNano())) // collides
			case 1:
				e = record.Edit{Case: id, Kind: record.KindDelete, Payload: record.Deleted{Base: have.Last}}
			}
			_, err := s.Apply(ctx, e)
			check(t, err)
			c, err := s.Case(ctx, id)
			check(t, err)
			truth[id] = &c
		}
		keys := map[record.ID]int{}
		for i, id := range ids {
			keys[id] = i
		}
		counts, err := s.Counts(ctx, "weber")
		check(t, err)
		midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
		done := func(c *record.Case) bool { return c.State == record.StateDone || c.State == record.StateWithdrawn }
		for view, in := range map[record.View]struct {
			in    func(*record.Case) bool
			count int
		}{
			record.ViewOffice:    {func(c *record.Case) bool { return !done(c) }, counts.Office},
			record.ViewMine:      {func(c *record.Case) bool { return !done(c) && c.User == "weber" }, counts.Mine},
			record.ViewDone:      {done, -1},
			record.ViewConflicts: {func(c *record.Case) bool { return len(c.Conflicts) > 0 }, counts.Conflicts},
			record.ViewToday:     {func(c *record.Case) bool { return !c.Updated.Before(midnight) }, counts.Today},
		} {
			var want []record.ID
			for _, id := range ids {
				if c := truth[id]; !c.Deleted && in.in(c) {
					want = append(want, id)
				}
			}
			slices.SortFunc(want, func(a, b record.ID) int {
				if c := truth[b].Updated.Compare(truth[a].Updated); c != 0 {
					return c
				}
				return keys[b] - keys[a]
			})
			if in.count >= 0 && in.count != len(want) {
				r.Fatalf("%s counts %d, want %d", view, in.count, len(want))
			}
			for offset := 0; offset <= len(want); offset++ {
				limit := rapid.IntRange(1, 5).Draw(r, "limit")
				rows, total, err := s.Cases(ctx, view, "weber", offset, limit)
				check(t, err)
				var got []record.ID
				for _, row := range rows {
					got = append(got, row.ID)
				}
				if total != len(want) || !slices.Equal(got, want[offset:min(offset+limit, len(want))]) {
					r.Fatalf("%s from %d: %d of %d: %v, want %v", view, offset, len(got), total, got, want)
				}
			}
		}
		sound(r, s)
		if t.Failed() {
			r.Fatal("see above")
		}
	})
}

func TestFindOrderAndSnippets(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	byText, doc := paper(record.NewID(), "Vertrag")
	_, err := s.Submit(ctx, "", append(dog(byText.Case, "Nord", "Uwe", "Fiffi"), byText))
	check(t, err)
	check(t, s.IndexText(ctx, doc.ID, "", []string{"eins", "Frau Mueller hat\nden Hund übernommen.", "noch einmal Müller"}))
	byNote := submit(t, s, "Ost", "Eva", "Hasso")
	_, err = s.Apply(ctx, record.Edit{Case: byNote.ID, Kind: record.KindNote, User: "w", Payload: record.Note{Text: "Rückruf von Muller"}})
	check(t, err)
	byField := submit(t, s, "West", "Tom", "Müllers Liebling")
	byName := submit(t, s, "Müller", "Ina", "Rex")
	second := submit(t, s, "Mueller", "Jo", "Bello")
	gone := submit(t, s, "Müller", "Weg", "Waldi")
	_, err = s.Apply(ctx, record.Edit{Case: gone.ID, Kind: record.KindDelete, Payload: record.Deleted{Base: gone.Last}})
	check(t, err)
	for i, query := range []string{"müller", "Muell", "MULLER", "muelle"} {
		if i == 2 { // so far the cases were stale, from here on they are in the index
			check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
				_, err := x.indexStale(ctx)
				return err
			}))
		}
		hits, err := s.Find(ctx, query, 20)
		check(t, err)
		var got []string
		for _, h := range hits {
			got = append(got, h.Field+" "+h.Case.Number+" "+h.Snippet)
		}
		want := []string{
			"party " + second.Number + " \x02Mueller\x03, Jo",
			"party " + byName.Number + " \x02Müller\x03, Ina",
			"field " + byField.Number + " \x02Müllers\x03 Liebling",
			"note " + byNote.Number + " Rückruf von \x02Muller\x03",
			"text MS-1-26-00001-" + hits[len(hits)-1].Case.Number[14:] + " Frau \x02Mueller\x03 hat den Hund übernommen.",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds\n%q, want\n%q", query, got, want)
		}
		if h := hits[len(hits)-1]; h.Page != 2 || h.Doc != doc.ID || h.Case.ID != byText.Case {
			t.Errorf("text hit %+v", h)
		}
		if some, err := s.Find(ctx, query, 2); err != nil || len(some) != 2 {
			t.Errorf("limit 2 gives %d, %v", len(some), err)
		}
	}
	// A deleted case that is worked on again is found again, on both ways into the index.
	_, err = s.Apply(ctx, record.Edit{Case: gone.ID, Kind: record.KindState, Payload: record.StateStep{To: record.StateWorking}})
	check(t, err)
	if hits, err := s.Find(ctx, "waldi", 5); err != nil || len(hits) != 1 {
		t.Errorf("%+v, %v", hits, err)
	}
	sound(t, s)
	again, err := s.Case(ctx, gone.ID)
	check(t, err)
	_, err = s.Apply(ctx, record.Edit{Case: gone.ID, Kind: record.KindDelete, Payload: record.Deleted{Base: again.Last}})
	check(t, err)
	n, err := record.ParseNumber(byName.Number)
	check(t, err)
	for _, query := range []string{byName.Number, fmt.Sprint(n.Seq), "ms-1-26-4", "MS 1/26 00004", "00004"} {
		if hits, err := s.Find(ctx, query, 1); err != nil || len(hits) != 1 || hits[0].Case.ID != byName.ID || hits[0].Field != hitNumber {
			t.Errorf("%q finds %+v, %v", query, hits, err)
		}
	}
	for _, query := range []string{"", " ", "-", "waldi", "xyz", `"`, "a AND", "*", "NEAR(", "müller waldi", "\x00", "it's"} {
		if hits, err := s.Find(ctx, query, 20); err != nil || len(hits) > 0 && query != "it's" {
			t.Errorf("%q finds %+v, %v", query, hits, err)
		}
	}
	// What is changed is found by its new words only.
	_, err = s.Apply(ctx, fields(byName.ID, byName.Groups["halter"].Version, "halter", "name", "Sündermann", "vorname", "Ina"))
	check(t, err)
	if hits, _ := s.Find(ctx, "sundermann", 5); len(hits) != 1 {
		t.Errorf("new name: %+v", hits)
	}
	if hits, _ := s.Find(ctx, "müller ina", 5); len(hits) != 0 {
		t.Errorf("old name: %+v", hits)
	}
}

func TestWatch(t *testing.T) {
	s := desk(t, 1)
	changed, stop := s.Watch()
	other, stopOther := s.Watch()
	defer stopOther()
	for range 3 {
		check(t, s.SetSetting(t.Context(), "a", "b"))
	}
	<-changed
	select {
	case <-changed:
		t.Error("three commits were told as two")
	default:
	}
	stop()
	check(t, s.SetSetting(t.Context(), "a", "c"))
	select {
	case <-changed:
		t.Error("told after the end")
	default:
	}
	<-other
	if _, err := s.Case(t.Context(), record.NewID()); record.CodeOf(err) != record.CodeNotFound {
		t.Error(err)
	}
	check(t, s.Close())
	for range other {
	}
	if err := s.SetSetting(t.Context(), "a", "d"); err == nil {
		t.Error("a closed store saves")
	}
}

// Whatever the words, every page that has them all is found: as many cases as a plain look at all pages
// gives.
func TestPagesAreFoundCompletely(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	r := rand.New(rand.NewPCG(3, 4))
	// Words that share their first letters, some on nearly every page, some hardly ever.
	words := []string{"steuer", "steuerbescheid", "steuernummer", "steg", "verein", "vereinsfest", "vertrag", "verzicht", "ab", "abc"}
	cases := make([]record.ID, 40)
	pages := map[record.ID][]string{}
	for i := range cases {
		scan, doc := paper(record.NewID(), fmt.Sprint("x", i))
		c, err := s.Submit(ctx, "", append(dog(scan.Case, "Nord", "Uwe", "Fiffi"), scan))
		check(t, err)
		cases[i] = c.ID
		var texts []string
		for range 40 {
			var b strings.Builder
			for j, w := range words {
				if r.IntN(1<<j) == 0 {
					b.WriteString(w + " ")
				}
			}
			texts = append(texts, b.String())
		}
		pages[c.ID] = texts
		check(t, s.IndexText(ctx, doc.ID, "", texts))
	}
	for _, query := range []string{"st", "ste", "steu", "steuerb", "stegx", "ver", "vertr", "verz", "abc", "ab abc", "steuern verz", "verzicht vertrag abc", "steg vereinsf", "vereinsfest vertrag verzicht"} {
		q := search.Parse(query)
		want := 0
		for _, id := range cases {
			if slices.ContainsFunc(pages[id], func(text string) bool { return q.Count(text) == len(q.Words) }) {
				want++
			}
		}
		hits, err := s.Find(ctx, query, 100)
		check(t, err)
		for _, h := range hits {
			if first := slices.IndexFunc(pages[h.Case.ID], func(text string) bool { return q.Count(text) == len(q.Words) }); h.Page != first+1 {
				t.Errorf("%q: page %d, the first is %d", query, h.Page, first+1)
			}
		}
		if len(hits) != want {
			t.Errorf("%q finds %d cases, want %d", query, len(hits), want)
		}
	}
}

// Somebody types on: the search before is given up, and the connections are all still good.
func TestGivenUpSearches(t *testing.T) {
	s := desk(t, 1)
	for range 20 {
		submit(t, s, "Weber", "Ina", "Rex")
	}
	for i := range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := s.Find(ctx, "weber", 20)
			done <- err
		}()
		if i%2 == 0 {
			cancel()
		}
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
	}
	if hits, err := s.Find(t.Context(), "weber", 50); err != nil || len(hits) != 20 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

// Readers see whole transactions only, while somebody writes.
func TestReadersSeeWholeTransactions(t *testing.T) {
	s := desk(t, 1)
	stop := make(chan struct{})
	done := make(chan error)
	for range readers + 2 {
		go func() {
			for {
				select {
				case <-stop:
					done <- nil
					return
				default:
				}
				c, err := s.Counts(t.Context(), "weber")
				if err == nil && (c.Outbox != 5*c.Office || c.Mine != c.Office) {
					err = fmt.Errorf("counts %+v", c)
				}
				if err != nil {
					done <- err
					return
				}
			}
		}()
	}
	for range 50 {
		submit(t, s, "Weber", "Ina", "Rex")
	}
	close(stop)
	for range readers + 2 {
		check(t, <-done)
	}
}
