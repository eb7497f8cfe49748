package main

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/pageview"
	"schalter/ui/sample"
	"schalter/ui/stack"
	"schalter/ui/tray"
	sorted "schalter/ui/tray/sample"
)

// newTray is the real screen with a made-up tray behind it.
func newTray(h desk.Host, lib *form.Library, o *sorted.Office) desk.Tray {
	at := func(f func()) { f() }
	return tray.New(tray.Needs{
		Texts: h.Texts, Clock: sample.Clock, Run: control.Inline, Do: at, Canvas: h.Window.Canvas(), Keys: h.Keys, User: sample.User,
		Store: o, Room: room(lib, o), Pictures: o,
		Paper: pageview.New(h.Texts, at, at), Open: o.Open, OpenCase: h.OpenCase,
	})
}

// room is the made-up tray as the screens share it.
func room(lib *form.Library, o *sorted.Office) *stack.Room {
	return stack.New(stack.Needs{
		Clock: sample.Clock, Run: control.Inline, Do: func(f func()) { f() }, User: sample.User,
		Store: o, Forms: lib, Blobs: o, Scanner: o, Reader: o, Binder: o,
	})
}

// init adds the pictures of the tray.
func init() {
	stories = append(stories,
		story{"tray", func(s *stage) { s.tray() }},
		story{"tray-sure", func(s *stage) { s.tray(); s.down(5) }},
		story{"tray-doubt", func(s *stage) { s.tray(); s.down(7) }},
		story{"tray-pages", func(s *stage) {
			s.tray()
			s.down(5)
			s.key(fyne.KeyRight)
			s.key(fyne.KeyDown)
			s.key(fyne.KeySpace)
			s.settle()
		}},
		story{"tray-assign", func(s *stage) { s.tray(); s.key(fyne.KeyF4); s.typed("er"); s.settle() }},
		story{"tray-proof", func(s *stage) { s.tray(); s.down(5); s.key(fyne.KeyF5) }},
		story{"tray-filed", func(s *stage) { s.tray(); s.combo(fyne.KeyReturn, ctrl) }},
		story{"tray-drop", func(s *stage) { s.tray(); s.combo(fyne.KeyDelete, ctrl|shift) }},
		story{"tray-vouched", func(s *stage) { s.tray(); s.down(5); s.key(fyne.KeyU); s.settle() }},
		story{"tray-dropped", func(s *stage) {
			s.tray()
			s.combo(fyne.KeyDelete, ctrl|shift)
			s.combo(fyne.KeyReturn, ctrl)
			s.combo(fyne.KeyZ, ctrl|shift)
			s.settle()
		}},
		story{"tray-empty", func(s *stage) { s.stacks = sorted.New(s.store, true); s.tray() }},
		story{"tray-trouble", func(s *stage) { s.stacks.Fail = record.E(record.CodeDiskError, nil); s.tray() }},
	)
}

// tray goes to the tray.
func (s *stage) tray() {
	s.open()
	s.combo(fyne.Key8, ctrl)
	s.settle()
}

func (printer) PrintCover(context.Context, []record.Case, string) (record.Way, error) {
	return record.WayPrinted, nil
}

func (printer) PrintProofCovers(context.Context, record.Case, string) (record.Way, error) {
	return record.WayPrinted, nil
}
