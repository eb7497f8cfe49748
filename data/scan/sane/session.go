package sane

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

type session struct {
	driver *Driver
	id     string
	caps   scan.Caps
}

func (s *session) Caps() scan.Caps { return s.caps }

func (s *session) Close() error { return nil }

// arguments builds the command line for the settings; dpi is what the device will really use.
func (s *session) arguments(set scan.Settings, pattern string) (args []string, dpi int) {
	dpi = s.caps.Resolution(set.DPI)
	args = []string{"-d", s.id, "--batch=" + pattern, "--batch-print", "--progress", "--resolution", strconv.Itoa(dpi)}
	if raw, ok := s.caps.RawSource[set.Source]; ok {
		args = append(args, "--source", raw)
	}
	if raw, ok := s.caps.RawMode[set.Mode]; ok {
		args = append(args, "--mode", raw)
	}
	format := "jpeg"
	if set.Mode == scan.Lineart {
		format = "png"
	}
	args = append(args, "--format="+format)
	if s.caps.Width > 0 && s.caps.Height > 0 {
		w, h := size(set)
		args = append(args, "-x", strconv.FormatFloat(min(w, s.caps.Width), 'f', 1, 64),
			"-y", strconv.FormatFloat(min(h, s.caps.Height), 'f', 1, 64))
	}
	pages := set.Pages
	if pages == 0 && set.Source != scan.Feeder && set.Source != scan.Duplex {
		pages = 1
	}
	if pages > 0 {
		args = append(args, "--batch-count="+strconv.Itoa(pages))
	}
	return append(args, s.driver.Options...), dpi
}

func size(set scan.Settings) (w, h float64) {
	w, h = set.Width, set.Height
	if w == 0 || h == 0 {
		w, h = scan.A4Width, scan.A4Height
	}
	return w, h
}

func (s *session) supports(set scan.Settings) error {
	if len(s.caps.Sources) > 0 && s.caps.RawSource[set.Source] == "" {
		return record.E(record.CodeScanUnsupported, fmt.Errorf("no source %q", set.Source), "device", s.id)
	}
	if len(s.caps.Modes) > 0 && s.caps.RawMode[set.Mode] == "" && set.Mode != scan.Lineart {
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
	dir, err := os.MkdirTemp(s.driver.spool(), spoolPattern())
	if err != nil {
		return record.E(record.CodeDiskFull, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the pages themselves are gone from it
	args, dpi := s.arguments(set, filepath.Join(dir, "p%05d"))
	if dpi != set.DPI {
		if err := emit(scan.Event{Kind: scan.Warning, Code: scan.WarnResolution}); err != nil {
			return err
		}
	}
	idle := s.driver.Idle
	if idle == 0 {
		idle = 90 * time.Second
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watch := time.AfterFunc(idle, func() { stop(record.E(record.CodeScanTimeout, nil, "device", s.id)) })
	defer watch.Stop()

	c, err := s.driver.command(ctx, args...)
	if err != nil {
		return err
	}
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // scanimage returns the paper and parks the lamp
	r := &run{set: set, dpi: dpi, emit: emit, alive: func() { watch.Reset(idle) }}
	err = r.run(c)
	switch cause := context.Cause(ctx); {
	case r.failed != nil:
		return r.failed
	case cause != nil && record.CodeOf(cause) == record.CodeScanTimeout:
		return cause
	case cause != nil:
		return record.E(record.CodeScanCancelled, cause)
	}
	return r.verdict(err, s.id)
}

// run is one running scanimage.
type run struct {
	set    scan.Settings
	dpi    int
	emit   func(scan.Event) error
	alive  func()
	mu     sync.Mutex // emit is called from one goroutine at a time
	pages  int
	last   record.Hash
	failed error
	said   bytes.Buffer // scanimage's own words, for the log
}

func (r *run) run(c *exec.Cmd) error {
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	trouble, err := c.StderrPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	var both sync.WaitGroup
	both.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			r.page(c, lines.Text())
		}
	})
	both.Go(func() {
		lines := bufio.NewScanner(trouble)
		lines.Split(splitCR)
		for lines.Scan() {
			r.line(c, lines.Text())
		}
		_, _ = io.Copy(io.Discard, trouble)
	})
	both.Wait()
	return c.Wait()
}

// splitCR splits at carriage returns too: progress overwrites its line.
func splitCR(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

var (
	progressLine = regexp.MustCompile(`^Progress: ([0-9.]+)%`)
	startLine    = regexp.MustCompile(`^Scanning page ([0-9]+)`)
)

func (r *run) line(c *exec.Cmd, text string) {
	r.alive()
	if m := progressLine.FindStringSubmatch(text); m != nil {
		p, _ := strconv.ParseFloat(m[1], 64)
		r.send(c, scan.Event{Kind: scan.Progress, N: r.next(), Percent: int(p)})
		return
	}
	if startLine.MatchString(text) {
		r.send(c, scan.Event{Kind: scan.Started, N: r.next()})
		return
	}
	if r.said.Len() < 4096 {
		r.said.WriteString(strings.TrimSpace(text) + "; ")
	}
}

func (r *run) next() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pages + 1
}

// send passes an event on; the first refusal ends the scan.
func (r *run) send(c *exec.Cmd, e scan.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed != nil {
		return
	}
	if err := r.emit(e); err != nil {
		r.failed = err
		_ = c.Process.Signal(os.Interrupt)
	}
}

// page takes a finished file.
func (r *run) page(c *exec.Cmd, path string) {
	r.alive()
	data, err := os.ReadFile(path)
	_ = os.Remove(path)
	n := r.next()
	if err != nil {
		r.fail(c, record.E(record.CodeScanBadData, err, "page", n))
		return
	}
	p, err := scan.Check(data, n, r.dpi)
	if err != nil {
		r.fail(c, err)
		return
	}
	if p.Hash == r.last {
		r.send(c, scan.Event{Kind: scan.Warning, N: n, Code: scan.WarnSamePage})
	}
	if _, h := size(r.set); float64(p.Height) < h/25.4*float64(r.dpi)*0.98 {
		r.send(c, scan.Event{Kind: scan.Warning, N: n, Code: scan.WarnShort})
	}
	r.last = p.Hash
	r.send(c, scan.Event{Kind: scan.Received, N: n, Page: p})
	r.mu.Lock()
	r.pages++
	r.mu.Unlock()
}

func (r *run) fail(c *exec.Cmd, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
		_ = c.Process.Signal(os.Interrupt)
	}
}

// verdict reads scanimage's end. An empty feeder after at least one page is the end of the stack.
func (r *run) verdict(err error, device string) error {
	if err == nil {
		if r.pages == 0 {
			return record.E(record.CodeScanNoPaper, errors.New(r.said.String()), "device", device)
		}
		return nil
	}
	code := codeOfExit(err)
	if code == record.CodeScanNoPaper && r.pages > 0 {
		return nil
	}
	return record.E(code, fmt.Errorf("%w: %s", err, strings.TrimSuffix(r.said.String(), "; ")), "device", device, "pages", r.pages)
}
