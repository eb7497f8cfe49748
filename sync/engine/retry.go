package engine

import (
	"math/rand/v2"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/transport"
)

// backoff spreads the attempts of many desks after an outage: full jitter under a doubling bound.
type backoff struct{ base, most time.Duration }

func newBackoff(base, most time.Duration) backoff {
	if base <= 0 {
		base = time.Second
	}
	if most <= 0 {
		most = time.Minute
	}
	return backoff{base, max(base, most)}
}

// after returns how long to wait before attempt number tries+1.
func (b backoff) after(tries int, err error) time.Duration {
	bound := b.most
	if tries < 16 {
		bound = min(bound, b.base<<tries)
	}
	if hopeless(record.CodeOf(err)) {
		bound = b.most
	}
	d := time.Duration(rand.Int64N(int64(bound))) + b.base/4 //nolint:gosec // not a secret
	return max(d, min(asked(err), 10*b.most))
}

// asked is how long the centre wants to be left alone.
func asked(err error) time.Duration {
	e := trouble(err)
	if e == nil {
		return 0
	}
	s, _ := e.Args[transport.ArgRetryAfter].(int)
	return time.Duration(s) * time.Second
}

// hopeless troubles go away by somebody's hand, not by trying often.
func hopeless(c record.Code) bool {
	switch c {
	case record.CodeDeskRevoked, record.CodeDeskUnknown, record.CodeForked, record.CodeSignatureBad,
		record.CodeCentreOld, record.CodeCentreUntrusted, record.CodeAddressBad:
		return true
	}
	return false
}

// sizer finds the size of a piece of work that takes about five seconds on this line.
type sizer struct{ size, least, most int }

const goal = 5 * time.Second

func newSizer(size, least, most int) sizer { return sizer{size, least, most} }

// took learns from a piece of n bytes. It grows only on evidence of a full piece.
func (s *sizer) took(n int, d time.Duration) {
	if n < s.size/2 && d < goal {
		return
	}
	fit := s.most
	if d > 0 {
		fit = int(min(float64(n)*float64(goal)/float64(d), float64(s.most)))
	}
	s.set(min(fit, 2*s.size))
}

func (s *sizer) halve() { s.set(s.size / 2) }

func (s *sizer) set(n int) { s.size = min(max(n, s.least), s.most) }

// bell is a signal that is heard once however often it was rung.
type bell struct {
	mu   sync.Mutex
	ears []chan struct{}
	own  chan struct{}
}

func newBell() *bell {
	b := &bell{}
	b.own = b.listen()
	return b
}

// listen adds somebody who hears the bell independently of others.
func (b *bell) listen() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan struct{}, 1)
	b.ears = append(b.ears, c)
	return c
}

func (b *bell) forget(c chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, e := range b.ears {
		if e == c {
			b.ears = append(b.ears[:i:i], b.ears[i+1:]...)
			return
		}
	}
}

func (b *bell) hear() <-chan struct{} { return b.own }

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.ears {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
