package engine

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"schalter/data/record"
)

// cooling remembers files that made trouble, so that they do not stand in the way of the others.
type cooling struct {
	base, most time.Duration

	mu   sync.Mutex
	bad  map[record.Hash]cool
	pass int
	busy int // refusals in a row because the centre is busy
}

type cool struct {
	until time.Time
	tries int
	pass  int
	err   error // nil: nobody's fault, the file is not there yet
}

func newCooling(b backoff) *cooling {
	return &cooling{base: 2 * b.base, most: b.most, bad: map[record.Hash]cool{}}
}

// add lets a file alone for a while. It gives the error back when it is not about this file: a centre
// that is busy three times running is busy altogether.
func (c *cooling) add(h record.Hash, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.bad[h]
	d := c.most
	if b.tries < 16 {
		d = min(d, c.base<<b.tries)
	}
	c.bad[h] = cool{time.Now().Add(max(d, asked(err))), b.tries + 1, c.pass, err}
	if record.CodeOf(err) != record.CodeCentreBusy {
		c.busy = 0
		return nil
	}
	if c.busy++; c.busy < 3 {
		return nil
	}
	c.busy = 0
	return err
}

func (c *cooling) done(h record.Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = 0
	delete(c.bad, h)
}

// begin starts a pass over the files. One that fails is not tried a second time in the same pass, however
// long the pass takes.
func (c *cooling) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass++
}

// ready leaves out the files that are to be let alone now. If refs is all there is, trouble with files
// that are not among them is over.
func (c *cooling) ready(refs []record.BlobRef, all bool) []record.BlobRef {
	c.mu.Lock()
	defer c.mu.Unlock()
	if all && len(c.bad) > 0 {
		there := make(map[record.Hash]bool, len(refs))
		for _, r := range refs {
			there[r.Hash] = true
		}
		maps.DeleteFunc(c.bad, func(h record.Hash, _ cool) bool { return !there[h] })
	}
	return slices.DeleteFunc(refs, func(r record.BlobRef) bool {
		b, ok := c.bad[r.Hash]
		return ok && (b.pass == c.pass || time.Now().Before(b.until))
	})
}

// next returns how long it is until the first file may be tried again, at most d. It may be asked of nil.
func (c *cooling) next(d time.Duration) time.Duration {
	if c == nil {
		return d
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.bad {
		d = min(d, max(time.Until(b.until), c.base))
	}
	return d
}

// forget lets all be tried again.
func (c *cooling) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bad = map[record.Hash]cool{}
}

func (c *cooling) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.bad)
}

// trouble is what is wrong with the files that are let alone, except those that are merely not there yet.
func (c *cooling) trouble() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []error
	for _, b := range c.bad {
		if b.err != nil {
			all = append(all, b.err)
		}
	}
	return errors.Join(all...)
}
