package checks

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
	"schalter/ui/pageview"
)

// Screen is the second person's check.
type Screen struct {
	Needs
	l  list
	i  *inspection // nil: nothing is looked at
	at int         // its place in the list

	paper, original Paper
	compare         bool
	leaves          []leaf
	leaf            int // that the original shows

	object  fyne.CanvasObject
	summary *control.Label
	tabs    []*control.Button
	share   *control.Button
	draw    *control.Button // the same where the list is empty
	print   *control.Button
	banner  *control.Banner
	list    *control.List
	empty   *control.Label
	body    *fyne.Container
	desks   *fyne.Container // the papers, beside each other
	caption *control.Label  // above the original
	side    *side

	reading, again bool
	filling        bool
	trouble        bool // an error of the list itself is in the banner
	front          bool // the screen is in sight
	filled         bool // the list was there already
	finished       func(error)
	pressed        time.Time // when the key that passes came last
}

// The keys of the screen.
var (
	passKey    = command.Ctrl(fyne.KeyReturn)
	passToo    = command.CtrlShift(fyne.KeyO)
	objectKey  = command.CtrlShift(fyne.KeyJ)
	paperKey   = command.Plain(fyne.KeyReturn)
	listKey    = command.Plain(fyne.KeyEscape)
	compareKey = command.Plain(fyne.KeyF4)
	leafKey    = command.Alt(fyne.KeyPageDown)
	leafBack   = command.Alt(fyne.KeyPageUp)
	caseKey    = command.Ctrl(fyne.KeyO)
	shareKey   = command.Alt(fyne.KeyS)
	printKey   = command.Ctrl(fyne.KeyP)
)

func viewKey(i int) command.Key { return command.Alt(fyne.KeyName(strconv.Itoa(i + 1))) }

// New makes the screen.
func New(n Needs) *Screen {
	s := &Screen{Needs: n, l: list{view: record.CheckSample, limit: portion, answered: map[record.ID]bool{}}, leaf: -1}
	s.paper, s.original = n.Paper(s.turned), n.Paper(func() {})
	s.build()
	s.show()
	return s
}

func (s *Screen) build() {
	t := s.Texts
	s.summary = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	for i, v := range views {
		s.tabs = append(s.tabs, control.NewButton(s.tab(v), viewKey(i).Label(t), control.Quiet, func() { s.look(v) }))
	}
	s.share = control.NewButton("", shareKey.Label(t), control.Plain, s.askShare)
	s.draw = control.NewButton("", shareKey.Label(t), control.Plain, s.askShare)
	s.print = control.NewButton(t.T("checks.print"), printKey.Label(t), control.Plain, s.printFree)
	s.list = control.NewList(func() fyne.CanvasObject { return newScanRow() }, s.fill)
	s.list.RowHeight, s.list.Name = 66, t.T("place.checks")
	s.list.OnSelect = s.chosen
	s.list.OnOpen = func(int) { s.toPaper() }
	s.empty = control.NewParagraph("", control.Muted)
	s.empty.Align = fyne.TextAlignCenter
	s.caption = control.NewShort("", control.Small)
	s.side = newSide(s)
	s.desks = &fyne.Container{Layout: halves{}, Objects: []fyne.CanvasObject{
		control.Column(0, control.Grow(s.paper.Object())),
		control.NewUpright(),
		control.Column(0, control.Pad(8, 12, 8, 12, s.caption), control.NewDivider(), control.Grow(s.original.Object())),
	}}
	s.beside(false)
	left := control.NewCard(0, control.Column(0, control.Grow(control.Pad(1, 1, 12, 1, s.list)), control.NewDivider(),
		control.Pad(10, 12, 10, 12, control.Column(0, s.share, s.print))))
	middle := control.NewCard(0, control.Column(0, control.Grow(control.Pad(1, 1, 1, 1, s.desks))))
	none := control.NewCard(0, control.Pad(48, 40, 48, 40, control.Middle(control.Width(560, control.Column(16, s.empty, control.Middle(s.draw))))))
	s.body = &fyne.Container{Layout: thirds{s}, Objects: []fyne.CanvasObject{left, middle, s.side.object, none}}
	head := control.Row(6, control.Pad(0, 12, 0, 0, control.NewLabel(t.T("place.checks"), control.H1)))
	for _, b := range s.tabs {
		head.Add(b)
	}
	head.Add(control.Grow(s.summary))
	s.object = control.PadAll(look.Gap, control.Column(0, control.Pad(0, 2, 10, 2, head), control.Pad(0, 0, 10, 0, s.banner), control.Grow(s.body)))
}

func (s *Screen) tab(v record.CheckView) string {
	text := s.Texts.T("checks.view." + string(v))
	if n := s.l.totals[v]; n > 0 {
		text += " " + s.Texts.Number(n)
	}
	return text
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Shown gives the keys to the list and reads it.
func (s *Screen) Shown() {
	s.front = true
	control.Focus(s.list)
	s.load()
}

// Changed reads the lists again.
func (s *Screen) Changed() { s.load() }

// Closed lets go of the papers.
func (s *Screen) Closed() {
	s.i, s.front = nil, false
	s.paper.Close()
	s.original.Close()
}

// PutAway waits until every check is stored, as long as there is time.
func (s *Screen) PutAway(ctx context.Context, done func(error)) {
	if len(s.l.answered) == 0 {
		done(nil)
		return
	}
	s.finished = done
	context.AfterFunc(ctx, func() { s.Do(func() { s.finish(record.E(record.CodeCheckWaiting, ctx.Err())) }) })
}

// finish tells whoever waits that nothing is under way, or that something still is.
func (s *Screen) finish(err error) {
	if done := s.finished; done != nil {
		s.finished = nil
		done(err)
	}
}

// Close has nothing to do: nothing is typed here, and the desk has waited for what was found.
func (s *Screen) Close(context.Context) error { return nil }

// look shows another list.
func (s *Screen) look(v record.CheckView) {
	if s.l.view == v {
		control.Focus(s.list)
		return
	}
	s.l.view, s.l.rows, s.l.limit, s.l.loaded = v, nil, portion, false
	s.at = 0
	s.drop()
	s.show()
	control.Focus(s.list)
	s.load()
}

func (s *Screen) load() {
	if s.reading {
		s.again = true
		return
	}
	s.reading, s.again = true, false
	view, limit := s.l.view, s.l.limit
	s.Run(func(ctx context.Context) func() {
		x := read(ctx, s.Office, view, limit)
		return func() { s.took(x) }
	})
}

// took puts a reading in place. What is looked at stays, unless something became of it.
func (s *Screen) took(x state) {
	s.reading = false
	s.l.take(x)
	if s.again {
		s.load()
	}
	switch {
	case x.err != nil:
		text, hint := s.Texts.Error(x.err)
		s.trouble = true
		s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.load))
		s.object.Refresh()
		return
	case s.trouble:
		s.trouble = false
		s.banner.Clear()
	}
	s.follow()
	s.show()
}

// follow finds what is looked at in the list again, or goes on with what took its place.
func (s *Screen) follow() {
	if s.i == nil {
		s.open(s.at)
		return
	}
	n := s.l.index(s.i.row.Document.ID)
	switch {
	case n < 0 && s.l.loaded:
		s.open(s.at)
	case n < 0:
	case s.i.same(s.l.rows[n]):
		s.at, s.i.row = n, s.l.rows[n]
		s.side.fill()
	default:
		title := s.i.row.Document.Title
		s.open(n)
		text, hint := s.Texts.Error(record.E(record.CodeCheckAgain, nil, "title", title))
		s.say(control.KindWaiting, text, hint)
	}
}

// open looks at the scan in a place of the list, or at the last one before.
func (s *Screen) open(n int) {
	n = min(n, len(s.l.rows)-1)
	if n < 0 {
		s.at = 0
		s.drop()
		return
	}
	row := s.l.rows[n]
	s.at, s.i = n, inspect(row)
	s.leaves, s.leaf = leaves(row.Document), -1
	s.side.begin()
	s.paper.ShowAt(s.Open(row.Document), 0)
	s.paper.SetMarks(row.Document.Marks)
	s.turned()
}

// drop looks at nothing.
func (s *Screen) drop() {
	s.i, s.leaves, s.leaf = nil, nil, -1
	s.paper.Close()
	s.original.Close()
	s.side.begin()
}

// turned notes which page is in sight, and has the original follow.
func (s *Screen) turned() {
	if s.i == nil || s.side == nil {
		return
	}
	page, _ := s.paper.Page()
	switch s.paper.Status() {
	case pageview.Showing:
		if page > 0 {
			s.i.seen[page] = true
		}
	case pageview.Trouble:
		delete(s.i.seen, page)
	}
	if s.compare && page > 0 {
		if n := leafOf(s.leaves, page); n >= 0 {
			s.lay(n)
		}
	}
	s.side.foot()
}

// lay puts a page of an original beside the paper.
func (s *Screen) lay(n int) {
	if s.i == nil || n < 0 || n >= len(s.leaves) || n == s.leaf {
		return
	}
	was := s.leaf
	s.leaf = n
	l := s.leaves[n]
	switch {
	case was >= 0 && s.leaves[was].original == l.original && s.original.Status() == pageview.Showing:
		s.original.Go(l.page + 1)
	default:
		s.original.ShowAt(s.Original(s.i.row.Document.Originals[l.original]), l.page)
	}
	key := "checks.original.page"
	if len(s.i.row.Document.Originals) > 1 {
		key = "checks.original.file"
	}
	text := s.Texts.T(key, "page", n+1, "of", len(s.leaves))
	if l.out {
		text += " · " + s.Texts.T("checks.original.out")
	}
	s.caption.SetText(text)
}

// toggle lays the original beside the paper, or takes it away.
func (s *Screen) toggle() {
	s.beside(!s.compare)
	if !s.compare {
		s.leaf = -1
		s.original.Close()
		control.Focus(s.list)
	} else {
		s.paper.Focus()
	}
	s.turned()
	s.side.fill()
	s.object.Refresh()
	s.body.Refresh()
	s.desks.Refresh()
}

// beside shows the original beside the paper, or the paper alone.
func (s *Screen) beside(on bool) {
	s.compare = on
	for _, o := range s.desks.Objects[1:] {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// step goes to the next page of the originals, also to those that were taken out.
func (s *Screen) step(by int) {
	if !s.compare {
		s.toggle()
		return
	}
	s.lay(min(max(s.leaf+by, 0), len(s.leaves)-1))
}

func (s *Screen) chosen(n int) {
	if s.filling || n < 0 || n >= len(s.l.rows) || s.i != nil && s.i.row.Document.ID == s.l.rows[n].Document.ID {
		return
	}
	s.open(n)
	s.show()
}

func (s *Screen) fill(n int, o fyne.CanvasObject) {
	if n >= len(s.l.rows) {
		return
	}
	o.(*scanRow).show(s.Texts, s.l.rows[n], s.User, s.Clock())
	if n >= len(s.l.rows)-portion/4 && s.l.more() && s.l.limit <= len(s.l.rows)+len(s.l.answered) {
		s.l.limit = len(s.l.rows) + portion
		s.load()
	}
}

// show brings the screen to what is known.
func (s *Screen) show() {
	s.filling = true
	t := s.Texts
	for n, v := range views {
		s.tabs[n].SetText(s.tab(v))
		s.tabs[n].SetChosen(v == s.l.view)
	}
	s.share.SetText(t.T("checks.share", "percent", s.l.share))
	s.draw.SetText(s.share.Text())
	s.draw.Hidden = !s.l.loaded || s.l.view != record.CheckSample
	s.print.Hidden = s.l.view != record.CheckFree || s.l.totals[record.CheckFree] == 0
	s.share.Hidden = !s.print.Hidden
	s.empty.SetText("")
	if s.l.loaded {
		s.empty.SetText(t.T("checks.empty." + string(s.l.view)))
	}
	s.list.SetLength(len(s.l.rows))
	s.list.Select(s.at)
	s.list.Refill()
	s.filling = false
	s.side.foot()
	s.object.Refresh()
	appears := !s.filled && len(s.l.rows) > 0
	if s.filled = len(s.l.rows) > 0; appears && s.front && !s.Keys.Layered() { // what is hidden cannot have the keys
		control.Focus(s.list)
	}
}

// say tells how something went.
func (s *Screen) say(kind control.Kind, text, hint string) {
	s.trouble = false
	s.banner.Say(kind, text, hint, control.NewButton(s.Texts.T("button.close"), "", control.Plain, func() { s.banner.Clear(); s.object.Refresh() }))
	s.object.Refresh()
}

func (s *Screen) toPaper() {
	if s.i != nil {
		s.paper.Focus()
	}
}

// mayPass tells whether the clerk may find good what she looks at.
func (s *Screen) mayPass() bool {
	return s.i != nil && s.l.view != record.CheckFree && transfer.MayPass(s.i.row.Document, s.User) && transfer.ToDestroy(s.i.row.Document) != transfer.NeedSound
}

// Commands are the keys of the screen and of the paper on it.
func (s *Screen) Commands() []command.Command {
	some := func() bool { return s.i != nil }
	c := func(id string, enabled func() bool, run func(), keys ...command.Key) command.Command {
		return command.Command{ID: "checks." + id, Keys: keys, Enabled: enabled, Run: run}
	}
	out := []command.Command{
		c("pass", func() bool { return some() && (s.mayPass() || s.objecting()) }, s.act, passKey),
		c("good", func() bool { return s.mayPass() && !s.objecting() }, s.pass, passToo),
		c("object", some, s.objectTo, objectKey),
		c("paper", func() bool { return some() && !s.side.typing() }, s.toPaper, paperKey),
		c("list", nil, s.leave, listKey),
		c("compare", some, s.toggle, compareKey),
		c("original.next", some, func() { s.step(1) }, leafKey),
		c("original.previous", some, func() { s.step(-1) }, leafBack),
		c("case", func() bool { return some() && s.OpenCase != nil }, func() { s.OpenCase(s.i.row.Case) }, caseKey),
		c("share", nil, s.askShare, shareKey),
		c("print", func() bool { return !s.print.Hidden }, s.printFree, printKey),
	}
	out[9].Menu, out[10].Menu = "file", "file"
	out[1].Hidden = true
	for n, p := range record.Points() {
		point := c("point."+string(p), func() bool { return some() && !s.side.typing() }, func() { s.mark(p) }, command.Plain(fyne.KeyName(strconv.Itoa(n+1))))
		out = append(out, point)
	}
	for n, v := range views {
		out = append(out, c("view."+string(v), nil, func() { s.look(v) }, viewKey(n)))
	}
	return append(out, s.paper.Commands()...)
}

// leave goes back to the list, one step after the other.
func (s *Screen) leave() {
	switch {
	case s.objecting():
		s.i.wrong = map[record.Point]bool{}
		s.side.begin()
	case s.compare:
		s.toggle()
	}
	control.Focus(s.list)
}
