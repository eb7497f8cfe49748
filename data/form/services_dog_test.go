package form_test

import (
	"testing"

	"schalter/data/record"
)

var yildiz = map[string]string{
	"halter/nachname": "Yıldız", "halter/vorname": "Emre", "halter/geburtsdatum": "2.5.88", "halter/strasse": "Bahnhofstraße", "halter/hausnummer": "12", "halter/plz": "65428", "halter/ort": "Musterstadt",
	"hund/rufname": "Balu", "hund/marke": "1234", "hund/chip": "276 0981 0412 3344", "abschluss/belehrt": "ja",
}

func TestHundAbmelden(t *testing.T) {
	died := with(yildiz, map[string]string{"ende/grund": "Gestorben", "ende/datum": "10.10.2026", "ende/marke_zurueck": "ja", "steuer/bezahlt_bis": "31.12.2026"})
	soon := with(died, map[string]string{"ende/datum": "12.11.2026"})
	tell(t, "hundesteuer-abmelden", []story{
		{
			name: "died, paid for the year", answers: soon, proofs: "tierarzt weitere",
			values: map[string]string{"steuer/satz": "60.00", "steuer/endet": "2026-11-30", "steuer/erstattung": "5.00", "hund/chip": "276098104123344"},
			hidden: []string{"ende/neuer_name", "ende/marke_warum", "ende/grund_text"},
		},
		{
			name: "late, so the vet has to say when", answers: died, proofs: "tierarzt! weitere", problems: []string{"ende/datum: Die Abmeldung war innerhalb von zwei Wochen fällig"},
			values: map[string]string{"steuer/endet": "2026-10-31", "steuer/erstattung": "10.00"},
		},
		{name: "on the fourteenth day", answers: with(soon, map[string]string{"ende/datum": "9.11.2026"})},
		{
			name: "nothing paid in advance", answers: with(soon, map[string]string{"steuer/bezahlt_bis": "", "konto/iban": "DE89 3704 0044 0532 0130 00"}),
			values: map[string]string{"steuer/erstattung": "0.00"}, hidden: []string{"konto/iban"},
		},
		{
			name: "sold, with the tag, a dangerous one", answers: with(soon, map[string]string{"ende/grund": "Abgegeben", "ende/marke_zurueck": "nein", "ende/marke_warum": "Beim Hund", "ende/neuer_name": "Karim Haddad", "ende/neuer_ort": "Trebur", "ende/gefaehrlich": "ja"}),
			proofs: "uebergabe weitere",
		},
		{
			name: "nobody knows to whom, the tag is lost", answers: with(soon, map[string]string{"ende/grund": "Abgegeben", "ende/marke_zurueck": "nein", "ende/marke_warum": "Verloren"}),
			problems: []string{"ende/marke_warum: Ohne Marke bleibt ihre Nummer gesperrt.", "ende/neuer_name: Bitte", "ende/neuer_ort: Bitte"},
		},
		{name: "moved away", answers: with(soon, map[string]string{"ende/grund": "Weggezogen", "ende/neuer_ort": "Mainz"}), hidden: []string{"ende/neuer_name"}},
		{name: "ran away", answers: with(soon, map[string]string{"ende/grund": "Entlaufen"}), problems: []string{"ende/grund: Ein entlaufener Hund bleibt steuerpflichtig"}},
		{name: "to the shelter", answers: with(soon, map[string]string{"ende/grund": "Ins Tierheim"}), problems: []string{"ende/grund_text: Bitte „Näheres“ angeben."}},
	})
}

func TestErsatzmarke(t *testing.T) {
	lost := with(yildiz, map[string]string{"marke/grund": "Verloren", "marke/neu": "2345"})
	tell(t, "hundesteuer-ersatzmarke", []story{
		{name: "lost", answers: lost, values: map[string]string{"gebuehr/betrag": "5.00"}, hidden: []string{"marke/zurueck"}, proofs: "vollmacht weitere"},
		{name: "stolen", answers: with(lost, map[string]string{"marke/grund": "Gestohlen"}), proofs: "anzeige vollmacht weitere"},
		{
			name: "unreadable and handed in", answers: with(lost, map[string]string{"marke/grund": "Beschädigt", "marke/zurueck": "ja"}), values: map[string]string{"gebuehr/betrag": "0.00"},
			hidden: []string{"marke/gefunden_hinweis"},
		},
		{
			name: "unreadable and kept, the old number again", answers: with(lost, map[string]string{"marke/grund": "Beschädigt", "marke/zurueck": "nein", "marke/neu": "1234"}),
			problems: []string{"marke/zurueck: Eine beschädigte Marke ist abzugeben", "marke/neu: Das ist die Nummer der alten Marke."}, values: map[string]string{"gebuehr/betrag": "5.00"},
		},
	})
}

// What tells one case's matter from all others is known to the program, and where money goes.
func TestServicesNameWhatTheyAreAbout(t *testing.T) {
	for id, want := range map[string]map[record.Role]string{
		"hundesteuer-anmelden":    {record.RoleIBAN: "zahlung/iban", record.RoleIdentity: "hund/chip"},
		"hundesteuer-abmelden":    {record.RoleIBAN: "konto/iban", record.RoleIdentity: "hund/chip"},
		"hundesteuer-ersatzmarke": {record.RoleIdentity: "hund/chip"},
		"fundsache":               {record.RoleIdentity: "merkmale/kennung"},
		"feuer-anzeigen":          {record.RoleIdentity: "ort/parzelle"},
		"maengel-melden":          {record.RoleIdentity: "mangel/kennzeichen"},
		"bewohnerparken":          {record.RoleIdentity: "fahrzeug/kennzeichen"},
		"gewerbe-vorerfassung":    {record.RoleIdentity: "betrieb/registernummer", record.RoleOrg: "betrieb/firma"},
		"fischereischein":         {record.RoleIdentity: "schein/nummer"},
		"saal-buchen":             {record.RoleIBAN: "konto/iban"},
		"vereinsfest":             {record.RoleIBAN: "saal.konto/iban", record.RoleResource: "saal.saal/raum", record.RoleDay: "fest.veranstaltung/von", record.RoleFamily: "fest.veranstalter/nachname"},
	} {
		roles := service(t, id).Roles
		for role, path := range want {
			if roles[role] != path {
				t.Errorf("%s: %s is %q, want %q", id, role, roles[role], path)
			}
		}
	}
}
