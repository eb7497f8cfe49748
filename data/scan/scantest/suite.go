// Package scantest holds the contract that every scan driver fulfils.
//
// It promises that a driver which passes hands over whole pages one by one, keeps what it handed over when
// something goes wrong later, names trouble as the others do and stops when asked.
//
// It never knows how a driver reaches its device.
package scantest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
)

// Bench is a driver with a device the suite may scan from. Trouble returns a driver whose device fails
// with the code, or nil where that trouble cannot be made.
type Bench struct {
	Driver  scan.Driver
	Device  string
	Stack   int // pages in the feeder
	Trouble func(record.Code) scan.Driver
}

// What the suite scans with.
var (
	flat = scan.Settings{Source: scan.Flatbed, Mode: scan.Gray, DPI: 75}
	feed = scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}
)

// Run holds the driver to the contract.
func Run(t *testing.T, b Bench) {
	t.Run("discover", b.discover)
	t.Run("flat-bed gives one whole page of A4", b.flatbed)
	t.Run("feeder gives the stack in order", b.stack)
	t.Run("as many pages as asked for", b.asMany)
	t.Run("cancel ends it", b.cancelled)
	t.Run("a refused page ends it", b.refused)
	t.Run("no such device", b.noDevice)
	for _, code := range []record.Code{record.CodeScanNoPaper, record.CodeScanJam, record.CodeScanCoverOpen, record.CodeScanBusy, record.CodeScanDenied, record.CodeScanOffline} {
		t.Run(string(code), func(t *testing.T) { b.trouble(t, code) })
	}
}

func (b Bench) open(t *testing.T, d scan.Driver) scan.Session {
	t.Helper()
	s, err := d.Open(t.Context(), b.Device)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (b Bench) discover(t *testing.T) {
	list, err := b.Driver.Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if d.ID == b.Device {
			return
		}
	}
	t.Fatalf("%s is not among %v", b.Device, list)
}

func (b Bench) flatbed(t *testing.T) {
	var pages []*scan.Page
	var kinds []scan.Kind
	err := b.open(t, b.Driver).Scan(t.Context(), flat, func(e scan.Event) error {
		if len(kinds) == 0 || kinds[len(kinds)-1] != e.Kind {
			kinds = append(kinds, e.Kind)
		}
		if e.Page != nil {
			pages = append(pages, e.Page)
		}
		return nil
	})
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	p := pages[0]
	cfg, _, err := image.DecodeConfig(bytes.NewReader(p.Data))
	if err != nil || cfg.Width != p.Width || cfg.Height != p.Height {
		t.Fatalf("page says %d x %d, is %v, %v", p.Width, p.Height, cfg, err)
	}
	if w := 620; p.Width < w-8 || p.Width > w+8 {
		t.Errorf("width %d, want about %d", p.Width, w)
	}
	if len(kinds) < 2 || kinds[len(kinds)-1] != scan.Received {
		t.Errorf("kinds of events: %v", kinds)
	}
}

func (b Bench) stack(t *testing.T) {
	n := 0
	err := b.open(t, b.Driver).Scan(t.Context(), feed, func(e scan.Event) error {
		if e.Page != nil {
			n++
			if e.Page.N != n {
				t.Errorf("page %d came as number %d", e.Page.N, n)
			}
		}
		return nil
	})
	if err != nil || n != b.Stack {
		t.Fatalf("%d pages, want %d; %v", n, b.Stack, err)
	}
}

func (b Bench) asMany(t *testing.T) {
	n := 0
	three := feed
	three.Pages = 3
	if err := b.open(t, b.Driver).Scan(t.Context(), three, count(&n)); err != nil || n != 3 {
		t.Fatalf("%d pages, %v", n, err)
	}
}

func (b Bench) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	err := b.open(t, b.Driver).Scan(ctx, feed, func(e scan.Event) error {
		if e.Page != nil {
			if n++; n == 2 {
				cancel()
			}
		}
		return nil
	})
	if record.CodeOf(err) != record.CodeScanCancelled || n < 2 || n >= b.Stack {
		t.Fatalf("%d pages, %v", n, err)
	}
}

func (b Bench) refused(t *testing.T) {
	full := record.E(record.CodeDiskFull, nil)
	n := 0
	err := b.open(t, b.Driver).Scan(t.Context(), feed, func(e scan.Event) error {
		if e.Page != nil {
			n++
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || n != 1 {
		t.Fatalf("%d pages, %v", n, err)
	}
}

func (b Bench) noDevice(t *testing.T) {
	if _, err := b.Driver.Open(t.Context(), "no-such-device:0"); record.CodeOf(err) != record.CodeScanNoDevice {
		t.Fatalf("%v", err)
	}
}

func (b Bench) trouble(t *testing.T, code record.Code) {
	d := b.Trouble(code)
	if d == nil {
		t.Skip("this driver's device cannot be brought into this trouble")
	}
	n := 0
	err := b.open(t, d).Scan(t.Context(), flat, count(&n))
	if record.CodeOf(err) != code || n != 0 {
		t.Fatalf("%d pages, %v", n, err)
	}
}

func count(n *int) func(scan.Event) error {
	return func(e scan.Event) error {
		if e.Page != nil {
			*n++
		}
		return nil
	}
}
