package find

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// Needs is what the search is given.
type Needs struct {
	Texts *i18n.Texts
	Run   control.Runner
	Keys  *command.List
	// Age says how old the data are: "Abgeglichen 09:10".
	Age func() string
	// User is whose cases are hers.
	User string
	// Service names a service by language, for drafts; nil: they show what the form is called inside.
	Service func(id string) map[string]string
	// Open opens a hit: its case, and where Doc is set that document at the page.
	Open func(record.Hit)
}

// Screen is the search over the window.
type Screen struct {
	Needs
	model *Model
	entry *control.Entry
	list  *control.List
	note  *control.Label
	strip *strip
	help  fyne.CanvasObject // the examples
	asked bool              // for the examples, though something was typed
	age   *control.Label
	layer *control.Layer
}

const rowHeight = 60

// Show opens the search over a canvas. Closed is called when it is gone.
func Show(c fyne.Canvas, n Needs, store Store, closed func()) *Screen {
	s := &Screen{Needs: n, model: NewModel(store, n.User)}
	s.layer = control.ShowLayer(c, n.Keys, "find.title", 760, s.build(), s.commands(), closed)
	s.layer.Focus(s.entry)
	s.say()
	return s
}

// Type puts text into the field, as if it had been typed.
func (s *Screen) Type(text string) {
	for _, r := range text {
		s.entry.TypedRune(r) // keeps the cursor behind it
	}
}

// Layer is what the search is shown on.
func (s *Screen) Layer() *control.Layer { return s.layer }

// Close takes the search away.
func (s *Screen) Close() { s.layer.Close() }

func (s *Screen) build() fyne.CanvasObject {
	s.entry = control.NewEntry()
	s.entry.Label = s.Texts.T("find.title")
	s.entry.SetPlaceHolder(s.Texts.T("find.placeholder"))
	s.entry.OnChanged = func(q string) { s.onTyped(q) }
	s.entry.OnSubmitted = func(string) { s.open(max(s.list.Selected(), 0)) }
	s.entry.OnKey = s.onKey
	s.note = control.NewParagraph("", control.Muted)
	s.help = newExamples(s.Texts)
	s.strip = newStrip(s.Texts)
	s.strip.show(nil, true, true)
	s.age = control.NewShort("", control.Small)
	s.list = control.NewList(func() fyne.CanvasObject { return newHitRow() }, func(i int, o fyne.CanvasObject) {
		if hits := s.model.Hits(); i < len(hits) {
			o.(*hitRow).show(s.Texts, s.named(hits[i]))
		}
	})
	s.list.RowHeight = rowHeight
	s.list.Name = s.Texts.T("find.title")
	s.list.OnOpen = s.open
	return control.Column(0,
		control.Pad(14, 14, 2, 14, s.entry), s.strip.object(), control.NewDivider(),
		tall{}.box(control.Pad(1, 1, 1, 1, s.list), control.PadAll(18, s.note), control.PadAll(18, s.help)),
		control.NewDivider(),
		control.Pad(8, 14, 8, 14, control.Row(14, control.Grow(s.age),
			control.NewKeyCap("↑ ↓"), control.NewLabel(s.Texts.T("find.choose"), control.Small),
			control.NewKeyCap(s.Texts.T("key.Return")), control.NewLabel(s.Texts.T("find.open"), control.Small),
			control.NewKeyCap(s.Texts.T("key.Escape")), control.NewLabel(s.Texts.T("find.close"), control.Small))))
}

func (s *Screen) commands() []command.Command {
	return []command.Command{
		{ID: "find.open", Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Run: func() { s.open(s.list.Selected()) }},
		{ID: "find.examples", Keys: []command.Key{keyExamples}, Run: func() { s.asked = !s.asked; s.say() }},
	}
}

// keyExamples shows and hides what can be typed.
var keyExamples = command.Ctrl(fyne.KeyH)

// named gives a draft's hit the name of its service, which only the form knows.
func (s *Screen) named(h record.Hit) record.Hit {
	if h.Draft != "" && s.Service != nil {
		h.Case.Title = s.Service(h.Case.Service)
	}
	return h
}

// onKey lets the arrows move in the hits while the cursor stays in the field.
func (s *Screen) onKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		s.list.TypedKey(k)
		return true
	}
	return false
}

func (s *Screen) onTyped(q string) {
	s.asked = false
	if s.model.Type(q) {
		s.search()
	}
	s.say()
}

func (s *Screen) search() {
	query := s.model.Query()
	s.Run(func(ctx context.Context) func() {
		a := s.model.Search(ctx, query)
		return func() {
			if s.model.Take(a) {
				s.search()
			}
			s.say()
		}
	})
}

func (s *Screen) say() {
	hits := s.model.Hits()
	same := s.list.Length() == len(hits)
	s.list.SetLength(len(hits))
	if len(hits) > 0 && (!same || s.list.Selected() < 0) {
		s.list.Select(0)
	}
	helping := s.asked || s.model.Query() == "" && s.model.Err() == nil
	s.strip.show(s.model.Chips(), helping, s.model.Query() == "")
	show(s.help, helping)
	show(s.list, !helping)
	s.note.Hidden = helping || len(hits) > 0
	switch {
	case s.model.Err() != nil:
		text, hint := s.Texts.Error(s.model.Err())
		s.note.SetText(text + " " + hint)
	case s.model.Nothing():
		key := "find.nothing"
		if len(s.model.Chips()) > 0 {
			key = "find.nothing.filtered"
		}
		s.note.SetText(s.Texts.T(key, "query", s.model.Query()))
	default:
		s.note.SetText(s.Texts.T("find.searching"))
	}
	s.note.Refresh()
	age := ""
	if s.Age != nil {
		age = s.Age()
	}
	if s.model.More() {
		age = s.Texts.T("find.more", "count", limit, "age", age)
	}
	s.age.SetText(age)
}

func show(o fyne.CanvasObject, on bool) {
	if on != o.Visible() {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

func (s *Screen) open(i int) {
	hits := s.model.Hits()
	if i < 0 || i >= len(hits) {
		return
	}
	hit := hits[i]
	s.layer.Close()
	s.Open(hit)
}

// tall keeps room for seven hits, so that the panel does not jump while one types.
type tall struct{}

func (tall) box(list fyne.CanvasObject, texts ...fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: tall{}, Objects: append([]fyne.CanvasObject{list}, texts...)}
}

func (tall) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(300), look.Px(rowHeight*7))
}

func (tall) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Move(fyne.Position{})
	}
	o[0].Resize(s)
	for _, text := range o[1:] {
		text.Resize(fyne.NewSize(s.Width, text.MinSize().Height))
	}
}

// hitRow is one hit: the case above, where and what was found below.
type hitRow struct {
	widget.BaseWidget
	body          *fyne.Container
	number, title *control.Label
	pill          *control.Pill
	found         *snippet
}

func newHitRow() *hitRow {
	r := &hitRow{
		number: control.NewLabel("", control.Strong), title: control.NewShort("", control.Body),
		pill: control.NewPill("", "", control.KindNone), found: newSnippet(),
	}
	r.body = control.Pad(0, 16, 0, 16, control.Upright(control.Column(3,
		control.Row(12, r.number, control.Grow(r.title), r.pill), r.found)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *hitRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *hitRow) show(t *i18n.Texts, h record.Hit) {
	number := h.Case.Number
	switch {
	case h.Draft != "":
		number = t.T("find.draft")
	case number == "":
		number = t.T("find.no_number")
	}
	r.number.SetText(number)
	title := standing.Title(t, h.Case.Title, h.Case.Service, h.Case.Subject)
	if h.Case.Party != "" {
		title = h.Case.Party + " · " + title
	}
	r.title.SetText(title)
	if h.Draft != "" {
		r.pill.Set("", "", control.KindNone)
	} else {
		text, kind := standing.Of(t, h.Case.Delivery, h.Case.State)
		r.pill.Set("", text, kind)
	}
	var lead string
	switch {
	case h.Field == "":
		lead = t.T("find.in.filter", "when", t.Date(h.Case.Updated))
	case h.Field == "text" && h.Page > 0:
		lead = t.T("find.in.page", "page", h.Page)
	default:
		lead = t.T("find.in." + h.Field)
	}
	r.found.show(lead, h.Snippet)
	r.body.Refresh()
}
