package editor

import (
	"context"
	"time"

	"schalter/ui/control"
)

// saveDelay is how long typing may stay unsaved; a save that failed is tried again after retryDelay.
const (
	saveDelay  = time.Second
	retryDelay = 5 * time.Second
)

// saver keeps the draft. At any time at most one write runs; what comes meanwhile is written after it. It
// belongs to the window's goroutine.
type saver struct {
	run     control.Runner
	after   func(d time.Duration, f func()) (stop func())
	write   func() (func(ctx context.Context) error, error) // what is to be stored, taken now
	told    func()
	stop    func()
	dirty   bool
	running bool
	err     error
	saved   bool
	waiting []func(error)
}

// touch notes that there is something to be stored within a second.
func (s *saver) touch() {
	s.dirty = true
	s.arm(saveDelay)
	s.told()
}

func (s *saver) arm(d time.Duration) {
	if s.running || s.stop != nil {
		return
	}
	s.stop = s.after(d, func() {
		s.stop = nil
		s.flush(nil)
	})
}

// flush stores at once; done is told once everything is stored, or why it is not.
func (s *saver) flush(done func(error)) {
	if done != nil {
		s.waiting = append(s.waiting, done)
	}
	if s.running {
		return
	}
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	if !s.dirty {
		s.answer(nil)
		return
	}
	work, err := s.write()
	if err != nil {
		s.ended(err)
		return
	}
	s.dirty, s.running = false, true
	// Never interrupted: a save that has begun ends by itself, and nobody gains by losing it.
	s.run(func(ctx context.Context) func() {
		err := work(context.WithoutCancel(ctx))
		return func() { s.ended(err) }
	})
}

func (s *saver) ended(err error) {
	s.running, s.err = false, err
	switch {
	case err != nil:
		s.dirty = true
		s.answer(err)
		s.arm(retryDelay)
	case s.dirty:
		s.flush(nil)
	default:
		s.saved = true
		s.answer(nil)
	}
	s.told()
}

func (s *saver) answer(err error) {
	w := s.waiting
	s.waiting = nil
	for _, f := range w {
		f(err)
	}
}

// drop forgets what is not stored yet.
func (s *saver) drop() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	s.dirty, s.err = false, nil
}
