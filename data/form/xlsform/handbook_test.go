package xlsform

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"schalter/data/record"
)

// The page for offices names what works, all of it and nothing else.
func TestTheHandbookNamesEveryFunctionTypeAndRole(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "handbook", "formulare-in-excel.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	named := map[string]bool{}
	table := page[strings.Index(page, "| Funktion |"):strings.Index(page, "Alle anderen Funktionen")]
	for _, m := range regexp.MustCompile(`([a-z][a-z:-]*)\(`).FindAllStringSubmatch(table, -1) {
		named[m[1]] = true
	}
	for name := range functions {
		if !named[name] {
			t.Errorf("the handbook does not name %s()", name)
		}
	}
	for name := range conditions {
		if !named[name] {
			t.Errorf("the handbook does not name %s()", name)
		}
	}
	for name := range named {
		if _, ok := functions[name]; !ok && conditions[name] == nil {
			t.Errorf("the handbook promises %s(), which does not work", name)
		}
	}
	words := map[string]bool{}
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(page, -1) {
		words[strings.ToLower(m[1])] = true
	}
	has := func(what, name string) {
		t.Helper()
		if !words[name] {
			t.Errorf("the handbook does not name the %s %s", what, name)
		}
	}
	for _, same := range []string{"string", "int", "trigger", "photo", "date time", "device id", "phonenumber", "simserial", "subscriberid", "email", "imei", "audit", "caseid"} {
		words[same] = true // older names, and more of what the device knows
	}
	for name := range plainTypes {
		has("type", name)
	}
	for name := range otherTypes {
		has("type", name)
	}
	for _, m := range looks {
		for name := range m {
			has("appearance", name)
		}
	}
	for role := range roles {
		has("role", string(role))
	}
	for _, m := range regexp.MustCompile("`((?:party|subject)[a-z.]*)`").FindAllStringSubmatch(page, -1) {
		if !roles[record.Role(m[1])] {
			t.Errorf("the handbook promises the role %s", m[1])
		}
	}
}
