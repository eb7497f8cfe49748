package edit

import (
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Decide closes a rule in prose that an importer could not translate: by names the rule that says the same
// now, or reason says why none is needed. What was decided stays in the form.
func (d *Doc) Decide(rule, by, reason string) error {
	reason = strings.TrimSpace(strings.ToValidUTF8(reason, ""))
	i := slices.IndexFunc(d.form.Rules, func(r *form.Rule) bool { return r.ID == rule && r.Kind == form.RuleUnresolved })
	if i < 0 {
		return gone(RulePlace + rule)
	}
	open := d.form.Rules[i]
	j := slices.IndexFunc(d.form.Rules, func(r *form.Rule) bool { return r.ID == by && r.Kind != form.RuleUnresolved })
	switch {
	case by != "" && j < 0:
		return gone(RulePlace + by)
	case by == "" && reason == "":
		return record.E(record.CodeEditReason, nil)
	}
	return d.do(RulePlace+rule, "", func(w *work) error {
		if err := w.purge(RulePlace + rule); err != nil {
			return err
		}
		if err := w.remove(RulePlace + rule); err != nil {
			return err
		}
		v := object{{"rule", rule}, {"on", list(open.On)}, {"text", w.texts(d.form.Languages, open.Text)}}
		if by != "" {
			v = append(v, member{"by", by})
		}
		if reason != "" {
			v = append(v, member{"reason", reason})
		}
		l := w.optional("decided")
		w.insert(l, len(l.nodes), "", v)
		return nil
	})
}
