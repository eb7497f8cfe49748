package merge

import (
	"slices"

	"schalter/data/mark"
	"schalter/data/record"
)

// Marks are put on a page of what a clerk sees, which another clerk may be putting in order at that time. As long
// as nobody puts pages in order, Marks holds them as they were put. From the first such version on Anchors holds
// them so, each with the page as it lay, and Marks is made of these for what is shown.

func marked(d *record.Document, ch record.Change, p record.DocumentMarked) effect {
	m := p.Mark
	m.Time, m.User, m.Boxes = ch.Time, ch.User, within(m.Boxes)
	if slices.Contains(d.Unmarked, m.ID) {
		return nothing
	}
	if p.Gone {
		d.Unmarked = append(slices.Clip(d.Unmarked), m.ID)
		d.Marks = slices.DeleteFunc(slices.Clone(d.Marks), func(k record.Mark) bool { return k.ID == m.ID })
		d.Anchors = slices.DeleteFunc(slices.Clone(d.Anchors), func(a record.Anchor) bool { return a.Mark.ID == m.ID })
		return edited
	}
	if len(d.Anchors) == 0 && (p.Of == "" || d.PagesOf(p.Of) == d.PagesOf(d.Shown.Hash)) {
		d.Marks = replaced(d.Marks, m, func(k record.Mark) record.ID { return k.ID })
		return edited
	}
	anchor(d)
	d.Anchors = replaced(d.Anchors, mark.Put(m, pagesThen(d, p.Of)), func(a record.Anchor) record.ID { return a.Mark.ID })
	carry(d)
	return edited
}

// replaced is a list with one in place of the one with the same id, or behind all.
func replaced[T any](all []T, one T, id func(T) record.ID) []T {
	if i := slices.IndexFunc(all, func(k T) bool { return id(k) == id(one) }); i >= 0 {
		all = slices.Clone(all)
		all[i] = one
		return all
	}
	return append(slices.Clip(all), one)
}

// pagesThen is how a document was shown when something was put on it. A rendition that has not come yet is known
// by name only.
func pagesThen(d *record.Document, of record.Hash) mark.Pages {
	if of == "" || d.PagesOf(of) == d.PagesOf(d.Shown.Hash) {
		return mark.PagesOf(*d)
	}
	root := d.PagesOf(of)
	for _, v := range slices.Backward(d.Versions) {
		if v.Shown.Hash == root {
			return mark.PagesOfVersion(*d, v)
		}
	}
	return mark.Pages{Of: root}
}

// sheetsThen are the sheets of a rendition that is not shown any more, nil where it says nothing of them.
func sheetsThen(d *record.Document, of record.Hash) []record.Sheet {
	for _, v := range slices.Backward(d.Versions) {
		if v.Shown.Hash == of {
			return v.Sheets
		}
	}
	return nil
}

// anchor remembers where the marks of a document are, before something else is shown of it.
func anchor(d *record.Document) {
	if len(d.Anchors) > 0 || len(d.Marks) == 0 {
		return
	}
	on := mark.PagesOf(*d)
	for _, m := range d.Marks {
		d.Anchors = append(d.Anchors, mark.Put(m, on))
	}
}

// carry puts the marks where their pages are shown now.
func carry(d *record.Document) {
	if len(d.Anchors) == 0 {
		return
	}
	on := mark.PagesOf(*d)
	d.Anchors = slices.Clone(d.Anchors)
	for i, a := range d.Anchors { // those that were put on what comes only now
		if a.Sheet == nil && a.Of != on.Of {
			d.Anchors[i] = mark.Put(a.Mark, pagesThen(d, a.Of))
		}
		if a.Sheet == nil && a.Of == on.Of {
			d.Anchors[i] = mark.Put(a.Mark, on)
		}
	}
	d.Marks = mark.Show(d.Anchors, on)
}

// MarksOn are the marks of a document as they lie on one of its versions.
func MarksOn(d record.Document, v record.Version) []record.Mark {
	return mark.Show(Anchors(d), mark.PagesOfVersion(d, v))
}

// spell writes out which pages a document and its versions show where they only say "all", before originals come
// that they know nothing of.
func spell(d *record.Document, was record.Document) {
	if len(d.Originals) == len(was.Originals) {
		return
	}
	if len(d.Sheets) == 0 {
		d.Sheets = was.AllSheets()
	}
	d.Versions = slices.Clone(d.Versions)
	for i, v := range d.Versions {
		if len(v.Sheets) == 0 {
			d.Versions[i].Sheets = record.Document{Originals: was.Originals, Pages: v.Pages}.AllSheets()
		}
	}
}

// Beside are the versions of a document's pages that were made at the same time as what is shown, by somebody who
// saw neither the other: the one that came later in the order of the centre is shown, and in the other may be a page
// that is not.
func Beside(d record.Document) (out []record.Version) {
	last := pagesMade(d)
	if last.Change == "" {
		return nil
	}
	for _, v := range d.Versions {
		if v.Why == record.WhyPages && v.Change != last.Change && d.PagesOf(v.Of) == d.PagesOf(last.Of) && d.PagesOf(v.Shown.Hash) != d.PagesOf(d.Shown.Hash) && !built(d, v) {
			out = append(out, v)
		}
	}
	return out
}

// pagesMade is the version whose pages are shown.
func pagesMade(d record.Document) record.Version {
	now := Shown(d)
	if now.Why == record.WhyPages {
		return now
	}
	for _, v := range slices.Backward(d.Versions) {
		if v.Why == record.WhyPages && d.PagesOf(v.Shown.Hash) == d.PagesOf(d.Shown.Hash) {
			return v
		}
	}
	return record.Version{}
}

// built reports whether somebody has made another version of this one.
func built(d record.Document, v record.Version) bool {
	of := d.PagesOf(v.Shown.Hash)
	return slices.ContainsFunc(append(slices.Clip(d.Versions), Shown(d)), func(o record.Version) bool {
		return o.Why == record.WhyPages && o.Change != v.Change && d.PagesOf(o.Of) == of
	})
}

// Anchors are the marks of a document as they were put.
func Anchors(d record.Document) []record.Anchor {
	anchor(&d)
	return d.Anchors
}
