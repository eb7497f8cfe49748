package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

func blobHash(r *http.Request) (record.Hash, error) {
	h := record.Hash(r.PathValue("hash"))
	if !h.Valid() {
		return "", record.E(record.CodeRejected, fmt.Errorf("hash %.80q", h), "reason", "hash")
	}
	return h, nil
}

// blobState answers HEAD /v1/blobs/{hash}. A device that asks has given up its own earlier upload, which is
// ended first so that the answer holds.
func (c *Centre) blobState(w http.ResponseWriter, r *http.Request, d Desk, _ protocol.Signature) {
	h, err := blobHash(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if err := c.uploads.settle(r, uploadKey{d.Tenant, h}, d.Device); err != nil {
		refuse(w, err)
		return
	}
	st, err := c.cfg.Files.State(r.Context(), d.Tenant, h)
	if err != nil {
		refuse(w, err)
		return
	}
	if err := c.kept(r, d, h, st); err != nil {
		refuse(w, err)
		return
	}
	setState(w, st)
}

// kept notes a complete file before the desk is told so: should it ever be gone, it will be missed.
func (c *Centre) kept(r *http.Request, d Desk, h record.Hash, st FileState) error {
	if !st.Complete {
		return nil
	}
	return c.cfg.Journal.KeepFiles(context.WithoutCancel(r.Context()), d.Tenant, h)
}

func setState(w http.ResponseWriter, st FileState) {
	w.Header().Set(protocol.HeaderUploadOffset, strconv.FormatInt(st.Offset, 10))
	w.Header().Set(protocol.HeaderUploadComplete, map[bool]string{true: "?1", false: "?0"}[st.Complete])
}

// blobRead answers GET /v1/blobs/{hash}, with Range.
func (c *Centre) blobRead(w http.ResponseWriter, r *http.Request, d Desk, _ protocol.Signature) {
	h, err := blobHash(r)
	if err != nil {
		refuse(w, err)
		return
	}
	f, _, err := c.cfg.Files.Open(r.Context(), d.Tenant, h)
	if err != nil {
		if record.CodeOf(err) == record.CodeBlobMissing {
			c.missed(r, d, h)
		}
		refuse(w, err)
		return
	}
	defer func() {
		if err := f.Close(); err != nil {
			c.cfg.Log.Warn("cannot close a file", "hash", h, "cause", err)
		}
	}()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", `"`+string(h)+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
}

// missed notes that a desk asks for a file in vain. If it was here once, the others are asked for it.
func (c *Centre) missed(r *http.Request, d Desk, h record.Hash) {
	news, err := c.cfg.Journal.LoseFiles(r.Context(), d.Tenant, c.cfg.Clock(), h)
	if news > 0 || err != nil {
		c.cfg.Log.Error("a file is missing; the desks are asked to send it again", "tenant", d.Tenant, "hash", h, "cause", err)
	}
}

// lost answers GET /v1/lost.
func (c *Centre) lost(w http.ResponseWriter, r *http.Request, d Desk, sig protocol.Signature) {
	if _, err := content(r, sig, 0); err != nil {
		refuse(w, err)
		return
	}
	after := record.Hash(r.URL.Query().Get("after"))
	if after != "" && !after.Valid() {
		refuse(w, record.E(record.CodeRejected, fmt.Errorf("hash %.80q", after), "reason", "hash"))
		return
	}
	mark, files, err := c.cfg.Journal.LostFiles(r.Context(), d.Tenant, after, protocol.MaxLost)
	if err != nil {
		refuse(w, err)
		return
	}
	writeJSON(w, protocol.Lost{Mark: mark, Files: files, More: len(files) == protocol.MaxLost})
}

// blobAppend answers PATCH /v1/blobs/{hash}.
func (c *Centre) blobAppend(w http.ResponseWriter, r *http.Request, d Desk, sig protocol.Signature) {
	h, err := blobHash(r)
	if err == nil && sig.Content != protocol.Streamed {
		err = record.E(record.CodeSignatureBad, errors.New("an upload is signed as a stream"))
	}
	offset, e1 := strconv.ParseUint(r.Header.Get(protocol.HeaderUploadOffset), 10, 62)
	length, e2 := strconv.ParseUint(r.Header.Get(protocol.HeaderUploadLength), 10, 62)
	switch {
	case err != nil:
	case e1 != nil || e2 != nil || offset > length || r.ContentLength > int64(length-offset):
		err = record.E(record.CodeRejected, errors.Join(e1, e2, errors.New("upload headers")), "reason", "offset")
	case length > protocol.MaxBlob:
		err = record.E(record.CodeBlobTooLarge, fmt.Errorf("%d bytes", length), "limit", protocol.MaxBlob)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	key := uploadKey{d.Tenant, h}
	in := &upload{device: d.Device, body: r.Body, ended: make(chan struct{})}
	if err := c.uploads.enter(r, key, in); err != nil {
		refuse(w, err)
		return
	}
	defer c.uploads.leave(key, in)
	st, err := c.cfg.Files.Append(r.Context(), d.Tenant, h, int64(offset), int64(length), r.Body)
	if err == nil {
		err = c.kept(r, d, h, st)
	}
	setState(w, st)
	if errors.Is(err, ErrOffset) {
		refuseWith(w, http.StatusConflict, record.E(record.CodeRejected, err, "reason", "offset"))
		return
	}
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// uploads knows who is sending what. A device that comes again takes over from its own earlier
// connection, which it must have given up; another device has to wait.
type uploads struct {
	mu sync.Mutex
	by map[uploadKey]*upload
}

type uploadKey struct {
	tenant string
	hash   record.Hash
}

type upload struct {
	device record.ID
	body   io.Reader
	ended  chan struct{}
}

// errOusted is for a connection that the device has given up: whoever still listens there may come again.
var errOusted = record.E(record.CodeCentreBusy, errors.New("the device began the upload anew on another connection"))

func (u *upload) oust() {
	if b, ok := u.body.(*body); ok {
		b.end(errOusted)
	}
}

// enter makes u the upload of a file, once an earlier one of the same device has ended.
func (s *uploads) enter(r *http.Request, k uploadKey, u *upload) error {
	for {
		s.mu.Lock()
		if s.by == nil {
			s.by = map[uploadKey]*upload{}
		}
		old, taken := s.by[k]
		if !taken {
			s.by[k] = u
		}
		s.mu.Unlock()
		if !taken {
			return nil
		}
		if old.device != u.device {
			return record.E(record.CodeCentreBusy, errors.New("another desk is sending this file"))
		}
		if err := old.replaced(r); err != nil {
			return err
		}
	}
}

// settle ends an upload of the device.
func (s *uploads) settle(r *http.Request, k uploadKey, device record.ID) error {
	s.mu.Lock()
	old, taken := s.by[k]
	s.mu.Unlock()
	if !taken || old.device != device {
		return nil
	}
	return old.replaced(r)
}

// replaced ends an upload for a newer request and waits until it has put down what it has.
func (u *upload) replaced(r *http.Request) error {
	u.oust()
	select {
	case <-u.ended:
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

func (s *uploads) leave(k uploadKey, u *upload) {
	s.mu.Lock()
	delete(s.by, k)
	s.mu.Unlock()
	close(u.ended)
}
