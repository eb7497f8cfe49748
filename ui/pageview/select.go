package pageview

import (
	"context"
	"strings"

	"schalter/data/record"
)

// spot is a word of the paper.
type spot struct{ page, word int }

func (a spot) before(b spot) bool { return a.page < b.page || a.page == b.page && a.word < b.word }

// selection is what is selected: all words from one to another one, both included.
type selection struct {
	on         bool
	from, till spot // as they were chosen: till is where it is drawn to
}

func (s *selection) clear() { *s = selection{} }

// span is the selection in reading order.
func (s *selection) span() (a, b spot) {
	if s.till.before(s.from) {
		return s.till, s.from
	}
	return s.from, s.till
}

// part is what is selected of a page with so many words.
func (s *selection) part(page, words int) (first, last int, ok bool) {
	a, b := s.span()
	if !s.on || words == 0 || page < a.page || page > b.page {
		return 0, 0, false
	}
	first, last = 0, words-1
	if page == a.page {
		first = a.word
	}
	if page == b.page {
		last = min(b.word, words-1)
	}
	return first, last, first <= last
}

// selected are the boxes of what is selected of a page, and its text.
func (m *model) selected(page int) (boxes []record.Box, text string) {
	t := m.lib.peek(page)
	if t == nil {
		return nil, ""
	}
	first, last, ok := m.sel.part(page, len(t.words))
	if !ok {
		return nil, ""
	}
	return t.boxes(first, last), t.text(first, last)
}

// selectTo draws the selection to a word; without one it begins there.
func (m *model) selectTo(to spot) {
	if !m.sel.on {
		m.sel = selection{on: true, from: to}
	}
	m.sel.till = to
	m.changed()
}

// selectLine selects the line a word stands in.
func (m *model) selectLine(at spot) {
	t := m.lib.peek(at.page)
	if t == nil || at.word < 0 || at.word >= len(t.words) {
		return
	}
	first, last := at.word, at.word
	for line := t.words[at.word].Line; first > 0 && t.words[first-1].Line == line; {
		first--
	}
	for line := t.words[at.word].Line; last+1 < len(t.words) && t.words[last+1].Line == line; {
		last++
	}
	m.sel = selection{true, spot{at.page, first}, spot{at.page, last}}
	m.changed()
}

// selectPage selects everything on the page being looked at.
func (m *model) selectPage() {
	if t := m.lib.peek(m.page); t != nil && len(t.words) > 0 {
		m.sel = selection{true, spot{m.page, 0}, spot{m.page, len(t.words) - 1}}
		m.changed()
	}
}

func (m *model) unselect() bool {
	was := m.sel.on
	m.sel.clear()
	if was {
		m.changed()
	}
	return was
}

// selectBy moves the end of the selection by words or lines; it begins with the first word in sight.
func (m *model) selectBy(words, lines int) {
	if !m.sel.on {
		t := m.lib.peek(m.page)
		if t == nil || len(t.words) == 0 {
			return
		}
		_, h := m.strip.size(m.page)
		i, _ := t.nearest(0, max(0, (m.y-m.strip.tops[m.page])/h))
		m.selectTo(spot{m.page, i})
		return
	}
	t := m.lib.peek(m.sel.till.page)
	if t == nil {
		return
	}
	to := m.sel.till
	if to.word += words; lines != 0 {
		to.word = t.lineOf(to.word, lines)
	}
	if to = m.over(to, len(t.words)); to.word < 0 {
		return
	}
	m.selectTo(to)
	m.reveal(to.page, m.lib.peek(to.page).boxes(to.word, to.word)[0])
}

// over goes on to the neighbouring page where a word lies beyond its own; -1 where there is none to go to.
func (m *model) over(to spot, words int) spot {
	if to.word >= 0 && to.word < words {
		return to
	}
	by := 1
	if to.word < 0 {
		by = -1
	}
	t := m.lib.peek(to.page + by)
	switch {
	case t == nil || len(t.words) == 0:
		return spot{to.page, -1}
	case by < 0:
		return spot{to.page - 1, len(t.words) - 1}
	}
	return spot{to.page + 1, 0}
}

// lineOf is the word of the next line (1) or the one before (-1) that stands nearest to a word.
func (t *pageText) lineOf(i, by int) int {
	w := t.words[i]
	j := i
	for j >= 0 && j < len(t.words) && t.words[j].Line == w.Line {
		j += by
	}
	if j < 0 || j >= len(t.words) {
		return j
	}
	line, best := t.words[j].Line, j
	for ; j >= 0 && j < len(t.words) && t.words[j].Line == line; j += by {
		if abs(t.words[j].X0-w.X0) < abs(t.words[best].X0-w.X0) {
			best = j
		}
	}
	return best
}

func abs(v float64) float64 { return max(v, -v) }

// maxCopied bounds the pages that are copied at once.
const maxCopied = 200

// copied gets the selected text, reading pages that are not at hand.
func (m *model) copied(use func(text string)) {
	if !m.sel.on || m.lib == nil {
		return
	}
	sel, lib := m.sel, m.lib
	a, b := sel.span()
	m.goFn(func() {
		var pages []string
		for page := a.page; page <= min(b.page, a.page+maxCopied); page++ {
			t, err := lib.read(context.Background(), page)
			if err != nil {
				continue // it has no words that could be copied
			}
			if first, last, ok := sel.part(page, len(t.words)); ok {
				pages = append(pages, t.text(first, last))
			}
		}
		m.do(func() { use(strings.Join(pages, "\n")) })
	})
}
