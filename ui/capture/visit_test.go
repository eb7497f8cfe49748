package capture

import (
	"slices"
	"testing"
	"time"

	"schalter/data/record"
)

// How the application came is in the case it becomes, and nothing of it is lost on the way there.
func TestTheVisitGoesIntoTheCase(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	tab.draft.Bundle = "bundle"
	w.fillDog(tab)
	tab.draft.Taken = []record.Taken{{Paths: []string{"halter/nachname", "halter/ort"}, Case: "earlier", Number: "MS-1-26-00001-1", Purpose: "Hund anmelden"}}
	tab.bringAll()
	v := tab.visit
	for _, a := range [][2]string{{visitChannel, "tele"}, {visitPresent, "Tochter, übersetzt"}, {visitPaper, "21.11.26"}, {visitNote, "ruft am Freitag an "}} {
		v.Enter(a[0])
		v.Type(a[0], a[1])
		v.Leave(a[0])
	}
	w.settle()
	d := w.store.stored(t, tab.ID())
	if d.Channel != "phone" || d.Present != "Tochter, übersetzt" || d.Paper != "2026-11-21" || d.Note != "ruft am Freitag an" {
		t.Errorf("stored %+v", d)
	}
	if got := v.Field(visitPaper).Text; got != "21.11.2026" {
		t.Errorf("the day is written %q", got)
	}

	again := newWorld(t, w.store, nil) // after a power cut
	back, err := again.m.Resume(d)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{visitChannel: "Telefon", visitPresent: "Tochter, übersetzt", visitPaper: "21.11.2026", visitNote: "ruft am Freitag an"} {
		if got := back.visit.Field(path).Text; got != want {
			t.Errorf("%s came back as %q", path, got)
		}
	}
	f, _ := back.Check()
	back.Override(f.Rule, "später")
	if f, open := back.Submit(); open {
		t.Fatalf("open: %+v", f)
	}
	again.settle()
	var kinds []record.Kind
	for _, e := range w.store.edits {
		kinds = append(kinds, e.Kind)
		switch p := e.Payload.(type) {
		case record.Opened:
			want := record.Meeting{Present: "Tochter, übersetzt", Paper: "2026-11-21", Bundle: "bundle"}
			if p.Channel != "phone" || p.Meeting != want {
				t.Errorf("opened as %q %+v", p.Channel, p.Meeting)
			}
		case record.Event:
			if p.What != "taken" || p.Args["number"] != "MS-1-26-00001-1" || p.Args["purpose"] != "Hund anmelden" || p.Args["paths"] != "halter/nachname\nhalter/ort" || p.Args["case"] != "earlier" {
				t.Errorf("event %+v", p)
			}
		}
	}
	notes := 0
	for _, e := range w.store.edits {
		if n, ok := e.Payload.(record.Note); ok && n.Text == "ruft am Freitag an" {
			notes++
		}
	}
	if notes != 1 || !slices.Contains(kinds, record.KindEvent) {
		t.Errorf("%d notes, kinds %v", notes, kinds)
	}
}

// A day that cannot be keeps the draft from becoming a case, is kept as typed, and F9 leads to it.
func TestAPaperOfTomorrowIsRefused(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	for _, typed := range []string{"24.11.2026", "morgen"} {
		tab.visit.Enter(visitPaper)
		tab.visit.Type(visitPaper, typed)
		if tab.visit.Field(visitPaper).Error != "" {
			t.Error("said while it is being typed")
		}
		w.pass(time.Second)
		tab.visit.Leave(visitPaper)
		w.settle()
		if f, open := tab.Submit(); !open || f.Kind != FindingVisit || f.Path != visitPaper || tab.visit.Field(visitPaper).Error == "" {
			t.Errorf("%s: %+v %v", typed, f, open)
		}
		back, err := newWorld(t, w.store, nil).m.Resume(w.store.stored(t, tab.ID()))
		if err != nil {
			t.Fatal(err)
		}
		if got := back.visit.Field(visitPaper).Text; got != tab.visit.Field(visitPaper).Text {
			t.Errorf("%s came back as %q", typed, got)
		}
	}
	if !tab.visit.Undo(visitPaper) || tab.visit.Field(visitPaper).Text != "24.11.2026" || !tab.visit.Redo(visitPaper) {
		t.Errorf("undone to %q", tab.visit.Field(visitPaper).Text)
	}
	tab.visit.Type(visitPaper, "")
	if f, open := tab.Submit(); open && f.Kind == FindingVisit {
		t.Errorf("still open: %+v", f)
	}
}

// Looking at the visit stores nothing.
func TestLookingAtTheVisitBeginsNothing(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	tab.visit.Enter(visitChannel)
	tab.visit.Leave(visitChannel)
	w.pass(time.Hour)
	w.settle()
	if tab.Begun() || len(w.store.drafts) != 0 {
		t.Error("a draft was stored")
	}
}
