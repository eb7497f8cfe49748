package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// KeyCap shows a key beside what it does.
type KeyCap struct {
	widget.BaseWidget
	label    string
	onAccent bool // on a filled button
}

// NewKeyCap makes a cap with a label such as "Strg K".
func NewKeyCap(label string) *KeyCap {
	k := &KeyCap{label: label}
	k.ExtendBaseWidget(k)
	return k
}

// SetLabel changes the label.
func (k *KeyCap) SetLabel(s string) {
	k.label = s
	k.Refresh()
}

// CreateRenderer belongs to Fyne.
func (k *KeyCap) CreateRenderer() fyne.WidgetRenderer {
	r := &keyCapRenderer{cap: k, foot: canvas.NewRectangle(nothing), face: canvas.NewRectangle(nothing), text: &canvas.Text{}}
	r.Refresh()
	return r
}

type keyCapRenderer struct {
	cap        *KeyCap
	foot, face *canvas.Rectangle // the foot looks out below the face by one unit
	text       *canvas.Text
}

func (r *keyCapRenderer) Destroy() {}

func (r *keyCapRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.foot, r.face, r.text}
}

func (r *keyCapRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.text.MinSize().Width+12, look.Px(19))
}

func (r *keyCapRenderer) Layout(s fyne.Size) {
	h := look.Px(19)
	y := (s.Height-h)/2 + 1
	r.foot.Move(fyne.NewPos(0, y+2))
	r.foot.Resize(fyne.NewSize(s.Width, h-2))
	r.face.Move(fyne.NewPos(0, y))
	r.face.Resize(fyne.NewSize(s.Width, h-1))
	t := r.text.MinSize()
	r.text.Move(fyne.NewPos((s.Width-t.Width)/2, y+(h-1-t.Height)/2))
	r.text.Resize(t)
}

func (r *keyCapRenderer) Refresh() {
	p := look.Palette()
	ink, line, face := p.Ink2, p.Line, p.Surface
	if r.cap.onAccent {
		ink = p.OnAccent
		line = mix(p.OnAccent, p.Accent, 0.6)
		face = p.Accent
	}
	frame(r.foot, line, line, 4)
	frame(r.face, face, line, 4)
	r.text.Text, r.text.TextSize, r.text.Color = r.cap.label, look.Text(look.TextTiny), ink
	r.text.Refresh()
	r.Layout(r.cap.Size())
}

// mix lays a over b with the given share.
func mix(a, b color.NRGBA, share float32) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float32(x)*share + float32(y)*(1-share)) }
	return color.NRGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: 0xFF}
}
