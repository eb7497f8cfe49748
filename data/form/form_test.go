package form

import (
	"slices"
	"testing"
	"time"

	"schalter/data/record"
)

var monday = time.Date(2026, 11, 23, 10, 44, 0, 0, time.FixedZone("CET", 3600))

const small = `{
  "format": "schalter-form/1", "id": "klein", "version": "1.0.0", "languages": ["de"],
  "title": {"de": "Klein"},
  "groups": [
    {"group": "a", "label": {"de": "A"}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Name"}, "required": true},
      {"field": "hund", "type": "boolean", "label": {"de": "Hund"}},
      {"field": "chip", "type": "chip", "label": {"de": "Chip"}, "required": true},
      {"field": "preis", "type": "money", "label": {"de": "Preis"}},
      {"field": "steuer", "type": "money", "label": {"de": "Steuer"}}
    ]},
    {"group": "stand", "label": {"de": "Stand"}, "repeat": {"min": 1, "max": 5}, "items": [
      {"field": "breite", "type": "decimal", "label": {"de": "Breite"}},
      {"field": "tiefe", "type": "decimal", "label": {"de": "Tiefe"}},
      {"field": "flaeche", "type": "decimal", "label": {"de": "Fläche"}},
      {"field": "ware", "type": "text", "label": {"de": "Ware"}, "repeat": {"max": 3}, "default": "Obst"}
    ]},
    {"group": "summe", "label": {"de": "Summe"}, "items": [
      {"field": "flaeche", "type": "decimal", "label": {"de": "Fläche"}},
      {"field": "waren", "type": "integer", "label": {"de": "Waren"}},
      {"field": "zahl", "type": "integer", "label": {"de": "Zahl"}}
    ]}
  ],
  "proofs": [{"proof": "vertrag", "label": {"de": "Vertrag"}}],
  "rules": [
    {"rule": "chip-zeigen", "do": "show", "on": ["a/chip"], "when": {"field": "a/hund"}},
    {"rule": "steuer", "do": "calculate", "on": ["a/steuer"], "value": {"mul": [{"field": "a/preis"}, 0.19]}},
    {"rule": "vertrag", "do": "require", "on": ["proof:vertrag"], "when": {"not": {"empty": {"field": "a/chip"}}}},
    {"rule": "flaeche", "do": "calculate", "on": ["stand/flaeche"], "value": {"mul": [{"field": "stand/breite"}, {"field": "stand/tiefe"}]}},
    {"rule": "ganze", "do": "calculate", "on": ["summe/flaeche"], "value": {"sum": {"field": "stand/flaeche"}}},
    {"rule": "waren", "do": "calculate", "on": ["summe/waren"], "value": {"count": {"field": "stand/ware"}}},
    {"rule": "zahl", "do": "calculate", "on": ["summe/zahl"], "value": {"rows": "stand"}},
    {"rule": "gross", "do": "warn", "on": ["stand/flaeche"], "when": {"gt": [{"field": "stand/flaeche"}, 20]}, "text": {"de": "Der Stand ist groß."}}
  ]
}`

func parse(t testing.TB, s string) *Form {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return f
}

func TestShowRequireCalculate(t *testing.T) {
	s := parse(t, small).Begin(nil, monday)
	if s.State("a/chip").Visible || len(s.Problems()) != 1 {
		t.Fatalf("new form: %+v %v", s.State("a/chip"), s.Problems())
	}
	e := s.Set("a/hund", "ja")
	if !slices.Equal(e.Changed, []string{"a/hund", "a/chip"}) {
		t.Errorf("changed %v", e.Changed)
	}
	s.Set("a/chip", "276 0981 0412 334")
	p := s.State("a/chip").Problems
	if len(p) != 1 || p[0].Text("de") != "Die Nummer hat 15 Ziffern; hier sind es 14." {
		t.Fatalf("problems %v", p)
	}
	e = s.Set("a/chip", "276098104123344")
	if s.State("a/chip").Value != "276098104123344" || !s.Proofs()[0].Required || !slices.Contains(e.Changed, "proof:vertrag") {
		t.Errorf("chip %+v proofs %+v changed %v", s.State("a/chip"), s.Proofs(), e.Changed)
	}
	s.Set("a/preis", "1.000")
	if got := s.State("a/steuer"); got.Value != "190.00" || !got.ReadOnly {
		t.Errorf("steuer %+v", got)
	}
	s.Set("a/hund", "nein")
	if _, in := s.Values()["a/chip"]; in || s.Draft()["a/chip"] == "" || s.Proofs()[0].Required {
		t.Errorf("a hidden answer counts, or was lost: %v %v", s.Values(), s.Draft())
	}
}

func TestRows(t *testing.T) {
	s := parse(t, small).Begin(nil, monday)
	if s.Rows("stand") != 1 {
		t.Fatalf("%d rows", s.Rows("stand"))
	}
	if e := s.AddRow("stand"); !e.Rows || s.Rows("stand") != 2 {
		t.Fatalf("added: %+v", e)
	}
	for p, v := range map[string]string{"stand[1]/breite": "2", "stand[1]/tiefe": "1,5", "stand[2]/breite": "10", "stand[2]/tiefe": "3"} {
		s.Set(p, v)
	}
	s.AddRow("stand[2]/ware")
	if s.State("stand[2]/ware[1]").Value != "Obst" {
		t.Errorf("default of a new row: %+v", s.State("stand[2]/ware[1]"))
	}
	if got := s.State("summe/flaeche").Value; got != "33" {
		t.Errorf("sum %q", got)
	}
	if s.State("summe/waren").Value != "1" || s.State("summe/zahl").Value != "2" {
		t.Errorf("count %v rows %v", s.State("summe/waren"), s.State("summe/zahl"))
	}
	p := s.State("stand[2]/flaeche").Problems
	if len(p) != 1 || p[0].Severity != SeverityWarning || p[0].Rule != "gross@stand[2]/flaeche" {
		t.Fatalf("warning %+v", p)
	}
	s.Override(p[0].Rule, "Festplatz")
	if q := s.State("stand[2]/flaeche").Problems[0]; q.Open() {
		t.Errorf("still open: %+v", q)
	}
	s.RemoveRow("stand", 1)
	if s.State("stand[1]/flaeche").Value != "30" || s.State("summe/flaeche").Value != "30" || s.State("stand[1]/flaeche").Problems[0].Reason != "Festplatz" {
		t.Errorf("after removing: %v %v", s.Values(), s.Problems())
	}
	s.AddRow("stand")
	s.MoveRow("stand", 1, 2)
	if s.State("stand[2]/flaeche").Value != "30" || s.State("stand[2]/ware[1]").Value != "Obst" {
		t.Errorf("after moving: %v", s.Draft())
	}
	again := s.form.Begin(s.Draft(), monday)
	if again.Rows("stand") != 2 || again.State("summe/flaeche").Value != "30" {
		t.Errorf("after storing: %v", again.Values())
	}
}

func TestDraftKeepsWhatIsWrong(t *testing.T) {
	f := parse(t, small)
	s := f.Begin(record.Values{"a/chip": "12", "weg/feld": "x", "stand[9]/breite": "1"}, monday)
	d := s.Draft()
	if d["a/chip"] != "12" || d["weg/feld"] != "x" || d["stand[9]/breite"] != "1" || len(s.Orphans()) != 2 {
		t.Errorf("lost something: %v", d)
	}
}
