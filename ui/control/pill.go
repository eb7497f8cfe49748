package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Kind is what a pill or a banner means. The meaning is also in its words, never in the colour alone.
type Kind int

// The kinds.
const (
	KindNone Kind = iota
	KindInfo
	KindGood
	KindWaiting
	KindTrouble
	KindSecond
)

func (k Kind) colors() (ink, soft color.Color) {
	p := look.Palette()
	switch k {
	case KindInfo:
		return p.Accent, p.AccentSoft
	case KindGood:
		return p.Good, p.GoodSoft
	case KindWaiting:
		return p.Waiting, p.WaitingSoft
	case KindTrouble:
		return p.Trouble, p.TroubleSoft
	case KindSecond:
		return p.Second, p.SecondSoft
	}
	return p.Ink2, p.Surface2
}

// The signs that may stand before a pill's words.
const (
	SignNone = ""
	SignDone = "✓"
	SignOpen = "○"
	SignWarn = "!"
)

// Pill is a state in words.
type Pill struct {
	widget.BaseWidget
	sign, text string
	kind       Kind
}

// NewPill makes a pill with a sign before its words, or SignNone.
func NewPill(sign, text string, kind Kind) *Pill {
	p := &Pill{sign: sign, text: text, kind: kind}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes what the pill says. An empty text hides it.
func (p *Pill) Set(sign, text string, kind Kind) {
	if p.sign != sign || p.text != text || p.kind != kind {
		p.sign, p.text, p.kind = sign, text, kind
		p.Refresh()
	}
}

// Text returns the pill's words.
func (p *Pill) Text() string { return p.text }

// AccessibilityLabel is the pill's words.
func (p *Pill) AccessibilityLabel() string { return p.text }

// AccessibilityRole is text.
func (p *Pill) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	r := &pillRenderer{p: p, face: canvas.NewRectangle(nothing), text: &canvas.Text{}}
	r.Refresh()
	return r
}

type pillRenderer struct {
	p    *Pill
	face *canvas.Rectangle
	text *canvas.Text
	full string
}

func (r *pillRenderer) Destroy()                     {}
func (r *pillRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.text} }

func (r *pillRenderer) MinSize() fyne.Size {
	if r.p.text == "" {
		return fyne.NewSize(0, look.Px(22))
	}
	return fyne.NewSize(measure(r.full, r.text.TextSize, r.text.TextStyle)+18, look.Px(22))
}

func (r *pillRenderer) Layout(s fyne.Size) {
	h := look.Px(22)
	if s.Width > 0 {
		if short := Shorten(r.full, max(s.Width-18, 1), r.text.TextSize, r.text.TextStyle); short != r.text.Text {
			r.text.Text = short
			r.text.Refresh()
		}
	}
	t := r.text.MinSize()
	y := (s.Height - h) / 2
	r.face.CornerRadius = h / 2
	r.face.Move(fyne.NewPos(0, y))
	r.face.Resize(fyne.NewSize(min(t.Width+18, s.Width), h))
	r.text.Move(fyne.NewPos(9, y+(h-t.Height)/2))
	r.text.Resize(t)
}

func (r *pillRenderer) Refresh() {
	ink, soft := r.p.kind.colors()
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth = soft, nothing, 0
	if r.p.kind == KindNone || look.Current().HighContrast() {
		r.face.StrokeColor, r.face.StrokeWidth = look.Palette().Line, 1
	}
	r.full = r.p.text
	if r.p.sign != "" {
		r.full = r.p.sign + " " + r.p.text
	}
	r.text.Text, r.text.TextSize, r.text.TextStyle, r.text.Color = r.full, look.Text(12), fyne.TextStyle{Bold: true}, ink
	r.face.Hidden, r.text.Hidden = r.p.text == "", r.p.text == ""
	r.Layout(r.p.Size())
	r.face.Refresh()
	r.text.Refresh()
}
