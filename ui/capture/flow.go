package capture

import (
	"fyne.io/fyne/v2"

	"schalter/ui/look"
)

// flow sets objects side by side, the first one as wide as there is room; where that is too little for it, it
// has a line of its own.
type flow struct {
	gap   float32
	least float32 // room that the first one needs, at 100 % text size; 0: its own width
	width float32 // that there was last
}

func (l *flow) parts(o []fyne.CanvasObject) (rest []fyne.CanvasObject, wide, high float32) {
	for _, x := range o[1:] {
		if x.Visible() {
			m := x.MinSize()
			rest = append(rest, x)
			wide += m.Width + l.gap
			high = max(high, m.Height)
		}
	}
	return rest, wide, high
}

// two reports whether the first object needs a line of its own.
func (l *flow) two(o []fyne.CanvasObject, wide float32) bool {
	least := look.Px(l.least)
	if l.least == 0 {
		least = o[0].MinSize().Width
	}
	return l.width > 0 && wide > 0 && o[0].Visible() && wide+least > l.width
}

// MinSize is as high as the lines at the width there was last.
func (l *flow) MinSize(o []fyne.CanvasObject) fyne.Size {
	_, wide, high := l.parts(o)
	first := float32(0)
	if o[0].Visible() {
		first = o[0].MinSize().Height
	}
	if l.two(o, wide) {
		return fyne.NewSize(100, first+high)
	}
	return fyne.NewSize(100, max(first, high))
}

// Layout belongs to Fyne.
func (l *flow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	rest, wide, high := l.parts(o)
	y := float32(0)
	if l.two(o, wide) {
		m := o[0].MinSize()
		o[0].Move(fyne.Position{})
		o[0].Resize(fyne.NewSize(s.Width, m.Height))
		y = m.Height
	} else {
		m := o[0].MinSize()
		high = max(high, s.Height)
		o[0].Move(fyne.NewPos(0, (high-m.Height)/2))
		o[0].Resize(fyne.NewSize(max(0, s.Width-wide), m.Height))
	}
	x := s.Width - wide + l.gap
	for _, r := range rest {
		m := r.MinSize()
		r.Move(fyne.NewPos(max(0, x), y+(high-m.Height)/2))
		r.Resize(m)
		x += m.Width + l.gap
	}
}
