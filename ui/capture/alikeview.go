package capture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// alikeLayer shows the cases like a draft. Nothing is done to any of them: the clerk may look at one, or say
// that it is another matter.
type alikeLayer struct {
	p     *people
	t     *Tab
	found []record.Likeness
	list  *control.List
	layer *control.Layer
}

const alikeRow = 84

func showAlike(c fyne.Canvas, p *people, t *Tab) *alikeLayer {
	a := &alikeLayer{p: p, t: t, found: p.lookout.Found(t)}
	a.layer = control.ShowLayer(c, p.s.d.Keys, "alike.title", 760, a.build(), a.commands(), nil)
	a.layer.Focus(a.list)
	a.list.SetLength(len(a.found))
	a.list.Select(0)
	return a
}

func (a *alikeLayer) build() fyne.CanvasObject {
	texts := a.p.s.texts
	a.list = control.NewList(func() fyne.CanvasObject { return newAlikeRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(a.found) {
			o.(*alikeCase).show(a.p.s, a.t, a.found[i])
		}
	})
	a.list.RowHeight, a.list.Name = alikeRow, texts.T("alike.title")
	a.list.OnOpen = func(i int) { a.open(i) }
	keys := []fyne.CanvasObject{control.Spacer()}
	if a.p.s.d.OpenCase != nil {
		keys = append(keys, control.NewKeyCap(texts.T("key.Return")), control.NewLabel(texts.T("alike.open"), control.Small))
	}
	keys = append(keys, control.NewKeyCap(notKey.Label(texts)), control.NewLabel(texts.T("alike.not"), control.Small),
		control.NewKeyCap(texts.T("key.Escape")), control.NewLabel(texts.T("find.close"), control.Small))
	return control.Column(0,
		control.PadAll(14, control.Column(4, control.NewShort(texts.T("alike.title"), control.H2), control.NewParagraph(texts.T("alike.help"), control.Muted))),
		control.NewDivider(), &fyne.Container{Layout: alikeHigh{a}, Objects: []fyne.CanvasObject{a.list}}, control.NewDivider(),
		control.Pad(8, 14, 8, 14, control.Row(14, keys...)))
}

// notKey says that a case is another matter.
var notKey = command.Plain(fyne.KeyDelete)

func (a *alikeLayer) commands() []command.Command {
	return []command.Command{{ID: "alike.not", Keys: []command.Key{notKey}, Run: a.not}}
}

func (a *alikeLayer) open(i int) {
	if i < 0 || i >= len(a.found) || a.p.s.d.OpenCase == nil {
		return
	}
	id := a.found[i].Case.ID
	a.layer.Close()
	a.p.s.d.OpenCase(id)
}

// not takes the selected case out of the list, and of the warning, for this draft.
func (a *alikeLayer) not() {
	i := a.list.Selected()
	if i < 0 || i >= len(a.found) {
		return
	}
	a.p.lookout.Not(a.t, a.found[i].Case.ID)
	a.found = a.p.lookout.Found(a.t)
	if len(a.found) == 0 {
		a.layer.Close()
		return
	}
	a.list.SetLength(len(a.found))
	a.layer.Relay()
}

// alikeHigh is as high as the cases, up to five.
type alikeHigh struct{ a *alikeLayer }

func (h alikeHigh) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(300), look.Px(alikeRow)*float32(min(5, max(1, len(h.a.found)))))
}

func (alikeHigh) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// alikeCase is one case: what it is and how it stands, whom it is about, and what it has in common.
type alikeCase struct {
	widget.BaseWidget
	body               *fyne.Container
	number, title, who *control.Label
	why                *control.Label
	pill               *control.Pill
}

func newAlikeRow() *alikeCase {
	r := &alikeCase{
		number: control.NewLabel("", control.Strong), title: control.NewShort("", control.Body), who: control.NewShort("", control.Muted),
		why: control.NewShort("", control.Small), pill: control.NewPill("", "", control.KindNone),
	}
	r.body = control.Pad(0, 16, 0, 16, control.Upright(control.Column(3,
		control.Row(12, r.number, control.Grow(r.title), r.pill), r.who, r.why)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *alikeCase) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *alikeCase) show(s *Screen, t *Tab, l record.Likeness) {
	r.number.SetText(caseNumber(s.texts, l.Case.Number))
	r.title.SetText(standing.Title(s.texts, l.Case.Title, l.Case.Service, l.Case.Subject))
	address := ""
	if l.Party.Birth != "" {
		address = l.Party.Address()
	}
	r.who.SetText(join(" · ", l.Party.Name(), born(s.texts, l.Party), address))
	r.why.SetText(join(" · ", reasons(s.texts, t, l), s.texts.T("alike.changed", "when", s.texts.When(l.Case.Updated, s.d.Run.Clock()))))
	text, kind := standing.Of(s.texts, l.Case.Delivery, l.Case.State)
	r.pill.Set("", text, kind)
	r.body.Refresh()
}
