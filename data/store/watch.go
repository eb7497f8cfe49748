package store

import "sync"

// watches are those who want to know that something was committed.
type watches struct {
	mu   sync.Mutex
	list map[chan struct{}]bool
	done bool
}

// Watch returns a channel that holds a value whenever something was committed since the last receive, and
// the function that ends it. After the store was closed the channel is closed.
func (s *Store) Watch() (changed <-chan struct{}, stop func()) {
	w := &s.watches
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		close(c)
		return c, func() {}
	}
	if w.list == nil {
		w.list = map[chan struct{}]bool{}
	}
	w.list[c] = true
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.list, c)
	}
}

func (s *Store) signal() {
	w := &s.watches
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.list {
		select {
		case c <- struct{}{}:
		default: // it has not read the last one yet
		}
	}
}

func (w *watches) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	for c := range w.list {
		close(c)
	}
	w.list = nil
}
