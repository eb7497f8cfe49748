package bundle

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

var update = flag.Bool("update", false, "write the composed forms of assets/bundles into assets/forms")

// The bundles that ship are what their plans make of the services that ship.
func TestComposedFormsAreUpToDate(t *testing.T) {
	plans, err := fs.Glob(assets.Files, "bundles/*.json")
	if err != nil || len(plans) == 0 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	for _, name := range plans {
		plan, err := fs.ReadFile(assets.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Compose(plan, func(id string) ([]byte, error) { return fs.ReadFile(assets.Files, "forms/"+id+".json") })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if *update {
			if err := os.WriteFile("../../../assets/forms/"+path.Base(name), got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := fs.ReadFile(assets.Files, "forms/"+path.Base(name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: the form in assets/forms is not what the plan makes (%v); run this test with -update", name, err)
		}
		f, err := form.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(f, func(id string) (*form.Form, error) {
			b, err := fs.ReadFile(assets.Files, "forms/"+id+".json")
			if err != nil {
				return nil, err
			}
			return form.Parse(b)
		}); err != nil {
			t.Error(err)
		}
	}
}

func shipped(t *testing.T, ref record.FormRef) *form.Form {
	t.Helper()
	b, err := fs.ReadFile(assets.Files, "forms/"+ref.ID+".json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if ref.Hash != "" && f.Ref() != ref {
		t.Fatalf("%v is another version than %v", f.Ref(), ref)
	}
	return f
}

// evening is a feast of an association: in the hall, with posters and a bonfire.
var evening = map[string]string{
	"umfang/saal": "ja", "umfang/plakate": "ja", "umfang/feuer": "ja",
	"fest.veranstalter/organisation": "TSV 1898", "fest.veranstalter/nachname": "Müller", "fest.veranstalter/vorname": "Ina", "fest.veranstalter/strasse": "Am Sportplatz",
	"fest.veranstalter/hausnummer": "1", "fest.veranstalter/plz": "65428", "fest.veranstalter/ort": "Musterstadt", "fest.veranstalter/telefon": "06142 83100", "fest.veranstalter/gemeinnuetzig": "ja",
	"fest.veranstaltung/bezeichnung": "Sommerfest", "fest.veranstaltung/art": "Fest", "fest.veranstaltung/von": "12.06.2027", "fest.veranstaltung/ort": "Bürgerhaus",
	"fest.veranstaltung/beginn": "18", "fest.veranstaltung/ende": "23:30", "fest.veranstaltung/personen": "250", "fest.veranstaltung/wo": "Drinnen",
	"fest.angebot/alkohol": "ja", "fest.angebot/staende": "3", "fest.angebot/getraenke": "Alkoholfrei; Bier", "fest.angebot/ausschank_bis": "23:00", "fest.angebot/trinkwasser": "ja",
	"fest.angebot/belehrt": "ja", "fest.angebot/jugendschutz": "ja", "fest.sicherheit/ordner": "3", "fest.sicherheit/zufahrt": "ja", "fest.sicherheit/toiletten_damen": "3",
	"fest.sicherheit/toiletten_herren": "2", "fest.verantwortlich/mobil": "0170 1234567", "fest.haftung/versichert": "ja", "fest.haftung/versicherung": "SV", "fest.abschluss/belehrt": "ja",
	"saal.saal/raum": "Bürgerhaus, Großer", "saal.haftung/hausordnung": "ja",
	"plakate.plakate/anzahl": "30", "plakate.plakate/traeger": "Lichtmast", "plakate.plakate/von": "29.05.2027", "plakate.plakate/bis": "14.06.2027",
	"plakate.plakate/strassen": "Bahnhofstraße 30", "plakate.haftung/freistellung": "ja", "plakate.haftung/verkehr": "ja",
	"feuer.feuer/anlass": "Brauchtumsfeuer", "feuer.feuer/von": "21", "feuer.feuer/bis": "23:00", "feuer.feuer/menge": "12", "feuer.feuer/material": "Reisig", "feuer.feuer/oeffentlich": "ja",
	"feuer.ort/beschreibung": "Wiese hinter dem Bürgerhaus", "feuer.ort/ausserorts": "ja", "feuer.ort/eigentum": "Der Gemeinde",
	"feuer.abstand/wohnhaus": "100", "feuer.abstand/gebaeude": "35", "feuer.abstand/grenze": "5", "feuer.abstand/strasse": "50", "feuer.abstand/wald": "100", "feuer.abstand/baeume": "20",
	"feuer.sicherheit/aufsicht": "2", "feuer.sicherheit/zufahrt": "ja", "feuer.sicherheit/loeschmittel": "Feuerlöscher", "feuer.sicherheit/sauber": "ja", "feuer.sicherheit/tiere": "ja", "feuer.sicherheit/wetter": "ja",
}

func open(problems []form.Problem) []string {
	var out []string
	for _, p := range problems {
		if p.Open() {
			out = append(out, p.Path+": "+p.Text("de"))
		}
	}
	return out
}

// typeAll fills the interview in its order, as a clerk does.
func typeAll(s *form.Session, answers map[string]string) {
	for _, x := range s.Form().Fields() {
		if typed, ok := answers[x.Path]; ok {
			s.Set(x.Path, typed)
		}
	}
}

func TestVereinsfestMakesFourCases(t *testing.T) {
	f := shipped(t, record.FormRef{ID: "vereinsfest"})
	s := f.Begin(nil, today)
	typeAll(s, evening)
	if left := open(s.Problems()); len(left) > 0 {
		t.Fatalf("open in the interview:\n%s", strings.Join(left, "\n"))
	}
	docs := []record.Document{{ID: record.NewID(), Proof: "fest.haftpflicht"}, {ID: record.NewID(), Proof: "plakate.muster"}, {ID: record.NewID()}}
	cases, err := Split(s, docs, func(ref record.FormRef) (*form.Form, error) { return shipped(t, ref), nil }, today)
	if err != nil || len(cases) != 4 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	ids := map[record.ID]bool{}
	for _, c := range cases {
		if left := open(c.Problems); len(left) > 0 {
			t.Errorf("open in %s:\n%s", c.Part, strings.Join(left, "\n"))
		}
		if c.Values[c.Form.Roles[record.RoleOrg]] != "TSV 1898" || c.Values[c.Form.Roles[record.RoleSubject]] != "Sommerfest" {
			t.Errorf("%s is about %q of %q", c.Part, c.Values[c.Form.Roles[record.RoleSubject]], c.Values[c.Form.Roles[record.RoleOrg]])
		}
		insured := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.Proof == "haftpflicht" })
		if insured < 0 {
			t.Fatalf("%s lacks the insurance: %+v", c.Part, c.Documents)
		}
		if id := c.Documents[insured].ID; ids[id] {
			t.Errorf("two cases hold the document %s", id)
		} else {
			ids[id] = true
		}
	}
	want := map[string]map[string]string{
		"fest":    {"gebuehr/betrag": "11.00"},
		"saal":    {"saal/tag": "2027-06-12", "saal/belegt_von": "18:00", "saal/belegt_bis": "23:30", "saal/raum": "gross", "saal/personen": "250", "entgelt/summe": "200.00", "bewirtung/alkohol": "true"},
		"plakate": {"veranstaltung/von": "2027-06-12", "veranstaltung/art": "fest", "gebuehr/summe": "25.00", "verantwortlich/mobil": "+491701234567"},
		"feuer":   {"feuer/tag": "2027-06-12", "anzeigende/nachname": "Müller", "feuer/bezeichnung": "Sommerfest", "haftung/versicherung": "SV"},
	}
	for _, c := range cases {
		for path, v := range want[c.Part] {
			if c.Values[path] != v {
				t.Errorf("%s %s = %q, want %q", c.Part, path, c.Values[path], v)
			}
		}
	}
}

// What one part objects to about a common answer is said once, and only while that part is wanted.
func TestCommonAnswersAreJudgedByWhoNeedsThem(t *testing.T) {
	f := shipped(t, record.FormRef{ID: "vereinsfest"})
	about := func(path string, answers map[string]string) []string {
		s := f.Begin(nil, today)
		typeAll(s, evening)
		typeAll(s, answers)
		var out []string
		for _, p := range s.Problems() {
			if p.Path == path {
				rule, _, _ := strings.Cut(p.Rule, "@")
				out = append(out, rule)
			}
		}
		return out
	}
	for _, c := range []struct {
		path    string
		answers map[string]string
		want    []string
	}{
		{"fest.verantwortlich/mobil", map[string]string{"fest.verantwortlich/mobil": "06142 83100"}, []string{"fest.mobilnummer"}},
		{"fest.haftung/versichert", map[string]string{"fest.haftung/versichert": "nein"}, []string{"fest.unversichert"}},
		{"fest.veranstaltung/personen", map[string]string{"fest.veranstaltung/personen": "290"}, []string{"saal.zu-viele"}},
		{"fest.veranstaltung/personen", map[string]string{"fest.veranstaltung/personen": "290", "umfang/saal": "nein"}, nil},
		{"fest.veranstaltung/von", map[string]string{"fest.veranstaltung/von": "24.11.2026"}, []string{"fest.anzeige-spaet", "saal.kurzfristig", "feuer.anzeige-spaet"}},
		{"fest.veranstaltung/von", map[string]string{"fest.veranstaltung/von": "24.11.2026", "umfang/saal": "nein", "umfang/feuer": "nein"}, []string{"fest.anzeige-spaet"}},
	} {
		if got := about(c.path, c.answers); !slices.Equal(got, c.want) {
			t.Errorf("%s with %v: %v, want %v", c.path, c.answers, got, c.want)
		}
	}
}

func TestOverriddenOnceIsOverriddenInEveryCase(t *testing.T) {
	s := shipped(t, record.FormRef{ID: "vereinsfest"}).Begin(nil, today)
	typeAll(s, evening)
	typeAll(s, map[string]string{"fest.verantwortlich/mobil": "06142 83100"})
	s.Override("fest.mobilnummer", "Festnetz im Vereinsheim")
	cases, err := Split(s, nil, func(ref record.FormRef) (*form.Form, error) { return shipped(t, ref), nil }, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Reasons["mobilnummer"] != "Festnetz im Vereinsheim" || len(open(c.Problems)) > 0 {
			t.Errorf("%s: reasons %v, open %v", c.Part, c.Reasons, open(c.Problems))
		}
	}
}

// Whatever a clerk types into the feast, no case finds something that the interview did not.
func TestVereinsfestInOrderHereIsInOrderThere(t *testing.T) {
	f := shipped(t, record.FormRef{ID: "vereinsfest"})
	parts := map[record.FormRef]*form.Form{}
	for _, p := range f.Parts {
		parts[p.Form] = shipped(t, p.Form)
	}
	texts := []string{"", "ja", "nein", "x", "1", "120", "2000", "8:30", "23:00", "24.11.2026", "12.06.2027", "28.08.2028", "DE89 3704 0044 0532 0130 00", "06142 83100"}
	rapid.Check(t, func(t *rapid.T) {
		s := f.Begin(nil, today)
		typeAll(s, evening)
		for _, x := range rapid.SliceOfN(rapid.SampledFrom(f.Fields()), 0, 30).Draw(t, "fields") {
			choices := slices.Clone(texts)
			for _, c := range x.Choices() {
				choices = append(choices, c.Code)
			}
			s.Set(x.Path, rapid.SampledFrom(choices).Draw(t, x.Path))
		}
		inOrder(t, s, func(ref record.FormRef) (*form.Form, error) { return parts[ref], nil })
	})
}
