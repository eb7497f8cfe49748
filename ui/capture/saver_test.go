package capture

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// bench is time and goroutines under the test's control.
type bench struct {
	mu     sync.Mutex
	cond   *sync.Cond
	now    time.Time
	timers []*benchTimer
	do     []func()
	active int
}

type benchTimer struct {
	at time.Time
	f  func()
}

func newBench() *bench {
	b := &bench{now: time.Date(2026, 11, 23, 10, 44, 7, 0, time.UTC)}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *bench) runtime() Runtime {
	return Runtime{
		Clock: func() time.Time { b.mu.Lock(); defer b.mu.Unlock(); return b.now },
		After: func(d time.Duration, f func()) func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			t := &benchTimer{at: b.now.Add(d), f: f}
			b.timers = append(b.timers, t)
			return func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				for i, o := range b.timers {
					if o == t {
						b.timers = append(b.timers[:i], b.timers[i+1:]...)
						return
					}
				}
			}
		},
		Go: func(f func()) {
			b.mu.Lock()
			b.active++
			b.mu.Unlock()
			go func() {
				defer func() {
					b.mu.Lock()
					b.active--
					b.cond.Broadcast()
					b.mu.Unlock()
				}()
				f()
			}()
		},
		Do: func(f func()) {
			b.mu.Lock()
			b.do = append(b.do, f)
			b.cond.Broadcast()
			b.mu.Unlock()
		},
	}
}

// settle runs what came back to the window until no work is under way.
func (b *bench) settle() { b.until(func() bool { return b.active == 0 }) }

// until runs what came back to the window until done says so; the lock is held while it is asked.
func (b *bench) until(done func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		for len(b.do) > 0 {
			f := b.do[0]
			b.do = b.do[1:]
			b.mu.Unlock()
			f()
			b.mu.Lock()
		}
		if done() {
			return
		}
		b.cond.Wait()
	}
}

// pass lets time go by and rings the timers that are due, without waiting for what they start.
func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	b.now = b.now.Add(d)
	var due []*benchTimer
	var rest []*benchTimer
	for _, t := range b.timers {
		if t.at.After(b.now) {
			rest = append(rest, t)
		} else {
			due = append(due, t)
		}
	}
	b.timers = rest
	b.mu.Unlock()
	for _, t := range due {
		t.f()
	}
}

// disk is a store for one draft that can be slow and can fail.
type disk struct {
	mu      sync.Mutex
	content string
	writes  int
	fail    error
	gate    chan struct{} // nil: not slow
}

func (d *disk) save(_ context.Context, draft record.Draft) error {
	d.mu.Lock()
	gate := d.gate
	d.mu.Unlock()
	if gate != nil {
		<-gate
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes++
	if d.fail != nil {
		return d.fail
	}
	d.content = draft.Values["a/b"]
	return nil
}

func typed(s string) record.Draft { return record.Draft{ID: "1", Values: record.Values{"a/b": s}} }

func TestSaverStoresAtMostASecondLate(t *testing.T) {
	b, d := newBench(), &disk{}
	s := newSaver(d.save, b.runtime(), func(SaveState) {})
	// Ten keys, 300 ms apart, without ever being idle for a second.
	for i := range 10 {
		s.Typed(typed(fmt.Sprint(i)))
		b.pass(300 * time.Millisecond)
		b.settle()
	}
	if d.writes < 2 || d.writes > 3 {
		t.Errorf("%d writes in 3 s of typing, want one a second", d.writes)
	}
	b.pass(time.Second)
	b.settle()
	if d.content != "9" || s.State().Dirty {
		t.Errorf("stored %q, state %+v", d.content, s.State())
	}
}

func TestSaverWritesTheNewestWhileOneIsRunning(t *testing.T) {
	b, d := newBench(), &disk{gate: make(chan struct{})}
	s := newSaver(d.save, b.runtime(), func(SaveState) {})
	s.Now(typed("1"))
	for _, k := range []string{"2", "3", "4"} {
		s.Now(typed(k))
	}
	close(d.gate)
	b.settle()
	if d.content != "4" || d.writes != 2 {
		t.Errorf("stored %q in %d writes, want the newest in two", d.content, d.writes)
	}
}

func TestSaverKeepsTryingAndSaysSo(t *testing.T) {
	b, d := newBench(), &disk{fail: record.E(record.CodeDiskFull, errors.New("no space"))}
	var told []SaveState
	var mu sync.Mutex
	s := newSaver(d.save, b.runtime(), func(st SaveState) { mu.Lock(); told = append(told, st); mu.Unlock() })
	s.Now(typed("x"))
	b.settle()
	st := s.State()
	if record.CodeOf(st.Err) != record.CodeDiskFull || !st.Dirty || !st.Since.Equal(b.now) {
		t.Fatalf("state %+v", st)
	}
	if err := s.Flush(t.Context()); record.CodeOf(err) != record.CodeDiskFull {
		t.Errorf("Flush on a full disk: %v", err)
	}
	for range 4 {
		b.pass(retryMax)
		b.settle()
	}
	if d.writes < 4 {
		t.Errorf("only %d tries", d.writes)
	}
	d.mu.Lock()
	d.fail = nil
	d.mu.Unlock()
	b.pass(retryMax)
	b.settle()
	if d.content != "x" || s.State().Err != nil || s.State().Dirty || told[len(told)-1].Err != nil {
		t.Errorf("after the disk has room again: %q, %+v", d.content, s.State())
	}
}

func TestSaverNeverWritesAfterStop(t *testing.T) {
	b, d := newBench(), &disk{gate: make(chan struct{})}
	s := newSaver(d.save, b.runtime(), func(SaveState) {})
	s.Now(typed("1"))
	s.Now(typed("2"))
	ended := make(chan error, 1)
	go func() { ended <- s.Stop(context.Background()) }()
	for {
		s.mu.Lock()
		stopped := s.stopped
		s.mu.Unlock()
		if stopped {
			break
		}
	}
	select {
	case err := <-ended:
		t.Fatal("Stop did not wait for the running write", err)
	default:
	}
	close(d.gate)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.Now(typed("3"))
	b.pass(time.Hour)
	b.settle()
	if d.content != "1" || d.writes != 1 {
		t.Errorf("%q in %d writes after Stop", d.content, d.writes)
	}
	s.Resume(typed("4"))
	b.settle()
	if d.content != "4" {
		t.Errorf("after Resume: %q", d.content)
	}
}

// Whatever is typed, however slow or full the disk: what the saver calls stored is stored, at most a
// second of typing is missing while saving works, and nothing is missing in the end.
func TestSaverNeverLosesTheLastKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, d := newBench(), &disk{}
		s := newSaver(d.save, b.runtime(), func(SaveState) {})
		last, n := "", 0
		t.Repeat(map[string]func(*rapid.T){
			"key": func(*rapid.T) { n++; last = fmt.Sprint(n); s.Typed(typed(last)) },
			"leave": func(*rapid.T) {
				n++
				last = fmt.Sprint(n)
				s.Now(typed(last))
			},
			"time": func(t *rapid.T) {
				b.pass(time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond)
			},
			"disk full": func(*rapid.T) { d.mu.Lock(); d.fail = record.E(record.CodeDiskFull, nil); d.mu.Unlock() },
			"disk well": func(*rapid.T) { d.mu.Lock(); d.fail = nil; d.mu.Unlock() },
			"flush": func(t *rapid.T) {
				err := s.Flush(context.Background())
				d.mu.Lock()
				defer d.mu.Unlock()
				if (err == nil) != (d.content == last) && last != "" {
					t.Fatalf("Flush says %v, stored %q, typed %q", err, d.content, last)
				}
			},
			"": func(t *rapid.T) {
				b.settle()
				d.mu.Lock()
				defer d.mu.Unlock()
				if st := s.State(); !st.Dirty && d.content != last {
					t.Fatalf("said to be stored: %q, stored: %q", last, d.content)
				}
			},
		})
		d.mu.Lock()
		d.fail = nil
		d.mu.Unlock()
		b.pass(retryMax)
		b.settle()
		if d.content != last || s.State().Dirty {
			t.Fatalf("typed %q, stored %q", last, d.content)
		}
	})
}

func TestHistoryUndoAndRedoAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h history
		now := time.Unix(0, 0)
		text := map[string]string{}
		steps := rapid.IntRange(1, 40).Draw(t, "steps")
		for range steps {
			p := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "field")
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			h.Changed(p, text[p], now)
			text[p] = rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "text")
			if rapid.Bool().Draw(t, "leave") {
				h.Close(p)
			}
		}
		final := text["a"]
		other := text["b"]
		states := []string{text["a"]}
		for {
			s, ok := h.Undo("a", text["a"])
			if !ok {
				break
			}
			text["a"] = s
			states = append(states, s)
		}
		if text["a"] != "" {
			t.Fatalf("all undone: %q", text["a"])
		}
		for i := len(states) - 2; i >= 0; i-- {
			s, ok := h.Redo("a", text["a"])
			if !ok || s != states[i] {
				t.Fatalf("redo %d: %q %v, want %q", i, s, ok, states[i])
			}
			text["a"] = s
		}
		if text["a"] != final || text["b"] != other {
			t.Fatalf("%v, want a=%q b=%q", text, final, other)
		}
	})
}

func TestHistoryOneStepPerRunOfTyping(t *testing.T) {
	var h history
	now := time.Unix(0, 0)
	said := ""
	for _, r := range "Balu" {
		h.Changed("hund/rufname", said, now)
		said += string(r)
		now = now.Add(100 * time.Millisecond)
	}
	if s, ok := h.Undo("hund/rufname", said); !ok || s != "" {
		t.Errorf("one run is one step: %q %v", s, ok)
	}
	if _, ok := h.Undo("hund/rufname", ""); ok {
		t.Error("nothing was left to undo")
	}
}
