package editor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/look"
)

// panel is the middle: what can be changed of the chosen thing.
type panel struct {
	s      *Screen
	object *fyne.Container
	column *fyne.Container
	scroll *container.Scroll
	first  fyne.Focusable
	faults map[input]*control.Label
}

func newPanel(s *Screen) *panel {
	return &panel{s: s, object: control.Column(0)}
}

func (p *panel) focus() {
	if p.first != nil {
		control.Focus(p.first)
	}
}

// show makes the fields of what is chosen.
func (p *panel) show() {
	p.column, p.first, p.faults = control.Column(12), nil, map[input]*control.Label{}
	s := p.s
	at, f := s.m.at, s.m.doc.Form()
	switch {
	case at == "":
		p.form(f)
	case strings.HasPrefix(at, heading):
		p.part(at)
	case strings.HasPrefix(at, edit.ProofPlace):
		p.proof(at)
	case strings.HasPrefix(at, edit.RulePlace):
		p.rule(strings.TrimPrefix(at, edit.RulePlace))
	case f.Field(at) != nil:
		p.field(f.Field(at))
	default:
		p.group(f.Group(at))
	}
	p.scroll = container.NewVScroll(control.Pad(14, 22, 20, 16, p.column))
	p.object.Objects = []fyne.CanvasObject{control.Grow(control.Pad(4, 3, 4, 0, p.scroll))}
	p.object.Refresh()
}

// reveal brings what has got the keys into sight.
func (p *panel) reveal(o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	y := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(p.scroll.Content).Y
	off, high := p.scroll.Offset.Y, p.scroll.Size().Height
	switch room := look.Px(40); {
	case y-room < off:
		off = y - room
	case y+o.Size().Height+room > off+high:
		off = y + o.Size().Height + room - high
	default:
		return
	}
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(off, p.scroll.Content.MinSize().Height-high))))
}

// button is a button of the panel, which comes into sight with the keys.
func (p *panel) button(text string, rank control.Rank, tapped func()) *control.Button {
	b := control.NewButton(text, "", rank, tapped)
	b.OnFocus = func(on bool) {
		if on {
			p.reveal(b)
		}
	}
	return b
}

func (p *panel) t(key string, pairs ...any) string { return p.s.Texts.T(key, pairs...) }

func (p *panel) head(title, sub string) {
	p.column.Add(control.Column(2, control.NewParagraph(title, control.H2), control.NewParagraph(sub, control.Small)))
}

func (p *panel) note(text string) { p.column.Add(control.NewParagraph(text, control.Muted)) }

func (p *panel) part(at string) {
	p.head(p.t("editor.part."+at[1:]), p.t("editor.part."+at[1:]+".hint"))
}

func (p *panel) form(f *form.Form) {
	p.head(p.t("editor.form"), p.t("editor.form.id", "id", f.ID, "version", f.Version))
	p.texts("", edit.KeyTitle, 1)
	p.texts("", edit.KeyHelp, 3)
	p.legal("")
	if p.s.m.Changed() {
		p.column.Add(control.Row(0, p.button(p.t("editor.discard"), control.Plain, p.s.discard)))
	}
	if len(f.Decided) > 0 {
		p.column.Add(control.NewLabel(p.t("editor.decided"), control.H2))
		for _, d := range f.Decided {
			why := d.Reason
			if d.By != "" && p.s.m.doc.Has(edit.RulePlace+d.By) {
				why = p.t("editor.decided.by", "rule", p.s.m.doc.Sentence(d.By, p.s.Texts.Lang()))
			}
			p.column.Add(control.Column(2, control.NewParagraph(d.Text.In(p.s.Texts.Lang()), control.Body), control.NewParagraph(why, control.Small)))
		}
	}
}

func (p *panel) group(g *form.Group) {
	if g == nil {
		return
	}
	p.head(g.Label.In(p.s.Texts.Lang()), p.t("editor.group.path", "path", g.Path))
	p.texts(g.Path, edit.KeyLabel, 1)
	p.texts(g.Path, edit.KeyHelp, 2)
	p.legal(g.Path)
	p.rulesOf(g.Path)
	p.foot(g.Path)
}

func (p *panel) proof(place string) {
	pr := p.s.m.doc.Form().Proof(strings.TrimPrefix(place, edit.ProofPlace))
	p.head(pr.Label.In(p.s.Texts.Lang()), p.t("editor.proof"))
	p.texts(place, edit.KeyLabel, 1)
	p.texts(place, edit.KeyHelp, 2)
	p.tick(place, edit.PropRequired)
	p.legal(place)
	p.rulesOf(place)
	p.foot(place)
}

func (p *panel) field(f *form.Field) {
	p.head(f.Label.In(p.s.Texts.Lang()), p.t("editor.field.path", "type", p.t("editor.type."+string(f.Type)), "path", f.Path))
	p.texts(f.Path, edit.KeyLabel, 1)
	if edit.PropRequired.Takes(f.Type) && !f.Calculated() {
		p.tick(f.Path, edit.PropRequired)
	}
	p.amounts(f)
	p.choices(f)
	p.texts(f.Path, edit.KeyHelp, 2)
	p.props(f, edit.PropWidth, edit.PropLines, edit.PropDecimals)
	p.props(f, edit.PropMin, edit.PropMax)
	p.props(f, edit.PropMinLength, edit.PropMaxLength)
	if !f.Calculated() {
		p.props(f, edit.PropDefault, edit.PropExample)
	}
	if f.Type == form.TypeInteger || f.Type == form.TypeDecimal {
		p.texts(f.Path, edit.KeyUnit, 1)
	}
	p.legal(f.Path)
	p.rulesOf(f.Path)
	p.foot(f.Path)
}

// texts are the fields of a text, one for each language.
func (p *panel) texts(place string, k edit.TextKey, lines int) {
	cells := p.languages(input{Place: place, What: string(k)}, lines, func(lang string) string {
		return p.t("editor."+string(k), "language", p.t("editor.language."+lang))
	})
	p.column.Add(cells)
}

func (p *panel) languages(in input, lines int, name func(lang string) string) fyne.CanvasObject {
	cells := control.Column(8)
	for _, l := range p.s.m.doc.Form().Languages {
		in.Lang = l
		cells.Add(p.entry(in, name(l), lines))
	}
	return cells
}

// entry is one field to type in, with what is wrong beneath it.
func (p *panel) entry(in input, label string, lines int) fyne.CanvasObject {
	s := p.s
	e := control.NewEntry()
	if lines > 1 {
		e = control.NewArea(lines)
	}
	e.Label = label
	e.SetText(s.m.Value(in))
	fault := control.NewParagraph("", control.Trouble)
	fault.Hide()
	p.faults[in] = fault
	p.say(in, fault)
	e.OnChanged = func(text string) {
		if text == s.m.Value(in) {
			return
		}
		if s.m.Large() {
			s.m.Hold(in, text)
			s.saver.touch()
			s.pause(p)
			return
		}
		s.m.Type(in, text)
		s.changed(false)
		p.sayFaults()
	}
	e.OnFocus = func(on bool) {
		if on {
			p.reveal(e)
			return
		}
		if s.m.Settle() {
			s.changed(false)
			p.sayFaults()
		}
		s.m.doc.Break()
	}
	if p.first == nil {
		p.first = e
	}
	caption := control.NewShort(label, control.Caption)
	if in.What == whatAmount {
		caption = control.NewParagraph(label, control.Caption) // what it is for stands at the end
	}
	return control.Column(3, caption, e, fault)
}

func (p *panel) say(in input, l *control.Label) {
	err := p.s.m.Fault(in)
	l.Hidden = err == nil
	if err != nil {
		l.SetText(p.s.fault(err))
	}
}

// typingPause is how long somebody pauses before what was typed into a large form is put there.
const typingPause = 400 * time.Millisecond

// pause puts what is held into the form once nobody has typed for a moment.
func (s *Screen) pause(p *panel) {
	if s.paused != nil {
		s.paused()
	}
	s.paused = s.After(typingPause, func() {
		s.paused = nil
		if s.m.Settle() {
			s.changed(false)
			p.sayFaults()
		}
	})
}

// sayFaults says beneath every field what is wrong with it now.
func (p *panel) sayFaults() {
	for i, l := range p.faults {
		p.say(i, l)
	}
	p.object.Refresh()
}

// fault is what is wrong with what was typed, and what to type.
func (s *Screen) fault(err error) string {
	text, hint := s.Texts.Error(err)
	if e, ok := errors.AsType[*record.Error](err); ok && e.Code == record.CodeEditLanguage {
		text = s.Texts.T("editor.fault.language", "language", s.Texts.T("editor.language."+fmt.Sprint(e.Args["language"])))
	}
	return text + " " + hint
}

func (p *panel) props(f *form.Field, all ...edit.Prop) {
	var cells []fyne.CanvasObject
	for _, k := range all {
		if k.Takes(f.Type) {
			cells = append(cells, control.Grow(p.entry(input{Place: f.Path, What: string(k)}, p.t("editor."+string(k)), 1)))
		}
	}
	if len(cells) > 0 {
		p.column.Add(control.Row(10, cells...))
	}
}

func (p *panel) legal(place string) {
	p.column.Add(p.entry(input{Place: place, What: whatLegal}, p.t("editor.legal"), 2))
}

func (p *panel) tick(place string, k edit.Prop) {
	s := p.s
	tick := control.NewTick("", nil)
	tick.Set(p.t("editor."+string(k)), s.m.doc.Get(place, k, "de") != "")
	tick.OnChanged = func(on bool) {
		v := ""
		if on {
			v = "true"
		}
		s.m.doc.Break()
		if err := s.m.doc.Set(place, k, v); err != nil {
			s.trouble(err)
		}
		s.changed(false)
	}
	p.column.Add(tick)
}

// amounts shows how a calculated field comes about and lets its amounts be set.
func (p *panel) amounts(f *form.Field) {
	doc, lang := p.s.m.doc, p.s.Texts.Lang()
	if f.Calculated() {
		for _, id := range doc.RulesOf(f.Path, false) {
			p.note(p.t("editor.calculated", "rule", doc.Sentence(id, lang)))
			break
		}
		for _, a := range doc.Amounts(f.Path, lang) {
			label := p.t("editor.amount")
			if a.When != "" {
				label = p.t("editor.amount.when", "when", a.When)
			}
			p.column.Add(p.entry(input{Place: f.Path, What: whatAmount, Code: a.Rule, Index: a.Index}, label, 1))
		}
	}
	if f.ToConfirm {
		p.tick(f.Path, edit.PropToConfirm)
		p.note(p.t("editor.to_confirm.hint"))
	}
}

// maxChoices is how long a list may be to be changed here.
const maxChoices = 40

func (p *panel) choices(f *form.Field) {
	if !f.Type.Listed() {
		return
	}
	s := p.s
	p.column.Add(control.NewLabel(p.t("editor.choices"), control.H2))
	all := f.Choices()
	if len(all) > maxChoices {
		p.note(p.t("editor.choices.many", "count", s.Texts.Number(len(all))))
		return
	}
	if n := len(s.m.doc.Sharing(f.Path)); n > 0 {
		p.note(s.Texts.N("editor.choices.shared", n))
	}
	for i, c := range all {
		in := input{Place: f.Path, What: whatChoice, Code: c.Code}
		act := func(do func() error) func() {
			return func() {
				if err := do(); err != nil {
					s.trouble(err)
					return
				}
				s.changed(true)
			}
		}
		var row []fyne.CanvasObject
		for _, l := range s.m.doc.Form().Languages {
			in.Lang = l
			row = append(row, control.Grow(p.entry(in, p.t("editor.choice", "number", i+1, "language", p.t("editor.language."+l)), 1)))
		}
		p.column.Add(control.Column(4, control.Row(6, row...), control.Row(4,
			control.Grow(control.NewShort(p.t("editor.choice.code", "code", c.Code), control.Small)),
			p.button("↑", control.Quiet, act(func() error { return s.m.doc.MoveChoice(f.Path, c.Code, false) })),
			p.button("↓", control.Quiet, act(func() error { return s.m.doc.MoveChoice(f.Path, c.Code, true) })),
			p.button(p.t("editor.choice.remove"), control.Quiet, act(func() error { return s.m.doc.RemoveChoice(f.Path, c.Code) })))))
	}
	p.column.Add(control.Row(0, p.button(p.t("editor.choice.add"), control.Plain, func() { s.addChoice(f.Path, len(all)+1) })))
}

// rulesOf lists the rules that act on a place.
func (p *panel) rulesOf(place string) {
	s := p.s
	ids := s.m.doc.RulesOf(place, false)
	if len(ids) == 0 {
		return
	}
	p.column.Add(control.NewLabel(p.t("editor.rules.here"), control.H2))
	for _, id := range ids {
		p.column.Add(control.Row(8, control.Grow(control.NewParagraph(s.m.doc.Sentence(id, s.Texts.Lang()), control.Body)),
			p.button(p.t("editor.goto"), control.Plain, func() { s.goTo(edit.RulePlace + id) })))
	}
}

// foot has what is done to the thing as a whole.
func (p *panel) foot(place string) {
	s := p.s
	buttons := newFlow()
	if s.m.doc.Form().Field(place) != nil || strings.Contains(place, "/") {
		buttons.Add(p.button(p.t("editor.moveto"), control.Plain, s.moveTo))
	}
	buttons.Add(p.button(p.t("command.editor.remove"), control.Danger, s.remove))
	p.column.Add(control.Pad(8, 0, 0, 0, buttons))
}
