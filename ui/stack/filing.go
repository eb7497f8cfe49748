package stack

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/ui/i18n"
)

// Filed is a group that was filed, so that it can be taken back.
type Filed struct {
	Item     Item
	Document record.Document
}

// File makes a document of a group and files it in the group's case, in one step with the end of its pages in the
// tray. What cannot be filed stays where it is.
func (r *Room) File(ctx context.Context, t *i18n.Texts, i Item) (Filed, error) {
	d := r.Document(t, i)
	var err error
	if d.Shown, d.Pages, err = r.Binder.Bind(ctx, d); err != nil {
		return Filed{}, err
	}
	err = r.Store.FileTray(ctx, i.Pages(), record.Edit{
		Case: i.Known.ID, Kind: record.KindDocument, User: r.User, Payload: record.DocumentAdded{Document: d},
	})
	if err == nil && r.Filed != nil {
		r.Filed()
	}
	return Filed{i, d}, err
}

// Unfile takes a filing back: the document goes into the case's trash, the pages come back.
func (r *Room) Unfile(ctx context.Context, t *i18n.Texts, f Filed) error {
	err := r.Store.UnfileTray(ctx, f.Item.Stack, f.Item.IDs(), record.Edit{
		Case: f.Item.Known.ID, Kind: record.KindTrash, User: r.User,
		Payload: record.DocumentTrashed{Document: f.Document.ID, Reason: t.T("tray.unfiled.reason")},
	})
	if err == nil && r.Filed != nil {
		r.Filed()
	}
	return err
}

// Document is the document that a group makes. All its pages are originals, the sheets with codes too; these are
// only not shown. Nothing is bound yet.
func (r *Room) Document(t *i18n.Texts, i Item) record.Document {
	now := r.Clock()
	d := record.Document{
		ID: record.NewID(), Title: Title(t, i.ProofLabel(), now), Proof: i.Proof, Source: record.SourceScan, MediaType: "application/pdf", Made: now, User: r.User,
	}
	note := record.Transfer{
		Time: now, User: r.User, Device: i.Stack.Device, Settings: i.Stack.Settings, Pages: len(i.Leaves), Anomalies: anomalies(i), Match: i.Match(),
	}
	for n, l := range i.Leaves {
		p := l.Page
		d.Originals = append(d.Originals, p.Original)
		d.Sheets = append(d.Sheets, p.Sheet(n, l.Out()))
		note.Originals = append(note.Originals, p.Original.Blob.Hash)
		if l.Out() {
			note.Out++
		}
		if p.Blank {
			note.Blank = append(note.Blank, n+1)
		}
	}
	d.Transfer = &note
	return d
}

// anomalies are those of the stack that are of the group's pages, by their places in the document, or of none.
func anomalies(i Item) (out []string) {
	for _, a := range i.Stack.Anomalies {
		code, side, _ := strings.Cut(a, ":")
		n, err := strconv.Atoi(side)
		if err != nil {
			out = append(out, a)
			continue
		}
		for at, l := range i.Leaves {
			if l.Page.N == n-1 {
				out = append(out, fmt.Sprintf("%s:%d", code, at+1))
			}
		}
	}
	return out
}

// Title is what a scanned paper is called: the proof it is, or when it came.
func Title(t *i18n.Texts, proof string, now time.Time) string {
	if proof != "" {
		return proof
	}
	return t.T("tray.document", "date", t.DateText(now.Format(time.DateOnly)))
}
