package pageview

import (
	"container/list"
	"context"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/search"
)

// pageText is what can be read on a page. It is not changed any more.
type pageText struct {
	words  []page.Word // boxes in fractions of the page at 0 turns
	tokens []token
}

// token is a folded word, made of the words from first to last of the page: a word that is divided at the
// end of a line is one.
type token struct {
	text        string
	first, last int
}

// readPage makes a page's text out of its words in points.
func readPage(words []page.Word, w, h float64) *pageText {
	t := &pageText{words: make([]page.Word, len(words))}
	for i, x := range words {
		x.X0, x.X1, x.Y0, x.Y1 = x.X0/w, x.X1/w, x.Y0/h, x.Y1/h
		t.words[i] = x
	}
	for i := 0; i < len(t.words); i++ {
		first, whole := i, t.words[i].Text
		for i+1 < len(t.words) && divided(t.words[i], t.words[i+1]) {
			i++
			whole = strings.TrimRight(whole, "-\u00ad\u2010") + t.words[i].Text
		}
		for _, f := range search.Words(whole) {
			t.tokens = append(t.tokens, token{f, first, i})
		}
	}
	return t
}

// divided reports whether a word goes on in the next line.
func divided(a, b page.Word) bool {
	end, n := utf8.DecodeLastRuneInString(a.Text)
	begin, _ := utf8.DecodeRuneInString(b.Text)
	return a.Line != b.Line && n < len(a.Text) && (end == '-' || end == '\u00ad' || end == '\u2010') && unicode.IsLower(begin)
}

// boxes is where the words from first to last stand: one box for each line.
func (t *pageText) boxes(first, last int) []record.Box {
	var out []record.Box
	for i := first; i <= last && i < len(t.words); i++ {
		w := t.words[i]
		b := record.Box{X0: w.X0, Y0: w.Y0, X1: w.X1, Y1: w.Y1}
		if i > first && t.words[i-1].Line == w.Line {
			l := &out[len(out)-1]
			*l = record.Box{X0: min(l.X0, b.X0), Y0: min(l.Y0, b.Y0), X1: max(l.X1, b.X1), Y1: max(l.Y1, b.Y1)}
			continue
		}
		out = append(out, b)
	}
	return out
}

// text is what the words from first to last say, line by line.
func (t *pageText) text(first, last int) string {
	var b strings.Builder
	for i := first; i <= last && i < len(t.words); i++ {
		switch {
		case i == first:
		case t.words[i-1].Line == t.words[i].Line:
			b.WriteByte(' ')
		default:
			b.WriteByte('\n')
		}
		b.WriteString(t.words[i].Text)
	}
	return b.String()
}

// nearest is the word at a place, else the one a selection drawn to there ends with: the nearest word of
// the nearest line; -1 on a page without words. hit tells whether the place is on the word, or so near that
// it is meant.
func (t *pageText) nearest(x, y float64) (i int, hit bool) {
	best, found := 0.0, -1
	for i, w := range t.words {
		dx, dy := max(w.X0-x, 0, x-w.X1), max(w.Y0-y, 0, y-w.Y1)
		if dx == 0 && dy == 0 {
			return i, true
		}
		near := dx < nearWord && dy < nearLine
		if d := dx + 20*dy; found < 0 || d < best { // another line is further away than the end of this one
			best, found, hit = d, i, near
		}
	}
	return found, hit
}

// How far beside a word still means it, in fractions of the page.
const (
	nearWord = 0.012
	nearLine = 0.005
)

// library keeps the texts of the pages read last. It may be used from several goroutines at once.
type library struct {
	mu    sync.Mutex
	doc   Document
	pages map[int]*list.Element
	order *list.List // of shelved; front = used last
	words int
	leads map[int][]page.Link // of pages read last
}

type shelved struct {
	page int
	text *pageText
}

// keepWords bounds the words that are kept, about 8 MB, and keepLinks the pages whose links are.
const (
	keepWords = 60_000
	keepLinks = 32
)

func newLibrary(doc Document) *library {
	return &library{doc: doc, pages: map[int]*list.Element{}, order: list.New(), leads: map[int][]page.Link{}}
}

// peek is a page's text if it is kept.
func (l *library) peek(page int) *pageText {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	el, ok := l.pages[page]
	if !ok {
		return nil
	}
	l.order.MoveToFront(el)
	return el.Value.(shelved).text
}

// read is a page's text. A page whose document knows no words has none.
func (l *library) read(ctx context.Context, page int) (*pageText, error) {
	if t := l.peek(page); t != nil {
		return t, nil
	}
	doc, ok := l.doc.(Worded)
	if !ok {
		l.keep(page, &pageText{})
		return &pageText{}, nil
	}
	w, h, err := l.doc.Size(ctx, page)
	if err != nil {
		return nil, err
	}
	words, err := doc.Words(ctx, page)
	if err != nil {
		return nil, err
	}
	t := readPage(words, w, h)
	l.keep(page, t)
	return t, nil
}

// links are a page's links as far as they were read.
func (l *library) links(number int) []page.Link {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leads[number]
}

// readLinks gets a page's links. What cannot be read has none.
func (l *library) readLinks(ctx context.Context, number int) {
	doc, ok := l.doc.(Linked)
	if !ok {
		return
	}
	links, err := doc.Links(ctx, number)
	if ctx.Err() != nil || err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.leads) >= keepLinks {
		clear(l.leads)
	}
	l.leads[number] = links
}

func (l *library) keep(page int, t *pageText) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.pages[page]; known {
		return
	}
	l.pages[page] = l.order.PushFront(shelved{page, t})
	l.words += len(t.words)
	for l.words > keepWords && l.order.Len() > 1 {
		old := l.order.Remove(l.order.Back()).(shelved)
		delete(l.pages, old.page)
		l.words -= len(old.text.words)
	}
}
