package form

// RuleKind says what a rule does to its targets.
type RuleKind string

// The kinds of rule. A condition is true, false or, while a field it reads is unanswered, open; a rule
// acts only on a definite answer.
const (
	RuleShow       RuleKind = "show"      // visible only while true
	RuleHide       RuleKind = "hide"      // not visible while true
	RuleRequire    RuleKind = "require"   // must be answered while true
	RuleForbid     RuleKind = "forbid"    // must stay empty while true
	RuleValid      RuleKind = "valid"     // error while false
	RuleWarn       RuleKind = "warn"      // warning while true; may be overridden with a reason
	RuleCalculate  RuleKind = "calculate" // fills the field; nobody types there
	RuleUnresolved RuleKind = "unresolved"
)

// acts reports whether a rule of the kind does something at an outcome; an open one leaves all as it is.
func (k RuleKind) acts(outcome value) bool {
	if k == RuleValid {
		return outcome.isFalse()
	}
	return outcome.isTrue()
}

// Rule is one rule of a form. Targets are definition paths, or "proof:" and the id of a proof.
type Rule struct {
	ID    string
	Kind  RuleKind
	On    []string
	Text  Text // what the clerk reads when the rule is broken; for unresolved ones the prose
	Legal Legal

	expr *expr
	at   string // JSON pointer, for errors
}
