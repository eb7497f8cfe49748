package formview

import (
	"image/color"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/data/form"
	"schalter/ui/control"
	"schalter/ui/look"
)

var clear = color.Transparent

// shownChoices is how many hits are offered at once; typing on narrows them.
const shownChoices = 8

// list is a field whose answer is searched for by typing.
type list struct {
	*line
	comma *bool // known once it was asked
}

func newList(c *cell) *list {
	l := &list{line: newLine(c)}
	v := c.v
	l.e.OnChanged = func(s string) {
		if l.setting {
			return
		}
		c.state.Text = s // as in wire
		v.m.Type(c.path, s)
		v.popup.search(l, l.last(s))
	}
	l.e.OnKey = func(k *fyne.KeyEvent) bool { return l.key(k) }
	l.e.OnFocus = func(on bool) {
		if on {
			v.focusMoved(c, true, l.e)
			if l.e.Text == "" {
				v.popup.search(l, "")
			}
			return
		}
		v.popup.closeFor(c)
		v.focusMoved(c, false, l.e)
	}
	return l
}

// last is the part of the text that is being typed: where several answers are allowed, what stands behind
// the last one.
func (l *list) last(s string) string { return strings.TrimSpace(s[l.behind(s):]) }

// behind is where the text behind the last answer begins. Official lists have commas in their labels, so
// only a semicolon parts answers there.
func (l *list) behind(s string) int {
	if l.c.field.Type != form.TypeMulti {
		return 0
	}
	marks := ";\n"
	if !l.commas() {
		marks = ",;\n"
	}
	return strings.LastIndexAny(s, marks) + 1
}

// commas reports whether a label of the list holds one.
func (l *list) commas() bool {
	if l.comma == nil {
		has := slices.ContainsFunc(l.c.field.Choices(), func(ch form.Choice) bool {
			return strings.Contains(ch.Label.In(l.c.v.lang), ",")
		})
		l.comma = &has
	}
	return *l.comma
}

func (l *list) key(k *fyne.KeyEvent) bool {
	p := l.c.v.popup
	if !p.of(l.c) {
		if k.Name == fyne.KeyDown {
			p.search(l, "")
			return true
		}
		return l.c.v.key(l.c, k, false)
	}
	switch k.Name {
	case fyne.KeyDown:
		p.move(1)
	case fyne.KeyUp:
		p.move(-1)
	case fyne.KeyEscape:
		p.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		p.take()
		return false // and on to the next field
	default:
		return l.c.v.key(l.c, k, false)
	}
	return true
}

// pick makes a choice the answer.
func (l *list) pick(ch form.Choice) {
	text := ch.Label.In(l.c.v.lang)
	if l.c.field.Type == form.TypeMulti {
		if strings.ContainsAny(text, ";\n") {
			text = ch.Code
		}
		text = strings.TrimSpace(l.e.Text[:l.behind(l.e.Text)] + " " + text)
	}
	l.set(text)
	l.c.v.m.Type(l.c.path, text)
}

// suggestions are the hits beneath the field. They never take the keys, so that one types on.
type suggestions struct {
	widget.BaseWidget
	v    *View
	l    *list
	hits []form.Choice
	more bool
	at   int // -1: none is chosen
}

func newSuggestions(v *View) *suggestions {
	s := &suggestions{v: v, at: -1}
	s.ExtendBaseWidget(s)
	return s
}

func (s *suggestions) open() bool      { return s.l != nil }
func (s *suggestions) of(c *cell) bool { return s.l != nil && s.l.c == c }
func (s *suggestions) closeFor(c *cell) {
	if s.of(c) {
		s.close()
	}
}

func (s *suggestions) close() {
	if s.l == nil {
		return
	}
	s.l = nil
	s.v.fill()
}

// search offers what matches; where the text is an answer already, nothing needs to be offered.
func (s *suggestions) search(l *list, text string) {
	hits := s.v.m.Match(l.c.path, text, shownChoices+1)
	s.more = len(hits) > shownChoices
	hits = hits[:min(len(hits), shownChoices)]
	if len(hits) == 0 || len(hits) == 1 && strings.EqualFold(hits[0].Label.In(s.v.lang), text) {
		s.close()
		return
	}
	s.l, s.hits, s.at = l, hits, -1
	if text != "" {
		s.at = 0
	}
	s.follow()
	s.Refresh()
	s.v.fill()
	s.v.show(l.c)
}

// follow lays the list beneath its field, or above it where the page ends.
func (s *suggestions) follow() {
	if s.l == nil {
		return
	}
	c := s.l.c
	rows := len(s.hits)
	if s.more {
		rows++
	}
	w := min(max(c.w, s.wish()), s.v.width)
	x := max(inset, min(c.x, inset+s.v.width-w))
	h := float32(rows)*look.Px(look.Target) + 8
	y := c.y + c.top + c.high + 2
	if y+h > max(s.v.total, s.v.scroll.Size().Height) && c.y+c.top-h > 0 {
		y = c.y + c.top - h - 2
	}
	put(s, x, y, w, h)
}

// wish is the width that shows every hit whole.
func (s *suggestions) wish() float32 {
	w := look.Px(320)
	for _, h := range s.hits {
		w = max(w, fyne.MeasureText(s.line(h), look.Text(look.TextBody), fyne.TextStyle{Bold: true}).Width+28)
	}
	return w
}

func (s *suggestions) move(by int) {
	s.at = max(0, min(s.at+by, len(s.hits)-1))
	s.Refresh()
}

// take picks what is marked, if anything is.
func (s *suggestions) take() {
	l := s.l
	if l == nil {
		return
	}
	if s.at >= 0 && s.at < len(s.hits) {
		ch := s.hits[s.at]
		s.close()
		l.pick(ch)
		return
	}
	s.close()
}

// Tapped picks with the mouse.
func (s *suggestions) Tapped(e *fyne.PointEvent) {
	i := int((e.Position.Y - 4) / look.Px(look.Target))
	if s.l == nil || i < 0 || i >= len(s.hits) {
		return
	}
	s.at = i
	e2 := s.l.e
	s.take()
	control.Focus(e2)
}

// CreateRenderer belongs to Fyne.
func (s *suggestions) CreateRenderer() fyne.WidgetRenderer {
	r := &suggestionsRenderer{s: s, face: canvas.NewRectangle(clear), row: canvas.NewRectangle(clear)}
	r.objects = []fyne.CanvasObject{r.face, r.row}
	for range shownChoices + 1 {
		t := &canvas.Text{}
		r.texts = append(r.texts, t)
		r.objects = append(r.objects, t)
	}
	r.Refresh()
	return r
}

type suggestionsRenderer struct {
	s         *suggestions
	face, row *canvas.Rectangle
	texts     []*canvas.Text
	objects   []fyne.CanvasObject
}

func (r *suggestionsRenderer) Destroy()                     {}
func (r *suggestionsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *suggestionsRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, look.Target) }

func (r *suggestionsRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	h := look.Px(look.Target)
	for i, t := range r.texts {
		m := t.MinSize()
		t.Move(fyne.NewPos(12, 4+float32(i)*h+(h-m.Height)/2))
		t.Resize(fyne.NewSize(s.Width-24, m.Height))
	}
	r.row.Hidden = r.s.at < 0
	r.row.Move(fyne.NewPos(4, 4+float32(max(0, r.s.at))*h))
	r.row.Resize(fyne.NewSize(s.Width-8, h))
}

func (r *suggestionsRenderer) Refresh() {
	p := look.Palette()
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth, r.face.CornerRadius = p.Surface, p.Ink2, 1, look.RadiusField
	r.row.FillColor, r.row.CornerRadius = p.AccentSoft, look.RadiusField-2
	if look.Current().HighContrast() {
		r.row.StrokeColor, r.row.StrokeWidth = p.Focus, 2
	}
	for i, t := range r.texts {
		t.Text, t.TextSize, t.Color, t.TextStyle = "", look.Px(look.TextBody), p.Ink, fyne.TextStyle{}
		switch {
		case i < len(r.s.hits):
			t.Text = shortened(r.s.line(r.s.hits[i]), look.Text(look.TextBody), r.s.Size().Width-24)
			if i == r.s.at {
				t.Color, t.TextStyle.Bold = p.Accent, true
			}
		case i == len(r.s.hits) && r.s.more:
			t.Text, t.Color, t.TextSize = r.s.v.texts.T("formview.list.more"), p.Ink2, look.Px(look.TextSmall)
		}
		t.Refresh()
	}
	r.Layout(r.s.Size())
	r.face.Refresh()
	r.row.Refresh()
}

// line shows the code too where it says something: a key of numbers or capitals, as official lists have.
func (s *suggestions) line(ch form.Choice) string {
	label := ch.Label.In(s.v.lang)
	says := len(ch.Code) <= 12 && strings.ContainsFunc(ch.Code, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) })
	if !says || strings.EqualFold(ch.Code, label) {
		return label
	}
	return label + "  ·  " + ch.Code
}

// shortened cuts a text with an ellipsis where it is wider than there is room; the code at its end stays.
func shortened(text string, size, width float32) string {
	wide := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{Bold: true}).Width }
	if wide(text) <= width {
		return text
	}
	tail := "…"
	if i := strings.LastIndex(text, "  ·  "); i >= 0 {
		tail, text = "…"+text[i:], text[:i]
	}
	r := []rune(text)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if wide(string(r[:mid])+tail) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimSpace(string(r[:lo])) + tail
}
