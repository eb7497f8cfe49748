// Package control is the house's own set of controls: labels, buttons with key caps, pills, cards, the
// rail, banners, entries and a list for very many rows.
//
// It promises that everything can be reached and used by keyboard, that a key which a control does not use
// itself goes on to the command list of its canvas ([command.Forward]), that what has the keys shows a
// ring of 3 units, that nothing one clicks on is smaller than 32, and that look and text size change
// while the control is on screen.
//
// It never knows what a case is: controls emit callbacks and hold no business.
package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/command"
	"schalter/ui/look"
)

// nothing is the colour of what is not seen.
var nothing = color.Transparent

// forward hands a typed key to the commands.
func forward(from fyne.CanvasObject, e *fyne.KeyEvent) bool {
	return command.Forward(from, command.Plain(e.Name))
}

// forwardShortcut hands a key combination to the commands.
func forwardShortcut(from fyne.CanvasObject, s fyne.Shortcut) bool {
	k, ok := command.KeyOf(s)
	return ok && command.Forward(from, k)
}

// Focus gives the keys to a control that is in a window, also one that was not painted yet.
func Focus(f fyne.Focusable) {
	o, ok := f.(fyne.CanvasObject)
	if !ok {
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c != nil {
		c.Focus(f)
		return
	}
	// Fyne knows the canvas of an object only once it has painted it; the desk has one window.
	if all := fyne.CurrentApp().Driver().AllWindows(); len(all) > 0 {
		all[0].Canvas().Focus(f)
	}
}

// ring is the mark around what has the keys.
func newRing(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(nothing)
	r.CornerRadius = radius
	r.Hide()
	return r
}

func showRing(r *canvas.Rectangle, on bool) {
	r.StrokeColor = look.Palette().Focus
	r.StrokeWidth = look.RingWidth
	if on {
		r.Show()
	} else {
		r.Hide()
	}
	r.Refresh()
}

// frame paints a rounded surface with a thin border.
func frame(r *canvas.Rectangle, fill, line color.Color, radius float32) {
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, line, 1, radius
	r.Refresh()
}
