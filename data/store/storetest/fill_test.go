package storetest

import (
	"testing"

	"schalter/data/record"
	"schalter/data/store"
)

func TestFillMakesASoundStore(t *testing.T) {
	ctx := t.Context()
	s, err := store.Create(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := Fill(ctx, s, 300, 90); err != nil {
		t.Fatal(err)
	}
	r, err := s.Verify(ctx, nil)
	if err != nil || len(r.Problems) > 0 || r.Cases != 300 {
		t.Fatalf("%+v, %v", r, err)
	}
	_, open, err := s.Cases(ctx, record.ViewOffice, "", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, done, err := s.Cases(ctx, record.ViewDone, "", 0, 1)
	if err != nil || open+done != 300 || open == 0 {
		t.Fatalf("%d open, %d done, %v", open, done, err)
	}
	for query, field := range map[string]string{"müll": "party", "haftpflichtv": "text", "MS-7": "number", "labrador": "field"} {
		hits, err := s.Find(ctx, query, 10)
		if err != nil || len(hits) == 0 || hits[0].Field != field {
			t.Errorf("%q: %+v, %v", query, hits, err)
		}
	}
}
