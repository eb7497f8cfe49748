package bundle

import (
	"fmt"
	"slices"

	"schalter/data/form"
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
	if id, ok := isProof(t); ok {
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
		o := asObject(p)
		id, _ := o["proof"].(string)
		o["proof"] = m.name(id)
		m.proofs = append(m.proofs, o)
		m.lead.proofs[id] = m.name(id)
		m.shown = append(m.shown, "proof:"+m.name(id))
	}
	if m.wanted != nil && len(m.shown) > 0 {
		m.rules = append(m.rules, object{"rule": m.name("wanted"), "do": "show", "on": m.shown, "when": m.wanted})
	}
	for _, r := range asArray(src["rules"]) {
		if err := m.rule(asObject(r)); err != nil {
			return err
		}
	}
	if len(m.parts) == 0 {
		m.roles = object{}
		for role, path := range m.form.Roles {
			m.roles[string(role)] = m.here(path)
		}
	}
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

// same checks what the plan says about common fields and leads their answers.
func (m *moved) same() error {
	for path, here := range m.plan.Same {
		f := m.form.Field(path)
		switch {
		case f == nil:
			return fmt.Errorf("same: the form %q has no field %q", m.form.ID, path)
		case f.Calculated():
			return fmt.Errorf("same: %q is calculated", path)
		case !m.exists(here) && m.form.Field(cutName(here, m.plan.Part)) == nil:
			return fmt.Errorf("same: there is no %q before this part", here)
		}
		m.lead.answers[path] = here
		if f.Required && m.exists(here) {
			m.rules = append(m.rules, object{"rule": m.name(fmt.Sprintf("needs-%d", len(m.rules))), "do": "require", "on": []any{here}, "when": m.always()})
		}
	}
	return nil
}

func (m *moved) always() any {
	if m.wanted == nil {
		return true
	}
	return m.wanted
}

func cutName(path, part string) string {
	if len(path) > len(part)+1 && path[:len(part)+1] == part+"." {
		return path[len(part)+1:]
	}
	return ""
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
	if m.plan.Label != nil {
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

// rule moves a rule. Where it acts on a field that another part asks for, it does so only while its own part
// is wanted; what would show or fill such a field is refused.
func (m *moved) rule(r object) error {
	id, _ := r["rule"].(string)
	kind, _ := r["do"].(string)
	r["rule"] = m.name(id)
	common := false
	var on []any
	for _, t := range asArray(r["on"]) {
		path, _ := t.(string)
		if _, elsewhere := m.plan.Same[path]; elsewhere {
			common = true
			if !slices.Contains([]string{"require", "forbid", "valid", "warn"}, kind) {
				return fmt.Errorf("same: the rule %q would %s %q", id, kind, path)
			}
		}
		if m.gone(path) {
			return fmt.Errorf("the rule %q acts on %q, of which everything is asked elsewhere", id, path)
		}
		on = append(on, m.target(path))
	}
	r["on"] = on
	for _, key := range []string{"when", "value"} {
		if e, ok := r[key]; ok {
			r[key] = m.expr(e)
		}
	}
	if common && m.wanted != nil {
		if kind == "valid" {
			r["when"] = object{"or": []any{object{"not": m.wanted}, r["when"]}}
		} else {
			r["when"] = object{"and": []any{m.wanted, r["when"]}}
		}
	}
	m.lead.rules[id] = m.name(id)
	m.rules = append(m.rules, r)
	return nil
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
			if s, ok := v.(string); ok && (k == "field" || k == "rows" || k == "row") {
				out[k] = m.here(s)
				continue
			}
			out[k] = m.expr(v)
		}
		return out
	}
	return e
}

func asObject(v any) object { o, _ := v.(object); return o }

func asArray(v any) []any { a, _ := v.([]any); return a }
