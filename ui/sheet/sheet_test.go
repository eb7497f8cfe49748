package sheet

import (
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/ui/sample"
)

func TestAnswersAreNamedAndWrittenAsPeopleDo(t *testing.T) {
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Latest("hundesteuer-anmelden")
	if err != nil {
		t.Fatal(err)
	}
	v := record.Values{"halter/nachname": "Yıldız", "halter/geburtsdatum": "1988-05-02", "hund/chip": "276098104123344", "zahlung/iban": "DE89370400440532013000", "hund/frueher": "Balu"}
	got := map[string]string{}
	var groups []string
	for _, g := range Make(f, v, "de", sample.Now) {
		groups = append(groups, g.Label)
		for _, l := range g.Lines {
			got[l.Label] = l.Value
		}
	}
	for label, want := range map[string]string{"Nachname": "Yıldız", "Geburtsdatum": "02.05.1988", "Chipnummer": "276 0981 0412 3344", "IBAN für den Einzug": "DE89 3704 0044 0532 0130 00", "frueher": "Balu"} {
		if got[label] != want {
			t.Errorf("%s: %q, want %q (all: %v)", label, got[label], want, got)
		}
	}
	if groups[0] != "Halterin oder Halter" || groups[1] != "Hund" {
		t.Errorf("groups %v are not in the order of the form", groups)
	}
}

func TestWhatIsNotUnderstoodIsShownAsTyped(t *testing.T) {
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Latest("hundesteuer-anmelden")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range Make(f, record.Values{"hund/chip": "276 0981 0412 33", "halter/geburtsdatum": "40.13.88"}, "de", sample.Now) {
		for _, l := range g.Lines {
			if l.Value != "276 0981 0412 33" && l.Value != "40.13.88" {
				t.Errorf("%s became %q", l.Path, l.Value)
			}
		}
	}
}

func TestNoAnswerIsLeftOut(t *testing.T) {
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(lib.All()).Draw(t, "form")
		v := record.Values{}
		for range rapid.IntRange(0, 25).Draw(t, "answers") {
			path := rapid.StringMatching(`[a-z]{1,5}(\[[1-3]\])?/[a-z]{1,5}`).Draw(t, "path")
			if rapid.Bool().Draw(t, "known") {
				path = rapid.SampledFrom(f.Fields()).Draw(t, "field").Path
			}
			v[path] = rapid.StringMatching(`[a-z0-9.]{0,6}`).Draw(t, "value")
		}
		if rapid.Bool().Draw(t, "form is missing") {
			f = nil
		}
		shown := map[string]int{}
		for _, g := range Make(f, v, "de", sample.Now) {
			for _, l := range g.Lines {
				shown[l.Path]++
			}
		}
		for p, s := range v {
			want := 1
			if s == "" {
				want = 0
			}
			if shown[p] != want {
				t.Fatalf("%s=%q is shown %d times", p, s, shown[p])
			}
		}
	})
}
