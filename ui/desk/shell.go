package desk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/assets"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// shell is the window around the screens: top bar, rail, status line.
type shell struct {
	object  fyne.CanvasObject
	rail    *control.Rail
	content *fyne.Container
	status  *statusLine
	notice  *control.Banner
}

func icon() fyne.Resource {
	b, err := assets.Files.ReadFile("icons/schalter.svg")
	if err != nil {
		return nil
	}
	return fyne.NewStaticResource("schalter.svg", b)
}

func surface(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Surface }

func newShell(d *Desk) *shell {
	t := d.texts
	s := &shell{rail: control.NewRail(d.goTo), content: container.NewStack(), status: newStatusLine(d), notice: control.NewBanner()}
	brand := control.Row(10, control.NewPicture(icon(), 24), control.NewLabel("Schalter", control.H2))
	top := control.Row(12, control.Width(196, brand),
		control.Grow(control.UpTo(420, newFindBox(d))),
		control.NewButton(t.T("command.case.new"), command.Ctrl(fyne.KeyN).Label(t), control.Primary, d.pick),
		control.NewButton(t.T("command.app.lock"), command.Ctrl(fyne.KeyL).Label(t), control.Plain, d.Lock))
	center := control.Column(0, control.Pad(14, 14, 0, 14, s.notice), control.Grow(s.content))
	s.object = container.New(shellLayout{},
		control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Background }),
		container.NewStack(control.NewGround(surface), control.Pad(0, 14, 0, 14, top)), control.NewDivider(),
		container.NewStack(control.NewGround(surface), control.Pad(10, 8, 10, 8, s.rail)), control.NewUpright(),
		center,
		control.NewDivider(), container.NewStack(control.NewGround(surface), control.Pad(0, 14, 0, 14, s.status.object)))
	return s
}

// shellLayout places ground, top bar, line, rail, line, content, line, status line.
type shellLayout struct{}

func (shellLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(900), look.Px(520))
}

func (shellLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	top, rail, foot := look.Px(48), look.Px(208), look.Px(30)
	put := func(i int, x, y, w, h float32) {
		o[i].Move(fyne.NewPos(x, y))
		o[i].Resize(fyne.NewSize(w, h))
	}
	put(0, 0, 0, s.Width, s.Height)
	put(1, 0, 0, s.Width, top-1)
	put(2, 0, top-1, s.Width, 1)
	put(3, 0, top, rail-1, s.Height-top-foot)
	put(4, rail-1, top, 1, s.Height-top-foot)
	put(5, rail, top, s.Width-rail, s.Height-top-foot)
	put(6, 0, s.Height-foot, s.Width, 1)
	put(7, 0, s.Height-foot+1, s.Width, foot-1)
}

// statusLine says at all times how things stand.
type statusLine struct {
	d      *Desk
	object *fyne.Container
	left   [4]*statusItem
	right  *control.Label
}

func newStatusLine(d *Desk) *statusLine {
	s := &statusLine{d: d, right: control.NewLabel("", control.Small)}
	row := control.Row(22)
	for i := range s.left {
		s.left[i] = newStatusItem()
		row.Add(s.left[i])
	}
	s.left[1].tapped = func() { d.goTo(placeOutbox) }
	s.left[3].tapped = d.reader
	help := newStatusItem()
	help.set(StatusItem{Text: command.Plain(fyne.KeyF1).Label(d.texts) + " " + d.texts.T("command.app.help")})
	help.tapped = d.help
	row.Add(control.Spacer())
	row.Add(s.right)
	row.Add(help)
	s.object = row
	return s
}

func (s *statusLine) show(f Facts) {
	now := s.d.Clock()
	for i, it := range StatusLeft(s.d.texts, f, now) {
		s.left[i].set(it)
	}
	s.left[3].set(ReadingItem(s.d.texts, f.Reading))
	s.right.SetText(StatusRight(s.d.texts, f))
	s.object.Refresh()
}

// statusItem is a dot and words.
type statusItem struct {
	widget.BaseWidget
	it     StatusItem
	tapped func()
}

func newStatusItem() *statusItem {
	i := &statusItem{}
	i.ExtendBaseWidget(i)
	return i
}

func (i *statusItem) set(it StatusItem) {
	if i.it != it {
		i.it = it
		i.Refresh()
	}
}

// Tapped goes where the item leads.
func (i *statusItem) Tapped(*fyne.PointEvent) {
	if i.tapped != nil {
		i.tapped()
	}
}

// AccessibilityLabel is the item's words.
func (i *statusItem) AccessibilityLabel() string { return i.it.Text }

// AccessibilityRole is text.
func (i *statusItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (i *statusItem) CreateRenderer() fyne.WidgetRenderer {
	r := &statusRenderer{i: i, dot: canvas.NewCircle(nil), text: &canvas.Text{}}
	r.Refresh()
	return r
}

type statusRenderer struct {
	i    *statusItem
	dot  *canvas.Circle
	text *canvas.Text
}

func (r *statusRenderer) Destroy()                     {}
func (r *statusRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.dot, r.text} }

func (r *statusRenderer) MinSize() fyne.Size {
	m := r.text.MinSize()
	if r.i.it.Text == "" {
		m.Width = 0
	}
	if r.i.it.Dot {
		m.Width += 15
	}
	return m
}

func (r *statusRenderer) Layout(s fyne.Size) {
	m := r.text.MinSize()
	x := float32(0)
	if r.i.it.Dot {
		r.dot.Move(fyne.NewPos(0, (s.Height-9)/2))
		r.dot.Resize(fyne.NewSquareSize(9))
		x = 15
	}
	r.text.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
	r.text.Resize(m)
}

func (r *statusRenderer) Refresh() {
	p := look.Palette()
	ink, dot := p.Ink2, p.Ink2
	switch r.i.it.Kind {
	case control.KindGood:
		dot = p.Good
	case control.KindWaiting:
		dot = p.Waiting
	case control.KindTrouble:
		dot, ink = p.Trouble, p.Trouble
	}
	r.dot.FillColor, r.dot.Hidden = dot, !r.i.it.Dot
	r.text.Text, r.text.TextSize, r.text.Color = r.i.it.Text, look.Text(look.TextSmall), ink
	r.Layout(r.i.Size())
	r.dot.Refresh()
	r.text.Refresh()
}

// findBox looks like a field; a click, Enter or the first letter opens the search.
type findBox struct {
	widget.BaseWidget
	d       *Desk
	focused bool
}

func newFindBox(d *Desk) *findBox {
	b := &findBox{d: d}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped opens the search.
func (b *findBox) Tapped(*fyne.PointEvent) { b.d.find("") }

// Cursor is that of a field.
func (b *findBox) Cursor() desktop.Cursor { return desktop.TextCursor }

// TypedRune opens the search with the letter.
func (b *findBox) TypedRune(r rune) { b.d.find(string(r)) }

// TypedKey opens the search or goes to the commands.
func (b *findBox) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		b.d.find("")
		return
	}
	command.Forward(b, command.Plain(e.Name))
}

// TypedShortcut goes to the commands.
func (b *findBox) TypedShortcut(s fyne.Shortcut) {
	if k, ok := command.KeyOf(s); ok {
		command.Forward(b, k)
	}
}

// FocusGained shows the ring.
func (b *findBox) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost takes the ring away.
func (b *findBox) FocusLost() { b.focused = false; b.Refresh() }

// CreateRenderer belongs to Fyne.
func (b *findBox) CreateRenderer() fyne.WidgetRenderer {
	t := b.d.texts
	face := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface2, p.Line, 1, look.RadiusField
		if b.focused {
			r.StrokeColor, r.StrokeWidth = p.Focus, look.RingWidth
		}
	})
	row := control.Pad(0, 10, 0, 10, control.Row(8,
		control.Grow(control.NewShort(t.T("shell.find"), control.Muted)), control.NewKeyCap(command.Ctrl(fyne.KeyK).Label(t))))
	return widget.NewSimpleRenderer(container.New(boxLayout{}, face, row))
}

type boxLayout struct{}

func (boxLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(160), look.Px(look.Target))
}

func (boxLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Move(fyne.Position{})
		x.Resize(s)
	}
}
