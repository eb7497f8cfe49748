package form

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// env is what an expression may read: the answers its rule refers to, and the moment the session began.
type env struct {
	get   func(ref int) value
	today int
	now   int // minutes
}

// maxDigits bounds numbers, so that a chain of multiplications cannot grow without end.
const maxDigits = 40

func (e *expr) eval(v *env) value {
	switch e.op {
	case "const":
		return e.value
	case "field", "rows", "row":
		return v.get(e.ref)
	case "today":
		return date(v.today)
	case "now":
		return value{kind: kindTime, n: v.now}
	case "and", "or":
		return e.junction(v)
	case "if":
		return e.branch(v)
	case "coalesce":
		return e.firstAnswered(v)
	case "concat":
		return e.concat(v)
	case "sum", "min", "max":
		return e.fold(v)
	}
	args := make([]value, len(e.args))
	for i, a := range e.args {
		args[i] = a.eval(v)
	}
	if x, ok := e.asking(args); ok {
		return x
	}
	if slices.ContainsFunc(args, value.none) {
		return value{} // open
	}
	return e.strict(args, v)
}

// asking computes the operators that ask whether and how many there are; ok is false for all others.
func (e *expr) asking(args []value) (out value, ok bool) {
	switch e.op {
	case "empty":
		return boolean(args[0].none()), true
	case "count":
		return count(len(args[0].list)), true
	case "answered":
		n := 0
		for _, a := range args {
			if !a.none() {
				n++
			}
		}
		return count(n), true
	case "in":
		return contains(args[0], args[1]), true
	case "join":
		return e.join(args[0], args[1]), true
	}
	return value{}, false
}

func (e *expr) firstAnswered(v *env) value {
	for _, a := range e.args {
		if x := a.eval(v); !x.none() {
			return x
		}
	}
	return value{}
}

func (e *expr) concat(v *env) value {
	var s strings.Builder
	for _, a := range e.args {
		s.WriteString(a.eval(v).canonical())
		if s.Len() > maxText {
			return value{}
		}
	}
	return text(s.String())
}

// junction is Kleene's and/or: an open part leaves the whole open unless another part decides it.
func (e *expr) junction(v *env) value {
	decides := e.op == "or"
	open := false
	for _, a := range e.args {
		x := a.eval(v)
		switch {
		case x.kind != kindBool:
			open = true
		case x.isTrue() == decides:
			return boolean(decides)
		}
	}
	if open {
		return value{}
	}
	return boolean(!decides)
}

func (e *expr) branch(v *env) value {
	c := e.args[0].eval(v)
	switch {
	case c.isTrue():
		return e.args[1].eval(v)
	case c.isFalse():
		return e.args[2].eval(v)
	}
	return value{}
}

// fold adds up or picks from all answered numbers; what is not answered does not count.
func (e *expr) fold(v *env) value {
	var all []decimal.Decimal
	for _, a := range e.args {
		switch x := a.eval(v); x.kind {
		case kindNumber:
			all = append(all, x.num)
		case kindList:
			for _, y := range x.list {
				all = append(all, y.num)
			}
		}
	}
	if e.op == "sum" {
		total := decimal.Zero
		for _, d := range all {
			total = total.Add(d)
		}
		return bounded(total)
	}
	if len(all) == 0 {
		return value{}
	}
	best := all[0]
	for _, d := range all[1:] {
		if c := d.Cmp(best); e.op == "min" && c < 0 || e.op == "max" && c > 0 {
			best = d
		}
	}
	return number(best)
}

func bounded(d decimal.Decimal) value {
	if d.NumDigits() > maxDigits || d.Exponent() < -maxDigits || d.Exponent() > maxDigits {
		return value{}
	}
	return number(d)
}

func contains(x, set value) value {
	if x.none() {
		return value{}
	}
	if slices.ContainsFunc(set.list, x.equal) {
		return boolean(true)
	}
	return boolean(false)
}

// strict computes the operators that need all their arguments answered.
func (e *expr) strict(a []value, v *env) value {
	switch e.op {
	case "not":
		return boolean(a[0].isFalse())
	case "xor":
		return boolean(a[0].isTrue() != a[1].isTrue())
	case "equal":
		return boolean(a[0].equal(a[1]))
	case "lt":
		return boolean(a[0].compare(a[1]) < 0)
	case "le":
		return boolean(a[0].compare(a[1]) <= 0)
	case "gt":
		return boolean(a[0].compare(a[1]) > 0)
	case "ge":
		return boolean(a[0].compare(a[1]) >= 0)
	case "matches":
		return boolean(e.re.MatchString(a[0].text))
	case "length":
		return count(utf8.RuneCountInString(a[0].text))
	case "age", "date_add", "date_diff", "date_part":
		return e.dates(a, v)
	case "contains", "starts", "ends", "upper", "lower", "label", "substr":
		return e.wording(a)
	}
	return e.arithmetic(a)
}

func (e *expr) arithmetic(a []value) value {
	switch e.op {
	case "sub":
		return bounded(a[0].num.Sub(a[1].num))
	case "add":
		out := a[0]
		for _, x := range a[1:] {
			out = bounded(out.num.Add(x.num))
			if out.none() {
				break
			}
		}
		return out
	case "mul":
		p := a[0].num
		for _, x := range a[1:] {
			r := bounded(p.Mul(x.num))
			if r.none() {
				return r
			}
			p = r.num
		}
		return number(p)
	case "div":
		if a[1].num.IsZero() {
			return value{}
		}
		return bounded(a[0].num.DivRound(a[1].num, 12))
	case "mod":
		if a[1].num.IsZero() {
			return value{}
		}
		return bounded(a[0].num.Mod(a[1].num))
	case "pow":
		return power(a[0].num, a[1].num)
	case "number":
		if !plainNumber.MatchString(a[0].text) {
			return value{}
		}
		d, _ := decimal.NewFromString(a[0].text) // the pattern lets only numerals pass
		return number(d)
	}
	return e.cut(a)
}

// cut computes the operators that make a number simpler.
func (e *expr) cut(a []value) value {
	switch e.op {
	case "abs":
		return number(a[0].num.Abs())
	case "trunc":
		return number(a[0].num.Truncate(0))
	case "floor":
		return number(a[0].num.Floor())
	case "ceil":
		return number(a[0].num.Ceil())
	case "round":
		return number(a[0].num.Round(int32(a[1].num.IntPart())))
	}
	return value{}
}

// power multiplies x with itself; of a fraction of times it is open.
func power(x, n decimal.Decimal) value {
	if !n.IsInteger() || n.Abs().GreaterThan(decimal.NewFromInt(100)) {
		return value{}
	}
	out := count(1)
	for range n.Abs().IntPart() {
		if out = bounded(out.num.Mul(x)); out.none() {
			return out
		}
	}
	if !n.IsNegative() {
		return out
	}
	if out.num.IsZero() {
		return value{}
	}
	return bounded(decimal.NewFromInt(1).DivRound(out.num, 12))
}

func (e *expr) dates(a []value, v *env) value {
	switch e.op {
	case "age":
		at := v.today
		if len(a) == 2 {
			at = a[1].n
		}
		if at < a[0].n {
			return value{}
		}
		return count(monthsBetween(a[0].n, at) / 12)
	case "date_add":
		n := a[1].num.Truncate(0)
		if n.Abs().GreaterThan(decimal.NewFromInt(1_000_000)) {
			return value{}
		}
		return shift(a[0].n, int(n.IntPart()), e.unit)
	case "date_diff":
		switch e.unit {
		case "days":
			return count(a[1].n - a[0].n)
		case "months":
			return count(monthsBetween(a[0].n, a[1].n))
		}
		return count(monthsBetween(a[0].n, a[1].n) / 12)
	}
	t := civil(a[0].n)
	switch e.unit {
	case "year":
		return count(t.Year())
	case "month":
		return count(int(t.Month()))
	case "day":
		return count(t.Day())
	}
	return count((int(t.Weekday())+6)%7 + 1) // Monday is 1, as in ISO 8601
}

func shift(day, n int, unit string) value {
	switch unit {
	case "months":
		return date(addMonths(day, n))
	case "years":
		return date(addMonths(day, 12*n))
	}
	return date(day + n)
}
