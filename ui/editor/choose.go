package editor

import (
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/search"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// choose asks for one of several things, by typing.
func (s *Screen) choose(title string, names []string, chosen func(i int)) {
	if s.Keys.Layered() || len(names) == 0 {
		return
	}
	t := s.Texts
	var shown []int
	for i := range names {
		shown = append(shown, i)
	}
	entry := control.NewEntry()
	entry.Label = title
	entry.SetPlaceHolder(t.T("editor.choose.filter"))
	list := control.NewList(func() fyne.CanvasObject {
		return control.Pad(0, 16, 0, 16, control.Upright(control.NewShort("", control.Body)))
	}, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			line := o.(*fyne.Container).Objects[0].(*fyne.Container).Objects[0].(*control.Label)
			line.SetText(names[shown[i]])
		}
	})
	list.RowHeight, list.Name = look.RowDense, title
	var layer *control.Layer
	take := func(i int) {
		if i >= 0 && i < len(shown) {
			n := shown[i]
			layer.Close()
			chosen(n)
		}
	}
	list.OnOpen = take
	entry.OnChanged = func(q string) {
		shown = shown[:0]
		for i, n := range names {
			if strings.Contains(search.Fold(n), search.Fold(q)) {
				shown = append(shown, i)
			}
		}
		list.SetLength(len(shown))
		list.Select(0)
	}
	entry.OnSubmitted = func(string) { take(max(list.Selected(), 0)) }
	entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			list.TypedKey(k)
			return true
		}
		return false
	}
	rows := float32(min(len(names), 10))
	body := control.Column(0, control.Pad(16, 16, 10, 16, control.NewParagraph(title, control.H2)), control.Pad(0, 16, 12, 16, entry), control.NewDivider(),
		control.Pad(4, 1, 8, 1, &fyne.Container{Layout: high{rows * look.RowDense}, Objects: []fyne.CanvasObject{list}}))
	layer = control.ShowLayer(s.Canvas, s.Keys, "editor.choose", 520, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(0)
	layer.Focus(entry)
}

// high gives an object a height, at 100 %.
type high struct{ height float32 }

func (h high) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(h.height))
}
func (h high) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

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
