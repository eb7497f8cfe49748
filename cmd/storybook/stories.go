package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	capture "schalter/ui/capture/sample"
	"schalter/ui/sample"
)

// story is one picture: what a clerk did until the window looked like this.
type story struct {
	name string
	play func(*stage)
}

const ctrl = fyne.KeyModifierControl

var stories = []story{
	{"queue", func(s *stage) { s.open() }},
	{"queue-empty", func(s *stage) { s.use(sample.Empty()); s.open() }},
	{"queue-trouble", func(s *stage) {
		s.open()
		s.store.Fail = record.E(record.CodeStoreDamaged, nil, "dir", `C:\Schalter`)
		s.combo(fyne.Key3, ctrl)
	}},
	{"office", func(s *stage) {
		s.online()
		s.open()
		s.combo(fyne.Key4, ctrl)
		s.key(fyne.KeyDown)
		s.key(fyne.KeyDown)
	}},
	{"drafts", func(s *stage) { s.open(); s.combo(fyne.Key2, ctrl) }},
	{"recovery", func(s *stage) { s.store.SetLive(true); s.open() }},
	{"discard", func(s *stage) { s.store.SetLive(true); s.open(); s.key(fyne.KeyDelete) }},
	{"capture", func(s *stage) { s.take(capture.Filling) }},
	{"capture-findings", func(s *stage) { s.take(capture.Findings) }},
	{"capture-done", func(s *stage) { s.take(capture.Done) }},
	{"capture-crowd", func(s *stage) { s.take(capture.Crowd) }},
	{"capture-visit", func(s *stage) { s.take(capture.Visit) }},
	{"capture-alike", func(s *stage) { s.take(capture.Alike) }},
	{"capture-alike-look", func(s *stage) { s.take(capture.Look) }},
	{"capture-register", func(s *stage) { s.take(capture.Register) }},
	{"capture-version", func(s *stage) { s.take(capture.Version) }},
	{"capture-hall", func(s *stage) { s.take(capture.Hall) }},
	{"capture-hall-month", func(s *stage) { s.take(capture.Month) }},
	{"capture-bundle-done", func(s *stage) { s.take(capture.Bundle) }},
	{"capture-locked", func(s *stage) { s.take(capture.Locked) }},
	{"capture-pages", func(s *stage) { s.take(capture.Pages) }},
	{"capture-pages-many", func(s *stage) { s.take(capture.PagesMany) }},
	{"capture-pages-compare", func(s *stage) { s.take(capture.PagesCompare) }},
	{"capture-pages-frame", func(s *stage) { s.take(capture.PagesFrame) }},
	{"capture-scanned", func(s *stage) { s.take(capture.Scanned) }},
	{"capture-trouble", func(s *stage) { s.take(capture.Trouble) }},
	{"conflicts", func(s *stage) { s.online(); s.open(); s.combo(fyne.Key5, ctrl) }},
	{"outbox", func(s *stage) { s.open(); s.combo(fyne.Key6, ctrl) }},
	{"outbox-portal", func(s *stage) { s.portal(); s.open(); s.combo(fyne.Key6, ctrl) }},
	{"casefile", func(s *stage) { s.open(); s.key(fyne.KeyReturn) }},
	{"casefile-bundle", func(s *stage) {
		rows, _, _ := s.store.Cases(context.Background(), record.ViewToday, "", 0, 4)
		s.store.Link(rows[0].ID, rows[1].ID, rows[2].ID, rows[3].ID)
		s.open()
		s.key(fyne.KeyDown)
		s.key(fyne.KeyReturn)
	}},
	{"casefile-bare", func(s *stage) { s.open(); s.key(fyne.KeyDown); s.key(fyne.KeyReturn); s.combo(fyne.KeyP, ctrl) }},
	{"casefile-note", func(s *stage) {
		s.open()
		s.key(fyne.KeyReturn)
		s.combo(fyne.KeyM, ctrl)
		s.typed("Frau Yıldız bringt die Steuermarke am Donnerstag vorbei.")
	}},
	{"casefile-facts", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.combo(fyne.KeyE, ctrl); s.combo(fyne.KeyD, ctrl) }},
	{"casefile-marked", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.marked() }},
	{"casefile-trash", func(s *stage) { s.open(); s.key(fyne.KeyReturn); s.combo(fyne.KeyDelete, ctrl|fyne.KeyModifierShift) }},
	{"casefile-certify", func(s *stage) {
		s.open()
		s.key(fyne.KeyReturn)
		s.combo(fyne.KeyU, ctrl|fyne.KeyModifierShift)
		s.combo(fyne.KeyReturn, ctrl)
	}},
	{"find", func(s *stage) { s.open(); s.combo(fyne.KeyK, ctrl); s.typed("schutz") }},
	{"find-start", func(s *stage) { s.open(); s.combo(fyne.KeyK, ctrl) }},
	{"find-name", func(s *stage) { s.open(); s.combo(fyne.KeyK, ctrl); s.typed("er"); s.key(fyne.KeyDown) }},
	{"picker", func(s *stage) { s.open(); s.combo(fyne.KeyN, ctrl) }},
	{"help", func(s *stage) { s.open(); s.key(fyne.KeyF1) }},
	{"enrol", func(s *stage) { s.use(sample.Empty()); s.open(); s.desk.Do("app.enrol") }},
	{"lock", func(s *stage) { s.desk.Start(context.Background()) }},
	{"lock-again", func(s *stage) { s.open(); s.combo(fyne.KeyL, ctrl) }},
	{"lock-wrong", func(s *stage) {
		s.desk.Start(context.Background())
		s.settle()
		s.typed("falsch")
		s.key(fyne.KeyReturn)
	}},
	{"lock-damaged", func(s *stage) {
		s.door.broken = record.E(record.CodeVaultDamaged, nil, "dir", `C:\Schalter`)
		s.desk.Start(context.Background())
	}},
	{"first-start", func(s *stage) { s.door.fresh = true; s.desk.Start(context.Background()) }},
	{"first-enrol", func(s *stage) {
		s.door.fresh = true
		s.desk.Start(context.Background())
		s.settle()
		s.typed("ein langer Satz")
		s.key(fyne.KeyReturn)
		s.typed("ein langer Satz")
		s.key(fyne.KeyReturn)
	}},
}

// use puts another town hall behind the door.
func (s *stage) use(store *sample.Store) {
	s.store = store
	s.door.svc.Store = store
}

// take shows the capture screen in a state.
func (s *stage) take(state capture.State) {
	s.state = state
	s.open()
	s.combo(fyne.Key2, ctrl)
	s.key(fyne.KeyReturn)
}

func (s *stage) online() { s.line.State = sample.Online().State }

// portal is a hotel's login page in the way.
func (s *stage) portal() {
	s.line.State.Trouble = record.E(record.CodeCaptivePortal, nil)
	s.line.State.Since = sample.Now.Add(-12 * time.Minute)
}
