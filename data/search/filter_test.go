package search

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFilters(t *testing.T) {
	day := func(s string) Day { d, _ := part(s); return d }
	for _, c := range []struct {
		typed string
		words string
		want  Filter
		chips []Chip
	}{
		{"hund", "hund", Filter{}, nil},
		{"von:2026-01 bis:2026-03", "", Filter{From: "2026-01-01", Until: "2026-03-31"}, []Chip{{KindFrom, "2026-01"}, {KindUntil, "2026-03"}}},
		{"from:2024 until:2024", "", Filter{From: "2024-01-01", Until: "2024-12-31"}, []Chip{{KindFrom, "2024"}, {KindUntil, "2024"}}},
		{"ab:1.2.26", "", Filter{From: "2026-02-01"}, []Chip{{KindFrom, "1.2.26"}}},
		{"bis:2/2024", "", Filter{Until: "2024-02-29"}, []Chip{{KindUntil, "2024-02"}}},
		{"VON:2026-01-15 von:2026-02-15", "", Filter{From: "2026-02-15"}, []Chip{{KindFrom, "15.2.2026"}}},
		{"leistung:hund müller", "muller", Filter{Services: []string{"hund"}}, []Chip{{KindService, "hund"}}},
		{`service:"Hund anmelden"`, "", Filter{Services: []string{"hund", "anmelden"}}, []Chip{{KindService, "Hund anmelden"}}},
		{"offen", "", Filter{Open: true}, []Chip{{Kind: KindOpen}}},
		{"Erledigt meine", "", Filter{Done: true, Mine: true}, []Chip{{Kind: KindDone}, {Kind: KindMine}}},
		{"open mine done", "", Filter{Open: true, Mine: true, Done: true}, []Chip{{Kind: KindOpen}, {Kind: KindMine}, {Kind: KindDone}}},
		{"im Postausgang müller", "muller", Filter{Outbox: true}, []Chip{{Kind: KindOutbox}}},
		{"in outbox", "", Filter{Outbox: true}, []Chip{{Kind: KindOutbox}}},
		{"im Haus", "im haus", Filter{}, nil},
		{"Entwürfe", "", Filter{Drafts: true}, []Chip{{Kind: KindDrafts}}},
		{"geb:1.2.1980", "", Filter{Born: []Day{day("1.2.1980")}}, []Chip{{KindBorn, "1.2.1980"}}},
		{"geb:1980-02-01", "", Filter{Born: []Day{day("1.2.1980")}}, []Chip{{KindBorn, "1.2.1980"}}},
		{"born:1980", "", Filter{Born: []Day{day("1980")}}, []Chip{{KindBorn, "1980"}}},
		{"seite:7 haftpflicht", "haftpflicht", Filter{Page: 7}, []Chip{{KindPage, "7"}}},
		{"farbe:rot", "farbe rot", Filter{}, []Chip{{KindUnknown, "farbe:"}}},
		{"von:gestern x", "x", Filter{}, []Chip{{KindUnclear, "von:gestern"}}},
		{"geb:31.2.1980", "", Filter{}, []Chip{{KindUnclear, "geb:31.2.1980"}}},
		{"seite:0", "", Filter{}, []Chip{{KindUnclear, "seite:0"}}},
		{"leistung:", "", Filter{}, []Chip{{KindUnending, "leistung:"}}},
		{"12:30", "12 30", Filter{}, nil},
		{"offen.", "offen", Filter{}, nil},
	} {
		q := Parse(c.typed)
		if got := strings.Join(q.Words, " "); got != Fold(c.words) {
			t.Errorf("%q: words %q, want %q", c.typed, got, Fold(c.words))
		}
		if !reflect.DeepEqual(q.Filter, c.want) {
			t.Errorf("%q: %+v, want %+v", c.typed, q.Filter, c.want)
		}
		if !slices.Equal(q.Chips, c.chips) {
			t.Errorf("%q: chips %+v, want %+v", c.typed, q.Chips, c.chips)
		}
	}
}

func TestDaysHoweverTyped(t *testing.T) {
	for _, typed := range []string{"1.2.1980", "01.02.1980", "1980-02-01", "1980-2-1", "1.2.80", "01.02.80"} {
		q := Parse(typed)
		if len(q.Days) != 1 || len(q.Words) != 0 {
			t.Errorf("%q: %+v", typed, q)
			continue
		}
		for _, text := range []string{"geboren 1.2.1980 in Kassel", "01.02.1980", "1980-02-01", "am 1.2.80"} {
			if !q.Stands(Fold(text)) || q.Count(text) == 0 {
				t.Errorf("%q is not found in %q", typed, text)
			}
		}
		for _, text := range []string{"1.12.1980", "11.2.1980", "2.1.1980", "1980 Seiten", "21.2.1980"} {
			if q.Stands(Fold(text)) {
				t.Errorf("%q is found in %q", typed, text)
			}
		}
	}
	for _, typed := range []string{"30.2.1980", "1.13.1980", "1.2.198", "0.1.1980", "1.2.3.4", "2026-13-01"} {
		if q := Parse(typed); len(q.Days) != 0 || len(q.Words) == 0 {
			t.Errorf("%q: %+v", typed, q)
		}
	}
	if q := Parse("29.2.00"); len(q.Days) != 1 || !slices.Equal(q.Days[0].Dates(), []string{"2000-02-29"}) {
		t.Errorf("1900 had no 29 February: %+v", q)
	}
}

func TestPhrases(t *testing.T) {
	q := Parse(`„Widerspruch gegen“ bescheid "offen"`)
	if !slices.Equal(q.Phrases, []string{"widerspruch gegen", "offen"}) || q.Filter.Open {
		t.Errorf("%+v", q)
	}
	for text, want := range map[string]bool{
		"Offen: der Widerspruch gegen den Bescheid":    true,
		"Offen: der Widerspruch, gegen den Bescheid":   true,
		"Offen ist gegen den Widerspruch ein Bescheid": false,
		"Offener Widerspruch gegen den Bescheid":       false,
		"Widerspruchgegen offen Bescheid":              false,
	} {
		if got := q.Begins(1, Fold(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := Parse(`"den Hund"`).Snippet("Hund und den Hund", 100); got != "Hund und \x02den\x03 \x02Hund\x03" {
		t.Errorf("%q", got)
	}
	if got := Parse("1.2.1980").Snippet("am 1.2.1980, dem 1.", 100); got != "am \x021\x03.\x022\x03.\x021980\x03, dem 1." {
		t.Errorf("%q", got)
	}
	if got := Parse(`hund "den Hund" am`).All(); !slices.Equal(got, []string{"hund", "am", "den"}) {
		t.Error(got)
	}
}

func TestNumbersAmongFilters(t *testing.T) {
	for _, typed := range []string{"ms-1-26-00417-5 offen", "offen MS 1 26 417 5", "MS-1-26-00417-5"} {
		if q := Parse(typed); q.Number != Parse("MS-1-26-00417-5").Number || q.Number == "" {
			t.Errorf("%q: %q", typed, q.Number)
		}
	}
}

func TestBirthAndService(t *testing.T) {
	f := Parse("geb:1.2.80 leistung:hund").Filter
	if !f.Birth("1980-02-01") || f.Birth("1981-02-01") || f.Birth("") || !f.Service("hundesteuer-anmelden") || f.Service("Fundsache") {
		t.Errorf("%+v", f)
	}
	if got := f.MatchBirth(); got != `("1980" AND "02" AND "01") OR ("2080" AND "02" AND "01")` {
		t.Error(got)
	}
	if !(Filter{}).Birth("") || !(Filter{}).Service() || !(Filter{}).None() {
		t.Error("no filter keeps something out")
	}
}

// typing is something like what people type, and what nobody would.
func typing(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"müller", "offen", "im", "in", "Postausgang", "meine", "leistung:hund", `leistung:"hund an"`, "von:2026-01", "bis:", "bis:x", "geb:1.2.80",
			"geb:1980", "1.2.1980", "01.02.80", `"Haus und Hof"`, "„offen“", "farbe:rot", `farbe:"im postausgang"`, "farbe:", "seite:3", "MS-1-26-00417-5",
			"Hunde-\nsteuer", `leistung:„a"`, ":", "::", `"`, "äe", `x:"`, "von:von:2026",
		}), rapid.String(), rapid.StringMatching(`[a-z":. ]{0,12}`)), 0, 14).Draw(t, "typed"), " ")
}

func TestWhatIsPrintedReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := typing(t)
		q := Parse(typed)
		again := Parse(q.String())
		order := func(c []Chip) []Chip {
			c = slices.Clone(c)
			slices.SortFunc(c, func(a, b Chip) int { return strings.Compare(string(a.Kind)+a.Value, string(b.Kind)+b.Value) })
			return c
		}
		if !slices.Equal(q.Words, again.Words) || !slices.Equal(q.Phrases, again.Phrases) || !reflect.DeepEqual(q.Days, again.Days) ||
			q.Number != again.Number || !reflect.DeepEqual(q.Filter, again.Filter) || !slices.Equal(order(q.Chips), order(again.Chips)) {
			t.Fatalf("%q\nreads %+v\nprints %q\nreads %+v", typed, q, q.String(), again)
		}
		if len(q.Words) > maxWords || len(q.Phrases) > maxPhrases || len(q.Days) > maxDays || len(q.Chips) > maxChips {
			t.Fatalf("too much: %+v", q)
		}
	})
}

// What Match and Stands ask holds of every text that Begins lets through, and the text's words are marked.
func TestSnippetsHaveWhatBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Parse(typing(t))
		text := rapid.StringMatching(`([A-Za-zäöü]{1,6}[ ,.-]){0,9}(müller|haus und hof|1\.2\.1980)?`).Draw(t, "text")
		s := q.Snippet(text, 400)
		if q.Texts() && q.Begins(1, Fold(text)) && !strings.Contains(s, MarkOn) {
			t.Fatalf("%+v is in %q but nothing is marked: %q", q, text, s)
		}
		if strings.NewReplacer(MarkOn, "", MarkOff, "").Replace(s) != tidy(text) {
			t.Fatalf("%q became %q", text, s)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`von:2026-01 "a b" 1.2.80 im postausgang`)
	f.Fuzz(func(t *testing.T, typed string) {
		q := Parse(typed)
		_ = q.String()
		if m := q.Match(1); strings.Count(m, `"`)%2 != 0 {
			t.Fatal(m)
		}
	})
}
