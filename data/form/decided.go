package form

// Decision is what a person decided about a rule in prose that an importer could not translate. It stays in
// the form, so that everybody can read why the rule is no longer there.
type Decision struct {
	Rule   string   // id of the rule as it was imported
	On     []string // where it was attached then; those places may be gone
	Text   Text     // its prose
	By     string   // id of the rule that says the same now; "" where none is needed
	Reason string   // why, in the words of whoever decided
}

func (d *decoder) decided(o *object) {
	for _, n := range o.array("decided") {
		m := n.object()
		x := Decision{Rule: d.name(m, "rule"), On: m.texts("on"), Text: d.translated(m, "text", true), By: m.text("by"), Reason: m.text("reason")}
		if x.By == "" && x.Reason == "" {
			m.failf(n.at, "a decision names the rule that took the place, or a reason")
		}
		if err := m.done(); err != nil && o.err == nil {
			o.err = err
		}
		d.form.Decided = append(d.form.Decided, x)
	}
}
