// Package escltest is a network scanner to test with: a real eSCL server on this machine's loopback, which
// feeds the page images it is given and can be brought into the troubles that real devices have.
//
// It promises to behave as the protocol says, to refuse what its own capabilities do not offer, and to write
// down every request; foreign clients scan from it as from a device.
//
// It never listens on a network and never changes a page's bytes.
package escltest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options are what a simulated scanner is made of. Pages are JPEG or PNG, sent as they are.
type Options struct {
	Model    string                // default "Schalter Simulator"
	UUID     string                // default a fixed one
	Listen   string                // default "127.0.0.1:0"
	Feeder   [][]byte              // sides in the feeder, top first
	Platen   []byte                // the page on the glass
	NoPlaten bool                  // a feeder only
	NoFeeder bool                  // a flat-bed only
	Formats  []string              // that it offers; default JPEG and PDF
	Document func([][]byte) []byte // of all sides of a job that asks for PDF or TIFF; nil: they are sent one by one as they are
	Describe []byte                // capabilities instead of its own
	TLS      bool                  // with a certificate that it signed itself
	Cert     *tls.Certificate      // with TLS: instead of a new one
	Redirect string                // plain HTTP sends the client there
	Absolute bool                  // Location headers are whole addresses
	Abroad   bool                  // and name another host, as devices behind a bridge do
	End      int                   // status after the last page; default 404
	Chunked  bool                  // pages come without their length
	Slow     time.Duration         // before each page
	Middle   func(page int)        // called when half of a page was sent
}

// Fault is what goes wrong with a page.
type Fault string

// The faults.
const (
	Jam        Fault = "jam"         // 200 without bytes, and the feeder says so
	Silent     Fault = "silent"      // 200 without bytes, and the feeder says nothing
	DoubleFeed Fault = "double-feed" // two sheets at once: 409, and the feeder says so
	CoverOpen  Fault = "cover"       // 503, and the feeder says so
	Unplug     Fault = "unplug"      // the connection ends in the middle of the page, and with it the device
	Drop       Fault = "drop"        // the connection ends in the middle of the page
	Lose       Fault = "lose"        // the connection ends before the page's first byte; the sheet was fed
	Cut        Fault = "cut"         // half the page, with no sign that it is half
	PDF        Fault = "pdf"         // a PDF instead of what was asked for
	Stopped    Fault = "stopped"     // someone presses Stop at the device
	Broken     Fault = "broken"      // 500
	Huge       Fault = "huge"        // says it is larger than any page
)

// The feeder's own words for its state.
const (
	adfLoaded = "ScannerAdfLoaded"
	adfEmpty  = "ScannerAdfEmpty"
)

// Simulator is a running scanner.
type Simulator struct {
	opt    Options
	server *http.Server
	url    string
	cert   *tls.Certificate

	mu       sync.Mutex
	feeder   [][]byte
	platen   []byte
	faults   map[int]Fault // by page of a job, from 1
	adf      string        // instead of what the stack says
	denied   bool
	busy     int // how many requests for a job are sent away
	waiting  int // how many requests for a page are sent away
	jobs     []*job
	requests []string
	settings []string
}

// job is one scan.
type job struct {
	path, state, reason string
	format              string // that was asked for
	feeds               bool
	sent                int
	pages               [][]byte
}

// New starts a scanner.
func New(opt Options) (*Simulator, error) {
	s := &Simulator{opt: opt, feeder: slices.Clone(opt.Feeder), platen: opt.Platen, faults: map[int]Fault{}}
	listen := opt.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("%s is not on this machine", listen), l.Close())
	}
	s.url = "http://" + l.Addr().String() + "/eSCL"
	if opt.TLS {
		if s.cert = opt.Cert; s.cert == nil {
			if s.cert, err = newCertificate(); err != nil {
				return nil, errors.Join(err, l.Close())
			}
		}
		s.url = "https://" + l.Addr().String() + "/eSCL"
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*s.cert}, MinVersion: tls.VersionTLS12})
	}
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet}
	go func() { _ = s.server.Serve(l) }() // ends with Close
	return s, nil
}

// Start starts a scanner that ends with the test.
func Start(t testing.TB, opt Options) *Simulator {
	t.Helper()
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Close switches the scanner off.
func (s *Simulator) Close() { _ = s.server.Close() }

// URL is the address of its service.
func (s *Simulator) URL() string { return s.url }

// ID is how the driver calls it once it knows it.
func (s *Simulator) ID() string { return s.url + "#" + s.uuid() }

// Host is its host and port.
func (s *Simulator) Host() string {
	_, rest, _ := strings.Cut(s.url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// Port is its port.
func (s *Simulator) Port() int {
	var n int
	_, port, _ := net.SplitHostPort(s.Host())
	_, _ = fmt.Sscan(port, &n) // the system made it
	return n
}

// Certificate is what it identifies itself by; nil without TLS.
func (s *Simulator) Certificate() *tls.Certificate { return s.cert }

func (s *Simulator) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Load puts sides under those in the feeder.
func (s *Simulator) Load(pages ...[]byte) {
	s.locked(func() { s.feeder, s.adf = append(s.feeder, pages...), "" })
}

// Lay puts a page on the glass.
func (s *Simulator) Lay(page []byte) { s.locked(func() { s.platen = page }) }

// Break lets a page of the next jobs go wrong; an empty fault mends it. The trouble is over with [Simulator.Mend].
func (s *Simulator) Break(page int, f Fault) {
	s.locked(func() {
		if s.faults[page] = f; f == "" {
			delete(s.faults, page)
		}
	})
}

// Mend takes out what was stuck: no fault, no state left.
func (s *Simulator) Mend() {
	s.locked(func() { s.faults, s.adf, s.denied = map[int]Fault{}, "", false })
}

// Reset mends it and puts another stack into the feeder.
func (s *Simulator) Reset(pages ...[]byte) {
	s.Mend()
	s.locked(func() { s.feeder, s.busy, s.waiting = slices.Clone(pages), 0, 0 })
}

// Sent is what the last job sent, page by page.
func (s *Simulator) Sent() (pages [][]byte) {
	s.locked(func() {
		if len(s.jobs) > 0 {
			pages = slices.Clone(s.jobs[len(s.jobs)-1].pages)
		}
	})
	return pages
}

// Feeder lets the feeder be in a state in its own words, such as ScannerAdfJam; empty: what the stack says.
func (s *Simulator) Feeder(state string) { s.locked(func() { s.adf = state }) }

// Deny lets it refuse everybody.
func (s *Simulator) Deny() { s.locked(func() { s.denied = true }) }

// Busy sends away the next requests for a job, and within a job for a page.
func (s *Simulator) Busy(jobs, pages int) { s.locked(func() { s.busy, s.waiting = jobs, pages }) }

// Left counts the sides in the feeder.
func (s *Simulator) Left() (n int) {
	s.locked(func() { n = len(s.feeder) })
	return n
}

// Requests are all that came, as "METHOD /path".
func (s *Simulator) Requests() (list []string) {
	s.locked(func() { list = slices.Clone(s.requests) })
	return list
}

// Settings are the bodies of the requests for jobs.
func (s *Simulator) Settings() (list []string) {
	s.locked(func() { list = slices.Clone(s.settings) })
	return list
}

// Jobs counts the jobs that were made and those that nobody took back.
func (s *Simulator) Jobs() (made, left int) {
	s.locked(func() {
		for _, j := range s.jobs {
			if made++; j.reason == "" {
				left++
			}
		}
	})
	return made, left
}

func (s *Simulator) uuid() string {
	if s.opt.UUID != "" {
		return s.opt.UUID
	}
	return "5c3f1d5e-0000-4000-8000-00005ca1e0e5"
}

// adfState is the feeder's word.
func (s *Simulator) adfState() string {
	switch {
	case s.adf != "":
		return s.adf
	case len(s.feeder) > 0:
		return adfLoaded
	}
	return adfEmpty
}
