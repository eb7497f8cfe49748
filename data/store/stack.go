package store

import (
	"context"
	"sync"
)

// stack lends connections. Who comes next gets the one that was given back last: a desk mostly reads one thing at
// a time, and then one connection keeps the pages it needs while the caches of the others stay small.
type stack struct {
	free chan struct{} // as many as there are connections that nobody uses

	mu   sync.Mutex
	idle []*conn // used last at the end; nil where one could not be opened
}

func newStack(size int) *stack { return &stack{free: make(chan struct{}, size)} }

// take waits for a connection.
func (k *stack) take(ctx context.Context) (*conn, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case _, open := <-k.free:
		if !open {
			return nil, errClosed
		}
		return k.last(), nil
	}
}

func (k *stack) last() *conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(k.idle) - 1
	c := k.idle[n]
	k.idle = k.idle[:n]
	return c
}

// give takes a connection back.
func (k *stack) give(c *conn) {
	k.mu.Lock()
	k.idle = append(k.idle, c)
	k.mu.Unlock()
	k.free <- struct{}{}
}

// close waits until all connections are given back and closes them; who comes later is refused.
func (k *stack) close() (errs []error) {
	for range cap(k.free) {
		<-k.free
		if c := k.last(); c != nil {
			errs = append(errs, c.close())
		}
	}
	close(k.free)
	return errs
}
