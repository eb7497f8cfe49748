package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"schalter/data/form"
)

// same checks what the plan says about common fields and proofs and leads their answers.
func (m *moved) same() error {
	for i, path := range slices.Sorted(maps.Keys(m.plan.Same)) {
		here := m.plan.Same[path]
		if err := m.fits(path, here); err != nil {
			return fmt.Errorf("same: %w", err)
		}
		var asked bool // whether the interview has to ask for it because of this part
		if id, ok := isProof(path); ok {
			there, _ := isProof(here)
			part := m.asker(here)
			asked = m.form.Proof(id).Required && !m.forms[part.Form].Proof(cutName(there, part.Part)).Required
		} else {
			m.lead.answers[path] = here
			asked = m.form.Field(path).Required && !m.source(here).Required
		}
		if asked {
			m.rules = append(m.rules, object{"rule": m.name(fmt.Sprintf("needs-%d", i+1)), "do": "require", "on": []any{here}, "when": m.always()})
		}
	}
	return nil
}

// fits finds out whether one field or proof can be asked for in the place of another.
func (m *moved) fits(path, here string) error {
	id, proof := isProof(path)
	f := m.form.Field(path)
	part := m.asker(here)
	switch {
	case proof && m.form.Proof(id) == nil:
		return fmt.Errorf("the form %q has no proof %q", m.form.ID, id)
	case !proof && f == nil:
		return fmt.Errorf("the form %q has no field %q", m.form.ID, path)
	case !proof && f.Calculated():
		return fmt.Errorf("%q is calculated", path)
	case part == nil:
		return fmt.Errorf("there is no %q before this part", here)
	case part.Part != m.plan.Part && part.Ask != nil:
		return fmt.Errorf("%q is asked for only if the part %q is wanted", here, part.Part)
	}
	return nil
}

// asker is the part that asks for something in the interview; nil if none does until now.
func (m *moved) asker(here string) *PlanPart {
	if !m.exists(here) {
		own := cutName(here, m.plan.Part)
		if m.form.Field(own) == nil || m.plan.Same[own] != "" {
			return nil
		}
		return &m.plan
	}
	name, ok := isProof(here)
	if !ok {
		name = here
	}
	for i, p := range m.composer.plan.Parts {
		if cutName(name, p.Part) != "" {
			return &m.composer.plan.Parts[i]
		}
	}
	return nil
}

// source is the field that is asked for at a path of the interview, as its form has it.
func (m *moved) source(here string) *form.Field {
	p := m.asker(here)
	return m.forms[p.Form].Field(cutName(here, p.Part))
}

func (m *moved) always() any {
	if m.wanted == nil {
		return true
	}
	return m.wanted
}

func cutName(path, part string) string {
	own, ok := strings.CutPrefix(path, part+".")
	if !ok {
		return ""
	}
	return own
}

// rule moves a rule. On what another part asks for it acts only while its own part is wanted, and not at all
// where that part has the same rule; what else would show or fill such a field is refused.
func (m *moved) rule(r object) error {
	id, _ := r["rule"].(string)
	kind, _ := r["do"].(string)
	r["rule"] = m.name(id)
	for _, key := range []string{"when", "value"} {
		if e, ok := r[key]; ok {
			r[key] = m.expr(e)
		}
	}
	on, common, covered, err := m.targets(r, id, kind)
	if err != nil {
		return err
	}
	if len(on) == 0 {
		m.lead.rules[id] = covered
		return nil
	}
	r["on"] = on
	if common && m.wanted != nil {
		if kind == "valid" {
			r["when"] = object{"or": []any{object{"not": m.wanted}, r["when"]}}
		} else {
			r["when"] = object{"and": []any{m.wanted, r["when"]}}
		}
	}
	for _, t := range on {
		m.acts[act(r, t)] = m.name(id)
	}
	m.lead.rules[id] = m.name(id)
	m.rules = append(m.rules, r)
	return nil
}

// targets are the places that a rule still has to act on, whether any of them is common, and the rule that
// does the same on the others.
func (m *moved) targets(r object, id, kind string) (on []any, common bool, covered string, err error) {
	all := asArray(r["on"])
	for _, t := range all {
		path, _ := t.(string)
		here := m.target(path)
		if m.gone(path) {
			return nil, false, "", fmt.Errorf("the rule %q acts on %q, of which everything is asked elsewhere", id, path)
		}
		if _, elsewhere := m.plan.Same[path]; !elsewhere {
			on = append(on, here)
			continue
		}
		if had := m.acts[act(r, here)]; had != "" {
			covered = had
			continue
		}
		common = true
		if !slices.Contains([]string{"require", "forbid", "valid", "warn"}, kind) {
			return nil, false, "", fmt.Errorf("same: the rule %q would %s %q", id, kind, path)
		}
		on = append(on, here)
	}
	return on, common, covered, nil
}

// act is what a rule does to one target. What it says about it does not count.
func act(r object, target any) string {
	b, _ := json.Marshal([]any{r["do"], target, r["when"], r["value"]}) // JSON that was read a moment ago
	return string(b)
}

// compare moves a comparison. A choice that the common question does not offer is never the answer.
func (m *moved) compare(op string, args []any) any {
	var offered func(code any) bool
	for _, a := range args {
		path, _ := asObject(a)["field"].(string)
		if here, ok := m.plan.Same[path]; ok && m.source(here).Type.Listed() {
			choices := m.source(here).Choices()
			offered = func(code any) bool {
				s, text := code.(string)
				return !text || slices.ContainsFunc(choices, func(c form.Choice) bool { return c.Code == s })
			}
		}
	}
	plain := object{op: m.expr(args)}
	if offered == nil || len(args) != 2 {
		return plain
	}
	if op == "equal" {
		for i, a := range args {
			if !offered(a) {
				return object{"in": []any{m.expr(args[1-i]), []any{}}}
			}
		}
		return plain
	}
	if codes, ok := args[1].([]any); ok {
		return object{op: []any{m.expr(args[0]), slices.DeleteFunc(slices.Clone(codes), func(c any) bool { return !offered(c) })}}
	}
	return plain
}
