package forms

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/schema"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// publish asks whether a form is to go to every desk, with what that changes.
func (s *Screen) publish(l Line) {
	if s.Keys.Layered() {
		return
	}
	before, had := s.list.offered(l.Form.ID)
	s.Run(func(ctx context.Context) func() {
		file, f, err := s.open(ctx, l)
		if err == nil {
			err = s.Office.Check(ctx, file)
		}
		var old *form.Form
		if err == nil && had {
			// What the old version was like is nice to know; without it the form can be published all the same.
			_, old, _ = s.open(ctx, before)
		}
		return func() { s.confirm(l, file, f, old, err) }
	})
}

// confirm shows the question, or why it cannot be asked.
func (s *Screen) confirm(l Line, file []byte, f, old *form.Form, refused error) {
	t := s.Texts
	title := l.Title + " " + l.Form.Version
	if refused != nil {
		text, hint := t.Error(refused)
		s.ask(t.T("forms.publish.refused", "title", title), []string{text, hint}, "", control.Plain, nil, nil)
		return
	}
	s.ask(t.T("forms.publish.title", "title", title), s.consequences(f, old), t.T("forms.publish.yes"), control.Primary,
		func(ctx context.Context) error {
			if err := s.Office.Publish(ctx, file); err != nil {
				return err
			}
			if l.From != Trial {
				return nil
			}
			return s.Office.Discard(ctx, l.Form)
		}, func() {
			s.list.wanted = l.Form
			s.back()
			s.list.published(title)
		})
}

// consequences says who gets the form, what it changes and what becomes of what was begun.
func (s *Screen) consequences(f, old *form.Form) []string {
	t, o := s.Texts, s.list.overview
	var out []string
	switch {
	case old == nil:
		out = append(out, t.T("forms.publish.new"))
	case old.Hash == f.Hash:
		out = append(out, t.T("forms.publish.same"))
	default:
		added, gone := Difference(old, f)
		out = append(out, t.T("forms.publish.replaces", "version", old.Version)+" "+t.N("forms.publish.added", added)+" "+t.N("forms.publish.gone", gone))
	}
	switch {
	case o.Alone:
		out = append(out, t.T("forms.publish.alone"))
	case o.Authority == "":
		out = append(out, t.T("forms.publish.all"))
	default:
		out = append(out, t.T("forms.publish.all.named", "authority", o.Authority))
	}
	if n := o.Drafts[f.ID]; n > 0 {
		out = append(out, t.N("forms.publish.drafts", n))
	}
	return append(out, t.T("forms.publish.final"))
}

// retire asks whether a form is no longer to be offered.
func (s *Screen) retire(l Line) {
	t := s.Texts
	s.ask(t.T("forms.retire.title", "title", l.Title), []string{t.T("forms.retire.text")}, t.T("forms.retire.yes"), control.Danger,
		func(ctx context.Context) error { return s.Office.Retire(ctx, l.Form.ID) },
		func() {
			s.back()
			s.list.say(control.KindInfo, t.T("forms.retired", "title", l.Title), t.T("forms.retired.hint"))
		})
}

// discard asks whether a form that was taken in is to go.
func (s *Screen) discard(l Line) {
	t := s.Texts
	s.ask(t.T("forms.discard.title", "title", l.Title), []string{t.T("forms.discard.text", "file", l.Item.Source)}, t.T("forms.discard.yes"), control.Danger,
		func(ctx context.Context) error { return s.Office.Discard(ctx, l.Form) },
		func() {
			s.back()
			s.list.say(control.KindInfo, t.T("forms.discarded", "title", l.Title), "")
		})
}

// ask shows a question over the window. Without do there is nothing to answer. The safe answer has the
// keys, unless the one asked about is not dangerous.
func (s *Screen) ask(title string, paragraphs []string, yes string, rank control.Rank, do func(context.Context) error, then func()) {
	if s.Keys.Layered() {
		return
	}
	t := s.Texts
	text := control.Column(12, control.NewParagraph(title, control.H2))
	for _, p := range paragraphs {
		text.Add(control.NewParagraph(p, control.Body))
	}
	message := control.NewParagraph("", control.Trouble)
	message.Hide()
	text.Add(message)
	var layer *control.Layer
	var commands []command.Command
	no := t.T("button.cancel")
	if do == nil {
		no = t.T("button.close")
	}
	keep := control.NewButton(no, t.T("key.Escape"), control.Plain, func() { layer.Close() })
	buttons := control.Row(control.GapButtons, control.Spacer())
	first := keep
	if do != nil {
		cap := ""
		if rank == control.Primary {
			cap = keyPublish.Label(t)
		}
		act := control.NewButton(yes, cap, rank, nil)
		run := func() {
			if act.Disabled() {
				return
			}
			act.Disable()
			s.Run(func(ctx context.Context) func() {
				err := do(ctx)
				return func() {
					if err != nil {
						act.Enable()
						sentence, hint := t.Error(err)
						message.SetText(sentence + " " + hint)
						message.Show()
						layer.Relay()
						return
					}
					layer.Close()
					then()
				}
			})
		}
		act.OnTapped = run
		if rank == control.Primary {
			commands = []command.Command{{ID: "forms.publish.now", Keys: []command.Key{keyPublish}, Run: run}}
			buttons.Add(keep)
			buttons.Add(act)
		} else {
			buttons.Add(act)
			buttons.Add(keep)
		}
	} else {
		buttons.Add(keep)
	}
	text.Add(control.Pad(8, 0, 0, 0, buttons))
	layer = control.ShowLayer(s.Canvas, s.Keys, "ask.title", 540, control.PadAll(24, text), commands, nil)
	layer.Focus(first)
}

// offered is the version of a form that clerks begin cases with now.
func (p *listPage) offered(id string) (Line, bool) {
	for _, l := range p.all {
		if l.Form.ID == id && l.From != Trial && l.Offered && l.Here {
			return l, true
		}
	}
	return Line{}, false
}

// print gives the empty form to the printer.
func (s *Screen) print(l Line) {
	t := s.Texts
	s.list.say(control.KindNone, t.T("forms.printing"), "")
	s.Run(func(ctx context.Context) func() {
		_, f, err := s.open(ctx, l)
		var way record.Way
		if err == nil {
			way, err = s.Office.PrintBlank(ctx, f, t.Lang())
		}
		return func() {
			if err != nil {
				s.fail(err)
				return
			}
			s.list.say(control.KindGood, t.T("forms.print."+string(way), "title", l.Title), t.T("forms.print.hint"))
		}
	})
}

// save asks what to write, and where.
func (s *Screen) save(l Line) {
	if s.Keys.Layered() || s.Files == nil {
		return
	}
	t := s.Texts
	var layer *control.Layer
	ways := []struct {
		key, suffix string
		write       func(ctx context.Context, w io.Writer, file []byte, f *form.Form) error
	}{
		{"forms.save.pdf", ".pdf", func(ctx context.Context, w io.Writer, _ []byte, f *form.Form) error {
			return s.Office.WriteBlank(ctx, w, f, t.Lang())
		}},
		{"forms.save.json", ".json", func(_ context.Context, w io.Writer, file []byte, _ *form.Form) error {
			_, err := io.Copy(w, bytes.NewReader(file))
			return err
		}},
		{"forms.save.schema", ".schema.json", func(_ context.Context, w io.Writer, _ []byte, f *form.Form) error {
			b, err := schema.Of(f)
			if err == nil {
				_, err = w.Write(b)
			}
			return err
		}},
	}
	body := control.Column(10, control.NewLabel(t.T("forms.save.title"), control.H1), control.NewParagraph(l.Title, control.Muted))
	var first *control.Button
	var commands []command.Command
	for i, x := range ways {
		key := command.Plain(fyne.KeyName(string(rune('1' + i))))
		run := func() {
			layer.Close()
			s.write(l, strings.ReplaceAll(l.Form.ID, "/", "-")+"-"+l.Form.Version+x.suffix, x.write)
		}
		b := control.NewButton(t.T(x.key), key.Label(t), control.Plain, run)
		if first == nil {
			first = b
		}
		body.Add(b)
		commands = append(commands, command.Command{ID: x.key, Keys: []command.Key{key}, Run: run})
	}
	body.Add(control.Row(0, control.Spacer(), control.NewButton(t.T("button.cancel"), t.T("key.Escape"), control.Plain, func() { layer.Close() })))
	layer = control.ShowLayer(s.Canvas, s.Keys, "forms.save.title", 520, control.PadAll(24, body), commands, nil)
	layer.Focus(first)
}

// write asks where, and writes.
func (s *Screen) write(l Line, name string, write func(context.Context, io.Writer, []byte, *form.Form) error) {
	t := s.Texts
	s.Files.Save(name, func(w io.WriteCloser, err error) {
		switch {
		case err != nil:
			s.fail(err)
			return
		case w == nil:
			return
		}
		s.Run(func(ctx context.Context) func() {
			file, f, err := s.open(ctx, l)
			if err == nil {
				err = write(ctx, w, file, f)
			}
			err = errors.Join(err, w.Close())
			return func() {
				if err != nil {
					s.fail(err)
					return
				}
				s.list.say(control.KindGood, t.T("forms.saved", "name", name), "")
			}
		})
	})
}
