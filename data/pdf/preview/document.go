package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"sync"

	"schalter/data/page"
	"schalter/data/record"
)

// Document is an open file. Its pages are counted from 0.
type Document struct {
	r     *Renderer
	src   *source
	pages int

	mu     sync.Mutex
	sizes  map[int][2]float64
	closed bool
}

// Pages is the number of pages, at least 1.
func (d *Document) Pages() int { return d.pages }

// Size is a page's width and height in points (1/72 inch) at zero turns. An image without a believable
// resolution is as long as A4.
func (d *Document) Size(ctx context.Context, page int) (wPt, hPt float64, err error) {
	if err := d.check(page); err != nil {
		return 0, 0, err
	}
	d.mu.Lock()
	s, known := d.sizes[page]
	d.mu.Unlock()
	if known {
		return s[0], s[1], nil
	}
	res, err := d.r.do(ctx, key{src: d.src, op: opSize, page: page})
	if err != nil {
		return 0, 0, err
	}
	d.mu.Lock()
	d.sizes[page] = [2]float64{res.wPt, res.hPt}
	d.mu.Unlock()
	return res.wPt, res.hPt, nil
}

// Render draws a page with its annotations and form fields on white, turned clockwise by quarter turns.
// The picture is shared with the cache and must not be changed. The next and the previous page are
// prepared afterwards.
//
// Errors: [record.CodePDFTooLarge] (too many pixels at this resolution), [record.CodePDFTimeout],
// [record.CodePDFCannotShow], [record.CodePDFNoPage]; ctx's error when ctx ended first.
func (d *Document) Render(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.RGBA, error) {
	k, err := d.drawing(opRender, page, dpi, quarterTurns)
	if err != nil {
		return nil, err
	}
	e, hit := d.r.cache.get(k)
	if !hit {
		res, err := d.r.do(ctx, k)
		if err != nil {
			return nil, err
		}
		e = entry{img: res.img}
	}
	if e.err != nil {
		return nil, e.err
	}
	d.prefetch(k, len(e.img.Pix))
	return e.img, nil
}

// Gray draws a page as Render does, without colours and for one reader: nothing is kept or prepared for it.
func (d *Document) Gray(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.Gray, error) {
	k, err := d.drawing(opGray, page, dpi, quarterTurns)
	if err != nil {
		return nil, err
	}
	res, err := d.r.do(ctx, k)
	return res.gray, err
}

func (d *Document) drawing(o op, page int, dpi float64, quarterTurns int) (key, error) {
	if err := d.check(page); err != nil {
		return key{}, err
	}
	if math.IsNaN(dpi) || dpi < 1 || dpi > 10_000 {
		return key{}, record.E(record.CodePDFTooLarge, fmt.Errorf("%g dpi asked for", dpi))
	}
	return key{src: d.src, op: o, page: page, dpi: dpi, turns: uint8(((quarterTurns % 4) + 4) % 4)}, nil
}

// Text is a page's plain text, with annotations and form fields, lines of a paragraph joined; "" for a
// page of pixels only.
func (d *Document) Text(ctx context.Context, page int) (string, error) {
	if err := d.check(page); err != nil {
		return "", err
	}
	res, err := d.r.do(ctx, key{src: d.src, op: opText, page: page})
	if err != nil {
		return "", err
	}
	return res.text, nil
}

// Words are a page's words and where they stand: points from the page's top left corner at zero turns, in
// the order in which they are read, with annotations and form fields. Invisible text, as recognized scans
// have it, counts; a page of pixels only has no words. The slice is the caller's.
func (d *Document) Words(ctx context.Context, number int) ([]page.Word, error) {
	if err := d.check(number); err != nil {
		return nil, err
	}
	res, err := d.r.do(ctx, key{src: d.src, op: opWords, page: number})
	if err != nil {
		return nil, err
	}
	return slices.Clone(res.words), nil // callers that asked at the same time share the answer
}

// Close forgets the document's pictures. Calls that still run end by themselves.
func (d *Document) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.r.drop(d.src)
}

func (d *Document) check(page int) error {
	d.mu.Lock()
	closed := d.closed
	d.mu.Unlock()
	if closed {
		return errClosed
	}
	if page < 0 || page >= d.pages {
		return record.E(record.CodePDFNoPage, nil, "page", page+1, "pages", d.pages)
	}
	return nil
}

// prefetch prepares the neighbours of the page just shown, next one first, as many as fit into the cache
// beside it.
func (d *Document) prefetch(shown key, bytes int) {
	room := min(d.r.o.CacheCount, int(d.r.o.CacheBytes/int64(bytes+entryCost))) - 1
	var keys []key
	for _, p := range []int{shown.page + 1, shown.page - 1} {
		if p < 0 || p >= d.pages || room <= 0 {
			continue
		}
		room--
		k := shown
		k.page = p
		if _, hit := d.r.cache.peek(k); !hit {
			keys = append(keys, k)
		}
	}
	d.r.goAhead(keys)
}

// keepsFailing reports whether asking again would only cost the same time again.
func keepsFailing(err error) bool {
	var e *record.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == record.CodePDFTimeout || e.Code == record.CodePDFTooLarge || errors.Is(e.Err, errRefused)
}
