package capture

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// hour writes a time of day for a sentence: "18", "18:30".
func hour(t *i18n.Texts, clock string) string {
	clock = strings.TrimPrefix(clock, "0")
	if t.Lang() == i18n.Default {
		clock = strings.TrimSuffix(clock, ":00")
	}
	return clock
}

// hours writes from when to when: "18–23", or nothing for the whole day.
func hours(t *i18n.Texts, from, to string) string {
	if from == "" && to == "" {
		return ""
	}
	return hour(t, from) + "–" + hour(t, to)
}

// clashWords is the sentence about a booking that takes something away.
func clashWords(t *i18n.Texts, thing string, b record.Booking) string {
	who := join(" ", caseNumber(t, b.Number), whose(b))
	if b.From == "" && b.To == "" {
		return t.T("calendar.clash.day", "thing", thing, "day", t.DateText(b.Day), "who", who)
	}
	from, to := b.From, b.To
	if from == "" {
		from = "00:00"
	}
	if to == "" {
		to = "24:00"
	}
	return t.T("calendar.clash", "thing", thing, "day", t.DateText(b.Day), "from", hour(t, from), "to", hour(t, to), "who", who)
}

// whose is who has booked, or what for.
func whose(b record.Booking) string {
	if b.Party != "" {
		return b.Party
	}
	return b.Subject
}

func weekday(t *i18n.Texts, d day) string {
	return t.T("calendar.weekday." + strconv.Itoa(int(d.t.Weekday())))
}

func weekdayShort(t *i18n.Texts, d day) string {
	return t.T("time.day" + strconv.Itoa(int(d.t.Weekday())))
}

// sign and words of a day's state.
func (o occupancy) words(t *i18n.Texts) (text string, style control.Style) {
	switch o {
	case dayTaken:
		return control.SignWarn + " " + t.T("calendar.taken"), control.Waiting
	case dayPart:
		return control.SignOpen + " " + t.T("calendar.part"), control.Small
	case dayFree:
	}
	return control.SignDone + " " + t.T("calendar.free"), control.Good
}

// calendarView stands beneath the fields of something that is lent: what is booked on the day, hour by hour, and
// how the days around stand. It takes no keys; a click opens the month.
type calendarView struct {
	widget.BaseWidget
	texts  *i18n.Texts
	tapped func()
	title  *control.Label
	hint   *control.Label
	bars   *dayBars
	days   *fyne.Container
	rest   *fyne.Container // all but the hint
	body   *fyne.Container
}

func newCalendarView(texts *i18n.Texts, key string, tapped func()) *calendarView {
	v := &calendarView{texts: texts, tapped: tapped, title: control.NewShort("", control.Strong), hint: control.NewParagraph("", control.Small)}
	v.bars = newDayBars()
	v.days = container.New(daysLayout{})
	v.rest = control.Column(10,
		control.Row(8, control.Grow(v.title), control.NewKeyCap(key), control.NewLabel(texts.T("calendar.key.month"), control.Small)), v.bars.box, v.days)
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface2, p.Line, 1, look.RadiusField
	})
	v.body = container.NewStack(ground, control.Pad(10, 12, 12, 12, control.Column(0, v.rest, v.hint)))
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer belongs to Fyne.
func (v *calendarView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Tapped opens the month.
func (v *calendarView) Tapped(*fyne.PointEvent) { v.tapped() }

// MinSize is the height at the width it has.
func (v *calendarView) MinSize() fyne.Size {
	v.ExtendBaseWidget(v)
	return v.body.MinSize()
}

// say shows one sentence instead of a day.
func (v *calendarView) say(text string) {
	v.rest.Hide()
	v.hint.Show()
	v.hint.SetText(text)
	v.body.Refresh()
}

// show draws the day of a wish, with what the calendar has for the days around.
func (v *calendarView) show(w wish, thing string, found []record.Booking) {
	t := v.texts
	v.rest.Show()
	v.hint.Hide()
	v.title.SetText(t.T("calendar.title", "weekday", weekday(t, w.on), "day", t.DateText(w.on.String()), "thing", thing))
	v.bars.show(t, w, on(w.on, found))
	v.days.Objects = nil
	for _, d := range fortnight(w.on) {
		v.days.Add(v.cell(d, w, stands(d, w.stretch, w.timed, found)))
	}
	v.body.Refresh()
}

func (v *calendarView) cell(d day, w wish, o occupancy) fyne.CanvasObject {
	text, style := o.words(v.texts)
	name := control.Caption
	if d == w.on {
		name = control.Link
	}
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface, p.Line, 1, 6
		if o == dayTaken {
			r.FillColor = p.WaitingSoft
		}
		if d == w.on {
			r.StrokeColor, r.StrokeWidth = p.Accent, 2
		}
	})
	date := weekdayShort(v.texts, d) + " " + strconv.Itoa(d.t.Day()) + "." + strconv.Itoa(int(d.t.Month())) + "."
	if v.texts.Lang() != i18n.Default {
		date = weekdayShort(v.texts, d) + " " + d.t.Format("2 Jan")
	}
	return container.NewStack(ground, control.Pad(4, 4, 4, 5, control.Column(0, control.NewShort(date, name), control.NewShort(text, style))))
}

// daysLayout sets fourteen days in two rows of a week each.
type daysLayout struct{}

const dayGap = 4

func (daysLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, x := range o {
		h = max(h, x.MinSize().Height)
	}
	return fyne.NewSize(200, 2*h+dayGap)
}

func (daysLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w, h := (s.Width-6*dayGap)/7, (s.Height-dayGap)/2
	for i, x := range o {
		x.Move(fyne.NewPos(float32(i%7)*(w+dayGap), float32(i/7)*(h+dayGap)))
		x.Resize(fyne.NewSize(w, h))
	}
}
