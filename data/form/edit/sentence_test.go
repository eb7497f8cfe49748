package edit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schalter/data/form"
)

func TestExpressionsAreReadOut(t *testing.T) {
	f := open(t).Form()
	for _, c := range []struct{ expression, de, en string }{
		{`{"field": "wer/verein"}`, `„Verein“ ja ist`, `“Club” is yes`},
		{`{"not": {"field": "wer/verein"}}`, `„Verein“ nein ist`, `“Club” is no`},
		{`{"equal": [{"field": "wer/verein"}, false]}`, `„Verein“ nein ist`, `“Club” is no`},
		{`{"equal": [{"field": "wer/anschrift/land"}, "nord"]}`, `„Land“ „Norden“ ist`, `“Country” is “North”`},
		{`{"not": {"equal": [{"field": "wer/anschrift/land"}, "nord"]}}`, `„Land“ nicht „Norden“ ist`, `“Country” is not “North”`},
		{`{"in": [{"field": "wer/anschrift/land"}, ["nord", "sued"]]}`, `„Land“ „Norden“ oder „Süden“ ist`, `“Country” is “North” or “South”`},
		{`{"not": {"in": [{"field": "wer/anschrift/land"}, ["nord", "sued"]]}}`, `„Land“ weder „Norden“ noch „Süden“ ist`, `“Country” is neither “North” nor “South”`},
		{`{"in": ["kunst", {"field": "stand/ware"}]}`, `bei „Ware“ auch „Kunst“ gewählt ist`, `“Art” is chosen at “Goods”`},
		{`{"empty": {"field": "wer/name"}}`, `„Wer: Name“ leer ist`, `“Who: Name” is empty`},
		{`{"not": {"empty": {"field": "wer/geboren"}}}`, `„Geboren“ beantwortet ist`, `“Born” is answered`},
		{`{"lt": [{"age": {"field": "wer/geboren"}}, 18]}`, `das Alter nach „Geboren“ kleiner als 18 ist`, `the age after “Born” is below 18`},
		{`{"not": {"lt": [{"field": "wer/geboren"}, {"today": []}]}}`, `„Geboren“ nicht vor heute liegt`, `“Born” is not before today`},
		{`{"ge": [{"field": "wer/geboren"}, {"date": "2008-11-23"}]}`, `„Geboren“ nicht vor 23.11.2008 liegt`, `“Born” is not before 23 Nov 2008`},
		{`{"and": [{"field": "wer/verein"}, {"or": [{"empty": {"field": "geld/satz"}}, {"gt": [{"field": "geld/satz"}, 12.5]}]}]}`, `„Verein“ ja ist und („Satz“ leer ist oder „Satz“ größer als 12,50 € ist)`, `“Club” is yes and (“Rate” is empty or “Rate” is above 12,50 €)`},
		{`{"not": {"and": [{"field": "wer/verein"}, {"matches": [{"field": "wer/name"}, "e.*"]}]}}`, `„Verein“ nein ist oder „Wer: Name“ nicht zum Muster „e.*“ passt`, `“Club” is no or “Who: Name” does not fit the pattern “e.*”`},
		{`{"xor": [{"field": "wer/verein"}, {"empty": {"field": "geld/satz"}}]}`, `entweder „Verein“ ja ist oder „Satz“ leer ist`, `either “Club” is yes or “Rate” is empty`},
		{`{"round": [{"mul": [{"sum": {"field": "stand/meter"}}, 4.5]}, 2]}`, `Summe von „Länge“ × 4,5, gerundet auf 2 Stellen`, `the sum of “Length” × 4,5, rounded to 2 digits`},
		{`{"sub": [{"field": "geld/satz"}, {"sub": [1, 2]}]}`, `„Satz“ − (1 − 2)`, `“Rate” − (1 − 2)`},
		{`{"mul": [{"add": [{"field": "geld/satz"}, 1]}, 2]}`, `(„Satz“ + 1) × 2`, `(“Rate” + 1) × 2`},
		{`{"date_add": [{"today": []}, 14, "days"]}`, `heute + 14 Tage`, `today + 14 days`},
		{`{"date_diff": [{"field": "wer/geboren"}, {"today": []}, "years"]}`, `Zahl der Jahre von „Geboren“ bis heute`, `the number of years from “Born” to today`},
		{`{"date_part": [{"field": "wer/geboren"}, "month"]}`, `Monat von „Geboren“`, `the month of “Born”`},
		{`{"concat": [{"field": "wer/name"}, ", ", {"upper": {"field": "wer/anschrift/strasse"}}]}`, `„Wer: Name“ & „, “ & „Straße“ in Großbuchstaben`, `“Who: Name” & “, ” & “Street” in capitals`},
		{`{"answered": [{"field": "wer/name"}, {"field": "wer/geboren"}]}`, `Zahl der Antworten bei „Wer: Name“ und „Geboren“`, `the number of answers at “Who: Name” and “Born”`},
		{`{"rows": "stand"}`, `Zahl der Einträge „Stand“`, `the number of entries “Stall”`},
		{`{"contains": [{"field": "wer/name"}, "e. V."]}`, `„Wer: Name“ den Text „e. V.“ enthält`, `“Who: Name” contains the text “e. V.”`},
		{`true`, `immer`, `always`},
	} {
		if got := Sentence(f, []byte(c.expression), "de"); got != c.de {
			t.Errorf("%s\n says %s\n want %s", c.expression, got, c.de)
		}
		if got := Sentence(f, []byte(c.expression), "en"); got != c.en {
			t.Errorf("%s\n says %s\n want %s", c.expression, got, c.en)
		}
	}
}

func TestRulesAreReadOut(t *testing.T) {
	d := open(t)
	for id, want := range map[string]string{
		"gas":   `„Gasprüfung“ und „Anschrift“ nur zeigen, wenn „Verein“ ja ist`,
		"alt":   `Hinweis bei „Geboren“, wenn das Alter nach „Geboren“ kleiner als 18 ist`,
		"satz":  `„Satz“ = 12,50 €, wenn „Verein“ ja ist; sonst 20,00 €, wenn „Land“ „Norden“ ist; sonst 30,00 €`,
		"summe": `„Summe“ = Summe von „Länge“ × „Satz“, gerundet auf 2 Stellen`,
		"kunst": `„Ab“ verlangen, wenn bei „Ware“ auch „Kunst“ gewählt ist`,
		"offen": `Nur an Markttagen.`,
	} {
		if got := d.Sentence(id, "de"); got != want {
			t.Errorf("%s says %s\nwant %s", id, got, want)
		}
	}
}

// Every operator of the format has its words in every language.
func TestEveryOperatorHasWords(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "expr.go"))
	if err != nil {
		t.Fatal(err)
	}
	src := string(b)
	src = src[strings.Index(src, "operators = map"):]
	src = src[:strings.Index(src, "\n\t}\n")]
	ops := []string{"field", "rows", "row", "date", "time", "today", "now", "in", "matches", "date_add", "date_diff", "date_part"}
	for _, part := range strings.Split(src, `": {`)[:strings.Count(src, `": {`)] {
		ops = append(ops, part[strings.LastIndexByte(part, '"')+1:])
	}
	if len(ops) < 45 {
		t.Fatal("read only", ops)
	}
	said := map[string]bool{ // by rules of their own
		"field": true, "date": true, "time": true, "in": true, "and": true, "or": true, "not": true, "add": true, "sub": true, "mul": true, "div": true, "concat": true,
	}
	for lang, v := range vocabularies() {
		for _, op := range ops {
			if !said[op] && v[op] == "" {
				t.Errorf("%s has no words for %q", lang, op)
			}
		}
		for k := range vocabularies()["de"] {
			if v[k] == "" {
				t.Errorf("%s lacks %q", lang, k)
			}
		}
		if len(v) != len(vocabularies()["de"]) {
			t.Errorf("%s has other words than German", lang)
		}
	}
}

// small is a form that a fuzzer gets through quickly.
const small = `{"format":"schalter-form/1","id":"x","version":"1","title":{"de":"X"},"groups":[{"group":"a","label":{"de":"A"},
	"items":[{"field":"b","type":"boolean","label":{"de":"B"}},{"field":"c","type":"text","label":{"de":"C \\u00e4\\n"},"help":{"de":"H"}}]}],
	"proofs":[{"proof":"p","label":{"de":"P"}}],"rules":[{"rule":"r","do":"show","on":["a/c"],"when":{"field":"a/b"}}]}`

func FuzzOpen(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("\xef\xbb\xbf" + strings.ReplaceAll(small, "\n", "\r\n\t")))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Open(b)
		if err != nil {
			return
		}
		all := places(d.Form())
		for _, place := range all[:min(len(all), 6)] {
			_ = d.SetText(place, KeyHelp, form.Text{"de": "Hilfe", "en": "help"})
			_ = d.SetLegal(place, []string{"§ 1"})
			_ = d.Move(place, true)
			_ = d.RemoveAll(place)
		}
		for _, r := range d.Form().Rules {
			if d.Sentence(r.ID, "de") == "" {
				t.Errorf("rule %s says nothing", r.ID)
			}
		}
		for d.CanUndo() {
			if _, ok := d.Undo(); !ok {
				t.Fatal("cannot be taken back")
			}
		}
		if string(d.Bytes()) != string(b) {
			t.Errorf("not back to the first byte")
		}
	})
}
