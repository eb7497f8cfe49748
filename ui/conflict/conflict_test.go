package conflict

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

func setup(t *testing.T) (*sample.Store, *form.Library, *i18n.Texts) {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	return sample.New(lib, 0), lib, x
}

func TestBothVersionsAreShownWhole(t *testing.T) {
	store, lib, x := setup(t)
	items, err := Load(context.Background(), store, lib, sample.User, "de")
	if err != nil || len(items) != 1 || items[0].Group != "Halterin oder Halter" {
		t.Fatalf("%+v, %v", items, err)
	}
	id, _ := store.Identity(context.Background())
	kept, other, base := Versions(x, formOf(lib, items[0].Case), items[0], id.Device, sample.Now)
	if kept.Title != "Hier, an diesem Platz" || other.Title != "Anderer Platz" || other.Who != "S. Braun" {
		t.Errorf("%+v %+v", kept, other)
	}
	differs := map[string][2]string{}
	for i := range kept.Lines {
		if kept.Lines[i].Differs {
			differs[kept.Lines[i].Label] = [2]string{kept.Lines[i].Value, other.Lines[i].Value}
		}
	}
	if len(differs) != 2 || differs["Straße"] != [2]string{"Am Mühlgraben", "Mühlgrabenweg"} || differs["Nr."] != [2]string{"4 a", "4"} {
		t.Errorf("differs: %v", differs)
	}
	if base != "Vorher: Feldstraße, 18 (14.11.2026, 10:50)" {
		t.Error(base)
	}
}

func TestNoAnswerOfEitherVersionIsLost(t *testing.T) {
	_, lib, x := setup(t)
	f, err := lib.Latest("hundesteuer-anmelden")
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"halter/nachname", "halter/ort", "halter/gibt_es_nicht", "ganz/fremd"}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) record.Values {
			v := record.Values{}
			for _, p := range paths {
				if s := rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, name+p); s != "" {
					v[p] = s
				}
			}
			return v
		}
		k := record.Conflict{Group: "halter", Kept: record.Group{Values: draw("kept")}, Other: record.Group{Values: draw("other")}}
		it := Item{Case: record.Case{Conflicts: []record.Conflict{k}}}
		a, b, _ := Versions(x, f, it, "", sample.Now)
		if len(a.Lines) != len(b.Lines) {
			t.Fatal("the sides differ in length")
		}
		want := map[string]bool{}
		for _, p := range paths {
			if k.Kept.Values[p] != "" || k.Other.Values[p] != "" {
				want[p] = true
			}
		}
		if len(a.Lines) != len(want) {
			t.Fatalf("%d lines, want %d", len(a.Lines), len(want))
		}
	})
}

func TestScreenReadsOnlyAndSaysSo(t *testing.T) {
	store, lib, x := setup(t)
	var opened []record.ID
	s := New(Needs{Texts: x, Clock: sample.Clock, Run: control.Inline, Forms: lib, User: sample.User, Open: func(id record.ID) { opened = append(opened, id) }}, store)
	w := test.NewWindow(s.Object())
	defer w.Close()
	w.Resize(fyne.NewSize(1100, 650))
	s.Shown()
	if s.title.Text() == x.T("conflict.title") || s.banner.Text() != x.T("conflict.later") {
		t.Errorf("title %q, banner %q", s.title.Text(), s.banner.Text())
	}
	for _, c := range s.Commands() {
		if c.ID != "conflict.open" {
			t.Errorf("there is a command %s", c.ID)
		}
	}
	s.openSelected()
	if len(opened) != 1 {
		t.Error("the case was not opened")
	}
	empty := New(s.Needs, sample.Empty())
	w.SetContent(empty.Object())
	empty.Shown()
	if empty.lead.Text() != x.T("conflict.none") || empty.cards.Visible() {
		t.Error("an empty list shows versions")
	}
}
