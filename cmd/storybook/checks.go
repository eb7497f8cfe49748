package main

import (
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/checks"
	second "schalter/ui/checks/sample"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/pageview"
	"schalter/ui/sample"
)

// newChecks is the real screen of the second person's check with made-up scans behind it.
func newChecks(h desk.Host, o *second.Office) desk.Screen {
	at := func(f func()) { f() }
	pressed := 0 // nobody presses a key twice at the same time
	clock := func() time.Time { pressed++; return sample.Now.Add(time.Duration(pressed) * time.Second) }
	return checks.New(checks.Needs{
		Texts: h.Texts, Clock: clock, Run: control.Inline, Do: at, Canvas: h.Window.Canvas(), Keys: h.Keys, User: sample.User, Office: o,
		Paper: func(turned func()) checks.Paper {
			v := pageview.New(h.Texts, at, at)
			v.OnPage = func(int, int) { turned() }
			v.OnStatus = func(pageview.Status) { turned() }
			return v
		},
		Open: o.Open, Original: o.Original, OpenCase: h.OpenCase,
	})
}

// init adds the pictures of the second person's check.
func init() {
	stories = append(stories,
		story{"casefile-object", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.combo(fyne.KeyJ, ctrl|shift); s.settle() }},
		story{"casefile-export", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.combo(fyne.KeyX, ctrl|shift); s.settle() }},
		story{"checks", func(s *stage) { s.checks() }},
		story{"checks-odd", func(s *stage) { s.checks(); s.key(fyne.KeyDown) }},
		story{"checks-own", func(s *stage) { s.checks(); s.down(2) }},
		story{"checks-compare", func(s *stage) { s.checks(); s.key(fyne.KeyDown); s.key(fyne.KeyF4); s.settle() }},
		story{"checks-wrong", func(s *stage) { s.checks(); s.key(fyne.Key1); s.key(fyne.Key3); s.settle() }},
		story{"checks-reason", func(s *stage) {
			s.checks()
			s.combo(fyne.KeyJ, ctrl|shift)
			s.typed("Die zweite Seite ist unten abgeschnitten.")
			s.settle()
		}},
		story{"checks-passed", func(s *stage) {
			s.checks()
			s.combo(fyne.KeyReturn, ctrl)
			s.combo(fyne.KeyReturn, ctrl)
			s.settle()
		}},
		story{"checks-open", func(s *stage) { s.checks(); s.combo(fyne.Key2, fyne.KeyModifierAlt); s.settle() }},
		story{"checks-blocked", func(s *stage) { s.checks(); s.combo(fyne.Key3, fyne.KeyModifierAlt); s.settle() }},
		story{"checks-free", func(s *stage) { s.checks(); s.combo(fyne.Key4, fyne.KeyModifierAlt); s.settle() }},
		story{"checks-empty", func(s *stage) { s.scans = second.New(true); s.checks() }},
		story{"checks-share", func(s *stage) { s.scans.PIN = "4711"; s.checks(); s.combo(fyne.KeyS, fyne.KeyModifierAlt); s.settle() }},
		story{"checks-trouble", func(s *stage) { s.scans.Fail = record.E(record.CodeDiskError, nil); s.checks() }},
	)
}

// checks goes to the second person's check.
func (s *stage) checks() {
	s.open()
	s.combo(fyne.KeyK, ctrl|shift)
	s.settle()
}
