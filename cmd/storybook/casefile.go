package main

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/desk"
	sorted "schalter/ui/tray/sample"
)

// pagesOf gives the case file a made-up tray and pictures.
func pagesOf(s *stage, lib *form.Library) func(desk.Host, *casefile.Needs) {
	return func(h desk.Host, n *casefile.Needs) {
		n.Room, n.Pictures, n.Do, n.Keys = room(lib, s.stacks), s.stacks, func(f func()) { f() }, h.Keys
	}
}

// first is the case that the list begins with.
func (s *stage) first() record.Case {
	rows, _, _ := s.store.Cases(context.Background(), record.ViewToday, "", 0, 1)
	c, _ := s.store.Case(context.Background(), rows[0].ID)
	return c
}

// waiting opens the first case, for which pages were scanned that are not filed yet.
func (s *stage) waiting(away bool) {
	s.stacks = sorted.New(s.store, true)
	s.stacks.ForCase(s.first().Number, away)
	s.open()
	s.key(fyne.KeyReturn)
	s.settle()
}

// init adds the pictures of the case file in which pages are scanned and put in order.
func init() {
	stories = append(stories,
		story{"casefile-waiting", func(s *stage) { s.waiting(false) }},
		story{"casefile-scanned", func(s *stage) { s.waiting(false); s.combo(fyne.KeyF2, ctrl); s.settle() }},
		story{"casefile-scanned-away", func(s *stage) { s.waiting(true); s.combo(fyne.KeyF2, ctrl); s.settle() }},
		story{"casefile-scanned-ask", func(s *stage) { s.waiting(true); s.combo(fyne.KeyF2, ctrl); s.combo(fyne.KeyReturn, ctrl); s.settle() }},
		story{"casefile-filed", func(s *stage) { s.waiting(false); s.combo(fyne.KeyF2, ctrl); s.combo(fyne.KeyReturn, ctrl); s.settle() }},
		story{"casefile-pages", func(s *stage) {
			s.open()
			s.key(fyne.KeyReturn)
			s.key(fyne.KeyF12)
			s.key(fyne.KeyR)
			s.key(fyne.KeyEscape)
			s.settle()
		}},
		story{"casefile-more", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.key(fyne.KeyF10); s.settle() }},
	)
}
