package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// packs shares answers: when a change wakes five hundred desks that all have read equally far, the journal
// is read and packed once. What it keeps is dropped as soon as the history grows.
type packs struct {
	mu sync.Mutex
	by map[packKey]*pack
}

type packKey struct {
	tenant string
	from   record.Cursor
	limit  int
}

// pack is what lies after a cursor, ready to send.
type pack struct {
	once    sync.Once
	out     []byte
	made    time.Time
	some    bool               // there is a change in it
	devices map[record.ID]bool // whose
	err     error
}

// packsMax bounds how many answers are kept at a time, packMax how large each may be.
const (
	packsMax = 64
	packMax  = 256 << 10
)

// nothingLife is how long the news that nothing lies after a cursor is believed: another program may write to
// the same journal, and nobody here is told.
const nothingLife = time.Second

// get gives the pack for a key and lets only the first asker make it.
func (p *packs) get(k packKey, now time.Time, fill func(*pack)) *pack {
	p.mu.Lock()
	if p.by == nil || len(p.by) >= packsMax {
		p.by = map[packKey]*pack{}
	}
	x, ok := p.by[k]
	if !ok {
		x = &pack{made: now}
		p.by[k] = x
	}
	p.mu.Unlock()
	x.once.Do(func() { fill(x) })
	switch {
	case ok && !x.some && now.Sub(x.made).Abs() >= nothingLife:
		p.drop(k, x)
		return p.get(k, now, fill)
	case x.err != nil || len(x.out) > packMax:
		p.drop(k, x)
	}
	return x
}

func (p *packs) drop(k packKey, x *pack) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by[k] == x {
		delete(p.by, k)
	}
}

// forget drops a tenant's packs; it must run after the history has grown and before anybody is woken.
func (p *packs) forget(tenant string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k := range p.by {
		if k.tenant == tenant {
			delete(p.by, k)
		}
	}
}

// gather packs what is after the cursor. It is complete in memory before the first byte goes out, so that
// a slow line holds no transaction of the journal.
func (c *Centre) gather(r *http.Request, d Desk, req protocol.PullRequest) (*pack, error) {
	select {
	case c.pulls <- struct{}{}: // a crowd that wakes at once must not push the pushes aside
		defer func() { <-c.pulls }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	ctx := context.WithoutCancel(r.Context()) // others may share the result
	if err := c.look(ctx, d.Tenant); err != nil {
		return nil, err
	}
	x := c.packs.get(packKey{d.Tenant, req.Cursor, req.Max}, c.cfg.Clock(), func(x *pack) { c.fill(ctx, x, d.Tenant, "", req) })
	if x.err == nil && x.devices[d.Device] && !req.OwnFull {
		x = &pack{}
		c.fill(ctx, x, d.Tenant, d.Device, req)
	}
	return x, x.err
}

// fill makes a pack in which the changes of the device own are stubs.
func (c *Centre) fill(ctx context.Context, x *pack, tenant string, own record.ID, req protocol.PullRequest) {
	var out bytes.Buffer
	w := protocol.NewPullWriter(&out)
	x.devices = map[record.ID]bool{}
	next, more, err := c.cfg.Journal.Pull(ctx, tenant, req.Cursor, req.Max, func(e Entry) error {
		x.some = true
		x.devices[e.Device] = true
		if e.Device == own {
			return w.Own(e.Seq, e.ID, e.Device, e.N)
		}
		return w.Change(e.Seq, e.Line)
	})
	var mark uint64
	if err == nil {
		mark, _, err = c.cfg.Journal.LostFiles(ctx, tenant, "", 0)
	}
	if err == nil {
		w.Lost(mark)
		err = w.End(next, more)
	}
	x.out, x.err = out.Bytes(), errors.Join(err, w.Close())
}
