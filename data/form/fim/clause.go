package fim

import (
	"fmt"
	"slices"
)

// parser reads the prose of one rule. The first doubt ends it: from then on it sees only the end of the text,
// and nothing that it returns is used.
type parser struct {
	b      *builder
	host   *node
	tokens []token
	at     int
	doubt  string

	last    *node // what an ellipsis is about: … = 001 ODER = 002
	lastNot bool  // the comparison was <>
	shown   []*node
	acts    []*act
}

func (p *parser) failf(format string, args ...any) {
	if p.doubt == "" {
		p.doubt = fmt.Sprintf(format, args...)
	}
	p.at = len(p.tokens) - 1
}

func (p *parser) peek(ahead int) token { return p.tokens[min(p.at+ahead, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.peek(0)
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

// done reports the end of the text.
func (p *parser) done() bool { return p.peek(0).kind == tokenEnd }

// is reports whether the text goes on with these words or signs.
func (p *parser) is(words ...string) bool {
	for i, w := range words {
		if t := p.peek(i); t.kind != tokenWord && t.kind != tokenSign || t.text != w {
			return false
		}
	}
	return true
}

// accept takes the words if they are next.
func (p *parser) accept(words ...string) bool {
	if !p.is(words...) {
		return false
	}
	for range words {
		p.take()
	}
	return true
}

// any takes one of several words.
func (p *parser) any(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return p.accept(w) })
}

func (p *parser) need(words ...string) {
	if !p.accept(words...) {
		p.failf("expected %q before %q", words, p.peek(0).text)
	}
}

func (p *parser) needAny(words ...string) string {
	t := p.peek(0)
	if !p.any(words...) {
		p.failf("expected one of %q before %q", words, t.text)
	}
	return t.text
}

var (
	articles = []string{"das", "die", "der", "dem", "den", "im"}
	nouns    = []string{
		"feld", "felder", "feldern", "datenfeld", "datenfelder", "datenfeldern", "feldgruppe", "feldgruppen", "datenfeldgruppe",
		"datenfeldgruppen", "datengruppe", "datengruppen", "gruppe", "gruppen",
	}
	fillings = []string{"befüllt", "ausgefüllt", "angegeben"}
)

// refNext reports whether a reference follows, perhaps after an article and a noun.
func (p *parser) refNext() bool {
	i := 0
	for i < 4 && p.peek(i).kind == tokenWord && (slices.Contains(articles, p.peek(i).text) || slices.Contains(nouns, p.peek(i).text)) {
		i++
	}
	return p.peek(i).kind == tokenRef
}

// ref reads one reference and finds what it means at this place of the form.
func (p *parser) ref() *node {
	for range 4 {
		p.any(articles...)
		p.any(nouns...)
	}
	t := p.take()
	if t.kind != tokenRef {
		p.failf("expected an id before %q", t.text)
		return nil
	}
	n, why := p.b.resolve(p.host, t.ids)
	if n == nil {
		p.failf("%s: %s", t.text, why)
		return nil
	}
	if q := p.peek(0); q.kind == tokenQuoted {
		if !calls(q.text, p.b.names(n.e.id)) {
			p.failf("%s is not called %q", t.text, q.text)
			return nil
		}
		p.take()
	}
	return n
}

// refs reads a list of references: A, B und C. Between names in quotes some authors leave out the comma.
func (p *parser) refs(joints ...string) []*node {
	var out []*node
	for p.doubt == "" {
		n := p.ref()
		if slices.Contains(out, n) {
			p.failf("a reference stands twice in one list")
		}
		out = append(out, n)
		switch {
		case p.peek(0).kind == tokenRef:
		case p.listGoesOn(joints):
			p.take()
		case p.is(",") && slices.ContainsFunc(joints, func(j string) bool { return p.peek(1).text == j }) && p.after(2):
			p.take()
			p.take()
		default:
			return out
		}
	}
	return out
}

func (p *parser) listGoesOn(joints []string) bool {
	t := p.peek(0)
	return (p.is(",") || t.kind == tokenWord && slices.Contains(joints, t.text)) && p.after(1)
}

// after reports whether a reference stands behind the next tokens.
func (p *parser) after(ahead int) bool {
	at := p.at
	p.at = min(p.at+ahead, len(p.tokens)-1)
	ok := p.refNext()
	p.at = at
	return ok
}

// value reads what a field is compared with.
func (p *parser) value(n *node) any {
	if n == nil {
		return nil
	}
	code, text := "", ""
	switch t := p.take(); t.kind {
	case tokenNumber:
		code, text = t.text, p.labelOf(n, t.text)
	case tokenQuoted:
		text = t.text
	case tokenWord:
		switch t.text {
		case "ja", "nein", "wahr", "falsch":
			text = t.text
		default:
			p.failf("%q is no value", t.text)
		}
	default:
		p.failf("expected a value before %q", t.text)
	}
	v := constant(n, code, text)
	if v == nil {
		p.failf("%s does not know the value %s %q", n.path, code, text)
	}
	return v
}

// labelOf reads the label behind a code, if there is one: 001 "Imbiss", 001="Imbiss", 001 - Imbiss.
func (p *parser) labelOf(n *node, code string) string {
	switch {
	case p.peek(0).kind == tokenQuoted:
		return p.take().text
	case p.is("=") && p.peek(1).kind == tokenQuoted:
		p.take()
		return p.take().text
	case p.is("-"), p.is("–"), p.is("=") && p.peek(1).kind == tokenWord:
		p.take()
		return p.unquoted(n, code)
	}
	return ""
}

// unquoted reads the label of a code that stands without quotes: as long as the choice's own label is.
func (p *parser) unquoted(n *node, code string) string {
	source := p.b.prose
	for _, c := range n.choices {
		l := plainProse(c.label)
		at := p.peek(0).start
		if c.code != code || len(source) < at+len(l) || source[at:at+len(l)] != l {
			continue
		}
		for p.peek(0).kind != tokenEnd && p.peek(0).start < at+len(l) {
			p.take()
		}
		return c.label
	}
	p.failf("the label of %s is another one", code)
	return ""
}

// condition reads what stands between "wenn" and "dann".
func (p *parser) condition() *cond {
	parts := []*cond{p.term()}
	joint := ""
	for p.doubt == "" && (p.is("und") || p.is("oder")) && p.conditionNext() {
		j := p.take().text
		if joint != "" && j != joint {
			p.failf("und and oder are mixed without brackets")
		}
		joint = j
		parts = append(parts, p.term())
	}
	if p.doubt != "" {
		return nil
	}
	op := condAnd
	if joint == "oder" {
		op = condOr
	}
	p.exclusive(op, parts)
	return both(op, together(op, parts)...)
}

// together makes one condition of several about the same answer: = 003 ODER = 005, <> 003 UND <> 005.
func together(op condOp, parts []*cond) []*cond {
	var one *cond
	for _, c := range parts {
		if op == condAnd && c.op == condNot {
			c = c.parts[0]
		} else if op == condAnd {
			return parts
		}
		if c.op != condIs || one != nil && one.node != c.node {
			return parts
		}
		if one == nil {
			one = &cond{op: condIs, node: c.node}
		}
		one.values = append(one.values, c.values...)
	}
	if op == condAnd {
		return []*cond{not(one)}
	}
	return []*cond{one}
}

// exclusive refuses what cannot be meant: one answer that is two values, or is another one than each of two.
func (p *parser) exclusive(op condOp, parts []*cond) {
	for i, c := range parts {
		for _, d := range parts[:i] {
			a, b := c, d
			negated := a.op == condNot && b.op == condNot
			if negated {
				a, b = a.parts[0], b.parts[0]
			}
			if a.op == condIs && b.op == condIs && a.node == b.node && negated != (op == condAnd) {
				p.failf("the parts of the condition exclude each other or always hold")
			}
		}
	}
}

// conditionNext reports whether a further part of the condition follows "und" or "oder".
func (p *parser) conditionNext() bool {
	t := p.peek(1)
	switch {
	case t.kind == tokenNumber, t.kind == tokenQuoted:
		return true
	case t.kind == tokenSign:
		return slices.Contains([]string{"=", "==", "===", "<>", "!=", "≠", "("}, t.text)
	case t.kind == tokenWord && (t.text == "in" || t.text == "wenn"):
		return p.after(2)
	}
	return p.after(1)
}

// term reads one part of a condition.
func (p *parser) term() *cond {
	p.accept("wenn")
	t := p.peek(0)
	switch {
	case p.accept("("):
		c := p.condition()
		p.need(")")
		return c
	case p.is("alle"):
		return p.allFilled()
	case p.is("eines", "der") || p.is("eins", "der"):
		return p.oneOf()
	case t.kind == tokenNumber || t.kind == tokenQuoted:
		return p.elliptic(false)
	case t.kind == tokenSign && p.last != nil:
		return p.elliptic(true)
	}
	p.accept("in")
	if p.is("feld", "feld") {
		p.take()
	}
	n := p.ref()
	if n == nil {
		return nil
	}
	return p.comparison(n)
}

// elliptic reads a part that leaves out what it is about: … = 003 "x" ODER = 005 "y", … ODER 005 - y.
func (p *parser) elliptic(operator bool) *cond {
	if p.last == nil {
		p.failf("it is not said what is compared")
		return nil
	}
	negated := p.lastNot
	if operator {
		negated = p.operator() == "<>"
	}
	return p.equals(p.last, negated)
}

// operator reads a sign of comparison and gives it in one writing.
func (p *parser) operator() string {
	t := p.take()
	if t.kind == tokenSign {
		switch t.text {
		case "=", "==", "===":
			return "="
		case "<>", "!=", "≠":
			return "<>"
		case "<", "<=", ">", ">=":
			return t.text
		case "≤":
			return "<="
		case "≥":
			return ">="
		}
	}
	p.failf("expected a comparison before %q", t.text)
	return ""
}

// equals reads one value, or several in brackets: = (001 ODER 002), <> (001 UND 002).
func (p *parser) equals(n *node, negated bool) *cond {
	p.last, p.lastNot = n, negated
	c := &cond{op: condIs, node: n}
	if p.accept("(") {
		c.values = append(c.values, p.value(n))
		for p.doubt == "" && !p.accept(")") {
			if joint := p.needAny("und", "oder"); joint == "und" && !negated {
				p.failf("one answer cannot be two values")
			}
			c.values = append(c.values, p.value(n))
		}
	} else {
		c.values = append(c.values, p.value(n))
	}
	p.accept("ist")
	if n != nil && (n.group() || n.repeat) {
		p.failf("%s has no single answer", n.path)
	}
	if negated {
		return not(c)
	}
	return c
}

var relations = map[string]string{"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}

// comparison reads what a condition says about a field or group.
func (p *parser) comparison(n *node) *cond {
	switch {
	case p.accept("nicht", "leer"):
		p.accept("ist")
		return &cond{op: condFilled, node: n}
	case p.accept("leer"):
		p.accept("ist")
		return not(&cond{op: condFilled, node: n})
	case p.accept("nicht", "befüllt"), p.accept("nicht", "ausgefüllt"):
		p.accept("ist")
		return not(&cond{op: condFilled, node: n})
	case p.any(fillings...):
		p.accept("ist")
		return &cond{op: condFilled, node: n}
	case p.accept("den", "wert"):
		c := p.equals(n, false)
		p.need("hat")
		return c
	case p.accept("mit"):
		c := p.equals(n, false)
		p.need("belegt")
		p.need("ist")
		return c
	case p.accept("auswahl"):
		p.need("=")
		return p.equals(n, false)
	case p.is("=", "auswahl"):
		p.take()
		p.take()
		return p.equals(n, false)
	}
	switch op := p.operator(); op {
	case "=", "<>":
		return p.equals(n, op == "<>")
	default:
		return p.relation(n, relations[op])
	}
}

// relation compares numbers or dates.
func (p *parser) relation(n *node, rel string) *cond {
	c := &cond{op: condCompare, node: n, rel: rel}
	if p.refNext() {
		c.other = p.ref()
	} else if v, ok := p.value(n).(float64); ok {
		c.values = list(v)
	} else {
		p.failf("only numbers and dates are compared")
	}
	if p.doubt == "" && !comparable(n, c.other) {
		p.failf("only numbers and dates of one kind are compared")
	}
	return c
}

func comparable(a, b *node) bool {
	if b == nil {
		b = a
	}
	kind := map[string]string{"integer": "number", "decimal": "number", "money": "number", "date": "date", "time": "time"}
	return !a.group() && !b.group() && kind[a.item.Type] != "" && kind[a.item.Type] == kind[b.item.Type]
}

// allFilled reads "alle drei Felder A, B und C befüllt sind".
func (p *parser) allFilled() *cond {
	p.need("alle")
	count := p.needAny("zwei", "drei", "vier", "fünf", "felder", "datenfelder")
	all := p.refs("und")
	p.needAny(fillings...)
	p.need("sind")
	if n := slices.Index([]string{"zwei", "drei", "vier", "fünf"}, count); n >= 0 && len(all) != n+2 {
		p.failf("%s are not %d", count, len(all))
	}
	c := &cond{op: condAnd}
	for _, n := range all {
		c.parts = append(c.parts, &cond{op: condFilled, node: n})
	}
	return c
}

// oneOf reads "eines der folgenden Felder A, B mit "Ja" belegt ist".
func (p *parser) oneOf() *cond {
	p.take()
	p.take()
	p.accept("folgenden")
	all := p.refs("oder", "und")
	p.need("mit")
	c := &cond{op: condOr}
	at := p.at
	for _, n := range all {
		p.at = at
		c.parts = append(c.parts, p.equals(n, false))
		if p.doubt != "" {
			return nil
		}
	}
	p.need("belegt")
	p.need("ist")
	return c
}
