package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// matter is how a case begins: its service, who began it, whom it is about.
func matter(id record.ID, user, service, title, family, birth string) []record.Edit {
	edits := []record.Edit{
		{Case: id, Kind: record.KindOpen, User: user, Payload: record.Opened{
			Service: service, Title: map[string]string{"de": title},
			Roles: map[record.Role]string{record.RoleFamily: "wer/name", record.RoleBirth: "wer/geboren"},
		}},
		fields(id, "", "wer", "name", family, "geboren", birth),
	}
	edits[1].User = user
	return edits
}

// counter is a desk whose clock a test sets.
func counter(t *testing.T) (s *Store, at *time.Time) {
	t.Helper()
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.Local)
	o := testOptions()
	o.Clock = func() time.Time { return now }
	s, err := Create(t.Context(), t.TempDir(), o)
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	enrol(t, s, 1)
	return s, &now
}

func TestFiltersFindTheirCases(t *testing.T) {
	ctx := t.Context()
	s, now := counter(t)
	names := map[record.ID]string{}
	file := func(name string, edits []record.Edit) record.Case {
		c, err := s.Submit(ctx, "", edits)
		check(t, err)
		names[c.ID] = name
		return c
	}
	file("A", matter(record.NewID(), "weber", "hundesteuer-anmelden", "Hundesteuer anmelden", "Müller", "1980-02-01"))
	*now = time.Date(2026, 3, 31, 23, 0, 0, 0, time.Local)
	b := file("B", matter(record.NewID(), "kaya", "fundsache-melden", "Fundsache melden", "Müller", "1980-12-01"))
	*now = time.Date(2026, 4, 1, 8, 0, 0, 0, time.Local)
	scan, doc := paper(record.NewID(), "Vertrag")
	file("C", append(matter(scan.Case, "weber", "fundsache-melden", "Fundsache melden", "Hund", "1908-02-01"), scan))
	_, err := s.Apply(ctx,
		record.Edit{Case: b.ID, Kind: record.KindState, User: "kaya", Payload: record.StateStep{To: record.StateDone}},
		record.Edit{Case: b.ID, Kind: record.KindNote, User: "kaya", Payload: record.Note{Text: "Rückruf wegen der gelben Tasche, geb. 1.2.1980"}})
	check(t, err)
	check(t, s.IndexText(ctx, doc.ID, "", []string{"Seite eins über Müller", "Der Bescheid vom 01.02.2026 wurde widerrufen, gelbe Tasche", "Tasche, gelbe"}))
	draft := record.Draft{
		ID: record.NewID(), Service: "hundesteuer-anmelden", Title: "Müller, Ina", User: "weber", Created: *now, Updated: *now, Note: "die gelbe Tasche",
		Values: record.Values{"wer/name": "Müller", "wer/geboren": "1980-02-01"},
	}
	check(t, s.SaveDraft(ctx, draft))
	names[""] = "draft"

	try := func(t *testing.T) {
		for _, c := range []struct{ typed, want string }{
			{"müller", "B A draft C"},
			{"müller offen", "A draft C"},
			{"müller erledigt", "B"},
			{"offen erledigt müller", "B A draft C"},
			{"müller meine", "A draft C"},
			{"meine", "draft C A"},
			{"offen", "draft C A"},
			{"erledigt", "B"},
			{"leistung:hund", "draft A"},
			{"service:melden", "C B"},
			{`leistung:"hund melden"`, ""},
			{"müller leistung:fund", "B C"},
			{"von:2026-04", "draft C"},
			{"bis:2026-03", "A B"},
			{"von:2026-02 bis:2026-03", "B"},
			{"von:31.3.2026 bis:31.3.26", "B"},
			{"müller bis:1/2026", "A"},
			{"geb:1.2.1980", "draft A"},
			{"geb:01.02.80", "draft A"},
			{"geb:1980-02-01", "draft A"},
			{"geb:1980 erledigt", "B"},
			{"müller geb:12/1980", "B"},
			{"1.2.1980", "draft B A"},
			{"1980-02-01", "draft B A"},
			{"01.02.80", "draft B A"},
			{"1.2.08", "C"},
			{"1.2.2026", "C"},
			{"im Postausgang", "C B A"},
			{"im postausgang fundsache", "C B"},
			{"entwurf", "draft"},
			{"entwurf müller", "draft"},
			{"entwurf hasso", ""},
			{`"gelben tasche"`, "B"},
			{`"gelbe tasche"`, "draft C"},
			{`gelbe tasche`, "draft B C"},
			{`"gelbe tasch"`, ""},
			{"seite:3 tasche", "C"},
			{"seite:2 tasche bescheid", "C"},
			{"seite:1 tasche", ""},
			{"tasche erledigt", "B"},
			{"bescheid erledigt", ""},
			{"bescheid meine", "C"},
			{"farbe:gelb", ""},
		} {
			hits, err := s.FindAs(ctx, "weber", c.typed, 20)
			check(t, err)
			var got []string
			for _, h := range hits {
				got = append(got, names[h.Case.ID])
				if (h.Draft != "") != (h.Case.ID == "") {
					t.Errorf("%q: %+v", c.typed, h)
				}
			}
			slices.Sort(got)
			want := strings.Fields(c.want)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", c.typed, got, want)
			}
		}
	}
	t.Run("behind the index", try)
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
		_, err := x.indexStale(ctx)
		return err
	}))
	t.Run("in the index", try)

	hits, err := s.FindAs(ctx, "weber", `"gelbe tasche"`, 20)
	check(t, err)
	last := hits[len(hits)-1]
	if last.Field != hitText || last.Page != 2 || last.Doc != doc.ID || !slices.Equal(last.Words, []string{"gelb", "tasche"}) && !slices.Equal(last.Words, []string{"gelbe", "tasche"}) ||
		!strings.Contains(last.Snippet, "\x02gelbe\x03 \x02Tasche\x03") {
		t.Errorf("%+v", last)
	}
	hits, err = s.FindAs(ctx, "weber", "seite:3 tasche", 20)
	check(t, err)
	if hits[0].Page != 3 {
		t.Errorf("%+v", hits[0])
	}
}

// Papers of cases that somebody still works on come before those that are done, and within each the newest first.
func TestPapersOfOpenCasesComeFirst(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	var want []string
	for i := range 6 {
		add, doc := paper(record.NewID(), "Vertrag "+string(rune('a'+i)))
		c, err := s.Submit(ctx, "", append(dog(add.Case, "Nord", "Uwe", "Fiffi"), add))
		check(t, err)
		check(t, s.IndexText(ctx, doc.ID, "", []string{"die Haftpflicht"}))
		if i%2 == 0 {
			_, err := s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindState, User: "w", Payload: record.StateStep{To: record.StateDone}})
			check(t, err)
			want = append(want, c.Number)
		} else {
			want = append([]string{c.Number}, want...)
		}
	}
	// open: newest first; done: oldest first in the list above
	slices.Reverse(want[3:])
	hits, err := s.Find(ctx, "haftpflicht", 20)
	check(t, err)
	var got []string
	for _, h := range hits {
		got = append(got, h.Case.Number)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
