package button

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
)

// panel is a device with buttons, as its test sets them.
type panel struct {
	mu      sync.Mutex
	pressed []string
	fail    error
	hang    bool          // until its context ends
	dead    bool          // it does not even end then
	deaf    chan struct{} // closed at the end of its test
	opened  int
	asked   []time.Time
	asking  int
}

func (p *panel) set(f func()) { p.mu.Lock(); defer p.mu.Unlock(); f() }

func (p *panel) times() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.asked) }

func (p *panel) Discover(context.Context) ([]scan.Device, error) { return nil, nil }

func (p *panel) Open(context.Context, string) (scan.Session, error) {
	p.set(func() { p.opened++ })
	return p, nil
}

func (p *panel) Caps() scan.Caps { return scan.Caps{} }

func (p *panel) Close() error { return nil }

func (p *panel) Scan(context.Context, scan.Settings, func(scan.Event) error) error { return nil }

func (p *panel) Sense(ctx context.Context) (scan.State, error) {
	p.mu.Lock()
	p.asked = append(p.asked, time.Now())
	p.asking++
	hang, deaf, s, err := p.hang, p.deaf, scan.State{Buttons: slices.Clone(p.pressed)}, p.fail
	p.mu.Unlock()
	if hang {
		<-ctx.Done()
		err = ctx.Err()
	}
	if deaf != nil {
		<-deaf
	}
	p.set(func() { p.asking-- })
	return s, err
}

// desk listens to panels, each by its name as device, whose "scan" and "file" are bound.
type desk struct {
	*Watch
	mu     sync.Mutex
	bound  []profile.Button
	starts []string
	end    context.CancelFunc
	over   chan struct{}
}

type panels map[string]*panel

func (p panels) Discover(context.Context) ([]scan.Device, error) { return nil, nil }

func (p panels) Open(ctx context.Context, id string) (scan.Session, error) {
	if p[id] == nil {
		return nil, record.E(record.CodeScanNoDevice, nil)
	}
	return p[id].Open(ctx, id)
}

func newDesk(t *testing.T, all panels) *desk {
	d := &desk{over: make(chan struct{})}
	for id := range all {
		d.bound = append(d.bound, profile.Button{Device: id, Name: "scan", Profile: "stack"}, profile.Button{Device: id, Name: "file", Profile: "glass"})
	}
	d.Watch = &Watch{
		Driver: all,
		Bound:  func() []profile.Button { d.mu.Lock(); defer d.mu.Unlock(); return slices.Clone(d.bound) },
		Pressed: func(b profile.Button) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.starts = append(d.starts, b.Device+" "+b.Profile)
		},
	}
	ctx, end := context.WithCancel(t.Context())
	d.end = end
	go func() { d.Run(ctx); close(d.over) }()
	return d
}

// rounds lets n questions pass.
func (d *desk) rounds(n int) {
	time.Sleep(time.Duration(n) * 2 * time.Second)
	synctest.Wait()
}

func (d *desk) started() []string { d.mu.Lock(); defer d.mu.Unlock(); return slices.Clone(d.starts) }

func (d *desk) sees(t *testing.T, want ...string) {
	t.Helper()
	if got := d.started(); !slices.Equal(got, want) {
		t.Errorf("started %v, want %v", got, want)
	}
}

func listening(t *testing.T, all panels, test func(t *testing.T, d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for _, p := range all {
			if p.dead {
				p.deaf = make(chan struct{})
			}
		}
		d := newDesk(t, all)
		synctest.Wait()
		test(t, d)
		d.end()
		<-d.over
	})
}

func TestAPressCountsOnce(t *testing.T) {
	p := &panel{}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		p.set(func() { p.pressed = []string{"scan"} })
		d.rounds(3) // it is held down
		d.sees(t, "a stack")
		p.set(func() { p.pressed = []string{"copy", "file", "scan"} }) // one more, and one that is bound to nothing
		d.rounds(1)
		d.sees(t, "a stack", "a glass")
		p.set(func() { p.pressed = nil })
		d.rounds(1)
		p.set(func() { p.pressed = []string{"scan"} })
		d.rounds(1)
		d.sees(t, "a stack", "a glass", "a stack")
		if p.opened != 1 {
			t.Errorf("opened %d times", p.opened)
		}
	})
}

// What a device remembers from before it was listened to starts nothing.
func TestWhatWasPressedBeforeStartsNothing(t *testing.T) {
	p := &panel{pressed: []string{"scan"}}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		d.rounds(3)
		d.sees(t)
		p.set(func() { p.pressed, p.fail = nil, errors.New("switched off") })
		d.rounds(5)
		p.set(func() { p.pressed, p.fail = []string{"scan"}, nil })
		d.rounds(60)
		d.sees(t)
	})
}

func TestNobodyIsAskedWhileAnybodyScans(t *testing.T) {
	p := &panel{}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		first, second := d.Hold(t.Context()), d.Hold(t.Context())
		before := p.times()
		p.set(func() { p.pressed = []string{"scan"} })
		d.rounds(10)
		first()
		first()
		d.rounds(10)
		if n := p.times(); n != before {
			t.Errorf("asked %d times during a scan", n-before)
		}
		second()
		d.rounds(3)
		d.sees(t) // pressed while it scanned
		if p.times() == before {
			t.Error("it is not listened to any more")
		}
		p.set(func() { p.pressed = nil })
		d.rounds(1)
		p.set(func() { p.pressed = []string{"scan"} })
		d.rounds(1)
		d.sees(t, "a stack")
	})
}

func TestADeviceThatDoesNotAnswerIsAskedSeldom(t *testing.T) {
	p := &panel{fail: record.E(record.CodeScanOffline, nil)}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		d.rounds(30 * 60) // an hour
		if n := p.times(); n < 55 || n > 70 {
			t.Errorf("asked %d times in an hour", n)
		}
		gap := p.asked[len(p.asked)-1].Sub(p.asked[len(p.asked)-2])
		if gap != seldom {
			t.Errorf("%v between two questions", gap)
		}
		p.set(func() { p.fail = nil })
		d.rounds(31)
		p.set(func() { p.pressed = []string{"file"} })
		d.rounds(1)
		d.sees(t, "a glass")
	})
}

// A device that hangs is given up, and neither the other devices nor a scan nor the end waits for it.
func TestADeviceThatHangsHoldsNothing(t *testing.T) {
	hangs, deaf, well := &panel{hang: true}, &panel{dead: true}, &panel{}
	listening(t, panels{"a": hangs, "b": deaf, "c": well}, func(t *testing.T, d *desk) {
		d.rounds(4)
		if hangs.times() != 1 || deaf.times() != 1 || well.times() < 4 {
			t.Errorf("asked %d, %d and %d times", hangs.times(), deaf.times(), well.times())
		}
		begun := time.Now()
		release := d.Hold(t.Context())
		if waited := time.Since(begun); waited > 4*time.Second {
			t.Errorf("a scan waited %v", waited)
		}
		synctest.Wait()
		if hangs.asking != 0 {
			t.Error("the question was not called off")
		}
		release()
		d.rounds(1)
		well.set(func() { well.pressed = []string{"scan"} })
		d.rounds(1)
		d.sees(t, "c stack")
		if deaf.times() != 1 {
			t.Error("one that does not even end is asked again")
		}
		d.end()
		<-d.over
		close(deaf.deaf)
	})
}

// A scan that is called off does not wait either.
func TestHoldEndsWithItsScan(t *testing.T) {
	p := &panel{dead: true}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		begun := time.Now()
		d.Hold(ctx)()
		if time.Since(begun) != 0 {
			t.Error("it waited")
		}
		close(p.deaf)
	})
}

// What is bound may change at any time; a device without a binding gets no question.
func TestOnlyBoundDevicesAreAsked(t *testing.T) {
	p := &panel{}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		d.rounds(2)
		d.mu.Lock()
		bound := d.bound
		d.bound = nil
		d.mu.Unlock()
		before := p.times()
		d.rounds(20)
		if p.times() != before {
			t.Error("asked without a binding")
		}
		d.mu.Lock()
		d.bound = append(bound[:1:1], profile.Button{Device: "gone", Name: "scan", Profile: "stack"})
		d.mu.Unlock()
		d.rounds(2)
		p.set(func() { p.pressed = []string{"file", "scan"} })
		d.rounds(1)
		d.sees(t, "a stack")
	})
}

// Nothing starts once the desk is locked, whatever is still on its way.
func TestNothingStartsBehindTheLock(t *testing.T) {
	p := &panel{}
	listening(t, panels{"a": p}, func(t *testing.T, d *desk) {
		d.rounds(2)
		p.set(func() { p.pressed, p.deaf = []string{"scan"}, make(chan struct{}) })
		d.rounds(1)
		d.end()
		<-d.over
		close(p.deaf)
		synctest.Wait()
		d.sees(t)
	})
}

// A device without sensors is left alone most of the time.
func TestADeviceWithoutButtons(t *testing.T) {
	p := &panel{}
	w := &Watch{Driver: blind{p}}
	e := &ear{device: "a"}
	if _, err := e.ask(t.Context(), w.Driver); record.CodeOf(err) != record.CodeScanUnsupported || p.times() != 0 {
		t.Errorf("%v", err)
	}
}

type blind struct{ *panel }

func (b blind) Open(context.Context, string) (scan.Session, error) {
	return struct{ scan.Session }{b.panel}, nil
}
