package form

import (
	"slices"
	"strings"

	"schalter/data/record"
)

// Part is one of the cases that a bundle makes. A bundle is a form whose answers fill several other forms:
// the citizen is asked once, and each part becomes a case of its own service under its own form (package
// bundle).
type Part struct {
	Name string
	Form record.FormRef // the version the case is pinned to
	When string         // path of a boolean field: the part is wanted while it is true; "": always
	// Answers, Proofs and Rules lead from the part's form to the bundle: field paths, proof ids and the ids of
	// the rules whose warnings can be overridden.
	Answers, Proofs, Rules map[string]string
}

func (d *decoder) parts(nodes []*node) error {
	for _, n := range nodes {
		p, err := d.part(n)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(d.form.Parts, func(o *Part) bool { return o.Name == p.Name }) {
			return invalid(n.at, "the part %q stands here for the second time", p.Name)
		}
		d.form.Parts = append(d.form.Parts, p)
	}
	return nil
}

func (d *decoder) part(n *node) (*Part, error) {
	o := n.object()
	p := &Part{Name: d.name(o, "part"), When: o.text("when")}
	if m := o.need("form"); m != nil {
		ref := m.object()
		p.Form = record.FormRef{ID: d.name(ref, "id"), Version: ref.text("version"), Hash: record.Hash(ref.text("hash"))}
		if err := ref.done(); err != nil {
			return nil, err
		}
		if !versionForm.MatchString(p.Form.Version) || len(p.Form.Hash) != 64 {
			return nil, invalid(m.at, "a part names id, version and hash of its form")
		}
	}
	p.Answers = d.leads(o, "answers", func(here string) bool { return d.form.items[here].Field != nil })
	p.Proofs = d.leads(o, "proofs", func(here string) bool { return d.form.proofs[here] != nil })
	p.Rules = d.leads(o, "rules", func(here string) bool { return d.rules[here] })
	if err := o.done(); err != nil {
		return nil, err
	}
	if w := d.form.items[p.When].Field; p.When != "" && (w == nil || w.Type != TypeBoolean || len(w.chain()) > 0) {
		return nil, invalid(n.at, "the part %q depends on %q, which is no single question of yes or no", p.Name, p.When)
	}
	return p, nil
}

// leads reads an object of text to text whose values must be known.
func (d *decoder) leads(o *object, key string, known func(string) bool) map[string]string {
	out := map[string]string{}
	m := o.get(key)
	if m == nil {
		return out
	}
	if m.kind != 'o' {
		o.failf(m.at, "expected an object {…}")
		return out
	}
	for i, from := range m.keys {
		here := o.str(m.nodes[i])
		if !known(here) {
			o.failf(m.nodes[i].at, "there is no %q in this form", here)
		}
		out[from] = here
	}
	return out
}

// Here turns the instance path of a field of the part into that of the bundle; rows keep their numbers.
// It is "" where the bundle does not ask for the field.
func (p *Part) Here(path string) string {
	here := p.Answers[DefinitionPath(path)]
	if here == "" {
		return ""
	}
	return likeRows(path, here)
}

// Own are the part's answers among those of the bundle, at the paths of the part's form.
func (p *Part) Own(here record.Values) record.Values {
	back := map[string][]string{} // two fields of the part may be answered by one
	for own, at := range p.Answers {
		back[at] = append(back[at], own)
	}
	out := record.Values{}
	for path, v := range here {
		for _, own := range back[DefinitionPath(path)] {
			out[likeRows(path, own)] = v
		}
	}
	return out
}

// likeRows gives a definition path the row numbers of an instance path of the same shape.
func likeRows(instance, def string) string {
	if strings.IndexByte(instance, '[') < 0 {
		return def
	}
	from, to := strings.Split(instance, "/"), strings.Split(def, "/")
	if len(from) != len(to) {
		return def
	}
	for i, s := range from {
		if k := strings.IndexByte(s, '['); k >= 0 {
			to[i] += s[k:]
		}
	}
	return strings.Join(to, "/")
}
