// Package job runs a scan profile from the key to the last page: it finds the device, waits for paper where the
// profile says so, scans a stack in two passes where the feeder reads one side, and tells what came of it.
//
// It promises that every page goes to the sink before the next is asked for; that nothing received is lost by
// whatever comes after it; and that a stack scanned in two passes is put into order only where both passes gave
// the same number of pages, and told otherwise.
//
// It never keeps a page and never asks anybody: waiting ends with its context.
package job

import (
	"context"
	"errors"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
)

// WarnSides tells that both passes of a stack gave different numbers of pages (fronts, backs).
const WarnSides record.Code = "scan.sides_differ"

// Step says what an [Event] of a job is.
type Step int

// The steps.
const (
	Scanning Step = iota // Event is one of the device's
	Waiting              // paper is to be put into the feeder; it goes on by itself
	Turning              // the fronts are through: the stack is to be turned over as a whole and put back
	Done                 // everything is through
)

// Event is what a job tells.
type Event struct {
	Step     Step
	Event    scan.Event
	Device   string // maker and model
	Settings string // in words that stay the same in every language
	Order    []int  // of Done: in which the sides are to be shown, by number of arrival from 0; nil: as they came
}

// Job is what a scan needs. Driver is needed; the zero values of the rest are good.
type Job struct {
	Driver scan.Driver
	Last   scan.Device                                      // the one used last: tried before looking for others
	Used   func(d scan.Device)                              // told which one is used
	Pause  func(ctx context.Context, d time.Duration) error // nil: sleeps
	Every  time.Duration                                    // how often paper is looked for; default 1.5 s
	Sink   func(Event) error                                // an error ends the scan and is returned
}

// Run scans with a profile.
func (j *Job) Run(ctx context.Context, p profile.Profile) error {
	d, s, err := j.open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // every page was handed over
	if j.Used != nil {
		j.Used(d)
	}
	r := &run{Job: j, session: s, set: p.Settings, device: name(d, s), words: words(p)}
	fed := p.Settings.Source != scan.Flatbed
	if err := r.pass(ctx, Waiting, p.Wait && fed); err != nil {
		return err
	}
	if !p.TwoPass {
		return r.tell(Event{Step: Done})
	}
	fronts := r.pages
	if err := r.pass(ctx, Turning, true); err != nil {
		return err
	}
	order, ok := profile.Interleave(fronts, r.pages-fronts)
	if ok {
		return r.tell(Event{Step: Done, Order: order})
	}
	warning := scan.Event{Kind: scan.Warning, N: r.pages, Code: WarnSides, Args: record.Args{"fronts": fronts, "backs": r.pages - fronts}}
	if err := r.tell(Event{Event: warning}); err != nil {
		return err
	}
	return r.tell(Event{Step: Done})
}

func words(p profile.Profile) string {
	if p.TwoPass {
		return p.Settings.String() + " two passes"
	}
	return p.Settings.String()
}

func name(d scan.Device, s scan.Session) string {
	if n := s.Caps().Name; n != "" {
		return n
	}
	if n := d.Name(); n != "" {
		return n
	}
	return d.ID
}

// patience is how long the device used last may take before others are looked for.
const patience = 10 * time.Second

// open takes the profile's device; else the one used last, else the first that answers and has the source. A
// watched folder is never taken for a scanner.
func (j *Job) open(ctx context.Context, p profile.Profile) (scan.Device, scan.Session, error) {
	if p.Device != "" {
		d := scan.Device{ID: p.Device, Model: p.Called}
		if j.Last.ID == p.Device {
			d = j.Last
		}
		s, err := j.Driver.Open(ctx, p.Device)
		return d, s, err
	}
	var refused error // why the best of those that cannot do it cannot
	if j.Last.ID != "" && j.Last.Kind != scan.KindFolder {
		soon, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		s, err := j.fitting(soon, j.Last.ID, p.Settings.Source)
		if err == nil {
			return j.Last, s, nil
		}
		refused = err
	}
	devices, err := j.Driver.Discover(ctx)
	if err != nil {
		return scan.Device{}, nil, err
	}
	for _, d := range devices {
		if d.Kind == scan.KindFolder || d.ID == j.Last.ID {
			continue
		}
		s, err := j.fitting(ctx, d.ID, p.Settings.Source)
		if err == nil {
			return d, s, nil
		}
		if refused == nil || record.CodeOf(refused) == record.CodeScanNoDevice {
			refused = err
		}
	}
	if refused == nil {
		refused = record.E(record.CodeScanNoDevice, nil)
	}
	return scan.Device{}, nil, refused
}

// fitting opens a device that has the source.
func (j *Job) fitting(ctx context.Context, id string, source scan.Source) (scan.Session, error) {
	s, err := j.Driver.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	if !has(s.Caps(), source) {
		return nil, errors.Join(record.E(record.CodeScanUnsupported, nil, "device", id), s.Close())
	}
	return s, nil
}

func has(c scan.Caps, source scan.Source) bool {
	return len(c.Sources) == 0 || slices.Contains(c.Sources, source)
}

// run is one running job.
type run struct {
	*Job
	session scan.Session
	set     scan.Settings
	device  string
	words   string
	pages   int
	held    []Event // of a try that may find no paper
}

func (r *run) tell(e Event) error {
	e.Device, e.Settings = r.device, r.words
	return r.Sink(e)
}

// pass scans once through. With wait it tells step and begins when paper lies there.
func (r *run) pass(ctx context.Context, step Step, wait bool) error {
	if !wait {
		return r.scan(ctx, false)
	}
	if err := r.tell(Event{Step: step}); err != nil {
		return err
	}
	for {
		ready, known, err := r.sense(ctx)
		if err != nil {
			return err
		}
		if ready || !known {
			before := r.pages
			err := r.scan(ctx, true)
			if code := record.CodeOf(err); r.pages > before || code != record.CodeScanNoPaper && code != record.CodeScanCoverOpen {
				return err // a lid that is open while paper is put in is no trouble
			}
		}
		if err := r.pause(ctx); err != nil {
			return record.E(record.CodeScanCancelled, err)
		}
	}
}

// sense asks for paper. A device that is busy for a moment, such as warming up, is asked again.
func (r *run) sense(ctx context.Context) (ready, known bool, err error) {
	sensor, ok := r.session.(scan.Sensor)
	if !ok {
		return false, false, nil
	}
	state, err := sensor.Sense(ctx)
	if record.CodeOf(err) == record.CodeScanBusy {
		return false, true, nil
	}
	pressed := len(state.Buttons) > 0
	return state.Paper == scan.PaperReady || pressed, state.Paper != scan.PaperUnknown || pressed, err
}

func (r *run) pause(ctx context.Context) error {
	every := r.Every
	if every == 0 {
		every = 1500 * time.Millisecond
	}
	if r.Pause != nil {
		return r.Pause(ctx, every)
	}
	return scan.Pause(ctx, every)
}

// scan runs the device. A try is silent until something really moves.
func (r *run) scan(ctx context.Context, try bool) error {
	offset := r.pages
	r.held = nil
	return r.session.Scan(ctx, r.set, func(e scan.Event) error {
		if e.N > 0 {
			e.N += offset
		}
		if e.Page != nil {
			moved := *e.Page
			moved.N = e.N
			e.Page = &moved
		}
		if try && e.Kind != scan.Received && e.Kind != scan.Progress {
			r.held = append(r.held, Event{Event: e})
			return nil
		}
		try = false
		for _, h := range r.held {
			if err := r.tell(h); err != nil {
				return err
			}
		}
		r.held = nil
		if err := r.tell(Event{Event: e}); err != nil {
			return err
		}
		if e.Page != nil {
			r.pages += e.Page.Sides()
		}
		return nil
	})
}
