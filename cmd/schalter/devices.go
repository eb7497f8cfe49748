package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"schalter/assets"
	"schalter/data/pdf"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/button"
	"schalter/data/scan/escl"
	"schalter/data/scan/fleet"
	"schalter/data/scan/folder"
	"schalter/data/scan/job"
	"schalter/data/scan/profile"
	"schalter/ui/capture"
	"schalter/ui/desk"
	"schalter/ui/i18n"
)

// The drivers' names in the ids of devices.
const (
	byNetwork = "escl"
	byFolder  = "folder"
)

// devices are the scanners of a desk: every way to reach them, and what the store remembers of them.
type devices struct {
	shelf *profile.Shelf
	fleet *fleet.Fleet
	net   *escl.Driver
	panel *button.Watch          // of buttons on devices
	words map[string]*i18n.Texts // by language, for the profiles that came with the program

	mu     sync.Mutex
	labels map[string]map[string]string // of those profiles, by id and language
}

// newDevices makes the scanners of an unlocked house.
func newDevices(h *house) *devices {
	d := &devices{shelf: profile.New(h.store), words: map[string]*i18n.Texts{}, labels: map[string]map[string]string{}}
	for _, lang := range i18n.Languages(assets.Files) {
		if t, err := i18n.Load(assets.Files, lang); err == nil {
			d.words[lang] = t
		}
	}
	d.net = escl.New(escl.Options{Trust: d, Typed: func() []string { return d.book().Addresses }, Document: pdf.Scanned})
	watched := &folder.Driver{
		Folders: func() []string { return d.book().Folders },
		Known: func(ctx context.Context, hash record.Hash) (bool, error) {
			places, err := h.store.Places(ctx, hash)
			return len(places) > 0, err
		},
	}
	d.fleet = &fleet.Fleet{Members: append(systemDrivers(), fleet.Member{Name: byNetwork, Driver: d.net}, fleet.Member{Name: byFolder, Driver: watched})}
	d.panel = &button.Watch{Driver: d.fleet, Bound: func() []profile.Button { return d.book().Buttons }}
	return d
}

// book is what the store remembers; drivers ask for it where no call is under way. Where it cannot be read, the
// defaults do.
func (d *devices) book() profile.Book {
	b, err := d.shelf.Book(context.Background())
	if err != nil {
		return profile.Book{Profiles: profile.Defaults()}
	}
	return b
}

// Known is the certificate that was confirmed for a device of the network.
func (d *devices) Known(device string) (fingerprint string, ok bool) {
	fingerprint, ok = d.book().Certificates[device]
	return fingerprint, ok
}

// label is a profile's name by language.
func (d *devices) label(p profile.Profile) map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := maps.Clone(d.labels[p.ID])
	if out == nil {
		out = map[string]string{}
		for lang, t := range d.words {
			out[lang] = t.T("scan.profile." + p.ID)
		}
		d.labels[p.ID] = maps.Clone(out)
	}
	if p.Name != "" {
		for lang := range out {
			out[lang] = p.Name
		}
	}
	return out
}

// scanner gives the capture screen the desk's scanners.
type scanner struct{ *devices }

// Profiles lists the ways to scan into a draft. The first is the one on F2. Those for stacks that are sorted by
// their cover sheets belong to the tray.
func (s scanner) Profiles() []capture.Profile {
	var out []capture.Profile
	for _, p := range s.book().Profiles {
		if p.Goes == profile.GoesSort {
			continue
		}
		out = append(out, capture.Profile{ID: p.ID, Label: s.label(p), Unmarked: p.NoBlank})
	}
	return out
}

// Scan runs a profile.
func (s scanner) Scan(ctx context.Context, id string, sink func(capture.ScanEvent) error) error {
	return s.run(ctx, s.book().Profile(id), sink)
}

// loose gives pages one by one: a device that has only whole documents draws in no paper.
type loose struct{ scanner }

// Scan runs a profile.
func (s loose) Scan(ctx context.Context, id string, sink func(capture.ScanEvent) error) error {
	p := s.book().Profile(id)
	p.Settings.Pictures = true
	return s.run(ctx, p, sink)
}

func (s scanner) run(ctx context.Context, p profile.Profile, sink func(capture.ScanEvent) error) error {
	defer s.panel.Hold(ctx)() // a device does one thing at a time
	j := &job.Job{
		Driver: s.fleet, Last: s.book().Last,
		Used: s.used,
		Sink: func(e job.Event) error { return sink(event(e)) },
	}
	return j.Run(ctx, p)
}

// used notes the scanner that was used last, which only saves looking for it the next time. Folders are taken
// where a profile names them, and by no other.
func (d *devices) used(x scan.Device) {
	if member, _ := fleet.Split(x.ID); member != byFolder {
		_ = d.shelf.Used(context.Background(), x)
	}
}

// listen tells of pressed buttons until ctx ends. A profile for no device in particular takes the one whose button
// it was: that counts as the one used last from then on.
func (d *devices) listen(ctx context.Context, pressed func(desk.Press)) {
	d.panel.Pressed = func(x profile.Button) {
		b := d.book()
		p, ok := b.Bound(x.Device, x.Name)
		if !ok {
			return
		}
		if p.Device == "" && b.Last.ID != x.Device {
			d.used(scan.Device{ID: x.Device, Model: x.Called})
		}
		pressed(desk.Press{Profile: p.ID, Sorts: p.Goes == profile.GoesSort})
	}
	d.panel.Run(ctx)
}

func event(e job.Event) capture.ScanEvent {
	out := capture.ScanEvent{Device: e.Device, Settings: e.Settings}
	switch e.Step {
	case job.Waiting:
		out.Kind = capture.ScanWait
	case job.Turning:
		out.Kind = capture.ScanTurn
	case job.Done:
		out.Kind, out.Order = capture.ScanDone, e.Order
	case job.Scanning:
		moment(&out, e.Event)
	}
	return out
}

// moment fills in what a device told.
func moment(out *capture.ScanEvent, e scan.Event) {
	out.Page, out.Percent = e.N, e.Percent
	switch e.Kind {
	case scan.Started:
		out.Kind = capture.ScanStarted
	case scan.Progress:
		out.Kind = capture.ScanProgress
	case scan.Warning:
		out.Kind, out.Trouble = capture.ScanWarning, &record.Error{Code: e.Code, Args: e.Args}
	case scan.Received:
		out.Kind, out.MediaType, out.Data, out.DPI, out.Name = capture.ScanPage, e.Page.MediaType, e.Page.Data, e.Page.DPI, e.Page.Name
		out.Pages = e.Page.Pages
		if out.Name == "" {
			_, kind, _ := strings.Cut(e.Page.MediaType, "/")
			numbers := fmt.Sprintf("seite-%03d", e.N)
			if last := e.N + e.Page.Sides() - 1; last > e.N {
				numbers = fmt.Sprintf("seiten-%03d-%03d", e.N, last)
			}
			out.Name = numbers + "." + strings.Replace(kind, "jpeg", "jpg", 1)
		}
	}
}
