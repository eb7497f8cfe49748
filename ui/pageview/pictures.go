package pageview

import (
	"context"
	"errors"
	"image"
	"math"
	"slices"

	"schalter/data/record"
)

// request names one picture of one page.
type request struct {
	page  int
	turns int
	px    int // width in screen pixels
	small bool
}

// picture is what a page looks like, or why it cannot be shown.
type picture struct {
	img *image.RGBA
	at  request
	err error
}

// pictures gets what is to be seen drawn, one picture at a time: what is wished for first comes first, and
// what nobody wishes for any more is called off. All methods run on the window's goroutine; drawing does not.
type pictures struct {
	goFn, do func(f func())
	doc      Document
	room     func(page int) room          // for pages whose size is learnt while drawing
	learned  func(page int, w, h float64) // a page's size
	arrived  func(at request)             // a picture is there
	large    map[int]*picture             // pages in and near sight
	small    map[int]*picture             // thumbnails
	age      []int                        // of the thumbnails, oldest first
	wishes   []request
	flight   request
	busy     bool
	stop     context.CancelFunc
	paper    uint64 // counts the papers, so that answers for another one are dropped
}

// coarsest is the resolution below which a page that is too large is given up.
const coarsest = 20

// keepSmall bounds the thumbnails that are kept.
const keepSmall = 240

// begin takes a paper, nil for none.
func (p *pictures) begin(doc Document) {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	p.paper++
	p.doc, p.busy, p.wishes, p.age = doc, false, nil, nil
	p.large, p.small = map[int]*picture{}, map[int]*picture{}
}

// wish says what is to be seen, the most urgent first; near lists the pages whose pictures are kept.
func (p *pictures) wish(list []request, near func(page int) bool) {
	p.wishes = list
	for page := range p.large {
		if !near(page) {
			delete(p.large, page)
		}
	}
	if p.busy {
		if next, ok := p.next(); ok && next != p.flight && !slices.Contains(p.wishes, p.flight) {
			p.stop()
		}
		return
	}
	p.start()
}

// held is the picture of a page, exact or not.
func (p *pictures) held(at request) *picture {
	if at.small {
		return p.small[at.page]
	}
	return p.large[at.page]
}

// next is the first wish that is not fulfilled.
func (p *pictures) next() (request, bool) {
	for _, w := range p.wishes {
		if h := p.held(w); h == nil || h.at != w {
			return w, true
		}
	}
	return request{}, false
}

func (p *pictures) start() {
	w, ok := p.next()
	if !ok || p.doc == nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop, p.busy, p.flight = stop, true, w
	doc, paper, in := p.doc, p.paper, p.room(w.page)
	p.goFn(func() {
		d := draw(ctx, doc, w, in)
		p.do(func() {
			stop()
			if paper == p.paper {
				p.land(w, d)
			}
		})
	})
}

// drawn is what came back: the picture, what it was drawn for, and the page's size.
type drawn struct {
	picture
	w, h float64
}

// draw renders one page. The page's size is asked first, since pages of one paper may differ.
func draw(ctx context.Context, doc Document, r request, in room) drawn {
	w, h, err := doc.Size(ctx, r.page)
	if err == nil && (w <= 0 || h <= 0) {
		err = record.E(record.CodePDFCannotShow, nil)
	}
	if err != nil {
		return drawn{picture: picture{at: r, err: err}}
	}
	d := drawn{w: w, h: h}
	if r.turns%2 == 1 {
		w, h = h, w
	}
	if !r.small {
		r.px = in.pixels(w, h)
	}
	dpi := float64(r.px) * 72 / w
	if n := float64(r.px) * float64(r.px) * h / w; n > maxPixels {
		dpi *= math.Sqrt(maxPixels / n)
	}
	d.at = r
	for d.img, d.err = doc.Render(ctx, r.page, dpi, r.turns); record.CodeOf(d.err) == record.CodePDFTooLarge && dpi > coarsest; {
		dpi /= 2 // rather coarse than not at all
		d.img, d.err = doc.Render(ctx, r.page, dpi, r.turns)
	}
	return d
}

func (p *pictures) land(asked request, d drawn) {
	p.busy = false
	if !errors.Is(d.err, context.Canceled) {
		p.keep(asked, d)
	}
	if !p.busy { // unless what was told asked for more
		p.start()
	}
}

func (p *pictures) keep(asked request, d drawn) {
	if d.err != nil {
		d.at = asked // not asked again until it is wanted in another size
	}
	pic := d.picture
	if asked.small {
		p.small[asked.page] = &pic
		p.age = append(slices.DeleteFunc(p.age, func(page int) bool { return page == asked.page }), asked.page)
		for len(p.age) > keepSmall {
			delete(p.small, p.age[0])
			p.age = p.age[1:]
		}
	} else {
		p.large[asked.page] = &pic
	}
	if d.w > 0 {
		p.learned(asked.page, d.w, d.h)
	}
	p.arrived(d.at)
}
