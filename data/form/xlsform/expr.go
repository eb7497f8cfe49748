package xlsform

import (
	"slices"
	"strings"

	"schalter/data/record"
)

// kind is what an expression gives.
type kind byte

const (
	kindNothing kind = iota // the empty text ''
	kindBool
	kindNumber
	kindText
	kindDate
	kindTime
)

// value is a translated expression. In XPath what is not answered is an empty text; natively it is nothing,
// and most operators give nothing when one of their parts is nothing. open says that this can happen.
type value struct {
	js    any
	kind  kind
	open  bool
	multi bool      // the codes of a select_multiple
	many  bool      // answers from several rows
	leaf  *question // the answer of this question itself
	lit   *string   // a constant text or number, as written
	now   bool      // the moment: a date with a time
}

// scope is one cell's expression with the place it is computed for.
type scope struct {
	f     *former
	at    place
	self  *question
	chain []string // native paths of the repeats around
	// answered is set in constraints, which are looked at only where there is an answer.
	answered bool
	failed   bool
	size     int
}

func op(name string, args ...any) any {
	if len(args) == 1 {
		return map[string]any{name: args[0]}
	}
	if args == nil {
		args = []any{}
	}
	return map[string]any{name: args}
}

// maxSize bounds the native expression that one cell may become, maxSizes those of the whole form.
const (
	maxSize  = 4000
	maxSizes = 150_000
)

// op builds an operator and keeps an eye on the size of the whole.
func (s *scope) op(name string, args ...any) any {
	s.f.sizes++
	if s.size++; s.size > maxSize || s.f.sizes > maxSizes {
		s.fail(record.CodeXLSComplex)
		return true
	}
	return op(name, args...)
}

// fail reports the first thing that is wrong with an expression; what follows would only follow from it.
func (s *scope) fail(code record.Code, pairs ...any) value {
	if !s.failed {
		s.f.rep.fail(s.at, code, pairs...)
	}
	s.failed = true
	return value{js: true, kind: kindNothing}
}

func (s *scope) kinds(t *tree) value {
	name := t.text
	if t.op == opCall {
		name += "()"
	}
	return s.fail(record.CodeXLSKinds, "operator", name)
}

// scopeFor is the scope of a cell of a question. Whether a repeat is shown is decided once for all its rows.
func (f *former) scopeFor(q *question, c cell, shows bool) *scope {
	s := &scope{f: f, at: c.at, self: q, chain: q.repeats()}
	if shows && q.sort == sortRepeat {
		s.chain = q.parent.repeats()
	}
	return s
}

// parse reads an expression; nil where it is wrong.
func (s *scope) parse(c cell) *tree {
	if c.text == "TRUE" || c.text == "FALSE" { // what Excel makes of a typed true
		return &tree{op: opCall, text: strings.ToLower(c.text)}
	}
	if len(c.text) > maxExpression {
		s.fail(record.CodeXLSComplex)
		return nil
	}
	t, bad := parse(c.text)
	switch {
	case bad > 0:
		s.fail(record.CodeXLSSyntax, "char", bad, "value", shorten(c.text))
		return nil
	case t.depth() > maxDeepTree:
		s.fail(record.CodeXLSComplex)
		return nil
	}
	return t
}

func literal(s string) value {
	if s == "" {
		return value{kind: kindNothing, lit: &s}
	}
	return value{js: s, kind: kindText, lit: &s}
}

// value translates an expression into what it gives by itself.
func (s *scope) value(t *tree) value {
	switch t.op {
	case opNumber:
		return s.numeral(t.text)
	case opText:
		return literal(t.text)
	case opQuestion:
		return s.answer(s.f.find(s.at, t.text), "${"+t.text+"}")
	case opPath:
		return s.answer(s.walk(t), strings.Join(t.path, "/"))
	case opCall:
		return s.call(t)
	case opUnary:
		x := s.number(t.args[0])
		if x.lit != nil {
			return s.numeral(minus(*x.lit))
		}
		return value{js: s.op("sub", number("0"), x.js), kind: kindNumber, open: x.open}
	}
	switch t.text {
	case "and", "or", "=", "!=", "<", "<=", ">", ">=":
		return value{js: s.condition(t, exact), kind: kindBool}
	}
	return s.arithmetic(t)
}

func minus(n string) string {
	if rest, ok := strings.CutPrefix(n, "-"); ok {
		return rest
	}
	return "-" + n
}

// find looks a question up by its name; several or none is an error.
func (f *former) find(at place, name string) *question {
	all := f.byName[name]
	switch {
	case len(all) == 0:
		f.rep.fail(at, record.CodeXLSReference, "reference", "${"+name+"}")
		return nil
	case len(all) > 1:
		var places []string
		for _, q := range all {
			places = append(places, q.at.String())
		}
		f.rep.fail(at, record.CodeXLSReferenceMany, "reference", "${"+name+"}", "places", strings.Join(places, ", "))
		return nil
	}
	return all[0]
}

// walk follows a path such as ../name through the survey.
func (s *scope) walk(t *tree) *question {
	at, steps := s.self, t.path
	if steps[0] == "" {
		at, steps = s.f.root, steps[min(2, len(steps)):] // the first name is that of the form
	}
	for _, step := range steps {
		switch step {
		case ".":
		case "..":
			at = at.parent
		default:
			i := slices.IndexFunc(at.kids, func(q *question) bool { return q.name == step })
			if i < 0 {
				at = nil
				break
			}
			at = at.kids[i]
		}
		if at == nil {
			s.fail(record.CodeXLSReference, "reference", strings.Join(t.path, "/"))
			return nil
		}
	}
	return at
}

// answer reads the answer of a question.
func (s *scope) answer(q *question, written string) value {
	if q == nil {
		s.failed = true
		return value{js: true}
	}
	if q.sort == sortLeftOut && q.word == "" || q.options != nil && len(q.options.choices) == 0 {
		s.failed = true // an error already
		return value{js: true}
	}
	if q.sort == sortLeftOut && q.word == "today" {
		return value{js: s.op("today"), kind: kindDate}
	}
	v := value{js: map[string]any{"field": q.path}, open: true, leaf: q}
	switch q.sort {
	case sortField:
		v.kind, v.multi = answerKind(q.answer)
	case sortCalculate:
		c := s.f.calculate(q)
		if c.failed {
			s.failed = true
			return value{js: true}
		}
		v.kind = c.kind
	default:
		return s.fail(record.CodeXLSNoAnswer, "reference", written)
	}
	chain := q.repeats()
	v.many = len(chain) > len(s.chain) || !slices.Equal(chain, s.chain[:len(chain)])
	if s.answered && q == s.self {
		v.open = false
	}
	return v
}

func answerKind(native string) (k kind, multi bool) {
	switch native {
	case "integer", "decimal", "money":
		return kindNumber, false
	case "date", "month":
		return kindDate, false
	case "time":
		return kindTime, false
	case "multichoice", "file":
		return kindText, true
	}
	return kindText, false
}

// single refuses answers from several rows where one is needed.
func (s *scope) single(v value) value {
	if v.many && v.leaf != nil {
		return s.fail(record.CodeXLSSeveral, "reference", "${"+v.leaf.name+"}")
	}
	return v
}

// mode is how a condition is used: what an open outcome counts as there.
type mode byte

const (
	exact   mode = iota // true or false, nothing else
	asFalse             // open does what false does
	asTrue
)

func (m mode) not() mode { return [...]mode{exact, asTrue, asFalse}[m] }

// condition translates an expression into a condition.
func (s *scope) condition(t *tree, m mode) any {
	if t.op == opBinary {
		switch t.text {
		case "and", "or":
			var args []any
			for _, a := range flat(t, t.text) {
				args = append(args, s.condition(a, m))
			}
			return s.op(t.text, args...)
		case "=", "!=", "<", "<=", ">", ">=":
			return s.compare(t, m)
		}
	}
	if t.op == opCall && t.text == "not" && len(t.args) == 1 {
		return s.op("not", s.condition(t.args[0], m.not()))
	}
	if t.op == opCall && (t.text == "boolean" || t.text == "boolean-from-string") && len(t.args) == 1 {
		return s.condition(t.args[0], m)
	}
	if t.op == opCall && conditions[t.text] != nil {
		return s.test(t, m)
	}
	return s.truth(t, s.single(s.value(t)))
}

// flat lists the parts of a chain of one operator: a and b and c.
func flat(t *tree, operator string) []*tree {
	var out []*tree
	for t.op == opBinary && t.text == operator {
		out = append(out, t.args[1])
		t = t.args[0]
	}
	out = append(out, t)
	slices.Reverse(out)
	return out
}

// truth is XPath's boolean(): a number that is not 0, a text that is not empty.
func (s *scope) truth(t *tree, v value) any {
	switch {
	case s.failed:
		return true
	case v.kind == kindBool && v.open:
		return s.op("coalesce", v.js, false)
	case v.kind == kindBool:
		return v.js
	case v.kind == kindNothing:
		return false
	case v.lit != nil && v.kind == kindNumber:
		return !zero(*v.lit)
	case v.lit != nil:
		return true
	case v.kind == kindNumber:
		return s.closed(s.op("not", s.op("equal", v.js, number("0"))), false, exact, v)
	case !v.open:
		return true
	}
	return s.op("not", s.op("empty", v.js))
}

// closed says what a comparison gives where one of the values it needs is not answered. when is what XPath
// gives then; where that is what an open outcome counts as anyway, nothing has to be said.
func (s *scope) closed(e any, when bool, m mode, needs ...value) any {
	var empty []any
	for _, v := range needs {
		if v.open {
			empty = append(empty, s.op("empty", v.js))
		}
	}
	switch {
	case len(empty) == 0, m == asFalse && !when, m == asTrue && when:
		return e
	case when:
		return s.op("or", append(empty, e)...)
	}
	for i := range empty {
		empty[i] = s.op("not", empty[i])
	}
	return s.op("and", append(empty, e)...)
}
