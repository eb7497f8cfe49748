package fim

import (
	"maps"
	"slices"

	"schalter/data/form/imported"
)

// instance is a rule at one place.
type instance struct {
	rule *rule
	host *node
	id   string // in the native form
	text string // without ids, for clerks
	acts []*act
	why  string // what was in doubt; "" for a translated rule
}

// instances lists the rules of the source in its order, the outer ones first.
func (b *builder) instances() []*instance {
	var out []*instance
	names := siblings{}
	for _, n := range b.root.all() {
		for _, r := range n.e.rules {
			out = append(out, &instance{rule: r, host: n, id: names.take(r.id)})
		}
	}
	return out
}

// rules translates what the grammar reads and lists the rest.
func (b *builder) rules() (imported.Rules, []imported.Open) {
	all := b.instances()
	graph := newGraph(b.root)
	for _, i := range all {
		b.read(i)
		if i.why == "" {
			i.why = b.refuse(i)
		}
		if i.why == "" && !graph.add(i.acts) {
			i.why = "the rules would run in a circle"
		}
	}
	contradictions(all)
	settleFixed(all)
	count := imported.Rules{Total: len(all)}
	var open []imported.Open
	for _, i := range all {
		if i.why == "" {
			count.Translated++
			continue
		}
		count.Unresolved++
		open = append(open, imported.Open{Rule: i.id, On: i.host.path, Text: i.rule.text, Why: i.why})
	}
	b.write(all)
	return count, open
}

// read parses the prose of one rule.
func (b *builder) read(i *instance) {
	if !i.rule.prose {
		i.why = "no prose"
		return
	}
	b.prose = plainProse(i.rule.text)
	p := &parser{b: b, host: i.host, tokens: tokens(b.prose, b.names)}
	p.rule()
	i.why, i.acts = p.doubt, p.acts
	i.text = spoken(b.prose, b.names)
}

// refuse finds what a sentence may say but the form cannot do.
func (b *builder) refuse(i *instance) string {
	for _, a := range i.acts {
		if a.on.parent == nil {
			return "acts on the whole form"
		}
		switch {
		case a.do == actFix && !a.on.fixable():
			return a.on.path + " cannot be filled by the form"
		case a.do == actValid && !a.on.answerable():
			return a.on.path + " takes no answer"
		case a.do == actRequire && a.on.repeat && a.on.p.min == 0 && !a.rows():
			return a.on.path + " may have no row"
		}
		if why := unseen(a); why != "" {
			return why
		}
	}
	return ""
}

// fixable reports whether the form can fill a node by itself.
func (n *node) fixable() bool {
	return !n.group() && !n.fixed && !n.repeat && n.item.Type != "file" && n.item.Type != "note"
}

// settleFixed lets one rule fill a field. A second one may say the same, but nothing else.
func settleFixed(all []*instance) {
	values := map[*node]any{}
	for _, i := range all {
		if i.why != "" {
			continue
		}
		own := maps.Clone(values)
		for _, a := range i.acts {
			if a.do != actFix {
				continue
			}
			if v, ok := own[a.on]; ok && v != a.value {
				i.why = a.on.path + " is filled with another value already"
			}
			own[a.on] = a.value
		}
		if i.why != "" {
			continue
		}
		i.acts = slices.DeleteFunc(i.acts, func(a *act) bool {
			_, again := values[a.on]
			if a.do == actFix && !again {
				values[a.on], a.on.fixed = a.value, true
			}
			return a.do == actFix && again
		})
	}
}

// unseen finds a condition that reads several answers where one is meant.
func unseen(a *act) string {
	chain := a.on.chain()
	if a.on.repeat && (a.do == actShow || a.do == actHide) {
		chain = chain[:len(chain)-1]
	}
	if a.rows() {
		chain = a.when.reads()[0].chain()
	}
	for _, n := range append(a.when.reads(), a.wrong.reads()...) {
		if n.parent == nil {
			return "a condition about the whole form"
		}
		if !n.group() && n.item.Type == "note" {
			return n.path + " takes no answer"
		}
		if n.group() && len(counted(n)) == 0 {
			return n.path + " has no field to fill"
		}
		if !n.group() && !sees(chain, n) {
			return n.path + " has several answers here"
		}
	}
	return ""
}

// rows reports whether the act demands a row of what repeats and may have none. The error stands at the first
// answer that the condition reads.
func (a *act) rows() bool {
	if a.do != actRequire || !a.on.repeat || a.on.p.min > 0 {
		return false
	}
	reads := a.when.reads()
	return len(reads) > 0 && reads[0].answerable()
}

// write puts the rules into the form: what is shown first, because several rules may show one place.
func (b *builder) write(all []*instance) {
	w := &writer{b: b, names: map[string]int{}, shows: map[*node][]*cond{}}
	for _, i := range all {
		for _, a := range i.acts {
			if i.why == "" && a.do == actShow {
				w.shows[a.on] = append(w.shows[a.on], or2(a.when))
			}
		}
	}
	for _, i := range all {
		if i.why != "" {
			w.open(i)
			continue
		}
		w.count = 0
		for _, a := range i.acts {
			w.act(i, a)
		}
	}
	b.needs()
	b.form.Rules = append(w.rules, b.extra...)
}

// or2 stands for "always" where a rule shows without a condition.
func or2(c *cond) *cond {
	if c == nil {
		return &cond{op: condAnd}
	}
	return c
}

type writer struct {
	b     *builder
	rules []nativeRule
	names map[string]int
	shows map[*node][]*cond
	count int // native rules of the present instance
}

func (w *writer) add(i *instance, r nativeRule) {
	r.Rule = i.id
	if w.count++; w.count > 1 {
		r.Rule = i.id + "-" + string(rune('a'+(w.count-1)%26))
	}
	if n := numbered(w.names, r.Rule); n != r.Rule {
		r.Rule = n
	}
	w.rules = append(w.rules, r)
}

func (w *writer) open(i *instance) {
	on := []string{i.host.path}
	if i.host.parent == nil {
		on = nil
		for _, g := range w.b.form.Groups {
			on = append(on, g.Group)
		}
	}
	w.count = 0
	w.add(i, nativeRule{Do: "unresolved", On: on, Text: &text{i.rule.text}})
}

// always is a condition that holds.
func always() any { return obj("equal", list(1, 1)) }

func (c *cond) holds() any {
	if c == nil || (c.op == condAnd || c.op == condOr) && len(c.parts) == 0 {
		return always()
	}
	return c.expr(true)
}

func (w *writer) act(i *instance, a *act) {
	said := optional(i.text)
	switch a.do {
	case actShow:
		conds := w.shows[a.on]
		if conds == nil {
			return // stands at the first rule that shows it
		}
		delete(w.shows, a.on)
		var parts []any
		for _, c := range conds {
			parts = append(parts, c.holds())
		}
		w.add(i, nativeRule{Do: "show", On: []string{a.on.path}, When: junction("or", parts), Text: said})
	case actHide:
		w.add(i, nativeRule{Do: "hide", On: []string{a.on.path}, When: a.when.holds(), Text: said})
	case actRequire:
		w.require(i, a)
	case actValid:
		wrong := a.wrong
		if a.when != nil {
			wrong = both(condAnd, a.when, a.wrong)
		}
		w.add(i, nativeRule{Do: "valid", On: []string{a.on.path}, When: negated(due(i.host, wrong)), Text: said})
	case actFix:
		it := a.on.item
		it.Internal, it.Required, it.Default = true, false, ""
		w.add(i, nativeRule{Do: "calculate", On: []string{a.on.path}, Value: a.value, Text: said})
	}
}

// require writes that something has to be filled: a field, at least one row of what repeats, or the fields of
// a group that must be there once the group is. Where one field is simply required no prose is shown: that it is
// missing is said better by the form itself.
func (w *writer) require(i *instance, a *act) {
	said := optional(i.text)
	must := due(i.host, a.when)
	empty := func(at *node) {
		wrong := obj("and", list(must, filled(a.on, false)))
		w.add(i, nativeRule{Do: "valid", On: []string{at.path}, When: negated(wrong), Text: said})
	}
	switch {
	case a.rows():
		empty(a.when.reads()[0])
	case !a.on.group() && a.on.answerable():
		w.add(i, nativeRule{Do: "require", On: []string{a.on.path}, When: must})
	case a.on.group() && a.on.demands():
		for _, on := range byDepth(a.on.demanded()) {
			w.add(i, nativeRule{Do: "require", On: on, When: must})
		}
	case a.on.group() && a.on.first() != nil:
		empty(a.on.first())
	}
}

// due writes when a rule applies: under its condition, and where it stands in an optional group only once that
// group is used.
func due(host *node, when *cond) any {
	scope := host.optionalScope()
	switch {
	case scope == nil || when != nil && when.uses(scope):
		return when.holds()
	case when == nil:
		return used(scope)
	}
	return obj("and", list(used(scope), when.expr(true)))
}

// negated writes that something is not so.
func negated(e any) any {
	if m, ok := e.(map[string]any); ok && m["not"] != nil {
		return m["not"]
	}
	return obj("not", e)
}

// circles keeps rules from running in a circle: what is shown or filled by the form must not depend on itself.
type circles struct {
	reads map[*node][]*node // the answer or presence of a node depends on these
}

func newGraph(root *node) *circles {
	g := &circles{reads: map[*node][]*node{}}
	for _, n := range root.all() {
		if n.parent != nil && n.parent.parent != nil {
			g.reads[n] = []*node{n.parent}
		}
	}
	return g
}

// add takes the acts of a rule in unless they close a circle.
func (g *circles) add(acts []*act) bool {
	before := map[*node][]*node{}
	for _, a := range acts {
		if a.do != actShow && a.do != actHide && a.do != actFix {
			continue
		}
		if _, ok := before[a.on]; !ok {
			before[a.on] = g.reads[a.on]
		}
		for _, r := range a.when.reads() {
			g.reads[a.on] = append(slices.Clip(g.reads[a.on]), read(r)...)
		}
		if g.leads(a.on, a.on, map[*node]bool{}) {
			maps.Copy(g.reads, before)
			return false
		}
	}
	return true
}

// read lists what a condition about a node depends on.
func read(n *node) []*node {
	if n.group() {
		return n.fields()
	}
	return []*node{n}
}

func (g *circles) leads(from, to *node, seen map[*node]bool) bool {
	for _, n := range g.reads[from] {
		if n == to {
			return true
		}
		if !seen[n] {
			seen[n] = true
			if g.leads(n, to, seen) {
				return true
			}
		}
	}
	return false
}
