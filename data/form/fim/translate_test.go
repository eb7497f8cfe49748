package fim

import (
	"slices"
	"strings"
	"testing"
)

// translations are sentences in the shapes that FIM authors use and what they become. Rules stand at the group
// "Betreiber" (always there) unless the name begins with S (at the schema).
var translations = []struct {
	name  string
	prose string
	want  []string
}{
	{
		"one answer asks for another",
		`Wenn F99000000016 "Telefon" nicht leer, dann darf F99000000017 "E-Mail" nicht leer sein.`,
		[]string{`require F99000000017 if not(empty(F99000000016))`},
	},
	{
		"a value asks for a field, else not",
		`Wenn das Feld F99000000012 "Abfrage Verein" = "wahr", dann muss das Feld F99000000013 "Vereinsregister" befüllt werden. ` +
			`Wenn das Feld F99000000012 "Abfrage Verein" <> "wahr", dann darf das Feld F99000000013 "Vereinsregister" nicht angezeigt werden.`,
		[]string{
			`require F99000000013 if F99000000012 = true`,
			`hide F99000000013 if empty(F99000000012) or not(F99000000012 = true)`,
		},
	},
	{
		"a group must be filled: what must be in it is required",
		`WENN das Datenfeld F99000000014 "Art des Standes" = 001 "Imbiss" ODER = 002 "Getränke", DANN muss die Datenfeldgruppe G99000000002 "Anschrift" befüllt sein.`,
		[]string{`require F99000000021, F99000000022 if F99000000014 in {"001", "002"}`},
	},
	{
		"a group must not be filled",
		`Wenn das Feld F99000000014 "Art des Standes" <> 001 "Imbiss" UND <> 002 "Getränke", dann darf die Feldgruppe G99000000002 "Anschrift" nicht befüllt sein.`,
		[]string{`hide G99000000002 if empty(F99000000014) or not(F99000000014 in {"001", "002"})`},
	},
	{
		"values in brackets",
		`Wenn F99000000014 "Art des Standes" <> (001 "Imbiss" UND 002 "Getränke"), dann ist das Feld F99000000013 "Vereinsregister" zu befüllen.`,
		[]string{`require F99000000013 if empty(F99000000014) or not(F99000000014 in {"001", "002"})`},
	},
	{
		"names without quotes, otherwise not",
		`WENN F99000000012 Abfrage Verein = FALSCH, DANN zeige als Pflicht F99000000013 Vereinsregister an, SONST zeige F99000000013 Vereinsregister nicht an.`,
		[]string{
			`show F99000000013 if F99000000012 = false`,
			`require F99000000013 if F99000000012 = false`,
			`hide F99000000013 if empty(F99000000012) or not(F99000000012 = false)`,
		},
	},
	{
		"a note is only shown: nobody can fill it",
		`WENN F99000000012 Abfrage Verein = WAHR, DANN zeige als Pflicht F99000000018 Hinweis Gas an.`,
		[]string{`show F99000000018 if F99000000012 = true`},
	},
	{
		"programmers' signs, ellipsis, blende aus",
		`Wenn das Feld F99000000012 Abfrage Verein === "Ja" ist, dann zeige F99000000013 Vereinsregister an, wenn <> "Ja", dann blende F99000000013 Vereinsregister aus.`,
		[]string{
			`show F99000000013 if F99000000012 = true`,
			`hide F99000000013 if empty(F99000000012) or not(F99000000012 = true)`,
		},
	},
	{
		"ansonsten nicht; the code and its label together in quotes",
		`Wenn F99000000014 Art des Standes == "001 Imbiss", dann zeige F99000000013 Vereinsregister, ansonsten nicht.`,
		[]string{
			`show F99000000013 if F99000000014 = "001"`,
			`hide F99000000013 if empty(F99000000014) or not(F99000000014 = "001")`,
		},
	},
	{
		"two fields, die Felder",
		`Wenn F99000000012 == Ja, dann zeige F99000000016 und F99000000017 als Pflichtfelder an, sonst zeige die Felder nicht an.`,
		[]string{
			`show F99000000016 if F99000000012 = true`,
			`show F99000000017 if F99000000012 = true`,
			`require F99000000016 if F99000000012 = true`,
			`require F99000000017 if F99000000012 = true`,
			`hide F99000000016 if empty(F99000000012) or not(F99000000012 = true)`,
			`hide F99000000017 if empty(F99000000012) or not(F99000000012 = true)`,
		},
	},
	{
		"aktiviere, mache es zu einer Pflichtangabe, deaktiviere",
		`WENN F99000000014 'Art des Standes' = 001 'Imbiss', DANN aktiviere F99000000016 'Telefon' UND mache es zu einer Pflichtangabe UND deaktiviere F99000000017 'E-Mail'.`,
		[]string{
			`show F99000000016 if F99000000014 = "001"`,
			`require F99000000016 if F99000000014 = "001"`,
			`hide F99000000017 if F99000000014 = "001"`,
		},
	},
	{
		"erscheint und muss befüllt werden; the label without quotes",
		`Wenn in F99000000014 Auswahl = 003 - Kunsthandwerk, dann erscheint F99000000013 "Vereinsregister" und muss ausgefüllt werden.`,
		[]string{`show F99000000013 if F99000000014 = "003"`, `require F99000000013 if F99000000014 = "003"`},
	},
	{
		"als Pflichtfeld angezeigt und ein anderes ausgeblendet",
		`Wenn in Feld F99000000014 "Art des Standes" Auswahl= 001="Imbiss", DANN muss Feld F99000000016 "Telefon" als Pflichtfeld angezeigt UND Feld F99000000017 "E-Mail" ausgeblendet werden.`,
		[]string{
			`hide F99000000017 if F99000000014 = "001"`,
			`show F99000000016 if F99000000014 = "001"`,
			`require F99000000016 if F99000000014 = "001"`,
		},
	},
	{
		"a file that may stand any number of times",
		`Wenn das Feld F99000000014 "Art des Standes" = 001 "Imbiss", dann muss das Feld F99000000015 "Gasprüfung" befüllt werden.`,
		[]string{`valid F99000000014: not(F99000000014 = "001" and answered(F99000000015) = 0)`},
	},
	{
		"the effect before the condition",
		`Das Feld F99000000013 ist ein Pflichtfeld, wenn eines der folgenden Felder F99000000016, F99000000017 mit "Ja" belegt ist.`,
		nil, // texts are not yes or no
	},
	{
		"the effect before the condition",
		`F99000000013 "Vereinsregister" ist ein Pflichtfeld, wenn F99000000012 "Abfrage Verein" mit "Ja" belegt ist.`,
		[]string{`require F99000000013 if F99000000012 = true`},
	},
	{
		"mindestens eines",
		`Es muss mindestens eines der Felder F99000000016 "Telefon" oder F99000000017 "E-Mail" befüllt sein.`,
		[]string{`valid F99000000016: not(empty(F99000000016) and empty(F99000000017))`},
	},
	{
		"S entweder oder",
		`Es muss entweder Feldgruppe G99000000002 "Anschrift" oder Feldgruppe G99000000003 "Postfach" befüllt werden.`,
		[]string{`valid F99000000021: not(answered(F99000000021, F99000000022, F99000000023) > 0 and answered(F99000000031) > 0 or ` +
			`answered(F99000000021, F99000000022, F99000000023) = 0 and answered(F99000000031) = 0)`},
	},
	{
		"S dates in order",
		`Das Datum im Feld F99000000041 "von" muss zeitlich vor dem Datum in Feld F99000000042 "bis" liegen.`,
		[]string{`valid F99000000042: not(F99000000041 ≥ F99000000042)`},
	},
	{
		"S not in the future",
		`Das Datum in Feld F99000000041 "von" darf nicht in der Zukunft liegen.`,
		[]string{`valid F99000000041: not(F99000000041 > today)`},
	},
	{
		"S larger than a number",
		`F99000000043 "Meter" muss größer als 2,5 sein.`,
		[]string{`valid F99000000043: not(F99000000043 ≤ 2.5)`},
	},
	{
		"S a day of the calendar",
		`Wenn alle drei Felder F99000000051 "Tag", F99000000052 "Monat" und F99000000053 "Jahr" befüllt sind, muss die Validität des sich ergebenden ` +
			`Kalenderdatums sichergestellt werden. D.h. es muss z.B. 31.04.2021 oder der 29.02.2023 verhindert werden, da diese keine korrekten Datumsangaben sind.`,
		[]string{`valid F99000000051: date_part(date_add(date_add(date_add(2000-01-01, sub(F99000000053, 2000), "years"), ` +
			`sub(F99000000052, 1), "months"), sub(F99000000051, 1), "days"), "month") = F99000000052`},
	},
	{
		"S filled by the form and hidden",
		`Das Feld F99000000071 "Art des Bescheides" ist mit 001 "Bescheid" vorzubefüllen und in der Antragsstrecke auszublenden.`,
		[]string{`calculate F99000000071 = "001"`},
	},
	{
		"S paths",
		`Wenn das Feld G99000000001.F99000000012 "Abfrage Verein" = wahr, dann muss die Gruppe G99000000003 "Postfach" angezeigt und befüllt werden.`,
		[]string{`show G99000000003 if F99000000012 = true`, `require F99000000031 if F99000000012 = true`},
	},
	{
		"ids in the old writing",
		`Wenn F99000012 "Abfrage Verein" = "wahr", dann muss F99000013 "Vereinsregister" befüllt werden.`,
		[]string{`require F99000000013 if F99000000012 = true`},
	},
	// What stays open.
	{"und und oder without brackets", `Wenn F99000000012 = "wahr" UND F99000000016 befüllt ODER F99000000017 befüllt, dann muss F99000000013 befüllt werden.`, nil},
	{"another name than the id has", `Wenn F99000000012 "Abfrage Verein" = "wahr", dann muss F99000000013 "Handelsregister" befüllt werden.`, nil},
	{"another label than the code has", `Wenn F99000000014 "Art des Standes" = 001 "Getränke", dann muss F99000000013 befüllt werden.`, nil},
	{"a code that does not exist", `Wenn F99000000014 "Art des Standes" = 009, dann muss F99000000013 befüllt werden.`, nil},
	{"a field that does not exist", `Wenn F99000000099 = "wahr", dann muss F99000000013 befüllt werden.`, nil},
	{"one answer cannot be two", `Wenn F99000000014 = 001 UND = 002, dann muss F99000000013 befüllt werden.`, nil},
	{"a condition that always holds", `Wenn F99000000014 <> 001 ODER <> 002, dann muss F99000000013 befüllt werden.`, nil},
	{"a word too many", `Wenn F99000000012 = "wahr", dann muss F99000000013 bald befüllt werden.`, nil},
	{"half a sentence", `Wenn F99000000012 = "wahr", dann`, nil},
	{"a sentence more that is not understood", `Wenn F99000000012 = "wahr", dann muss F99000000013 befüllt werden. Ausnahmen regelt das Land.`, nil},
	{"an open quote", `Wenn F99000000012 = "wahr, dann muss F99000000013 befüllt werden.`, nil},
	{"several answers where one is meant", `Wenn G99000000006.F99000000061 > 17, dann muss F99000000013 befüllt werden.`, nil},
	{"S an id at two places", `Wenn F99000000011 "Name" befüllt, dann muss F99000000043 befüllt werden.`, nil},
	{"examples that are real dates", `Wenn alle drei Felder F99000000051 "Tag", F99000000052 "Monat" und F99000000053 "Jahr" befüllt sind, muss die Validität des sich ergebenden ` +
		`Kalenderdatums sichergestellt werden. D.h. es muss z.B. 30.04.2021 verhindert werden, da diese keine korrekten Datumsangaben sind.`, nil},
	{"depends on the Land", `Für das Land HE gilt: Das Feld F99000000013 muss befüllt werden. Für alle anderen Länder gilt: Das Feld F99000000013 darf nicht angezeigt werden.`, nil},
	{"a rule in a circle", `Wenn F99000000012 = "wahr", dann zeige F99000000012 an.`, nil},
}

func TestTranslations(t *testing.T) {
	for _, c := range translations {
		t.Run(c.name, func(t *testing.T) {
			file := schemaOf(nil, stand(c.prose)...)
			if strings.HasPrefix(c.name, "S ") {
				file = schemaOf([]string{c.prose}, stand()...)
			}
			r, _ := load(t, file, Options{})
			if c.want == nil {
				if r.Report.Rules.Unresolved != 1 || r.Report.Open[0].Text != c.prose {
					t.Fatalf("translated to %q, should be left open", notation(t, r.JSON, "R9"))
				}
				if got := notation(t, r.JSON, "R9"); len(got) != 1 || !strings.HasPrefix(got[0], "unresolved ") {
					t.Fatalf("the form holds %q", got)
				}
				return
			}
			if r.Report.Rules.Translated != 1 {
				t.Fatalf("left open: %s", r.Report.Open[0].Why)
			}
			if got := notation(t, r.JSON, "R9"); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}
