package capture

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// slotBar shows the proofs as pills, the selected one framed. It is one stop for Tab; the arrows choose.
type slotBar struct {
	widget.BaseWidget
	pick    func(i int)
	pills   []*control.Pill
	chosen  int
	focused bool
}

func newSlotBar(pick func(i int)) *slotBar {
	b := &slotBar{pick: pick, chosen: -1}
	b.ExtendBaseWidget(b)
	return b
}

func (b *slotBar) update(s *Screen, slots []Slot, chosen int) {
	for len(b.pills) < len(slots) {
		b.pills = append(b.pills, control.NewPill("", "", control.KindNone))
	}
	b.pills = slices.Clone(b.pills[:len(slots)])
	for i, x := range slots {
		sign, text, kind := s.slotLabel(x)
		b.pills[i].Set(sign, text, kind)
	}
	b.chosen = chosen
	b.Refresh()
}

// spots flow the pills onto as many lines as they need.
func (b *slotBar) spots(width float32) (at []fyne.Position, size []fyne.Size, height float32) {
	const gap = 6
	h := look.Px(28)
	x, y := float32(0), float32(0)
	for _, p := range b.pills {
		w := p.MinSize().Width + 6
		if width > 0 {
			w = min(w, width)
		}
		if width > 0 && x > 0 && x+w > width {
			x, y = 0, y+h+2
		}
		at = append(at, fyne.NewPos(x, y))
		size = append(size, fyne.NewSize(w, h))
		x += w + gap
	}
	return at, size, y + h
}

// Index returns the pill at a position, -1 for none.
func (b *slotBar) index(pos fyne.Position) int {
	at, size, _ := b.spots(b.Size().Width)
	for i := range at {
		if pos.X >= at[i].X && pos.X < at[i].X+size[i].Width && pos.Y >= at[i].Y && pos.Y < at[i].Y+size[i].Height {
			return i
		}
	}
	return -1
}

// Tapped chooses a slot.
func (b *slotBar) Tapped(e *fyne.PointEvent) {
	if i := b.index(e.Position); i >= 0 {
		b.pick(i)
	}
}

// TypedKey chooses with the arrows; other keys go to the commands.
func (b *slotBar) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		b.pick(max(0, b.chosen-1))
	case fyne.KeyRight, fyne.KeyDown:
		b.pick(min(len(b.pills)-1, b.chosen+1))
	case fyne.KeyReturn, fyne.KeyEnter:
		if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
			c.FocusNext()
		}
	default:
		command.Forward(b, command.Plain(k.Name))
	}
}

// TypedRune does nothing.
func (b *slotBar) TypedRune(rune) {}

// TypedShortcut goes to the commands.
func (b *slotBar) TypedShortcut(s fyne.Shortcut) {
	if k, ok := command.KeyOf(s); ok {
		command.Forward(b, k)
	}
}

// FocusGained shows the ring.
func (b *slotBar) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost takes the ring away.
func (b *slotBar) FocusLost() { b.focused = false; b.Refresh() }

// AccessibilityLabel is the chosen slot.
func (b *slotBar) AccessibilityLabel() string {
	if b.chosen < 0 || b.chosen >= len(b.pills) {
		return ""
	}
	return b.pills[b.chosen].Text()
}

// AccessibilityRole is text.
func (b *slotBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// MinSize is the height of all lines at the present width.
func (b *slotBar) MinSize() fyne.Size {
	_, _, h := b.spots(b.Size().Width)
	return fyne.NewSize(80, h)
}

// CreateRenderer belongs to Fyne.
func (b *slotBar) CreateRenderer() fyne.WidgetRenderer {
	r := &slotBarRenderer{b: b, frame: canvas.NewRectangle(transparent)}
	r.Refresh()
	return r
}

type slotBarRenderer struct {
	b     *slotBar
	frame *canvas.Rectangle
}

func (r *slotBarRenderer) Destroy()           {}
func (r *slotBarRenderer) MinSize() fyne.Size { return r.b.MinSize() }

func (r *slotBarRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(r.b.pills)+1)
	for _, p := range r.b.pills {
		out = append(out, p)
	}
	return append(out, r.frame)
}

func (r *slotBarRenderer) Layout(s fyne.Size) {
	at, size, _ := r.b.spots(s.Width)
	for i, p := range r.b.pills {
		p.Move(at[i].AddXY(3, 0))
		p.Resize(size[i].SubtractWidthHeight(6, 0))
	}
	r.frame.Hidden = r.b.chosen < 0 || r.b.chosen >= len(at)
	if !r.frame.Hidden {
		r.frame.Move(at[r.b.chosen])
		r.frame.Resize(size[r.b.chosen])
	}
}

func (r *slotBarRenderer) Refresh() {
	p := look.Palette()
	r.frame.CornerRadius = look.Px(14)
	r.frame.StrokeColor, r.frame.StrokeWidth = p.Accent, 1.5
	if r.b.focused {
		r.frame.StrokeColor, r.frame.StrokeWidth = p.Focus, look.RingWidth
	}
	r.frame.Refresh()
	for _, x := range r.b.pills {
		x.Refresh()
	}
	r.Layout(r.b.Size())
}
