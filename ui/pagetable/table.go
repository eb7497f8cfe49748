package pagetable

import (
	"maps"
	"slices"

	"schalter/data/record"
)

// Page is one page on the table. It is never changed: an action puts another one in its place.
type Page struct {
	record.Sheet // without Original, which only counts within a document
	From         record.Original
	Key          int // names the page as long as the table lives
	seq          int // of the original among all on the table, in the order they were received
}

// Group is a document on the table.
type Group struct {
	ID    record.ID
	Title string
	Proof string
	Pages []*Page
	rest  []int // originals without a page, by seq
}

// Shown counts the pages that are not taken out.
func (g *Group) Shown() int {
	n := 0
	for _, p := range g.Pages {
		if !p.Out {
			n++
		}
	}
	return n
}

// state is what lies on the table. Neither it nor its groups are changed once they are kept.
type state []*Group

// source is an original and what is known about how it came.
type source struct {
	original  record.Original
	document  record.ID // that it came with
	anomalies []string  // codes
}

// Table is the pages of documents being put in order, with what is selected. It belongs to one goroutine.
type Table struct {
	now        state
	undo, redo []state
	bases      map[record.ID]record.Document // as they were given or last said
	past       map[record.ID][]record.Document
	kin        map[record.ID]record.ID // documents that were parted off, and from which
	sources    []source
	keys       int
	newID      func() record.ID

	selected map[int]bool // by key
	cursor   int          // key of the page that the keys act on
	anchor   int          // key of where a range began
}

// New lays documents on the table.
func New(documents []record.Document, newID func() record.ID) *Table {
	t := &Table{newID: newID}
	t.lay(documents)
	return t
}

func (t *Table) lay(documents []record.Document) {
	t.now, t.undo, t.redo, t.sources = nil, nil, nil, nil
	t.bases, t.past, t.kin = map[record.ID]record.Document{}, map[record.ID][]record.Document{}, map[record.ID]record.ID{}
	t.selected = map[int]bool{}
	for _, d := range documents {
		t.now = append(t.now, t.group(d))
	}
	if p := t.At(0); p != nil {
		t.cursor, t.anchor = p.Key, p.Key
		t.selected[p.Key] = true
	}
}

// group takes a document apart.
func (t *Table) group(d record.Document) *Group {
	t.base(d)
	first := len(t.sources)
	for i, o := range d.Originals {
		t.sources = append(t.sources, source{original: o, document: d.ID, anomalies: anomaliesOf(d, i+1)})
	}
	g := &Group{ID: d.ID, Title: d.Title, Proof: d.Proof}
	used := map[int]bool{}
	for _, s := range Sheets(d) {
		if s.Original < 0 || s.Original >= len(d.Originals) {
			continue
		}
		used[s.Original] = true
		g.Pages = append(g.Pages, t.page(s, d.Originals[s.Original], first+s.Original))
	}
	for i := range d.Originals {
		if !used[i] {
			g.rest = append(g.rest, first+i)
		}
	}
	return g
}

func (t *Table) page(s record.Sheet, o record.Original, seq int) *Page {
	t.keys++
	s.Original = 0
	return &Page{Sheet: s, From: o, Key: t.keys, seq: seq}
}

// Groups are the documents in their order. They must not be changed.
func (t *Table) Groups() []*Group { return t.now }

// Len is how many pages lie on the table, those taken out included.
func (t *Table) Len() int {
	n := 0
	for _, g := range t.now {
		n += len(g.Pages)
	}
	return n
}

// At is the page at a place, counted through all documents; nil where there is none.
func (t *Table) At(i int) *Page {
	if i < 0 {
		return nil
	}
	for _, g := range t.now {
		if i < len(g.Pages) {
			return g.Pages[i]
		}
		i -= len(g.Pages)
	}
	return nil
}

// Index is the place of a page; -1 where it does not lie on the table.
func (t *Table) Index(key int) int {
	n := 0
	for _, g := range t.now {
		for _, p := range g.Pages {
			if p.Key == key {
				return n
			}
			n++
		}
	}
	return -1
}

// Of is the document that the page at a place belongs to, and its place there.
func (t *Table) Of(i int) (group, at int) {
	for g := range t.now {
		if n := len(t.now[g].Pages); i >= n {
			i -= n
			continue
		}
		return g, i
	}
	return -1, -1
}

// Cursor is the place of the page that the keys act on; -1 on an empty table.
func (t *Table) Cursor() int { return t.Index(t.cursor) }

// Select selects one page only.
func (t *Table) Select(i int) {
	if p := t.At(i); p != nil {
		clear(t.selected)
		t.selected[p.Key] = true
		t.cursor, t.anchor = p.Key, p.Key
	}
}

// Point moves the cursor and leaves the selection as it is.
func (t *Table) Point(i int) {
	if p := t.At(i); p != nil {
		t.cursor, t.anchor = p.Key, p.Key
	}
}

// Extend selects all pages from where the selection began to this one.
func (t *Table) Extend(i int) {
	p := t.At(i)
	if p == nil {
		return
	}
	from := max(0, t.Index(t.anchor))
	clear(t.selected)
	for k := min(from, i); k <= max(from, i); k++ {
		t.selected[t.At(k).Key] = true
	}
	t.cursor = p.Key
}

// Toggle adds a page to the selection or takes it out of it.
func (t *Table) Toggle(i int) {
	p := t.At(i)
	if p == nil {
		return
	}
	if t.selected[p.Key] && len(t.selected) > 1 {
		delete(t.selected, p.Key)
	} else {
		t.selected[p.Key] = true
	}
	t.cursor, t.anchor = p.Key, p.Key
}

// SelectAll selects every page.
func (t *Table) SelectAll() {
	for _, g := range t.now {
		for _, p := range g.Pages {
			t.selected[p.Key] = true
		}
	}
}

// SelectGroup selects the pages of the cursor's document.
func (t *Table) SelectGroup() {
	g, _ := t.Of(t.Cursor())
	if g < 0 {
		return
	}
	clear(t.selected)
	for _, p := range t.now[g].Pages {
		t.selected[p.Key] = true
	}
}

// Selected reports whether a page is selected.
func (t *Table) Selected(p *Page) bool { return t.selected[p.Key] }

// Selection lists the selected pages in their order.
func (t *Table) Selection() []*Page {
	var out []*Page
	for _, g := range t.now {
		for _, p := range g.Pages {
			if t.selected[p.Key] {
				out = append(out, p)
			}
		}
	}
	return out
}

// settle keeps cursor and selection on pages that lie on the table; at is where the cursor was.
func (t *Table) settle(at int) {
	there := map[int]bool{}
	for _, g := range t.now {
		for _, p := range g.Pages {
			there[p.Key] = true
		}
	}
	maps.DeleteFunc(t.selected, func(k int, _ bool) bool { return !there[k] })
	if !there[t.cursor] {
		t.cursor = 0
		if p := t.At(max(0, min(at, t.Len()-1))); p != nil {
			t.cursor = p.Key
		}
	}
	if !there[t.anchor] {
		t.anchor = t.cursor
	}
	if len(t.selected) == 0 && t.cursor != 0 {
		t.selected[t.cursor] = true
	}
}

// mostSteps bounds what can be taken back.
const mostSteps = 1000

// commit puts a new state in place of the present one.
func (t *Table) commit(next state) {
	at := t.Cursor()
	t.undo = append(t.undo, t.now)
	if len(t.undo) > mostSteps {
		t.undo = slices.Delete(t.undo, 0, 1)
	}
	t.redo = nil
	t.now = next
	t.settle(at)
}

// Undo takes the last step back; false where there is none.
func (t *Table) Undo() bool { return t.step(&t.undo, &t.redo) }

// Redo takes the last undo back.
func (t *Table) Redo() bool { return t.step(&t.redo, &t.undo) }

func (t *Table) step(from, to *[]state) bool {
	if len(*from) == 0 {
		return false
	}
	at := t.Cursor()
	*to = append(*to, t.now)
	t.now = (*from)[len(*from)-1]
	*from = (*from)[:len(*from)-1]
	t.settle(at)
	return true
}

// Steps tells how many steps can be taken back and forth.
func (t *Table) Steps() (back, forth int) { return len(t.undo), len(t.redo) }
