package capture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// monthGrid is the month as six weeks of seven days. It has all keys of the layer.
type monthGrid struct {
	widget.BaseWidget
	l     *monthLayer
	heads [7]*control.Label
	cells [42]*dayCell
	body  *fyne.Container
}

func newMonthGrid(l *monthLayer) *monthGrid {
	g := &monthGrid{l: l}
	g.body = container.New(monthLayout{})
	monday := l.day.monday()
	for i := range g.heads {
		g.heads[i] = control.NewLabel(weekdayShort(l.s.texts, monday.plus(i)), control.Caption)
		g.body.Add(g.heads[i])
	}
	for i := range g.cells {
		g.cells[i] = newDayCell()
		g.body.Add(g.cells[i].box)
	}
	g.ExtendBaseWidget(g)
	return g
}

// Refresh draws the days anew.
func (g *monthGrid) Refresh() {
	today, _ := dayOf(g.l.s.d.Run.Clock().Format("2006-01-02"))
	for i, d := range monthWeeks(g.l.day) {
		g.cells[i].show(g.l.s.texts, g.l, d, today, g.l.known())
	}
	g.BaseWidget.Refresh()
}

// CreateRenderer belongs to Fyne.
func (g *monthGrid) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.body) }

// Tapped chooses the day under the mouse.
func (g *monthGrid) Tapped(e *fyne.PointEvent) {
	control.Focus(g)
	for _, c := range g.cells {
		p, s := c.box.Position(), c.box.Size()
		if e.Position.X >= p.X && e.Position.X < p.X+s.Width && e.Position.Y >= p.Y && e.Position.Y < p.Y+s.Height {
			g.l.move(c.day.since(g.l.day))
			return
		}
	}
}

// DoubleTapped takes it.
func (g *monthGrid) DoubleTapped(e *fyne.PointEvent) {
	g.Tapped(e)
	g.l.take()
}

// AcceptsTab lets Tab go from thing to thing.
func (g *monthGrid) AcceptsTab() bool { return true }

// TypedKey moves among the days; other keys go to the commands.
func (g *monthGrid) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyTab {
		g.l.next(1)
		return
	}
	if !g.l.key(e.Name) {
		command.Forward(g, command.Plain(e.Name))
	}
}

// TypedShortcut goes to the commands.
func (g *monthGrid) TypedShortcut(s fyne.Shortcut) {
	if k, ok := command.KeyOf(s); ok {
		command.Forward(g, k)
	}
}

// TypedRune does nothing.
func (g *monthGrid) TypedRune(rune) {}

// FocusGained and FocusLost do nothing: the chosen day has the ring.
func (g *monthGrid) FocusGained() {}

// FocusLost does nothing.
func (g *monthGrid) FocusLost() {}

// AccessibilityLabel is the chosen day and what is booked on it.
func (g *monthGrid) AccessibilityLabel() string { return g.l.words() }

// AccessibilityRole is text: Fyne knows no role for a calendar.
func (g *monthGrid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// monthLayout sets the names of the days above six weeks of equal height.
type monthLayout struct{}

func (monthLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(400), o[0].MinSize().Height+4+6*(o[7].MinSize().Height+dayGap))
}

func (monthLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := (s.Width - 6*dayGap) / 7
	top := o[0].MinSize().Height + 4
	h := (s.Height-top)/6 - dayGap
	for i, x := range o {
		pos, size := fyne.NewPos(float32(i)*(w+dayGap)+4, 0), fyne.NewSize(w-4, top-4)
		if i >= 7 {
			k := i - 7
			pos, size = fyne.NewPos(float32(k%7)*(w+dayGap), top+float32(k/7)*(h+dayGap)), fyne.NewSize(w, h)
		}
		x.Move(pos)
		x.Resize(size)
	}
}
