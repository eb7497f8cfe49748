// Package transport carries the desk's side of sync/protocol over HTTPS.
//
// It is for sync/engine, which decides what to send and when to try again.
//
// It promises that a desk speaks only to the centre whose certificate authority it was enrolled with
// (never the system's roots, nothing trusted on first sight); that an answer counts as the centre's only
// if it says so, so a hotel's sign-in page is never taken for one; that what moves is never cut off by a
// clock, and what does not move is ended; and that every failure is a [record.Error] a clerk can be told.
//
// It never retries, never stores anything, and keeps no exchange open that its context has ended.
package transport

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// Options are for tests and for unusual lines; the zero value is right for a desk.
type Options struct {
	Clock record.Clock  // default: the system's
	Idle  time.Duration // without a byte for this long an exchange is given up; default 40 s, more than a long poll
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Probe string // address asked in plain HTTP when the centre cannot be reached; default http://HOST/
}

// Client speaks to one centre for one desk. It may be used from several goroutines.
type Client struct {
	base   *url.URL
	device record.ID
	key    ed25519.PrivateKey
	clock  record.Clock
	idle   time.Duration

	// Changes share one connection, files have their own: a scan never stands in front of a field edit.
	changes, files *http.Client
	plain          *http.Client
	probe          string

	sure  atomic.Value // place: what the centre said after the last upload
	count traffic
	ahead atomic.Int64 // nanoseconds the desk's clock is ahead of the centre's
}

// New makes a client for an enrolled desk. Nothing is dialled yet.
func New(id record.Identity, o Options) (*Client, error) {
	if len(id.Key) != ed25519.SeedSize {
		return nil, record.E(record.CodeNotEnrolled, fmt.Errorf("device key has %d bytes", len(id.Key)))
	}
	a, err := pinned(id.CA)
	if err != nil {
		return nil, err
	}
	return newClient(id.Centre, a, id.Device, ed25519.NewKeyFromSeed(id.Key), o)
}

func newClient(address string, a anchor, device record.ID, key ed25519.PrivateKey, o Options) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, record.E(record.CodeAddressBad, err, "address", address)
	}
	c := &Client{base: u, device: device, key: key, clock: o.Clock, idle: o.Idle, probe: o.Probe}
	if c.clock == nil {
		c.clock = record.SystemClock
	}
	if c.idle == 0 {
		c.idle = 40 * time.Second
	}
	if c.probe == "" {
		c.probe = (&url.URL{Scheme: "http", Host: u.Hostname(), Path: "/"}).String()
	}
	dial := dialer(o.Dial)
	if dial == nil {
		dial = (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	}
	t := trust(a, u.Hostname(), c.clock)
	watched := dial.watched(c.idle, &c.count)
	c.changes = c.httpClient(watched, t, true)
	c.files = c.httpClient(watched, t, false)
	c.plain = &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, CheckRedirect: stay}
	return c, nil
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c *Client) httpClient(d dialer, t *tls.Config, shared bool) *http.Client {
	tr := &http.Transport{
		DialContext: d, TLSClientConfig: t.Clone(), TLSHandshakeTimeout: c.idle,
		// No proxy from the environment: the pinned chain would not survive one that looks inside, and one
		// that does not is reached by the system's routes.
		MaxIdleConnsPerHost: 2, IdleConnTimeout: 5 * time.Minute, DisableCompression: true,
		WriteBufferSize: 32 << 10,
	}
	if shared {
		// HTTP/2 lets a push pass the waiting long poll on one warm connection, and its pings find a dead
		// one while nothing else is said.
		tr.ForceAttemptHTTP2 = true
		tr.HTTP2 = &http.HTTP2Config{SendPingTimeout: c.idle / 2, PingTimeout: c.idle / 4}
	} else {
		// HTTP/1.1: one file at a time gains nothing from streams and their windows.
		tr.TLSClientConfig.NextProtos = []string{"http/1.1"}
		tr.ExpectContinueTimeout = 3 * time.Second
	}
	return &http.Client{Transport: tr, CheckRedirect: stay}
}

// Close ends the connections that are not in use.
func (c *Client) Close() {
	c.changes.CloseIdleConnections()
	c.files.CloseIdleConnections()
}

// Traffic returns how many bytes went out and came in over all connections, TLS included.
func (c *Client) Traffic() (sent, received int64) {
	return c.count.sent.Load(), c.count.received.Load()
}

// Ahead returns how far the desk's clock is ahead of the centre's by its last answer, to about a second;
// negative: behind. It is for a warning only.
func (c *Client) Ahead() time.Duration { return time.Duration(c.ahead.Load()) }

// Enrol introduces a new device to the centre that the code names. The certificate authority with the
// code's fingerprint is the only one trusted; the answer carries it for the time after.
func Enrol(ctx context.Context, code string, device record.ID, key ed25519.PrivateKey, o Options) (record.Enrolment, error) {
	ec, err := protocol.ParseEnrolCode(code)
	if err != nil {
		return record.Enrolment{}, err
	}
	c, err := newClient(ec.URL, named(ec), device, key, o)
	if err != nil {
		return record.Enrolment{}, err
	}
	defer c.Close()
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return record.Enrolment{}, errors.New("transport: not an ed25519 key")
	}
	e, err := c.enrol(ctx, protocol.EnrolRequest{Authority: ec.Authority, Secret: ec.SecretText(), Device: device, Key: pub, Program: "schalter"})
	if err != nil {
		return record.Enrolment{}, err
	}
	if !ec.Trusts(e.CA) {
		return record.Enrolment{}, record.E(record.CodeEnrolFinger, errors.New("the answer names another certificate authority"))
	}
	if e.Centre == "" {
		e.Centre = ec.URL
	}
	return e, nil
}
