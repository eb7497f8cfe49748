package fim

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/record"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestRulesDoWhatTheySay(t *testing.T) {
	_, f := load(t, schemaOf([]string{
		`Wenn F99000000014 "Art des Standes" = 001 "Imbiss", dann muss die Gruppe G99000000002 "Anschrift" befüllt werden. ` +
			`Wenn F99000000014 "Art des Standes" <> 001 "Imbiss", dann darf die Gruppe G99000000002 "Anschrift" nicht befüllt werden.`,
		`Es muss mindestens eines der Felder F99000000016 "Telefon" oder F99000000017 "E-Mail" befüllt sein.`,
	}, stand()...), Options{})
	s := f.Begin(nil, noon)
	const street, art = "G99000000002/F99000000021", "G99000000001/F99000000014"
	if s.Group("G99000000002").Visible {
		t.Error("the address shows although nobody has said what kind of stand it is")
	}
	s.Set(art, "001")
	if !s.Group("G99000000002").Visible || !s.State(street).Required || s.State("G99000000002/F99000000023").Required {
		t.Errorf("street: %+v", s.State(street))
	}
	s.Set(street, "Am Brunnen")
	s.Set(art, "002")
	if _, kept := s.Values()[street]; kept {
		t.Error("an address that must not be filled is submitted")
	}
	broken := func() bool {
		return slices.ContainsFunc(s.State("G99000000001/F99000000016").Problems, func(p form.Problem) bool { return p.Rule != "" })
	}
	if !broken() {
		t.Error("neither telephone nor mail, and nothing is said")
	}
	s.Set("G99000000001/F99000000017", "a@example.de")
	if broken() {
		t.Error("there is a mail address, and still something is said")
	}
	for _, p := range s.Problems() {
		if strings.Contains(p.Text("de"), "F99") {
			t.Errorf("an id in a sentence for people: %s", p.Text("de"))
		}
	}
}

// An optional group asks for its mandatory fields once somebody has begun to fill it.
func TestOptionalGroups(t *testing.T) {
	_, f := load(t, schemaOf(nil, stand()...), Options{})
	s := f.Begin(nil, noon)
	town := "G99000000002/F99000000022"
	if s.State(town).Required {
		t.Error("the town of an address nobody has begun is required")
	}
	s.Set("G99000000002/F99000000023", "Hinterhaus")
	if !s.State(town).Required {
		t.Error("an address without a town")
	}
	s.AddRow("G99000000006")
	if !s.State("G99000000006[1]/F99000000061").Required {
		t.Error("a row is there and its mandatory field is not required")
	}
}

// The rule about days must agree with the calendar.
func TestDaysOfTheCalendar(t *testing.T) {
	_, f := load(t, schemaOf([]string{
		`Wenn alle drei Felder F99000000051 "Tag", F99000000052 "Monat" und F99000000053 "Jahr" befüllt sind, muss die Validität des sich ergebenden Kalenderdatums sichergestellt werden.`,
	}, stand()...), Options{})
	s := f.Begin(nil, noon)
	number := func(n int) string { b, _ := json.Marshal(n); return string(b) }
	rapid.Check(t, func(t *rapid.T) {
		d, m, y := rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1850, 2080).Draw(t, "year")
		s.Set("G99000000005/F99000000051", number(d))
		s.Set("G99000000005/F99000000052", number(m))
		s.Set("G99000000005/F99000000053", number(y))
		real := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
		if said := len(s.State("G99000000005/F99000000051").Problems) == 0; said != real {
			t.Fatalf("%d.%d.%d: %v", d, m, y, said)
		}
	})
}

func TestTheOwnLandDecides(t *testing.T) {
	prose := `Für die Länder SL, SN gilt: WENN F99000000012 "Abfrage Verein" = "wahr", DANN muss F99000000013 "Vereinsregister" befüllt werden. ` +
		`Für das Land RP gilt: Das Feld F99000000013 "Vereinsregister" muss befüllt werden. ` +
		`Für alle anderen Länder gilt: Das Feld F99000000013 "Vereinsregister" darf nicht angezeigt werden.`
	for land, want := range map[string]string{
		"sn": "require F99000000013 if F99000000012 = true", "rp": "require F99000000013 if equal", "he": "hide F99000000013 if 1 = 1",
	} {
		r, _ := load(t, schemaOf(nil, stand(prose)...), Options{Land: land})
		got := notation(t, r.JSON, "R9")
		if land == "rp" {
			want = "require F99000000013 if 1 = 1"
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", land, got, want)
		}
	}
}

// Three questions that each show one field "otherwise not" contradict each other.
func TestContradictionsStayOpen(t *testing.T) {
	r, _ := load(t, schemaOf(nil, stand(
		`Wenn F99000000012 = "Ja", dann zeige F99000000013 an, sonst zeige F99000000013 nicht an.`,
		`Wenn F99000000014 = 001, dann zeige F99000000013 an, sonst zeige F99000000013 nicht an.`,
		`Wenn F99000000014 = 002, dann zeige F99000000016 an.`,
		`Wenn F99000000014 = 003, dann zeige F99000000016 nicht an.`,
		`Wenn F99000000014 = 001, dann zeige F99000000016 an.`,
	)...), Options{})
	if r.Report.Rules.Unresolved != 2 || r.Report.Rules.Translated != 3 {
		t.Errorf("%+v %+v", r.Report.Rules, r.Report.Open)
	}
	got := notation(t, r.JSON, "R9003")
	if want := `show F99000000016 if F99000000014 = "002" or F99000000014 = "001"`; len(got) != 1 || got[0] != want {
		t.Errorf("two rules that show one field: %q", got)
	}
}

func TestFieldsKeepWhatTheyAre(t *testing.T) {
	list := `<x:codelisteReferenz><x:canonicalIdentification>urn:de:probe:farbe</x:canonicalIdentification><x:version>2</x:version><x:canonicalVersionUri>urn:de:probe:farbe_2</x:canonicalVersionUri></x:codelisteReferenz>`
	file := schemaOf(nil,
		f("F99000000001", "Lose", "1:1", "text").with(`<x:hilfetextEingabe>Hilfe</x:hilfetextEingabe><x:hilfetextAusgabe>Anderes</x:hilfetextAusgabe><x:bezug>§ 1 ProbeG</x:bezug>`),
		g("G99000000001", "Alles", "1:1",
			f("F99000000002", "Lang", "0:3", "text").with(`<x:praezisierung minLength="2" maxLength="1000"/>`),
			f("F99000000003", "Muster", "1:1", "text").with(`<x:praezisierung pattern="[A-Z]{2}"/><x:inhalt>AB</x:inhalt>`),
			f("F99000000004", "Betrag", "1:1", "num_currency").with(`<x:praezisierung minValue="0.5" maxValue="20"/>`),
			f("F99000000005", "Tag", "1:1", "date").with(`<x:praezisierung minValue="2020-01-01"/>`),
			f("F99000000006", "Beleg", "1:*", "file").with(`<x:maxSize>2500000</x:maxSize><x:mediaType>application/pdf</x:mediaType>`),
			f("F99000000007", "Fest", "1:1", "text").with(`<x:inhalt>X1</x:inhalt>`).as("locked"),
			f("F99000000008", "Still", "1:1", "num_int").with(`<x:inhalt>7</x:inhalt>`).as("hidden"),
			f("F99000000009", "Wort", "1:1", "text").with(`<x:inhalt>Bitte lesen.</x:inhalt>`).as("label"),
			f("F99000000010", "Farbe", "1:1", "text").as("select").with(list),
			f("F99000000011", "Wann", "0:1", "datetime"),
			f("F99000000011", "Wann noch", "0:1", "time"),
			f("F99000000012", "Unlesbar", "0:1", "text").with(`<x:praezisierung pattern="(?=a)b"/>`),
			g("G99000000002", "Leer", "0:1"),
		))
	r, form := load(t, file, Options{})
	item := func(path string) string {
		fl := form.Field(path)
		if fl == nil {
			t.Fatalf("no field %s in\n%s", path, r.JSON)
		}
		b, _ := json.Marshal([]any{fl.Type, fl.Required, fl.Min, fl.Max, fl.MinLength, fl.MaxLength, fl.Pattern, fl.Default, fl.Help["de"], fl.Legal, fl.Repeat, fl.Calculated(), fl.Internal, fl.Origin})
		return string(b)
	}
	for path, want := range map[string]string{
		"S99000000001/F99000000001":   `["text",true,"","",0,10000,"","","Hilfe\nAnderes",["§ 1 ProbeG"],null,false,false,"F99000000001 1.0.0"]`,
		"G99000000001/F99000000002":   `["multiline",false,"","",2,1000,"","","",null,{"Min":0,"Max":3},false,false,"F99000000002 1.0.0"]`,
		"G99000000001/F99000000003":   `["text",true,"","",0,10000,"[A-Z]{2}","AB","",null,null,false,false,"F99000000003 1.0.0"]`,
		"G99000000001/F99000000004":   `["money",true,"0.5","20",0,0,"","","",null,null,false,false,"F99000000004 1.0.0"]`,
		"G99000000001/F99000000005":   `["date",true,"2020-01-01","",0,0,"","","",null,null,false,false,"F99000000005 1.0.0"]`,
		"G99000000001/F99000000006":   `["file",true,"","",0,0,"","","Erlaubte Dateiarten: application/pdf.\nHöchstens 2,5 MB.",null,{"Min":1,"Max":0},false,false,"F99000000006 1.0.0"]`,
		"G99000000001/F99000000007":   `["text",false,"","",0,10000,"","","",null,null,true,false,"F99000000007 1.0.0"]`,
		"G99000000001/F99000000008":   `["integer",false,"","",0,0,"","","",null,null,true,true,"F99000000008 1.0.0"]`,
		"G99000000001/F99000000009":   `["note",false,"","",0,0,"","","Bitte lesen.",null,null,false,false,"F99000000009 1.0.0"]`,
		"G99000000001/F99000000010":   `["text",true,"","",0,10000,"","","Schlüssel aus der Codeliste urn:de:probe:farbe, Fassung 2.",null,null,false,false,"F99000000010 1.0.0"]`,
		"G99000000001/F99000000011.2": `["time",false,"","",0,0,"","","",null,null,false,false,"F99000000011 1.0.0"]`,
	} {
		if got := item(path); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	if v := form.Begin(nil, noon).Values(); v["G99000000001/F99000000007"] != "X1" || v["G99000000001/F99000000008"] != "7" {
		t.Errorf("fixed values: %v", v)
	}
	var codes []record.Code
	for _, n := range r.Report.Notes {
		codes = append(codes, n.Code)
	}
	if want := []record.Code{record.CodeFIMList, record.CodeFIMKept, record.CodeFIMEmpty}; !slices.Equal(codes, want) {
		t.Errorf("notes: %v", r.Report.Notes)
	}
	if r.Report.Fields != 13 || r.Report.Groups != 2 || r.Report.Codelists != 1 || len(form.Unresolved()) != 2 {
		t.Errorf("%+v, %d open", r.Report, len(form.Unresolved()))
	}
	free, again := load(t, file, Options{FreeText: true})
	if len(again.Unresolved()) != 1 || len(free.Report.Notes) != 3 {
		t.Error("free text was allowed and the list still keeps the form from being published")
	}
}

const colours = `<?xml version="1.0"?><gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification><ShortName>farbe</ShortName>
<Version>VERSION</Version><CanonicalUri>urn:de:probe:farbe</CanonicalUri></Identification><ColumnSet><Column Id="key" Use="required"/><Column Id="art" Use="required"/><Column Id="name" Use="required"/>
<Key Id="k"><ColumnRef Ref="key"/></Key></ColumnSet><SimpleCodeList>
<Row><Value ColumnRef="key"><SimpleValue>rt</SimpleValue></Value><Value ColumnRef="art"><SimpleValue>warm</SimpleValue></Value><Value ColumnRef="name"><SimpleValue>Rot VERSION</SimpleValue></Value></Row>
<Row><Value><SimpleValue>bl</SimpleValue></Value><Value><SimpleValue>kalt</SimpleValue></Value><Value><SimpleValue>Blau</SimpleValue></Value></Row>
</SimpleCodeList></gc:CodeList>`

func TestCodeListsAreTakenByVersion(t *testing.T) {
	lists := &Lists{}
	for _, v := range []string{"2", "10", "9"} {
		if err := lists.Add(strings.NewReader(strings.ReplaceAll(colours, "VERSION", v)), "farbe.xml"); err != nil {
			t.Fatal(err)
		}
	}
	ref := func(version string) string {
		return `<x:codelisteReferenz><x:canonicalIdentification>urn:de:probe:farbe</x:canonicalIdentification>` + version + `</x:codelisteReferenz>`
	}
	r, f := load(t, schemaOf([]string{`Wenn F99000000001 "Zwei" = rt, dann muss F99000000002 befüllt werden.`, `Wenn F99000000001 "Zwei" = "Blau", dann muss F99000000002 befüllt werden.`}, g("G99000000001", "Farben", "1:1",
		f("F99000000001", "Zwei", "1:1", "text").as("select").with(ref("<x:version>2</x:version>")),
		f("F99000000002", "Egal", "0:1", "text").as("select").with(ref("")),
		f("F99000000003", "Drei", "0:1", "text").as("select").with(ref("<x:version>3</x:version>")),
		f("F99000000004", "Auch zwei", "0:1", "text").as("select").with(ref("<x:version>2</x:version>")+"<x:nameKey>art</x:nameKey>"),
	)), Options{Lists: lists})
	label := func(id string) string {
		c := f.Field("G99000000001/" + id).Choices()
		if len(c) == 0 {
			return ""
		}
		return c[0].Code + " " + c[0].Label["de"]
	}
	got := []string{label("F99000000001"), label("F99000000002"), label("F99000000003"), label("F99000000004")}
	if want := []string{"rt Rot 2", "rt Rot 10", "", "rt warm"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := notation(t, r.JSON, "R9002"); len(n) != 1 || n[0] != `require F99000000002 if F99000000001 = "bl"` {
		t.Errorf("a rule about a label of the list: %q", n)
	}
	if !strings.Contains(string(r.JSON), `"urn": "urn:de:probe:farbe"`) {
		t.Error("the list has lost its name")
	}
}

// A group of alternatives takes exactly one of them.
func TestExclusiveGroups(t *testing.T) {
	_, form := load(t, schemaOf(nil, g("G99000000001", "Weg", "1:1",
		g("G99000000002", "Post", "1:1", f("F99000000001", "Straße", "1:1", "text")),
		g("G99000000003", "Netz", "1:1", f("F99000000002", "E-Mail", "1:1", "text")),
	).with(`<x:art><code>X</code></x:art>`)), Options{})
	s := form.Begin(nil, noon)
	count := func() int { return len(s.Problems()) }
	if count() != 1 {
		t.Errorf("nothing chosen: %v", s.Problems())
	}
	s.Set("G99000000001/G99000000003/F99000000002", "a@example.de")
	if count() != 0 {
		t.Errorf("one chosen: %v", s.Problems())
	}
	s.Set("G99000000001/G99000000002/F99000000001", "Am Brunnen")
	if count() != 1 {
		t.Errorf("both chosen: %v", s.Problems())
	}
}

func TestTheSameSchemaGivesTheSameBytes(t *testing.T) {
	file := schemaOf([]string{translations[17].prose}, stand(translations[0].prose, translations[8].prose)...)
	first, _ := load(t, file, Options{})
	for range 20 {
		again, _ := load(t, file, Options{})
		if !bytes.Equal(first.JSON, again.JSON) {
			t.Fatal("two imports of one file differ")
		}
	}
}

// Whatever words follow each other, a rule is translated or left open, and the form loads.
func TestAnyProseLeavesAForm(t *testing.T) {
	var words []string
	for _, c := range translations {
		words = append(words, strings.Fields(c.prose)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		prose := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 30).Draw(t, "words"), " ")
		r, err := Import(strings.NewReader(schemaOf([]string{prose}, stand(prose)...)), "probe.xml", Options{Land: "he"})
		if err != nil {
			t.Fatalf("%q: %v", prose, err)
		}
		if r.Report.Rules.Total != 2 || r.Report.Rules.Translated+r.Report.Rules.Unresolved != 2 || len(r.Report.Open) != r.Report.Rules.Unresolved {
			t.Fatalf("%q: %+v", prose, r.Report.Rules)
		}
	})
}

// Whole sentences in any order and number: more of them are translated, and none may break the form.
func TestAnySentencesLeaveAForm(t *testing.T) {
	var all []string
	for _, c := range translations {
		all = append(all, c.prose)
	}
	all = append(all, `Die Gruppe G99000000002 muss befüllt werden.`, `Die Gruppe G99000000003 muss befüllt werden.`,
		`Wenn G99000000002 befüllt, dann muss die Gruppe G99000000003 befüllt werden.`, `Mindestens ein Datenfeld der Datenfeldgruppe muss befüllt sein.`)
	rapid.Check(t, func(t *rapid.T) {
		pick := rapid.SliceOfN(rapid.SampledFrom(all), 0, 6)
		parts := stand(pick.Draw(t, "inner")...)
		for _, at := range []int{1, 4, 5} { // an optional group, another one, a repeated one
			parts[at] = parts[at].ruled(pick.Draw(t, parts[at].name)...)
		}
		r, err := Import(strings.NewReader(schemaOf(pick.Draw(t, "outer"), parts...)), "probe.xml", Options{Land: "he"})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.JSON) > 200_000 {
			t.Fatalf("a form of %d bytes", len(r.JSON))
		}
	})
}
