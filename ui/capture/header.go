package capture

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/standing"
)

// header stands above the form: what is applied for, on what grounds, and whether it is stored.
type header struct {
	s     *Screen
	title *control.Label
	legal *control.Label
	came  *control.Label
	state *control.Label
	box   *fyne.Container
}

func newHeader(s *Screen) *header {
	h := &header{s: s, title: control.NewShort("", control.H1), legal: control.NewShort("", control.Muted), came: control.NewShort("", control.Small), state: control.NewLabel("", control.Small)}
	h.box = control.Pad(16, 20, 10, 20, control.Column(2, container.New(headline{}, h.title, h.legal, h.state), h.came))
	return h
}

// headline sets title, grounds and state side by side. The title has what it needs as long as there is room
// besides the state; the grounds have the rest, and are left out where it is too little for a word.
type headline struct{}

const (
	headlineGap  = 12
	leastGrounds = 60
)

func (headline) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := fyne.Size{}
	for _, x := range o {
		s.Height = max(s.Height, x.MinSize().Height)
	}
	return s
}

func (headline) Layout(o []fyne.CanvasObject, s fyne.Size) {
	state := o[2].MinSize().Width
	rest := max(s.Width-state-headlineGap, 0)
	title := min(control.NewLabel(o[0].(*control.Label).Text(), control.H1).MinSize().Width, rest)
	put := func(x fyne.CanvasObject, at, w float32) {
		h := x.MinSize().Height
		x.Resize(fyne.NewSize(w, h))
		x.Move(fyne.NewPos(at, (s.Height-h)/2))
	}
	put(o[0], 0, title)
	if grounds := rest - title - headlineGap; grounds >= leastGrounds {
		o[1].Show()
		put(o[1], title+headlineGap, grounds)
	} else {
		o[1].Hide() // a label without room would be drawn over what stands beside it
	}
	put(o[2], s.Width-state, state)
}

func (h *header) update(t *Tab) {
	h.title.SetText(t.Form().Title.In(h.s.texts.Lang()))
	h.legal.SetText(t.Form().Legal.String())
	words := h.s.visit.words(t)
	h.came.SetText(words)
	h.came.Hidden = words == "" || h.s.visit.open()
	h.box.Refresh()
}

func (h *header) saved(t *Tab, st SaveState) {
	text, style := "", control.Small
	switch {
	case t.Phase() == Submitting:
		text = h.s.texts.T("capture.submitting")
	case st.Err != nil:
		text, style = h.s.texts.T("capture.unsaved", "time", clock(st.Since)), control.Trouble
	case !st.Saved.IsZero():
		text = h.s.texts.T("capture.saved", "time", clock(st.Saved))
	case st.Dirty:
		text = h.s.texts.T("capture.saving")
	case t.Begun():
		text = h.s.texts.T("capture.saved.before", "time", h.s.texts.WhenLong(t.draft.Updated, h.s.d.Run.Clock()))
	}
	if text == h.state.Text() {
		return
	}
	h.state.SetStyle(style)
	h.state.SetText(text)
	h.box.Refresh()
}

func clock(t time.Time) string { return t.Format("15:04:05") }

// sign and words of a paper slot.
func (s *Screen) slotLabel(x Slot) (sign, text string, kind control.Kind) {
	name := s.texts.T("capture.slot.other")
	if x.Proof != nil {
		name = x.Proof.Label.In(s.texts.Lang())
	}
	reason := ""
	if t := s.m.Active(); t != nil {
		reason = t.session.Reasons()[proofRule+x.ID]
	}
	switch {
	case len(x.Papers) > 0:
		return control.SignDone, s.texts.T("capture.slot.pages", "name", name, "pages", x.Pages()), control.KindGood
	case x.Missing() && reason != "":
		return control.SignOpen, s.texts.T("capture.slot.later", "name", name), control.KindNone
	case x.Missing():
		return control.SignOpen, s.texts.T("capture.slot.missing", "name", name), control.KindWaiting
	}
	return control.SignNone, name, control.KindNone
}

// paperLine is what the list says about a document besides its title.
func (s *Screen) paperLine(d record.Document) string {
	text := s.texts.N("capture.pages", d.Pages)
	switch {
	case s.papers.protected(d):
		text = s.texts.T("capture.paper.locked")
	case d.Pages == 0:
		text = s.texts.T("capture.paper.unseen")
	case Unbound(d):
		text += " · " + s.texts.T("capture.paper.unbound")
	}
	if len(d.Unread) > 0 {
		text += " · " + standing.Unread(s.texts, d.Unread)
	}
	if len(d.Lying) > 0 {
		text += " · " + standing.Lying(s.texts, d.Lying)
	}
	return text + " · " + s.texts.Time(d.Made.Local())
}
