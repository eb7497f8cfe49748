package xlsform

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// xform is what another program of the family made of the same workbook.
type xform struct {
	binds    map[string]map[string]string // by path: attributes
	controls map[string]string            // by path: select1, select, input, upload, trigger
	labels   map[string]string            // by path, where it is written out
	lists    map[string][]string          // codes by instance
	itemsets map[string]string            // by path: instance
}

// readXForm reads an XForm without any knowledge of how forms are read elsewhere in this package.
func readXForm(t *testing.T, b []byte) *xform {
	t.Helper()
	x := &xform{map[string]map[string]string{}, map[string]string{}, map[string]string{}, map[string][]string{}, map[string]string{}}
	d := xml.NewDecoder(bytes.NewReader(b))
	var open []xml.StartElement
	var text strings.Builder
	get := func(e xml.StartElement, name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	up := func(name string) (xml.StartElement, bool) {
		for _, e := range slices.Backward(open) {
			if e.Name.Local == name {
				return e, true
			}
		}
		return xml.StartElement{}, false
	}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return x
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			text.Reset()
			switch e.Name.Local {
			case "bind":
				m := map[string]string{}
				for _, a := range e.Attr {
					m[a.Name.Local] = a.Value
				}
				x.binds[short(get(e, "nodeset"))] = m
			case "select1", "select", "input", "upload", "trigger":
				x.controls[short(get(e, "ref"))] = e.Name.Local
			case "itemset":
				parent := open[len(open)-1]
				x.itemsets[short(get(parent, "ref"))] = get(e, "nodeset")
			}
			open = append(open, e)
		case xml.CharData:
			text.Write(e)
		case xml.EndElement:
			open = open[:len(open)-1]
			in, inside := up("instance")
			switch {
			case inside && e.Name.Local == "name" && get(in, "id") != "":
				x.lists[get(in, "id")] = append(x.lists[get(in, "id")], text.String())
			case e.Name.Local == "label" && len(open) > 0:
				x.labels[short(get(open[len(open)-1], "ref"))] = text.String()
			}
		}
	}
}

// short is a path without the name of the form.
func short(path string) string {
	parts := strings.SplitN(path, "/", 3)
	if len(parts) < 3 {
		return path
	}
	return "/" + parts[2]
}

var anyPath = regexp.MustCompile(` ?/[A-Za-z_]+(/[A-Za-z_0-9-]+)+ ?`)

// plainRefs brings the two ways of naming a question together: ${name} and /form/group/name.
func plainRefs(s string) string {
	s = anyPath.ReplaceAllStringFunc(s, func(p string) string {
		p = strings.TrimSpace(p)
		return "${" + p[strings.LastIndexByte(p, '/')+1:] + "}"
	})
	return strings.Join(strings.Fields(s), " ")
}

// what a type of a bind may be here.
var bindTypes = map[string][]string{
	"string": {"text", "multiline", "choice", "multichoice", "note", "phone", "decimal", "date"}, "int": {"integer"}, "decimal": {"decimal"},
	"date": {"date"}, "time": {"time"}, "dateTime": {"date"}, "barcode": {"text"}, "binary": {"file"},
}

var controlTypes = map[string][]string{"select1": {"choice"}, "select": {"multichoice"}, "trigger": {"choice"}}

func TestSameBindsAsPyxform(t *testing.T) {
	for _, name := range []string{"or_other", "xlsform_spec_test", "attribute_columns_test"} {
		t.Run(name, func(t *testing.T) {
			book := fixture(t, name+".xlsx")
			x := readXForm(t, fixture(t, name+".xml"))
			rep := newReport(name)
			b, err := read(bytes.NewReader(book), int64(len(book)), rep)
			if err != nil {
				t.Fatal(err)
			}
			f := translate(b, rep)
			seen := map[string]bool{}
			f.root.all(func(q *question) {
				seen[q.origin()] = true
				compareBind(t, f, q, x)
			})
			for path := range x.binds {
				if strings.HasPrefix(path, "/meta/") || strings.HasSuffix(path, "_count") || strings.Contains(path, "reserved_name_for_field_list") {
					continue // made up by pyxform
				}
				if !seen[path] {
					t.Errorf("%s is lost", path)
				}
			}
		})
	}
}

func compareBind(t *testing.T, f *former, q *question, x *xform) {
	path := q.origin()
	bind, ok := x.binds[path]
	if !ok {
		if q.sort != sortGroup && q.sort != sortRepeat {
			t.Errorf("%s is no question of the XForm", path)
		}
		return
	}
	if q.sort == sortLeftOut && bind["preload"] == "" && bind["type"] != "geopoint" {
		t.Errorf("%s is left out, but the XForm asks for it: %v", path, bind)
	}
	for _, fl := range q.fields[:min(1, len(q.fields))] {
		if want := bindTypes[bind["type"]]; !slices.Contains(want, fl.Type) {
			t.Errorf("%s is %s, the XForm has %s", path, fl.Type, bind["type"])
		}
		if want, ok := controlTypes[x.controls[path]]; ok && !slices.Contains(want, fl.Type) {
			t.Errorf("%s is %s, the XForm has a %s", path, fl.Type, x.controls[path])
		}
		if fl.Required != (bind["required"] == "true()") {
			t.Errorf("%s: required is %v, the XForm has %q", path, fl.Required, bind["required"])
		}
		if l := x.labels[path]; l != "" && !strings.HasSuffix(path, "_other") && fl.Label["de"] != l {
			t.Errorf("%s is called %q, in the XForm %q", path, fl.Label["de"], l)
		}
	}
	for attr, want := range map[string][2]string{"relevant": {"show", "relevant"}, "constraint": {"valid", "constraint"}, "calculate": {"calculate", "calculation"}} {
		cell := q.line.get(want[1])
		written := plainRefs(strings.ReplaceAll(cell.text, "../", "../"))
		if attr == "relevant" && strings.HasPrefix(bind[attr], "selected(../") {
			written = bind[attr] // made for or_other
		}
		if plainRefs(bind[attr]) != written {
			t.Errorf("%s: %s is %q, in the XForm %q", path, attr, written, bind[attr])
		}
		rule := slices.ContainsFunc(f.doc.Rules, func(r *rule) bool { return r.Do == want[0] && r.at == cell.at && slices.Contains(r.On, q.path) })
		if bind[attr] != "" && !rule {
			t.Errorf("%s: the %s of the XForm is no rule here", path, attr)
		}
	}
	compareItems(t, q, x, path)
}

// compareItems compares what a select offers; a filter with a constant is applied already.
func compareItems(t *testing.T, q *question, x *xform, path string) {
	set, ok := x.itemsets[path]
	if !ok || q.options == nil {
		return
	}
	m := regexp.MustCompile(`instance\('([^']+)'\)/(?:root)/item(?:\[(.+)\])?$`).FindStringSubmatch(set)
	if m == nil {
		t.Fatalf("%s: %s is no itemset", path, set)
	}
	var got []string
	for _, c := range q.options.choices {
		got = append(got, c.name)
	}
	want := x.lists[m[1]]
	if m[2] != "" {
		if cell := q.line.get("choice_filter").text; cell != m[2] {
			t.Errorf("%s: filter %q, in the XForm %q", path, cell, m[2])
		}
		want = slices.DeleteFunc(slices.Clone(want), func(c string) bool { return !slices.Contains(got, c) })
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s offers %v, in the XForm %v", path, got, want)
	}
}

func TestSameAsPyxformsJSON(t *testing.T) {
	var want struct {
		Children []struct {
			Name    string
			Label   map[string]string
			Choices []struct {
				Name  string
				Label map[string]string
			}
		}
	}
	if err := json.Unmarshal(fixture(t, "yes_or_no_question.json"), &want); err != nil {
		t.Fatal(err)
	}
	res, err := take(fixture(t, "yes_or_no_question.xlsx"), "yes_or_no_question.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	q := want.Children[0]
	for _, s := range []string{fmt.Sprintf("%q: %q", "field", q.Name), q.Label["english"], q.Choices[0].Name, q.Choices[0].Label["english"], q.Choices[1].Name} {
		if !bytes.Contains(res.JSON, []byte(s)) {
			t.Errorf("%s is missing in\n%s", s, res.JSON)
		}
	}
}

// What each of the workbooks that nobody here wrote is refused for; all others are forms.
func TestEveryFixture(t *testing.T) {
	spec := []string{
		"survey!H18 text_reference", "survey!I18 text_reference", "survey!A34 type_unsupported", "survey!E43 no_answer", "survey!E45 no_answer",
		"survey!E49 no_answer", "survey!E51 no_answer", "survey!E53 no_answer",
	}
	for name, want := range map[string][]string{
		"field-list": nil, "group": nil, "or_other": nil, "specify_other": nil, "text_and_integer": nil, "yes_or_no_question": nil, "choice_filter_test": nil,
		"bad_calc":               {"survey!D2 syntax"},
		"xlsform_spec_test":      spec,
		"attribute_columns_test": append(slices.Clone(spec), "survey!E55 no_answer"),
		"duplicate_columns": {
			"survey!E1 column_twice", "survey!C16 repeat_count", "survey!A35 type_unsupported", "survey!D44 no_answer", "survey!D46 no_answer",
			"survey!D50 no_answer", "survey!D52 no_answer", "survey!D54 no_answer",
		},
		"xl_date_ambiguous": {
			"settings!C2 formula", "settings!D2 formula", "settings!E2 formula", "survey!C2 formula", "survey!L5 syntax", "choices!C2 formula",
			"choices!C2 text_reference", "choices!C3 text_reference", "choices!C4 text_reference",
		},
		"socio-economic-survey-v20240515": {"survey!D4 formula", "survey!O12 function_unsupported", "choices!D2 formula"},
	} {
		res, err := take(fixture(t, name+".xlsx"), name+".xlsx")
		if got := complaints(err); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
		if (res == nil) != (want != nil) {
			t.Errorf("%s: a form in spite of errors, or none without", name)
		}
	}
}

func TestCascadeOfThreeLists(t *testing.T) {
	res, err := take(fixture(t, "choice_filter_test.xlsx"), "choice_filter_test.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	s := load(t, res).Begin(nil, noon)
	offered := func(path string) string {
		var out []string
		for _, c := range s.Choices(path) {
			out = append(out, c.Code)
		}
		return strings.Join(out, " ")
	}
	if got := offered("part/county"); got != "" {
		t.Errorf("before a state is chosen, counties are offered: %s", got)
	}
	s.Set("part/state", "texas")
	if got := offered("part/county"); got != "king@texas cameron" {
		t.Errorf("counties of Texas: %s", got)
	}
	s.Set("part/county", "king@texas")
	if got, want := offered("part/city"), "dumont@king@texas finney@king@texas seattle@king@texas redmond@king@texas"; got != want {
		t.Errorf("cities: %s, want %s", got, want)
	}
	s.Set("part/county", "cameron")
	if got := offered("part/city"); got != "brownsville harlingen" {
		t.Errorf("cities of Cameron: %s", got)
	}
}
