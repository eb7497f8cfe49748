// Package folder takes what devices put into a shared folder (scan to folder): it waits until a file is whole,
// hands it over with its bytes untouched, and puts it aside.
//
// It promises that a file is taken only when nobody writes to it any more and it can be read to its end; that
// no file is ever deleted or overwritten, whatever it is called: what was handed over lies in the folder
// "done", what had come before in "duplicate", what cannot be read in "refused", each told by name; that of
// several desks at one folder only one gets a file; and that a folder which vanishes is said and comes back
// by itself.
//
// It never follows a link, never trusts a name or its ending, and never looks into folders below.
package folder

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

// The folders below a watched one.
const (
	Done      = "done"
	Duplicate = "duplicate"
	Refused   = "refused"
	taking    = "taking" // being handed over by some desk
)

// Warnings of a folder; each has the file's name.
const (
	WarnDuplicate record.Code = "scan.file_twice"   // it had come before; it lies in the folder for duplicates
	WarnRefused   record.Code = "scan.file_refused" // it cannot be read; it lies in the folder for such
	WarnLink      record.Code = "scan.file_link"    // it is a link to somewhere else
)

// Driver watches folders. Folders is needed; the zero values of the rest are good.
type Driver struct {
	Folders  func() []string // those watched now, as absolute paths
	Quiet    time.Duration   // a file is whole when it has not changed for so long; default 3 s
	Patience time.Duration   // one that cannot be read by then is refused; default 2 min
	Stalled  time.Duration   // how long a share may take to answer; default 15 s
	Clock    record.Clock
	Pause    func(ctx context.Context, d time.Duration) error // nil: sleeps
	// Known tells whether the house has a file already, as after the power failed between taking it and putting
	// it aside; nil: only what lies in the folder itself counts.
	Known func(ctx context.Context, h record.Hash) (bool, error)

	gate  scan.Gate
	mu    sync.Mutex
	seen  map[string]sight // by path
	links map[string]bool  // told already, by path
	held  map[string]bool  // being handed over by this desk, by path
}

// sight is how a file looked since when.
type sight struct {
	size  int64
	time  time.Time
	since time.Time
}

func (d *Driver) quiet() time.Duration    { return or(d.Quiet, 3*time.Second) }
func (d *Driver) patience() time.Duration { return or(d.Patience, 2*time.Minute) }

func or(v, fallback time.Duration) time.Duration {
	if v == 0 {
		return fallback
	}
	return v
}

func (d *Driver) now() time.Time {
	if d.Clock == nil {
		return record.SystemClock()
	}
	return d.Clock()
}

// Discover lists the folders that can be reached.
func (d *Driver) Discover(ctx context.Context) ([]scan.Device, error) {
	var out []scan.Device
	for _, dir := range d.Folders() {
		if ctx.Err() == nil && d.reach(ctx, dir) == nil {
			out = append(out, device(dir))
		}
	}
	return out, nil
}

func device(dir string) scan.Device {
	return scan.Device{ID: dir, Model: filepath.Base(dir), Kind: scan.KindFolder, Address: dir}
}

// Open takes a folder.
func (d *Driver) Open(ctx context.Context, id string) (scan.Session, error) {
	if !slices.Contains(d.Folders(), id) {
		return nil, record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	if err := d.reach(ctx, id); err != nil {
		return nil, err
	}
	return &session{d: d, dir: id}, nil
}

// reach says why a folder cannot be used, nil if it can.
func (d *Driver) reach(ctx context.Context, dir string) error {
	return d.within(ctx, dir, func() error {
		st, err := os.Stat(dir)
		if err == nil && !st.IsDir() {
			err = errors.New("not a folder")
		}
		return err
	})
}

// within does something on a share that may have vanished: the system can hold such a call for minutes, and
// it is left behind then. Trouble with the folder itself is [record.CodeScanFolder].
func (d *Driver) within(ctx context.Context, dir string, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	late := time.NewTimer(or(d.Stalled, 15*time.Second))
	defer late.Stop()
	select {
	case err := <-done:
		return trouble(err, dir)
	case <-late.C:
		return record.E(record.CodeScanFolder, errors.New("the share does not answer"), "folder", dir)
	case <-ctx.Done():
		return record.E(record.CodeScanCancelled, ctx.Err())
	}
}

func trouble(err error, dir string) error {
	var known *record.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, fs.ErrPermission):
		return record.E(record.CodeScanDenied, err, "folder", dir)
	}
	return record.E(record.CodeScanFolder, err, "folder", dir)
}

func (d *Driver) pause(ctx context.Context) error {
	wait := max(d.quiet()/3, 100*time.Millisecond)
	if d.Pause != nil {
		return d.Pause(ctx, wait)
	}
	return scan.Pause(ctx, wait)
}

// look notes how a file looks and tells for how long it has looked like this.
func (d *Driver) look(path string, st fs.FileInfo) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	s, ok := d.seen[path]
	if !ok || s.size != st.Size() || !s.time.Equal(st.ModTime()) || now.Before(s.since) {
		if d.seen == nil {
			d.seen = map[string]sight{}
		}
		s = sight{size: st.Size(), time: st.ModTime(), since: now}
		d.seen[path] = s
	}
	return now.Sub(s.since)
}

// forget drops what is known of a file that was put aside: the next one may have the same name.
func (d *Driver) forget(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.seen, path)
}

// linked reports whether a link is met for the first time.
func (d *Driver) linked(path string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.links[path] {
		return false
	}
	if d.links == nil {
		d.links = map[string]bool{}
	}
	d.links[path] = true
	return true
}

// hold notes that this desk is handing over a file, or no longer is.
func (d *Driver) hold(path string, on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil {
		d.held = map[string]bool{}
	}
	if on {
		d.held[path] = true
	} else {
		delete(d.held, path)
	}
}

func (d *Driver) holds(path string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held[path]
}
