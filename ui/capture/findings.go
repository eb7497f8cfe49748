package capture

import (
	"cmp"
	"slices"

	"schalter/data/form"
	"schalter/data/record"
)

// FindingKind says how bad a finding is.
type FindingKind int

// The kinds of finding.
const (
	FindingError   FindingKind = iota // to be put right
	FindingWarning                    // passes with a reason
	FindingProof                      // a proof is missing; passes with a reason
	FindingPaper                      // a document has no PDF yet
	FindingVisit                      // how it came: to be put right
	FindingNothing                    // none of a bundle's parts is wanted
)

// Finding is one thing that stands between the draft and its case.
type Finding struct {
	Kind   FindingKind
	Path   string // of the field, for errors and warnings
	Label  string // of the field, proof or document
	Text   string // what to type or do; "" where the kind says it
	Rule   string // for the reason
	Reason string
	Proof  string
	Paper  record.ID
}

// Open reports whether somebody still has to do something.
func (f Finding) Open() bool {
	return f.Kind != FindingWarning && f.Kind != FindingProof || f.Reason == ""
}

// Findings lists everything there is to put right or to decide, in the form's order, then proofs.
func (t *Tab) Findings() []Finding {
	lang := t.m.w.Lang()
	var out []Finding
	for _, p := range t.session.Problems() {
		f := Finding{Path: p.Path, Text: p.Text(lang), Rule: p.Rule, Reason: p.Reason}
		if p.Severity == form.SeverityWarning {
			f.Kind = FindingWarning
		}
		if x := t.form.Field(p.Path); x != nil {
			f.Label = x.Label.In(lang)
		}
		out = append(out, f)
	}
	out = append(out, t.clashFindings()...)
	out = append(out, t.visit.findings()...)
	reasons := t.session.Reasons()
	for _, f := range t.deeper {
		f.Reason = reasons[f.Rule]
		out = append(out, f)
	}
	for _, s := range t.Slots() {
		if s.Missing() {
			out = append(out, Finding{Kind: FindingProof, Proof: s.ID, Label: s.Proof.Label.In(lang), Rule: proofRule + s.ID, Reason: reasons[proofRule+s.ID]})
		}
		for _, d := range s.Papers {
			if Unbound(d) {
				out = append(out, Finding{Kind: FindingPaper, Paper: d.ID, Proof: s.ID, Label: d.Title})
			}
		}
	}
	return out
}

// open are the findings that keep the draft from becoming a case, by what is to be done: answers to put
// right, then what needs a word why, then proofs and papers.
func (t *Tab) open() []Finding {
	var out []Finding
	for _, f := range t.Findings() {
		if f.Open() {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return cmp.Compare(a.group(), b.group()) })
	return out
}

// check are the open findings, with those of a bundle's parts where the interview itself has none.
func (t *Tab) check() ([]Finding, error) {
	t.deeper = nil
	if open := t.open(); len(open) > 0 {
		return open, nil
	}
	err := t.findDeeper()
	return t.open(), err
}

// findingGroup is what findings are counted by.
type findingGroup int

const (
	groupAnswers findingGroup = iota
	groupWarnings
	groupProofs
	groupPapers
)

func (f Finding) group() findingGroup {
	switch f.Kind {
	case FindingWarning:
		return groupWarnings
	case FindingProof:
		return groupProofs
	case FindingPaper:
		return groupPapers
	case FindingError, FindingVisit, FindingNothing:
	}
	return groupAnswers
}

// Counts are the numbers on the command bar: wrong answers that are shown as such, and missing proofs
// without a reason.
func (t *Tab) Counts() (answers, proofs int) {
	for _, f := range t.Findings() {
		switch {
		case f.Kind == FindingError && t.shown(f.Path):
			answers++
		case f.Kind == FindingProof && f.Reason == "":
			proofs++
		}
	}
	return answers, proofs
}

// Checked reports whether all findings are shown.
func (t *Tab) Checked() bool { return t.checked }

// shown tells whether what is wrong with a field is said beside it: not while it is being typed for the
// first time, but as soon as the cursor has left it, and all the time once it was said.
func (t *Tab) shown(path string) bool {
	return t.loud[path] || path != t.in && (t.checked || t.left[path])
}

// Check shows all findings and goes to the first; called again, to the next one. It returns where to go,
// false where everything is in order.
func (t *Tab) Check() (Finding, bool) {
	open, _ := t.check() // an error is said when the case is to be made
	if len(open) == 0 {
		t.checked = true
		t.m.w.Changed(t, PartFields|PartChecks, nil)
		return Finding{}, false
	}
	if !t.checked {
		t.checked, t.walk = true, 0
		t.m.w.Changed(t, PartFields|PartChecks, nil)
	} else {
		t.walk++
	}
	return open[t.walk%len(open)], true
}

// At is the finding that F9 stands at, as an index into the open ones.
func (t *Tab) At() int { return t.walk }

// Go makes F9 go on from the open finding with this index.
func (t *Tab) Go(i int) { t.walk = i }
