package pageview

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/page"
	"schalter/data/search"
)

// written is a page with lines of words.
func written(t testing.TB, lines string) *pageText {
	t.Helper()
	p := &paper{pages: 1, lines: map[int]string{0: lines}}
	text, err := newLibrary(p).read(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFindFoldsAndFollowsWords(t *testing.T) {
	text := written(t, "Die Hundesteuer der Frau Müller\naus der Schloßstraße 3 er-\nhöht sich. Zwinger- und Ketten-\nhaltung der Frau\nMueller-Lüdenscheidt")
	for typed, want := range map[string][]string{
		"müller":            {"Müller", "Mueller-Lüdenscheidt"},
		"MUELLER":           {"Müller", "Mueller-Lüdenscheidt"},
		"steuer":            {"Hundesteuer"},
		"strasse":           {"Schloßstraße"},
		"schloßstrasse 3":   {"Schloßstraße 3"},
		"frau mül":          {"Frau Müller", "Frau\nMueller-Lüdenscheidt"},
		"steuer der Frau M": {"Hundesteuer der Frau Müller"},
		"erhöht":            {"er-\nhöht"},
		"3 erhöht sich":     {"3 er-\nhöht sich."},
		"kettenhaltung der": {"Ketten-\nhaltung der"},
		"zwinger und":       {"Zwinger- und"},
		"muller ludensch":   {"Mueller-Lüdenscheidt"},
		"frau sich":         nil,
		"der":               {"der", "der", "der"},
		"katze":             nil,
		"":                  nil,
		"§ !":               nil,
	} {
		var got []string
		for _, h := range text.find(0, search.Words(typed)) {
			got = append(got, text.text(h.first, h.last))
			if len(h.boxes) == 0 {
				t.Errorf("%q: %v without a box", typed, h)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: found %q, want %q", typed, got, want)
		}
	}
}

func TestWordsFromOutsideMarkBeginnings(t *testing.T) {
	text := written(t, "Hund Schäferhund Hündin Hunde-\nsteuer hundert Katze")
	var got []string
	for _, h := range text.begin(0, folded([]string{"HUND", "katz", "Hund"})) {
		got = append(got, text.text(h.first, h.last))
	}
	if want := []string{"Hund", "Hündin", "Hunde-\nsteuer", "hundert", "Katze"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestEveryWordOfAPageIsFound searches for what stands there.
func TestEveryWordOfAPageIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zäöüß]{1,6}|[A-ZÄÖÜ][a-zß]{1,5}-?|[0-9]{1,3}`), 1, 30).Draw(t, "words")
		var on []page.Word
		for i, w := range words {
			on = append(on, page.Word{Text: w, X0: float64(i), X1: float64(i) + 0.5, Y1: 1, Line: i / 4})
		}
		text := readPage(on, 100, 100)
		i := rapid.IntRange(0, len(words)-1).Draw(t, "word")
		n := rapid.IntRange(1, min(3, len(words)-i)).Draw(t, "so many")
		typed := text.text(i, i+n-1)
		if len(search.Words(typed)) == 0 {
			return
		}
		for _, h := range text.find(0, search.Words(typed)) {
			if h.first <= i && h.last >= i+n-1 {
				return
			}
		}
		// found inside a place that begins earlier
		for _, h := range text.find(0, search.Words(typed)) {
			if h.first <= i+n-1 && h.last >= i {
				return
			}
		}
		t.Fatalf("%q is not found in %q", typed, words)
	})
}

func TestTheLibraryKeepsItsBound(t *testing.T) {
	lines := map[int]string{}
	for p := range 200 {
		lines[p] = strings.Repeat(fmt.Sprintf("wort%d ", p), 1500)
	}
	doc := &paper{pages: 200, lines: lines}
	l := newLibrary(doc)
	for p := range 200 {
		if _, err := l.read(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, el := range l.pages {
			kept += len(el.Value.(shelved).text.words)
		}
		if kept != l.words || kept > keepWords || l.peek(p) == nil || len(l.pages) != l.order.Len() {
			t.Fatalf("page %d: %d words kept, %d counted", p, kept, l.words)
		}
	}
	if l.peek(0) != nil || l.peek(170) == nil {
		t.Error("the oldest page is kept, or a new one is not")
	}
}

func TestThePlaceOfTheMouseIsTheNearestWord(t *testing.T) {
	text := written(t, "eins zwei drei\nvier fünf")
	for _, c := range []struct {
		x, y float64
		want string
		hit  bool
	}{
		{60, 60, "eins", true}, {170, 60, "zwei", true}, {500, 60, "drei", false}, {500, 100, "fünf", false}, {0, 500, "vier", false}, {0, 0, "eins", false},
	} {
		i, hit := text.nearest(c.x/595, c.y/842)
		if text.words[i].Text != c.want || hit != c.hit {
			t.Errorf("%v, %v: %q %v", c.x, c.y, text.words[i].Text, hit)
		}
	}
	if i, hit := (&pageText{}).nearest(0, 0); i != -1 || hit {
		t.Errorf("word %d on an empty page", i)
	}
}
