package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl"
	"schalter/data/scan/fleet"
	"schalter/data/scan/job"
	"schalter/data/scan/profile"
	"schalter/ui/desk"
	"schalter/ui/scanners"
)

// scannersDesk is what the window's administration of scanners knows and does.
type scannersDesk struct{ *devices }

// scanners makes the screen.
func (d *door) scanners(host desk.Host, h *house) desk.Screen {
	return scanners.New(scanners.Needs{
		Texts: host.Texts, Clock: host.Clock, Run: host.Run, Do: d.show, Canvas: host.Window.Canvas(), Keys: host.Keys,
		Office: scannersDesk{h.scanners()}, Choose: newDialogs(host).Folder, Rebind: host.Refresh,
	})
}

// Book is what the store remembers.
func (s scannersDesk) Book(ctx context.Context) (profile.Book, error) { return s.shelf.Book(ctx) }

// Change changes it.
func (s scannersDesk) Change(ctx context.Context, pin string, change func(b *profile.Book) error) error {
	return s.shelf.Change(ctx, pin, change)
}

// Look asks every driver for its devices.
func (s scannersDesk) Look(ctx context.Context, heard func(fleet.Answer)) { s.fleet.Look(ctx, heard) }

// Caps asks a device what it can do.
func (s scannersDesk) Caps(ctx context.Context, device string) (scan.Caps, error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	defer s.panel.Hold(ctx)()
	session, err := s.fleet.Open(ctx, device)
	if err != nil {
		return scan.Caps{}, err
	}
	return session.Caps(), session.Close()
}

// answering is how long a device may take to say what it can do.
const answering = 20 * time.Second

// Identify asks the device of the network at a typed address who it is.
func (s scannersDesk) Identify(ctx context.Context, address string) (scan.Device, error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	d, err := s.net.Identify(ctx, strings.TrimSpace(address))
	d.ID = fleet.ID(byNetwork, d.ID)
	return d, err
}

// Certificate finds in an error the certificate that somebody has to compare.
func (s scannersDesk) Certificate(err error) (scanners.Certificate, bool) {
	c, ok := escl.CertificateOf(err)
	return scanners.Certificate(c), ok
}

// Try scans one page, from the glass where there is one.
func (s scannersDesk) Try(ctx context.Context, device string) (*scan.Page, error) {
	caps, err := s.Caps(ctx, device)
	if err != nil {
		return nil, err
	}
	source := scan.Flatbed
	if len(caps.Sources) > 0 && !slices.Contains(caps.Sources, source) {
		source = caps.Sources[0]
	}
	mode := scan.Gray
	if len(caps.Modes) > 0 && !slices.Contains(caps.Modes, mode) {
		mode = caps.Modes[0]
	}
	defer s.panel.Hold(ctx)()
	var page *scan.Page
	j := &job.Job{Driver: s.fleet, Sink: func(e job.Event) error {
		if e.Step == job.Scanning && e.Event.Page != nil {
			page = e.Event.Page
		}
		return nil
	}}
	err = j.Run(ctx, profile.Profile{ID: "try", Device: device, Settings: scan.Settings{Source: source, Mode: mode, DPI: 150, Pages: 1}})
	if page != nil {
		return page, nil
	}
	return nil, err
}

// Folder checks a folder that is to be watched: it has to be there when it is added.
func (s scannersDesk) Folder(path string) (string, error) {
	path = strings.Trim(strings.TrimSpace(path), `"`)
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~/") {
		path = filepath.Join(home, path[2:])
	}
	full, err := filepath.Abs(path)
	if err == nil && path == "" {
		err = fs.ErrNotExist
	}
	if err != nil {
		return "", record.E(record.CodeScanFolder, err, "folder", path)
	}
	st, err := os.Stat(full)
	if err == nil && !st.IsDir() {
		err = errors.New("not a folder")
	}
	if err != nil {
		return "", record.E(record.CodeScanFolder, err, "folder", full)
	}
	return full, nil
}
