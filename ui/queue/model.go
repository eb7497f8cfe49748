// Package queue is the work list: very many cases, the selected one's summary beside them.
//
// It promises that moving in the list never waits for the store: rows come in pages, off the UI
// goroutine, and a row that is not there yet is drawn empty. When the store changes, rows in sight are
// read again without a flicker, and the selection stays on its case, wherever that moved to.
//
// It never changes a case.
package queue

import (
	"context"

	"schalter/data/record"
)

// Store is what the list reads.
type Store interface {
	Cases(ctx context.Context, v record.View, user string, offset, limit int) (rows []record.CaseRow, total int, err error)
	Case(ctx context.Context, id record.ID) (record.Case, error)
	Journal(ctx context.Context, id record.ID) ([]record.JournalEntry, error)
}

const (
	pageSize  = 200
	pagesKept = 16 // 3,200 rows; what scrolled farther away is read again
)

// Model holds the pages of one work list. All methods but [Model.Fetch] belong to the UI goroutine.
type Model struct {
	store Store
	view  record.View
	user  string

	total      int
	loaded     bool
	generation int // grows with every change of the store
	pages      map[int]page
	asked      map[int]int // page to the generation that was asked for
	order      []int       // pages by last use, oldest first
	selected   record.ID
	index      int // of the selected case, -1: none
}

type page struct {
	rows       []record.CaseRow
	generation int
}

// Page is one page as the store gave it.
type Page struct {
	Number, Generation, Total int
	Rows                      []record.CaseRow
	Err                       error
}

// NewModel makes an empty list of a view.
func NewModel(store Store, view record.View, user string) *Model {
	return &Model{store: store, view: view, user: user, pages: map[int]page{}, asked: map[int]int{}, index: -1}
}

// View returns which list it is.
func (m *Model) View() record.View { return m.view }

// Total is the number of cases in the list.
func (m *Model) Total() int { return m.total }

// Loaded reports whether the store has answered at least once.
func (m *Model) Loaded() bool { return m.loaded }

// Row returns a row, if its page is here.
func (m *Model) Row(i int) (record.CaseRow, bool) {
	p, ok := m.pages[i/pageSize]
	if !ok || i < 0 || i%pageSize >= len(p.rows) {
		return record.CaseRow{}, false
	}
	return p.rows[i%pageSize], true
}

// Stale notes that the store changed: everything here is shown until it was read again.
func (m *Model) Stale() { m.generation++ }

// Request is a page to be fetched.
type Request struct{ number, generation int }

// Wanted lists the pages that are needed to show the rows and were not asked for yet. Before the first
// answer that is the first page.
func (m *Model) Wanted(first, count int) []Request {
	last := max(first+count-1, first)
	if m.loaded {
		last = max(min(last, m.total-1), 0)
		first = min(first, last)
	}
	var out []Request
	for n := first / pageSize; n <= last/pageSize; n++ {
		m.touch(n)
		if p, ok := m.pages[n]; ok && p.generation == m.generation {
			continue
		}
		if g, ok := m.asked[n]; ok && g == m.generation {
			continue
		}
		m.asked[n] = m.generation
		out = append(out, Request{n, m.generation})
	}
	return out
}

func (m *Model) touch(n int) {
	for i, k := range m.order {
		if k == n {
			m.order = append(m.order[:i], m.order[i+1:]...)
			break
		}
	}
	m.order = append(m.order, n)
	for len(m.order) > pagesKept {
		delete(m.pages, m.order[0])
		m.order = m.order[1:]
	}
}

// Fetch reads a page. It may run on any goroutine.
func (m *Model) Fetch(ctx context.Context, r Request) Page {
	rows, total, err := m.store.Cases(ctx, m.view, m.user, r.number*pageSize, pageSize)
	return Page{Number: r.number, Generation: r.generation, Total: total, Rows: rows, Err: err}
}

// Take puts a fetched page in place. An answer that is older than what is here is dropped.
func (m *Model) Take(p Page) (changed bool) {
	if m.asked[p.Number] == p.Generation {
		delete(m.asked, p.Number)
	}
	if p.Err != nil {
		return false
	}
	if old, ok := m.pages[p.Number]; ok && old.generation > p.Generation {
		return false
	}
	m.total, m.loaded = p.Total, true
	m.pages[p.Number] = page{p.Rows, p.Generation}
	m.follow(p)
	return true
}

// follow finds the selected case again after rows moved.
func (m *Model) follow(p Page) {
	if m.selected == "" {
		return
	}
	if r, ok := m.Row(m.index); ok && r.ID == m.selected {
		return
	}
	for i, r := range p.Rows {
		if r.ID == m.selected {
			m.index = p.Number*pageSize + i
			return
		}
	}
}

// Select notes the selected row and returns its case, if it is here.
func (m *Model) Select(i int) (record.CaseRow, bool) {
	m.index = i
	r, ok := m.Row(i)
	m.selected = r.ID
	return r, ok
}

// Selected returns the index of the selected case, or -1, and its row if it is here.
func (m *Model) Selected() (int, record.CaseRow, bool) {
	r, ok := m.Row(m.index)
	if ok && m.selected != "" && r.ID != m.selected {
		return m.index, record.CaseRow{}, false
	}
	return m.index, r, ok
}

// Summary is what stands beside the list.
type Summary struct {
	Row     record.CaseRow
	Case    record.Case
	Journal []record.JournalEntry
	Err     error
}

// Summarise reads the summary of a case. It may run on any goroutine.
func (m *Model) Summarise(ctx context.Context, row record.CaseRow) Summary {
	s := Summary{Row: row}
	if s.Case, s.Err = m.store.Case(ctx, row.ID); s.Err != nil {
		return s
	}
	s.Journal, s.Err = m.store.Journal(ctx, row.ID)
	return s
}
