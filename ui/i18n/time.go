package i18n

import (
	"fmt"
	"time"
)

// Date writes a day: 23.11.2026, in English 23 Nov 2026.
func (t *Texts) Date(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	if t.lang == Default {
		return d.Format("02.01.2006")
	}
	return d.Format("2 Jan 2006")
}

// DateText writes a canonical day (2006-01-02) as Date does; other text is returned as it is.
func (t *Texts) DateText(canonical string) string {
	d, err := time.Parse(time.DateOnly, canonical)
	if err != nil {
		return canonical
	}
	return t.Date(d)
}

// Time writes the time of day: 10:48.
func (t *Texts) Time(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	return d.Format("15:04")
}

// DateTime writes day and time: 23.11.2026, 10:48.
func (t *Texts) DateTime(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	return t.Date(d) + ", " + t.Time(d)
}

// When writes a past moment as a clerk says it: the time if it was today, "gestern", then the day.
func (t *Texts) When(d, now time.Time) string {
	if d.IsZero() {
		return ""
	}
	d = d.In(now.Location())
	switch daysBetween(d, now) {
	case 0:
		return t.Time(d)
	case 1:
		return t.T("time.yesterday")
	}
	return t.Date(d)
}

// WhenLong is When with words for today and the time for yesterday: "heute 10:48", "gestern 16:02".
func (t *Texts) WhenLong(d, now time.Time) string {
	if d.IsZero() {
		return ""
	}
	d = d.In(now.Location())
	switch daysBetween(d, now) {
	case 0:
		return t.T("time.today_at", "time", t.Time(d))
	case 1:
		return t.T("time.yesterday_at", "time", t.Time(d))
	}
	return t.DateTime(d)
}

// Due writes a day to come as short as can be: "heute", "morgen", "Do, 26.11.", "04.12.", and the full
// date in another year; a day gone by is "überfällig".
func (t *Texts) Due(canonical string, now time.Time) string {
	d, err := time.ParseInLocation(time.DateOnly, canonical, now.Location())
	if err != nil {
		return canonical
	}
	switch n := -daysBetween(d, now); {
	case n < 0:
		return t.T("time.overdue")
	case n == 0:
		return t.T("time.today")
	case n == 1:
		return t.T("time.tomorrow")
	case n < 7:
		return t.T("time.weekday", "day", t.T(fmt.Sprintf("time.day%d", d.Weekday())), "date", t.dayMonth(d))
	}
	if d.Year() == now.Year() {
		return t.dayMonth(d)
	}
	return t.Date(d)
}

func (t *Texts) dayMonth(d time.Time) string {
	if t.lang == Default {
		return d.Format("02.01.")
	}
	return d.Format("2 Jan")
}

// Age writes how long something has lasted: "gerade eben", "12 Min.", "2 Std.", "3 Tage".
func (t *Texts) Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return t.T("time.now")
	case d < time.Hour:
		return t.T("time.minutes", "count", int(d.Minutes()))
	case d < 48*time.Hour:
		return t.T("time.hours", "count", int(d.Hours()))
	}
	return t.T("time.days", "count", int(d.Hours()/24))
}

// Ago writes how long ago something was: "gerade eben", "vor 12 Min.".
func (t *Texts) Ago(d time.Duration) string {
	if d < time.Minute {
		return t.T("time.now")
	}
	return t.T("time.ago", "age", t.Age(d))
}

// Size writes a number of bytes: "340 kB", "1,2 MB".
func (t *Texts) Size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	s := fmt.Sprintf("%.1f MB", float64(n)/1e6)
	if t.lang == Default {
		return fmt.Sprintf("%d,%d MB", n/1_000_000, n%1_000_000/100_000)
	}
	return s
}

// Number writes a count with the language's separator of thousands: 100.000.
func (t *Texts) Number(n int) string {
	s := fmt.Sprint(n)
	sep := ","
	if t.lang == Default {
		sep = "."
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

// daysBetween counts midnights from d to now.
func daysBetween(d, now time.Time) int {
	y1, m1, d1 := d.Date()
	y2, m2, d2 := now.Date()
	a := time.Date(y1, m1, d1, 12, 0, 0, 0, time.UTC)
	b := time.Date(y2, m2, d2, 12, 0, 0, 0, time.UTC)
	return int(b.Sub(a).Hours() / 24)
}
