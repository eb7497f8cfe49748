package editor

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/ui/command"
	"schalter/ui/control"
)

// named gives something new its first name, in every language of the form; the person changes it at once.
func (s *Screen) named(key string, pairs ...any) form.Text {
	out := form.Text{}
	for _, l := range s.m.doc.Form().Languages {
		k := key + "." + l
		if !s.Texts.Has(k) {
			k = key + ".de"
		}
		out[l] = s.Texts.T(k, pairs...)
	}
	return out
}

// goTo chooses a place.
func (s *Screen) goTo(place string) {
	s.m.Select(place)
	s.refresh(true)
	s.panel.focus()
}

// came goes to something new.
func (s *Screen) came(place string, err error) {
	if err != nil {
		s.trouble(err)
		return
	}
	s.m.Select(place)
	s.changed(true)
	s.panel.focus()
}

// near is the group or field behind which something new comes.
func (s *Screen) near() (place string, inside bool) {
	f := s.m.doc.Form()
	if f.Field(s.m.at) != nil {
		return s.m.at, false
	}
	if f.Group(s.m.at) != nil {
		return s.m.at, true
	}
	return f.Groups[len(f.Groups)-1].Path, true
}

// addField asks what kind of answer the field takes.
func (s *Screen) addField() {
	var names []string
	for _, t := range edit.Types {
		names = append(names, s.Texts.T("editor.type."+string(t)))
	}
	s.choose(s.Texts.T("editor.add.field.title"), names, func(i int) {
		behind, inside := s.near()
		t := edit.Types[i]
		s.ask(s.Texts.T("editor.add.field.name", "type", names[i]), func(label form.Text) error {
			path, err := s.m.doc.AddField(behind, inside, t, label, []form.Text{s.named("editor.new.choice", "number", 1), s.named("editor.new.choice", "number", 2)})
			if err == nil {
				s.came(path, nil)
			}
			return err
		})
	})
}

func (s *Screen) addGroup() {
	behind, _ := s.near()
	behind, _, _ = strings.Cut(behind, "/")
	s.ask(s.Texts.T("editor.add.group.title"), func(label form.Text) error {
		path, err := s.m.doc.AddGroup(behind, label, s.named("editor.new.field"))
		if err == nil {
			s.came(path, nil)
		}
		return err
	})
}

func (s *Screen) addProof() {
	s.ask(s.Texts.T("editor.add.proof.title"), func(label form.Text) error {
		place, err := s.m.doc.AddProof(label)
		if err == nil {
			s.came(place, nil)
		}
		return err
	})
}

func (s *Screen) addChoice(path string, number int) {
	if _, err := s.m.doc.AddChoice(path, s.named("editor.new.choice", "number", number)); err != nil {
		s.trouble(err)
		return
	}
	s.changed(true)
}

// addRule begins a rule for what is chosen: it is shown only if a question, which is asked for, is answered.
func (s *Screen) addRule() {
	on := s.m.at
	if on == "" || strings.HasPrefix(on, heading) || strings.HasPrefix(on, edit.RulePlace) {
		s.choose(s.Texts.T("editor.rule.on.title"), s.names(s.targets()), func(i int) { s.addRuleOn(s.targets()[i]) })
		return
	}
	s.addRuleOn(on)
}

func (s *Screen) addRuleOn(on string) {
	asked := s.questions(on)
	s.choose(s.Texts.T("editor.rule.reads.title"), s.names(asked), func(i int) {
		f := s.m.doc.Form().Field(asked[i])
		test := edit.Test{Path: f.Path, Is: edit.IsAnswered}
		if f.Type == form.TypeBoolean {
			test.Is, test.Values = edit.IsEqual, []string{"true"}
		}
		s.came(s.m.doc.AddRule(edit.Simple{Do: form.RuleShow, On: []string{on}, Tests: []edit.Test{test}}))
	})
}

// targets are the places that a rule can act on.
func (s *Screen) targets() []string {
	var out []string
	for _, l := range s.m.Lines() {
		if l.Place != "" && !strings.HasPrefix(l.Place, heading) && !strings.HasPrefix(l.Place, edit.RulePlace) {
			out = append(out, l.Place)
		}
	}
	return out
}

// questions are the fields that a rule can read, but for the one it acts on.
func (s *Screen) questions(on string) []string {
	var out []string
	for _, f := range s.m.doc.Form().Fields() {
		if f.Type != form.TypeNote && f.Path != on {
			out = append(out, f.Path)
		}
	}
	return out
}

func (s *Screen) names(places []string) []string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = strings.Trim(s.m.doc.Place(p, s.Texts.Lang()), "„“”")
	}
	return out
}

// moveTo asks for the group that a field or group is to stand in.
func (s *Screen) moveTo() {
	var groups []string
	for _, l := range s.m.Lines() {
		if g := s.m.doc.Form().Group(l.Place); g != nil && g.Path == l.Place {
			groups = append(groups, l.Place)
		}
	}
	at := s.m.at
	s.choose(s.Texts.T("editor.moveto.title"), s.names(groups), func(i int) { s.came(s.m.doc.MoveTo(at, groups[i])) })
}

// remove takes out what is chosen; what still names it is shown, and goes with it if that is wanted.
func (s *Screen) remove() {
	uses, err := s.m.Remove(false)
	switch {
	case len(uses) > 0:
		s.askRemove(uses)
	case err != nil:
		s.trouble(err)
	default:
		s.changed(true)
		control.Focus(s.list)
	}
}

func (s *Screen) askRemove(uses []edit.Use) {
	t := s.Texts
	list := control.Column(6)
	for _, u := range uses {
		text := t.T("editor.use."+string(u.Kind), "name", u.ID)
		if u.Kind == edit.UseRule {
			text = s.m.doc.Sentence(u.ID, t.Lang())
		}
		if u.Kind == edit.UseRule && u.Target {
			text = t.T("editor.use.target", "rule", text)
		}
		list.Add(control.NewParagraph("• "+text, control.Body))
	}
	var layer *control.Layer
	keep := control.NewButton(t.T("editor.keep"), t.T("key.Escape"), control.Plain, func() { layer.Close() })
	all := control.NewButton(t.T("editor.remove.all"), "", control.Danger, func() {
		layer.Close()
		if _, err := s.m.Remove(true); err != nil {
			s.trouble(err)
			return
		}
		s.changed(true)
		control.Focus(s.list)
	})
	body := control.PadAll(22, control.Column(12, control.NewParagraph(t.T("editor.remove.title", "name", s.m.doc.Place(s.m.at, t.Lang())), control.H2),
		control.NewParagraph(t.T("editor.remove.hint"), control.Muted), list,
		control.Pad(8, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), all, keep))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "editor.remove.title", 560, body, nil, nil)
	layer.Focus(keep)
}

// check goes to the next thing that is not in order.
func (s *Screen) check() {
	found := s.m.Check()
	t := s.Texts
	if len(found) == 0 {
		s.banner.Say(control.KindGood, t.T("editor.ready"), t.T("editor.ready.hint"), s.closeBanner())
		s.object.Refresh()
		return
	}
	f := found[s.found%len(found)]
	s.found++
	text, hint := t.T("editor.finding.open", "text", f.Text), t.T("editor.finding.open.hint")
	if f.Err != nil {
		text, hint = t.Error(f.Err)
	}
	s.banner.Say(control.KindWaiting, t.N("editor.findings", len(found))+" "+text, hint, s.closeBanner())
	s.goTo(f.Place)
}

// publish hands the form over, once it is in order and somebody has said so again.
func (s *Screen) publish() {
	t := s.Texts
	if s.Publish == nil {
		s.banner.Say(control.KindWaiting, t.T("editor.publish.none"), t.T("editor.publish.none.hint"), s.closeBanner())
		s.object.Refresh()
		return
	}
	if len(s.m.Check()) > 0 {
		s.check()
		return
	}
	file, err := s.m.Release(s.Taken)
	if err != nil {
		s.trouble(err)
		return
	}
	s.changed(true)
	f := s.m.doc.Form()
	hint := t.T("editor.publish.hint")
	if n := s.m.ToConfirm(); n > 0 {
		hint = t.N("editor.publish.confirm", n) + " " + hint
	}
	var layer *control.Layer
	do := func() {
		layer.Close()
		s.hand(file)
	}
	act := control.NewButton(t.T("command.editor.publish"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, do)
	body := control.PadAll(22, control.Column(12,
		control.NewParagraph(t.T("editor.publish.title", "title", f.Title.In(t.Lang()), "version", f.Version), control.H2), control.NewParagraph(hint, control.Body),
		control.Pad(8, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), act, control.NewButton(t.T("editor.keep"), t.T("key.Escape"), control.Plain, func() { layer.Close() })))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "editor.publish.title", 520, body, []command.Command{{ID: "editor.publish", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: do}}, nil)
	layer.Focus(act)
}

// hand publishes and lets the draft go.
func (s *Screen) hand(file []byte) {
	id := s.m.base.ID
	s.Run(func(ctx context.Context) func() {
		err := s.Publish(ctx, file)
		if err == nil && s.Drafts != nil {
			err = s.Drafts.Save(ctx, id, nil)
		}
		return func() {
			if err != nil {
				s.trouble(err)
				return
			}
			s.saver.drop()
			s.Leave()
		}
	})
}

// discard asks, and begins anew with the form as it was opened.
func (s *Screen) discard() {
	t := s.Texts
	var layer *control.Layer
	keep := control.NewButton(t.T("editor.keep"), t.T("key.Escape"), control.Plain, func() { layer.Close() })
	act := control.NewButton(t.T("editor.discard"), "", control.Danger, func() {
		layer.Close()
		m, err := NewModel(s.File, t.Lang())
		if err != nil {
			s.trouble(err)
			return
		}
		s.m = m
		s.banner.Clear()
		s.changed(true)
		control.Focus(s.list)
	})
	body := control.PadAll(22, control.Column(12, control.NewParagraph(t.T("editor.discard.title"), control.H2), control.NewParagraph(t.T("editor.discard.hint"), control.Body),
		control.Pad(8, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), act, keep))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "editor.discard.title", 480, body, nil, nil)
	layer.Focus(keep)
}
