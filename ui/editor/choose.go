package editor

import (
	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/ui/command"
	"schalter/ui/control"
)

// choose asks for one of several things, by typing.
func (s *Screen) choose(title string, names []string, chosen func(i int)) {
	control.Choose(s.Canvas, s.Keys, control.Choice{Title: title, ID: "editor.choose", Filter: s.Texts.T("editor.choose.filter"), Names: names}, chosen)
}

// ask asks for the name of something new, in every language. What do refuses is said beneath.
func (s *Screen) ask(title string, do func(form.Text) error) {
	if s.Keys.Layered() {
		return
	}
	t := s.Texts
	languages := s.m.doc.Form().Languages
	entries := map[string]*control.Entry{}
	fields := control.Column(8)
	for _, l := range languages {
		e := control.NewEntry()
		e.Label = t.T("editor.label", "language", t.T("editor.language."+l))
		entries[l] = e
		fields.Add(control.Column(3, control.NewLabel(e.Label, control.Caption), e))
	}
	fault := control.NewParagraph("", control.Trouble)
	fault.Hide()
	var layer *control.Layer
	add := func() {
		label := form.Text{}
		for l, e := range entries {
			label[l] = e.Text
		}
		closing := layer
		// The layer goes first: what is new takes the keys.
		closing.Close()
		if err := do(label); err != nil {
			s.again(title, label, s.fault(err), do)
		}
	}
	body := control.PadAll(20, control.Column(12, control.NewParagraph(title, control.H2), fields, fault,
		control.Pad(6, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(),
			control.NewButton(t.T("editor.add"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, add)))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "editor.ask", 480, body, []command.Command{{ID: "editor.add", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: add}}, nil)
	if n := len(languages); n > 0 {
		entries[languages[n-1]].OnSubmitted = func(string) { add() }
		layer.Focus(entries[languages[0]])
	}
	s.asked = asking{entries, fault, layer}
}

// asking is the question in sight.
type asking struct {
	entries map[string]*control.Entry
	fault   *control.Label
	layer   *control.Layer
}

// again asks once more, with what was typed and what was wrong with it.
func (s *Screen) again(title string, label form.Text, fault string, do func(form.Text) error) {
	s.ask(title, do)
	for l, e := range s.asked.entries {
		e.SetText(label[l])
	}
	s.asked.fault.SetText(fault)
	s.asked.fault.Show()
	s.asked.layer.Relay()
}
