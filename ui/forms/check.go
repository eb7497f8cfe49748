package forms

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// checkPage says what is to be known about a form before it is published.
type checkPage struct {
	s      *Screen
	l      Line
	object fyne.CanvasObject
	text   *control.Reader
}

func newCheckPage(s *Screen, l Line, f *form.Form, verdict error) *checkPage {
	t := s.Texts
	p := &checkPage{s: s, l: l}
	banner := control.NewBanner()
	if verdict != nil {
		text, hint := t.Error(verdict)
		banner.Say(control.KindWaiting, text, hint)
	} else if publishable(l) {
		banner.Say(control.KindGood, t.T("forms.check.ready"), t.T("forms.check.ready.hint"))
	} else {
		banner.Say(control.KindGood, t.T("forms.check.good"), "")
	}
	p.text = control.NewReader(control.Pad(0, 14, 0, 2, control.UpTo(860, control.Column(14, account(s, f, incoming.Report(f, ""), itemNotes(l))...))))
	p.text.OnFocus = func(bool) {} // nothing else could have the keys
	publish, try := ranks(l)
	buttons := control.Row(control.GapButtons,
		control.NewButton(t.T("command.forms.try"), keyTry.Label(t), try, func() { s.try(l) }))
	if s.Editor != nil {
		buttons.Add(control.NewButton(t.T("command.forms.edit"), keyEdit.Label(t), control.Plain, func() { s.edit(l) }))
	}
	if publishable(l) {
		buttons.Add(control.NewButton(t.T("command.forms.publish"), keyPublish.Label(t), publish, func() { s.publish(l) }))
	}
	buttons.Add(control.Spacer())
	buttons.Add(control.NewButton(t.T("forms.back"), t.T("key.Escape"), control.Plain, s.back))
	p.object = control.PadAll(look.Gap, control.NewCard(0, control.Column(0,
		control.Pad(13, 14, 13, 14, control.Row(10, control.NewLabel(t.T("forms.check.title"), control.H1), control.Grow(control.NewShort(l.Title, control.Muted)))),
		control.Pad(0, 14, 12, 14, banner), control.NewDivider(),
		control.Grow(control.PadAll(14, p.text)), control.NewDivider(), control.PadAll(14, buttons))))
	return p
}

// Object is the page.
func (p *checkPage) Object() fyne.CanvasObject { return p.object }

// Shown gives the keys to the text.
func (p *checkPage) Shown() { control.Focus(p.text) }

// Commands are the keys of the page.
func (p *checkPage) Commands() []command.Command {
	s := p.s
	list := []command.Command{
		{ID: "forms.back", Keys: []command.Key{keyBack}, Run: s.back},
		{ID: "forms.try", Keys: []command.Key{keyTry}, Run: func() { s.try(p.l) }},
		{ID: "forms.publish", Keys: []command.Key{keyPublish}, Enabled: func() bool { return publishable(p.l) }, Run: func() { s.publish(p.l) }},
	}
	if s.Editor != nil {
		list = append(list, command.Command{ID: "forms.edit", Keys: []command.Key{keyEdit}, Run: func() { s.edit(p.l) }})
	}
	return list
}

// account tells everything about a form: how much is in it, what nobody has decided, what somebody has
// decided, what is to be confirmed, and what the importer noticed.
func account(s *Screen, f *form.Form, r imported.Report, notes []*record.Error) []fyne.CanvasObject {
	t := s.Texts
	lang := t.Lang()
	out := []fyne.CanvasObject{
		control.Column(3, control.NewParagraph(f.Title.In(lang), control.H2), control.NewParagraph(t.T("forms.id", "id", f.ID, "version", f.Version), control.Muted)),
		control.Column(3, control.NewParagraph(contents(s, r, len(f.Proofs)), control.Body), control.NewParagraph(rulesText(s, r.Rules), control.Body)),
	}
	part := func(key string, n int) *fyne.Container {
		c := control.Column(9, control.NewLabel(t.T(key, "count", n), control.H2))
		out = append(out, c)
		return c
	}
	if open := byRule(t, f, r.Open); len(open) > 0 {
		c := part("forms.part.open", len(open))
		for _, o := range open {
			c.Add(control.Column(2, control.NewParagraph(strings.Join(o.places, "\n"), control.Caption), control.NewParagraph(o.text, control.Body)))
		}
	}
	if len(f.Decided) > 0 {
		c := part("forms.part.decided", len(f.Decided))
		for _, x := range f.Decided {
			c.Add(control.Column(2, control.NewParagraph(x.Text.In(lang), control.Body), control.NewParagraph(x.Reason, control.Muted)))
		}
	}
	var confirm []*form.Field
	for _, x := range f.Fields() {
		if x.ToConfirm {
			confirm = append(confirm, x)
		}
	}
	if len(confirm) > 0 {
		c := part("forms.part.confirm", len(confirm))
		for _, x := range confirm {
			c.Add(control.NewParagraph(Place(t, f, x.Path), control.Body))
		}
	}
	if len(notes) > 0 {
		c := part("forms.part.notes", len(notes))
		for _, n := range notes {
			text, hint := t.Error(n)
			c.Add(control.Column(2, control.NewParagraph(text, control.Body), control.NewParagraph(hint, control.Muted)))
		}
	}
	return out
}

// undecided is a rule that nobody has decided about, with all its places.
type undecided struct {
	rule, text string
	places     []string
}

func byRule(t *i18n.Texts, f *form.Form, open []imported.Open) (out []undecided) {
	for _, o := range open {
		i := slices.IndexFunc(out, func(u undecided) bool { return u.rule == o.Rule })
		if i < 0 {
			i, out = len(out), append(out, undecided{rule: o.Rule, text: o.Text})
		}
		if place := Place(t, f, o.On); !slices.Contains(out[i].places, place) {
			out[i].places = append(out[i].places, place)
		}
	}
	return out
}

// itemNotes are what the importer noticed, as it was kept with the form.
func itemNotes(l Line) (out []*record.Error) {
	for _, n := range l.Item.Notes {
		out = append(out, &record.Error{Code: n.Code, Args: n.Args})
	}
	return out
}
