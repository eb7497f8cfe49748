package form

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// One fault in a sound form is found when it is loaded, and the message names the place.
func TestAnyFaultIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, file := drawFile(t)
		target := m.fields[m.pick(len(m.fields))]
		bad := obj{"rule": "fehler", "do": "require", "on": []any{target.path}}
		where := fmt.Sprintf("/rules/%d", len(file["rules"].([]any)))
		var reason string
		switch m.pick(4) {
		case 0: // an unknown path, deep in an expression
			bad["when"] = obj{"and": []any{true, obj{"not": obj{"empty": obj{"field": target.path + "x"}}}}}
			reason = target.path + "x"
		case 1: // an unknown target
			bad["on"], bad["when"] = []any{"nirgends/wo"}, true
			reason = "nirgends/wo"
		case 2: // a wrong type
			bad["when"] = obj{"or": []any{false, obj{"gt": []any{obj{"upper": "x"}, 3}}}}
			reason = "not text and a number"
		default: // a circle of whether to show and what is answered
			bad["do"], bad["when"] = "hide", obj{"not": obj{"empty": obj{"field": target.path}}}
			where, reason = "/rules", target.path
		}
		file["rules"] = append(file["rules"].([]any), bad)
		b, _ := json.Marshal(file)
		_, err := Parse(b)
		var e *record.Error
		if !errors.As(err, &e) || e.Code != record.CodeFormInvalid {
			t.Fatalf("loads, or fails otherwise: %v\n%s", err, b)
		}
		if !strings.HasPrefix(fmt.Sprint(e.Args["path"]), where) || !strings.Contains(fmt.Sprint(e.Args["reason"]), reason) {
			t.Fatalf("%v: %v, want %s … %s", e.Args["path"], e.Args["reason"], where, reason)
		}
	})
}

// The same acts give the same states, whichever way the maps inside happen to be walked.
func TestTheSameTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		a, b := f.Begin(nil, monday), f.Begin(nil, monday)
		for range rapid.IntRange(1, 15).Draw(t, "acts") {
			x := f.fields[rapid.IntRange(0, len(f.fields)-1).Draw(t, "field")]
			typed := drawTyped(t, x)
			path := x.Path
			for _, p := range a.Places() {
				if p.Item.Field == x && p.Row > 0 {
					path = p.Path
				}
			}
			e, g := a.Set(path, typed), b.Set(path, typed)
			if fmt.Sprint(e) != fmt.Sprint(g) {
				t.Fatalf("%s = %q: %v and %v", path, typed, e, g)
			}
		}
		if look(a) != look(b) {
			t.Fatalf("%s\n\n%s", look(a), look(b))
		}
	})
}
