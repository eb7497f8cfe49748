package form

import (
	"fmt"
	"strings"
	"testing"
)

// computed gives the canonical result of an expression in a field of the type, with the base's fields filled.
func computed(t *testing.T, typ, expr string, typed map[string]string) string {
	t.Helper()
	more := ""
	if typ == "choice" {
		more = `, "choices": [{"code": "a", "label": {"de": "A"}}]`
	}
	f := parse(t, base("", `, {"field": "f", "label": {"de": "F"}, "type": "`+typ+`"`+more+`}, {"field": "viele", "label": {"de": "V"}, "type": "multichoice", "choices": [{"code": "x", "label": {"de": "X"}}, {"code": "y", "label": {"de": "Y"}}]}`,
		rule("calculate", "g/f", "value", expr)))
	s := f.Begin(nil, monday)
	for p, v := range typed {
		if strings.HasPrefix(p, "r[") && s.byPath[p] == nil {
			for s.byPath[p] == nil {
				s.AddRow("r")
			}
		}
		s.Set(p, v)
	}
	return s.State("g/f").Value
}

func TestOperators(t *testing.T) {
	in := map[string]string{
		"g/text": "Balu", "g/zahl": "7", "g/tag": "29.2.2024", "g/ja": "ja", "g/viele": "x; y", "r[1]/n": "2", "r[2]/n": "3", "r[3]/m": "4",
	}
	for _, c := range []struct{ typ, expr, want string }{
		{"boolean", `{"and": [{"field": "g/ja"}, true]}`, "true"},
		{"boolean", `{"and": [{"field": "g/ja"}, {"equal": [{"field": "g/wahl"}, "a"]}]}`, ""}, // open
		{"boolean", `{"and": [false, {"equal": [{"field": "g/wahl"}, "a"]}]}`, "false"},
		{"boolean", `{"or": [true, {"equal": [{"field": "g/wahl"}, "a"]}]}`, "true"},
		{"boolean", `{"or": [false, {"equal": [{"field": "g/wahl"}, "a"]}]}`, ""},
		{"boolean", `{"not": {"equal": [{"field": "g/wahl"}, "a"]}}`, ""},
		{"boolean", `{"xor": [{"field": "g/ja"}, true]}`, "false"},
		{"boolean", `{"equal": [{"field": "g/text"}, "Balu"]}`, "true"},
		{"boolean", `{"equal": [{"field": "g/zahl"}, 7.0]}`, "true"},
		{"boolean", `{"lt": [{"field": "g/zahl"}, 7]}`, "false"},
		{"boolean", `{"le": [{"field": "g/zahl"}, 7]}`, "true"},
		{"boolean", `{"gt": [{"field": "g/tag"}, {"date": "2024-02-28"}]}`, "true"},
		{"boolean", `{"ge": [{"time": "08:30"}, {"now": []}]}`, "false"},
		{"boolean", `{"in": [{"field": "g/zahl"}, [1, 7]]}`, "true"},
		{"boolean", `{"in": [{"field": "g/wahl"}, ["a"]]}`, ""},
		{"boolean", `{"in": ["y", {"field": "g/viele"}]}`, "true"},
		{"boolean", `{"in": [3, {"field": "r/n"}]}`, "true"},
		{"boolean", `{"in": [9, {"field": "r/n"}]}`, "false"},
		{"boolean", `{"empty": {"field": "g/wahl"}}`, "true"},
		{"boolean", `{"empty": {"field": "r/n"}}`, "false"},
		{"boolean", `{"matches": [{"field": "g/text"}, "(?i)BAL."]}`, "true"},
		{"boolean", `{"matches": [{"field": "g/text"}, "al"]}`, "false"}, // the whole text
		{"integer", `{"count": {"field": "g/viele"}}`, "2"},
		{"integer", `{"count": {"field": "r/n"}}`, "2"},
		{"integer", `{"rows": "r"}`, "3"},
		{"integer", `{"sum": {"field": "r/n"}}`, "5"},
		{"integer", `{"sum": [{"field": "r/n"}, {"field": "r/m"}, 1]}`, "10"},
		{"integer", `{"sum": []}`, "refused"},
		{"integer", `{"min": [{"field": "r/n"}, 9]}`, "2"},
		{"integer", `{"max": {"field": "r/n"}}`, "3"},
		{"integer", `{"length": "Größe"}`, "5"},
		{"decimal", `{"sub": [{"field": "g/zahl"}, 0.25]}`, "6.75"},
		{"decimal", `{"div": [{"field": "g/zahl"}, 3]}`, "2.33"},
		{"decimal", `{"div": [{"field": "g/zahl"}, 0]}`, ""},
		{"money", `{"mul": [{"field": "g/zahl"}, 0.005]}`, "0.04"}, // commercial rounding
		{"integer", `{"round": [{"div": [{"field": "g/zahl"}, 2]}, 0]}`, "4"},
		{"integer", `{"floor": {"div": [{"field": "g/zahl"}, 2]}}`, "3"},
		{"integer", `{"ceil": {"div": [{"field": "g/zahl"}, 2]}}`, "4"},
		{"money", `{"mul": [99999999, 99999999]}`, ""}, // larger than any amount
		{"integer", `{"age": {"field": "g/tag"}}`, "2"},
		{"integer", `{"age": [{"field": "g/tag"}, {"date": "2025-02-28"}]}`, "0"}, // completed with the end of 28 February
		{"integer", `{"age": [{"field": "g/tag"}, {"date": "2025-03-01"}]}`, "1"},
		{"integer", `{"age": [{"field": "g/tag"}, {"date": "2020-01-01"}]}`, ""},
		{"date", `{"today": []}`, "2026-11-23"},
		{"date", `{"date_add": [{"field": "g/tag"}, 1, "years"]}`, "2025-02-28"},
		{"date", `{"date_add": [{"date": "2026-01-31"}, 1, "months"]}`, "2026-02-28"},
		{"date", `{"date_add": [{"date": "2026-03-31"}, -13, "months"]}`, "2025-02-28"},
		{"date", `{"date_add": [{"date": "2026-01-31"}, 1, "days"]}`, "2026-02-01"},
		{"date", `{"date_add": [{"date": "2026-01-31"}, 999999999, "days"]}`, ""},
		{"integer", `{"date_diff": [{"date": "2026-01-31"}, {"date": "2026-02-28"}, "months"]}`, "0"},
		{"integer", `{"date_diff": [{"date": "2026-01-31"}, {"date": "2026-03-31"}, "days"]}`, "59"},
		{"integer", `{"date_diff": [{"date": "2026-03-31"}, {"date": "2024-03-30"}, "years"]}`, "-2"},
		{"integer", `{"date_part": [{"today": []}, "weekday"]}`, "1"},
		{"integer", `{"date_part": [{"today": []}, "year"]}`, "2026"},
		{"integer", `{"date_part": [{"today": []}, "month"]}`, "11"},
		{"integer", `{"date_part": [{"today": []}, "day"]}`, "23"},
		{"month", `{"field": "g/tag"}`, "2024-02"},
		{"time", `{"now": []}`, "10:44"},
		{"text", `{"concat": [{"field": "g/text"}, " ", {"field": "g/zahl"}, {"field": "g/wahl"}]}`, "Balu 7"},
		{"text", `{"if": [{"field": "g/ja"}, "x", "y"]}`, "x"},
		{"text", `{"if": [{"equal": [{"field": "g/wahl"}, "a"]}, "x", "y"]}`, ""},
		{"text", `{"coalesce": [{"field": "g/wahl"}, {"field": "g/text"}]}`, "Balu"},
		{"integer", `{"mod": [{"field": "g/zahl"}, 3]}`, "1"},
		{"integer", `{"add": [{"field": "g/zahl"}, 3, 4]}`, "14"},
		{"integer", `{"add": [{"field": "r[2]/m"}, 3]}`, "refused"},
		{"integer", `{"add": [{"div": [1, 0]}, 3]}`, ""}, // sum leaves out what is open
		{"integer", `{"sum": [{"div": [1, 0]}, 3]}`, "3"},
		{"integer", `{"mod": [-7, 3]}`, "-1"}, // as XPath has it: the sign of the first
		{"integer", `{"mod": [{"field": "g/zahl"}, 0]}`, ""},
		{"integer", `{"pow": [2, 10]}`, "1024"},
		{"decimal", `{"pow": [2, -2]}`, "0.25"},
		{"decimal", `{"pow": [0, -1]}`, ""},
		{"decimal", `{"pow": [2, 0.5]}`, ""},
		{"decimal", `{"pow": [99999, 100]}`, ""},
		{"integer", `{"abs": -3}`, "3"},
		{"integer", `{"trunc": -3.7}`, "-3"},
		{"decimal", `{"number": "12.5"}`, "12.5"},
		{"decimal", `{"number": {"field": "g/text"}}`, ""},
		{"integer", `{"answered": [{"field": "g/text"}, {"field": "g/wahl"}, {"field": "r/n"}]}`, "2"},
		{"boolean", `{"contains": [{"field": "g/text"}, "al"]}`, "true"},
		{"boolean", `{"starts": [{"field": "g/text"}, "al"]}`, "false"},
		{"boolean", `{"ends": [{"field": "g/text"}, "lu"]}`, "true"},
		{"text", `{"substr": ["Größe", 1, 4]}`, "röß"},
		{"text", `{"substr": ["Größe", 3]}`, "ße"},
		{"text", `{"substr": ["Größe", 4, 2]}`, ""},
		{"text", `{"substr": ["Größe", -1, 99]}`, "Größe"},
		{"text", `{"upper": "grün"}`, "GRÜN"},
		{"text", `{"lower": "GRÜN"}`, "grün"},
		{"text", `{"join": [{"field": "r/n"}, "+"]}`, "2+3"},
		{"text", `{"join": [{"field": "g/viele"}, ", "]}`, "x, y"},
		{"text", `{"label": {"field": "g/wahl"}}`, ""},
		{"choice", `"a"`, "a"},
		{"choice", `"z"`, ""},
	} {
		if c.want == "refused" {
			if _, err := Parse([]byte(base("", field(`"type": "`+c.typ+`"`), rule("calculate", "g/f", "value", c.expr)))); err == nil {
				t.Errorf("%s loads", c.expr)
			}
			continue
		}
		if got := computed(t, c.typ, c.expr, in); got != c.want {
			t.Errorf("%s: %q, want %q", c.expr, got, c.want)
		}
	}
}

// A rule in a row knows which row it is in, also after rows moved, and the label of what was chosen there.
func TestRowAndLabel(t *testing.T) {
	f := parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [
		{"group": "r", "label": {"de": "R"}, "repeat": {"min": 3}, "items": [
			{"field": "w", "type": "choice", "label": {"de": "W"}, "choices": [{"code": "a", "label": {"de": "Apfel"}}, {"code": "b", "label": {"de": "Birne"}}]},
			{"field": "t", "type": "text", "label": {"de": "T"}}]}],
		"rules": [{"rule": "t", "do": "calculate", "on": ["r/t"], "value": {"concat": [{"row": "r"}, ". ", {"label": {"field": "r/w"}}]}}]}`)
	s := f.Begin(nil, monday)
	s.Set("r[1]/w", "a")
	s.Set("r[3]/w", "b")
	s.MoveRow("r", 3, 1)
	for path, want := range map[string]string{"r[1]/t": "1. Birne", "r[2]/t": "2. Apfel", "r[3]/t": "3."} {
		if got := s.State(path).Value; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// A rule that asks for an answer may say so in its own words.
func TestRequiredInOwnWords(t *testing.T) {
	f := parse(t, base("", field(`"type": "text", "required": true`), `, "rules": [{"rule": "r", "do": "require", "on": ["g/f"], "when": true, "text": {"de": "Ohne das geht es nicht."}}]`))
	s := f.Begin(nil, monday)
	p := s.State("g/f").Problems
	if len(p) != 1 || !p[0].Missing() || p[0].Text("de") != "Ohne das geht es nicht." {
		t.Errorf("%+v", p)
	}
	s.Set("g/f", "x")
	if p := s.State("g/f").Problems; len(p) > 0 {
		t.Errorf("%+v", p)
	}
}

// Numbers cannot be made to grow without end.
func TestGrowthIsBounded(t *testing.T) {
	var items, rules []string
	for i := range 60 {
		items = append(items, fmt.Sprintf(`{"field": "f%d", "type": "decimal", "label": {"de": "F"}}`, i))
		if i > 0 {
			rules = append(rules, fmt.Sprintf(`{"rule": "r%d", "do": "calculate", "on": ["g/f%d"], "value": {"mul": [{"field": "g/f%d"}, {"field": "g/f%d"}]}}`, i, i, i-1, i-1))
		}
	}
	x := `{"field": "g/f0"}`
	for range 12 {
		x = `{"mul": [` + x + `, {"field": "g/f0"}, 0.333333]}`
	}
	f := parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "g", "label": {"de": "G"}, "items": [`+
		strings.Join(items, ",")+`, {"field": "x", "type": "decimal", "label": {"de": "X"}}]}], "rules": [`+strings.Join(rules, ",")+`, {"rule": "x", "do": "calculate", "on": ["g/x"], "value": `+x+`}]}`)
	s := f.Begin(nil, monday)
	s.Set("g/f0", "99999")
	if got := s.State("g/f59").Value; got != "" {
		t.Errorf("%q", got)
	}
}

// A key stroke computes what depends on it and nothing else, each rule once.
func TestOnlyDependantsAreComputed(t *testing.T) {
	s := parse(t, small).Begin(nil, monday)
	s.AddRow("stand")
	for _, c := range []struct {
		path, typed string
		want        int
	}{
		{"a/name", "Weber", 0},
		{"a/preis", "10", 1},
		{"a/preis", "10,00", 0},          // typed otherwise, the same answer
		{"a/hund", "ja", 1},              // the chip is shown; it is empty, so the proof need not know
		{"a/chip", "276098104123344", 1}, // the proof
		{"stand[1]/breite", "2", 1},      // the product stays open
		{"stand[1]/tiefe", "3", 3},       // product, its warning, the sum; not the other row
		{"stand[2]/breite", "1", 1},
	} {
		if e := s.Set(c.path, c.typed); e.Evaluated != c.want {
			t.Errorf("%s = %s: %d rules computed, want %d (changed %v)", c.path, c.typed, e.Evaluated, c.want, e.Changed)
		}
	}
}

// A chain in the worst file order, with a diamond, is computed once each.
func TestDiamondIsComputedOnce(t *testing.T) {
	f := parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "g", "label": {"de": "G"}, "items": [
		{"field": "d", "type": "integer", "label": {"de": "D"}, "max": "100"}, {"field": "c", "type": "integer", "label": {"de": "C"}},
		{"field": "b", "type": "integer", "label": {"de": "B"}}, {"field": "a", "type": "integer", "label": {"de": "A"}}]}],
		"rules": [{"rule": "d", "do": "calculate", "on": ["g/d"], "value": {"sum": [{"field": "g/b"}, {"field": "g/c"}, {"field": "g/a"}]}},
			{"rule": "c", "do": "calculate", "on": ["g/c"], "value": {"sum": [{"field": "g/b"}, 1]}}, {"rule": "b", "do": "calculate", "on": ["g/b"], "value": {"mul": [{"field": "g/a"}, 2]}}]}`)
	s := f.Begin(nil, monday)
	if e := s.Set("g/a", "3"); e.Evaluated != 3 || s.State("g/d").Value != "16" || strings.Join(e.Changed, " ") != "g/d g/c g/b g/a" {
		t.Errorf("%+v %v", e, s.Values())
	}
	s.Set("g/a", "30") // what a rule computes is held against the field's own limit as well
	if p := s.State("g/d").Problems; len(p) != 1 || p[0].Text("de") != "Bitte höchstens 100 eingeben." {
		t.Errorf("a calculated answer above its limit: %v", p)
	}
}

// An internal field is computed, read and stored, and nobody sees it.
func TestInternalField(t *testing.T) {
	f := parse(t, base("", field(`"type": "integer", "internal": true, "max": "3"`)+`, {"field": "x", "type": "integer", "label": {"de": "X"}}`,
		`, "rules": [{"rule": "f", "do": "calculate", "on": ["g/f"], "value": {"sum": [{"field": "g/zahl"}, 1]}}, {"rule": "x", "do": "calculate", "on": ["g/x"], "value": {"mul": [{"field": "g/f"}, 2]}}]`))
	s := f.Begin(nil, monday)
	e := s.Set("g/zahl", "4")
	if s.State("g/f").Visible || len(s.Problems()) > 0 || s.State("g/x").Value != "10" || s.Values()["g/f"] != "5" || strings.Join(e.Changed, " ") != "g/zahl g/x" {
		t.Errorf("%+v %v %v", s.State("g/f"), e, s.Values())
	}
	for _, p := range s.Places() {
		if p.Path == "g/f" {
			t.Error("the page has a place for it")
		}
	}
}

// Repeats in repeats: a rule sees its own row, and all rows of what repeats inside or elsewhere.
func TestRowsInRows(t *testing.T) {
	f := parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [
		{"group": "stand", "label": {"de": "S"}, "repeat": {"min": 2, "max": 4}, "items": [
			{"field": "art", "type": "choice", "label": {"de": "A"}, "choices": [{"code": "essen", "label": {"de": "Essen"}}, {"code": "ware", "label": {"de": "Ware"}}]},
			{"group": "geraet", "label": {"de": "G"}, "repeat": {"min": 1}, "items": [
				{"field": "watt", "type": "integer", "label": {"de": "W"}}, {"field": "gas", "type": "boolean", "label": {"de": "G"}}, {"field": "flaschen", "type": "integer", "label": {"de": "F"}, "required": true}]},
			{"field": "summe", "type": "integer", "label": {"de": "Σ"}}, {"field": "anteil", "type": "decimal", "label": {"de": "%"}}, {"field": "nummer", "type": "integer", "label": {"de": "n"}}]},
		{"group": "ende", "label": {"de": "E"}, "items": [{"field": "watt", "type": "integer", "label": {"de": "W"}}]}],
		"rules": [
			{"rule": "geraete", "do": "show", "on": ["stand/geraet"], "when": {"equal": [{"field": "stand/art"}, "essen"]}},
			{"rule": "flaschen", "do": "show", "on": ["stand/geraet/flaschen"], "when": {"field": "stand/geraet/gas"}},
			{"rule": "summe", "do": "calculate", "on": ["stand/summe"], "value": {"sum": {"field": "stand/geraet/watt"}}},
			{"rule": "anteil", "do": "calculate", "on": ["stand/anteil"], "value": {"div": [{"field": "stand/summe"}, {"field": "ende/watt"}]}},
			{"rule": "staende", "do": "calculate", "on": ["stand/nummer"], "value": {"rows": "stand"}},
			{"rule": "alles", "do": "calculate", "on": ["ende/watt"], "value": {"sum": {"field": "stand/geraet/watt"}}}]}`)
	s := f.Begin(nil, monday)
	rowsInRows(t, s)
}

func rowsInRows(t *testing.T, s *Session) {
	t.Helper()
	s.Set("stand[1]/art", "Essen")
	s.Set("stand[2]/art", "Essen")
	s.AddRow("stand[2]/geraet")
	s.Set("stand[1]/geraet[1]/watt", "1000")
	s.Set("stand[2]/geraet[1]/watt", "500")
	s.Set("stand[2]/geraet[2]/watt", "2500")
	want := func(path, value string) {
		t.Helper()
		if got := s.State(path).Value; got != value {
			t.Errorf("%s: %q, want %q", path, got, value)
		}
	}
	want("stand[1]/summe", "1000")
	want("stand[2]/summe", "3000")
	want("ende/watt", "4000")
	want("stand[2]/anteil", "0.75")
	want("stand[1]/nummer", "2")
	s.Set("stand[2]/geraet[2]/gas", "ja")
	if s.State("stand[2]/geraet[1]/flaschen").Visible || !s.State("stand[2]/geraet[2]/flaschen").Visible {
		t.Error("a condition in a row shows another row's field")
	}
	if p := s.Problems(); len(p) != 1 || p[0].Path != "stand[2]/geraet[2]/flaschen" || !p[0].Missing() {
		t.Errorf("problems %v", p)
	}
	s.Set("stand[2]/art", "Ware") // hides both rows of devices
	want("stand[2]/summe", "0")
	want("ende/watt", "1000")
	if s.Group("stand[2]/geraet").Visible || s.Group("stand[2]/geraet[1]").Visible || !s.Group("stand[1]/geraet[1]").Visible || len(s.Problems()) > 0 {
		t.Error("a hidden repeat shows or complains")
	}
	s.AddRow("stand")
	want("stand[1]/nummer", "3")
	s.MoveRow("stand", 2, 1)
	s.Set("stand[1]/art", "Essen")
	want("stand[1]/summe", "3000")
	want("stand[2]/summe", "1000")
	if s.Rows("stand[1]/geraet") != 2 || s.Rows("stand[2]/geraet") != 1 {
		t.Error("rows did not move along")
	}
	if e := s.AddRow("stand"); !e.Rows || s.AddRow("stand").Rows || s.Rows("stand") != 4 {
		t.Error("more rows than the form allows")
	}
	s.RemoveRow("stand", 1)
	s.RemoveRow("stand", 1)
	if s.RemoveRow("stand", 1); s.Rows("stand") != 2 {
		t.Errorf("fewer rows than the form always has: %d", s.Rows("stand"))
	}
}

func TestNarrowedChoices(t *testing.T) {
	f := parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "lists": {"orte": {"urn": "urn:de:orte", "version": "1", "choices": [
			{"code": "1", "label": {"de": "Bauschheim"}, "within": "r"}, {"code": "2", "label": {"de": "Königstädten"}, "within": "r"},
			{"code": "3", "label": {"de": "Neustadt"}, "within": "m"}, {"code": "4", "label": {"de": "Anderswo"}}]}},
		"groups": [{"group": "g", "label": {"de": "G"}, "items": [
			{"field": "stadt", "type": "choice", "label": {"de": "S"}, "choices": [{"code": "r", "label": {"de": "R"}}, {"code": "m", "label": {"de": "M"}}]},
			{"field": "ort", "type": "choice", "label": {"de": "O"}, "list": "orte", "within": "g/stadt"}]}]}`)
	s := f.Begin(nil, monday)
	s.Set("g/stadt", "R")
	names := func(c []Choice) (out string) {
		for _, x := range c {
			out += x.Code
		}
		return out
	}
	if got := names(s.Choices("g/ort")); got != "124" {
		t.Errorf("offered %s", got)
	}
	if got := names(s.Match("g/ort", "konig", 5)); got != "2" {
		t.Errorf("found %s", got)
	}
	s.Set("g/ort", "Königst")
	if st := s.State("g/ort"); st.Value != "2" || len(st.Problems) > 0 {
		t.Errorf("%+v", st)
	}
	e := s.Set("g/stadt", "M")
	if st := s.State("g/ort"); len(st.Problems) != 1 || st.Problems[0].Text("de") != "„Königstädten“ passt nicht zur Auswahl davor. Bitte neu wählen." || len(e.Changed) != 2 {
		t.Errorf("%+v %v", st, e)
	}
}
