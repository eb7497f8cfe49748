package main

import (
	"context"
	"io"

	"schalter/data/intake"
	"schalter/data/office"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/casefile"
	"schalter/ui/desk"
	"schalter/ui/pageview"
)

// services is what an unlocked window works with.
func (d *door) services(h *house, l *line) *desk.Services {
	p := printer{house: h, forms: l.forms()}
	words := d.read(h, l)
	room := d.newRoom(h, l, words)
	s := &desk.Services{
		User: h.user, Store: h.store, Forms: l.forms(), Line: l, Printer: p,
		Save: func(host desk.Host, name string, chosen func(io.WriteCloser, error)) {
			newDialogs(host).Save(name, chosen)
		},
		Folder:     func(host desk.Host, chosen func(string, error)) { newDialogs(host).Folder(chosen) },
		Renditions: renditions{printer: p, line: l, paper: d.paper},
		Enrol:      l.enrol, Reader: words,
		Paper: func(host desk.Host, doc record.Document, page int) casefile.Paper {
			v := pageview.New(host.Texts, func(f func()) { go f() }, d.show)
			v.ShowAt(open(h, l, d.paper, doc), page-1) // hits count pages from 1
			return v
		},
	}
	s.Add, s.Pages = d.adding(h), d.pages(h, l, room)
	s.Capture = func(host desk.Host) desk.Capture { return d.capture(host, h, l, p, words) }
	s.Admin = func(host desk.Host) desk.Admin { return d.admin(host, h, l, p) }
	s.Tray = func(host desk.Host) desk.Tray { return d.tray(host, h, l, p, room) }
	s.Checks = func(host desk.Host) desk.Screen { return d.checks(host, h, l, p) }
	s.Scanners = func(host desk.Host) desk.Screen { return d.scanners(host, h) }
	s.Buttons = h.scanners().listen
	return s
}

// previews opens stored papers for the capture screen.
type previews struct {
	house *house
	line  *line
	door  *door
}

func (p previews) Open(ctx context.Context, ref record.BlobRef, mediaType, password string) (pageview.Document, error) {
	return open(p.house, p.line, p.door.paper, record.Document{Shown: ref, MediaType: mediaType})(ctx, password)
}

func (d *door) capture(host desk.Host, h *house, l *line, p printer, words *reading) desk.Capture {
	c := counter{&intake.Intake{Blobs: h.blobs, Viewer: viewer{d.paper}, Clock: record.SystemClock, Producer: "Schalter " + version, Words: words.Words, Office: office.Converter{}}}
	pics := &pictures{house: h, line: l, door: d}
	deps := capture.Deps{
		Texts: host.Texts, Store: h.store, Forms: l.forms(), Blobs: h.blobs, Binder: c, Importer: c, Printer: p,
		Preview: previews{h, l, d}, Pictures: pics, Apart: pics.Apart, Clipboard: copied, Places: h.store.Places, Files: newDialogs(host), File: source, Run: capture.DefaultRuntime(record.SystemClock, d.show),
		User: func() string { return h.user },
		Office: func() string {
			id, err := h.store.Identity(d.ctx)
			if err != nil {
				return ""
			}
			return id.Office
		},
		Parties: h.store, Bookings: h.store, Keys: host.Keys, OpenCase: host.OpenCase,
		Blank:     p.PrintBlank,
		Cover:     p.PrintCover,
		Leave:     host.Leave,
		Submitted: func(record.Case) { l.Wake() },
	}
	deps.Scanner = words.attend(scanner{h.scanners()})
	screen := capture.New(deps)
	words.screen.Store(screen)
	return screen
}
