package checks

import (
	"context"
	"slices"

	"schalter/data/record"
	"schalter/data/transfer"
)

// views are the lists, in their order on the screen.
var views = []record.CheckView{record.CheckSample, record.CheckOpen, record.CheckBlocked, record.CheckFree}

// portion is how many scans are read at once.
const portion = 100

// list is what is known of the lists.
type list struct {
	view   record.CheckView
	rows   []record.CheckRow
	totals map[record.CheckView]int
	share  int
	limit  int
	loaded bool
	err    error
	// answered are scans whose check is being stored: they have left the list already.
	answered map[record.ID]bool
}

// state is one reading of the store.
type state struct {
	view   record.CheckView
	rows   []record.CheckRow
	totals map[record.CheckView]int
	share  int
	err    error
}

// read reads a list and how long the others are. It may run on any goroutine.
func read(ctx context.Context, o Office, view record.CheckView, limit int) state {
	s := state{view: view, totals: map[record.CheckView]int{}}
	for _, v := range views {
		n := 0
		if v == view {
			n = limit
		}
		rows, total, err := o.Checks(ctx, v, 0, n)
		if err != nil {
			s.err = err
			return s
		}
		if s.totals[v] = total; v == view {
			s.rows = rows
		}
	}
	s.share, _, s.err = o.Share(ctx)
	return s
}

// take puts a reading in place.
func (l *list) take(s state) {
	if l.err = s.err; s.err != nil || s.view != l.view {
		return
	}
	l.loaded, l.totals, l.share = true, s.totals, s.share
	l.rows = slices.DeleteFunc(s.rows, func(r record.CheckRow) bool { return l.answered[r.Document.ID] })
}

// more tells that the list goes on behind what is here.
func (l *list) more() bool { return len(l.rows) < l.totals[l.view]-len(l.answered) }

func (l *list) index(id record.ID) int {
	return slices.IndexFunc(l.rows, func(r record.CheckRow) bool { return r.Document.ID == id })
}

// inspection is one scan that is being looked at.
type inspection struct {
	row   record.CheckRow
	seen  map[int]bool // pages that were in sight, from 1
	wrong map[record.Point]bool
}

func inspect(r record.CheckRow) *inspection {
	return &inspection{row: r, seen: map[int]bool{}, wrong: map[record.Point]bool{}}
}

// unseen are the pages that were not in sight yet.
func (i *inspection) unseen(of int) (pages []int) {
	for p := 1; p <= of; p++ {
		if !i.seen[p] {
			pages = append(pages, p)
		}
	}
	return pages
}

// points are those that are wrong, in their order.
func (i *inspection) points() (out []record.Point) {
	for _, p := range record.Points() {
		if i.wrong[p] {
			out = append(out, p)
		}
	}
	return out
}

// same tells that a reading shows what is looked at: then the clerk goes on where she is.
func (i *inspection) same(r record.CheckRow) bool {
	a, b := i.row.Document, r.Document
	return a.ID == b.ID && transfer.Shows(b, a.Shown.Hash) && len(a.Checks) == len(b.Checks) && len(a.Originals) == len(b.Originals)
}

// leaf is a page of an original.
type leaf struct {
	original, page int
	out            bool // it is not shown
}

// leaves are the pages of a document's originals in the order of the sheets, also those that were taken out.
func leaves(d record.Document) (out []leaf) {
	for _, s := range d.Sheets {
		if s.Original >= 0 && s.Original < len(d.Originals) {
			out = append(out, leaf{s.Original, s.Page, s.Out})
		}
	}
	if len(d.Sheets) > 0 {
		return out
	}
	if len(d.Originals) == 1 {
		for p := range max(d.Pages, 1) {
			out = append(out, leaf{0, p, false})
		}
		return out
	}
	for i := range d.Originals {
		out = append(out, leaf{i, 0, false})
	}
	return out
}

// leafOf is the leaf that a page of what is shown comes from, from 1; -1: not known.
func leafOf(all []leaf, page int) int {
	for i, l := range all {
		if l.out {
			continue
		}
		if page--; page == 0 {
			return i
		}
	}
	return -1
}
