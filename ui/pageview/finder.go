package pageview

import (
	"context"
	"slices"

	"schalter/data/search"
)

// finder looks for a text in the whole paper, off the window, from the page on screen onwards.
type finder struct {
	goFn, do func(f func())
	changed  func(first bool) // something was found or the end was reached; first: the first hit is there

	typed   string
	words   []string
	hits    []hit // in the order of the pages
	current int   // index into hits; -1: none yet
	done    int   // pages looked at
	of      int
	read    int // words seen: none in the whole paper means that nothing can be found
	full    bool
	stop    context.CancelFunc
	run     uint64
}

const (
	maxHits   = 5000 // nobody steps through more
	pagesOnce = 16   // pages looked at between two messages to the window
)

// start looks for what was typed; nothing typed ends the search.
func (f *finder) start(typed string, lib *library, pages, from int) {
	f.end()
	f.typed, f.words, f.of = typed, search.Words(typed), pages
	if len(f.words) == 0 || lib == nil {
		f.words = nil
		f.changed(false)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	run, words := f.run, f.words
	tell := func(found []hit, done, read int) {
		f.do(func() {
			if run == f.run {
				f.take(found, done, read, from)
			}
		})
	}
	f.goFn(func() {
		defer stop()
		lookThrough(ctx, lib, words, pages, from, tell)
	})
	f.changed(false)
}

// lookThrough reads one page after the other and tells what it found; what cannot be read holds nothing.
func lookThrough(ctx context.Context, lib *library, words []string, pages, from int, tell func(found []hit, done, read int)) {
	var found []hit
	total, read := 0, 0
	for i := range pages {
		page := (from + i) % pages
		t, err := lib.read(ctx, page)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			hits := t.find(page, words)
			first := total == 0 && len(hits) > 0
			found, total, read = append(found, hits...), total+len(hits), read+len(t.words)
			if !first && (i+1)%pagesOnce != 0 && i+1 < pages {
				continue
			}
		} else if i+1 < pages {
			continue
		}
		tell(found, i+1, read)
		found = nil
		if total > maxHits {
			return
		}
	}
}

func (f *finder) take(found []hit, done, read, from int) {
	f.done, f.read = done, read
	var now hit
	if f.current >= 0 {
		now = f.hits[f.current]
	}
	f.hits = append(f.hits, found...)
	slices.SortFunc(f.hits, before)
	if len(f.hits) > maxHits {
		f.hits, f.full, f.done = f.hits[:maxHits], true, f.of
	}
	first := f.current < 0 && len(f.hits) > 0
	if first {
		now = hit{page: from, first: -1}
	}
	if len(f.hits) > 0 {
		i, _ := slices.BinarySearchFunc(f.hits, now, before)
		f.current = i % len(f.hits)
	}
	f.changed(first)
}

// step goes to the next hit (1) or the one before (-1).
func (f *finder) step(by int) {
	if n := len(f.hits); n > 0 {
		f.current = ((f.current+by)%n + n) % n
		f.changed(true)
	}
}

// at is the hit being looked at.
func (f *finder) at() (hit, bool) {
	if f.current < 0 || f.current >= len(f.hits) {
		return hit{}, false
	}
	return f.hits[f.current], true
}

// on lists the hits of a page.
func (f *finder) on(page int) []hit {
	i, _ := slices.BinarySearchFunc(f.hits, hit{page: page, first: -1}, before)
	j, _ := slices.BinarySearchFunc(f.hits, hit{page: page + 1, first: -1}, before)
	return f.hits[i:j]
}

// busy tells whether pages are still to be looked at.
func (f *finder) busy() bool { return len(f.words) > 0 && f.done < f.of }

// end calls the search off and forgets it.
func (f *finder) end() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	f.run++
	f.typed, f.words, f.hits, f.current, f.done, f.of, f.read, f.full = "", nil, nil, -1, 0, 0, 0, false
}
