package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Rank is how much a button stands out.
type Rank int

// The ranks. There is at most one primary button on a screen.
const (
	Plain Rank = iota
	Primary
	Quiet  // no border, for close and the like
	Danger // what cannot be undone
)

// Button is a word and, beside it, the key that does the same.
type Button struct {
	widget.DisableableWidget
	OnTapped func()
	OnFocus  func(on bool) // told when the button gets and loses the keys

	text, key string
	rank      Rank
	chosen    bool
	focused   bool
	hovered   bool
}

// NewButton makes a button; key is the cap's label, or "".
func NewButton(text, key string, rank Rank, tapped func()) *Button {
	b := &Button{text: text, key: key, rank: rank, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// Text returns the button's word.
func (b *Button) Text() string { return b.text }

// SetText changes the word.
func (b *Button) SetText(s string) {
	b.text = s
	b.Refresh()
}

// SetChosen marks the one of several buttons whose thing is shown.
func (b *Button) SetChosen(on bool) {
	b.chosen = on
	b.Refresh()
}

// Tapped runs the button.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.OnTapped != nil && !b.Disabled() {
		b.OnTapped()
	}
}

// TypedKey runs the button with Enter and Space; other keys go to the commands.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		forward(b, e)
	}
}

// TypedShortcut goes to the commands.
func (b *Button) TypedShortcut(s fyne.Shortcut) { forwardShortcut(b, s) }

// TypedRune does nothing.
func (b *Button) TypedRune(rune) {}

// FocusGained shows the ring.
func (b *Button) FocusGained() { b.focus(true) }

// FocusLost takes the ring away.
func (b *Button) FocusLost() { b.focus(false) }

func (b *Button) focus(on bool) {
	b.focused = on
	b.Refresh()
	if b.OnFocus != nil {
		b.OnFocus(on)
	}
}

// MouseIn shows that it can be clicked.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// AccessibilityLabel is the button's word.
func (b *Button) AccessibilityLabel() string { return b.text }

// AccessibilityRole is button.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer belongs to Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, face: canvas.NewRectangle(nothing), ring: newRing(look.RadiusField + 2), text: &canvas.Text{}, cap: NewKeyCap(b.key)}
	r.objects = []fyne.CanvasObject{r.face, r.text, r.cap, r.ring}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b          *Button
	face, ring *canvas.Rectangle
	text       *canvas.Text
	cap        *KeyCap
	objects    []fyne.CanvasObject
}

func (r *buttonRenderer) Destroy()                     {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *buttonRenderer) MinSize() fyne.Size {
	w := r.text.MinSize().Width
	if r.b.key != "" {
		w += 8 + r.cap.MinSize().Width
	}
	return fyne.NewSize(max(w+28, look.Target), look.Px(34))
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	r.ring.Move(fyne.NewPos(-2, -2))
	r.ring.Resize(s.AddWidthHeight(4, 4))
	t := r.text.MinSize()
	w := t.Width
	k := r.cap.MinSize()
	if r.b.key != "" {
		w += 8 + k.Width
	}
	x := (s.Width - w) / 2
	r.text.Move(fyne.NewPos(x, (s.Height-t.Height)/2))
	r.text.Resize(t)
	r.cap.Move(fyne.NewPos(x+t.Width+8, (s.Height-k.Height)/2))
	r.cap.Resize(k)
}

func (r *buttonRenderer) Refresh() {
	p, b := look.Palette(), r.b
	ink, fill, line := p.Ink, p.Surface, p.Line
	switch b.rank {
	case Primary:
		ink, fill, line = p.OnAccent, p.Accent, p.Accent
	case Danger:
		ink, line = p.Trouble, p.Trouble
	case Quiet:
		line = fill
	}
	if b.chosen {
		ink, fill, line = p.Accent, p.AccentSoft, p.AccentSoft
		if look.Current().HighContrast() {
			line = p.Line
		}
	}
	if b.hovered && !b.chosen && !b.Disabled() {
		if b.rank == Primary {
			fill = mix(p.Accent, p.Ink, 0.88)
		} else {
			fill = p.Hover
		}
	}
	if b.Disabled() {
		ink, fill, line = p.Ink2, p.Surface2, p.Line
	}
	frame(r.face, fill, line, look.RadiusField)
	showRing(r.ring, b.focused && !b.Disabled())
	r.text.Text, r.text.TextSize, r.text.TextStyle, r.text.Color = b.text, look.Text(look.TextBody), fyne.TextStyle{Bold: true}, ink
	r.text.Refresh()
	r.cap.label, r.cap.onAccent = b.key, b.rank == Primary && !b.Disabled()
	r.cap.Hidden = b.key == ""
	r.cap.Refresh()
	r.Layout(b.Size())
}
