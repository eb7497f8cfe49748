// Package button listens to the buttons of scanners, so that a stack can be started where it is put in.
//
// It promises that only devices are asked of which a button is bound to something; that none is asked while
// anybody scans, and one that does not answer more and more seldom; that a device which hangs keeps nobody from
// scanning, locking or ending; and that a press counts once, and only if it was made while it was listened for:
// what a device remembers from before starts nothing.
//
// It never starts a scan itself, and never asks a device for longer than its limit.
package button

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
)

// Watch listens. Driver, Bound and Pressed are needed; the zero values of the rest are good.
type Watch struct {
	Driver  scan.Driver
	Bound   func() []profile.Button // what is bound now; asked again and again
	Pressed func(b profile.Button)  // on any goroutine
	Every   time.Duration           // between two questions; default 2 s
	Limit   time.Duration           // of one question; default 10 s
	Give    time.Duration           // how long a scan lets a question under way end; default 2 s

	mu    sync.Mutex
	ears  map[string]*ear // by device
	holds int
	turn  int // grows with each hold: what was heard before a scan says nothing about what is heard after it
	asked map[*ear]context.CancelFunc
	idle  chan struct{} // closed when the last question under way is answered
}

// ear is what is known of a device. Its fields belong to the watch's lock, but for the session, which belongs to
// the question under way.
type ear struct {
	device  string
	session scan.Session
	heard   bool     // what was pressed when it was asked last
	pressed []string // that
	turn    int      // in which that was
	fails   int      // in a row
	rest    int      // rounds in which it is left alone
}

// seldom is the longest time between two questions to a device that does not answer.
const seldom = time.Minute

func or(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

func (w *Watch) every() time.Duration { return or(w.Every, 2*time.Second) }

// Run listens until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	for {
		bound := w.Bound()
		for _, e := range w.due(bound) {
			go w.listen(ctx, e, bound) // not waited for: the call may hang in a device's code
		}
		if scan.Pause(ctx, w.every()) != nil {
			return
		}
	}
}

// due are the devices to be asked in this round.
func (w *Watch) due(bound []profile.Button) (list []*ear) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ears == nil {
		w.ears, w.asked = map[string]*ear{}, map[*ear]context.CancelFunc{}
	}
	for device := range w.ears {
		if !slices.ContainsFunc(bound, func(b profile.Button) bool { return b.Device == device }) {
			delete(w.ears, device) // bound anew, it is asked anew
		}
	}
	for _, b := range bound {
		if w.ears[b.Device] == nil {
			w.ears[b.Device] = &ear{device: b.Device}
		}
	}
	for _, e := range w.ears {
		switch {
		case w.asked[e] != nil:
		case e.rest > 0:
			e.rest--
		default:
			list = append(list, e)
		}
	}
	return list
}

// listen asks a device once.
func (w *Watch) listen(ctx context.Context, e *ear, bound []profile.Button) {
	ctx, turn, ok := w.begin(ctx, e)
	if !ok {
		return
	}
	state, err := e.ask(ctx, w.Driver)
	over := ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded)
	if b, ok := w.end(e, turn, state, err, bound); ok && !over {
		w.Pressed(b)
	}
}

// begin lets a question through where nobody scans.
func (w *Watch) begin(ctx context.Context, e *ear) (within context.Context, turn int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.holds > 0 || w.asked[e] != nil {
		return nil, 0, false
	}
	within, cancel := context.WithTimeout(ctx, or(w.Limit, 10*time.Second))
	if len(w.asked) == 0 {
		w.idle = make(chan struct{})
	}
	w.asked[e] = cancel
	return within, w.turn, true
}

// end takes the answer and says what was pressed since the one before.
func (w *Watch) end(e *ear, turn int, state scan.State, err error, bound []profile.Button) (pressed profile.Button, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[e]()
	delete(w.asked, e)
	if len(w.asked) == 0 {
		close(w.idle)
	}
	switch {
	case w.turn != turn: // a scan has begun, or called the question off
		e.heard = false
		return pressed, false
	case err != nil:
		e.heard = false
		e.fails++
		e.rest = int(min(w.every()<<min(e.fails, 16), seldom)/w.every()) - 1
		return pressed, false
	}
	before, known := e.pressed, e.heard && e.turn == turn
	e.pressed, e.heard, e.turn, e.fails, e.rest = state.Buttons, true, turn, 0, 0
	if !known {
		return pressed, false
	}
	for _, name := range state.Buttons {
		i := slices.IndexFunc(bound, func(b profile.Button) bool { return b.Device == e.device && b.Name == name })
		if i >= 0 && !slices.Contains(before, name) {
			return bound[i], true
		}
	}
	return pressed, false
}

// ask opens the device where it is not open, and asks it.
func (e *ear) ask(ctx context.Context, d scan.Driver) (state scan.State, err error) {
	if e.session == nil {
		if e.session, err = d.Open(ctx, e.device); err != nil {
			e.session = nil
			return state, err
		}
	}
	if s, ok := e.session.(scan.Sensor); ok {
		state, err = s.Sense(ctx)
	} else {
		err = record.E(record.CodeScanUnsupported, nil, "device", e.device)
	}
	if err != nil { // after a while at rest it may have another address, or have been replaced
		err = errors.Join(err, e.session.Close())
		e.session = nil
	}
	return state, err
}

// Hold keeps devices from being asked until release is called. It waits for questions under way, then calls them
// off; one that does not even end then is left behind.
func (w *Watch) Hold(ctx context.Context) (release func()) {
	w.mu.Lock()
	w.holds++
	w.turn++
	idle, asking := w.idle, len(w.asked) > 0
	w.mu.Unlock()
	if asking && !w.wait(ctx, idle) {
		w.mu.Lock()
		for _, cancel := range w.asked {
			cancel()
		}
		w.mu.Unlock()
		w.wait(ctx, idle)
	}
	return sync.OnceFunc(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.holds--
	})
}

// wait reports whether all questions were answered in time.
func (w *Watch) wait(ctx context.Context, idle <-chan struct{}) bool {
	late := time.NewTimer(or(w.Give, 2*time.Second))
	defer late.Stop()
	select {
	case <-idle:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}
