package form_test

import "testing"

func TestVeranstaltungAnzeigen(t *testing.T) {
	verein := map[string]string{
		"veranstalter/organisation": "TSV 1898", "veranstalter/nachname": "Müller", "veranstalter/vorname": "Ina", "veranstalter/strasse": "Am Sportplatz", "veranstalter/hausnummer": "1",
		"veranstalter/plz": "65428", "veranstalter/ort": "Musterstadt", "veranstalter/telefon": "06142 83100", "veranstalter/gemeinnuetzig": "ja",
		"veranstaltung/bezeichnung": "Sommerfest", "veranstaltung/art": "Fest", "veranstaltung/von": "12.06.2027", "veranstaltung/bis": "13.06.2027", "veranstaltung/ort": "Festplatz",
		"veranstaltung/beginn": "14", "veranstaltung/ende": "23:30", "veranstaltung/personen": "250", "veranstaltung/wo": "Im Freien",
		"angebot/alkohol": "ja", "angebot/staende": "3", "angebot/getraenke": "Alkoholfrei; Bier", "angebot/speisen": "Grill und Imbiss", "angebot/ausschank_bis": "23:00",
		"angebot/trinkwasser": "ja", "angebot/belehrt": "ja", "angebot/jugendschutz": "ja", "musik/art": "Livemusik", "musik/bis": "22:00", "musik/gema": "ja",
		"sicherheit/ordner": "3", "sicherheit/zufahrt": "ja", "sicherheit/toiletten_damen": "3", "sicherheit/toiletten_herren": "2", "verantwortlich/mobil": "0170 1234567",
		"haftung/versichert": "ja", "haftung/versicherung": "SV", "abschluss/belehrt": "ja",
	}
	tell(t, "veranstaltung-anzeigen", []story{
		{
			name: "a summer feast", answers: verein, proofs: "lageplan! haftpflicht! gemeinnuetzig! weitere",
			values: map[string]string{"veranstaltung/beginn": "14:00", "angebot/getraenke": "alkoholfrei\nbier", "sicherheit/toiletten_richtwert": "4", "gebuehr/betrag": "11.00"},
			hidden: []string{"verantwortlich/name"},
		},
		{
			name: "nothing is sold, in the hall", answers: with(verein, map[string]string{"angebot/verkauf": "nein", "angebot/alkohol": "nein", "veranstaltung/wo": "Im Gebäude", "veranstaltung/von": "1.12.2026", "veranstaltung/bis": ""}),
			values: map[string]string{"gebuehr/betrag": "0.00"}, hidden: []string{"angebot/getraenke", "angebot/jugendschutz", "angebot/belehrt"}, proofs: "lageplan haftpflicht! gemeinnuetzig! weitere",
		},
		{
			name: "four weeks before is in time", answers: with(verein, map[string]string{"veranstaltung/von": "21.12.2026", "veranstaltung/bis": ""}),
		},
		{
			name: "a day later is late, and the end lies before the beginning", answers: with(verein, map[string]string{"veranstaltung/von": "20.12.2026", "veranstaltung/bis": "19.12.2026"}),
			problems: []string{"veranstaltung/von: Die Anzeige war spätestens vier Wochen vor Beginn fällig.", "veranstaltung/bis: Das Ende liegt vor dem Beginn."},
		},
		{
			name: "beer, but no alcohol and nothing else to drink", answers: with(verein, map[string]string{"angebot/alkohol": "nein", "angebot/getraenke": "Bier"}),
			problems: []string{"angebot/alkohol: Bei den Getränken ist Alkohol angegeben."},
		},
		{
			name: "only beer, to everybody", answers: with(verein, map[string]string{"angebot/getraenke": "Bier", "angebot/jugendschutz": "nein"}),
			problems: []string{"angebot/getraenke: Wer Alkohol ausschenkt, bietet auch Alkoholfreies an", "angebot/jugendschutz: Wer Alkohol ausschenkt, muss den Jugendschutz"},
		},
		{
			name: "sold, but what", answers: with(verein, map[string]string{"angebot/alkohol": "nein", "angebot/getraenke": "", "angebot/speisen": "", "angebot/belehrt": "nein"}),
			problems: []string{"angebot/getraenke: Bitte angeben, welche Getränke", "angebot/belehrt: Ohne Belehrung dürfen"},
		},
		{
			name: "cakes alone", answers: with(verein, map[string]string{"angebot/alkohol": "nein", "angebot/getraenke": "", "angebot/speisen": "Kuchen"}),
		},
		{
			name: "loud and late, not reported", answers: with(verein, map[string]string{"veranstaltung/ende": "5:30", "musik/bis": "1:00", "musik/gema": "nein", "musik/feuerwerk": "ja"}),
			problems: []string{"veranstaltung/ende: Von 5 bis 6 Uhr ist Sperrzeit.", "musik/bis: Im Freien gilt ab 22 Uhr Nachtruhe.", "musik/gema: Die Musik ist noch nicht gemeldet."},
		},
		{
			name: "a thousand with the means for a hundred", answers: with(verein, map[string]string{
				"veranstaltung/personen": "1000", "sicherheit/zufahrt": "nein", "haftung/versichert": "nein", "veranstalter/gemeinnuetzig": "nein", "verantwortlich/mobil": "06142 83100", "abschluss/belehrt": "nein",
			}),
			problems: []string{
				"sicherheit/ordner: Für so viele Personen", "sicherheit/sanitaet: Ab 500 Personen", "sicherheit/zufahrt: Feuerwehr und Rettungsdienst", "sicherheit/toiletten_herren: Das sind weniger Toiletten",
				"verantwortlich/mobil: Das ist keine Mobilnummer.", "haftung/versichert: Ohne Versicherung", "abschluss/belehrt: Bitte die Angaben bestätigen",
			},
			values: map[string]string{"sicherheit/toiletten_richtwert": "14", "gebuehr/betrag": "30.00"}, proofs: "lageplan! sicherheitskonzept! weitere",
		},
		{
			name: "times that do not fit", answers: with(verein, map[string]string{"veranstaltung/ende": "14:00"}),
			problems: []string{"veranstaltung/ende: Beginn und Ende sind gleich."},
		},
		{
			name: "served after the end", answers: with(verein, map[string]string{"veranstaltung/ende": "22:00"}),
			problems: []string{"angebot/ausschank_bis: Ausgeschenkt wird länger"},
		},
	})
}

func TestFeuerAnzeigen(t *testing.T) {
	custom := map[string]string{
		"anzeigende/art": "Verein", "anzeigende/organisation": "TSV 1898", "anzeigende/nachname": "Müller", "anzeigende/vorname": "Ina", "anzeigende/strasse": "Am Sportplatz", "anzeigende/hausnummer": "1",
		"anzeigende/plz": "65428", "anzeigende/ort": "Musterstadt", "anzeigende/telefon": "06142 83100", "feuer/anlass": "Brauchtumsfeuer", "feuer/bezeichnung": "Johannisfeuer", "feuer/tag": "12.06.2027",
		"feuer/von": "20", "feuer/bis": "0:30", "feuer/menge": "12", "feuer/hoehe": "3", "feuer/material": "Reisig; Unbehandeltes", "feuer/oeffentlich": "ja",
		"ort/beschreibung": "Wiese hinter dem Sportplatz", "ort/ausserorts": "ja", "ort/parzelle": "Musterstadt; 3; 124/5", "ort/eigentum": "Der Gemeinde",
		"abstand/wohnhaus": "100", "abstand/gebaeude": "35", "abstand/grenze": "5", "abstand/strasse": "50", "abstand/wald": "100", "abstand/baeume": "20",
		"sicherheit/aufsicht": "2", "sicherheit/zufahrt": "ja", "sicherheit/loeschmittel": "Wasserfass; Brandwache", "sicherheit/sauber": "ja", "sicherheit/tiere": "ja", "sicherheit/wetter": "ja",
		"verantwortlich/mobil": "0170 1234567", "haftung/versichert": "ja", "haftung/versicherung": "SV", "abschluss/belehrt": "ja",
	}
	waste := with(custom, map[string]string{
		"anzeigende/art": "Privat", "feuer/anlass": "Pflanzliche", "feuer/bezeichnung": "Obstbaumschnitt", "feuer/tag": "27.11.2026", "feuer/von": "8:00", "feuer/bis": "16:00", "feuer/menge": "2",
		"feuer/material": "Baum", "feuer/verwertung": "Feuerbrand", "ort/eigentum": "Eigenes", "sicherheit/aufsicht": "1",
	})
	tell(t, "feuer-anzeigen", []story{
		{
			name: "a midsummer bonfire", answers: custom, proofs: "lageplan! haftpflicht! weitere", hidden: []string{"feuer/verwertung", "verantwortlich/name"},
			values: map[string]string{"feuer/material": "reisig\nholz", "ort/parzelle": "Musterstadt;3;124/5", "sicherheit/loeschmittel": "wasser\nfeuerwehr"},
		},
		{name: "cuttings on a Friday", answers: waste, proofs: "lageplan haftpflicht weitere", hidden: []string{"feuer/oeffentlich", "anzeigende/organisation"}},
		{name: "on a Saturday until noon", answers: with(waste, map[string]string{"feuer/tag": "28.11.2026", "feuer/bis": "12:00"})},
		{
			name: "on a Saturday afternoon", answers: with(waste, map[string]string{"feuer/tag": "28.11.2026"}),
			problems: []string{"feuer/bis: Pflanzliche Abfälle dürfen bis 16 Uhr, samstags bis 12 Uhr"},
		},
		{
			name: "on a Sunday, before eight, in the village", answers: with(waste, map[string]string{"feuer/tag": "29.11.2026", "feuer/von": "7:30", "ort/ausserorts": "nein"}),
			problems: []string{"feuer/tag: An Sonntagen dürfen", "feuer/von: Pflanzliche Abfälle dürfen erst ab 8 Uhr", "ort/ausserorts: Innerhalb der bebauten Ortslage"},
		},
		{name: "two days before", answers: with(waste, map[string]string{"feuer/tag": "25.11.2026"})},
		{
			name: "tomorrow, a Tuesday", answers: with(waste, map[string]string{"feuer/tag": "24.11.2026", "feuer/bis": "8:00"}),
			problems: []string{"feuer/tag: Die Anzeige ist mindestens zwei Werktage vorher fällig.", "feuer/bis: Pflanzliche Abfälle dürfen bis 16 Uhr", "feuer/bis: Anzünden und Löschen"},
		},
		{
			name: "too near to everything", answers: with(custom, map[string]string{"abstand/wohnhaus": "99", "abstand/gebaeude": "34", "abstand/grenze": "4", "abstand/strasse": "49", "abstand/wald": "99", "abstand/baeume": "19"}),
			problems: []string{
				"abstand/wohnhaus: Vorgeschrieben sind mindestens 100 m", "abstand/gebaeude: Vorgeschrieben sind mindestens 35 m", "abstand/grenze: Vorgeschrieben sind mindestens 5 m",
				"abstand/strasse: Vorgeschrieben sind mindestens 50 m", "abstand/wald: Vorgeschrieben sind mindestens 100 m", "abstand/baeume: Vorgeschrieben sind mindestens 20 m",
			},
		},
		{
			name: "a private bonfire, huge, one to watch it, on somebody's land", answers: with(custom, map[string]string{"feuer/oeffentlich": "nein", "feuer/menge": "120", "feuer/hoehe": "6", "sicherheit/aufsicht": "1", "ort/eigentum": "Von jemand"}),
			problems: []string{"feuer/menge: Für diesen Anlass ist das viel.", "feuer/hoehe: Höher als fünf Meter", "feuer/oeffentlich: Ein privates Feuer", "sicherheit/aufsicht: Stroh und Brauchtumsfeuer"},
			proofs:   "einverstaendnis! lageplan! haftpflicht! weitere",
		},
		{
			name: "nothing confirmed", answers: with(custom, map[string]string{"sicherheit/zufahrt": "nein", "sicherheit/sauber": "nein", "sicherheit/tiere": "nein", "sicherheit/wetter": "nein", "haftung/versichert": "nein"}),
			problems: []string{"sicherheit/zufahrt", "sicherheit/sauber", "sicherheit/tiere", "sicherheit/wetter", "haftung/versichert: Ohne Versicherung"}, proofs: "lageplan! weitere",
		},
	})
}
