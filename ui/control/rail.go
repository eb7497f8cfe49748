package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// RailItem is one place in the rail. Count is shown behind the name; "" shows none.
type RailItem struct {
	ID, Text, Count string
	Heading         bool // not a place, but the name of those below it
}

// Rail lists the places of the desk. It is one stop for Tab; the arrows move in it, Enter goes there.
type Rail struct {
	widget.BaseWidget
	OnOpen func(id string)

	items    []RailItem
	selected string
	cursor   int
	focused  bool
	hovered  int
}

// NewRail makes a rail.
func NewRail(open func(id string)) *Rail {
	r := &Rail{OnOpen: open, hovered: -1}
	r.ExtendBaseWidget(r)
	return r
}

// SetItems changes the places and their counts.
func (r *Rail) SetItems(items []RailItem) {
	if len(items) == len(r.items) {
		same := true
		for i := range items {
			same = same && items[i] == r.items[i]
		}
		if same {
			return
		}
	}
	r.items = items
	r.Refresh()
}

// Select shows where the desk is.
func (r *Rail) Select(id string) {
	r.selected = id
	for i, it := range r.items {
		if it.ID == id && !it.Heading {
			r.cursor = i
		}
	}
	r.Refresh()
}

// Item returns the place with the id.
func (r *Rail) Item(id string) (RailItem, bool) {
	for _, it := range r.items {
		if it.ID == id && !it.Heading {
			return it, true
		}
	}
	return RailItem{}, false
}

func (r *Rail) itemHeight() float32 { return look.Px(36) + 2 }

func (r *Rail) headHeight() float32 { return look.Px(33) }

func (r *Rail) heightOf(it RailItem) float32 {
	if it.Heading {
		return r.headHeight()
	}
	return r.itemHeight()
}

// at returns the index of the place at a height, or -1.
func (r *Rail) at(y float32) int {
	top := float32(0)
	for i, it := range r.items {
		h := r.heightOf(it)
		if y >= top && y < top+h {
			if it.Heading {
				return -1
			}
			return i
		}
		top += h
	}
	return -1
}

func (r *Rail) open(i int) {
	if i >= 0 && i < len(r.items) && !r.items[i].Heading && r.OnOpen != nil {
		r.OnOpen(r.items[i].ID)
	}
}

// Tapped goes to the place.
func (r *Rail) Tapped(e *fyne.PointEvent) { r.open(r.at(e.Position.Y)) }

// TypedKey moves in the rail or goes to the place.
func (r *Rail) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		r.step(1)
	case fyne.KeyUp:
		r.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.open(r.cursor)
	default:
		forward(r, e)
	}
}

func (r *Rail) step(d int) {
	for i := r.cursor + d; i >= 0 && i < len(r.items); i += d {
		if !r.items[i].Heading {
			r.cursor = i
			r.Refresh()
			return
		}
	}
}

// TypedShortcut goes to the commands.
func (r *Rail) TypedShortcut(s fyne.Shortcut) { forwardShortcut(r, s) }

// TypedRune does nothing.
func (r *Rail) TypedRune(rune) {}

// FocusGained shows the ring.
func (r *Rail) FocusGained() { r.focused = true; r.Refresh() }

// FocusLost takes the ring away.
func (r *Rail) FocusLost() { r.focused = false; r.Refresh() }

// MouseIn shows what would be clicked.
func (r *Rail) MouseIn(e *desktop.MouseEvent) { r.hover(r.at(e.Position.Y)) }

// MouseMoved shows what would be clicked.
func (r *Rail) MouseMoved(e *desktop.MouseEvent) { r.hover(r.at(e.Position.Y)) }

// MouseOut ends it.
func (r *Rail) MouseOut() { r.hover(-1) }

func (r *Rail) hover(i int) {
	if i != r.hovered {
		r.hovered = i
		r.Refresh()
	}
}

// CreateRenderer belongs to Fyne.
func (r *Rail) CreateRenderer() fyne.WidgetRenderer {
	v := &railRenderer{rail: r, ring: newRing(look.RadiusField)}
	v.Refresh()
	return v
}

type railLine struct {
	face        *canvas.Rectangle
	text, count *canvas.Text
}

type railRenderer struct {
	rail    *Rail
	lines   []railLine
	ring    *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (v *railRenderer) Destroy()                     {}
func (v *railRenderer) Objects() []fyne.CanvasObject { return v.objects }

func (v *railRenderer) MinSize() fyne.Size {
	s := fyne.NewSize(look.Px(150), 0)
	for _, it := range v.rail.items {
		s.Height += v.rail.heightOf(it)
	}
	return s
}

func (v *railRenderer) Layout(size fyne.Size) {
	y := float32(0)
	for i, it := range v.rail.items {
		l, h := v.lines[i], v.rail.heightOf(it)
		t := l.text.MinSize()
		if it.Heading {
			l.text.Move(fyne.NewPos(10, y+h-t.Height-4))
		} else {
			l.face.Move(fyne.NewPos(0, y))
			l.face.Resize(fyne.NewSize(size.Width, h-2))
			l.text.Move(fyne.NewPos(10, y+(h-2-t.Height)/2))
			c := l.count.MinSize()
			l.count.Move(fyne.NewPos(size.Width-10-c.Width, y+(h-2-c.Height)/2))
			l.count.Resize(c)
			if i == v.rail.cursor {
				v.ring.Move(fyne.NewPos(0, y))
				v.ring.Resize(fyne.NewSize(size.Width, h-2))
			}
		}
		l.text.Resize(t)
		y += h
	}
}

func (v *railRenderer) Refresh() {
	r := v.rail
	for len(v.lines) < len(r.items) {
		v.lines = append(v.lines, railLine{canvas.NewRectangle(nothing), &canvas.Text{}, &canvas.Text{}})
	}
	v.lines = v.lines[:len(r.items)]
	v.objects = v.objects[:0]
	for i, it := range r.items {
		v.paint(v.lines[i], it, i == r.hovered)
		v.objects = append(v.objects, v.lines[i].face, v.lines[i].text, v.lines[i].count)
	}
	showRing(v.ring, r.focused)
	v.objects = append(v.objects, v.ring)
	v.Layout(r.Size())
}

func (v *railRenderer) paint(l railLine, it RailItem, hovered bool) {
	p := look.Palette()
	on := it.ID == v.rail.selected && !it.Heading
	l.face.CornerRadius, l.face.FillColor = look.RadiusField, nothing
	l.face.StrokeColor, l.face.StrokeWidth = nothing, 0
	l.text.Text, l.text.Color, l.text.TextSize, l.text.TextStyle = it.Text, p.Ink, look.Text(look.TextBody), fyne.TextStyle{Bold: on}
	l.count.Text, l.count.Color, l.count.TextSize, l.count.TextStyle = it.Count, p.Ink2, look.Text(13), fyne.TextStyle{Bold: true}
	switch {
	case it.Heading:
		l.text.Color, l.text.TextSize, l.text.TextStyle = p.Ink2, look.Text(look.TextTiny), fyne.TextStyle{Bold: true}
	case on:
		l.face.FillColor, l.text.Color, l.count.Color = p.AccentSoft, p.Accent, p.Accent
		if look.Current().HighContrast() {
			l.face.StrokeColor, l.face.StrokeWidth = p.Line, 2
		}
	case hovered:
		l.face.FillColor = p.Hover
	}
	l.face.Hidden = it.Heading
	l.face.Refresh()
	l.text.Refresh()
	l.count.Refresh()
}
