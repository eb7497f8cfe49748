package pageview

import (
	"fyne.io/fyne/v2"

	"schalter/ui/command"
)

// TypedRune turns, zooms and fits; letters are free here because nothing is typed.
func (a *area) TypedRune(r rune) {
	switch r {
	case 'r', 'R':
		a.v.Rotate()
	case '+':
		a.v.Zoom(1)
	case '-':
		a.v.Zoom(-1)
	case '0':
		a.v.Fit()
	case 'm':
		a.v.m.choose(1)
	case 'M':
		a.v.m.choose(-1)
	case 'l':
		a.v.m.chooseLink(1)
	case 'L':
		a.v.m.chooseLink(-1)
	}
}

// TypedKey moves the paper, the selection or what a tool draws; what it does not know goes to the commands.
func (a *area) TypedKey(e *fyne.KeyEvent) {
	shift := a.held()&fyne.KeyModifierShift != 0
	switch {
	case a.v.m.tool != "" && a.drawKey(e.Name, shift):
	case shift && a.selectKey(e.Name):
	case a.moveKey(e.Name):
	case e.Name == fyne.KeyEscape && a.leave():
	case (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) && a.openChosen():
	case e.Name == fyne.KeyF3 && a.v.bar.finding():
		a.v.bar.step(shift)
	default:
		command.Forward(a, command.Plain(e.Name))
	}
}

// openChosen opens the mark or follows the link that was chosen, and reports whether there was one.
func (a *area) openChosen() bool {
	switch m := a.v.m; {
	case m.chosen >= 0:
		a.v.mark(m.chosen)
	case m.linked.word >= 0:
		a.v.follow(m.linked)
	default:
		return false
	}
	return true
}

// moveKey moves the paper.
func (a *area) moveKey(k fyne.KeyName) bool {
	m := a.v.m
	switch k {
	case fyne.KeyDown:
		m.Scroll(0, pan)
	case fyne.KeyUp:
		m.Scroll(0, -pan)
	case fyne.KeyRight:
		m.Scroll(pan, 0)
	case fyne.KeyLeft:
		m.Scroll(-pan, 0)
	case fyne.KeyHome:
		m.Turn(0)
	case fyne.KeyEnd:
		m.Turn(m.pages - 1)
		m.Scroll(0, m.bottom())
	case fyne.KeySpace, fyne.KeyPageDown:
		a.v.Down()
	case fyne.KeyPageUp:
		a.v.Up()
	default:
		return false
	}
	return true
}

// selectKey moves the end of the selection.
func (a *area) selectKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyRight:
		a.v.m.selectBy(1, 0)
	case fyne.KeyLeft:
		a.v.m.selectBy(-1, 0)
	case fyne.KeyDown:
		a.v.m.selectBy(0, 1)
	case fyne.KeyUp:
		a.v.m.selectBy(0, -1)
	default:
		return false
	}
	return true
}

// drawKey moves and sizes the rectangle of a tool, and places it.
func (a *area) drawKey(k fyne.KeyName, shift bool) bool {
	m := a.v.m
	switch k {
	case fyne.KeyRight:
		m.nudge(bandStep, 0, shift)
	case fyne.KeyLeft:
		m.nudge(-bandStep, 0, shift)
	case fyne.KeyDown:
		m.nudge(0, bandStep, shift)
	case fyne.KeyUp:
		m.nudge(0, -bandStep, shift)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !m.band.on {
			m.lay()
			return true
		}
		m.put()
	default:
		return false
	}
	return true
}

// leave lets go of what is in the hand, one thing after the other, and reports whether there was anything.
func (a *area) leave() bool {
	m := a.v.m
	switch {
	case m.band.on:
		m.band, a.hand.doing = band{}, idle
		m.changed()
	case m.tool != "":
		m.use("")
	case m.unselect():
	case m.chosen >= 0:
		m.chosen = -1
		m.changed()
	case m.linked.word >= 0:
		m.linked, m.address = spot{-1, -1}, ""
		m.changed()
	case a.v.bar.open():
		a.v.bar.close()
	default:
		return false
	}
	return true
}

// TypedShortcut copies, selects, prints, and else goes to the commands.
func (a *area) TypedShortcut(s fyne.Shortcut) {
	k, ok := command.KeyOf(s)
	switch {
	case !ok:
	case k == command.Ctrl(fyne.KeyC):
		a.v.Copy()
	case k == command.Ctrl(fyne.KeyA):
		a.v.m.selectPage()
	case k == command.Ctrl(fyne.KeyP) && a.v.OnPrint != nil:
		a.v.OnPrint()
	default:
		command.Forward(a, k)
	}
}
