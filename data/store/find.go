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

// Find looks for what was typed so far (package search), each case once: numbers first, then names, drafts,
// fields and notes, then the text of pages, of these the drafts and the open cases first; within each the newest
// first. Where that is nothing or little, it looks for what may have been meant (findagain.go). It finds the drafts
// of nobody only.
func (s *Store) Find(ctx context.Context, query string, limit int) ([]record.Hit, error) {
	return s.FindAs(ctx, "", query, limit)
}

// FindAs is Find for a user, who finds her drafts too, and whose cases are hers.
func (s *Store) FindAs(ctx context.Context, user, query string, limit int) ([]record.Hit, error) {
	q := search.Parse(query)
	if q.Empty() || limit <= 0 {
		return nil, nil
	}
	f := finder{q: q, limit: limit, seen: map[int64]bool{}, sieve: sieveOf(q.Filter, user)}
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		f.tx = t
		if err := f.lookIntoStale(ctx); err != nil {
			return err
		}
		for _, stage := range f.stages() {
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

// stages are where to look, in the order of what is shown.
func (f *finder) stages() []func(context.Context) error {
	switch filter := f.q.Filter; {
	case filter.Page > 0:
		return []func(context.Context) error{f.draftPages, f.pages}
	case filter.Drafts:
		return []func(context.Context) error{f.drafts, f.draftPages}
	case !f.q.Texts():
		return []func(context.Context) error{f.drafts, f.filtered}
	}
	return append([]func(context.Context) error{f.number, f.numberWords, f.party, f.drafts, f.field, f.draftPages, f.pages}, f.meant()...)
}

// finder gathers the hits of one query.
type finder struct {
	*tx
	q     search.Query
	sieve sieve
	limit int
	seen  map[int64]bool
	hits  []record.Hit

	stale   map[int64]record.Case // what the index says of these cases does not count
	matched map[string][]int64    // the stale cases that match, newest first, by the field they were found in
}

// The places where a stale case is looked for beside those of a hit.
const (
	inAny    = ""
	inFilter = "filter"
)

// lookIntoStale does for the few cases the index does not know yet what the index does for the others.
func (f *finder) lookIntoStale(ctx context.Context) error {
	cases, err := f.staleCases(ctx, allStale)
	if err != nil {
		return err
	}
	f.stale, f.matched = map[int64]record.Case{}, map[string][]int64{}
	for _, c := range cases {
		f.stale[c.key] = c.Case
		w := wordsOf(c.Case)
		for _, by := range []struct {
			field string
			hit   bool
		}{
			{hitNumber, f.digits() && f.q.Begins(1, w.number)},
			{hitParty, f.q.Begins(1, w.party)},
			{inAny, f.q.Match(2) != "" && f.q.Begins(2, w.all())},
			{inFilter, true},
		} {
			if by.hit {
				f.matched[by.field] = append(f.matched[by.field], c.key)
			}
		}
	}
	return nil
}

func (f *finder) digits() bool {
	return len(f.q.Words) > 0 && strings.ContainsAny(strings.Join(f.q.Words, ""), "0123456789")
}

// number finds the case whose number was typed completely, the digit that proves it or not.
func (f *finder) number(ctx context.Context) error {
	var keys []int64
	if f.q.Number != "" {
		if err := f.each(ctx, `SELECT key FROM cases WHERE number <> '' AND number = ? ORDER BY key DESC`, args(f.q.Number), collect(&keys)); err != nil {
			return err
		}
	}
	if begin := f.q.NumberBegin(); begin != "" {
		if err := f.each(ctx, `SELECT key FROM cases WHERE number <> '' AND number > ?1 AND number < ?1 || 'x' ORDER BY number LIMIT 2`,
			args(begin), collect(&keys)); err != nil {
			return err
		}
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
	return f.match(ctx, inAny, m)
}

// match asks the index, and puts the stale cases that match before its answer. What the index cannot know, as
// words side by side, is asked of the cases one by one.
func (f *finder) match(ctx context.Context, where, match string) error {
	if err := f.add(ctx, where, f.matched[where]); err != nil {
		return err
	}
	for below := int64(1) << 62; len(f.hits) < f.limit; {
		keys, err := f.ask(ctx, match, below, f.limit+len(f.seen)+len(f.stale))
		if err != nil || len(keys) == 0 {
			return err
		}
		below = keys[len(keys)-1]
		if err := f.add(ctx, where, slices.DeleteFunc(keys, f.isStale)); err != nil {
			return err
		}
		if !f.q.Strict() && f.sieve.none() {
			return nil // whatever was left out was a hit before
		}
	}
	return nil
}

func (f *finder) isStale(key int64) bool {
	_, stale := f.stale[key]
	return stale
}

// ask gives some of the cases that have the words, the newest first.
func (f *finder) ask(ctx context.Context, match string, below int64, limit int) (keys []int64, err error) {
	if f.sieve.none() {
		err = f.each(ctx, `SELECT rowid FROM find_case WHERE find_case MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
			args(match, below, limit), collect(&keys))
		return keys, err
	}
	err = f.each(ctx, `SELECT f.rowid FROM find_case f CROSS JOIN cases c ON c.key = f.rowid
		WHERE find_case MATCH ? AND f.rowid < ? AND c.shelf > 0`+f.sieve.where+` ORDER BY f.rowid DESC LIMIT ?`,
		append(append(args(f.sieve.narrow(match), below), f.sieve.args...), limit), collect(&keys))
	return keys, err
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
		if ok, err := f.stands(ctx, key, where); err != nil || !ok {
			if err != nil {
				return err
			}
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

// stands tells whether the phrases and days of the query stand in the case.
func (f *finder) stands(ctx context.Context, key int64, where string) (bool, error) {
	if !f.q.Strict() || where == inFilter {
		return true, nil
	}
	c, err := f.body(ctx, key)
	if err != nil {
		return false, err
	}
	w := wordsOf(c)
	switch where {
	case hitNumber:
		return f.q.Stands(w.number), nil
	case hitParty:
		return f.q.Stands(w.party), nil
	}
	return f.q.Stands(w.all()), nil
}

func (f *finder) body(ctx context.Context, key int64) (c record.Case, err error) {
	if c, ok := f.stale[key]; ok {
		return c, nil
	}
	var body []byte
	if _, err := f.one(ctx, `SELECT body FROM case_body WHERE key = ?`, args(key), &body); err != nil {
		return c, err
	}
	return c, json.Unmarshal(body, &c)
}

// row begins a hit; it is not ok for a case that is in no list, or does not get through the filter.
func (f *finder) row(ctx context.Context, key int64) (h record.Hit, ok bool, err error) {
	rows, err := f.rows(ctx, `SELECT `+rowColumns+` FROM cases c WHERE key = ? AND shelf > 0`+f.sieve.where, append(args(key), f.sieve.args...)...)
	if err != nil || len(rows) == 0 {
		return h, false, err
	}
	if ok, err := f.passes(ctx, key, rows[0]); err != nil || !ok {
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
	case hitAlike:
		h.Snippet = h.Case.Party
		return nil
	case inFilter:
		h.Field = ""
		return nil
	}
	c, err := f.body(ctx, key)
	if err != nil {
		return err
	}
	h.Field, h.Snippet = f.best(fieldsOf(c), c.Notes)
	return nil
}

// best is the answer or the note that has most of what is looked for.
func (f *finder) best(fields []field, notes []record.NoteEntry) (where, snippet string) {
	where = hitField
	most := 0
	try := func(field, text string) {
		if n := f.q.Count(text); n > most {
			most = n
			where, snippet = field, f.q.Snippet(text, snippetWidth)
		}
	}
	for _, v := range fields {
		try(hitField, v.value)
	}
	for _, n := range notes {
		try(hitNote, n.Text)
	}
	return where, snippet
}
