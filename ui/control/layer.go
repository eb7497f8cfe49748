package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/command"
	"schalter/ui/look"
)

// Layer is something over the window that has all keys until it is closed: the search, the service
// picker, a question about what cannot be undone.
type Layer struct {
	canvas  fyne.Canvas
	object  *layerObject
	leave   func()
	onClose func()
	before  fyne.Focusable
	first   fyne.Focusable
	open    bool
}

// ShowLayer puts an object over the window, at its upper middle and at most width wide. The commands are
// those of the layer; Esc closes it. Closed is called once, whichever way it closes; the keys go back to
// where they were.
func ShowLayer(c fyne.Canvas, keys *command.List, name string, width float32, o fyne.CanvasObject, commands []command.Command, closed func()) *Layer {
	l := &Layer{canvas: c, onClose: closed, before: c.Focused(), open: true}
	commands = append(commands, command.Command{ID: closing, Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Run: l.Close})
	l.leave = keys.Layer(name, commands)
	// A click beside the layer is a way to leave it, not another one: a layer that asks before it goes asks here, too.
	first := slices.IndexFunc(commands, func(c command.Command) bool { return c.ID == closing })
	l.object = newLayerObject(NewCard(0, o), width, commands[first].Run)
	c.Overlays().Add(l.object)
	l.object.Resize(c.Size())
	return l
}

// closing is the command that leaves a layer; a layer may bring its own.
const closing = "layer.close"

// Focus is the control of the layer that has the keys unless another one was chosen.
func (l *Layer) Focus(f fyne.Focusable) *Layer {
	l.first = f
	l.Refocus()
	return l
}

// Refocus gives the keys back to the layer, after a click beside its controls.
func (l *Layer) Refocus() {
	if l.open && l.first != nil {
		l.canvas.Focus(l.first)
	}
}

// Close takes the layer away.
func (l *Layer) Close() {
	if !l.open {
		return
	}
	l.open = false
	l.canvas.Overlays().Remove(l.object)
	l.leave()
	if l.before != nil {
		l.canvas.Focus(l.before)
	}
	if l.onClose != nil {
		l.onClose()
	}
}

// Relay lays the layer out anew after its content changed height.
func (l *Layer) Relay() { l.object.Refresh() }

// Open reports whether the layer is still shown.
func (l *Layer) Open() bool { return l.open }

type layerObject struct {
	widget.BaseWidget
	card  *Card
	width float32
	shut  func()
}

func newLayerObject(card *Card, width float32, shut func()) *layerObject {
	o := &layerObject{card: card, width: width, shut: shut}
	o.ExtendBaseWidget(o)
	return o
}

// Tapped beside the card closes it.
func (o *layerObject) Tapped(e *fyne.PointEvent) {
	p, s := o.card.Position(), o.card.Size()
	if e.Position.X < p.X || e.Position.Y < p.Y || e.Position.X > p.X+s.Width || e.Position.Y > p.Y+s.Height {
		o.shut()
	}
}

// CreateRenderer belongs to Fyne.
func (o *layerObject) CreateRenderer() fyne.WidgetRenderer {
	r := &layerRenderer{o: o, shade: canvas.NewRectangle(nothing)}
	r.Refresh()
	return r
}

type layerRenderer struct {
	o     *layerObject
	shade *canvas.Rectangle
}

func (r *layerRenderer) Destroy()                     {}
func (r *layerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.shade, r.o.card} }
func (r *layerRenderer) MinSize() fyne.Size           { return fyne.NewSize(0, 0) }

func (r *layerRenderer) Layout(s fyne.Size) {
	r.shade.Resize(s)
	w := min(look.Px(r.o.width), s.Width-40)
	r.o.card.Resize(fyne.NewSize(w, r.o.card.MinSize().Height))
	h := min(r.o.card.MinSize().Height, s.Height-80)
	r.o.card.Resize(fyne.NewSize(w, h))
	r.o.card.Move(fyne.NewPos((s.Width-w)/2, min(look.Px(56), (s.Height-h)/2)))
}

func (r *layerRenderer) Refresh() {
	r.shade.FillColor = look.Palette().Shade
	r.shade.Refresh()
	r.o.card.Refresh()
	r.Layout(r.o.Size())
}
