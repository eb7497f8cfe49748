package capture

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/ui/command"
	"schalter/ui/control"
)

// calendarKey shows the month.
var calendarKey = command.Ctrl(fyne.KeyB)

// calendars is the calendar at the screen: beneath the fields of what is lent, over the window by the month, and
// a word about what is taken already.
type calendars struct {
	s     *Screen
	views map[*page]*calendarView
	strip *clashStrip
}

func newCalendars(s *Screen) *calendars {
	c := &calendars{s: s, views: map[*page]*calendarView{}}
	c.strip = newClashStrip(c)
	return c
}

// changed draws what has changed for the tab in front.
func (c *calendars) changed(t *Tab, parts Part) {
	if parts&(PartCalendar|PartTabs|PartPhase) == 0 {
		return
	}
	c.forget()
	for _, p := range c.s.m.diary.pages(t) {
		c.update(t, p)
	}
	if v := c.s.forms[t]; v != nil && len(c.s.m.diary.pages(t)) > 0 {
		v.Relay()
	}
	c.strip.update(t)
}

// forget drops the views of drafts that are closed.
func (c *calendars) forget() {
	kept := map[*page]bool{}
	for _, t := range c.s.m.Tabs() {
		for _, p := range c.s.m.diary.pages(t) {
			kept[p] = true
		}
	}
	for p := range c.views {
		if !kept[p] {
			delete(c.views, p)
		}
	}
}

// update draws what stands beneath the fields of a spot.
func (c *calendars) update(t *Tab, p *page) {
	texts := c.s.texts
	v := c.views[p]
	if v == nil {
		v = newCalendarView(texts, calendarKey.Label(texts), func() { c.open(t, p) })
		c.views[p] = v
	}
	w, ok := t.wish(p.spot)
	switch {
	case !ok:
		v.say(texts.T("calendar.hint"))
	case p.covers(w):
		v.show(w, t.thing(w), p.found)
	case p.stale:
		v.say(texts.T("calendar.unread"))
	default:
		v.say(texts.T("calendar.reading"))
	}
}

// beneath is what stands beneath a field, nil for nothing.
func (c *calendars) beneath(t *Tab, path string) fyne.CanvasObject {
	for _, p := range c.s.m.diary.pages(t) {
		if p.spot.anchor == path && t.wanted(p.spot.part) {
			if c.views[p] == nil {
				c.update(t, p)
			}
			return c.views[p]
		}
	}
	return nil
}

// onPage is a tab as the form view shows it, with the calendar in it.
type onPage struct {
	fields
	s *Screen
}

// Beneath belongs to formview.Host.
func (o onPage) Beneath(path string) fyne.CanvasObject { return o.s.calendar.beneath(o.Tab, path) }

func (c *calendars) commands() []command.Command {
	return []command.Command{{ID: "capture.calendar", Keys: []command.Key{calendarKey}, Enabled: func() bool { return c.at() != nil }, Run: c.s.with(func(t *Tab) { c.open(t, c.at()) })}}
}

// at is the page that the month is shown for: that of the fields with the cursor, else the first.
func (c *calendars) at() *page {
	t := c.s.tab()
	if t == nil || c.s.d.Keys == nil {
		return nil
	}
	var first *page
	for _, p := range c.s.m.diary.pages(t) {
		switch {
		case !t.wanted(p.spot.part):
		case slices.Contains(p.spot.paths(), t.Focus()):
			return p
		case first == nil:
			first = p
		}
	}
	return first
}

// open shows the month over the window.
func (c *calendars) open(t *Tab, p *page) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(c.s.root)
	if canvas == nil || p == nil || c.s.tab() != t || c.s.d.Keys == nil {
		return
	}
	showMonth(canvas, c.s, t, p.spot)
}

// clashStrip is the quiet line that says that what is wanted is taken. It takes no keys.
type clashStrip struct {
	c    *calendars
	text *control.Label
	more *control.Label
	box  *fyne.Container
}

func newClashStrip(c *calendars) *clashStrip {
	texts := c.s.texts
	x := &clashStrip{c: c, text: control.NewShort("", control.Body), more: control.NewShort("", control.Small)}
	look := control.NewButton(texts.T("calendar.look"), calendarKey.Label(texts), control.Plain, func() { c.open(c.s.tab(), c.at()) })
	x.box = control.Row(10, control.NewPill(control.SignWarn, texts.T("calendar.strip"), control.KindWaiting),
		control.Grow(control.Upright(control.Column(0, x.text, x.more))), look)
	x.box.Hide()
	return x
}

// update says the clashes of the tab in front that nobody has given a reason for.
func (x *clashStrip) update(t *Tab) {
	var open []string
	if t != nil && t.phase == Filling {
		for _, f := range t.clashFindings() {
			if strings.HasPrefix(f.Rule, bookingRule) && f.Open() {
				open = append(open, f.Text)
			}
		}
	}
	was := x.box.Visible()
	x.box.Hidden = len(open) == 0
	if len(open) > 0 {
		x.text.SetText(open[0])
		x.more.Hidden = len(open) == 1
		x.more.SetText(x.c.s.texts.N("calendar.more", len(open)-1))
	}
	if was != x.box.Visible() {
		x.c.s.root.Refresh()
	} else if was {
		x.box.Refresh()
	}
}
