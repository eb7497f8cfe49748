package desk

import (
	"schalter/data/record"
	"schalter/ui/casefile"
)

// openHit shows what was found: a draft to go on with, a case, or a page of a paper with the words marked.
func (d *Desk) openHit(h record.Hit) {
	if h.Draft != "" {
		d.resumeAt(h)
		return
	}
	d.found = h
	d.openAt(h.Case.ID, h.Doc, h.Page)
}

// resumeAt goes on with a draft, at the page that was found where there is one.
func (d *Desk) resumeAt(h record.Hit) {
	at, ok := d.capture.(interface {
		OpenAt(draft, doc record.ID, page int, words []string)
	})
	if !ok || h.Doc == "" {
		d.resume(h.Draft)
		return
	}
	d.toCapture()
	at.OpenAt(h.Draft, h.Doc, h.Page, h.Words)
}

// marked marks the words that a paper was found by.
func (d *Desk) marked(doc record.ID, p casefile.Paper) casefile.Paper {
	if m, ok := p.(interface{ MarkWords(words []string) }); ok && doc == d.found.Doc && len(d.found.Words) > 0 {
		m.MarkWords(d.found.Words)
	}
	return p
}

// serviceTitle is what a service is called, by language.
func (d *Desk) serviceTitle(id string) map[string]string {
	for _, f := range d.svc.Forms.All() {
		if f.ID == id {
			return f.Title
		}
	}
	return nil
}
