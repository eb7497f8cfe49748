package store

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
)

func TestSeveralCasesOfOneDraftComeTogetherOrNotAtAll(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	d := record.Draft{ID: record.NewID(), Service: "vereinsfest", User: "weber"}
	if err := s.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	a, b := record.NewID(), record.NewID()
	edits := append(dog(a, "Yıldız", "Emre", "Balu"), dog(b, "Yıldız", "Emre", "Rex")...)
	bad := record.Edit{Case: b, Kind: record.KindState, User: "weber", Payload: record.Note{Text: "no step"}}
	if _, err := s.SubmitAll(ctx, d.ID, append(slices.Clip(edits), bad)); err == nil {
		t.Fatal("an edit that does not fit was taken")
	}
	if _, err := s.Case(ctx, a); record.CodeOf(err) != record.CodeNotFound {
		t.Errorf("the first case is there without the second: %v", err)
	}
	if _, err := s.Draft(ctx, d.ID); err != nil {
		t.Errorf("the draft is gone: %v", err)
	}
	all, err := s.SubmitAll(ctx, d.ID, edits)
	if err != nil || len(all) != 2 || all[0].ID != a || all[1].ID != b || all[0].Number == all[1].Number || all[0].Number == "" {
		t.Fatalf("%+v, %v", all, err)
	}
	again, err := s.SubmitAll(ctx, d.ID, edits)
	if err != nil || again[0].Number != all[0].Number || again[1].Number != all[1].Number {
		t.Fatalf("submitted twice: %+v, %v", again, err)
	}
	if _, err := s.Draft(ctx, d.ID); record.CodeOf(err) != record.CodeNotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	mixed := append(dog(record.NewID(), "A", "A", "A"), edits[1], edits[0])
	for name, e := range map[string][]record.Edit{"nothing": nil, "not opened": edits[1:2], "mixed": mixed} {
		if _, err := s.SubmitAll(ctx, "", e); err == nil {
			t.Errorf("%s: submitted", name)
		}
	}
}

// A draft that is there again after its case was made, because the store was set back, is submitted once more:
// the case keeps its number, and nothing typed meanwhile is lost or put over what the case says.
func TestWhatADraftSaysBeyondItsCaseIsKept(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	d := record.Draft{ID: record.NewID(), Service: "hundesteuer-anmelden", User: "weber"}
	note := func(text string) record.Edit {
		return record.Edit{Case: d.ID, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: text}}
	}
	scan, _ := paper(d.ID, "Haftpflicht")
	first, err := s.Submit(ctx, d.ID, append(dog(d.ID, "Yıldız", "Emre", "Balu"), note("am Telefon")))
	check(t, err)
	check(t, s.SaveDraft(ctx, d))
	for range 2 {
		again, err := s.Submit(ctx, d.ID, append(dog(d.ID, "Yıldız", "Emre", "Bella"), note("am Telefon"), note("kommt wieder"), scan))
		check(t, err)
		if again.Number != first.Number || len(again.Notes) != 2 || len(again.Documents) != 1 {
			t.Errorf("%s, %d notes, %d papers", again.Number, len(again.Notes), len(again.Documents))
		}
		if len(again.Conflicts) != 1 || again.Role(record.RoleSubject) != "Balu" || again.Conflicts[0].Other.Values["hund/rufname"] != "Bella" {
			t.Errorf("the dog's other name is not in sight: %+v", again.Conflicts)
		}
		kept, err := s.Case(ctx, d.ID)
		check(t, err)
		if diff := cmp.Diff(again, kept); diff != "" {
			t.Errorf("returned and kept case differ: %s", diff)
		}
	}
	if _, err := s.Draft(ctx, d.ID); record.CodeOf(err) != record.CodeNotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	sound(t, s)
}
