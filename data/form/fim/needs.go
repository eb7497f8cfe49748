package fim

import "slices"

// Cardinalities say what has to be there. A field that stands 1:1 in a group that stands 1:1 is required. In
// a group that stands 0:1 it is required once the group is used: when anything in it was answered. A rule that
// says that the group has to be filled requires it, too. A row of a repeated group is used because it is there.

// optionalScope is the nearest group around a node, itself included, that may be left out as a whole.
func (n *node) optionalScope() *node {
	for g := n; g != nil && g.parent != nil; g = g.parent {
		switch {
		case !g.group():
		case g.repeat && g.p.min == 0:
			return nil
		case !g.repeat && (g.p.min == 0 || g.parent.e.exclusive):
			return g
		}
	}
	return nil
}

// due reports whether a field has to be filled where its groups are used.
func (n *node) due() bool {
	if n.group() || !n.answerable() || n.p.min == 0 || n.p.max < 0 || n.parent.e.exclusive {
		return false
	}
	// What is locked or hidden is filled by another program, if at all.
	return n.e.field.art != "locked" && n.e.field.art != "hidden"
}

// demands reports whether a used group has at least one field that must be filled.
func (n *node) demands() bool { return len(n.demanded()) > 0 }

// demanded lists the fields that must be filled once the group is used. In a group that is always there they
// are required anyway.
func (n *node) demanded() []*node {
	return slices.DeleteFunc(n.fields(), func(f *node) bool { return !f.due() || f.parent.optionalScope() != n.optionalScope() })
}

// byDepth puts together the fields that stand in the same repeats: one rule can act on them.
func byDepth(fields []*node) [][]string {
	var out [][]string
	for len(fields) > 0 {
		chain := fields[0].chain()
		var on []string
		var rest []*node
		for _, f := range fields {
			if slices.Equal(f.chain(), chain) {
				on = append(on, f.path)
			} else {
				rest = append(rest, f)
			}
		}
		out = append(out, on)
		fields = rest
	}
	return out
}

// uses reports whether the condition can hold only where something in the group was answered.
func (c *cond) uses(g *node) bool {
	switch c.op {
	case condIs, condFilled, condCompare:
		return c.node.within(g) && c.node != g || c.op == condFilled && c.node == g
	case condNoDay:
		return c.parts[0].uses(g)
	case condAnd:
		return slices.ContainsFunc(c.parts, func(p *cond) bool { return p.uses(g) })
	case condOr:
		return len(c.parts) > 0 && !slices.ContainsFunc(c.parts, func(p *cond) bool { return !p.uses(g) })
	}
	return false
}

// used writes that an optional group is used: something in it was answered. A rule that wants the group filled
// is an error of its own as long as nothing was.
func used(g *node) any {
	if len(counted(g)) == 0 {
		return always()
	}
	return filled(g, true)
}

// needs marks what is required and writes the rules of optional groups, of exclusive ones and of what is
// never shown.
func (b *builder) needs() {
	scopes := map[*node][]*node{}
	for _, n := range b.root.all() {
		switch {
		case n.parent == nil:
		case n.p.max < 0:
			b.hide(n)
		case n.group() && n.e.exclusive:
			b.exclusive(n)
		case !n.group() && n.e.field.art == "hidden" && !n.fixed:
			b.hide(n)
		}
		if n.parent == nil || !n.due() {
			continue
		}
		if g := n.parent.optionalScope(); g != nil {
			scopes[g] = append(scopes[g], n)
		} else {
			n.item.Required = true
		}
	}
	for _, g := range b.root.all() {
		if fields := scopes[g]; len(fields) > 0 && len(counted(g)) > 0 {
			b.optional(g, fields)
		}
	}
}

// optional requires the fields of an optional group once anything in it was answered. That a rule wants the
// group filled stands at that rule.
func (b *builder) optional(g *node, fields []*node) {
	if len(counted(g)) == 1 && len(fields) == 1 {
		return // the group is the field
	}
	for _, on := range byDepth(fields) {
		b.extra = append(b.extra, nativeRule{Rule: b.structural("need", g), Do: "require", On: on, When: filled(g, true)})
	}
}

// hide keeps away what the schema marks as absent (0:0) or hidden.
func (b *builder) hide(n *node) {
	b.extra = append(b.extra, nativeRule{Rule: b.structural("hidden", n), Do: "hide", On: []string{n.path}, When: always()})
}

// exclusive demands exactly one child of a group of alternatives.
func (b *builder) exclusive(g *node) {
	var parts []any
	var names string
	for _, k := range g.kids {
		if len(counted(k)) == 0 {
			continue
		}
		parts = append(parts, obj("if", list(filled(k, true), 1, 0)))
		if names != "" {
			names += ", "
		}
		names += "„" + k.item.Label.DE + "“"
	}
	if len(parts) < 2 {
		return
	}
	var wrong any = obj("not", obj("equal", list(obj("sum", parts), 1)))
	if s := g.optionalScope(); s != nil {
		wrong = obj("and", list(used(s), wrong))
	}
	b.extra = append(b.extra, nativeRule{
		Rule: b.structural("one", g), Do: "valid", On: []string{g.first().path}, When: negated(wrong),
		Text: &text{say("choice.one", "names", names)},
	})
}
