package conflict

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
	Forms Forms
	User  string
	Open  func(id record.ID)
}

// Screen lists the conflicts and shows the selected one's versions.
type Screen struct {
	Needs
	store  Store
	items  []Item
	own    record.Identity
	object fyne.CanvasObject
	list   *control.List
	many   fyne.CanvasObject // the list's card, hidden while there is at most one
	title  *control.Label
	lead   *control.Label
	base   *control.Label
	cards  *fyne.Container
	foot   *fyne.Container
	banner *control.Banner
}

// New makes the screen.
func New(n Needs, store Store) *Screen {
	s := &Screen{Needs: n, store: store}
	t := n.Texts
	s.title = control.NewShort(t.T("conflict.title"), control.H1)
	s.lead = control.NewParagraph(t.T("conflict.none"), control.Muted)
	s.base = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	s.list = control.NewList(func() fyne.CanvasObject { return newRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(s.items) {
			o.(*row).show(t, s.items[i])
		}
	})
	s.list.RowHeight = 62
	s.list.Name = t.T("conflict.title")
	s.list.OnSelect = func(int) { s.show() }
	s.list.OnOpen = func(int) { s.openSelected() }
	s.cards = newPair()
	s.foot = control.Row(10, control.NewButton(t.T("command.conflict.open"), t.T("key.Return"), control.Plain, s.openSelected), control.Grow(s.base))
	s.many = control.NewCard(0, control.Pad(10, 1, 10, 1, s.list))
	detail := control.Column(12, control.Column(4, s.title, s.lead), s.banner, control.Grow(s.cards), s.foot)
	s.object = control.PadAll(look.Gap, newSplit(s.many, detail))
	s.show()
	return s
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the list.
func (s *Screen) Commands() []command.Command {
	return []command.Command{{ID: "conflict.open", Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Enabled: func() bool { return len(s.items) > 0 }, Run: s.openSelected}}
}

// Shown gives the keys to the list and reads it.
func (s *Screen) Shown() {
	control.Focus(s.list)
	s.Changed()
}

// Changed reads the conflicts again.
func (s *Screen) Changed() {
	s.Run(func(ctx context.Context) func() {
		items, err := Load(ctx, s.store, s.Forms, s.User, s.Texts.Lang())
		var own record.Identity
		if err == nil {
			own, err = s.store.Identity(ctx)
		}
		return func() {
			if err != nil {
				text, hint := s.Texts.Error(err)
				s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.Changed))
				s.object.Refresh()
				return
			}
			s.items, s.own = items, own
			s.list.SetLength(len(items))
			if s.list.Selected() < 0 && len(items) > 0 {
				s.list.Select(0)
			}
			s.show()
		}
	})
}

func (s *Screen) selected() (Item, bool) {
	i := s.list.Selected()
	if i < 0 || i >= len(s.items) {
		return Item{}, false
	}
	return s.items[i], true
}

func (s *Screen) openSelected() {
	if it, ok := s.selected(); ok {
		s.Open(it.Case.ID)
	}
}

func (s *Screen) show() {
	t := s.Texts
	it, ok := s.selected()
	s.many.Hide()
	if len(s.items) > 1 {
		s.many.Show()
	}
	s.foot.Hidden, s.cards.Hidden = !ok, !ok
	s.banner.Clear()
	if !ok {
		s.title.SetText(t.T("conflict.title"))
		s.lead.SetText(t.T("conflict.none"))
		s.object.Refresh()
		return
	}
	s.title.SetText(heading(t, it))
	s.lead.SetText(t.T("conflict.lead"))
	s.banner.Say(control.KindInfo, t.T("conflict.later"), t.T("conflict.later.hint"))
	if it.Case.Conflicts[it.At].Group == "" {
		s.lead.SetText(t.T("conflict.lead.deleted"))
	}
	kept, other, base := Versions(t, formOf(s.Forms, it.Case), it, s.own.Device, s.Clock())
	s.cards.Objects = []fyne.CanvasObject{version(t, kept, t.T("conflict.kept"), true), version(t, other, t.T("conflict.other"), false)}
	s.base.SetText(base)
	s.cards.Refresh()
	s.object.Refresh()
}

// heading is "Klärfall: Anschrift · MS-2-26-00387-H, Schäfer, Petra".
func heading(t *i18n.Texts, it Item) string {
	what := it.Group
	if what == "" {
		what = t.T("conflict.deleted")
	}
	text := t.T("conflict.heading", "group", what, "number", it.Row.Number)
	if it.Row.Party != "" {
		text += ", " + it.Row.Party
	}
	return text
}

// version is the card of one side.
func version(t *i18n.Texts, v Side, standing string, kept bool) fyne.CanvasObject {
	lines, same := control.Column(10), newCells()
	for _, l := range v.Lines {
		if l.Differs {
			lines.Add(control.Column(3, control.NewLabel(l.Label, control.Caption), newMarked(control.NewParagraph(l.Value, control.Strong))))
			continue
		}
		same.Add(control.Column(1, control.NewShort(l.Label, control.Caption), control.NewParagraph(l.Value, control.Muted)))
	}
	if len(same.Objects) > 0 {
		lines.Add(control.Pad(6, 0, 0, 0, control.NewDivider()))
		lines.Add(control.NewLabel(t.T("conflict.same"), control.Tiny))
		lines.Add(same)
	}
	kind := control.KindNone
	if kept {
		kind = control.KindInfo
	}
	card := control.NewCard(18, control.Column(12,
		control.Row(8, control.NewLabel(v.Title, control.H2), control.NewPill("", v.Who, control.KindNone), control.Spacer(), control.NewPill("", standing, kind)),
		control.NewLabel(t.T("conflict.when", "when", v.When), control.Muted),
		control.Grow(control.Scroll(lines))))
	card.SetSelected(kept)
	return card
}

// row is one conflict in the list.
type row struct {
	widget.BaseWidget
	body       *fyne.Container
	head, what *control.Label
}

func newRow() *row {
	r := &row{head: control.NewShort("", control.Strong), what: control.NewShort("", control.Muted)}
	r.body = control.Pad(0, 14, 0, 14, control.Upright(control.Column(3, r.head, r.what)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *row) show(t *i18n.Texts, it Item) {
	what := it.Group
	if what == "" {
		what = t.T("conflict.deleted")
	}
	r.head.SetText(it.Row.Party)
	if it.Row.Party == "" {
		r.head.SetText(it.Row.Number)
	}
	r.what.SetText(what + " · " + it.Row.Number)
	r.body.Refresh()
}
