package casefile

import (
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/standing"
)

// linked names the other cases of the interview and leads to them.
type linked struct {
	s   *Screen
	row *fyne.Container
	box *fyne.Container
}

func newLinked(s *Screen) *linked {
	l := &linked{s: s, row: newFlow()}
	l.box = control.Pad(6, 0, 0, 0, control.Column(4, control.NewLabel(s.Texts.T("bundle.linked"), control.Caption), l.row))
	l.box.Hide()
	return l
}

// key leads to the case with this place, from 1.
func linkedKey(i int) command.Key { return command.Alt(fyne.KeyName(strconv.Itoa(i + 1))) }

// maxLinked is how many cases have a key.
const maxLinked = 9

func (l *linked) update() {
	l.row.Objects = nil
	for i, r := range l.s.file.Linked {
		words := name(l.s, r)
		if l.s.Open == nil {
			l.row.Add(control.NewLabel(words, control.Body))
			continue
		}
		key := ""
		if i < maxLinked {
			key = linkedKey(i).Label(l.s.Texts)
		}
		l.row.Add(control.NewButton(words, key, control.Plain, func() { l.s.Open(r.ID) }))
	}
	l.box.Hidden = len(l.row.Objects) == 0
	l.row.Refresh()
}

// name is a case in a few words: "MS-1-26-00418-X Saal buchen: Sommerball".
func name(s *Screen, r record.CaseRow) string {
	number := r.Number
	if number == "" {
		number = s.Texts.T("casefile.no_number")
	}
	return number + " " + standing.Title(s.Texts, r.Title, r.Service, "")
}

func (l *linked) commands() []command.Command {
	var out []command.Command
	for i := range maxLinked {
		out = append(out, command.Command{
			ID: "casefile.linked", Keys: []command.Key{linkedKey(i)}, Hidden: i > 0,
			Enabled: func() bool { return l.s.Open != nil && i < len(l.s.file.Linked) }, Run: func() { l.s.Open(l.s.file.Linked[i].ID) },
		})
	}
	return out
}
