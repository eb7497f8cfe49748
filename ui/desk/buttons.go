package desk

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/ui/control"
)

// Press is a button of a scanner that was pressed: the profile that it starts.
type Press struct {
	Profile string
	Sorts   bool // its pages belong into the tray wherever the clerk is
}

// scans is a screen that can be scanned into. ScanWith starts a profile; false: there is no place for pages now.
type scans interface{ ScanWith(profile string) bool }

// listen hears of pressed buttons until the desk is locked.
func (d *Desk) listen(ctx context.Context) {
	svc := d.svc
	if svc.Buttons == nil {
		return
	}
	go svc.Buttons(ctx, func(p Press) {
		fyne.Do(func() {
			if ctx.Err() == nil {
				d.pressed(p)
			}
		})
	})
}

// pressed scans into the place at which the clerk is, and where there is none into the tray. A question that is
// open is answered first.
func (d *Desk) pressed(p Press) {
	if d.svc == nil || d.shell == nil || d.leaving {
		return
	}
	if d.keys.Layered() {
		d.say(control.KindInfo, d.texts.T("desk.button"), d.texts.T("desk.button.hint"))
		return
	}
	if s, ok := d.screen.(scans); ok && !p.Sorts && s.ScanWith(p.Profile) {
		return
	}
	if d.svc.Tray == nil {
		return
	}
	if d.place != placeTray || d.screen != Screen(d.tray) {
		d.goTo(placeTray)
	}
	d.tray.ScanWith(p.Profile)
}
