package pageview

import (
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// area is where the pages lie. It can have the keys.
type area struct {
	widget.BaseWidget
	v        *View
	ground   *control.Ground
	ring     *fyne.Container // four lines: a frame would be drawn into the neighbours
	paper    *fyne.Container // the leaves
	leaves   map[int]*leaf
	spare    []*leaf
	clip     *container.Clip
	words    *fyne.Container // instead of a paper
	status   Status
	drawn    bool // there was a picture when the words were chosen
	password *control.Entry
	focused  bool
	hand     hand
	held     func() fyne.KeyModifier
	now      func() time.Time
}

func newArea(v *View) *area {
	a := &area{v: v, status: -1, leaves: map[int]*leaf{}, held: held, now: time.Now}
	a.ground = control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor = p.PaperDesk
		r.BottomLeftCornerRadius, r.BottomRightCornerRadius = look.RadiusCard-1, look.RadiusCard-1
		if v.m.doc != nil { // the foot line is below
			r.BottomLeftCornerRadius, r.BottomRightCornerRadius = 0, 0
		}
	})
	a.ring = &fyne.Container{Objects: []fyne.CanvasObject{line(), line(), line(), line()}}
	a.paper = &fyne.Container{}
	a.clip = container.NewClip(a.paper)
	a.words = container.NewStack()
	a.ExtendBaseWidget(a)
	return a
}

// update shows what the model has. It never refreshes the whole area: that would bring every picture to the
// screen's memory anew.
func (a *area) update() {
	m := a.v.m
	if m.doc == nil && m.status != Loading || m.status != a.status || len(m.pics.large) > 0 != a.drawn {
		tried := a.password != nil && a.password.Focused()
		if m.status != a.status && (m.status == Empty || a.status == Empty || a.status == -1) {
			defer a.ground.Refresh()
		}
		a.status, a.drawn = m.status, len(m.pics.large) > 0
		a.say()
		if tried {
			a.answered()
		}
	}
	a.place()
}

// place lays the pages in sight down at whole screen pixels, so that they are as sharp as they were drawn.
func (a *area) place() {
	m := a.v.m
	if m.doc == nil || a.Size().IsZero() {
		a.freeAll(func(int) bool { return false })
		return
	}
	first, last := m.inSight()
	a.freeAll(func(page int) bool { return page >= first && page <= last })
	for page := first; page <= last; page++ {
		l := a.leaf(page)
		at, size := a.frame(page)
		a.picture(l)
		l.place(at, a.groundOf(page, size))
		l.put(m.patches(page))
	}
}

// frame is where a page stands in the area.
func (a *area) frame(page int) (fyne.Position, fyne.Size) {
	m := a.v.m
	w, h := m.strip.size(page)
	return fyne.NewPos(a.snap(a.left(w)), a.snap(m.strip.tops[page]+a.top())), fyne.NewSize(float32(w), float32(h))
}

// groundOf is what is drawn upon on a page.
func (a *area) groundOf(page int, size fyne.Size) ground {
	s := &a.v.m.strip
	w, _ := s.turned(page)
	return ground{size, size.Width / float32(w), s.scale, s.turns}
}

// left is where a page of a width begins: in the middle, unless some page is wider than the area.
func (a *area) left(w float64) float64 {
	m := a.v.m
	if m.strip.wide > m.strip.width {
		return marginX + (m.strip.wide-w)/2 - m.x
	}
	return (float64(a.Size().Width) - w) / 2
}

// top is where the strip begins: pages that do not fill the area stand in its middle.
func (a *area) top() float64 {
	m := a.v.m
	if over := m.sight - m.strip.height() - 2*marginY; over > 0 {
		return marginY + over/2
	}
	return marginY - m.y
}

func (a *area) snap(v float64) float32 {
	return float32(math.Round(v*a.v.m.strip.scale) / a.v.m.strip.scale)
}

// leaf is the page's leaf.
func (a *area) leaf(page int) *leaf {
	if l := a.leaves[page]; l != nil {
		return l
	}
	var l *leaf
	if n := len(a.spare); n > 0 {
		l, a.spare = a.spare[n-1], a.spare[:n-1]
	} else {
		l = newLeaf()
		a.paper.Objects = append(a.paper.Objects, l.box)
	}
	l.page = page
	l.paint()
	a.leaves[page] = l
	return l
}

func (a *area) freeAll(but func(page int) bool) {
	for page, l := range a.leaves {
		if !but(page) {
			l.free()
			delete(a.leaves, page)
			a.spare = append(a.spare, l)
		}
	}
}

// picture shows a page's picture, a coarse one while it is drawn, or why there is none.
func (a *area) picture(l *leaf) {
	m := a.v.m
	large, small := m.pics.large[l.page], m.pics.small[l.page]
	turned := func(p *picture) bool { return p == nil || p.img == nil || p.at.turns != m.strip.turns }
	var err error
	switch {
	case large != nil && large.err != nil:
		err = large.err
		l.show(nil)
	case !turned(large):
		l.show(large.img)
	case !turned(small):
		l.show(small.img)
	default:
		l.show(nil)
	}
	if large != l.told {
		l.told, l.err = large, err
		l.words.Objects = a.trouble(err)
		for _, o := range l.words.Objects {
			o.Resize(l.ground.size)
		}
		l.words.Refresh()
		l.paint()
	}
}

// Resize tells the model how much room there is.
func (a *area) Resize(s fyne.Size) {
	a.BaseWidget.Resize(s)
	scale := float64(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil {
		scale = float64(c.Scale())
	}
	a.v.m.Room(float64(s.Width), float64(s.Height), scale)
	a.place()
	a.v.slide.update()
}

// FocusGained shows the ring and gets the words that may be selected.
func (a *area) FocusGained() {
	a.focused = true
	a.curious()
	a.paintRing()
}

// FocusLost takes the ring away.
func (a *area) FocusLost() {
	a.focused = false
	a.paintRing()
}

func (a *area) curious() {
	a.v.m.curious = true
	a.v.m.read()
}

func line() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }

func (a *area) paintRing() {
	a.ring.Hidden = !a.focused
	for _, o := range a.ring.Objects {
		o.(*canvas.Rectangle).FillColor = look.Palette().Focus
	}
	a.ring.Refresh()
}

func (a *area) layRing(s fyne.Size) {
	const wide = look.RingWidth
	for i, at := range [][4]float32{{0, 0, s.Width, wide}, {0, s.Height - wide, s.Width, wide}, {0, 0, wide, s.Height}, {s.Width - wide, 0, wide, s.Height}} {
		a.ring.Objects[i].Move(fyne.NewPos(at[0], at[1]))
		a.ring.Objects[i].Resize(fyne.NewSize(at[2], at[3]))
	}
}

// Disabled keeps the keys away while there is no paper.
func (a *area) Disabled() bool { return a.v.m.doc == nil }

// Enable belongs to fyne.Disableable; whether there is a paper decides.
func (a *area) Enable() {}

// Disable belongs to fyne.Disableable; whether there is a paper decides.
func (a *area) Disable() {}

// AccessibilityLabel says what lies here.
func (a *area) AccessibilityLabel() string {
	page, of := a.v.Page()
	return a.v.texts.T("pageview.page", "page", page, "of", of)
}

// AccessibilityRole is text.
func (a *area) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (a *area) CreateRenderer() fyne.WidgetRenderer {
	a.paintRing()
	return &areaRenderer{a: a, objects: []fyne.CanvasObject{a.ground, a.clip, a.words, a.ring}}
}

type areaRenderer struct {
	a       *area
	objects []fyne.CanvasObject
}

func (r *areaRenderer) Destroy()                     {}
func (r *areaRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *areaRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, 120) }

func (r *areaRenderer) Layout(s fyne.Size) {
	for _, o := range r.objects {
		o.Resize(s)
	}
	r.a.layRing(s)
	r.a.place()
}

// Refresh follows the look.
func (r *areaRenderer) Refresh() {
	r.a.paintRing()
	for _, l := range r.a.leaves {
		l.paint()
	}
	for _, o := range r.objects {
		o.Refresh()
	}
}
