package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSlipsAreOneSlipAway(t *testing.T) {
	for word, slip := range map[string]string{"mulelr": "muller", "schmdit": "schmidt", "ozdmir": "ozdemir", "wojick": "wojcik", "bernt": "bernd", "mayyer": "mayer"} {
		if !slices.Contains(Slips(word), slip) || !Near("herr "+slip+" senior", word) {
			t.Errorf("%s is not %s", word, slip)
		}
	}
	if Slips("abc") != nil || Slips("12345") != nil || Near("ina", "inb") || Near("meier", "muller") {
		t.Error("what is too short or too far is near")
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{4,12}`).Draw(t, "word")
		all := Slips(word)
		other := rapid.OneOf(rapid.SampledFrom(all), rapid.StringMatching(`[a-z]{3,13}`)).Draw(t, "other")
		if word != other && !strings.HasPrefix(other, word) && slices.Contains(all, other) != Near(other, word) {
			t.Fatalf("%q and %q: %v", word, other, Near(other, word))
		}
	})
}

func TestOtherwise(t *testing.T) {
	for typed, want := range map[string][]string{
		"DE89 3704 0044":  {"de8937040044"},
		"06421 123456":    {"06421123456", "6421 123456"},
		"+49 6421 123456": {"496421123456", "6421 123456", "06421 123456"},
		"Bahnhof Straße":  {"bahnhofstrasse"},
		"417":             nil,
		"müller":          nil,
	} {
		var got []string
		for _, q := range Parse(typed).Otherwise() {
			got = append(got, strings.Join(q.Words, " "))
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q, want %q", typed, got, w)
			}
		}
		if want == nil && got != nil {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if !Parse("OConnor").Parted(Fold("O'Connor, Sinéad")) || Parse("OConnor").Parted("connor") || Parse("o connor").MatchParted() != "" {
		t.Error("parted")
	}
}

func TestDaysWithTheNameOfTheirMonth(t *testing.T) {
	for _, typed := range []string{
		"1. Februar 1980", "1. Feb. 1980", "01. FEBRUAR 80", "1 february 1980", "1. 2. 1980", "1/2/1980", "1-2-1980", "01021980",
		"geb. 1.2.1980", "geboren am 1. Februar 1980", "*1.2.1980", "born on 1.2.1980",
	} {
		q := Parse(typed)
		if len(q.Days) != 1 || len(q.Words) != 0 || q.Days[0].Month != 2 || q.Days[0].Day != 1 || !slices.Contains(q.Days[0].Years, 1980) {
			t.Errorf("%q: %+v", typed, q)
		}
	}
	for _, typed := range []string{"30. Februar 1980", "1. Montag 1980", "12 Monate 2020", "1-26-00417", "99999999"} {
		if q := Parse(typed); len(q.Days) != 0 {
			t.Errorf("%q: %+v", typed, q)
		}
	}
	if q := Parse("1.2.1980"); !q.Stands(Fold("am 1. Februar 1980 in Kassel")) || q.Stands(Fold("am 1. März 1980")) {
		t.Error("a day is not found by the name of its month")
	}
	if q := Parse("Müller am 1.2.1980"); strings.Join(q.Words, " ") != "muller am" {
		t.Errorf("%+v", q)
	}
}

func TestAFilterWithABlankBehindItsColon(t *testing.T) {
	q := Parse("von: 2026-01 leistung: hund müller seite:")
	if q.Filter.From != "2026-01-01" || !slices.Equal(q.Filter.Services, []string{"hund"}) || strings.Join(q.Words, " ") != "muller" {
		t.Errorf("%+v", q)
	}
}

func TestNumbersWithoutTheirProof(t *testing.T) {
	for typed, want := range map[string]string{"MS-1-26-417": "MS-1-26-00417-", "ms 1 26 417": "MS-1-26-00417-", "ms1-26-00417": "MS-1-26-00417-", "ms": "", "1.2.1980": ""} {
		if got := Parse(typed).NumberBegin(); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}
