package escl

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
	"schalter/data/scan/scantest"
)

func TestMain(m *testing.M) {
	escltest.Child()
	m.Run()
}

// clock is a timer without time: spans in Over are over at once, all others never are.
type clock struct {
	mu    sync.Mutex
	over  map[time.Duration]bool
	asked map[time.Duration]int
}

func newClock(over ...time.Duration) *clock {
	c := &clock{over: map[time.Duration]bool{}, asked: map[time.Duration]int{}}
	for _, d := range over {
		c.over[d] = true
	}
	return c
}

func (c *clock) timer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[d]++
	ch := make(chan time.Time, 1)
	if c.over[d] {
		ch <- time.Time{}
	}
	return ch, func() {}
}

func (c *clock) count(d time.Duration) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[d]
}

// silence is a network in which nobody announces anything.
func silence(context.Context, func(Announcement)) error { return nil }

// announcing is a network with these scanners.
func announcing(sims ...*escltest.Simulator) Browse {
	return func(_ context.Context, heard func(Announcement)) error {
		for _, s := range sims {
			name, ip, text := s.Announce()
			heard(Announcement{Name: name, IPs: []net.IP{ip}, Port: s.Port(), Iface: "lo", Secured: s.Certificate() != nil, Text: text})
		}
		return nil
	}
}

// driverFor knows one simulated scanner, and lets no time pass.
func driverFor(s *escltest.Simulator) *Driver {
	return New(Options{Browse: announcing(s), Timer: newClock(retryAfter).timer, Trust: trusting(s)})
}

// pins are certificates that were confirmed.
type pins map[string]string

func (p pins) Known(device string) (string, bool) {
	f, ok := p[device]
	return f, ok
}

func trusting(s *escltest.Simulator) Trust {
	if s.Certificate() == nil {
		return nil
	}
	return pins{s.Host(): Fingerprint(s.Certificate().Certificate[0])}
}

func TestContract(t *testing.T) {
	for name, opt := range map[string]escltest.Options{
		"plain":                     {},
		"encrypted":                 {TLS: true},
		"Location abroad, 409 ends": {Abroad: true, End: 409, Chunked: true},
	} {
		t.Run(name, func(t *testing.T) {
			stack := escltest.Sheets(6, 30)
			opt.Platen = escltest.Sheet(99, 75)
			s := escltest.Start(t, opt)
			d := driverFor(s)
			fault := func(t *testing.T, c record.Code, page int) scan.Driver {
				s.Reset(stack...)
				d := driverFor(s)
				switch c {
				case record.CodeScanJam:
					s.Break(page, escltest.Jam)
				case record.CodeScanCoverOpen:
					s.Break(page, escltest.CoverOpen)
				case record.CodeScanOffline:
					s.Break(page, escltest.Drop)
				case record.CodeScanBadData:
					s.Break(page, escltest.Cut)
				default:
					return nil
				}
				return d
			}
			scantest.Run(t, scantest.Bench{
				Driver: d, Device: s.ID(), Stack: len(stack), Bytes: s.Sent,
				Fresh: func(*testing.T) scan.Driver { s.Reset(stack...); return d },
				Trouble: func(t *testing.T, c record.Code) scan.Driver {
					switch c {
					case record.CodeScanBusy:
						s.Reset(stack...)
						s.Busy(retries+1, 0)
						return d
					case record.CodeScanDenied:
						s.Reset(stack...)
						return denying{driverFor(s), s}
					case record.CodeScanTimeout:
						return nil
					}
					return fault(t, c, 1)
				},
				Midway: func(t *testing.T, c record.Code, after int) scan.Driver {
					if c == record.CodeScanDoubleFeed {
						s.Reset(stack...)
						s.Break(after+1, escltest.DoubleFeed)
						return d
					}
					return fault(t, c, after+1)
				},
				Gone: func(t *testing.T, after int) (scan.Driver, record.Code) {
					return fault(t, record.CodeScanOffline, after+1), record.CodeScanOffline
				},
			})
			if made, left := s.Jobs(); made < 10 || left != 0 {
				t.Errorf("%d of %d jobs were not taken back", left, made)
			}
		})
	}
}

// denying is a device that refuses once it was opened.
type denying struct {
	*Driver

	s *escltest.Simulator
}

func (d denying) Open(ctx context.Context, id string) (scan.Session, error) {
	s, err := d.Driver.Open(ctx, id)
	d.s.Deny()
	return s, err
}
