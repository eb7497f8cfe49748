package search

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Day is a day as somebody typed it. Where the year had two digits it is one of two centuries.
type Day struct {
	Years      []int // one, or two
	Month, Day int   // 0: not typed
}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$`)
	slashed   = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$`)
	together  = regexp.MustCompile(`^(\d{2})(\d{2})((?:19|20)\d{2})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	yearMonth = regexp.MustCompile(`^(\d{4})-(\d{1,2})$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[./](\d{4})$`)
	onlyYear  = regexp.MustCompile(`^(\d{4})$`)
)

// whole reads a day with all its parts.
func whole(s string) (Day, bool) {
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return day(m[3], m[2], m[1])
	}
	if m := slashed.FindStringSubmatch(s); m != nil {
		return day(m[3], m[2], m[1])
	}
	if m := together.FindStringSubmatch(s); m != nil {
		return day(m[3], m[2], m[1])
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return day(m[1], m[2], m[3])
	}
	return Day{}, false
}

// part reads a day, a month or a year.
func part(s string) (Day, bool) {
	if d, ok := whole(s); ok {
		return d, true
	}
	if m := yearMonth.FindStringSubmatch(s); m != nil {
		return day(m[1], m[2], "")
	}
	if m := monthYear.FindStringSubmatch(s); m != nil {
		return day(m[2], m[1], "")
	}
	if m := onlyYear.FindStringSubmatch(s); m != nil {
		return day(m[1], "", "")
	}
	return Day{}, false
}

const firstYear = 1000 // what is earlier is no year but a number

func day(year, month, dom string) (Day, bool) {
	n := func(s string) int {
		v, _ := strconv.Atoi(s) // digits only; "" is none
		return v
	}
	d := Day{Years: []int{n(year)}, Month: n(month), Day: n(dom)}
	if len(year) == 2 {
		d.Years = []int{1900 + n(year), 2000 + n(year)}
	}
	if month != "" && (d.Month < 1 || d.Month > 12) || dom != "" && d.Day < 1 || d.Years[0] < firstYear {
		return Day{}, false
	}
	var years []int
	for _, y := range d.Years {
		if d.Day <= daysIn(y, d.Month) {
			years = append(years, y)
		}
	}
	d.Years = years
	return d, len(years) > 0
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Dates are the day as data have it, "1980-02-01", or its beginning where not all of it was typed.
func (d Day) Dates() (out []string) {
	for _, y := range d.Years {
		s := fmt.Sprintf("%04d", y)
		if d.Month > 0 {
			s += fmt.Sprintf("-%02d", d.Month)
		}
		if d.Day > 0 {
			s += fmt.Sprintf("-%02d", d.Day)
		}
		out = append(out, s)
	}
	return out
}

// String is the day as it is typed.
func (d Day) String() string {
	year := strconv.Itoa(d.Years[0])
	if len(d.Years) > 1 {
		year = year[2:]
	}
	switch {
	case d.Month == 0:
		return year
	case d.Day == 0:
		return fmt.Sprintf("%s-%02d", year, d.Month)
	}
	return fmt.Sprintf("%d.%d.%s", d.Day, d.Month, year)
}

// last is the latest of the years: for a time span a year of two digits is one of this century.
func (d Day) last() int { return d.Years[len(d.Years)-1] }

// begin is the first day of what was typed, end its last, as 2006-01-02.
func (d Day) begin() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.last(), max(d.Month, 1), max(d.Day, 1))
}

func (d Day) end() string {
	month, dom := d.Month, d.Day
	if month == 0 {
		month = 12
	}
	if dom == 0 {
		dom = daysIn(d.last(), month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.last(), month, dom)
}

// months are the names of months as texts have them, folded, in German and English.
var months = [13][]string{
	1: {"januar", "janner", "jan", "january"}, 2: {"februar", "feber", "feb", "february"}, 3: {"marz", "mrz", "mar", "march"},
	4: {"april", "apr"}, 5: {"mai", "may"}, 6: {"juni", "jun", "june"}, 7: {"juli", "jul", "july"}, 8: {"august", "aug"},
	9: {"september", "sept", "sep"}, 10: {"oktober", "okt", "october", "oct"}, 11: {"november", "nov"}, 12: {"dezember", "dez", "december", "dec"},
}

// named finds days with the name of their month, "1. Februar 1980", and such as are typed with blanks, "1. 2. 1980".
var named = regexp.MustCompile(`(?i)(^|[\s*])(\d{1,2})(?:\.\s*|\s+)(?:(\d{1,2})\.\s*|(\p{L}{3,9})\.?\s+)(\d{4}|\d{2})($|[\s,;])`)

// tight writes such days as one word: "1.2.1980". What stands in quotes stays.
func tight(typed string) string {
	if strings.ContainsAny(typed, opening+closing) {
		return typed
	}
	return named.ReplaceAllStringFunc(typed, func(found string) string {
		m := named.FindStringSubmatch(found)
		month := m[3]
		for i, names := range months {
			if slices.Contains(names, Fold(m[4])) {
				month = strconv.Itoa(i)
			}
		}
		if _, ok := day(m[5], month, m[2]); month == "" || !ok {
			return found
		}
		return m[1] + m[2] + "." + month + "." + m[5] + m[6]
	})
}

// spellings are the ways in which a text may have the day, folded: "1 2 1980", "01 02 1980", "1980 02 01",
// "1 februar 1980".
func (d Day) spellings() []string {
	var out []string
	for _, y := range d.Years {
		out = append(
			out, fmt.Sprintf("%04d %02d %02d", y, d.Month, d.Day),
			fmt.Sprintf("%d %d %04d", d.Day, d.Month, y), fmt.Sprintf("%02d %02d %04d", d.Day, d.Month, y),
			fmt.Sprintf("%d %d %02d", d.Day, d.Month, y%100), fmt.Sprintf("%02d %02d %02d", d.Day, d.Month, y%100))
		for _, name := range months[d.Month] {
			out = append(out, fmt.Sprintf("%d %s %04d", d.Day, name, y), fmt.Sprintf("%02d %s %04d", d.Day, name, y))
		}
	}
	return out
}

// match asks an index for texts that may have the day.
func (d Day) match() string {
	return fmt.Sprintf(`%s AND ("%02d" OR "%d" OR "%s") AND ("%02d" OR "%d")`,
		d.MatchYear(), d.Month, d.Month, strings.Join(months[d.Month], `" OR "`), d.Day, d.Day)
}

// MatchYear asks an index for texts that have the day's year, in FTS5's language.
func (d Day) MatchYear() string {
	var years []string
	for _, y := range d.Years {
		years = append(years, fmt.Sprintf(`"%04d"`, y))
	}
	return fmt.Sprintf(`(%s OR "%02d")`, strings.Join(years, " OR "), d.Years[0]%100)
}
