// Package escl reaches network scanners that need no driver: eSCL, also called AirScan.
//
// It promises that a page is handed over byte for byte as the device sent it and only when it is whole; that
// the device's job is taken back however a scan ends; that a device whose certificate nobody has confirmed,
// or whose certificate changed, gets no request; and that whatever a device answers, it is read within limits
// of size and time.
//
// Pages are asked for as pictures. A device that has only documents, PDF or TIFF, sends its stack as one; that is
// handed over as it is once every page of it was checked ([Options].Document).
//
// The protocol knows no buttons: what a person presses at such a device starts a scan only by its maker's own ways,
// or into a watched folder.
//
// It never believes an answer's word about where to go next: every request stays at the address the device
// was opened at. It never follows a device to another host, never falls back to an unencrypted address once a
// certificate was confirmed, and never writes a page anywhere.
package escl

import (
	"context"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

// Options are what a [Driver] is made of. The zero Options hear announcements and trust only certificates
// the system knows.
type Options struct {
	Trust  Trust           // certificates that a person confirmed; nil: none
	Typed  func() []string // addresses typed by hand: host, host:port or a whole address; nil: none
	Browse Browse          // hears announcements; nil: [Announced]
	Timer  Timer           // nil: the machine's; tests need not wait
	// Document decodes every page of a PDF or TIFF and counts them; nil: devices that have nothing else are refused.
	Document func(ctx context.Context, data []byte) (pages int, err error)
	Listen   time.Duration // how long announcements are waited for; default 3 s
	Idle     time.Duration // longest silence of a device that scans; default 90 s
}

// Timer tells when a span of time is over; stop gives it back.
type Timer func(d time.Duration) (over <-chan time.Time, stop func())

// The spans and counts of the protocol's traffic.
const (
	listenFor   = 3 * time.Second
	openLimit   = 20 * time.Second // for all ways to reach a device together
	typedLimit  = 8 * time.Second  // for a typed address while devices are looked for
	askLimit    = 10 * time.Second // silence before a short answer
	idleLimit   = 90 * time.Second // silence while a page is scanned
	leaveLimit  = 2 * time.Second  // taking back a job from a device that may be gone
	retryAfter  = time.Second      // after "503 Service Unavailable"
	retries     = 30
	openRetries = 5
)

// Driver knows the scanners of the network.
type Driver struct {
	opt  Options
	gate scan.Gate
}

// New makes a driver.
func New(opt Options) *Driver {
	if opt.Browse == nil {
		opt.Browse = Announced
	}
	if opt.Typed == nil {
		opt.Typed = func() []string { return nil }
	}
	if opt.Timer == nil {
		opt.Timer = func(d time.Duration) (<-chan time.Time, func()) {
			t := time.NewTimer(d)
			return t.C, func() { t.Stop() }
		}
	}
	if opt.Listen == 0 {
		opt.Listen = listenFor
	}
	if opt.Idle == 0 {
		opt.Idle = idleLimit
	}
	return &Driver{opt: opt}
}

// Open takes a device: an ID of Discover, or an address as a person types it.
func (d *Driver) Open(ctx context.Context, id string) (scan.Session, error) {
	s, err := d.open(ctx, id)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Identify asks the device at a typed address who it is.
func (d *Driver) Identify(ctx context.Context, typed string) (scan.Device, error) {
	s, err := d.open(ctx, typed)
	if err != nil {
		return scan.Device{}, err
	}
	defer func() { _ = s.Close() }() // it was only asked its name
	return s.Device(), nil
}

func (d *Driver) open(ctx context.Context, id string) (*Session, error) {
	a, err := parseAddress(id)
	if err != nil {
		return nil, err
	}
	ctx, stop := d.opt.limit(ctx, openLimit, record.E(record.CodeScanNoDevice, context.DeadlineExceeded, "device", id))
	defer stop()
	s, err := d.reach(ctx, id, a)
	if err == nil || a.uuid == "" || record.CodeOf(err) != record.CodeScanNoDevice || ctx.Err() != nil {
		return s, err
	}
	// The network may have given the device another address since, or its encrypted door is out of order.
	for _, f := range d.announced(ctx) {
		if f.uuid == a.uuid {
			return d.reach(ctx, f.id(), address{bases: f.bases(), uuid: f.uuid})
		}
	}
	return nil, err
}

// reach tries the ways to a device in their order.
func (d *Driver) reach(ctx context.Context, id string, a address) (*Session, error) {
	var first error
	for _, base := range a.bases {
		c := newClient(&d.opt, base, a.uuid)
		s, err := c.identify(ctx)
		if err == nil {
			s.gate = &d.gate
			return s, nil
		}
		c.close()
		if ctx.Err() != nil {
			return nil, c.trouble(ctx, err, record.CodeScanNoDevice)
		}
		code := record.CodeOf(err)
		if code != record.CodeScanNoDevice && code != record.CodeScanBadAnswer {
			return nil, err
		}
		if first == nil || record.CodeOf(first) == record.CodeScanNoDevice {
			first = err
		}
	}
	if first == nil {
		first = record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	return nil, first
}
