package formview

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// page carries the widgets in sight.
type page struct {
	widget.BaseWidget
	v       *View
	objects []fyne.CanvasObject
}

func (p *page) show(objects []fyne.CanvasObject) {
	if slices.Equal(p.objects, objects) {
		return
	}
	p.objects = objects
	canvas.Refresh(p)
}

// Resize lays the form out at a new width.
func (p *page) Resize(s fyne.Size) {
	p.BaseWidget.Resize(s)
	if w := max(1, s.Width-gutter-inset); w != p.v.width {
		p.v.width = w
		p.v.layout()
	}
}

// MinSize is the height of the whole form.
func (p *page) MinSize() fyne.Size { return fyne.NewSize(200, p.v.total) }

// CreateRenderer belongs to Fyne.
func (p *page) CreateRenderer() fyne.WidgetRenderer { return &pageRenderer{p} }

type pageRenderer struct{ p *page }

func (r *pageRenderer) Destroy()                     {}
func (r *pageRenderer) Layout(fyne.Size)             {}
func (r *pageRenderer) MinSize() fyne.Size           { return r.p.MinSize() }
func (r *pageRenderer) Objects() []fyne.CanvasObject { return r.p.objects }

// Refresh follows a change of look or text size; what a field says is drawn by the field itself.
func (r *pageRenderer) Refresh() {
	v := r.p.v
	if now := look.Current(); now != v.theme {
		v.theme = now
		v.restyle()
	}
	canvas.Refresh(r.p)
}
