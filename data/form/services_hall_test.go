package form_test

import (
	"testing"

	"schalter/data/record"
)

func TestSaalBuchen(t *testing.T) {
	verein := map[string]string{
		"veranstalter/organisation": "TSV 1898", "veranstalter/nachname": "Müller", "veranstalter/vorname": "Ina", "veranstalter/strasse": "Am Sportplatz", "veranstalter/hausnummer": "1",
		"veranstalter/plz": "65428", "veranstalter/ort": "Musterstadt", "veranstalter/telefon": "06142 83100", "veranstalter/gemeinnuetzig": "ja",
		"veranstaltung/bezeichnung": "Sommerfest", "veranstaltung/art": "Fest", "saal/raum": "Bürgerhaus, Großer", "saal/tag": "12.06.2027", "saal/von": "18:00", "saal/bis": "23:30",
		"saal/personen": "250", "saal/aufbau_ab": "14", "saal/abbau_bis": "1:00", "ausstattung/technik": "Beschallung; Bühne", "ausstattung/techniker": "ja", "ausstattung/kueche": "Ganze",
		"bewirtung/art": "In eigener", "bewirtung/alkohol": "ja", "bewirtung/verkauf": "ja", "verantwortlich/mobil": "0170 1234567", "haftung/versichert": "ja", "haftung/versicherung": "SV",
		"haftung/hausordnung": "ja", "konto/iban": "DE89 3704 0044 0532 0130 00", "abschluss/belehrt": "ja",
	}
	tell(t, "saal-buchen", []story{
		{
			name: "an association's evening until after midnight", answers: verein, proofs: "haftpflicht! gemeinnuetzig! bestuhlungsplan! weitere",
			values: map[string]string{
				"saal/raum": "gross", "saal/plaetze": "280", "saal/belegt_von": "14:00", "saal/belegt_bis": "01:00", "entgelt/miete": "200.00", "entgelt/technik": "110.00",
				"entgelt/kueche": "60.00", "entgelt/reinigung": "50.00", "entgelt/summe": "420.00", "entgelt/kaution": "500.00",
			},
			hidden: []string{"bewirtung/caterer", "verantwortlich/name"},
		},
		{
			name: "a private party in the afternoon", answers: with(verein, map[string]string{
				"veranstalter/art": "Privat", "saal/raum": "Grill", "saal/von": "15:00", "saal/bis": "21:00", "saal/aufbau_ab": "", "saal/abbau_bis": "", "saal/personen": "40", "ausstattung/technik": "",
				"ausstattung/techniker": "nein", "ausstattung/kueche": "Nicht", "bewirtung/art": "Keine",
			}),
			values: map[string]string{"saal/belegt_von": "15:00", "saal/belegt_bis": "21:00", "entgelt/summe": "60.00", "entgelt/kaution": "200.00"},
			hidden: []string{"veranstalter/organisation", "veranstalter/gemeinnuetzig", "bewirtung/caterer"}, proofs: "haftpflicht! bestuhlungsplan weitere",
		},
		{
			name: "too many for the tables, more chairs than places", answers: with(verein, map[string]string{"saal/raum": "Vereinsraum", "saal/personen": "41", "ausstattung/stuehle": "41"}),
			problems: []string{"saal/personen: Für so viele Personen reicht der Raum", "ausstattung/stuehle: Das sind mehr Stühle"},
		},
		{
			name: "in rows as many as the room holds", answers: with(verein, map[string]string{"saal/raum": "Vereinsraum", "saal/bestuhlung": "Stuhlreihen", "saal/personen": "40"}),
			values: map[string]string{"saal/plaetze": "40"},
		},
		{
			name: "times the wrong way round", answers: with(verein, map[string]string{"saal/von": "18:00", "saal/bis": "17:00", "saal/aufbau_ab": "19:00", "saal/abbau_bis": "16:00"}),
			problems: []string{"saal/bis: Das Ende liegt vor dem Beginn.", "saal/aufbau_ab: Aufgebaut wird vor dem Beginn", "saal/abbau_bis: Abgebaut wird nach dem Ende"},
		},
		{
			name: "until three, cleared at half past two", answers: with(verein, map[string]string{"saal/bis": "3:00", "saal/abbau_bis": "2:30"}),
			problems: []string{"saal/abbau_bis: Abgebaut wird nach dem Ende"},
		},
		{
			name: "next week, without insurance and house rules, nobody for the sound", answers: with(verein, map[string]string{"saal/tag": "1.12.2026", "haftung/versichert": "nein", "haftung/hausordnung": "nein", "ausstattung/techniker": "nein"}),
			problems: []string{"saal/tag: Bis dahin bleiben weniger als zwei Wochen.", "ausstattung/techniker: Beschallung und Bühnenlicht", "haftung/versichert: Ohne Versicherung haftet", "haftung/hausordnung: Ohne die Hausordnung"},
		},
		{
			name: "kitchen without food, before six, far ahead", answers: with(verein, map[string]string{"bewirtung/art": "Keine", "saal/von": "5:30", "saal/aufbau_ab": "", "saal/tag": "12.06.2028"}),
			problems: []string{"saal/tag: Mehr als ein Jahr im Voraus", "saal/von: Die Räume öffnen um 6 Uhr.", "bewirtung/art: Die ganze Küche ist gebucht"},
		},
	})
	roles := service(t, "saal-buchen").Roles
	for role, want := range map[record.Role]string{record.RoleResource: "saal/raum", record.RoleDay: "saal/tag", record.RoleFrom: "saal/belegt_von", record.RoleTo: "saal/belegt_bis"} {
		if roles[role] != want {
			t.Errorf("%s is %q, expected %q", role, roles[role], want)
		}
	}
}
