package formtest

import (
	"encoding/json"
	"fmt"

	"schalter/data/form"
)

// Official is a form in the manner of the official schemata: n fields, groups in groups up to six deep,
// many of them repeated and optional, long labels and helps, statutes, every type of field, and a list of
// 8,000 places that several fields share. Each group has a yes-or-no field that shows the one behind it.
func Official(n int) *form.Form {
	f, err := form.Parse(OfficialJSON(n))
	if err != nil {
		panic(fmt.Sprintf("formtest: %v", err)) // the generator is broken; a test of this package finds it
	}
	return f
}

const listSize = 8000

var officialKinds = []form.Type{
	form.TypeText, form.TypeBoolean, form.TypeText, form.TypeDate, form.TypeChoice, form.TypeMoney, form.TypeMultiline,
	form.TypeMulti, form.TypePostcode, form.TypeFile, form.TypeIBAN, form.TypeNote, form.TypeInteger, form.TypeSignature,
	form.TypePlate, form.TypeParcel, form.TypeTime,
}

// OfficialJSON is the file of [Official].
func OfficialJSON(n int) []byte {
	o := &official{left: n, rules: []any{}}
	var groups []any
	for o.left > 0 {
		groups = append(groups, o.group("", 0))
	}
	places := make([]any, listSize)
	for i := range places {
		places[i] = object{"code": fmt.Sprintf("%08d", 1000000+i*7), "label": object{"de": fmt.Sprintf("Gemeinde %s-%s %d", syllables[i%len(syllables)], syllables[i/7%len(syllables)], i)}}
	}
	b, err := json.Marshal(object{
		"format": "schalter-form/1", "id": fmt.Sprintf("amtlich-%d", n), "version": "1.0.0", "languages": []any{"de"},
		"title":  object{"de": fmt.Sprintf("Amtliches Formular mit %d Feldern", n)},
		"lists":  object{"orte": object{"urn": "urn:de:muster:orte", "version": "1", "choices": places}},
		"groups": groups, "rules": o.rules,
	})
	if err != nil {
		panic(err)
	}
	return b
}

var syllables = []string{"Ahrens", "Berg", "Clausen", "Dorn", "Eichen", "Fels", "Groß", "Hain", "Ilm", "Jäger", "Königs", "Linden", "Mühl"}

type official struct {
	left, groups, fields int
	rules                []any
}

func (o *official) group(at string, depth int) object {
	o.groups++
	name := fmt.Sprintf("G%05d", o.groups)
	path := name
	if at != "" {
		path = at + "/" + name
	}
	g := object{
		"group": name, "label": object{"de": fmt.Sprintf("Angaben zur %d. beteiligten Person oder Stelle", o.groups)},
		"help": object{"de": "Bitte machen Sie hier Angaben zu allen Personen oder Stellen, die an dem Vorhaben beteiligt sind."},
	}
	switch {
	case depth > 0 && o.groups%4 == 1:
		g["repeat"] = object{"min": 0}
	case depth > 0 && o.groups%7 == 3:
		g["repeat"] = object{"min": 1, "max": 5}
	}
	g["items"] = o.items(path, depth, 4+o.groups%3)
	return g
}

// items are up to n fields of a group, one of them perhaps a further group.
func (o *official) items(path string, depth, n int) []any {
	var items []any
	var flag string // a yes-or-no field that shows the next one
	nests := depth < 5 && o.groups%3 != 0
	for k := range n {
		if o.left <= 0 && len(items) > 0 {
			break
		}
		if k == 3 && nests {
			items = append(items, o.group(path, depth+1))
			continue
		}
		f := o.field()
		items = append(items, f)
		where := path + "/" + f["field"].(string)
		if flag != "" && f["type"] != form.TypeNote {
			o.rules = append(o.rules, object{"rule": fmt.Sprintf("R%d", len(o.rules)+1), "do": "show", "on": []any{where}, "when": object{"field": flag}})
			flag = ""
		}
		if f["type"] == form.TypeBoolean && f["repeat"] == nil {
			flag = where
		}
	}
	return items
}

func (o *official) field() object {
	i := o.fields
	o.fields++
	o.left--
	typ := officialKinds[i%len(officialKinds)]
	f := object{
		"field": fmt.Sprintf("F%06d", i+1), "type": typ,
		"label": object{"de": fmt.Sprintf("Angabe %d", i+1)},
		"help":  object{"de": "Hier ist die Angabe so zu machen, wie sie im amtlichen Ausweis oder Register steht."},
		"legal": []any{"§ 14 Absatz 1 GewO"},
	}
	if i%5 == 2 {
		f["label"] = object{"de": fmt.Sprintf("Angabe %d zur Rechtsform der Gesellschaft einschließlich der haftenden Beteiligten", i+1)}
	}
	switch {
	case typ == form.TypeChoice && i%2 == 0:
		f["list"] = "orte"
	case typ == form.TypeChoice, typ == form.TypeMulti:
		f["choices"] = []any{
			object{"code": "001", "label": object{"de": "ja, und zwar für die gesamte Dauer des beantragten Vorhabens einschließlich der Vorbereitung"}},
			object{"code": "002", "label": object{"de": "teilweise"}},
			object{"code": "003", "label": object{"de": "nein"}},
			object{"code": "004", "label": object{"de": "noch nicht bekannt"}},
		}
	case typ == form.TypeText && i%6 == 0:
		f["repeat"] = object{"min": 0, "max": 4}
	}
	if i%3 == 0 && typ != form.TypeNote {
		f["required"] = true
	}
	return f
}
