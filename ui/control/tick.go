package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Tick is a choice that is on or off: Space or a click changes it.
type Tick struct {
	widget.BaseWidget
	OnChanged func(on bool)

	text    string
	on      bool
	focused bool
}

// NewTick makes a choice that is off.
func NewTick(text string, changed func(on bool)) *Tick {
	t := &Tick{text: text, OnChanged: changed}
	t.ExtendBaseWidget(t)
	return t
}

// On reports whether the choice is on.
func (t *Tick) On() bool { return t.on }

// Set changes the words and the choice without telling anybody.
func (t *Tick) Set(text string, on bool) {
	t.text, t.on = text, on
	t.Refresh()
}

// Toggle changes the choice.
func (t *Tick) Toggle() {
	t.on = !t.on
	t.Refresh()
	if t.OnChanged != nil {
		t.OnChanged(t.on)
	}
}

// Tapped changes the choice.
func (t *Tick) Tapped(*fyne.PointEvent) {
	Focus(t)
	t.Toggle()
}

// TypedKey changes the choice with Space; other keys go to the commands.
func (t *Tick) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		t.Toggle()
		return
	}
	forward(t, e)
}

// TypedShortcut goes to the commands.
func (t *Tick) TypedShortcut(s fyne.Shortcut) { forwardShortcut(t, s) }

// TypedRune does nothing.
func (t *Tick) TypedRune(rune) {}

// FocusGained shows the ring.
func (t *Tick) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost takes the ring away.
func (t *Tick) FocusLost() { t.focused = false; t.Refresh() }

// AccessibilityLabel is the choice and how it stands.
func (t *Tick) AccessibilityLabel() string {
	if t.on {
		return SignDone + " " + t.text
	}
	return t.text
}

// AccessibilityRole is text: Fyne knows no role for a choice.
func (t *Tick) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (t *Tick) CreateRenderer() fyne.WidgetRenderer {
	r := &tickRenderer{t: t, box: canvas.NewRectangle(nothing), ring: newRing(look.RadiusField), sign: &canvas.Text{}, text: &canvas.Text{}}
	r.Refresh()
	return r
}

type tickRenderer struct {
	t          *Tick
	box, ring  *canvas.Rectangle
	sign, text *canvas.Text
}

func (r *tickRenderer) Destroy() {}
func (r *tickRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.sign, r.text, r.ring}
}

// side is the edge of the box; the words begin gap after it.
func (r *tickRenderer) side() float32 { return look.Px(18) }

func (r *tickRenderer) MinSize() fyne.Size {
	return fyne.NewSize(6+r.side()+8+r.text.MinSize().Width+6, look.Px(look.Target))
}

func (r *tickRenderer) Layout(s fyne.Size) {
	side := r.side()
	y := (s.Height - side) / 2
	r.box.Move(fyne.NewPos(6, y))
	r.box.Resize(fyne.NewSize(side, side))
	sign, text := r.sign.MinSize(), r.text.MinSize()
	r.sign.Move(fyne.NewPos(6+(side-sign.Width)/2, y+(side-sign.Height)/2))
	r.sign.Resize(sign)
	r.text.Move(fyne.NewPos(6+side+8, (s.Height-text.Height)/2))
	r.text.Resize(text)
	r.ring.Resize(fyne.NewSize(min(s.Width, r.MinSize().Width), s.Height))
}

func (r *tickRenderer) Refresh() {
	p := look.Palette()
	frame(r.box, p.Surface, p.FieldLine, 4)
	if r.t.on {
		frame(r.box, p.Accent, p.Accent, 4)
	}
	r.sign.Text, r.sign.TextSize, r.sign.Color, r.sign.Hidden = SignDone, look.Text(look.TextBody), p.OnAccent, !r.t.on
	r.text.Text, r.text.TextSize, r.text.Color = r.t.text, look.Text(look.TextBody), p.Ink
	showRing(r.ring, r.t.focused)
	r.sign.Refresh()
	r.text.Refresh()
	r.Layout(r.t.Size())
}
