package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"schalter/ui/look"
)

// Column stacks objects from the top, each as wide as the column. It gives an object its width before it
// asks for the height, so that paragraphs come out right. [Grow] marks objects that share what is left.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnLayout{gap}, objects...)
}

// Row sets objects side by side, each at its own width and centred in height. [Grow] marks objects that
// share what is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap}, objects...)
}

// Grow lets the object take the room that is left in a [Column] or [Row].
func Grow(o fyne.CanvasObject) fyne.CanvasObject { return container.New(growLayout{}, o) }

// Spacer takes the room that is left.
func Spacer() fyne.CanvasObject { return Grow(layout.NewSpacer()) }

// Pad surrounds an object with room.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(padLayout{top, right, bottom, left}, o)
}

// PadAll surrounds an object with the same room on all sides.
func PadAll(v float32, o fyne.CanvasObject) *fyne.Container { return Pad(v, v, v, v, o) }

// Width gives an object a fixed width, meant at 100 % text size.
func Width(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixedLayout{width: w}, o)
}

// AtMost centres an object and keeps it from getting wider than w, meant at 100 % text size.
func AtMost(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(atMostLayout{w}, o)
}

// Middle centres an object of its own size in both directions.
func Middle(o fyne.CanvasObject) *fyne.Container { return container.NewCenter(o) }

// UpTo lets an object be as wide as there is room, but not wider than w, meant at 100 % text size; it
// stays on the left.
func UpTo(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(upToLayout{w}, o)
}

// Upright centres an object in height and gives it the full width.
func Upright(o fyne.CanvasObject) *fyne.Container { return container.New(uprightLayout{}, o) }

// Scroll lets a tall object be scrolled; it gets the full width.
func Scroll(o fyne.CanvasObject) *fyne.Container {
	s := container.NewVScroll(o)
	return container.New(scrollLayout{o}, s)
}

// Reveal scrolls what [Scroll] has made until an object in it is in sight.
func Reveal(scrolled *fyne.Container, o fyne.CanvasObject) {
	s := scrolled.Objects[0].(*container.Scroll)
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	const around = 28 // the label above it
	switch bottom := top + o.Size().Height + around/2; {
	case top-around < s.Offset.Y:
		s.ScrollToOffset(fyne.NewPos(0, max(0, top-around)))
	case bottom > s.Offset.Y+s.Size().Height:
		s.ScrollToOffset(fyne.NewPos(0, bottom-s.Size().Height))
	}
}

type growLayout struct{}

func (growLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
func (growLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(s)
}

// visible looks through wrappers: room around something hidden is hidden with it.
func visible(o fyne.CanvasObject) bool {
	if !o.Visible() {
		return false
	}
	c, ok := o.(*fyne.Container)
	if !ok || len(c.Objects) != 1 {
		return true
	}
	switch c.Layout.(type) {
	case growLayout, padLayout, fixedLayout, atMostLayout:
		return visible(c.Objects[0])
	}
	return true
}

func grows(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(growLayout)
	return ok
}

type columnLayout struct{ gap float32 }

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !visible(o) {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height += m.Height
		n++
	}
	s.Height += l.gap * float32(max(n-1, 0))
	return s
}

func (l columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	heights := make([]float32, len(objects))
	used, growing, n := float32(0), 0, 0
	for i, o := range objects {
		if !visible(o) {
			continue
		}
		n++
		if o.Size().Width != size.Width {
			o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		}
		heights[i] = o.MinSize().Height
		used += heights[i]
		if grows(o) {
			growing++
		}
	}
	rest := size.Height - used - l.gap*float32(max(n-1, 0))
	y := float32(0)
	for i, o := range objects {
		if !visible(o) {
			continue
		}
		h := heights[i]
		if growing > 0 && grows(o) && h+rest/float32(growing) > 0 {
			h += rest / float32(growing)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + l.gap
	}
}

type rowLayout struct{ gap float32 }

func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !visible(o) {
			continue
		}
		m := o.MinSize()
		s.Height = max(s.Height, m.Height)
		s.Width += m.Width
		n++
	}
	s.Width += l.gap * float32(max(n-1, 0))
	return s
}

func (l rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	used, growing, n := float32(0), 0, 0
	for _, o := range objects {
		if !visible(o) {
			continue
		}
		n++
		used += o.MinSize().Width
		if grows(o) {
			growing++
		}
	}
	rest := size.Width - used - l.gap*float32(max(n-1, 0))
	x := float32(0)
	for _, o := range objects {
		if !visible(o) {
			continue
		}
		m := o.MinSize()
		h := m.Height
		if grows(o) {
			m.Width = max(m.Width+rest/float32(growing), 0)
			o.Resize(fyne.NewSize(m.Width, h))
			h = o.MinSize().Height
		}
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
		o.Resize(fyne.NewSize(m.Width, h))
		x += m.Width + l.gap
	}
}

type padLayout struct{ top, right, bottom, left float32 }

func (p padLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(p.left+p.right, p.top+p.bottom)
}

func (p padLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(p.left, p.top))
	o[0].Resize(fyne.NewSize(max(s.Width-p.left-p.right, 0), max(s.Height-p.top-p.bottom, 0)))
}

type fixedLayout struct{ width float32 }

func (f fixedLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := look.Px(f.width)
	if o[0].Size().Width != w {
		o[0].Resize(fyne.NewSize(w, o[0].MinSize().Height))
	}
	return fyne.NewSize(w, o[0].MinSize().Height)
}

func (f fixedLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(look.Px(f.width), s.Height))
}

type atMostLayout struct{ width float32 }

func (a atMostLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize()
	return fyne.NewSize(min(m.Width, look.Px(a.width)), m.Height)
}

func (a atMostLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := min(s.Width, look.Px(a.width))
	o[0].Move(fyne.NewPos((s.Width-w)/2, 0))
	o[0].Resize(fyne.NewSize(w, s.Height))
}

type upToLayout struct{ width float32 }

func (u upToLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (u upToLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(min(s.Width, look.Px(u.width)), s.Height))
}

type uprightLayout struct{}

func (uprightLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (uprightLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := o[0].MinSize().Height
	o[0].Move(fyne.NewPos(0, (s.Height-h)/2))
	o[0].Resize(fyne.NewSize(s.Width, h))
}

// scrollLayout tells the content its width before the scroll asks for its height.
type scrollLayout struct{ content fyne.CanvasObject }

func (l scrollLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.content.MinSize().Width, o[0].MinSize().Height)
}

func (l scrollLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if l.content.Size().Width != s.Width {
		l.content.Resize(fyne.NewSize(s.Width, l.content.MinSize().Height))
	}
	o[0].Move(fyne.Position{})
	o[0].Resize(s)
	o[0].Refresh()
}
