package main

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
)

// recognizer stands still in one state.
type recognizer struct{ state record.Recognition }

func (r recognizer) State() record.Recognition               { return r.state }
func (recognizer) Changed() (<-chan struct{}, func())        { return nil, func() {} }
func (recognizer) Pause(context.Context, bool) error         { return nil }
func (recognizer) SetLanguage(context.Context, string) error { return nil }

// ReadIn reads nothing.
func (recognizer) ReadIn(context.Context, record.ID, string) error { return nil }

var halfway = recognizer{record.Recognition{
	Done: 12, Total: 48, Pause: record.PauseScan, Engine: "tesseract 5.3.0", Languages: []string{"deu", "eng", "tur"}, Language: "deu",
}}

// recognition opens the layer of the text recognition over the list.
func (s *stage) recognition(r recognizer) {
	s.door.svc.Reader = r
	s.open()
	s.combo(fyne.KeyE, ctrl|fyne.KeyModifierShift)
}

func init() {
	stories = append(stories,
		story{"recognition", func(s *stage) { s.recognition(halfway) }},
		story{"recognition-missing", func(s *stage) {
			s.recognition(recognizer{record.Recognition{Pause: record.PauseMissing, Trouble: record.E(record.CodeOCRMissing, nil)}})
		}},
		story{"recognition-document", func(s *stage) {
			s.door.svc.Reader = halfway
			s.open()
			s.key(fyne.KeyReturn)
			s.combo(fyne.KeyE, ctrl|fyne.KeyModifierShift)
		}},
		story{"recognition-status", func(s *stage) { s.door.svc.Reader = halfway; s.open() }},
	)
}
