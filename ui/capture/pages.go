package capture

import (
	"slices"
	"time"

	"schalter/data/record"
)

// onTable are the documents whose pages can be put in order.
func (t *Tab) onTable() []record.Document {
	var out []record.Document
	for _, d := range t.draft.Documents {
		if t.arrangeable(d) {
			out = append(out, d)
		}
	}
	return out
}

// arrangeable reports whether a document's pages can be put in order: pictures, and PDFs that were found to be
// neither signed nor locked.
func (t *Tab) arrangeable(d record.Document) bool {
	return len(d.Originals) > 0 && d.Pages > 0 && !slices.ContainsFunc(d.Originals, func(o record.Original) bool {
		switch o.MediaType {
		case "image/jpeg", "image/png", "image/tiff":
			return false
		case typePDF:
			why, known := t.apart[o.Blob.Hash]
			return !known || why != nil
		}
		return true
	})
}

const typePDF = "application/pdf"

// untried are PDFs of which it is not known whether they can be taken apart.
func (t *Tab) untried() []record.Original {
	var out []record.Original
	for _, d := range t.draft.Documents {
		for _, o := range d.Originals {
			if _, known := t.apart[o.Blob.Hash]; o.MediaType == typePDF && !known && t.m.w.Apart != nil {
				out = append(out, o)
			}
		}
	}
	return out
}

// try finds out which of the draft's PDFs can be taken apart, and calls then.
func (t *Tab) try(then func()) {
	open := t.untried()
	if len(open) == 0 {
		then()
		return
	}
	t.m.w.Run.Go(func() {
		why := make([]error, len(open))
		for i, o := range open {
			why[i] = t.m.w.Apart(t.m.ctx, o)
		}
		t.m.w.Run.Do(func() {
			if t.closed {
				return
			}
			if t.apart == nil {
				t.apart = map[record.Hash]error{}
			}
			for i, o := range open {
				t.apart[o.Blob.Hash] = why[i]
			}
			then()
		})
	})
}

// whole is why a document's pages cannot be put in order; nil where they can, or where it is not known.
func (t *Tab) whole(d record.Document) error {
	for _, o := range d.Originals {
		if err := t.apart[o.Blob.Hash]; err != nil {
			return err
		}
	}
	return nil
}

// Arrange takes over how pages were put in order: the documents that were on the table become those that lie
// there now. Those that show something else than before are bound again.
func (t *Tab) Arrange(before, now []record.Document) {
	if t.phase != Filling {
		return
	}
	var all []record.Document
	left := slices.Clone(now)
	last := -1
	for _, d := range t.draft.Documents {
		switch {
		case !slices.ContainsFunc(before, func(o record.Document) bool { return o.ID == d.ID }):
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

// bindNow makes the PDFs that the clerk would otherwise have to wait for.
func (t *Tab) bindNow() {
	if t.waiting != nil {
		t.waiting()
		t.waiting = nil
		t.bindLeftovers()
	}
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
