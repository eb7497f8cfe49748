package pageview

import (
	"context"
	"math"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/look"
)

// model holds which paper is shown and how: the place one looks at, the size, what is marked and selected.
// All methods run on the window's goroutine; opening, drawing and reading do not.
type model struct {
	goFn    func(f func()) // slow work
	do      func(f func()) // back to the window
	changed func()

	open    Open
	doc     Document
	lib     *library
	status  Status
	err     error
	wrong   bool // the password given was not the right one
	page    int  // the one being looked at, from 0
	pages   int
	opening uint64 // number of the opening under way
	stop    context.CancelFunc

	strip   strip
	x, y    float64 // the upper left of what is in sight; y in the strip
	sight   float64 // how high the part in sight is
	pics    *pictures
	thumbs  func() (from, to int) // thumbnails in sight; from = to: none
	find    finder
	sel     selection
	marked  []string // folded words marked from outside
	aim     bool     // the first of them on the page opened is still to be brought into sight
	marks   []record.Mark
	chosen  int // of the marks; -1: none
	tool    record.MarkKind
	band    band
	curious bool // the words in sight are of use, because the mouse or the keys are here
	reading context.CancelFunc

	contents page.Contents // what the file says about itself
	asked    bool
	told     uint64  // counts the contents
	trail    []stand // where one came from by leaps
	linked   spot    // the link chosen by keyboard; word is its number, -1: none
	under    spot    // the link under the mouse
	address  string  // the address that was copied last

	placed   func(page int, b record.Box)
	toolTold func(record.MarkKind)
}

func newModel(goFn, do func(func()), changed func()) *model {
	m := &model{goFn: goFn, do: do, changed: changed, linked: spot{-1, -1}, under: spot{-1, -1}, thumbs: func() (int, int) { return 0, 0 }}
	m.strip.room = room{width: 400, height: 500, scale: 1}
	m.strip.reset(0)
	m.pics = &pictures{goFn: goFn, do: do, room: func(int) room { return m.strip.room }, learned: m.learned, arrived: m.arrived}
	m.chosen = -1
	m.pics.begin(nil)
	m.find = finder{goFn: goFn, do: do, current: -1, changed: m.found}
	m.sel.clear()
	return m
}

// Show opens a paper at a page; nil shows none.
func (m *model) Show(open Open, page int) {
	m.drop()
	m.open, m.page, m.strip.zoom, m.wrong = open, max(page, 0), fitWidth, false
	if open == nil {
		m.changed()
		return
	}
	m.unlock("")
}

// drop lets go of the paper and of everything that is under way for it.
func (m *model) drop() {
	if m.stop != nil {
		m.stop()
	}
	m.stopReading()
	m.pics.begin(nil)
	m.find.end()
	if d := m.doc; d != nil {
		m.goFn(d.Close)
	}
	m.opening++
	m.doc, m.lib, m.err, m.status, m.pages = nil, nil, nil, Empty, 0
	m.x, m.y, m.aim = 0, 0, len(m.marked) > 0
	m.marks, m.chosen, m.band = nil, -1, band{}
	m.sel.clear()
	m.strip.reset(0)
	m.contents, m.asked, m.trail, m.address = page.Contents{}, false, nil, ""
	m.told++
	m.linked, m.under = spot{-1, -1}, spot{-1, -1}
}

// unlock opens the paper with a password.
func (m *model) unlock(password string) {
	open := m.open
	if open == nil {
		return
	}
	m.opening++
	n := m.opening
	ctx, stop := context.WithCancel(context.Background())
	m.stop = stop
	m.status = Loading
	m.changed()
	m.goFn(func() {
		doc, err := open(ctx, password)
		pages := 0
		if err == nil {
			pages = doc.Pages()
			if pages < 1 {
				doc.Close()
				doc, err = nil, record.E(record.CodePDFNoPages, nil)
			}
		}
		m.do(func() {
			stop()
			if n != m.opening {
				if doc != nil {
					m.goFn(doc.Close)
				}
				return
			}
			m.opened(doc, pages, password, err)
		})
	})
}

func (m *model) opened(doc Document, pages int, password string, err error) {
	switch {
	case record.CodeOf(err) == record.CodePDFPassword:
		m.status, m.err, m.wrong = Locked, err, password != ""
	case err != nil:
		m.status, m.err = Trouble, err
	default:
		m.doc, m.lib, m.pages, m.status = doc, newLibrary(doc), pages, Loading
		m.strip.reset(pages)
		m.pics.begin(doc)
		m.turnTo(min(m.page, pages-1))
	}
	m.changed()
}

// Room tells how large the part in sight is, and how many screen pixels one unit has.
func (m *model) Room(width, height, scale float64) {
	r := room{max(40, width-2*marginX), max(40, height-2*marginY), scale, m.strip.zoom}
	if r == m.strip.room && m.sight == height {
		return
	}
	m.keep(0, func() { m.strip.room, m.sight = r, height })
	m.want()
}

// keep holds what stands at a height of the part in sight there while f changes the sizes of pages.
func (m *model) keep(at float64, f func()) {
	if m.pages == 0 {
		f()
		m.strip.lay()
		return
	}
	page, part := m.strip.at(m.y + at - marginY)
	top, end := at == 0 && m.y <= 0, at == 0 && m.y > 0 && m.y >= m.bottom()
	f()
	m.strip.lay()
	switch {
	case top:
		m.y = 0
	case end:
		m.y = m.bottom()
	default:
		m.y = m.strip.y(page, part) - at + marginY
	}
	m.bound()
}

// bound keeps the paper in sight.
func (m *model) bound() {
	m.y = min(max(m.y, 0), m.bottom())
	m.x = min(max(m.x, 0), max(0, m.strip.wide-m.strip.width))
}

// bottom is as far as one can look down.
func (m *model) bottom() float64 {
	return max(0, m.strip.height()+2*marginY-m.sight)
}

// learned takes the size of a page, which may move those below; what is looked at stays.
func (m *model) learned(page int, w, h float64) {
	if m.strip.sizes[page] == [2]float64{w, h} {
		return
	}
	m.keep(0, func() {
		m.strip.learn(page, w, h)
	})
}

func (m *model) arrived(at request) {
	if !at.small {
		m.state()
		m.want()
		m.learnContents()
	}
	m.changed()
}

// state finds out what is to be said of the page being looked at.
func (m *model) state() {
	p := m.pics.large[m.page]
	switch {
	case p == nil:
	case p.err != nil:
		m.status, m.err = Trouble, p.err
	default:
		m.status, m.err = Showing, nil
	}
}

// Scroll moves what is in sight and reports whether it moved.
func (m *model) Scroll(dx, dy float64) bool {
	if m.doc == nil {
		return false
	}
	x, y := m.x, m.y
	m.x, m.y = x+dx, y+dy
	m.bound()
	if m.x == x && m.y == y {
		return false
	}
	m.looked()
	return true
}

// looked finds out which page is being looked at after a move.
func (m *model) looked() {
	m.aim = false
	page, part := m.strip.at(m.y + m.sight/3 - marginY)
	if part > 1 && page < m.pages-1 {
		page++
	}
	if m.y >= m.bottom() && m.y > 0 {
		_, page = m.strip.sight(m.y-marginY, m.sight)
	}
	m.page = page
	m.state()
	m.want()
	m.changed()
}

// Turn goes to a page if there is one, and reports whether it did.
func (m *model) Turn(page int) bool {
	if m.doc == nil || page < 0 || page >= m.pages {
		return false
	}
	m.aim = false
	m.turnTo(page)
	m.changed()
	return true
}

func (m *model) turnTo(page int) {
	m.page = page
	m.y = m.strip.tops[page] // its upper edge stands a gap below that of the view
	m.bound()
	m.state()
	m.want()
}

// Down goes on by what is in sight, stops at the end of the page, and goes to the next one from there.
func (m *model) Down() {
	if m.doc == nil {
		return
	}
	_, h := m.strip.size(m.page)
	left := m.strip.tops[m.page] + h + 2*marginY - (m.y + m.sight)
	if left > marginY {
		m.Scroll(0, min(left, m.sight-pan))
	} else {
		m.Turn(m.page + 1)
	}
}

// Up goes back as Down goes on.
func (m *model) Up() {
	if m.doc == nil {
		return
	}
	if left := m.y - m.strip.tops[m.page]; left > 0 {
		m.Scroll(0, -min(left, m.sight-pan))
		return
	}
	if m.Turn(m.page - 1) {
		_, h := m.strip.size(m.page)
		m.y = max(m.y, m.strip.tops[m.page]+h+2*marginY-m.sight)
		m.bound()
		m.want()
		m.changed()
	}
}

// Rotate turns the paper clockwise by a quarter.
func (m *model) Rotate() {
	if m.doc == nil {
		return
	}
	m.strip.turns = (m.strip.turns + 1) % 4
	m.strip.lay()
	m.turnTo(m.page)
	m.changed()
}

// ZoomBy makes the paper larger (1) or smaller (-1); what stands at a place of the part in sight stays there.
func (m *model) ZoomBy(step int, x, y float64) {
	z := min(max(m.Zoom()*math.Pow(zoomStep, float64(step)), zoomMin), zoomMax)
	m.resize(z, x, y)
}

func (m *model) resize(zoom, x, y float64) {
	if m.doc == nil {
		return
	}
	wide := m.strip.wide
	left := max(0, (m.strip.width-wide)/2)
	m.keep(y, func() { m.strip.zoom = zoom })
	if grown := m.strip.wide / wide; wide > 0 {
		m.x = (m.x+x-marginX-left)*grown - (x - marginX) + max(0, (m.strip.width-m.strip.wide)/2)
	}
	m.bound()
	m.want()
	m.changed()
}

// Fit fits the paper to the width; where it is fitted already, the whole page.
func (m *model) Fit() {
	if m.strip.zoom == fitWidth {
		m.resize(fitPage, 0, 0)
		m.turnTo(m.page)
		return
	}
	m.resize(fitWidth, 0, m.sight/2)
}

// Zoom is the size at which the paper is shown; 1 is its real size.
func (m *model) Zoom() float64 {
	if m.pages == 0 {
		return 1
	}
	return m.strip.factor(m.strip.turned(m.page))
}

// inSight lists the pages that are at least partly in sight.
func (m *model) inSight() (first, last int) { return m.strip.sight(m.y-marginY, m.sight) }

// want asks for the pictures of what is in sight, then of its neighbours, then for thumbnails.
func (m *model) want() {
	if m.doc == nil {
		return
	}
	first, last := m.inSight()
	at := func(page int) request { return request{page: page, turns: m.strip.turns, px: m.strip.px(page)} }
	list := []request{at(m.page)}
	for page := first; page <= last; page++ {
		if page != m.page {
			list = append(list, at(page))
		}
	}
	from, to := m.thumbs()
	for page := from; page < min(to, m.pages); page++ {
		list = append(list, request{page: page, turns: m.strip.turns, px: m.thumbPixels(), small: true})
	}
	for _, page := range []int{last + 1, first - 1} {
		if page >= 0 && page < m.pages {
			list = append(list, at(page))
		}
	}
	near := func(page int) bool { return page >= first-1 && page <= last+1 || page == m.page }
	m.pics.wish(list, near)
	m.read()
}

func (m *model) thumbPixels() int {
	return int(math.Round(float64(look.Px(thumbWidth)) * m.strip.scale))
}

// read gets the words of what is in sight where somebody has a use for them.
func (m *model) read() {
	if m.doc == nil || m.reading != nil || !m.curious && len(m.marked) == 0 && len(m.find.words) == 0 {
		return
	}
	page := m.unread()
	if page < 0 {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	m.reading = stop
	lib := m.lib
	m.goFn(func() {
		_, err := lib.read(ctx, page)
		lib.readLinks(ctx, page)
		m.do(func() {
			stop()
			if lib != m.lib {
				return
			}
			m.reading = nil
			if err != nil {
				lib.keep(page, &pageText{}) // not asked again
			}
			m.aimAt(page)
			m.changed()
			m.read()
		})
	})
}

// unread is a page in sight whose words are not known, or -1.
func (m *model) unread() int {
	if m.lib.peek(m.page) == nil {
		return m.page
	}
	first, last := m.inSight()
	for page := first; page <= last; page++ {
		if m.lib.peek(page) == nil {
			return page
		}
	}
	return -1
}

func (m *model) stopReading() {
	if m.reading != nil {
		m.reading()
		m.reading = nil
	}
}

// found is told what the search has found.
func (m *model) found(first bool) {
	if h, ok := m.find.at(); ok && first {
		m.reveal(h.page, h.boxes[0])
	}
	m.changed()
}

// Mark marks all words that begin with one of these, from now on.
func (m *model) Mark(words []string) {
	m.marked = folded(words)
	m.aim = len(m.marked) > 0
	if m.doc != nil {
		m.aimAt(m.page)
		m.read()
	}
	m.changed()
}

// aimAt brings the first marked word of the page that was opened into sight.
func (m *model) aimAt(page int) {
	t := m.lib.peek(page)
	if !m.aim || page != m.page || t == nil {
		return
	}
	m.aim = false
	if hits := t.begin(page, m.marked); len(hits) > 0 {
		m.reveal(page, hits[0].boxes[0])
	}
}

// reveal brings a place of a page at 0 turns into sight, where it is not already.
func (m *model) reveal(page int, b record.Box) {
	if m.doc == nil || page < 0 || page >= m.pages {
		return
	}
	b = turnBox(b, m.strip.turns)
	w, h := m.strip.size(page)
	top, bottom := m.strip.tops[page]+marginY+b.Y0*h, m.strip.tops[page]+marginY+b.Y1*h
	if top < m.y+marginY || bottom > m.y+m.sight-marginY {
		m.y = (top+bottom)/2 - m.sight/3
	}
	left, right := max(0, (m.strip.wide-w)/2)+b.X0*w, max(0, (m.strip.wide-w)/2)+b.X1*w
	if left < m.x || right > m.x+m.strip.width {
		m.x = (left+right)/2 - m.strip.width/2
	}
	m.bound()
	m.page = page
	m.state()
	m.want()
}
