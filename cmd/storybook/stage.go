package main

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	capture "schalter/ui/capture/sample"
	"schalter/ui/casefile"
	second "schalter/ui/checks/sample"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/pageview"
	"schalter/ui/sample"
	office "schalter/ui/scanners/sample"
	sorted "schalter/ui/tray/sample"
)

// stage is a desk with the sample town hall behind it, whose background work runs at once.
type stage struct {
	desk  *desk.Desk
	store *sample.Store
	line  *sample.Line
	door  *door
	size  fyne.Size

	state   capture.State // what the capture screen shows
	capture captureScreen
	reading bool           // papers have words on them
	paper   *pageview.View // shown last
	devices *office.Office // the scanners
	stacks  *sorted.Office // the tray
	scans   *second.Office // that wait for a second person
}

// door lets everybody in with the passphrase "schalter".
type door struct {
	fresh  bool
	broken error
	svc    *desk.Services
}

func (d *door) Fresh() bool { return d.fresh }
func (d *door) Users() ([]string, error) {
	if d.broken != nil {
		return nil, d.broken
	}
	return []string{sample.User, "S. Braun"}, nil
}

func (d *door) Create(context.Context, string, string) (*desk.Services, error) { return d.svc, nil }

func (d *door) Unlock(_ context.Context, _, pass string) (*desk.Services, error) {
	if pass != "schalter" {
		return nil, record.E(record.CodeWrongPassphrase, nil)
	}
	return d.svc, nil
}

func (d *door) Lock(context.Context) error { return nil }

type printer struct{}

func (printer) PrintConfirmation(context.Context, []record.Case, string) (record.Way, error) {
	return record.WayPrinted, nil
}

func (printer) WriteConfirmation(context.Context, io.Writer, []record.Case, string) error { return nil }

func (printer) PrintMissing(context.Context, []record.Case, []string) (record.Way, error) {
	return record.WayPrinted, nil
}

func (printer) Languages() []string { return []string{"de", "en"} }

func newStage(app fyne.App, lib *form.Library, lang string, size fyne.Size) (*stage, error) {
	s := &stage{store: sample.New(lib, 0), line: sample.Offline(), size: size, devices: office.New()}
	s.door = &door{svc: &desk.Services{
		User: sample.User, Store: s.store, Forms: lib, Line: s.line, Printer: printer{}, Save: func(desk.Host, string, func(io.WriteCloser, error)) {},
		Folder: func(desk.Host, func(string, error)) {},
		Enrol:  func(context.Context, string) error { return nil }, Renditions: renditions{},
		Paper: func(h desk.Host, d record.Document, _ int) casefile.Paper {
			s.paper = newPaper(h.Texts, d, s.reading)
			return s.paper
		},
		Admin:    func(h desk.Host) desk.Admin { return newAdmin(h, lib) },
		Tray:     func(h desk.Host) desk.Tray { return newTray(h, lib, s.stacks) },
		Checks:   func(h desk.Host) desk.Screen { return newChecks(h, s.scans) },
		Scanners: func(h desk.Host) desk.Screen { return newScanners(h, s.devices) },
		Capture: func(h desk.Host) desk.Capture {
			c := newCapture(h, lib, s.state)
			s.capture = c
			return c
		},
	}}
	s.door.svc.Pages = pagesOf(s, lib)
	s.stacks = sorted.New(s.store, false)
	s.scans = second.New(false)
	var err error
	s.desk, err = desk.New(app, desk.Options{Files: assets.Files, Clock: sample.Clock, Door: s.door, Run: control.Inline, Version: "0.1.0", Lang: lang, Still: true})
	if err != nil {
		return nil, err
	}
	s.desk.Window().Resize(size)
	return s, nil
}

// settle lays everything out as often as paragraphs need to find their height.
func (s *stage) settle() {
	for range 3 {
		s.desk.Window().Resize(s.size)
		if o := s.desk.Window().Canvas().Overlays().Top(); o != nil {
			o.Refresh()
		}
		if s.capture.Desk != nil {
			s.capture.Settle()
		}
	}
}

func (s *stage) close() { _ = s.desk.Close(context.Background()) }

// open unlocks the desk.
func (s *stage) open() {
	s.desk.Start(context.Background())
	s.settle()
	s.typed("schalter")
	s.key(fyne.KeyReturn)
	s.settle()
}

func (s *stage) typed(text string) {
	for _, r := range text {
		if f := s.desk.Window().Canvas().Focused(); f != nil {
			f.TypedRune(r)
		}
	}
}

// key types a key as the driver would.
func (s *stage) key(k fyne.KeyName) {
	c := s.desk.Window().Canvas()
	if f := c.Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: k})
		return
	}
	if f := c.OnTypedKey(); f != nil {
		f(&fyne.KeyEvent{Name: k})
	}
}

// combo types a key with Control or Alt held.
func (s *stage) combo(k fyne.KeyName, m fyne.KeyModifier) {
	if f, ok := s.desk.Window().Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: m})
	}
}
