package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"schalter/data/party"
	"schalter/data/record"
	"schalter/data/search"
)

// What is tried where little or nothing was found as it was typed. None of it costs a clerk anything who finds.

// fewHits is up to how many hits names that only sound alike are shown behind them.
const fewHits = 5

// meant are the stages for what may have been meant.
func (f *finder) meant() []func(context.Context) error {
	return []func(context.Context) error{f.joined, f.across, f.alike, f.near}
}

// none tells that nothing was found as it was typed, and that words were.
func (f *finder) none() bool { return len(f.hits) == 0 && len(f.q.Words) > 0 }

// joined looks for the words joined otherwise.
func (f *finder) joined(ctx context.Context) error {
	if !f.none() {
		return nil
	}
	for _, q := range f.q.Otherwise() {
		o := finder{tx: f.tx, q: q, sieve: f.sieve, limit: f.limit, seen: f.seen}
		if err := o.lookIntoStale(ctx); err != nil {
			return err
		}
		if err := o.field(ctx); err != nil {
			return err
		}
		if len(o.hits) > 0 {
			f.hits = o.hits
			return nil
		}
	}
	return nil
}

// How much is looked at for words that stand partly in a case and partly on a page of it.
const (
	acrossWords  = 3    // more are not parted
	acrossLeast  = 3    // letters of each
	acrossCases  = 1000 // that have some of the words, the newest
	acrossPages  = 300  // that have the others, the newest
	acrossPapers = 150  // pages of the newest cases, whatever they have
)

// across looks for cases of which a page has some of the words and the case itself the others: a name, and a word
// of a scan.
func (f *finder) across(ctx context.Context) error {
	n := len(f.q.Words)
	short := func(w string) bool { return utf8.RuneCountInString(w) < acrossLeast }
	if !f.none() || n < 2 || n > acrossWords || f.q.Filter.Drafts || slices.ContainsFunc(f.q.Words, short) {
		return nil
	}
	for part := 1; part < 1<<n-1 && len(f.hits) == 0; part++ {
		said, written := f.q, f.q
		said.Words, written.Words = nil, nil
		for i, w := range f.q.Words {
			if part&(1<<i) != 0 {
				said.Words = append(said.Words, w)
			} else {
				written.Words = append(written.Words, w)
			}
		}
		if err := f.acrossOf(ctx, said, written); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) acrossOf(ctx context.Context, said, written search.Query) error {
	said.Phrases, said.Days = nil, nil // these are looked for on the page
	if said.Match(2) == "" || written.Match(2) == "" {
		return nil
	}
	keys, err := f.ask(ctx, said.Match(2), 1<<62, acrossCases)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, f.isStale)
	for key, c := range f.stale {
		if said.Begins(2, wordsOf(c).all()) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	p := pageSearch{finder: f, words: written.All()}
	p.has = make([]int, len(p.words))
	left := acrossPapers
	for _, key := range keys {
		if left <= 0 || len(f.hits) >= f.limit {
			break
		}
		if err := p.acrossCase(ctx, key, written, &left); err != nil {
			return err
		}
	}
	if left > 0 || len(f.hits) > 0 {
		return nil // these were all, or show where to look
	}
	return p.acrossAll(ctx, keys, written)
}

// acrossCase looks at the pages of one case.
func (p *pageSearch) acrossCase(ctx context.Context, key int64, q search.Query, left *int) error {
	return p.each(ctx, `SELECT d.matter, d.id, p.no, p.text FROM document d CROSS JOIN page p ON p.document = d.key
			WHERE d.matter = ? AND d.trashed = 0 ORDER BY p.key LIMIT ?`, args(key, *left), func(scan func(...any) error) error {
		var c candidate
		if err := scan(&c.matter, idOf{&c.doc}, &c.no, &c.text); err != nil {
			return err
		}
		*left--
		return p.acrossPage(ctx, c, q)
	})
}

// acrossAll looks at the newest pages with the words, and takes those of the cases.
func (p *pageSearch) acrossAll(ctx context.Context, keys []int64, q search.Query) error {
	among := make(map[int64]bool, len(keys))
	for _, k := range keys {
		among[k] = true
	}
	return p.each(ctx, `SELECT d.matter, d.id, p.no, p.text FROM find_page f CROSS JOIN page p ON p.key = f.rowid CROSS JOIN document d ON d.key = p.document
			WHERE find_page MATCH ? AND d.trashed = 0 ORDER BY f.rowid DESC LIMIT ?`, args(search.MatchAll(q.All()), acrossPages), func(scan func(...any) error) error {
		var c candidate
		if err := scan(&c.matter, idOf{&c.doc}, &c.no, &c.text); err != nil || !among[c.matter] {
			return err
		}
		return p.acrossPage(ctx, c, q)
	})
}

// acrossPage makes a hit of a page with the words.
func (p *pageSearch) acrossPage(ctx context.Context, c candidate, q search.Query) error {
	if p.seen[c.matter] || len(p.hits) >= p.limit || p.q.Filter.Page > 0 && c.no != p.q.Filter.Page {
		return nil
	}
	text, err := unpackText(c.text)
	if err != nil || !q.Begins(1, search.Fold(text)) {
		return err
	}
	h, ok, err := p.row(ctx, c.matter)
	if err != nil || !ok {
		return err
	}
	h.Field, h.Words, h.Doc, h.Page, h.Snippet = hitText, p.words, c.doc, c.no, q.Snippet(text, snippetWidth)
	p.hits = append(p.hits, h)
	return nil
}

// hitAlike is the field of a hit whose name is not spelled as it was typed.
const hitAlike = "alike"

// names tells whether what was typed may be names and nothing else.
func (f *finder) names() bool {
	return len(f.q.Words) > 0 && len(f.q.Phrases) == 0 && len(f.q.Days) == 0 && f.q.Filter.Page == 0 && !f.q.Filter.Drafts &&
		!strings.ContainsAny(strings.Join(f.q.Words, ""), "0123456789")
}

// alike adds parties whose names sound like what was typed.
func (f *finder) alike(ctx context.Context) error {
	if len(f.hits) > fewHits || !f.names() {
		return nil
	}
	q := party.Parse(strings.Join(f.q.Words, " "))
	if !q.Sounds() {
		return nil
	}
	return f.addAlike(ctx, func(c record.Case) bool { return q.Finds(party.Of(c).Words(), party.ByEar) },
		likeNames, q.Match(party.ByEar))
}

// near adds parties whose names are written as two words, or are a slip of the fingers away from what was typed.
func (f *finder) near(ctx context.Context) error {
	if !f.none() || !f.names() {
		return nil
	}
	if match := f.q.MatchParted(); match != "" {
		if err := f.addAlike(ctx, func(c record.Case) bool { return f.q.Parted(wordsOf(c).party) }, likeNames, "name : ("+match+")"); err != nil {
			return err
		}
	}
	match := f.q.MatchNear()
	if !f.none() || match == "" {
		return nil
	}
	return f.addAlike(ctx, func(c record.Case) bool {
		names := wordsOf(c).party
		return !slices.ContainsFunc(f.q.Words, func(w string) bool { return !search.Near(names, w) })
	}, likeNames, "name : ("+match+")")
}

const likeNames = `SELECT f.rowid FROM find_party f WHERE find_party MATCH ? ORDER BY f.rowid DESC LIMIT ?`

// addAlike adds cases whose names only are like what was typed: stale ones that fit, then those of the index.
func (f *finder) addAlike(ctx context.Context, fits func(record.Case) bool, query, match string) error {
	var keys, known []int64
	for key, c := range f.stale {
		if fits(c) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	slices.Reverse(keys)
	if err := f.each(ctx, query, args(match, f.limit+len(f.seen)+len(f.stale)), collect(&known)); err != nil {
		return err
	}
	return f.add(ctx, hitAlike, append(keys, slices.DeleteFunc(known, f.isStale)...))
}
