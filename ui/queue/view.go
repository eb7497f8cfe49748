package queue

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// Needs is what the screen is given.
type Needs struct {
	Texts *i18n.Texts
	Clock record.Clock
	Run   control.Runner
	Open  func(id record.ID)
	Print func(id record.ID) // nil: no printing
}

// Screen shows a work list.
type Screen struct {
	Needs
	model *Model

	object   fyne.CanvasObject
	list     *control.List
	title    *control.Label
	subtitle *control.Label
	empty    *control.Label
	banner   *control.Banner
	side     *side
	waiting  int
	asked    record.ID // the case whose summary is wanted
	reading  bool      // one summary is read at a time, so that a held arrow key does not pile them up
}

// New makes the screen of a view; title is the list's name, "Heute".
func New(n Needs, store Store, view record.View, user, title string) *Screen {
	s := &Screen{Needs: n, model: NewModel(store, view, user)}
	s.build(title)
	return s
}

func (s *Screen) build(title string) {
	s.title = control.NewLabel(title, control.H1)
	s.subtitle = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	s.empty = control.NewParagraph("", control.Muted)
	s.empty.Align = fyne.TextAlignCenter
	s.empty.Hide()
	s.list = control.NewList(func() fyne.CanvasObject { return newLine() }, s.fill)
	s.list.Name = title
	s.list.OnSelect = func(int) { s.onSelect() }
	s.list.OnOpen = func(int) { s.openSelected() }
	s.side = newSide(s)

	head := control.Pad(13, 14, 13, 14, control.Row(10, s.title, control.Grow(s.subtitle)))
	body := control.Column(0,
		head, control.Pad(0, 14, 10, 14, s.banner), newHead(s.Texts), control.NewDivider(),
		control.Pad(40, 40, 40, 40, s.empty),
		control.Grow(control.Pad(0, 1, 12, 1, s.list)))
	s.object = control.PadAll(look.Gap, newSplit(control.NewCard(0, body), s.side.object, func() bool { return !s.model.Loaded() || s.model.Total() > 0 }))
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the list.
func (s *Screen) Commands() []command.Command {
	some := func() bool { _, _, ok := s.model.Selected(); return ok }
	out := []command.Command{{ID: "queue.open", Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Enabled: some, Run: s.openSelected}}
	if s.Print != nil {
		out = append(out, command.Command{ID: "case.print", Menu: "file", Keys: []command.Key{command.Ctrl(fyne.KeyP)}, Enabled: some, Run: s.printSelected})
	}
	return out
}

// Shown gives the keys to the list and reads what is in sight.
func (s *Screen) Shown() {
	control.Focus(s.list)
	s.Changed()
}

// Changed reads the rows in sight again, because the store changed.
func (s *Screen) Changed() {
	s.model.Stale()
	s.fetch()
}

// SetWaiting says how many changes of the desk wait for the line.
func (s *Screen) SetWaiting(n int) {
	s.waiting = n
	s.say()
}

func (s *Screen) fetch() {
	first, count := s.list.Sight()
	for _, r := range s.model.Wanted(first, count) {
		s.Run(func(ctx context.Context) func() {
			p := s.model.Fetch(ctx, r)
			return func() { s.took(p) }
		})
	}
}

func (s *Screen) took(p Page) {
	before := s.empty.Visible() || s.banner.Visible()
	defer func() {
		if before || s.empty.Visible() || s.banner.Visible() {
			s.object.Refresh() // what came or went moves the rest
		}
	}()
	if p.Err != nil {
		text, hint := s.Texts.Error(p.Err)
		s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.Changed))
		return
	}
	if !s.model.Take(p) {
		return
	}
	s.banner.Clear()
	s.list.SetLength(s.model.Total())
	if i, _, ok := s.model.Selected(); ok && i != s.list.Selected() {
		s.list.Select(i)
	} else if s.list.Selected() < 0 && s.model.Total() > 0 {
		s.list.Select(0)
	} else {
		s.onSelect()
	}
	s.empty.SetText(s.Texts.T("queue.empty." + string(s.model.View())))
	s.empty.Hidden = s.model.Total() > 0
	s.say()
}

func (s *Screen) say() {
	if !s.model.Loaded() {
		return
	}
	text := s.Texts.N("queue.total", s.model.Total())
	if s.model.Total() >= 1000 {
		text = s.Texts.T("queue.total.many", "count", s.Texts.Number(s.model.Total()))
	}
	if s.waiting > 0 {
		text += " · " + s.Texts.N("queue.waiting", s.waiting)
	}
	s.subtitle.SetText(text)
}

func (s *Screen) fill(i int, o fyne.CanvasObject) {
	r, ok := s.model.Row(i)
	o.(*line).show(s.Texts, r, ok, s.Clock())
	if !ok {
		s.fetch()
	}
}

func (s *Screen) onSelect() {
	i := s.list.Selected()
	row, ok := s.model.Select(i)
	s.fetch()
	if !ok {
		s.asked = ""
		if s.model.Total() == 0 {
			s.side.clear()
		}
		return
	}
	s.side.head(row)
	s.asked = row.ID
	s.summarise(row)
}

func (s *Screen) summarise(row record.CaseRow) {
	if s.reading {
		return
	}
	s.reading = true
	s.Run(func(ctx context.Context) func() {
		sum := s.model.Summarise(ctx, row)
		return func() {
			s.reading = false
			if s.asked == row.ID {
				s.side.show(sum)
			} else if _, now, ok := s.model.Selected(); ok {
				s.summarise(now)
			}
		}
	})
}

func (s *Screen) openSelected() {
	if _, r, ok := s.model.Selected(); ok {
		s.Open(r.ID)
	}
}

func (s *Screen) printSelected() {
	if _, r, ok := s.model.Selected(); ok && s.Print != nil {
		s.Print(r.ID)
	}
}

// side is the summary of the selected case.
type side struct {
	s       *Screen
	object  fyne.CanvasObject
	number  *control.Label
	pill    *control.Pill
	parts   *fyne.Container
	buttons *fyne.Container
}

func newSide(s *Screen) *side {
	d := &side{s: s, number: control.NewShort("", control.H2), pill: control.NewPill("", "", control.KindNone)}
	d.parts = control.Column(10)
	open := control.NewButton(s.Texts.T("command.queue.open"), s.Texts.T("key.Return"), control.Primary, s.openSelected)
	d.buttons = control.Row(control.GapButtons, open)
	if s.Print != nil {
		d.buttons.Add(control.NewButton(s.Texts.T("command.case.print"), command.Ctrl(fyne.KeyP).Label(s.Texts), control.Plain, s.printSelected))
	}
	d.object = control.NewCard(16, control.Column(12,
		control.Row(8, control.Grow(d.number), d.pill), control.Grow(control.Scroll(d.parts)), d.buttons))
	d.clear()
	return d
}

func (d *side) clear() {
	d.number.SetText("")
	d.pill.Set("", "", control.KindNone)
	d.parts.Objects = nil
	d.parts.Refresh()
	d.buttons.Hide()
	d.object.Refresh()
}

// head shows at once what the row already tells.
func (d *side) head(r record.CaseRow) {
	number := r.Number
	if number == "" {
		number = d.s.Texts.T("queue.no_number")
	}
	d.number.SetText(number)
	text, kind := standing.Of(d.s.Texts, r.Delivery, r.State)
	d.pill.Set("", text, kind)
	d.buttons.Show()
	d.object.Refresh()
}

func (d *side) show(sum Summary) {
	t := d.s.Texts
	if sum.Err != nil {
		text, hint := t.Error(sum.Err)
		d.parts.Objects = []fyne.CanvasObject{control.NewParagraph(text, control.Body), control.NewParagraph(hint, control.Muted)}
		d.relay()
		return
	}
	d.parts.Objects = nil
	d.add("queue.service", standing.Title(t, sum.Case.Title, sum.Case.Service, sum.Row.Subject))
	d.add("queue.party", standing.Party(t, sum.Case.Party()))
	d.add("queue.documents", standing.Documents(t, sum.Case.Kept()))
	d.add("queue.delivery", standing.Where(t, sum.Row))
	var journal strings.Builder
	now := d.s.Clock()
	said := slices.DeleteFunc(slices.Clone(sum.Journal), standing.ByItself)
	for i := len(said) - 1; i >= 0 && i >= len(said)-8; i-- {
		journal.WriteString(standing.Line(t, said[i], now, nil) + "\n")
	}
	if journal.Len() > 0 {
		d.add("queue.journal", strings.TrimSuffix(journal.String(), "\n"))
	}
	d.relay()
}

func (d *side) add(key, text string) {
	if text == "" {
		return
	}
	d.parts.Objects = append(d.parts.Objects, control.Column(3,
		control.NewLabel(d.s.Texts.T(key), control.Caption), control.NewParagraph(text, control.Body)))
}

// relay lays the card out anew, because paragraphs changed their height.
func (d *side) relay() {
	d.parts.Refresh()
	d.object.Refresh()
}
