package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func TestAConnectionIsUsedAgainBeforeAnother(t *testing.T) {
	k := newStack(3)
	all := []*conn{{}, {}, {}}
	for _, c := range all {
		k.give(c)
	}
	for range 10 { // one after the other: always the same
		c, err := k.take(t.Context())
		check(t, err)
		if c != all[2] {
			t.Fatal("another connection, whose cache is cold")
		}
		k.give(c)
	}
	var taken []*conn
	for range all {
		c, err := k.take(t.Context())
		check(t, err)
		if slices.Contains(taken, c) {
			t.Fatal("a connection was lent twice")
		}
		taken = append(taken, c)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := k.take(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("nothing is left, but: %v", err)
	}
}

func TestTheStackClosesWhenAllIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newStack(2)
		k.give(nil)
		k.give(nil) // could not be opened
		_, err := k.take(t.Context())
		check(t, err)
		closed := false
		go func() {
			k.close()
			closed = true
		}()
		synctest.Wait()
		if closed {
			t.Fatal("closed while a connection is used")
		}
		k.give(nil)
		synctest.Wait()
		if _, err := k.take(t.Context()); !closed || !errors.Is(err, errClosed) {
			t.Errorf("closed %v, %v", closed, err)
		}
	})
}

// What a desk may hold of its database in memory, in KiB: all connections together.
func TestTheCachesAreBounded(t *testing.T) {
	const most = 20 << 10
	s := desk(t, 1)
	sum := 0
	size := func(c *conn) {
		n := 0
		check(t, c.c.QueryRowContext(t.Context(), "PRAGMA cache_size").Scan(&n))
		if n >= 0 {
			t.Errorf("%d pages, not KiB", n)
		}
		sum -= n
	}
	w, err := s.writer.take(t.Context())
	check(t, err)
	defer s.writer.give(w)
	size(w)
	for range readers {
		r, err := s.readers.take(t.Context())
		check(t, err)
		defer s.readers.give(r)
		size(r)
	}
	if sum > most {
		t.Errorf("%d KiB, at most %d", sum, most)
	}
}
