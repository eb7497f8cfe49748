package fim

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// cond is a condition of a rule, bound to the form.
//
// It has two values, as in a sentence: an answer that is not there is not equal to anything. The native
// format leaves such a comparison open, so expr writes out what the sentence means, once for "it is so" and
// once for "it is not so".
type cond struct {
	op     condOp
	node   *node
	values []any // constants of the native format; of compare: the one other side, or none if other is set
	other  *node
	rel    string // of compare: lt, le, gt, ge
	parts  []*cond
}

type condOp byte

const (
	condIs      condOp = iota // node is one of values
	condFilled                // anything was answered in node
	condCompare               // node rel other
	condAnd
	condOr
	condNot
	condNoDay // day, month and year in parts' nodes make no day of the calendar
)

func not(c *cond) *cond { return &cond{op: condNot, parts: []*cond{c}} }

func both(op condOp, parts ...*cond) *cond {
	parts = slices.DeleteFunc(parts, func(c *cond) bool { return c == nil })
	if len(parts) == 1 {
		return parts[0]
	}
	return &cond{op: op, parts: parts}
}

// reads lists the nodes that the condition looks at.
func (c *cond) reads() []*node {
	if c == nil {
		return nil
	}
	var out []*node
	for _, n := range []*node{c.node, c.other} {
		if n != nil {
			out = append(out, n)
		}
	}
	for _, p := range c.parts {
		out = append(out, p.reads()...)
	}
	return out
}

// obj is one operator of the native format.
func obj(op string, args any) map[string]any { return map[string]any{op: args} }

func list(args ...any) []any { return append([]any{}, args...) }

func answerOf(n *node) any { return obj("field", n.path) }

// junction joins with and / or; one part needs none.
func junction(op string, parts []any) any {
	if len(parts) == 1 {
		return parts[0]
	}
	return obj(op, parts)
}

// expr writes that the condition holds, or that it does not.
func (c *cond) expr(holds bool) any {
	switch c.op {
	case condNot:
		return c.parts[0].expr(!holds)
	case condAnd, condOr:
		var parts []any
		for _, p := range c.parts {
			parts = append(parts, p.expr(holds))
		}
		if (c.op == condAnd) == holds {
			return junction("and", parts)
		}
		return junction("or", parts)
	case condFilled:
		return filled(c.node, holds)
	case condNoDay:
		return noDay(c.parts, holds)
	case condIs:
		is := obj("equal", list(answerOf(c.node), c.values[0]))
		if len(c.values) > 1 {
			is = obj("in", list(answerOf(c.node), c.values))
		}
		if holds {
			return is
		}
		return obj("or", list(obj("empty", answerOf(c.node)), obj("not", is)))
	}
	return c.compare(holds)
}

var inverse = map[string]string{"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}

func (c *cond) compare(holds bool) any {
	var side any
	missing := list(obj("empty", answerOf(c.node)))
	if c.other != nil {
		side = answerOf(c.other)
		missing = append(missing, obj("empty", side))
	} else {
		side = c.values[0]
	}
	if holds {
		return obj(c.rel, list(answerOf(c.node), side))
	}
	return obj("or", append(missing, obj(inverse[c.rel], list(answerOf(c.node), side))))
}

// filled tells whether anything in a node was answered. What the form fills in by itself does not count.
func filled(n *node, holds bool) any {
	fields := counted(n)
	if !n.group() && !n.repeat {
		if holds {
			return obj("not", obj("empty", answerOf(n)))
		}
		return obj("empty", answerOf(n))
	}
	switch {
	case len(fields) == 0 && holds: // the form fills all of it
		return negated(always())
	case len(fields) == 0:
		return always()
	case holds:
		return obj("gt", list(obj("answered", fields), 0))
	}
	return obj("equal", list(obj("answered", fields), 0))
}

// counted are the answers that show that somebody has begun to fill a group.
func counted(n *node) []any {
	var out []any
	for _, f := range n.fields() {
		if f.item.Default == "" || f == n {
			out = append(out, answerOf(f))
		}
	}
	return out
}

// noDay writes that day, month and year are answered and make no day: the first of that month in that year
// plus the days lies in another month.
func noDay(parts []*cond, holds bool) any {
	year, month, day := answerOf(parts[2].node), answerOf(parts[1].node), answerOf(parts[0].node)
	january := obj("date_add", list(obj("date", "2000-01-01"), obj("sub", list(year, 2000)), "years"))
	first := obj("date_add", list(january, obj("sub", list(month, 1)), "months"))
	date := obj("date_add", list(first, obj("sub", list(day, 1)), "days"))
	is := obj("equal", list(obj("date_part", list(date, "month")), month))
	if !holds {
		return is
	}
	return obj("not", is)
}

// constant finds what a value of the prose is for a field. code is what stands unquoted, text what stands in
// quotes; one of them may be missing. It returns nil where there is any doubt.
func constant(n *node, code, text string) any {
	switch n.item.Type {
	case "boolean":
		v, ok := truth(or(code, text))
		if !ok || code != "" && text != "" {
			return nil
		}
		return v == "true"
	case "choice":
		if c := pick(n.choices, code, text); c != "" {
			return c
		}
	case "text":
		// A key of a code list that was not supplied: the answer is the key itself.
		if n.e.field.list != nil && code != "" && n.item.Default == "" {
			return code
		}
	case "integer", "decimal", "money":
		if f, err := strconv.ParseFloat(strings.Replace(code, ",", ".", 1), 64); err == nil && text == "" && f < 1e15 {
			return f
		}
	}
	return nil
}

// pick finds the one choice that is meant. Where code and label are given they have to agree: the code is that
// of a choice, and no other choice is worded more like the label.
func pick(list []choice, code, text string) string {
	if code == "" {
		if first, rest, ok := strings.Cut(text, " "); ok && wholeForm.MatchString(first) && rest != "" {
			return pick(list, first, strings.TrimLeft(rest, "-– "))
		}
	}
	var hits []string
	for _, c := range list {
		ok := c.code == code || sameNumber(c.code, code)
		switch {
		case code == "":
			ok = c.code == text || same(c.label, text)
		case text != "":
			ok = ok && likest(list, c, text)
		}
		if ok {
			hits = append(hits, c.code)
		}
	}
	if len(hits) != 1 {
		return ""
	}
	return hits[0]
}

// likest reports whether a label as it is quoted is that of c: the same, or at least half of its words and
// more of them than any other choice has.
func likest(list []choice, c choice, text string) bool {
	if same(c.label, text) {
		return true
	}
	own := likeness(c.label, text)
	for _, d := range list {
		if d.code != c.code && likeness(d.label, text) >= own {
			return false
		}
	}
	return own >= 0.5
}

// stem is how many letters of a word count: its ending changes with the sentence ("ein Vertreter", "eine
// Vertretung").
const stem = 4

// likeness is the share of words that two texts have in common.
func likeness(a, b string) float64 {
	x, y := wordSet(a), wordSet(b)
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return float64(common) / float64(max(1, len(x)+len(y)-common))
}

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(plainProse(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r := []rune(w)
		m[string(r[:min(len(r), stem)])] = true
	}
	return m
}

// sameNumber compares codes that authors write with and without leading zeros.
func sameNumber(a, b string) bool {
	x, err1 := strconv.Atoi(a)
	y, err2 := strconv.Atoi(b)
	return err1 == nil && err2 == nil && x == y
}

// exists reports whether a date that looks like one stands in the calendar; other types always do.
func exists(typ, s string) bool {
	if typ != "date" {
		return true
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func above(typ, lo, hi string) bool {
	if typ == "date" || typ == "time" {
		return lo > hi
	}
	x, err1 := strconv.ParseFloat(lo, 64)
	y, err2 := strconv.ParseFloat(hi, 64)
	return err1 == nil && err2 == nil && x > y
}
