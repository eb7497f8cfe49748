package form_test

import "testing"

func TestBeglaubigung(t *testing.T) {
	cert := map[string]string{
		"person/nachname": "Weber", "person/vorname": "Anna", "person/geburtsdatum": "2.5.88", "person/strasse": "Bahnhofstraße", "person/hausnummer": "12", "person/plz": "65428", "person/ort": "Musterstadt",
		"gegenstand/dokument": "Schul-", "gegenstand/bezeichnung": "Abiturzeugnis", "gegenstand/aussteller": "Deutsche Behörde", "gegenstand/vorlage": "Firma",
		"kopie/seiten": "2", "kopie/ausfertigungen": "3", "kopie/original": "ja", "kopie/unveraendert": "ja", "abschluss/belehrt": "ja",
	}
	sign := with(cert, map[string]string{
		"gegenstand/art": "Eine Unterschrift", "gegenstand/dokument": "Vollmacht", "gegenstand/aussteller": "Privat", "gegenstand/vorlage": "Einer deutschen", "gegenstand/empfaenger": "Zulassungsstelle",
		"unterschrift/ausgewiesen": "Personalausweis", "unterschrift/anwesend": "ja", "unterschrift/mit_text": "ja",
	})
	tell(t, "beglaubigung", []story{
		{
			name: "a school certificate, three times", answers: cert, values: map[string]string{"gebuehr/betrag": "12.00"}, hidden: []string{"unterschrift/zahl", "gegenstand/empfaenger"},
			proofs: "schriftstueck vollmacht weitere",
		},
		{
			name: "for somebody who gives her name only", answers: with(cert, map[string]string{"person/vorname": "", "person/geburtsdatum": "", "person/strasse": "", "person/hausnummer": "", "person/plz": "", "person/ort": ""}),
		},
		{name: "for the pension", answers: with(cert, map[string]string{"gebuehr/befreit": "ja"}), values: map[string]string{"gebuehr/betrag": "0.00"}, hidden: []string{"gebuehr/zahlung"}},
		{name: "a birth certificate", answers: with(cert, map[string]string{"gegenstand/dokument": "Geburts-"}), problems: []string{"gegenstand/dokument: Kopien von Geburts-, Ehe- und Sterbeurkunden"}},
		{name: "a private contract for a bank", answers: with(cert, map[string]string{"gegenstand/dokument": "Vertrag", "gegenstand/aussteller": "Privat"}), problems: []string{"gegenstand/vorlage: Eine Kopie wird nur beglaubigt"}},
		{name: "a private contract for an authority", answers: with(cert, map[string]string{"gegenstand/dokument": "Vertrag", "gegenstand/aussteller": "Privat", "gegenstand/vorlage": "Einer deutschen", "gegenstand/empfaenger": "Finanzamt"})},
		{
			name: "changed, in a foreign language, without the original", answers: with(cert, map[string]string{"kopie/original": "nein", "kopie/unveraendert": "nein", "kopie/deutsch": "nein"}),
			problems: []string{"kopie/original: Ohne Original", "kopie/unveraendert: Ein Schriftstück mit Änderungen", "kopie/deutsch: Der Inhalt lässt sich nicht prüfen."},
		},
		{name: "for use abroad", answers: with(cert, map[string]string{"gegenstand/vorlage": "Einer Stelle im"}), problems: []string{"gegenstand/vorlage: Im Ausland wird oft eine Apostille"}},
		{name: "a signature", answers: sign, values: map[string]string{"gebuehr/betrag": "6.00"}, hidden: []string{"kopie/seiten", "kopie/original"}},
		{
			name: "a signature on a blank form, made elsewhere, by somebody", answers: with(sign, map[string]string{"person/geburtsdatum": "", "unterschrift/anwesend": "nein", "unterschrift/mit_text": "nein"}),
			problems: []string{"person/geburtsdatum: Bitte", "unterschrift/anwesend: Die Unterschrift muss hier geleistet", "unterschrift/mit_text: Unterschriften ohne zugehörigen Text"},
		},
		{
			name: "for the register of associations, for a private person", answers: with(sign, map[string]string{"gegenstand/dokument": "Für Grundbuch", "gegenstand/vorlage": "Firma"}),
			problems: []string{"gegenstand/dokument: Dafür ist eine öffentliche Beglaubigung", "gegenstand/vorlage: Eine Unterschrift wird nur"},
		},
	})
}

func TestMaengelMelden(t *testing.T) {
	hole := map[string]string{
		"melder/nachname": "Haddad", "melder/telefon": "06142 83100", "mangel/art": "Straße,", "mangel/bezeichnung": "Schlagloch", "ort/strasse": "Bahnhofstraße", "weiter/zustaendig": "Bauhof",
	}
	tell(t, "maengel-melden", []story{
		{name: "a pothole", answers: hole, values: map[string]string{"mangel/seit": "2026-11-23", "weiter/frist": "2026-12-21"}, hidden: []string{"mangel/mast", "mangel/kennzeichen", "mangel/informiert"}, proofs: "foto weitere"},
		{
			name: "without a name", answers: with(hole, map[string]string{"melder/anonym": "ja", "mangel/art": "Straßenlaterne", "mangel/mast": "B 117", "mangel/dringlichkeit": "Sollte bald"}),
			values: map[string]string{"mangel/mast": "B 117", "weiter/frist": "2026-11-30"}, hidden: []string{"melder/nachname", "melder/telefon", "weiter/rueckmeldung"},
		},
		{
			name: "danger, and nobody was told", answers: with(hole, map[string]string{"mangel/dringlichkeit": "Gefahr"}), values: map[string]string{"weiter/frist": "2026-11-24"},
			problems: []string{"mangel/informiert: Bitte „Informiert wurde“ angeben."},
		},
		{
			name: "oil dumped in a field, somebody fell", answers: with(hole, map[string]string{"melder/anonym": "ja", "mangel/art": "Wilder Müll", "mangel/abfall": "Farben", "mangel/verletzt": "ja"}),
			problems: []string{"mangel/dringlichkeit: Farben, Öl und Chemikalien", "mangel/verletzt: Bei einem Schaden"},
		},
		{name: "a car left behind", answers: with(hole, map[string]string{"mangel/art": "Abgestelltes", "mangel/kennzeichen": "gg ab 123"}), values: map[string]string{"mangel/kennzeichen": "GG-AB 123"}},
		{
			name: "out of town, feedback to nowhere, something else", answers: with(hole, map[string]string{"melder/telefon": "", "ort/gebiet": "Außerorts"}),
			problems: []string{"weiter/zustaendig: Für Bundes-, Landes- und Kreisstraßen", "weiter/rueckmeldung: Ohne Telefon oder E-Mail"},
		},
		{name: "something else", answers: with(hole, map[string]string{"mangel/art": "Sonstiges"}), problems: []string{"mangel/beschreibung: Bitte beschreiben"}},
	})
}
