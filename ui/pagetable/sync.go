package pagetable

import (
	"maps"
	"slices"

	"schalter/data/record"
)

// Sync tells the table how the documents are now, after pages were scanned or files came, after a PDF was made
// or its words were read. Pages that came are laid where the documents have them, into every earlier state
// too: taking steps back never loses them. Where something else was changed the table begins anew, without
// steps; false then.
func (t *Table) Sync(documents []record.Document) bool {
	mine := t.Documents()
	if slices.EqualFunc(mine, documents, func(a, b record.Document) bool {
		return a.ID == b.ID && a.Title == b.Title && a.Proof == b.Proof && SamePages(a, b)
	}) {
		t.adopt(documents)
		return true
	}
	if t.arrivals(documents) {
		t.adopt(documents)
		return true
	}
	cursor := t.At(t.Cursor())
	t.lay(documents)
	if cursor != nil {
		t.find(cursor)
	}
	return false
}

// find puts the cursor on the page that shows the same.
func (t *Table) find(like *Page) {
	for i := range t.Len() {
		if p := t.At(i); p.From.Blob == like.From.Blob && p.Page == like.Page {
			t.Select(i)
			return
		}
	}
}

// adopt takes over what is not a matter of pages.
func (t *Table) adopt(documents []record.Document) {
	for _, d := range documents {
		t.base(d)
	}
	for _, g := range t.now {
		d := t.bases[g.ID]
		for i, seq := range t.seqs(g) {
			if i < len(d.Originals) {
				t.sources[seq].document, t.sources[seq].anomalies = d.ID, anomaliesOf(d, i+1)
			}
		}
	}
}

// base notes how a document is now. How it was before is kept, so that steps taken back bring it back with its
// PDF.
func (t *Table) base(d record.Document) {
	t.bases[d.ID] = d
	same := func(o record.Document) bool { return SamePages(o, d) }
	p := append(slices.DeleteFunc(t.past[d.ID], same), d)
	t.past[d.ID] = p[max(0, len(p)-mostPast):]
}

// mostPast bounds how many former states of a document are kept with their PDF.
const mostPast = 30

// newcomer is a page that came.
type newcomer struct {
	page   *Page
	group  record.ID
	behind int // key of the page in front; 0: it is the first
}

// arrivals takes documents that are those on the table with further pages, or with what was found out about
// their pages. False: they are not.
func (t *Table) arrivals(documents []record.Document) bool {
	keep := *t
	keep.bases, keep.past, keep.sources = maps.Clone(t.bases), maps.Clone(t.past), slices.Clone(t.sources)
	var came []newcomer
	var fresh []*Group
	seen := map[int]record.Sheet{} // by key, what is known now
	left := slices.Clone(t.now)
	for _, d := range documents {
		i := slices.IndexFunc(left, func(g *Group) bool { return g.ID == d.ID })
		if i < 0 {
			if _, known := t.bases[d.ID]; known {
				return false
			}
			fresh = append(fresh, keep.group(d))
			continue
		}
		if i > 0 || len(fresh) > 0 || left[0].Title != d.Title || left[0].Proof != d.Proof {
			return false
		}
		more, ok := keep.grown(left[0], d, seen)
		if !ok {
			return false
		}
		came = append(came, more...)
		left = left[1:]
	}
	if len(left) > 0 {
		return false
	}
	t.bases, t.past, t.sources, t.keys = keep.bases, keep.past, keep.sources, keep.keys
	t.now = with(t.now, came, fresh, seen)
	for _, h := range [][]state{t.undo, t.redo} {
		for i := range h {
			h[i] = with(h[i], came, fresh, seen)
		}
	}
	t.settle(t.Cursor())
	return true
}

// grown finds the pages that a document has beyond those on the table.
func (t *Table) grown(g *Group, d record.Document, seen map[int]record.Sheet) ([]newcomer, bool) {
	from := t.seqs(g)
	if len(from) > len(d.Originals) {
		return nil, false
	}
	for i, seq := range from {
		if t.sources[seq].original != d.Originals[i] {
			return nil, false
		}
	}
	first := len(t.sources)
	for i := len(from); i < len(d.Originals); i++ {
		t.sources = append(t.sources, source{original: d.Originals[i], document: d.ID, anomalies: anomaliesOf(d, i+1)})
		from = append(from, len(t.sources)-1)
	}
	var came []newcomer
	k, behind := 0, 0
	for _, s := range Sheets(d) {
		if s.Original < 0 || s.Original >= len(from) {
			return nil, false
		}
		if from[s.Original] >= first {
			p := t.page(s, d.Originals[s.Original], from[s.Original])
			came = append(came, newcomer{page: p, group: g.ID, behind: behind})
			behind = p.Key
			continue
		}
		if k >= len(g.Pages) || g.Pages[k].seq != from[s.Original] || g.Pages[k].Page != s.Page {
			return nil, false
		}
		behind = g.Pages[k].Key
		if s.Original = 0; !SameSheet(s, g.Pages[k].Sheet) {
			seen[behind] = s
		}
		k++
	}
	return came, k == len(g.Pages)
}

// with is a state with the pages that came and with what was found out about pages that nobody has changed
// there.
func with(s state, came []newcomer, fresh []*Group, seen map[int]record.Sheet) state {
	out := make(state, 0, len(s)+len(fresh))
	for _, g := range s {
		c := *g
		c.Pages = slices.Clone(g.Pages)
		for i, p := range c.Pages {
			if q, ok := known(p, seen); ok {
				c.Pages[i] = q
			}
		}
		out = append(out, &c)
	}
	for _, n := range came {
		place(out, n)
	}
	return append(out, fresh...)
}

// known is a page with what was found out about it.
func known(p *Page, seen map[int]record.Sheet) (*Page, bool) {
	s, ok := seen[p.Key]
	if !ok || SameSheet(s, p.Sheet) {
		return p, false
	}
	q := *p
	q.Blank = q.Blank || s.Blank
	if q.Skew == 0 {
		q.Skew = s.Skew
	}
	q.Out = q.Out || s.Out // another one was scanned in its place
	return &q, true
}

// place puts a page that came behind the one it came behind, else at the end of its document, else at the very
// end.
func place(s state, n newcomer) {
	if len(s) == 0 {
		return
	}
	to, at := s[len(s)-1], -1
	for _, g := range s {
		if g.ID == n.group {
			to = g
		}
	}
	if n.behind == 0 {
		at = 0
	}
	for _, g := range s {
		if i := slices.IndexFunc(g.Pages, func(p *Page) bool { return p.Key == n.behind }); i >= 0 {
			to, at = g, i+1
		}
	}
	if at < 0 {
		at = len(to.Pages)
	}
	to.Pages = slices.Insert(to.Pages, at, n.page)
}
