package desk

import (
	"context"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sheet"
)

// cutOff are the user's drafts that were being typed when the program ended: live, and not parked since.
func cutOff(all []record.Draft, user string) []record.Draft {
	var out []record.Draft
	for _, d := range all {
		if d.Live && (d.User == user || d.User == "") {
			out = append(out, d)
		}
	}
	return out
}

// own are the user's drafts, the last touched first. The next user of the desk never sees them.
func own(all []record.Draft, user string) []record.Draft {
	var out []record.Draft
	for _, d := range all {
		if d.User == user || d.User == "" {
			out = append(out, d)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Updated.After(out[j].Updated) })
	return out
}

// draftLine is a draft as the list shows it.
type draftLine struct{ Title, Who, When, Typed string }

func lineOf(t *i18n.Texts, forms Forms, d record.Draft, now time.Time) draftLine {
	l := draftLine{Title: d.Service, Who: d.Title, When: t.WhenLong(d.Updated, now)}
	if f, err := forms.Get(d.Form); err == nil {
		l.Title = f.Title.In(t.Lang())
	}
	if l.Who == "" {
		l.Who = t.T("drafts.no_name")
	}
	var parts []string
	for _, a := range answers(t, forms, d, now) {
		parts = append(parts, a.Value)
	}
	if n := len(d.Documents); n > 0 {
		parts = append(parts, t.N("drafts.documents", n))
	}
	l.Typed = strings.Join(parts, " · ")
	if l.Typed == "" {
		l.Typed = t.T("drafts.nothing_typed")
	}
	return l
}

// answers are what was typed, named by the form and exactly as it was typed.
func answers(t *i18n.Texts, forms Forms, d record.Draft, now time.Time) []sheet.Line {
	f, err := forms.Get(d.Form)
	if err != nil {
		f = nil
	}
	var out []sheet.Line
	for _, g := range sheet.Make(f, d.Values, t.Lang(), now) {
		for _, l := range g.Lines {
			l.Value = strings.ReplaceAll(l.Value, "\n", " ")
			out = append(out, l)
		}
	}
	return out
}

// drafts lists what is being typed. After the program was cut off it lists that alone and asks what is to
// become of it.
type drafts struct {
	d        *Desk
	svc      *Services // an answer may come when the desk has none any more
	rescue   bool
	all      []record.Draft
	object   fyne.CanvasObject
	list     *control.List
	subtitle *control.Label
	empty    *control.Label
	typed    *fyne.Container
	side     *control.Card
	buttons  *fyne.Container
	banner   *control.Banner
}

func newDrafts(d *Desk, rescue bool, all []record.Draft) *drafts {
	s := &drafts{d: d, svc: d.svc, rescue: rescue, all: all}
	t := d.texts
	title := "place.drafts"
	if rescue {
		title = "rescue.title"
	}
	s.subtitle = control.NewShort("", control.Muted)
	s.banner = control.NewBanner()
	s.empty = control.NewParagraph(t.T("drafts.empty"), control.Muted)
	s.empty.Align = fyne.TextAlignCenter
	s.list = control.NewList(func() fyne.CanvasObject { return newDraftRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(s.all) {
			o.(*draftRow).show(lineOf(t, s.svc.Forms, s.all[i], d.Clock()), s.all[i].Live, t)
		}
	})
	s.list.RowHeight = 66
	s.list.Name = t.T(title)
	s.list.OnSelect = func(int) { s.showTyped() }
	s.list.OnOpen = func(int) { s.open() }
	s.typed = control.Column(10)
	open := "command.drafts.open"
	if rescue {
		open = "rescue.continue"
	}
	s.buttons = control.Row(control.GapButtons,
		control.NewButton(t.T(open), t.T("key.Return"), control.Primary, s.open),
		control.NewButton(t.T("command.drafts.discard"), t.T("key.Delete"), control.Plain, s.discard))
	s.side = control.NewCard(16, control.Column(12,
		control.NewLabel(t.T("drafts.typed"), control.H2), control.Grow(control.Scroll(s.typed)), s.buttons))
	body := control.Column(0,
		control.Pad(13, 14, 13, 14, control.Row(10, control.NewLabel(t.T(title), control.H1), control.Grow(s.subtitle))),
		control.Pad(0, 14, 12, 14, s.banner), control.NewDivider(),
		control.Pad(40, 40, 40, 40, s.empty), control.Grow(control.Pad(0, 1, 12, 1, s.list)))
	s.object = control.PadAll(look.Gap, newSides(control.NewCard(0, body), s.side))
	s.fill()
	return s
}

// Object is the screen.
func (s *drafts) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the list.
func (s *drafts) Commands() []command.Command {
	some := func() bool { return s.list.Selected() >= 0 }
	open := "drafts.open"
	if s.rescue {
		open = "drafts.continue"
	}
	return []command.Command{
		{ID: open, Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Enabled: some, Run: s.open},
		{ID: "drafts.discard", Keys: []command.Key{command.Plain(fyne.KeyDelete)}, Enabled: some, Run: s.discard},
	}
}

// Shown gives the keys to the list and reads it.
func (s *drafts) Shown() {
	control.Focus(s.list)
	s.Changed()
}

// Changed reads the drafts again.
func (s *drafts) Changed() {
	svc := s.svc
	s.d.Run(func(ctx context.Context) func() {
		all, err := svc.Store.Drafts(ctx)
		return func() {
			if err != nil {
				text, hint := s.d.texts.Error(err)
				s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.d.texts.T("button.again"), "", control.Plain, s.Changed))
				s.object.Refresh()
				return
			}
			if s.rescue {
				s.all = cutOff(all, svc.User)
			} else {
				s.all = own(all, svc.User)
			}
			s.fill()
			if s.rescue && len(s.all) == 0 {
				s.d.goTo(placeToday)
			}
		}
	})
}

func (s *drafts) fill() {
	t := s.d.texts
	s.banner.Clear()
	if s.rescue {
		s.banner.Say(control.KindWaiting, t.T("rescue.lead"), t.T("rescue.hint"))
	}
	s.subtitle.SetText(t.N("drafts.total", len(s.all)))
	s.empty.Hidden = len(s.all) > 0
	s.side.Hidden = len(s.all) == 0
	s.list.SetLength(len(s.all))
	if s.list.Selected() < 0 && len(s.all) > 0 {
		s.list.Select(0)
	}
	s.showTyped()
	s.object.Refresh()
}

func (s *drafts) selected() (record.Draft, bool) {
	i := s.list.Selected()
	if i < 0 || i >= len(s.all) {
		return record.Draft{}, false
	}
	return s.all[i], true
}

func (s *drafts) showTyped() {
	t := s.d.texts
	s.typed.Objects = nil
	if d, ok := s.selected(); ok {
		for _, a := range answers(t, s.svc.Forms, d, s.d.Clock()) {
			s.typed.Add(control.Column(2, control.NewParagraph(a.Label, control.Caption), control.NewParagraph(a.Value, control.Body)))
		}
		for _, doc := range d.Documents {
			s.typed.Add(control.NewParagraph(control.SignDone+" "+doc.Title+" ("+t.N("pages", doc.Pages)+")", control.Body))
		}
		if len(s.typed.Objects) == 0 {
			s.typed.Add(control.NewParagraph(t.T("drafts.nothing_typed"), control.Muted))
		}
	}
	s.typed.Refresh()
	s.side.Refresh()
}

func (s *drafts) open() {
	if d, ok := s.selected(); ok {
		s.d.resume(d.ID)
	}
}

// discard asks once more; only a draft whose loss was said yes to is gone.
func (s *drafts) discard() {
	d, ok := s.selected()
	if !ok {
		return
	}
	t, svc := s.d.texts, s.svc
	l := lineOf(t, svc.Forms, d, s.d.Clock())
	s.d.ask(t.T("drafts.ask", "title", l.Title, "who", l.Who), t.T("drafts.ask.text"), t.T("drafts.ask.yes"), t.T("drafts.ask.no"), func() {
		s.d.Run(func(ctx context.Context) func() {
			err := svc.Store.DiscardDraft(ctx, d.ID)
			return func() {
				if err != nil {
					s.d.trouble(err)
				}
				s.Changed()
				s.d.Refresh()
			}
		})
	})
}

// recover asks what is to become of drafts that were cut off. Going elsewhere decides nothing: they stay
// in the list of drafts.
func (d *Desk) recover(cut []record.Draft) {
	d.place = placeDrafts
	d.show(newDrafts(d, true, own(cut, d.svc.User)))
}

// draftRow is one draft in the list.
type draftRow struct {
	widget.BaseWidget
	body                  *fyne.Container
	title, who, typed, at *control.Label
	pill                  *control.Pill
}

func newDraftRow() *draftRow {
	r := &draftRow{
		title: control.NewLabel("", control.Strong), who: control.NewShort("", control.Body), typed: control.NewShort("", control.Muted),
		at: control.NewLabel("", control.Small), pill: control.NewPill("", "", control.KindNone),
	}
	r.body = control.Pad(0, 18, 0, 14, control.Upright(control.Column(4,
		control.Row(12, r.title, control.Grow(r.who), r.pill), control.Row(12, control.Grow(r.typed), r.at))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *draftRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *draftRow) show(l draftLine, live bool, t *i18n.Texts) {
	r.title.SetText(l.Title)
	r.who.SetText(l.Who)
	r.typed.SetText(l.Typed)
	r.at.SetText(l.When)
	if live {
		r.pill.Set("", t.T("drafts.live"), control.KindWaiting)
	} else {
		r.pill.Set("", t.T("drafts.parked"), control.KindNone)
	}
	r.body.Refresh()
}

// newSides sets a list and what stands beside it.
func newSides(list, side fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: sides{}, Objects: []fyne.CanvasObject{list, side}}
}

type sides struct{}

func (sides) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(420), look.Px(240)) }

func (sides) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := s.Width
	if o[1].Visible() {
		side := min(look.Px(376), s.Width*0.45)
		w -= side + look.Gap
		o[1].Move(fyne.NewPos(w+look.Gap, 0))
		o[1].Resize(fyne.NewSize(side, s.Height))
	}
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
}
