package store

import "context"

// StopIndexer leaves the search index behind, as if its goroutine were never given a moment.
func (s *Store) StopIndexer() { s.indexer.end() }

// Unindexed counts the cases that the search index does not know.
func (s *Store) Unindexed(ctx context.Context) (n int, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.one(ctx, `SELECT count(*) FROM cases WHERE stale = 1`, nil, &n)
		return err
	})
	return n, err
}

// StaleCases is from how many on the index is brought up.
const StaleCases = staleCases
