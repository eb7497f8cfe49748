package form

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

const dogOld = `{
  "format": "schalter-form/1", "id": "hund", "version": "1.0", "languages": ["de"], "title": {"de": "Hund"},
  "groups": [
    {"group": "halter", "label": {"de": "Halter"}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Name"}, "required": true},
      {"field": "plz", "type": "text", "label": {"de": "PLZ"}},
      {"field": "fax", "type": "phone", "label": {"de": "Fax"}},
      {"field": "alter", "type": "integer", "label": {"de": "Alter"}},
      {"field": "zahl", "type": "integer", "label": {"de": "Zahl der Hunde"}},
      {"field": "mail", "type": "email", "label": {"de": "E-Mail"}}
    ]},
    {"group": "hund", "label": {"de": "Hund"}, "repeat": {"max": 5}, "items": [
      {"field": "rasse", "type": "choice", "label": {"de": "Rasse"}, "choices": [
        {"code": "dackel", "label": {"de": "Dackel"}}, {"code": "pudel", "label": {"de": "Pudel"}}]},
      {"field": "farben", "type": "multichoice", "label": {"de": "Farben"}, "choices": [
        {"code": "s", "label": {"de": "Schwarz"}}, {"code": "b", "label": {"de": "Braun"}}]}
    ]}
  ],
  "proofs": [{"proof": "vertrag", "label": {"de": "Schutzvertrag"}, "required": true}],
  "rules": []
}`

// dogNew drops the fax, asks the age as a date, tells the number of dogs by itself, has fewer breeds and
// dogs, needs the mail address and asks for the chip, a house number and another proof.
const dogNew = `{
  "format": "schalter-form/1", "id": "hund", "version": "2.0", "languages": ["de"], "title": {"de": "Hund"},
  "groups": [
    {"group": "halter", "label": {"de": "Halter"}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Name"}, "required": true},
      {"field": "nr", "type": "text", "label": {"de": "Hausnummer"}, "required": true},
      {"field": "plz", "type": "postcode", "label": {"de": "PLZ"}},
      {"field": "alter", "type": "date", "label": {"de": "Geburtsdatum"}},
      {"field": "zahl", "type": "integer", "label": {"de": "Zahl der Hunde"}},
      {"field": "mail", "type": "email", "label": {"de": "E-Mail"}, "required": true}
    ]},
    {"group": "hund", "label": {"de": "Hund"}, "repeat": {"max": 2}, "items": [
      {"field": "rasse", "type": "choice", "label": {"de": "Rasse"}, "choices": [{"code": "dackel", "label": {"de": "Dackel"}}]},
      {"field": "farben", "type": "multichoice", "label": {"de": "Farben"}, "choices": [{"code": "b", "label": {"de": "Braun"}}]},
      {"field": "chip", "type": "chip", "label": {"de": "Chipnummer"}}
    ]}
  ],
  "proofs": [{"proof": "impfung", "label": {"de": "Impfpass"}}],
  "rules": [{"rule": "zahl", "do": "calculate", "on": ["halter/zahl"], "value": {"rows": "hund"}}]
}`

func TestChangesSaysWhatCarriesOverWhatIsLostAndWhatIsAsked(t *testing.T) {
	from, to := parse(t, dogOld), parse(t, dogNew)
	values := record.Values{
		"halter/name": "Emre", "halter/plz": "65428", "halter/fax": "+4961421", "halter/alter": "33", "halter/zahl": "3",
		"hund[1]/rasse": "dackel", "hund[1]/farben": "s\nb", "hund[2]/rasse": "pudel", "hund[3]/rasse": "irgendeiner",
		"frueher/feld": "bleibt",
	}
	before := maps.Clone(values)
	m := Changes(from, to, values, monday)
	if !maps.Equal(before, values) {
		t.Error("the answers were altered")
	}
	want := record.Values{
		"halter/name": "Emre", "halter/plz": "65428", "hund[1]/rasse": "dackel", "hund[1]/farben": "b", "frueher/feld": "bleibt",
	}
	if !maps.Equal(m.Values, want) || m.Carried != 4 {
		t.Errorf("carried over %d: %v", m.Carried, m.Values)
	}
	var lost []string
	for _, l := range m.Lost {
		lost = append(lost, fmt.Sprintf("%s %s=%s (%s)", l.Why, l.Path, l.Text.In("de"), l.Label.In("de")))
	}
	if want := []string{
		"gone halter/fax=+4961421 (Fax)", "type halter/alter=33 (Alter)", "calculated halter/zahl=3 (Zahl der Hunde)",
		"code hund[2]/rasse=Pudel (Rasse)", "row hund[3]/rasse=irgendeiner (Rasse)", "code hund[1]/farben=Schwarz (Farben)",
		"proof vertrag= (Schutzvertrag)",
	}; !slices.Equal(lost, want) {
		t.Errorf("lost:\n%s\nwant:\n%s", strings.Join(lost, "\n"), strings.Join(want, "\n"))
	}
	var asked []string
	for _, a := range m.Asked {
		asked = append(asked, fmt.Sprintf("%s (%s) %v", a.Path, a.Label.In("de"), a.Required))
	}
	if want := []string{
		"halter/nr (Hausnummer) true", "halter/mail (E-Mail) true", "hund/chip (Chipnummer) false", "impfung (Impfpass) false",
	}; !slices.Equal(asked, want) {
		t.Errorf("asked: %q", asked)
	}
}

func TestChangesWhereRepeatingChanged(t *testing.T) {
	one := func(version, repeat string) *Form {
		return parse(t, `{"format": "schalter-form/1", "id": "x", "version": "`+version+`", "title": {"de": "X"}, "groups": [
			{"group": "g", "label": {"de": "G"}`+repeat+`, "items": [{"field": "a", "type": "text", "label": {"de": "A"}}]}]}`)
	}
	single, many := one("1", ""), one("2", `, "repeat": {"max": 9}`)
	if m := Changes(single, many, record.Values{"g/a": "x"}, monday); !m.Same() || m.Values["g[1]/a"] != "x" {
		t.Errorf("into a row: %+v", m)
	}
	m := Changes(many, single, record.Values{"g[1]/a": "x", "g[2]/a": "y", "g[10]/a": "kein Platz"}, monday)
	if m.Values["g/a"] != "x" || len(m.Lost) != 1 || m.Lost[0].Path != "g[2]/a" || m.Lost[0].Why != LossRow {
		t.Errorf("out of rows: %+v", m)
	}
}

// Whatever the two versions are: every answer carries over or is named as lost, the new version has a place
// for all that carries over, and a version changes nothing against itself.
func TestChangesLosesNothingUnnamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, file := drawFile(t)
		from := parseFile(t, file)
		alter(t, file)
		to := parseFile(t, file)
		s := from.Begin(nil, monday)
		for range rapid.IntRange(0, 25).Draw(t, "acts") {
			act(t, s)
		}
		values := s.Draft()
		if m := Changes(from, from, values, monday); !m.Same() {
			t.Fatalf("against itself: %+v", m)
		}
		m := Changes(from, to, values, monday)
		lost := map[string]string{}
		for _, l := range m.Lost {
			lost[l.Path] = l.Value
		}
		for path, v := range values {
			f := from.Field(path)
			if f == nil || f.calc {
				continue
			}
			kept, gone := m.Values[path], lost[path]
			for part := range strings.SplitSeq(v, "\n") {
				if part != "" && !slices.Contains(strings.Split(kept, "\n"), part) && !slices.Contains(strings.Split(gone, "\n"), part) && !carriedElsewhere(m, path, part) {
					t.Fatalf("%s: %q neither carries over (%q) nor is lost (%q)", path, v, kept, gone)
				}
			}
		}
		if orphans := to.Begin(m.Values, monday).Orphans(); len(orphans) > len(s.Orphans()) {
			t.Fatalf("carried over to nowhere: %v", orphans)
		}
	})
}

// carriedElsewhere finds an answer in the other writing of its path, with or without row 1.
func carriedElsewhere(m Migration, path, part string) bool {
	for p, v := range m.Values {
		if DefinitionPath(p) == DefinitionPath(path) && slices.Contains(strings.Split(v, "\n"), part) {
			return true
		}
	}
	return false
}

func parseFile(t *rapid.T, file obj) *Form {
	b, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	if err != nil {
		t.Skip("the altered form does not load")
	}
	return f
}

// alter makes another version of a form: fields go, come, or take another type.
func alter(t *rapid.T, file obj) {
	file["version"] = "2"
	if rapid.Bool().Draw(t, "no rules") {
		file["rules"] = []any{}
		file["proofs"] = []any{obj{"proof": "q", "label": tr("Q")}}
	}
	var walk func(items []any) []any
	walk = func(items []any) []any {
		var out []any
		for _, it := range items {
			o := it.(obj)
			if inner, ok := o["items"].([]any); ok {
				o["items"] = walk(inner)
				if rapid.IntRange(0, 9).Draw(t, "repeats") == 0 {
					delete(o, "repeat")
				}
				out = append(out, o)
				continue
			}
			switch rapid.IntRange(0, 9).Draw(t, "fate") {
			case 0:
				continue
			case 1:
				o = maps.Clone(o)
				o["type"] = rapid.SampledFrom([]Type{TypeText, TypeInteger, TypeDate}).Draw(t, "to")
				delete(o, "choices")
				delete(o, "min")
				delete(o, "max")
			case 2:
				if c, ok := o["choices"].([]any); ok {
					o = maps.Clone(o)
					o["choices"] = c[:1]
				}
			}
			out = append(out, o)
		}
		if len(out) == 0 {
			out = items[:1]
		}
		return out
	}
	for _, g := range file["groups"].([]any) {
		o := g.(obj)
		o["items"] = walk(o["items"].([]any))
	}
}
