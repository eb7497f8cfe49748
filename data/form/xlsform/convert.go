package xlsform

import (
	"time"

	"github.com/shopspring/decimal"

	"schalter/data/record"
)

// nothing is an expression of a kind that is never answered, for the ” in if(…, …, ”). The native format
// has no constant for it; a division by zero gives nothing.
func (s *scope) nothing(k kind) any {
	none := op("div", number("1"), number("0"))
	switch k {
	case kindNumber:
		return none
	case kindDate:
		return op("date_add", op("today"), none, "days")
	case kindText:
		return op("concat", none)
	}
	return nil
}

// number translates an expression of which a number is wanted.
func (s *scope) number(t *tree) value { return s.asNumber(s.single(s.value(t))) }

func (s *scope) asNumber(v value) value {
	switch {
	case s.failed, v.kind == kindNumber:
		return v
	case v.kind == kindBool:
		return value{js: s.op("if", s.truth(nil, v), number("1"), number("0")), kind: kindNumber}
	case v.multi, v.now, v.kind == kindDate, v.kind == kindTime, v.kind == kindNothing:
		return s.fail(record.CodeXLSKinds, "operator", "number()")
	case v.lit != nil:
		if _, err := decimal.NewFromString(*v.lit); err != nil {
			return s.fail(record.CodeXLSKinds, "operator", "'"+*v.lit+"'")
		}
		return s.numeral(*v.lit)
	}
	return value{js: s.op("number", v.js), kind: kindNumber, open: true}
}

// words translates an expression of which a text is wanted.
func (s *scope) words(t *tree) value { return s.asText(s.single(s.value(t))) }

func (s *scope) asText(v value) value {
	out := value{kind: kindText, open: v.open, lit: v.lit}
	switch {
	case s.failed:
		return v
	case v.now:
		return s.fail(record.CodeXLSKinds, "operator", "now()")
	case v.multi:
		out.js = s.op("join", v.js, " ")
	case v.kind == kindText:
		return v
	case v.kind == kindNothing:
		empty := ""
		return value{js: s.nothing(kindText), kind: kindText, open: true, lit: &empty}
	case v.kind == kindNumber && v.lit != nil:
		return literal(*v.lit)
	case v.kind == kindBool:
		out.js, out.open = s.op("if", s.truth(nil, v), "true", "false"), false
	default:
		out.js = s.op("concat", v.js)
	}
	return out
}

// unite brings values to the kind they share: text, unless all are of one other kind.
func (s *scope) unite(all []value) ([]value, kind) {
	k, blank := kindNothing, false
	for _, v := range all {
		switch {
		case v.kind == kindNothing:
			blank = true
		case v.multi || k != kindNothing && k != v.kind:
			k = kindText
		case k == kindNothing:
			k = v.kind
		}
	}
	if k == kindNothing || blank && (k == kindTime || k == kindBool) {
		k = kindText
	}
	out := make([]value, len(all))
	for i, v := range all {
		switch {
		case v.kind == kindNothing:
			out[i] = value{js: s.nothing(k), kind: k, open: true}
		case k == kindText:
			out[i] = s.asText(v)
		default:
			out[i] = v
		}
	}
	return out, k
}

// arithmetic translates + - * div mod.
func (s *scope) arithmetic(t *tree) value {
	switch t.text {
	case "+":
		return s.plus(t)
	case "-":
		return s.minus(t, s.single(s.value(t.args[0])), s.single(s.value(t.args[1])))
	}
	a, b := s.number(t.args[0]), s.number(t.args[1])
	name := map[string]string{"*": "mul", "div": "div", "mod": "mod"}[t.text]
	open := a.open || b.open || name != "mul" && (b.lit == nil || zero(*b.lit))
	return value{js: s.op(name, a.js, b.js), kind: kindNumber, open: open}
}

// plus adds up a chain of numbers at once, and days to a date one by one.
func (s *scope) plus(t *tree) value {
	var values []value
	dated := false
	for _, part := range flat(t, "+") {
		v := s.single(s.value(part))
		dated = dated || v.kind == kindDate
		values = append(values, v)
	}
	if dated && !s.failed {
		sum := values[0]
		for _, v := range values[1:] {
			if sum.kind == kindDate || v.kind == kindDate {
				sum = s.days(t, sum, v)
			} else {
				sum = s.total(sum, v)
			}
		}
		return sum
	}
	return s.total(values...)
}

// total is nothing as soon as one of its parts is nothing.
func (s *scope) total(values ...value) value {
	out := value{kind: kindNumber}
	var parts []any
	for _, v := range values {
		v = s.asNumber(v)
		out.open = out.open || v.open
		parts = append(parts, v.js)
	}
	out.js = s.op("add", parts...)
	return out
}

func (s *scope) minus(t *tree, a, b value) value {
	if s.failed {
		return a
	}
	if a.kind == kindDate || b.kind == kindDate {
		return s.days(t, a, b)
	}
	a, b = s.asNumber(a), s.asNumber(b)
	return value{js: s.op("sub", a.js, b.js), kind: kindNumber, open: a.open || b.open}
}

// days adds days to a date, or counts them between two.
func (s *scope) days(t *tree, a, b value) value {
	open := a.open || b.open
	if a.now || b.now {
		return s.kinds(t)
	}
	switch {
	case a.kind == kindDate && b.kind == kindDate && t.text == "-":
		return value{js: s.op("date_diff", b.js, a.js, "days"), kind: kindNumber, open: open}
	case b.kind == kindDate && (a.kind == kindDate || t.text == "-"):
		return s.kinds(t)
	case b.kind == kindDate:
		a, b = b, a
	}
	n := s.asNumber(b)
	by := n.js
	if t.text == "-" {
		by = s.op("sub", number("0"), n.js)
		if n.lit != nil {
			by = number(minus(*n.lit))
		}
	}
	return value{js: s.op("date_add", a.js, by, "days"), kind: kindDate, open: true}
}

// day reads an ISO date.
func day(s string) (any, bool) {
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10]
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return nil, false
	}
	return op("date", s), true
}
