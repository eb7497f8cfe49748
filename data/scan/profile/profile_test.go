package profile

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/scan"
)

// settings is a store in memory that may be full.
type settings struct {
	kept map[string]string
	full error
}

func (s *settings) Setting(_ context.Context, key string) (string, error) { return s.kept[key], nil }

func (s *settings) SetSetting(_ context.Context, key, value string) error {
	if s.full == nil {
		s.kept[key] = value
	}
	return s.full
}

func newStore() *settings { return &settings{kept: map[string]string{}} }

func TestTheDefaultsAreSound(t *testing.T) {
	all := Defaults()
	for _, p := range all {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	if ids := []string{all[0].ID, all[1].ID, all[2].ID}; !slices.Equal(ids, []string{"flatbed", "feeder", "color"}) {
		t.Errorf("the keys clerks know have moved: %v", ids)
	}
}

func TestWhatIsWrongWithAProfile(t *testing.T) {
	good := Profile{ID: "x", Name: "Akten", Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300, Paper: scan.A4}}
	for field, spoil := range map[string]func(*Profile){
		"":         func(*Profile) {},
		"id":       func(p *Profile) { p.ID = "" },
		"name":     func(p *Profile) { p.Name = "  " },
		"source":   func(p *Profile) { p.Settings.Source = "slides" },
		"mode":     func(p *Profile) { p.Settings.Mode = "" },
		"dpi":      func(p *Profile) { p.Settings.DPI = 20 },
		"paper":    func(p *Profile) { p.Settings.Paper = "A0" },
		"two_pass": func(p *Profile) { p.TwoPass, p.Settings.Source = true, scan.Duplex },
		"goes":     func(p *Profile) { p.Goes = "moon" },
	} {
		p := good
		spoil(&p)
		err := p.Check()
		var e *record.Error
		if (err == nil) != (field == "") || errors.As(err, &e) && e.Args["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestABookIsKept(t *testing.T) {
	store := newStore()
	s := New(store)
	b, err := s.Book(t.Context())
	if err != nil || len(b.Profiles) != 4 {
		t.Fatalf("%+v %v", b, err)
	}
	err = s.Change(t.Context(), "", func(b *Book) error {
		b.Profiles = append(b.Profiles, Profile{ID: "own", Name: " Personalausweis ", Settings: scan.Settings{Source: scan.Flatbed, Mode: scan.Color, DPI: 300, Paper: scan.A5}, NoBlank: true})
		b.Folders, b.Addresses = []string{"/srv/scan"}, []string{"10.0.0.9"}
		b.Certificates["uuid"] = "AA BB"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, shelf := range []*Shelf{s, New(store)} {
		b, err := shelf.Book(t.Context())
		if err != nil || b.Profile("own").Name != "Personalausweis" || b.Certificates["uuid"] != "AA BB" || b.Folders[0] != "/srv/scan" || b.Profile("gone").ID != "flatbed" {
			t.Errorf("%+v %v", b, err)
		}
	}
	b.Profiles[0].ID = "mine" // a book is a value
	if again, _ := s.Book(t.Context()); again.Profiles[0].ID != "flatbed" {
		t.Error("the shelf's book was changed from outside")
	}
}

func TestNothingHalfIsKept(t *testing.T) {
	store := newStore()
	s := New(store)
	for _, change := range []func(*Book) error{
		func(b *Book) error { b.Profiles = nil; return nil },
		func(b *Book) error { b.Profiles = append(b.Profiles, b.Profiles[0]); return nil },
		func(b *Book) error { b.Profiles[0].Settings.DPI = 7; return nil },
		func(b *Book) error { b.Folders = []string{"/x"}; return errors.New("no") },
	} {
		if err := s.Change(t.Context(), "", change); err == nil || len(store.kept) != 0 {
			t.Errorf("%v, %v", err, store.kept)
		}
	}
	store.full = record.E(record.CodeDiskFull, nil)
	err := s.Change(t.Context(), "", func(b *Book) error { b.Folders = []string{"/x"}; return nil })
	if b, _ := s.Book(t.Context()); record.CodeOf(err) != record.CodeDiskFull || len(b.Folders) != 0 {
		t.Errorf("%v, %+v", err, b)
	}
}

func TestABookThatCannotBeReadStopsNobody(t *testing.T) {
	for text, want := range map[string]int{
		"": 4, "{": 4, `{"profiles":[]}`: 4, `{"profiles":[{"id":"a"}]}`: 4, "null": 4, `[]`: 4,
		`{"profiles":[{"id":"feeder","settings":{"source":"feeder","mode":"gray","dpi":200}},{"id":"feeder","settings":{"source":"feeder","mode":"gray","dpi":300}},{"id":"b"}]}`: 1,
	} {
		s := New(&settings{kept: map[string]string{setting: text}})
		if b, err := s.Book(t.Context()); err != nil || len(b.Profiles) != want {
			t.Errorf("%s: %d profiles, %v", text, len(b.Profiles), err)
		}
	}
}

func TestTheLock(t *testing.T) {
	store := newStore()
	s := New(store)
	set := func(pin, next string) error {
		return s.Change(t.Context(), pin, func(b *Book) (err error) {
			b.Lock, err = NewLock(next)
			return err
		})
	}
	if err := set("", "123"); record.CodeOf(err) != record.CodeProfilePIN {
		t.Error("a short PIN:", err)
	}
	if err := set("", "grün 7"); err != nil {
		t.Fatal(err)
	}
	add := func(b *Book) error { b.Folders = append(b.Folders, "/x"); return nil }
	for pin, want := range map[string]record.Code{"": record.CodeProfileLocked, "4711": record.CodeProfilePIN, "grün 7": ""} {
		if err := New(store).Change(t.Context(), pin, add); record.CodeOf(err) != want {
			t.Errorf("%q: %v", pin, err)
		}
	}
	if err := s.Change(t.Context(), "gru\u0308n 7", add); err != nil { // another keyboard's way to write it
		t.Error(err)
	}
	if err := s.Used(t.Context(), scan.Device{ID: "sane:x", Model: "X"}); err != nil {
		t.Error("a clerk uses another device:", err)
	}
	for _, v := range store.kept {
		if strings.Contains(v, "grün 7") {
			t.Error("the PIN itself is kept")
		}
	}
	if err := s.Change(t.Context(), "grün 7", func(b *Book) error { b.Lock = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(t.Context(), "", add); err != nil {
		t.Error(err)
	}
}

func TestInterleave(t *testing.T) {
	for _, c := range []struct {
		fronts, backs int
		want          []int
		ok            bool
	}{
		{3, 3, []int{0, 5, 1, 4, 2, 3}, true},
		{1, 1, []int{0, 1}, true},
		{0, 0, []int{}, true},
		{3, 2, []int{0, 1, 2, 3, 4}, false},
		{2, 0, []int{0, 1}, false},
	} {
		if got, ok := Interleave(c.fronts, c.backs); !slices.Equal(got, c.want) || ok != c.ok {
			t.Errorf("%d and %d: %v %v", c.fronts, c.backs, got, ok)
		}
	}
}

// Whatever the counts are, every page is shown once; and a stack of sheets comes out as it went in.
func TestInterleaveLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fronts, backs := rapid.IntRange(0, 60).Draw(t, "fronts"), rapid.IntRange(0, 60).Draw(t, "backs")
		order, ok := Interleave(fronts, backs)
		sorted := slices.Clone(order)
		slices.Sort(sorted)
		for i, n := range sorted {
			if len(sorted) != fronts+backs || n != i {
				t.Fatalf("%v", order)
			}
		}
		if ok != (fronts == backs) {
			t.Fatal(ok)
		}
		if !ok {
			return
		}
		var came []int // sides as they come: 1 3 5 …, then from the last back to the first
		for i := range fronts {
			came = append(came, 2*i+1)
		}
		for i := range backs {
			came = append(came, 2*(backs-i))
		}
		for i, at := range order {
			if came[at] != i+1 {
				t.Fatalf("side %d is shown as number %d", came[at], i+1)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`{"profiles":[{"id":"a","name":"A","settings":{"source":"feeder","mode":"gray","dpi":300}}],"lock":{"salt":"AA==","hash":""}}`)
	f.Fuzz(func(t *testing.T, s string) {
		b := parse(s)
		if err := b.check(); err != nil && len(b.Profiles) <= maxList {
			t.Fatal(err)
		}
		b.Lock.Opens("x")
	})
}
