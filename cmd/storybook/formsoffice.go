package main

import (
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/editor"
	"schalter/ui/forms"
	office "schalter/ui/forms/sample"
	"schalter/ui/sample"
)

// newAdmin is the real administration of forms with a made-up office behind it.
func newAdmin(h desk.Host, lib *form.Library) desk.Admin {
	return forms.New(forms.Needs{
		Texts: h.Texts, Clock: sample.Clock, Run: control.Inline, Do: func(f func()) { f() }, Canvas: h.Window.Canvas(), Keys: h.Keys,
		Office: office.New(lib), Files: &office.Files{}, Rebind: h.Refresh,
		Editor: func(w forms.EditorWork) forms.Page {
			return editor.New(editor.Deps{
				Texts: h.Texts, Clock: sample.Clock, Run: control.Inline, Canvas: h.Window.Canvas(), Keys: h.Keys, File: w.File, Taken: w.Taken,
				Publish: w.Publish, Leave: w.Leave, Rebind: h.Refresh, After: func(time.Duration, func()) func() { return func() {} },
			})
		},
	})
}

// init adds the pictures of the administration of forms.
func init() {
	stories = append(stories,
		story{"forms", func(s *stage) { s.forms() }},
		story{"forms-refused", func(s *stage) { s.forms(); s.typed("wochenmarkt") }},
		story{"forms-filter", func(s *stage) { s.forms(); s.typed("bücherei") }},
		story{"forms-bring", func(s *stage) { s.forms(); s.combo(fyne.KeyO, ctrl) }},
		story{"forms-import", func(s *stage) { s.imported() }},
		story{"forms-import-bad", func(s *stage) { s.imported(); s.key(fyne.KeyEnd) }},
		story{"forms-check", func(s *stage) { s.forms(); s.key(fyne.KeyF9) }},
		story{"forms-try", func(s *stage) { s.forms(); s.key(fyne.KeyReturn); s.settle(); s.key(fyne.KeyF9) }},
		story{"forms-publish", func(s *stage) { s.forms(); s.typed("bücherei"); s.combo(fyne.KeyReturn, ctrl) }},
		story{"forms-publish-refused", func(s *stage) { s.forms(); s.combo(fyne.KeyReturn, ctrl) }},
		story{"forms-published", func(s *stage) {
			s.forms()
			s.typed("bücherei")
			s.combo(fyne.KeyReturn, ctrl)
			s.combo(fyne.KeyReturn, ctrl)
		}},
		story{"forms-edit", func(s *stage) { s.forms(); s.combo(fyne.KeyE, ctrl) }},
		story{"forms-save", func(s *stage) { s.forms(); s.combo(fyne.KeyS, ctrl) }},
	)
}

// forms goes to the administration of forms.
func (s *stage) forms() {
	s.open()
	s.combo(fyne.Key7, ctrl)
	s.settle()
}

// imported brings a few files.
func (s *stage) imported() {
	s.forms()
	s.combo(fyne.KeyO, ctrl)
	s.typed("/media/stick")
	s.key(fyne.KeyReturn)
	s.settle()
}
