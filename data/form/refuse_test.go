package form

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"schalter/data/record"
)

// base is a good form with places to put something wrong into.
func base(head, items, more string) string {
	return `{"format": "schalter-form/1", "id": "x", "version": "1.0", "languages": ["de"], "title": {"de": "X"}` + head + `,
		"groups": [{"group": "g", "label": {"de": "G"}, "items": [
			{"field": "text", "type": "text", "label": {"de": "T"}}, {"field": "zahl", "type": "integer", "label": {"de": "Z"}},
			{"field": "tag", "type": "date", "label": {"de": "D"}}, {"field": "ja", "type": "boolean", "label": {"de": "B"}},
			{"field": "wahl", "type": "choice", "label": {"de": "W"}, "choices": [{"code": "a", "label": {"de": "A"}}]},
			{"field": "hinweis", "type": "note", "label": {"de": "N"}}` + items + `]},
			{"group": "r", "label": {"de": "R"}, "repeat": {"max": 3}, "items": [{"field": "n", "type": "integer", "label": {"de": "N"}}, {"field": "m", "type": "integer", "label": {"de": "M"}}]}],
		"proofs": [{"proof": "p", "label": {"de": "P"}}]` + more + `}`
}

func field(s string) string { return `, {"field": "f", "label": {"de": "F"}, ` + s + `}` }

func rule(do, on, key, expr string) string {
	text := ""
	if do == "valid" || do == "warn" {
		text = `"text": {"de": "Satz."}, `
	}
	return `, "rules": [{"rule": "r1", "do": "` + do + `", "on": ["` + on + `"], ` + text + `"` + key + `": ` + expr + `}]`
}

func show(expr string) string { return rule("show", "g/text", "when", expr) }

func TestRefusals(t *testing.T) {
	if _, err := Parse([]byte(base("", "", ""))); err != nil {
		t.Fatalf("the base itself: %v", err)
	}
	for i, c := range []struct{ form, path, reason string }{
		// the file
		{``, "/", "not JSON"},
		{`[]`, "/", "expected an object"},
		{`{"format": "schalter-form/1"`, "/", "not JSON"},
		{base("", "", "") + "x", "/", "behind the end"},
		{strings.Repeat("[", 200), "/0/0", "nested too deeply"},
		{`{"format": "schalter-form/2"}`, "/format", "schalter-form/1"},
		{`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}}`, "/", `the key "groups" is missing`},
		{`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": []}`, "/groups", "at least one group"},
		{base(`, "farbe": 1`, "", ""), "/farbe", `unknown key "farbe"`},
		{base(`, "id": "y"`, "", ""), "/id", "twice"},
		{base(`, "help": "nur Text"`, "", ""), "/help", "text by language"},
		{base(`, "help": {"en": "x"}`, "", ""), "/help/en", `does not name the language "en"`},
		{base(`, "help": {"de": " "}`, "", ""), "/help", "missing in the language"},
		{strings.Replace(base("", "", ""), `["de"]`, `["en", "de"]`, 1), "/languages", `first language is "de"`},
		{strings.Replace(base("", "", ""), `"1.0"`, `"1.0-beta"`, 1), "/version", "numbers and dots"},
		{strings.Replace(base("", "", ""), `"id": "x"`, `"id": "../x"`, 1), "/id", "is not a name"},
		{base(`, "roles": {"party.king": "g/text"}`, "", ""), "/roles/party.king", "unknown role"},
		{base(`, "roles": {"subject": "g/weg"}`, "", ""), "/roles/subject", `no field "g/weg"`},
		{base(`, "roles": {"subject": "r/n"}`, "", ""), "/roles/subject", "repeats"},
		{base(`, "roles": {"booking.day": "g/text"}`, "", ""), "/roles/booking.day", "needs a field of the type date"},
		{base("", "", `, "proofs": []`), "/proofs", "twice"},
		{strings.Replace(base("", "", ""), `[{"proof": "p", "label": {"de": "P"}}]`, `[{"proof": "p", "label": {"de": "P"}}, {"proof": "p", "label": {"de": "P"}}]`, 1), "/proofs/1", "second time"},
		// fields
		{base("", `, {"field": "text", "type": "text", "label": {"de": "F"}}`, ""), "/groups/0/items/6", `"g/text" stands here for the second time`},
		{base("", field(`"type": "zahl"`), ""), "/groups/0/items/6", `unknown type "zahl"`},
		{base("", field(`"type": "text", "breite": 3`), ""), "/groups/0/items/6/breite", `unknown key "breite"`},
		{base("", field(`"type": "text", "width": 13`), ""), "/groups/0/items/6/width", "from 1 to 12"},
		{base("", field(`"type": "text", "width": 1.5`), ""), "/groups/0/items/6/width", "whole number"},
		{base("", field(`"type": "text", "width": 1e3`), ""), "/groups/0/items/6/width", "without an exponent"},
		{base("", field(`"type": "text", "required": "ja"`), ""), "/groups/0/items/6/required", "true or false"},
		{base("", field(`"type": "text", "pattern": "(", "pattern_text": {"de": "x"}`), ""), "/groups/0/items/6/pattern", "missing closing"},
		{base("", field(`"type": "text", "pattern": "a"`), ""), "/groups/0/items/6", "pattern_text"},
		{base("", field(`"type": "integer", "pattern": "a", "pattern_text": {"de": "x"}`), ""), "/groups/0/items/6/pattern", "only text"},
		{base("", field(`"type": "text", "min": "3"`), ""), "/groups/0/items/6/min", "no limit for the type"},
		{base("", field(`"type": "date", "min": "1.2.2026"`), ""), "/groups/0/items/6/min", "no limit for the type"},
		{base("", field(`"type": "date", "max": "today+2w"`), ""), "/groups/0/items/6/max", "no limit for the type"},
		{base("", field(`"type": "integer", "min": "3", "max": "2"`), ""), "/groups/0/items/6/min", "min is above max"},
		{base("", field(`"type": "text", "min_length": 5, "max_length": 2`), ""), "/groups/0/items/6", "min_length is above"},
		{base("", field(`"type": "integer", "default": "viel"`), ""), "/groups/0/items/6/default", "not understood"},
		{base("", field(`"type": "note", "required": true`), ""), "/groups/0/items/6", "a note takes no answer"},
		{base("", field(`"type": "text", "repeat": {"min": 3, "max": 2}`), ""), "/groups/0/items/6/repeat", "min is above max"},
		{base("", field(`"type": "text", "repeat": {"max": 201}`), ""), "/groups/0/items/6/repeat/max", "from 1 to 200"},
		{base("", field(`"type": "integer", "internal": true`), ""), "g/f/internal", "no rule calculates"},
		{strings.Replace(base("", "", ""), `"Z"`, "\"\xdc\"", 1), "/", "not UTF-8"},
		{base("", field(`"type": "choice"`), ""), "/groups/0/items/6", "either choices or the name of a list"},
		{base("", field(`"type": "choice", "list": "weg"`), ""), "/groups/0/items/6/list", `no list "weg"`},
		{base("", field(`"type": "choice", "choices": []`), ""), "/groups/0/items/6/choices", "at least one choice"},
		{base("", field(`"type": "text", "choices": [{"code": "a", "label": {"de": "A"}}]`), ""), "/groups/0/items/6", "only choice"},
		{base("", field(`"type": "choice", "choices": [{"code": "a", "label": {"de": "A"}}, {"code": "a", "label": {"de": "B"}}]`), ""), "/groups/0/items/6/choices/1", "second time"},
		{base("", field(`"type": "choice", "choices": [{"code": "a\nb", "label": {"de": "A"}}]`), ""), "/groups/0/items/6/choices/0", "a code without spaces"},
		{base("", field(`"type": "choice", "within": "g/weg", "choices": [{"code": "a", "label": {"de": "A"}}]`), ""), "g/f/within", `no field "g/weg"`},
		{base("", field(`"type": "choice", "within": "g/text", "choices": [{"code": "a", "label": {"de": "A"}}]`), ""), "g/f/within", "not another choice"},
		{base("", field(`"type": "choice", "within": "g/wahl", "choices": [{"code": "a", "within": "z", "label": {"de": "A"}}]`), ""), "g/f/within", `"z"`},
		{strings.Replace(base("", "", ""), `"groups": [`, `"groups": [{"group": "a", "label": {"de": "A"}, "repeat": {"min": 200}, "items": [{"group": "b", "label": {"de": "B"}, "repeat": {"min": 200}, "items": [{"group": "c", "label": {"de": "C"}, "repeat": {"min": 200}, "items": [{"field": "f", "type": "text", "label": {"de": "F"}}]}]}]}, `, 1), "/groups", "more than 50000"},
		// rules
		{base("", "", rule("zeige", "g/text", "when", `true`)), "/rules/0", `unknown kind of rule "zeige"`},
		{base("", "", rule("show", "g/weg", "when", `true`)), "/rules/0", `no field or group "g/weg"`},
		{base("", "", rule("show", "proof:weg", "when", `true`)), "/rules/0", `no proof "weg"`},
		{base("", "", rule("valid", "proof:p", "when", `true`)), "/rules/0", "does not go with a proof"},
		{base("", "", rule("require", "g", "when", `true`)), "/rules/0", `"g" is none`},
		{base("", "", rule("require", "g/hinweis", "when", `true`)), "/rules/0", `"g/hinweis" is none`},
		{base("", "", rule("show", "g/text", "value", `true`)), "/rules/0", `"when" is missing`},
		{base("", "", `, "rules": [{"rule": "r1", "do": "valid", "on": ["g/text"], "when": true}]`), "/rules/0", `"text" is missing`},
		{base("", "", `, "rules": [{"rule": "r1", "do": "show", "on": [], "when": true}]`), "/rules/0", "names no target"},
		{base("", "", `, "rules": [{"rule": "r1", "do": "show", "on": ["g/text", "g/text"], "when": true}]`), "/rules/0", "twice"},
		{base("", "", `, "rules": [{"rule": "r1", "do": "show", "on": ["g/text"], "when": true}, {"rule": "r1", "do": "show", "on": ["g/zahl"], "when": true}]`), "/rules/1", "second time"},
		{base("", "", show(`{"field": "g/weg"}`)), "/rules/0/when/field", `no field "g/weg"`},
		{base("", "", show(`{"field": "g"}`)), "/rules/0/when/field", `no field "g"`},
		{base("", "", show(`{"empty": {"field": "g/hinweis"}}`)), "/rules/0/when/empty/field", "is a note"},
		{base("", "", show(`{"field": "g/zahl"}`)), "/rules/0/when", "needs a condition, not a number"},
		{base("", "", show(`"ja"`)), "/rules/0/when", "needs a condition, not text"},
		{base("", "", show(`{"und": [true, true]}`)), "/rules/0/when/und", `unknown operator "und"`},
		{base("", "", show(`{"and": [true, 1]}`)), "/rules/0/when/and", "and needs a condition, not a number"},
		{base("", "", show(`{"and": []}`)), "/rules/0/when/and", "not 0"},
		{base("", "", show(`{"not": [true, true]}`)), "/rules/0/when/not", "not 2"},
		{base("", "", show(`{"and": [true], "or": [true]}`)), "/rules/0/when", "one operator"},
		{base("", "", show(`null`)), "/rules/0/when", "one operator"},
		{base("", "", show(`{"equal": [{"field": "g/zahl"}, "1"]}`)), "/rules/0/when/equal", "a number and text"},
		{base("", "", show(`{"equal": [{"field": "g/wahl"}, "b"]}`)), "/rules/0/when/equal", `"g/wahl" has no choice "b"`},
		{base("", "", show(`{"in": [{"field": "g/wahl"}, ["a", "b"]]}`)), "/rules/0/when/in", `no choice "b"`},
		{base("", "", show(`{"in": [{"field": "g/wahl"}, [1]]}`)), "/rules/0/when/in/1/0", "constants of the same kind"},
		{base("", "", show(`{"in": [{"field": "g/wahl"}, {"field": "g/text"}]}`)), "/rules/0/when/in", "looks for text in text"},
		{base("", "", show(`{"lt": [{"field": "g/text"}, "x"]}`)), "/rules/0/when/lt", "compares numbers, dates or times"},
		{base("", "", show(`{"lt": [{"field": "g/tag"}, {"date": "1.2.2026"}]}`)), "/rules/0/when/lt/1/date", "expected a date written 2006-01-02"},
		{base("", "", show(`{"gt": [{"age": {"field": "g/zahl"}}, 18]}`)), "/rules/0/when/gt/0/age", "age needs a date, not a number"},
		{base("", "", show(`{"matches": [{"field": "g/text"}, "("]}`)), "/rules/0/when/matches/1", "missing closing"},
		{base("", "", show(`{"matches": [{"field": "g/text"}, "a(?=b)"]}`)), "/rules/0/when/matches/1", "invalid or unsupported"},
		{base("", "", show(`{"gt": [{"date_add": [{"field": "g/tag"}, 1, "wochen"]}, {"today": []}]}`)), "/rules/0/when/gt/0/date_add/2", "days, months, years"},
		{base("", "", show(`{"gt": [{"today": 1}, {"today": []}]}`)), "/rules/0/when/gt/0/today", `{"today": []}`},
		{base("", "", show(`{"gt": [{"field": "r/n"}, 1]}`)), "/rules/0/when/gt", "a list (a number)"},
		{base("", "", show(`{"gt": [{"count": {"field": "g/zahl"}}, 1]}`)), "/rules/0/when/gt/0/count", "count needs a repeated field"},
		{base("", "", show(`{"gt": [{"rows": "g"}, 1]}`)), "/rules/0/when/gt/0/rows", "no repeated group"},
		{base("", "", show(`{"equal": [{"if": [true, 1, "a"]}, 1]}`)), "/rules/0/when/equal/0/if", "a number in one case and text in the other"},
		{base("", "", show(`{"gt": [{"round": [1, {"field": "g/zahl"}]}, 1]}`)), "/rules/0/when/gt/0/round", "number of digits"},
		{base("", "", show(strings.Repeat(`{"not": `, 170)+`true`+strings.Repeat(`}`, 170))), "/rules/0/when/not", "nested too deeply"},
		{base("", "", rule("calculate", "g/zahl", "value", `"x"`)), "/rules/0/value", "takes a number, the rule gives text"},
		{base("", field(`"type": "iban"`), rule("calculate", "g/f", "value", `"x"`)), "/rules/0/value", `type "iban" is not calculated`},
		{base("", field(`"type": "integer", "default": "1"`), rule("calculate", "g/f", "value", `1`)), "/rules/0/value", "has a default as well"},
		{base("", "", `, "rules": [{"rule": "a", "do": "calculate", "on": ["g/zahl"], "value": 1}, {"rule": "b", "do": "calculate", "on": ["g/zahl"], "value": 2}]`), "/rules/1/value", "another rule already"},
		{base("", "", show(`{"contains": [{"field": "g/zahl"}, "x"]}`)), "/rules/0/when/contains", "contains needs text here, not a number"},
		{base("", "", show(`{"equal": [{"substr": [{"field": "g/text"}, "x"]}, "a"]}`)), "/rules/0/when/equal/0/substr", "substr needs a number here, not text"},
		{base("", "", show(`{"equal": [{"join": [{"field": "g/text"}, ","]}, "a"]}`)), "/rules/0/when/equal/0/join", "join needs a repeated field"},
		{base("", "", show(`{"equal": [{"label": {"field": "g/text"}}, "a"]}`)), "/rules/0/when/equal/0/label", "label needs a choice"},
		{base("", "", show(`{"gt": [{"row": "r"}, 1]}`)), "/rules/0/when/gt/0/row", `not stand in a row of "r"`},
		{base("", "", show(`{"gt": [{"mod": [{"field": "g/zahl"}, "2"]}, 1]}`)), "/rules/0/when/gt/0/mod", "mod needs a number, not text"},
		// circles
		{base("", "", rule("calculate", "g/zahl", "value", `{"sum": [{"field": "g/zahl"}, 1]}`)), "g/zahl", "the answer of g/zahl needs the answer of g/zahl"},
		{base("", "", rule("show", "g/text", "when", `{"empty": {"field": "g/text"}}`)), "g/text", "run in a circle"},
		{base("", "", rule("show", "g", "when", `{"empty": {"field": "g/text"}}`)), "g", "whether to show g"},
		{base("", "", `, "rules": [{"rule": "a", "do": "show", "on": ["g/text"], "when": {"field": "g/ja"}}, {"rule": "b", "do": "show", "on": ["g/ja"], "when": {"not": {"empty": {"field": "g/text"}}}}]`), "g/", "run in a circle"},
		{base("", "", rule("show", "r", "when", `{"gt": [{"rows": "r"}, 0]}`)), "r", "run in a circle"},
		{base("", "", rule("calculate", "r/n", "value", `{"sum": {"field": "r/m"}}`)) + "", "", ""},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			_, err := Parse([]byte(c.form))
			if c.path == "" && c.reason == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			var e *record.Error
			if !errors.As(err, &e) || e.Code != record.CodeFormInvalid {
				t.Fatalf("%v, want %s %s", err, c.path, c.reason)
			}
			path, reason := fmt.Sprint(e.Args["path"]), fmt.Sprint(e.Args["reason"])
			if !strings.Contains(path, c.path) || !strings.Contains(reason, c.reason) {
				t.Errorf("%s: %s\nwant %s: %s", path, reason, c.path, c.reason)
			}
		})
	}
}

func TestHashIsOfTheContent(t *testing.T) {
	a := parse(t, base("", "", ""))
	spaced := "\ufeff" + strings.NewReplacer(`": `, `" :  `, `, "id": "x", "version": "1.0"`, `, "version": "1.0",`+"\n"+`"id": "\u0078"`).Replace(base("", "", ""))
	b := parse(t, spaced)
	if a.Hash != b.Hash || !a.Hash.Valid() {
		t.Errorf("the layout changes the hash: %s %s", a.Hash, b.Hash)
	}
	if c := parse(t, strings.Replace(base("", "", ""), `"T"`, `"U"`, 1)); c.Hash == a.Hash {
		t.Error("a changed label keeps the hash")
	}
	x := parse(t, base("", "", show(`{"gt": [{"field": "g/zahl"}, 1.50]}`)))
	y := parse(t, base("", "", show(`{"gt": [{"field": "g/zahl"}, 1.5]}`)))
	if x.Hash != y.Hash {
		t.Error("1.50 and 1.5 have different hashes")
	}
}

// FuzzParse: any bytes are refused with a place and a reason, or make a form that can be filled.
func FuzzParse(f *testing.F) {
	f.Add([]byte(base("", "", "")))
	f.Add([]byte(small))
	f.Add([]byte(base("", field(`"type": "choice", "within": "g/wahl", "choices": [{"code": "a", "within": "a", "label": {"de": "A"}}]`), show(`{"in": [{"field": "g/wahl"}, ["a"]]}`))))
	f.Add([]byte(base("", "", rule("calculate", "r/n", "value", `{"date_diff": [{"field": "g/tag"}, {"today": []}, "days"]}`))))
	f.Fuzz(func(t *testing.T, b []byte) {
		form, err := Parse(b)
		if err != nil {
			var e *record.Error
			if !errors.As(err, &e) || e.Code != record.CodeFormInvalid || e.Args["path"] == "" || e.Args["reason"] == "" {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		s := form.Begin(nil, monday)
		for i, p := range s.Places() {
			s.Set(p.Path, samples[i%len(samples)])
			if p.Item.repeat() != nil && i < 10 {
				s.AddRow(p.Path)
			}
		}
		once := look(s)
		if s.all(); look(s) != once {
			t.Fatal("computing the whole form gives something else")
		}
	})
}
