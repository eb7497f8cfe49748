// Package scripted is a scanner for tests that does the same every time: it hands over given pages and gets
// into the trouble it was told to get into, at the page it was told.
//
// It promises to keep the contract of package scantest, so that what works with it works with a device that
// behaves.
//
// It is never offered by the product.
package scripted

import (
	"context"
	"slices"
	"sync"

	"schalter/data/record"
	"schalter/data/scan"
)

// Driver is a scanner with a script. Its fields are not changed while it is used; what lies in the feeder is
// changed by [Driver.Load] and [Driver.Press].
type Driver struct {
	Device  scan.Device         // zero: "scripted", Muster S 1
	Caps    scan.Caps           // zero: feeder, flat-bed and both sides in every mode
	Trouble map[int]record.Code // by page, from 1: instead of this page comes the trouble, once
	Warn    map[int]record.Code // by page, from 1: said before the page comes
	// Hold is called before each page; a test waits there, or for ctx.
	Hold func(ctx context.Context, page int)

	gate    scan.Gate
	mu      sync.Mutex
	stack   [][]byte
	pressed []string
	spent   map[int]bool
	scanned []scan.Settings
}

// New makes a scanner with pages in its feeder. The flat-bed shows the first of them.
func New(pages ...[]byte) *Driver { return &Driver{stack: pages} }

// Load puts pages into the feeder, behind those that lie there.
func (d *Driver) Load(pages ...[]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stack = append(slices.Clone(d.stack), pages...)
}

// Press presses a button of the device.
func (d *Driver) Press(button string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pressed = append(d.pressed, button)
}

// Asked lists the settings of the scans so far.
func (d *Driver) Asked() []scan.Settings {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.scanned)
}

func (d *Driver) device() scan.Device {
	if d.Device.ID == "" {
		return scan.Device{ID: "scripted", Vendor: "Muster", Model: "S 1", Kind: "scripted"}
	}
	return d.Device
}

// Discover lists the one device.
func (d *Driver) Discover(context.Context) ([]scan.Device, error) {
	return []scan.Device{d.device()}, nil
}

// Open takes the device.
func (d *Driver) Open(_ context.Context, id string) (scan.Session, error) {
	if id != d.device().ID {
		return nil, record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	return &session{d}, nil
}

type session struct{ d *Driver }

func (s *session) Close() error { return nil }

func (s *session) Caps() scan.Caps {
	if len(s.d.Caps.Sources) > 0 {
		return s.d.Caps
	}
	return scan.Caps{
		Name: s.d.device().Name(), Sources: []scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}, Modes: []scan.Mode{scan.Lineart, scan.Gray, scan.Color},
		MinDPI: 75, MaxDPI: 600, Width: 216, Height: 356, DoubleFeed: true,
	}
}

// Sense tells whether pages lie in the feeder.
func (s *session) Sense(context.Context) (scan.State, error) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	state := scan.State{Paper: scan.PaperNone, Buttons: s.d.pressed}
	s.d.pressed = nil
	if len(s.d.stack) > 0 {
		state.Paper = scan.PaperReady
	}
	return state, nil
}

// Scan plays the script.
func (s *session) Scan(ctx context.Context, set scan.Settings, emit func(scan.Event) error) error {
	leave, err := s.d.gate.Enter(s.d.device().ID)
	if err != nil {
		return err
	}
	defer leave()
	if !slices.Contains(s.Caps().Sources, set.Source) {
		return record.E(record.CodeScanUnsupported, nil, "device", s.d.device().ID)
	}
	s.d.mu.Lock()
	s.d.scanned = append(s.d.scanned, set)
	s.d.mu.Unlock()
	for n := 1; set.Pages == 0 || n <= set.Pages; n++ {
		if more, err := s.page(ctx, set, n, emit); err != nil || !more {
			return err
		}
		if set.Source == scan.Flatbed {
			return nil
		}
	}
	return nil
}

// page hands over one page. There is none when the stack is empty.
func (s *session) page(ctx context.Context, set scan.Settings, n int, emit func(scan.Event) error) (more bool, err error) {
	if s.d.Hold != nil {
		s.d.Hold(ctx, n)
	}
	if ctx.Err() != nil {
		return false, record.E(record.CodeScanCancelled, ctx.Err())
	}
	data, code := s.d.next(n)
	switch {
	case code == record.CodeScanNoPaper && n > 1:
		return false, nil
	case code == record.CodeScanNoPaper, code == record.CodeScanBusy, code == record.CodeScanDenied:
		return false, record.E(code, nil, "device", s.d.device().ID)
	}
	if err := emit(scan.Event{Kind: scan.Started, N: n}); err != nil {
		return false, err
	}
	if code != "" {
		return false, record.E(code, nil, "device", s.d.device().ID, "page", n)
	}
	if w := s.d.Warn[n]; w != "" {
		if err := emit(scan.Event{Kind: scan.Warning, N: n, Code: w}); err != nil {
			return false, err
		}
	}
	p, err := scan.Check(data, n, set.DPI)
	if err != nil {
		return false, err
	}
	if err := emit(scan.Event{Kind: scan.Received, N: n, Page: p}); err != nil {
		return false, err
	}
	if set.Source != scan.Flatbed {
		s.d.took()
	}
	return true, nil
}

// next is the page on top, or the trouble that comes instead.
func (d *Driver) next(n int) ([]byte, record.Code) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.Trouble[n]; c != "" && !d.spent[n] {
		if d.spent == nil {
			d.spent = map[int]bool{}
		}
		d.spent[n] = true
		return nil, c
	}
	if len(d.stack) == 0 {
		return nil, record.CodeScanNoPaper
	}
	return d.stack[0], ""
}

func (d *Driver) took() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stack = d.stack[1:]
}
