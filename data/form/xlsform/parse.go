package xlsform

import "strings"

// tree is an XPath expression.
type tree struct {
	op   treeOp
	text string // number, text, name of the question or function, or the operator
	args []*tree
	path []string // steps of a path: "", "..", ".", names; a leading "" is the root
	at   int      // character, from 1
}

type treeOp byte

const (
	opNumber treeOp = iota
	opText
	opQuestion // ${name}
	opPath
	opCall
	opUnary  // -
	opBinary // text is the operator
)

const (
	maxExpression = 20_000 // characters
	maxNesting    = 40
)

// powers is how strongly the operators of XPath 1.0 bind.
var powers = map[string]int{
	"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}

const powerUnary = 7

// parser is a Pratt parser. The first trouble stays in bad.
type parser struct {
	toks  []token
	i     int
	depth int
	bad   int
}

// parse reads an expression; bad is the character at which it cannot be read, from 1, or 0.
func parse(s string) (t *tree, bad int) {
	if len(s) > maxExpression {
		return nil, maxExpression
	}
	toks, bad := lex(s)
	if bad > 0 {
		return nil, bad
	}
	p := &parser{toks: toks}
	t = p.expr(0)
	if p.bad == 0 && p.peek().kind != tokEnd {
		p.fail()
	}
	return t, p.bad
}

func (p *parser) peek() token { return p.toks[p.i] }

func (p *parser) take() token {
	t := p.toks[p.i]
	if t.kind != tokEnd {
		p.i++
	}
	return t
}

func (p *parser) fail() *tree {
	if p.bad == 0 {
		p.bad = p.peek().at
	}
	return &tree{op: opText, at: p.peek().at}
}

func (p *parser) is(sign string) bool {
	t := p.peek()
	return t.kind == tokSign && t.text == sign
}

func (p *parser) expect(sign string) {
	if !p.is(sign) {
		p.fail()
		return
	}
	p.take()
}

// operator is the binary operator that comes next, or "".
func (p *parser) operator() string {
	t := p.peek()
	if t.kind != tokSign && t.kind != tokName {
		return ""
	}
	if t.kind == tokName && t.text != "and" && t.text != "or" && t.text != "div" && t.text != "mod" {
		return ""
	}
	if powers[t.text] == 0 {
		return ""
	}
	return t.text
}

func (p *parser) expr(power int) *tree {
	if p.depth++; p.depth > maxNesting {
		return p.fail()
	}
	defer func() { p.depth-- }()
	left := p.prefix()
	for p.bad == 0 {
		op := p.operator()
		if op == "" || powers[op] <= power {
			break
		}
		at := p.take().at
		left = &tree{op: opBinary, text: op, at: at, args: []*tree{left, p.expr(powers[op])}}
	}
	return left
}

func (p *parser) prefix() *tree {
	t := p.peek()
	switch t.kind {
	case tokNumber:
		p.take()
		return &tree{op: opNumber, text: t.text, at: t.at}
	case tokText:
		p.take()
		return &tree{op: opText, text: t.text, at: t.at}
	case tokQuestion:
		p.take()
		n := &tree{op: opQuestion, text: t.text, at: t.at}
		if p.is("/") || p.is("//") || p.is("[") {
			return p.fail()
		}
		return n
	case tokName:
		if next := p.toks[p.i+1]; next.kind == tokSign && next.text == "(" {
			return p.call()
		}
		return p.steps()
	case tokEnd:
		return p.fail()
	}
	switch t.text {
	case "(":
		p.take()
		n := p.expr(0)
		p.expect(")")
		return n
	case "-":
		p.take()
		return &tree{op: opUnary, text: "-", at: t.at, args: []*tree{p.expr(powerUnary)}}
	case ".", "..", "/":
		return p.steps()
	}
	return p.fail()
}

// call reads a function with its arguments. What follows an instance() or current() is a way through data
// that a form here does not have; the function itself is refused later, by name.
func (p *parser) call() *tree {
	name := p.take()
	n := &tree{op: opCall, text: strings.ToLower(name.text), at: name.at}
	p.take() // (
	for !p.is(")") && p.bad == 0 {
		n.args = append(n.args, p.expr(0))
		if !p.is(",") {
			break
		}
		p.take()
		if p.is(")") {
			return p.fail()
		}
	}
	p.expect(")")
	if n.text == "instance" || n.text == "current" {
		p.skipPath()
	}
	return n
}

func (p *parser) skipPath() {
	open := 0
	for p.bad == 0 && p.peek().kind != tokEnd {
		switch t := p.peek(); {
		case t.kind == tokSign && t.text == "[":
			open++
		case t.kind == tokSign && t.text == "]" && open > 0:
			open--
		case open > 0, t.kind == tokSign && (t.text == "/" || t.text == "//" || t.text == "." || t.text == ".."):
		case t.kind == tokName && p.operator() == "":
		default:
			return
		}
		p.take()
	}
}

// steps reads a path such as ../name, /data/group/name or the dot.
func (p *parser) steps() *tree {
	n := &tree{op: opPath, at: p.peek().at}
	if p.is("/") {
		p.take()
		n.path = append(n.path, "")
	}
	for {
		t := p.peek()
		if t.kind != tokName && !p.is(".") && !p.is("..") {
			return p.fail()
		}
		p.take()
		n.path = append(n.path, t.text)
		if !p.is("/") {
			break
		}
		p.take()
	}
	if p.is("[") || p.is("//") {
		return p.fail()
	}
	return n
}

// maxDeepTree bounds how deep operators lie in each other; chains of and, or and + count once.
const maxDeepTree = 60

func (t *tree) depth() int {
	parts, deepest := t.args, 0
	if t.op == opBinary && (t.text == "and" || t.text == "or" || t.text == "+") {
		parts = flat(t, t.text)
	}
	for _, a := range parts {
		deepest = max(deepest, a.depth())
	}
	return deepest + 1
}

// questions lists the names that ${…} gives in the expression, in order.
func (t *tree) questions() []string {
	var out []string
	if t.op == opQuestion {
		out = append(out, t.text)
	}
	for _, a := range t.args {
		out = append(out, a.questions()...)
	}
	return out
}
