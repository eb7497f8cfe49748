package edit

import (
	"slices"
	"strings"

	"schalter/data/form"
)

// Sentence reads an expression of the native format (one that form.Parse took in this form) out in words.
func Sentence(f *form.Form, expression []byte, lang string) string {
	sp := newSpeaker(f, lang)
	sp.text = expression
	n := parse(expression)
	if sp.isCondition(n) {
		return sp.condition(n, false)
	}
	return sp.value(n, nil)
}

// Sentence reads a rule out in words, whatever it is; one in prose as it was imported.
func (d *Doc) Sentence(rule, lang string) string {
	w := d.view()
	at, ok := w.rules[rule]
	if !ok {
		return rule
	}
	return d.speaker(lang).rule(at.node())
}

// speaker says parts of one form in one language.
type speaker struct {
	form  *form.Form
	lang  string
	words vocabulary
	text  []byte
	twice map[string]bool // labels that several fields have
}

func newSpeaker(f *form.Form, lang string) *speaker {
	sp := &speaker{form: f, lang: lang, words: words(lang), twice: map[string]bool{}}
	seen := map[string]bool{}
	for _, x := range f.Fields() {
		l := x.Label.In(lang)
		sp.twice[l] = seen[l]
		seen[l] = true
	}
	return sp
}

// name is what a place is called, with its group where another field has the same label.
func (sp *speaker) name(path string) string {
	if id, ok := strings.CutPrefix(path, ProofPlace); ok {
		if p := sp.form.Proof(id); p != nil {
			return sp.quoted(p.Label.In(sp.lang))
		}
		return sp.quoted(id)
	}
	if g := sp.form.Group(path); g != nil && g.Path == path {
		return sp.quoted(g.Label.In(sp.lang))
	}
	f := sp.form.Field(path)
	if f == nil {
		return sp.quoted(path)
	}
	label := f.Label.In(sp.lang)
	if group, _, _ := cutLast(path); sp.twice[label] && sp.form.Group(group) != nil {
		label = sp.form.Group(group).Label.In(sp.lang) + ": " + label
	}
	return sp.quoted(label)
}

func (sp *speaker) quoted(s string) string { return sp.words.get("quote", "text", s) }

func (sp *speaker) names(paths []string) string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = sp.name(p)
	}
	return sp.list(out, "and")
}

// list joins with commas and, before the last, a word.
func (sp *speaker) list(items []string, word string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + sp.words.get(word) + " " + items[last]
}

func (sp *speaker) rule(r *node) string {
	kind := r.get("do").str(sp.text)
	on := sp.names(r.get("on").strs(sp.text))
	said := ""
	if t := r.get("text"); t != nil {
		if said = t.get(sp.lang).str(sp.text); said == "" {
			said = t.get("de").str(sp.text)
		}
	}
	switch kind {
	case "unresolved":
		return said
	case "calculate":
		return sp.words.get("rule.calculate", "on", on, "value", sp.value(r.get("value"), sp.form.Field(first(r.get("on").strs(sp.text)))))
	}
	when := r.get("when")
	if kind == "valid" {
		return sp.words.get("rule.valid", "on", on, "when", sp.condition(when, true))
	}
	if when.isTrue(sp.text) {
		return sp.words.get("rule."+kind+".always", "on", on)
	}
	return sp.words.get("rule."+kind, "on", on, "when", sp.condition(when, false))
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// also joins two conditions, either of which may be "".
func (sp *speaker) also(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + sp.words.get("and") + " " + b
}

// opposite are the operators that say the reverse.
var opposite = map[string]string{"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}

var conditionOps = []string{"and", "or", "not", "xor", "equal", "lt", "le", "gt", "ge", "in", "empty", "matches", "contains", "starts", "ends"}

func (sp *speaker) isCondition(n *node) bool {
	op, args, ok := operator(n)
	if !ok {
		return n.kind == 'b'
	}
	if op == "field" {
		f := sp.form.Field(args[0].str(sp.text))
		return f != nil && f.Type == form.TypeBoolean
	}
	return slices.Contains(conditionOps, op)
}

// condition says when something holds, or with not, when it does not.
func (sp *speaker) condition(n *node, not bool) string {
	op, args, ok := operator(n)
	if !ok {
		return sp.words.get(pick(n.isTrue(sp.text) != not, "always", "never"))
	}
	switch op {
	case "not":
		return sp.condition(args[0], !not)
	case "and", "or":
		return sp.joined(args, pick((op == "and") != not, "and", "or"), not)
	case "xor":
		return sp.words.get(pick(not, "xor.not", "xor"), "a", sp.condition(args[0], false), "b", sp.condition(args[1], false))
	case "if":
		return sp.words.get("if.condition", "when", sp.condition(args[0], false), "a", sp.condition(args[1], not), "b", sp.condition(args[2], not))
	case "field":
		return sp.words.get(pick(not, "is_false", "is_true"), "a", sp.name(args[0].str(sp.text)))
	case "equal", "lt", "le", "gt", "ge":
		return sp.compared(op, args, not)
	case "in":
		return sp.in(args, not)
	case "empty":
		return sp.words.get(pick(not, "answered", "empty"), "a", sp.value(args[0], nil))
	case "matches", "contains", "starts", "ends":
		return sp.words.get(pick(not, op+".not", op), "a", sp.value(args[0], nil), "b", sp.value(args[1], nil))
	}
	return sp.words.get(pick(not, "is_false", "is_true"), "a", sp.value(n, nil))
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// joined says several conditions; those that are joined the other way stand in brackets.
func (sp *speaker) joined(args []*node, word string, not bool) string {
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = sp.condition(a, not)
		if op, inner, ok := operator(a); ok && len(args) > 1 {
			for op == "not" {
				op, inner, _ = operator(inner[0])
			}
			if len(inner) > 1 && (op == "and" || op == "or" || op == "xor" || op == "if") {
				parts[i] = "(" + parts[i] + ")"
			}
		}
	}
	return strings.Join(parts, " "+sp.words.get(word)+" ")
}

func (sp *speaker) compared(op string, args []*node, not bool) string {
	a, b := args[0], args[1]
	if not && op != "equal" {
		op, not = opposite[op], false
	}
	of := sp.fieldOf(a)
	if of == nil {
		of = sp.fieldOf(b)
	}
	if of != nil && of.Type == form.TypeBoolean && b.kind == 'b' {
		return sp.words.get(pick(b.isTrue(sp.text) != not, "is_true", "is_false"), "a", sp.name(of.Path))
	}
	key := op
	if op != "equal" && (sp.isMoment(a) || sp.isMoment(b)) {
		key = op + ".moment"
	}
	if not {
		key += ".not"
	}
	return sp.words.get(key, "a", sp.value(a, of), "b", sp.value(b, of))
}

// isMoment reports whether an expression gives a date or time.
func (sp *speaker) isMoment(n *node) bool {
	if f := sp.fieldOf(n); f != nil {
		return slices.Contains(moments, f.Type)
	}
	op, _, _ := operator(n)
	return op == "date" || op == "time" || op == "today" || op == "now" || op == "date_add"
}

func (sp *speaker) in(args []*node, not bool) string {
	if args[1].kind != 'a' {
		of := sp.fieldOf(args[1])
		return sp.words.get(pick(not, "has.not", "has"), "a", sp.value(args[1], nil), "b", sp.value(args[0], of))
	}
	of := sp.fieldOf(args[0])
	var values []string
	for _, c := range args[1].nodes {
		values = append(values, sp.value(c, of))
	}
	if not && len(values) > 1 {
		return sp.words.get("none_of", "a", sp.value(args[0], nil), "b", sp.list(values, "nor"))
	}
	return sp.words.get(pick(not, "equal.not", "equal"), "a", sp.value(args[0], nil), "b", sp.list(values, "or"))
}

func (sp *speaker) fieldOf(n *node) *form.Field {
	if m := n.get("field"); m != nil {
		return sp.form.Field(m.str(sp.text))
	}
	return nil
}
