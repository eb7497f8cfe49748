// Package mark says where the marks of a document are shown after its pages were put in order: moved, turned, laid
// straight, cut or left out.
//
// It is for the fold (package sync/merge), which must come to the same on every desk, and for screens that show an
// older version with the marks it had. A mark is remembered as it was put on a page (record.Anchor) and always
// carried from there, never from where it was carried to before: a page that is turned four times has its marks
// where they were, and one that comes back brings its marks along.
//
// It promises that what is blackened stays blackened: as long as any part of a page is shown, every part of it that
// a black mark covered is covered, whatever was done with the page; where it is not known how a page lies, the whole
// page is covered, and where it is not known which page it is, all of them are. A covering may become larger, never
// smaller, and a black mark on a page that is shown is never missing among the marks, even where the covered part
// was cut away: the content is still in the file, and whoever exports it has to know.
//
// It never looks at a page, and never changes what was put.
package mark

import (
	"slices"

	"schalter/data/record"
)

// Pages is how a document is shown.
type Pages struct {
	Of     record.Hash    // the rendition, without regard to words (record.Document.PagesOf)
	Sheets []record.Sheet // in the order of the pages; nil: not known
	Count  int            // of the pages
}

// PagesOf is how a document is shown now.
func PagesOf(d record.Document) Pages {
	p := Pages{Of: d.PagesOf(d.Shown.Hash), Count: d.Pages}
	shown := slices.DeleteFunc(d.AllSheets(), func(s record.Sheet) bool { return s.Out })
	if len(shown) == d.Pages && len(shown) > 0 {
		p.Sheets = shown
	}
	return p
}

// PagesOfVersion is how a document was shown in one of its versions.
func PagesOfVersion(d record.Document, v record.Version) Pages {
	p := PagesOf(record.Document{Originals: d.Originals, Sheets: v.Sheets, Pages: v.Pages})
	p.Of = d.PagesOf(v.Shown.Hash)
	return p
}

// Put remembers how a mark was put on a page.
func Put(m record.Mark, on Pages) record.Anchor {
	a := record.Anchor{Mark: m, Of: on.Of}
	if m.Page >= 0 && m.Page < len(on.Sheets) {
		s := on.Sheets[m.Page]
		a.Sheet = &s
	}
	return a
}

// Show tells where marks are shown. One whose page is not among the pages is not shown; it stays an anchor.
func Show(anchors []record.Anchor, on Pages) []record.Mark {
	var out []record.Mark
	for _, a := range anchors {
		out = append(out, show(a, on)...)
	}
	return out
}

// whole is a page.
var whole = record.Box{X1: 1, Y1: 1}

func show(a record.Anchor, on Pages) []record.Mark {
	switch {
	case a.Of == on.Of:
		return []record.Mark{a.Mark}
	case a.Sheet == nil || on.Sheets == nil:
		return anywhere(a.Mark, on.Count)
	}
	var out []record.Mark
	for i, s := range on.Sheets {
		if s.Original != a.Sheet.Original || s.Page != a.Sheet.Page {
			continue
		}
		m := a.Mark
		m.Page, m.Boxes = i, carry(a.Mark, *a.Sheet, s)
		if len(m.Boxes) == 0 {
			continue
		}
		out = append(out, m)
		if m.Kind != record.MarkBlack {
			break // it is there once, even where the page is there twice
		}
	}
	return out
}

// anywhere shows a mark of which nobody knows where its page is now.
func anywhere(m record.Mark, pages int) []record.Mark {
	if m.Kind != record.MarkBlack {
		m.Page = max(0, min(m.Page, pages-1))
		return []record.Mark{m}
	}
	out := make([]record.Mark, max(1, pages))
	for i := range out {
		out[i] = m
		out[i].Page, out[i].Boxes = i, []record.Box{whole}
	}
	return out
}
