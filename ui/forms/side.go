package forms

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/record"
	"schalter/ui/control"
)

// side is what is known about the selected form, and what can be done with it.
type side struct {
	p       *listPage
	object  fyne.CanvasObject
	title   *control.Label
	parts   *fyne.Container
	buttons *fyne.Container
	shown   Line
	asked   record.FormRef
	reading bool
	read    map[record.FormRef]facts // of the forms in the list, so that moving in it is quick
}

// facts are what the form itself tells.
type facts struct {
	report imported.Report
	legal  string
	proofs int
	err    error
}

func newSide(p *listPage) *side {
	d := &side{p: p, title: control.NewParagraph("", control.H2), parts: control.Column(10), buttons: control.Column(8), read: map[record.FormRef]facts{}}
	d.object = control.NewCard(16, control.Column(12, d.title, control.Grow(control.Scroll(d.parts)), d.buttons))
	return d
}

func (d *side) show(l Line, ok bool) {
	if !ok {
		d.title.SetText("")
		d.parts.Objects, d.buttons.Objects = nil, nil
		d.asked = record.FormRef{}
		d.object.Refresh()
		return
	}
	d.shown, d.asked = l, l.Form
	d.draw()
	if _, known := d.read[l.Form]; !known && l.Here {
		d.look(l)
	}
}

// look reads the form, one at a time, so that a held arrow key does not pile them up.
func (d *side) look(l Line) {
	if d.reading {
		return
	}
	d.reading = true
	d.p.s.Run(func(ctx context.Context) func() {
		var x facts
		_, f, err := d.p.s.open(ctx, l)
		if x.err = err; err == nil {
			x = factsOf(f)
		}
		return func() {
			d.reading = false
			d.read[l.Form] = x
			if d.asked == l.Form {
				d.draw()
			} else if now, ok := d.p.line(); ok {
				d.show(now, true)
			}
		}
	})
}

func factsOf(f *form.Form) facts {
	return facts{report: incoming.Report(f, ""), legal: f.Legal.String(), proofs: len(f.Proofs)}
}

func (d *side) draw() {
	t, l := d.p.s.Texts, d.shown
	d.title.SetText(l.Title)
	d.parts.Objects = nil
	state := l.Pill
	if l.Editing {
		state += "\n" + t.T("forms.editing")
	}
	if l.Drafts > 0 {
		state += "\n" + t.N("forms.drafts", l.Drafts)
	}
	d.add("forms.state", state, control.Body)
	d.add("", l.Reason, control.Trouble)
	d.add("forms.version", t.T("forms.id", "id", l.Form.ID, "version", l.Form.Version), control.Body)
	d.add("forms.origin", l.Where, control.Body)
	x, known := d.read[l.Form]
	switch {
	case !l.Here:
		d.add("forms.content", t.T("forms.away"), control.Muted)
	case known && x.err != nil:
		text, hint := t.Error(x.err)
		d.add("forms.content", text+" "+hint, control.Trouble)
	case known:
		d.add("forms.content", contents(d.p.s, x.report, x.proofs), control.Body)
		d.add("forms.legal", x.legal, control.Body)
		d.add("forms.rules", rulesText(d.p.s, x.report.Rules), control.Body)
	}
	d.actions(l)
	d.parts.Refresh()
	d.object.Refresh()
}

func (d *side) add(key, text string, style control.Style) {
	if text == "" {
		return
	}
	c := control.Column(3)
	if key != "" {
		c.Add(control.NewLabel(d.p.s.Texts.T(key), control.Caption))
	}
	c.Add(control.NewParagraph(text, style))
	d.parts.Add(c)
}

// actions are the buttons: what one does next stands out.
func (d *side) actions(l Line) {
	p, s := d.p, d.p.s
	t := s.Texts
	d.buttons.Objects = nil
	button := func(key, cap string, rank control.Rank, f func(Line)) *control.Button {
		return control.NewButton(t.T(key), cap, rank, p.do(f))
	}
	if l.Here {
		first, second := ranks(l)
		if publishable(l) {
			d.buttons.Add(button("command.forms.publish", keyPublish.Label(t), first, s.publish))
		}
		d.buttons.Add(button("command.forms.try", keyTry.Label(t), second, s.try))
		d.buttons.Add(button("command.forms.check", keyCheck.Label(t), control.Plain, s.check))
		if s.Editor != nil {
			d.buttons.Add(button("command.forms.edit", keyEdit.Label(t), control.Plain, s.edit))
		}
		d.buttons.Add(button("command.forms.print", keyPrint.Label(t), control.Plain, s.print))
		if s.Files != nil {
			d.buttons.Add(button("command.forms.save", keySave.Label(t), control.Plain, s.save))
		}
	}
	switch {
	case l.From == Trial:
		d.buttons.Add(button("command.forms.discard", keyRemove.Label(t), control.Quiet, s.discard))
	case l.Offered:
		d.buttons.Add(button("command.forms.retire", keyRemove.Label(t), control.Quiet, s.retire))
	}
	d.buttons.Refresh()
}

// ranks tells which of publishing and trying stands out: what can be published, once nothing is open.
func ranks(l Line) (publish, try control.Rank) {
	if publishable(l) && l.Open > 0 {
		return control.Plain, control.Primary
	}
	return control.Primary, control.Plain
}

// contents says how much is in a form: "12 Felder · 4 Gruppen · 3 Nachweise".
func contents(s *Screen, r imported.Report, proofs int) string {
	t := s.Texts
	parts := []string{t.N("forms.fields", r.Fields), t.N("forms.groups", r.Groups)}
	if r.Codelists > 0 {
		parts = append(parts, t.N("forms.lists", r.Codelists))
	}
	if proofs > 0 {
		parts = append(parts, t.N("forms.proofs", proofs))
	}
	return strings.Join(parts, " · ")
}

func rulesText(s *Screen, r imported.Rules) string {
	t := s.Texts
	if r.Total == 0 {
		return t.T("forms.rules.none")
	}
	text := t.N("forms.rules.good", r.Translated)
	if r.Unresolved > 0 {
		text += " · " + t.N("forms.rules.open", r.Unresolved)
	}
	return text
}
