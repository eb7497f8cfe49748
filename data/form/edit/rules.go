package edit

import (
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Is is how a test of a simple rule asks for an answer.
type Is string

// The ways. Above and Below ask numbers, dates and times; Has asks a choice of several.
const (
	IsEqual    Is = "equal"
	IsNot      Is = "not"
	IsOneOf    Is = "one_of"
	IsAnswered Is = "answered"
	IsEmpty    Is = "empty"
	IsAbove    Is = "above"
	IsAtLeast  Is = "at_least"
	IsBelow    Is = "below"
	IsAtMost   Is = "at_most"
	IsHas      Is = "has"
	IsHasNot   Is = "has_not"
)

// Needs reports whether the test compares with a value.
func (i Is) Needs() bool { return i != IsAnswered && i != IsEmpty }

// Ways are those that go with a type of field.
func Ways(t form.Type) []Is {
	switch {
	case t == form.TypeNote:
		return nil
	case t == form.TypeBoolean:
		return []Is{IsEqual, IsAnswered, IsEmpty}
	case t == form.TypeChoice:
		return []Is{IsEqual, IsNot, IsOneOf, IsAnswered, IsEmpty}
	case t == form.TypeMulti:
		return []Is{IsHas, IsHasNot, IsAnswered, IsEmpty}
	case slices.Contains(numbers, t):
		return []Is{IsEqual, IsNot, IsAbove, IsAtLeast, IsBelow, IsAtMost, IsAnswered, IsEmpty}
	case slices.Contains(moments, t):
		return []Is{IsEqual, IsAbove, IsAtLeast, IsBelow, IsAtMost, IsAnswered, IsEmpty}
	case t == form.TypeFile, t == form.TypeSignature:
		return []Is{IsAnswered, IsEmpty}
	}
	return []Is{IsEqual, IsNot, IsAnswered, IsEmpty}
}

// Test asks for the answer of one field.
type Test struct {
	Path   string
	Is     Is
	Values []string // canonical: codes, "true", "12.50", "2026-11-23"; one unless IsOneOf
}

// Simple is a rule that can be said in a sentence: show, hide, require or forbid what On names when all tests
// (Any: one of them) are met.
type Simple struct {
	Do    form.RuleKind
	On    []string // paths, and proofs as "proof:" with their id
	Any   bool
	Tests []Test
}

// Kinds are the kinds of a simple rule.
var Kinds = []form.RuleKind{form.RuleShow, form.RuleHide, form.RuleRequire, form.RuleForbid}

// Simple takes a rule apart; ok is false for one that is more than a sentence, which is kept as it is.
func (d *Doc) Simple(id string) (s Simple, ok bool) {
	w := d.view()
	at, ok := w.rules[id]
	if !ok {
		return s, false
	}
	r := at.node()
	s = Simple{Do: form.RuleKind(r.get("do").str(w.text)), On: r.get("on").strs(w.text)}
	when := r.get("when")
	if when == nil || !slices.Contains(Kinds, s.Do) {
		return s, false
	}
	tests := []*node{when}
	if len(when.keys) == 1 && (when.keys[0].name == "and" || when.keys[0].name == "or") && when.nodes[0].kind == 'a' {
		s.Any, tests = when.keys[0].name == "or", when.nodes[0].nodes
	}
	for _, n := range tests {
		t, ok := d.test(w.text, n)
		if !ok {
			return s, false
		}
		s.Tests = append(s.Tests, t)
	}
	return s, true
}

// test reads one condition.
func (d *Doc) test(text []byte, n *node) (Test, bool) {
	op, args, ok := operator(n)
	if !ok {
		return Test{}, false
	}
	if op == "not" && len(args) == 1 {
		t, ok := d.test(text, args[0])
		if !ok {
			return t, false
		}
		return t.negated()
	}
	if op == "field" {
		path := n.nodes[0].str(text)
		f := d.form.Field(path)
		return Test{path, IsEqual, []string{"true"}}, f != nil && f.Type == form.TypeBoolean
	}
	var t Test
	switch {
	case op == "empty" && len(args) == 1:
		t = Test{args[0].get("field").str(text), IsEmpty, nil}
	case len(args) != 2:
		return t, false
	case op == "in" && args[1].kind != 'a':
		return d.has(text, args)
	default:
		if t, ok = comparison(text, op, args); !ok {
			return t, false
		}
	}
	return t, d.form.Field(t.Path) != nil
}

// has reads whether a choice of several is among the answers.
func (d *Doc) has(text []byte, args []*node) (Test, bool) {
	v, ok := constant(text, args[0])
	t := Test{args[1].get("field").str(text), IsHas, []string{v}}
	f := d.form.Field(t.Path)
	return t, ok && f != nil && f.Type == form.TypeMulti
}

// comparisons are the operators that a test knows, by the way it asks.
var comparisons = map[Is]string{IsEqual: "equal", IsAbove: "gt", IsAtLeast: "ge", IsBelow: "lt", IsAtMost: "le"}

func comparison(text []byte, op string, args []*node) (Test, bool) {
	t := Test{Path: args[0].get("field").str(text)}
	if op == "in" {
		t.Is = IsOneOf
		for _, c := range args[1].nodes {
			v, ok := constant(text, c)
			if !ok {
				return t, false
			}
			t.Values = append(t.Values, v)
		}
		return t, t.Path != ""
	}
	for is, o := range comparisons {
		if o == op {
			t.Is = is
		}
	}
	v, ok := constant(text, args[1])
	t.Values = []string{v}
	return t, ok && t.Is != "" && t.Path != ""
}

func (t Test) negated() (Test, bool) {
	other := map[Is]Is{IsEqual: IsNot, IsNot: IsEqual, IsAnswered: IsEmpty, IsEmpty: IsAnswered, IsHas: IsHasNot, IsHasNot: IsHas, IsAbove: IsAtMost, IsAtMost: IsAbove, IsBelow: IsAtLeast, IsAtLeast: IsBelow}[t.Is]
	if t.Is == IsEqual && len(t.Values) == 1 && t.Values[0] == "true" {
		return Test{t.Path, IsEqual, []string{"false"}}, true
	}
	t.Is = other
	return t, other != ""
}

// operator takes an object with one key apart; a single argument needs no brackets.
func operator(n *node) (op string, args []*node, ok bool) {
	if n == nil || n.kind != 'o' || len(n.keys) != 1 {
		return "", nil, false
	}
	if a := n.nodes[0]; a.kind != 'a' {
		return n.keys[0].name, n.nodes, true
	}
	return n.keys[0].name, n.nodes[0].nodes, true
}

// constant is the canonical text of a constant.
func constant(text []byte, n *node) (string, bool) {
	switch n.kind {
	case 's':
		return n.str(text), true
	case 'n', 'b':
		return string(n.raw(text)), true
	}
	for _, k := range []string{"date", "time"} {
		if m := n.get(k); m != nil && len(n.keys) == 1 {
			return m.str(text), true
		}
	}
	return "", false
}

// expression writes the tests of a rule.
func (d *Doc) expression(s Simple) (any, error) {
	var parts []any
	for _, t := range s.Tests {
		e, err := d.condition(t)
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
	}
	switch {
	case len(parts) == 0:
		return nil, record.E(record.CodeEditTest, nil)
	case len(parts) == 1:
		return parts[0], nil
	case s.Any:
		return object{{"or", parts}}, nil
	}
	return object{{"and", parts}}, nil
}

func (d *Doc) condition(t Test) (any, error) {
	f := d.form.Field(t.Path)
	if f == nil {
		return nil, gone(t.Path)
	}
	here := object{{"field", t.Path}}
	not := func(e any) any { return object{{"not", e}} }
	values, err := literals(f, t)
	if err != nil {
		return nil, err
	}
	switch t.Is {
	case IsEmpty:
		return object{{"empty", here}}, nil
	case IsAnswered:
		return not(object{{"empty", here}}), nil
	case IsOneOf:
		return object{{"in", []any{here, values}}}, nil
	case IsHas:
		return object{{"in", []any{values[0], here}}}, nil
	case IsHasNot:
		return not(object{{"in", []any{values[0], here}}}), nil
	case IsNot:
		return not(object{{"equal", []any{here, values[0]}}}), nil
	}
	if f.Type == form.TypeBoolean {
		if values[0] == true {
			return here, nil
		}
		return not(here), nil
	}
	return object{{comparisons[t.Is], []any{here, values[0]}}}, nil
}

// literals writes what a test compares with.
func literals(f *form.Field, t Test) ([]any, error) {
	if !t.Is.Needs() {
		return nil, nil
	}
	var out []any
	for _, v := range t.Values {
		c, err := literal(f, v)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if len(out) == 0 || len(out) > 1 && t.Is != IsOneOf {
		return nil, record.E(record.CodeEditTest, nil)
	}
	return out, nil
}

// literal writes a constant that an answer of the field is compared with.
func literal(f *form.Field, v string) (any, error) {
	bad := record.E(record.CodeEditValue, nil, "value", v)
	switch {
	case v == "":
		return nil, record.E(record.CodeEditTest, nil)
	case f.Type == form.TypeBoolean:
		return v == "true", nil
	case f.Type.Listed():
		if !slices.ContainsFunc(f.Choices(), func(c form.Choice) bool { return c.Code == v }) {
			return nil, bad
		}
		return v, nil
	}
	c := canonical(f.Type, v)
	switch {
	case c == "":
		return nil, bad
	case slices.Contains(numbers, f.Type):
		return number(c), nil
	case f.Type == form.TypeDate:
		return object{{"date", c}}, nil
	case f.Type == form.TypeMonth:
		return object{{"date", c + "-01"}}, nil
	case f.Type == form.TypeTime:
		return object{{"time", c}}, nil
	}
	return c, nil
}

// AddRule puts a new rule at the end and gives its place.
func (d *Doc) AddRule(s Simple) (string, error) {
	e, err := d.expression(s)
	if err != nil {
		return "", err
	}
	if len(s.On) == 0 {
		return "", record.E(record.CodeEditTest, nil)
	}
	place := ""
	err = d.do("", "", func(w *work) error {
		_, name, _ := cutLast(strings.TrimPrefix(s.On[0], ProofPlace))
		id := w.free(string(s.Do)+"_"+name, func(n string) bool { _, taken := w.rules[n]; return taken })
		place = RulePlace + id
		l := w.optional("rules")
		w.insert(l, len(l.nodes), "", object{{"rule", id}, {"do", string(s.Do)}, {"on", list(s.On)}, {"when", e}})
		return nil
	})
	if err != nil {
		return "", err
	}
	d.undo[len(d.undo)-1].place = place
	return place, nil
}

// SetRule gives a rule that can be said in a sentence another one. Its id, its text and its statutes stay.
func (d *Doc) SetRule(id string, s Simple) error {
	e, err := d.expression(s)
	if err != nil {
		return err
	}
	before, simple := d.Simple(id)
	if !simple {
		return record.E(record.CodeEditComplex, nil)
	}
	return d.do(RulePlace+id, "", func(w *work) error {
		r := w.rules[id].node
		if before.Do != s.Do {
			w.set(r(), "do", string(s.Do))
		}
		if !slices.Equal(before.On, s.On) {
			w.set(w.rules[id].node(), "on", list(s.On))
		}
		if before.Any != s.Any || !slices.EqualFunc(before.Tests, s.Tests, Test.same) {
			w.set(w.rules[id].node(), "when", e)
		}
		return nil
	})
}

func (t Test) same(o Test) bool {
	return t.Path == o.Path && t.Is == o.Is && slices.Equal(t.Values, o.Values)
}

// RulesOf lists the rules that act on a place or, where reading is set, read it.
func (d *Doc) RulesOf(place string, reading bool) []string {
	w := d.view()
	var out []string
	for _, r := range d.form.Rules {
		s, ok := w.rules[r.ID]
		if !ok {
			continue
		}
		for _, u := range w.usesOf(s.node()) {
			if u.path == place && (u.Target || reading) {
				out = append(out, r.ID)
				break
			}
		}
	}
	return out
}
