package store

import (
	"slices"
	"testing"

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
