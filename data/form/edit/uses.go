package edit

import (
	"slices"
	"strings"

	"schalter/data/record"
)

// UseKind is what else in a form names a thing.
type UseKind string

// The kinds of use.
const (
	UseRule   UseKind = "rule"   // ID is the rule's
	UseRole   UseKind = "role"   // ID is the role: other parts of the program read the field
	UseWithin UseKind = "within" // ID is the path of a choice that it narrows
	UsePart   UseKind = "part"   // ID is the part of a bundle
)

// Use is one thing that names another, and would be lost with it.
type Use struct {
	Kind UseKind
	ID   string
	// Target tells that a rule only acts on it, among others that stay.
	Target bool
}

// use is one text of the file that names a path, a proof ("proof:…") or a rule ("rule:…").
type use struct {
	Use
	node *node
	path string
	when bool // of a part: it depends on the field
}

// uses lists all of them, in the order of the file but for rules, which come first.
func (w *work) uses() []use {
	var out []use
	if rules := w.root.get("rules"); rules != nil {
		for _, r := range rules.nodes {
			out = append(out, w.usesOf(r)...)
		}
	}
	w.root.get("groups").walk(func(n *node) {
		if m := n.get("within"); m != nil && n.get("field") != nil {
			out = append(out, use{Use{Kind: UseWithin}, m, m.str(w.text), false})
		}
	})
	for i := range out {
		if out[i].Kind == UseWithin {
			out[i].ID = w.pathAt(out[i].node.start)
		}
	}
	if roles := w.root.get("roles"); roles != nil {
		for i, m := range roles.nodes {
			out = append(out, use{Use{Kind: UseRole, ID: roles.keys[i].name}, m, m.str(w.text), false})
		}
	}
	if parts := w.root.get("parts"); parts != nil {
		for _, p := range parts.nodes {
			out = append(out, w.usesOfPart(p)...)
		}
	}
	return out
}

func (w *work) usesOf(rule *node) []use {
	var out []use
	id := rule.get("rule").str(w.text)
	if on := rule.get("on"); on != nil {
		for _, n := range on.nodes {
			out = append(out, use{Use{Kind: UseRule, ID: id, Target: true}, n, n.str(w.text), false})
		}
	}
	for _, k := range []string{"when", "value"} {
		if e := rule.get(k); e != nil {
			e.walk(func(n *node) {
				if len(n.keys) == 1 && slices.Contains([]string{"field", "rows", "row"}, n.keys[0].name) && n.nodes[0].kind == 's' {
					out = append(out, use{Use{Kind: UseRule, ID: id}, n.nodes[0], n.nodes[0].str(w.text), false})
				}
			})
		}
	}
	return out
}

func (w *work) usesOfPart(p *node) []use {
	var out []use
	id := p.get("part").str(w.text)
	add := func(n *node, prefix string) {
		out = append(out, use{Use{Kind: UsePart, ID: id}, n, prefix + n.str(w.text), false})
	}
	for _, k := range []struct{ key, prefix string }{{"answers", ""}, {"proofs", ProofPlace}, {"rules", RulePlace}} {
		if m := p.get(k.key); m != nil {
			for _, n := range m.nodes {
				add(n, k.prefix)
			}
		}
	}
	if n := p.get("when"); n != nil {
		add(n, "")
		out[len(out)-1].when = true
	}
	return out
}

// pathAt is the field that a place of the text stands in.
func (w *work) pathAt(at int) string {
	best, size := "", len(w.text)
	for path, s := range w.items {
		if n := s.node(); n.start <= at && at < n.end && n.end-n.start < size {
			best, size = path, n.end-n.start
		}
	}
	return best
}

// Uses lists what names a group (or anything in it), a field, a proof or a rule and stands outside of it.
func (d *Doc) Uses(place string) []Use {
	w := d.view()
	var out []Use
	s, ok := w.slot(place)
	if !ok {
		return nil
	}
	n := s.node()
	for _, u := range w.uses() {
		if !below(u.path, place) || n.start <= u.node.start && u.node.start < n.end {
			continue
		}
		if u.Target && w.reads(u.ID, place) {
			u.Target = false
		}
		if !slices.Contains(out, u.Use) {
			out = append(out, u.Use)
		}
	}
	return out
}

// reads reports whether a rule could not go on without a place: its expression reads it, or it acts on
// nothing else.
func (w *work) reads(rule, place string) bool {
	others := false
	for _, u := range w.usesOf(w.rules[rule].node()) {
		in := below(u.path, place)
		if in && !u.Target {
			return true
		}
		others = others || u.Target && !in
	}
	return !others
}

// Remove takes a group, field, proof or rule out. What something else in the form still names is refused
// ([Doc.Uses] says by what), and so is a rule in prose, which somebody has to decide about ([Doc.Decide]).
func (d *Doc) Remove(place string) error {
	if n := len(d.Uses(place)); n > 0 {
		return record.E(record.CodeEditUsed, nil, "name", d.Place(place, "de"), "count", n)
	}
	return d.RemoveAll(place)
}

// RemoveAll takes out a group, field, proof or rule together with the rules and roles that name it.
func (d *Doc) RemoveAll(place string) error {
	return d.do(place, "", func(w *work) error {
		s, ok := w.slot(place)
		if !ok {
			return gone(place)
		}
		if s.node().get("do").str(w.text) == "unresolved" {
			return record.E(record.CodeEditReason, nil)
		}
		if err := w.purge(place); err != nil {
			return err
		}
		return w.remove(place)
	})
}

func (w *work) remove(place string) error {
	s, ok := w.slot(place)
	switch {
	case !ok:
		return nil
	case strings.HasPrefix(place, ProofPlace):
		w.drop("proofs", s.i)
	case strings.HasPrefix(place, RulePlace):
		w.drop("rules", s.i)
	case len(s.list.nodes) == 1:
		return record.E(record.CodeEditLast, nil)
	default:
		w.cut(s.list, s.i)
	}
	return nil
}

// purge takes away what names a place from outside, and what names that.
func (w *work) purge(place string) error {
	for {
		u := w.outside(place)
		if u == nil {
			return nil
		}
		switch u.Kind {
		case UseRule:
			if u.Target && !w.reads(u.ID, place) {
				w.cutHolder(u.node)
				continue
			}
			if err := w.purge(RulePlace + u.ID); err != nil {
				return err
			}
			if err := w.remove(RulePlace + u.ID); err != nil {
				return err
			}
		case UsePart:
			if u.when {
				return record.E(record.CodeEditUsed, nil, "name", place, "count", 1)
			}
			w.cutHolder(u.node)
		case UseRole, UseWithin:
			w.cutHolder(u.node)
		}
	}
}

func (w *work) outside(place string) *use {
	s, ok := w.slot(place)
	if !ok {
		return nil
	}
	n := s.node()
	for _, u := range w.uses() {
		if below(u.path, place) && (u.node.start < n.start || u.node.start >= n.end) {
			return &u
		}
	}
	return nil
}

// cutHolder takes a value out of the list or object that it stands in.
func (w *work) cutHolder(v *node) {
	w.root.walk(func(n *node) {
		if i := slices.Index(n.nodes, v); i >= 0 {
			w.cut(n, i)
		}
	})
}
