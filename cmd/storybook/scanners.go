package main

import (
	"fyne.io/fyne/v2"

	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/sample"
	"schalter/ui/scanners"
	office "schalter/ui/scanners/sample"
)

// newScanners is the real administration of scanners with made-up devices behind it.
func newScanners(h desk.Host, o *office.Office) desk.Screen {
	return scanners.New(scanners.Needs{
		Texts: h.Texts, Clock: sample.Clock, Run: control.Inline, Do: func(f func()) { f() }, Canvas: h.Window.Canvas(), Keys: h.Keys,
		Office: o, Choose: func(func(string, error)) {}, Rebind: h.Refresh,
	})
}

// init adds the pictures of the administration of scanners.
func init() {
	profiles := func(s *stage) {
		s.scanners()
		for range 3 { // past the buttons above the profiles
			s.desk.Window().Canvas().FocusNext()
		}
	}
	stories = append(stories,
		story{"scanners", func(s *stage) { s.scanners() }},
		story{"scanners-buttons", func(s *stage) {
			s.scanners()
			s.key(fyne.KeyF4)
			s.typed("scan")
			s.key(fyne.KeyReturn)
			s.typed("Akten")
			s.key(fyne.KeyReturn)
			s.settle()
			s.key(fyne.KeyF4)
		}},
		story{"scanners-none", func(s *stage) { s.devices.Nothing(); s.scanners() }},
		story{"scanners-silent", func(s *stage) { s.scanners(); s.key(fyne.KeyDown) }},
		story{"scanners-certificate", func(s *stage) { s.scanners(); s.key(fyne.KeyDown); s.key(fyne.KeyDown); s.key(fyne.KeyF2) }},
		story{"scanners-folder", func(s *stage) { s.scanners(); s.key(fyne.KeyEnd) }},
		story{"scanners-try", func(s *stage) { s.scanners(); s.key(fyne.KeyF2) }},
		story{"scanners-address", func(s *stage) { s.scanners(); s.combo(fyne.KeyD, ctrl); s.typed("192.168.1.99"); s.key(fyne.KeyReturn) }},
		story{"scanners-watch", func(s *stage) { s.scanners(); s.combo(fyne.KeyO, ctrl) }},
		story{"scanners-profiles", func(s *stage) { profiles(s); s.key(fyne.KeyEnd) }},
		story{"scanners-edit", func(s *stage) { profiles(s); s.key(fyne.KeyEnd); s.key(fyne.KeyUp); s.key(fyne.KeyReturn) }},
		story{"scanners-lock", func(s *stage) { s.scanners(); s.combo(fyne.KeyL, ctrl|shift) }},
		story{"scanners-locked", func(s *stage) {
			s.scanners()
			s.combo(fyne.KeyL, ctrl|shift)
			s.typed("4711")
			s.key(fyne.KeyReturn)
		}},
		story{"scanners-pin", func(s *stage) {
			s.scanners()
			s.combo(fyne.KeyL, ctrl|shift)
			s.typed("4711")
			s.key(fyne.KeyReturn)
			s.settle()
			s.combo(fyne.KeyD, ctrl)
			s.typed("0815")
			s.key(fyne.KeyReturn)
		}},
	)
}

const shift = fyne.KeyModifierShift

// scanners goes to the administration of scanners.
func (s *stage) scanners() {
	s.open()
	s.combo(fyne.Key9, ctrl)
	s.settle()
}
