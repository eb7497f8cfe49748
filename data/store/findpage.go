package store

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"schalter/data/record"
	"schalter/data/search"
)

// Finding in the text of a million pages while somebody types.
//
// The index answers at once, newest first, for beginnings of two and three letters, which it keeps ready.
// For a longer beginning it first joins the pages of all words that begin so, which takes long where the words
// are common. So the pages of the three-letter beginnings are looked at one by one, and go on to be where that
// promises hits enough before the joining would be done. Else the words that were seldom among them are asked for
// in whole, which is quick because they are rare. Whatever then is still missing, because words that are common
// each hardly meet on one page, is asked for in whole too: no page is left out.
const (
	readyLetters = 3
	pageBatch    = 100  // pages asked for at once,
	wholeBatch   = 1000 // and where every asking means joining again
	sampleBatch  = 3    // batches looked at before judging which words are rare
	moreBatches  = 3    // and after
	rareShare    = 0.15 // of the pages looked at
)

// pageSearch is the search in the page texts of one query.
type pageSearch struct {
	*finder
	words  []string // as typed, folded
	asked  []string // what the index is asked for: a beginning of each word,
	years  string   // and the years of days
	has    []int    // of the pages looked at, how many have each word
	looked int
	before int   // hits there were before
	came   int   // pages the index gave
	top    int64 // the first of them
	size   int   // of a batch
	below  int64 // pages from here on were looked at
	done   bool  // there are no more
}

func (f *finder) pages(ctx context.Context) error {
	p := pageSearch{finder: f, below: 1 << 62, size: pageBatch}
	for _, w := range f.q.All() {
		if utf8.RuneCountInString(w) >= 2 {
			p.words = append(p.words, w)
			p.asked = append(p.asked, search.Begin(w, readyLetters))
		}
	}
	for _, d := range f.q.Days {
		p.years += " AND " + d.MatchYear()
	}
	p.has = make([]int, len(p.words))
	if len(p.words) == 0 && p.years == "" {
		return nil
	}
	p.before = len(f.hits)
	if err := p.all(ctx); err != nil {
		return err
	}
	// What somebody still works on comes first.
	slices.SortStableFunc(f.hits[p.before:], func(a, b record.Hit) int { return closed(a) - closed(b) })
	return nil
}

func closed(h record.Hit) int {
	if h.Case.State == record.StateDone || h.Case.State == record.StateWithdrawn {
		return 1
	}
	return 0
}

// all looks until there are hits enough, or no more pages.
func (p *pageSearch) all(ctx context.Context) error {
	if err := p.run(ctx, sampleBatch); err != nil {
		return err
	}
	if err := p.run(ctx, p.walk()); err != nil {
		return err
	}
	for i, n := range p.has {
		if float64(n) < rareShare*float64(p.looked) {
			p.asked[i], p.size = p.words[i], wholeBatch
		}
	}
	if err := p.run(ctx, moreBatches); err != nil {
		return err
	}
	p.asked, p.size = p.words, wholeBatch
	return p.run(ctx, math.MaxInt)
}

// What it costs to get a page from the index, to look at it, and to join one page of a word to the others, in
// microseconds.
const (
	comeCost = 8.0
	lookCost = 60.0
	joinCost = 1.5
)

// walk is how many more batches are to be looked at one by one before words are asked for in whole: as many as will
// give hits enough, where that is quicker than joining. The first batches tell how often the words are met.
func (p *pageSearch) walk() (batches int) {
	if len(p.hits) == p.before || p.looked == 0 || p.done {
		return 0
	}
	missing := float64(p.limit-len(p.hits)) / float64(len(p.hits)-p.before) // how often as much is needed again
	walking := missing * (float64(p.came)*comeCost + float64(p.looked)*lookCost)
	all := float64(p.came) * float64(p.top) / float64(max(p.top-p.below, 1)) // pages that the index is asked for
	joins := 0.0
	for i, n := range p.has {
		if p.asked[i] != p.words[i] {
			joins += all * float64(n) / float64(p.looked)
		}
	}
	if walking > joins*joinCost {
		return 0
	}
	return int(1.5*missing*float64(p.came))/pageBatch + 1
}

// run looks at some batches of candidates.
func (p *pageSearch) run(ctx context.Context, batches int) error {
	for range batches {
		if p.done || len(p.hits) >= p.limit {
			return nil
		}
		if err := p.batch(ctx); err != nil {
			return err
		}
	}
	return nil
}

type candidate struct {
	key, document, matter int64
	doc                   record.ID
	no                    int
	text                  []byte // packed
}

// query asks for pages with the words, the newest first, of documents that get through the filter.
func (p *pageSearch) query() (query string, a []any) {
	match := strings.TrimPrefix(search.MatchAll(p.asked)+p.years, " AND ")
	query = `SELECT p.key, p.document, d.matter, d.id, p.no, p.text FROM find_page f CROSS JOIN page p ON p.key = f.rowid
			CROSS JOIN document d ON d.key = p.document`
	a = args(match, p.below)
	where := ` WHERE find_page MATCH ? AND f.rowid < ?`
	if page := p.q.Filter.Page; page > 0 {
		where += ` AND p.no = ?`
		a = append(a, page)
	}
	if !p.sieve.none() {
		query += ` CROSS JOIN cases c ON c.key = d.matter`
		where += p.sieve.where
		a = append(a, p.sieve.args...)
	}
	return query + where + ` ORDER BY f.rowid DESC LIMIT ?`, append(a, p.size)
}

// batch looks at some candidates while they come, the pages of a document together.
func (p *pageSearch) batch(ctx context.Context) error {
	var pages []candidate // of one document, the last page first
	came := 0
	last := candidate{key: p.below}
	query, a := p.query()
	err := p.each(ctx, query, a, func(scan func(...any) error) error {
		var c candidate
		if err := scan(&c.key, &c.document, &c.matter, idOf{&c.doc}, &c.no, &c.text); err != nil {
			return err
		}
		p.top = max(p.top, c.key)
		if came++; c.document != last.document {
			if err := p.look(ctx, pages, true); err != nil {
				return err
			}
			if pages = pages[:0]; len(p.hits) >= p.limit {
				return errEnough
			}
		}
		if last = c; !p.seen[c.matter] {
			pages = append(pages, c)
		}
		return nil
	})
	p.below = last.key
	p.came += came
	if err != nil {
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	}
	p.done = came < p.size
	if err := p.look(ctx, pages, p.done); err != nil {
		return err
	}
	if came > 0 && p.seen[last.matter] {
		// The rest of a long document that is a hit already need not be walked through.
		_, err = p.one(ctx, `SELECT min(key) FROM page WHERE document = ?`, args(last.document), &p.below)
	}
	return err
}

// look makes a hit of the first of a document's pages that has all words. all: there are no candidates among the
// pages before these.
func (p *pageSearch) look(ctx context.Context, pages []candidate, all bool) error {
	for _, c := range slices.Backward(pages) {
		text, ok, err := p.fits(c.text, true)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		h, ok, err := p.row(ctx, c.matter)
		if err != nil || !ok {
			return err
		}
		h.Field, h.Words, h.Doc, h.Page = hitText, p.words, c.doc, c.no
		if !all {
			if h.Page, text, err = p.first(ctx, c, text); err != nil {
				return err
			}
		}
		h.Snippet = p.q.Snippet(text, snippetWidth)
		p.hits = append(p.hits, h)
		return nil
	}
	return nil
}

// fits tells whether a page has all words; count notes which it has.
func (p *pageSearch) fits(packed []byte, count bool) (text string, ok bool, err error) {
	if text, err = unpackText(packed); err != nil {
		return "", false, err
	}
	folded := search.Fold(text)
	ok = p.q.Stands(folded)
	for i, w := range p.words {
		if !search.Has(folded, w) {
			ok = false
		} else if count {
			p.has[i]++
		}
	}
	if count {
		p.looked++
	}
	return text, ok, nil
}

// first looks for a page with all words among those before c.
func (p *pageSearch) first(ctx context.Context, c candidate, text string) (no int, _ string, err error) {
	for at := int64(0); ; {
		var packed []byte
		found, err := p.one(ctx, `SELECT key, no, text FROM page WHERE document = ? AND key > ? AND key < ? AND (?4 = 0 OR no = ?4) ORDER BY key LIMIT 1`,
			args(c.document, at, c.key, p.q.Filter.Page), &at, &no, &packed)
		if err != nil || !found {
			return c.no, text, err
		}
		if before, ok, err := p.fits(packed, false); err != nil || ok {
			return no, before, err
		}
	}
}
