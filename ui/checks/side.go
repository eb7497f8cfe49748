package checks

import (
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/control"
)

// side is what is known of a scan, what is compared, and what comes of it.
type side struct {
	s      *Screen
	object fyne.CanvasObject
	facts  *fyne.Container
	points *fyne.Container
	rows   map[record.Point]*pointRow
	reason *control.Entry
	ground *fyne.Container // of the reason
	note   *control.Label
	good   *control.Button
	bad    *control.Button
	now    *control.Button // the same with the great key, when something is wrong
	look   *control.Button
	foots  *fyne.Container
	asked  bool // the reason is asked for
	typed  bool // the keys were with the reason
}

func newSide(s *Screen) *side {
	t := s.Texts
	d := &side{s: s, facts: control.Column(10), points: control.Column(2), rows: map[record.Point]*pointRow{}}
	for n, p := range record.Points() {
		row := newPointRow(strconv.Itoa(n+1), t.T("checks.point."+string(p)), t.T("checks.wrong."+string(p)), func() { s.mark(p) })
		d.rows[p] = row
		d.points.Add(row)
	}
	d.reason = control.NewArea(3)
	d.reason.Label = t.T("checks.reason")
	d.ground = control.Column(4, control.NewLabel(d.reason.Label, control.Caption), d.reason)
	d.note = control.NewParagraph("", control.Small)
	d.good = control.NewButton(t.T("checks.good"), passKey.Label(t), control.Primary, s.pass)
	d.bad = control.NewButton(t.T("checks.bad"), objectKey.Label(t), control.Plain, s.objectTo)
	d.now = control.NewButton(t.T("checks.bad"), passKey.Label(t), control.Primary, s.objectTo)
	d.look = control.NewButton(t.T("checks.compare"), compareKey.Label(t), control.Plain, s.toggle)
	d.foots = control.Column(8, d.ground, d.note, d.good, d.now, d.bad)
	d.object = control.NewCard(0, control.Column(0,
		control.Grow(control.Scroll(control.Pad(14, 16, 14, 16, control.Column(12, d.facts, d.points, d.look)))),
		control.NewDivider(), control.Pad(12, 16, 14, 16, d.foots)))
	return d
}

// typing tells whether the reason has the keys.
func (d *side) typing() bool { return d.reason.Focused() }

// begin shows another scan, of which nothing was said yet.
func (d *side) begin() {
	d.asked = false
	d.typed = d.typed || d.typing()
	d.reason.SetText("")
	d.fill()
}

// ask asks what is wrong.
func (d *side) ask() {
	d.asked = true
	d.fill()
	control.Focus(d.reason)
}

// fill writes what is known of the scan.
func (d *side) fill() {
	d.facts.Objects = nil
	if d.s.i != nil {
		d.write(d.s.i.row)
		for p, row := range d.rows {
			row.set(d.s.i.wrong[p])
		}
	}
	d.look.SetText(d.s.Texts.T("checks.compare"))
	if d.s.compare {
		d.look.SetText(d.s.Texts.T("checks.compare.end"))
	}
	d.facts.Refresh()
	d.foot()
	d.object.Refresh()
}

func (d *side) write(r record.CheckRow) {
	t, now, doc := d.s.Texts, d.s.Clock(), r.Document
	add := func(text string, style control.Style) {
		if text != "" {
			d.facts.Add(control.NewParagraph(text, style))
		}
	}
	top := control.Column(3, control.NewParagraph(doc.Title, control.H2), control.NewParagraph(matter(t, r), control.Small))
	d.facts.Add(top)
	if doc.Transfer != nil {
		how := control.Column(2)
		for n, l := range scanned(t, doc, t.WhenLong(doc.Transfer.Time, now)) {
			style := control.Body
			if n > 0 {
				style = control.Small
			}
			how.Add(control.NewParagraph(l, style))
		}
		d.facts.Add(how)
	}
	for _, l := range odd(t, doc) {
		add(l, control.Waiting)
	}
	for _, c := range transfer.Objections(doc) {
		d.facts.Add(control.Column(2, control.NewParagraph(t.T("checks.objected", "user", c.User, "when", t.WhenLong(c.Time, now)), control.Trouble),
			control.NewParagraph(objection(t, c), control.Body)))
	}
	add(blocked(t, doc, d.s.User))
}

// foot says what is still to be looked at, and what can be done.
func (d *side) foot() {
	s := d.s
	some := s.i != nil
	wrong := s.objecting()
	d.points.Hidden = !some
	d.ground.Hidden = !wrong
	d.good.Hidden = !some || !s.mayPass() || wrong
	d.bad.Hidden, d.now.Hidden = !some || wrong, !wrong
	d.look.Hidden = !some || len(s.leaves) == 0
	d.note.SetText(d.hint())
	d.note.Hidden = d.note.Text() == ""
	d.foots.Refresh()
}

func (d *side) hint() string {
	s, t := d.s, d.s.Texts
	if s.i == nil || s.objecting() || !s.mayPass() {
		return ""
	}
	_, of := s.paper.Page()
	unseen := s.i.unseen(of)
	switch {
	case of == 0:
		return t.T("checks.unseen.all")
	case len(unseen) > 0:
		return t.N("checks.unseen", len(unseen), "pages", pagesIn(unseen))
	}
	return t.T("checks.stands")
}
