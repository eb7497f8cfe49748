package capture

import (
	"context"

	"schalter/data/record"
	"schalter/ui/pageview"
)

// Recognized gives a document of an open draft the words that were found on what is shown of it. What the
// clerk has changed meanwhile stays as it is: its words come later. False: the draft is not open.
func (m *Model) Recognized(draft record.ID, of record.Hash, heard record.Document) bool {
	for _, t := range m.tabs {
		if t.draft.ID != draft {
			continue
		}
		d, ok := t.Paper(heard.ID)
		if ok && t.phase == Filling && !t.filling(heard.ID) && d.Shown.Hash == of && (d.Unheard() || d.Language != heard.Language) {
			t.change(heard.ID, func(d *record.Document) {
				d.Shown, d.Text, d.Language, d.Unread, d.Lying = heard.Shown, heard.Text, heard.Language, heard.Unread, heard.Lying
			})
		}
		return true
	}
	return false
}

// Reading is the document that lies on the right, for whoever has its words recognized.
func (s *Screen) Reading() (record.Document, bool) {
	t := s.tab()
	id, ok := s.papers.current()
	if t == nil || !ok {
		return record.Document{}, false
	}
	return t.Paper(id)
}

// wanted is a page that somebody looks for in a draft.
type wanted struct {
	draft, doc record.ID
	page       int // from 1
	words      []string
}

// OpenAt goes on with a stored draft as Open does, and shows a page of one of its papers with words marked.
func (s *Screen) OpenAt(draft, doc record.ID, page int, words []string) {
	s.papers.wanted = wanted{draft, doc, page, words}
	s.m.Open(draft)
	if t := s.m.Active(); t != nil {
		s.papers.update(t) // it may lie in front already
	}
}

// sought is the paper of a draft that is looked for; its slot is chosen.
func (p *papers) sought(t *Tab) (record.ID, bool) {
	w := p.wanted
	if w.doc == "" || w.draft != t.draft.ID || t.paper(w.doc) < 0 {
		return "", false
	}
	return w.doc, true
}

// lay shows a paper: at the page that is looked for, its words marked, or at its first one.
func (p *papers) lay(doc record.ID, open pageview.Open) {
	if w := p.wanted; w.doc != "" && w.doc == doc {
		p.wanted = wanted{}
		p.view.MarkWords(w.words)
		p.view.ShowAt(open, w.page-1)
		return
	}
	p.view.MarkWords(nil)
	p.view.Show(open)
}

func (p *papers) opener(ref record.BlobRef, media string) pageview.Open {
	return func(ctx context.Context, password string) (pageview.Document, error) {
		return p.s.d.Preview.Open(ctx, ref, media, password)
	}
}
