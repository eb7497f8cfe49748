package standing

import (
	"slices"

	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Languages are the languages that a paper about a case can be in besides another one: those in which papers are
// written and that the case's form speaks too.
func Languages(t *i18n.Texts, written, spoken []string) []control.Pick {
	var out []control.Pick
	for _, lang := range written {
		if slices.Contains(spoken, lang) {
			out = append(out, control.Pick{ID: lang, Text: t.T("language.also", "language", t.T("language.in."+lang))})
		}
	}
	return out
}
