package trial

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/form/imported"
	"schalter/data/record"
)

// drawer is a store's settings in memory; it breaks when it has written so many times.
type drawer struct {
	kept  map[string]string
	after int // writes until it breaks; -1: never
}

var errPower = errors.New("the power is gone")

func (d *drawer) Setting(_ context.Context, key string) (string, error) { return d.kept[key], nil }

func (d *drawer) SetSetting(_ context.Context, key, value string) error {
	if d.after == 0 {
		return errPower
	}
	d.after--
	if value == "" {
		delete(d.kept, key)
	} else {
		d.kept[key] = value
	}
	return nil
}

func item(id, version string) Item {
	r := imported.Report{File: id + ".xml", Fields: 3, Rules: imported.Rules{Total: 2, Translated: 1, Unresolved: 1}, Notes: []*record.Error{record.E(record.CodeFIMList, nil, "urn", "urn:x")}}
	return Of(record.FormRef{ID: id, Version: version, Hash: record.HashOf([]byte(id + version))}, map[string]string{"de": id}, r, "M. Weber", time.Unix(1_800_000_000, 0).UTC())
}

func TestFormsStayUntilTheyAreDropped(t *testing.T) {
	ctx := context.Background()
	d := &drawer{kept: map[string]string{}, after: -1}
	s := New(d)
	for _, x := range []Item{item("a", "1.0"), item("b", "1.0"), item("a", "2.0")} {
		if err := s.Put(ctx, x, []byte(x.Form.ID+x.Form.Version)); err != nil {
			t.Fatal(err)
		}
	}
	again := item("a", "1.0")
	again.User = "S. Braun"
	if err := s.Put(ctx, again, []byte("new")); err != nil {
		t.Fatal(err)
	}
	s = New(d) // as after a restart
	all, err := s.Items(ctx)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d items, %v", len(all), err)
	}
	if all[0].User != "S. Braun" || all[0].Rules.Unresolved != 1 || len(all[0].Notes) != 1 || all[0].Notes[0].Args["urn"] != "urn:x" {
		t.Errorf("%+v", all[0])
	}
	if b, err := s.File(ctx, record.FormRef{ID: "a", Version: "1.0"}); err != nil || string(b) != "new" {
		t.Errorf("%q %v", b, err)
	}
	for _, x := range all {
		if err := s.Drop(ctx, x.Form); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.File(ctx, again.Form); record.CodeOf(err) != record.CodeFormUnknown {
		t.Error(err)
	}
	if len(d.kept) != 0 {
		t.Errorf("left behind: %v", d.kept)
	}
}

// However early the power goes, every form in the list can be read, and what was acknowledged is as it was.
func TestWhatTheListNamesIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		d := &drawer{kept: map[string]string{}, after: rapid.IntRange(0, 12).Draw(t, "writes")}
		s := New(d)
		want := map[record.FormRef][]byte{}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			x := item(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"), rapid.SampledFrom([]string{"1", "2"}).Draw(t, "version"))
			file := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "file")
			put := rapid.Bool().Draw(t, "put")
			do := func() error { return s.Drop(ctx, x.Form) }
			if put {
				do = func() error { return s.Put(ctx, x, file) }
			}
			delete(want, x.Form) // what is cut off may be there or not
			if do() != nil {
				break
			}
			if put {
				want[x.Form] = file
			}
		}
		d.after = -1
		all, err := New(d).Items(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			if b, err := s.File(ctx, x.Form); err != nil || len(b) == 0 {
				t.Fatalf("%v is in the list: %v", x.Form, err)
			}
		}
		for ref, file := range want {
			if b, err := s.File(ctx, ref); err != nil || !bytes.Equal(b, file) {
				t.Fatalf("%v: %q, want %q, %v", ref, b, file, err)
			}
			if !slices.ContainsFunc(all, func(x Item) bool { return x.Form == ref }) {
				t.Fatalf("%v is not in the list", ref)
			}
		}
	})
}
