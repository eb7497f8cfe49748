package formview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/data/form"
	"schalter/ui/control"
	"schalter/ui/look"
)

// kind is how a field is filled.
type kind int

const (
	kindLine      kind = iota // an entry
	kindArea                  // an entry of several lines
	kindList                  // an entry that searches a list
	kindSegments              // two or three answers side by side
	kindChecks                // several answers beneath each other
	kindFixed                 // calculated: shown, not typed
	kindWords                 // nothing to answer here
	kindFiles                 // which of the papers that are there
	kindSignature             // drawn
)

// maxSegments and segmentText bound what still stands side by side.
const (
	maxSegments = 3
	segmentText = 34 // letters in all
	maxChecks   = 12
)

// kind is how the field is filled now.
func (c *cell) kind() kind {
	f := c.field
	switch {
	case f.Type == form.TypeNote:
		return kindWords
	case f.Type == form.TypeSignature:
		return kindSignature
	case f.Type == form.TypeFile:
		if len(c.papers()) > 0 {
			return kindFiles
		}
		return kindWords
	case c.state.ReadOnly:
		return kindFixed
	case f.Type == form.TypeMultiline:
		return kindArea
	case f.Type == form.TypeBoolean:
		return kindSegments
	case f.Type == form.TypeMulti && len(f.Choices()) <= maxChecks && f.Within == "":
		return kindChecks
	case f.Type == form.TypeChoice && few(c.v.lang, f):
		return kindSegments
	case f.Type.Listed():
		return kindList
	}
	return kindLine
}

// few reports whether the answers of a choice fit side by side.
func few(lang string, f *form.Field) bool {
	all := f.Choices()
	if len(all) < 2 || len(all) > maxSegments || f.Within != "" {
		return false
	}
	letters := 0
	for _, c := range all {
		letters += len([]rune(c.Label.In(lang)))
	}
	return letters*12 <= segmentText*f.Width
}

// line is an entry of one line or an area of several.
type line struct {
	c       *cell
	e       *control.Entry
	unit    *control.Label
	box     *fyne.Container
	setting bool
}

func newLine(c *cell) *line {
	l := &line{c: c, e: control.NewEntry()}
	l.wire()
	if u := c.field.Unit.In(c.v.lang); u != "" {
		l.unit = control.NewLabel(u, control.Muted)
		l.box = container.New(unitLayout{}, l.e, l.unit)
	}
	return l
}

func newArea(c *cell) *line {
	l := &line{c: c, e: control.NewArea(max(2, c.field.Lines))}
	l.wire()
	return l
}

func (l *line) wire() {
	c := l.c
	l.e.Label = c.caption
	l.e.OnChanged = func(s string) {
		if !l.setting {
			// What the letter sets off may lay the form out anew before the model's answer comes: then this text
			// counts, not the one before it, which would take the cursor along.
			c.state.Text = s
			c.v.m.Type(c.path, s)
		}
	}
	l.e.OnFocus = func(on bool) { c.v.focusMoved(c, on, l.e) }
	l.e.OnKey = func(k *fyne.KeyEvent) bool { return c.v.key(c, k, l.e.MultiLine) }
	if !l.e.MultiLine {
		l.e.OnSubmitted = func(string) { c.v.step(c, 1) }
	}
	l.e.OnShortcut = func(s fyne.Shortcut) bool { return c.v.shortcut(c, s) }
}

func (l *line) object() fyne.CanvasObject {
	if l.box != nil {
		return l.box
	}
	return l.e
}

func (l *line) keys() fyne.Focusable      { return l.e }
func (l *line) mark(s control.FieldState) { l.e.SetState(s) }

func (l *line) height(float32) float32 {
	if l.e.MultiLine {
		return max(l.e.MinSize().Height, look.Px(look.FieldHeight))
	}
	return look.Px(look.FieldHeight)
}

func (l *line) restyle() { l.e.Refresh() }

func (l *line) set(text string) {
	if l.e.Text == text {
		return
	}
	l.setting = true
	l.e.SetText(text)
	l.e.CursorColumn = len([]rune(text))
	if l.e.MultiLine {
		l.e.CursorRow, l.e.CursorColumn = 0, 0
	}
	l.e.Refresh()
	l.setting = false
}

// hint shows the example in the empty field where there is room for it: an entry would offer to scroll what
// does not fit, and without its "z. B." it looks like an answer.
func (l *line) hint(width float32) {
	ex := l.c.field.Example
	if ex == "" || l.e.MultiLine {
		return
	}
	room := width - 2*look.Px(9) - 6
	if l.unit != nil {
		room -= l.unit.MinSize().Width + 10
	}
	text := l.c.v.texts.T("formview.example", "example", ex)
	if fyne.MeasureText(text, look.Px(look.TextBody), fyne.TextStyle{}).Width > room {
		text = ""
	}
	if l.e.PlaceHolder != text {
		l.e.SetPlaceHolder(text)
	}
}

// unitLayout puts the unit into the right end of the entry.
type unitLayout struct{}

func (unitLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (unitLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	m := o[1].MinSize()
	o[1].Resize(m)
	o[1].Move(fyne.NewPos(s.Width-m.Width-10, (s.Height-m.Height)/2))
}

// fixed shows a calculated answer.
type fixed struct {
	ground *control.Ground
	text   *control.Label
	box    *fyne.Container
}

func newFixed(*cell) *fixed {
	f := &fixed{text: control.NewShort("", control.Body)}
	f.ground = ground(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Surface2 })
	f.box = container.New(fixedLayout{}, f.ground, f.text)
	return f
}

func (f *fixed) object() fyne.CanvasObject { return f.box }
func (f *fixed) keys() fyne.Focusable      { return nil }
func (f *fixed) height(float32) float32    { return look.Px(look.FieldHeight) }
func (f *fixed) mark(control.FieldState)   {}
func (f *fixed) restyle()                  { f.box.Refresh() }

func (f *fixed) set(text string) {
	if text == "" {
		text = "–"
	}
	f.text.SetText(text)
}

type fixedLayout struct{}

func (fixedLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Target, look.Target)
}

func (fixedLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	o[1].Move(fyne.NewPos(10, 0))
	o[1].Resize(fyne.NewSize(max(1, s.Width-20), s.Height))
}

// words stand for what is not answered in the form: a note, a paper, a signature.
type words struct {
	text *control.Label
}

func newWords(c *cell) *words {
	s := c.field.Help.In(c.v.lang)
	if c.field.Type == form.TypeFile {
		s = c.v.texts.T("formview.file")
	}
	return &words{text: control.NewParagraph(s, control.Muted)}
}

func (w *words) object() fyne.CanvasObject { return w.text }
func (w *words) keys() fyne.Focusable      { return nil }
func (w *words) mark(control.FieldState)   {}
func (w *words) set(string)                {}
func (w *words) restyle()                  { w.text.Refresh() }

func (w *words) height(width float32) float32 {
	if w.text.Text() == "" {
		return 0
	}
	return paragraph(&w.text, w.text.Text(), control.Muted, width)
}
