package capture

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
)

// blankCommands are those for paper: the empty form for an outage, and what was written on it.
func (s *Screen) blankCommands() []command.Command {
	return []command.Command{
		{ID: "capture.blank", Menu: "file", Keys: []command.Key{command.CtrlShift(fyne.KeyB)}, Enabled: func() bool { return s.d.Blank != nil && s.m.Active() != nil }, Run: s.blankForm},
		{ID: "capture.paper", Keys: []command.Key{{Name: fyne.KeyF5, Mod: fyne.KeyModifierShift}}, Enabled: s.filling, Run: s.with(func(t *Tab) { s.visit.show(t, visitPaper) })},
	}
}

// blankForm prints the form of the active tab as it is before anybody has filled it.
func (s *Screen) blankForm() {
	f, lang := s.m.Active().Form(), s.texts.Lang()
	s.d.Run.Go(func() {
		way, err := s.d.Blank(context.Background(), f, lang)
		s.d.Run.Do(func() {
			if err != nil {
				s.say(Message{Err: err})
				return
			}
			key := "capture.blank.printed"
			if way == record.WayShown {
				key = "capture.blank.shown"
			}
			s.say(Message{Key: key})
		})
	})
}
