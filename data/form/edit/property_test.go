package edit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/form/formtest"
)

func services(t interface{ Fatal(...any) }) map[string][]byte {
	files, err := filepath.Glob("../../../assets/forms/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no services", err)
	}
	out := map[string][]byte{"sample": formtest.JSON(30), "rich": []byte(rich)}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := form.Parse(b); err == nil {
			out[filepath.Base(name)] = b
		}
	}
	return out
}

// places are all places of a form.
func places(f *form.Form) []string {
	out := []string{""}
	var walk func(g *form.Group)
	walk = func(g *form.Group) {
		out = append(out, g.Path)
		for _, it := range g.Items {
			if it.Group != nil {
				walk(it.Group)
			} else {
				out = append(out, it.Field.Path)
			}
		}
	}
	for _, g := range f.Groups {
		walk(g)
	}
	for _, p := range f.Proofs {
		out = append(out, ProofPlace+p.ID)
	}
	for _, r := range f.Rules {
		out = append(out, RulePlace+r.ID)
	}
	return out
}

var (
	sometext = rapid.SampledFrom([]string{"", "Straße", "  Ä \"ö\" \\ü\n<b>&", "x", "Größe 2", "日本", "\xff\xfe", "a/b:c"})
	typed    = rapid.SampledFrom([]string{"", "0", "3", "12", "-5", "12,50", "1.2.2026", "heute", "heute - 16 Jahre", "8:30", "ja", "abc", "99999999999999999999", "true"})
)

func label(t *rapid.T) form.Text {
	return form.Text{"de": sometext.Draw(t, "de"), "en": sometext.Draw(t, "en")}
}

func drawTest(t *rapid.T, f *form.Form) Test {
	x := rapid.SampledFrom(f.Fields()).Draw(t, "reads")
	ways := Ways(x.Type)
	if len(ways) == 0 {
		return Test{Path: x.Path}
	}
	v := typed.Draw(t, "value")
	if c := x.Choices(); len(c) > 0 {
		v = rapid.SampledFrom(c).Draw(t, "choice").Code
	}
	return Test{x.Path, rapid.SampledFrom(ways).Draw(t, "is"), []string{v}}
}

func drawRule(t *rapid.T, f *form.Form) Simple {
	s := Simple{Do: rapid.SampledFrom(Kinds).Draw(t, "do"), On: []string{rapid.SampledFrom(places(f)[1:]).Draw(t, "on")}, Any: rapid.Bool().Draw(t, "any")}
	for range rapid.IntRange(0, 2).Draw(t, "tests") {
		s.Tests = append(s.Tests, drawTest(t, f))
	}
	return s
}

// operations are all that a person can do to a form.
var operations = []func(t *rapid.T, d *Doc, place string) error{
	func(t *rapid.T, d *Doc, place string) error {
		k := rapid.SampledFrom([]TextKey{KeyTitle, KeyLabel, KeyHelp, KeyUnit, KeyText}).Draw(t, "key")
		return d.SetText(place, k, label(t))
	},
	func(t *rapid.T, d *Doc, place string) error {
		return d.SetLegal(place, rapid.SliceOfN(sometext, 0, 3).Draw(t, "legal"))
	},
	func(t *rapid.T, d *Doc, place string) error {
		all := []Prop{PropRequired, PropToConfirm, PropWidth, PropLines, PropDecimals, PropMin, PropMax, PropMinLength, PropMaxLength, PropDefault, PropExample}
		return d.Set(place, rapid.SampledFrom(all).Draw(t, "prop"), typed.Draw(t, "typed"))
	},
	func(t *rapid.T, d *Doc, place string) error {
		if rapid.Bool().Draw(t, "once") {
			return d.SetRepeat(place, nil)
		}
		return d.SetRepeat(place, &form.Repeat{Min: rapid.IntRange(0, 3).Draw(t, "min"), Max: rapid.IntRange(0, 3).Draw(t, "max")})
	},
	func(t *rapid.T, d *Doc, place string) error { return d.Move(place, rapid.Bool().Draw(t, "down")) },
	func(t *rapid.T, d *Doc, place string) error {
		_, err := d.MoveTo(place, rapid.SampledFrom(places(d.Form())).Draw(t, "to"))
		return err
	},
	func(t *rapid.T, d *Doc, place string) error {
		_, err := d.AddField(place, rapid.Bool().Draw(t, "inside"), rapid.SampledFrom(Types).Draw(t, "type"), label(t), []form.Text{label(t), {"de": "nein", "en": "no"}})
		return err
	},
	func(t *rapid.T, d *Doc, place string) error {
		_, err := d.AddGroup(place, label(t), label(t))
		return err
	},
	func(t *rapid.T, d *Doc, _ string) error {
		_, err := d.AddProof(label(t))
		return err
	},
	func(t *rapid.T, d *Doc, place string) error {
		_, err := d.AddChoice(place, label(t))
		return err
	},
	func(t *rapid.T, d *Doc, place string) error {
		f := d.Form().Field(place)
		if f == nil || len(f.Choices()) == 0 {
			return d.SetChoice(place, "x", label(t))
		}
		code := rapid.SampledFrom(f.Choices()).Draw(t, "code").Code
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			return d.SetChoice(place, code, label(t))
		case 1:
			return d.MoveChoice(place, code, rapid.Bool().Draw(t, "down"))
		}
		return d.RemoveChoice(place, code)
	},
	func(_ *rapid.T, d *Doc, place string) error { return d.Remove(place) },
	func(_ *rapid.T, d *Doc, place string) error { return d.RemoveAll(place) },
	func(t *rapid.T, d *Doc, _ string) error {
		_, err := d.AddRule(drawRule(t, d.Form()))
		return err
	},
	func(t *rapid.T, d *Doc, _ string) error {
		if len(d.Form().Rules) == 0 {
			return nil
		}
		return d.SetRule(rapid.SampledFrom(d.Form().Rules).Draw(t, "rule").ID, drawRule(t, d.Form()))
	},
	func(t *rapid.T, d *Doc, place string) error {
		for _, a := range d.Amounts(place, "de") {
			if err := d.SetAmount(a.Rule, a.Index, typed.Draw(t, "amount")); err != nil {
				return err
			}
		}
		return nil
	},
	func(t *rapid.T, d *Doc, _ string) error {
		return d.SetVersion(rapid.SampledFrom([]string{"1.0.1", "2", "x", ""}).Draw(t, "version"), "1.0.0")
	},
	func(t *rapid.T, d *Doc, _ string) error {
		if open := d.Form().Unresolved(); len(open) > 0 {
			return d.Decide(open[0].ID, "", sometext.Draw(t, "reason"))
		}
		return nil
	},
}

func TestAnyOperationsGiveAFormAndUndoGoesBackToTheFirstByte(t *testing.T) {
	all := services(t)
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	names = append(names, "rich", "rich", "rich", "sample", "sample") // and the small ones more often
	rapid.Check(t, func(t *rapid.T) {
		start := all[rapid.SampledFrom(names).Draw(t, "form")]
		d, err := Open(start)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "operations") {
			place := rapid.SampledFrom(places(d.Form())).Draw(t, "place")
			before := d.Bytes()
			d.Break()
			i := rapid.IntRange(0, len(operations)-1).Draw(t, "operation")
			steps := len(d.undo)
			err := operations[i](t, d, place)
			f, bad := form.Parse(d.Bytes())
			switch {
			case bad != nil:
				t.Fatalf("operation %d at %q gave no form: %v", i, place, bad)
			case f.Hash != d.Form().Hash:
				t.Fatalf("operation %d at %q: the form is not what its bytes say", i, place)
			case err != nil && steps == len(d.undo) && !bytes.Equal(before, d.Bytes()):
				t.Fatalf("operation %d at %q was refused and changed the form: %v", i, place, err)
			}
			if len(d.undo) == steps && !bytes.Equal(before, d.Bytes()) {
				t.Fatalf("operation %d at %q cannot be taken back", i, place)
			}
		}
		speak(t, d)
		end := d.Bytes()
		for d.CanUndo() {
			if _, ok := d.Undo(); !ok {
				t.Fatal("cannot be taken back")
			}
		}
		if !bytes.Equal(start, d.Bytes()) || d.Changed() {
			t.Fatalf("taken back, but not to the first byte:\n%s", d.Bytes())
		}
		for d.CanRedo() {
			if _, ok := d.Redo(); !ok {
				t.Fatal("cannot be done again")
			}
		}
		if !bytes.Equal(end, d.Bytes()) {
			t.Fatal("done again, but another form")
		}
	})
}

// speak reads every rule out.
func speak(t *rapid.T, d *Doc) {
	for _, r := range d.Form().Rules {
		for _, lang := range []string{"de", "en"} {
			if s := d.Sentence(r.ID, lang); s == "" {
				t.Fatalf("rule %s says %q", r.ID, s)
			}
		}
	}
}

// What is not touched stays as it was laid out: an operation and its reverse give the same bytes.
func TestAndBackAgain(t *testing.T) {
	for name, b := range services(t) {
		d, err := Open(b)
		if err != nil {
			t.Fatal(err)
		}
		for i, place := range places(d.Form()) {
			if i%6 == 1 && d.CanMove(place, true) {
				if err := d.Move(place, true); err != nil {
					continue // a bundle or a rule may stand against it
				}
				if err := d.Move(place, false); err != nil || !bytes.Equal(b, d.Bytes()) {
					t.Errorf("%s: %s moved down and up again: %v", name, place, err)
				}
			}
		}
		first := d.Form().Fields()[0]
		for _, l := range []string{"Anders", first.Label["de"]} {
			if err := d.SetText(first.Path, KeyLabel, form.Text{"de": l, "en": first.Label["en"]}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(b, d.Bytes()) {
			t.Errorf("%s: another label and the old one again changed the file", name)
		}
	}
}

func ExampleNextVersion() {
	fmt.Println(NextVersion("1.0.0"), NextVersion("2"), NextVersion("1.9.3"))
	// Output: 1.1.0 2.1 1.10.0
}
