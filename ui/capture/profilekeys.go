package capture

import (
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/ui/command"
)

// ScanWith scans with a profile into the chosen proof of the draft in front, as its key does; false: no draft is
// being filled.
func (s *Screen) ScanWith(profile string) bool {
	t := s.tab()
	if t == nil {
		return false
	}
	s.notice.again()
	t.Scan(profile, false)
	return true
}

// profileCommands scan with the first nine ways at once, without choosing them first. They lie on Alt and Shift
// because Ctrl and Alt together write braces and brackets on German keyboards.
func (s *Screen) profileCommands() []command.Command {
	var list []command.Command
	for i := range 9 {
		list = append(list, command.Command{
			ID: "capture.scan.with", Hidden: i > 0,
			Keys:    []command.Key{{Name: fyne.KeyName(strconv.Itoa(i + 1)), Mod: fyne.KeyModifierAlt | fyne.KeyModifierShift}},
			Enabled: func() bool { return s.filling() && i < len(s.m.Profiles()) },
			Run: s.with(func(t *Tab) {
				s.notice.again()
				t.Scan(s.m.Profiles()[i].ID, false)
			}),
		})
	}
	return list
}
