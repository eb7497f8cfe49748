package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"time"

	"schalter/data/letter"
	"schalter/data/record"
	"schalter/data/scan/profile"
	"schalter/data/transfer"
	"schalter/ui/checks"
	"schalter/ui/desk"
	"schalter/ui/pageview"
)

// checksDesk is what the window's second person's check knows and does.
type checksDesk struct {
	renditions
	shelf *profile.Shelf // who administers the desk: the PIN is the one of the scanners
	wake  func()
}

// checks makes the screen "Prüfen".
func (d *door) checks(host desk.Host, h *house, l *line, p printer) desk.Screen {
	return checks.New(checks.Needs{
		Texts: host.Texts, Clock: host.Clock, Run: host.Run, Do: d.show, Canvas: host.Window.Canvas(), Keys: host.Keys, User: h.user,
		Office: checksDesk{renditions{printer: p, line: l, paper: d.paper}, h.scanners().shelf, l.Wake},
		Paper: func(turned func()) checks.Paper {
			v := pageview.New(host.Texts, func(f func()) { go f() }, d.show)
			v.OnPage = func(int, int) { turned() }
			v.OnStatus = func(pageview.Status) { turned() }
			return v
		},
		Open: func(doc record.Document) pageview.Open { return open(h, l, d.paper, doc) },
		Original: func(o record.Original) pageview.Open {
			return open(h, l, d.paper, record.Document{Shown: o.Blob, MediaType: o.MediaType})
		},
		OpenCase: host.OpenCase,
	})
}

// Checks reads a list of scans.
func (c checksDesk) Checks(ctx context.Context, v record.CheckView, offset, limit int) ([]record.CheckRow, int, error) {
	return c.house.store.Checks(ctx, v, offset, limit)
}

// Check records what was found. Whoever finds a scan good needs its originals: every byte of them is read before.
func (c checksDesk) Check(ctx context.Context, seen record.CheckRow, found record.DocumentChecked) error {
	if found.OK {
		ctx, cancel := context.WithTimeout(ctx, fetching)
		defer cancel()
		err := transfer.VerifyFiles(seen.Document, func(h record.Hash) (io.ReadCloser, error) {
			if _, err := fetched(ctx, c.house, c.line, h); err != nil {
				return nil, err
			}
			return c.house.blobs.Open(h)
		})
		if err != nil && transfer.Verify(seen.Document) == nil {
			return record.E(record.CodeCheckOriginal, err, "title", seen.Document.Title)
		}
	}
	if err := c.house.store.CheckScan(ctx, seen.Case, c.house.user, seen.Document, found); err != nil {
		return err
	}
	c.wake()
	return nil
}

// fetching is how long a check waits for originals that have not come from the centre yet.
const fetching = 20 * time.Second

// Share is the share of scans that is drawn, and whether changing it needs the PIN of the desk's administration.
func (c checksDesk) Share(ctx context.Context) (percent int, locked bool, err error) {
	if percent, err = c.house.store.SampleShare(ctx); err != nil {
		return 0, false, err
	}
	b, err := c.shelf.Book(ctx)
	return percent, b.Lock != nil, err
}

// SetShare changes the share.
func (c checksDesk) SetShare(ctx context.Context, pin string, percent int) error {
	b, err := c.shelf.Book(ctx)
	if err != nil {
		return err
	}
	if b.Lock != nil && !b.Lock.Opens(pin) {
		return record.E(record.CodeProfilePIN, nil)
	}
	return c.house.store.SetSampleShare(ctx, percent)
}

// listedFree is how many papers one list names: what one person can carry and tick off.
const listedFree = 500

// PrintFree prints which papers may be destroyed, the oldest first, with room for who did it.
func (c checksDesk) PrintFree(ctx context.Context) (record.Way, error) {
	var b bytes.Buffer
	if err := c.free(ctx, &b); err != nil {
		return "", err
	}
	return c.give(ctx, b.Bytes(), "Schalter")
}

func (c checksDesk) free(ctx context.Context, w io.Writer) error {
	p, t, err := c.press(ctx)
	if err != nil {
		return err
	}
	rows, total, err := c.house.store.Checks(ctx, record.CheckFree, 0, listedFree)
	if err != nil {
		return err
	}
	how := letter.AccountPart{Rows: []letter.AccountRow{{Text: t.T("checks.free.how")}}}
	if total > len(rows) {
		how.Rows = append(how.Rows, letter.AccountRow{Text: t.T("checks.free.first", "count", len(rows))})
	}
	var part letter.AccountPart
	for _, r := range rows {
		d := r.Document
		text := []string{
			d.Title, r.Number + ", " + t.N("pages", d.Pages),
			t.T("checks.scanned", "user", d.Transfer.User, "when", t.DateTime(d.Transfer.Time)),
		}
		for _, k := range d.Checks {
			if k.OK && transfer.Shows(d, k.Of) && transfer.Other(k.User, d.Transfer.User) {
				text = append(text, t.T("checks.free.checked", "user", k.User, "when", t.DateTime(k.Time)))
			}
		}
		text = append(text, t.T("checks.free.done")+" ____________________")
		part.Rows = append(part.Rows, letter.AccountRow{Label: t.Date(d.Transfer.Time), Text: strings.Join(text, "\n")})
	}
	return letter.WriteAccount(w, letter.Account{
		Lang: t.Lang(), Authority: p.Authority, Title: t.T("checks.free.title"), Subject: t.N("checks.free.subject", total), Made: p.Made,
		Parts: []letter.AccountPart{how, part},
	})
}
