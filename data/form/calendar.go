package form

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var months = []string{"januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"}

var englishMonths = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthOf finds a month by its name or the beginning of it, three letters at least ("Mrz" too).
func monthOf(s string) int {
	s = fold(s)
	if len(s) < 3 {
		return 0
	}
	s = strings.Replace(s, "maerz", "marz", 1)
	if s == "mrz" {
		return 3
	}
	for i := range months {
		if strings.HasPrefix(months[i], s) || strings.HasPrefix(englishMonths[i], s) {
			return i + 1
		}
	}
	return 0
}

var (
	dateParts  = regexp.MustCompile(`^(\d{1,2})\s*[./,\- ]\s*(\d{1,2})\s*[./,\- ]\s*(\d{4}|\d{2})$`)
	dateShort  = regexp.MustCompile(`^(\d{1,2})\.\s*(\d{1,2})\.?$`)
	dateISO    = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dateDigits = regexp.MustCompile(`^(\d{2})(\d{2})(\d{4}|\d{2})$`)
	dateNamed  = regexp.MustCompile(`^(\d{1,2})\.?\s*(\pL{3,})\.?\s*(\d{4}|\d{2})$`)
)

// day reads a date: 1.2.26, 010226, 1.2.2026, 1.2. (this year), 2026-02-01, 1. Februar 2026, heute.
func (f *Field) day(s string, now time.Time) (string, complaint) {
	today := dayOf(now)
	switch fold(s) {
	case "heute", "today":
		return date(today).canonical(), complaint{}
	case "gestern", "yesterday":
		return date(today - 1).canonical(), complaint{}
	case "morgen", "tomorrow":
		return date(today + 1).canonical(), complaint{}
	}
	if m := dateISO.FindStringSubmatch(s); m != nil {
		return onDay(number3(m[3], m[2], m[1]))
	}
	for _, form := range []*regexp.Regexp{dateDigits, dateParts} {
		if m := form.FindStringSubmatch(s); m != nil {
			d, mo, y := number3(m[1], m[2], m[3])
			return onDay(d, mo, f.century(d, mo, y, len(m[3]), now))
		}
	}
	if m := dateShort.FindStringSubmatch(s); m != nil {
		d, mo, _ := number3(m[1], m[2], "0")
		return onDay(d, mo, now.Year())
	}
	if m := dateNamed.FindStringSubmatch(s); m != nil {
		if mo := monthOf(m[2]); mo > 0 {
			d, _, y := number3(m[1], "0", m[3])
			return onDay(d, mo, f.century(d, mo, y, len(m[3]), now))
		}
	}
	return "", wrong("date", "value", shorten(s))
}

func number3(a, b, c string) (int, int, int) {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	z, _ := strconv.Atoi(c)
	return x, y, z
}

// century completes a year of two digits: the latest year that is at most ten years away, and not after
// the field's upper limit, so that a birthday "2.5.30" is in 1930.
func (f *Field) century(d, m, y, digits int, now time.Time) int {
	if digits != 2 {
		return y
	}
	y += now.Year() / 100 * 100
	if y > now.Year()+10 {
		y -= 100
	}
	if hi := f.limits.max; hi.set && m >= 1 && m <= 12 {
		if last := hi.at(dayOf(now)); last.kind == kindDate && dayNumber(y, m, d) > last.n && y > now.Year()-1 {
			y -= 100
		}
	}
	return y
}

func onDay(d, m, y int) (string, complaint) {
	switch {
	case m < 1 || m > 12:
		return "", wrong("month_range", "month", m)
	case d < 1 || d > 31:
		return "", wrong("day_range", "day", d)
	case y < 1850 || y > 2200:
		return "", wrong("year_range", "year", y)
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return "", wrong("no_such_day", "date", fmt.Sprintf("%d.%d.%d", d, m, y), "last", time.Date(y, time.Month(m+1), 0, 0, 0, 0, 0, time.UTC).Day())
	}
	return t.Format(time.DateOnly), complaint{}
}

var (
	monthParts  = regexp.MustCompile(`^(?:\d{1,2}\.)?(\d{1,2})\s*[./\- ]\s*(\d{4}|\d{2})$`)
	monthISO    = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-\d{1,2})?$`)
	monthDigits = regexp.MustCompile(`^(\d{2})(\d{4}|\d{2})$`)
	monthNamed  = regexp.MustCompile(`^(\pL{3,})\.?\s*(\d{4}|\d{2})$`)
)

// readMonth reads a month: 3/24, 03/2024, 0324, März 2024, 2024-03, or a whole date in it.
func readMonth(s string, now time.Time) (string, complaint) {
	var m, y, digits int
	if p := monthISO.FindStringSubmatch(s); p != nil {
		y, m, _ = number3(p[1], p[2], "0")
		digits = 4
	} else if p := monthNamed.FindStringSubmatch(s); p != nil && monthOf(p[1]) > 0 {
		m = monthOf(p[1])
		y, _, _ = number3(p[2], "0", "0")
		digits = len(p[2])
	} else {
		for _, form := range []*regexp.Regexp{monthParts, monthDigits} {
			if p := form.FindStringSubmatch(s); p != nil {
				m, y, _ = number3(p[1], p[2], "0")
				digits = len(p[2])
				break
			}
		}
	}
	if digits == 2 {
		if y += now.Year() / 100 * 100; y > now.Year()+10 {
			y -= 100
		}
	}
	switch {
	case digits == 0:
		return "", wrong("month", "value", shorten(s))
	case m < 1 || m > 12:
		return "", wrong("month_range", "month", m)
	case y < 1850 || y > 2200:
		return "", wrong("year_range", "year", y)
	}
	return fmt.Sprintf("%04d-%02d", y, m), complaint{}
}

var (
	timeParts  = regexp.MustCompile(`^(\d{1,2})\s*[:.h]\s*(\d{2})$`)
	timeDigits = regexp.MustCompile(`^(\d{1,2})(\d{2})$`)
	timeHour   = regexp.MustCompile(`^(\d{1,2})$`)
)

// readTime reads a time of day: 8:30, 8.30, 0830, 830, 8 Uhr, 14h30, jetzt.
func readTime(s string, now time.Time) (string, complaint) {
	low := strings.ToLower(s)
	if low == "jetzt" || low == "now" {
		return clock(now.Hour()*60 + now.Minute()), complaint{}
	}
	low = strings.TrimSpace(strings.TrimSuffix(low, "uhr"))
	for _, form := range []*regexp.Regexp{timeParts, timeHour, timeDigits} {
		p := form.FindStringSubmatch(low)
		if p == nil {
			continue
		}
		h, m, _ := number3(p[1], "0", "0")
		if len(p) > 2 {
			h, m, _ = number3(p[1], p[2], "0")
		}
		if h > 23 || m > 59 {
			return "", wrong("time_range", "value", shorten(s))
		}
		return clock(h*60 + m), complaint{}
	}
	return "", wrong("time", "value", shorten(s))
}
