package capture

import (
	"sync"
	"time"

	"schalter/data/record"
)

// Runtime is how the model reaches time and goroutines. Tests give it a clock and queues of their own.
type Runtime struct {
	Clock record.Clock
	// After calls f once d has passed, on any goroutine, unless the returned function is called before.
	After func(d time.Duration, f func()) (stop func())
	// Go runs slow work away from the window.
	Go func(f func())
	// Do runs f on the goroutine that owns the model.
	Do func(f func())
}

// DefaultRuntime uses the machine's clock, timers and goroutines. do brings work back to the window.
func DefaultRuntime(clock record.Clock, do func(f func())) Runtime {
	return Runtime{
		Clock: clock,
		After: func(d time.Duration, f func()) func() {
			t := time.AfterFunc(d, f)
			return func() { t.Stop() }
		},
		Go: func(f func()) { go f() },
		Do: do,
	}
}

// lane brings work to the goroutine that owns the model, in the order it came. The owner may also do what
// waits by itself: at the end nobody runs the window any more.
type lane struct {
	do   func(f func())
	bell chan struct{} // rings when something waits

	mu   sync.Mutex
	wait []func()
}

func newLane(do func(f func())) *lane { return &lane{do: do, bell: make(chan struct{}, 1)} }

// Do runs f on the owner's goroutine.
func (l *lane) Do(f func()) {
	l.mu.Lock()
	l.wait = append(l.wait, f)
	l.mu.Unlock()
	select {
	case l.bell <- struct{}{}:
	default:
	}
	l.do(l.work)
}

// work does what waits. It belongs to the owner.
func (l *lane) work() {
	for {
		l.mu.Lock()
		if len(l.wait) == 0 {
			l.mu.Unlock()
			return
		}
		f := l.wait[0]
		l.wait = l.wait[1:]
		l.mu.Unlock()
		f()
	}
}
