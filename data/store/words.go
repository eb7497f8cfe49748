package store

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"schalter/data/record"
	"schalter/data/search"
)

// words are what the index holds about a case, folded.
type words struct{ number, party, field, note string }

// all is everything together.
func (w words) all() string { return w.number + " " + w.party + " " + w.field + " " + w.note }

func wordsOf(c record.Case) words {
	if c.Deleted {
		return words{}
	}
	var w words
	if c.Number != "" {
		w.number = numberWords(c.Number)
	}
	names := map[string]bool{}
	var party []string
	for _, r := range []record.Role{record.RoleFamily, record.RoleGiven, record.RoleOrg} {
		if v := c.Role(r); v != "" {
			names[c.Roles[r]] = true
			party = append(party, v)
		}
	}
	w.party = search.Fold(strings.Join(party, " "))
	var field []string
	for _, v := range fieldsOf(c) {
		if !names[v.path] {
			field = append(field, v.value)
		}
	}
	w.field = search.Fold(strings.Join(field, "\n "))
	var note []string
	for _, n := range c.Notes {
		note = append(note, n.Text)
	}
	w.note = search.Fold(strings.Join(note, "\n "))
	return w
}

// numberWords lets a case number be found by its parts, without leading zeros, and written together.
func numberWords(number string) string {
	f := search.Words(number)
	out := append(slices.Clip(f), strings.Join(f, ""))
	for _, w := range f {
		if n, err := strconv.Atoi(w); err == nil && strconv.Itoa(n) != w {
			out = append(out, strconv.Itoa(n))
		}
	}
	return strings.Join(out, " ")
}

// field is something a case can be found by, with where it stands.
type field struct{ path, value string }

// fieldsOf lists in a fixed order what can be found of a case besides number and notes.
func fieldsOf(c record.Case) (out []field) {
	for _, g := range c.Groups {
		for path, v := range g.Values {
			if v != "" && v != "true" && v != "false" {
				out = append(out, field{path, v})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].path < out[j].path })
	langs := make([]string, 0, len(c.Title))
	for l := range c.Title {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	for _, l := range langs {
		out = append(out, field{"", c.Title[l]})
	}
	for _, d := range c.Documents {
		if d.Title != "" {
			out = append(out, field{"", d.Title})
		}
	}
	return out
}

// The search index is brought up in portions, behind the saves and in transactions of its own (index.go):
// writing to it for one case costs as much as all the rest of a save. Until then the case is marked as stale,
// in the transaction that changed it, and finding looks into the few stale cases itself (find.go).
const staleCases = 32

// wordy tells whether a change can alter what a case is found by.
func wordy(ch record.Change) bool {
	switch ch.Kind {
	case record.KindEvent, record.KindVersion, record.KindCheck, record.KindTrash:
		return false
	case record.KindState:
		p, err := record.Decode[record.StateStep](ch)
		return err == nil && p.Number != ""
	}
	return true
}

// staleCase is a case whose latest state is not in the search index.
type staleCase struct {
	record.Case
	key int64
}

// allStale asks [tx.staleCases] for all of them.
const allStale = -1

// staleCases reads up to so many stale cases, the newest first.
func (t *tx) staleCases(ctx context.Context, limit int) (out []staleCase, err error) {
	err = t.each(ctx, `SELECT b.key, b.body FROM cases c JOIN case_body b ON b.key = c.key WHERE c.stale = 1 ORDER BY c.key DESC LIMIT ?`, args(limit),
		func(scan func(...any) error) error {
			var c staleCase
			var body []byte
			if err := scan(&c.key, &body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &c.Case); err != nil {
				return err
			}
			out = append(out, c)
			return nil
		})
	return out, err
}

// saveWords writes what a case is found by to the index. fresh: there is nothing of it in it.
func (t *tx) saveWords(ctx context.Context, key int64, c record.Case, fresh bool) error {
	if err := t.saveParty(ctx, key, c); err != nil {
		return err
	}
	if err := t.saveLent(ctx, key, c); err != nil {
		return err
	}
	w := wordsOf(c)
	switch {
	case w == words{}:
		return t.exec(ctx, `DELETE FROM find_case WHERE rowid = ?`, key)
	case fresh:
		return t.exec(ctx, `INSERT INTO find_case (rowid, number, party, field, note) VALUES (?, ?, ?, ?, ?)`, key, w.number, w.party, w.field, w.note)
	}
	return t.exec(ctx, `INSERT OR REPLACE INTO find_case (rowid, number, party, field, note) VALUES (?, ?, ?, ?, ?)`,
		key, w.number, w.party, w.field, w.note)
}
