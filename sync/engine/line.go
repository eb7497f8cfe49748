package engine

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"schalter/data/record"
)

// part names one of the things the engine does at the same time.
type part int

const (
	partPush part = iota
	partPull
	partSend
	partFetch
	parts
)

// line keeps what the status line shows.
type line struct {
	now     record.Clock
	changed *bell

	mu       sync.Mutex
	state    record.Link
	troubles [parts]*record.Error
	heard    bool // the centre has answered since the last network trouble
}

func newLine(configured bool, now record.Clock) *line {
	return &line{now: now, changed: newBell(), state: record.Link{Configured: configured, Since: now()}}
}

func (l *line) link() record.Link {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

func (l *line) subscribe() (<-chan struct{}, func()) {
	c := l.changed.listen()
	return c, func() { l.changed.forget(c) }
}

// answered notes that the centre gave a good answer to a part.
func (l *line) answered(p part) {
	l.update(func() {
		l.troubles[p] = nil
		l.heard = true
	})
}

// outcome notes how a step of a part ended.
func (l *line) outcome(p part, err error) {
	l.update(func() { l.troubles[p] = trouble(err) })
}

// complete notes that nothing was left to send and nothing to take in.
func (l *line) complete() { l.update(func() { l.state.LastSync = l.now() }) }

func (l *line) sending(n int) { l.update(func() { l.state.Sending = n }) }

func (l *line) update(set func()) {
	l.mu.Lock()
	before := l.state
	set()
	online := l.heard
	l.state.Trouble = nil
	for p, t := range l.troubles {
		if t == nil {
			continue
		}
		if l.state.Trouble == nil {
			l.state.Trouble = t
		}
		if part(p) <= partPull && strings.HasPrefix(string(t.Code), "sync.") {
			online = false
		}
	}
	if !online {
		l.heard = false
	}
	if online != before.Online {
		l.state.Online, l.state.Since = online, l.now()
	}
	same := before == l.state
	l.mu.Unlock()
	if !same {
		l.changed.ring()
	}
}

// trouble finds the house's word for an error.
func trouble(err error) *record.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*record.Error](err); ok {
		return e
	}
	return record.E(record.CodeInternal, err)
}

// clockLimit is how far the desk's clock may be off before a clerk is told: dates of applications count
// by the day, and the centre's Date header is only good to a second.
const clockLimit = 5 * time.Minute

func clockTrouble(ahead time.Duration) *record.Error {
	if ahead.Abs() < clockLimit {
		return nil
	}
	d := ahead.Abs().Round(time.Minute)
	return record.E(record.CodeClockWrong, fmt.Errorf("the desk's clock is %s ahead of the centre's", ahead.Round(time.Second)),
		"difference", fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60))
}
