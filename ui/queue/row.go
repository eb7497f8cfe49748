package queue

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// The columns, from the left.
const (
	colNumber = iota
	colService
	colParty
	colStanding
	colLast
	colDue
	colCount
)

const colPad = 12

// columns gives the left edge and width of each column for a row of some width; a column that has no
// room has width 0. What says when something is due goes first, then when it was last touched.
func columns(width float32) (x, w [colCount]float32) {
	w[colNumber], w[colStanding], w[colLast], w[colDue] = look.Px(150), look.Px(138), look.Px(74), look.Px(86)
	rest := width - 2*colPad - w[colNumber] - w[colStanding] - w[colLast] - w[colDue]
	// What the matter is and whose it is must be readable before anything else is shown.
	for _, c := range []struct {
		col   int
		least float32
	}{{colDue, 400}, {colLast, 270}} {
		if rest < look.Px(c.least) {
			rest += w[c.col]
			w[c.col] = 0
		}
	}
	rest = max(rest, 0)
	w[colService], w[colParty] = rest*0.56, rest*0.44
	at := float32(colPad)
	for i := range x {
		x[i] = at
		at += w[i]
	}
	return x, w
}

// line is one row of the list, or its heading.
type line struct {
	widget.BaseWidget
	texts [colCount]string
	kind  control.Kind
	head  bool
}

func newLine() *line {
	l := &line{}
	l.ExtendBaseWidget(l)
	return l
}

func newHead(t *i18n.Texts) *line {
	l := &line{head: true}
	for i, key := range []string{"queue.number", "queue.service", "queue.party", "queue.standing", "queue.last", "queue.due"} {
		l.texts[i] = t.T(key)
	}
	l.ExtendBaseWidget(l)
	return l
}

// show fills the row; a row that is not here yet is empty.
func (l *line) show(t *i18n.Texts, r record.CaseRow, here bool, now time.Time) {
	l.texts = [colCount]string{}
	if here {
		text, kind := standing.Of(t, r.Delivery, r.State)
		number := r.Number
		if number == "" {
			number = t.T("queue.no_number")
		}
		party := r.Party
		if party == "" {
			party = t.T("party.none")
		}
		due := ""
		if r.Due != "" {
			due = t.Due(r.Due, now)
		}
		l.texts = [colCount]string{number, standing.Title(t, r.Title, r.Service, r.Subject), party, text, t.When(r.Updated, now), due}
		l.kind = kind
	}
	l.Refresh()
}

// CreateRenderer belongs to Fyne.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, pill: control.NewPill("", "", control.KindNone)}
	for i := range r.cells {
		r.cells[i] = &canvas.Text{}
		r.objects = append(r.objects, r.cells[i])
	}
	r.objects = append(r.objects, r.pill)
	r.Refresh()
	return r
}

type lineRenderer struct {
	line    *line
	cells   [colCount]*canvas.Text
	pill    *control.Pill
	objects []fyne.CanvasObject
}

func (r *lineRenderer) Destroy()                     {}
func (r *lineRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *lineRenderer) MinSize() fyne.Size {
	h := float32(look.RowHeight)
	if r.line.head {
		h = 34
	}
	return fyne.NewSize(look.Px(400), look.Px(h))
}

func (r *lineRenderer) Layout(s fyne.Size) {
	x, w := columns(s.Width)
	for i, c := range r.cells {
		if i == colStanding && !r.line.head {
			c.Text = ""
			r.pill.Move(fyne.NewPos(x[i], 0))
			r.pill.Resize(fyne.NewSize(max(w[i]-8, 0), s.Height))
			continue
		}
		text := ""
		if w[i] > 0 {
			text = control.Shorten(r.line.texts[i], w[i]-10, c.TextSize, c.TextStyle)
		}
		if c.Text != text {
			c.Text = text
			c.Refresh()
		}
		m := c.MinSize()
		c.Move(fyne.NewPos(x[i], (s.Height-m.Height)/2))
		c.Resize(m)
	}
}

func (r *lineRenderer) Refresh() {
	p := look.Palette()
	for i, c := range r.cells {
		c.TextSize, c.Color, c.TextStyle = look.Text(14), p.Ink, fyne.TextStyle{Bold: i == colNumber}
		if i == colDue {
			c.Color = p.Ink2
		}
		if r.line.head {
			c.TextSize, c.Color, c.TextStyle = look.Text(12), p.Ink2, fyne.TextStyle{Bold: true}
		}
	}
	if !r.line.head {
		r.pill.Set("", r.line.texts[colStanding], r.line.kind)
	}
	r.Layout(r.line.Size())
	for _, c := range r.cells {
		c.Refresh()
	}
}
