package control

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// List shows very many rows of one height. Only those in sight exist; a row that scrolls out is filled
// anew and comes in at the other end. It is one stop for Tab, and the arrows, Page, Home and End keys
// move the selection.
type List struct {
	widget.BaseWidget
	Create    func() fyne.CanvasObject           // makes an empty row
	Update    func(i int, row fyne.CanvasObject) // fills it
	OnSelect  func(i int)                        // the selection moved; -1: nothing is selected
	OnOpen    func(i int)                        // Enter or a double click
	OnFocus   func()                             // it got the keys
	RowHeight float32                            // at 100 % text size; 0: look.RowHeight
	Name      string                             // for screen readers

	length    int
	selected  int
	offset    float64 // of the upper edge, in units; float32 is too coarse for a million rows
	focused   bool
	hovered   int
	lastClick time.Time
	renderer  *listRenderer
}

// NewList makes an empty list.
func NewList(create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	l := &List{Create: create, Update: update, selected: -1, hovered: -1}
	l.ExtendBaseWidget(l)
	return l
}

// SetLength changes the number of rows and fills all rows anew. The selection stays where it is as long
// as there is such a row.
func (l *List) SetLength(n int) {
	l.length = n
	if l.selected >= n {
		l.selected = n - 1
	}
	l.Refill()
	if l.focused && l.selected < 0 && n > 0 {
		l.Select(0) // the arrows and Enter must have something to begin with
	}
}

// Length is the number of rows.
func (l *List) Length() int { return l.length }

// Refill fills the rows in sight anew.
func (l *List) Refill() {
	if l.renderer != nil {
		l.renderer.stale = true
	}
	l.scrollTo(l.offset)
	l.Refresh()
}

// Selected is the selected row, or -1.
func (l *List) Selected() int { return l.selected }

// Select moves the selection and brings it into sight.
func (l *List) Select(i int) {
	i = max(min(i, l.length-1), -1)
	if i >= 0 {
		l.show(i)
	}
	if i == l.selected {
		l.Refresh()
		return
	}
	l.selected = i
	l.Refresh()
	if l.OnSelect != nil {
		l.OnSelect(i)
	}
}

// Sight returns the first row in sight and how many fit.
func (l *List) Sight() (first, count int) {
	h := l.rowHeight()
	return int(l.offset / h), int(float64(l.Size().Height)/h) + 1
}

func (l *List) rowHeight() float64 {
	h := l.RowHeight
	if h == 0 {
		h = look.RowHeight
	}
	return float64(look.Px(h))
}

func (l *List) show(i int) {
	top := float64(i) * l.rowHeight()
	bottom := top + l.rowHeight()
	switch {
	case top < l.offset:
		l.scrollTo(top)
	case bottom > l.offset+float64(l.Size().Height):
		l.scrollTo(bottom - float64(l.Size().Height))
	}
}

func (l *List) scrollTo(offset float64) {
	end := float64(l.length)*l.rowHeight() - float64(l.Size().Height)
	l.offset = max(min(offset, end), 0)
}

// ScrollTo puts a row at the upper edge.
func (l *List) ScrollTo(i int) {
	l.scrollTo(float64(i) * l.rowHeight())
	l.Refresh()
}

// Scrolled is the mouse wheel.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	l.scrollTo(l.offset - float64(e.Scrolled.DY))
	l.Refresh()
}

func (l *List) at(y float32) int {
	i := int((l.offset + float64(y)) / l.rowHeight())
	if i < 0 || i >= l.length {
		return -1
	}
	return i
}

// doubleClick is how close two clicks must be to open a row.
const doubleClick = 400 * time.Millisecond

// MouseDown selects; a second one soon after opens.
func (l *List) MouseDown(e *desktop.MouseEvent) {
	i := l.at(e.Position.Y)
	if i < 0 || e.Button != desktop.MouseButtonPrimary {
		return
	}
	again := i == l.selected && time.Since(l.lastClick) < doubleClick
	l.lastClick = time.Now()
	Focus(l)
	l.Select(i)
	if again {
		l.lastClick = time.Time{}
		l.open()
	}
}

// MouseUp does nothing.
func (l *List) MouseUp(*desktop.MouseEvent) {}

// Tapped is what a touch screen gives.
func (l *List) Tapped(*fyne.PointEvent) {}

// MouseIn shows what would be clicked.
func (l *List) MouseIn(e *desktop.MouseEvent) { l.hover(l.at(e.Position.Y)) }

// MouseMoved shows what would be clicked.
func (l *List) MouseMoved(e *desktop.MouseEvent) { l.hover(l.at(e.Position.Y)) }

// MouseOut ends it.
func (l *List) MouseOut() { l.hover(-1) }

func (l *List) hover(i int) {
	if l.hovered != i {
		l.hovered = i
		l.Refresh()
	}
}

func (l *List) open() {
	if l.selected >= 0 && l.OnOpen != nil {
		l.OnOpen(l.selected)
	}
}

// TypedKey moves, opens, or goes to the commands.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	_, page := l.Sight()
	page = max(page-2, 1)
	switch e.Name {
	case fyne.KeyDown:
		l.Select(l.selected + 1)
	case fyne.KeyUp:
		l.Select(max(l.selected-1, 0))
	case fyne.KeyPageDown:
		l.Select(l.selected + page)
	case fyne.KeyPageUp:
		l.Select(max(l.selected-page, 0))
	case fyne.KeyHome:
		l.Select(0)
	case fyne.KeyEnd:
		l.Select(l.length - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open()
	default:
		forward(l, e)
	}
}

// TypedShortcut goes to the commands.
func (l *List) TypedShortcut(s fyne.Shortcut) { forwardShortcut(l, s) }

// TypedRune does nothing.
func (l *List) TypedRune(rune) {}

// FocusGained selects the first row if none is, and shows the ring.
func (l *List) FocusGained() {
	l.focused = true
	if l.selected < 0 && l.length > 0 {
		l.Select(0)
	}
	l.Refresh()
	if l.OnFocus != nil {
		l.OnFocus()
	}
}

// FocusLost takes the ring away.
func (l *List) FocusLost() { l.focused = false; l.Refresh() }

// AccessibilityLabel is the list's name.
func (l *List) AccessibilityLabel() string { return l.Name }

// AccessibilityRole is container.
func (l *List) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Resize keeps the scroll position sensible.
func (l *List) Resize(s fyne.Size) {
	l.BaseWidget.Resize(s)
	l.scrollTo(l.offset)
	if l.renderer != nil {
		l.renderer.arrange()
	}
}
