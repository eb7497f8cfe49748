package standing

import (
	"strings"

	"schalter/data/record"
	"schalter/ui/i18n"
)

// Came says how an application came to the desk where that is worth a word: not over the counter, with
// somebody else present, or written on paper before. "" otherwise.
func Came(t *i18n.Texts, channel string, m record.Meeting) string {
	var parts []string
	if channel != "" && channel != "counter" {
		name := channel
		if key := "channel." + channel; t.Has(key) {
			name = t.T(key)
		}
		parts = append(parts, name)
	}
	if m.Present != "" {
		parts = append(parts, t.T("came.present", "who", m.Present))
	}
	if m.Paper != "" {
		parts = append(parts, t.T("came.paper", "date", t.DateText(m.Paper)))
	}
	return strings.Join(parts, " · ")
}
