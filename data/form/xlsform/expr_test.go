package xlsform

import (
	"encoding/json"
	"strings"
	"testing"

	"schalter/data/form"
)

// village is a survey whose questions the expressions below read.
var village = sheets{
	"survey": `
type                     | name    | label    | relevant
integer                  | n       | Zahl
decimal                  | x       | Bruch
text                     | t       | Text
date                     | d       | Tag
date                     | d2      | Tag 2
time                     | z       | Zeit
select_one lage          | c       | Lage
select_one zahl          | q       | Note
select_multiple ware     | m       | Ware
acknowledge              | ok      | Gelesen
note                     | hinweis | Hinweis
begin repeat             | reihe   | Reihe
integer                  | rn      | Anzahl
text                     | rt      | Name
end repeat
calculate                | sum     |          |
`,
	"choices": `
list_name | name | label
lage | innen | Innen
lage | aussen | Außen
zahl | 1 | Eins
zahl | 2 | Zwei
zahl | 3 | Drei
ware | essen | Essen
ware | gas | Gas
`,
}

// villageWith adds a row to the village's survey.
func villageWith(row string) sheets {
	w := sheets{"choices": village["choices"]}
	head := strings.Replace(village["survey"], "| relevant", "| relevant | constraint | constraint_message | calculation | required | default", 1)
	w["survey"] = strings.Replace(head, "calculate                | sum     |          |", "calculate | sum | | | | | ${n} * 2", 1) + row
	return w
}

// The left is what an office writes as a condition, the right what the form becomes.
func TestConditions(t *testing.T) {
	for _, c := range []struct{ xpath, native string }{
		{`${n} = 5`, `{"equal":[{"field":"part/n"},5]}`},
		{`5 < ${n}`, `{"gt":[{"field":"part/n"},5]}`},
		{`${n} != 5`, `{"or":[{"empty":{"field":"part/n"}},{"not":{"equal":[{"field":"part/n"},5]}}]}`},
		{`${t} = ''`, `{"empty":{"field":"part/t"}}`},
		{`${t} != ""`, `{"not":{"empty":{"field":"part/t"}}}`},
		{`${t}`, `{"not":{"empty":{"field":"part/t"}}}`},
		{`${c} = 'innen'`, `{"equal":[{"field":"part/c"},"innen"]}`},
		{`selected(${c}, 'innen')`, `{"equal":[{"field":"part/c"},"innen"]}`},
		{`not(selected(${c}, 'innen'))`, `{"not":{"and":[{"not":{"empty":{"field":"part/c"}}},{"equal":[{"field":"part/c"},"innen"]}]}}`},
		{`${q} = 2`, `{"equal":[{"field":"part/q"},"2"]}`},
		{`${q} >= 2`, `{"in":[{"field":"part/q"},["2","3"]]}`},
		{`selected(${m}, 'gas')`, `{"in":["gas",{"field":"part/m"}]}`},
		{`not(selected(${m}, 'gas'))`, `{"not":{"in":["gas",{"field":"part/m"}]}}`},
		{`count-selected(${m}) > 1`, `{"gt":[{"count":{"field":"part/m"}},1]}`},
		{`${m} = 'gas'`, `{"and":[{"in":["gas",{"field":"part/m"}]},{"equal":[{"count":{"field":"part/m"}},1]}]}`},
		{`selected(${ok}, 'OK')`, `{"equal":[{"field":"part/ok"},"OK"]}`},
		{`${d} <= today()`, `{"le":[{"field":"part/d"},{"today":[]}]}`},
		{`${d} < now()`, `{"le":[{"field":"part/d"},{"today":[]}]}`},
		{`${d} > date('2026-01-31')`, `{"gt":[{"field":"part/d"},{"date":"2026-01-31"}]}`},
		{`${d} > '2026-01-31'`, `{"gt":[{"field":"part/d"},{"date":"2026-01-31"}]}`},
		{`${z} >= '08:00:00.000+01:00'`, `{"ge":[{"field":"part/z"},{"time":"08:00"}]}`},
		{`today() - ${d} > 30`, `{"gt":[{"date_diff":[{"field":"part/d"},{"today":[]},"days"]},30]}`},
		{`${d} + 14 < ${d2}`, `{"lt":[{"date_add":[{"field":"part/d"},14,"days"]},{"field":"part/d2"}]}`},
		{`${n} > 1 and ${x} < 2.50 or ${t} = 'a'`, `{"or":[{"and":[{"gt":[{"field":"part/n"},1]},{"lt":[{"field":"part/x"},2.5]}]},{"equal":[{"field":"part/t"},"a"]}]}`},
		{`${n} + 2 * ${x} > 3`, `{"gt":[{"add":[{"field":"part/n"},{"mul":[2,{"field":"part/x"}]}]},3]}`},
		{`(${n} - 1) div 2 mod 3 = -1`, `{"equal":[{"mod":[{"div":[{"sub":[{"field":"part/n"},1]},2]},3]},-1]}`},
		{`${t} = 5`, `{"equal":[{"number":{"field":"part/t"}},5]}`},
		{`regex(${t}, '[0-9]{5}')`, `{"matches":[{"field":"part/t"},"[0-9]{5}"]}`},
		{`regex(${t}, '[0-9]*')`, `{"or":[{"empty":{"field":"part/t"}},{"matches":[{"field":"part/t"},"[0-9]*"]}]}`},
		{`regex(${n}, '1.')`, `{"matches":[{"concat":{"field":"part/n"}},"1."]}`},
		{`contains(${t}, 'x')`, `{"contains":[{"field":"part/t"},"x"]}`},
		{`starts-with(${t}, 'x') or ends-with(${t}, 'y')`, `{"or":[{"starts":[{"field":"part/t"},"x"]},{"ends":[{"field":"part/t"},"y"]}]}`},
		{`string-length(${t}) > 3`, `{"gt":[{"coalesce":[{"length":{"field":"part/t"}},0]},3]}`},
		{`sum(${rn}) > 10`, `{"gt":[{"sum":{"field":"reihe/rn"}},10]}`},
		{`count(${reihe}) >= 2`, `{"ge":[{"rows":"reihe"},2]}`},
		{`count-non-empty(${rt}) = 2`, `{"equal":[{"count":{"field":"reihe/rt"}},2]}`},
		{`max(${rn}) > 3`, `{"gt":[{"max":{"field":"reihe/rn"}},3]}`},
		{`if(${n} > 1, 2, 3) = 2`, `{"equal":[{"if":[{"and":[{"not":{"empty":{"field":"part/n"}}},{"gt":[{"field":"part/n"},1]}]},2,3]},2]}`},
		{`coalesce(${n}, 0) = 0`, `{"equal":[{"coalesce":[{"field":"part/n"},0]},0]}`},
		{`int(${x}) = 1`, `{"equal":[{"trunc":{"field":"part/x"}},1]}`},
		{`round(${x}, 1) = 1.5`, `{"equal":[{"round":[{"field":"part/x"},1]},1.5]}`},
		{`number(format-date(${d}, '%Y')) < 2000`, `{"lt":[{"date_part":[{"field":"part/d"},"year"]},2000]}`},
		{`true()`, ``},
		{`false()`, `false`},
		{`${n} = ${x}`, `{"if":[{"or":[{"empty":{"field":"part/n"}},{"empty":{"field":"part/x"}}]},{"and":[{"empty":{"field":"part/n"}},{"empty":{"field":"part/x"}}]},{"equal":[{"field":"part/n"},{"field":"part/x"}]}]}`},
		{`../n = 1`, `{"equal":[{"field":"part/n"},1]}`},
		{`/data/n = 1`, `{"equal":[{"field":"part/n"},1]}`},
		{`${sum} > 4`, `{"gt":[{"field":"part_2/sum"},4]}`},
		{`${t} = “a”`, `{"equal":[{"field":"part/t"},"a"]}`},
	} {
		_, res := villageWith("text | letzte | Letzte | " + c.xpath).form(t)
		if got := expression(t, res.JSON, "letzte.show", "when"); got != c.native {
			t.Errorf("%s\n gives %s\n  want %s", c.xpath, got, c.native)
		}
	}
}

// expression is a rule's expression, "" where there is no such rule.
func expression(t *testing.T, b []byte, id, key string) string {
	t.Helper()
	var doc struct {
		Rules []map[string]json.RawMessage `json:"rules"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	for _, r := range doc.Rules {
		if string(r["rule"]) == `"`+id+`"` {
			var v any
			d := json.NewDecoder(strings.NewReader(string(r[key])))
			d.UseNumber()
			if err := d.Decode(&v); err != nil {
				t.Fatal(err)
			}
			return compact(v)
		}
	}
	return ""
}

func TestConstraintsLookAtAnswersOnly(t *testing.T) {
	for _, c := range []struct{ typ, xpath, native string }{
		{"integer", `. > 0 and . < 150`, `{"and":[{"gt":[{"field":"part_2/letzte"},0]},{"lt":[{"field":"part_2/letzte"},150]}]}`},
		{"decimal", `. <= ${n}`, `{"or":[{"empty":{"field":"part_2/letzte"}},{"and":[{"not":{"empty":{"field":"part/n"}}},{"le":[{"field":"part_2/letzte"},{"field":"part/n"}]}]}]}`},
		{"text", `regex(., '[0-9]{5}')`, `{"matches":[{"field":"part_2/letzte"},"[0-9]{5}"]}`},
		{"text", `string-length(.) > 2`, `{"gt":[{"length":{"field":"part_2/letzte"}},2]}`},
		{"date", `. <= today()`, `{"le":[{"field":"part_2/letzte"},{"today":[]}]}`},
		{"select_multiple ware", `not(selected(., 'essen') and selected(., 'gas'))`, `{"or":[{"empty":{"field":"part_2/letzte"}},{"not":{"and":[{"in":["essen",{"field":"part_2/letzte"}]},{"in":["gas",{"field":"part_2/letzte"}]}]}}]}`},
		{"select_multiple ware", `count-selected(.) <= 1`, `{"or":[{"empty":{"field":"part_2/letzte"}},{"le":[{"count":{"field":"part_2/letzte"}},1]}]}`},
	} {
		_, res := villageWith(c.typ + " | letzte | Letzte | | " + c.xpath + " | Bitte prüfen.").form(t)
		if got := expression(t, res.JSON, "letzte.valid", "when"); got != c.native {
			t.Errorf("%s\n gives %s\n  want %s", c.xpath, got, c.native)
		}
	}
}

// What is calculated, and of which type the field is that holds it.
func TestCalculations(t *testing.T) {
	for _, c := range []struct {
		xpath, native string
		typ           form.Type
	}{
		{`${n} * 2`, `{"mul":[{"field":"part/n"},2]}`, form.TypeDecimal},
		{`2+2`, `{"add":[2,2]}`, form.TypeDecimal},
		{`-${n}`, `{"sub":[0,{"field":"part/n"}]}`, form.TypeDecimal},
		{`concat(${t}, ' ', ${n})`, `{"concat":[{"field":"part/t"}," ",{"field":"part/n"}]}`, form.TypeMultiline},
		{`if(selected(${c}, 'innen'), 'a', '')`, `{"if":[{"and":[{"not":{"empty":{"field":"part/c"}}},{"equal":[{"field":"part/c"},"innen"]}]},"a",{"concat":{"div":[1,0]}}]}`, form.TypeMultiline},
		{`if(true(), 1, 'a')`, `{"if":[true,"1","a"]}`, form.TypeMultiline},
		{`${q} + ${q}`, `{"add":[{"number":{"field":"part/q"}},{"number":{"field":"part/q"}}]}`, form.TypeDecimal},
		{`today()`, `{"today":[]}`, form.TypeDate},
		{`${d} - ${d2}`, `{"date_diff":[{"field":"part/d2"},{"field":"part/d"},"days"]}`, form.TypeDecimal},
		{`int((today() - ${d}) div 365.25)`, `{"trunc":{"div":[{"date_diff":[{"field":"part/d"},{"today":[]},"days"]},365.25]}}`, form.TypeDecimal},
		{`format-date(today(), '%Y-%m')`, `{"concat":[{"date_part":[{"today":[]},"year"]},"-",{"if":[{"lt":[{"date_part":[{"today":[]},"month"]},10]},"0",{"concat":{"div":[1,0]}}]},{"date_part":[{"today":[]},"month"]}]}`, form.TypeMultiline},
		{`decimal-date-time(${d})`, `{"date_diff":[{"date":"1970-01-01"},{"field":"part/d"},"days"]}`, form.TypeDecimal},
		{`jr:choice-name(${c}, '${c}')`, `{"label":{"field":"part/c"}}`, form.TypeMultiline},
		{`join(', ', ${rt})`, `{"join":[{"field":"reihe/rt"},", "]}`, form.TypeMultiline},
		{`substr(${t}, 0, 3)`, `{"substr":[{"field":"part/t"},0,3]}`, form.TypeMultiline},
		{`pow(${n}, 2)`, `{"pow":[{"field":"part/n"},2]}`, form.TypeDecimal},
		{`floor(${x}) + ceiling(${x}) + abs(${x})`, `{"add":[{"floor":{"field":"part/x"}},{"ceil":{"field":"part/x"}},{"abs":{"field":"part/x"}}]}`, form.TypeDecimal},
		{`min(${n}, ${x})`, `{"min":[{"field":"part/n"},{"field":"part/x"}]}`, form.TypeDecimal},
		{`${n} > 1`, `{"and":[{"not":{"empty":{"field":"part/n"}}},{"gt":[{"field":"part/n"},1]}]}`, form.TypeBoolean},
		{`string(${n})`, `{"concat":{"field":"part/n"}}`, form.TypeMultiline},
		{`${m}`, `{"join":[{"field":"part/m"}," "]}`, form.TypeMultiline},
		{`${sum} + 1`, `{"add":[{"field":"part_2/sum"},1]}`, form.TypeDecimal},
		{`boolean(${n})`, `{"and":[{"not":{"empty":{"field":"part/n"}}},{"not":{"equal":[{"field":"part/n"},0]}}]}`, form.TypeBoolean},
		{`boolean-from-string(${t})`, `{"not":{"empty":{"field":"part/t"}}}`, form.TypeBoolean},
	} {
		f, res := villageWith("calculate | letzte | | | | | " + c.xpath).form(t)
		if got := expression(t, res.JSON, "letzte.calculate", "value"); got != c.native {
			t.Errorf("%s\n gives %s\n  want %s", c.xpath, got, c.native)
		}
		if got := f.Field("part_2/letzte").Type; got != c.typ {
			t.Errorf("%s gives a field of type %s, want %s", c.xpath, got, c.typ)
		}
	}
}

func TestRowsReadTheirOwnRow(t *testing.T) {
	w := sheets{"survey": `
type         | name  | label  | relevant     | calculation
begin repeat | stand | Stand
integer      | breit | Breite
integer      | tief  | Tiefe  | ${breit} > 1
calculate    | qm    |        |              | ${breit} * ../tief
calculate    | nr    |        |              | position(..)
end repeat
note         | alle  | Zusammen ${gesamt} m²
calculate    | gesamt |       |              | sum(${qm})
`}
	f, _ := w.form(t)
	s := f.Begin(nil, noon)
	s.AddRow("stand")
	s.AddRow("stand")
	s.Set("stand[1]/breit", "2")
	s.Set("stand[1]/tief", "3")
	s.Set("stand[2]/breit", "1")
	s.Set("stand[2]/tief", "9")
	for path, want := range map[string]string{"stand[1]/qm": "6", "stand[2]/qm": "", "stand[2]/nr": "2", "part/gesamt": "6", "part/alle": "6"} {
		if got := s.State(path).Value; got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if s.State("stand[2]/tief").Visible {
		t.Error("the second row asks for its depth")
	}
}
