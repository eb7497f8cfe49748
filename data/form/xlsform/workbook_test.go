package xlsform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"schalter/data/form"
	"schalter/data/form/imported"
)

// sheets is a workbook written down in a test: a line is a row, cells are separated by |.
type sheets map[string]string

// rows splits the text of a sheet.
func rows(text string) [][]string {
	var out [][]string
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		var row []string
		for c := range strings.SplitSeq(line, "|") {
			row = append(row, strings.TrimSpace(c))
		}
		out = append(out, row)
	}
	return out
}

// file makes a real workbook of it.
func (w sheets) file(t testing.TB, change ...func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for _, name := range []string{"survey", "choices", "settings"} {
		text, ok := w[name]
		if !ok {
			continue
		}
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows(text) {
			for c, s := range row {
				ref, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if s != "" {
					if err := f.SetCellStr(name, ref, s); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// book is the workbook as if it had been read.
func (w sheets) book() *book {
	b := &book{sheets: map[string]*grid{}}
	for name, text := range w {
		g := &grid{name: name}
		for r, row := range rows(text) {
			var cells []cell
			for c, s := range row {
				if s != "" {
					cells = append(cells, cell{s, place{name, r + 1, c + 1}})
				}
			}
			if cells != nil {
				g.rows = append(g.rows, cells)
			}
		}
		b.sheets[name] = g
	}
	return b
}

// form imports the workbook without the detour over a file.
func (w sheets) form(t testing.TB) (*form.Form, *imported.Result) {
	t.Helper()
	rep := newReport("test.xlsx")
	f := translate(w.book(), rep)
	if err := rep.err(); err != nil {
		t.Fatalf("%v", err)
	}
	res, err := f.result()
	if err != nil {
		t.Fatalf("%v", err)
	}
	loaded, err := form.Parse(res.JSON)
	if err != nil {
		t.Fatal(err)
	}
	return loaded, res
}

func take(b []byte, name string) (*imported.Result, error) {
	return Import(bytes.NewReader(b), int64(len(b)), name)
}

// complaints lists errors as "survey!F12 code".
func complaints(err error) []string {
	var out []string
	for _, e := range imported.Split(err) {
		out = append(out, fmt.Sprintf("%v %s", e.Args["place"], strings.TrimPrefix(string(e.Code), "form.xls_")))
	}
	return out
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// fixture reads a file of the shared test material; without it the test is skipped.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "fixtures", "forms", "xlsform", name))
	if err != nil {
		t.Skipf("the shared test material is not here: %v", err)
	}
	return b
}

func compact(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func load(t testing.TB, res *imported.Result) *form.Form {
	t.Helper()
	f, err := form.Parse(res.JSON)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// emptied is the workbook with the rows taken out of which a cell in column A or a label was complained about,
// and the other cells emptied.
func emptied(t *testing.T, b []byte, err error) []byte {
	t.Helper()
	f, e := excelize.OpenReader(bytes.NewReader(b))
	if e != nil {
		t.Fatal(e)
	}
	defer func() { _ = f.Close() }()
	columns, e := f.GetCols("survey")
	if e != nil {
		t.Fatal(e)
	}
	for _, x := range imported.Split(err) {
		row, _ := x.Args["row"].(int)
		column := fmt.Sprint(x.Args["column"])
		clear := []string{column}
		if x.Code == "form.xls_type_unsupported" || x.Code == "form.xls_no_answer" {
			clear = nil
			for i := range columns {
				name, _ := excelize.ColumnNumberToName(i + 1)
				clear = append(clear, name)
			}
		}
		for _, c := range clear {
			if e := f.SetCellStr("survey", fmt.Sprintf("%s%d", c, row), ""); e != nil {
				t.Fatal(e)
			}
		}
	}
	var out bytes.Buffer
	if e := f.Write(&out); e != nil {
		t.Fatal(e)
	}
	return out.Bytes()
}
