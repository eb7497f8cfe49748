package i18n_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"schalter/assets"
	"schalter/ui/i18n"
)

func load(t *testing.T, lang string) *i18n.Texts {
	t.Helper()
	texts, err := i18n.Load(assets.Files, lang)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func all(t *testing.T, lang string) map[string]string {
	t.Helper()
	dir := "translations/" + lang
	files, err := assets.Files.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out, from := map[string]string{}, map[string]string{}
	for _, f := range files {
		b, err := assets.Files.ReadFile(dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Errorf("%s/%s: %v", dir, f.Name(), err)
			continue
		}
		for k, v := range m {
			if other, twice := from[k]; twice && out[k] != v {
				t.Errorf("%s: %q is in %s and in %s with another text", lang, k, other, f.Name())
			}
			out[k], from[k] = v, f.Name()
		}
	}
	return out
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	langs := i18n.Languages(assets.Files)
	if len(langs) < 2 || langs[0] != "de" {
		t.Fatalf("languages %v", langs)
	}
	base := all(t, langs[0])
	for _, lang := range langs[1:] {
		other := all(t, lang)
		for k, v := range base {
			w, ok := other[k]
			if !ok {
				t.Errorf("%s: %q is missing", lang, k)
				continue
			}
			a, b := placeholder.FindAllString(v, -1), placeholder.FindAllString(w, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
				t.Errorf("%q has placeholders %v in %s and %v in %s", k, a, langs[0], b, lang)
			}
			if (v == "") != (w == "") {
				t.Errorf("%q is empty in one language only", k)
			}
		}
		for k := range other {
			if _, ok := base[k]; !ok {
				t.Errorf("%s: %q is missing", langs[0], k)
			}
		}
	}
}

// codes reads the constants of type Code out of data/record/codes.go.
func codes(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "data", "record", "codes.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, e := range v.Values {
			if lit, ok := e.(*ast.BasicLit); ok {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, s)
			}
		}
		return true
	})
	if len(out) < 50 {
		t.Fatalf("found only %d codes", len(out))
	}
	return out
}

func TestEveryTroubleHasASentenceAndAHint(t *testing.T) {
	for _, lang := range i18n.Languages(assets.Files) {
		texts := all(t, lang)
		for _, c := range codes(t) {
			for _, key := range []string{"error." + c, "error." + c + ".hint"} {
				if texts[key] == "" {
					t.Errorf("%s: %q is missing", lang, key)
				}
			}
		}
	}
}

func TestTextsFillPlaceholdersAndFallBack(t *testing.T) {
	fs := fstest.MapFS{
		"translations/de/a.json": {Data: []byte(`{"hello":"Guten Tag, {name}","n.one":"{count} Vorgang","n.many":"{count} Vorgänge","error.internal":"Fehler.","error.internal.hint":"Noch einmal."}`)},
		"translations/en/a.json": {Data: []byte(`{"hello":"Hello {name}","only":"English only"}`)},
	}
	de, err := i18n.Load(fs, "de")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{de.T("hello", "name", "Frau {count}", "count", 1), "Guten Tag, Frau {count}"},
		{de.T("only"), "English only"},
		{de.T("nowhere"), "nowhere"},
		{de.N("n", 1), "1 Vorgang"},
		{de.N("n", 0), "0 Vorgänge"},
		{de.Name(map[string]string{"en": "Dog", "de": "Hund"}), "Hund"},
		{de.Name(map[string]string{"tr": "Köpek"}), "Köpek"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	s, h := de.Error(fmt.Errorf("wrapped: %w", errors.New("secret detail")))
	if s != "Fehler." || h != "Noch einmal." {
		t.Errorf("unknown error: %q %q", s, h)
	}
	if _, err := i18n.Load(fs, "fr"); err == nil {
		t.Error("a language that is not there was loaded")
	}
}

func TestTimesAsPeopleSayThem(t *testing.T) {
	de, en := load(t, "de"), load(t, "en")
	loc := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 23, 10, 50, 0, 0, loc)
	for _, c := range []struct{ got, want string }{
		{de.When(now.Add(-2*time.Minute), now), "10:48"},
		{de.When(now.Add(-11*time.Hour), now), "gestern"},
		{de.When(now.AddDate(0, 0, -9), now), "14.11.2026"},
		{de.When(time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC), now), "00:30"},
		{de.WhenLong(now, now), "heute 10:50"},
		{de.Due("2026-11-23", now), "heute"},
		{de.Due("2026-11-24", now), "morgen"},
		{de.Due("2026-11-26", now), "Do, 26.11."},
		{en.Due("2026-11-26", now), "Thu 26 Nov"},
		{de.Due("2026-12-04", now), "04.12."},
		{de.Due("2027-01-04", now), "04.01.2027"},
		{de.Due("2026-11-01", now), "überfällig"},
		{de.Due("bald", now), "bald"},
		{de.Age(20 * time.Second), "gerade eben"},
		{de.Ago(20 * time.Second), "gerade eben"},
		{de.Ago(12 * time.Minute), "vor 12 Min."},
		{de.Age(2*time.Hour + time.Minute), "2 Std."},
		{de.Age(72 * time.Hour), "3 Tage"},
		{de.Size(340_000), "340 kB"},
		{de.Size(1_290_000), "1,2 MB"},
		{en.Size(1_250_000), "1.2 MB"},
		{de.Number(100000), "100.000"},
		{en.Number(999), "999"},
		{de.Number(-1234567), "-1.234.567"},
		{de.DateText("1988-05-02"), "02.05.1988"},
		{de.Date(time.Time{}), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
