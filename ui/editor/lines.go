package editor

import (
	"schalter/data/form"
	"schalter/data/form/edit"
)

// heading stands before the names of the parts that are no place of the form: the lists of proofs and rules.
const heading = "#"

// The parts.
const (
	partOpen   = heading + "open"
	partGroups = heading + "groups"
	partProofs = heading + "proofs"
	partRules  = heading + "rules"
)

// Line is one thing of the form in the list at the left.
type Line struct {
	Place string
	Depth int
	Text  string // as the form calls it; "" for parts, which the screen names
	Mark  Mark
	Count int // of a part
}

// Mark is what is to be said of a line beside its name.
type Mark int

// The marks.
const (
	MarkNone     Mark = iota
	MarkRequired      // has to be answered
	MarkConfirm       // an amount that nobody has confirmed
	MarkOpen          // a rule in prose
	MarkFault         // something typed is not in order
	MarkKept          // a rule that is kept as it is
)

// Lines lists the form: its texts, what nobody has decided about, the groups with their fields, the proofs and
// the rules.
func (m *Model) Lines() []Line {
	f := m.doc.Form()
	out := []Line{{Place: "", Text: f.Title.In(m.lang), Mark: m.mark("", MarkNone)}}
	if open := f.Unresolved(); len(open) > 0 {
		out = append(out, Line{Place: partOpen, Count: len(open)})
		for _, r := range open {
			out = append(out, Line{Place: edit.RulePlace + r.ID, Depth: 1, Text: r.Text.In(m.lang), Mark: MarkOpen})
		}
	}
	out = append(out, Line{Place: partGroups, Count: len(f.Fields())})
	for _, g := range f.Groups {
		out = m.group(g, 1, out)
	}
	out = append(out, Line{Place: partProofs, Count: len(f.Proofs)})
	for _, p := range f.Proofs {
		l := Line{Place: edit.ProofPlace + p.ID, Depth: 1, Text: p.Label.In(m.lang)}
		if p.Required {
			l.Mark = MarkRequired
		}
		l.Mark = m.mark(l.Place, l.Mark)
		out = append(out, l)
	}
	rules := len(out)
	out = append(out, Line{Place: partRules})
	for _, r := range f.Rules {
		if r.Kind == form.RuleUnresolved {
			continue
		}
		l := Line{Place: edit.RulePlace + r.ID, Depth: 1, Text: m.doc.Sentence(r.ID, m.lang)}
		if _, simple := m.doc.Simple(r.ID); !simple {
			l.Mark = MarkKept
		}
		l.Mark = m.mark(l.Place, l.Mark)
		out = append(out, l)
	}
	out[rules].Count = len(out) - rules - 1
	return out
}

func (m *Model) group(g *form.Group, depth int, out []Line) []Line {
	out = append(out, Line{Place: g.Path, Depth: depth, Text: g.Label.In(m.lang), Mark: m.mark(g.Path, MarkNone)})
	for _, it := range g.Items {
		if it.Group != nil {
			out = m.group(it.Group, depth+1, out)
			continue
		}
		f := it.Field
		l := Line{Place: f.Path, Depth: depth + 1, Text: f.Label.In(m.lang)}
		switch {
		case f.ToConfirm:
			l.Mark = MarkConfirm
		case f.Required:
			l.Mark = MarkRequired
		}
		l.Mark = m.mark(f.Path, l.Mark)
		out = append(out, l)
	}
	return out
}

// mark is a fault where there is one at the place.
func (m *Model) mark(place string, or Mark) Mark {
	for in := range m.faults {
		if in.Place == place {
			return MarkFault
		}
	}
	return or
}
