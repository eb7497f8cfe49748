// Package scantest holds the contract that every scan driver fulfils.
//
// It promises that a driver which passes hands over whole pages one by one and untouched, keeps what it handed
// over when something goes wrong later, names trouble as the others do, stops when asked, and leaves nothing
// running behind.
//
// It never knows how a driver reaches its device.
package scantest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
)

// Bench is a driver with a device the suite may scan from. What is nil or zero is not asked of the driver.
type Bench struct {
	Driver scan.Driver // its feeder holds Stack pages at every scan
	Device string
	Stack  int // pages in the feeder
	// Fresh makes a driver whose feeder holds Stack pages; for devices whose stack is used up by a scan. nil:
	// Driver, whose stack fills up by itself.
	Fresh func(t *testing.T) scan.Driver
	// Slow makes one whose device takes its time, so that a cancel comes while it still scans; nil: Fresh.
	Slow func(t *testing.T) scan.Driver
	// Trouble returns a driver whose device fails with the code at once, or nil where that cannot be made.
	Trouble func(t *testing.T, c record.Code) scan.Driver
	// Midway returns a driver whose device fails with the code after so many whole pages.
	Midway func(t *testing.T, c record.Code, after int) scan.Driver
	// Gone returns a driver whose device vanishes after so many whole pages, and the code that tells it.
	Gone func(t *testing.T, after int) (scan.Driver, record.Code)
	// Bytes returns what the device sent in the last scan, page by page.
	Bytes func() [][]byte
	// Files: the device sends files as they are, of any size and kind, and has no flat-bed.
	Files bool
}

// What the suite scans with.
var (
	flat = scan.Settings{Source: scan.Flatbed, Mode: scan.Gray, DPI: 75}
	feed = scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}
)

// Run holds the driver to the contract.
func Run(t *testing.T, b Bench) {
	tests := []struct {
		name string
		run  func(*testing.T)
		skip bool
	}{
		{"discover", b.discover, false},
		{"flat-bed gives one whole page of A4", b.flatbed, b.Files},
		{"feeder gives the stack in order", b.stack, false},
		{"the device's bytes are untouched", b.untouched, b.Bytes == nil},
		{"as many pages as asked for", b.asMany, false},
		{"cancel between pages", b.cancelled, false},
		{"cancel within a page", b.cancelledWithin, false},
		{"cancelled before it begins", b.cancelledBefore, false},
		{"a refused page ends it", b.refused, false},
		{"what the sink says first counts", b.refusedBeforePage, false},
		{"a second scan while one runs", b.second, false},
		{"the device is free again", b.again, false},
		{"an empty feeder by its sensor", b.sensor, b.Trouble == nil || b.Files},
		{"no such device", b.noDevice, false},
		{"a source it has not", b.unsupported, b.Files},
		{"the device goes", b.goes, b.Gone == nil},
	}
	for _, c := range tests {
		if !c.skip {
			t.Run(c.name, func(t *testing.T) {
				left := watch(t)
				c.run(t)
				left()
			})
		}
	}
	for _, code := range []record.Code{
		record.CodeScanNoPaper, record.CodeScanJam, record.CodeScanCoverOpen, record.CodeScanBusy, record.CodeScanDenied,
		record.CodeScanOffline, record.CodeScanDoubleFeed, record.CodeScanBadData, record.CodeScanTimeout, record.CodeDiskFull,
	} {
		if b.Trouble != nil {
			t.Run("at once "+string(code), func(t *testing.T) { b.trouble(t, code) })
		}
		if b.Midway != nil && code != record.CodeScanNoPaper {
			t.Run("midway "+string(code), func(t *testing.T) { b.midway(t, code) })
		}
	}
}

func (b Bench) fresh(t *testing.T) scan.Driver {
	if b.Fresh != nil {
		return b.Fresh(t)
	}
	return b.Driver
}

func (b Bench) slow(t *testing.T) scan.Driver {
	if b.Slow != nil {
		return b.Slow(t)
	}
	return b.fresh(t)
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
	list, err := b.fresh(t).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if d.ID == b.Device {
			if d.Name() == "" {
				t.Error("the device has no name")
			}
			return
		}
	}
	t.Fatalf("%s is not among %v", b.Device, list)
}

// take is what a scan gave.
type take struct {
	pages []*scan.Page
	kinds []scan.Kind
	err   error
}

// run scans and holds every event to the order they come in.
func run(ctx context.Context, t *testing.T, s scan.Session, set scan.Settings, sink func(scan.Event) error) (got take) {
	t.Helper()
	over := false
	got.err = s.Scan(ctx, set, func(e scan.Event) error {
		if over {
			t.Error("an event came after the sink had refused one, or after the scan's end")
		}
		if len(got.kinds) == 0 || got.kinds[len(got.kinds)-1] != e.Kind {
			got.kinds = append(got.kinds, e.Kind)
		}
		if (e.Page != nil) != (e.Kind == scan.Received) {
			t.Errorf("event of kind %d with page %v", e.Kind, e.Page != nil)
		}
		if e.Page != nil {
			got.pages = append(got.pages, e.Page)
			if n := len(got.pages); e.Page.N != n || e.N != n {
				t.Errorf("page %d came as number %d of event %d", n, e.Page.N, e.N)
			}
			whole(t, e.Page)
		}
		if sink == nil {
			return nil
		}
		err := sink(e)
		over = err != nil
		return err
	})
	over = true
	return got
}

// whole holds a page to what it says of itself.
func whole(t *testing.T, p *scan.Page) {
	t.Helper()
	if p.Hash != record.HashOf(p.Data) || p.MediaType == "" {
		t.Errorf("page %d: hash or media type (%q) is wrong", p.N, p.MediaType)
	}
	if p.MediaType != "image/jpeg" && p.MediaType != "image/png" {
		return
	}
	img, err := scan.Decode(p.Data)
	_, format, _ := scan.Config(p.Data)
	if err != nil || "image/"+format != p.MediaType || img.Bounds().Dx() != p.Width || img.Bounds().Dy() != p.Height {
		t.Errorf("page %d says %d x %d %s, is %s, %v", p.N, p.Width, p.Height, p.MediaType, format, err)
	}
}

func (b Bench) flatbed(t *testing.T) {
	got := run(t.Context(), t, b.open(t, b.fresh(t)), flat, nil)
	if got.err != nil || len(got.pages) != 1 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
	p := got.pages[0]
	if w, h := 620, 877; p.Width < w*98/100 || p.Width > w*102/100 || p.Height < h*98/100 || p.Height > h*102/100 {
		t.Errorf("%d x %d pixels, want about %d x %d", p.Width, p.Height, w, h)
	}
	if p.DPI != 75 {
		t.Errorf("%d dpi", p.DPI)
	}
	if len(got.kinds) < 2 || got.kinds[len(got.kinds)-1] != scan.Received {
		t.Errorf("kinds of events: %v", got.kinds)
	}
}

func (b Bench) stack(t *testing.T) {
	got := run(t.Context(), t, b.open(t, b.fresh(t)), feed, nil)
	if got.err != nil || len(got.pages) != b.Stack {
		t.Fatalf("%d pages, want %d; %v", len(got.pages), b.Stack, got.err)
	}
}

func (b Bench) untouched(t *testing.T) {
	got := run(t.Context(), t, b.open(t, b.fresh(t)), feed, nil)
	sent := b.Bytes()
	if got.err != nil || len(got.pages) != len(sent) {
		t.Fatalf("%d pages of %d, %v", len(got.pages), len(sent), got.err)
	}
	for i, p := range got.pages {
		if !bytes.Equal(p.Data, sent[i]) {
			t.Errorf("page %d: %d bytes, the device sent %d others", i+1, len(p.Data), len(sent[i]))
		}
	}
}

func (b Bench) asMany(t *testing.T) {
	three := feed
	three.Pages = 3
	if got := run(t.Context(), t, b.open(t, b.fresh(t)), three, nil); got.err != nil || len(got.pages) != 3 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	got := run(ctx, t, b.open(t, b.slow(t)), feed, func(e scan.Event) error {
		if e.Page != nil {
			if n++; n == 2 {
				cancel()
			}
		}
		return nil
	})
	if record.CodeOf(got.err) != record.CodeScanCancelled || n < 2 || n >= b.Stack {
		t.Fatalf("%d pages, %v", n, got.err)
	}
}

func (b Bench) cancelledWithin(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got := run(ctx, t, b.open(t, b.slow(t)), feed, func(e scan.Event) error {
		if e.Kind == scan.Started && e.N == 2 {
			cancel()
		}
		return nil
	})
	if record.CodeOf(got.err) != record.CodeScanCancelled || len(got.pages) < 1 || len(got.pages) >= b.Stack {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) cancelledBefore(t *testing.T) {
	s := b.open(t, b.fresh(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := run(ctx, t, s, feed, nil); record.CodeOf(got.err) != record.CodeScanCancelled || len(got.pages) != 0 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) refused(t *testing.T) {
	full := record.E(record.CodeDiskFull, nil)
	got := run(t.Context(), t, b.open(t, b.fresh(t)), feed, func(e scan.Event) error {
		if e.Page != nil {
			return full
		}
		return nil
	})
	if !errors.Is(got.err, full) || len(got.pages) != 1 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) refusedBeforePage(t *testing.T) {
	own := errors.New("the window was closed")
	got := run(t.Context(), t, b.open(t, b.fresh(t)), feed, func(scan.Event) error { return own })
	if !errors.Is(got.err, own) || len(got.pages) != 0 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) second(t *testing.T) {
	d := b.fresh(t)
	first, other := b.open(t, d), b.open(t, d)
	asked := false
	got := run(t.Context(), t, first, feed, func(e scan.Event) error {
		if e.Page != nil && !asked {
			asked = true
			if err := other.Scan(t.Context(), feed, func(scan.Event) error { return nil }); record.CodeOf(err) != record.CodeScanBusy {
				t.Errorf("the second scan: %v", err)
			}
		}
		return nil
	})
	if got.err != nil || len(got.pages) != b.Stack {
		t.Errorf("the first scan was disturbed: %d pages, %v", len(got.pages), got.err)
	}
}

func (b Bench) again(t *testing.T) {
	s := b.open(t, b.fresh(t))
	one := feed
	one.Pages = 1
	for i := range 2 {
		if got := run(t.Context(), t, s, one, nil); got.err != nil || len(got.pages) != 1 {
			t.Fatalf("scan %d: %d pages, %v", i+1, len(got.pages), got.err)
		}
	}
}

// sensor holds those that can tell to the truth: an empty feeder never looks full.
func (b Bench) sensor(t *testing.T) {
	d := b.Trouble(t, record.CodeScanNoPaper)
	if d == nil {
		t.Skip("the feeder cannot be emptied")
	}
	s, ok := b.open(t, d).(scan.Sensor)
	if !ok {
		t.Skip("the device cannot tell")
	}
	if state, err := s.Sense(t.Context()); err != nil || state.Paper == scan.PaperReady {
		t.Fatalf("%+v, %v", state, err)
	}
}

func (b Bench) noDevice(t *testing.T) {
	if _, err := b.fresh(t).Open(t.Context(), "no-such-device:0"); record.CodeOf(err) != record.CodeScanNoDevice {
		t.Fatalf("%v", err)
	}
}

func (b Bench) unsupported(t *testing.T) {
	s := b.open(t, b.fresh(t))
	if slices.Contains(s.Caps().Sources, "slides") {
		t.Fatal("what is that")
	}
	if got := run(t.Context(), t, s, scan.Settings{Source: "slides", Mode: scan.Gray, DPI: 75}, nil); record.CodeOf(got.err) != record.CodeScanUnsupported {
		t.Fatal(got.err)
	}
}

func (b Bench) goes(t *testing.T) {
	d, code := b.Gone(t, 2)
	got := run(t.Context(), t, b.open(t, d), feed, nil)
	if record.CodeOf(got.err) != code || len(got.pages) != 2 {
		t.Fatalf("%d pages, %v; want 2 and %s", len(got.pages), got.err, code)
	}
}

func (b Bench) trouble(t *testing.T, code record.Code) {
	d := b.Trouble(t, code)
	if d == nil {
		t.Skip("this driver's device cannot be brought into this trouble")
	}
	left := watch(t)
	set := flat
	if b.Files {
		set = feed
	}
	got := run(t.Context(), t, b.open(t, d), set, nil)
	if record.CodeOf(got.err) != code || len(got.pages) != 0 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
	left()
}

func (b Bench) midway(t *testing.T, code record.Code) {
	d := b.Midway(t, code, 2)
	if d == nil {
		t.Skip("this driver's device cannot be brought into this trouble")
	}
	left := watch(t)
	set := feed
	set.DoubleFeed = code == record.CodeScanDoubleFeed
	got := run(t.Context(), t, b.open(t, d), set, nil)
	if record.CodeOf(got.err) != code || len(got.pages) != 2 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
	left()
}
