package fim

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schalter/data/record"
)

// fault is where and why a file is refused.
type fault struct {
	code    record.Code
	line    int
	element string
}

func check(t *testing.T, err error, want fault) {
	t.Helper()
	e, ok := err.(*record.Error) //nolint:errorlint // the importer's own error, not a wrapped one
	switch {
	case want.code == "" && err == nil:
	case !ok:
		t.Errorf("got %v, want %v", err, want)
	case e.Code != want.code || e.Args["line"] != want.line || e.Args["element"] != want.element || e.Args["file"] == "":
		t.Errorf("got %v, want %v", err, want)
	}
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<x:xdatenfelder.stammdatenschema.0102 xmlns:x="` + spaceXDF3 + `">
<x:stammdatenschema>
<x:` + identity + `><x:id>S1</x:id><x:version>1.0</x:version></x:` + identity + `>
<x:name>Probe</x:name>
`

const tail = `</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>`

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want fault
	}{
		"nothing":            {"", fault{record.CodeFIMSyntax, 1, ""}},
		"no XML":             {"Guten Tag", fault{record.CodeFIMSyntax, 1, ""}},
		"HTML":               {"<!-- x -->\n<html/>", fault{record.CodeFIMKind, 2, "html"}},
		"cut off":            {head + "<x:regel>\n<x:name>", fault{record.CodeFIMSyntax, 7, "name"}},
		"wrong end":          {head + "</x:name>", fault{record.CodeFIMSyntax, 6, "stammdatenschema"}},
		"a second root":      {head + tail + "\n<x/>", fault{record.CodeFIMUnexpected, 7, "x"}},
		"a bomb":             {`<?xml version="1.0"?>` + "\n" + `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>` + "\n<l>&b;</l>", fault{record.CodeFIMDoctype, 2, "!DOCTYPE"}},
		"an external entity": {"<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><l>&x;</l>", fault{record.CodeFIMDoctype, 1, "!DOCTYPE"}},
		"an unknown entity":  {head + "<x:hilfetext>&geheim;</x:hilfetext>" + tail, fault{record.CodeFIMSyntax, 6, "hilfetext"}},
		"another encoding":   {`<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n<l/>", fault{record.CodeFIMEncoding, 1, "?xml"}},
		"bytes of Latin-1":   {head + "<x:hilfetext>Stra\xdfe</x:hilfetext>" + tail, fault{record.CodeFIMSyntax, 6, "hilfetext"}},
		"UTF-16":             {"\xff\xfe<\x00l\x00/\x00>\x00", fault{record.CodeFIMSyntax, 1, ""}},
		"too deep":           {head + strings.Repeat("<x:struktur><x:enthaelt><x:datenfeldgruppe>", 100), fault{record.CodeFIMDeep, 6, "struktur"}},
		"another namespace":  {strings.ReplaceAll(head, "3.0.0", "9") + tail, fault{record.CodeFIMNamespace, 2, "xdatenfelder.stammdatenschema.0102"}},
		"an element of another": {
			head + `<y:hilfetext xmlns:y="urn:y">x</y:hilfetext>` + tail, fault{record.CodeFIMUnexpected, 6, "hilfetext"},
		},
		"text between":         {head + "was?" + tail, fault{record.CodeFIMUnexpected, 5, "stammdatenschema"}},
		"no cardinality":       {head + "<x:struktur>\n<x:enthaelt><x:datenfeldgruppe><x:" + identity + "><x:id>G1</x:id></x:" + identity + "></x:datenfeldgruppe></x:enthaelt></x:struktur>" + tail, fault{record.CodeFIMMissing, 6, "anzahl"}},
		"a wrong cardinality":  {head + "<x:struktur>\n<x:anzahl>3:2</x:anzahl></x:struktur>" + tail, fault{record.CodeFIMValue, 7, "anzahl"}},
		"nothing in it":        {head + "<x:struktur><x:anzahl>1:1</x:anzahl>\n<x:enthaelt/></x:struktur>" + tail, fault{record.CodeFIMMissing, 7, "datenfeld"}},
		"an id that is a path": {strings.Replace(head, "S1", "../S1", 1) + tail, fault{record.CodeFIMValue, 4, "id"}},
		"a version of words":   {strings.Replace(head, "1.0</x:v", "neu</x:v", 1) + tail, fault{record.CodeFIMValue, 3, "version"}},
		"an unknown kind of field": {
			head + "<x:struktur><x:anzahl>1:1</x:anzahl><x:enthaelt><x:datenfeld><x:" + identity + "><x:id>F1</x:id></x:" + identity + ">\n<x:feldart>\n<code>neu</code></x:feldart>", fault{record.CodeFIMValue, 8, "code"},
		},
		"a value twice": {
			head + "<x:struktur><x:anzahl>1:1</x:anzahl><x:enthaelt><x:datenfeld>\n<x:werte><x:wert><code>1</code></x:wert>\n<x:wert><code>1</code></x:wert>", fault{record.CodeFIMTwice, 8, "code"},
		},
		"a rule without an id": {head + "<x:regel><x:name>R</x:name></x:regel>" + tail, fault{record.CodeFIMMissing, 6, identity}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Import(strings.NewReader(c.file), "probe.xml", Options{})
			check(t, err, c.want)
		})
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	x := newReader(io.MultiReader(strings.NewReader(head+"<!--"), neverEnding('x')), "probe.xml")
	x.in.left = 1 << 20
	_, err := x.message()
	check(t, err, fault{record.CodeFIMLarge, 6, "stammdatenschema"})
}

type neverEnding byte

func (n neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(n)
	}
	return len(p), nil
}

func TestCodeListsAreRefusedWithAPlace(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want fault
	}{
		"a schema":   {head + tail, fault{record.CodeFIMKind, 2, "xdatenfelder.stammdatenschema.0102"}},
		"cut off":    {colours[:strings.Index(colours, "<Row>")+5], fault{record.CodeFIMSyntax, 4, "Row"}},
		"no rows":    {strings.ReplaceAll(colours, "Row>", "Zeile>"), fault{record.CodeFIMMissing, 1, "Row"}},
		"no columns": {strings.ReplaceAll(colours, "<Column ", "<Spalte "), fault{record.CodeFIMValue, 4, "Value"}},
		"an unknown column": {
			strings.Replace(colours, `<Value ColumnRef="art">`, `<Value ColumnRef="x">`, 1), fault{record.CodeFIMValue, 4, "Value"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, new(Lists).Add(strings.NewReader(c.file), "liste.xml"), c.want)
		})
	}
}

// The small files of other projects: what they accept is imported, what they refuse is refused at its place.
func TestSmallFilesOfOthers(t *testing.T) {
	dir := filepath.Join(shared(t), "forms", "xdf-unit")
	for name, want := range map[string]fault{
		"v2/minimal.xml": {}, "v2/label.xml": {}, "v2/simple.xml": {}, "v2/select.xml": {}, "v2/rule.xml": {}, "v2/data-field-rule.xml": {},
		"v2/data-group-rule.xml": {}, "v3/simple.xml": {}, "v3/input.xml": {}, "v3/xmlstruct-xdf3-schema.xml": {},
		"v2/unknown-namespace.xml":        {record.CodeFIMNamespace, 2, "xdatenfelder.stammdatenschema.0102"},
		"v2/duplicate-optional-value.xml": {record.CodeFIMTwice, 15, "beschreibung"},
		"v2/duplicate-required-value.xml": {record.CodeFIMTwice, 13, "name"},
		"v3/duplicate-id-node.xml":        {record.CodeFIMTwice, 11, "id"},
		"v3/empty-id-node.xml":            {record.CodeFIMMissing, 10, "id"},
		"v3/missing-id-node.xml":          {record.CodeFIMMissing, 9, "id"},
		"v3/unexpected-node.xml":          {record.CodeFIMUnexpected, 11, "unknown"},
		"v3/unknown-namespace.xml":        {record.CodeFIMNamespace, 2, "xdatenfelder.datenfeldgruppe.0103"},
		"v3/invalid-freigabestatus.xml":   {record.CodeFIMValue, 18, "code"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			r, err := Import(f, filepath.Base(name), Options{})
			check(t, err, want)
			if err == nil && len(r.Report.Open) != r.Report.Rules.Unresolved {
				t.Errorf("%+v", r.Report)
			}
		})
	}
}

// shared is the folder of material that stands beside the repository.
func shared(t testing.TB) string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "fixtures"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the folder ../shared/fixtures is missing")
	}
	return dir
}
