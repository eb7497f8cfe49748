package form

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// expr is a typed expression, bound to the place it is computed for.
type expr struct {
	op    string
	args  []*expr
	typ   typ
	value value          // of a constant
	ref   int            // index into the rule's refs
	field *Field         // of a ref to a field
	re    *regexp.Regexp // of matches
	unit  string         // of date arithmetic
}

// ref is another place that an expression reads.
type ref struct {
	item Item // a field, or a group whose rows are counted
	rows bool
	own  bool // the number of the row the expression stands in
	list bool // several answers from where the expression stands
}

func (r ref) path() string {
	if r.item.Group != nil {
		return r.item.Group.Path
	}
	return r.item.Field.Path
}

// compiler turns the JSON of one rule into a typed expression for one target.
type compiler struct {
	form  *Form
	chain []string // the repeats around the target
	refs  []ref
	err   error
	count int
}

func (c *compiler) failf(at, format string, args ...any) *expr {
	if c.err == nil {
		c.err = invalid(at, format, args...)
	}
	return &expr{op: "const"}
}

const maxExpr = 10_000

func (c *compiler) expr(n *node) *expr {
	if c.count++; c.err != nil || c.count > maxExpr {
		return c.failf(n.at, "the expression is too large")
	}
	switch n.kind {
	case 'b':
		return constant(boolean(n.yes))
	case 'n':
		d, err := decimal.NewFromString(n.str)
		if err != nil {
			return c.failf(n.at, "not a number: %s", n.str)
		}
		return constant(number(d))
	case 's':
		if n.str == "" {
			return c.failf(n.at, `to ask for "not answered" write {"empty": …}`)
		}
		return constant(text(n.str))
	case 'o':
		if len(n.keys) == 1 {
			return c.operator(n.keys[0], n.nodes[0])
		}
	}
	return c.failf(n.at, `expected true, false, a number, text or one operator such as {"equal": [ … ]}`)
}

func constant(v value) *expr { return &expr{op: "const", value: v, typ: typ{kind: v.kind}} }

// operands gives the arguments of an operator; one alone needs no brackets.
func operands(n *node) []*node {
	if n.kind == 'a' {
		return n.nodes
	}
	return []*node{n}
}

// operator is one line of the table of operators: how many arguments it takes, and how it checks them.
type operator struct {
	min, max int
	check    func(c *compiler, n *node, e *expr)
}

var operators map[string]operator

func init() {
	operators = map[string]operator{
		"and": {1, maxExpr, conditions}, "or": {1, maxExpr, conditions}, "xor": {2, 2, conditions}, "not": {1, 1, conditions},
		"equal": {2, 2, sameKind}, "lt": {2, 2, ordered}, "le": {2, 2, ordered}, "gt": {2, 2, ordered}, "ge": {2, 2, ordered},
		"empty": {1, 1, anything(typ{kind: kindBool})}, "count": {1, 1, counted}, "length": {1, 1, ofKind(kindText, kindNumber)},
		"age": {1, 2, ofKind(kindDate, kindNumber)},
		"sum": {1, maxExpr, numbers}, "min": {1, maxExpr, numbers}, "max": {1, maxExpr, numbers}, "mul": {2, maxExpr, scalars},
		"add": {2, maxExpr, scalars}, "sub": {2, 2, scalars}, "div": {2, 2, scalars}, "round": {2, 2, rounded}, "floor": {1, 1, scalars}, "ceil": {1, 1, scalars},
		"mod": {2, 2, scalars}, "pow": {2, 2, scalars}, "abs": {1, 1, scalars}, "trunc": {1, 1, scalars}, "number": {1, 1, ofKind(kindText, kindNumber)},
		"answered": {1, maxExpr, anything(typ{kind: kindNumber})},
		"contains": {2, 2, kinds(kindBool, kindText, kindText)}, "starts": {2, 2, kinds(kindBool, kindText, kindText)}, "ends": {2, 2, kinds(kindBool, kindText, kindText)},
		"upper": {1, 1, ofKind(kindText, kindText)}, "lower": {1, 1, ofKind(kindText, kindText)}, "substr": {2, 3, substring}, "label": {1, 1, labelled}, "join": {2, 2, listed},
		"concat": {1, maxExpr, joined}, "if": {3, 3, chosen}, "coalesce": {1, maxExpr, alike},
	}
}

func (c *compiler) operator(op string, n *node) *expr {
	switch op {
	case "field", "rows", "row":
		return c.place(op, n)
	case "date", "time":
		return c.literal(op, n)
	case "today", "now":
		if n.kind != 'a' || len(n.nodes) > 0 {
			return c.failf(n.at, `write {"%s": []}`, op)
		}
		k := map[string]kind{"today": kindDate, "now": kindTime}[op]
		return &expr{op: op, typ: typ{kind: k}}
	case "in":
		return c.in(n)
	case "matches":
		return c.matches(n)
	case "date_add", "date_diff", "date_part":
		return c.calendar(op, n)
	}
	o, ok := operators[op]
	if !ok {
		return c.failf(n.at, "unknown operator %q", op)
	}
	args := operands(n)
	if len(args) < o.min || len(args) > o.max {
		return c.failf(n.at, "%q takes %d to %d arguments, not %d", op, o.min, min(o.max, 99), len(args))
	}
	e := &expr{op: op}
	for _, a := range args {
		e.args = append(e.args, c.expr(a))
	}
	if c.err == nil {
		o.check(c, n, e)
	}
	return e
}

// place takes the operators whose argument is a path.
func (c *compiler) place(op string, n *node) *expr {
	switch {
	case n.kind != 's' && op == "field":
		return c.failf(n.at, "expected the path of a field")
	case n.kind != 's':
		return c.failf(n.at, "expected the path of a repeated group or field")
	case op == "field":
		return c.reference(n)
	case op == "rows":
		return c.rows(n)
	}
	return c.ownRow(n)
}

func (c *compiler) reference(n *node) *expr {
	f := c.form.items[n.str].Field
	if f == nil {
		return c.failf(n.at, "there is no field %q", n.str)
	}
	t := f.Type.kindOf()
	if t.kind == kindNone {
		return c.failf(n.at, "%q is a note and has no answer", n.str)
	}
	chain := f.chain()
	many := !prefix(chain, c.chain)
	c.refs = append(c.refs, ref{item: Item{Field: f}, list: many})
	t.list = t.list || many
	return &expr{op: "field", typ: t, ref: len(c.refs) - 1, field: f}
}

func (c *compiler) rows(n *node) *expr {
	it := c.form.items[n.str]
	if it.repeat() == nil {
		return c.failf(n.at, "%q is no repeated group or field", n.str)
	}
	c.refs = append(c.refs, ref{item: it, rows: true})
	return &expr{op: "rows", typ: typ{kind: kindNumber}, ref: len(c.refs) - 1}
}

func (it Item) repeat() *Repeat {
	switch {
	case it.Group != nil:
		return it.Group.Repeat
	case it.Field != nil:
		return it.Field.Repeat
	}
	return nil
}

func (c *compiler) literal(op string, n *node) *expr {
	layout := map[string]string{"date": time.DateOnly, "time": "15:04"}[op]
	t, err := time.Parse(layout, n.str)
	if n.kind != 's' || err != nil || t.Year() > 9999 {
		return c.failf(n.at, "expected a %s written %s", op, layout)
	}
	if op == "date" {
		return constant(date(dayOf(t)))
	}
	return constant(value{kind: kindTime, n: t.Hour()*60 + t.Minute()})
}

// in takes [x, list], where the list is an array of constants or an expression that gives a list.
func (c *compiler) in(n *node) *expr {
	e := &expr{op: "in", typ: typ{kind: kindBool}}
	if n.kind != 'a' || len(n.nodes) != 2 {
		return c.failf(n.at, `write {"in": [x, ["a", "b"]]} or {"in": [x, {"field": "…"}]}`)
	}
	e.args = append(e.args, c.expr(n.nodes[0]))
	set := n.nodes[1]
	if set.kind != 'a' {
		e.args = append(e.args, c.expr(set))
		if c.err == nil && (e.args[0].typ.list || !e.args[1].typ.list || e.args[0].typ.kind != e.args[1].typ.kind) {
			return c.failf(n.at, "looks for %s in %s", e.args[0].typ, e.args[1].typ)
		}
		c.codes(n, e.args[0], e.args[1])
		return e
	}
	l := &expr{op: "const", typ: typ{kind: e.args[0].typ.kind, list: true}, value: value{kind: kindList}}
	for _, x := range set.nodes {
		v := c.expr(x)
		if c.err == nil && (v.op != "const" || v.typ != e.args[0].typ) {
			return c.failf(x.at, "the list holds constants of the same kind as what is looked for (%s)", e.args[0].typ)
		}
		c.codes(n, e.args[0], v)
		l.value.list = append(l.value.list, v.value)
	}
	e.args = append(e.args, l)
	return e
}

// codes checks that a constant compared with a choice is a code of its list.
func (c *compiler) codes(n *node, a, b *expr) {
	if a.field == nil {
		a, b = b, a
	}
	if c.err != nil || a.field == nil || a.field.list == nil || b.op != "const" {
		return
	}
	if _, ok := a.field.list.byCode[b.value.text]; !ok {
		c.failf(n.at, "%q has no choice %q", a.field.Path, b.value.text)
	}
}

func (c *compiler) matches(n *node) *expr {
	if n.kind != 'a' || len(n.nodes) != 2 || n.nodes[1].kind != 's' {
		return c.failf(n.at, `write {"matches": [x, "expression"]}`)
	}
	e := &expr{op: "matches", typ: typ{kind: kindBool}, args: []*expr{c.expr(n.nodes[0])}}
	if c.err == nil && e.args[0].typ != (typ{kind: kindText}) {
		return c.failf(n.at, "matches reads text, not %s", e.args[0].typ)
	}
	re, err := whole(n.nodes[1].str)
	if err != nil {
		return c.failf(n.nodes[1].at, "%v", err)
	}
	e.re = re
	return e
}

// calendar takes date_add [date, number, unit], date_diff [from, to, unit] and date_part [date, part].
func (c *compiler) calendar(op string, n *node) *expr {
	shape := map[string][]kind{"date_add": {kindDate, kindNumber}, "date_diff": {kindDate, kindDate}, "date_part": {kindDate}}[op]
	units := []string{"days", "months", "years"}
	if op == "date_part" {
		units = []string{"year", "month", "day", "weekday"}
	}
	if n.kind != 'a' || len(n.nodes) != len(shape)+1 {
		return c.failf(n.at, "%s takes %d arguments, the last one of %s", op, len(shape)+1, strings.Join(units, ", "))
	}
	e := &expr{op: op, typ: typ{kind: kindNumber}, unit: n.nodes[len(shape)].str}
	if op == "date_add" {
		e.typ.kind = kindDate
	}
	if !slices.Contains(units, e.unit) {
		return c.failf(n.nodes[len(shape)].at, "expected one of %s", strings.Join(units, ", "))
	}
	for i, k := range shape {
		a := c.expr(n.nodes[i])
		if c.err == nil && a.typ != (typ{kind: k}) {
			return c.failf(n.nodes[i].at, "%s needs %s here, not %s", op, kindNames[k], a.typ)
		}
		e.args = append(e.args, a)
	}
	return e
}

func conditions(c *compiler, n *node, e *expr) { allOf(c, n, e, kindBool, kindBool) }

func scalars(c *compiler, n *node, e *expr) { allOf(c, n, e, kindNumber, kindNumber) }

func ofKind(in, out kind) func(*compiler, *node, *expr) {
	return func(c *compiler, n *node, e *expr) { allOf(c, n, e, in, out) }
}

func allOf(c *compiler, n *node, e *expr, in, out kind) {
	for _, a := range e.args {
		if a.typ != (typ{kind: in}) {
			c.failf(n.at, "%s needs %s, not %s", e.op, kindNames[in], a.typ)
		}
	}
	e.typ = typ{kind: out}
}

func anything(t typ) func(*compiler, *node, *expr) {
	return func(_ *compiler, _ *node, e *expr) { e.typ = t }
}

func alike(c *compiler, n *node, e *expr) {
	e.typ = e.args[0].typ
	for _, a := range e.args {
		if a.typ.list || a.typ != e.typ {
			c.failf(n.at, "%s needs single answers of one kind, not %s and %s", e.op, e.typ, a.typ)
		}
	}
}

func sameKind(c *compiler, n *node, e *expr) {
	alike(c, n, e)
	c.codes(n, e.args[0], e.args[1])
	e.typ = typ{kind: kindBool}
}

func ordered(c *compiler, n *node, e *expr) {
	alike(c, n, e)
	if k := e.args[0].typ.kind; c.err == nil && k != kindNumber && k != kindDate && k != kindTime {
		c.failf(n.at, "%s compares numbers, dates or times, not %s", e.op, e.typ)
	}
	e.typ = typ{kind: kindBool}
}

func numbers(c *compiler, n *node, e *expr) {
	for _, a := range e.args {
		if a.typ.kind != kindNumber {
			c.failf(n.at, "%s needs numbers, not %s", e.op, a.typ)
		}
	}
	e.typ = typ{kind: kindNumber}
}

func counted(c *compiler, n *node, e *expr) {
	if !e.args[0].typ.list {
		c.failf(n.at, "count needs a repeated field or a multichoice, not %s", e.args[0].typ)
	}
	e.typ = typ{kind: kindNumber}
}

func rounded(c *compiler, n *node, e *expr) {
	scalars(c, n, e)
	if p := e.args[1]; c.err == nil && (p.op != "const" || !p.value.num.IsInteger() || p.value.num.Abs().GreaterThan(decimal.NewFromInt(6))) {
		c.failf(n.at, "round needs a number of digits from -6 to 6 as its second argument")
	}
}

func joined(c *compiler, n *node, e *expr) {
	for _, a := range e.args {
		if a.typ.list {
			c.failf(n.at, "concat joins single answers, not %s", a.typ)
		}
	}
	e.typ = typ{kind: kindText}
}

func chosen(c *compiler, n *node, e *expr) {
	cond := e.args[0]
	if cond.typ != (typ{kind: kindBool}) {
		c.failf(n.at, "the first argument of if is a condition, not %s", cond.typ)
	}
	if e.args[1].typ.list || e.args[1].typ != e.args[2].typ {
		c.failf(n.at, "if gives %s in one case and %s in the other", e.args[1].typ, e.args[2].typ)
	}
	e.typ = e.args[1].typ
}
