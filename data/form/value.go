package form

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// kind is the type of a value in an expression.
type kind byte

const (
	kindNone kind = iota // not answered; of a condition: open
	kindBool
	kindNumber
	kindText
	kindDate // days since 1970
	kindTime // minutes since midnight
	kindList // only of values: answers of a repeated field or a multichoice
)

var kindNames = [...]string{"nothing", "a condition", "a number", "text", "a date", "a time", "a list"}

// typ is what an expression gives.
type typ struct {
	kind kind
	list bool
}

func (t typ) String() string {
	if t.list {
		return "a list (" + kindNames[t.kind] + ")"
	}
	return kindNames[t.kind]
}

// value is an answer or a result.
type value struct {
	kind kind
	text string
	num  decimal.Decimal
	n    int // days, minutes; 1 for true
	list []value
}

func boolean(b bool) value {
	if b {
		return value{kind: kindBool, n: 1}
	}
	return value{kind: kindBool}
}

func (v value) isTrue() bool  { return v.kind == kindBool && v.n == 1 }
func (v value) isFalse() bool { return v.kind == kindBool && v.n == 0 }

func (v value) none() bool {
	return v.kind == kindNone || v.kind == kindList && len(v.list) == 0
}

func number(d decimal.Decimal) value { return value{kind: kindNumber, num: d} }

func count(n int) value { return number(decimal.NewFromInt(int64(n))) }

func text(s string) value {
	if s == "" {
		return value{}
	}
	return value{kind: kindText, text: s}
}

// equal compares two values of one kind.
func (v value) equal(w value) bool {
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case kindNumber:
		return v.num.Equal(w.num)
	case kindText:
		return v.text == w.text
	case kindList:
		if len(v.list) != len(w.list) {
			return false
		}
		for i := range v.list {
			if !v.list[i].equal(w.list[i]) {
				return false
			}
		}
		return true
	}
	return v.n == w.n
}

// compare orders two values of one kind: numbers, dates or times.
func (v value) compare(w value) int {
	if v.kind == kindNumber {
		return v.num.Cmp(w.num)
	}
	return v.n - w.n
}

// kindOf is the type of a field's answer in an expression.
func (t Type) kindOf() typ {
	switch t {
	case TypeInteger, TypeDecimal, TypeMoney:
		return typ{kind: kindNumber}
	case TypeDate, TypeMonth:
		return typ{kind: kindDate}
	case TypeTime:
		return typ{kind: kindTime}
	case TypeBoolean:
		return typ{kind: kindBool}
	case TypeMulti, TypeFile:
		return typ{kind: kindText, list: true}
	case TypeNote:
		return typ{}
	}
	return typ{kind: kindText}
}

const daySeconds = 24 * 60 * 60

// dayOf is the day number of the calendar day that t shows in its own zone.
func dayOf(t time.Time) int {
	y, m, d := t.Date()
	return dayNumber(y, int(m), d)
}

func dayNumber(y, m, d int) int {
	return int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

func civil(day int) time.Time { return time.Unix(int64(day)*daySeconds, 0).UTC() }

// The calendar that forms know. Results outside it are open.
var (
	firstDay = dayNumber(1000, 1, 1)
	lastDay  = dayNumber(9999, 12, 31)
)

func date(day int) value {
	if day < firstDay || day > lastDay {
		return value{}
	}
	return value{kind: kindDate, n: day}
}

// addMonths moves a day by months; where the month is too short its last day is taken (§ 188 (3) BGB).
func addMonths(day, months int) int {
	t := civil(day)
	m := int(t.Month()) - 1 + months
	y := t.Year() + m/12
	if m %= 12; m < 0 {
		m += 12
		y--
	}
	last := time.Date(y, time.Month(m+2), 0, 0, 0, 0, 0, time.UTC).Day()
	return dayNumber(y, m+1, min(t.Day(), last))
}

// monthsBetween counts the whole months from a to b; negative if b is before a. A person born on
// 29 February completes a year of life with 28 February, so is older from 1 March on (§§ 187, 188 BGB).
func monthsBetween(a, b int) int {
	if b < a {
		return -monthsBetween(b, a)
	}
	s, t := civil(a), civil(b)
	n := (t.Year()-s.Year())*12 + int(t.Month()) - int(s.Month())
	if t.Day() < s.Day() {
		n--
	}
	return n
}

// canonical writes a value the way record.Values holds it.
func (v value) canonical() string {
	switch v.kind {
	case kindBool:
		if v.n == 1 {
			return "true"
		}
		return "false"
	case kindNumber:
		return v.num.String()
	case kindText:
		return v.text
	case kindDate:
		return civil(v.n).Format(time.DateOnly)
	case kindTime:
		return clock(v.n)
	case kindList:
		parts := make([]string, len(v.list))
		for i, x := range v.list {
			parts[i] = x.canonical()
		}
		return strings.Join(parts, "\n")
	}
	return ""
}

func clock(minutes int) string {
	return string([]byte{
		byte('0' + minutes/600), byte('0' + minutes/60%10), ':', byte('0' + minutes%60/10), byte('0' + minutes%10),
	})
}

// decode reads a canonical answer of the field's type.
func (f *Field) decode(s string) value {
	if s == "" {
		return value{}
	}
	switch f.Type {
	case TypeInteger, TypeDecimal, TypeMoney:
		d, err := decimal.NewFromString(s)
		if err != nil {
			return value{}
		}
		return number(d)
	case TypeDate, TypeMonth:
		layout := time.DateOnly
		if f.Type == TypeMonth {
			layout = "2006-01"
		}
		t, err := time.Parse(layout, s)
		if err != nil {
			return value{}
		}
		return date(dayOf(t))
	case TypeTime:
		t, err := time.Parse("15:04", s)
		if err != nil {
			return value{}
		}
		return value{kind: kindTime, n: t.Hour()*60 + t.Minute()}
	case TypeBoolean:
		return boolean(s == "true")
	case TypeMulti, TypeFile:
		v := value{kind: kindList}
		for p := range strings.SplitSeq(s, "\n") {
			v.list = append(v.list, text(p))
		}
		return v
	}
	return text(s)
}
