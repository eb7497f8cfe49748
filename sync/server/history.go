package server

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// push answers POST /v1/push.
func (c *Centre) push(w http.ResponseWriter, r *http.Request, d Desk, sig protocol.Signature) {
	b, err := content(r, sig, protocol.MaxPushBody)
	if err != nil {
		refuse(w, err)
		return
	}
	// Unpacked bodies are large; this many at a time bounds the memory.
	select {
	case c.pushes <- struct{}{}:
		defer func() { <-c.pushes }()
	case <-r.Context().Done():
		return
	}
	lines, err := protocol.DecodePush(bytes.NewReader(b))
	if err != nil {
		refuse(w, record.E(record.CodeRejected, err, "reason", "body"))
		return
	}
	a, err := c.cfg.Journal.Push(r.Context(), d.Device, lines)
	if err != nil {
		refuse(w, err)
		return
	}
	c.heads.placed(d.Tenant, a)
	c.packs.forget(d.Tenant)
	c.bells.ring(d.Tenant)
	c.logRejected(d, a)
	writeJSON(w, a)
}

func (c *Centre) logRejected(d Desk, a protocol.PushAnswer) {
	for _, r := range a.Results {
		if r.Code != "" && !r.Had {
			c.cfg.Log.Warn("change rejected", "tenant", d.Tenant, "desk", d.Number, "n", r.N, "code", r.Code, "detail", r.Detail)
		}
	}
}

// pull answers GET /v1/pull.
func (c *Centre) pull(w http.ResponseWriter, r *http.Request, d Desk, sig protocol.Signature) {
	if _, err := content(r, sig, 0); err != nil {
		refuse(w, err)
		return
	}
	req, err := protocol.ParsePull(r.URL.Query())
	if err != nil {
		refuse(w, err)
		return
	}
	until := time.NewTimer(req.Wait)
	defer until.Stop()
	for waiting := req.Wait > 0; ; {
		ring := c.bells.listen(d.Tenant)
		x, err := c.gather(r, d, req)
		if err != nil {
			refuse(w, err)
			return
		}
		if x.some || !waiting {
			writeChanges(w, x.out)
			return
		}
		select {
		case <-ring:
			// The desk may have been shut out while it waited.
			if err := c.stillWelcome(r, d); err != nil {
				refuse(w, err)
				return
			}
		case <-until.C:
			waiting = false
		case <-c.closing:
			waiting = false
		case <-r.Context().Done():
			return
		}
	}
}

func (c *Centre) stillWelcome(r *http.Request, d Desk) error {
	now, err := c.cfg.Journal.Desk(r.Context(), d.Device)
	if err == nil && !now.Revoked.IsZero() {
		err = record.E(record.CodeDeskRevoked, fmt.Errorf("device %s", d.Device))
	}
	return err
}

func writeChanges(w http.ResponseWriter, out []byte) {
	h := w.Header()
	h.Set("Content-Type", protocol.TypeChanges)
	h.Set("Content-Encoding", protocol.CodingZstd)
	h.Set("Content-Length", strconv.Itoa(len(out)))
	_, _ = w.Write(out) // a cut answer is the desk's to notice
}
