package xlsform

import (
	"errors"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/record"
)

// promised fails unless the error is one of those that the importer promises.
func promised(t *testing.T, err error) {
	t.Helper()
	var one *record.Error
	if err != nil && !errors.As(err, &one) {
		t.Fatalf("an error of another kind: %v", err)
	}
	for _, e := range imported.Split(err) {
		if e.Code == record.CodeInternal || e.Args["place"] == nil {
			t.Fatalf("no place: %v", e)
		}
	}
}

// Whatever the file is: a form that loads, or errors with their places.
func FuzzImport(f *testing.F) {
	f.Add(oneRow("text|x|X").file(f))
	f.Add([]byte("PK\x03\x04"))
	f.Add(magicOLE)
	f.Fuzz(func(t *testing.T, b []byte) {
		res, err := take(b, "f.xlsx")
		promised(t, err)
		if err == nil {
			if _, err := form.Parse(res.JSON); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Whatever the parts of a workbook are: the same.
func FuzzParts(f *testing.F) {
	good := oneRow("text|x|X").file(f)
	parts := map[string][]byte{}
	for _, name := range []string{surveyPart, stringsPart, "xl/workbook.xml", "xl/styles.xml"} {
		change(f, good, name, func(b []byte) []byte {
			parts[name] = b
			return b
		})
	}
	f.Add(parts[surveyPart], parts[stringsPart], parts["xl/workbook.xml"], parts["xl/styles.xml"])
	f.Fuzz(func(t *testing.T, sheet, texts, workbook, styles []byte) {
		b := good
		for name, to := range map[string][]byte{surveyPart: sheet, stringsPart: texts, "xl/workbook.xml": workbook, "xl/styles.xml": styles} {
			b = change(t, b, name, func([]byte) []byte { return to })
		}
		res, err := take(b, "f.xlsx")
		promised(t, err)
		if err == nil {
			load(t, res)
		}
	})
}

// Whatever stands in the cells: the same. A line is a row of the survey, ¶ divides survey and choices.
func FuzzCells(f *testing.F) {
	for _, w := range []sheets{villageWith("text|x|X|${n} = 1"), oneRow("select_one stadt|x|X" + cellAt(10, "ort=${c}")), {"survey": strings.ReplaceAll(stall["survey"], `\$`, "$"), "choices": stall["choices"]}} {
		f.Add(w["survey"] + "¶" + w["choices"])
	}
	f.Fuzz(func(t *testing.T, s string) {
		survey, choices, _ := strings.Cut(s, "¶")
		rep := newReport("f.xlsx")
		made := translate(sheets{"survey": survey, "choices": choices}.book(), rep)
		err := rep.err()
		if err == nil {
			_, err = made.result()
		}
		promised(t, err)
	})
}

// Whatever the condition is: it is translated, or refused with its place.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		"${n} = 1 and not(selected(${c}, 'innen'))", "if(${n} > 1, ${t}, '')", "../n + 1 > -2.5", "sum(${rn}) div 3 mod 2 != .5",
		"regex(${t}, '[a-z]+') or instance('x')/r/item[name=1]/label = 2", "date('2026-01-01') <= now()", "jr:choice-name(${c}, '${c}') = ''",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "|\n") {
			return
		}
		rep := newReport("f.xlsx")
		made := translate(villageWith("text | letzte | Letzte | "+s).book(), rep)
		err := rep.err()
		if err == nil {
			_, err = made.result()
		}
		promised(t, err)
	})
}
