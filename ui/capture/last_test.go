package capture

import (
	"strings"
	"testing"

	"schalter/data/form"
)

// What one user typed for a visitor is not offered to the next user of the desk.
func TestNobodyRepeatsWhatAnotherUserTyped(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	tab.Submit()
	w.settle()
	for user, want := range map[string]string{"weber": "Yıldız", "braun": ""} {
		next := newWorld(t, w.store, nil)
		next.m.last.user = func() string { return user }
		tab := next.start(t)
		next.settle()
		tab.Repeat("halter/nachname")
		if got := tab.Text("halter/nachname"); got != want {
			t.Errorf("%s is offered %q", user, got)
		}
	}
}

// Repeated is what the last visitor of the service said, else the last one of all; never what tells a person,
// an account or a thing from others.
func TestRepeatingMeansTheLastVisitor(t *testing.T) {
	w, first := club(t)
	for _, id := range []string{"angeln", "zelt"} {
		f, err := form.Parse([]byte(strings.Replace(clubForm, `"id": "verein"`, `"id": "`+id+`"`, 1)))
		if err == nil {
			err = w.m.w.Forms.(*form.Library).Add(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	visit := func(tab *Tab, name string) {
		t.Helper()
		w.write(tab, "wer/name", name)
		w.write(tab, "wer/iban", "DE02120300000000202051")
		w.write(tab, "wer/chip", "276098104123344")
		if f, open := tab.Submit(); open {
			t.Fatalf("open: %+v", f)
		}
		w.settle()
	}
	start := func(w *world, service string) *Tab {
		t.Helper()
		tab, err := w.m.Start(service)
		if err != nil {
			t.Fatal(err)
		}
		w.settle()
		return tab
	}
	visit(start(w, "angeln"), "Ahrens")
	visit(first, "Koch")
	later := newWorld(t, w.store, nil) // the next morning
	later.m.w.Forms = w.m.w.Forms
	for _, w := range []*world{w, later} {
		for service, want := range map[string]string{"zelt": "Koch", "angeln": "Ahrens", "verein": "Koch"} {
			tab := start(w, service)
			tab.RepeatGroup("wer/name")
			for _, path := range []string{"wer/iban", "wer/chip"} {
				if tab.Repeat(path) || tab.Text(path) != "" {
					t.Errorf("%s: %s is offered to somebody else", service, path)
				}
			}
			if got := tab.Text("wer/name"); got != want {
				t.Errorf("%s is offered %q, want %q", service, got, want)
			}
		}
	}
	for key, s := range w.store.settings {
		if strings.Contains(s, "12030") || strings.Contains(s, "276098") {
			t.Errorf("%s keeps %s", key, s)
		}
	}
}

// The second of two people from one household: the whole address with one key, and nothing of it over what
// was typed already.
func TestRepeatFillsTheRestOfTheGroup(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	tab.Submit()
	w.settle()
	tab = w.start(t)
	w.settle()
	w.write(tab, "halter/nachname", "Yıldız-Kaya")
	before := len(w.said)
	if n := tab.RepeatGroup("halter/strasse"); n != 6 {
		t.Errorf("%d fields filled", n)
	}
	if tab.Text("halter/nachname") != "Yıldız-Kaya" || tab.Text("halter/ort") != "Musterstadt" || tab.Text("hund/rufname") != "" {
		t.Errorf("filled %q", tab.texts)
	}
	if len(w.said) != before+1 {
		t.Fatalf("said %+v", w.said[before:])
	}
	w.said[before].Undo()
	if tab.Text("halter/nachname") != "Yıldız-Kaya" || tab.Text("halter/ort") != "" || tab.Text("halter/geburtsdatum") != "" {
		t.Errorf("after undo %q", tab.texts)
	}
	w.settle()
}

// Choosing is undone like typing.
func TestChoicesAreUndone(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	for _, c := range [][3]string{{"ermaessigung/beantragt", "true", "false"}, {"hund/geschlecht", "m", "w"}, {"hund/herkunft", "privat", "tierheim"}} {
		path := c[0]
		value := func() string { return tab.Session().State(path).Value }
		begin := value()
		for _, code := range c[1:] {
			tab.Enter(path)
			tab.Type(path, code)
			tab.Leave(path)
		}
		if !tab.Undo(path) || value() != c[1] {
			t.Errorf("%s: undone to %q", path, value())
		}
		if !tab.Redo(path) || value() != c[2] {
			t.Errorf("%s: redone to %q", path, value())
		}
		for range 2 {
			if !tab.Undo(path) {
				t.Errorf("%s: one step is missing", path)
			}
		}
		if value() != begin {
			t.Errorf("%s: undone to %q", path, value())
		}
	}
	w.settle()
}

// Why a warning was overridden is stored with the draft.
func TestAReasonSurvivesAPowerCut(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	w.write(tab, "hund/gehalten_seit", "20.10.2026") // registered late: a warning
	var rule string
	for _, f := range tab.Findings() {
		if f.Kind == FindingWarning {
			rule = f.Rule
		}
	}
	if rule == "" {
		t.Fatalf("no warning in %+v", tab.Findings())
	}
	tab.Override(rule, " war im Krankenhaus ")
	w.settle()
	back, err := newWorld(t, w.store, nil).m.Resume(w.store.stored(t, tab.ID()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range back.Findings() {
		if f.Rule == rule && (f.Reason != "war im Krankenhaus" || f.Open()) {
			t.Errorf("came back as %+v", f)
		}
	}
	if got := back.draft.Reasons[rule]; got != "war im Krankenhaus" {
		t.Errorf("the draft has %q", got)
	}
}
