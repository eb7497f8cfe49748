package casefile

import (
	"slices"

	"schalter/data/record"
)

// Where the stamp of receipt goes: the top right corner of the page, below those that are there already.
const (
	stampLeft   = 0.58
	stampTop    = 0.03
	stampWidth  = 0.37
	stampHeight = 0.045
	stampStep   = 0.055
)

// stamp puts the stamp of receipt on the page that is looked at.
func (p *papers) stamp() {
	d, ok := p.current()
	v := p.view()
	if !ok || v == nil {
		return
	}
	page, of := v.Page()
	if of == 0 {
		return
	}
	p.show()
	box := record.Box{X0: stampLeft, Y0: stampTop, X1: stampLeft + stampWidth, Y1: stampTop + stampHeight}
	for box.Y1 < 1-stampStep && slices.ContainsFunc(d.Marks, func(m record.Mark) bool { return m.Page == page-1 && covers(m, box) }) {
		box.Y0, box.Y1 = box.Y0+stampStep, box.Y1+stampStep
	}
	t := p.s.Texts
	p.set(record.MarkStamp, page-1, []record.Box{box}, t.T("paper.stamp.text", "date", t.Date(p.s.Clock())))
}

func covers(m record.Mark, b record.Box) bool {
	return slices.ContainsFunc(m.Boxes, func(o record.Box) bool { return o.X0 < b.X1 && b.X0 < o.X1 && o.Y0 < b.Y1 && b.Y0 < o.Y1 })
}

// tool marks the words that are selected, or takes the tool into the hand.
func (p *papers) tool(kind record.MarkKind) {
	v := p.view()
	if v == nil {
		return
	}
	p.show()
	if page, boxes, text := v.Selected(); text != "" && kind != record.MarkNote {
		p.set(kind, page, boxes, "")
		return
	}
	if v.Tool() == kind {
		kind = ""
	}
	v.SetTool(kind)
	v.Focus()
}

// show brings the paper back over what is known of it.
func (p *papers) show() {
	if p.open {
		p.toggle()
	}
}

// place is told where a tool was used.
func (p *papers) place(page int, b record.Box) {
	v := p.view()
	if v == nil {
		return
	}
	kind := v.Tool()
	switch kind {
	case "":
	case record.MarkNote:
		v.SetTool("")
		p.ask.about(p.s.Texts.T("paper.note.ask"), p.s.Texts.T("paper.note.do"), true, func(text string) { p.set(kind, page, []record.Box{b}, text) })
	default:
		p.set(kind, page, []record.Box{b}, "")
	}
}

// set puts a mark on a page.
func (p *papers) set(kind record.MarkKind, page int, boxes []record.Box, text string) {
	d, ok := p.current()
	if !ok || p.hash != d.Shown.Hash {
		return
	}
	m := record.Mark{ID: record.NewID(), Kind: kind, Page: page, Boxes: boxes, Text: text, Time: p.s.Clock(), User: p.s.User}
	p.record(record.KindMark, record.DocumentMarked{Document: d.ID, Of: d.Shown.Hash, Mark: m})
}

// clicked offers to take a mark away.
func (p *papers) clicked(id record.ID) {
	d, ok := p.current()
	if !ok {
		return
	}
	for _, m := range d.Marks {
		if m.ID != id {
			continue
		}
		p.mark = id
		t := p.s.Texts
		p.state.SetText(t.T("paper.mark."+string(m.Kind)) + " · " + m.User + ", " + t.WhenLong(m.Time, p.s.Clock()) + " · " + t.T("paper.unmark.how", "key", unmarkKey.Label(t)))
	}
}

// unmark takes a mark away.
func (p *papers) unmark(id record.ID) {
	if d, ok := p.current(); ok {
		p.mark = ""
		p.record(record.KindMark, record.DocumentMarked{Document: d.ID, Mark: record.Mark{ID: id}, Gone: true})
	}
}
