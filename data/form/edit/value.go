package edit

import (
	"slices"
	"strings"

	"schalter/data/form"
)

// value says what an expression gives. of is the field that a constant stands for, such as the choice it is
// compared with.
func (sp *speaker) value(n *node, of *form.Field) string {
	switch n.kind {
	case 's':
		return sp.word(n.str(sp.text), of)
	case 'n':
		return sp.number(string(n.raw(sp.text)), of)
	case 'b':
		return sp.words.get(pick(n.isTrue(sp.text), "yes", "no"))
	}
	op, args, ok := operator(n)
	if !ok {
		return ""
	}
	switch op {
	case "field":
		return sp.name(args[0].str(sp.text))
	case "date", "time":
		return sp.moment(op, args[0].str(sp.text), of)
	case "today", "now":
		return sp.words.get(op)
	case "rows", "row":
		return sp.words.get(op, "a", sp.name(args[0].str(sp.text)))
	case "add", "sub", "mul", "div":
		return sp.arithmetic(op, args, of)
	case "sum":
		if len(args) > 1 {
			return sp.arithmetic("add", args, of)
		}
	case "if":
		return sp.choice(args, of)
	case "concat", "coalesce", "min", "max", "answered":
		return sp.several(op, args, of)
	}
	if slices.Contains(conditionOps, op) {
		return sp.condition(n, false)
	}
	return sp.function(op, args, of)
}

// word is a text: the label of a choice, or what it says in quotes.
func (sp *speaker) word(s string, of *form.Field) string {
	if of != nil && of.Type.Listed() {
		for _, c := range of.Choices() {
			if c.Code == s {
				return sp.quoted(c.Label.In(sp.lang))
			}
		}
	}
	return sp.quoted(s)
}

// number is written as an amount where it stands for one.
func (sp *speaker) number(s string, of *form.Field) string {
	if of != nil && of.Type == form.TypeMoney {
		if c := canonical(form.TypeMoney, strings.ReplaceAll(s, ".", ",")); c != "" {
			return form.Format(of, c, sp.lang)
		}
	}
	return form.Format(&form.Field{Type: form.TypeDecimal}, s, sp.lang)
}

func (sp *speaker) moment(op, s string, of *form.Field) string {
	if op == "time" {
		return form.Format(&form.Field{Type: form.TypeTime}, s, sp.lang)
	}
	if of != nil && of.Type == form.TypeMonth && len(s) == len("2006-01-02") {
		return form.Format(of, s[:len("2006-01")], sp.lang)
	}
	return form.Format(&form.Field{Type: form.TypeDate}, s, sp.lang)
}

// signs stand between the parts of a sum or product.
var signs = map[string]string{"add": " + ", "sub": " − ", "mul": " × ", "div": " ÷ "}

func (sp *speaker) arithmetic(op string, args []*node, of *form.Field) string {
	if op == "mul" || op == "div" {
		of = nil // a factor is no amount
	}
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = sp.value(a, of)
		inner, more, _ := operator(a)
		if _, is := signs[inner]; is && len(more) > 1 && (op != "add" || inner == "if") || inner == "if" || inner == "sum" && len(more) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, signs[op])
}

// choice says one of two values; a chain of them goes on behind "else".
func (sp *speaker) choice(args []*node, of *form.Field) string {
	return sp.words.get("if", "when", sp.condition(args[0], false), "a", sp.value(args[1], of), "b", sp.value(args[2], of))
}

func (sp *speaker) several(op string, args []*node, of *form.Field) string {
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = sp.value(a, of)
	}
	switch op {
	case "concat":
		return strings.Join(parts, " & ")
	case "answered":
		op = "answered.1" // the word alone is a condition's
	}
	return sp.words.get(op, "a", sp.list(parts, "and"))
}

// function says all other operators with their arguments in the order a, b, c.
func (sp *speaker) function(op string, args []*node, of *form.Field) string {
	key, pairs := op, []string{}
	for i, a := range args {
		var s string
		switch {
		case i == len(args)-1 && (op == "date_add" || op == "date_diff" || op == "date_part"):
			s = sp.words.get("part." + a.str(sp.text))
		case op == "round" && i == 0 || op == "floor" || op == "ceil" || op == "trunc" || op == "abs":
			s = sp.value(a, of)
		default:
			s = sp.value(a, nil)
		}
		pairs = append(pairs, string(rune('a'+i)), s)
	}
	if k := op + "." + string(rune('0'+len(args))); sp.words[k] != "" {
		key = k
	}
	return sp.words.get(key, pairs...)
}
