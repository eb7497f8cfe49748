package bundle

import (
	"fmt"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// moved is one part on its way into the interview: its groups, lists, proofs and rules get the part's name
// in front, and whatever is answered elsewhere leads there.
type moved struct {
	*composer
	plan   PlanPart
	form   *form.Form
	wanted object // condition under which the part is asked for; nil: always
	lead   leads
	shown  []any // targets that are shown while the part is wanted
}

type leads struct{ answers, proofs, rules object }

func (m *moved) name(s string) string { return m.plan.Part + "." + s }

// here is where a path of the part lies in the interview.
func (m *moved) here(path string) string {
	if p, ok := m.plan.Same[path]; ok {
		return p
	}
	return m.name(path)
}

func (m *moved) target(t string) string {
	if id, ok := isProof(t); ok && m.plan.Same[t] == "" {
		return "proof:" + m.name(id)
	}
	return m.here(t)
}

func (m *moved) move(src object) error {
	if err := m.same(); err != nil {
		return err
	}
	for name, v := range asObject(src["lists"]) {
		m.list(m.name(name), v)
	}
	for _, g := range asArray(src["groups"]) {
		if err := m.group(asObject(g)); err != nil {
			return err
		}
	}
	for _, p := range asArray(src["proofs"]) {
		m.proof(asObject(p))
	}
	if m.wanted != nil && len(m.shown) > 0 {
		m.rules = append(m.rules, object{"rule": m.name("wanted"), "do": "show", "on": m.shown, "when": m.wanted})
	}
	for _, r := range asArray(src["rules"]) {
		if err := m.rule(asObject(r)); err != nil {
			return err
		}
	}
	m.role()
	ref := m.form.Ref()
	out := object{"part": m.plan.Part, "form": object{"id": ref.ID, "version": ref.Version, "hash": ref.Hash}, "answers": m.lead.answers}
	put(out, "proofs", m.lead.proofs)
	put(out, "rules", m.lead.rules)
	if m.wanted != nil {
		out["when"] = m.wanted["field"]
	}
	m.parts = append(m.parts, out)
	return nil
}

// role notes what the fields mean. The first part says who and what it is about; of later ones, what is
// about somebody else is left out.
func (m *moved) role() {
	first := len(m.parts) == 0
	family, has := m.form.Roles[record.RoleFamily]
	alike := first || has && m.roles[string(record.RoleFamily)] == m.here(family)
	for role, path := range m.form.Roles {
		if m.roles[string(role)] == nil && (alike || !strings.HasPrefix(string(role), "party.")) {
			m.roles[string(role)] = m.here(path)
		}
	}
}

// proof moves a proof that is not asked for already.
func (m *moved) proof(o object) {
	id, _ := o["proof"].(string)
	here := m.target("proof:" + id)
	m.lead.proofs[id], _ = isProof(here)
	if m.plan.Same["proof:"+id] != "" {
		return
	}
	o["proof"] = m.name(id)
	m.proofs = append(m.proofs, o)
	m.exist(here)
	m.shown = append(m.shown, here)
}

// group moves a top-level group; one of which everything is answered elsewhere falls away.
func (m *moved) group(g object) error {
	name, _ := g["group"].(string)
	g["group"] = m.name(name)
	items, err := m.items(g, name, m.name(name))
	if err != nil || len(items) == 0 {
		return err
	}
	g["items"] = items
	if h := m.plan.Headings[name]; h != nil {
		g["label"] = h
	} else if m.plan.Label != nil {
		label := object{}
		for lang, s := range asObject(g["label"]) {
			label[lang] = fmt.Sprintf("%s · %v", m.plan.Label.In(lang), s)
		}
		g["label"] = label
	}
	m.groups = append(m.groups, g)
	m.shown = append(m.shown, m.name(name))
	return nil
}

// items moves what lies in a group and notes where it is now; both paths are those of the group.
func (m *moved) items(g object, from, to string) ([]any, error) {
	var out []any
	for _, it := range asArray(g["items"]) {
		o := asObject(it)
		if sub, ok := o["group"].(string); ok {
			inner, err := m.items(o, from+"/"+sub, to+"/"+sub)
			if err != nil {
				return nil, err
			}
			if len(inner) == 0 {
				continue
			}
			o["items"] = inner
			out = append(out, o)
			continue
		}
		name, _ := o["field"].(string)
		path := from + "/" + name
		if _, elsewhere := m.plan.Same[path]; elsewhere {
			if g["repeat"] != nil || o["repeat"] != nil {
				return nil, fmt.Errorf("same: %q repeats", path)
			}
			continue
		}
		if l, ok := o["list"].(string); ok {
			o["list"] = m.name(l)
		}
		if w, ok := o["within"].(string); ok {
			o["within"] = m.here(w)
		}
		m.lead.answers[path] = to + "/" + name
		m.exist(to + "/" + name)
		out = append(out, o)
	}
	return out, nil
}

// gone reports whether the target is a group that fell away.
func (m *moved) gone(path string) bool {
	g := m.form.Group(path)
	if g == nil {
		return false
	}
	for _, f := range m.form.Fields() {
		if len(f.Path) > len(path) && f.Path[:len(path)+1] == path+"/" && m.plan.Same[f.Path] == "" {
			return false
		}
	}
	return true
}

// expr moves the paths in an expression.
func (m *moved) expr(e any) any {
	switch e := e.(type) {
	case []any:
		out := make([]any, len(e))
		for i, x := range e {
			out[i] = m.expr(x)
		}
		return out
	case object:
		out := object{}
		for k, v := range e {
			switch s, _ := v.(string); k {
			case "field", "rows", "row":
				out[k] = m.here(s)
			case "equal", "in":
				return m.compare(k, asArray(v))
			default:
				out[k] = m.expr(v)
			}
		}
		return out
	}
	return e
}

func asObject(v any) object { o, _ := v.(object); return o }

func asArray(v any) []any { a, _ := v.([]any); return a }
