package server

import (
	"bytes"
	"errors"
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
		out, some, err := c.gather(r, d, req)
		if err != nil {
			refuse(w, err)
			return
		}
		if some || !waiting {
			writeChanges(w, out)
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

// gather packs what is after the cursor. It is complete in memory before the first byte goes out, so that
// a slow line holds no transaction of the journal.
func (c *Centre) gather(r *http.Request, d Desk, req protocol.PullRequest) (*bytes.Buffer, bool, error) {
	var out bytes.Buffer
	w := protocol.NewPullWriter(&out)
	some := false
	next, more, err := c.cfg.Journal.Pull(r.Context(), d.Tenant, req.Cursor, req.Max, func(e Entry) error {
		some = true
		if e.Device == d.Device && !req.OwnFull {
			return w.Own(e.Seq, e.ID, e.Device, e.N)
		}
		return w.Change(e.Seq, e.Line)
	})
	if err == nil {
		err = w.End(next, more)
	}
	return &out, some, errors.Join(err, w.Close())
}

func writeChanges(w http.ResponseWriter, out *bytes.Buffer) {
	h := w.Header()
	h.Set("Content-Type", protocol.TypeChanges)
	h.Set("Content-Encoding", protocol.CodingZstd)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	_, _ = w.Write(out.Bytes()) // a cut answer is the desk's to notice
}
