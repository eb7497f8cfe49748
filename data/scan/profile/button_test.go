package profile

import (
	"slices"
	"testing"
)

func TestAButtonStartsOneProfile(t *testing.T) {
	b := Book{Profiles: Defaults()}
	b.Bind(Button{Device: "sane:a", Name: "scan", Profile: "feeder"})
	b.Bind(Button{Device: "sane:a", Name: "file", Profile: "flatbed"})
	b.Bind(Button{Device: "sane:b", Name: "scan", Profile: "color"})
	b.Bind(Button{Device: "sane:a", Name: "scan", Profile: "duplex"})
	for _, c := range []struct{ device, button, want string }{{"sane:a", "scan", "duplex"}, {"sane:a", "file", "flatbed"}, {"sane:b", "scan", "color"}, {"sane:b", "file", ""}} {
		if p, ok := b.Bound(c.device, c.button); p.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s of %s starts %q", c.button, c.device, p.ID)
		}
	}
	b.Bind(Button{Device: "sane:a", Name: "scan", Profile: ""})
	if _, ok := b.Bound("sane:a", "scan"); ok || len(b.Buttons) != 2 {
		t.Errorf("%+v", b.Buttons)
	}
}

// A button never starts a profile that is gone, or one that scans with another device.
func TestButtonsGoWithTheirProfiles(t *testing.T) {
	s := New(newStore())
	change := func(f func(b *Book)) Book {
		t.Helper()
		if err := s.Change(t.Context(), "", func(b *Book) error { f(b); return nil }); err != nil {
			t.Fatal(err)
		}
		b, err := s.Book(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := change(func(b *Book) {
		for i, p := range b.Profiles {
			b.Bind(Button{Device: "sane:a", Name: string(rune('0' + i)), Profile: p.ID})
		}
		b.Bind(Button{Device: "sane:a", Name: "nothing", Profile: "never there"})
		b.Bind(Button{Device: "", Name: "scan", Profile: "feeder"})
	})
	if len(b.Buttons) != 4 {
		t.Fatalf("%+v", b.Buttons)
	}
	b = change(func(b *Book) {
		b.Profiles = b.Profiles[1:]
		b.Profiles[0].Device = "sane:b"
	})
	if got := []string{b.Buttons[0].Profile, b.Buttons[1].Profile}; len(b.Buttons) != 2 || !slices.Equal(got, []string{"color", "duplex"}) {
		t.Errorf("%+v", b.Buttons)
	}
}
