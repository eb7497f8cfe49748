package xlsform

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"schalter/data/record"
)

var operators = map[string]string{"=": "equal", "!=": "equal", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}

var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func number(s string) json.Number { return json.Number(s) }

// numeral is a constant number as the native format writes it.
func (s *scope) numeral(text string) value {
	d, err := decimal.NewFromString(strings.TrimSuffix(text, "."))
	n := d.String()
	if err != nil || len(n) > 30 {
		return s.fail(record.CodeXLSComplex)
	}
	return value{js: number(n), kind: kindNumber, lit: &n}
}

func zero(n string) bool {
	d, err := decimal.NewFromString(n)
	return err == nil && d.IsZero()
}

// compare translates a comparison with the meaning it has in XPath 1.0: what is not answered is an empty
// text, equal to another empty text and to nothing else, and neither above nor below anything.
func (s *scope) compare(t *tree, m mode) any {
	a, b := s.single(s.value(t.args[0])), s.single(s.value(t.args[1]))
	if s.failed {
		return true
	}
	sign := t.text
	if a.lit != nil && b.lit == nil {
		a, b, sign = b, a, mirrored[sign]
	}
	switch {
	case a.now || b.now:
		return s.moment(t, a, b, sign, m)
	case b.kind == kindNothing:
		return s.blank(t, a, sign)
	case a.kind == kindBool || b.kind == kindBool:
		return s.compareBool(t, a, b, sign)
	case a.multi || b.multi:
		return s.compareMulti(t, a, b, sign)
	}
	return s.compareAnswers(t, a, b, sign, m)
}

// compareAnswers compares what was chosen or typed.
func (s *scope) compareAnswers(t *tree, a, b value, sign string, m mode) any {
	if a.leaf != nil && a.leaf.options != nil && b.lit != nil {
		return s.codes(a, b, sign, m)
	}
	a, b, ok := s.alike(a, b, sign)
	if !ok || a.kind == kindNothing {
		s.kinds(t)
		return true
	}
	return s.alikeCompared(a, b, sign, m)
}

func (s *scope) alikeCompared(a, b value, sign string, m mode) any {
	e := s.op(operators[sign], a.js, b.js)
	switch sign {
	case "!=":
		e = s.op("not", e)
		fallthrough
	case "=":
		if a.open && b.open && a.blankEqual() && b.blankEqual() {
			return s.bothBlank(a, b, sign == "=")
		}
		return s.closed(e, sign == "!=", m, a, b)
	}
	return s.closed(e, false, m, a, b)
}

// blankEqual reports whether the value, unanswered, is an empty text and not a number that is none.
func (v value) blankEqual() bool { return v.leaf != nil || v.kind != kindNumber }

// bothBlank compares two values of which both, one or none may be unanswered.
func (s *scope) bothBlank(a, b value, equal bool) any {
	ea, eb := s.op("empty", a.js), s.op("empty", b.js)
	e := s.op("if", s.op("or", ea, eb), s.op("and", ea, eb), s.op("equal", a.js, b.js))
	if equal {
		return e
	}
	return s.op("not", e)
}

// blank compares with ”: is it answered?
func (s *scope) blank(t *tree, a value, sign string) any {
	empty := any(false)
	if a.open {
		empty = s.op("empty", a.js)
	}
	if a.kind == kindNothing {
		empty = true
	}
	switch sign {
	case "=":
		return empty
	case "!=":
		return s.op("not", empty)
	}
	s.kinds(t)
	return true
}

// moment compares a day with now(). A day begins at midnight, so it is before now if it is today or earlier.
func (s *scope) moment(t *tree, a, b value, sign string, m mode) any {
	if a.now {
		a, sign = b, mirrored[sign]
	}
	if a.now || a.kind != kindDate || sign == "=" || sign == "!=" {
		s.kinds(t)
		return true
	}
	name := "le"
	if sign == ">" || sign == ">=" {
		name = "gt"
	}
	return s.closed(s.op(name, a.js, s.op("today")), false, m, a)
}

// compareBool compares conditions, and what calculations give, which XLSForm writes 'true' and 'false'.
func (s *scope) compareBool(t *tree, a, b value, sign string) any {
	if a.kind != kindBool {
		a, b = b, a
	}
	x := s.truth(t, a)
	var y any
	switch {
	case b.kind == kindBool:
		y = s.truth(t, b)
	case b.lit != nil && (*b.lit == "true" || *b.lit == "false"):
		y = *b.lit == "true"
	default:
		s.kinds(t)
		return true
	}
	switch sign {
	case "=":
		return s.op("equal", x, y)
	case "!=":
		return s.op("not", s.op("equal", x, y))
	}
	s.kinds(t)
	return true
}

// compareMulti compares the answer of a select_multiple with one code: is it all that was chosen?
func (s *scope) compareMulti(t *tree, a, b value, sign string) any {
	if !a.multi {
		a, b = b, a
	}
	if a.leaf == nil || b.lit == nil || b.multi || sign != "=" && sign != "!=" {
		s.kinds(t)
		return true
	}
	e := s.op("and", s.chosen(a, *b.lit), s.op("equal", s.op("count", a.js), number("1")))
	if sign == "!=" {
		return s.op("not", e)
	}
	return e
}

// alike brings two values to one kind.
func (s *scope) alike(a, b value, sign string) (value, value, bool) {
	switch {
	case a.kind == kindDate || b.kind == kindDate:
		return s.timed(a, b, kindDate, "date", time.DateOnly)
	case a.kind == kindTime || b.kind == kindTime:
		return s.timed(a, b, kindTime, "time", "15:04")
	case a.kind == kindText && b.kind == kindText && (sign == "=" || sign == "!="):
		return a, b, true
	}
	return s.asNumber(a), s.asNumber(b), true
}

// timed reads a constant text as a date or time.
func (s *scope) timed(a, b value, k kind, name, layout string) (value, value, bool) {
	for _, v := range []*value{&a, &b} {
		if v.kind == kindText && v.lit != nil {
			text := *v.lit
			if k == kindTime {
				text = text[:min(len(text), 5)]
			}
			if _, err := time.Parse(layout, text); err != nil {
				return a, b, false
			}
			*v = value{js: op(name, text), kind: k}
		}
	}
	return a, b, a.kind == k && b.kind == k
}

// codes compares the answer of a select_one with a constant: for which of its codes does it hold?
func (s *scope) codes(a, b value, sign string, m mode) any {
	base := sign
	if sign == "!=" {
		base = "="
	}
	holds := func(name string) bool { return name == *b.lit }
	if b.kind == kindNumber || base != "=" {
		limit, err := decimal.NewFromString(*b.lit)
		holds = func(name string) bool {
			n, bad := decimal.NewFromString(name)
			return err == nil && bad == nil && signHolds(base, n.Cmp(limit))
		}
	}
	codes := a.leaf.options.codes(holds)
	s.size += len(codes)
	if len(codes) == 0 {
		if base == "=" {
			s.fail(record.CodeXLSChoiceUnknown, "reference", "${"+a.leaf.name+"}", "name", *b.lit)
		}
		return false
	}
	e := s.op("in", a.js, codes)
	if len(codes) == 1 {
		e = s.op("equal", a.js, codes[0])
	}
	if sign == "!=" {
		return s.closed(s.op("not", e), true, m, a)
	}
	return s.closed(e, false, m, a)
}

// codes are the native codes of the choices whose name fits.
func (o *options) codes(fits func(name string) bool) []any {
	var out []any
	for _, c := range o.choices {
		if fits(c.name) {
			out = append(out, c.Code)
		}
	}
	return out
}

func signHolds(sign string, cmp int) bool {
	switch sign {
	case "=":
		return cmp == 0
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	case ">":
		return cmp > 0
	}
	return cmp >= 0
}
