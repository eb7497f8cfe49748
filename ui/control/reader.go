package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Reader is something tall to read. It is a stop for Tab and scrolls by the arrow, Home, End and Space
// keys; the Page keys scroll unless a command lies on them.
type Reader struct {
	widget.BaseWidget
	// OnFocus tells when it gets and loses the keys. Where it is set, whoever set it shows the ring, such
	// as around the card the text is on.
	OnFocus func(bool)

	content fyne.CanvasObject
	scroll  *container.Scroll
	focused bool
}

// NewReader makes a reader.
func NewReader(content fyne.CanvasObject) *Reader {
	r := &Reader{content: content, scroll: container.NewVScroll(content)}
	r.ExtendBaseWidget(r)
	return r
}

// Offset is how far it is scrolled.
func (r *Reader) Offset() float32 { return r.scroll.Offset.Y }

// ScrollBy moves the text.
func (r *Reader) ScrollBy(dy float32) {
	end := max(r.content.MinSize().Height-r.scroll.Size().Height, 0)
	r.scroll.ScrollToOffset(fyne.NewPos(0, max(min(r.scroll.Offset.Y+dy, end), 0)))
}

// ScrollTo brings a part of the content to the upper third.
func (r *Reader) ScrollTo(part fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	y := d.AbsolutePositionForObject(part).Y - d.AbsolutePositionForObject(r.content).Y
	r.ScrollBy(y - r.scroll.Size().Height/3 - r.scroll.Offset.Y)
}

// TypedKey scrolls or goes to the commands.
func (r *Reader) TypedKey(e *fyne.KeyEvent) {
	page := max(r.scroll.Size().Height-40, 40)
	switch e.Name {
	case fyne.KeyDown:
		r.ScrollBy(40)
	case fyne.KeyUp:
		r.ScrollBy(-40)
	case fyne.KeyHome:
		r.ScrollBy(-r.scroll.Offset.Y)
	case fyne.KeyEnd:
		r.ScrollBy(r.content.MinSize().Height)
	case fyne.KeySpace:
		r.ScrollBy(page)
	case fyne.KeyPageDown:
		if !forward(r, e) {
			r.ScrollBy(page)
		}
	case fyne.KeyPageUp:
		if !forward(r, e) {
			r.ScrollBy(-page)
		}
	default:
		forward(r, e)
	}
}

// TypedShortcut goes to the commands.
func (r *Reader) TypedShortcut(s fyne.Shortcut) { forwardShortcut(r, s) }

// TypedRune does nothing.
func (r *Reader) TypedRune(rune) {}

// FocusGained shows the ring.
func (r *Reader) FocusGained() { r.focus(true) }

// FocusLost takes the ring away.
func (r *Reader) FocusLost() { r.focus(false) }

func (r *Reader) focus(on bool) {
	r.focused = on
	r.Refresh()
	if r.OnFocus != nil {
		r.OnFocus(on)
	}
}

// CreateRenderer belongs to Fyne.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer {
	v := &readerRenderer{r: r, ring: newRing(look.RadiusField)}
	v.Refresh()
	return v
}

type readerRenderer struct {
	r    *Reader
	ring *canvas.Rectangle
}

func (v *readerRenderer) Destroy() {}
func (v *readerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.r.scroll, v.ring}
}

func (v *readerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(v.r.content.MinSize().Width, look.Px(80))
}

func (v *readerRenderer) Layout(s fyne.Size) {
	if v.r.content.Size().Width != s.Width {
		v.r.content.Resize(fyne.NewSize(s.Width, v.r.content.MinSize().Height))
	}
	v.r.scroll.Resize(s)
	v.r.scroll.Refresh()
	v.ring.Move(fyne.NewPos(-6, -6))
	v.ring.Resize(s.AddWidthHeight(12, 12))
}

func (v *readerRenderer) Refresh() {
	showRing(v.ring, v.r.focused && v.r.OnFocus == nil)
	v.r.scroll.Refresh()
}
