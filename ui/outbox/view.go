package outbox

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// Needs is what the screen is given.
type Needs struct {
	Texts *i18n.Texts
	Clock record.Clock
	Run   control.Runner
	Open  func(id record.ID)
	Wake  func()             // try to send now; nil: there is no centre
	Link  func() record.Link // nil: there is no centre
}

// Screen shows the outbox.
type Screen struct {
	Needs
	store    Store
	lines    []Line
	object   fyne.CanvasObject
	list     *control.List
	subtitle *control.Label
	empty    *control.Label
	banner   *control.Banner
}

// New makes the screen.
func New(n Needs, store Store) *Screen {
	s := &Screen{Needs: n, store: store}
	t := n.Texts
	s.subtitle = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	s.empty = control.NewParagraph(t.T("outbox.empty.long"), control.Muted)
	s.empty.Align = fyne.TextAlignCenter
	s.empty.Hide()
	s.list = control.NewList(func() fyne.CanvasObject { return newRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(s.lines) {
			o.(*row).show(s.lines[i])
		}
	})
	s.list.RowHeight = 66
	s.list.Name = t.T("outbox.title")
	s.list.OnOpen = func(i int) {
		if i < len(s.lines) && s.lines[i].Case != "" {
			s.Open(s.lines[i].Case)
		}
	}
	head := control.Row(10, control.NewLabel(t.T("outbox.title"), control.H1), control.Grow(s.subtitle))
	if n.Wake != nil {
		head.Add(control.NewButton(t.T("command.outbox.send"), command.Plain(fyne.KeyF5).Label(t), control.Plain, n.Wake))
	}
	s.object = control.PadAll(look.Gap, control.NewCard(0, control.Column(0,
		control.Pad(13, 14, 13, 14, head), control.Pad(0, 14, 12, 14, s.banner), control.NewDivider(),
		control.Pad(40, 40, 40, 40, s.empty),
		control.Grow(control.Pad(0, 1, 12, 1, s.list)))))
	return s
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the list.
func (s *Screen) Commands() []command.Command {
	out := []command.Command{{ID: "outbox.open", Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Enabled: func() bool { return s.list.Selected() >= 0 }, Run: func() { s.list.OnOpen(s.list.Selected()) }}}
	if s.Wake != nil {
		out = append(out, command.Command{ID: "outbox.send", Keys: []command.Key{command.Plain(fyne.KeyF5)}, Run: s.Wake})
	}
	return out
}

// Shown gives the keys to the list and reads it.
func (s *Screen) Shown() {
	control.Focus(s.list)
	s.Changed()
}

// Changed reads the list again.
func (s *Screen) Changed() {
	s.Run(func(ctx context.Context) func() {
		rows, err := s.store.Outbox(ctx)
		return func() { s.took(rows, err) }
	})
}

func (s *Screen) took(rows []record.OutboxRow, err error) {
	if err != nil {
		text, hint := s.Texts.Error(err)
		s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.Changed))
		s.object.Refresh()
		return
	}
	now := s.Clock()
	s.lines = Lines(s.Texts, rows, now)
	s.subtitle.SetText(Summary(s.Texts, rows, now))
	s.empty.Hidden = len(rows) > 0
	s.list.SetLength(len(rows))
	s.sayLink()
	s.object.Refresh()
}

// sayLink says why nothing goes out, if that is known.
func (s *Screen) sayLink() {
	s.banner.Clear()
	if s.Link == nil {
		s.banner.Say(control.KindNone, s.Texts.T("outbox.no_centre"), s.Texts.T("outbox.no_centre.hint"))
		return
	}
	if l := s.Link(); l.Trouble != nil {
		text, hint := s.Texts.Error(l.Trouble)
		s.banner.Say(control.KindWaiting, text, hint)
	}
}

// row is one entry: whose, what, since when, and why not.
type row struct {
	widget.BaseWidget
	body              *fyne.Container
	head, what, since *control.Label
	pill              *control.Pill
}

func newRow() *row {
	r := &row{
		head: control.NewShort("", control.Strong), what: control.NewShort("", control.Muted),
		since: control.NewLabel("", control.Small), pill: control.NewPill("", "", control.KindNone),
	}
	r.body = control.Pad(0, 18, 0, 14, control.Upright(control.Column(4,
		control.Row(12, control.Grow(r.head), r.pill), control.Row(12, control.Grow(r.what), r.since))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *row) show(l Line) {
	r.head.SetText(l.Head)
	r.what.SetText(l.What)
	r.what.SetStyle(control.Muted)
	if l.Reason != "" {
		r.what.SetText(l.Reason + " " + l.Fix)
		r.what.SetStyle(control.Trouble)
	}
	r.since.SetText(l.Since)
	r.pill.Set("", l.Pill, l.Kind)
	r.body.Refresh()
}
