package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/data/search"
)

// The fields of a [record.Hit].
const (
	hitNumber = "number"
	hitParty  = "party"
	hitField  = "field"
	hitNote   = "note"
	hitText   = "text"
)

// snippetWidth is about how many letters of a text a hit shows.
const snippetWidth = 120

// Find looks for what was typed so far, each case once: numbers first, then names, then fields and notes,
// then the text of pages; within each the newest first.
func (s *Store) Find(ctx context.Context, query string, limit int) ([]record.Hit, error) {
	q := search.Parse(query)
	if q.Empty() || limit <= 0 {
		return nil, nil
	}
	f := finder{q: q, limit: limit, seen: map[int64]bool{}}
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		f.tx = t
		if err := f.lookIntoStale(ctx); err != nil {
			return err
		}
		for _, stage := range []func(context.Context) error{f.number, f.numberWords, f.party, f.field, f.pages} {
			if len(f.hits) >= limit {
				break
			}
			if err := stage(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return f.hits, err
}

// finder gathers the hits of one query.
type finder struct {
	*tx
	q     search.Query
	limit int
	seen  map[int64]bool
	hits  []record.Hit

	stale   map[int64]bool     // what the index says of these cases does not count
	matched map[string][]int64 // the stale cases that match, newest first, by the field they were found in
}

// lookIntoStale does for the few cases the index does not know yet what the index does for the others.
func (f *finder) lookIntoStale(ctx context.Context) error {
	cases, err := f.staleCases(ctx, allStale)
	if err != nil {
		return err
	}
	f.stale, f.matched = map[int64]bool{}, map[string][]int64{}
	for _, c := range cases {
		f.stale[c.key] = true
		w := wordsOf(c.Case)
		for _, by := range []struct {
			field string
			hit   bool
		}{
			{hitNumber, f.digits() && f.q.Begins(1, w.number)},
			{hitParty, f.q.Begins(1, w.party)},
			{"", f.q.Match(2) != "" && f.q.Begins(2, w.number+" "+w.party+" "+w.field+" "+w.note)},
		} {
			if by.hit {
				f.matched[by.field] = append(f.matched[by.field], c.key)
			}
		}
	}
	return nil
}

func (f *finder) digits() bool {
	return strings.ContainsAny(strings.Join(f.q.Words, ""), "0123456789")
}

// number finds the case whose number was typed completely.
func (f *finder) number(ctx context.Context) error {
	if f.q.Number == "" {
		return nil
	}
	var keys []int64
	err := f.each(ctx, `SELECT key FROM cases WHERE number <> '' AND number = ? ORDER BY key DESC`, args(f.q.Number), collect(&keys))
	if err != nil {
		return err
	}
	return f.add(ctx, hitNumber, keys)
}

func (f *finder) numberWords(ctx context.Context) error {
	if !f.digits() {
		return nil
	}
	return f.match(ctx, hitNumber, "number : ("+f.q.Match(1)+")")
}

func (f *finder) party(ctx context.Context) error {
	return f.match(ctx, hitParty, "party : ("+f.q.Match(1)+")")
}

// field looks in all columns, so that words from different ones find a case together.
func (f *finder) field(ctx context.Context) error {
	m := f.q.Match(2)
	if m == "" {
		return nil
	}
	return f.match(ctx, "", m)
}

// match asks the index, and puts the stale cases that match before its answer.
func (f *finder) match(ctx context.Context, where, match string) error {
	var keys []int64
	err := f.each(ctx, `SELECT rowid FROM find_case WHERE find_case MATCH ? ORDER BY rowid DESC LIMIT ?`,
		args(match, f.limit+len(f.seen)+len(f.stale)), collect(&keys))
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(key int64) bool { return f.stale[key] })
	return f.add(ctx, where, append(f.matched[where], keys...))
}

// collect reads keys.
func collect(to *[]int64) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var key int64
		err := scan(&key)
		*to = append(*to, key)
		return err
	}
}

// add makes hits of cases that are not among the hits yet; where is the field they were found in, "" to
// look which it was.
func (f *finder) add(ctx context.Context, where string, keys []int64) error {
	for _, key := range keys {
		if len(f.hits) >= f.limit {
			break
		}
		if f.seen[key] {
			continue
		}
		h, ok, err := f.row(ctx, key)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := f.describe(ctx, &h, key, where); err != nil {
			return err
		}
		f.hits = append(f.hits, h)
	}
	return nil
}

// row begins a hit; it is not ok for a case that is in no list.
func (f *finder) row(ctx context.Context, key int64) (h record.Hit, ok bool, err error) {
	rows, err := f.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE key = ? AND shelf > 0`, key)
	if err != nil || len(rows) == 0 {
		return h, false, err
	}
	f.seen[key] = true
	return record.Hit{Case: rows[0]}, true, nil
}

func (f *finder) describe(ctx context.Context, h *record.Hit, key int64, where string) error {
	h.Field = where
	switch where {
	case hitNumber:
		h.Snippet = search.MarkOn + h.Case.Number + search.MarkOff
		return nil
	case hitParty:
		h.Snippet = f.q.Snippet(h.Case.Party, snippetWidth)
		return nil
	}
	var body []byte
	if _, err := f.one(ctx, `SELECT body FROM case_body WHERE key = ?`, args(key), &body); err != nil {
		return err
	}
	var c record.Case
	if err := json.Unmarshal(body, &c); err != nil {
		return err
	}
	h.Field, h.Snippet = hitField, ""
	best := 0
	try := func(field, text string) {
		if n := f.q.Count(text); n > best {
			best = n
			h.Field, h.Snippet = field, f.q.Snippet(text, snippetWidth)
		}
	}
	for _, v := range fieldsOf(c) {
		try(hitField, v.value)
	}
	for _, n := range c.Notes {
		try(hitNote, n.Text)
	}
	return nil
}
