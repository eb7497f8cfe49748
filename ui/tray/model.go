package tray

import (
	"context"
	"slices"

	"schalter/data/record"
	"schalter/data/sorting"
)

// Slot is a proof that a case has room for.
type Slot struct{ ID, Label string }

// Info is what is shown of a case before anything is filed in it.
type Info struct {
	ID      record.ID
	Number  string
	Party   string
	Service string
	Slots   []Slot
}

// Item is a group as it is shown.
type Item struct {
	sorting.Group
	Stack    sorting.Stack
	Case     Info // zero where there is none
	Scanning bool // its stack is still being scanned: it may not be complete
}

// ProofLabel is the proof's name, "" for none.
func (i Item) ProofLabel() string {
	for _, s := range i.Case.Slots {
		if s.ID == i.Proof {
			return s.Label
		}
	}
	return i.Proof
}

// Ready reports whether the group can be filed.
func (i Item) Ready() bool { return i.Sorted() && i.Shown() > 0 && !i.Scanning }

// model is what is known of the tray. All of it belongs to the window's goroutine.
type model struct {
	n       Needs
	changed func() // shows what there is now
	say     func(words message)

	items    []Item
	loaded   bool
	loading  bool
	again    bool
	err      error // why it could not be read
	key      record.ID
	page     int
	marked   map[record.ID]bool
	undone   []step
	scan     *scanning
	reading  bool
	cannot   map[record.ID]error // pages that could not be looked at in this run
	filing   int                 // documents still to be filed
	filed    []step              // of those begun together
	orphaned bool                // stacks that were cut off are ended
}

// message is something told to the clerk: a key with its arguments, or an error.
type message struct {
	key   string
	args  []any
	count int // of what the key counts; 0: it counts nothing
	err   error
	good  bool // it can be taken back
}

// step is something that can be taken back.
type step struct {
	undo func(ctx context.Context) error
	key  record.ID // the group to go to
	said message
}

func newModel(n Needs, changed func(), say func(message)) *model {
	return &model{n: n, changed: changed, say: say, marked: map[record.ID]bool{}, cannot: map[record.ID]error{}}
}

// load reads the tray and sorts it. Asked for again while it runs, it runs once more.
func (m *model) load() {
	if m.loading {
		m.again = true
		return
	}
	m.loading, m.again = true, false
	scanned := m.scanned()
	end := !m.orphaned
	m.n.Run(func(ctx context.Context) func() {
		items, err := m.read(ctx, scanned, end)
		return func() { m.took(items, err) }
	})
}

func (m *model) scanned() record.ID {
	if m.scan == nil {
		return ""
	}
	return m.scan.stack.ID
}

func (m *model) took(items []Item, err error) {
	m.loading, m.err = false, err
	if err == nil {
		m.items, m.loaded, m.orphaned = items, true, true
		m.choose(m.key)
	}
	if m.again {
		m.load()
	}
	m.readNext()
	m.changed()
}

// read runs away from the window.
func (m *model) read(ctx context.Context, scanned record.ID, end bool) ([]Item, error) {
	id, err := m.n.Store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	stacks, err := m.n.Store.Tray(ctx)
	if err != nil {
		return nil, err
	}
	known, infos := map[string]sorting.Known{}, map[string]Info{}
	for _, st := range stacks {
		for _, number := range numbers(st) {
			if _, done := infos[number]; done {
				continue
			}
			c, found, err := m.n.Store.Numbered(ctx, number)
			if err != nil {
				return nil, err
			}
			infos[number] = Info{}
			if found {
				infos[number], known[number] = m.info(c)
			}
		}
	}
	office := sorting.Office{Authority: sorting.Authority(id), Case: func(number string) (sorting.Known, bool) {
		k, ok := known[number]
		return k, ok
	}}
	var sure, unsure []Item
	for _, st := range stacks {
		if end && !st.Done && st.ID != scanned {
			if err := m.n.Store.EndTray(ctx, st.ID, true); err != nil {
				return nil, err
			}
			st.Done, st.Cut = true, true
		}
		for _, g := range sorting.Sort(st, office) {
			i := Item{Group: g, Stack: st, Case: infos[g.Number], Scanning: st.ID == scanned}
			if g.Sorted() {
				sure = append(sure, i)
			} else {
				unsure = append(unsure, i)
			}
		}
	}
	return append(unsure, sure...), nil
}

// numbers are the case numbers that a stack's sheets and decisions name.
func numbers(st sorting.Stack) (out []string) {
	for _, p := range st.Pages {
		if p.Given != nil && p.Given.Number != "" {
			out = append(out, p.Given.Number)
		}
		for _, text := range p.Codes {
			if c, err := sorting.ParseCode(text); err == nil && c.Kind == sorting.KindCover {
				out = append(out, c.Number)
			}
		}
	}
	return out
}

// info is what is shown of a case, and what sorting has to know of it.
func (m *model) info(c record.Case) (Info, sorting.Known) {
	i := Info{ID: c.ID, Number: c.Number, Party: c.Party().Name(), Service: m.n.Texts.Name(c.Title)}
	k := sorting.Known{
		ID: c.ID, Number: c.Number, Deleted: c.Deleted, Closed: c.State == record.StateDone || c.State == record.StateWithdrawn,
	}
	f, err := m.n.Forms.Get(c.Form)
	if err != nil {
		return i, k // whatever proof is named is taken for one
	}
	k.Proofs = []string{}
	for _, p := range f.Proofs {
		i.Slots = append(i.Slots, Slot{p.ID, p.Label.In(m.n.Texts.Lang())})
		k.Proofs = append(k.Proofs, p.ID)
	}
	return i, k
}

// selected is the group that is looked at.
func (m *model) selected() (Item, bool) {
	i := m.index()
	if i < 0 {
		return Item{}, false
	}
	return m.items[i], true
}

func (m *model) index() int {
	return slices.IndexFunc(m.items, func(i Item) bool { return i.Key == m.key })
}

// choose goes to a group; one that is gone is replaced by the one in its place.
func (m *model) choose(key record.ID) {
	at := m.index()
	other := key != m.key
	m.key = key
	if m.index() < 0 {
		m.key, other = "", true
		if len(m.items) > 0 {
			m.key = m.items[min(max(at, 0), len(m.items)-1)].Key
		}
	}
	i, ok := m.selected()
	if other {
		m.page, m.marked = i.first(), map[record.ID]bool{}
	}
	if ok {
		m.page = min(m.page, len(i.Leaves)-1)
	}
}

// first is the page to look at first: the first that is shown, or where something is wrong with the sheet, that.
func (i Item) first() int {
	if !i.Sorted() {
		return 0
	}
	return max(slices.IndexFunc(i.Leaves, func(l sorting.Leaf) bool { return !l.Out() }), 0)
}

// leaf is the page that is looked at.
func (m *model) leaf() (sorting.Leaf, bool) {
	i, ok := m.selected()
	if !ok || m.page < 0 || m.page >= len(i.Leaves) {
		return sorting.Leaf{}, false
	}
	return i.Leaves[m.page], true
}

// chosen are the pages that something is done with: those that are marked, else all of the group.
func (m *model) chosen() (out []record.ID) {
	i, _ := m.selected()
	for _, l := range i.Leaves {
		if m.marked[l.Page.ID] {
			out = append(out, l.Page.ID)
		}
	}
	if len(out) > 0 {
		return out
	}
	return pagesOf(i)
}

// these are the pages that something is done with: those that are marked, else the one that is looked at.
func (m *model) these() []record.ID {
	if len(m.marked) > 0 {
		return m.chosen()
	}
	if l, ok := m.leaf(); ok {
		return []record.ID{l.Page.ID}
	}
	return nil
}

func pagesOf(i Item) (out []record.ID) {
	for _, l := range i.Leaves {
		out = append(out, l.Page.ID)
	}
	return out
}

// leavesOf are the group's pages as they are shown.
func leavesOf(i Item) (out []sorting.Page) {
	for _, l := range i.Leaves {
		out = append(out, l.Page)
	}
	return out
}

// mark takes the page that is looked at into what is chosen, or out of it, and goes on to the next.
func (m *model) mark() {
	l, ok := m.leaf()
	if !ok {
		return
	}
	if m.marked[l.Page.ID] {
		delete(m.marked, l.Page.ID)
	} else {
		m.marked[l.Page.ID] = true
	}
	if i, _ := m.selected(); m.page+1 < len(i.Leaves) {
		m.page++
	}
	m.changed()
}

// sure lists the groups that may be filed together.
func (m *model) sure() (out []Item) {
	for _, i := range m.items {
		if i.Sure() && i.Ready() {
			out = append(out, i)
		}
	}
	return out
}

// pages counts the pages in the tray.
func (m *model) pages() (n int) {
	for _, i := range m.items {
		n += len(i.Leaves)
	}
	return n
}
