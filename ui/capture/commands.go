package capture

import (
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/ui/command"
)

// Commands are what can be done on the screen, for menu, keys and help.
func (s *Screen) Commands() []command.Command {
	shift := func(k fyne.KeyName) command.Key { return command.Key{Name: k, Mod: fyne.KeyModifierShift} }
	c := func(id string, run func(t *Tab), keys ...command.Key) command.Command {
		return command.Command{ID: "capture." + id, Keys: keys, Enabled: s.filling, Run: s.with(run)}
	}
	list := []command.Command{
		{ID: "capture.submit", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: s.submit},
		c("check", s.check, command.Plain(fyne.KeyF9)),
		c("scan", func(t *Tab) { s.scan(t, false) }, command.Plain(fyne.KeyF2)),
		c("scan.more", func(t *Tab) { s.scan(t, true) }, command.Ctrl(fyne.KeyF2)),
		c("scan.profile", func(*Tab) { s.m.NextProfile() }, shift(fyne.KeyF2)),
		c("import", s.choose, command.Ctrl(fyne.KeyO)),
		c("pages", s.arrange.open, arrangeKey),
		{ID: "capture.paste", Keys: []command.Key{command.CtrlShift(fyne.KeyV)}, Enabled: func() bool { return s.d.Clipboard != nil && s.filling() }, Run: s.with(s.paste)},
		c("repeat", s.repeat, command.Plain(fyne.KeyF4)),
		c("repeat.group", s.repeatGroup, shift(fyne.KeyF4)),
		c("visit", s.visit.toggle, visitKey),
		c("undo", func(t *Tab) { s.undo(t) }, command.Alt(fyne.KeyZ), command.Ctrl(fyne.KeyZ)),
		{ID: "capture.park", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Enabled: func() bool { return s.m.Active() != nil }, Run: s.escape},
		c("discard", s.m.Discard, command.Key{Name: fyne.KeyDelete, Mod: fyne.KeyModifierControl | fyne.KeyModifierShift}),
		{ID: "capture.again", Keys: []command.Key{command.CtrlShift(fyne.KeyN)}, Enabled: func() bool { return s.m.Active() != nil }, Run: s.again},
		{ID: "capture.tab.next", Keys: []command.Key{command.Ctrl(fyne.KeyTab)}, Enabled: s.several, Run: func() { s.m.Step(1) }},
		{ID: "capture.tab.back", Keys: []command.Key{command.CtrlShift(fyne.KeyTab)}, Enabled: s.several, Run: func() { s.m.Step(-1) }},
		{ID: "capture.print", Keys: []command.Key{command.Ctrl(fyne.KeyP)}, Enabled: s.done.ready, Run: s.done.print},
		{ID: "capture.pdf", Keys: []command.Key{command.Ctrl(fyne.KeyS)}, Enabled: func() bool { return s.done.ready() && s.d.Files != nil }, Run: s.done.file},
		{ID: "capture.cover", Keys: []command.Key{coverKey}, Enabled: s.done.cover.ready, Run: s.done.cover.print},
		{ID: "capture.missing", Keys: []command.Key{missingKey}, Enabled: s.done.missing.ready, Run: s.done.missing.print},
		c("paper.remove", func(*Tab) { s.papers.remove() }, command.Ctrl(fyne.KeyDelete)),
		c("paper.before", func(*Tab) { s.papers.move(-1) }, command.Alt(fyne.KeyUp)),
		c("paper.after", func(*Tab) { s.papers.move(1) }, command.Alt(fyne.KeyDown)),
	}
	for i := range 9 {
		list = append(list, command.Command{
			ID: "capture.tab", Keys: []command.Key{command.CtrlShift(fyne.KeyName(strconv.Itoa(i + 1)))}, Hidden: i > 0,
			Enabled: func() bool { return i < len(s.m.Tabs()) }, Run: func() { s.m.Activate(s.m.Tabs()[i]) },
		})
		slot := c("slot", func(t *Tab) { s.papers.slot(t, i) }, command.Alt(fyne.KeyName(strconv.Itoa(i+1))))
		slot.Hidden = i > 0
		list = append(list, slot)
	}
	list = append(list, c("slot.other", func(t *Tab) { t.Select("") }, command.Alt(fyne.Key0)))
	list = append(list, s.profileCommands()...)
	list = append(list, s.blankCommands()...)
	list = append(list, s.people.commands()...)
	list = append(list, s.calendar.commands()...)
	list = append(list, s.version.commands()...)
	return append(list, s.papers.view.Commands()...)
}

func (s *Screen) several() bool { return len(s.m.Tabs()) > 1 }

// escape closes what is open on top, and at last parks the draft. It never throws anything away.
func (s *Screen) escape() {
	if s.findings.open() {
		s.findings.close()
		s.Shown()
		return
	}
	if s.visit.open() {
		s.visit.close()
		s.Shown()
		return
	}
	if t := s.m.Active(); t != nil {
		s.m.Park(t)
	}
	if s.m.Active() == nil && s.d.Leave != nil {
		s.d.Leave()
	}
}

// submit makes a case of the draft; where that is done already, it takes the next visitor.
func (s *Screen) submit() {
	t := s.m.Active()
	switch {
	case t == nil:
	case t.Phase() == Done:
		s.next()
	default:
		if f, open := t.Submit(); open {
			s.findings.show(t)
			s.goTo(t, f)
		}
	}
}

// next begins the same service for the next visitor.
func (s *Screen) next() {
	t := s.m.Active()
	if t == nil || t.Phase() != Done {
		return
	}
	if _, err := s.m.Start(t.Form().ID); err != nil {
		s.say(Message{Err: err})
		return
	}
	s.m.remove(t)
	s.Shown()
}

// again begins the same service for one more visitor; what is open stays open.
func (s *Screen) again() {
	if t := s.m.Active(); t != nil {
		s.Start(t.Form().ID)
	}
}

// check shows what is open and goes there, from one to the next.
func (s *Screen) check(t *Tab) {
	f, open := t.Check()
	if !open {
		s.findings.close()
		s.say(Message{Key: "capture.check.ok"})
		return
	}
	s.findings.show(t)
	s.goTo(t, f)
}

// goTo brings the clerk to where a finding is put right.
func (s *Screen) goTo(t *Tab, f Finding) {
	switch f.Kind {
	case FindingProof:
		t.Select(f.Proof)
		s.findings.focus()
	case FindingPaper:
		t.Select(f.Proof)
		t.Bind(f.Paper)
	case FindingVisit:
		s.visit.show(t, f.Path)
	case FindingError, FindingWarning, FindingNothing:
		if v := s.forms[t]; v != nil && !v.Focus(f.Path) {
			s.findings.focus()
		}
	}
}

func (s *Screen) repeat(t *Tab) {
	v := s.forms[t]
	if v == nil || v.Focused() == "" {
		return
	}
	if !t.Repeat(v.Focused()) {
		s.say(Message{Key: "capture.repeat.none"})
	}
}

// repeatGroup fills what is still empty in the group of the field the cursor is in.
func (s *Screen) repeatGroup(t *Tab) {
	v := s.forms[t]
	if v == nil || v.Focused() == "" {
		return
	}
	if t.RepeatGroup(v.Focused()) == 0 {
		s.say(Message{Key: "capture.repeat.none"})
	}
}

// undo takes back what was done last outside of a field; in a field Ctrl+Z is the field's.
func (s *Screen) undo(t *Tab) {
	if !s.notice.undo() && !t.UndoRemove() {
		t.Untake()
	}
}
