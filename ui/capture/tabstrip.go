package capture

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

var transparent = color.Transparent

// label is what a tab is called: the service and whom it is about. The short one is only whom, where that
// is known.
func (s *Screen) label(t *Tab) tabLabel {
	// Official titles can be a sentence long; a tab says only as much as tells it from the others.
	service := control.Shorten(t.Form().Title.In(s.texts.Lang()), look.Px(tabService), look.Px(look.TextBody), fyne.TextStyle{Bold: true})
	p := t.Party()
	name := p.Family
	if p.Organisation != "" {
		name = p.Organisation
	}
	if name == "" {
		name = p.Given
	}
	l := tabLabel{short: name}
	switch {
	case t.Phase() == Done:
		l.short = t.Cases()[0].Number
	case name == "":
		name = s.texts.T("capture.tab.new")
		l.short = service
	}
	if t.Phase() == Done {
		name = l.short
	}
	l.full = service + " · " + name
	switch {
	case t.Trouble() != nil || t.Saved().Err != nil:
		l.sign, l.trouble = control.SignWarn, true
	case t.Busy():
		l.sign = "…"
	}
	return l
}

// tabLabel is what stands on a tab.
type tabLabel struct {
	full, short string
	sign        string // "!" where something is not stored or was not accepted, "…" while a paper comes in
	trouble     bool
}

func (l tabLabel) text(short bool) string {
	text := l.full
	if short {
		text = l.short
	}
	if l.sign != "" {
		text = l.sign + " " + text
	}
	return text
}

// Widths of the strip at 100 %: the least a tab with a name needs, and the room of the sign that there are more.
const (
	tabLeast   = 104
	tabMore    = 52
	tabService = 240 // the most a service's title takes
)

// tabStrip shows the open drafts. Ctrl+Tab goes through them; it is no stop for Tab. Where there is no room
// for all labels they become short, and where there is no room for all tabs those beside the one in front
// are shown, and how many there are beyond.
type tabStrip struct {
	widget.BaseWidget
	s       *Screen
	labels  []tabLabel
	active  int
	hovered int
}

func newTabStrip(s *Screen) *tabStrip {
	x := &tabStrip{s: s, active: -1, hovered: -1}
	x.ExtendBaseWidget(x)
	return x
}

func (x *tabStrip) update() {
	labels, active := []tabLabel{}, -1
	for i, t := range x.s.m.Tabs() {
		labels = append(labels, x.s.label(t))
		if t == x.s.m.Active() {
			active = i
		}
	}
	if active == x.active && slices.Equal(labels, x.labels) {
		return
	}
	x.labels, x.active = labels, active
	x.Refresh()
}

// tabSpot is one thing on the strip: a tab, or how many there are beyond an end.
type tabSpot struct {
	tab     int
	left, w float32
	text    string
	beyond  bool
}

// spots lay the tabs out in the room there is.
func (x *tabStrip) spots(room float32) []tabSpot {
	measure := func(text string) float32 {
		return fyne.MeasureText(text, look.Px(look.TextBody), fyne.TextStyle{Bold: true}).Width + 30
	}
	widths := func(short bool) (out []float32, total float32) {
		for _, l := range x.labels {
			w := measure(l.text(short))
			if short {
				w = min(max(w, look.Px(tabLeast)), look.Px(2*tabLeast))
			}
			out = append(out, w)
			total += w
		}
		return out, total
	}
	w, total := widths(false)
	short := total > room
	from, to := 0, len(w)
	if short {
		if w, total = widths(true); total > room {
			from, to = around(w, max(x.active, 0), room-2*look.Px(tabMore))
		}
	}
	var out []tabSpot
	left := float32(0)
	add := func(s tabSpot) {
		s.left = left
		out = append(out, s)
		left += s.w
	}
	if from > 0 {
		add(tabSpot{tab: from - 1, w: look.Px(tabMore), text: x.s.texts.T("capture.tab.before", "count", from), beyond: true})
	}
	for i := from; i < to; i++ {
		add(tabSpot{tab: i, w: w[i], text: x.labels[i].text(short)})
	}
	if to < len(w) {
		add(tabSpot{tab: to, w: look.Px(tabMore), text: x.s.texts.T("capture.tab.after", "count", len(w)-to), beyond: true})
	}
	return out
}

// around is the longest run of tabs about the one in front that fits into the room; at least that one.
func around(w []float32, at int, room float32) (from, to int) {
	from, to = at, at+1
	for room -= w[at]; ; {
		switch {
		case to < len(w) && w[to] <= room:
			room -= w[to]
			to++
		case from > 0 && w[from-1] <= room:
			from--
			room -= w[from]
		default:
			return from, to
		}
	}
}

func (x *tabStrip) at(pos fyne.Position) int {
	for _, s := range x.spots(x.Size().Width) {
		if pos.X >= s.left && pos.X < s.left+s.w {
			return s.tab
		}
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
	r.seam.Hidden = true
	spots := r.x.spots(s.Width)
	r.fill(spots)
	for i, p := range spots {
		r.faces[i].Move(fyne.NewPos(p.left, 0))
		r.faces[i].Resize(fyne.NewSize(p.w, s.Height+1))
		h := r.texts[i].MinSize().Height
		r.texts[i].Move(fyne.NewPos(p.left+15, (s.Height-h)/2))
		r.texts[i].Resize(fyne.NewSize(max(1, p.w-26), h))
		if p.tab == r.x.active && !p.beyond {
			// covers the card's upper line, so that tab and card are one
			r.seam.Hidden = false
			r.seam.Move(fyne.NewPos(p.left+1, s.Height-1))
			r.seam.Resize(fyne.NewSize(p.w-2, 3))
		}
	}
}

// fill gives every spot its face and words.
func (r *tabRenderer) fill(spots []tabSpot) {
	p := look.Palette()
	for len(r.faces) < len(spots) {
		r.faces = append(r.faces, canvas.NewRectangle(transparent))
		r.texts = append(r.texts, control.NewShort("", control.Muted))
	}
	r.objects = r.objects[:0]
	for i, s := range spots {
		f := r.faces[i]
		f.FillColor, f.StrokeColor, f.StrokeWidth = transparent, transparent, 0
		f.TopLeftCornerRadius, f.TopRightCornerRadius = look.RadiusField, look.RadiusField
		style := control.Muted
		switch {
		case s.beyond:
		case s.tab == r.x.active:
			f.FillColor, f.StrokeColor, f.StrokeWidth = p.Surface, p.Line, 1
			style = control.Link
		case s.tab == r.x.hovered:
			f.FillColor = p.Hover
		}
		if !s.beyond && r.x.labels[s.tab].trouble {
			style = control.Trouble
		}
		f.Refresh()
		r.texts[i].SetText(s.text)
		r.texts[i].SetStyle(style)
		r.objects = append(r.objects, f, r.texts[i])
	}
	r.seam.FillColor = p.Surface
	r.seam.Refresh()
	r.objects = append(r.objects, r.seam)
}

func (r *tabRenderer) Refresh() {
	if r.seam == nil {
		r.seam = canvas.NewRectangle(transparent)
	}
	r.Layout(r.x.Size())
	canvas.Refresh(r.x)
}
