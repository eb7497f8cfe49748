package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// maxAnswer bounds the JSON answer to a push: a line per change of the largest batch, with reasons.
const maxAnswer = 4 << 20

func (c *Client) enrol(ctx context.Context, q protocol.EnrolRequest) (record.Enrolment, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return record.Enrolment{}, fmt.Errorf("enrolment request: %w", err)
	}
	var e record.Enrolment
	err = c.ask(ctx, call{
		method: http.MethodPost, path: protocol.PathEnrol, header: http.Header{"Content-Type": {protocol.TypeJSON}},
		body: bytes.NewReader(body), size: int64(len(body)), content: protocol.Content(body),
	}, protocol.MaxSmallBody, &e)
	return e, err
}

// Push sends a batch of the device's changes, in order of n. A batch that is too large for the centre or
// somebody on the way is an error with [protocol.ErrTooLarge] in its chain.
func (c *Client) Push(ctx context.Context, changes []record.Change) (protocol.PushAnswer, error) {
	body, err := protocol.EncodePush(changes)
	if err != nil {
		return protocol.PushAnswer{}, fmt.Errorf("transport: %w", err)
	}
	var a protocol.PushAnswer
	err = c.ask(ctx, call{
		method: http.MethodPost, path: protocol.PathPush,
		header: http.Header{"Content-Type": {protocol.TypeChanges}, "Content-Encoding": {protocol.CodingZstd}},
		body:   bytes.NewReader(body), size: int64(len(body)), content: protocol.Content(body),
	}, maxAnswer, &a)
	return a, err
}

// ask makes a call whose answer is JSON of at most limit bytes.
func (c *Client) ask(ctx context.Context, q call, limit int64, v any) (err error) {
	a, err := c.do(ctx, q)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything that counts was read
	b, err := io.ReadAll(io.LimitReader(a, limit+1))
	switch {
	case err != nil:
		return a.broken(ctx, err)
	case int64(len(b)) > limit:
		return record.E(record.CodeCentreTrouble, errors.New("answer too large"), "status", a.StatusCode)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return record.E(record.CodeCentreTrouble, fmt.Errorf("answer: %w", err), "status", a.StatusCode)
	}
	return nil
}

// Pull asks for what the history holds after the cursor; with q.Wait it is a long poll.
func (c *Client) Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	a, err := c.do(ctx, call{
		method: http.MethodGet, path: protocol.PathPull, query: q.Query(), content: protocol.Content(nil), wait: q.Wait,
	})
	if err != nil {
		return protocol.Pulled{}, err
	}
	defer func() { _ = a.Close() }() // everything that counts was read
	p, err := protocol.DecodePull(a, q.Cursor)
	if err != nil {
		return protocol.Pulled{}, a.broken(ctx, err)
	}
	return p, nil
}

// Lost asks for files that the centre had and lost, behind one of them; "" begins.
func (c *Client) Lost(ctx context.Context, after record.Hash) (protocol.Lost, error) {
	var l protocol.Lost
	q := ""
	if after != "" {
		q = url.Values{"after": {string(after)}}.Encode()
	}
	err := c.ask(ctx, call{method: http.MethodGet, path: protocol.PathLost, query: q, content: protocol.Content(nil)}, protocol.MaxSmallBody, &l)
	if err != nil {
		return protocol.Lost{}, err
	}
	for _, h := range l.Files {
		if !h.Valid() || h <= after {
			return protocol.Lost{}, record.E(record.CodeCentreTrouble, fmt.Errorf("lost file %.80q after %.80q", h, after), "status", http.StatusOK)
		}
		after = h
	}
	return l, nil
}

// Offset asks how much of a file the centre has.
func (c *Client) Offset(ctx context.Context, ref record.BlobRef) (have int64, complete bool, err error) {
	a, err := c.do(ctx, call{method: http.MethodHead, path: protocol.PathBlobs + string(ref.Hash), content: protocol.Content(nil), files: true})
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = a.Close() }() // no body
	return progress(a.Response)
}

// Send uploads n bytes of a file from offset on and returns how much the centre has afterwards; after a
// refused offset that is where to go on.
func (c *Client) Send(ctx context.Context, ref record.BlobRef, offset int64, from io.Reader, n int64) (have int64, complete bool, err error) {
	h := http.Header{
		"Content-Type":              {protocol.TypeBlob},
		protocol.HeaderUploadOffset: {strconv.FormatInt(offset, 10)},
		protocol.HeaderUploadLength: {strconv.FormatInt(ref.Size, 10)},
	}
	if offset > 0 && c.sure.Load() != (place{ref.Hash, offset}) {
		// The centre may still be reading what a broken connection left behind: ask before sending much.
		h.Set("Expect", "100-continue")
	}
	a, err := c.do(ctx, call{
		method: http.MethodPatch, path: protocol.PathBlobs + string(ref.Hash), header: h,
		body: io.LimitReader(from, n), size: n, content: protocol.Streamed, files: true, keep: http.StatusConflict,
	})
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = a.Close() }() // the answer is in the headers
	have, complete, err = progress(a.Response)
	c.sure.Store(place{ref.Hash, have})
	return have, complete, err
}

// place is a file and how much of it the centre has.
type place struct {
	hash record.Hash
	have int64
}

func progress(r *http.Response) (have int64, complete bool, err error) {
	have, err = strconv.ParseInt(r.Header.Get(protocol.HeaderUploadOffset), 10, 64)
	if err != nil || have < 0 {
		return 0, false, record.E(record.CodeCentreTrouble, fmt.Errorf("upload offset %q", r.Header.Get(protocol.HeaderUploadOffset)), "status", r.StatusCode)
	}
	return have, r.Header.Get(protocol.HeaderUploadComplete) == "?1", nil
}

// Fetch downloads a file from offset on into w and returns how many bytes w took. What w took is good to
// go on from after an error; whether the whole is right, its hash tells.
func (c *Client) Fetch(ctx context.Context, ref record.BlobRef, offset int64, w io.Writer) (int64, error) {
	if offset >= ref.Size {
		return 0, nil
	}
	h := http.Header{}
	if offset > 0 {
		h.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	a, err := c.do(ctx, call{method: http.MethodGet, path: protocol.PathBlobs + string(ref.Hash), header: h, content: protocol.Content(nil), files: true})
	if err != nil {
		return 0, err
	}
	defer func() { _ = a.Close() }() // a file that was cut short is found below
	if offset > 0 {
		if err := skipTo(a, offset); err != nil {
			return 0, a.broken(ctx, err)
		}
	}
	n, err := io.Copy(resting{w, a.dog}, io.LimitReader(a, ref.Size-offset))
	switch {
	case a.err != nil:
		return n, a.broken(ctx, err)
	case err != nil:
		return n, fmt.Errorf("keep file %s: %w", ref.Hash, err)
	case n < ref.Size-offset:
		return n, record.E(record.CodeHashMismatch, fmt.Errorf("file %s ends at %d of %d bytes", ref.Hash, offset+n, ref.Size))
	}
	return n, nil
}

// skipTo makes sure that the body begins at offset, also behind somebody who does not know ranges.
func skipTo(a *answer, offset int64) error {
	if a.StatusCode != http.StatusPartialContent {
		_, err := io.CopyN(io.Discard, a, offset)
		return err
	}
	if !strings.HasPrefix(a.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", offset)) {
		return record.E(record.CodeCentreTrouble, fmt.Errorf("range %q for offset %d", a.Header.Get("Content-Range"), offset), "status", a.StatusCode)
	}
	return nil
}

// resting is a sink during whose work the line is not expected to move.
type resting struct {
	w   io.Writer
	dog *watchdog
}

func (r resting) Write(p []byte) (int, error) {
	r.dog.rest()
	n, err := r.w.Write(p)
	r.dog.moved()
	return n, err
}
