package tray

import (
	"context"
	"slices"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/stack"
)

// Item is a group as it is shown.
type Item = stack.Item

// model is what is known of the tray. All of it belongs to the window's goroutine.
type model struct {
	n       Needs
	changed func() // shows what there is now
	say     func(words message)

	items   []Item
	loaded  bool
	loading bool
	again   bool
	err     error // why it could not be read
	key     record.ID
	page    int
	marked  map[record.ID]bool
	undone  []step
	scan    *stack.Scan
	reading bool
	cannot  map[record.ID]error // pages that could not be looked at in this run
	filing  int                 // documents still to be filed
	filed   []stack.Filed       // of those begun together
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
	m.n.Run(func(ctx context.Context) func() {
		items, err := m.read(ctx)
		return func() { m.took(items, err) }
	})
}

func (m *model) took(items []Item, err error) {
	m.loading, m.err = false, err
	if err == nil {
		m.items, m.loaded = items, true
		m.choose(m.key)
	}
	if m.again {
		m.load()
	}
	m.readNext()
	m.changed()
}

// read runs away from the window. What needs somebody comes first.
func (m *model) read(ctx context.Context) ([]Item, error) {
	all, err := m.n.Room.Items(ctx, m.n.Texts)
	slices.SortStableFunc(all, func(a, b Item) int { return rank(a) - rank(b) })
	return all, err
}

func rank(i Item) int {
	if i.Sorted() {
		return 1
	}
	return 0
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
		m.page, m.marked = first(i), map[record.ID]bool{}
	}
	if ok {
		m.page = min(m.page, len(i.Leaves)-1)
	}
}

// first is the page to look at first: the first that is shown, or where something is wrong with the sheet, that.
func first(i Item) int {
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
	return i.IDs()
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
