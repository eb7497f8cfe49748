package pageview

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/record"
	"schalter/ui/control"
)

// hand is what the mouse is doing.
type hand struct {
	doing  doing
	at     fyne.Position
	mark   int // that was pressed; -1: none
	link   spot
	twice  time.Time // when a word was clicked twice, and where
	there  fyne.Position
	cursor desktop.StandardCursor
}

type doing int

const (
	idle doing = iota
	panning
	selecting
	drawing
)

// held are the modifiers held down.
func held() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// on finds the page at a place of the area, and the place on it in fractions as it lies. within tells
// whether the place is on the page; else the page is the nearest one.
func (a *area) on(p fyne.Position) (page int, x, y float64, within bool) {
	m := a.v.m
	page, _ = m.strip.at(float64(p.Y) - a.top())
	x, y = a.onPage(page, p)
	return page, x, y, x >= 0 && x <= 1 && y >= 0 && y <= 1
}

// onPage is a place of the area on a page, in fractions of it.
func (a *area) onPage(page int, p fyne.Position) (x, y float64) {
	at, size := a.frame(page)
	return float64((p.X - at.X) / size.Width), float64((p.Y - at.Y) / size.Height)
}

// upright turns a place on a page to what it is at 0 turns.
func (a *area) upright(x, y float64) (float64, float64) {
	b := turnBox(record.Box{X0: x, Y0: y, X1: x, Y1: y}, -a.v.m.strip.turns)
	return b.X0, b.Y0
}

// word finds the word at a place, or the nearest one of the page.
func (a *area) word(p fyne.Position) (at spot, hit bool) {
	page, x, y, _ := a.on(p)
	t := a.v.m.lib.peek(page)
	if t == nil {
		return spot{page, -1}, false
	}
	x, y = a.upright(x, y)
	i, hit := t.nearest(x, y)
	return spot{page, i}, hit
}

// MouseDown takes the keys and begins to select, to draw, or to move the paper.
func (a *area) MouseDown(e *desktop.MouseEvent) {
	m := a.v.m
	if m.doc == nil || e.Button != desktop.MouseButtonPrimary {
		return
	}
	control.Focus(a)
	a.hand.at, a.hand.mark, a.hand.link = e.Position, -1, spot{-1, -1}
	page, x, y, within := a.on(e.Position)
	switch {
	case m.tool != "" && within:
		a.hand.doing = drawing
		m.band = band{true, page, record.Box{X0: x, Y0: y, X1: x, Y1: y}}
		m.changed()
		return
	case m.tool != "":
		return
	}
	ux, uy := a.upright(x, y)
	a.hand.mark = m.markAt(page, ux, uy)
	if within && a.hand.mark < 0 {
		a.hand.link = spot{page, m.linkAt(page, ux, uy)}
	}
	to, hit := a.word(e.Position)
	switch {
	case hit && a.third(e.Position):
		m.selectLine(to)
	case hit && m.sel.on && e.Modifier&fyne.KeyModifierShift != 0:
		a.hand.doing = selecting
		m.selectTo(to)
	case hit && a.hand.mark < 0:
		m.unselect()
		a.hand.doing = selecting
	default:
		m.unselect()
		a.hand.doing = panning
	}
}

// Dragged goes on with what was begun.
func (a *area) Dragged(e *fyne.DragEvent) {
	m := a.v.m
	a.hand.link = spot{-1, -1}
	switch a.hand.doing {
	case idle:
	case panning:
		a.hand.mark = -1
		m.Scroll(-float64(e.Dragged.DX), -float64(e.Dragged.DY))
	case selecting:
		if !m.sel.on {
			if from, ok := a.word(a.hand.at); ok {
				m.selectTo(from)
			}
		}
		a.follow(e.Position)
		if to, _ := a.word(e.Position); to.word >= 0 && m.sel.on {
			m.selectTo(to)
		}
	case drawing:
		a.follow(e.Position)
		m.band.box.X1, m.band.box.Y1 = a.onPage(m.band.page, e.Position)
		m.changed()
	}
}

// follow scrolls when the mouse is drawn over an edge.
func (a *area) follow(p fyne.Position) {
	switch {
	case p.Y < 0:
		a.v.m.Scroll(0, max(float64(p.Y), -pan))
	case p.Y > a.Size().Height:
		a.v.m.Scroll(0, min(float64(p.Y-a.Size().Height), pan))
	}
}

// DragEnd ends a drag; what was drawn is placed.
func (a *area) DragEnd() { a.release() }

// MouseUp ends a click: a mark under it opens, a tool is used.
func (a *area) MouseUp(e *desktop.MouseEvent) {
	if a.hand.doing == drawing || a.hand.doing != idle && e.Position == a.hand.at {
		a.release()
	}
}

func (a *area) release() {
	did := a.hand
	a.hand.doing, a.hand.mark, a.hand.link = idle, -1, spot{-1, -1}
	switch {
	case did.doing == drawing:
		a.v.m.put()
	case did.doing == panning && did.mark >= 0:
		a.v.m.chosen = did.mark
		a.v.m.changed()
		a.v.mark(did.mark)
	case did.link.word >= 0:
		a.v.follow(did.link)
	}
}

// DoubleTapped selects a word.
func (a *area) DoubleTapped(e *fyne.PointEvent) {
	if to, hit := a.word(e.Position); hit && a.v.m.tool == "" {
		a.v.m.unselect()
		a.v.m.selectTo(to)
		a.hand.twice, a.hand.there = a.now(), e.Position
	}
}

// thirdClick is how soon a click after two others means a line.
const thirdClick = 500 * time.Millisecond

// third reports whether a click follows two others at its place.
func (a *area) third(p fyne.Position) bool {
	const near = 5
	d := p.Subtract(a.hand.there)
	return max(d.X, -d.X, d.Y, -d.Y) < near && a.now().Sub(a.hand.twice) < thirdClick
}

// Scrolled moves the paper; with Control held it zooms around the mouse.
func (a *area) Scrolled(e *fyne.ScrollEvent) {
	if a.held()&fyne.KeyModifierControl == 0 {
		a.v.m.Scroll(-float64(e.Scrolled.DX), -float64(e.Scrolled.DY))
		return
	}
	step := 0
	if e.Scrolled.DY != 0 {
		step = int(math.Copysign(1, float64(e.Scrolled.DY)))
	}
	if step != 0 {
		a.v.m.ZoomBy(step, float64(e.Position.X), float64(e.Position.Y))
	}
}

// MouseIn gets the words that may be selected.
func (a *area) MouseIn(e *desktop.MouseEvent) {
	a.curious()
	a.MouseMoved(e)
}

// MouseMoved finds out what the mouse is over.
func (a *area) MouseMoved(e *desktop.MouseEvent) {
	m := a.v.m
	a.hand.cursor = desktop.DefaultCursor
	if m.doc == nil {
		return
	}
	page, x, y, within := a.on(e.Position)
	ux, uy := a.upright(x, y)
	over := spot{-1, -1}
	if i := m.linkAt(page, ux, uy); i >= 0 && within && m.tool == "" {
		over = spot{page, i}
	}
	if over != m.under {
		m.under, m.address = over, ""
		a.v.foots()
	}
	switch _, hit := a.word(e.Position); {
	case m.tool != "" && within:
		a.hand.cursor = desktop.CrosshairCursor
	case m.markAt(page, ux, uy) >= 0, over.word >= 0:
		a.hand.cursor = desktop.PointerCursor
	case hit:
		a.hand.cursor = desktop.TextCursor
	}
}

// MouseOut does nothing: the words stay of use while the paper is shown.
func (a *area) MouseOut() {}

// Cursor tells what the mouse would do.
func (a *area) Cursor() desktop.Cursor { return a.hand.cursor }
