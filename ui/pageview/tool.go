package pageview

import (
	"slices"

	"schalter/data/record"
)

// band is the rectangle being drawn with a tool, on the page as it lies.
type band struct {
	on   bool
	page int
	box  record.Box
}

// Sizes in fractions of a page.
const (
	bandStep  = 0.01
	bandLeast = 0.006 // smaller than this a click was meant
)

// usual is the size of what a tool places with a click.
func usual(tool record.MarkKind) (w, h float64) {
	switch tool {
	case record.MarkStamp:
		return 0.34, 0.045
	case record.MarkNote:
		return 0.26, 0.09
	case record.MarkHighlight, record.MarkBlack:
	}
	return 0.25, 0.025
}

// around is a box of the tool's usual size, as near to a place as the page lets it be.
func around(tool record.MarkKind, x, y float64) record.Box {
	w, h := usual(tool)
	x, y = min(max(x-w/2, 0), 1-w), min(max(y-h/2, 0), 1-h)
	return record.Box{X0: x, Y0: y, X1: x + w, Y1: y + h}
}

// around is such a box on the page as it lies; it has the shape that it has on the upright page, for what it holds
// turns with the paper.
func (m *model) around(x, y float64) record.Box {
	at := turnBox(record.Box{X0: x, Y0: y, X1: x, Y1: y}, -m.strip.turns)
	return turnBox(around(m.tool, at.X0, at.Y0), m.strip.turns)
}

// use takes a tool into the hand; "" puts it away.
func (m *model) use(tool record.MarkKind) {
	if m.tool == tool {
		return
	}
	m.tool, m.band, m.chosen = tool, band{}, -1
	m.sel.clear()
	m.changed()
	if m.toolTold != nil {
		m.toolTold(tool)
	}
}

// lay begins a rectangle by keyboard: of the usual size, in the middle of what is in sight of the page.
func (m *model) lay() {
	if m.doc == nil || m.band.on {
		return
	}
	_, h := m.strip.size(m.page)
	top := (m.y - marginY - m.strip.tops[m.page]) / h
	bottom := (m.y + m.sight - marginY - m.strip.tops[m.page]) / h
	m.band = band{true, m.page, m.around(0.5, (max(top, 0)+min(bottom, 1))/2)}
	m.changed()
}

// nudge moves the rectangle, or its lower right corner.
func (m *model) nudge(dx, dy float64, corner bool) {
	if !m.band.on {
		m.lay()
		return
	}
	b := orderly(m.band.box)
	if corner {
		b.X1, b.Y1 = min(max(b.X1+dx, b.X0+bandStep), 1), min(max(b.Y1+dy, b.Y0+bandStep), 1)
	} else {
		dx, dy = min(max(dx, -b.X0), 1-b.X1), min(max(dy, -b.Y0), 1-b.Y1)
		b = record.Box{X0: b.X0 + dx, Y0: b.Y0 + dy, X1: b.X1 + dx, Y1: b.Y1 + dy}
	}
	m.band.box = b
	m.reveal(m.band.page, turnBox(b, -m.strip.turns))
	m.changed()
}

// put ends the rectangle and hands it over.
func (m *model) put() {
	if !m.band.on {
		return
	}
	done := m.band
	m.band = band{}
	b := orderly(done.box)
	if b.X1-b.X0 < bandLeast && b.Y1-b.Y0 < bandLeast {
		b = m.around(b.X0, b.Y0)
	}
	b = orderly(record.Box{X0: b.X0, Y0: b.Y0, X1: max(b.X1, b.X0+bandLeast), Y1: max(b.Y1, b.Y0+bandLeast)})
	m.changed()
	if m.placed != nil && b.X1 > b.X0 && b.Y1 > b.Y0 {
		m.placed(done.page, turnBox(b, -m.strip.turns))
	}
}

// choose goes to the next mark (1) or the one before (-1).
func (m *model) choose(by int) {
	n := len(m.marks)
	if n == 0 {
		return
	}
	if m.chosen < 0 && by < 0 {
		m.chosen = 0
	}
	m.chosen = ((m.chosen+by)%n + n) % n
	if k := m.marks[m.chosen]; len(k.Boxes) > 0 {
		m.reveal(k.Page, k.Boxes[0])
	}
	m.changed()
}

// markAt is the uppermost mark at a place of a page at 0 turns, or -1.
func (m *model) markAt(page int, x, y float64) int {
	for i, k := range slices.Backward(m.marks) {
		for _, b := range k.Boxes {
			if k.Page == page && x >= b.X0 && x <= b.X1 && y >= b.Y0 && y <= b.Y1 {
				return i
			}
		}
	}
	return -1
}
