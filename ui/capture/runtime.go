package capture

import (
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
