//go:build linux

package journey

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

// stallSheets is a form as an office writes it in Excel, with the columns that the handbook names.
var stallSheets = map[string][][]any{
	"survey": {
		{"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "calculation", "appearance", "schalter::role"},
		{"begin group", "betreiber", "Wer den Stand betreibt"},
		{"text", "organisation", "Verein oder Firma", "Frei lassen, wenn eine Privatperson den Stand betreibt.", "", "", "", "", "", "", "party.organisation"},
		{"text", "nachname", "Nachname", "", "yes", "", "", "", "", "", "party.family"},
		{"text", "vorname", "Vorname", "", "yes", "", "", "", "", "", "party.given"},
		{"phone number", "telefon", "Telefon während des Marktes", "", "yes", "", "", "", "", "", "party.phone"},
		{"end group"},
		{"begin group", "stand", "Stand"},
		{"text", "bezeichnung", "Name des Standes", "", "yes", "", "", "", "", "", "subject"},
		{"select_one angebot", "angebot", "Angebot", "", "yes"},
		{"select_multiple tage", "tage", "An welchen Tagen", "", "yes"},
		{"decimal", "front", "Frontlänge in Metern", "Gemessen mit Vordach.", "yes", "", ". >= 2 and . <= 8", "Für eine Bude sind 2 bis 8 Meter Platz. Bitte die Länge prüfen."},
		{"select_one strom", "strom", "Strom", "", "yes"},
		{"integer", "watt", "Anschlusswert in Watt", "", "yes", "${strom} = 'kraft'", ". <= 9000", "Mehr als 9.000 Watt gibt der Verteiler nicht her."},
		{"end group"},
		{"begin repeat", "gas", "Geräte mit Gas", "", "", "${angebot} = 'speisen'"},
		{"text", "geraet", "Gerät", "", "yes"},
		{"integer", "flaschen", "Gasflaschen am Stand", "", "yes", "", ". <= 2", "Erlaubt sind zwei Flaschen je Gerät."},
		{"end repeat"},
		{"begin group", "abschluss", "Gebühr und Erklärung"},
		{"decimal", "gebuehr", "Standgebühr in Euro", "", "", "", "", "", "${front} * 12 * count-selected(${tage})", "money"},
		{"select_one janein", "ordnung", "Marktordnung erhalten", "", "yes", "", ". = 'ja'", "Ohne die Marktordnung wird kein Platz vergeben."},
		{"end group"},
	},
	"choices": {
		{"list_name", "name", "label"},
		{"angebot", "speisen", "Speisen und Getränke"},
		{"angebot", "handwerk", "Kunsthandwerk"},
		{"angebot", "verein", "Infostand"},
		{"tage", "fr", "Freitag"},
		{"tage", "sa", "Samstag"},
		{"tage", "so", "Zweiter Advent"},
		{"strom", "kein", "Ohne"},
		{"strom", "licht", "Lichtstrom"},
		{"strom", "kraft", "Kraftstrom"},
		{"janein", "ja", "Ja"},
		{"janein", "nein", "Nein"},
	},
	"settings": {
		{"form_title", "form_id", "version", "schalter::legal"},
		{"Standplatz Weihnachtsmarkt", "standplatz-weihnachtsmarkt", "2026.1", "Marktsatzung § 3"},
	},
}

// workbook saves the form as Excel does.
func workbook(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for sheet, rows := range stallSheets {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			if err == nil {
				err = f.SetSheetRow(sheet, cell, &row)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}
