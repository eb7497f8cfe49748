package pagetable

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/look"
)

// The measures of the grid at 100 % text size.
const (
	cellWide  = 154
	cellHigh  = 214
	paperWide = 130
	paperHigh = 172
	headHigh  = 40
	gridPad   = 12
)

// grid shows the pages as small pictures, only those in sight. It is one stop for Tab.
type grid struct {
	widget.BaseWidget
	v        *View
	offset   float32
	focused  bool
	hovered  int // place of a page; -1: none
	pressed  int // where the mouse went down; -1: nowhere
	single   bool
	dragging bool
	at       fyne.Position // of the mouse while it drags
	cells    []fyne.Position
	heads    []float32
	high     float32
	wide     float32
}

func newGrid(v *View) *grid {
	g := &grid{v: v, hovered: -1, pressed: -1}
	g.ExtendBaseWidget(g)
	return g
}

// measure lays out heads and cells for a width.
func (g *grid) measure(width float32) {
	g.wide = width
	g.cells, g.heads = g.cells[:0], g.heads[:0]
	columns := g.columns()
	y := float32(gridPad)
	for _, grp := range g.v.table.Groups() {
		g.heads = append(g.heads, y)
		y += look.Px(headHigh)
		for i := range grp.Pages {
			g.cells = append(g.cells, fyne.NewPos(gridPad+float32(i%columns)*look.Px(cellWide), y+float32(i/columns)*look.Px(cellHigh)))
		}
		y += float32((len(grp.Pages)+columns-1)/columns)*look.Px(cellHigh) + gridPad
	}
	g.high = y
	g.offset = max(0, min(g.offset, g.high-g.Size().Height))
}

func (g *grid) columns() int { return max(1, int((g.wide-2*gridPad)/look.Px(cellWide))) }

// screen is how many lines of pages are in sight.
func (g *grid) screen() int { return max(1, int(g.Size().Height/look.Px(cellHigh))) }

// above is the page so many lines below another one, or above it.
func (g *grid) above(i, lines int) int {
	if i < 0 || i >= len(g.cells) {
		return i
	}
	for ; lines != 0; lines -= sign(lines) {
		next := g.line(i, sign(lines))
		if next < 0 {
			break
		}
		i = next
	}
	return i
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// line is the page in the next line that is nearest below or above; -1: there is no such line.
func (g *grid) line(i, way int) int {
	from, best := g.cells[i], -1
	for k := i + way; k >= 0 && k < len(g.cells); k += way {
		c := g.cells[k]
		if c.Y == from.Y {
			continue
		}
		if best >= 0 && c.Y != g.cells[best].Y {
			break
		}
		if best < 0 || abs(c.X-from.X) < abs(g.cells[best].X-from.X) {
			best = k
		}
	}
	return best
}

func abs(v float32) float32 { return max(v, -v) }

// reveal brings the current page into sight.
func (g *grid) reveal() {
	g.measure(g.Size().Width)
	i := g.v.table.Cursor()
	if i < 0 || i >= len(g.cells) || g.Size().Height <= 0 {
		return
	}
	top, low := g.cells[i].Y, g.cells[i].Y+look.Px(cellHigh)
	for _, y := range g.heads {
		if top-y == look.Px(headHigh) {
			top = y - gridPad // with the head of its document
		}
	}
	switch {
	case top < g.offset:
		g.offset = top
	case low > g.offset+g.Size().Height:
		g.offset = low - g.Size().Height
	default:
		return
	}
	g.Refresh()
}

// page is the page at a place on the screen; -1: none.
func (g *grid) page(p fyne.Position) int {
	p = p.AddXY(0, g.offset)
	for i, c := range g.cells {
		if p.X >= c.X && p.X < c.X+look.Px(cellWide) && p.Y >= c.Y && p.Y < c.Y+look.Px(cellHigh) {
			return i
		}
	}
	return -1
}

// target is where pages dropped at a place on the screen go.
func (g *grid) target(p fyne.Position) (group, at int) {
	p = p.AddXY(0, g.offset)
	group = -1
	for i, y := range g.heads {
		if p.Y >= y || i == 0 {
			group = i
		}
	}
	if group < 0 {
		return -1, -1
	}
	first := 0
	for _, o := range g.v.table.Groups()[:group] {
		first += len(o.Pages)
	}
	n := len(g.v.table.Groups()[group].Pages)
	for i := range n {
		c := g.cells[first+i]
		if p.Y < c.Y || p.Y < c.Y+look.Px(cellHigh) && p.X < c.X+look.Px(cellWide)/2 {
			return group, i
		}
		if last := i == n-1 || g.cells[first+i+1].Y > c.Y; last && p.Y < c.Y+look.Px(cellHigh) {
			return group, i + 1
		}
	}
	return group, n
}

// FocusGained shows the ring.
func (g *grid) FocusGained() { g.focused = true; g.Refresh() }

// FocusLost takes the ring away.
func (g *grid) FocusLost() { g.focused = false; g.Refresh() }

// TypedKey goes to the commands.
func (g *grid) TypedKey(e *fyne.KeyEvent) { command.Forward(g, command.Key{Name: e.Name}) }

// TypedRune does nothing.
func (g *grid) TypedRune(rune) {}

// TypedShortcut goes to the commands.
func (g *grid) TypedShortcut(s fyne.Shortcut) {
	if k, ok := command.KeyOf(s); ok {
		command.Forward(g, k)
	}
}

// AccessibilityLabel is the grid's name.
func (g *grid) AccessibilityLabel() string { return g.v.o.Texts.T("pages.title") }

// AccessibilityRole is container.
func (g *grid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// MouseDown selects: one page, with Shift up to it, with Ctrl besides.
func (g *grid) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
		c.Focus(g)
	}
	i := g.page(e.Position)
	g.pressed, g.single = i, false
	t := g.v.table
	switch {
	case i < 0 || e.Button != desktop.MouseButtonPrimary:
		return
	case e.Modifier&fyne.KeyModifierShift != 0:
		t.Extend(i)
	case e.Modifier&fyne.KeyModifierControl != 0:
		t.Toggle(i)
	case t.Selected(t.At(i)):
		t.Point(i)
		g.single = true // unless they are dragged
	default:
		t.Select(i)
	}
	g.v.moved()
}

// MouseUp selects one of several that were selected.
func (g *grid) MouseUp(*desktop.MouseEvent) {
	if g.single && !g.dragging && g.pressed >= 0 {
		g.v.table.Select(g.pressed)
		g.v.moved()
	}
	g.single = false
}

// DoubleTapped shows the page large.
func (g *grid) DoubleTapped(e *fyne.PointEvent) {
	if g.page(e.Position) >= 0 {
		g.v.open()
	}
}

// Dragged moves the selected pages along.
func (g *grid) Dragged(e *fyne.DragEvent) {
	if g.pressed < 0 {
		g.scroll(-e.Dragged.DY)
		return
	}
	g.dragging, g.at = true, e.Position
	const edge = 30
	switch {
	case e.Position.Y < edge:
		g.scroll(-edge)
	case e.Position.Y > g.Size().Height-edge:
		g.scroll(edge)
	}
	g.Refresh()
}

// DragEnd drops them.
func (g *grid) DragEnd() {
	if !g.dragging {
		return
	}
	g.dragging, g.pressed, g.single = false, -1, false
	group, at := g.target(g.at)
	g.v.did(g.v.table.Drop(group, at))
}

// Scrolled is the mouse wheel.
func (g *grid) Scrolled(e *fyne.ScrollEvent) { g.scroll(-e.Scrolled.DY) }

func (g *grid) scroll(by float32) {
	g.offset = max(0, min(g.offset+by, g.high-g.Size().Height))
	g.Refresh()
}

// MouseIn shows what would be clicked.
func (g *grid) MouseIn(e *desktop.MouseEvent) { g.hover(g.page(e.Position)) }

// MouseMoved shows what would be clicked.
func (g *grid) MouseMoved(e *desktop.MouseEvent) { g.hover(g.page(e.Position)) }

// MouseOut ends it.
func (g *grid) MouseOut() { g.hover(-1) }

func (g *grid) hover(i int) {
	if g.hovered != i {
		g.hovered = i
		g.Refresh()
	}
}

// frameStep is how far an arrow key moves an edge of the frame, in fractions of the page.
const frameStep = 0.005

// moved is a box with one edge moved outwards, or inwards by a negative step.
func moved(b record.Box, way fyne.KeyName, by float64) record.Box {
	switch way {
	case fyne.KeyLeft:
		b.X0 = max(0, min(b.X0-by, b.X1-2*smallest))
	case fyne.KeyRight:
		b.X1 = min(1, max(b.X1+by, b.X0+2*smallest))
	case fyne.KeyUp:
		b.Y0 = max(0, min(b.Y0-by, b.Y1-2*smallest))
	case fyne.KeyDown:
		b.Y1 = min(1, max(b.Y1+by, b.Y0+2*smallest))
	}
	return b
}
