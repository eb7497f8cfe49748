package capture

import (
	"slices"
	"time"

	"schalter/data/record"
)

const dayMinutes = 24 * 60

// stretch is a time from a minute to another, counted from the midnight that begins some day; it may begin
// before that day and end after it.
type stretch struct{ from, to int }

// whole is a day from midnight to midnight.
var whole = stretch{0, dayMinutes}

// stretchOf reads times of day. Where nothing is said it is the beginning or the end of the day; an end that
// is not after the beginning lies on the next day.
func stretchOf(from, to string) stretch {
	s := stretch{minute(from, 0), minute(to, dayMinutes)}
	if s.to <= s.from {
		s.to += dayMinutes
	}
	return s
}

func minute(clock string, otherwise int) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return otherwise
	}
	return t.Hour()*60 + t.Minute()
}

func (s stretch) meets(o stretch) bool { return s.from < o.to && o.from < s.to }

func (s stretch) later(days int) stretch {
	return stretch{s.from + days*dayMinutes, s.to + days*dayMinutes}
}

// day is a day of the calendar; the zero day is none.
type day struct{ t time.Time }

func dayOf(canonical string) (day, bool) {
	t, err := time.Parse(time.DateOnly, canonical)
	return day{t}, err == nil
}

func (d day) String() string       { return d.t.Format(time.DateOnly) }
func (d day) plus(days int) day    { return day{d.t.AddDate(0, 0, days)} }
func (d day) since(o day) int      { return int(d.t.Sub(o.t).Hours() / 24) }
func (d day) weekday() int         { return (int(d.t.Weekday()) + 6) % 7 } // Monday is 0
func (d day) monday() day          { return d.plus(-d.weekday()) }
func (d day) month() day           { return d.plus(1 - d.t.Day()) }
func (d day) sameMonth(o day) bool { return d.month() == o.month() }

// nextMonth is the same day in a later or earlier month, the last one where that month is shorter.
func (d day) nextMonth(by int) day {
	first := day{d.month().t.AddDate(0, by, 0)}
	last := day{first.t.AddDate(0, 1, -1)}
	return first.plus(min(d.t.Day(), last.t.Day()) - 1)
}

// slot is a booking as it lies on a day.
type slot struct {
	record.Booking
	stretch
}

// on lists what of the bookings lies on a day, in the order of time. A booking of the evening before that goes
// on after midnight is among them.
func on(d day, all []record.Booking) []slot {
	var out []slot
	for _, b := range all {
		begins, ok := dayOf(b.Day)
		if !ok {
			continue
		}
		if s := stretchOf(b.From, b.To).later(begins.since(d)); s.meets(whole) {
			out = append(out, slot{b, s})
		}
	}
	slices.SortStableFunc(out, func(a, b slot) int { return a.from - b.from })
	return out
}

// clashing lists the bookings that a stretch of a day meets, also where it goes on after midnight.
func clashing(d day, wish stretch, all []record.Booking) []slot {
	var out []slot
	for _, b := range all {
		begins, ok := dayOf(b.Day)
		if !ok {
			continue
		}
		if s := stretchOf(b.From, b.To).later(begins.since(d)); s.meets(wish) {
			out = append(out, slot{b, s})
		}
	}
	slices.SortStableFunc(out, func(a, b slot) int { return a.from - b.from })
	return out
}

// occupancy is how a day stands for a wish.
type occupancy int

// The states of a day, in words: frei, teils belegt, vergeben.
const (
	dayFree  occupancy = iota
	dayPart            // something is booked, but not at the time that is wished for, or no time is known
	dayTaken           // the time that is wished for meets a booking
)

// stands tells how a day stands. timed: the hours of the wish are known.
func stands(d day, wish stretch, timed bool, all []record.Booking) occupancy {
	switch {
	case timed && len(clashing(d, wish, all)) > 0:
		return dayTaken
	case len(on(d, all)) > 0:
		return dayPart
	}
	return dayFree
}

// fortnight are two whole weeks around a day: its own and, up to a Wednesday, the one before, else the next.
func fortnight(d day) [14]day {
	from := d.monday()
	if d.weekday() < 3 {
		from = from.plus(-7)
	}
	var out [14]day
	for i := range out {
		out[i] = from.plus(i)
	}
	return out
}

// monthWeeks are the six weeks that show a day's month, from a Monday.
func monthWeeks(d day) [42]day {
	from := d.month().monday()
	var out [42]day
	for i := range out {
		out[i] = from.plus(i)
	}
	return out
}

// lanes puts slots that overlap beneath each other: the lane of each, and how many there are.
func lanes(slots []slot) (lane []int, count int) {
	var ends []int
	for _, s := range slots {
		k := slices.IndexFunc(ends, func(end int) bool { return end <= s.from })
		if k < 0 {
			k = len(ends)
			ends = append(ends, 0)
		}
		ends[k] = s.to
		lane = append(lane, k)
	}
	return lane, len(ends)
}

// The hours that the bars of a day show.
const (
	firstHour = 8
	lastHour  = 24
)

// shares are where a stretch begins and ends on the bar of a day, from 0 to 1. What lies outside of the hours that
// are shown ends at their edge.
func (s stretch) shares() (from, to float32) {
	const first, all = firstHour * 60, (lastHour - firstHour) * 60
	share := func(m int) float32 { return max(0, min(1, float32(m-first)/all)) }
	return share(s.from), share(s.to)
}
