package pageview

import (
	"context"
	"errors"
	"image"
	"math"

	"schalter/data/record"
)

// Document is an opened paper. Its methods may be called from any goroutine, one at a time.
type Document interface {
	Pages() int
	// Size is the page's width and height in points as it stands after 0 turns; page counts from 0.
	Size(ctx context.Context, page int) (w, h float64, err error)
	// Render draws a page turned clockwise by quarters.
	Render(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.RGBA, error)
	Close()
}

// Open opens a paper; password is "" at first. [record.CodePDFPassword] asks for (another) one.
type Open func(ctx context.Context, password string) (Document, error)

// Status is what the view shows.
type Status int

// The states of the view.
const (
	Empty Status = iota
	Loading
	Showing
	Locked  // a password is asked for
	Trouble // it cannot be shown; Err says why
)

// Zoom limits: one tenth and four times the real size.
const (
	zoomMin  = 0.1
	zoomMax  = 4.0
	zoomStep = 1.2
	fitWidth = 0.0
	fitPage  = -1.0
	// screenDPI is the resolution at which one point of paper times 96/72 is one unit of the window.
	screenDPI = 96.0
	// maxPixels bounds one drawn page; beyond it the page is drawn coarser and stretched.
	maxPixels = 24_000_000
)

// model holds what is shown of which paper, asks for page images, and drops answers that nobody waits for
// any more. All methods run on the window's goroutine; rendering does not.
type model struct {
	goFn    func(f func()) // slow work
	do      func(f func()) // back to the window
	changed func()

	open     Open
	doc      Document
	status   Status
	err      error
	wrong    bool // the password given was not the right one
	page     int  // from 0
	pages    int
	turns    int
	zoom     float64 // [fitWidth], [fitPage] or a factor
	w, h     float64 // of the page in points, turned
	img      *image.RGBA
	imgAt    request // what img was drawn for
	scale    float64 // screen pixels per unit of the window
	width    float64 // room in units of the window
	height   float64
	opening  uint64 // number of the opening under way
	wanted   request
	busy     bool
	stopWork context.CancelFunc
	stopOpen context.CancelFunc
}

// request names one picture of one page.
type request struct {
	doc   uint64
	page  int
	turns int
	px    int // width in screen pixels
}

func newModel(goFn, do func(func()), changed func()) *model {
	return &model{goFn: goFn, do: do, changed: changed, scale: 1, width: 400, height: 500}
}

// Show opens a paper at its first page; nil shows none.
func (m *model) Show(open Open, page int) {
	m.drop()
	m.open, m.page, m.turns, m.zoom, m.wrong = open, max(page, 0), 0, 0, false
	if open == nil {
		m.changed()
		return
	}
	m.unlock("")
}

// drop lets go of the paper and of everything that is under way for it.
func (m *model) drop() {
	if m.stopWork != nil {
		m.stopWork()
	}
	if m.stopOpen != nil {
		m.stopOpen()
	}
	if d := m.doc; d != nil {
		m.goFn(d.Close)
	}
	m.opening++
	m.doc, m.img, m.err, m.status, m.pages = nil, nil, nil, Empty, 0
	m.imgAt, m.wanted = request{}, request{}
	m.busy = false
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
	m.stopOpen = stop
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
		m.doc, m.pages, m.status = doc, pages, Loading
		m.page = min(m.page, pages-1)
		m.want()
	}
	m.changed()
}

// Room tells how large the view is and how many screen pixels one unit has.
func (m *model) Room(width, height, scale float64) {
	if width == m.width && height == m.height && scale == m.scale {
		return
	}
	m.width, m.height, m.scale = width, height, scale
	m.want()
}

// Turn goes to a page if there is one, and reports whether it did.
func (m *model) Turn(page int) bool {
	if m.doc == nil || page < 0 || page >= m.pages || page == m.page {
		return false
	}
	m.page = page
	m.want()
	m.changed()
	return true
}

// Rotate turns the paper clockwise by a quarter.
func (m *model) Rotate() {
	if m.doc == nil {
		return
	}
	m.turns = (m.turns + 1) % 4
	m.want()
	m.changed()
}

// ZoomBy makes the paper larger (1) or smaller (-1).
func (m *model) ZoomBy(step int) {
	m.zoom = min(max(m.Zoom()*math.Pow(zoomStep, float64(step)), zoomMin), zoomMax)
	m.want()
	m.changed()
}

// Fit fits the paper to the width; where it is fitted already, the whole page.
func (m *model) Fit() {
	if m.zoom == fitWidth {
		m.zoom = fitPage
	} else {
		m.zoom = fitWidth
	}
	m.want()
	m.changed()
}

// Zoom is the size at which the paper is shown; 1 is its real size.
func (m *model) Zoom() float64 {
	if m.w <= 0 {
		return 1
	}
	return room{m.width, m.height, m.scale, m.zoom}.factor(m.w, m.h)
}

// room is what there is to draw into, and the zoom that was chosen.
type room struct{ width, height, scale, zoom float64 }

// factor is the zoom of a page of w x h points.
func (r room) factor(w, h float64) float64 {
	z := r.zoom
	switch z {
	case fitWidth:
		z = r.width / (w * screenDPI / 72)
	case fitPage:
		z = min(r.width/w, r.height/h) * 72 / screenDPI
	}
	return min(max(z, zoomMin), zoomMax)
}

// pixels is the width of a page in screen pixels.
func (r room) pixels(w, h float64) int {
	return max(1, int(math.Round(w*screenDPI/72*r.factor(w, h)*r.scale)))
}

// PageSize is the size of the shown page in units of the window, whole screen pixels.
func (m *model) PageSize() (w, h float64) {
	if m.w <= 0 {
		return 0, 0
	}
	px := m.pixels()
	return float64(px) / m.scale, math.Round(float64(px)*m.h/m.w) / m.scale
}

func (m *model) pixels() int {
	return room{m.width, m.height, m.scale, m.zoom}.pixels(m.w, m.h)
}

// want asks for the picture that should be on the screen now. One is drawn at a time; while one is under
// way for something else, it is called off and the newest wish follows.
func (m *model) want() {
	if m.doc == nil {
		return
	}
	w := request{doc: m.opening, page: m.page, turns: m.turns}
	if m.w > 0 && m.imgAt.doc == w.doc && m.imgAt.page == w.page && m.imgAt.turns == w.turns {
		w.px = m.pixels()
		if m.imgAt == w && !m.busy {
			return
		}
	}
	if m.busy {
		if w == m.wanted && w.px != 0 {
			return
		}
		m.wanted = w
		m.stopWork()
		return
	}
	m.wanted = w
	m.start()
}

type drawn struct {
	img  *image.RGBA
	w, h float64
	at   request
	err  error
}

func (m *model) start() {
	ctx, stop := context.WithCancel(context.Background())
	m.stopWork, m.busy = stop, true
	doc, w, n := m.doc, m.wanted, m.opening
	r := room{m.width, m.height, m.scale, m.zoom}
	m.goFn(func() {
		d := draw(ctx, doc, w, r)
		m.do(func() {
			stop()
			if n == m.opening {
				m.arrived(w, d)
			}
		})
	})
}

// draw renders one page. The page's size is asked first, since pages of one paper may differ.
func draw(ctx context.Context, doc Document, r request, in room) drawn {
	w, h, err := doc.Size(ctx, r.page)
	if err != nil {
		return drawn{err: err}
	}
	if r.turns%2 == 1 {
		w, h = h, w
	}
	if w <= 0 || h <= 0 {
		return drawn{err: record.E(record.CodePDFCannotShow, nil)}
	}
	r.px = in.pixels(w, h)
	dpi := float64(r.px) * 72 / w
	if n := float64(r.px) * float64(r.px) * h / w; n > maxPixels {
		dpi *= math.Sqrt(maxPixels / n)
	}
	img, err := doc.Render(ctx, r.page, dpi, r.turns)
	return drawn{img: img, w: w, h: h, at: r, err: err}
}

func (m *model) arrived(asked request, d drawn) {
	m.busy = false
	if asked != m.wanted || errors.Is(d.err, context.Canceled) { // called off: the newest wish is next
		m.start()
		return
	}
	switch {
	case d.err != nil:
		m.status, m.err, m.img = Trouble, d.err, nil
	default:
		m.status, m.err = Showing, nil
		m.img, m.imgAt, m.w, m.h = d.img, d.at, d.w, d.h
		m.wanted = d.at
		if d.at.px != m.pixels() { // the room changed while it was drawn
			m.want()
		}
	}
	m.changed()
}
