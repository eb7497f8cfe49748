package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// CreateRenderer belongs to Fyne.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	r := &listRenderer{l: l, ring: newRing(6)}
	r.bar = newScrollBar(l)
	l.renderer = r
	r.arrange()
	return r
}

// slot is a row's place on the screen, used for one row after the other.
type slot struct {
	face, line *canvas.Rectangle
	row        fyne.CanvasObject
	index      int // the row it is filled with, or -1
}

type listRenderer struct {
	l       *List
	slots   []*slot
	ring    *canvas.Rectangle
	bar     *scrollBar
	objects []fyne.CanvasObject
	stale   bool // all rows must be filled anew
	theme   *look.Theme
	busy    bool
	again   bool
}

// IsClip tells Fyne's painters to cut what reaches over the list's edge.
func (r *listRenderer) IsClip() {}

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *listRenderer) MinSize() fyne.Size {
	return fyne.NewSize(look.Px(120), float32(r.l.rowHeight()))
}

func (r *listRenderer) Layout(fyne.Size) { r.arrange() }

func (r *listRenderer) Refresh() {
	if t := look.Current(); t != r.theme {
		r.theme, r.stale = t, true
	}
	r.arrange()
}

// arrange puts the rows in sight where they belong and fills those that show another one than before.
// Filling a row may change the list (rows that were at hand at once), so it may be asked for again while
// it runs.
func (r *listRenderer) arrange() {
	if r.busy {
		r.again = true
		return
	}
	r.busy = true
	defer func() { r.busy = false }()
	for {
		r.again = false
		r.arrangeOnce()
		if !r.again {
			return
		}
	}
}

func (r *listRenderer) arrangeOnce() {
	l, size := r.l, r.l.Size()
	first, count := l.Sight()
	count = min(count+1, max(l.length-first, 0))
	if size.Height <= 0 || size.Width <= 0 {
		count = 0
	}
	need := int(float64(size.Height)/l.rowHeight()) + 2
	r.room(need)
	for _, s := range r.slots {
		if r.stale || s.index < first || s.index >= first+count {
			s.index = -1
		}
	}
	r.stale = false
	h := float32(l.rowHeight())
	for i := first; i < first+count; i++ {
		s := r.slots[i%len(r.slots)]
		y := float32(float64(i)*l.rowHeight() - l.offset)
		r.place(s, y, h)
		if s.index != i {
			s.index = i
			l.Update(i, s.row)
		}
		r.paint(s)
	}
	r.markSelected(h, size)
	for _, s := range r.slots {
		s.show(s.index >= 0)
	}
	r.bar.follow(size)
}

func (r *listRenderer) room(need int) {
	if len(r.slots) >= need {
		return
	}
	for _, s := range r.slots {
		s.index = -1 // a row's place depends on how many there are
	}
	for len(r.slots) < need {
		r.slots = append(r.slots, &slot{canvas.NewRectangle(nothing), canvas.NewRectangle(nothing), r.l.Create(), -1})
	}
	r.objects = r.objects[:0]
	for _, s := range r.slots {
		r.objects = append(r.objects, s.face, s.row, s.line)
	}
	r.objects = append(r.objects, r.ring, r.bar)
}

func (r *listRenderer) place(s *slot, y, h float32) {
	w := r.l.Size().Width
	s.face.Move(fyne.NewPos(0, y))
	s.face.Resize(fyne.NewSize(w, h))
	s.line.Move(fyne.NewPos(0, y+h-1))
	s.line.Resize(fyne.NewSize(w, 1))
	s.row.Move(fyne.NewPos(0, y))
	s.row.Resize(fyne.NewSize(w, h-1))
}

func (r *listRenderer) paint(s *slot) {
	p := look.Palette()
	fill := p.Surface
	switch s.index {
	case r.l.selected:
		fill = p.AccentSoft
	case r.l.hovered:
		fill = p.Hover
	}
	if s.face.FillColor != fill {
		s.face.FillColor = fill
		s.face.Refresh()
	}
	if s.line.FillColor != p.Line {
		s.line.FillColor = p.Line
		s.line.Refresh()
	}
}

func (r *listRenderer) markSelected(h float32, size fyne.Size) {
	l := r.l
	on := l.selected >= 0 && (l.focused || look.Current().HighContrast())
	if on {
		y := float32(float64(l.selected)*l.rowHeight() - l.offset)
		r.ring.Move(fyne.NewPos(4, y+4)) // room for the stroke inside the clip
		r.ring.Resize(fyne.NewSize(size.Width-8, h-9))
	}
	showRing(r.ring, on)
	if on && !l.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = look.Palette().Line, 2
		r.ring.Refresh()
	}
}

func (s *slot) show(on bool) {
	if s.row.Visible() == on {
		return
	}
	for _, o := range []fyne.CanvasObject{s.face, s.row, s.line} {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// scrollBar shows where in the list one is, and can be dragged.
type scrollBar struct {
	widget.BaseWidget
	l     *List
	thumb *canvas.Rectangle
}

func newScrollBar(l *List) *scrollBar {
	b := &scrollBar{l: l, thumb: canvas.NewRectangle(nothing)}
	b.ExtendBaseWidget(b)
	return b
}

const barWidth = 10

func (b *scrollBar) follow(size fyne.Size) {
	total := float64(b.l.length) * b.l.rowHeight()
	if total <= float64(size.Height) || size.Height <= 0 {
		b.Hide()
		return
	}
	b.Show()
	b.Move(fyne.NewPos(size.Width-barWidth, 0))
	b.Resize(fyne.NewSize(barWidth, size.Height))
	h := max(float32(float64(size.Height)*float64(size.Height)/total), 32)
	y := float32(b.l.offset / (total - float64(size.Height)) * float64(size.Height-h))
	b.thumb.CornerRadius = 3
	ink := look.Palette().Ink2
	ink.A = 0x80
	b.thumb.FillColor = ink
	b.thumb.Move(fyne.NewPos(2, y+2))
	b.thumb.Resize(fyne.NewSize(barWidth-4, h-4))
	b.thumb.Refresh()
}

// Dragged scrolls.
func (b *scrollBar) Dragged(e *fyne.DragEvent) {
	height := float64(b.l.Size().Height)
	h := float64(b.thumb.Size().Height)
	if height <= h {
		return
	}
	total := float64(b.l.length)*b.l.rowHeight() - height
	b.l.scrollTo(b.l.offset + float64(e.Dragged.DY)/(height-h)*total)
	b.l.Refresh()
}

// DragEnd does nothing.
func (b *scrollBar) DragEnd() {}

// Tapped goes a page up or down.
func (b *scrollBar) Tapped(e *fyne.PointEvent) {
	page := float64(b.l.Size().Height)
	if e.Position.Y < b.thumb.Position().Y {
		page = -page
	}
	b.l.scrollTo(b.l.offset + page)
	b.l.Refresh()
}

// CreateRenderer belongs to Fyne.
func (b *scrollBar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout(b.thumb))
}
