package pageview

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Margins around the paper, and how far an arrow key moves it.
const (
	marginX = 20
	marginY = 14
	pan     = 48
)

// View is the paper with its foot line, and the strip of thumbnails and the find bar where they are open.
type View struct {
	texts  *i18n.Texts
	m      *model
	area   *area
	slide  *slide
	bar    *bar
	thumbs *thumbs
	lines  *outline
	top    *fyne.Container
	side   *fyne.Container
	foot   *fyne.Container
	page   *control.Label
	zoom   *control.Label
	hint   *control.Label
	root   *fyne.Container
	// OnStatus is told what is shown, whenever that becomes another.
	OnStatus func(Status)
	// OnPage is told which page is looked at, from 1, and of how many, whenever that becomes another; 0, 0: none.
	OnPage func(page, of int)
	// OnPlace is told where a tool was used: the page from 0, and the box at 0 turns. The tool stays.
	OnPlace func(page int, b record.Box)
	// OnMark is told that a mark of [View.SetMarks] was clicked, or chosen and opened by keyboard.
	OnMark func(id record.ID)
	// OnTool is told whenever another tool is in the hand.
	OnTool func(record.MarkKind)
	// OnPrint prints the paper; nil: it cannot be printed from here.
	OnPrint func()
	said    Status
	paged   [2]int
}

// New makes an empty view. goFn runs slow work, do brings it back to the window (fyne.Do).
func New(texts *i18n.Texts, goFn, do func(f func())) *View {
	v := &View{texts: texts}
	v.m = newModel(goFn, do, v.changed)
	v.m.placed = func(page int, b record.Box) {
		if v.OnPlace != nil {
			v.OnPlace(page, b)
		}
	}
	v.m.toolTold = v.tool
	v.area = newArea(v)
	v.slide = newSlide(v)
	v.page = control.NewLabel("", control.Small)
	v.zoom = control.NewLabel("", control.Small)
	v.hint = control.NewShort("", control.Small)
	v.hint.Align = fyne.TextAlignTrailing
	v.foot = control.Column(0, control.NewDivider(), control.Pad(8, 12, 8, 12,
		control.Row(16, v.page, v.zoom, control.Grow(v.hint))))
	v.bar = newBar(v)
	v.thumbs = newThumbs(v)
	v.m.thumbs = v.thumbs.sight
	v.lines = newOutline(v)
	v.lines.box.Hide()
	v.top, v.side = container.NewStack(v.bar.box), container.NewStack(v.thumbs.box, v.lines.box)
	v.top.Hide()
	v.side.Hide()
	v.root = container.New(panes{v}, v.top, v.foot, v.side, v.area, v.slide)
	v.changed()
	return v
}

// panes lays out the view without a gap.
type panes struct{ v *View }

func (l panes) MinSize([]fyne.CanvasObject) fyne.Size {
	s := l.v.area.MinSize()
	for _, o := range []fyne.CanvasObject{l.v.top, l.v.foot} {
		if o.Visible() {
			s = fyne.NewSize(max(s.Width, o.MinSize().Width), s.Height+o.MinSize().Height)
		}
	}
	return s
}

func (l panes) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	var above, below, beside float32
	if l.v.top.Visible() {
		above = l.v.top.MinSize().Height
		put(l.v.top, 0, 0, s.Width, above)
	}
	if l.v.foot.Visible() {
		below = l.v.foot.MinSize().Height
		put(l.v.foot, 0, s.Height-below, s.Width, below)
	}
	if l.v.side.Visible() {
		beside = min(l.v.side.MinSize().Width, s.Width/2)
		put(l.v.side, 0, above, beside, s.Height-above-below)
	}
	put(l.v.area, beside, above, s.Width-beside, s.Height-above-below)
	put(l.v.slide, s.Width-slideWidth, above, slideWidth, s.Height-above-below)
}

// Object is what stands on the screen.
func (v *View) Object() fyne.CanvasObject { return v.root }

// Show opens a paper at its first page; nil shows none. Marks of the paper before are gone.
func (v *View) Show(open Open) { v.ShowAt(open, 0) }

// ShowAt opens a paper at a page counted from 0, at its last one where it has fewer.
func (v *View) ShowAt(open Open, page int) {
	v.bar.close()
	v.m.use("")
	v.m.Show(open, page)
}

// Close lets go of the paper.
func (v *View) Close() { v.ShowAt(nil, 0) }

// Status tells what is shown.
func (v *View) Status() Status { return v.m.status }

// Page is the page being looked at, from 1, and how many there are; 0, 0 without a paper.
func (v *View) Page() (page, of int) {
	if v.m.doc == nil {
		return 0, 0
	}
	return v.m.page + 1, v.m.pages
}

// Go goes to a page counted from 1.
func (v *View) Go(page int) { v.m.Turn(min(max(page-1, 0), v.m.pages-1)) }

// MarkWords marks every word that begins with one of these, folded as package search folds, in this paper and
// those shown later; nil ends it. A paper that opens shows the first such word of its page.
func (v *View) MarkWords(words []string) { v.m.Mark(words) }

// SetMarks draws a clerk's marks over the pages, in their order; called after the paper is shown.
func (v *View) SetMarks(marks []record.Mark) {
	v.m.marks = append([]record.Mark(nil), marks...)
	v.m.chosen = -1
	v.changed()
}

// SetTool takes a tool into the hand: a box drawn with the mouse, or laid with the keys and Enter, goes to
// OnPlace. "" is the hand that reads and selects. Esc puts a tool away.
func (v *View) SetTool(tool record.MarkKind) {
	if v.m.use(tool); tool != "" {
		v.Focus()
	}
}

// Tool is the tool in the hand.
func (v *View) Tool() record.MarkKind { return v.m.tool }

// Selected are the selected words of a page (from 0), one box a line at 0 turns, and their text; of several
// selected pages it is the first. text is "" when nothing is selected.
func (v *View) Selected() (page int, boxes []record.Box, text string) {
	a, _ := v.m.sel.span()
	boxes, text = v.m.selected(a.page)
	return a.page, boxes, text
}

// Copy puts the selected words on the clipboard.
func (v *View) Copy() {
	v.m.copied(func(text string) {
		if text != "" {
			fyne.CurrentApp().Clipboard().SetContent(text)
		}
	})
}

// Find opens the find bar.
func (v *View) Find() { v.bar.find() }

// GoTo opens the bar that asks for a page.
func (v *View) GoTo() { v.bar.ask() }

// Focus gives the keys to the paper.
func (v *View) Focus() {
	if v.m.doc != nil {
		control.Focus(v.area)
	}
}

// Down goes on by a screenful, and at the end of the page to the next one.
func (v *View) Down() { v.m.Down() }

// Up goes back by a screenful, and at the top of the page to the end of the one before.
func (v *View) Up() { v.m.Up() }

// Zoom makes the paper larger (1) or smaller (-1) around its middle.
func (v *View) Zoom(step int) {
	s := v.area.Size()
	v.m.ZoomBy(step, float64(s.Width/2), float64(s.Height/2))
}

// Fit fits the width, and then the whole page.
func (v *View) Fit() { v.m.Fit() }

// Rotate turns the paper clockwise by a quarter.
func (v *View) Rotate() { v.m.Rotate() }

// ShowThumbs opens or closes the strip of thumbnails.
func (v *View) ShowThumbs(on bool) {
	if v.Thumbs() != on {
		v.beside(v.thumbs.box, on)
	}
}

// Thumbs reports whether the strip is open.
func (v *View) Thumbs() bool { return v.side.Visible() && v.thumbs.box.Visible() }

// ShowOutline opens or closes the outline, which stands where the thumbnails do.
func (v *View) ShowOutline(on bool) {
	if v.Outline() == on {
		return
	}
	v.m.learnContents()
	v.beside(v.lines.box, on)
	if on && len(v.m.contents.Outline) > 0 {
		control.Focus(v.lines.list)
	} else if !on {
		v.Focus()
	}
}

// Outline reports whether the outline is open.
func (v *View) Outline() bool { return v.side.Visible() && v.lines.box.Visible() }

// beside opens a panel at the left in place of another one, or closes it.
func (v *View) beside(panel *fyne.Container, on bool) {
	v.thumbs.box.Hidden, v.lines.box.Hidden = panel != v.thumbs.box, panel != v.lines.box
	v.side.Hidden = !on
	v.root.Refresh()
	v.m.want()
	v.changed()
}

// follow goes where a link leads within the paper. One that leads out of it is never opened: its address is copied.
func (v *View) follow(at spot) {
	l, ok := v.m.link(at.page, at.word)
	switch {
	case !ok:
	case l.Page >= 0:
		v.m.linked = spot{-1, -1}
		v.m.leap(l.Page, l.Top)
	default:
		v.m.address = l.Address
		fyne.CurrentApp().Clipboard().SetContent(l.Address)
		v.foots()
	}
}

// Back goes where one was before a link, an entry of the outline or a page number was followed.
func (v *View) Back() { v.m.back() }

// tool is told that another tool is in the hand.
func (v *View) tool(tool record.MarkKind) {
	if v.OnTool != nil {
		v.OnTool(tool)
	}
}

// mark opens the chosen mark.
func (v *View) mark(i int) {
	if i >= 0 && i < len(v.m.marks) && v.OnMark != nil {
		v.OnMark(v.m.marks[i].ID)
	}
}

// Commands are what can be done with the paper wherever the cursor is.
func (v *View) Commands() []command.Command {
	shown := func() bool { return v.m.doc != nil }
	here := func(also func() bool) func() bool {
		return func() bool { return v.m.doc != nil && v.area.focused && also() }
	}
	c := func(id string, enabled func() bool, run func(), keys ...command.Key) command.Command {
		return command.Command{ID: "page." + id, Keys: keys, Enabled: enabled, Run: run}
	}
	thumbs := c("thumbs", shown, func() { v.ShowThumbs(!v.Thumbs()) }, command.Ctrl(fyne.KeyT))
	thumbs.Checked = v.Thumbs
	outline := c("outline", shown, func() { v.ShowOutline(!v.Outline()) }, command.CtrlShift(fyne.KeyT))
	outline.Checked = v.Outline
	return []command.Command{
		c("down", shown, v.Down, command.Plain(fyne.KeyPageDown)),
		c("up", shown, v.Up, command.Plain(fyne.KeyPageUp)),
		c("goto", func() bool { return v.m.pages > 1 }, v.GoTo, command.Ctrl(fyne.KeyG)),
		c("larger", shown, func() { v.Zoom(1) }, command.Ctrl(fyne.KeyPlus), command.Ctrl(fyne.KeyEqual)),
		c("smaller", shown, func() { v.Zoom(-1) }, command.Ctrl(fyne.KeyMinus)),
		c("fit", shown, v.Fit, command.Ctrl(fyne.Key0)),
		c("rotate", shown, v.Rotate, command.Ctrl(fyne.KeyR)),
		thumbs,
		outline,
		c("back", func() bool { return len(v.m.trail) > 0 }, v.Back, command.Alt(fyne.KeyLeft)),
		c("find", shown, v.Find, command.Ctrl(fyne.KeyF)),
		c("find_next", v.bar.finding, func() { v.m.find.step(1) }, command.Plain(fyne.KeyF3)),
		c("find_previous", v.bar.finding, func() { v.m.find.step(-1) }, command.Key{Name: fyne.KeyF3, Mod: fyne.KeyModifierShift}),
		c("copy", here(func() bool { return v.m.sel.on }), v.Copy, command.Ctrl(fyne.KeyC)),
		c("select_all", here(func() bool { return true }), v.m.selectPage, command.Ctrl(fyne.KeyA)),
		c("print", func() bool { return v.m.doc != nil && v.OnPrint != nil }, func() { v.OnPrint() }, command.Alt(fyne.KeyP)),
		c("password", func() bool { return v.m.status == Locked }, v.toPassword, passwordKey),
	}
}

// passwordKey leads to the field for the password of a locked paper.
var passwordKey = command.Plain(fyne.KeyF7)

func (v *View) toPassword() { control.Focus(v.area.password) }

func (v *View) changed() {
	if v.lines == nil {
		return // being made
	}
	v.foots()
	v.area.update()
	v.slide.update()
	v.bar.update()
	v.thumbs.update()
	v.lines.update()
	if v.said != v.m.status {
		v.said = v.m.status
		if v.OnStatus != nil {
			v.OnStatus(v.said)
		}
	}
	if page, of := v.Page(); v.paged != [2]int{page, of} {
		v.paged = [2]int{page, of}
		if v.OnPage != nil {
			v.OnPage(page, of)
		}
	}
}

// where says which page is looked at, as the file calls it and as it is counted.
func (v *View) where(page, of int) string {
	if label := v.m.label(page - 1); label != strconv.Itoa(page) {
		return v.texts.T("pageview.page.called", "label", label, "page", page, "of", of)
	}
	return v.texts.T("pageview.page", "page", page, "of", of)
}

// hints says where a link leads, else what the keys do.
func (v *View) hints() string {
	m, t := v.m, v.texts
	at := m.under
	if at.word < 0 {
		at = m.linked
	}
	l, on := m.link(at.page, at.word)
	switch {
	case m.address != "":
		return t.T("pageview.link.copied", "address", m.address)
	case m.tool != "":
		return t.T("pageview.tool")
	case on && l.Page >= 0:
		return t.T("pageview.link.page", "page", m.label(l.Page))
	case on:
		return t.T("pageview.link.out", "address", l.Address)
	}
	return t.T("pageview.keys")
}

// foots says where one is and what the keys do.
func (v *View) foots() {
	page, of := v.Page()
	if was := v.foot.Hidden; was != (of == 0) {
		v.foot.Hidden = of == 0
		v.root.Refresh()
	}
	if of == 0 {
		return
	}
	moved := false
	for _, s := range []struct {
		label *control.Label
		text  string
	}{
		{v.page, v.where(page, of)},
		{v.zoom, v.texts.T("pageview.zoom", "percent", int(math.Round(100*v.m.Zoom())))},
		{v.hint, v.hints()},
	} {
		if s.label.Text() != s.text {
			s.label.SetText(s.text)
			moved = true
		}
	}
	if moved {
		v.foot.Refresh()
	}
}
