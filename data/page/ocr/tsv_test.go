package ocr

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"

func words(table []byte, w, h int) answer {
	a, _ := parse(table, w, h)
	return a
}

func row(f ...string) string { return strings.Join(f, "\t") + "\n" }

func TestParse(t *testing.T) {
	ok := row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96.5", "Müller")
	for _, c := range []struct {
		name, table string
		want        []string
	}{
		{"a word", head + ok, []string{"Müller"}},
		{"without its end of line", head + strings.TrimSuffix(ok, "\n"), []string{"Müller"}},
		{"ends of line of Windows", strings.ReplaceAll(head+ok, "\n", "\r\n"), []string{"Müller"}},
		{"blocks and lines are no words", head + row("4", "1", "1", "1", "1", "0", "10", "20", "30", "8", "-1", "x"), nil},
		{"too few columns", head + row("5", "1", "1"), nil},
		{"no number", head + row("5", "1", "1", "1", "1", "1", "ten", "20", "30", "8", "96", "x"), nil},
		{"beside the picture", head + row("5", "1", "1", "1", "1", "1", "90", "20", "30", "8", "96", "xx"), nil},
		{"a box that turns over", head + row("5", "1", "1", "1", "1", "1", "9223372036854775807", "20", "30", "8", "96", "xx"), nil},
		{"before the picture", head + row("5", "1", "1", "1", "1", "1", "-1", "20", "30", "8", "96", "xx"), nil},
		{"without a size", head + row("5", "1", "1", "1", "1", "1", "10", "20", "0", "8", "96", "xx"), nil},
		{"hardly sure", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "3", "xx"), nil},
		{"sure of nothing", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "NaN", "xx"), nil},
		{"a stroke", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", "|"), nil},
		{"blanks", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", "  "), nil},
		{"controls", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", "a\x00b\u202e"), []string{"ab"}},
		{"broken letters", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", "a\xffb"), []string{"ab"}},
		{"a text as one word", head + row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", strings.Repeat("x", 500)), nil},
	} {
		var got []string
		for _, w := range words([]byte(c.table), 100, 100) {
			got = append(got, w.Text)
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestParseCountsLinesDownThePage(t *testing.T) {
	table := head
	for _, at := range [][2]string{{"1", "1"}, {"1", "1"}, {"1", "2"}, {"2", "1"}} {
		table += row("5", "1", at[0], "1", at[1], "1", "10", "20", "30", "8", "96", "wort")
	}
	var lines []int
	for _, w := range words([]byte(table), 100, 100) {
		lines = append(lines, w.Line)
	}
	if len(lines) != 4 || lines[0] != 0 || lines[1] != 0 || lines[2] != 1 || lines[3] != 2 {
		t.Error(lines)
	}
}

func TestParseBelievesOnlySoMuch(t *testing.T) {
	table := head + strings.Repeat(row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96", "wort"), maxWords+10)
	if n := len(words([]byte(table), 100, 100)); n != maxWords {
		t.Error(n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head+row("5", "1", "1", "1", "1", "1", "10", "20", "30", "8", "96.5", "Müller")), 100, 100)
	f.Add([]byte("5\t\t\t\t\t\t0\t0\t1\t1\t1e2\t\x00"), 1, 1)
	f.Fuzz(func(t *testing.T, table []byte, w, h int) {
		line := -1
		for _, a := range words(table, w, h) {
			if a.X0 < 0 || a.Y0 < 0 || a.X1 > float64(w) || a.Y1 > float64(h) || a.X1 <= a.X0 || a.Y1 <= a.Y0 {
				t.Errorf("%+v is not in %d x %d", a.Word, w, h)
			}
			if a.Line < line || a.Line > line+1 {
				t.Errorf("line %d after %d", a.Line, line)
			}
			line = a.Line
			if a.Text == "" || len(a.Text) > maxWord || !utf8.ValidString(a.Text) || strings.ContainsFunc(a.Text, func(r rune) bool {
				return unicode.IsControl(r) || unicode.IsSpace(r)
			}) {
				t.Errorf("word %q", a.Text)
			}
		}
	})
}
