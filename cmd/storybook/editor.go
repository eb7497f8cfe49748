package main

import (
	"context"
	"io/fs"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"schalter/assets"
	"schalter/ui/desk"
	"schalter/ui/editor"
)

// editing is the editor of a form in the place of the administration.
type editing struct{ *editor.Screen }

// Changed has nothing to read again.
func (editing) Changed() {}

// Dropped takes nothing.
func (editing) Dropped(fyne.Position, []fyne.URI) {}

// edit opens a form of the town hall in the editor; unresolved is a rule in prose that came with it, or "".
func (s *stage) edit(file, unresolved string) {
	b, err := fs.ReadFile(assets.Files, "forms/"+file+".json")
	if err != nil {
		panic(err) // the form ships with the program
	}
	if unresolved != "" {
		b = []byte(strings.Replace(string(b), `"rules": [`, `"rules": [`+unresolved+`,`, 1))
	}
	s.door.svc.Admin = func(h desk.Host) desk.Admin {
		return editing{editor.New(editor.Deps{
			Texts: h.Texts, Clock: h.Clock, Run: h.Run, Canvas: h.Window.Canvas(), Keys: h.Keys, File: b, Taken: true, Leave: h.Leave, Rebind: h.Refresh,
			Publish: func(context.Context, []byte) error { return nil },
			After:   func(time.Duration, func()) func() { return func() {} },
		})}
	}
	s.open()
	s.combo(fyne.Key7, ctrl)
	s.settle()
}

// down moves in the list of the editor.
func (s *stage) down(n int) {
	for range n {
		s.key(fyne.KeyDown)
	}
	s.settle()
}

// prose is a rule as an importer leaves it.
const prose = `{"rule": "vorlage-7", "do": "unresolved", "on": ["hund/chip"], "text": {
	"de": "Die Chipnummer ist nur anzugeben, sofern der Hund nach dem 1. Juli 2011 geboren ist.",
	"en": "The chip number is to be given only if the dog was born after 1 July 2011."}}`

func init() {
	stories = append(stories,
		story{"editor", func(s *stage) { s.edit("hundesteuer-anmelden", ""); s.down(4) }},
		story{"editor-form", func(s *stage) { s.edit("hundesteuer-anmelden", "") }},
		story{"editor-choice", func(s *stage) { s.edit("hundesteuer-anmelden", ""); s.down(22) }},
		story{"editor-fee", func(s *stage) { s.edit("hundesteuer-anmelden", ""); s.fee() }},
		story{"editor-rule", func(s *stage) { s.edit("hundesteuer-anmelden", ""); s.key(fyne.KeyEnd); s.settle() }},
		story{"editor-open", func(s *stage) { s.edit("hundesteuer-anmelden", prose); s.key(fyne.KeyF9); s.settle() }},
		story{"editor-add", func(s *stage) { s.edit("hundesteuer-anmelden", ""); s.down(4); s.key(fyne.KeyF2) }},
		story{"editor-remove", func(s *stage) {
			s.edit("hundesteuer-anmelden", "")
			s.down(15)
			s.combo(fyne.KeyDelete, ctrl|fyne.KeyModifierShift)
		}},
		story{"editor-fault", func(s *stage) {
			s.edit("hundesteuer-anmelden", "")
			s.down(4)
			s.key(fyne.KeyReturn)
			s.key(fyne.KeyBackspace)
			for range 20 {
				s.key(fyne.KeyDelete)
			}
			s.settle()
		}},
	)
}

// fee goes to the field whose amounts are to be confirmed.
func (s *stage) fee() { s.down(48) }
