// Package schema describes the answers of a form as JSON Schema 2020-12, for programs that take over what
// was filled in here.
//
// [Of] makes the schema of a form and [Answers] the document that it describes: groups are objects, what
// repeats is an array, numbers and yes or no are those of JSON, every other answer is its canonical text.
//
// It promises that the answers of a session without errors are valid, that the same form gives the same
// bytes, and that a code, type, length or fixed limit that the form refuses is refused by the schema too.
//
// It never describes the rules between fields: what is asked for only sometimes is not required, and limits
// that move with the day are named in a comment.
package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

type object = map[string]any

// Of is the schema of a form, indented, keys sorted.
func Of(f *form.Form) ([]byte, error) {
	w := &writer{form: f, lists: map[*form.Choice]string{}, defs: object{}, sometimes: map[string]bool{}}
	for _, r := range f.Rules {
		if r.Kind == form.RuleShow || r.Kind == form.RuleHide {
			for _, p := range r.On {
				w.sometimes[p] = true
			}
		}
	}
	root := w.object(groupsOf(f))
	root["$schema"] = dialect
	root["$id"] = "urn:schalter:form:" + f.ID + ":" + f.Version
	root["$comment"] = "SHA-256 of the form: " + string(f.Hash)
	w.say(root, f.Title, f.Help, f.Legal)
	if len(w.defs) > 0 {
		root["$defs"] = w.defs
	}
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write schema: %w", err)
	}
	return append(b, '\n'), nil
}

func groupsOf(f *form.Form) []form.Item {
	out := make([]form.Item, len(f.Groups))
	for i, g := range f.Groups {
		out[i] = form.Item{Group: g}
	}
	return out
}

type writer struct {
	form      *form.Form
	lists     map[*form.Choice]string // by the first choice: name under $defs
	defs      object
	sometimes map[string]bool // shown only sometimes
}

// say adds the words of a form, group or field.
func (w *writer) say(o object, title, help form.Text, legal form.Legal) {
	o["title"] = title.In("de")
	if s := help.In("de"); s != "" {
		o["description"] = s
	}
	if len(legal) > 0 {
		o["x-legal"] = []string(legal)
	}
	if len(w.form.Languages) > 1 {
		o["x-title"] = title
	}
}

// object describes what a group, or the form, holds.
func (w *writer) object(items []form.Item) object {
	properties, required := object{}, []string{}
	for _, it := range items {
		switch {
		case it.Group != nil:
			properties[it.Group.Name] = w.group(it.Group)
			if w.groupMust(it.Group) {
				required = append(required, it.Group.Name)
			}
		case it.Field.Type != form.TypeNote:
			properties[it.Field.Name] = w.field(it.Field)
			if w.fieldMust(it.Field) {
				required = append(required, it.Field.Name)
			}
		}
	}
	o := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// fieldMust reports whether a field is answered in every form that is in order.
func (w *writer) fieldMust(f *form.Field) bool {
	return f.Required && !f.Calculated() && !w.sometimes[f.Path] && (f.Repeat == nil || f.Repeat.Min > 0)
}

func (w *writer) groupMust(g *form.Group) bool {
	if w.sometimes[g.Path] || g.Repeat != nil && g.Repeat.Min == 0 {
		return false
	}
	return slices.ContainsFunc(g.Items, func(it form.Item) bool {
		return it.Group != nil && w.groupMust(it.Group) || it.Field != nil && it.Field.Type != form.TypeNote && w.fieldMust(it.Field)
	})
}

func (w *writer) group(g *form.Group) object {
	o := w.object(g.Items)
	if g.Repeat != nil {
		o = rows(o, g.Repeat, w.groupMust(g))
	}
	w.say(o, g.Label, g.Help, g.Legal)
	return o
}

// rows is an array of what repeats; all rows that the form always has are filled only where they must be.
func rows(of object, r *form.Repeat, must bool) object {
	o := object{"type": "array", "items": of, "maxItems": form.MaxRows}
	if r.Max > 0 {
		o["maxItems"] = r.Max
	}
	if must {
		o["minItems"] = r.Min
	}
	return o
}

func (w *writer) field(f *form.Field) object {
	o := w.answer(f)
	if f.Repeat != nil {
		o = rows(o, f.Repeat, w.fieldMust(f))
	}
	w.say(o, f.Label, f.Help, f.Legal)
	if u := f.Unit.In("de"); u != "" {
		o["x-unit"] = u
	}
	if f.Calculated() {
		o["readOnly"] = true
	}
	return o
}

// answer describes one answer of a field.
func (w *writer) answer(f *form.Field) object {
	switch f.Type {
	case form.TypeText, form.TypeMultiline:
		if f.Internal { // nobody checks what only rules read
			return object{"type": "string"}
		}
		return words(f)
	case form.TypeInteger, form.TypeDecimal, form.TypeMoney:
		return number(f)
	case form.TypeBoolean:
		return object{"type": "boolean"}
	case form.TypeChoice:
		return w.codes(f)
	case form.TypeMulti:
		return object{"type": "array", "items": w.codes(f), "uniqueItems": true, "minItems": 1}
	case form.TypeFile:
		return object{"type": "array", "items": object{"type": "string", "minLength": 1}, "minItems": 1}
	}
	o := object{"type": "string"}
	if p := patterns[f.Type]; p != "" {
		o["pattern"] = p
	}
	if f.Type == form.TypeDate {
		o["format"] = "date"
	}
	if f.Min != "" || f.Max != "" {
		o["$comment"] = strings.TrimSpace("from " + f.Min + " to " + f.Max)
	}
	return o
}

// patterns are the canonical texts of the types, as far as an expression can say it; check digits are the
// form's to check.
var patterns = map[form.Type]string{
	form.TypeDate:      `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`,
	form.TypeMonth:     `^[0-9]{4}-(0[1-9]|1[0-2])$`,
	form.TypeTime:      `^([01][0-9]|2[0-3]):[0-5][0-9]$`,
	form.TypeIBAN:      `^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$`,
	form.TypeBIC:       `^[A-Z0-9]{8}([A-Z0-9]{3})?$`,
	form.TypePostcode:  `^([0-9]{5}|[A-Z]{1,3}-[A-Z0-9 -]{2,10})$`,
	form.TypeAGS:       `^[0-9]{8}$`,
	form.TypePhone:     `^\+[1-9][0-9]{6,14}$`,
	form.TypeEmail:     `^[^@]+@[^@]+\.[^@]+$`,
	form.TypePlate:     `^[A-ZÄÖÜ]{1,3}-([A-Z]{1,2} )?[1-9][0-9]{0,5}[EH]?$`,
	form.TypeChip:      `^[0-9]{15}$`,
	form.TypeParcel:    `^[^;]+;[0-9]{0,3};[1-9][0-9]{0,4}(/[1-9][0-9]{0,3})?$`,
	form.TypeTaxID:     `^[1-9][0-9]{10}$`,
	form.TypeCreditor:  `^[A-Z]{2}[0-9]{2}[A-Z0-9]{4,31}$`,
	form.TypeSignature: `^[0-9]+,[0-9]+([ ;][0-9]+,[0-9]+)*$`,
}

func words(f *form.Field) object {
	o := object{"type": "string", "minLength": max(1, f.MinLength), "maxLength": f.MaxLength}
	if f.Pattern == "" {
		return o
	}
	if p, ok := portable(f.Pattern); ok {
		o["pattern"] = p
	} else {
		o["$comment"] = "RE2 over the whole text: " + f.Pattern
	}
	return o
}

// portable is the expression for readers of ECMA-262, which JSON Schema names, where it means the same
// there; RE2's flags, classes and anchors do not.
func portable(re2 string) (string, bool) {
	rest := strings.ReplaceAll(re2, "(?:", "(")
	for _, own := range []string{"(?", `\p`, `\P`, `\A`, `\z`, `\Q`, `\x{`, `\C`, `\a`, "[:", `\pL`} {
		if strings.Contains(rest, own) {
			return "", false
		}
	}
	return "^(?:" + re2 + ")$", true
}

func number(f *form.Field) object {
	o := object{"type": "number", "exclusiveMinimum": json.Number("-1000000000000000"), "exclusiveMaximum": json.Number("1000000000000000")}
	if f.Type == form.TypeInteger {
		o["type"] = "integer"
	}
	if f.Type != form.TypeInteger {
		o["multipleOf"] = json.Number(strings.TrimSuffix("0."+strings.Repeat("0", max(0, f.Decimals-1))+"1", "."))
		if f.Decimals == 0 {
			o["multipleOf"] = 1
		}
	}
	if f.Internal {
		return o
	}
	if f.Min != "" {
		o["minimum"] = json.Number(f.Min)
	}
	if f.Max != "" {
		o["maximum"] = json.Number(f.Max)
	}
	return o
}

// codes describes a code of a list. Fields that share a list share its description.
func (w *writer) codes(f *form.Field) object {
	all := f.Choices()
	name, known := w.lists[&all[0]]
	if !known {
		name = "list" + strconv.Itoa(len(w.lists)+1)
		w.lists[&all[0]] = name
		codes, labels := make([]string, len(all)), make([]string, len(all))
		for i, c := range all {
			codes[i], labels[i] = c.Code, c.Label.In("de")
		}
		w.defs[name] = object{"type": "string", "enum": codes, "x-labels": labels}
	}
	return object{"$ref": "#/$defs/" + name}
}

// Answers is the document that the schema of the form describes. Values that the form has no place for are
// left out, and so are empty rows at the end.
func Answers(f *form.Form, v record.Values) map[string]any {
	return node(groupsOf(f), "", v, tree(v))
}

// tree tells how many rows each repeated item has.
func tree(v record.Values) map[string]int {
	rows := map[string]int{}
	for path, text := range v {
		for i := range path {
			if path[i] != '[' || text == "" {
				continue
			}
			number, _, _ := strings.Cut(path[i+1:], "]")
			if n, err := strconv.Atoi(number); err == nil && n <= form.MaxRows {
				rows[path[:i]] = max(rows[path[:i]], n)
			}
		}
	}
	return rows
}

// node is the object of the items below a path.
func node(items []form.Item, at string, v record.Values, rows map[string]int) map[string]any {
	out := map[string]any{}
	for _, it := range items {
		if g := it.Group; g != nil {
			if g.Repeat == nil {
				if sub := node(g.Items, at+g.Name+"/", v, rows); len(sub) > 0 {
					out[g.Name] = sub
				}
				continue
			}
			var list []any
			for r := 1; r <= rows[at+g.Name]; r++ {
				list = append(list, node(g.Items, at+g.Name+"["+strconv.Itoa(r)+"]/", v, rows))
			}
			if len(list) > 0 {
				out[g.Name] = list
			}
			continue
		}
		if x := leaf(it.Field, at, v, rows); x != nil {
			out[it.Field.Name] = x
		}
	}
	return out
}

// leaf is the answer, or the answers, of a field; nil if there is none.
func leaf(f *form.Field, at string, v record.Values, rows map[string]int) any {
	if f.Repeat == nil {
		return typed(f, v[at+f.Name])
	}
	var list []any
	for r := 1; r <= rows[at+f.Name]; r++ {
		if x := typed(f, v[at+f.Name+"["+strconv.Itoa(r)+"]"]); x != nil {
			list = append(list, x)
		}
	}
	if list == nil {
		return nil
	}
	return list
}

// typed is a canonical text as JSON has it.
func typed(f *form.Field, text string) any {
	if text == "" {
		return nil
	}
	switch f.Type {
	case form.TypeInteger, form.TypeDecimal, form.TypeMoney:
		return json.Number(text)
	case form.TypeBoolean:
		return text == "true"
	case form.TypeMulti, form.TypeFile:
		parts := strings.Split(text, "\n")
		out := make([]any, len(parts))
		for i, p := range parts {
			out[i] = p
		}
		return out
	}
	return text
}
