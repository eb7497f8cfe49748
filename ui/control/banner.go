package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Banner says something at the edge of a screen without stopping anybody: it is never modal and never
// takes the keys.
type Banner struct {
	widget.BaseWidget
	kind    Kind
	text    *Label
	hint    *Label
	buttons *fyne.Container
	body    *fyne.Container
}

// NewBanner makes a hidden banner.
func NewBanner() *Banner {
	b := &Banner{text: NewParagraph("", Strong), hint: NewParagraph("", Body)}
	b.buttons = Row(GapButtons)
	b.body = Row(16, Grow(Column(2, b.text, b.hint)), b.buttons)
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// GapButtons is the room between two buttons.
const GapButtons = 8

// Say shows a sentence, what to do (may be empty), and buttons (may be none).
func (b *Banner) Say(kind Kind, text, hint string, buttons ...fyne.CanvasObject) {
	b.kind = kind
	b.text.SetText(text)
	b.hint.SetText(hint)
	b.hint.Hidden = hint == ""
	b.buttons.Objects = buttons
	b.buttons.Hidden = len(buttons) == 0
	b.Show()
	b.Refresh()
}

// Text returns the sentence being shown, or "".
func (b *Banner) Text() string {
	if !b.Visible() {
		return ""
	}
	return b.text.Text()
}

// Clear hides the banner.
func (b *Banner) Clear() { b.Hide() }

// AccessibilityLabel is the sentence.
func (b *Banner) AccessibilityLabel() string { return b.text.Text() + " " + b.hint.Text() }

// AccessibilityRole is text.
func (b *Banner) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	r := &bannerRenderer{b: b, face: canvas.NewRectangle(nothing)}
	r.Refresh()
	return r
}

type bannerRenderer struct {
	b    *Banner
	face *canvas.Rectangle
}

func (r *bannerRenderer) Destroy()                     {}
func (r *bannerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.b.body} }

func (r *bannerRenderer) MinSize() fyne.Size {
	m := r.b.body.MinSize()
	return fyne.NewSize(m.Width+28, m.Height+20)
}

func (r *bannerRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	r.b.body.Move(fyne.NewPos(14, 10))
	r.b.body.Resize(s.SubtractWidthHeight(28, 20))
}

func (r *bannerRenderer) Refresh() {
	ink, soft := r.b.kind.colors()
	line := soft
	if look.Current().HighContrast() || r.b.kind == KindNone {
		line = look.Palette().Line
	}
	frame(r.face, soft, line, look.RadiusField)
	r.b.text.tint, r.b.hint.tint = ink, ink
	r.b.text.Refresh()
	r.b.hint.Refresh()
	r.Layout(r.b.Size())
	r.b.body.Refresh()
}
