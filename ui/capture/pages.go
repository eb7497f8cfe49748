package capture

import (
	"slices"
	"time"

	"schalter/data/record"
)

// onTable are the documents whose pages can be put in order: those that have come whole and consist of
// pictures.
func (t *Tab) onTable() []record.Document {
	var out []record.Document
	for _, d := range t.draft.Documents {
		if arrangeable(d) {
			out = append(out, d)
		}
	}
	return out
}

func arrangeable(d record.Document) bool {
	return len(d.Originals) > 0 && !slices.ContainsFunc(d.Originals, func(o record.Original) bool {
		return o.MediaType != "image/jpeg" && o.MediaType != "image/png"
	})
}

// Arrange takes over how pages were put in order: the documents of [Tab.onTable] become these. Those that show
// something else than before are bound again.
func (t *Tab) Arrange(documents []record.Document) {
	if t.phase != Filling {
		return
	}
	var all []record.Document
	left := slices.Clone(documents)
	last := -1
	for _, d := range t.draft.Documents {
		switch {
		case !arrangeable(d):
			all = append(all, d)
		case len(left) > 0:
			all, left = append(all, left[0]), left[1:]
			last = len(all) - 1
		}
	}
	t.draft.Documents = slices.Insert(all, last+1, left...)
	if t.paper(t.lastScan) < 0 {
		t.lastScan = ""
	}
	t.touch(true)
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
	t.rebind()
}

// rebindAfter is how long the clerk has to leave pages alone until they are made into a PDF.
const rebindAfter = 1500 * time.Millisecond

// rebind makes the PDFs that are missing once the clerk has left the pages alone for a moment.
func (t *Tab) rebind() {
	if t.waiting != nil {
		t.waiting()
	}
	t.waiting = t.m.w.Run.After(rebindAfter, func() {
		t.m.w.Run.Do(func() {
			if t.waiting = nil; !t.closed && t.phase == Filling {
				t.bindLeftovers()
			}
		})
	})
}

// Vouch notes that the clerk saw that a scan and its paper agree.
func (t *Tab) Vouch(id record.ID, on bool) {
	d, ok := t.Paper(id)
	if !ok || d.Transfer == nil || d.Transfer.Match == on || t.phase != Filling {
		return
	}
	t.change(id, func(d *record.Document) {
		tr := *d.Transfer
		tr.Match = on
		d.Transfer = &tr
	})
}
