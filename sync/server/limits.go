package server

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"schalter/data/record"
)

// throttle keeps a rate limiter per address, for a bounded number of addresses.
type throttle struct {
	every rate.Limit
	burst int
	mu    sync.Mutex
	by    map[string]*rate.Limiter
}

// addressesMax bounds a throttle's memory. When it is reached, addresses that have their full allowance
// again are forgotten; if there is none, newcomers share one limiter.
const addressesMax = 10_000

func newThrottle(every rate.Limit, burst int) *throttle {
	return &throttle{every: every, burst: burst, by: map[string]*rate.Limiter{}}
}

func (t *throttle) allow(address string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	l, ok := t.by[address]
	if !ok && len(t.by) >= addressesMax {
		for a, old := range t.by {
			if old.TokensAt(now) >= float64(t.burst) {
				delete(t.by, a)
			}
		}
		if len(t.by) >= addressesMax {
			address = ""
			l, ok = t.by[address]
		}
	}
	if !ok {
		l = rate.NewLimiter(t.every, t.burst)
		t.by[address] = l
	}
	return l.AllowN(now, 1)
}

// addressOf is the sender's IP address; IPv6 senders own a whole /64 and count as one.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// nonces remembers the nonces of the latest requests: two generations, each half the time.
type nonces struct {
	mu       sync.Mutex
	half     time.Duration
	began    time.Time
	now, old map[nonceKey]struct{}
}

type nonceKey struct {
	device record.ID
	nonce  string
}

// noncesMax bounds the memory; when it is reached the older generation is forgotten early.
const noncesMax = 200_000

func newNonces(keep time.Duration) *nonces {
	return &nonces{half: keep / 2, now: map[nonceKey]struct{}{}}
}

// fresh tells whether the nonce was not seen before, and remembers it.
func (n *nonces) fresh(device record.ID, nonce string, t time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t.Sub(n.began) >= n.half || t.Before(n.began) || len(n.now) >= noncesMax {
		n.old, n.now, n.began = n.now, map[nonceKey]struct{}{}, t
	}
	k := nonceKey{device, nonce}
	_, a := n.now[k]
	_, b := n.old[k]
	n.now[k] = struct{}{}
	return !a && !b
}

// counters counts what is under way per device.
type counters struct {
	mu sync.Mutex
	by map[record.ID]int
}

func (c *counters) enter(d record.ID, limit int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[record.ID]int{}
	}
	if c.by[d] >= limit {
		return false
	}
	c.by[d]++
	return true
}

func (c *counters) leave(d record.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by[d]--; c.by[d] == 0 {
		delete(c.by, d)
	}
}

// bells wake those who wait for an authority's history to grow.
type bells struct {
	mu sync.Mutex
	by map[string]chan struct{}
}

// listen gives a channel that is closed at the next ring. Listen first, then look.
func (b *bells) listen(tenant string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by == nil {
		b.by = map[string]chan struct{}{}
	}
	c, ok := b.by[tenant]
	if !ok {
		c = make(chan struct{})
		b.by[tenant] = c
	}
	return c
}

// waiting lists those for whom somebody listens.
func (b *bells) waiting() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Keys(b.by))
}

func (b *bells) ring(tenant string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.by[tenant]; ok {
		close(c)
		delete(b.by, tenant)
	}
}
