package store

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"schalter/data/record"
	"schalter/data/search"
)

// words are what the index holds about a case, folded.
type words struct{ number, party, field, note string }

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
	out := append(f[:len(f):len(f)], strings.Join(f, ""))
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

// saveWords brings the index to the case, if anything one could search for has changed.
func (b *batch) saveWords(ctx context.Context, w *work) error {
	next := wordsOf(w.c)
	switch {
	case next == w.words:
		return nil
	case next == words{}:
		return b.exec(ctx, `DELETE FROM find_case WHERE rowid = ?`, w.key)
	case w.words == words{}:
		return b.exec(ctx, `INSERT INTO find_case (rowid, number, party, field, note) VALUES (?, ?, ?, ?, ?)`,
			w.key, next.number, next.party, next.field, next.note)
	}
	return b.exec(ctx, `INSERT OR REPLACE INTO find_case (rowid, number, party, field, note) VALUES (?, ?, ?, ?, ?)`,
		w.key, next.number, next.party, next.field, next.note)
}
