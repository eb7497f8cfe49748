package letter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/form/formtest"
	"schalter/data/record"
)

const market = `{"format": "schalter-form/1", "id": "markt", "version": "1.2", "languages": ["de", "en"], "title": {"de": "Standplatz beantragen", "en": "Apply for a market stall"},
	"groups": [
	{"group": "wer", "label": {"de": "Antragstellerin oder Antragsteller", "en": "Applicant"}, "items": [
		{"field": "name", "type": "text", "label": {"de": "Name", "en": "Name"}, "required": true},
		{"group": "sitz", "label": {"de": "Anschrift", "en": "Address"}, "items": [{"field": "ort", "type": "text", "label": {"de": "Ort", "en": "Town"}}]},
		{"field": "tel", "type": "phone", "label": {"de": "Telefon", "en": "Phone"}, "repeat": {"max": 3}},
		{"field": "gewerbe", "type": "boolean", "label": {"de": "Gewerblich", "en": "Commercial"}}]},
	{"group": "stand", "label": {"de": "Stand", "en": "Stall"}, "repeat": {"min": 1, "max": 5}, "items": [
		{"field": "art", "type": "choice", "label": {"de": "Ware", "en": "Goods"}, "choices": [{"code": "f", "label": {"de": "Speisen", "en": "Food"}}, {"code": "s", "label": {"de": "Sonstiges", "en": "Other"}}]},
		{"field": "meter", "type": "decimal", "label": {"de": "Länge in m", "en": "Length in m"}},
		{"field": "gas", "type": "boolean", "label": {"de": "Gas", "en": "Gas"}}]},
	{"group": "hilfe", "label": {"de": "Hilfskraft", "en": "Helper"}, "repeat": {}, "items": [
		{"field": "name", "type": "text", "label": {"de": "Name", "en": "Name"}},
		{"field": "was", "type": "multiline", "label": {"de": "Aufgabe", "en": "Task"}}]},
	{"group": "ende", "label": {"de": "Abschluss", "en": "Conclusion"}, "items": [
		{"field": "summe", "type": "money", "label": {"de": "Standgeld", "en": "Fee"}, "to_confirm": true},
		{"field": "tage", "type": "multichoice", "label": {"de": "Tage", "en": "Days"}, "choices": [{"code": "sa", "label": {"de": "Samstag", "en": "Saturday"}}, {"code": "so", "label": {"de": "Sonntag", "en": "Sunday"}}]},
		{"field": "plan", "type": "file", "label": {"de": "Lageplan", "en": "Site plan"}},
		{"field": "sign", "type": "signature", "label": {"de": "Unterschrift", "en": "Signature"}},
		{"field": "leer", "type": "text", "label": {"de": "Nicht gefragt", "en": "Not asked"}}]}],
	"proofs": [{"proof": "haft", "label": {"de": "Haftpflichtversicherung", "en": "Liability insurance"}, "required": true}],
	"rules": [{"rule": "weg", "do": "hide", "on": ["ende/leer"], "when": {"field": "wer/gewerbe"}}]}`

func marketCase(t testing.TB) (record.Case, *form.Form) {
	t.Helper()
	f, err := form.Parse([]byte(market))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Begin(nil, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	s.AddRow("stand")
	s.AddRow("stand")
	s.AddRow("hilfe")
	s.AddRow("hilfe")
	s.AddRow("wer/tel")
	s.AddRow("wer/tel")
	for path, typed := range map[string]string{
		"wer/name": "Thị Hương Nguyễn", "wer/sitz/ort": "Musterstadt", "wer/tel[1]": "06142 83100", "wer/tel[2]": "0170 1234567", "wer/gewerbe": "ja",
		"stand[1]/art": "f", "stand[1]/meter": "4,5", "stand[1]/gas": "ja", "stand[3]/art": "s", "stand[3]/meter": "2", "ende/leer": "versteckt",
		"hilfe[1]/name": "Łukasz", "hilfe[1]/was": "Aufbau\nund Abbau", "hilfe[2]/name": "Jörg", "ende/summe": "12,5", "ende/tage": "sa; so", "ende/plan": "d1",
		"ende/sign": wave(),
	} {
		s.Set(path, typed)
	}
	c := record.Case{
		Number: "MS-1-26-00001-X", Form: f.Ref(), User: "weber", Created: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Title: f.Title, Groups: map[string]record.Group{}, Documents: []record.Document{{ID: "d1", Title: "Lageplan Festwiese", Pages: 2}},
		Meeting: record.Meeting{Present: "Herr Öztürk (Ehemann)", Paper: "2026-11-20"},
	}
	for p, v := range s.Values() {
		g := c.Groups[record.GroupOf(p)]
		if g.Values == nil {
			g.Values = record.Values{}
		}
		g.Values[p] = v
		c.Groups[record.GroupOf(p)] = g
	}
	return c, f
}

// wave is a signature that goes up and down.
func wave() string {
	var b strings.Builder
	for i := range 60 {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d,%d", 100+i*15, 200+(i%8-4)*(20+i%30))
	}
	return b.String() + ";1020,120 1100,110"
}

func TestConfirmationIsTheFormAsFilled(t *testing.T) {
	c, f := marketCase(t)
	out := Of(c, f, record.Identity{Authority: "Musterstadt"}, c.Created, "de")
	var got strings.Builder
	for _, g := range out.Groups {
		fmt.Fprintln(&got, "#", g.Title)
		for _, r := range g.Rows {
			fmt.Fprintf(&got, "%s: %s", r.Label, strings.ReplaceAll(r.Value, "\n", " / "))
			if len(r.Signature) > 0 {
				fmt.Fprintf(&got, "%d strokes", len(r.Signature))
			}
			if r.Note != "" {
				fmt.Fprintf(&got, " (%s)", r.Note)
			}
			fmt.Fprintln(&got)
		}
		if g.Table != nil {
			for _, l := range append([][]string{g.Table.Columns}, g.Table.Lines...) {
				fmt.Fprintln(&got, strings.Join(l, " | "))
			}
		}
	}
	want := `# Antragstellerin oder Antragsteller
Name: Thị Hương Nguyễn
# Antragstellerin oder Antragsteller › Anschrift
Ort: Musterstadt
# Antragstellerin oder Antragsteller
Telefon: 06142 83100 / 0170 1234567
Gewerblich: Ja
# Stand
Ware | Länge in m | Gas
Speisen | 4,5 | Ja
Sonstiges | 2 | 
# Hilfskraft 1
Name: Łukasz
Aufgabe: Aufbau / und Abbau
# Hilfskraft 2
Name: Jörg
# Abschluss
Standgeld: 12,50 € (Beispielbetrag, noch zu bestätigen)
Tage: Samstag / Sonntag
Lageplan: Lageplan Festwiese (2 Seiten)
Unterschrift: 2 strokes
`
	if got.String() != want {
		t.Errorf("%s\nwant\n%s", got.String(), want)
	}
	if out.Present != "Herr Öztürk (Ehemann)" || out.Paper.Format(time.DateOnly) != "2026-11-20" {
		t.Errorf("present %q, paper %v", out.Present, out.Paper)
	}
}

func TestTwoLanguages(t *testing.T) {
	c, f := marketCase(t)
	out := Bilingual(Of(c, f, record.Identity{}, c.Created, "de"), Of(c, f, record.Identity{}, c.Created, "en"))
	path := printed(t, out)
	got := text(t, path)
	for _, want := range []string{
		"Eingangsbestätigung", "Standplatz beantragen", "Apply for a market stall", "Ihre Angaben · ", "Antragstellerin oder Antragsteller", "Applicant",
		"Gewerblich", "Commercial", "Speisen", "Food", "Length in m", "Eingegangen auf Papier am 20.11.2026", "20 November 2026", "Samstag", "Saturday",
		"Anwesend: Herr Öztürk", "Present: Herr Öztürk", "Liability insurance", "Site plan",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "Musterstadt"); n != 1 {
		t.Errorf("an answer that is the same in both languages stands there %d times", n)
	}
}

// Whatever was filled in, the confirmation can be printed, has no empty group, and two languages have the
// same shape.
func TestAnyFilledFormCanBeConfirmed(t *testing.T) {
	f, err := form.Parse([]byte(market))
	if err != nil {
		t.Fatal(err)
	}
	forms := []*form.Form{f, formtest.Official(60), formtest.Sample(60)}
	samples := []string{"", "x", "ja", "nein", "12", "12,5", "1.2.2026", "f", "001", "sa; so", "8:30", "DE89370400440532013000", "1,2 3,4;5,6", strings.Repeat("lang ", 30)}
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(forms).Draw(t, "form")
		s := f.Begin(nil, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		for range rapid.IntRange(0, 40).Draw(t, "acts") {
			places := s.Places()
			p := places[rapid.IntRange(0, len(places)-1).Draw(t, "place")]
			s.AddRow(p.Path)
			s.Set(p.Path, rapid.SampledFrom(samples).Draw(t, "typed"))
		}
		de, en := gather(s, nil, "de"), gather(s, nil, "en")
		if len(de) != len(en) {
			t.Fatalf("%d groups in German, %d in English", len(de), len(en))
		}
		n := 0
		for i, g := range de {
			if len(g.Rows) == 0 && g.Table == nil || len(g.Rows) != len(en[i].Rows) || (g.Table == nil) != (en[i].Table == nil) {
				t.Fatalf("%+v\n%+v", g, en[i])
			}
			n += len(g.Rows)
		}
		if len(s.Values()) > 0 && len(de) == 0 {
			t.Fatalf("nothing of %v", s.Values())
		}
		c := Bilingual(Content{Lang: "de", Number: "1", Groups: de}, Content{Lang: "en", Number: "1", Groups: en})
		if err := Confirmation(&bytes.Buffer{}, c); err != nil {
			t.Fatal(err)
		}
	})
}
