package find

import (
	"fyne.io/fyne/v2"

	"schalter/data/search"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// strip is the line under the field: what was understood beside the words, and what was not; where there is
// nothing of that, how to see what could be typed.
type strip struct {
	texts *i18n.Texts
	row   *fyne.Container
	shown []search.Chip
	open  bool // the examples are shown
	blank bool // nothing was typed
	begun bool
}

const (
	stripHeight = 38
	stripChips  = 6 // more do not fit beside each other; the words under the field say them anyway
)

func newStrip(t *i18n.Texts) *strip { return &strip{texts: t, row: control.Row(8)} }

func (s *strip) object() fyne.CanvasObject {
	return &fyne.Container{Layout: stripLayout{}, Objects: []fyne.CanvasObject{control.Pad(0, 16, 0, 16, s.row)}}
}

// show draws chips; examples tells whether these are shown now, blank whether that is because nothing was typed.
func (s *strip) show(chips []search.Chip, examples, blank bool) {
	if s.begun && s.open == examples && s.blank == blank && sameChips(s.shown, chips) {
		return
	}
	s.begun, s.open, s.blank, s.shown = true, examples, blank, chips
	s.row.Objects = nil
	why := ""
	for i, c := range chips {
		if i == stripChips {
			s.row.Add(control.NewLabel("…", control.Small))
			break
		}
		sign, kind := control.SignNone, control.KindInfo
		switch c.Kind {
		case search.KindUnknown, search.KindUnclear:
			sign, kind = control.SignWarn, control.KindWaiting
		case search.KindUnending:
			kind = control.KindNone
		}
		s.row.Add(control.NewPill(sign, chipText(s.texts, c), kind))
		if text := s.why(c); why == "" {
			why = text
		}
	}
	switch {
	case why != "":
		s.row.Add(control.Grow(control.NewShort(why, control.Small)))
	case blank:
		s.row.Add(control.NewLabel(s.texts.T("find.examples"), control.Small))
	case len(chips) == 0:
		text := "find.examples.show"
		if examples {
			text = "find.examples.hide"
		}
		s.row.Add(control.NewKeyCap(keyExamples.Label(s.texts)))
		s.row.Add(control.NewLabel(s.texts.T(text), control.Small))
	}
	s.row.Refresh()
}

// why explains a part that is not a filter, or not yet.
func (s *strip) why(c search.Chip) string {
	switch c.Kind {
	case search.KindUnknown, search.KindUnclear, search.KindUnending:
		return s.texts.T("find.why." + string(c.Kind))
	}
	return ""
}

func chipText(t *i18n.Texts, c search.Chip) string {
	return t.T("find.chip."+string(c.Kind), "value", c.Value)
}

func sameChips(a, b []search.Chip) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

type stripLayout struct{}

func (stripLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(stripHeight))
}

func (stripLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		h := x.MinSize().Height
		x.Move(fyne.NewPos(0, (s.Height-h)/2))
		x.Resize(fyne.NewSize(s.Width, h))
	}
}

// examples are what can be typed, with what it finds.
var examples = []string{"number", "name", "born", "word", "phrase", "open", "service", "span", "outbox", "page"}

func newExamples(t *i18n.Texts) fyne.CanvasObject {
	lines := control.Column(9, control.Pad(0, 0, 8, 0, control.NewParagraph(t.T("find.start"), control.Muted)))
	for _, e := range examples {
		lines.Add(control.Row(14, control.Width(260, control.NewShort(t.T("find.example."+e), control.Strong)),
			control.Grow(control.NewShort(t.T("find.example."+e+".finds"), control.Body))))
	}
	return lines
}
