// Package find is the search over everything: numbers first, then names, then what was typed, then the
// text of scans, shown as it is typed.
//
// It promises that typing never waits for a search: one search runs at a time, off the UI goroutine, and
// the next one takes what was typed meanwhile. It says how old the data are.
package find

import (
	"context"
	"strings"

	"schalter/data/record"
	"schalter/data/search"
)

// Store searches.
type Store interface {
	FindAs(ctx context.Context, user, query string, limit int) ([]record.Hit, error)
}

const limit = 60

// Model is a search that is being typed. All methods but [Model.Search] belong to the UI goroutine.
type Model struct {
	store   Store
	user    string // whose cases are hers
	typed   string
	shown   string // the query whose hits are shown
	hits    []record.Hit
	err     error
	running bool
}

// NewModel makes an empty search.
func NewModel(store Store, user string) *Model { return &Model{store: store, user: user} }

// Type notes what stands in the field now and says whether a search is to be started.
func (m *Model) Type(query string) (start bool) {
	m.typed = strings.TrimSpace(query)
	if m.typed == "" {
		m.hits, m.err, m.shown = nil, nil, ""
		return false
	}
	if m.running || m.typed == m.shown {
		return false
	}
	m.running = true
	return true
}

// Query is what a search started now would look for.
func (m *Model) Query() string { return m.typed }

// Answer is what a search found.
type Answer struct {
	Query string
	Hits  []record.Hit
	Err   error
}

// Search asks the store. It may run on any goroutine.
func (m *Model) Search(ctx context.Context, query string) Answer {
	hits, err := m.store.FindAs(ctx, m.user, query, limit)
	return Answer{Query: query, Hits: hits, Err: err}
}

// Take puts an answer in place and says whether another search is to be started, because more was typed.
// An answer to something that is no longer wanted at all is not shown.
func (m *Model) Take(a Answer) (again bool) {
	m.running = false
	if m.typed == "" {
		return false
	}
	m.hits, m.err, m.shown = a.Hits, a.Err, a.Query
	if a.Query != m.typed {
		m.running = true
		return true
	}
	return false
}

// Hits are what is shown.
func (m *Model) Hits() []record.Hit { return m.hits }

// Err is why the search failed, or nil.
func (m *Model) Err() error { return m.err }

// Chips are what was understood of what was typed, beside the words.
func (m *Model) Chips() []search.Chip { return search.Parse(m.typed).Chips }

// More reports whether there may be more hits than are shown.
func (m *Model) More() bool { return len(m.hits) >= limit }

// Nothing reports that a finished search found nothing.
func (m *Model) Nothing() bool {
	return m.shown != "" && m.shown == m.typed && len(m.hits) == 0 && m.err == nil
}
