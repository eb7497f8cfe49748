package forms

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// The keys of the screen.
var (
	keyImport  = command.Ctrl(fyne.KeyO)
	keyTry     = command.Plain(fyne.KeyReturn)
	keyCheck   = command.Plain(fyne.KeyF9)
	keyEdit    = command.Ctrl(fyne.KeyE)
	keyPublish = command.Ctrl(fyne.KeyReturn)
	keyPrint   = command.Ctrl(fyne.KeyP)
	keySave    = command.Ctrl(fyne.KeyS)
	keyRemove  = command.CtrlShift(fyne.KeyDelete)
	keyBack    = command.Plain(fyne.KeyEscape)
)

// listPage is the list of forms with what is known about the selected one beside it.
type listPage struct {
	s        *Screen
	all      []Line
	lines    []Line
	overview Overview
	object   fyne.CanvasObject
	filter   *control.Entry
	list     *control.List
	subtitle *control.Label
	empty    *control.Label
	banner   *control.Banner
	side     *side
	reading  bool
	again    bool
	loaded   bool
	wanted   record.FormRef // to be selected once it is in the list
}

func newListPage(s *Screen) *listPage {
	t := s.Texts
	p := &listPage{s: s, subtitle: control.NewShort("", control.Muted), banner: control.NewBanner()}
	p.empty = control.NewParagraph(t.T("forms.none"), control.Muted)
	p.empty.Align = fyne.TextAlignCenter
	p.empty.Hide()
	p.filter = control.NewEntry()
	p.filter.Label = t.T("forms.filter")
	p.filter.SetPlaceHolder(t.T("forms.filter"))
	p.filter.OnChanged = func(string) {
		p.hush() // what was said was about another form
		p.fill()
	}
	p.filter.OnSubmitted = func(string) { p.do(s.try)() }
	p.filter.OnKey = p.move
	p.list = control.NewList(func() fyne.CanvasObject { return newRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(p.lines) {
			o.(*row).show(s, p.lines[i])
		}
	})
	p.list.RowHeight = 60
	p.list.Name = t.T("forms.title")
	p.list.OnSelect = func(int) { p.selected() }
	p.list.OnOpen = func(int) { p.do(s.try)() }
	p.side = newSide(p)
	head := control.Row(10, control.NewLabel(t.T("forms.title"), control.H1), control.Grow(p.subtitle),
		control.NewButton(t.T("command.forms.import"), keyImport.Label(t), control.Plain, p.bring))
	body := control.Column(0,
		control.Pad(13, 14, 11, 14, head), control.Pad(0, 14, 11, 14, p.filter),
		control.Pad(0, 14, 11, 14, p.banner), control.NewDivider(),
		control.Pad(30, 40, 30, 40, p.empty),
		control.Grow(control.Pad(0, 1, 12, 1, p.list)))
	p.object = control.PadAll(look.Gap, container.New(halves{side: 356, least: 470}, control.NewCard(0, body), p.side.object))
	return p
}

// Object is the page.
func (p *listPage) Object() fyne.CanvasObject { return p.object }

// Shown gives the keys to the filter, which also moves the selection.
func (p *listPage) Shown() { control.Focus(p.filter) }

// Commands are the keys of the list.
func (p *listPage) Commands() []command.Command {
	s := p.s
	here := func() bool { l, ok := p.line(); return ok && l.Here }
	list := []command.Command{
		{ID: "forms.import", Menu: "file", Keys: []command.Key{keyImport}, Enabled: func() bool { return s.Files != nil }, Run: p.bring},
		{ID: "forms.try", Keys: []command.Key{keyTry}, Enabled: here, Run: p.do(s.try)},
		{ID: "forms.check", Keys: []command.Key{keyCheck}, Enabled: here, Run: p.do(s.check)},
		{ID: "forms.publish", Keys: []command.Key{keyPublish}, Enabled: p.publishable, Run: p.do(s.publish)},
		{ID: "forms.print", Menu: "file", Keys: []command.Key{keyPrint}, Enabled: here, Run: p.do(s.print)},
		{ID: "forms.save", Menu: "file", Keys: []command.Key{keySave}, Enabled: func() bool { return here() && s.Files != nil }, Run: p.do(s.save)},
		{ID: "forms.discard", Keys: []command.Key{keyRemove}, Enabled: p.is(Trial), Run: p.do(s.discard)},
		{ID: "forms.retire", Keys: []command.Key{keyRemove}, Enabled: p.retirable, Run: p.do(s.retire)},
	}
	if s.Editor != nil {
		list = append(list, command.Command{ID: "forms.edit", Keys: []command.Key{keyEdit}, Enabled: here, Run: p.do(s.edit)})
	}
	return list
}

func (p *listPage) bring() {
	if p.s.Files != nil {
		p.s.bring()
	}
}

// line is the selected form.
func (p *listPage) line() (Line, bool) {
	if i := p.list.Selected(); i >= 0 && i < len(p.lines) {
		return p.lines[i], true
	}
	return Line{}, false
}

// do makes something that is done with a form into what is done with the selected one.
func (p *listPage) do(f func(Line)) func() {
	return func() {
		if l, ok := p.line(); ok {
			f(l)
		}
	}
}

func (p *listPage) is(o Origin) func() bool {
	return func() bool { l, ok := p.line(); return ok && l.From == o }
}

// publishable is what one would publish: what was taken in, what was withdrawn and is to come back, and what
// the centre refused and may take by now.
func (p *listPage) publishable() bool { l, ok := p.line(); return ok && publishable(l) }

func publishable(l Line) bool {
	return l.From == Trial || l.From == Published && l.Here && !l.Offered && l.Row.Delivery != record.DeliveryConflict
}

func (p *listPage) retirable() bool { l, ok := p.line(); return ok && l.Offered }

// move lets the arrows choose while the cursor is in the filter; Esc empties it.
func (p *listPage) move(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		p.list.TypedKey(k)
		return true
	case fyne.KeyEscape:
		if p.filter.Text != "" {
			p.filter.SetText("")
			return true
		}
	}
	return false
}

// read reads the list anew.
func (p *listPage) read() {
	if p.reading {
		p.again = true
		return
	}
	p.reading = true
	p.s.Run(func(ctx context.Context) func() {
		o, err := p.s.Office.Overview(ctx)
		return func() { p.took(o, err) }
	})
}

func (p *listPage) took(o Overview, err error) {
	p.reading = false
	if err != nil {
		text, hint := p.s.Texts.Error(err)
		p.say(control.KindTrouble, text, hint)
		return
	}
	p.overview, p.loaded = o, true
	p.all = Lines(p.s.Texts, o)
	p.fill()
	if p.again {
		p.again = false
		p.read()
	}
}

// fill shows what the filter leaves; the selection stays with its form.
func (p *listPage) fill() {
	before, had := p.line()
	ref := before.Form
	if p.wanted.ID != "" {
		ref, had = p.wanted, true
	}
	p.lines = Filter(p.all, p.filter.Text)
	at := 0
	if i := slices.IndexFunc(p.lines, func(l Line) bool { return l.Form == ref }); had && i >= 0 {
		at = i
		if p.lines[i].From != Trial {
			p.wanted = record.FormRef{}
		}
	}
	p.list.SetLength(len(p.lines))
	if len(p.lines) > 0 {
		p.list.Select(at)
	}
	p.selected()
	p.empty.Hidden = len(p.lines) > 0 || !p.loaded
	p.subtitle.SetText(p.summary())
	p.object.Refresh()
}

func (p *listPage) summary() string {
	t := p.s.Texts
	text := t.N("forms.total", len(p.all))
	if n := len(p.overview.Trials); n > 0 {
		text += " · " + t.N("forms.trials", n)
	}
	return text
}

func (p *listPage) selected() {
	l, ok := p.line()
	p.side.show(l, ok)
}

// say says something above the list until it is closed or something else is said.
func (p *listPage) say(kind control.Kind, text, hint string) {
	p.banner.Say(kind, text, hint, control.NewButton(p.s.Texts.T("button.close"), "", control.Plain, p.hush))
	p.object.Refresh()
}

func (p *listPage) hush() {
	p.banner.Clear()
	p.object.Refresh()
}

func (p *listPage) published(title string) {
	t := p.s.Texts
	hint := t.T("forms.published.hint")
	if p.overview.Alone {
		hint = t.T("forms.published.alone")
	}
	p.say(control.KindGood, t.T("forms.published", "title", title), hint)
}

// row is one form of the list.
type row struct {
	widget.BaseWidget
	body               *fyne.Container
	title, what, where *control.Label
	open, edit, pill   *control.Pill
}

func newRow() *row {
	r := &row{
		title: control.NewShort("", control.Strong), what: control.NewLabel("", control.Small), where: control.NewShort("", control.Small),
		open: control.NewPill("", "", control.KindWaiting), edit: control.NewPill("", "", control.KindSecond), pill: control.NewPill("", "", control.KindNone),
	}
	r.body = control.Pad(0, 18, 0, 14, control.Upright(control.Column(3,
		control.Row(8, control.Grow(r.title), r.open, r.edit, r.pill), control.Row(12, control.Grow(r.where), r.what))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *row) show(s *Screen, l Line) {
	t := s.Texts
	r.title.SetText(l.Title)
	r.what.SetText(t.T("forms.id", "id", l.Form.ID, "version", l.Form.Version))
	r.where.SetText(l.Where)
	r.pill.Set("", l.Pill, l.Kind)
	r.open.Hidden, r.edit.Hidden = l.Open == 0, !l.Editing
	r.open.Set(control.SignWarn, t.T("forms.open.pill", "count", l.Open), control.KindWaiting)
	r.edit.Set("", t.T("forms.editing"), control.KindSecond)
	r.body.Refresh()
}

// halves sets a list and what belongs to it side by side. Where the list would get too narrow to be read,
// the other side goes.
type halves struct{ side, least float32 }

func (halves) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(420), max(o[0].MinSize().Height, look.Px(200)))
}

func (h halves) Layout(o []fyne.CanvasObject, s fyne.Size) {
	side := look.Px(h.side)
	list := s.Width - side - look.Gap
	o[0].Move(fyne.Position{})
	if list < look.Px(h.least) {
		o[1].Hide()
		o[0].Resize(s)
		return
	}
	o[1].Show()
	o[0].Resize(fyne.NewSize(list, s.Height))
	o[1].Move(fyne.NewPos(list+look.Gap, 0))
	o[1].Resize(fyne.NewSize(side, s.Height))
}
