package fim

import (
	"cmp"
	"reflect"
	"slices"
)

// contradictions finds rules of which one shows a place and another hides it at the same time, and takes them
// out: which of them counts, only a person can say. Typical are three rules that each show one field for
// their own question, "otherwise not".
func contradictions(rules []*instance) {
	type claim struct {
		by *instance
		*act
	}
	var shows []claim
	hides := map[*node][]claim{}
	for _, i := range rules {
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
	if a.op == condIs && b.op == condIs {
		return a.node == b.node && !slices.ContainsFunc(a.values, func(v any) bool { return slices.Contains(b.values, v) })
	}
	return apart(a, b) || apart(b, a)
}

// apart takes a to pieces to see that it never holds together with b.
func apart(a, b *cond) bool {
	part := func(p *cond) bool { return disjoint(p, b) }
	switch a.op {
	case condAnd:
		return slices.ContainsFunc(a.parts, part)
	case condOr:
		return len(a.parts) > 0 && all(a.parts, part)
	case condNot:
		return b.op != condNot && implies(b, a.parts[0])
	}
	return false
}

func all(parts []*cond, ok func(*cond) bool) bool {
	return !slices.ContainsFunc(parts, func(p *cond) bool { return !ok(p) })
}

// implies reports whether b certainly holds where a does.
func implies(a, b *cond) bool {
	from := func(p *cond) bool { return implies(p, b) }
	to := func(p *cond) bool { return implies(a, p) }
	switch {
	case b.op == condOr && slices.ContainsFunc(b.parts, to):
		return true
	case b.op == condAnd && len(b.parts) > 0:
		return all(b.parts, to)
	case a.op == condAnd:
		return slices.ContainsFunc(a.parts, from)
	case a.op == condOr:
		return len(a.parts) > 0 && all(a.parts, from)
	}
	return a.op == b.op && a.node == b.node && a.covered(b)
}

// covered compares two conditions of one kind about one place.
func (c *cond) covered(by *cond) bool {
	switch c.op {
	case condFilled:
		return true
	case condIs:
		return !slices.ContainsFunc(c.values, func(v any) bool { return !slices.Contains(by.values, v) })
	case condCompare:
		return c.rel == by.rel && c.other == by.other && reflect.DeepEqual(c.values, by.values)
	}
	return false
}
