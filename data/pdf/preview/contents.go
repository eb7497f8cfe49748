package preview

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"schalter/data/page"
)

// Contents are what the file says about itself: its outline, what its pages are called, the names of files within it.
// A picture says nothing; what is damaged or beyond measure is left out. Nothing of it is kept here.
func (d *Document) Contents(ctx context.Context) (page.Contents, error) {
	if err := d.check(0); err != nil {
		return page.Contents{}, err
	}
	res, err := d.r.do(ctx, key{src: d.src, op: opContents})
	if err != nil {
		return page.Contents{}, err
	}
	return contentsOf(res.entries, d.pages), nil
}

// Links are the places of a page that lead elsewhere, in the file's order. None is ever followed by this package.
func (d *Document) Links(ctx context.Context, number int) ([]page.Link, error) {
	if err := d.check(number); err != nil {
		return nil, err
	}
	res, err := d.r.do(ctx, key{src: d.src, op: opLinks, page: number})
	if err != nil {
		return nil, err
	}
	return linksOf(res.entries, d.pages), nil
}

// entryHead is what stands before the letters of an entry. Of a label Page is the first page it is for, Depth its
// style, Top the first number, and the letters stand before each number.
type entryHead struct {
	Kind, Depth uint8
	Len         uint16
	Page        int32
	Top         float32
	Box         [4]float32
}

// The kinds of entries.
const (
	entryOutline = 'o'
	entryLabel   = 'l'
	entryFile    = 'f'
	entryLink    = 'k'
)

const (
	maxDepth = 32
	maxTitle = 300 // letters
	entryLen = 1 + 1 + 2 + 4 + 4 + 4*4
)

type contentEntry struct {
	entryHead
	text string
}

// entriesOf reads the answer to opContents and opLinks.
func entriesOf(body []byte) ([]contentEntry, error) {
	var out []contentEntry
	for len(body) > 0 {
		var e contentEntry
		if _, err := binary.Decode(body, binary.LittleEndian, &e.entryHead); err != nil {
			return nil, errProtocol
		}
		if body = body[entryLen:]; int(e.Len) > len(body) {
			return nil, errProtocol
		}
		e.text = oneLine(string(body[:e.Len]))
		body = body[e.Len:]
		out = append(out, e)
	}
	return out, nil
}

// oneLine is a text without what would break a line or turn around what follows.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > maxTitle {
		runes = append(runes[:maxTitle-1], '…')
	}
	return string(runes)
}

// target is where an entry leads to within a file of so many pages.
func (e contentEntry) target(pages int) (number int, top float64) {
	number, top = int(e.Page), float64(e.Top)
	if number < 0 || number >= pages {
		number = -1
	}
	if !inReach(top) || top < 0 {
		top = 0
	}
	return number, top
}

func contentsOf(entries []contentEntry, pages int) page.Contents {
	var c page.Contents
	var ranges []contentEntry
	for _, e := range entries {
		switch e.Kind {
		case entryOutline:
			h := page.Heading{Title: e.text, Depth: min(int(e.Depth), maxDepth)}
			h.Page, h.Top = e.target(pages)
			if last := len(c.Outline) - 1; last < 0 {
				h.Depth = 0
			} else {
				h.Depth = min(h.Depth, c.Outline[last].Depth+1)
			}
			c.Outline = append(c.Outline, h)
		case entryLabel:
			ranges = append(ranges, e)
		case entryFile:
			c.Files = append(c.Files, e.text)
		}
	}
	c.Labels = labels(ranges, pages)
	return c
}

func linksOf(entries []contentEntry, pages int) []page.Link {
	var out []page.Link
	for _, e := range entries {
		l := page.Link{
			X0: float64(e.Box[0]), Y0: float64(e.Box[1]), X1: float64(e.Box[2]), Y1: float64(e.Box[3]), Address: e.text,
		}
		l.Page, l.Top = e.target(pages)
		if l.Page >= 0 {
			l.Address = ""
		}
		switch {
		case e.Kind != entryLink, !inReach(l.X0, l.Y0, l.X1, l.Y1), l.X0 >= l.X1, l.Y0 >= l.Y1, l.Page < 0 && l.Address == "":
			continue
		}
		out = append(out, l)
	}
	return slices.Clip(out)
}
