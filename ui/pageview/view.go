package pageview

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// Margins around the paper, and how far an arrow key moves it.
const (
	marginX = 20
	marginY = 14
	pan     = 48
)

// View is the paper with its foot line.
type View struct {
	texts *i18n.Texts
	m     *model
	area  *area
	foot  *fyne.Container
	page  *control.Label
	zoom  *control.Label
	root  *fyne.Container
	// OnStatus is told what is shown, whenever that becomes another.
	OnStatus func(Status)
	said     Status
}

// New makes an empty view. goFn runs slow work, do brings it back to the window (fyne.Do).
func New(texts *i18n.Texts, goFn, do func(f func())) *View {
	v := &View{texts: texts}
	v.m = newModel(goFn, do, v.changed)
	v.area = newArea(v)
	v.page = control.NewLabel("", control.Small)
	v.zoom = control.NewLabel("", control.Small)
	hint := control.NewShort(texts.T("pageview.keys"), control.Small)
	hint.Align = fyne.TextAlignTrailing
	v.foot = control.Column(0, control.NewDivider(), control.Pad(8, 12, 8, 12,
		control.Row(16, v.page, v.zoom, control.Grow(hint))))
	v.root = container.NewBorder(nil, v.foot, nil, nil, v.area)
	v.changed()
	return v
}

// Object is what stands on the screen.
func (v *View) Object() fyne.CanvasObject { return v.root }

// Show opens a paper at its first page; nil shows none.
func (v *View) Show(open Open) { v.ShowAt(open, 0) }

// ShowAt opens a paper at a page counted from 0, at its last one where it has fewer.
func (v *View) ShowAt(open Open, page int) {
	v.area.offset = fyne.Position{}
	v.m.Show(open, page)
}

// Close lets go of the paper.
func (v *View) Close() { v.m.Show(nil, 0) }

// Status tells what is shown.
func (v *View) Status() Status { return v.m.status }

// Page is the page shown, from 1, and how many there are; 0, 0 without a paper.
func (v *View) Page() (page, of int) {
	if v.m.doc == nil {
		return 0, 0
	}
	return v.m.page + 1, v.m.pages
}

// Down goes on by a screenful, and at the end of the page to the next one.
func (v *View) Down() {
	if !v.area.scroll(0, v.area.Size().Height-pan) && v.m.Turn(v.m.page+1) {
		v.area.jump(0)
	}
}

// Up goes back by a screenful, and at the top of the page to the end of the one before.
func (v *View) Up() {
	if !v.area.scroll(0, -(v.area.Size().Height-pan)) && v.m.Turn(v.m.page-1) {
		v.area.jump(math.MaxFloat32)
	}
}

// Zoom makes the paper larger (1) or smaller (-1).
func (v *View) Zoom(step int) { v.area.keepMiddle(func() { v.m.ZoomBy(step) }) }

// Fit fits the width, and then the whole page.
func (v *View) Fit() { v.area.keepMiddle(v.m.Fit) }

// Rotate turns the paper clockwise by a quarter.
func (v *View) Rotate() { v.m.Rotate() }

// Commands are what can be done with the paper wherever the cursor is.
func (v *View) Commands() []command.Command {
	shown := func() bool { return v.m.doc != nil }
	c := func(id string, run func(), keys ...command.Key) command.Command {
		return command.Command{ID: "page." + id, Keys: keys, Enabled: shown, Run: run}
	}
	return []command.Command{
		c("down", v.Down, command.Plain(fyne.KeyPageDown)),
		c("up", v.Up, command.Plain(fyne.KeyPageUp)),
		c("larger", func() { v.Zoom(1) }, command.Ctrl(fyne.KeyPlus), command.Ctrl(fyne.KeyEqual)),
		c("smaller", func() { v.Zoom(-1) }, command.Ctrl(fyne.KeyMinus)),
		c("fit", v.Fit, command.Ctrl(fyne.Key0)),
		c("rotate", v.Rotate, command.Ctrl(fyne.KeyR)),
		{ID: "page.password", Keys: []command.Key{passwordKey}, Enabled: func() bool { return v.m.status == Locked }, Run: v.toPassword},
	}
}

// passwordKey leads to the field for the password of a locked paper.
var passwordKey = command.Plain(fyne.KeyF7)

func (v *View) toPassword() { control.Focus(v.area.password) }

func (v *View) changed() {
	if v.area == nil {
		return
	}
	if v.m.doc != nil {
		v.page.SetText(v.texts.T("pageview.page", "page", v.m.page+1, "of", v.m.pages))
		v.zoom.SetText(v.texts.T("pageview.zoom", "percent", int(math.Round(100*v.m.Zoom()))))
		v.foot.Show()
	} else {
		v.foot.Hide()
	}
	v.area.update()
	v.root.Refresh()
	if v.said != v.m.status {
		v.said = v.m.status
		if v.OnStatus != nil {
			v.OnStatus(v.said)
		}
	}
}

// area is where the paper lies. It can have the keys.
type area struct {
	widget.BaseWidget
	v        *View
	offset   fyne.Position // of the paper's upper left, from the area's
	ground   *control.Ground
	shade    *canvas.Rectangle
	sheet    *canvas.Rectangle
	image    *canvas.Image
	bar      *canvas.Rectangle // where on the page one is
	ring     *canvas.Rectangle
	paper    *fyne.Container
	clip     *container.Clip
	words    *fyne.Container // instead of a paper
	status   Status
	password *control.Entry
	focused  bool
}

func newArea(v *View) *area {
	a := &area{v: v, status: -1}
	a.ground = control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor = p.PaperDesk
		r.BottomLeftCornerRadius, r.BottomRightCornerRadius = look.RadiusCard-1, look.RadiusCard-1
		if v.m.doc != nil { // the foot line is below
			r.BottomLeftCornerRadius, r.BottomRightCornerRadius = 0, 0
		}
	})
	a.shade = canvas.NewRectangle(look.Palette().Line)
	a.sheet = canvas.NewRectangle(white)
	a.image = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
	a.bar = canvas.NewRectangle(look.Palette().Ink2)
	a.ring = canvas.NewRectangle(color.Transparent)
	a.paper = container.NewWithoutLayout(a.shade, a.sheet, a.image)
	a.clip = container.NewClip(a.paper)
	a.words = container.NewStack()
	a.ExtendBaseWidget(a)
	return a
}

// update shows what the model has.
func (a *area) update() {
	m := a.v.m
	if m.status != a.status || m.status == Locked || m.status == Trouble {
		tried := a.password != nil && a.password.Focused()
		a.status = m.status
		a.say()
		if tried {
			a.answered()
		}
	}
	a.paper.Hidden = m.img == nil
	if m.img != nil && a.image.Image != m.img {
		a.image.Image = m.img
		a.image.Refresh()
	}
	a.place()
	a.Refresh()
}

// place lays the paper down at whole screen pixels, so that it is as sharp as it was drawn.
func (a *area) place() {
	m, s := a.v.m, a.Size()
	if m.img == nil || s.IsZero() {
		return
	}
	w64, h64 := m.PageSize()
	w, h := float32(w64), float32(h64)
	x := (s.Width - w) / 2
	if w+2*marginX > s.Width {
		a.offset.X = min(max(a.offset.X, 0), w+2*marginX-s.Width)
		x = marginX - a.offset.X
	}
	y := (s.Height - h) / 2
	a.bar.Hidden = true
	if over := h + 2*marginY - s.Height; over > 0 {
		a.offset.Y = min(max(a.offset.Y, 0), over)
		y = marginY - a.offset.Y
		length := max(24, s.Height*s.Height/(h+2*marginY))
		a.bar.Hidden = false
		a.bar.Resize(fyne.NewSize(5, length))
		a.bar.Move(fyne.NewPos(s.Width-7, (s.Height-length)*a.offset.Y/over))
	}
	at := fyne.NewPos(a.snap(x), a.snap(y))
	a.image.Move(at)
	a.image.Resize(fyne.NewSize(w, h))
	a.sheet.Move(at)
	a.sheet.Resize(fyne.NewSize(w, h))
	a.shade.Move(at.AddXY(-1, 0))
	a.shade.Resize(fyne.NewSize(w+2, h+3))
}

func (a *area) snap(v float32) float32 {
	scale := float32(a.v.m.scale)
	return float32(math.Round(float64(v*scale))) / scale
}

// scroll moves the paper and reports whether it moved.
func (a *area) scroll(dx, dy float32) bool {
	before := a.offset
	a.offset = a.offset.AddXY(dx, dy)
	a.place()
	if a.v.m.img == nil || a.bar.Hidden && dx == 0 {
		a.offset.Y = 0
	}
	a.Refresh()
	return a.offset != before
}

func (a *area) jump(y float32) {
	a.offset.Y = y
	a.place()
	a.Refresh()
}

// keepMiddle holds what is in the middle of the view there while f changes the size of the page.
func (a *area) keepMiddle(f func()) {
	w0, h0 := a.v.m.PageSize()
	s := a.Size()
	cx, cy := a.offset.X+s.Width/2, a.offset.Y+s.Height/2
	f()
	w1, h1 := a.v.m.PageSize()
	if w0 > 0 && h0 > 0 {
		a.offset = fyne.NewPos(cx*float32(w1/w0)-s.Width/2, cy*float32(h1/h0)-s.Height/2)
	}
	a.place()
	a.Refresh()
}

// Resize tells the model how much room there is.
func (a *area) Resize(s fyne.Size) {
	a.BaseWidget.Resize(s)
	scale := float64(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil {
		scale = float64(c.Scale())
	}
	a.v.m.Room(max(40, float64(s.Width-2*marginX)), max(40, float64(s.Height-2*marginY)), scale)
	a.place()
}

// Scrolled moves the paper; with Control held it zooms.
func (a *area) Scrolled(e *fyne.ScrollEvent) {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && d.CurrentKeyModifiers()&fyne.KeyModifierControl != 0 {
		switch {
		case e.Scrolled.DY > 0:
			a.v.Zoom(1)
		case e.Scrolled.DY < 0:
			a.v.Zoom(-1)
		}
		return
	}
	a.scroll(-e.Scrolled.DX, -e.Scrolled.DY)
}

// Dragged moves the paper with the mouse.
func (a *area) Dragged(e *fyne.DragEvent) { a.scroll(-e.Dragged.DX, -e.Dragged.DY) }

// DragEnd does nothing.
func (a *area) DragEnd() {}

// Tapped gives the paper the keys.
func (a *area) Tapped(*fyne.PointEvent) {
	if a.v.m.doc != nil {
		control.Focus(a)
	}
}

// TypedRune turns, zooms and fits; letters are free here because nothing is typed.
func (a *area) TypedRune(r rune) {
	switch r {
	case 'r', 'R':
		a.v.Rotate()
	case '+':
		a.v.Zoom(1)
	case '-':
		a.v.Zoom(-1)
	case '0':
		a.v.Fit()
	}
}

// TypedKey moves the paper; what it does not know goes to the commands.
func (a *area) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		a.scroll(0, pan)
	case fyne.KeyUp:
		a.scroll(0, -pan)
	case fyne.KeyRight:
		a.scroll(pan, 0)
	case fyne.KeyLeft:
		a.scroll(-pan, 0)
	case fyne.KeyHome:
		a.v.m.Turn(0)
		a.jump(0)
	case fyne.KeyEnd:
		a.v.m.Turn(a.v.m.pages - 1)
		a.jump(0)
	case fyne.KeySpace, fyne.KeyPageDown:
		a.v.Down()
	case fyne.KeyPageUp:
		a.v.Up()
	default:
		command.Forward(a, command.Plain(e.Name))
	}
}

// TypedShortcut goes to the commands.
func (a *area) TypedShortcut(s fyne.Shortcut) {
	if k, ok := command.KeyOf(s); ok {
		command.Forward(a, k)
	}
}

// FocusGained shows the ring.
func (a *area) FocusGained() { a.focused = true; a.Refresh() }

// FocusLost takes the ring away.
func (a *area) FocusLost() { a.focused = false; a.Refresh() }

// Disabled keeps the keys away while there is no paper.
func (a *area) Disabled() bool { return a.v.m.doc == nil }

// Enable belongs to fyne.Disableable; whether there is a paper decides.
func (a *area) Enable() {}

// Disable belongs to fyne.Disableable; whether there is a paper decides.
func (a *area) Disable() {}

// AccessibilityLabel says what lies here.
func (a *area) AccessibilityLabel() string {
	page, of := a.v.Page()
	return a.v.texts.T("pageview.page", "page", page, "of", of)
}

// AccessibilityRole is text.
func (a *area) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (a *area) CreateRenderer() fyne.WidgetRenderer {
	return &areaRenderer{a: a, objects: []fyne.CanvasObject{a.ground, a.clip, a.bar, a.words, a.ring}}
}

type areaRenderer struct {
	a       *area
	objects []fyne.CanvasObject
}

func (r *areaRenderer) Destroy()                     {}
func (r *areaRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *areaRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, 120) }

func (r *areaRenderer) Layout(s fyne.Size) {
	r.a.ground.Resize(s)
	r.a.clip.Resize(s)
	r.a.words.Resize(s)
	r.a.ring.Resize(s)
	r.a.place()
}

func (r *areaRenderer) Refresh() {
	p := look.Palette()
	r.a.shade.FillColor = p.Line
	bar := p.Ink2
	bar.A = 0x80
	r.a.bar.FillColor, r.a.bar.CornerRadius = bar, 2.5
	r.a.ring.FillColor, r.a.ring.StrokeColor, r.a.ring.StrokeWidth = nil, p.Focus, look.RingWidth
	r.a.ring.Hidden = !r.a.focused
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(r.a.paper)
}
