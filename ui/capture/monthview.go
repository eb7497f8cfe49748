package capture

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// monthLayer shows over the window how a month of one thing stands for the hours that are wished for. The arrows
// go from day to day, Tab to the next thing; Enter takes a day on which it is free into the form.
type monthLayer struct {
	s      *Screen
	t      *Tab
	spot   spot
	things []form.Choice
	thing  int
	day    day
	wish   wish
	found  []record.Booking
	about  question
	err    error
	query  latest[question, []record.Booking]

	title, month *control.Label
	wanted       *control.Label // the hours that the days are held against
	grid         *monthGrid
	detail       *control.Label
	layer        *control.Layer
}

// detailLines is how many bookings of the selected day are named.
const detailLines = 4

func showMonth(c fyne.Canvas, s *Screen, t *Tab, at spot) *monthLayer {
	l := &monthLayer{s: s, t: t, spot: at, things: t.session.Choices(at.resource)}
	w, known := t.wish(at)
	l.wish = w
	today, _ := dayOf(s.d.Run.Clock().Format("2006-01-02"))
	l.day = today
	if known || !w.on.t.IsZero() {
		l.day = w.on
	}
	for i, x := range l.things {
		if x.Code == w.thing {
			l.thing = i
		}
	}
	if len(l.things) == 0 {
		return nil
	}
	l.query = latest[question, []record.Booking]{
		rt: s.d.Run, ctx: s.m.ctx,
		ask: func(ctx context.Context, q question) ([]record.Booking, error) {
			return s.m.diary.bookings.Bookings(ctx, q.thing, q.from, q.to)
		},
		show: func(found []record.Booking, err error) {
			if l.layer.Open() {
				l.found, l.err, l.about = found, err, l.query.shown
				l.draw()
			}
		},
	}
	l.layer = control.ShowLayer(c, s.d.Keys, "command.capture.calendar", 980, l.build(), nil, nil)
	l.layer.Focus(l.grid)
	l.move(0)
	return l
}

func (l *monthLayer) build() fyne.CanvasObject {
	texts := l.s.texts
	l.title, l.month = control.NewShort("", control.H2), control.NewLabel("", control.Strong)
	l.wanted = control.NewLabel("", control.Muted)
	l.grid = newMonthGrid(l)
	l.detail = control.NewParagraph("", control.Body)
	foot := control.Row(14, control.Spacer())
	for _, k := range [][2]string{
		{"← ↑ ↓ →", "calendar.key.day"},
		{texts.T("calendar.keys.page"), "calendar.key.month"},
		{texts.T("key.Tab"), "calendar.key.thing"},
		{texts.T("key.Return"), "calendar.key.take"},
		{texts.T("key.Escape"), "find.close"},
	} {
		foot.Add(control.NewKeyCap(k[0]))
		foot.Add(control.NewLabel(texts.T(k[1]), control.Small))
	}
	return control.Column(0,
		control.Pad(14, 18, 12, 18, control.Row(24, control.Grow(l.title), l.wanted, l.month)), control.NewDivider(),
		control.Grow(control.Pad(10, 14, 4, 14, l.grid)),
		control.Pad(4, 18, 10, 18, &fyne.Container{Layout: detailHigh{}, Objects: []fyne.CanvasObject{l.detail}}), control.NewDivider(),
		control.Pad(8, 14, 8, 14, foot))
}

// detailHigh keeps room for what is said about a day, so that nothing jumps from day to day.
type detailHigh struct{}

func (detailHigh) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(300), max(look.Px(19*(detailLines+1)), o[0].MinSize().Height))
}

func (detailHigh) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// key uses the keys of the grid; false for others.
func (l *monthLayer) key(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyLeft:
		l.move(-1)
	case fyne.KeyRight:
		l.move(1)
	case fyne.KeyUp:
		l.move(-7)
	case fyne.KeyDown:
		l.move(7)
	case fyne.KeyPageUp:
		l.jump(-1)
	case fyne.KeyPageDown:
		l.jump(1)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.take()
	default:
		return false
	}
	return true
}

func (l *monthLayer) move(days int) {
	l.day = l.day.plus(days)
	l.ask()
}

func (l *monthLayer) jump(months int) {
	l.day = l.day.nextMonth(months)
	l.ask()
}

// next goes to the next thing that is lent.
func (l *monthLayer) next(by int) {
	l.thing = (l.thing + by + len(l.things)) % len(l.things)
	l.ask()
}

// ask reads the month that is shown, with a day before and after it for what goes on over midnight.
func (l *monthLayer) ask() {
	weeks := monthWeeks(l.day)
	l.query.Want(question{l.things[l.thing].Code, weeks[0].plus(-1).String(), weeks[41].plus(1).String(), l.s.m.diary.round})
	l.draw()
}

// known tells whether what was read is about what is shown.
func (l *monthLayer) known() bool {
	return l.err == nil && l.about == l.query.want && !l.query.Waiting()
}

func (l *monthLayer) stands(d day) occupancy { return stands(d, l.wish.stretch, l.wish.timed, l.found) }

func (l *monthLayer) draw() {
	texts := l.s.texts
	name := l.things[l.thing].Label.In(texts.Lang())
	l.title.SetText(texts.T("calendar.month.title", "thing", name))
	wanted := ""
	if l.wish.timed && l.wish.stretch != whole {
		wanted = texts.T("calendar.wish", "hours", stretchText(texts, l.wish.stretch))
	}
	l.wanted.SetText(wanted)
	l.month.SetText(texts.T("calendar.month", "month", texts.T("calendar.month."+strconv.Itoa(int(l.day.t.Month()))), "year", l.day.t.Year()))
	l.detail.SetStyle(control.Body)
	l.detail.SetText(l.words())
	l.grid.Refresh()
	l.layer.Relay()
}

// words say what is booked on the selected day.
func (l *monthLayer) words() string {
	texts := l.s.texts
	switch {
	case l.err != nil:
		return texts.T("calendar.unread")
	case !l.known():
		return texts.T("calendar.reading")
	}
	about := []any{"weekday", weekday(texts, l.day), "day", texts.DateText(l.day.String())}
	all := on(l.day, l.found)
	if len(all) == 0 {
		return texts.T("calendar.nothing", about...)
	}
	out := texts.T("calendar.on", about...)
	for i, s := range all {
		if i == detailLines-1 && len(all) > detailLines {
			return out + "\n" + texts.T("calendar.others", "count", len(all)-i)
		}
		out += "\n" + join("  ", hours(texts, s.From, s.To), caseNumber(texts, s.Number), whose(s.Booking), s.Subject)
	}
	return out
}

// take puts the day, and the thing, into the form, where the time that is wished for is free.
func (l *monthLayer) take() {
	if !l.known() {
		return
	}
	if l.stands(l.day) == dayTaken {
		l.detail.SetStyle(control.Waiting)
		l.detail.SetText(l.s.texts.T("calendar.not"))
		l.detail.Refresh()
		return
	}
	l.layer.Close()
	l.t.lend(l.spot, l.things[l.thing].Code, l.day)
	if v := l.s.forms[l.t]; v != nil {
		v.Resume(l.spot.day)
	}
}

// lend puts a thing and a day into their fields.
func (t *Tab) lend(s spot, thing string, d day) {
	if t.phase != Filling {
		return
	}
	if t.session.State(s.resource).Value != thing {
		t.put(s.resource, t.say(s.resource, thing))
	}
	t.put(s.day, t.say(s.day, d.String()))
	t.touch(true)
	t.m.w.Changed(t, PartFields|PartChecks, nil)
}

// dayCell is one day of the month.
type dayCell struct {
	number, state *control.Label
	lines         [2]*control.Label
	box           *fyne.Container
	day           day
	chosen, other bool
	occupancy     occupancy
}

func newDayCell() *dayCell {
	c := &dayCell{number: control.NewLabel("", control.Body), state: control.NewShort("", control.Small)}
	c.state.Align = fyne.TextAlignTrailing
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface, p.Line, 1, 6
		switch {
		case c.other:
			r.FillColor = p.Surface2
		case c.occupancy == dayTaken:
			r.FillColor = p.WaitingSoft
		}
		if c.chosen {
			r.StrokeColor, r.StrokeWidth = p.Focus, look.RingWidth
		}
	})
	lines := control.Column(0, control.Row(4, c.number, control.Grow(c.state)))
	for i := range c.lines {
		c.lines[i] = control.NewShort("", control.Small)
		lines.Add(c.lines[i])
	}
	c.box = container.NewStack(ground, control.Pad(4, 7, 4, 7, lines))
	return c
}

// show draws a day; known is false while nothing was read about it.
func (c *dayCell) show(t *i18n.Texts, l *monthLayer, d, today day, known bool) {
	c.day, c.chosen, c.other = d, d == l.day, !d.sameMonth(l.day)
	c.number.SetText(strconv.Itoa(d.t.Day()))
	style := control.Body
	switch {
	case d == today:
		style = control.Link
	case c.other:
		style = control.Muted
	}
	c.number.SetStyle(style)
	text, lines := "", [2]string{}
	c.occupancy = dayFree
	if known {
		c.occupancy = l.stands(d)
		all := on(d, l.found)
		for i, s := range all {
			if i == len(lines)-1 && len(all) > len(lines) {
				lines[i] = t.T("calendar.others", "count", len(all)-i)
				break
			}
			lines[i] = join(" ", hours(t, s.From, s.To), whose(s.Booking))
		}
		text, style = c.occupancy.words(t)
		c.state.SetStyle(style)
	}
	c.state.SetText(text)
	for i, x := range c.lines {
		x.SetText(lines[i])
	}
	c.box.Refresh()
}
