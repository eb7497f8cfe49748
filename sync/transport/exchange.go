package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

var errStalled = errors.New("nothing moved on the line for too long")

// watchdog ends an exchange in which nothing moves. It rests while the desk itself is the one who waits.
type watchdog struct {
	mu    sync.Mutex
	timer *time.Timer
	idle  time.Duration
	over  bool
}

func watch(idle, first time.Duration, bite func()) *watchdog {
	return &watchdog{idle: idle, timer: time.AfterFunc(first, bite)}
}

func (w *watchdog) moved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.timer.Reset(w.idle)
	}
}

func (w *watchdog) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
}

func (w *watchdog) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
}

// call is one request on its way.
type call struct {
	method, path, query string
	header              http.Header
	body                io.Reader // of length size
	size                int64
	content             string        // as protocol.Sign wants it
	wait                time.Duration // how long the centre may stay silent by agreement
	files               bool          // on the files' own connection
	keep                int           // a status that is not an error to this call
}

// answer is the response with its body under the watchdog; Close it.
type answer struct {
	*http.Response
	dog  *watchdog
	ctx  context.Context
	stop context.CancelCauseFunc
	err  error // what ended the body too early
}

func (a *answer) Read(p []byte) (int, error) {
	a.dog.moved()
	n, err := a.Body.Read(p)
	a.dog.moved()
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}

func (a *answer) Close() error {
	a.dog.end()
	err := a.Body.Close()
	a.stop(nil)
	return err
}

// broken returns the network's error if reading the body met one, else err.
func (a *answer) broken(parent context.Context, err error) error {
	if a.err == nil {
		return err
	}
	return cause(parent, a.ctx, a.err)
}

// cause finds out whose fault an ended exchange is: the caller's context, the watchdog or the line.
func cause(parent, own context.Context, err error) error {
	switch {
	case parent.Err() != nil:
		return parent.Err()
	case errors.Is(context.Cause(own), errStalled):
		return record.E(record.CodeOffline, errStalled)
	}
	return failure(err)
}

// upload is a request body under the watchdog, which rests while the source makes the line wait.
type upload struct {
	io.Reader
	dog *watchdog
}

func (u upload) Read(p []byte) (int, error) {
	u.dog.rest()
	n, err := u.Reader.Read(p)
	u.dog.moved()
	return n, err
}

func (c *Client) do(parent context.Context, q call) (*answer, error) {
	a, err := c.try(parent, q)
	if q.body == nil && repeated(q.method, err) {
		// The HTTP library repeats a question by itself when a kept connection turns out to be dead, with
		// the nonce of the first time. If the first did arrive, the centre refuses the second: ask anew.
		a, err = c.try(parent, q)
	}
	return a, err
}

// repeated tells whether the centre refused a nonce it had seen. The answer to HEAD cannot say why.
func repeated(method string, err error) bool {
	var e *record.Error
	return errors.As(err, &e) && e.Code == record.CodeCentreBusy && (e.Args["reason"] == "nonce" || method == http.MethodHead)
}

func (c *Client) try(parent context.Context, q call) (*answer, error) {
	ctx, stop := context.WithCancelCause(parent)
	dog := watch(c.idle, c.idle+q.wait, func() { stop(errStalled) })
	a, err := c.exchange(ctx, q, dog)
	if err != nil {
		dog.end()
		err = cause(parent, ctx, err)
		stop(nil)
		return nil, c.explain(parent, err)
	}
	a.ctx, a.stop = ctx, stop
	if err := c.judge(a, q.keep); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (c *Client) exchange(ctx context.Context, q call, dog *watchdog) (*answer, error) {
	u := *c.base
	u.Path += q.path
	u.RawQuery = q.query
	req, err := http.NewRequestWithContext(ctx, q.method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, q.header)
	if q.body != nil {
		req.Body, req.ContentLength = io.NopCloser(upload{q.body, dog}), q.size
	}
	req.Header["User-Agent"] = nil // bytes on a thin line that say nothing
	protocol.Sign(req, c.device, c.key, q.content)
	client := c.changes
	if q.files {
		client = c.files
	}
	r, err := client.Do(req) //nolint:bodyclose // the answer closes it
	if err != nil {
		return nil, err
	}
	dog.moved()
	return &answer{Response: r, dog: dog}, nil
}

// judge decides whether an answer is the centre's and a success.
func (c *Client) judge(a *answer, keep int) error {
	if a.Header.Get(protocol.HeaderProtocol) == "" {
		return foreign(a.Response)
	}
	if err := inDate(a.Response); err != nil {
		return err
	}
	if at, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		c.ahead.Store(int64(c.clock().Sub(at)))
	}
	if _, err := protocol.Spoken(a.Header); err != nil {
		return err
	}
	if a.StatusCode/100 == 2 || a.StatusCode == keep {
		return nil
	}
	if a.StatusCode/100 == 3 {
		return record.E(record.CodeCentreTrouble, fmt.Errorf("redirect to %q", a.Header.Get("Location")), "status", a.StatusCode)
	}
	a.Body = struct {
		io.Reader
		io.Closer
	}{bodyOf(a), a.Body}
	e := protocol.ReadFault(a.Response)
	if code, ok := bare[a.StatusCode]; ok && a.Request.Method == http.MethodHead {
		e.Code = code
	}
	if a.StatusCode == http.StatusRequestEntityTooLarge {
		e.Err = errors.Join(e.Err, protocol.ErrTooLarge)
	}
	if s, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && s > 0 {
		if e.Args == nil {
			e.Args = record.Args{}
		}
		e.Args[ArgRetryAfter] = s
	}
	return e
}

// bare are the codes behind a status where the answer has no body to name one.
var bare = map[int]record.Code{
	http.StatusUnauthorized:       record.CodeDeskUnknown,
	http.StatusForbidden:          record.CodeDeskRevoked,
	http.StatusNotFound:           record.CodeBlobMissing,
	http.StatusUpgradeRequired:    record.CodeCentreOld,
	http.StatusTooManyRequests:    record.CodeCentreBusy,
	http.StatusServiceUnavailable: record.CodeCentreBusy,
}

// ArgRetryAfter is the argument of an error that says after how many seconds (int) the centre wants to be
// asked again.
const ArgRetryAfter = "retry_after"

// bodyOf reads the body as it was before judge replaces it.
func bodyOf(a *answer) io.Reader {
	body := a.Body
	return reader(func(p []byte) (int, error) {
		n, err := body.Read(p)
		a.dog.moved()
		return n, err
	})
}

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// explain looks for a sign-in page behind a failure that one would cause.
func (c *Client) explain(ctx context.Context, err error) error {
	switch record.CodeOf(err) {
	case record.CodeOffline, record.CodeCentreUntrusted, record.CodeEnrolFinger:
		if !errors.Is(err, errStalled) && ctx.Err() == nil && c.portal(ctx) {
			return record.E(record.CodeCaptivePortal, err)
		}
	}
	return err
}
