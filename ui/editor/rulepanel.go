package editor

import (
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/ui/control"
)

// rule shows a rule: one that is a sentence to be changed, one in prose to be decided about, any other as it
// is.
func (p *panel) rule(id string) {
	doc, lang := p.s.m.doc, p.s.Texts.Lang()
	i := slices.IndexFunc(doc.Form().Rules, func(r *form.Rule) bool { return r.ID == id })
	r := doc.Form().Rules[i]
	place := edit.RulePlace + id
	if r.Kind == form.RuleUnresolved {
		p.prose(r)
		return
	}
	p.head(doc.Sentence(id, lang), p.t("editor.rule.id", "id", id))
	if s, simple := doc.Simple(id); simple {
		p.simple(id, s)
	} else {
		p.note(p.t("editor.rule.kept"))
	}
	if len(r.Text) > 0 {
		p.texts(place, edit.KeyText, 3)
	}
	p.legal(place)
	p.foot(place)
}

// prose lets somebody decide about a rule that an importer could not translate.
func (p *panel) prose(r *form.Rule) {
	s := p.s
	doc, lang := s.m.doc, s.Texts.Lang()
	p.head(p.t("editor.prose"), p.t("editor.prose.on", "places", strings.Join(s.names(r.On), ", ")))
	p.column.Add(control.NewParagraph(r.Text.In(lang), control.Strong))
	p.note(p.t("editor.prose.hint"))
	decide := func(by, reason string) {
		if err := doc.Decide(r.ID, by, reason); err != nil {
			s.trouble(err)
			return
		}
		delete(s.m.pending, input{Place: edit.RulePlace + r.ID, What: whatReason})
		next := ""
		if open := doc.Form().Unresolved(); len(open) > 0 {
			next = edit.RulePlace + open[0].ID
		}
		s.m.Select(next)
		s.changed(true)
	}
	p.column.Add(newFlow(p.button(p.t("editor.prose.new"), control.Plain, func() { s.addRuleOn(r.On[0]) }),
		p.button(p.t("editor.prose.by"), control.Plain, func() {
			var ids, names []string
			for _, o := range doc.Form().Rules {
				if o.Kind != form.RuleUnresolved {
					ids, names = append(ids, o.ID), append(names, doc.Sentence(o.ID, lang))
				}
			}
			s.choose(p.t("editor.prose.by.title"), names, func(i int) { decide(ids[i], "") })
		})))
	in := input{Place: edit.RulePlace + r.ID, What: whatReason}
	p.column.Add(p.entry(in, p.t("editor.reason"), 2))
	p.column.Add(control.Row(8, p.button(p.t("editor.prose.none"), control.Plain, func() { decide("", s.m.Value(in)) })))
}

// simple is a rule as a sentence whose parts can be changed one by one.
func (p *panel) simple(id string, r edit.Simple) {
	s := p.s
	set := func(change func(*edit.Simple)) {
		next := r
		next.On, next.Tests = slices.Clone(r.On), slices.Clone(r.Tests)
		change(&next)
		if err := s.m.doc.SetRule(id, next); err != nil {
			s.trouble(err)
			return
		}
		s.changed(true)
	}
	pick := func(text, title string, names []string, do func(*edit.Simple, int)) *control.Button {
		b := p.button(short(text)+" ▾", control.Plain, nil)
		b.OnTapped = func() { s.choose(title, names, func(i int) { set(func(n *edit.Simple) { do(n, i) }) }) }
		if p.first == nil {
			p.first = b
		}
		return b
	}
	var kinds []string
	for _, k := range edit.Kinds {
		kinds = append(kinds, p.t("editor.rule.do."+string(k)))
	}
	p.column.Add(control.Row(8, pick(p.t("editor.rule.do."+string(r.Do)), p.t("editor.rule.do"), kinds, func(n *edit.Simple, i int) { n.Do = edit.Kinds[i] })))
	targets := s.targets()
	for k, on := range r.On {
		p.column.Add(control.Row(8, control.NewLabel(p.t("editor.rule.on"), control.Muted),
			pick(s.names([]string{on})[0], p.t("editor.rule.on.title"), s.names(targets), func(n *edit.Simple, i int) { n.On[k] = targets[i] })))
	}
	for k, test := range r.Tests {
		p.test(k, test, r, set, pick)
	}
	p.column.Add(control.Row(8, p.button(p.t("editor.rule.more"), control.Quiet, func() {
		asked := s.questions("")
		s.choose(p.t("editor.rule.reads.title"), s.names(asked), func(i int) {
			set(func(n *edit.Simple) { n.Tests = append(n.Tests, edit.Test{Path: asked[i], Is: edit.IsAnswered}) })
		})
	})))
}

// short keeps a long label on its button; the whole of it stands in the sentence above.
func short(text string) string {
	if r := []rune(text); len(r) > 34 {
		return string(r[:33]) + "…"
	}
	return text
}

type picker func(text, title string, names []string, do func(*edit.Simple, int)) *control.Button

// test is one condition: question, way, and the answer where one is compared.
func (p *panel) test(k int, test edit.Test, r edit.Simple, set func(func(*edit.Simple)), pick picker) {
	s := p.s
	asked := s.questions("")
	word := "editor.rule.if"
	if k > 0 {
		word = map[bool]string{true: "editor.rule.or", false: "editor.rule.and"}[r.Any]
	}
	question := pick(s.names([]string{test.Path})[0], p.t("editor.rule.reads.title"), s.names(asked), func(n *edit.Simple, i int) {
		n.Tests[k] = edit.Test{Path: asked[i], Is: edit.IsAnswered}
	})
	f := s.m.doc.Form().Field(test.Path)
	ways := edit.Ways(f.Type)
	var names []string
	for _, w := range ways {
		names = append(names, p.t("editor.is."+string(w)))
	}
	way := pick(p.t("editor.is."+string(test.Is)), p.t("editor.rule.is.title"), names, func(n *edit.Simple, i int) {
		t := &n.Tests[k]
		t.Is = ways[i]
		t.Values = first(f, t.Values, t.Is)
	})
	line := control.Row(8, control.NewLabel(p.t(word), control.Muted), question)
	if len(r.Tests) > 1 {
		line.Add(control.Spacer())
		if k == 1 {
			line.Add(p.button(p.t("editor.rule.joined"), control.Quiet, func() { set(func(n *edit.Simple) { n.Any = !n.Any }) }))
		}
		line.Add(p.button(p.t("editor.choice.remove"), control.Quiet, func() { set(func(n *edit.Simple) { n.Tests = slices.Delete(n.Tests, k, k+1) }) }))
	}
	p.column.Add(line)
	ask := control.Row(8, control.Pad(0, 0, 0, 18, way))
	p.column.Add(ask)
	if !test.Is.Needs() {
		return
	}
	if f.Type == form.TypeBoolean || f.Type.Listed() {
		p.answers(k, f, test, set)
		return
	}
	e := control.NewEntry()
	e.Label = p.t("editor.rule.value")
	e.SetText(form.Format(&form.Field{Type: f.Type}, strings.Join(test.Values, ""), s.Texts.Lang()))
	take := func() {
		if text := e.Text; text != form.Format(&form.Field{Type: f.Type}, strings.Join(test.Values, ""), s.Texts.Lang()) {
			set(func(n *edit.Simple) { n.Tests[k].Values = []string{text} })
		}
	}
	e.OnSubmitted = func(string) { take() }
	e.OnFocus = func(on bool) {
		if !on {
			take()
		}
	}
	ask.Add(control.Grow(e))
}

// begin is an answer of a type, to be changed at once.
var begin = map[form.Type]string{
	form.TypeInteger: "0", form.TypeDecimal: "0", form.TypeMoney: "0", form.TypeDate: "2000-01-01", form.TypeMonth: "2000-01", form.TypeTime: "12:00",
}

// first are the values that a test begins with when it asks in another way.
func first(f *form.Field, now []string, is edit.Is) []string {
	switch {
	case !is.Needs():
		return nil
	case len(now) > 0 && is == edit.IsOneOf:
		return now
	case len(now) > 0:
		return now[:1]
	case f.Type == form.TypeBoolean:
		return []string{"true"}
	case f.Type.Listed():
		return []string{f.Choices()[0].Code}
	}
	if v := begin[f.Type]; v != "" {
		return []string{v}
	}
	return []string{"-"}
}

// answers are the choices that a test can ask for; several of them with "one of".
func (p *panel) answers(k int, f *form.Field, test edit.Test, set func(func(*edit.Simple))) {
	lang := p.s.Texts.Lang()
	type answer struct{ code, label string }
	var all []answer
	for _, c := range f.Choices() {
		all = append(all, answer{c.Code, c.Label.In(lang)})
	}
	if f.Type == form.TypeBoolean {
		for _, v := range []string{"true", "false"} {
			all = append(all, answer{v, form.Format(f, v, lang)})
		}
	}
	if len(all) > maxChoices {
		names := make([]string, len(all))
		for i, a := range all {
			names[i] = a.label
		}
		p.column.Add(control.Pad(0, 0, 0, 18, p.button(short(strings.Join(test.Values, ", "))+" ▾", control.Plain, func() {
			p.s.choose(p.t("editor.rule.value"), names, func(i int) { set(func(n *edit.Simple) { n.Tests[k].Values = []string{all[i].code} }) })
		})))
		return
	}
	for _, a := range all {
		tick := control.NewTick(a.label, nil)
		tick.Set(a.label, slices.Contains(test.Values, a.code))
		tick.OnChanged = func(on bool) {
			set(func(n *edit.Simple) {
				t := &n.Tests[k]
				switch {
				case t.Is != edit.IsOneOf:
					t.Values = []string{a.code}
				case on:
					t.Values = append(slices.Clone(t.Values), a.code)
				default:
					t.Values = slices.DeleteFunc(slices.Clone(t.Values), func(v string) bool { return v == a.code })
				}
			})
		}
		p.column.Add(control.Pad(0, 0, 0, 18, tick))
	}
}
