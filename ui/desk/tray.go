package desk

import (
	"fyne.io/fyne/v2"

	"schalter/ui/command"
)

// placeTray is the place of stacks that were scanned without a case.
const placeTray = "tray"

// Tray is the screen of stacks that were scanned without a case. *tray.Screen is one.
type Tray interface {
	Keeping
	Changed()
	ScanWith(profile string) bool
}

// makeTray makes the screen, once for each language.
func (d *Desk) makeTray() Screen {
	h := d.host()
	h.OpenCase = d.openCase // from there one comes back here
	d.tray = d.svc.Tray(h)
	return d.tray
}

// toTray is the way there.
func (d *Desk) toTray() command.Command {
	return command.Command{
		ID: "go." + placeTray, Menu: "view", Sub: "menu.go", Keys: []command.Key{command.Ctrl(fyne.Key8)},
		Enabled: func() bool { return d.svc != nil && d.svc.Tray != nil }, Run: func() { d.goTo(placeTray) },
	}
}
