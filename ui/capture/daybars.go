package capture

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// dayBars draws a day from its first hour to its last: each booking as a bar, and beneath them what is wished for.
type dayBars struct {
	hours []*control.Label
	track *control.Ground
	bars  []timeBar
	lanes int
	box   *fyne.Container
}

// timeBar is a stretch of the day with its words.
type timeBar struct {
	stretch
	lane   int
	object fyne.CanvasObject
}

const (
	barHeight = 24 // at 100 %
	barGap    = 3
	barLeast  = 10 // width of a bar that hardly lies within the hours that are shown
)

func newDayBars() *dayBars {
	b := &dayBars{track: control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = p.Surface, p.Line, 1, 6
	})}
	for h := firstHour; h <= lastHour; h += 2 {
		b.hours = append(b.hours, control.NewLabel(strconv.Itoa(h), control.Tiny))
	}
	b.box = container.New(barsLayout{b})
	return b
}

// show draws a day and a wish for it.
func (b *dayBars) show(t *i18n.Texts, w wish, slots []slot) {
	lane, n := lanes(slots)
	b.bars, b.lanes = nil, n
	for i, s := range slots {
		b.bars = append(b.bars, timeBar{s.stretch, lane[i], bookingBar(t, s, w.timed && s.meets(w.stretch))})
	}
	if w.timed {
		b.bars = append(b.bars, timeBar{w.stretch, n, newTimeBar(t.T("calendar.yours", "hours", stretchText(t, w.stretch)), control.Link,
			func(r *canvas.Rectangle, p *look.Colors) { r.FillColor, r.StrokeColor = p.AccentSoft, p.Accent })})
		b.lanes++
	}
	b.lanes = max(1, b.lanes)
	b.box.Objects = []fyne.CanvasObject{b.track}
	for _, h := range b.hours {
		b.box.Add(h)
	}
	for _, x := range b.bars {
		b.box.Add(x.object)
	}
	b.box.Refresh()
}

// bookingBar is the bar of a booking; one that is in the way says so with a sign.
func bookingBar(t *i18n.Texts, s slot, clash bool) fyne.CanvasObject {
	text, style := join(" ", hours(t, s.From, s.To), whose(s.Booking)), control.Body
	if clash {
		text, style = control.SignWarn+" "+text, control.Waiting
	}
	return newTimeBar(text, style, func(r *canvas.Rectangle, p *look.Colors) {
		r.FillColor, r.StrokeColor = p.Surface2, p.Ink2
		if clash {
			r.FillColor, r.StrokeColor = p.WaitingSoft, p.Waiting
		}
	})
}

func newTimeBar(text string, style control.Style, paint func(r *canvas.Rectangle, p *look.Colors)) fyne.CanvasObject {
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.StrokeWidth, r.CornerRadius = 1, 5
		paint(r, p)
	})
	return container.NewStack(ground, control.Pad(0, 6, 0, 6, control.NewShort(text, style)))
}

// stretchText writes a stretch of a day, nothing for the whole of it.
func stretchText(t *i18n.Texts, s stretch) string {
	if s == whole {
		return ""
	}
	clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m%dayMinutes/60, m%60) }
	return hours(t, clock(s.from), clock(s.to))
}

// barsLayout sets the hours above and the bars beneath them.
type barsLayout struct{ b *dayBars }

func (l barsLayout) axis() float32 { return l.b.hours[0].MinSize().Height + 2 }

func (l barsLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, l.axis()+float32(l.b.lanes)*(look.Px(barHeight)+barGap)+barGap)
}

func (l barsLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	b, axis, high := l.b, l.axis(), look.Px(barHeight)
	for i, h := range b.hours {
		m := h.MinSize()
		x := float32(i) / float32(len(b.hours)-1) * s.Width
		h.Move(fyne.NewPos(max(0, min(s.Width-m.Width, x-m.Width/2)), 0))
		h.Resize(m)
	}
	b.track.Move(fyne.NewPos(0, axis))
	b.track.Resize(fyne.NewSize(s.Width, s.Height-axis))
	for _, x := range b.bars {
		from, to := x.shares()
		left := min(from*s.Width, s.Width-barLeast)
		x.object.Move(fyne.NewPos(left+1, axis+barGap+float32(x.lane)*(high+barGap)))
		x.object.Resize(fyne.NewSize(max(barLeast, (to-from)*s.Width)-2, high))
	}
}
