package fim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// notation writes the rules of a native form so that a person can compare them with the prose:
//
//	show F2 if F1 = "001"
//	require F3 if not empty(F2) and F4 in {"a", "b"}
func notation(t *testing.T, file []byte, source string) []string {
	t.Helper()
	var f struct {
		Rules []struct {
			Rule, Do    string
			On          []string
			When, Value any
		}
	}
	if err := json.Unmarshal(file, &f); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range f.Rules {
		if !strings.HasPrefix(r.Rule, source) {
			continue
		}
		line := r.Do + " " + strings.Join(short2(r.On), ", ")
		switch {
		case r.When != nil && r.Do == "valid":
			line += ": " + infix(r.When, 0)
		case r.When != nil:
			line += " if " + infix(r.When, 0)
		case r.Value != nil:
			line += " = " + infix(r.Value, 0)
		}
		out = append(out, line)
	}
	return out
}

func short2(paths []string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, p[strings.LastIndexByte(p, '/')+1:])
	}
	return out
}

var signOf = map[string]string{"equal": "=", "lt": "<", "le": "≤", "gt": ">", "ge": "≥", "and": "and", "or": "or"}

// infix writes an expression; within tells how tightly the one around it binds.
func infix(e any, within int) string {
	m, ok := e.(map[string]any)
	if !ok {
		b, _ := json.Marshal(e)
		return string(b)
	}
	for op, arg := range m {
		args, isList := arg.([]any)
		if !isList {
			args = []any{arg}
		}
		var parts []string
		rank := map[string]int{"or": 1, "and": 2}[op]
		if signOf[op] != "" && rank == 0 {
			rank = 3
		}
		for _, a := range args {
			parts = append(parts, infix(a, rank))
		}
		switch {
		case op == "field":
			return short2([]string{arg.(string)})[0]
		case op == "date":
			return arg.(string)
		case op == "today":
			return "today"
		case op == "in":
			list, _ := args[1].([]any)
			var codes []string
			for _, c := range list {
				codes = append(codes, infix(c, 0))
			}
			return parts[0] + " in {" + strings.Join(codes, ", ") + "}"
		case op == "not":
			return "not(" + infix(args[0], 0) + ")"
		case signOf[op] != "":
			s := strings.Join(parts, " "+signOf[op]+" ")
			if rank < within {
				return "(" + s + ")"
			}
			return s
		}
		return op + "(" + strings.Join(parts, ", ") + ")"
	}
	return fmt.Sprint(slices.Sorted(func(func(string) bool) {}))
}
