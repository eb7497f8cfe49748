package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// indexer brings stale cases into the search index behind the saves that made them stale, so that no save
// waits for it. What it has to do stands in the cases, durable since the save: a program that died in between
// goes on with it at its next start.
type indexer struct {
	stale atomic.Int64 // cases that are committed and not in the index
	wake  chan struct{}
	quit  chan struct{}
	once  sync.Once
	done  sync.WaitGroup
}

func newIndexer() *indexer {
	return &indexer{wake: make(chan struct{}, 1), quit: make(chan struct{})}
}

// behind notes what a transaction did; with enough cases to make it worthwhile the index is brought up.
func (x *indexer) behind(cases int) {
	if x.stale.Add(int64(cases)) < staleCases {
		return
	}
	select {
	case x.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// next waits until there is something to do; false after the end, once all was done that was asked for before.
func (x *indexer) next() bool {
	select {
	case <-x.wake:
		return true
	case <-x.quit:
	}
	select {
	case <-x.wake:
		return true
	default:
		return false
	}
}

// end waits for the goroutine.
func (x *indexer) end() {
	x.once.Do(func() { close(x.quit) })
	x.done.Wait()
}

// startIndexer takes up what an earlier run of the program left.
func (s *Store) startIndexer(ctx context.Context) error {
	return s.read(ctx, func(ctx context.Context, t *tx) error {
		var left int
		if _, err := t.one(ctx, `SELECT count(*) FROM cases WHERE stale = 1`, nil, &left); err != nil {
			return err
		}
		s.indexer.done.Go(s.keepIndexed)
		s.indexer.behind(left)
		return nil
	})
}

func (s *Store) keepIndexed() {
	for s.indexer.next() {
		for more := true; more; {
			// What could not be indexed stays marked: finding looks into it, and the next save tries again.
			err := s.commit(context.Background(), func(ctx context.Context, t *tx) (err error) {
				more, err = t.indexStale(ctx)
				return err
			})
			more = more && err == nil
		}
	}
}

// indexPortion is how many cases come into the index at once: a save that comes meanwhile waits no longer than
// for these.
const indexPortion = 64

// indexStale brings the newest stale cases into the index; more tells that there may be others.
func (t *tx) indexStale(ctx context.Context) (more bool, err error) {
	stale, err := t.staleCases(ctx, indexPortion)
	if err != nil {
		return false, err
	}
	for _, c := range stale {
		if err := t.saveWords(ctx, c.key, c.Case, false); err != nil {
			return false, err
		}
		if err := t.exec(ctx, `UPDATE cases SET stale = 0 WHERE key = ?`, c.key); err != nil {
			return false, err
		}
	}
	t.stale -= len(stale)
	return len(stale) == indexPortion, nil
}
