package pagetable

import (
	"container/list"
	"context"
	"image"
	"slices"

	"schalter/data/page"
	"schalter/data/record"
)

// picture names a picture: a page at a size, upright, as a sheet shows it or as it came; or just as its pixels
// are.
type picture struct {
	hash  record.Hash
	page  int
	size  int
	bare  bool // its pixels
	turns int
	skew  float64
	crop  record.Box // the zero Box: all
}

func asItCame(p *Page, size int) picture {
	return picture{hash: p.From.Blob.Hash, page: p.Page, size: size}
}

func asShown(p *Page, size int) picture {
	k := asItCame(p, size)
	k.turns, k.skew = p.Turns, p.Skew
	if p.Crop != nil {
		k.crop = *p.Crop
	}
	return k
}

func (k picture) raw() picture { return picture{hash: k.hash, page: k.page, size: k.size, bare: true} }

func (k picture) sheet() record.Sheet {
	s := record.Sheet{Turns: k.turns, Skew: k.skew}
	if k.crop != (record.Box{}) {
		s.Crop = &k.crop
	}
	return s
}

// wish is a picture that is wanted, with where it comes from.
type wish struct {
	what picture
	from record.Original
}

// shelf holds pictures and has those made that are wanted, one at a time, away from the window. It belongs to
// the window's goroutine.
type shelf struct {
	source  Pictures
	run, do func(func())
	changed func()

	kept   map[picture]*list.Element
	order  list.List // of stored, the one used last in front
	bytes  int
	most   int
	bad    map[picture]bool // cannot be drawn
	held   map[record.Hash]int
	wishes []wish
	wanted map[picture]bool // by what is in sight; not let go of, or it would be drawn again and again
	making *wish
	cancel context.CancelFunc
}

type stored struct {
	what picture
	img  *image.RGBA
	size int // in bytes; 0 for one whose pixels are kept under another name
}

// mostBytes bounds the pictures that are kept: three hundred thumbnails and a few large pages.
const mostBytes = 64 << 20

func newShelf(source Pictures, run, do func(func()), changed func()) *shelf {
	return &shelf{source: source, run: run, do: do, changed: changed, kept: map[picture]*list.Element{}, bad: map[picture]bool{}, held: map[record.Hash]int{}, most: mostBytes}
}

// get is a picture if it is there; bad: it cannot be drawn.
func (s *shelf) get(what picture) (img *image.RGBA, bad bool) {
	if e, ok := s.kept[what]; ok {
		s.order.MoveToFront(e)
		return e.Value.(stored).img, false
	}
	return nil, s.bad[what.raw()]
}

// want says which pictures are wanted now, the most urgent first; what was wanted before and is not any more
// is called off.
func (s *shelf) want(wishes []wish) {
	s.wishes, s.wanted = wishes, map[picture]bool{}
	for _, w := range wishes {
		s.wanted[w.what], s.wanted[w.what.raw()] = true, true
	}
	if s.making != nil && !slices.ContainsFunc(wishes, func(w wish) bool { return w.what.raw() == s.making.what.raw() }) {
		s.cancel()
	}
	s.trim()
	s.next()
}

func (s *shelf) next() {
	if s.making != nil || s.source == nil {
		return
	}
	for len(s.wishes) > 0 {
		w := s.wishes[0]
		s.wishes = s.wishes[1:]
		if img, bad := s.get(w.what); img == nil && !bad {
			s.make(w)
			return
		}
	}
}

func (s *shelf) make(w wish) {
	raw, _ := s.get(w.what.raw())
	held, known := s.held[w.what.hash]
	ctx, cancel := context.WithCancel(context.Background())
	s.making, s.cancel = &w, cancel
	s.run(func() {
		var err error
		fresh := raw == nil
		if fresh {
			raw, err = s.source.Draw(ctx, w.from, w.what.page, w.what.size)
		}
		if h, ok := s.source.(Holder); ok && !known && err == nil {
			held = h.Held(ctx, w.from)
		}
		img := raw
		if err == nil {
			img = w.what.lay(raw, held)
		}
		s.do(func() {
			called := ctx.Err() != nil
			cancel()
			s.making = nil
			switch {
			case called && err == nil && len(s.wishes) == 0: // nobody looks any more
			case err == nil:
				s.held[w.what.hash] = held
				if fresh {
					s.keep(w.what.raw(), raw, len(raw.Pix))
				}
				size := len(img.Pix)
				if img == raw {
					size = 0
				}
				s.keep(w.what, img, size)
			case !called:
				s.bad[w.what.raw()] = true
			}
			s.changed()
			s.next()
		})
	})
}

// lay is the picture out of its pixels.
func (k picture) lay(raw *image.RGBA, held int) *image.RGBA {
	s := k.sheet()
	s.Turns += held
	if k.bare || s.Turns%4 == 0 && s.Skew == 0 && s.Crop == nil {
		return raw
	}
	return page.Lay(raw, s, k.size)
}

func (s *shelf) keep(what picture, img *image.RGBA, size int) {
	if _, ok := s.kept[what]; ok {
		return
	}
	s.kept[what] = s.order.PushFront(stored{what, img, size})
	s.bytes += size
	s.trim()
}

// trim lets go of the pictures used longest ago.
func (s *shelf) trim() {
	for e := s.order.Back(); e != nil && s.bytes > s.most; {
		old, before := e.Value.(stored), e.Prev()
		if !s.wanted[old.what] {
			s.order.Remove(e)
			delete(s.kept, old.what)
			s.bytes -= old.size
		}
		e = before
	}
}

// empty lets go of all pictures and of what is being made.
func (s *shelf) empty() {
	s.wishes, s.wanted = nil, nil
	if s.making != nil {
		s.cancel()
	}
	clear(s.kept)
	clear(s.bad)
	clear(s.held)
	s.order.Init()
	s.bytes = 0
}
