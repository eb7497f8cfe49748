package fim

import (
	"cmp"
	"slices"
)

// contradictions finds rules of which one shows a place and another hides it at the same time, and takes them
// out: which of them counts, only a person can say. Typical are three rules that each show one field for
// their own question, "otherwise not".
func contradictions(all []*instance) {
	type claim struct {
		by *instance
		*act
	}
	var shows []claim
	hides := map[*node][]claim{}
	for _, i := range all {
		for _, a := range i.acts {
			switch {
			case i.why != "":
			case a.do == actShow:
				shows = append(shows, claim{i, a})
			case a.do == actHide:
				hides[a.on] = append(hides[a.on], claim{i, a})
			}
		}
	}
	for _, s := range shows {
		for _, h := range hides[s.on] {
			if s.by != h.by && !disjoint(s.when, h.when) {
				s.by.why = cmp.Or(s.by.why, s.on.path+" would be shown and hidden at once, see "+h.by.id)
				h.by.why = cmp.Or(h.by.why, s.on.path+" would be shown and hidden at once, see "+s.by.id)
			}
		}
	}
}

// disjoint reports whether two conditions certainly never hold together.
func disjoint(a, b *cond) bool {
	if a == nil || b == nil {
		return false
	}
	for _, x := range [][2]*cond{{a, b}, {b, a}} {
		c, d := x[0], x[1]
		apart := func(p *cond) bool { return disjoint(p, d) }
		switch {
		case c.op == condAnd && slices.ContainsFunc(c.parts, apart):
			return true
		case c.op == condOr && len(c.parts) > 0 && !slices.ContainsFunc(c.parts, func(p *cond) bool { return !apart(p) }):
			return true
		case c.op == condNot && c.parts[0].op == condNot:
			return disjoint(c.parts[0].parts[0], d)
		case c.op == condNot && d.op != condNot && implies(d, c.parts[0]):
			return true
		}
	}
	return a.op == condIs && b.op == condIs && a.node == b.node &&
		!slices.ContainsFunc(a.values, func(v any) bool { return slices.Contains(b.values, v) })
}

// implies reports whether b certainly holds where a does.
func implies(a, b *cond) bool {
	switch {
	case b.op == condOr && slices.ContainsFunc(b.parts, func(p *cond) bool { return implies(a, p) }):
		return true
	case b.op == condAnd && len(b.parts) > 0:
		return !slices.ContainsFunc(b.parts, func(p *cond) bool { return !implies(a, p) })
	case a.op == condAnd && slices.ContainsFunc(a.parts, func(p *cond) bool { return implies(p, b) }):
		return true
	case a.op == condOr && len(a.parts) > 0:
		return !slices.ContainsFunc(a.parts, func(p *cond) bool { return !implies(p, b) })
	case a.op != b.op || a.node != b.node || a.op == condAnd || a.op == condOr || a.op == condNot || a.op == condNoDay:
		return false
	case a.op == condFilled:
		return true
	case a.op == condIs:
		return !slices.ContainsFunc(a.values, func(v any) bool { return !slices.Contains(b.values, v) })
	}
	return a.rel == b.rel && a.other == b.other && slices.Equal(a.values, b.values)
}
