package formview

import "fyne.io/fyne/v2"

// Host is a model that shows something of its own beneath the row of a field, such as a calendar.
type Host interface {
	// Beneath is what stands beneath the field, always the same object for the same field; nil for nothing. It
	// says how high it is at the width it was given last.
	Beneath(path string) fyne.CanvasObject
}

// guest is something of the model's on the page.
type guest struct {
	spot
	object fyne.CanvasObject
	high   float32
}

func (g *guest) span() int             { return 0 }
func (g *guest) above() float32        { return gapRow }
func (g *guest) label(float32) float32 { return 0 }
func (g *guest) bottom() float32       { return g.y + g.high }

func (g *guest) body(width float32) float32 {
	if g.object.Size().Width != width {
		g.object.Resize(fyne.NewSize(width, g.object.MinSize().Height))
	}
	g.high = g.object.MinSize().Height
	return g.high
}

func (g *guest) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	put(g.object, g.x, g.y, g.w, g.high)
	return append(out, g.object)
}

// Relay lays the form out anew after something beneath a field has come, gone or changed its height.
func (v *View) Relay() { v.layout() }
