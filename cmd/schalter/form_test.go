package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"schalter/data/form"
)

// TestFormImportReadsExcel imports a workbook whatever its name is, and refuses one with a mistake by its cell.
func TestFormImportReadsExcel(t *testing.T) {
	dir := t.TempDir()
	sheet := func(name, calculation string) string {
		f := excelize.NewFile()
		if err := f.SetSheetName("Sheet1", "survey"); err != nil {
			t.Fatal(err)
		}
		rows := [][]any{{"type", "name", "label", "calculation"}, {"text", "nachname", "Nachname", ""}, {"calculate", "laenge", "", calculation}}
		for i, r := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow("survey", cell, &r); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, name)
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, bad := sheet("umfrage.dat", "string-length(${nachname})"), sheet("falsch.xlsx", "string-length(${vorname})")
	var out, errs bytes.Buffer
	if status := run([]string{"--lang", "de", "form", "import", bad, good, "--out", filepath.Join(dir, "out")}, streams{strings.NewReader(""), &out, &errs}); status != 1 {
		t.Errorf("status %d: %s", status, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%s", out.String())
	}
	var first, second formLine
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(lines[1]), &second); err != nil {
		t.Fatal(err)
	}
	if first.File != "falsch.xlsx" || !strings.Contains(first.Error, "survey") || first.ID != "" {
		t.Errorf("the broken workbook: %s", lines[0])
	}
	if second.Error != "" || second.Fields != 2 && second.Fields != 1 {
		t.Errorf("the good workbook: %s", lines[1])
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", second.ID+"-"+second.Version+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := form.Parse(b); err != nil {
		t.Error(err)
	}
}
