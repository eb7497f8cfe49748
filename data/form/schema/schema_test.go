package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/fim"
	"schalter/data/form/formtest"
)

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// compile gives the schema to a library that nobody here wrote.
func compile(t fataler, f *form.Form) *jsonschema.Schema {
	t.Helper()
	b, err := Of(f)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("form.json", doc); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	s, err := c.Compile("form.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return s
}

// plain sends a document through its text, as another program would get it.
func plain(t fataler, doc any) any {
	t.Helper()
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestServicesHaveASchema(t *testing.T) {
	l, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.All() {
		s := compile(t, f)
		if err := s.Validate(plain(t, map[string]any{"unbekannt": 1})); err == nil {
			t.Errorf("%s: takes what it does not know", f.ID)
		}
		if a, _ := Of(f); !bytes.Equal(a, must(Of(f))) {
			t.Errorf("%s: not the same twice", f.ID)
		}
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestAFilledSampleIsValid(t *testing.T) {
	f := formtest.Sample(300)
	s := f.Begin(nil, monday)
	paths, texts := formtest.Typed(f)
	for i, p := range paths {
		s.Set(p, texts[i])
	}
	if err := compile(t, f).Validate(plain(t, Answers(f, s.Values()))); err != nil {
		t.Error(err)
	}
}

func TestShape(t *testing.T) {
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [
		{"group": "a", "label": {"de": "A"}, "items": [
			{"field": "n", "type": "money", "label": {"de": "N"}}, {"field": "ja", "type": "boolean", "label": {"de": "J"}},
			{"field": "m", "type": "multichoice", "label": {"de": "M"}, "choices": [{"code": "u", "label": {"de": "U"}}, {"code": "v", "label": {"de": "V"}}]}]},
		{"group": "r", "label": {"de": "R"}, "repeat": {"max": 3}, "items": [
			{"field": "t", "type": "text", "label": {"de": "T"}, "repeat": {"max": 2}},
			{"group": "g", "label": {"de": "G"}, "items": [{"field": "d", "type": "date", "label": {"de": "D"}}]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Begin(map[string]string{"a/n": "1234.50", "a/ja": "true", "a/m": "u\nv", "r[2]/t[1]": "x", "r[2]/t[2]": "y", "r[3]/g/d": "2026-11-23"}, monday)
	b, _ := json.Marshal(Answers(f, s.Values()))
	want := `{"a":{"ja":true,"m":["u","v"],"n":1234.50},"r":[{},{"t":["x","y"]},{"g":{"d":"2026-11-23"}}]}`
	if string(b) != want {
		t.Errorf("%s\nwant %s", b, want)
	}
	if err := compile(t, f).Validate(plain(t, Answers(f, s.Values()))); err != nil {
		t.Error(err)
	}
}

// kinds are all types with texts somebody could type, and more of the field's file.
var kinds = []struct {
	typ   form.Type
	more  string
	typed []string
}{
	{form.TypeText, `, "max_length": 8, "pattern": "[A-Z][a-zäöüß]*", "pattern_text": {"de": "x"}`, []string{"Größe", "Weg"}},
	{form.TypeText, `, "pattern": "(?i)[A-Z]*", "pattern_text": {"de": "x"}`, []string{"weg"}},
	{form.TypeMultiline, `, "min_length": 2`, []string{"a\nb", "Zeile"}},
	{form.TypeInteger, `, "min": "-5", "max": "100"`, []string{"7", "-3", "1e"}},
	{form.TypeDecimal, `, "decimals": 3`, []string{"12,125", "0,5", "1.234"}},
	{form.TypeDecimal, `, "decimals": 0`, []string{"12"}},
	{form.TypeMoney, `, "min": "0.01"`, []string{"12,5", "1.234,50", "0,01"}},
	{form.TypeDate, `, "max": "today"`, []string{"heute", "2.5.1988", "29.2.2024"}},
	{form.TypeMonth, ``, []string{"3/24"}},
	{form.TypeTime, `, "min": "08:00"`, []string{"8:30", "2359"}},
	{form.TypeBoolean, ``, []string{"ja", "nein"}},
	{form.TypeChoice, `, "list": "l"`, []string{"a", "b"}},
	{form.TypeMulti, `, "list": "l"`, []string{"a", "a;b"}},
	{form.TypeFile, ``, []string{"x", "x\ny"}},
	{form.TypeSignature, ``, []string{"1,2 3,4;5,6"}},
	{form.TypeIBAN, ``, []string{"DE89370400440532013000", "NO9386011117947"}},
	{form.TypeBIC, ``, []string{"MARKDEF1100", "COBADEFF"}},
	{form.TypePostcode, ``, []string{"65428", "A-1010", "NL-1012 AB"}},
	{form.TypeAGS, ``, []string{"06433012"}},
	{form.TypePhone, ``, []string{"06142 83100"}},
	{form.TypeEmail, ``, []string{"a@b.de", "jürgen@müller.de"}},
	{form.TypePlate, ``, []string{"GG-AB 123E", "WI-3012", "TÜ-X 12"}},
	{form.TypeChip, ``, []string{"276098104123344"}},
	{form.TypeParcel, ``, []string{"Musterstadt 3 124/5", "Bad Homburg, Flurstück 7"}},
	{form.TypeTaxID, ``, []string{"86095742719"}},
	{form.TypeCreditor, ``, []string{"DE98ZZZ09999999999", "AT61ZZZ01234567890"}},
}

// drawForm makes a form of one to three groups, some of them repeated or nested, with fields of every type.
func drawForm(t *rapid.T) *form.Form {
	n := 0
	var group func(depth int) string
	group = func(depth int) string {
		n++
		name := fmt.Sprintf("g%d", n)
		var items []string
		for range rapid.IntRange(1, 4).Draw(t, "items") {
			if depth < 2 && rapid.IntRange(0, 4).Draw(t, "nest") == 0 {
				items = append(items, group(depth+1))
				continue
			}
			n++
			k := rapid.IntRange(0, len(kinds)-1).Draw(t, "kind")
			items = append(items, fmt.Sprintf(`{"field": "f%d_%d", "type": %q, "label": {"de": "F"}, "required": %v%s%s}`,
				n, k, kinds[k].typ, rapid.Bool().Draw(t, "required"), kinds[k].more, repeat(t)))
		}
		return fmt.Sprintf(`{"group": %q, "label": {"de": "G"}%s, "items": [%s]}`, name, repeat(t), strings.Join(items, ","))
	}
	var groups []string
	for range rapid.IntRange(1, 3).Draw(t, "groups") {
		groups = append(groups, group(0))
	}
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"},
		"lists": {"l": {"choices": [{"code": "a", "label": {"de": "A"}}, {"code": "b", "label": {"de": "B"}}]}}, "groups": [` + strings.Join(groups, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func repeat(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "repeat") > 0 {
		return ""
	}
	return fmt.Sprintf(`, "repeat": {"min": %d, "max": 3}`, rapid.IntRange(0, 2).Draw(t, "min"))
}

// fill types something fitting into the fields: into all that must be answered, into some of the others.
func fill(t *rapid.T, s *form.Session) {
	for _, p := range s.Places() {
		if p.Row == 0 && (p.Item.Group != nil && p.Item.Group.Repeat != nil || p.Item.Field != nil && p.Item.Field.Repeat != nil) && rapid.Bool().Draw(t, "row") {
			s.AddRow(p.Path)
		}
	}
	for _, p := range s.Places() {
		if f := p.Item.Field; f != nil && (f.Required || rapid.Bool().Draw(t, "fill")) {
			k := 0
			_, _ = fmt.Sscanf(f.Name[strings.IndexByte(f.Name, '_')+1:], "%d", &k)
			s.Set(p.Path, rapid.SampledFrom(kinds[k].typed).Draw(t, "typed"))
		}
	}
}

// What the form finds in order is valid; what breaks a type, a list or the shape is not.
func TestFilledFormsAreValidAndBrokenOnesAreNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		s := f.Begin(nil, monday)
		fill(t, s)
		if slices.ContainsFunc(s.Problems(), func(p form.Problem) bool { return p.Severity == form.SeverityError }) {
			return
		}
		schema := compile(t, f)
		doc := Answers(f, s.Values())
		if err := schema.Validate(plain(t, doc)); err != nil {
			t.Fatalf("%v\n%s", err, must(json.Marshal(doc)))
		}
		broken := plain(t, doc)
		what := spoil(t, broken.(map[string]any))
		if what == "" {
			return
		}
		if schema.Validate(broken) == nil {
			t.Fatalf("valid in spite of %s:\n%s", what, must(json.Marshal(broken)))
		}
	})
}

// spoil breaks one place of a document that was valid.
func spoil(t *rapid.T, doc map[string]any) string {
	keys := make([]string, 0, len(doc))
	for k := range doc {
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		doc["fremd"] = "x"
		return "a foreign key"
	}
	slices.Sort(keys)
	k := rapid.SampledFrom(keys).Draw(t, "spoil")
	list, many := doc[k].([]any)
	if sub, ok := doc[k].(map[string]any); ok && rapid.Bool().Draw(t, "deeper") {
		return spoil(t, sub)
	}
	if many && len(list) > 0 {
		if sub, ok := list[0].(map[string]any); ok && rapid.Bool().Draw(t, "deeper") {
			return spoil(t, sub)
		}
	}
	doc[k] = nil
	if many && rapid.Bool().Draw(t, "element") {
		doc[k] = append(slices.Clone(list), true)
		if len(list) > 0 && list[0] == true || len(list) > 0 && list[0] == false {
			doc[k] = append(slices.Clone(list), "x")
		}
	}
	return k
}

func TestLimitsOfTypesAreThere(t *testing.T) {
	for typ, c := range map[string]struct{ more, bad string }{
		"text":        {`, "max_length": 3`, `"abcd"`},
		"integer":     {`, "max": "5"`, `6`},
		"decimal":     {``, `1.234`},
		"money":       {``, `"1.00"`},
		"date":        {``, `"2026-02-30"`},
		"month":       {``, `"2026-13"`},
		"time":        {``, `"24:00"`},
		"boolean":     {``, `"true"`},
		"choice":      {`, "choices": [{"code": "a", "label": {"de": "A"}}]`, `"b"`},
		"multichoice": {`, "choices": [{"code": "a", "label": {"de": "A"}}]`, `["a", "a"]`},
		"signature":   {``, `"M1 2"`},
		"iban":        {``, `"de89"`},
		"postcode":    {``, `"1234"`},
		"email":       {``, `"a.b"`},
		"taxid":       {``, `"012"`},
	} {
		f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "g", "label": {"de": "G"}, "items": [{"field": "f", "type": "` + typ + `", "label": {"de": "F"}` + c.more + `}]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		doc, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"g": {"f": ` + c.bad + `}}`))
		if compile(t, f).Validate(doc) == nil {
			t.Errorf("%s takes %s", typ, c.bad)
		}
	}
}

// Every official schema at hand becomes a schema that compiles; answers typed at random are valid wherever
// the form is content.
func TestOfficialFormsHaveASchema(t *testing.T) {
	n := 0
	formtest.Schemata(t, func(name string, file io.Reader) {
		if n++; n%8 != 1 && os.Getenv("SCHALTER_LONG") == "" {
			return
		}
		res, err := fim.Import(file, name, fim.Options{FreeText: true})
		if err != nil {
			t.Fatal(err)
		}
		f, err := form.Parse(res.JSON)
		if err != nil {
			t.Fatal(err)
		}
		s := f.Begin(nil, monday)
		compiled := compile(t, f)
		wrong := map[string]bool{}
		for _, p := range s.Places() {
			for _, typed := range []string{"12", "ja", "1.2.2020", "DE89370400440532013000", "x"} {
				if x := p.Item.Field; x != nil && s.State(p.Path).Value == "" {
					if x.Type.Listed() {
						typed = x.Choices()[0].Code
					}
					s.Set(p.Path, typed)
				}
			}
			wrong[p.Path] = slices.ContainsFunc(s.State(p.Path).Problems, func(p form.Problem) bool { return p.Severity == form.SeverityError })
		}
		values := s.Values()
		for p := range wrong {
			if wrong[p] {
				delete(values, p)
			}
		}
		var e *jsonschema.ValidationError
		if err := compiled.Validate(plain(t, Answers(f, values))); errors.As(err, &e) {
			for _, cause := range leaves(e) {
				if k := fmt.Sprintf("%T", cause.ErrorKind); k != "*kind.Required" && k != "*kind.MinItems" { // left open
					t.Errorf("%s: %v", f.ID, cause)
				}
			}
		}
	})
	if n < 40 {
		t.Fatalf("%d schemata", n)
	}
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	return out
}
