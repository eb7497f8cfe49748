package capture

import (
	"slices"
	"strings"

	"schalter/data/record"
)

// sheetsOf are the pages of a document that is shown as it came, else those it has.
func sheetsOf(d record.Document) []record.Sheet {
	if len(d.Sheets) > 0 {
		return slices.Clone(d.Sheets)
	}
	var out []record.Sheet
	for i := range d.Originals {
		out = append(out, record.Sheet{Original: i})
	}
	if len(out) == 1 { // a file may have several
		for p := 1; p < d.Pages; p++ {
			out = append(out, record.Sheet{Page: p})
		}
	}
	return out
}

// changedPages brings what depends on a document's pages up to date: the PDF no longer shows them, and what
// the clerk vouched for was another paper.
func changedPages(d *record.Document) {
	d.Pages = 0
	for _, s := range d.Sheets {
		if !s.Out {
			d.Pages++
		}
	}
	d.Shown, d.MediaType, d.Text, d.Language, d.Unread = record.BlobRef{}, "", record.BlobRef{}, "", nil
	recount(d)
	if d.Transfer != nil {
		d.Transfer.Match = false
	}
}

// recount brings the note of transfer in line with the pages. It makes the note the document's own.
func recount(d *record.Document) {
	if d.Transfer == nil {
		return
	}
	tr := *d.Transfer
	tr.Pages, tr.Out, tr.Blank, tr.Originals = len(d.Originals), 0, nil, nil
	for _, o := range d.Originals {
		tr.Originals = append(tr.Originals, o.Blob.Hash)
	}
	for _, s := range d.Sheets {
		if s.Out {
			tr.Out++
		}
		if s.Blank {
			tr.Blank = append(tr.Blank, s.Original+1)
		}
	}
	slices.Sort(tr.Blank)
	d.Transfer = &tr
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

// wordSep stands between the names of several devices and between several settings.
const wordSep = "; "

func words(s string) []string { return strings.Split(s, wordSep) }

// samePages reports whether two states of a document show the same.
func samePages(a, b record.Document) bool {
	same := func(x, y record.Original) bool { return x == y }
	return a.Title == b.Title && slices.EqualFunc(a.Originals, b.Originals, same) && slices.EqualFunc(a.Sheets, b.Sheets, sameSheet)
}

func sameSheet(a, b record.Sheet) bool {
	crop := a.Crop == nil && b.Crop == nil || a.Crop != nil && b.Crop != nil && *a.Crop == *b.Crop
	a.Crop, b.Crop = nil, nil
	return crop && a == b
}
