package capture

import (
	"maps"
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/form/bundle"
	"schalter/data/record"
)

// matter is one case that a draft becomes: the draft as it is, or one part of a bundle.
type matter struct {
	id        record.ID
	form      *form.Form
	part      *form.Part    // nil: the draft is one case
	session   *form.Session // of the case's own form
	values    record.Values
	documents []record.Document
	problems  []form.Problem // what only the part's own form finds, at the interview's paths
}

// partRule stands before a part's name, "/" and a rule of the part's form, where the interview does not know
// that rule.
const partRule = "part:"

// IsBundle reports whether the draft becomes several cases.
func (t *Tab) IsBundle() bool { return len(t.form.Parts) > 0 }

// matters are the cases that the draft becomes now. Those of a bundle have ids that follow from the draft's,
// so that submitting twice makes the same cases; the first part has the draft's own.
func (t *Tab) matters() ([]matter, error) {
	if !t.IsBundle() {
		return []matter{{
			id: t.draft.ID, form: t.form, session: t.session, values: t.session.Values(), documents: slices.Clone(t.draft.Documents),
		}}, nil
	}
	split, err := bundle.Split(t.session, t.draft.Documents, t.m.w.Forms.Get, t.today)
	if err != nil {
		return nil, err
	}
	out := make([]matter, len(split))
	for i, c := range split {
		k := slices.IndexFunc(t.form.Parts, func(p *form.Part) bool { return p.Name == c.Part })
		m := matter{id: t.draft.ID, form: c.Form, part: t.form.Parts[k], values: c.Values, documents: c.Documents, problems: c.Problems}
		if k > 0 {
			m.id = record.PartCase(t.draft.ID, c.Part)
		}
		for own, v := range m.part.Own(t.session.Values()) {
			// What was on the screen is what is filed: a row without answers counts there and is not in the answers.
			if f := c.Form.Field(own); f != nil && f.Calculated() {
				m.values[own] = v
			}
		}
		m.session = c.Form.Begin(c.Values, t.today)
		out[i] = m
	}
	dealNamed(out)
	return out, nil
}

// dealNamed sees to the papers that answers name (fields of the type file): each lies in every case that names
// it. One that fills no proof leaves the first case for the one that names it; a second case gets its own
// copy under an id of its own, which its answers name then.
func dealNamed(all []matter) {
	type paper struct {
		record.Document
		home int
	}
	var papers []paper
	for i, m := range all {
		for _, d := range m.documents {
			papers = append(papers, paper{d, i})
		}
	}
	for _, p := range papers {
		for i := range all {
			switch {
			case i == p.home || !all[i].names(p.ID):
			case p.Proof == "" && !all[p.home].names(p.ID):
				all[p.home].drop(p.ID)
				all[i].documents = append(all[i].documents, p.Document)
				p.home = i
			default:
				d := p.Document
				d.ID, d.Proof = record.PartCase(p.ID, all[i].part.Name), ""
				all[i].rename(p.ID, d.ID)
				if !all[i].has(d.ID) { // the copy may be there already, for a proof that both cases ask for
					all[i].documents = append(all[i].documents, d)
				}
			}
		}
	}
}

// naming are the answers that name papers.
func (m matter) naming() []string {
	var out []string
	for path := range m.values {
		if f := m.form.Field(path); f != nil && f.Type == form.TypeFile {
			out = append(out, path)
		}
	}
	return out
}

// names tells whether an answer names a paper.
func (m matter) names(id record.ID) bool {
	return slices.ContainsFunc(m.naming(), func(path string) bool {
		return slices.Contains(strings.Split(m.values[path], "\n"), string(id))
	})
}

// rename has the answers name a paper by another id.
func (m matter) rename(from, to record.ID) {
	for _, path := range m.naming() {
		ids := strings.Split(m.values[path], "\n")
		for i := range ids {
			if ids[i] == string(from) {
				ids[i] = string(to)
			}
		}
		m.values[path] = strings.Join(ids, "\n")
	}
}

func (m matter) has(id record.ID) bool {
	return slices.ContainsFunc(m.documents, func(d record.Document) bool { return d.ID == id })
}

func (m *matter) drop(id record.ID) {
	m.documents = slices.DeleteFunc(m.documents, func(d record.Document) bool { return d.ID == id })
}

// concerned are the cases that a finding of the interview is about, at least one: those that its rule or proof
// is from, else those that its field is in, else the first.
func concerned(all []matter, f Finding) []int {
	for _, about := range []func(m matter) bool{
		func(m matter) bool { return m.hasRule(f) },
		func(m matter) bool { return f.Path != "" && len(m.own(f.Path)) > 0 },
	} {
		var out []int
		for i, m := range all {
			if about(m) {
				out = append(out, i)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return []int{0}
}

// hasRule tells whether a finding comes from this case's form.
func (m matter) hasRule(f Finding) bool {
	if m.part == nil {
		return true
	}
	if f.Kind == FindingProof {
		return slices.Contains(slices.Collect(maps.Values(m.part.Proofs)), f.Proof)
	}
	for _, kind := range []string{partRule, bookingRule} {
		if rest, ok := strings.CutPrefix(f.Rule, kind); ok {
			part, _, _ := strings.Cut(rest, "/")
			return part == m.part.Name
		}
	}
	rule, _, _ := strings.Cut(f.Rule, "@")
	for _, here := range m.part.Rules {
		if here == rule {
			return true
		}
	}
	return false
}

// lacks lists the proofs that the case's form asks for and that are not there.
func (m matter) lacks(lang string) []string {
	var out []string
	for _, p := range m.session.Proofs() {
		there := slices.ContainsFunc(m.documents, func(d record.Document) bool { return d.Proof == p.Proof.ID })
		if p.Visible && p.Required && !there {
			out = append(out, p.Proof.Label.In(lang))
		}
	}
	return out
}

// own are the places in the case that a field of the interview fills.
func (m matter) own(here string) []string {
	if m.part == nil {
		return []string{here}
	}
	return slices.Sorted(maps.Keys(m.part.Own(record.Values{here: "x"})))
}

// findDeeper looks for what the parts' own forms find in answers that the interview finds in order. A bundle
// that fits its parts has none.
func (t *Tab) findDeeper() error {
	if !t.IsBundle() {
		return nil
	}
	all, err := t.matters()
	if err != nil {
		return err
	}
	lang := t.m.w.Lang()
	if len(all) == 0 {
		first := t.form.Parts[0].When
		t.deeper = append(t.deeper, Finding{Kind: FindingNothing, Path: first, Label: t.form.Field(first).Label.In(lang)})
		return nil
	}
	for _, m := range all {
		for _, p := range m.problems {
			if !p.Open() {
				continue
			}
			f := Finding{Path: p.Path, Label: m.form.Title.In(lang), Text: p.Text(lang), Rule: partRule + m.part.Name + "/" + p.Rule}
			if p.Severity == form.SeverityWarning {
				f.Kind = FindingWarning
			}
			if x := t.form.Field(p.Path); x != nil {
				f.Label = x.Label.In(lang)
			}
			t.deeper = append(t.deeper, f)
		}
	}
	return nil
}
