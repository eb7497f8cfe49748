package main

import "fyne.io/fyne/v2"

// init adds the pictures of filters and examples in the search.
func init() {
	search := func(typed string) func(s *stage) {
		return func(s *stage) { s.open(); s.combo(fyne.KeyK, ctrl); s.typed(typed) }
	}
	stories = append(stories,
		story{"find-filters", search(`er leistung:hund von:2026-01 offen im postausgang`)},
		story{"find-unknown", search(`farbe:rot er`)},
	)
}
