package pageview

import (
	"context"
	"strconv"
	"strings"

	"schalter/data/page"
	"schalter/data/record"
)

// stand is where one looks.
type stand struct {
	page int
	part float64 // of the page, at the upper edge of what is in sight
}

// maxTrail bounds the places one can go back to.
const maxTrail = 50

// learnContents asks what the paper says about itself, once, when its first page is there.
func (m *model) learnContents() {
	doc, ok := m.doc.(Outlined)
	if !ok || m.asked {
		return
	}
	m.asked = true
	n := m.opening
	m.goFn(func() {
		c, err := doc.Contents(context.Background())
		m.do(func() {
			if n != m.opening || err != nil { // without it the pages are shown all the same
				return
			}
			m.contents = c
			m.told++
			m.changed()
		})
	})
}

// label is what a page is called: as the file says, else its number.
func (m *model) label(number int) string {
	if number < len(m.contents.Labels) && m.contents.Labels[number] != "" {
		return m.contents.Labels[number]
	}
	return strconv.Itoa(number + 1)
}

// called finds the page that is called so; a number is one as well, where no page is called by it.
func (m *model) called(name string) (number int, ok bool) {
	name = strings.TrimSpace(name)
	for i, l := range m.contents.Labels {
		if name != "" && strings.EqualFold(l, name) {
			return i, true
		}
	}
	n, err := strconv.Atoi(name)
	return n - 1, err == nil && n >= 1 && n <= m.pages
}

// heading is the entry of the outline one looks at: the last one of the nearest page above; -1: none.
func (m *model) heading() int {
	best := -1
	for i, h := range m.contents.Outline {
		if h.Page >= 0 && h.Page <= m.page && (best < 0 || h.Page > m.contents.Outline[best].Page) {
			best = i
		}
	}
	return best
}

// toHeading goes where an entry of the outline leads.
func (m *model) toHeading(i int) {
	if h := m.contents.Outline[i]; h.Page >= 0 {
		m.leap(h.Page, h.Top)
	}
}

// leap goes to a place of a page, in points from its upper edge at 0 turns; one can go back from there.
func (m *model) leap(number int, top float64) {
	if m.doc == nil || number < 0 || number >= m.pages {
		return
	}
	m.remember()
	m.aim = false
	m.turnTo(number)
	if _, high := m.strip.points(number); m.strip.turns == 0 && top > 0 && top < high {
		_, h := m.strip.size(number)
		m.y = m.strip.tops[number] + max(0, h*top/high-marginY)
		m.bound()
		m.want()
	}
	m.page = number
	m.state()
	m.changed()
}

// remember keeps where one is, to come back.
func (m *model) remember() {
	number, part := m.strip.at(m.y)
	if n := len(m.trail); n > 0 && m.trail[n-1] == (stand{number, part}) {
		return
	}
	m.trail = append(m.trail, stand{number, part})
	if len(m.trail) > maxTrail {
		m.trail = m.trail[1:]
	}
}

// back goes where one was before a leap.
func (m *model) back() {
	n := len(m.trail)
	if m.doc == nil || n == 0 {
		return
	}
	at := m.trail[n-1]
	m.trail = m.trail[:n-1]
	m.aim = false
	m.y = m.strip.y(at.page, at.part)
	m.bound()
	m.looked()
}

// linkAt is the link at a place of a page at 0 turns, in fractions of the page, or -1.
func (m *model) linkAt(number int, x, y float64) int {
	w, h := m.strip.points(number)
	for i, l := range m.lib.links(number) {
		if x*w >= l.X0 && x*w <= l.X1 && y*h >= l.Y0 && y*h <= l.Y1 {
			return i
		}
	}
	return -1
}

// linkBox is where a link of a page is, in fractions of the page at 0 turns.
func (m *model) linkBox(number int, l page.Link) record.Box {
	w, h := m.strip.points(number)
	return orderly(record.Box{X0: l.X0 / w, Y0: l.Y0 / h, X1: l.X1 / w, Y1: l.Y1 / h})
}

// link is a link of a page.
func (m *model) link(number, i int) (page.Link, bool) {
	all := m.lib.links(number)
	if i < 0 || i >= len(all) {
		return page.Link{}, false
	}
	return all[i], true
}

// chooseLink goes to the next link (1) of the page one looks at, or the one before (-1).
func (m *model) chooseLink(by int) {
	n := len(m.lib.links(m.page))
	if n == 0 {
		return
	}
	if m.linked.page != m.page || m.linked.word < 0 {
		m.linked = spot{m.page, -1}
		if by < 0 {
			m.linked.word = 0
		}
	}
	m.linked.word = ((m.linked.word+by)%n + n) % n
	l, _ := m.link(m.page, m.linked.word)
	m.reveal(m.page, m.linkBox(m.page, l))
	m.changed()
}
