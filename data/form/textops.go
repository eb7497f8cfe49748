package form

import (
	"slices"
	"strings"
)

// kinds checks the arguments of an operator one by one.
func kinds(out kind, in ...kind) func(*compiler, *node, *expr) {
	return func(c *compiler, n *node, e *expr) {
		for i, k := range in {
			if e.args[i].typ != (typ{kind: k}) {
				c.failf(n.at, "%s needs %s here, not %s", e.op, kindNames[k], e.args[i].typ)
			}
		}
		e.typ = typ{kind: out}
	}
}

// listed checks [list, "between"] of join.
func listed(c *compiler, n *node, e *expr) {
	if !e.args[0].typ.list {
		c.failf(n.at, "join needs a repeated field or a multichoice, not %s", e.args[0].typ)
	}
	if e.args[1].op != "const" || e.args[1].typ.kind != kindText {
		c.failf(n.at, "join needs the text to put between as its second argument")
	}
	e.typ = typ{kind: kindText}
}

// labelled checks that label is asked of a choice with one answer.
func labelled(c *compiler, n *node, e *expr) {
	if f := e.args[0].field; f == nil || f.list == nil || e.args[0].typ.list {
		c.failf(n.at, "label needs a choice with one answer")
	}
	e.typ = typ{kind: kindText}
}

// ownRow takes the path of a repeated item that the rule stands in.
func (c *compiler) ownRow(n *node) *expr {
	it := c.form.items[n.str]
	if it.repeat() == nil || !slices.Contains(c.chain, n.str) {
		return c.failf(n.at, "the rule does not stand in a row of %q", n.str)
	}
	c.refs = append(c.refs, ref{item: it, own: true})
	return &expr{op: "row", typ: typ{kind: kindNumber}, ref: len(c.refs) - 1}
}

// join puts the answers of a list behind each other.
func (e *expr) join(list, between value) value {
	if list.none() {
		return value{}
	}
	parts := make([]string, len(list.list))
	n := 0
	for i, x := range list.list {
		parts[i] = x.canonical()
		n += len(parts[i]) + len(between.text)
	}
	if n > maxText {
		return value{}
	}
	return text(strings.Join(parts, between.text))
}

// wording computes the operators on text that need all their arguments answered.
func (e *expr) wording(a []value) value {
	switch e.op {
	case "contains":
		return boolean(strings.Contains(a[0].text, a[1].text))
	case "starts":
		return boolean(strings.HasPrefix(a[0].text, a[1].text))
	case "ends":
		return boolean(strings.HasSuffix(a[0].text, a[1].text))
	case "upper":
		return text(strings.ToUpper(a[0].text))
	case "lower":
		return text(strings.ToLower(a[0].text))
	case "label":
		f := e.args[0].field
		if i, ok := f.list.byCode[a[0].text]; ok {
			return text(f.list.choices[i].Label.In("de"))
		}
	case "substr":
		r := []rune(a[0].text)
		from, to := within(a[1], len(r)), len(r)
		if len(a) > 2 {
			to = within(a[2], len(r))
		}
		if from < to {
			return text(string(r[from:to]))
		}
	}
	return value{}
}

// within is a place in a text of n letters.
func within(v value, n int) int {
	if v.num.IsNegative() {
		return 0
	}
	if v.num.GreaterThan(count(n).num) {
		return n
	}
	return int(v.num.IntPart())
}

// substring checks [text, from] and [text, from, to].
func substring(c *compiler, n *node, e *expr) {
	kinds(kindText, []kind{kindText, kindNumber, kindNumber}[:len(e.args)]...)(c, n, e)
}
