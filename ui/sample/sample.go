// Package sample is a small made-up town hall: cases, drafts, a search and a line, all in memory.
//
// It is for the storybook and for tests of screens. It promises the same content every time, down to the
// ids. It is never part of the desk's program.
package sample

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/search"
)

// Now is the moment at which the town hall stands still.
var Now = time.Date(2026, 11, 23, 10, 50, 0, 0, time.FixedZone("CET", 3600))

// Clock always says [Now].
func Clock() time.Time { return Now }

// User is who works at the desk.
const User = "M. Weber"

// Store holds the town hall. It has every method that the screens' interfaces ask for.
type Store struct {
	mu       sync.Mutex
	cases    []*file
	drafts   []record.Draft
	settings map[string]string
	identity record.Identity
	many     int // further rows in the office's list, made up as they are asked for
	watchers map[chan struct{}]bool
	Fail     error // every reading answers this while it is set
}

type file struct {
	row     record.CaseRow
	c       record.Case
	journal []record.JournalEntry
}

// Forms is the library that ships with the program.
func Forms() (*form.Library, error) { return form.Load(assets.Files) }

// New makes the town hall; many further rows fill the office's list.
func New(lib *form.Library, many int) *Store {
	s := &Store{settings: map[string]string{}, many: many, watchers: map[chan struct{}]bool{}}
	s.identity = record.Identity{Device: id(1), Authority: "Musterstadt", Tenant: "musterstadt", Office: "MS", Desk: 1, Centre: "https://zentrale.musterstadt.example"}
	s.fill(lib)
	return s
}

// Empty makes a town hall on its first day.
func Empty() *Store {
	return &Store{settings: map[string]string{}, watchers: map[chan struct{}]bool{}, identity: record.Identity{Device: id(1)}}
}

func id(n int) record.ID { return record.ID(fmt.Sprintf("0193537a-0000-7000-8000-%012d", n)) }

// Changed tells watchers that something changed.
func (s *Store) Changed() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Watch gives a signal after every change.
func (s *Store) Watch() (<-chan struct{}, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := make(chan struct{}, 1)
	s.watchers[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	}
}

func (s *Store) list(v record.View, user string) []*file {
	var out []*file
	for _, f := range s.cases {
		in := map[record.View]bool{
			record.ViewToday:     true,
			record.ViewMine:      f.c.User == user,
			record.ViewOffice:    f.row.State != record.StateDone,
			record.ViewConflicts: len(f.c.Conflicts) > 0,
			record.ViewDone:      f.row.State == record.StateDone,
		}[v]
		if in {
			out = append(out, f)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].row.Updated.After(out[j].row.Updated) })
	return out
}

// Cases lists a view.
func (s *Store) Cases(_ context.Context, v record.View, user string, offset, limit int) ([]record.CaseRow, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return nil, 0, s.Fail
	}
	all := s.list(v, user)
	total := len(all)
	if v == record.ViewOffice {
		total += s.many
	}
	var out []record.CaseRow
	for i := offset; i < min(offset+limit, total); i++ {
		if i < len(all) {
			out = append(out, all[i].row)
		} else {
			out = append(out, madeUp(i))
		}
	}
	return out, total, nil
}

func madeUp(i int) record.CaseRow {
	names := []string{"Schneider, Anna", "Fischer, Karl", "Weber, Ilse", "Wagner, Jörg", "Öztürk, Ayşe", "Nowak, Jan"}
	return record.CaseRow{
		ID: id(100_000 + i), Number: record.Number{Office: "MS", Desk: 2, Year: 26, Seq: 1 + i%99_999}.String(),
		Service: "hundesteuer-anmelden", Title: map[string]string{"de": "Hund anmelden", "en": "Register a dog"},
		Party: names[i%len(names)], State: record.StateSubmitted, Delivery: record.DeliveryCentre, Updated: Now.Add(-time.Duration(i) * time.Minute),
	}
}

func (s *Store) find(i record.ID) (*file, error) {
	if s.Fail != nil {
		return nil, s.Fail
	}
	for _, f := range s.cases {
		if f.row.ID == i {
			return f, nil
		}
	}
	return nil, record.E(record.CodeNotFound, nil)
}

// Row reads a case's line.
func (s *Store) Row(_ context.Context, i record.ID) (record.CaseRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(i)
	if err != nil {
		return record.CaseRow{}, err
	}
	return f.row, nil
}

// Case reads a case.
func (s *Store) Case(_ context.Context, i record.ID) (record.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(i)
	if err != nil {
		return record.Case{}, err
	}
	return f.c, nil
}

// Journal reads a case's history.
func (s *Store) Journal(_ context.Context, i record.ID) ([]record.JournalEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(i)
	if err != nil {
		return nil, err
	}
	return append([]record.JournalEntry{}, f.journal...), nil
}

// Link makes cases come from one interview.
func (s *Store) Link(ids ...record.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range ids {
		if f, err := s.find(i); err == nil {
			f.c.Bundle = ids[0]
		}
	}
}

// Bundle lists the cases of one interview.
func (s *Store) Bundle(_ context.Context, i record.ID) ([]record.CaseRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []record.CaseRow
	for _, f := range s.cases {
		if i != "" && f.c.Bundle == i {
			out = append(out, f.row)
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Number < out[b].Number })
	return out, s.Fail
}

// Apply records notes, events and what becomes of documents.
func (s *Store) Apply(_ context.Context, edits ...record.Edit) ([]record.Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range edits {
		f, err := s.find(e.Case)
		if err != nil {
			return nil, err
		}
		entry := record.JournalEntry{Change: record.NewID(), Kind: e.Kind, Time: Now, User: e.User, Device: s.identity.Device}
		switch p := e.Payload.(type) {
		case record.Note:
			entry.Text = p.Text
			f.c.Notes = append(f.c.Notes, record.NoteEntry{ID: entry.Change, Text: p.Text, Time: Now, User: e.User})
		case record.Event:
			entry.Text = p.What
		default:
			if err := f.paper(&entry, e); err != nil {
				return nil, err
			}
		}
		f.journal = append(f.journal, entry)
		f.row.Delivery, f.row.Updated = record.DeliveryWaiting, Now
	}
	s.Changed()
	return nil, nil
}

// Counts counts the lists.
func (s *Store) Counts(_ context.Context, user string) (record.Counts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return record.Counts{}, s.Fail
	}
	c := record.Counts{
		Today: len(s.list(record.ViewToday, user)), Mine: len(s.list(record.ViewMine, user)),
		Office: len(s.list(record.ViewOffice, user)) + s.many, Conflicts: len(s.list(record.ViewConflicts, user)), Drafts: len(s.drafts),
	}
	for _, r := range s.outbox() {
		c.Waiting++
		if r.File != "" {
			c.Files++
		} else {
			c.Outbox += r.Changes
		}
		if c.Oldest.IsZero() || r.Since.Before(c.Oldest) {
			c.Oldest = r.Since
		}
	}
	return c, nil
}

// Outbox lists what waits.
func (s *Store) Outbox(context.Context) ([]record.OutboxRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return nil, s.Fail
	}
	return s.outbox(), nil
}

func (s *Store) outbox() []record.OutboxRow {
	var out []record.OutboxRow
	for _, f := range s.cases {
		row := record.OutboxRow{Case: f.row.ID, Number: f.row.Number, Party: f.row.Party, Title: f.row.Title, Since: f.row.Updated, Delivery: f.row.Delivery}
		switch f.row.Delivery {
		case record.DeliveryRejected:
			row.Reason = record.CodeRejected
		case record.DeliveryWaiting, record.DeliverySending:
		default:
			continue
		}
		row.What, row.Changes = record.KindFields, max(f.row.Waiting, 1)
		out = append(out, row)
		for _, d := range f.c.Documents {
			row.File, row.Bytes, row.Changes, row.What = d.Title, d.Shown.Size, 0, ""
			out = append(out, row)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Since.Before(out[j].Since) })
	return out
}

// FindAs is Find with the filters of services and states.
func (s *Store) FindAs(ctx context.Context, _, query string, limit int) ([]record.Hit, error) {
	q := search.Parse(query)
	if q.Filter.None() {
		return s.Find(ctx, query, limit)
	}
	all, err := s.Find(ctx, strings.Join(q.Words, " "), 1000)
	return slices.DeleteFunc(all, func(h record.Hit) bool {
		done := h.Case.State == record.StateDone || h.Case.State == record.StateWithdrawn
		return !q.Filter.Service(h.Case.Service, h.Case.Title["de"]) || q.Filter.Open && done || q.Filter.Done && !done
	}), err
}

// Find looks for a word in numbers, names and documents.
func (s *Store) Find(_ context.Context, query string, limit int) ([]record.Hit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return nil, s.Fail
	}
	q := strings.ToLower(query)
	mark := func(text string) (string, bool) {
		i := strings.Index(strings.ToLower(text), q)
		if i < 0 || len(strings.ToLower(text)) != len(text) {
			return "", false
		}
		return text[:i] + "\x02" + text[i:i+len(q)] + "\x03" + text[i+len(q):], true
	}
	var out []record.Hit
	for _, field := range []string{"number", "party", "text"} {
		for _, f := range s.cases {
			text := map[string]string{"number": f.row.Number, "party": f.row.Party, "text": pageText(f.c)}[field]
			if snip, ok := mark(text); ok && len(out) < limit {
				h := record.Hit{Case: f.row, Field: field, Snippet: snip}
				if field == "text" && len(f.c.Documents) > 0 {
					h.Doc, h.Page = f.c.Documents[0].ID, 2
				}
				out = append(out, h)
			}
		}
	}
	return out, nil
}

func pageText(c record.Case) string {
	for _, d := range c.Documents {
		return "… hiermit wird der " + d.Title + " zwischen dem Tierschutzverein Rüsselsheim e. V. und der unterzeichnenden Person geschlossen …"
	}
	return ""
}

// Drafts lists what is being typed.
func (s *Store) Drafts(context.Context) ([]record.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return nil, s.Fail
	}
	return append([]record.Draft{}, s.drafts...), nil
}

// SetLive marks all drafts as cut off, or as parked.
func (s *Store) SetLive(live bool) {
	for i := range s.drafts {
		s.drafts[i].Live = live
	}
}

// DiscardDraft removes a draft.
func (s *Store) DiscardDraft(_ context.Context, i record.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, d := range s.drafts {
		if d.ID == i {
			s.drafts = append(s.drafts[:k], s.drafts[k+1:]...)
			s.Changed()
			return nil
		}
	}
	return record.E(record.CodeNotFound, nil)
}

// Identity says which desk it is.
func (s *Store) Identity(context.Context) (record.Identity, error) { return s.identity, nil }

// SetIdentity changes it, as enrolment does.
func (s *Store) SetIdentity(_ context.Context, i record.Identity) error {
	s.identity = i
	return nil
}

// Setting reads a small setting.
func (s *Store) Setting(_ context.Context, key string) (string, error) { return s.settings[key], nil }

// SetSetting writes one.
func (s *Store) SetSetting(_ context.Context, key, value string) error {
	s.settings[key] = value
	return nil
}

// Line is a line to the centre in a fixed state.
type Line struct {
	State record.Link
	Woken int
}

// Link is the line's state.
func (l *Line) Link() record.Link { return l.State }

// Changed never signals.
func (l *Line) Changed() (<-chan struct{}, func()) { return nil, func() {} }

// Wake counts.
func (l *Line) Wake() { l.Woken++ }

// Offline is a line that has been down since a little after nine.
func Offline() *Line {
	return &Line{State: record.Link{Configured: true, Since: Now.Add(-98 * time.Minute), LastSync: Now.Add(-100 * time.Minute)}}
}

// Online is a line that works.
func Online() *Line {
	return &Line{State: record.Link{Configured: true, Online: true, Since: Now.Add(-time.Hour), LastSync: Now.Add(-time.Minute)}}
}
