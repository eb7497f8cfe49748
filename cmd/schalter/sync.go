package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"

	"schalter/data/record"
	"schalter/sync/engine"
	"schalter/sync/protocol"
	"schalter/sync/transport"
)

// enrol makes the desk known at the centre and remembers the answer. A desk from which the centre takes nothing
// any more (a copy, one set back to an older state, one that was shut out) becomes another device, with a new
// code of its own authority; whatever it recorded stays and goes out under the new one. anew makes another
// device of a desk that works, too.
func (h *house) enrol(ctx context.Context, code string, anew bool) (record.Identity, error) {
	id, err := h.store.Identity(ctx)
	if err != nil {
		return id, err
	}
	if err := atHome(id, code); err != nil {
		return id, err
	}
	// The present device comes first: a code that it used before gives the same answer again.
	known, err := h.introduce(ctx, id, code)
	if id.Desk == 0 || record.CodeOf(err) != record.CodeEnrolCode {
		return known, err
	}
	if !anew && !h.outcast(ctx) {
		return id, record.E(record.CodeEnrolled, err, "authority", id.Authority)
	}
	next, err := h.store.NextIdentity(ctx)
	if err != nil {
		return id, err
	}
	id.Device, id.Key = next.Device, next.Key
	return h.introduce(ctx, id, code)
}

// introduce brings a device to the centre; with the centre's answer it is who the desk is.
func (h *house) introduce(ctx context.Context, id record.Identity, code string) (record.Identity, error) {
	e, err := transport.Enrol(ctx, code, id.Device, ed25519.NewKeyFromSeed(id.Key), transport.Options{})
	if err != nil {
		return id, err
	}
	id.Authority, id.Tenant, id.Office, id.Desk, id.Centre, id.CA = e.Authority, e.Tenant, e.Office, e.Desk, e.Centre, e.CA
	if err := h.store.SetIdentity(ctx, id); err != nil {
		return id, fmt.Errorf("remember the enrolment: %w", err)
	}
	return id, nil
}

// outcast asks the centre whether it takes nothing more from this desk as who it is.
func (h *house) outcast(ctx context.Context) bool {
	e, err := h.engine(ctx)
	if err != nil {
		return false
	}
	switch record.CodeOf(e.Changes(ctx)) {
	case record.CodeForked, record.CodeDeskRevoked:
		return true
	}
	return false
}

// atHome refuses the code of another centre or authority to a desk that is enrolled: everything ever
// recorded here would go up to strangers.
func atHome(id record.Identity, code string) error {
	if id.Desk == 0 {
		return nil
	}
	c, err := protocol.ParseEnrolCode(code)
	if err != nil {
		return err
	}
	if !strings.EqualFold(c.Authority, id.Tenant) || !c.Trusts(id.CA) {
		return record.E(record.CodeEnrolled, fmt.Errorf("enrolled at %s as desk %d of %s", id.Centre, id.Desk, id.Tenant), "authority", id.Authority)
	}
	return nil
}

// engine makes what exchanges with the centre; [record.CodeNotEnrolled] where there is none.
func (h *house) engine(ctx context.Context) (*engine.Engine, error) {
	id, err := h.store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	if id.Centre == "" {
		return nil, record.E(record.CodeNotEnrolled, nil)
	}
	client, err := transport.New(id, transport.Options{})
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{Store: h.store, Blobs: engine.Files(h.blobs), Centre: client, Clock: record.SystemClock}), nil
}
