package escl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"schalter/data/record"
)

// The most that is read of an answer.
const (
	maxPage     = 128 << 20
	maxDocument = 256 << 20
	maxHeader   = 64 << 10
)

// client speaks with one device at one address.
type client struct {
	opt  *Options
	base *url.URL
	uuid string // that is expected; empty: whoever answers
	http *http.Client
}

func newClient(opt *Options, base *url.URL, uuid string) *client {
	c := &client{opt: opt, base: base, uuid: uuid}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy: nil, // a scanner stands in the house
			DialContext: (&net.Dialer{
				Timeout: 5 * time.Second,
				// A pulled cable is noticed after twenty seconds, not when the longest silence is over.
				KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3},
			}).DialContext,
			TLSClientConfig:        c.tls(),
			TLSHandshakeTimeout:    10 * time.Second, // small processors
			MaxResponseHeaderBytes: maxHeader,
			DisableCompression:     true, // pages come as they are
			// A request on a connection that was kept open is sent again by itself when the device hangs up on
			// it. The device may have fed a sheet for the first one: its page would be lost without a word.
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

func (c *client) close() { c.http.CloseIdleConnections() }

// request is one question; read hears of every piece of the answer, limit and silence bound it.
type request struct {
	method  string
	url     string
	body    string
	limit   int64
	silence time.Duration
	read    func(got, total int64) error
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request and reads the whole answer. An error of read comes back as it is.
func (c *client) ask(ctx context.Context, r request) (*answer, error) {
	ctx, alive, stop := c.opt.watch(ctx, r.silence, record.E(record.CodeScanTimeout, nil, "host", c.hostPort()))
	defer stop()
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		return nil, record.E(record.CodeScanBadAnswer, err, "host", c.hostPort(), "place", "Location")
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "text/xml")
	}
	req.Header.Set("User-Agent", "Schalter")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.trouble(ctx, err, record.CodeScanOffline)
	}
	defer func() { _ = resp.Body.Close() }() // all of it was read, or none is wanted
	alive()
	out := &answer{status: resp.StatusCode, header: resp.Header}
	if resp.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // the words of an error page; keeps the line open
		return out, nil
	}
	if resp.ContentLength > r.limit {
		return nil, c.odd(fmt.Sprintf("%d bytes", resp.ContentLength), nil)
	}
	var b bytes.Buffer
	piece := make([]byte, 64<<10)
	for {
		n, err := resp.Body.Read(piece)
		b.Write(piece[:n])
		alive()
		if int64(b.Len()) > r.limit {
			return nil, c.odd(fmt.Sprintf("> %d bytes", r.limit), nil)
		}
		if n > 0 && r.read != nil {
			if err := r.read(int64(b.Len()), resp.ContentLength); err != nil {
				return nil, err
			}
		}
		if errors.Is(err, io.EOF) {
			out.body = b.Bytes()
			return out, nil
		}
		if err != nil {
			return nil, c.trouble(ctx, err, record.CodeScanOffline)
		}
	}
}

// odd is an answer that cannot be used.
func (c *client) odd(place string, cause error) error {
	return record.E(record.CodeScanBadAnswer, cause, "host", c.hostPort(), "place", place)
}

// trouble gives an error of the network its name: what ended ctx, what is an [record.Error] already, or other.
func (c *client) trouble(ctx context.Context, err error, other record.Code) error {
	cause := context.Cause(ctx)
	if e, ok := errors.AsType[*record.Error](cause); ok {
		return e
	}
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		return record.E(record.CodeScanTimeout, cause, "host", c.hostPort())
	case cause != nil:
		return record.E(record.CodeScanCancelled, cause)
	}
	if e, ok := errors.AsType[*record.Error](err); ok {
		return e
	}
	return record.E(other, err, "host", c.hostPort(), "device", c.hostPort())
}

// xml asks for one of the device's descriptions.
func (c *client) xml(ctx context.Context, name string) (*answer, error) {
	return c.ask(ctx, request{method: http.MethodGet, url: c.base.JoinPath(name).String(), limit: maxXML, silence: askLimit})
}

// identify opens the device: its capabilities say who it is.
func (c *client) identify(ctx context.Context) (*Session, error) {
	a, err := c.introduction(ctx)
	if err == nil && c.moved(a) {
		a, err = c.introduction(ctx)
	}
	if err != nil {
		return nil, err
	}
	switch a.status {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, record.E(record.CodeScanDenied, nil, "host", c.hostPort())
	case http.StatusServiceUnavailable:
		return nil, record.E(record.CodeScanBusy, nil, "host", c.hostPort())
	default:
		return nil, c.odd(fmt.Sprintf("HTTP %d", a.status), nil)
	}
	if known, ok := c.known(); ok && c.base.Scheme != "https" {
		return nil, record.E(record.CodeScanCertChanged, nil, "device", c.remembered(), "host", c.hostPort(), "fingerprint", noCertificate, "known", known)
	}
	can, err := parseCapabilities(a.body)
	if err != nil {
		return nil, c.badXML(err)
	}
	if c.uuid != "" && can.uuid != "" && can.uuid != c.uuid {
		return nil, record.E(record.CodeScanNoDevice, fmt.Errorf("%s answers instead", can.uuid), "device", c.hostPort())
	}
	return &Session{client: c, can: can, caps: can.caps()}, nil
}

// introduction asks for the capabilities; a device that wakes up says for a while that it cannot answer.
func (c *client) introduction(ctx context.Context) (*answer, error) {
	for try := 0; ; try++ {
		a, err := c.xml(ctx, "ScannerCapabilities")
		if code := record.CodeOf(err); code == record.CodeScanOffline || code == record.CodeScanTimeout {
			return nil, record.E(record.CodeScanNoDevice, err, "device", c.hostPort())
		}
		if err != nil || a.status != http.StatusServiceUnavailable || try == openRetries {
			return a, err
		}
		if err := c.wait(ctx, retryAfter); err != nil {
			return nil, err
		}
	}
}

// moved goes to the encrypted door of the same device where it sends us there. No other way is followed.
func (c *client) moved(a *answer) bool {
	to, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status < 300 || a.status > 399 || c.base.Scheme != "http" || to.Scheme != "https" || to.Hostname() != c.base.Hostname() {
		return false
	}
	where, ok := strings.CutSuffix(to.Path, "/ScannerCapabilities")
	if !ok || to.Port() != "" && !validPort(to.Port()) {
		return false
	}
	c.base = baseURL(to.Scheme, to.Host, where)
	return true
}

func (c *client) badXML(err error) error {
	if p, ok := errors.AsType[*placeError](err); ok {
		return c.odd(p.place(), err)
	}
	return c.odd("XML", err)
}

// status asks how the device is.
func (c *client) status(ctx context.Context) (*status, error) {
	a, err := c.xml(ctx, "ScannerStatus")
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, c.odd(fmt.Sprintf("HTTP %d", a.status), nil)
	}
	s, err := parseStatus(a.body)
	if err != nil {
		return nil, c.badXML(err)
	}
	return s, nil
}

// wait lets time pass.
func (c *client) wait(ctx context.Context, d time.Duration) error {
	over, stop := c.opt.Timer(d)
	defer stop()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return c.trouble(ctx, ctx.Err(), record.CodeScanCancelled)
	}
}

// watch ends ctx with cause when alive was not called for a while.
func (o *Options) watch(ctx context.Context, silence time.Duration, cause error) (out context.Context, alive, stop func()) {
	out, cancel := context.WithCancelCause(ctx)
	sign := make(chan struct{}, 1)
	go func() {
		for {
			over, stop := o.Timer(silence)
			select {
			case <-over:
				cancel(cause)
				return
			case <-sign:
				stop()
			case <-out.Done():
				stop()
				return
			}
		}
	}()
	alive = func() {
		select {
		case sign <- struct{}{}:
		default:
		}
	}
	return out, alive, func() { cancel(nil) }
}

// linger ends ctx a little after its parent, so that an answer on its way still arrives.
func (o *Options) linger(ctx context.Context) (context.Context, func()) {
	out, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		over, stop := o.Timer(leaveLimit)
		defer stop()
		select {
		case <-over:
			cancel(context.Cause(ctx))
		case <-out.Done():
		}
	})
	return out, func() {
		unhook()
		cancel(nil)
	}
}

// limit ends ctx with cause after a while, whatever happens.
func (o *Options) limit(ctx context.Context, d time.Duration, cause error) (context.Context, func()) {
	out, _, stop := o.watch(ctx, d, cause)
	return out, stop
}
