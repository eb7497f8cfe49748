package tray

import (
	"context"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/data/sorting"
)

// file files groups, one after another; what cannot be filed stays where it is.
func (m *model) file(groups []Item) {
	groups = slices.DeleteFunc(slices.Clone(groups), func(i Item) bool { return !i.Ready() })
	if len(groups) == 0 || m.filing > 0 {
		return
	}
	m.filing, m.filed = len(groups), nil
	m.changed()
	m.fileNext(groups, nil)
}

func (m *model) fileNext(groups []Item, failed error) {
	if len(groups) == 0 {
		m.fileEnd(failed)
		return
	}
	i := groups[0]
	m.n.Run(func(ctx context.Context) func() {
		doc, err := m.document(ctx, i)
		if err == nil {
			err = m.n.Store.FileTray(ctx, leavesOf(i), record.Edit{
				Case: i.Known.ID, Kind: record.KindDocument, User: m.n.User, Payload: record.DocumentAdded{Document: doc},
			})
		}
		return func() {
			m.filing--
			if err != nil {
				failed = err
			} else {
				m.filed = append(m.filed, m.unfile(i, doc.ID))
			}
			m.changed()
			m.fileNext(groups[1:], failed)
		}
	})
}

// fileEnd says how it went.
func (m *model) fileEnd(failed error) {
	if failed != nil {
		m.say(message{err: failed})
	} else {
		m.say(message{key: "tray.filed", count: len(m.filed), good: true})
	}
	if n := len(m.filed); n > 0 {
		m.undone = append(m.undone, together(m.filed))
		if m.n.Filed != nil {
			m.n.Filed()
		}
	}
	m.load()
}

// unfile is how a filing is taken back: the document goes into the case's trash, the pages come back.
func (m *model) unfile(i Item, doc record.ID) step {
	return step{key: i.Key, undo: func(ctx context.Context) error {
		err := m.n.Store.UnfileTray(ctx, i.Stack, pagesOf(i), record.Edit{
			Case: i.Known.ID, Kind: record.KindTrash, User: m.n.User,
			Payload: record.DocumentTrashed{Document: doc, Reason: m.n.Texts.T("tray.unfiled.reason")},
		})
		if err == nil && m.n.Filed != nil {
			m.n.Filed()
		}
		return err
	}}
}

// together takes back what was filed together.
func together(all []step) step {
	return step{key: all[0].key, said: message{key: "tray.unfiled", count: len(all)}, undo: func(ctx context.Context) error {
		for _, s := range slices.Backward(all) {
			if err := s.undo(ctx); err != nil {
				return err
			}
		}
		return nil
	}}
}

// document makes a document of a group and binds what is shown of it. All its pages are originals, the sheets
// with codes too; these are only not shown.
func (m *model) document(ctx context.Context, i Item) (record.Document, error) {
	now := m.n.Clock()
	title := i.ProofLabel()
	if title == "" {
		title = m.n.Texts.T("tray.document", "date", m.n.Texts.DateText(now.Format(time.DateOnly)))
	}
	d := record.Document{ID: record.NewID(), Title: title, Proof: i.Proof, Source: record.SourceScan, MediaType: "application/pdf", Made: now, User: m.n.User}
	note := record.Transfer{Time: now, User: m.n.User, Device: i.Stack.Device, Settings: i.Stack.Settings, Pages: len(i.Leaves), Anomalies: i.Stack.Anomalies}
	for n, l := range i.Leaves {
		p := l.Page
		d.Originals = append(d.Originals, p.Original)
		d.Sheets = append(d.Sheets, record.Sheet{Original: n, DPI: p.DPI, Turns: p.Turns, Skew: p.Skew, Blank: p.Blank, Out: l.Out()})
		note.Originals = append(note.Originals, p.Original.Blob.Hash)
		if l.Out() {
			note.Out++
		}
		if p.Blank {
			note.Blank = append(note.Blank, n+1)
		}
	}
	d.Transfer = &note
	var err error
	d.Shown, d.Pages, err = m.n.Binder.Bind(ctx, d)
	return d, err
}

// readNext looks at the next page that was not looked at yet, one at a time.
func (m *model) readNext() {
	if m.reading || m.n.Reader == nil {
		return
	}
	p, ok := m.unread()
	if !ok {
		return
	}
	m.reading = true
	m.n.Run(func(ctx context.Context) func() {
		seen, err := m.n.Reader.Read(ctx, p.Original, p.DPI)
		if err == nil {
			err = m.n.Store.ChangeTray(ctx, []record.ID{p.ID}, func(p *sorting.Page) {
				p.Read, p.Codes, p.Damaged, p.Blank, p.Skew = true, sorting.Ours(seen.Codes), seen.Lost, seen.Blank, seen.Skew
			})
		}
		return func() {
			m.reading = false
			if err != nil && record.CodeOf(err) != record.CodeTrayGone {
				m.cannot[p.ID] = err
			}
			m.load()
		}
	})
}

func (m *model) unread() (sorting.Page, bool) {
	for _, i := range m.items {
		for _, l := range i.Leaves {
			if !l.Page.Read && m.cannot[l.Page.ID] == nil {
				return l.Page, true
			}
		}
	}
	return sorting.Page{}, false
}
