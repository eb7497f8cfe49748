package capture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// meter is a thin bar that fills as work goes on. Where nothing is known of the end it stays empty; it
// never moves by itself.
type meter struct {
	widget.BaseWidget
	percent int
}

func newMeter() *meter {
	m := &meter{percent: -1}
	m.ExtendBaseWidget(m)
	return m
}

func (m *meter) set(percent int) {
	if m.percent != percent {
		m.percent = percent
		m.Refresh()
	}
}

// CreateRenderer belongs to Fyne.
func (m *meter) CreateRenderer() fyne.WidgetRenderer {
	r := &meterRenderer{m: m, back: canvas.NewRectangle(transparent), front: canvas.NewRectangle(transparent)}
	r.Refresh()
	return r
}

type meterRenderer struct {
	m           *meter
	back, front *canvas.Rectangle
}

func (r *meterRenderer) Destroy()                     {}
func (r *meterRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.front} }
func (r *meterRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, 4) }

func (r *meterRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.front.Resize(fyne.NewSize(s.Width*float32(max(0, min(100, r.m.percent)))/100, s.Height))
}

func (r *meterRenderer) Refresh() {
	p := look.Palette()
	r.back.FillColor, r.back.CornerRadius = p.Line, 2
	r.front.FillColor, r.front.CornerRadius = p.Accent, 2
	r.front.Hidden = r.m.percent <= 0
	r.Layout(r.m.Size())
	r.back.Refresh()
	r.front.Refresh()
}

// number is the case number in large type.
type number struct {
	widget.BaseWidget
	text string
}

func newNumber() *number {
	n := &number{}
	n.ExtendBaseWidget(n)
	return n
}

func (n *number) set(text string) {
	n.text = text
	n.Refresh()
}

// AccessibilityLabel is the number.
func (n *number) AccessibilityLabel() string { return n.text }

// AccessibilityRole is text.
func (n *number) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (n *number) CreateRenderer() fyne.WidgetRenderer {
	r := &numberRenderer{n: n, text: &canvas.Text{Alignment: fyne.TextAlignCenter}}
	r.Refresh()
	return r
}

type numberRenderer struct {
	n    *number
	text *canvas.Text
}

func (r *numberRenderer) Destroy()                     {}
func (r *numberRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *numberRenderer) MinSize() fyne.Size           { return r.text.MinSize() }
func (r *numberRenderer) Layout(s fyne.Size)           { r.text.Resize(s) }

func (r *numberRenderer) Refresh() {
	r.text.Text, r.text.TextSize, r.text.TextStyle, r.text.Color = r.n.text, look.Px(44), fyne.TextStyle{Bold: true}, look.Palette().Ink
	r.text.Refresh()
}
