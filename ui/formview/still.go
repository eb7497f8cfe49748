package formview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// still stands for an entry that is not wholly in sight: half of it, so that its text does not stick out of
// the form (an entry clips at its own edges only), or none of it, so that Tab finds it. Once it gets the
// keys, the field itself takes its place.
type still struct {
	widget.BaseWidget
	c    *cell
	face *control.Ground
	text *control.Label
	box  *fyne.Container
}

func newStill(c *cell) *still {
	s := &still{c: c, text: control.NewShort("", control.Body)}
	s.face = control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface, p.FieldLine, 1, look.RadiusField
		if c.state.Error != "" {
			r.StrokeColor, r.StrokeWidth = p.Trouble, 2
		}
	})
	s.box = container.New(fixedLayout{}, s.face, s.text)
	s.ExtendBaseWidget(s)
	return s
}

// Tapped puts the cursor into the field.
func (s *still) Tapped(*fyne.PointEvent) { s.c.v.Focus(s.c.path) }

// FocusGained hands the keys to the field itself.
func (s *still) FocusGained() { s.c.v.Focus(s.c.path) }

// FocusLost does nothing.
func (s *still) FocusLost() {}

// TypedRune does nothing: the field has the keys before anything is typed.
func (s *still) TypedRune(rune) {}

// TypedKey does nothing.
func (s *still) TypedKey(*fyne.KeyEvent) {}

// CreateRenderer belongs to Fyne.
func (s *still) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.box) }

// stands puts the stand-in where the input would be.
func (c *cell) stands(y, width, height float32) *still {
	if c.still == nil {
		c.still = newStill(c)
	}
	c.still.text.SetText(c.state.Text)
	put(c.still, c.x, y, width, height)
	return c.still
}

// entered reports whether a field is typed into on one line.
func (c *cell) entered() bool {
	switch c.kind() {
	case kindLine, kindList:
		return true
	}
	return false
}
