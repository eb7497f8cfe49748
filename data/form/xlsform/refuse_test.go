package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"schalter/data/form/imported"
	"schalter/data/record"
)

// met are the codes that a test has brought about, to find those that nothing can.
var met = map[record.Code]bool{}

func meet(err error, notes []*record.Error) {
	for _, e := range append(imported.Split(err), notes...) {
		met[e.Code] = true
	}
}

// oneRow is a survey of one row below all headings.
func oneRow(row string) sheets {
	return sheets{
		"survey": `type|name|label|hint|required|required_message|relevant|constraint|constraint_message|calculation|default|appearance|choice_filter|repeat_count|parameters|read_only|trigger|schalter::role
text|t|Text
integer|n|Zahl
select_one l|c|Auswahl
date|d|Tag
begin repeat|r|Reihe
text|rt|In der Reihe
end repeat
` + row,
		"choices": "list_name|name|label|ort\nl|a|A|x\nl|b|B|y\nstadt|s|S|a\nstadt|u|U|b",
	}
}

func cellAt(n int, s string) string { return strings.Repeat("|", n) + s }

func errorsNameTheCell(t *testing.T) {
	for _, c := range []struct {
		name string
		book sheets
		want []string
	}{
		{"type", oneRow("geschlecht|x|X"), []string{"survey!A9 type"}},
		{"place on a map", oneRow("geopoint|x|X"), []string{"survey!A9 type_unsupported"}},
		{"order", oneRow("rank l|x|X"), []string{"survey!A9 type_unsupported"}},
		{"other file", oneRow("select_one_from_file orte.csv|x|X"), []string{"survey!A9 external"}},
		{"other file by list", oneRow("select_one orte.csv|x|X"), []string{"survey!A9 external"}},
		{"search", oneRow("select_one l|x|X||||||||| search('orte')"), []string{"survey!L9 external"}},
		{"no type", oneRow("|x|X"), []string{"survey!A9 no_type"}},
		{"no name", oneRow("text||X"), []string{"survey!A9 no_name"}},
		{"name", oneRow("text|mein name|X"), []string{"survey!B9 name"}},
		{"name twice", oneRow("text|t|X"), []string{"survey!B9 name_twice"}},
		{"label", oneRow("text|x"), []string{"survey!A9 no_label"}},
		{"end", oneRow("end group"), []string{"survey!A9 group_end"}},
		{"other end", oneRow("begin group|g|G\ntext|x|X\nend repeat"), []string{"survey!A11 group_end"}},
		{"no end", oneRow("begin group|g|G\ntext|x|X"), []string{"survey!A9 group_open"}},
		{"list", oneRow("select_one m|x|X"), []string{"survey!A9 no_list"}},
		{"answer in a question", oneRow("text|x|Wie alt ist ${t}?"), []string{"survey!C9 text_reference"}},
		{"answer in a hint", oneRow("text|x|X|Zu ${t}"), []string{"survey!D9 text_reference"}},
		{"unknown question", oneRow("text|x|X" + cellAt(4, "${nix} = 1")), []string{"survey!G9 reference"}},
		{"question of two names", oneRow("begin group|g|G\ntext|t|X\nend group\ntext|x|X" + cellAt(4, "${t} = 'a'")), []string{"survey!G12 reference_many"}},
		{"group has no answer", oneRow("text|x|X" + cellAt(4, "${r} = 1")), []string{"survey!G9 no_answer"}},
		{"device has no answer", oneRow("start|x\ntext|y|Y" + cellAt(4, "${x} != ''")), []string{"survey!G10 no_answer"}},
		{"brackets", oneRow("text|x|X" + cellAt(4, "(${n} = 1")), []string{"survey!G9 syntax"}},
		{"quotes", oneRow("text|x|X" + cellAt(4, "${t} = 'a")), []string{"survey!G9 syntax"}},
		{"predicate", oneRow("text|x|X" + cellAt(4, "/data/r[1]/rt = 'a'")), []string{"survey!G9 syntax"}},
		{"function", oneRow("text|x|X" + cellAt(4, "gibtsnicht(1)")), []string{"survey!G9 function"}},
		{"function of other programs", oneRow("text|x|X" + cellAt(4, "pulldata('a','b','c','d') = 1")), []string{"survey!G9 function_unsupported"}},
		{"indexed-repeat", oneRow("text|x|X" + cellAt(4, "indexed-repeat(${rt}, ${r}, 1) = 'a'")), []string{"survey!G9 function_unsupported"}},
		{"instance", oneRow("text|x|X" + cellAt(4, "instance('l')/r/item[name = ${c}]/label = 'a'")), []string{"survey!G9 function_unsupported"}},
		{"arguments", oneRow("text|x|X" + cellAt(4, "string-length() > 1")), []string{"survey!G9 arguments"}},
		{"kinds", oneRow("text|x|X" + cellAt(4, "${d} > 5")), []string{"survey!G9 kinds"}},
		{"text as number", oneRow("text|x|X" + cellAt(4, "${n} > 'viel'")), []string{"survey!G9 kinds"}},
		{"rows from outside", oneRow("text|x|X" + cellAt(4, "${rt} = 'a'")), []string{"survey!G9 several"}},
		{"pattern", oneRow("text|x|X" + cellAt(4, "regex(${t}, '(?=a)b')")), []string{"survey!G9 pattern"}},
		{"choice", oneRow("text|x|X" + cellAt(4, "${c} = 'z'")), []string{"survey!G9 choice_unknown"}},
		{"large", oneRow("text|x|X" + cellAt(4, strings.Repeat("${n} = 1 or ", 1900)+"false()")), []string{"survey!G9 complex"}},
		{"chain", oneRow("text|x|X" + cellAt(4, strings.Repeat("1 - ", 200)+"1 = 0")), []string{"survey!G9 complex"}},
		{"deep", oneRow("text|x|X" + cellAt(4, strings.Repeat("(", 60)+"1"+strings.Repeat(")", 60))), []string{"survey!G9 syntax"}},
		{"required", oneRow("text|x|X||${n} >"), []string{"survey!E9 syntax"}},
		{"default", oneRow("integer|x|X" + cellAt(8, "viel")), []string{"survey!K9 default"}},
		{"default of a choice", oneRow("select_one l|x|X" + cellAt(8, "z")), []string{"survey!K9 default"}},
		{"default that is computed", oneRow("text|x|X" + cellAt(8, "concat(${t}, 'a')")), []string{"survey!K9 default"}},
		{"default of date and time", oneRow("dateTime|x|X" + cellAt(8, "morgen")), []string{"survey!K9 default"}},
		{"repeat count", oneRow("begin repeat|x|X" + cellAt(11, "${n}") + "\ntext|y|Y\nend repeat"), []string{"survey!N9 repeat_count"}},
		{"too many rows", oneRow("begin repeat|x|X" + cellAt(11, "5000") + "\ntext|y|Y\nend repeat"), []string{"survey!N9 repeat_count"}},
		{"parameters", oneRow("range|x|X" + cellAt(12, "start=a end=3")), []string{"survey!O9 value"}},
		{"read only", oneRow("text|x|X" + cellAt(13, "yes")), []string{"survey!P9 read_only"}},
		{"read only by condition", oneRow("text|x|X" + cellAt(13, "${n} = 1")), []string{"survey!P9 value"}},
		{"trigger", oneRow("calculate|x|" + cellAt(7, "1") + cellAt(7, "${n}")), []string{"survey!Q9 function_unsupported"}},
		{"role", oneRow("text|x|X" + cellAt(15, "party.shoesize")), []string{"survey!R9 value"}},
		{"filter by a text", oneRow("select_one stadt|x|X" + cellAt(10, "ort=${t}")), []string{"survey!M9 filter"}},
		{"filter with arithmetic", oneRow("select_one stadt|x|X" + cellAt(10, "ort+1=2")), []string{"survey!M9 filter"}},
		{"filter with nothing left", oneRow("select_one stadt|x|X" + cellAt(10, "ort='z'")), []string{"survey!M9 filter_empty"}},
		{"filter in a circle", oneRow("select_one stadt|x|X" + cellAt(10, "ort=${y}") + "\nselect_one stadt|y|Y" + cellAt(10, "ort=${x}")), []string{"survey!M9 filter", "survey!M10 filter"}},
		{"calculation in a circle", oneRow("calculate|x|" + cellAt(7, "${y} + 1") + "\ncalculate|y|" + cellAt(7, "${x} + 1")), []string{"survey!J9 circle"}},
		{"relevance in a circle", oneRow("text|x|X" + cellAt(4, "${y} = 'a'") + "\ntext|y|Y" + cellAt(4, "${x} = 'a'")), []string{"survey!G9 circle"}},
		{"calculated but no number", oneRow("date|x|X" + cellAt(7, "1 + 1")), []string{"survey!J9 kinds"}},
		{"calculate without", oneRow("calculate|x"), []string{"survey!A9 value"}},
		{"number on a date and time", oneRow("dateTime|x|X" + cellAt(5, ". > 1")), []string{"survey!H9 no_answer"}},
		{"all at once", oneRow("text|x|X" + cellAt(4, "${nix} = 1") + "\ngeopoint|y|Y\ntext||Z"), []string{"survey!G9 reference", "survey!A10 type_unsupported", "survey!A11 no_name"}},
		{"no column type", sheets{"survey": "typ|name\ntext|a"}, []string{"survey!A1 column_missing"}},
		{"column twice", sheets{"survey": "type|name|label|Label\ntext|a|A|B"}, []string{"survey!D1 column_twice"}},
		{"column twice by another name", sheets{"survey": "type|name|label|relevant|relevance\ntext|a|A"}, []string{"survey!E1 column_twice"}},
		{"column twice by language", sheets{"survey": "type|name|label|label::Deutsch (de)\ntext|a|A|B"}, []string{"survey!C1 column_twice"}},
		{"language", sheets{"survey": "type|name|label::Klingonisch\ntext|a|A"}, []string{"survey!C1 language"}},
		{"no column list_name", sheets{"survey": "type|name|label\ntext|a|A", "choices": "liste|name|label\nl|a|A"}, []string{"choices!A1 column_missing"}},
		{"choice twice", sheets{"survey": "type|name|label\nselect_one l|a|A", "choices": "list_name|name|label\nl|a|A\nl|a|B"}, []string{"choices!B3 choice_twice"}},
		{"choice without a name", sheets{"survey": "type|name|label\nselect_one l|a|A", "choices": "list_name|name|label\nl|a|A\nl||B"}, []string{"choices!B3 no_name"}},
		{"choice with a space", sheets{"survey": "type|name|label\nselect_multiple l|a|A", "choices": "list_name|name|label\nl|a b|A"}, []string{"choices!B2 choice_code"}},
		{"version", sheets{"survey": "type|name|label\ntext|a|A", "settings": "form_id|version\nx|neu"}, []string{"settings!B2 version"}},
		{"empty", sheets{"survey": "type|name|label"}, []string{"survey!A1 no_type"}},
		{"groups in groups", sheets{"survey": "type|name|label\n" + strings.Repeat("begin group|g|G\n", 14) + "text|a|A\n" + strings.Repeat("end group\n", 14)}, []string{"survey!A13 group_deep"}},
	} {
		res, err := take(c.book.file(t), "test.xlsx")
		meet(err, nil)
		if got := complaints(err); !slices.Equal(got, c.want) || res != nil {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func notesNameWhatHasNoEffect(t *testing.T) {
	book := sheets{
		"survey": `
type | name | label | label::English (en) | image | bind::foo | appearance | required | calculation | default | choice_filter | hint | parameters
text | straße_nr | Straße | Street | a.jpg | b | ex:app.foo | yes
start | beginn
dateTime | wann | Wann |
note | info | Sie heißen ${straße_nr}
integer | alter | Alter | | | | | | 1 + 1
select_one l | c | Auswahl | | | | | | | | ort=x
select_one m | e | Bezirk
select_one l2 | f | Viertel | | | | | | | | ort=${e}
begin group | leer | Leer
end group
begin group | ohne
text | x | X
end group
`,
		"choices":  "list_name|name|label|ort|bild\nl|a|A|x|a.png\nl|b|B|y\nm|m1|M\nn|n1|N\nl2|v|V|m1\nl2|v|V|m1\nl2|w|W|zz",
		"settings": "form_title|allow_choice_duplicates|submission_url\nTitel|yes|https://example.org",
	}
	res, err := take(book.file(t, func(f *excelize.File) {
		if _, err := f.NewSheet("Notizen"); err != nil {
			t.Fatal(err)
		}
	}), "Antrag Grün.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	meet(nil, res.Report.Notes)
	var got []string
	for _, n := range res.Report.Notes {
		got = append(got, fmt.Sprintf("%v %s", n.Args["place"], strings.TrimPrefix(string(n.Code), "form.xls_note_")))
	}
	want := []string{
		"Notizen sheet", "settings!A2 version", "settings!C2 ignored", "survey!C1 language", "survey!B2 name", "survey!E2 ignored", "survey!F2 ignored",
		"survey!G2 ignored", "survey!A3 left_out", "survey!A4 split", "survey!C5 filled_in", "survey!I6 calculated",
		"survey!K7 bare_word", "survey!A10 empty", "survey!A12 label", "choices!C2 untranslated", "choices!E2 ignored", "choices!A5 list", "choices!B7 code", "choices!B8 never",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if res.Report.ID != "Antrag-Gruen" || res.Report.Title != "Titel" {
		t.Errorf("id %q, title %q", res.Report.ID, res.Report.Title)
	}
	f, err := take(sheets{"survey": "type|name|label::English (en)\ntext|a|A"}.file(t), "x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	meet(nil, f.Report.Notes)
}

// change rewrites one part of a workbook; nil takes it out.
func change(t testing.TB, book []byte, name string, to func([]byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	found := false
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			found = true
			if b = to(b); b == nil {
				continue
			}
		}
		add(t, w, f.Name, b)
	}
	if !found {
		add(t, w, name, to(nil))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func add(t testing.TB, w *zip.Writer, name string, b []byte) {
	t.Helper()
	part, err := w.Create(name)
	if err == nil {
		_, err = part.Write(b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

const surveyPart, stringsPart = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"

func replace(old, with string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(with), 1) }
}

func hostileAndBrokenFiles(t *testing.T) {
	good := oneRow("text|x|X").file(t)
	huge := func([]byte) []byte { return bytes.Repeat([]byte(" "), maxUnpacked+1) }
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "f.xlsx not_workbook"},
		{"text", []byte("type,name,label\ntext,a,A"), "f.xlsx not_workbook"},
		{"a zip of something else", change(t, good, "xl/workbook.xml", func([]byte) []byte { return nil }), "f.xlsx not_workbook"},
		{"half a file", good[:len(good)/2], "f.xlsx damaged"},
		{"old Excel", append(slices.Clone(magicOLE), make([]byte, 2000)...), "f.xlsx old"},
		{"encrypted", append(slices.Clone(magicOLE), encrypted...), "f.xlsx encrypted"},
		{"macros", change(t, good, "xl/vbaProject.bin", func([]byte) []byte { return []byte("x") }), "f.xlsx macros"},
		{"macro sheet", change(t, good, "xl/macrosheets/sheet1.xml", func([]byte) []byte { return []byte("x") }), "f.xlsx macros"},
		{"large file", make([]byte, maxFile+1), "f.xlsx too_large"},
		{"zip bomb", change(t, good, "xl/media/image1.png", huge), "f.xlsx too_large"},
		{"large styles", change(t, good, "xl/styles.xml", func(b []byte) []byte { return append(b, bytes.Repeat([]byte(" "), maxPart)...) }), "f.xlsx too_large"},
		{"broken sheet", change(t, good, surveyPart, replace("</row>", "</rov>")), "survey damaged"},
		{"half a sheet", change(t, good, surveyPart, func(b []byte) []byte { return b[:len(b)/2] }), "survey damaged"},
		{"no sheet", change(t, good, surveyPart, func([]byte) []byte { return nil }), "survey damaged"},
		{"entities", change(t, good, surveyPart, replace("<worksheet", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet`)), "survey damaged"},
		{"external entity", change(t, good, stringsPart, replace("<sst", `<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst`)), "f.xlsx damaged"},
		{"other encoding", change(t, good, surveyPart, replace("UTF-8", "ISO-8859-1")), "survey damaged"},
		{"not UTF-8", change(t, good, stringsPart, replace("Auswahl", "Stra\xdfe")), "f.xlsx damaged"},
		{"rows backwards", change(t, good, surveyPart, replace(`r="3"`, `r="1"`)), "survey damaged"},
		{"cell elsewhere", change(t, good, surveyPart, replace(`r="A3"`, `r="A7"`)), "survey damaged"},
		{"deep", change(t, good, surveyPart, replace("<sheetData>", strings.Repeat("<a>", 500)+strings.Repeat("</a>", 500)+"<sheetData>")), "survey damaged"},
		{"no such style", change(t, good, surveyPart, replace(`<c r="A3"`, `<c r="A3" s="77777"`)), ""},
		{"no such string", change(t, good, surveyPart, replace(`<v>20</v>`, `<v>77777</v>`)), "survey damaged"},
		{"far column", change(t, good, surveyPart, replace("</row>", `<c r="XFD1"><v>1</v></c></row>`)), "survey too_large"},
		{"far empty cell", change(t, good, surveyPart, replace("</row>", `<c r="XFD1" s="1"/></row>`)), ""},
		{"last row", change(t, good, surveyPart, replace("</sheetData>", `<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>`)), ""},
	} {
		start := time.Now()
		_, err := take(c.file, "f.xlsx")
		meet(err, nil)
		if got := strings.Join(complaints(err), ", "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %s", c.name, d)
		}
	}
}

func cellsThatAreNotWhatTheySeem(t *testing.T) {
	book := sheets{"survey": "type|name|label|default\ntext|a|A\ntext|b|B\ninteger|c|C\ndate|d|D\ndate|e|E\ntext|f|F"}
	_, err := take(book.file(t, func(f *excelize.File) {
		date, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		for _, e := range []error{
			f.SetCellFormula("survey", "C2", `A1&"x"`), f.SetCellFormula("survey", "C3", "$A$1"),
			f.MergeCell("survey", "C6", "D6"), f.SetCellValue("survey", "D5", 12), f.SetCellStyle("survey", "D5", "D5", date),
			f.SetCellStr("survey", "C7", "kaputt \ufffd"),
		} {
			if e != nil {
				t.Fatal(e)
			}
		}
	}), "x.xlsx")
	meet(err, nil)
	want := []string{"survey!C2 formula", "survey!D5 date", "survey!C6 merged", "survey!C7 unreadable", "survey!A7 no_label"}
	slices.Sort(want)
	got := complaints(err)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	bad := change(t, oneRow("text|x|X").file(t), surveyPart, replace(`<c r="C2" t="s">`, `<c r="C2" t="e">`))
	_, err = take(bad, "x.xlsx")
	meet(err, nil)
	if got := complaints(err); !slices.Contains(got, "survey!C2 cell_error") {
		t.Errorf("an error in a cell: %q", got)
	}
	kept := sheets{"survey": "type|name|label\ntext|a|A"}.file(t, func(f *excelize.File) {
		if _, err := f.NewSheet("external_choices"); err != nil {
			t.Fatal(err)
		}
	})
	_, err = take(kept, "x.xlsx")
	meet(err, nil)
	if got := complaints(err); !slices.Equal(got, []string{"external_choices sheet_unsupported"}) {
		t.Errorf("a sheet of choices elsewhere: %q", got)
	}
	_, err = take(sheets{"survey": "type|name|label\ntext|a|A"}.file(t), ".xlsx")
	meet(err, nil)
	if got := complaints(err); !slices.Equal(got, []string{".xlsx form_id"}) {
		t.Errorf("no name for the form: %q", got)
	}
	rows := "type|name|label|repeat_count\nbegin repeat|a|A|200\nbegin repeat|b|B|200\ntext|c|C\ntext|d|D\nend repeat\nend repeat"
	_, err = take(sheets{"survey": rows}.file(t), "x.xlsx")
	meet(err, nil)
	if got := complaints(err); !slices.Equal(got, []string{"survey refused"}) {
		t.Errorf("80000 fields: %q", got)
	}
	_, err = take(sheets{"choices": "list_name|name|label\na|b|c"}.file(t), "x.xlsx")
	meet(err, nil)
	if got := complaints(err); !slices.Equal(got, []string{"x.xlsx no_survey"}) {
		t.Errorf("no survey: %q", got)
	}
}

func TestDatesAndNumbersInCells(t *testing.T) {
	book := sheets{"survey": "type|name|label|default\ndate|a|A\ntime|b|B\ndateTime|c|C\ninteger|d|D\ndecimal|e|E\ntext|f|F"}
	res, err := take(book.file(t, func(f *excelize.File) {
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		custom := "dd.mm.yyyy hh:mm"
		both, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &custom})
		clock, _ := f.NewStyle(&excelize.Style{NumFmt: 20})
		for i, v := range []float64{46349, 0.5, 46349.75, 42.0, 0.1 + 0.2, 1234} {
			if err := f.SetCellValue("survey", fmt.Sprintf("D%d", i+2), v); err != nil {
				t.Fatal(err)
			}
		}
		for ref, style := range map[string]int{"D2": day, "D3": clock, "D4": both} {
			if err := f.SetCellStyle("survey", ref, ref, style); err != nil {
				t.Fatal(err)
			}
		}
	}), "x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	s := load(t, res).Begin(nil, noon)
	for path, want := range map[string]string{
		"part/a": "2026-11-23", "part/b": "12:00", "part/c/date": "2026-11-23", "part/c/time": "18:00", "part/d": "42", "part/e": "0.3", "part/f": "1234",
	} {
		if got := s.State(path).Value; got != want {
			t.Errorf("%s begins as %q, want %q", path, got, want)
		}
	}
}

func atMostTwoHundredErrorsAreListed(t *testing.T) {
	_, err := take(sheets{"survey": "type|name|label\n" + strings.Repeat("geopoint|x|X\n", 300)}.file(t), "x.xlsx")
	meet(err, nil)
	all := imported.Split(err)
	if n := len(all); n != maxFaults+1 || all[n-1].Code != record.CodeXLSMore {
		t.Errorf("%d errors, the last %v", n, all[n-1])
	}
}

// Whatever is wrong is said with its place; and codes that no workbook here brings about would be sentences
// that nobody ever reads.
func TestWhatIsSaidAboutWorkbooks(t *testing.T) {
	t.Run("errors", errorsNameTheCell)
	t.Run("notes", notesNameWhatHasNoEffect)
	t.Run("files", hostileAndBrokenFiles)
	t.Run("cells", cellsThatAreNotWhatTheySeem)
	t.Run("many", atMostTwoHundredErrorsAreListed)
	f, err := goparser.ParseFile(gotoken.NewFileSet(), filepath.Join("..", "..", "record", "codes.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "form.xls_") && !met[record.Code(s)] {
				t.Errorf("nothing brings about %s", s)
			}
		}
		return true
	})
}
