package tray

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/data/search"
	"schalter/ui/control"
	"schalter/ui/look"
	"schalter/ui/stack"
)

// maxHits bounds how many cases are offered while one types.
const maxHits = 8

// askCase asks for the case that the chosen pages belong to, by number or name, and then for its proof.
func (s *Screen) askCase() {
	if len(s.m.chosen()) == 0 || s.Keys.Layered() {
		return
	}
	a := &asking{s: s}
	t := s.Texts
	a.entry = control.NewEntry()
	a.entry.Label = t.T("tray.assign.field")
	a.entry.SetPlaceHolder(t.T("tray.assign.hint"))
	a.list = control.NewList(func() fyne.CanvasObject { return newChoice() }, func(i int, o fyne.CanvasObject) {
		if i < len(a.rows) {
			head, what := hitWords(t, a.rows[i])
			o.(*choice).show(head, what)
		}
	})
	a.list.RowHeight, a.list.Name, a.list.OnOpen = 54, t.T("tray.assign.title"), a.take
	a.none = control.NewParagraph(t.T("tray.assign.none"), control.Muted)
	a.none.Hide()
	a.entry.OnChanged = a.typed
	a.entry.OnSubmitted = func(string) { a.take(max(a.list.Selected(), 0)) }
	a.entry.OnKey = moves(a.list)
	body := control.Column(0,
		control.Pad(18, 18, 4, 18, control.NewParagraph(t.N("tray.assign.of", len(s.m.chosen())), control.H2)),
		control.Pad(0, 18, 12, 18, a.entry), control.NewDivider(),
		control.Pad(0, 18, 0, 18, a.none),
		control.Pad(4, 1, 8, 1, &fyne.Container{Layout: high{6 * 54}, Objects: []fyne.CanvasObject{a.list}}))
	a.layer = control.ShowLayer(s.Canvas, s.Keys, "command.tray.assign", 620, body, nil, nil)
	a.layer.Focus(a.entry)
	if i, ok := s.m.selected(); ok && i.Number != "" {
		a.entry.SetText(i.Number)
	}
}

// moves lets the keys up and down go through a list while one types.
func moves(l *control.List) func(*fyne.KeyEvent) bool {
	return func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			l.TypedKey(k)
			return true
		}
		return false
	}
}

// asking is the question which case it is. One search runs at a time; the next takes what was typed meanwhile.
type asking struct {
	s       *Screen
	entry   *control.Entry
	list    *control.List
	none    *control.Label
	layer   *control.Layer
	rows    []record.CaseRow
	query   string
	running bool
}

func (a *asking) typed(q string) {
	a.query = strings.TrimSpace(q)
	if a.running {
		return
	}
	a.search()
}

func (a *asking) search() {
	q := a.query
	if q == "" {
		a.found(q, nil, nil)
		return
	}
	a.running = true
	a.s.Run(func(ctx context.Context) func() {
		hits, err := a.s.Store.Find(ctx, q, maxHits)
		return func() {
			a.running = false
			a.found(q, hits, err)
			if a.query != q {
				a.search()
			}
		}
	})
}

func (a *asking) found(q string, hits []record.Hit, err error) {
	a.rows = a.rows[:0]
	for _, h := range hits {
		if h.Case.Number != "" {
			a.rows = append(a.rows, h.Case)
		}
	}
	text := ""
	switch {
	case err != nil:
		text, _ = a.s.Texts.Error(err)
	case q != "" && len(a.rows) == 0:
		text = a.s.Texts.T("tray.assign.none")
	}
	a.none.SetText(text)
	a.none.Hidden = text == ""
	a.list.SetLength(len(a.rows))
	a.list.Select(0)
	a.list.Refill()
	a.layer.Relay()
}

// take goes on with the proof, where the case has room for more than one thing.
func (a *asking) take(i int) {
	if i < 0 || i >= len(a.rows) {
		return
	}
	row := a.rows[i]
	s := a.s
	a.layer.Close()
	s.Run(func(ctx context.Context) func() {
		c, found, err := s.Store.Numbered(ctx, row.Number)
		return func() {
			switch {
			case err != nil:
				s.say(message{err: err})
			case !found:
				s.say(message{err: record.E(record.CodeNotFound, nil, "id", row.ID)})
			default:
				info, _ := s.Room.Info(s.Texts, c)
				s.choose(join(" · ", info.Number, info.Party), info.Slots, func(proof string) { s.m.assign(info.Number, proof) })
			}
		}
	})
}

// askProof asks which proof the selected group is.
func (s *Screen) askProof() {
	if i, ok := s.m.selected(); ok && i.Sorted() && len(i.Case.Slots) > 0 {
		s.choose(join(" · ", i.Number, i.Case.Party), i.Case.Slots, s.m.prove)
	}
}

// choose asks for one of a case's proofs, or none. Without any there is nothing to ask.
func (s *Screen) choose(title string, slots []stack.Slot, chosen func(proof string)) {
	if len(slots) == 0 || s.Keys.Layered() {
		chosen("")
		return
	}
	t := s.Texts
	all := append([]stack.Slot{{Label: t.T("tray.proof.none")}}, slots...)
	shown := all
	entry := control.NewEntry()
	entry.Label = t.T("tray.proof.title")
	entry.SetPlaceHolder(t.T("tray.proof.hint"))
	list := control.NewList(func() fyne.CanvasObject { return newChoice() }, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			o.(*choice).show(shown[i].Label, "")
		}
	})
	list.RowHeight, list.Name = look.RowDense+6, t.T("tray.proof.title")
	var layer *control.Layer
	take := func(i int) {
		if i >= 0 && i < len(shown) {
			proof := shown[i].ID
			layer.Close()
			chosen(proof)
		}
	}
	list.OnOpen = take
	entry.OnChanged = func(q string) {
		shown = nil
		for _, x := range all {
			if strings.Contains(search.Fold(x.Label), search.Fold(q)) {
				shown = append(shown, x)
			}
		}
		list.SetLength(len(shown))
		list.Select(0)
		list.Refill()
	}
	entry.OnSubmitted = func(string) { take(max(list.Selected(), 0)) }
	entry.OnKey = moves(list)
	rows := float32(min(len(all), 9))
	body := control.Column(0, control.Pad(18, 18, 2, 18, control.NewParagraph(title, control.H2)),
		control.Pad(0, 18, 10, 18, control.NewLabel(t.T("tray.proof.title"), control.Muted)), control.Pad(0, 18, 12, 18, entry), control.NewDivider(),
		control.Pad(4, 1, 8, 1, &fyne.Container{Layout: high{rows * (look.RowDense + 6)}, Objects: []fyne.CanvasObject{list}}))
	layer = control.ShowLayer(s.Canvas, s.Keys, "command.tray.prove", 560, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(0)
	layer.Focus(entry)
}

// choice is a line to choose: a case, or a proof.
type choice struct {
	widget.BaseWidget
	body       *fyne.Container
	head, what *control.Label
}

func newChoice() *choice {
	c := &choice{head: control.NewShort("", control.Body), what: control.NewShort("", control.Small)}
	c.body = control.Pad(0, 18, 0, 18, control.Upright(control.Column(1, c.head, c.what)))
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer belongs to Fyne.
func (c *choice) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

func (c *choice) show(head, what string) {
	c.head.SetText(head)
	c.what.SetText(what)
	c.what.Hidden = what == ""
	c.body.Refresh()
}

// high gives an object a height, at 100 %.
type high struct{ height float32 }

func (h high) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(h.height))
}

func (h high) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
