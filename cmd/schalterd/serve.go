package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"schalter/sync/protocol"
	"schalter/sync/server"
)

// urlSetting is the journal's setting that tells the other commands where desks find the centre.
const urlSetting = "url"

type serve struct {
	data
	Listen string        `default:":8443" placeholder:"ADDR" help:"Address to listen on; port 0 takes a free one. Default ${default}."`
	URL    string        `name:"url" placeholder:"URL" help:"https address under which desks reach the centre, if it is not the listening one."`
	Log    slog.Level    `default:"info" help:"What to log to standard error: debug, info, warn or error."`
	Grace  time.Duration `default:"10s" help:"How long calls under way may take to finish when the server is stopped."`
}

// Run serves until ctx ends.
func (s *serve) Run(ctx context.Context, c *console) (err error) {
	if err := s.make(); err != nil {
		return err
	}
	// Before anything else: a second server must not even bring the journal up to its own version.
	lock := flock.New(filepath.Join(s.Data, "serve.lock"))
	if held, err := lock.TryLock(); err != nil || !held {
		return errors.Join(err, fmt.Errorf("another schalterd serves %s already; stop it first, or give this one a directory of its own", s.Data))
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	j, err := s.journal(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	files, err := s.files()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	keys, err := s.keys(c.clock)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.Listen, err)
	}
	address, hosts, err := s.reachable(l.Addr().String())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	tls, err := keys.Config(hosts)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := j.SetSetting(ctx, urlSetting, address); err != nil {
		return errors.Join(err, l.Close())
	}
	log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: s.Log}))
	log.Info("serving", "data", s.Data, "url", address, "program", programName())
	if _, err := fmt.Fprintf(c.out, "listening https://%s fingerprint %s\n", l.Addr(), protocol.Fingerprint(keys.CA())); err != nil {
		return errors.Join(err, l.Close())
	}
	centre := server.New(server.Config{Journal: j, Files: files, CA: keys.CA(), Clock: c.clock, Log: log})
	err = centre.Serve(ctx, l, tls, s.Grace)
	log.Info("stopped", "error", err)
	return err
}

// reachable gives the address that goes into enrolment codes, and the hosts the certificate must cover.
func (s *serve) reachable(listening string) (address string, hosts []string, err error) {
	host, port, err := net.SplitHostPort(listening)
	if err != nil {
		return "", nil, err
	}
	hosts = []string{"localhost", "127.0.0.1", "::1"}
	if name, err := os.Hostname(); err == nil && validHost(name) {
		hosts = append(hosts, strings.ToLower(name))
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
		hosts = append(hosts, host)
	} else {
		host = hosts[len(hosts)-1]
	}
	address = "https://" + net.JoinHostPort(host, port)
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return "", nil, fmt.Errorf("--url %q is not an address like https://centre.example:8443", s.URL)
		}
		address = strings.TrimRight(s.URL, "/")
		hosts = append(hosts, u.Hostname())
	}
	if _, err := protocol.NewEnrolCode(address, "x", nil); err != nil {
		return "", nil, err
	}
	return address, hosts, nil
}

// validHost tells whether a machine's name can stand in a certificate.
func validHost(name string) bool {
	return name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}
