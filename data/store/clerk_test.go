package store

import (
	"context"
	"slices"
	"strings"
	"testing"

	"schalter/data/record"
)

// office is a store as a town hall has it: some cases, notes and scans.
func office(t *testing.T) (s *Store, names map[record.ID]string) {
	t.Helper()
	ctx := t.Context()
	s = desk(t, 1)
	names = map[record.ID]string{}
	roles := map[record.Role]string{
		record.RoleFamily: "wer/name", record.RoleGiven: "wer/vorname", record.RoleOrg: "wer/firma", record.RoleBirth: "wer/geboren",
		record.RoleStreet: "wer/strasse", record.RoleHouse: "wer/hausnummer", record.RolePostcode: "wer/plz", record.RoleTown: "wer/ort",
		record.RolePhone: "wer/telefon", record.RoleEmail: "wer/email", record.RoleIBAN: "konto/iban",
	}
	file := func(name, service, title, note string, pages []string, pairs ...string) {
		id := record.NewID()
		edits := []record.Edit{
			{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: service, Title: map[string]string{"de": title}, Roles: roles}},
			fields(id, "", "wer", pairs...),
		}
		if note != "" {
			edits = append(edits, record.Edit{Case: id, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: note}})
		}
		scan, doc := paper(id, "Nachweis "+name)
		if len(pages) > 0 {
			edits = append(edits, scan)
		}
		c, err := s.Submit(ctx, "", edits)
		check(t, err)
		names[c.ID] = name
		if len(pages) > 0 {
			check(t, s.IndexText(ctx, doc.ID, "", pages))
		}
	}
	file("Ina", "hundesteuer-anmelden", "Hundesteuer anmelden", "Rückruf wegen der gelben Tasche", []string{
		"Allianz Versicherung\nHiermit bestätigen wir die Haftpflicht-\nversicherung für den Hund Rex, Police HV-4711/08",
		"gültig bis 31.12.2026, Kennzeichen MR-AB 123",
	}, "name", "Müller-Lüdenscheidt", "vorname", "Ina", "geboren", "1980-02-01", "strasse", "Bahnhofstraße", "hausnummer", "12", "plz", "35037",
		"ort", "Marburg", "telefon", "+49 6421 123456", "email", "ina.mueller@example.org", "iban", "DE89370400440532013000", "chip", "276098104123344")
	file("Jürgen", "fundsache-melden", "Fundsache melden", "", []string{"Sehr geehrter Herr Meier,\nIhr Widerspruch gegen den Bescheid ist eingegangen."},
		"name", "Meier", "vorname", "Jürgen", "geboren", "1955-11-23", "strasse", "Am Grün", "hausnummer", "4a", "telefon", "06421/998877")
	file("Emre", "hundesteuer-anmelden", "Hundesteuer anmelden", "spricht kaum Deutsch", nil, "name", "Yıldız", "vorname", "Emre", "geboren", "1990-07-04", "strasse", "Straße der Nationen")
	file("Lukasz", "gewerbe-anmelden", "Gewerbe anmelden", "", []string{"Die Bäckerei Özdemir wird ab 1. März 2026 betrieben."}, "name", "Wójcik", "vorname", "Łukasz", "geboren", "1971-03-05", "firma", "Bäckerei Özdemir GmbH & Co. KG")
	file("Ursula", "fundsache-melden", "Fundsache melden", "", nil, "name", "von der Leyhen", "vorname", "Ursula", "geboren", "1958-10-08", "strasse", "Schloßstraße")
	file("Sinead", "plakatierung", "Plakatierung erlauben", "", nil, "name", "O'Connor", "vorname", "Sinéad", "geboren", "1966-12-08")
	file("Bernd", "plakatierung", "Plakatierung erlauben", "", nil, "name", "Schmidt", "vorname", "Bernd", "geboren", "2001-02-28")
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
		_, err := x.indexStale(ctx)
		return err
	}))
	// One that the index does not know yet.
	file("Zoë", "hundesteuer-anmelden", "Hundesteuer anmelden", "", nil, "name", "Großmann", "vorname", "Zoë", "geboren", "1999-12-31")
	return s, names
}

// What clerks type, and who has to be among the hits; the first one where it says so.
func TestWhatAClerkRemembers(t *testing.T) {
	s, names := office(t)
	for _, c := range []struct{ typed, want string }{
		// Numbers.
		{"MS-1-26-00001", "Ina!"},
		{"ms 1 26 1", "Ina!"},
		{"MS-1-26/00001", "Ina!"},
		{"ms1-26-00001", "Ina!"},
		{"ms12600001", "Ina!"},
		{"00001", "Ina!"},
		// Names in any spelling, order and state of typing.
		{"müller", "Ina!"},
		{"mueller", "Ina"},
		{"MULLER", "Ina"},
		{"ina mü", "Ina"},
		{"Müller-Lüdenscheidt, Ina", "Ina"},
		{"lüdenscheid", "Ina"},
		{"müllerlüdenscheidt", "Ina"},
		{"yildiz", "Emre"},
		{"Yıldız", "Emre"},
		{"lukasz wojcik", "Lukasz"},
		{"oconnor", "Sinead"},
		{"o connor", "Sinead"},
		{"O’Connor sinead", "Sinead"},
		{"grossmann", "Zoë"},
		{"zoe", "Zoë"},
		{"von der Leyhen", "Ursula"},
		{"ozdemir gmbh", "Lukasz"},
		// Names as they sound, and with a slip of the fingers.
		{"Maier", "Jürgen"},
		{"mayr jürgen", "Jürgen"},
		{"Schmitt", "Bernd"},
		{"jildis", "Emre"},
		{"leien ursula", "Ursula"},
		{"grosmann", "Zoë"},
		{"Mülelr", "Ina"},
		{"wojick", "Lukasz"},
		{"Schmdit", "Bernd"},
		{"özdmir", "Lukasz"},
		{"bernt schmidt", "Bernd"},
		{"lüdenschiedt ina", "Ina"},
		// The date of birth, however it is written.
		{"1.2.1980", "Ina!"},
		{"01.02.80", "Ina"},
		{"1980-02-01", "Ina"},
		{"1. Februar 1980", "Ina"},
		{"1. Feb 1980", "Ina"},
		{"01021980", "Ina"},
		{"1/2/1980", "Ina"},
		{"1-2-1980", "Ina"},
		{"geb. 1.2.1980", "Ina"},
		{"geb 1.2.80", "Ina"},
		{"*1.2.1980", "Ina"},
		{"geboren am 01.02.1980", "Ina"},
		{"geb:1.2.80", "Ina!"},
		{"müller 1. 2. 1980", "Ina"},
		{"5. März 1971", "Lukasz"},
		{"4 juli 1990", "Emre"},
		{"may 4th 1990", ""},
		// What stands in answers: accounts, telephones and chips as they are read out.
		{"DE89 3704 0044 0532 0130 00", "Ina!"},
		{"DE89370400440532013000", "Ina"},
		{"06421 123456", "Ina"},
		{"06421/123456", "Ina"},
		{"+49 6421 123456", "Ina"},
		{"06421 998877", "Jürgen"},
		{"276 098 104 123 344", "Ina"},
		{"ina.mueller@example.org", "Ina"},
		{"Bahnhofstr. 12", "Ina"},
		{"bahnhofstrasse 12 marburg", "Ina"},
		{"Bahnhof Straße", "Ina"},
		{"35037 müller", "Ina"},
		{"am grün 4a", "Jürgen"},
		// Words in notes, scans and letters; divided at the end of a line too.
		{"gelbe tasche", "Ina"},
		{"rückruf", "Ina"},
		{"haftpflichtversicherung", "Ina"},
		{"HV-4711/08", "Ina"},
		{"hv 4711", "Ina"},
		{"police 4711", "Ina"},
		{"MR-AB 123", "Ina"},
		{"mrab123", ""},
		{`"Widerspruch gegen"`, "Jürgen"},
		{"widerspruch", "Jürgen"},
		{"31.12.2026", "Ina"},
		{"1.3.2026", "Lukasz"},
		// A name and a word of a scan; a service and a name.
		{"ina haftpflicht", "Ina!"},
		{"jürgen widerspruch bescheid", "Jürgen"},
		{"yildiz haftpflicht", ""},
		{"hundesteuer müller", "Ina"},
		{"plakat schmidt", "Bernd"},
		{"müller allianz", "Ina"},
		{"marburg police", "Ina"},
		// Filters by typing.
		{"leistung:hund müller", "Ina"},
		{"leistung: hund müller", "Ina"},
		{"müller offen", "Ina"},
		{"müller erledigt", ""},
		{"von:2026-01 müller", "Ina"},
		{"von: 2026 müller", "Ina"},
		{"im postausgang müller", "Ina"},
		{"seite:2 kennzeichen", "Ina"},
		{"müller bis:2025", ""},
		// Nobody.
		{"qwertz", ""},
		{"Müller Emre", ""},
		{"x", ""},
	} {
		hits, err := s.FindAs(t.Context(), "weber", c.typed, 20)
		check(t, err)
		var got []string
		for _, h := range hits {
			got = append(got, names[h.Case.ID])
		}
		want, first := strings.CutSuffix(c.want, "!")
		switch {
		case want == "" && len(got) > 0:
			t.Errorf("%q finds %v", c.typed, got)
		case want != "" && !slices.Contains(got, want), first && got[0] != want:
			t.Errorf("%q finds %v, want %s", c.typed, got, c.want)
		}
	}
}
