package edit

import (
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Amount is a number that a calculation gives, or that it multiplies or adds with: what a municipality sets.
// Numbers that only say when it applies are none.
type Amount struct {
	Rule  string
	Index int    // within the rule
	Value string // canonical
	When  string // under which condition, as a sentence; "" for always
}

// Amounts lists the amounts in the calculation of a field, in the order of the expression.
func (d *Doc) Amounts(path, lang string) []Amount {
	var out []Amount
	w := d.view()
	for _, id := range d.RulesOf(path, false) {
		value := w.rules[id].node().get("value")
		if value == nil {
			continue
		}
		sp := d.speaker(lang)
		for i, a := range amounts(sp, value, "", nil) {
			out = append(out, Amount{id, i, string(a.node.raw(w.text)), a.when})
		}
	}
	return out
}

type amount struct {
	node *node
	when string
}

// amounts goes through those places of an expression that make up its result.
func amounts(sp *speaker, n *node, when string, out []amount) []amount {
	if n.kind == 'n' {
		return append(out, amount{n, when})
	}
	op, args, ok := operator(n)
	if !ok {
		return out
	}
	switch op {
	case "if":
		if len(args) == 3 {
			c := sp.condition(args[0], false)
			out = amounts(sp, args[1], sp.also(when, c), out)
			out = amounts(sp, args[2], sp.also(when, sp.condition(args[0], true)), out)
		}
	case "sum", "add", "coalesce", "min", "max", "sub":
		for _, a := range args {
			out = amounts(sp, a, when, out)
		}
	case "round", "floor", "ceil", "trunc", "div", "abs":
		out = amounts(sp, args[0], when, out)
	case "mul":
		for _, a := range args {
			if inner, _, is := operator(a); a.kind == 'n' || is && inner == "if" {
				out = amounts(sp, a, when, out)
			}
		}
	}
	return out
}

// SetAmount changes an amount of a calculation as a person types it.
func (d *Doc) SetAmount(rule string, index int, typed string) error {
	v := canonical(form.TypeDecimal, strings.TrimSuffix(strings.TrimSpace(typed), "€"))
	if v == "" {
		return record.E(record.CodeEditValue, nil, "value", typed)
	}
	return d.do(RulePlace+rule, RulePlace+rule+"\x00"+string(rune(index)), func(w *work) error {
		s, ok := w.rules[rule]
		if !ok || s.node().get("value") == nil {
			return gone(RulePlace + rule)
		}
		sp := newSpeaker(d.form, "de")
		sp.text = w.text
		all := amounts(sp, s.node().get("value"), "", nil)
		if index < 0 || index >= len(all) {
			return gone(RulePlace + rule)
		}
		n := all[index].node
		w.put(n.start, n.end-n.start, v)
		return nil
	})
}
