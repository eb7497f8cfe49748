package casefile

import (
	"fyne.io/fyne/v2"

	"schalter/ui/command"
	"schalter/ui/control"
)

// moreKey lists everything that can be done with the case and the document that is shown, with its keys.
var moreKey = command.Plain(fyne.KeyF10)

// apart are commands that are no deeds: ways around the screen, and what has a button in sight.
var apart = map[string]bool{
	"casefile.more": true, "casefile.back": true, "casefile.save_note": true, "casefile.next_document": true, "casefile.previous_document": true,
	"casefile.linked": true, "casefile.scan.with": true,
}

// deeds are what can be done now.
func (s *Screen) deeds() (out []command.Command) {
	all := s.Commands()
	if s.paper != nil { // its keys stand on its own bar
		all = all[:len(all)-len(s.paper.Commands())]
	}
	for _, c := range all {
		if !c.Hidden && !apart[c.ID] && (c.Enabled == nil || c.Enabled()) {
			out = append(out, c)
		}
	}
	return out
}

// more opens the list. What is typed narrows it; Enter does what is selected.
func (s *Screen) more() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s.object)
	if c == nil {
		return
	}
	t := s.Texts
	all := s.deeds()
	q := control.Choice{Title: t.T("casefile.more.title"), ID: "casefile.more", Filter: t.T("casefile.more.hint"), Rows: 14}
	for _, d := range all {
		key := ""
		if len(d.Keys) > 0 {
			key = d.Keys[0].Label(t)
		}
		q.Names, q.Beside = append(q.Names, t.T("command."+d.ID)), append(q.Beside, key)
	}
	control.Choose(c, s.Keys, q, func(i int) { all[i].Run() })
}
