package capture

import (
	"context"
	"sync"
	"time"

	"schalter/data/record"
)

// How long typing may stay unsaved, and how soon a failed save is tried again.
const (
	saveDelay = time.Second
	retryMin  = time.Second
	retryMax  = 15 * time.Second
)

// SaveState is what the clerk is told about saving.
type SaveState struct {
	Dirty  bool      // something is typed that is not stored yet
	Saving bool      // being written now
	Saved  time.Time // when the last save ended well; zero: never
	Err    error     // why the last save failed; nil when it went well
	Since  time.Time // since when saving fails
}

// saver writes one draft. Snapshots given to it are never changed afterwards by anybody.
//
// At any time there is at most one write running. While one runs, newer snapshots replace each other and
// the newest is written next, so that slow disks fall behind in number of writes, never in content.
type saver struct {
	save    func(context.Context, record.Draft) error
	rt      Runtime
	changed func(SaveState) // called on any goroutine, never with the lock held

	mu      sync.Mutex
	next    *record.Draft // newest snapshot that is not being written yet
	running bool
	stopped bool
	stop    func() // ends the waiting timer
	timer   uint64 // number of the timer that may still fire
	retry   time.Duration
	state   SaveState
	idle    []chan struct{} // closed when no write runs and nothing waits, or when stopped and no write runs
}

func newSaver(save func(context.Context, record.Draft) error, rt Runtime, changed func(SaveState)) *saver {
	return &saver{save: save, rt: rt, changed: changed}
}

// Typed takes a snapshot that is to be stored within a second.
func (s *saver) Typed(d record.Draft) { s.put(d, false) }

// Now takes a snapshot that is to be stored at once.
func (s *saver) Now(d record.Draft) { s.put(d, true) }

func (s *saver) put(d record.Draft, now bool) {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return
	}
	s.next = &d
	s.state.Dirty = true
	switch {
	case s.running: // written when the running write ends
	case now:
		s.start()
	case s.stop == nil:
		s.arm(saveDelay)
	}
	st := s.state
	s.mu.Unlock()
	s.changed(st)
}

// arm starts the timer. A timer that was ended but fires all the same is recognised by its number.
func (s *saver) arm(d time.Duration) {
	s.timer++
	n := s.timer
	s.stop = s.rt.After(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if n != s.timer || s.stopped || s.running {
			return
		}
		s.stop = nil
		if s.next != nil {
			s.start()
		}
	})
}

func (s *saver) disarm() {
	s.timer++
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// start writes the newest snapshot. The lock is held.
func (s *saver) start() {
	s.disarm()
	d := *s.next
	s.next = nil
	s.running = true
	s.state.Saving = true
	// Never interrupted: a save that has begun ends by itself, and nobody gains by losing it.
	s.rt.Go(func() { s.end(d, s.save(context.Background(), d)) })
}

func (s *saver) end(d record.Draft, err error) {
	s.mu.Lock()
	s.running = false
	s.state.Saving = false
	now := s.rt.Clock()
	if err == nil {
		s.state.Saved, s.state.Err, s.state.Since = now, nil, time.Time{}
		s.retry = 0
	} else {
		if s.state.Err == nil {
			s.state.Since = now
		}
		s.state.Err = err
		if s.next == nil {
			s.next = &d
		}
	}
	s.state.Dirty = s.next != nil
	switch {
	case s.stopped:
		s.next, s.state.Dirty = nil, false
	case err != nil:
		s.retry = min(max(2*s.retry, retryMin), retryMax)
		s.arm(s.retry)
	case s.next != nil:
		s.start()
	}
	if !s.running && (s.next == nil || err != nil) {
		s.wake()
	}
	st := s.state
	s.mu.Unlock()
	s.changed(st)
}

func (s *saver) wake() {
	for _, c := range s.idle {
		close(c)
	}
	s.idle = nil
}

// State tells how saving stands.
func (s *saver) State() SaveState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Flush writes what waits and returns when everything given before is stored, or why it is not.
func (s *saver) Flush(ctx context.Context) error {
	s.mu.Lock()
	if s.next != nil && !s.running && !s.stopped {
		s.start()
	}
	wait := s.wait()
	s.mu.Unlock()
	select {
	case <-wait:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Dirty {
		return s.state.Err
	}
	return nil
}

// wait returns a channel that is closed once no write runs. The lock is held.
func (s *saver) wait() <-chan struct{} {
	c := make(chan struct{})
	if !s.running {
		close(c)
		return c
	}
	s.idle = append(s.idle, c)
	return c
}

// Stop waits for a running write and allows no other: after it returned nil the draft is not written any
// more. What was not stored is dropped; use it before submitting or discarding.
func (s *saver) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	s.next = nil
	s.state.Dirty = false
	s.disarm()
	wait := s.wait()
	s.mu.Unlock()
	select {
	case <-wait:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Resume allows writing again after [saver.Stop], beginning with d.
func (s *saver) Resume(d record.Draft) {
	s.mu.Lock()
	s.stopped = false
	s.mu.Unlock()
	s.Now(d)
}
