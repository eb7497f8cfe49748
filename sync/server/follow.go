package server

import (
	"context"
	"sync"
	"time"

	"schalter/sync/protocol"
)

// Another program may write to the same journal: the command that publishes a form, or a second centre
// behind the same address. Nobody here is told, so the heads of the histories are looked at.

// followEvery is how soon desks that wait learn what another program wrote.
const followEvery = time.Second

// heads are the last places that were seen here.
type heads struct {
	mu sync.Mutex
	by map[string]uint64
}

// grown notes a head and tells whether the history had another one when it was looked at before.
func (h *heads) grown(tenant string, seq uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, known := h.by[tenant]
	if h.by == nil {
		h.by = map[string]uint64{}
	}
	h.by[tenant] = seq
	return known && before != seq
}

// placed notes what this program wrote itself, and woke the desks for.
func (h *heads) placed(tenant string, a protocol.PushAnswer) {
	for _, r := range a.Results {
		if r.Seq > 0 && !r.Had {
			h.grown(tenant, r.Seq)
		}
	}
}

// look sees to it that nothing is believed that another program has outdated.
func (c *Centre) look(ctx context.Context, tenant string) error {
	seq, err := c.cfg.Journal.Head(ctx, tenant)
	if err == nil && c.heads.grown(tenant, seq) {
		c.packs.forget(tenant)
		c.bells.ring(tenant)
	}
	return err
}

// follow looks for those who wait.
func (c *Centre) follow(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		for _, tenant := range c.bells.waiting() {
			if err := c.look(ctx, tenant); err != nil && ctx.Err() == nil {
				c.cfg.Log.Warn("cannot look at a history", "tenant", tenant, "cause", err)
			}
		}
	}
}
