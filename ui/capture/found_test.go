package capture_test

import (
	"testing"

	"schalter/data/record"
	"schalter/ui/capture/sample"
)

// A draft that was found by a word on one of its papers opens at that page, also where it lies open already.
func TestADraftOpensAtThePageThatWasFound(t *testing.T) {
	c := open(t, sample.Filling)
	draft := c.tab().ID()
	var docs []record.Document
	for _, slot := range c.tab().Slots() {
		docs = append(docs, slot.Papers...)
	}
	if len(docs) == 0 {
		t.Fatal("a draft without a paper")
	}
	d := docs[len(docs)-1]
	for _, page := range []int{2, 1, 2} {
		c.OpenAt(draft, d.ID, page, []string{"besitz"})
		c.Settle()
		if doc, at, waiting := c.PaperPage(); doc != d.ID || at != page || waiting {
			t.Errorf("page %d: %s page %d, %v", page, doc, at, waiting)
		}
	}
	c.OpenAt(draft, record.NewID(), 2, nil) // taken out meanwhile
	c.Settle()
	if doc, at, _ := c.PaperPage(); doc != d.ID || at != 2 || c.tab().ID() != draft {
		t.Errorf("%s page %d", doc, at)
	}
}
