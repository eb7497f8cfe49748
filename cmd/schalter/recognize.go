package main

import (
	"context"
	"image"
	"io"
	"runtime/debug"
	"sync/atomic"

	"schalter/data/intake"
	"schalter/data/page/ocr"
	"schalter/data/pdf/preview"
	"schalter/data/recognize"
	"schalter/data/record"
	"schalter/ui/capture"
)

// reading is the queue that finds the words on scans, and what it shares with the screens.
type reading struct {
	*recognize.Queue
	screen atomic.Pointer[capture.Screen] // that has drafts open; nil before there is one
}

// read begins to find words. It ends with the line.
func (d *door) read(h *house, l *line) *reading {
	r := &reading{}
	r.Queue = recognize.New(recognize.Config{
		Store: h.store, Blobs: h.blobs, Engine: &ocr.Engine{}, Viewer: drawer{h}, Tray: h.store,
		Binder: &intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter " + version, Words: recognize.Words(h.store)},
		User:   func() string { return h.user },
		Fresh:  func() bool { return l.Link().Online },
		// The picture that a page was decoded from goes back to the system before the page is read, which takes
		// seconds: it may be as much as the rest of the desk.
		Freed: debug.FreeOSMemory,
		Draft: func(ctx context.Context, draft record.ID, of record.Hash, doc record.Document) bool {
			return d.hear(ctx, r.screen.Load(), draft, of, doc)
		},
	})
	l.done.Go(func() { r.Run(l.ctx) })
	return r
}

// hear asks the capture screen, on its goroutine, to take a document's words.
func (d *door) hear(ctx context.Context, s *capture.Screen, draft record.ID, of record.Hash, doc record.Document) bool {
	if s == nil {
		return false
	}
	took := make(chan bool, 1)
	d.show(func() { took <- s.Model().Recognized(draft, of, doc) })
	select {
	case ok := <-took:
		return ok
	case <-ctx.Done():
		return true // the program ends: what was read is found again at the next start
	}
}

// attend keeps pages from being read while paper is scanned.
func (r *reading) attend(s capture.Scanner) capture.Scanner { return attended{s, r} }

type attended struct {
	capture.Scanner
	reading *reading
}

func (a attended) Scan(ctx context.Context, profile string, sink func(capture.ScanEvent) error) error {
	release := a.reading.Hold()
	defer release()
	return a.Scanner.Scan(ctx, profile, sink)
}

// drawer draws the pages of imported files in a helper of their own, so that no clerk waits for it.
type drawer struct{ house *house }

// OpenPages opens a stored file.
func (d drawer) OpenPages(ctx context.Context, file record.BlobRef, mediaType string) (recognize.Pages, error) {
	r := preview.New(preview.Options{CacheBytes: 1})
	doc, err := r.OpenFile(ctx, preview.File{
		Key: string(file.Hash), Size: file.Size, Open: func() (io.ReadCloser, error) { return d.house.blobs.Open(file.Hash) },
	}, mediaType, "")
	if err != nil {
		r.Close()
		return nil, err
	}
	return drawn{doc, r}, nil
}

type drawn struct {
	doc      *preview.Document
	renderer *preview.Renderer
}

func (d drawn) Render(ctx context.Context, page int, dpi float64) (image.Image, error) {
	return d.doc.Gray(ctx, page, dpi, 0)
}

func (d drawn) Text(ctx context.Context, page int) (string, error) { return d.doc.Text(ctx, page) }

func (d drawn) Close() {
	d.doc.Close()
	d.renderer.Close()
}
