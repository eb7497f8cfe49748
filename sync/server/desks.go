package server

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// InvitationLife is how long an enrolment code can be used.
const InvitationLife = 7 * 24 * time.Hour

// signed lets only requests of enrolled desks through.
func (c *Centre) signed(next func(http.ResponseWriter, *http.Request, Desk, protocol.Signature)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d, sig, err := c.whose(r)
		if err != nil {
			c.refuseStranger(w, r, err)
			return
		}
		if a, ok := w.(*answer); ok {
			a.desk = d
		}
		if !c.busy.enter(d.Device, c.cfg.Limits.PerDesk) {
			refuse(w, record.E(record.CodeCentreBusy, errors.New("too many calls of this desk at the same time")))
			return
		}
		defer c.busy.leave(d.Device)
		next(w, r, d, sig)
	}
}

// whose finds the desk that signed a request. A revoked desk learns that it is revoked only after its
// signature was found good.
func (c *Centre) whose(r *http.Request) (Desk, protocol.Signature, error) {
	sig, err := protocol.ReadSignature(r)
	if err != nil {
		return Desk{}, sig, err
	}
	if sig.Content == protocol.Streamed && r.Method != http.MethodPatch {
		return Desk{}, sig, record.E(record.CodeSignatureBad, errors.New("only an upload may be signed without its content"))
	}
	d, err := c.cfg.Journal.Desk(r.Context(), sig.Device)
	if err != nil {
		return Desk{}, sig, err
	}
	if err := sig.Verify(r, d.Key); err != nil {
		return Desk{}, sig, err
	}
	if !d.Revoked.IsZero() {
		return Desk{}, sig, record.E(record.CodeDeskRevoked, fmt.Errorf("device %s", d.Device))
	}
	now := c.cfg.Clock()
	if !c.nonces.fresh(d.Device, sig.Nonce, now) {
		return Desk{}, sig, record.E(record.CodeCentreBusy, errors.New("nonce was used before"), "reason", "nonce")
	}
	c.seenMu.Lock()
	c.seen[d.Device] = now
	c.seenMu.Unlock()
	return d, sig, nil
}

func (c *Centre) refuseStranger(w http.ResponseWriter, r *http.Request, err error) {
	if status := protocol.StatusOf(record.CodeOf(err)); status != http.StatusUnauthorized && status != http.StatusForbidden {
		refuse(w, err)
		return
	}
	if !c.fails.allow(addressOf(r), c.cfg.Clock()) {
		c.slowDown(w, "too many failed authentications", c.cfg.Limits.FailEvery)
		return
	}
	refuse(w, err)
}

func (c *Centre) slowDown(w http.ResponseWriter, why string, every time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(int(every/time.Second)+1))
	refuseWith(w, http.StatusTooManyRequests, record.E(record.CodeCentreBusy, errors.New(why)))
}

// content reads a whole body of at most limit bytes and holds it against its signature.
func content(r *http.Request, sig protocol.Signature, limit int64) ([]byte, error) {
	tooLarge := record.E(record.CodeRejected, protocol.ErrTooLarge, "reason", "too large")
	if r.ContentLength > limit {
		return nil, tooLarge
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, tooLarge
	}
	if protocol.Content(b) != sig.Content {
		return nil, record.E(record.CodeSignatureBad, errors.New("body does not have the signed hash"))
	}
	return b, nil
}

// enrol answers POST /v1/enrol.
func (c *Centre) enrol(w http.ResponseWriter, r *http.Request) {
	if !c.enrols.allow(addressOf(r), c.cfg.Clock()) {
		c.slowDown(w, "too many enrolments", c.cfg.Limits.EnrolEvery)
		return
	}
	req, err := readEnrol(r)
	if err != nil {
		refuse(w, err)
		return
	}
	secret := record.HashOf([]byte(req.Secret))
	d, i, err := c.cfg.Journal.Enrol(r.Context(), req.Authority, secret, req.Device, req.Key, req.Program, c.cfg.Clock())
	if err != nil {
		refuse(w, err)
		return
	}
	if !d.Revoked.IsZero() {
		refuse(w, record.E(record.CodeDeskRevoked, fmt.Errorf("device %s", d.Device)))
		return
	}
	a, err := c.cfg.Journal.Authority(r.Context(), d.Tenant)
	if err != nil {
		refuse(w, err)
		return
	}
	if out, ok := w.(*answer); ok {
		out.desk = d
	}
	c.cfg.Log.Info("desk enrolled", "tenant", d.Tenant, "desk", d.Number, "device", d.Device)
	writeJSON(w, record.Enrolment{Authority: a.Name, Tenant: a.Tenant, Office: a.Office, Desk: d.Number, Centre: i.Centre, CA: c.cfg.CA})
}

// readEnrol reads an enrolment and checks that its sender has the key it brings.
func readEnrol(r *http.Request) (protocol.EnrolRequest, error) {
	var req protocol.EnrolRequest
	sig, err := protocol.ReadSignature(r)
	if err != nil {
		return req, err
	}
	b, err := content(r, sig, protocol.MaxSmallBody)
	if err != nil {
		return req, err
	}
	if err := protocol.DecodeSmall(bytes.NewReader(b), &req); err != nil {
		return req, record.E(record.CodeRejected, err, "reason", "body")
	}
	if len(req.Key) != ed25519.PublicKeySize || sig.Device != req.Device || len(req.Program) > 100 || len(req.Secret) > 100 || len(req.Authority) > 100 {
		return req, record.E(record.CodeRejected, errors.New("enrolment is incomplete"), "reason", "body")
	}
	return req, sig.Verify(r, req.Key)
}
