package store

import (
	"testing"

	"schalter/data/record"
)

func TestPlaces(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	scan, doc := paper(record.NewID(), "Ausweis")
	c, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	same := doc
	same.ID, same.Title = record.NewID(), "Noch einmal"
	second := record.NewID()
	_, err = s.Submit(ctx, "", append(dog(second, "Meier", "Jo", "Bello"),
		record.Edit{Case: second, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: same}}))
	check(t, err)
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{{ID: record.NewID(), Title: "Entwurf", Originals: doc.Originals}}}
	check(t, s.SaveDraft(ctx, draft))
	check(t, s.SaveDraft(ctx, record.Draft{ID: record.NewID(), Note: string(doc.Originals[0].Blob.Hash)}))
	h := doc.Originals[0].Blob.Hash
	want := func(what string, h record.Hash, titles ...string) []record.Place {
		t.Helper()
		got, err := s.Places(ctx, h)
		check(t, err)
		if len(got) != len(titles) {
			t.Fatalf("%s: %+v", what, got)
		}
		for i, p := range got {
			if p.Title != titles[i] {
				t.Errorf("%s: %+v", what, got)
			}
		}
		return got
	}
	got := want("original", h, "Noch einmal", "Ausweis", "Entwurf")
	if got[1].Case != c.ID || got[1].Number != c.Number || got[1].Document != doc.ID || got[1].Trashed || got[2].Draft != draft.ID || got[2].Case != "" {
		t.Errorf("%+v", got)
	}
	want("shown", doc.Shown.Hash, "Noch einmal", "Ausweis")
	want("page texts are nobody's paper", doc.Text.Hash)
	want("unknown", record.HashOf([]byte("x")))
	want("nonsense", "%")

	// A file that lies in the trash is known, and said to lie there.
	_, err = s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: doc.ID}})
	check(t, err)
	if got := want("trash", h, "Noch einmal", "Ausweis", "Entwurf"); !got[1].Trashed || got[0].Trashed {
		t.Errorf("%+v", got)
	}
	// What was shown before still lies here.
	_, err = s.Apply(ctx, version(c.ID, doc, record.WhyPages, "v", true))
	check(t, err)
	want("version before", doc.Shown.Hash, "Noch einmal", "Ausweis")
	_, err = s.Apply(ctx, record.Edit{Case: second, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Base: lastOf(t, s, second)}})
	check(t, err)
	want("deleted case", h, "Ausweis", "Entwurf")
	check(t, s.DiscardDraft(ctx, draft.ID))
	want("discarded draft", h, "Ausweis")
}

func lastOf(t *testing.T, s *Store, id record.ID) record.ID {
	t.Helper()
	c, err := s.Case(t.Context(), id)
	check(t, err)
	return c.Last
}
