package pageview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// slide shows at the right edge where in the paper one is; it can be drawn with the mouse.
type slide struct {
	widget.BaseWidget
	v    *View
	grip *canvas.Rectangle
	from float32 // where in the grip it was taken
	over bool
}

const (
	slideWidth = 14 // where the mouse takes it
	gripLeast  = 32
)

func newSlide(v *View) *slide {
	s := &slide{v: v, grip: canvas.NewRectangle(nil)}
	s.grip.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// Resize makes the grip fit.
func (s *slide) Resize(size fyne.Size) {
	s.BaseWidget.Resize(size)
	s.update()
}

func (s *slide) update() {
	m := s.v.m
	height, bottom := s.Size().Height, m.bottom()
	if hidden := m.doc == nil || bottom <= 0 || height <= 0; hidden {
		if !s.grip.Hidden {
			s.grip.Hide()
		}
		return
	}
	length := s.length()
	width := float32(5)
	if s.over {
		width = 8
	}
	size, at := fyne.NewSize(width, length), fyne.NewPos(slideWidth-2-width, (height-length)*float32(m.y/bottom))
	if s.grip.Hidden {
		s.grip.Show()
	}
	if s.grip.Size() != size {
		s.grip.Resize(size)
	}
	if s.grip.Position() != at {
		s.grip.Move(at)
	}
}

func (s *slide) length() float32 {
	m, height := s.v.m, float64(s.Size().Height)
	return float32(min(height, max(gripLeast, height*m.sight/(m.strip.height()+2*marginY))))
}

// Dragged goes through the paper.
func (s *slide) Dragged(e *fyne.DragEvent) {
	m := s.v.m
	if room := float64(s.Size().Height - s.length()); room > 0 && m.doc != nil {
		m.Scroll(0, float64(e.Position.Y-s.from)/room*m.bottom()-m.y)
	}
}

// DragEnd does nothing.
func (s *slide) DragEnd() {}

// MouseDown takes the grip; beside it the paper goes there.
func (s *slide) MouseDown(e *desktop.MouseEvent) {
	at := s.grip.Position().Y
	if s.from = e.Position.Y - at; s.from < 0 || s.from > s.length() {
		s.from = s.length() / 2
		s.Dragged(&fyne.DragEvent{PointEvent: e.PointEvent})
	}
}

// MouseUp does nothing.
func (s *slide) MouseUp(*desktop.MouseEvent) {}

// MouseIn makes the grip easier to hit.
func (s *slide) MouseIn(*desktop.MouseEvent) { s.over = true; s.update() }

// MouseMoved does nothing.
func (s *slide) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (s *slide) MouseOut() { s.over = false; s.update() }

// Scrolled moves the paper.
func (s *slide) Scrolled(e *fyne.ScrollEvent) { s.v.area.Scrolled(e) }

// MinSize leaves the room to what lies below.
func (s *slide) MinSize() fyne.Size { return fyne.NewSize(slideWidth, gripLeast) }

// CreateRenderer belongs to Fyne.
func (s *slide) CreateRenderer() fyne.WidgetRenderer {
	r := &slideRenderer{s}
	r.Refresh()
	return r
}

type slideRenderer struct{ s *slide }

func (r *slideRenderer) Destroy()                     {}
func (r *slideRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.s.grip} }
func (r *slideRenderer) MinSize() fyne.Size           { return r.s.MinSize() }
func (r *slideRenderer) Layout(fyne.Size)             { r.s.update() }

func (r *slideRenderer) Refresh() {
	c := look.Palette().Ink2
	c.A = 0x80
	r.s.grip.FillColor, r.s.grip.CornerRadius = c, 2.5
	r.s.grip.Refresh()
}
