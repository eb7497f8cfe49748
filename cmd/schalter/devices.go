package main

import (
	"context"
	"fmt"
	"sync"

	"schalter/assets"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
	"schalter/ui/capture"
	"schalter/ui/i18n"
)

// scanner gives the capture screen the desk's scanner.
type scanner struct {
	driver scan.Driver

	mu     sync.Mutex
	device string // the one that answered last; looking for it again costs seconds
}

// Profiles lists the ways to scan.
func (s *scanner) Profiles() []capture.Profile {
	var out []capture.Profile
	for _, p := range profile.Defaults() {
		label := map[string]string{}
		for _, lang := range i18n.Languages(assets.Files) {
			if t, err := i18n.Load(assets.Files, lang); err == nil {
				label[lang] = t.T("scan.profile." + p.ID)
			}
		}
		out = append(out, capture.Profile{ID: p.ID, Label: label})
	}
	return out
}

// Scan runs a profile on the first device that answers.
func (s *scanner) Scan(ctx context.Context, id string, sink func(capture.ScanEvent) error) error {
	all := profile.Defaults()
	settings := all[0].Settings
	for _, p := range all {
		if p.ID == id {
			settings = p.Settings
		}
	}
	session, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }() // every page was handed over
	if err := session.Scan(ctx, settings, func(e scan.Event) error { return sink(event(e)) }); err != nil {
		return err
	}
	return sink(capture.ScanEvent{Kind: capture.ScanDone})
}

func (s *scanner) open(ctx context.Context) (scan.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.device != "" {
		if session, err := s.driver.Open(ctx, s.device); err == nil {
			return session, nil
		}
		s.device = ""
	}
	devices, err := s.driver.Discover(ctx)
	if err != nil {
		return nil, err
	}
	if len(devices) == 0 {
		return nil, record.E(record.CodeScanNoDevice, nil)
	}
	session, err := s.driver.Open(ctx, devices[0].ID)
	if err == nil {
		s.device = devices[0].ID
	}
	return session, err
}

func event(e scan.Event) capture.ScanEvent {
	out := capture.ScanEvent{Page: e.N, Percent: e.Percent}
	switch e.Kind {
	case scan.Started:
		out.Kind = capture.ScanStarted
	case scan.Progress:
		out.Kind = capture.ScanProgress
	case scan.Warning:
		out.Kind = capture.ScanWarning
		out.Trouble = record.E(e.Code, nil)
	case scan.Received:
		out.Kind = capture.ScanPage
		out.MediaType, out.Data, out.DPI = e.Page.MediaType, e.Page.Data, e.Page.DPI
		ext := "jpg"
		if e.Page.MediaType == "image/png" {
			ext = "png"
		}
		out.Name = fmt.Sprintf("seite-%03d.%s", e.N, ext)
	}
	return out
}
