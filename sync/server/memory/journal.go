// Package memory keeps a centre's journal and files in memory, for tests and simulations.
//
// It promises the same behaviour as the implementations on disk (package contract holds it to that),
// except that nothing outlives the process.
//
// It never touches the file system.
package memory

import (
	"context"
	"crypto/ed25519"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// Journal is a [server.Journal].
type Journal struct {
	mu          sync.Mutex
	authorities map[string]*authority
	desks       map[record.ID]*desk
}

type authority struct {
	server.Authority
	log         []entry
	ids         map[record.ID]bool
	invitations map[int]*invitation
	files       map[record.Hash]bool // ever complete; true: lost since
	mark        uint64
}

type entry struct {
	server.Entry
	hash record.Hash // running
	ends bool
	form bool
}

type invitation struct {
	server.Invitation
	device record.ID
}

type desk struct {
	server.Desk
	hash  record.Hash
	known []server.Known // by n-1
	last  record.Change
}

// NewJournal makes an empty journal.
func NewJournal() *Journal {
	return &Journal{authorities: map[string]*authority{}, desks: map[record.ID]*desk{}}
}

// Ready implements [server.Journal].
func (j *Journal) Ready(context.Context) error { return nil }

// AddAuthority implements [server.Journal].
func (j *Journal) AddAuthority(_ context.Context, a server.Authority) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, b := range j.authorities {
		if b.Tenant == a.Tenant || b.Office == a.Office {
			return server.ErrExists
		}
	}
	a.Created = ms(a.Created)
	j.authorities[a.Tenant] = &authority{Authority: a, ids: map[record.ID]bool{}, invitations: map[int]*invitation{}, files: map[record.Hash]bool{}}
	return nil
}

// ms cuts a time to what the stores on disk keep.
func ms(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }

// Authority implements [server.Journal].
func (j *Journal) Authority(_ context.Context, tenant string) (server.Authority, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(tenant)
	if err != nil {
		return server.Authority{}, err
	}
	return a.Authority, nil
}

func (j *Journal) authority(tenant string) (*authority, error) {
	if a, ok := j.authorities[tenant]; ok {
		return a, nil
	}
	return nil, record.E(record.CodeNotFound, errors.New("no such authority"))
}

// Authorities implements [server.Journal].
func (j *Journal) Authorities(context.Context) (out []server.Authority, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, a := range j.authorities {
		out = append(out, a.Authority)
	}
	slices.SortFunc(out, func(a, b server.Authority) int { return strings.Compare(a.Tenant, b.Tenant) })
	return out, nil
}

// Invite implements [server.Journal].
func (j *Journal) Invite(_ context.Context, i server.Invitation) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(i.Tenant)
	if err != nil {
		return err
	}
	if j.numbered(i.Tenant, i.Number) != nil {
		return server.ErrExists
	}
	i.Created, i.Expires = ms(i.Created), ms(i.Expires)
	a.invitations[i.Number] = &invitation{Invitation: i}
	return nil
}

func (j *Journal) numbered(tenant string, number int) *desk {
	for _, d := range j.desks {
		if d.Tenant == tenant && d.Number == number {
			return d
		}
	}
	return nil
}

// Enrol implements [server.Journal].
func (j *Journal) Enrol(_ context.Context, tenant string, secret record.Hash, device record.ID, key ed25519.PublicKey, program string, now time.Time) (server.Desk, server.Invitation, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	refuse := func(why string) (server.Desk, server.Invitation, error) {
		return server.Desk{}, server.Invitation{}, record.E(record.CodeEnrolCode, errors.New(why))
	}
	i := j.invitation(tenant, secret)
	if i == nil {
		return refuse("no such code")
	}
	if i.device != "" {
		d := j.desks[i.device]
		if i.device != device || !d.Key.Equal(key) {
			return refuse("the code was used by another device")
		}
		return d.Desk, i.Invitation, nil
	}
	if !now.Before(i.Expires) {
		return refuse("the code has expired")
	}
	if j.desks[device] != nil || j.numbered(tenant, i.Number) != nil {
		return refuse("the device or the desk number is enrolled already")
	}
	d := &desk{Desk: server.Desk{
		Tenant: tenant, Number: i.Number, Device: device, Key: slices.Clone(key), Program: program, Enrolled: ms(now), Seen: ms(now), Admin: i.Admin,
	}}
	j.desks[device], i.device = d, device
	return d.Desk, i.Invitation, nil
}

func (j *Journal) invitation(tenant string, secret record.Hash) *invitation {
	a, ok := j.authorities[tenant]
	if !ok {
		return nil
	}
	for _, i := range a.invitations {
		if i.Secret == secret {
			return i
		}
	}
	return nil
}

// Desk implements [server.Journal].
func (j *Journal) Desk(_ context.Context, device record.ID) (server.Desk, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	d, ok := j.desks[device]
	if !ok || d.Number == 0 {
		return server.Desk{}, record.E(record.CodeDeskUnknown, errors.New("no such device"))
	}
	return d.Desk, nil
}

// Desks implements [server.Journal].
func (j *Journal) Desks(_ context.Context, tenant string) (out []server.Desk, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, d := range j.desks {
		if d.Tenant == tenant && d.Number > 0 {
			out = append(out, d.Desk)
		}
	}
	slices.SortFunc(out, func(a, b server.Desk) int { return a.Number - b.Number })
	return out, nil
}

// Revoke implements [server.Journal].
func (j *Journal) Revoke(_ context.Context, tenant string, number int, now time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.numbered(tenant, number)
	if d == nil || number == 0 {
		return record.E(record.CodeNotFound, errors.New("no such desk"))
	}
	if d.Revoked.IsZero() {
		d.Revoked = ms(now)
	}
	return nil
}

// Seen implements [server.Journal].
func (j *Journal) Seen(_ context.Context, when map[record.ID]time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, t := range when {
		if d, ok := j.desks[id]; ok && ms(t).After(d.Seen) {
			d.Seen = ms(t)
		}
	}
	return nil
}

// Push implements [server.Journal].
func (j *Journal) Push(ctx context.Context, device record.ID, lines []protocol.Line) (protocol.PushAnswer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return protocol.PushAnswer{}, err
	}
	d, ok := j.desks[device]
	if !ok {
		return protocol.PushAnswer{}, record.E(record.CodeDeskUnknown, errors.New("no such device"))
	}
	a := j.authorities[d.Tenant]
	c := &chain{a: a, hash: d.hash, known: d.known, last: d.last, admin: d.Admin, log: a.log, ids: map[record.ID]bool{}}
	answer, err := server.Judge(c, device, lines)
	if err != nil {
		return protocol.PushAnswer{}, err
	}
	if len(c.log) > len(a.log) {
		c.log[len(c.log)-1].ends = true
	}
	d.known, d.hash, d.N, d.last, a.log = c.known, c.hash, uint64(len(c.known)), c.last, c.log
	maps.Copy(a.ids, c.ids)
	answer.History = a.History
	return answer, nil
}

// chain is a transaction: it appends to slices whose owners do not see it until Push hands them over.
type chain struct {
	a     *authority
	hash  record.Hash
	known []server.Known
	log   []entry
	ids   map[record.ID]bool
	last  record.Change
	admin bool
}

func (c *chain) Admin() bool                          { return c.admin }
func (c *chain) Last() (uint64, record.Hash)          { return uint64(len(c.known)), c.hash }
func (c *chain) Known(n uint64) (server.Known, error) { return c.known[n-1], nil }
func (c *chain) HasID(id record.ID) (bool, error)     { return c.a.ids[id] || c.ids[id], nil }

func (c *chain) Place(l protocol.Line) (uint64, error) {
	c.hash, c.last = l.Change.Hash(), l.Change
	var before record.Hash
	if n := len(c.log); n > 0 {
		before = c.log[n-1].hash
	}
	seq := uint64(len(c.log) + 1)
	c.log = append(c.log, entry{
		Entry: server.Entry{Seq: seq, ID: l.Change.ID, Device: l.Change.Device, N: l.Change.N, Line: slices.Clone(l.Bytes)}, form: l.Change.Kind == record.KindForm,
		hash: record.NextLogHash(before, l.Change),
	})
	c.ids[l.Change.ID] = true
	c.known = append(c.known, server.Known{Hash: c.hash, Seq: seq})
	return seq, nil
}

func (c *chain) Reject(l protocol.Line, code record.Code, detail string) error {
	c.hash, c.last = l.Change.Hash(), l.Change
	c.known = append(c.known, server.Known{Hash: c.hash, Code: code, Detail: detail})
	return nil
}

// Pull implements [server.Journal].
func (j *Journal) Pull(_ context.Context, tenant string, from record.Cursor, limit int, each func(server.Entry) error) (record.Cursor, bool, error) {
	j.mu.Lock()
	a, err := j.authority(tenant)
	if err != nil {
		j.mu.Unlock()
		return record.Cursor{}, false, err
	}
	log, history := a.log, a.History
	j.mu.Unlock()

	fits := from.Seq == 0 && (from.History == "" || from.History == history) ||
		from.History == history && from.Seq <= uint64(len(log)) && from.Seq > 0 && log[from.Seq-1].hash == from.Hash
	if !fits {
		return record.Cursor{}, false, record.E(record.CodeHistoryChanged, errors.New("not on this history"), "history", history)
	}
	next := record.Cursor{History: history, Seq: from.Seq, Hash: from.Hash}
	size := 0
	for _, e := range log[from.Seq:] {
		if err := each(e.Entry); err != nil {
			return next, false, err
		}
		next.Seq, next.Hash = e.Seq, e.hash
		if size += len(e.Line); e.ends && size >= limit {
			break
		}
	}
	return next, next.Seq < uint64(len(log)), nil
}
