package forms

import (
	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/formview"
	"schalter/ui/look"
	"schalter/ui/tryout"
)

// tryPage lets somebody fill a form to see how it works. Nothing of it is kept.
type tryPage struct {
	s      *Screen
	from   page // where it was opened
	model  *tryout.Model
	view   *formview.View
	state  *control.Label
	object fyne.CanvasObject
	walk   int
}

func newTryPage(s *Screen, f *form.Form, from page) *tryPage {
	t := s.Texts
	p := &tryPage{s: s, from: from, model: tryout.New(f, t.Lang(), s.Clock()), state: control.NewShort("", control.Muted)}
	p.view = formview.New(t, p.model)
	p.model.Changed = func(paths []string) { p.view.Update(paths) }
	banner := control.NewBanner()
	banner.Say(control.KindWaiting, t.T("forms.try.banner"), t.T("forms.try.banner.hint"))
	foot := control.Row(control.GapButtons, control.Grow(p.state),
		control.NewButton(t.T("forms.try.check"), keyCheck.Label(t), control.Plain, p.check),
		control.NewButton(t.T("forms.try.end"), t.T("key.Escape"), control.Primary, p.leave))
	p.object = control.PadAll(look.Gap, control.AtMost(900, control.NewCard(0, control.Column(0,
		control.Pad(13, 16, 10, 16, control.Row(10, control.Grow(control.NewShort(f.Title.In(t.Lang()), control.H1)),
			control.NewLabel(t.T("forms.id", "id", f.ID, "version", f.Version), control.Small))),
		control.Pad(0, 16, 12, 16, banner), control.NewDivider(),
		control.Grow(control.Pad(10, 8, 1, 16, p.view.Object())), control.NewDivider(), control.Pad(10, 16, 10, 16, foot)))))
	return p
}

// Object is the page.
func (p *tryPage) Object() fyne.CanvasObject { return p.object }

// Shown puts the cursor into the first empty field.
func (p *tryPage) Shown() {
	if at := p.model.FirstEmpty(); at != "" {
		p.view.Focus(at)
	}
}

// Commands are the keys of the page.
func (p *tryPage) Commands() []command.Command {
	return []command.Command{
		{ID: "forms.back", Keys: []command.Key{keyBack}, Run: p.leave},
		{ID: "forms.try.check", Keys: []command.Key{keyCheck}, Run: p.check},
	}
}

// leave goes back to where the form was opened.
func (p *tryPage) leave() {
	if _, ok := p.from.(*tryPage); ok || p.from == nil {
		p.s.back()
		return
	}
	p.s.show(p.from)
}

// check shows what is not in order and goes from one to the next.
func (p *tryPage) check() {
	t := p.s.Texts
	open := p.model.Check()
	if len(open) == 0 {
		p.state.SetText(t.T("forms.try.complete"))
		p.object.Refresh()
		return
	}
	p.state.SetText(t.N("forms.try.open", len(open)))
	p.object.Refresh()
	p.view.Focus(open[p.walk%len(open)].Path)
	p.walk++
}
