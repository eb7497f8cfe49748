package desk

import (
	"fyne.io/fyne/v2"

	"schalter/ui/command"
)

// placeChecks is the place of scans that wait for a second person's check.
const placeChecks = "checks"

// makeChecks makes the screen, once for each language.
func (d *Desk) makeChecks() Screen {
	h := d.host()
	h.OpenCase = d.openCase // from there one comes back here
	return d.svc.Checks(h)
}

// toChecks is the way there.
func (d *Desk) toChecks() command.Command {
	return command.Command{
		ID: "go." + placeChecks, Menu: "view", Sub: "menu.go", Keys: []command.Key{command.CtrlShift(fyne.KeyK)},
		Enabled: func() bool { return d.svc != nil && d.svc.Checks != nil }, Run: func() { d.goTo(placeChecks) },
	}
}
