package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"image"
	"time"

	"schalter/data/intake"
	"schalter/data/letter"
	"schalter/data/page"
	"schalter/data/page/code"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/profile"
	"schalter/data/sorting"
	"schalter/ui/capture"
	"schalter/ui/casefile"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/pageview"
	"schalter/ui/stack"
	"schalter/ui/tray"
)

// newRoom makes the desk's tray, one for each unlocked store.
func (d *door) newRoom(h *house, l *line, words *reading) *stack.Room {
	r := stack.New(stack.Needs{
		Clock: record.SystemClock, Run: control.Background(d.ctx),
		Do: d.show, User: h.user, Store: h.store, Forms: l.forms(), Blobs: h.blobs,
		Scanner: stacker{words.attend(loose{scanner{h.scanners()}}), h.scanners()}, Reader: pages{h},
		Binder: &intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter " + version, Words: words.Words},
		Filed:  l.Wake,
	})
	d.mu.Lock()
	d.room = r
	d.mu.Unlock()
	return r
}

// thrownAway is how long scanned pages can be taken back that were thrown away.
const thrownAway = 30 * 24 * time.Hour

// release lets go of scanned pages that were thrown away long ago, and deletes their files, which nothing else speaks
// of. It runs before anybody can store files.
func (h *house) release(ctx context.Context, now time.Time) error {
	return h.store.ReleaseTray(ctx, now.Add(-thrownAway), h.blobs.Remove)
}

// pages gives the case file what it scans and puts pages in order with.
func (d *door) pages(h *house, l *line, room *stack.Room) func(desk.Host, *casefile.Needs) {
	pics := &pictures{house: h, line: l, door: d}
	return func(host desk.Host, n *casefile.Needs) {
		n.Room, n.Pictures, n.Apart, n.Do, n.Keys = room, pics, pics.Apart, d.show, host.Keys
	}
}

// tray makes the screen "Unsortiert".
func (d *door) tray(host desk.Host, h *house, l *line, p printer, room *stack.Room) desk.Tray {
	return tray.New(tray.Needs{
		Texts: host.Texts, Clock: host.Clock, Run: host.Run, Do: d.show, Canvas: host.Window.Canvas(), Keys: host.Keys, User: h.user,
		Store: h.store, Room: room, Pictures: pages{h},
		Paper: pageview.New(host.Texts, func(f func()) { go f() }, d.show),
		Open: func(o record.Original) pageview.Open {
			return open(h, l, d.paper, record.Document{Shown: o.Blob, MediaType: o.MediaType})
		},
		OpenCase: host.OpenCase, PrintSeparators: p.PrintSeparators,
	})
}

// stacker gives the tray the desk's scanners.
type stacker struct {
	scanner capture.Scanner
	devices *devices
}

// Profiles lists the ways to scan in the order of the book, so that one key means the same everywhere.
func (s stacker) Profiles(lang string) []stack.Profile {
	all := s.devices.book().Profiles
	out := make([]stack.Profile, len(all))
	for i, p := range all {
		label := s.devices.label(p)
		out[i] = stack.Profile{
			ID: p.ID, Label: cmp.Or(label[lang], label["de"], p.ID), Duplex: p.Settings.Source == scan.Duplex,
			Sorts: p.Goes == profile.GoesSort, Single: p.Settings.Source == scan.Flatbed,
		}
	}
	return out
}

// Scan runs a profile.
func (s stacker) Scan(ctx context.Context, id string, sink func(stack.Event) error) error {
	kinds := map[capture.ScanKind]stack.EventKind{
		capture.ScanPage: stack.Received, capture.ScanWarning: stack.Warning, capture.ScanDone: stack.Done,
		capture.ScanTurn: stack.Turn, capture.ScanWait: stack.Wait,
	}
	return s.scanner.Scan(ctx, id, func(e capture.ScanEvent) error {
		return sink(stack.Event{
			Kind: kinds[e.Kind], Page: e.Page, Name: e.Name, MediaType: e.MediaType, Data: e.Data, DPI: e.DPI,
			Trouble: e.Trouble, Device: e.Device, Settings: e.Settings, Order: e.Order,
		})
	})
}

// pages looks at stored pages.
type pages struct{ house *house }

// maxPage bounds one stored page image, in bytes.
const maxPage = 256 << 20

func (p pages) decode(o record.Original) (image.Image, error) {
	b, err := p.house.blobs.ReadAll(o.Blob.Hash, maxPage)
	if err != nil {
		return nil, err
	}
	return page.Decode(b)
}

// Read looks for codes, and whether the page is empty and how it lies.
func (p pages) Read(ctx context.Context, o record.Original, dpi int) (stack.Seen, error) {
	m, err := p.decode(o)
	if err != nil {
		return stack.Seen{}, err
	}
	found, err := code.Read(ctx, m, code.Options{DPI: dpi})
	if err != nil {
		return stack.Seen{}, err
	}
	look := page.Look(m, dpi)
	return stack.Seen{Codes: found.Texts(), Lost: found.Lost(), Blank: look.Blank, Skew: look.Skew}, nil
}

// Draw draws a page small.
func (p pages) Draw(_ context.Context, o record.Original, _, size int) (*image.RGBA, error) {
	m, err := p.decode(o)
	if err != nil {
		return nil, err
	}
	return page.Small(m, size), nil
}

// separators is how many sheets are printed at once: they are used again and again.
const separators = 5

// PrintSeparators prints sheets to lay between two documents of a case. They belong to no case, so nothing is
// noted.
func (p printer) PrintSeparators(ctx context.Context, lang string) (record.Way, error) {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	s := letter.Separator{Lang: lang, Authority: id.Authority, Office: sorting.Authority(id), Made: record.SystemClock()}
	if err := letter.WriteSeparators(&b, separators, s); err != nil {
		return "", err
	}
	return p.give(ctx, b.Bytes(), "Schalter")
}

// covers are the cover sheets of cases: of each as a whole, or one for every proof that it lacks.
func (p printer) covers(ctx context.Context, cases []record.Case, each bool, lang string) (out []letter.Cover, err error) {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	now := record.SystemClock()
	for _, c := range cases {
		f, err := p.forms.Get(c.Form)
		if err != nil && record.CodeOf(err) != record.CodeFormUnknown {
			return nil, err
		}
		proofs := []string{""}
		if lacking := letter.Lacking(c, f, now); each && len(lacking) > 0 {
			proofs = lacking
		}
		for _, proof := range proofs {
			out = append(out, letter.CoverOf(c, f, proof, id, now, lang))
		}
	}
	return out, nil
}

// PrintCover prints the cover sheets of cases, to be laid before their papers when these are scanned in one stack
// with others.
func (p printer) PrintCover(ctx context.Context, cases []record.Case, lang string) (record.Way, error) {
	return p.printCovers(ctx, cases, false, lang)
}

// PrintProofCovers prints a cover sheet for every proof that a case lacks; one of the case where it lacks none.
func (p printer) PrintProofCovers(ctx context.Context, c record.Case, lang string) (record.Way, error) {
	return p.printCovers(ctx, []record.Case{c}, true, lang)
}

func (p printer) printCovers(ctx context.Context, cases []record.Case, each bool, lang string) (record.Way, error) {
	if len(cases) == 0 {
		return "", errors.New("no case to print a cover sheet for")
	}
	all, err := p.covers(ctx, cases, each, lang)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := letter.WriteCovers(&b, all...); err != nil {
		return "", err
	}
	return p.hand(ctx, b.Bytes(), "cover", cases...)
}
