package capture

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/look"
)

var transparent = color.Transparent

// label is what a tab is called: the service and whom it is about.
func (s *Screen) label(t *Tab) string {
	p := t.Party()
	name := p.Family
	if p.Organisation != "" {
		name = p.Organisation
	}
	if name == "" {
		name = p.Given
	}
	switch {
	case t.Phase() == Done:
		name = t.Case().Number
	case name == "":
		name = s.texts.T("capture.tab.new")
	}
	return t.Form().Title.In(s.texts.Lang()) + " · " + name
}

// tabStrip shows the open drafts. Ctrl+Tab goes through them; it is no stop for Tab.
type tabStrip struct {
	widget.BaseWidget
	s       *Screen
	labels  []string
	active  int
	hovered int
}

func newTabStrip(s *Screen) *tabStrip {
	x := &tabStrip{s: s, active: -1, hovered: -1}
	x.ExtendBaseWidget(x)
	return x
}

func (x *tabStrip) update() {
	x.labels, x.active = nil, -1
	for i, t := range x.s.m.Tabs() {
		x.labels = append(x.labels, x.s.label(t))
		if t == x.s.m.Active() {
			x.active = i
		}
	}
	x.Refresh()
}

// widths are those of the tabs; when there is not room for all they share it.
func (x *tabStrip) widths(room float32) []float32 {
	out := make([]float32, len(x.labels))
	total := float32(0)
	for i, l := range x.labels {
		out[i] = fyne.MeasureText(l, look.Px(look.TextBody), fyne.TextStyle{Bold: true}).Width + 30
		total += out[i]
	}
	if total > room {
		for i := range out {
			out[i] *= room / total
		}
	}
	return out
}

func (x *tabStrip) at(pos fyne.Position) int {
	left := float32(0)
	for i, w := range x.widths(x.Size().Width) {
		if pos.X >= left && pos.X < left+w {
			return i
		}
		left += w
	}
	return -1
}

// Tapped puts a tab in front.
func (x *tabStrip) Tapped(e *fyne.PointEvent) {
	if i := x.at(e.Position); i >= 0 {
		x.s.m.Activate(x.s.m.Tabs()[i])
	}
}

// MouseIn shows what can be clicked.
func (x *tabStrip) MouseIn(e *desktop.MouseEvent) { x.MouseMoved(e) }

// MouseMoved shows what can be clicked.
func (x *tabStrip) MouseMoved(e *desktop.MouseEvent) {
	if i := x.at(e.Position); i != x.hovered {
		x.hovered = i
		x.Refresh()
	}
}

// MouseOut ends MouseIn.
func (x *tabStrip) MouseOut() { x.hovered = -1; x.Refresh() }

// CreateRenderer belongs to Fyne.
func (x *tabStrip) CreateRenderer() fyne.WidgetRenderer {
	r := &tabRenderer{x: x}
	r.Refresh()
	return r
}

type tabRenderer struct {
	x       *tabStrip
	faces   []*canvas.Rectangle
	texts   []*control.Label
	seam    *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *tabRenderer) Destroy()                     {}
func (r *tabRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tabRenderer) MinSize() fyne.Size           { return fyne.NewSize(100, look.Px(34)) }

func (r *tabRenderer) Layout(s fyne.Size) {
	left := float32(0)
	r.seam.Hidden = true
	for i, w := range r.x.widths(s.Width) {
		r.faces[i].Move(fyne.NewPos(left, 0))
		r.faces[i].Resize(fyne.NewSize(w, s.Height+1))
		h := r.texts[i].MinSize().Height
		r.texts[i].Move(fyne.NewPos(left+15, (s.Height-h)/2))
		r.texts[i].Resize(fyne.NewSize(max(1, w-26), h))
		if i == r.x.active {
			// covers the card's upper line, so that tab and card are one
			r.seam.Hidden = false
			r.seam.Move(fyne.NewPos(left+1, s.Height-1))
			r.seam.Resize(fyne.NewSize(w-2, 3))
		}
		left += w
	}
}

func (r *tabRenderer) Refresh() {
	p := look.Palette()
	for len(r.faces) < len(r.x.labels) {
		r.faces = append(r.faces, canvas.NewRectangle(transparent))
		r.texts = append(r.texts, control.NewShort("", control.Muted))
	}
	if r.seam == nil {
		r.seam = canvas.NewRectangle(transparent)
	}
	r.objects = r.objects[:0]
	for i, l := range r.x.labels {
		f := r.faces[i]
		f.FillColor, f.StrokeColor, f.StrokeWidth = transparent, transparent, 0
		f.TopLeftCornerRadius, f.TopRightCornerRadius = look.RadiusField, look.RadiusField
		style := control.Muted
		switch i {
		case r.x.active:
			f.FillColor, f.StrokeColor, f.StrokeWidth = p.Surface, p.Line, 1
			style = control.Link
		case r.x.hovered:
			f.FillColor = p.Hover
		}
		f.Refresh()
		r.texts[i].SetText(l)
		r.texts[i].SetStyle(style)
		r.objects = append(r.objects, f, r.texts[i])
	}
	r.seam.FillColor = p.Surface
	r.seam.Refresh()
	r.objects = append(r.objects, r.seam)
	r.Layout(r.x.Size())
	canvas.Refresh(r.x)
}

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
	h := &header{s: s, title: control.NewLabel("", control.H1), legal: control.NewShort("", control.Muted), came: control.NewShort("", control.Small), state: control.NewLabel("", control.Small)}
	h.box = control.Pad(16, 20, 10, 20, control.Column(2, control.Row(12, h.title, control.Grow(h.legal), h.state), h.came))
	return h
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
	return text + " · " + s.texts.Time(d.Made.Local())
}
