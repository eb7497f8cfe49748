//go:build linux

package journey

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// The words that the journey looks for stand on one paper each.
const (
	wordSeven = "Streuobstwiese" // on the seventh sheet of the stack
	wordFirst = "Nussbaumallee"
)

// letterPage is a page of a paper that a citizen brought.
type letterPage struct {
	head   string
	word   string
	turned bool // it lay upside down in the stack
}

// lines is what the page says. No two pages say the same.
func (p letterPage) lines() []string {
	return []string{
		"Sehr geehrte Damen und Herren,",
		"hiermit übersende ich Ihnen die Unterlagen, um die Sie mich gebeten haben.",
		"Die Angaben wurden von mir geprüft und sind nach bestem Wissen vollständig.",
		"Bitte beachten Sie das Stichwort " + p.word + " und geben Sie es immer an.",
		"Für Rückfragen bin ich werktags zwischen neun und zwölf Uhr erreichbar.",
		"Die Gebühr habe ich am Schalter bezahlt, die Quittung liegt bei.",
		"",
		"Mit freundlichen Grüßen",
		"",
		p.head + " – " + p.word,
	}
}

// lettersPDF writes pages as a typewriter would.
func lettersPDF(t *testing.T, pages []letterPage) []byte {
	t.Helper()
	font, err := os.ReadFile("../../assets/fonts/NotoSans-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	p := fpdf.New("P", "mm", "A4", "")
	p.AddUTF8FontFromBytes("Noto", "", font)
	for _, page := range pages {
		p.AddPage()
		if page.turned {
			p.TransformBegin()
			p.TransformRotate(180, 105, 148.5)
		}
		p.SetFont("Noto", "", 22)
		p.Text(25, 45, page.head)
		p.SetFont("Noto", "", 12)
		for i, line := range page.lines() {
			p.Text(25, 65+9*float64(i), line)
		}
		if page.turned {
			p.TransformEnd()
		}
	}
	return output(t, p.Output)
}

// emptyPDF is a sheet without anything on it.
func emptyPDF(t *testing.T) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	return output(t, p.Output)
}

func output(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheets lays a PDF on the scanner's glass: one picture of 300 dots per inch for each page.
func sheets(t *testing.T, dir, name string, pdf []byte) []string {
	t.Helper()
	file := filepath.Join(dir, name+".pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "300", "-gray", "-jpeg", file, filepath.Join(dir, name)).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, name+"-*.jpg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no page: %v", name, err)
	}
	sort.Strings(files)
	return files
}

// stack is twelve sheets as they lie in the feeder, for three cases: their cover sheets, a separator, an empty
// sheet and seven pages with words.
func stack(t *testing.T, covers [3][]byte, separator []byte) []string {
	t.Helper()
	dir := t.TempDir()
	var cover [3]string
	for i, pdf := range covers {
		cover[i] = sheets(t, dir, fmt.Sprintf("deckblatt%d", i+1), pdf)[0]
	}
	split, empty := sheets(t, dir, "trennblatt", separator)[0], sheets(t, dir, "leer", emptyPDF(t))[0]
	text := sheets(t, dir, "seite", lettersPDF(t, []letterPage{
		{head: "Impfausweis des Hundes", word: wordFirst},
		{head: "Haftpflichtversicherung", word: "Regenbogenbrücke"},
		{head: "Mietvertrag, Seite eins", word: "Fliederhecke"},
		{head: "Mietvertrag, Seite zwei", word: wordSeven},
		{head: "Mietvertrag, Seite drei", word: "Gartenlaube"},
		{head: "Mietvertrag, Seite vier", word: "Dachrinne"},
		{head: "Meldung einer Fundsache", word: "Brillenetui"},
	}))
	return []string{
		cover[0], text[0], split, text[1],
		cover[1], text[2], text[3], empty, text[4], text[5],
		cover[2], text[6],
	}
}

// loose are three sheets for one paper: one empty between two, the last upside down.
func loose(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	text := sheets(t, dir, "lose", lettersPDF(t, []letterPage{
		{head: "Schutzvertrag, Seite eins", word: "Apfelwein"},
		{head: "Schutzvertrag, Seite zwei", word: "Zaunpfosten", turned: true},
	}))
	return []string{text[0], sheets(t, dir, "leer", emptyPDF(t))[0], text[1]}
}
