package pagetable

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// deed is a line of the panel: a word on the left and its key on the right. It can be clicked; by keyboard the
// key does the same, so that Tab does not have to pass all of them.
type deed struct {
	widget.BaseWidget
	words   string
	key     string
	run     func()
	enabled func() bool
	hovered bool
}

func newDeed(words, key string, enabled func() bool, run func()) *deed {
	d := &deed{words: words, key: key, run: run, enabled: enabled}
	d.ExtendBaseWidget(d)
	return d
}

// Tapped runs it.
func (d *deed) Tapped(*fyne.PointEvent) {
	if d.enabled() {
		d.run()
	}
}

// AccessibilityLabel is the word.
func (d *deed) AccessibilityLabel() string { return d.words }

// AccessibilityRole is button.
func (d *deed) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// MouseIn shows that it can be clicked.
func (d *deed) MouseIn(*desktop.MouseEvent) { d.hovered = true; d.Refresh() }

// MouseMoved does nothing.
func (d *deed) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (d *deed) MouseOut() { d.hovered = false; d.Refresh() }

// CreateRenderer belongs to Fyne.
func (d *deed) CreateRenderer() fyne.WidgetRenderer {
	r := &deedRenderer{d: d, face: canvas.NewRectangle(nothing), text: canvas.NewText("", nothing), cap: control.NewKeyCap(d.key)}
	r.face.CornerRadius = look.RadiusField
	r.Refresh()
	return r
}

type deedRenderer struct {
	d    *deed
	face *canvas.Rectangle
	text *canvas.Text
	cap  *control.KeyCap
}

func (r *deedRenderer) Destroy() {}
func (r *deedRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.text, r.cap}
}

func (r *deedRenderer) MinSize() fyne.Size { return fyne.NewSize(80, look.Px(look.Target)) }

func (r *deedRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	c := r.cap.MinSize()
	r.cap.Resize(c)
	r.cap.Move(fyne.NewPos(s.Width-c.Width-8, (s.Height-c.Height)/2))
	r.text.Text = control.Shorten(r.d.words, s.Width-c.Width-26, r.text.TextSize, r.text.TextStyle)
	m := r.text.MinSize()
	r.text.Resize(m)
	r.text.Move(fyne.NewPos(10, (s.Height-m.Height)/2))
}

func (r *deedRenderer) Refresh() {
	p := look.Palette()
	r.face.FillColor = nothing
	r.text.Color, r.text.TextSize = p.Ink2, look.Text(look.TextBody)
	if r.d.enabled() {
		r.text.Color = p.Ink
		if r.d.hovered {
			r.face.FillColor = p.Hover
		}
	}
	r.Layout(r.d.Size())
	r.face.Refresh()
	r.text.Refresh()
	r.cap.Refresh()
}

// beside gives the second of two objects its own width and the first one the rest.
type beside struct{}

func (beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+o[1].MinSize().Width, 100)
}

func (beside) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := o[1].MinSize().Width
	o[0].Resize(fyne.NewSize(max(0, s.Width-w), s.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(s.Width-w, 0))
}
