package search

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSpellingsFindEachOther(t *testing.T) {
	for _, same := range [][]string{
		{"Müller", "Mueller", "Muller", "MÜLLER", "mu\u0308ller"},
		{"Straße", "Strasse", "STRASSE", "STRAẞE"},
		{"Öztürk", "Oeztuerk", "Ozturk"},
		{"Łódź", "Lodz"},
		{"Yıldız", "Yildiz"},
		{"Ærø", "Aeroe", "Aero"},
		{"Hundesteuer", "Hunde\u00adsteuer", "Hunde-\nsteuer", "Hunde- \r\n steuer"},
		{"Haftpﬂicht", "Haftpflicht"},
		{"Müller-\nLüdenscheidt", "mueller luedenscheidt"},
	} {
		for _, s := range same {
			if Fold(s) != Fold(same[0]) {
				t.Errorf("%q folds to %q, %q to %q", s, Fold(s), same[0], Fold(same[0]))
			}
		}
	}
	if Fold("Maier") == Fold("Meier") {
		t.Error("Maier and Meier are different people")
	}
	if got := Fold("  MS-1-26/00417 (K) "); got != "ms 1 26 00417 k" {
		t.Errorf("got %q", got)
	}
}

func TestFoldKeepsBeginnings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringMatching(`[A-Za-zäöüÄÖÜßéèıłøaeoue]{1,14}`).Draw(t, "word"))
		n := rapid.IntRange(1, len(word)).Draw(t, "n")
		if whole, begin := Fold(string(word)), Fold(string(word[:n])); !strings.HasPrefix(whole, begin) {
			t.Fatalf("%q folds to %q but its beginning %q to %q", string(word), whole, string(word[:n]), begin)
		}
	})
}

func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		f := Fold(s)
		if strings.Contains(f, "  ") || strings.TrimSpace(f) != f {
			t.Fatalf("%q folds to %q", s, f)
		}
		if strings.ContainsAny(f, `"*():^-+`) {
			t.Fatalf("%q folds to %q, which holds query operators", s, f)
		}
	})
}

func TestParse(t *testing.T) {
	q := Parse(" Müller  müller emr ")
	if strings.Join(q.Words, " ") != "muller emr" || q.Number != "" || q.Match(1) != `"muller"* AND "emr"*` {
		t.Errorf("got %+v, %s", q, q.Match(1))
	}
	if q := Parse("a bc"); q.Match(2) != `"bc"*` || Parse("a").Match(2) != "" {
		t.Error("short words are not left out")
	}
	if !Parse(" -,. ").Empty() {
		t.Error("signs only are not a query")
	}
	if q := Parse(strings.Repeat("wort wert wirt ", 2000)); len(q.Words) > 4 {
		t.Errorf("%d words", len(q.Words))
	}
	name := Fold("Yıldız, Emre")
	if !Parse("emr yil").Begins(1, name) || Parse("emr yal").Begins(1, name) || Parse("emr x").Begins(1, name) || !Parse("emr x").Begins(2, name) {
		t.Error("Begins")
	}
}

func TestSnippetMarksAndCuts(t *testing.T) {
	q := Parse("haftpflicht")
	got := q.Snippet("Die Versicherung bestätigt\n\n die  Haftpflichtversicherung für den Hund.", 200)
	if got != "Die Versicherung bestätigt die \x02Haftpflichtversicherung\x03 für den Hund." {
		t.Errorf("got %q", got)
	}
	long := strings.Repeat("Lorem ipsum ", 100) + "Haftpflicht " + strings.Repeat("dolor sit ", 100)
	got = q.Snippet(long, 60)
	if !strings.Contains(got, "\x02Haftpflicht\x03") || len([]rune(got)) > 70 || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("got %q", got)
	}
	if got := q.Snippet("nichts davon", 200); got != "nichts davon" {
		t.Errorf("got %q", got)
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("müll", "Müller-\nLüdenscheidt \x00\xff Straße", 10)
	f.Fuzz(func(t *testing.T, typed, text string, width int) {
		if width < 1 || width > 1000 {
			return
		}
		q := Parse(typed)
		s := q.Snippet(text, width)
		if strings.Count(s, MarkOn) != strings.Count(s, MarkOff) {
			t.Fatalf("%q", s)
		}
		_ = q.Match(2)
	})
}

func TestHasIsAboutBeginnings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folded := Fold(rapid.StringMatching(`[a-c ]{0,12}`).Draw(t, "text"))
		word := rapid.StringMatching(`[a-c]{1,3}`).Draw(t, "word")
		want := false
		for w := range strings.FieldsSeq(folded) {
			want = want || strings.HasPrefix(w, word)
		}
		if Has(folded, word) != want {
			t.Fatalf("%q in %q: %v", word, folded, !want)
		}
	})
	if Begin("müll", 2) != "mü" || Begin("a", 3) != "a" {
		t.Error("Begin")
	}
}
