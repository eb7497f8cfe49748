package tray

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2/canvas"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/pageview"
)

// thumbs are the small pictures of pages, drawn one after another when they come into sight.
type thumbs struct {
	n     Needs
	came  func()
	done  map[string]*canvas.Image // nil: it cannot be drawn
	order []string
	busy  bool
	next  []sorting.Page
}

// maxThumbs bounds how many are kept, and thumbPixels how large they are drawn.
const (
	maxThumbs   = 150
	thumbPixels = 190
)

func thumbKey(p sorting.Page) string { return fmt.Sprint(p.ID, p.Turns, p.Skew) }

// of gives a page's picture, nil where there is none yet.
func (t *thumbs) of(p sorting.Page) *canvas.Image {
	img, known := t.done[thumbKey(p)]
	if !known && t.n.Pictures != nil {
		t.next = append(t.next, p)
		t.draw()
	}
	return img
}

func (t *thumbs) draw() {
	if t.busy || len(t.next) == 0 {
		return
	}
	p := t.next[len(t.next)-1] // the last asked for is in sight
	t.next = t.next[:len(t.next)-1]
	if _, known := t.done[thumbKey(p)]; known {
		t.draw()
		return
	}
	t.busy = true
	t.n.Run(func(ctx context.Context) func() {
		img, err := t.n.Pictures.Draw(ctx, p.Original, 0, thumbPixels)
		if err == nil {
			img = page.Lay(img, record.Sheet{Turns: p.Turns, Skew: p.Skew}, thumbPixels)
		}
		return func() { t.keep(thumbKey(p), img, err) }
	})
}

func (t *thumbs) keep(key string, img *image.RGBA, err error) {
	t.busy = false
	t.done[key] = nil
	if err == nil {
		t.done[key] = canvas.NewImageFromImage(img)
	}
	if t.order = append(t.order, key); len(t.order) > maxThumbs {
		delete(t.done, t.order[0])
		t.order = t.order[1:]
	}
	t.came()
	t.draw()
}

// turned shows a paper turned by quarters.
type turned struct {
	pageview.Document
	turns int
}

func (d turned) Size(ctx context.Context, page int) (w, h float64, err error) {
	w, h, err = d.Document.Size(ctx, page)
	if d.turns%2 == 1 {
		w, h = h, w
	}
	return w, h, err
}

func (d turned) Render(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.RGBA, error) {
	return d.Document.Render(ctx, page, dpi, (quarterTurns+d.turns)%4)
}

// openTurned opens a page as it is turned in the tray.
func openTurned(open pageview.Open, turns int) pageview.Open {
	if turns == 0 {
		return open
	}
	return func(ctx context.Context, password string) (pageview.Document, error) {
		d, err := open(ctx, password)
		if err != nil {
			return nil, err
		}
		return turned{d, turns}, nil
	}
}
