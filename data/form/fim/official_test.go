package fim

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/record"
)

// official unpacks the 46 schemata of the FIM portal.
func official(t testing.TB) []string {
	pack := filepath.Join(shared(t), "forms", "fim", "xdf3-46.tar.xz")
	dir := t.TempDir()
	if out, err := exec.Command("tar", "xJf", pack, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("cannot unpack the schemata: %v %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) != 46 {
		t.Fatalf("%d schemata, %v", len(files), err)
	}
	slices.Sort(files)
	return files
}

func lists(t testing.TB) *Lists {
	files, err := filepath.Glob(filepath.Join(shared(t), "forms", "codelists", "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	l := &Lists{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Add(f, filepath.Base(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		f.Close()
	}
	return l
}

// thing is an element of a schema as plain XML: a second, simple reading beside the importer's.
type thing struct {
	name  string
	attrs map[string]string
	text  string
	kids  []*thing
}

func tree(t *testing.T, b []byte) *thing {
	dec := xml.NewDecoder(bytes.NewReader(b))
	root := &thing{}
	stack := []*thing{root}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return root.kids[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		top := stack[len(stack)-1]
		switch s := tok.(type) {
		case xml.StartElement:
			if s.Name.Local == "relation" {
				if err := dec.Skip(); err != nil {
					t.Fatal(err)
				}
				continue
			}
			k := &thing{name: s.Name.Local, attrs: map[string]string{}}
			for _, a := range s.Attr {
				k.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, k)
			stack = append(stack, k)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(s)
		}
	}
}

func (x *thing) all(path ...string) []*thing {
	at := []*thing{x}
	for _, name := range path {
		var next []*thing
		for _, y := range at {
			for _, k := range y.kids {
				if k.name == name {
					next = append(next, k)
				}
			}
		}
		at = next
	}
	return at
}

func (x *thing) word(path ...string) string {
	for _, k := range x.all(path...) {
		return strings.Join(strings.Fields(k.text), " ")
	}
	return ""
}

// item is a group or field of the native form, as its file says.
type item struct {
	Group, Field, Type, Min, Max, Pattern, List string
	Label, Help                                 map[string]string
	Legal                                       []string
	Required                                    bool
	Repeat                                      *struct{ Min, Max int }
	MinLength                                   int `json:"min_length"`
	MaxLength                                   int `json:"max_length"`
	Choices                                     []struct{ Code string }
	Items                                       []item
}

func flatten(items []item, above string, into map[string]item) {
	for _, i := range items {
		path := strings.TrimPrefix(above+"/"+or(i.Group, i.Field), "/")
		into[path] = i
		flatten(i.Items, path, into)
	}
}

// TestOfficialSchemata imports all of them, loads every form, compares each place with the file and counts
// the rules.
func TestOfficialSchemata(t *testing.T) {
	var sum imported.Rules
	named := 0
	l := lists(t)
	for _, name := range official(t) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Import(bytes.NewReader(b), filepath.Base(name), Options{Lists: l})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f, err := form.Parse(r.JSON)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.Roles[record.RoleFamily] != "" || f.Roles[record.RoleOrg] != "" {
			named++
		}
		// Its only telephone is that of another office than the company's own.
		if f.Ref().ID == "S00000000366" && (f.Roles[record.RoleOrg] == "" || len(f.Roles) != 1) {
			t.Errorf("%s: roles %v", name, f.Roles)
		}
		c := &comparison{t: t, name: filepath.Base(name), places: map[string]item{}}
		var native struct {
			Groups []item
			Rules  []struct{ Text map[string]string }
		}
		if err := json.Unmarshal(r.JSON, &native); err != nil {
			t.Fatal(err)
		}
		flatten(native.Groups, "", c.places)
		schema := tree(t, b).all("stammdatenschema")[0]
		c.below(schema, "", schema.word(identity, "id"))
		if c.fields != r.Report.Fields || c.groups != r.Report.Groups || c.rules != r.Report.Rules.Total {
			t.Errorf("%s: %d fields, %d groups, %d rules in the file; %+v", name, c.fields, c.groups, c.rules, r.Report)
		}
		if n := r.Report.Rules; n.Translated+n.Unresolved != n.Total || len(r.Report.Open) != n.Unresolved {
			t.Errorf("%s: %+v", name, n)
		}
		if r.Report.Rules.Unresolved > 0 && len(f.Unresolved()) == 0 {
			t.Errorf("%s: open rules and still to be published", name)
		}
		sum.Total += r.Report.Rules.Total
		sum.Translated += r.Report.Rules.Translated
		s := f.Begin(nil, noon)
		for _, fl := range f.Fields() {
			if len(fl.Choices()) > 0 && fl.Repeat == nil {
				s.Set(fl.Path, fl.Choices()[0].Code)
			}
		}
	}
	share := float64(sum.Translated) / float64(sum.Total)
	t.Logf("%d of %d rules translated: %.1f %%", sum.Translated, sum.Total, 100*share)
	if named < 37 {
		t.Errorf("%d schemata say whom a case is about", named)
	}
	if sum.Total != 528 || share < 0.8 {
		t.Errorf("%d of %d rules translated", sum.Translated, sum.Total)
	}
}

type comparison struct {
	t                     *testing.T
	name                  string
	places                map[string]item
	fields, groups, rules int
}

// below walks the schema's own structure. loose is the group that holds fields right below the schema.
func (c *comparison) below(x *thing, path, loose string) {
	c.rules += len(x.all("regel"))
	seen := map[string]int{}
	for _, s := range x.all("struktur") {
		e := s.all("enthaelt")[0].kids[0]
		name := e.word(identity, "id")
		if seen[name]++; seen[name] > 1 {
			name += fmt.Sprintf(".%d", seen[name])
		}
		at := path + "/" + name
		if path == "" && e.name == "datenfeld" {
			at = loose + "/" + name
		}
		at = strings.TrimPrefix(at, "/")
		i, ok := c.places[at]
		if !ok {
			for n := 2; !ok && n < 5 && path == ""; n++ { // a second run of loose fields
				i, ok = c.places[fmt.Sprintf("%s.%d/%s", loose, n, name)]
			}
		}
		if !ok {
			c.t.Errorf("%s: %s is lost", c.name, at)
			continue
		}
		c.same(at, e, s, i)
		if e.name == "datenfeld" {
			c.fields++
			c.rules += len(e.all("regel"))
		} else {
			c.groups++
			c.below(e, at, "")
		}
	}
}

// same compares one place.
func (c *comparison) same(at string, e, s *thing, i item) {
	miss := func(what, want string, got any) {
		c.t.Errorf("%s: %s has lost its %s %q: %v", c.name, at, what, want, got)
	}
	if want := e.word("bezeichnungEingabe"); i.Label["de"] != want {
		miss("label", want, i.Label)
	}
	help := strings.Join(strings.Fields(i.Help["de"]), " ")
	for _, k := range []string{"hilfetextEingabe", "hilfetextAusgabe", "inhalt"} {
		if want := e.word(k); !strings.Contains(help, want) && i.Label["de"] != want {
			miss(k, want, help)
		}
	}
	for _, l := range append(e.all("bezug"), s.all("bezug")...) {
		if want := strings.Join(strings.Fields(l.text), " "); want != "" && !slices.Contains(i.Legal, want) {
			miss("statute", want, i.Legal)
		}
	}
	want, got := s.word("anzahl"), "1:1"
	if i.Repeat != nil {
		got = fmt.Sprintf("%d:%d", i.Repeat.Min, i.Repeat.Max)
	}
	if want = strings.ReplaceAll(want, "*", "0"); want != got && (want != "0:1" || i.Repeat != nil) {
		miss("cardinality", want, got)
	}
	if e.name == "datenfeld" {
		c.answer(at, e, i, miss)
	}
}

func (c *comparison) answer(at string, e *thing, i item, miss func(what, want string, got any)) {
	for _, p := range e.all("praezisierung") {
		for k, want := range p.attrs {
			got := map[string]string{
				"minLength": fmt.Sprint(i.MinLength), "maxLength": fmt.Sprint(i.MaxLength), "minValue": i.Min, "maxValue": i.Max, "pattern": i.Pattern,
			}[k]
			if got != want {
				miss(k, want, got)
			}
		}
	}
	kind, typ := e.word("feldart", "code"), e.word("datentyp", "code")
	want := []string{map[string]string{"text": "text", "num": "decimal", "num_int": "integer", "bool": "boolean", "date": "date", "file": "file"}[typ], "multiline"}
	switch kind {
	case "label":
		want = []string{"note"}
	case "select":
		want = []string{"choice"}
		if len(e.all("werte")) == 0 && i.List == "" {
			want = []string{"text"}
			if urn := e.word("codelisteReferenz", "canonicalIdentification"); urn == "" || !strings.Contains(i.Help["de"], urn) {
				miss("code list", urn, i.Help)
			}
		}
	}
	if !slices.Contains(want, i.Type) {
		miss("type", fmt.Sprint(want), i.Type)
	}
	var codes, own []string
	for _, w := range e.all("werte", "wert", "code") {
		codes = append(codes, strings.TrimSpace(w.text))
	}
	for _, o := range i.Choices {
		own = append(own, o.Code)
	}
	if !slices.Equal(codes, own) {
		miss("values", fmt.Sprint(codes), own)
	}
}

// BenchmarkOfficial imports all 46 schemata, 50 MB, one after the other.
func BenchmarkOfficial(b *testing.B) {
	var files [][]byte
	size := 0
	for _, name := range official(b) {
		f, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, f)
		size += len(f)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range files {
			if _, err := Import(bytes.NewReader(f), "schema.xml", Options{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
