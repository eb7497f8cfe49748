package sane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

type session struct {
	driver  *Driver
	id      string
	options options
	caps    scan.Caps
}

func (s *session) Caps() scan.Caps { return s.caps }

func (s *session) Close() error { return nil }

// Sense asks the device about its sensors and buttons.
func (s *session) Sense(ctx context.Context) (scan.State, error) {
	leave, err := s.driver.gate.Enter(s.id)
	if err != nil {
		return scan.State{}, err
	}
	defer leave()
	var args []string
	if o, ok := s.options.settable(updateButton); ok && !o.inactive {
		args = append(args, "--"+updateButton)
	}
	all, err := s.driver.ask(ctx, s.id, args...)
	if err != nil {
		return scan.State{}, err
	}
	return stateOf(all), nil
}

// order is what scanimage is told, and what of the wishes the device cannot fulfil.
type order struct {
	args     []string
	dpi      int
	warnings []record.Code
}

// plan builds the command line for the settings. Options come in the order in which backends open them up:
// the source first, then the mode, then the rest.
func (s *session) plan(set scan.Settings, pattern string) order {
	o := order{dpi: s.caps.Resolution(set.DPI)}
	if o.dpi != set.DPI {
		o.warnings = append(o.warnings, scan.WarnResolution)
	}
	o.args = []string{"-d", s.id, "--batch=" + pattern, "--batch-print", "--progress"}
	o.args = append(o.args, s.source(set)...)
	format, mode := s.mode(set)
	if mode == nil && len(s.caps.Modes) > 0 {
		format, mode = s.mode(scan.Settings{Mode: scan.Gray})
		o.warnings = append(o.warnings, scan.WarnMode)
	}
	o.args = append(append(o.args, mode...), "--resolution", strconv.Itoa(o.dpi), "--format="+format)
	o.args = append(o.args, s.area(set)...)
	pages := set.Pages
	if pages == 0 && !fed(set) {
		pages = 1
	}
	if pages > 0 {
		o.args = append(o.args, "--batch-count="+strconv.Itoa(pages))
	}
	o.args = append(o.args, s.driver.Options...)
	return o
}

func fed(set scan.Settings) bool { return set.Source == scan.Feeder || set.Source == scan.Duplex }

func (s *session) source(set scan.Settings) []string {
	var args []string
	raw, ok := s.caps.RawSource[set.Source]
	if ok {
		args = append(args, "--source", raw)
	}
	if ok && set.Source == scan.Duplex && raw == s.caps.RawSource[scan.Feeder] {
		args = append(args, bothSides(s.options)...)
	}
	if set.DoubleFeed && fed(set) {
		args = append(args, doubleFeed(s.options)...)
	}
	return args
}

// mode gives the arguments for a mode, nil where the device has none like it, and the format that fits it:
// pages in black and white stay without loss.
func (s *session) mode(set scan.Settings) (format string, args []string) {
	format = "jpeg"
	if set.Mode == scan.Lineart {
		format = "png"
	}
	raw, ok := s.caps.RawMode[set.Mode]
	if !ok {
		return format, nil
	}
	args = []string{"--mode", raw}
	switch {
	case set.Mode == scan.Lineart && raw == s.caps.RawMode[scan.Gray]:
		args = append(args, "--depth", "1")
	case set.Mode != scan.Lineart && s.options.offers("depth", "8") && !s.options["depth"].inactive:
		args = append(args, "--depth", "8")
	}
	return format, args
}

func (s *session) area(set scan.Settings) []string {
	if s.caps.Width <= 0 || s.caps.Height <= 0 {
		return nil
	}
	w, h := set.Size()
	mm := func(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
	x, y := mm(min(w, s.caps.Width)), mm(min(h, s.caps.Height))
	var args []string
	if _, ok := s.options.settable("page-width"); ok && fed(set) { // else the feeder cuts to its own idea of a sheet
		args = append(args, "--page-width", x)
	}
	if _, ok := s.options.settable("page-height"); ok && fed(set) {
		args = append(args, "--page-height", y)
	}
	return append(args, "-x", x, "-y", y)
}

func (s *session) supports(set scan.Settings) error {
	if len(s.caps.Sources) > 0 && s.caps.RawSource[set.Source] == "" {
		return record.E(record.CodeScanUnsupported, fmt.Errorf("no source %q", set.Source), "device", s.id)
	}
	if len(s.caps.Modes) > 0 && s.caps.RawMode[set.Mode] == "" && (set.Mode != scan.Lineart || s.caps.RawMode[scan.Gray] == "") {
		return record.E(record.CodeScanUnsupported, fmt.Errorf("no mode %q", set.Mode), "device", s.id)
	}
	return nil
}

// Scan runs one scanimage batch. Pages lie in a folder of their own, in memory where the system has one,
// and are gone from it before the next page is read.
func (s *session) Scan(ctx context.Context, set scan.Settings, emit func(scan.Event) error) error {
	if err := s.supports(set); err != nil {
		return err
	}
	leave, err := s.driver.gate.Enter(s.id)
	if err != nil {
		return err
	}
	defer leave()
	dir, err := os.MkdirTemp(s.driver.spool(), spoolPattern())
	if err != nil {
		return record.E(record.CodeDiskFull, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the pages themselves are gone from it
	plan := s.plan(set, filepath.Join(dir, "p%05d"))
	for _, code := range plan.warnings {
		if err := emit(scan.Event{Kind: scan.Warning, Code: code}); err != nil {
			return err
		}
	}
	err = s.batch(ctx, set, plan, dir, emit)
	if record.CodeOf(err) == record.CodeScanJam && set.DoubleFeed {
		if all, asked := s.driver.ask(ctx, s.id); asked == nil && drewTwo(all) {
			return record.E(record.CodeScanDoubleFeed, err, "device", s.id)
		}
	}
	return err
}

func (s *session) batch(ctx context.Context, set scan.Settings, plan order, dir string, emit func(scan.Event) error) error {
	idle, grace := s.driver.Idle, s.driver.Grace
	if idle == 0 {
		idle = 90 * time.Second
	}
	if grace == 0 {
		grace = 5 * time.Second
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	silent := record.E(record.CodeScanTimeout, nil, "device", s.id)
	watch := time.AfterFunc(idle, func() { stop(silent) })
	defer watch.Stop()

	c, err := s.driver.command(ctx, plan.args...)
	if err != nil {
		return err
	}
	c.WaitDelay = min(c.WaitDelay, grace)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // scanimage returns the paper and parks the lamp
	r := &run{set: set, dpi: plan.dpi, emit: emit, alive: func(told bool) {
		if told {
			watch.Reset(min(idle, grace))
		} else {
			watch.Reset(idle)
		}
	}}
	err = r.run(c)
	return s.outcome(r, err, context.Cause(ctx), silent, dir)
}

// outcome tells what a batch came to: what the sink or a page said, then the end of patience, then the
// clerk's wish, then what scanimage said, then how it ended.
func (s *session) outcome(r *run, err, cause, silent error, dir string) error {
	switch {
	case r.failed != nil && record.CodeOf(r.failed) == record.CodeScanBadData && s.driver.full(dir):
		return record.E(record.CodeDiskFull, r.failed)
	case r.failed != nil:
		return r.failed
	case cause != nil && !errors.Is(cause, silent):
		return record.E(record.CodeScanCancelled, cause)
	case r.told != "":
		return r.verdict(r.told, errors.Join(cause, err), s.id)
	case cause != nil && !r.over:
		return silent
	case cause != nil:
		err = nil // everything was said; one run in a thousand only never ends
	}
	if err != nil {
		return s.exited(r, err, dir)
	}
	if r.pages == 0 {
		return r.verdict(record.CodeScanNoPaper, nil, s.id)
	}
	return nil
}

// exited tells what the child's status says.
func (s *session) exited(r *run, err error, dir string) error {
	code := codeOfExit(err)
	if code == record.CodeScanUnsupported && r.begun > 0 { // the device took every option: the writer of the page gave up
		code = record.CodeScanBadData
		if s.driver.full(dir) || strings.Contains(r.said.String(), noRoom) {
			code = record.CodeDiskFull
		}
	}
	return r.verdict(code, err, s.id)
}

// noRoom is what scanimage says when it cannot write a page, whatever else it says then.
const noRoom = "out of disk space"

// little is less than any page needs.
const little = 64 << 10

// full reports whether the folder for pages in the making has no room left.
func (d *Driver) full(dir string) bool {
	free := d.free
	if free == nil {
		free = room
	}
	n, known := free(dir)
	return known && n < little
}
