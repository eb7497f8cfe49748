package tray

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// Screen is the tray.
type Screen struct {
	Needs
	m       *model
	thumbs  *thumbs
	profile int // of the scanner's

	object   fyne.CanvasObject
	summary  *control.Label
	banner   *control.Banner
	empty    fyne.CanvasObject
	body     *fyne.Container
	groups   *control.List
	pages    *control.List
	head     *control.Label
	what     *control.Label
	doubts   *control.Label
	vouch    *control.Tick
	scanner  *control.Button
	all      *control.Button
	file     *control.Button
	split    *control.Button
	join     *control.Button
	prove    *control.Button
	aside    *control.Button
	hide     *control.Button
	stop     *control.Button
	shown    record.ID // the page that the paper shows
	turns    int
	filling  bool
	front    bool // the screen is in sight
	quiet    bool // an error of the tray itself is in the banner
	finished func(error)
}

// The keys of the screen.
var (
	scanKey    = command.Plain(fyne.KeyF2)
	profileKey = command.Ctrl(fyne.KeyF2)
	assignKey  = command.Plain(fyne.KeyF4)
	proveKey   = command.Plain(fyne.KeyF5)
	splitKey   = command.Plain(fyne.KeyF8)
	rotateKey  = command.Plain(fyne.KeyF9)
	joinKey    = command.Alt(fyne.KeyUp)
	asideKey   = command.Plain(fyne.KeyDelete)
	dropKey    = command.CtrlShift(fyne.KeyDelete)
	droppedKey = command.CtrlShift(fyne.KeyZ)
	vouchKey   = command.Plain(fyne.KeyU)
	hideKey    = command.Plain(fyne.KeyF7)
	pagesKey   = command.Plain(fyne.KeyRight)
	groupsKey  = command.Plain(fyne.KeyLeft)
	markKey    = command.Plain(fyne.KeySpace)
	fileKey    = command.Plain(fyne.KeyReturn)
	allKey     = command.Ctrl(fyne.KeyReturn)
	undoKey    = command.Ctrl(fyne.KeyZ)
	caseKey    = command.Ctrl(fyne.KeyO)
	sheetsKey  = command.Ctrl(fyne.KeyP)
	stopKey    = command.Plain(fyne.KeyEscape)
)

// New makes the screen.
func New(n Needs) *Screen {
	s := &Screen{Needs: n}
	s.m = newModel(n, s.show, s.say)
	s.thumbs = &thumbs{n: n, came: func() { s.pages.Refill() }, done: map[string]*canvas.Image{}}
	s.build()
	s.show()
	return s
}

func (s *Screen) build() {
	t := s.Texts
	s.summary = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	button := func(key string, k command.Key, rank control.Rank, run func()) *control.Button {
		return control.NewButton(t.T(key), k.Label(t), rank, run)
	}
	s.scanner = button("tray.scan", scanKey, control.Plain, s.startScan)
	s.stop = button("tray.stop", stopKey, control.Plain, s.m.stopScan)
	s.all = button("tray.file.all", allKey, control.Primary, s.fileAll)
	s.file = button("tray.file", fileKey, control.Primary, s.fileOne)
	s.join = button("tray.join", joinKey, control.Plain, s.m.join)
	s.split = button("tray.split", splitKey, control.Plain, s.m.split)
	s.prove = button("tray.prove", proveKey, control.Plain, s.askProof)
	s.aside = button("tray.aside", asideKey, control.Plain, s.m.aside)
	s.hide = button("tray.hide", hideKey, control.Plain, s.m.out)
	s.groups = control.NewList(func() fyne.CanvasObject { return newGroupRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(s.m.items) {
			o.(*groupRow).show(s.m.line(s.m.items[i], s.Clock()))
		}
	})
	s.groups.RowHeight, s.groups.Name = 66, t.T("tray.title")
	s.groups.OnSelect = s.chooseGroup
	s.groups.OnOpen = func(int) { s.fileOne() }
	s.pages = control.NewList(func() fyne.CanvasObject { return newPageRow() }, s.fillPage)
	s.pages.RowHeight, s.pages.Name = leafRow, t.T("tray.pages.name")
	s.pages.OnSelect = s.choosePage
	s.pages.OnOpen = func(int) { s.fileOne() }
	s.head = control.NewShort("", control.H2)
	s.what = control.NewShort("", control.Body)
	s.doubts = control.NewParagraph("", control.Muted)
	s.vouch = control.NewTick(t.T("tray.vouch"), func(bool) { s.m.vouch() })
	buttons := &fyne.Container{Layout: &flow{}, Objects: []fyne.CanvasObject{
		s.file, button("tray.assign", assignKey, control.Plain, s.askCase), s.prove, s.join, s.split,
		button("tray.rotate", rotateKey, control.Plain, s.m.rotate), s.hide, s.aside,
	}}
	paper := control.Column(0)
	if s.Paper != nil {
		paper = control.Column(0, control.Grow(s.Paper.Object()))
	}
	left := control.NewCard(0, control.Column(0, control.Grow(control.Pad(1, 1, 12, 1, s.groups))))
	right := control.NewCard(0, control.Column(0,
		control.Pad(12, 16, 10, 16, control.Column(3, s.head, s.what, s.doubts)), control.Pad(0, 16, 8, 16, buttons),
		control.Pad(0, 16, 8, 12, s.vouch), control.NewDivider(),
		control.Grow(&fyne.Container{Layout: strip{}, Objects: []fyne.CanvasObject{control.Pad(1, 0, 12, 1, s.pages), control.NewUpright(), paper}})))
	s.body = &fyne.Container{Layout: parts{}, Objects: []fyne.CanvasObject{left, right}}
	s.empty = control.NewCard(0, control.Pad(48, 40, 48, 40, control.Middle(control.Width(560, control.Column(10, s.paragraph("tray.empty.long"), s.paragraph("tray.empty.how"))))))
	head := control.Pad(0, 2, 10, 2, control.Row(10, control.NewLabel(t.T("tray.title"), control.H1), control.Grow(s.summary), s.stop, s.scanner, s.all))
	s.object = control.PadAll(look.Gap, control.Column(0, head, control.Pad(0, 0, 10, 0, s.banner), control.Grow(s.body), s.empty))
}

func (s *Screen) paragraph(key string) *control.Label {
	l := control.NewParagraph(s.Texts.T(key), control.Muted)
	l.Align = fyne.TextAlignCenter
	return l
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Shown gives the keys to the list and reads the tray.
func (s *Screen) Shown() {
	s.front = true
	control.Focus(s.groups)
	s.m.load()
}

// Closed tells that another screen is in sight.
func (s *Screen) Closed() { s.front = false }

// Changed reads the tray again.
func (s *Screen) Changed() {
	if s.m.filing == 0 {
		s.m.load()
	}
}

// PutAway ends a scan that runs, and waits for it as long as there is time: what came is in the tray, and what is
// still with the scanner stays there. Nothing is typed here that could be lost.
func (s *Screen) PutAway(ctx context.Context, done func(error)) {
	if s.m.scan == nil && s.m.filing == 0 {
		done(nil)
		return
	}
	s.finished = done
	context.AfterFunc(ctx, func() { s.Do(s.finish) })
	s.m.stopScan()
}

// finish tells whoever waits that the screen is put away.
func (s *Screen) finish() {
	if done := s.finished; done != nil {
		s.finished = nil
		done(nil)
	}
}

// Close does the same once the window is gone.
func (s *Screen) Close(context.Context) error {
	s.m.stopScan()
	return nil
}

func (s *Screen) chooseGroup(i int) {
	if s.filling || i < 0 || i >= len(s.m.items) || s.m.items[i].Key == s.m.key {
		return
	}
	s.m.choose(s.m.items[i].Key)
	s.show()
}

func (s *Screen) choosePage(i int) {
	if s.filling || i < 0 || i == s.m.page {
		return
	}
	s.m.page = i
	s.show()
}

func (s *Screen) fillPage(i int, o fyne.CanvasObject) {
	item, ok := s.m.selected()
	if !ok || i >= len(item.Leaves) {
		return
	}
	l := item.Leaves[i]
	head, what := leafWords(s.Texts, l, i, s.m.marked[l.Page.ID], s.m.cannot[l.Page.ID])
	o.(*pageRow).show(head, what, s.thumbs.of(l.Page), l.Out())
}

// show brings the screen to what the model knows.
func (s *Screen) show() {
	s.filling = true
	s.summary.SetText(s.m.summary())
	none := s.m.loaded && len(s.m.items) == 0
	appears := s.body.Hidden && s.m.loaded && !none && s.front
	s.empty.(*control.Card).Hidden, s.body.Hidden = !none, none || !s.m.loaded
	s.all.Hidden = len(s.m.sure()) == 0
	s.scanner.Hidden = !s.scans() || s.m.scan != nil
	s.scanner.SetText(s.Texts.T("tray.scan"))
	if p, ok := s.profileNow(); ok {
		s.scanner.SetText(s.Texts.T("tray.scan.with", "profile", p.Label))
	}
	s.stop.Hidden = s.m.scan == nil
	s.groups.SetLength(len(s.m.items))
	s.groups.Select(s.m.index())
	s.groups.Refill()
	s.showGroup()
	s.sayTrouble()
	s.filling = false
	s.object.Refresh()
	if appears { // what is hidden cannot have the keys
		control.Focus(s.groups)
	}
	if s.m.scan == nil && s.m.filing == 0 {
		s.finish()
	}
}

func (s *Screen) showGroup() {
	i, ok := s.m.selected()
	t := s.Texts
	s.head.SetText("")
	if ok {
		l := s.m.line(i, s.Clock())
		s.head.SetText(l.head)
		s.what.SetText(l.what)
	}
	s.doubts.SetText(why(t, i))
	s.doubts.Hidden = s.doubts.Text() == ""
	s.doubts.SetStyle(control.Muted)
	if ok && i.Sorted() {
		s.doubts.SetStyle(control.Trouble)
	}
	s.vouch.Hidden = !ok || !i.Sorted()
	s.vouch.Set(t.T("tray.vouch.key", "key", vouchKey.Label(t)), ok && i.Match())
	_, before := s.m.before()
	s.file.Hidden = !ok || !i.Ready()
	s.join.Hidden = !before
	s.split.Hidden = !ok || !i.Sorted() || s.m.page < 1
	s.hide.Hidden = !ok || !i.Sorted()
	s.prove.Hidden = !ok || !i.Sorted() || len(i.Case.Slots) == 0
	s.aside.SetText(t.T("tray.aside"))
	if isAside(i) {
		s.aside.SetText(t.T("tray.back"))
	}
	s.hide.SetText(t.T("tray.hide"))
	if l, ok := s.m.leaf(); ok && l.Out() {
		s.hide.SetText(t.T("tray.unhide"))
	}
	s.pages.SetLength(len(i.Leaves))
	s.pages.Select(s.m.page)
	s.pages.Refill()
	s.showPaper()
}

// showPaper opens the page that is looked at, once.
func (s *Screen) showPaper() {
	if s.Paper == nil || s.Open == nil {
		return
	}
	l, ok := s.m.leaf()
	switch {
	case !ok && s.shown != "":
		s.shown = ""
		s.Paper.Show(nil)
	case ok && (l.Page.ID != s.shown || l.Page.Turns != s.turns):
		s.shown, s.turns = l.Page.ID, l.Page.Turns
		s.Paper.Show(openTurned(s.Open(l.Page.Original), l.Page.Turns))
	}
}

// sayTrouble says why the tray cannot be read, and takes it back when it can.
func (s *Screen) sayTrouble() {
	switch {
	case s.m.err != nil:
		text, hint := s.Texts.Error(s.m.err)
		s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.m.load))
		s.quiet = true
	case s.quiet:
		s.banner.Clear()
		s.quiet = false
	}
}

// say tells how something went.
func (s *Screen) say(w message) {
	kind := control.KindNone
	var text, hint string
	switch {
	case w.err != nil:
		kind = control.KindTrouble
		text, hint = s.Texts.Error(w.err)
	case w.count > 0:
		text = s.Texts.N(w.key, w.count, w.args...)
	default:
		text = s.Texts.T(w.key, w.args...)
	}
	if w.good {
		kind = control.KindGood
	}
	buttons := []fyne.CanvasObject{control.NewButton(s.Texts.T("button.close"), "", control.Plain, func() { s.banner.Clear(); s.object.Refresh() })}
	if w.good {
		buttons = append([]fyne.CanvasObject{control.NewButton(s.Texts.T("tray.undo"), undoKey.Label(s.Texts), control.Plain, s.m.undo)}, buttons...)
	}
	s.banner.Say(kind, text, hint, buttons...)
	s.object.Refresh()
}
