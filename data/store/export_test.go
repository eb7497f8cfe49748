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

// IndexOnce brings one portion into the search index.
func (s *Store) IndexOnce(ctx context.Context) error {
	return s.commit(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.indexStale(ctx)
		return err
	})
}

// StaleCases is from how many on the index is brought up.
const StaleCases = staleCases

// IndexPortion is how many cases come into the index in one transaction.
const IndexPortion = indexPortion
