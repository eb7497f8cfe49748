package xlsform

import (
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/record"
)

// stall is a form as an office would write it.
var stall = sheets{
	"survey": `
type | name | label::Deutsch (de) | label::English (en) | hint::Deutsch (de) | required | required_message::Deutsch (de) | relevant | constraint | constraint_message::Deutsch (de) | calculation | default | appearance | choice_filter | repeat_count | parameters | read_only | schalter::role | schalter::legal
begin group | person | Wer | Who
text | nachname | Nachname | Family name | wie im Ausweis | yes | Ohne Namen geht es nicht. | | | | | | | | | | | party.family
date | geboren | Geboren | Born | | yes | | | . <= today() | Das Datum liegt in der Zukunft.
text | iban | IBAN | IBAN | | | | | | | | | iban
text | anmerkung | Anmerkung | Remark | | | | | | | | | multiline
end group
begin group | wo | Ort | Place
select_one ort | ort | Ortsteil | District | | yes | | | | | | | | | | | | | Marktsatzung § 3
select_one platz | platz | Platz | Square | | | | | | | | | | ort=\${ort}
end group
begin repeat | stand | Stand | Stall
select_multiple ware or_other | ware | Ware | Goods | | yes
decimal | meter | Länge | Length | | | | | . > 0 and . <= 20 | Höchstens 20 m.
image | foto | Foto | Picture
end repeat
begin group | gas | Gas | Gas | | | | count(\${stand}) > 0
acknowledge | gelesen | Merkblatt gelesen | Leaflet read | | yes
file | pruefung | Gasprüfung | Inspection | | yes
end group
range | besucher | Besucher | Visitors | | | | | | | | | | | | start=0 end=500 step=50
image | unterschrift | Unterschrift | Signature | | | | | | | | | signature
calculate | summe | | | | | | | | | round(sum(\${meter}) * 4.5, 2)
note | gebuehr | Zusammen \${summe} Euro | \${summe} Euro in all
text | kasse | Kassenzeichen | Reference | | | | | | | | 12-34 | | | | | yes
date | am | Tag | Day | | \${besucher} > 100 | | | | | | today()
`,
	"choices": `
list_name | name | label::Deutsch (de) | label::English (en) | ort
ort | nord | Nord | North
ort | sued | Süd | South
platz | markt | Marktplatz | Market | nord
platz | anger | Anger | Green | sued
ware | essen | Speisen | Food
ware | deko | Deko | Decoration
`,
	"settings": "form_title | form_title::English (en) | form_id | version | default_language\nStandplatz | Market stall | Standplatz Markt | 2.1 | Deutsch (de)",
}

func TestAnImportedFormCanBeFilled(t *testing.T) {
	w := sheets{}
	for k, v := range stall {
		w[k] = strings.ReplaceAll(v, `\$`, "$")
	}
	res, err := take(w.file(t), "stand.xlsx")
	if err != nil {
		t.Fatal(strings.Join(complaints(err), "\n"))
	}
	f := load(t, res)
	if f.ID != "Standplatz-Markt" || f.Version != "2.1" || f.Title["en"] != "Market stall" || strings.Join(f.Languages, " ") != "de en" {
		t.Errorf("%s %s %v %v", f.ID, f.Version, f.Title, f.Languages)
	}
	for path, want := range map[string]form.Type{
		"person/iban": form.TypeIBAN, "person/anmerkung": form.TypeMultiline, "stand/ware": form.TypeMulti, "stand/ware_other": form.TypeText,
		"stand/foto": form.TypeFile, "part/unterschrift": form.TypeSignature, "part/summe": form.TypeDecimal, "part/gebuehr": form.TypeDecimal, "part/besucher": form.TypeInteger,
	} {
		if fl := f.Field(path); fl == nil || fl.Type != want {
			t.Errorf("%s is %+v, want %s", path, fl, want)
		}
	}
	if f.Roles[record.RoleFamily] != "person/nachname" || f.Field("wo/ort").Legal.String() != "Marktsatzung § 3" || f.Field("person/nachname").Help["de"] != "wie im Ausweis" {
		t.Error("role, statute or help is lost")
	}
	s := f.Begin(nil, noon)
	problem := func(path string) string {
		for _, p := range s.State(path).Problems {
			return p.Text("de")
		}
		return ""
	}
	proof := func() form.ProofState { return s.Proofs()[0] }
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	expect("required message", problem("person/nachname"), "Ohne Namen geht es nicht.")
	s.Set("person/geboren", "24.11.2026")
	expect("constraint", problem("person/geboren"), "Das Datum liegt in der Zukunft.")
	s.Set("person/geboren", "2.5.1988")
	expect("constraint", problem("person/geboren"), "")
	s.Set("wo/ort", "Süd")
	if c := s.Choices("wo/platz"); len(c) != 1 || c[0].Code != "anger" {
		t.Errorf("squares of the south: %v", c)
	}
	if s.Group("gas").Visible || proof().Visible {
		t.Error("without a stall nobody is asked about gas")
	}
	s.AddRow("stand")
	s.AddRow("stand")
	if !s.Group("gas").Visible || !proof().Visible || !proof().Required {
		t.Errorf("with a stall gas is asked for: %+v", proof())
	}
	s.Set("part/gelesen", "OK")
	s.Set("stand[1]/meter", "3,5")
	s.Set("stand[2]/meter", "25")
	expect("constraint in a row", problem("stand[2]/meter"), "Höchstens 20 m.")
	expect("sum", s.State("part/summe").Value, "128.25")
	expect("shown sum", s.State("part/gebuehr").Value, "128.25")
	expect("label of the sum", f.Field("part/gebuehr").Label["en"], "… Euro in all")
	s.Set("stand[1]/ware", "Speisen; Sonstiges")
	if !s.State("stand[1]/ware_other").Visible || s.State("stand[2]/ware_other").Visible {
		t.Error("only the first row asks what else")
	}
	s.Set("part/besucher", "120")
	expect("step", problem("part/besucher"), "Bitte einen Wert in Schritten von 50 ab 0 eingeben.")
	s.Set("part/besucher", "150")
	expect("step", problem("part/besucher"), "")
	expect("fixed", s.State("part/kasse").Value, "12-34")
	if !s.State("part/kasse").ReadOnly || !s.State("part/am").Required || s.State("part/am").Value != "2026-11-23" {
		t.Error("read_only, required by condition or default is lost")
	}
}

// The same workbook gives the same form, byte by byte.
func TestImportIsRepeatable(t *testing.T) {
	w := sheets{}
	for k, v := range stall {
		w[k] = strings.ReplaceAll(v, `\$`, "$")
	}
	book := w.file(t)
	first, err := take(book, "stand.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := take(book, "stand.xlsx")
		if err != nil || string(again.JSON) != string(first.JSON) || len(again.Report.Notes) != len(first.Report.Notes) {
			t.Fatal("another form the second time")
		}
	}
}

// With every cell that is complained about emptied, the specification's own workbook becomes a form: the
// complaints name the right cells, and all of them at once.
func TestWithoutTheNamedCellsTheRestIsAForm(t *testing.T) {
	b := fixture(t, "xlsform_spec_test.xlsx")
	_, err := take(b, "spec.xlsx")
	if err == nil {
		t.Fatal("the workbook has cells that cannot be translated")
	}
	res, err := take(emptied(t, b, err), "spec.xlsx")
	if err != nil {
		t.Fatal(strings.Join(complaints(err), "\n"))
	}
	f := load(t, res)
	s := f.Begin(nil, noon)
	if !s.Group("everything").Visible {
		t.Error("everything is asked until somebody skips to the end")
	}
	s.Set("part/skip_to_end", "yes")
	if s.Group("everything").Visible {
		t.Error("skipped to the end, but everything is asked")
	}
	s.Set("part/skip_to_end", "no")
	if s.State("everything/email_note").Visible {
		t.Error("no address, but a note about it")
	}
	s.Set("everything/address", "a@b.de")
	if !s.State("everything/email_note").Visible {
		t.Error("the address is not recognised")
	}
	s.Set("everything/a_integer", "3")
	s.Set("everything/a_decimal", "3,5")
	if len(s.State("everything/a_decimal").Problems) != 1 {
		t.Error("the decimal is above the integer")
	}
	if n := s.Rows("everything/repeat_test"); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	s.Set("everything/repeat_test[2]/group_test/select_multiple_test", "yes\nno")
	if len(s.State("everything/repeat_test[2]/group_test/select_multiple_test").Problems) != 1 {
		t.Error("yes and no at once")
	}
	if got := s.State("everything/calculate_test_output").Value; got != "4" {
		t.Errorf("2+2 is %s", got)
	}
}
