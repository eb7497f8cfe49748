package form

import "schalter/data/record"

// Severity tells whether a problem keeps the form from being submitted.
type Severity int

// The severities.
const (
	SeverityError   Severity = iota // must be put right
	SeverityWarning                 // may be overridden with a reason
)

// KeyRequired is the key of the problem "this has to be answered".
const KeyRequired = "required"

// Problem is one thing that is not in order, with a sentence that says what to type.
type Problem struct {
	Path     string // instance path of the field
	Severity Severity
	Key      string      // names the sentence; "rule" for a rule's own
	Args     record.Args // fill the sentence
	Rule     string      // id of the rule, with "@path" behind it in repeated rows; key for reasons; "" for others
	Reason   string      // why a clerk overrode the warning; "" if she did not

	text Text
}

// Missing reports whether the problem is only that nothing was typed yet. Screens show such problems when
// the form is checked, others when the field is left.
func (p Problem) Missing() bool { return p.Key == KeyRequired }

// Open reports whether somebody still has to do something: an error, or a warning without a reason.
func (p Problem) Open() bool { return p.Severity == SeverityError || p.Reason == "" }

// Text is the whole sentence in a language (German where the language is unknown).
func (p Problem) Text(lang string) string {
	if len(p.text) > 0 {
		return p.text.In(lang)
	}
	return sentence(lang, p.Key, p.Args)
}
