package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
)

func TestJourney(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	d := record.Draft{ID: record.NewID(), User: "weber", Service: "hundesteuer-anmelden", Values: record.Values{"halter/name": "Yıldız"}, Live: true}
	check(t, s.SaveDraft(ctx, d))
	id := record.NewID()
	edits := dog(id, "Yıldız", "Emre", "Bello")
	scan, doc := paper(id, "Haftpflicht")
	c, err := s.Submit(ctx, d.ID, append(edits, scan))
	check(t, err)
	if c.Number != (record.Number{Office: "MS", Desk: 1, Year: 26, Seq: 1}).String() || c.State != record.StateSubmitted || len(c.Documents) != 1 {
		t.Fatalf("submitted as %+v", c)
	}
	if _, err := s.Draft(ctx, d.ID); record.CodeOf(err) != record.CodeNotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	kept, err := s.Case(ctx, id)
	check(t, err)
	if diff := cmp.Diff(c, kept); diff != "" {
		t.Errorf("returned and kept case differ: %s", diff)
	}
	again, err := s.Submit(ctx, d.ID, edits)
	check(t, err)
	if again.Number != c.Number {
		t.Errorf("submitting twice gives %s and %s", c.Number, again.Number)
	}
	check(t, s.IndexText(ctx, doc.ID, "", []string{"Die Versicherung", "bestätigt die Schadenssumme von 5.000.000 €"}))
	for query, want := range map[string]string{
		c.Number: "number", "ms-1-26-1": "number", "1": "number", "yildi": "party", "emre yıl": "party", "labr": "field",
		"grosse gasse": "field", "bello yild": "field", "hundesteuer": "field", "schadenss": "text", "haftpfl": "field",
	} {
		hits, err := s.Find(ctx, query, 10)
		check(t, err)
		if len(hits) != 1 || hits[0].Case.ID != id || hits[0].Field != want {
			t.Errorf("%q finds %+v, want the case by its %s", query, hits, want)
		}
	}
	counts, err := s.Counts(ctx, "weber")
	check(t, err)
	want := record.Counts{Today: 1, Mine: 1, Office: 1, Outbox: 6, Files: 3, Waiting: 2, Oldest: counts.Oldest}
	if counts != want || counts.Oldest.IsZero() {
		t.Errorf("counts %+v, want %+v", counts, want)
	}
	for _, v := range []record.View{record.ViewToday, record.ViewMine, record.ViewOffice} {
		rows, total, err := s.Cases(ctx, v, "weber", 0, 10)
		check(t, err)
		if total != 1 || len(rows) != 1 || rows[0].Party != "Yıldız, Emre" || rows[0].Subject != "Bello" || rows[0].Delivery != record.DeliveryWaiting {
			t.Errorf("%s: %d, %+v", v, total, rows)
		}
	}
	sound(t, s)
}

func TestReopenKeepsEverything(t *testing.T) {
	dir, o := t.TempDir(), testOptions()
	s, err := Create(t.Context(), dir, o)
	check(t, err)
	enrol(t, s, 3)
	c := submit(t, s, "Müller", "Ina", "Rex")
	check(t, s.SetSetting(t.Context(), "look", "dark"))
	check(t, s.Close())
	s, err = Open(t.Context(), dir, o)
	check(t, err)
	defer s.Close()
	kept, err := s.Case(t.Context(), c.ID)
	check(t, err)
	if diff := cmp.Diff(c, kept); diff != "" {
		t.Error(diff)
	}
	if v, err := s.Setting(t.Context(), "look"); v != "dark" || err != nil {
		t.Errorf("setting %q, %v", v, err)
	}
	n := submit(t, s, "Müller", "Ina", "Rex").Number
	if n == c.Number {
		t.Errorf("number %s was given twice", n)
	}
	sound(t, s)
}

// What the store gave away belongs to whoever got it.
func TestCallersMayAlterWhatTheyGot(t *testing.T) {
	s := desk(t, 1)
	edits := dog(record.NewID(), "Weber", "Ina", "Rex")
	spoil := func(c record.Case) {
		for g := range c.Groups {
			c.Groups[g].Values["halter/name"] = "verdorben"
			delete(c.Groups, g)
		}
		c.Title["de"] = "verdorben"
	}
	c, err := s.Submit(t.Context(), "", edits)
	check(t, err)
	id := c.ID
	for range 2 {
		spoil(c)
		ch, err := s.Apply(t.Context(), record.Edit{Case: id, Kind: record.KindNote, Payload: record.Note{Text: "x"}})
		check(t, err)
		clear(ch[0].Payload)
		c, err = s.Case(t.Context(), id)
		check(t, err)
		spoil(c)
		c, err = s.Submit(t.Context(), "", edits)
		check(t, err)
	}
	sound(t, s)
	if c, err := s.Case(t.Context(), id); err != nil || c.Party().Name() != "Weber, Ina" || len(c.Notes) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}
