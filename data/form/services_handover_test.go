package form_test

import (
	"strings"
	"testing"
)

// What is only taken in says so, and says who decides.
func TestHandOverIsSaid(t *testing.T) {
	for _, id := range []string{"gewerbe-vorerfassung", "bewohnerparken", "fischereischein"} {
		f := service(t, id)
		if !strings.Contains(f.Title.In("de"), "(Vorerfassung)") || !strings.Contains(f.Help.In("de"), "Die Entscheidung fällt") || !strings.Contains(f.Help.In("en"), "The decision is made") {
			t.Errorf("%s does not say that the decision is made elsewhere: %v", id, f.Help)
		}
		if f.Field("gebuehr/uebergabe_hinweis") == nil {
			t.Errorf("%s has no word about the hand-over", id)
		}
	}
}

var resident = map[string]string{
	"person/nachname": "Weber", "person/vorname": "Anna", "person/geburtsdatum": "2.5.88", "person/strasse": "Bahnhofstraße", "person/hausnummer": "12", "person/plz": "65428", "person/ort": "Musterstadt",
	"abschluss/belehrt": "ja",
}

func TestGewerbeVorerfassung(t *testing.T) {
	shop := with(resident, map[string]string{
		"person/geburtsort": "Darmstadt", "staette/wohnung": "ja", "taetigkeit/beschreibung": "Einzelhandel mit Elektrogeräten", "taetigkeit/branche": "Handel", "taetigkeit/beginn": "1.12.2026",
	})
	tell(t, "gewerbe-vorerfassung", []story{
		{
			name: "a shop at home", answers: shop, values: map[string]string{"betrieb/kurz": "Weber", "gebuehr/betrag": "28.00", "taetigkeit/vollzeit": "0"},
			hidden: []string{"betrieb/firma", "betrieb/vertreter", "staette/strasse", "staette/hauptsitz", "person/titel", "erlaubnis/handwerkskarte"}, proofs: "ausweis vollmacht weitere",
		},
		{
			name: "a company's branch, a craft", answers: with(shop, map[string]string{
				"betrieb/rechtsform": "GmbH", "betrieb/firma": "Weber Haustechnik GmbH", "betrieb/registerort": "Darmstadt", "betrieb/registernummer": "HRB 12345", "staette/wohnung": "nein", "staette/art": "Zweigniederlassung",
				"staette/strasse": "Marktplatz 3", "staette/plz": "65428", "staette/ort": "Musterstadt", "staette/hauptsitz": "Mainz", "taetigkeit/branche": "Handwerk",
			}),
			values: map[string]string{"betrieb/kurz": "Weber Haustechnik GmbH", "gebuehr/betrag": "35.00", "betrieb/vertreter": "1"}, proofs: "ausweis register! handwerk vollmacht weitere",
		},
		{name: "a café next week", answers: with(shop, map[string]string{"taetigkeit/branche": "Gastgewerbe"}), problems: []string{"taetigkeit/branche: Ein Gaststättengewerbe mit Alkohol"}},
		{
			name: "begun long ago, too short, without its permit", answers: with(shop, map[string]string{"taetigkeit/beginn": "1.9.2026", "taetigkeit/beschreibung": "Handel", "erlaubnis/noetig": "ja"}),
			problems: []string{"taetigkeit/beschreibung: Das ist sehr kurz.", "taetigkeit/beginn: Anzuzeigen ist gleichzeitig", "erlaubnis/noetig: Ohne Erlaubnis"}, proofs: "ausweis erlaubnis vollmacht weitere",
		},
		{
			name: "a minor whose residence permit has expired", answers: with(shop, map[string]string{
				"person/geburtsdatum": "1.6.2010", "person/staat": "andere", "person/staat_welche": "türkisch", "person/titel": "Aufenthaltserlaubnis", "person/titel_bis": "1.1.2026", "person/titel_erlaubt": "nein",
			}),
			problems: []string{"person/geburtsdatum: Minderjährige", "person/titel_bis: Der Aufenthaltstitel ist abgelaufen.", "person/titel_erlaubt: Die Selbstständigkeit"}, proofs: "ausweis titel vollmacht weitere",
		},
		{name: "taken over", answers: with(shop, map[string]string{"taetigkeit/anlass": "Kauf"}), problems: []string{"taetigkeit/vorher: Bitte"}},
	})
}

func TestBewohnerparken(t *testing.T) {
	own := with(resident, map[string]string{"ausweis/zone": "B", "fahrzeug/kennzeichen": "GG-AB 123"})
	tell(t, "bewohnerparken", []story{
		{
			name: "one's own car", answers: own, values: map[string]string{"ausweis/ab": "2026-11-23", "ausweis/bis": "2027-11-22", "gebuehr/betrag": "30.00"},
			hidden: []string{"fahrzeug/halter_name", "ausweis/nummer"}, proofs: "fahrzeugschein! vollmacht weitere",
		},
		{
			name: "the employer's, renewed for two years", answers: with(own, map[string]string{"ausweis/antrag": "Verlängerung", "ausweis/nummer": "B-17", "ausweis/jahre": "zwei", "fahrzeug/halter": "den Arbeitgeber", "fahrzeug/halter_name": "Weber GmbH", "fahrzeug/dauernd": "ja"}),
			values: map[string]string{"ausweis/bis": "2028-11-22", "gebuehr/betrag": "60.00"}, proofs: "fahrzeugschein! nutzung! alt vollmacht weitere",
		},
		{name: "another plate", answers: with(own, map[string]string{"ausweis/antrag": "Anderes", "ausweis/nummer": "B-17"}), values: map[string]string{"gebuehr/betrag": "10.00"}},
		{
			name: "not registered, a second one, a borrowed van", answers: with(own, map[string]string{"person/gemeldet": "Nicht", "ausweis/weiterer": "ja", "fahrzeug/art": "Lieferwagen", "fahrzeug/halter": "ein Familienmitglied", "fahrzeug/halter_name": "J. Weber", "fahrzeug/dauernd": "nein"}),
			problems: []string{"person/gemeldet: Den Ausweis erhält nur", "ausweis/weiterer: Jede Person erhält", "fahrzeug/art: Für große Fahrzeuge", "fahrzeug/dauernd: Ein fremdes Fahrzeug"},
		},
		{name: "second residence", answers: with(own, map[string]string{"person/gemeldet": "Nebenwohnung"}), problems: []string{"person/gemeldet: Mit Nebenwohnung"}},
	})
}

func TestFischereischein(t *testing.T) {
	first := with(resident, map[string]string{
		"person/geburtsort": "Darmstadt", "schein/ab": "2027", "schein/pruefung": "ja", "schein/pruefung_am": "12.9.2026", "schein/pruefung_stelle": "Kreis Groß-Gerau", "schein/versagung": "ja",
	})
	tell(t, "fischereischein", []story{
		{
			name: "the first one, for five years", answers: first, values: map[string]string{"schein/kurz": "Für fünf Jahre ab 2027", "gebuehr/gebuehr": "18.00", "gebuehr/abgabe": "27.00", "gebuehr/summe": "45.00"},
			hidden: []string{"eltern/name", "schein/nummer"}, proofs: "foto! pruefung! weitere",
		},
		{
			name: "renewed for ten", answers: with(first, map[string]string{"schein/art": "Für zehn", "schein/antrag": "Verlängerung", "schein/nummer": "2021/0456"}), values: map[string]string{"gebuehr/summe": "90.00"},
			hidden: []string{"schein/pruefung", "schein/pruefung_am"}, proofs: "foto alt weitere",
		},
		{
			name: "a child of twelve", answers: with(first, map[string]string{"person/geburtsdatum": "1.6.2014", "schein/art": "Jugend", "eltern/name": "Leila Haddad", "eltern/einverstanden": "ja"}),
			values: map[string]string{"gebuehr/summe": "7.50"}, proofs: "foto! eltern! weitere",
		},
		{
			name: "twelve and not the youth licence", answers: with(first, map[string]string{"person/geburtsdatum": "1.6.2014", "eltern/name": "Leila Haddad", "eltern/einverstanden": "nein"}),
			problems: []string{"eltern/einverstanden: Minderjährige brauchen", "schein/art: Unter 14 Jahren"},
		},
		{name: "sixteen and the youth licence", answers: with(first, map[string]string{"person/geburtsdatum": "23.11.2010", "schein/art": "Jugend", "eltern/name": "Leila Haddad", "eltern/einverstanden": "ja"}), problems: []string{"schein/art: Den Jugendfischereischein gibt es nur bis 15"}},
		{name: "nine", answers: with(first, map[string]string{"person/geburtsdatum": "1.6.2017", "schein/art": "Jugend", "eltern/name": "L", "eltern/einverstanden": "ja"}), problems: []string{"person/geburtsdatum: Einen Fischereischein gibt es frühestens"}},
		{
			name: "no examination, a poacher, last year", answers: with(first, map[string]string{"schein/pruefung": "nein", "schein/versagung": "nein", "schein/ab": "2025"}),
			problems: []string{"schein/ab: Das Jahr ist vorbei.", "schein/pruefung: Den ersten Schein", "schein/versagung: Das kann ein Versagungsgrund sein."},
		},
		{name: "a year that is none", answers: with(first, map[string]string{"schein/ab": "27"}), problems: []string{"schein/ab: Bitte das Jahr mit vier Ziffern", "schein/ab: Das Jahr ist vorbei."}},
		{name: "lost", answers: with(first, map[string]string{"schein/antrag": "Ersatz", "schein/nummer": "7", "schein/ab": "2029"}), problems: []string{"schein/ab: Das Jahr liegt weit voraus."}, values: map[string]string{"gebuehr/summe": "15.00"}},
	})
}
