package xlsform

import (
	"strings"

	"schalter/data/record"
)

// calculation is what the cell of a calculated question became.
type calculation struct {
	value
	done, busy, failed bool
}

// calculate translates the calculation of a question when something needs to know what it gives.
func (f *former) calculate(q *question) *calculation {
	c := &q.calc
	cell := q.calculation()
	switch {
	case c.done:
		return c
	case c.busy:
		f.rep.fail(cell.at, record.CodeXLSCircle, "names", q.name+" → "+q.name)
		c.failed = true
		return c
	case cell.text == "":
		c.done, c.value = true, value{kind: kindText, js: op("concat", op("div", number("1"), number("0"))), open: true}
		return c
	}
	c.busy = true
	s := f.scopeFor(q, cell, false)
	if t := s.parse(cell); t != nil {
		v := s.single(s.value(t))
		switch {
		case v.now:
			s.kinds(&tree{text: "now()"})
		case v.multi, v.kind == kindNothing:
			v = s.asText(v)
		}
		c.value = v
	}
	c.leaf, c.done, c.busy = nil, true, false
	c.failed = c.failed || s.failed
	return c
}

// calculation is the cell with the expression that fills a question, if there is one. A hidden question and
// one that nobody can write into have their default for good.
func (q *question) calculation() cell {
	if q.fixed != nil {
		return *q.fixed
	}
	return q.line.get("calculation")
}

// fix finds the questions whose value is their default for good.
func (f *former) fix(q *question) {
	if q.sort != sortField && q.sort != sortCalculate {
		return
	}
	r, d := q.line.get("read_only"), q.line.get("default")
	switch {
	case q.line.text("calculation") != "":
	case q.sort == sortCalculate && q.word == "hidden", q.sort == sortField && yes(r.text):
		if d.text == "" && q.sort == sortField {
			f.rep.fail(r.at, record.CodeXLSReadOnly, "name", q.name)
			return
		}
		c := d
		if c.text != "" && !dynamic(c.text) {
			c.text = quote(c.text)
		}
		q.fixed = &c
	}
	if q.sort == sortField && !yes(r.text) && !no(r.text) {
		f.rep.fail(r.at, record.CodeXLSValue, "heading", "read_only", "value", r.text, "expected", "yes, no")
	}
}

// dynamic reports whether a default is an expression, as every program of the family guesses it.
func dynamic(s string) bool {
	return strings.Contains(s, "${") || strings.Contains(s, "()") || strings.Contains(s, "(") && strings.HasSuffix(s, ")")
}

func quote(s string) string {
	if strings.Contains(s, "'") {
		return `"` + strings.ReplaceAll(s, `"`, "'") + `"`
	}
	return "'" + s + "'"
}

// nativeOf is the type of the field that holds a calculated value.
func nativeOf(k kind) string {
	return map[kind]string{
		kindNothing: "text", kindBool: "boolean", kindNumber: "decimal", kindText: "multiline", kindDate: "date", kindTime: "time",
	}[k]
}

// fitting brings a calculated value to the type of the visible question it fills.
func (s *scope) fitting(v value, answer string) (value, bool) {
	k, multi := answerKind(answer)
	switch {
	case multi || s.failed:
		return v, false
	case v.kind == k:
		return v, true
	case k == kindText:
		return s.asText(v), true
	case k == kindNumber:
		return s.asNumber(v), true
	case v.lit != nil && v.kind == kindText:
		w, _, ok := s.timed(v, value{kind: k}, k, answer, map[kind]string{kindDate: "2006-01-02", kindTime: "15:04"}[k])
		return w, ok
	}
	return v, false
}
