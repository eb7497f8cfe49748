// Package formtest makes forms for tests and benchmarks of whatever shows or stores them.
//
// It promises the same form for the same number, with every type of field and rules between them. It is
// never part of a release.
package formtest

import (
	"encoding/json"
	"fmt"

	"schalter/data/form"
)

type object = map[string]any

func text(de, en string) object { return object{"de": de, "en": en} }

// kinds are the types a sample goes through, with a text somebody could type for each.
var kinds = []struct {
	typ   form.Type
	typed string
	width int
}{
	{form.TypeText, "Yıldız", 5},
	{form.TypeText, "Emre", 4},
	{form.TypeDate, "2.5.1988", 3},
	{form.TypeInteger, "12", 2},
	{form.TypeMoney, "1.234,50", 3},
	{form.TypePostcode, "65428", 2},
	{form.TypeChoice, "gelb", 5},
	{form.TypeBoolean, "ja", 3},
	{form.TypeIBAN, "DE89 3704 0044 0532 0130 00", 6},
	{form.TypePhone, "06142 83100", 3},
	{form.TypeEmail, "name@beispiel.de", 6},
	{form.TypeChip, "276 0981 0412 3344", 5},
	{form.TypeMonth, "03/2024", 3},
	{form.TypeTime, "8:30", 2},
	{form.TypeDecimal, "12,5", 2},
}

const perGroup = 15

// Sample120 is a form of 120 fields in eight groups with 72 rules.
func Sample120() *form.Form { return Sample(120) }

// Sample is a form of n fields. In each group the eighth field (yes or no) shows the ninth, requires the
// tenth and is read by a check of the first; the money fields are added up in the last group.
func Sample(n int) *form.Form {
	f, err := form.Parse(JSON(n))
	if err != nil {
		panic(fmt.Sprintf("formtest: %v", err)) // the generator is broken; a test of this package finds it
	}
	return f
}

// Typed gives, for each field of a sample that takes an answer, its path and a text to type, in page order.
func Typed(f *form.Form) (paths, texts []string) {
	for i, x := range f.Fields() {
		if x.Calculated() {
			continue
		}
		paths = append(paths, x.Path)
		texts = append(texts, kinds[i%len(kinds)].typed)
	}
	return paths, texts
}

// JSON is the file of [Sample].
func JSON(n int) []byte {
	var groups []any
	rules := []any{}
	var amounts []any
	for g := 0; g*perGroup < n; g++ {
		name := fmt.Sprintf("g%d", g+1)
		var items []any
		for i := g * perGroup; i < min(n, (g+1)*perGroup); i++ {
			items = append(items, field(i))
			if kinds[i%len(kinds)].typ == form.TypeMoney {
				amounts = append(amounts, ref(i))
			}
		}
		groups = append(groups, object{
			"group": name, "items": items,
			"label": text(fmt.Sprintf("Abschnitt %d", g+1), fmt.Sprintf("Section %d", g+1)),
		})
		rules = append(rules, between(g, n)...)
	}
	groups = append(groups, object{"group": "summe", "label": text("Summe", "Total"), "items": []any{
		object{"field": "betrag", "type": form.TypeMoney, "label": text("Summe", "Total"), "width": 3},
	}})
	rules = append(rules, object{"rule": "summe", "do": "calculate", "on": []any{"summe/betrag"}, "value": object{"sum": append(amounts, 0)}})
	b, err := json.MarshalIndent(object{
		"format": "schalter-form/1", "id": fmt.Sprintf("muster-%d", n), "version": "1.0.0",
		"languages": []any{"de", "en"}, "title": text(fmt.Sprintf("Muster mit %d Feldern", n), fmt.Sprintf("Sample with %d fields", n)),
		"groups": groups, "rules": rules,
		"proofs": []any{object{"proof": "beleg", "label": text("Beleg", "Receipt")}},
	}, "", "  ")
	if err != nil {
		panic(err)
	}
	return b
}

func path(i int) string { return fmt.Sprintf("g%d/f%d", i/perGroup+1, i+1) }

func ref(i int) object { return object{"field": path(i)} }

func field(i int) object {
	k := kinds[i%len(kinds)]
	f := object{
		"field": fmt.Sprintf("f%d", i+1), "type": k.typ, "width": k.width,
		"label": text(fmt.Sprintf("Feld %d", i+1), fmt.Sprintf("Field %d", i+1)),
		"help":  text("Ein Satz, der sagt, was hier gemeint ist.", "A sentence that says what is meant here."),
	}
	if k.typ == form.TypeChoice {
		f["choices"] = []any{
			object{"code": "r", "label": text("rot", "red")},
			object{"code": "y", "label": text("gelb", "yellow")},
			object{"code": "b", "label": text("blau", "blue")},
		}
	}
	if i%4 == 0 {
		f["required"] = true
	}
	return f
}

// between makes the rules of group g that fit into n fields.
func between(g, n int) []any {
	first := g * perGroup
	switchField := first + 7
	if switchField >= n {
		return nil
	}
	on := ref(switchField)
	rules := []any{
		object{
			"rule": fmt.Sprintf("alter-%d", g+1), "do": "warn", "on": []any{path(first + 2)},
			"when": object{"lt": []any{object{"age": ref(first + 2)}, 18}}, "text": text("Noch keine 18 Jahre.", "Not yet 18."),
		},
		object{
			"rule": fmt.Sprintf("name-%d", g+1), "do": "valid", "on": []any{path(first)},
			"when": object{"or": []any{object{"not": on}, object{"ge": []any{object{"length": ref(first)}, 2}}}},
			"text": text("Bitte den ganzen Namen eingeben.", "Please type the whole name."),
		},
		object{
			"rule": fmt.Sprintf("betrag-%d", g+1), "do": "warn", "on": []any{path(first + 4)},
			"when": object{"gt": []any{ref(first + 4), 10000}}, "text": text("Ein hoher Betrag.", "A large amount."),
		},
	}
	for k, do := range []string{"show", "require", "show", "require", "forbid"} {
		i := switchField + 1 + k
		if i >= n {
			break
		}
		cond := any(on)
		if do == "forbid" {
			cond = object{"equal": []any{ref(first + 6), "r"}}
		}
		rules = append(rules, object{"rule": fmt.Sprintf("%s-%d", do, i+1), "do": do, "on": []any{path(i)}, "when": cond})
	}
	if g == 0 {
		rules = append(rules, object{"rule": "beleg", "do": "require", "on": []any{"proof:beleg"}, "when": on})
	}
	return rules
}
