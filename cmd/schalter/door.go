package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/pdf/preview"
	"schalter/data/print"
	"schalter/data/record"
	"schalter/data/scan/sane"
	"schalter/ui/desk"
	"schalter/ui/stack"
)

// door lets users into the data folder; the window knows it as its way to the store.
type door struct {
	ctx  context.Context // of the program: the line to the centre outlives a call
	dir  string
	code string // one-time code given at the start, "" for none
	gone atomic.Bool

	// What is behind the door: there once prepare has returned, nil before.
	prepared sync.Once
	forms    *form.Library
	paper    *preview.Renderer
	failed   error

	mu    sync.Mutex
	house *house
	line  *line
	room  *stack.Room // made with the services
}

func newDoor(ctx context.Context, dir, code string) *door {
	// A program that was killed could not take back what viewers and scanners were given.
	if err := errors.Join(print.Forget(), (&sane.Driver{}).Forget()); err != nil {
		fmt.Fprintln(os.Stderr, "schalter: files left behind:", err)
	}
	return &door{ctx: ctx, dir: dir, code: code}
}

// prepare reads the forms and starts the helper that draws pages. It is for the time between the picture of
// the locked door and the passphrase; whoever enters earlier waits for it.
func (d *door) prepare() error {
	d.prepared.Do(func() {
		// Half of what lives may be garbage before it is collected, instead of as much: papers and lists come in
		// large pieces, and the memory of the desk counts more than the little time of collecting.
		debug.SetGCPercent(50)
		debug.SetMemoryLimit(ownMemory)
		d.forms, d.failed = form.Load(assets.Files)
		d.paper = preview.New(preview.Options{CacheBytes: shownPages})
	})
	return d.failed
}

// ownMemory is what the program's own memory may grow to before it is collected and given back more eagerly, in
// bytes. It is no bound: twice of what is needed with a thick paper open, so that only a scan or an import comes near.
const ownMemory = 56 << 20

// shownPages bounds the pages kept for turning back and forth, in bytes: one that fills a large screen and
// its neighbours.
const shownPages = 24 << 20

// show runs f on the window's goroutine, as long as there is a window.
func (d *door) show(f func()) {
	if !d.gone.Load() {
		fyne.Do(f)
	}
}

// Fresh reports that nothing was set up in the folder yet.
func (d *door) Fresh() bool { return !settled(d.dir) }

// Users lists who may unlock, or says why nobody can.
func (d *door) Users() ([]string, error) {
	if d.Fresh() {
		return nil, nil
	}
	v, err := openVault(d.dir)
	if err != nil {
		return nil, err
	}
	return v.Users(), nil
}

// Create sets the folder up for its first user.
func (d *door) Create(ctx context.Context, user, passphrase string) (*desk.Services, error) {
	h, err := create(ctx, d.dir, user, passphrase)
	if err != nil {
		return nil, err
	}
	return d.enter(ctx, h)
}

// Unlock opens the folder.
func (d *door) Unlock(ctx context.Context, user, passphrase string) (*desk.Services, error) {
	h, err := unlock(ctx, d.dir, user, passphrase)
	if err != nil {
		return nil, err
	}
	return d.enter(ctx, h)
}

// enter takes up the work: the line to the centre first, so that the status line is true from the start.
func (d *door) enter(ctx context.Context, h *house) (*desk.Services, error) {
	if err := d.prepare(); err != nil {
		return nil, errors.Join(err, h.close())
	}
	// The key derivation's 64 MiB are garbage now, and a collector that has seen them would let as much gather.
	go debug.FreeOSMemory()
	if err := h.release(ctx, record.SystemClock()); err != nil { // it is tried again the next time
		fmt.Fprintln(os.Stderr, "schalter: release:", err)
	}
	d.enrol(ctx, h)
	l := newLine(d.ctx, h)
	if err := l.keepForms(ctx, d.forms); err != nil {
		l.close()
		return nil, errors.Join(err, h.close())
	}
	if err := l.connect(ctx); err != nil && record.CodeOf(err) != record.CodeNotEnrolled {
		l.close()
		return nil, errors.Join(err, h.close())
	}
	d.mu.Lock()
	d.house, d.line = h, l
	d.mu.Unlock()
	return d.services(h, l), nil
}

// enrol uses the code that was given at the start, once. A desk works without a centre too: what went
// wrong is said on the error stream and the menu offers to try again.
func (d *door) enrol(ctx context.Context, h *house) {
	id, err := h.store.Identity(ctx)
	if err == nil && id.Desk == 0 && d.code != "" {
		_, err = h.enrol(ctx, d.code, false)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schalter: enrol:", err)
	}
}

// Lock forgets the key and closes the store.
func (d *door) Lock(context.Context) error {
	d.mu.Lock()
	h, l, room := d.house, d.line, d.room
	d.house, d.line, d.room = nil, nil, nil
	d.mu.Unlock()
	if h == nil {
		return nil
	}
	if room != nil {
		room.Stop()
	}
	l.close()
	d.paper.Forget()
	return errors.Join(print.Forget(), h.close())
}

func (d *door) close(ctx context.Context) error {
	err := d.Lock(ctx)
	d.prepared.Do(func() {}) // nobody came in: nothing to close
	if d.paper != nil {
		d.paper.Close()
	}
	return err
}
