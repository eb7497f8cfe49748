package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// Config is what a centre is made of. Journal, Files and CA are needed.
type Config struct {
	Journal Journal
	Files   Files
	CA      []byte // DER of the certificate authority that desks pin
	Clock   record.Clock
	Log     *slog.Logger
	Idle    time.Duration // how long a connection may be silent in the middle of a body; default 60 s
	Check   time.Duration // how often to look whether files are missing, besides at the start; default 24 h
	Limits  Limits
}

// Limits bound what a single sender can cost. Zero values mean the defaults.
type Limits struct {
	EnrolEvery   time.Duration // one try per address in this time, after EnrolBurst; default 6 s
	EnrolBurst   int           // default 10
	FailEvery    time.Duration // failed authentications per address, likewise; default 1 s
	FailBurst    int           // default 30
	PerDesk      int           // calls of one desk at the same time; default 16
	Pushes       int           // pushes being decoded and judged at the same time; default 32
	Pulls        int           // pulls reading the journal at the same time; default 8
	NonceSeconds int           // how long a nonce is remembered; default 600
}

func (l Limits) withDefaults() Limits {
	def(&l.EnrolEvery, 6*time.Second)
	def(&l.EnrolBurst, 10)
	def(&l.FailEvery, time.Second)
	def(&l.FailBurst, 30)
	def(&l.PerDesk, 16)
	def(&l.Pushes, 32)
	def(&l.Pulls, 8)
	def(&l.NonceSeconds, 600)
	return l
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Centre answers desks. Make it with [New]; it is an http.Handler.
type Centre struct {
	cfg     Config
	mux     *http.ServeMux
	bells   bells
	heads   heads
	nonces  *nonces
	busy    counters
	uploads uploads
	enrols  *throttle
	fails   *throttle
	packs   packs
	pushes  chan struct{}
	pulls   chan struct{}
	closing chan struct{}
	close   sync.Once

	seenMu sync.Mutex
	seen   map[record.ID]time.Time
}

// New makes a centre.
func New(cfg Config) *Centre {
	if cfg.Clock == nil {
		cfg.Clock = record.SystemClock
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	def(&cfg.Idle, 60*time.Second)
	def(&cfg.Check, 24*time.Hour)
	cfg.Limits = cfg.Limits.withDefaults()
	l := cfg.Limits
	c := &Centre{
		cfg: cfg, mux: http.NewServeMux(), nonces: newNonces(time.Duration(l.NonceSeconds) * time.Second),
		enrols: newThrottle(rate.Every(l.EnrolEvery), l.EnrolBurst), fails: newThrottle(rate.Every(l.FailEvery), l.FailBurst),
		pushes: make(chan struct{}, l.Pushes), pulls: make(chan struct{}, l.Pulls),
		closing: make(chan struct{}), seen: map[record.ID]time.Time{},
	}
	c.mux.HandleFunc("GET "+protocol.PathStatus, c.status)
	c.mux.HandleFunc("GET /healthz", c.health)
	c.mux.HandleFunc("POST "+protocol.PathEnrol, c.spoken(c.enrol))
	c.mux.HandleFunc("POST "+protocol.PathPush, c.spoken(c.signed(c.push)))
	c.mux.HandleFunc("GET "+protocol.PathPull, c.spoken(c.signed(c.pull)))
	c.mux.HandleFunc("GET "+protocol.PathLost, c.spoken(c.signed(c.lost)))
	c.mux.HandleFunc("HEAD "+protocol.PathBlobs+"{hash}", c.spoken(c.signed(c.blobState)))
	c.mux.HandleFunc("GET "+protocol.PathBlobs+"{hash}", c.spoken(c.signed(c.blobRead)))
	c.mux.HandleFunc("PATCH "+protocol.PathBlobs+"{hash}", c.spoken(c.signed(c.blobAppend)))
	return c
}

// ServeHTTP implements http.Handler.
func (c *Centre) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := c.cfg.Clock()
	out := &answer{ResponseWriter: w, control: http.NewResponseController(w), idle: c.cfg.Idle, status: http.StatusOK}
	protocol.SetVersion(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.ContentLength != 0 {
		// A copy, because net/http must find its own body again to refuse a request without reading it.
		r = r.WithContext(r.Context())
		b := &body{ReadCloser: r.Body, control: out.control, idle: c.cfg.Idle}
		_ = b.deadline(time.Now().Add(c.cfg.Idle)) // also for a body that is refused unread, which net/http drains
		r.Body = b
	}
	c.mux.ServeHTTP(out, r)
	c.cfg.Log.LogAttrs(r.Context(), out.level(), "request",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", out.status), slog.String("code", string(out.code)),
		slog.String("tenant", out.desk.Tenant), slog.Int("desk", out.desk.Number), slog.Int64("sent", out.sent),
		slog.Duration("took", c.cfg.Clock().Sub(begin)), slog.Any("cause", out.cause))
}

// Serve answers on a listener until ctx ends, then lets calls under way finish for up to grace.
func (c *Centre) Serve(ctx context.Context, l net.Listener, t *tls.Config, grace time.Duration) error {
	s := &http.Server{
		Handler: c, TLSConfig: t, ReadHeaderTimeout: 20 * time.Second, IdleTimeout: 3 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(c.cfg.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- s.ServeTLS(l, "", "") }()
	writing, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var book sync.WaitGroup
	book.Go(func() { c.writeSeen(writing) })
	book.Go(func() { c.follow(writing) })
	book.Go(func() { c.watchFiles(writing) })
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	c.close.Do(func() { close(c.closing) }) // long polls answer now
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := s.Shutdown(end)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	stop()
	book.Wait()
	return err
}

// writeSeen puts down once a minute, and at the end, when desks were last heard of.
func (c *Centre) writeSeen(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			ended = true
		}
		c.seenMu.Lock()
		seen := c.seen
		c.seen = map[record.ID]time.Time{}
		c.seenMu.Unlock()
		if err := c.cfg.Journal.Seen(context.WithoutCancel(ctx), seen); err != nil {
			c.cfg.Log.Warn("cannot write when desks were last seen", "cause", err)
		}
	}
}

// watchFiles looks at the start and from time to time whether files are gone that desks believe to be here.
func (c *Centre) watchFiles(ctx context.Context) {
	tick := time.NewTicker(c.cfg.Check)
	defer tick.Stop()
	for {
		all, err := c.cfg.Journal.Authorities(ctx)
		for _, a := range all {
			var gone []record.Hash
			if gone, _, err = CheckFiles(ctx, c.cfg.Journal, c.cfg.Files, a.Tenant, c.cfg.Clock()); len(gone) > 0 {
				c.cfg.Log.Error("files are missing; the desks are asked to send them again", "tenant", a.Tenant, "count", len(gone))
			}
			if err != nil {
				break
			}
		}
		if err != nil && ctx.Err() == nil {
			c.cfg.Log.Error("cannot check whether all files are here", "cause", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (c *Centre) status(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, map[string]string{"schalter": "centre"})
}

// health is for supervisors and load balancers: 200 if the journal can be read and written.
func (c *Centre) health(w http.ResponseWriter, r *http.Request) {
	if err := c.cfg.Journal.Ready(r.Context()); err != nil {
		refuse(w, err)
		return
	}
	writeJSON(w, map[string]string{"health": "ok"})
}

// spoken lets only requests of a version through that this program speaks.
func (c *Centre) spoken(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := protocol.Spoken(r.Header); err != nil {
			refuse(w, err)
			return
		}
		next(w, r)
	}
}
