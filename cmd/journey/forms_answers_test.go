//go:build linux

package journey

import "time"

// homeWork answers S00000000366, the official notice of home work under special protection.
func homeWork() []answer {
	const (
		company = "G00000002210/"
		person  = "G00000002213[1]/G00000002212[1]/"
		address = "G60000000086/"
	)
	return []answer{
		{path: company + "F60000000319", typed: "Feinmechanik Öztürk GmbH"},
		{path: company + address + "F60000000243", typed: "Am Hafen"},
		{path: company + address + "F60000000244", typed: "7b"},
		{path: company + address + "F60000000246", typed: "65428", wrong: "6542", why: "mindestens 5 Zeichen eingeben"},
		{path: company + address + "F60000000247", typed: "Musterstadt"},
		{path: company + "F00000003446", typed: "Uhrwerke"},
		{path: company + "F00000003445", typed: "n", means: "nein"},
		{path: person + "F60000000227", typed: "Großmann"},
		{path: person + "F60000000228", typed: "Jürgen"},
		{path: person + address + "F60000000243", typed: "Mühlweg"},
		{path: person + address + "F60000000246", typed: "65468"},
		{path: person + address + "F60000000247", typed: "Trebur"},
	}
}

// stall answers the workbook's form.
func stall() []answer {
	return []answer{
		{path: "betreiber/organisation", typed: "Kleingärtner am Römerbad"},
		{path: "betreiber/nachname", typed: "Nußbaum"},
		{path: "betreiber/vorname", typed: "Özge"},
		{path: "betreiber/telefon", typed: "06142 83100", means: "06142 83100"},
		{path: "stand/bezeichnung", typed: "Glühwein & Waffeln"},
		{path: "stand/angebot", typed: "Spei", means: "Speisen und Getränke"},
		{path: "stand/tage", typed: "fs", means: "fr\nsa"},
		{path: "stand/front", typed: "4,5", wrong: "45", why: "2 bis 8 Meter Platz"},
		{path: "stand/strom", typed: "Kr", means: "Kraftstrom"},
		{path: "stand/watt", typed: "6000"},
		{path: "gas[1]/geraet", typed: "Waffeleisen"},
		{path: "gas[1]/flaschen", typed: "1"},
		{path: "gas[2]/geraet", typed: "Heizpilz"},
		{path: "gas[2]/flaschen", typed: "2"},
		{path: "abschluss/ordnung", typed: "J", means: "Ja"},
	}
}

// evening is when the feast and the other booking want the same hall.
func evening() time.Time { return time.Now().AddDate(0, 0, 60) }

func day(t time.Time) string { return t.Format("02.01.2006") }

// feast answers the interview that makes four cases.
func feast() []answer {
	d := evening()
	yes := func(path string) answer { return answer{path: path, typed: "j", means: "ja"} }
	no := func(path string) answer { return answer{path: path, typed: "n", means: "nein"} }
	return []answer{
		yes("umfang/saal"), yes("umfang/plakate"), yes("umfang/feuer"),
		{path: "fest.veranstalter/organisation", typed: "TSV 1898 Musterstadt e. V."},
		{path: "fest.veranstalter/nachname", typed: "Haddad"},
		{path: "fest.veranstalter/vorname", typed: "Ina"},
		{path: "fest.veranstalter/strasse", typed: "Bahnhofstraße"},
		{path: "fest.veranstalter/hausnummer", typed: "12a"},
		{path: "fest.veranstalter/plz", typed: "65428"},
		{path: "fest.veranstalter/ort", typed: "Musterstadt"},
		{path: "fest.veranstalter/telefon", typed: "06142 83100"},
		{path: "fest.veranstaltung/bezeichnung", typed: "Winterfest"},
		{path: "fest.veranstaltung/art", typed: "Fest", means: "fest"},
		{path: "fest.veranstaltung/von", typed: day(d)},
		{path: "fest.veranstaltung/ort", typed: "Bürgerhaus"},
		{path: "fest.veranstaltung/beginn", typed: "18", means: "18:00"},
		{path: "fest.veranstaltung/ende", typed: "23:30"},
		{path: "fest.veranstaltung/personen", typed: "120"},
		{path: "fest.veranstaltung/wo", typed: "Im G", means: "gebaeude"},
		{path: "fest.angebot/staende", typed: "2"},
		{path: "fest.angebot/getraenke", typed: "ak", means: "alkoholfrei\nkaffee"},
		{path: "fest.angebot/ausschank_bis", typed: "23:00"},
		yes("fest.angebot/trinkwasser"), yes("fest.angebot/belehrt"),
		{path: "fest.sicherheit/ordner", typed: "2"},
		yes("fest.sicherheit/zufahrt"),
		{path: "fest.sicherheit/toiletten_damen", typed: "4"},
		{path: "fest.sicherheit/toiletten_herren", typed: "2"},
		{path: "fest.verantwortlich/mobil", typed: "0170 1234567"},
		yes("fest.haftung/versichert"),
		{path: "fest.haftung/versicherung", typed: "SV Versicherung"},
		{path: "saal.saal/raum", typed: "Großer", means: "gross"},
		yes("saal.haftung/hausordnung"),
		{path: "plakate.plakate/anzahl", typed: "20"},
		{path: "plakate.plakate/traeger", typed: "b", means: "zaun"},
		{path: "plakate.plakate/von", typed: day(d.AddDate(0, 0, -14))},
		{path: "plakate.plakate/bis", typed: day(d.AddDate(0, 0, 2))},
		{path: "plakate.plakate/strassen", typed: "Bahnhofstraße 6"},
		yes("plakate.haftung/freistellung"), yes("plakate.haftung/verkehr"),
		{path: "feuer.feuer/anlass", typed: "Lager", means: "lager"},
		{path: "feuer.feuer/von", typed: "20", means: "20:00"},
		{path: "feuer.feuer/bis", typed: "23", means: "23:00"},
		{path: "feuer.feuer/menge", typed: "0,8"},
		{path: "feuer.feuer/material", typed: "u", means: "holz"},
		{path: "feuer.ort/beschreibung", typed: "Wiese hinter dem Bürgerhaus"},
		no("feuer.ort/ausserorts"),
		{path: "feuer.ort/eigentum", typed: "Der", means: "gemeinde"},
		{path: "feuer.abstand/wohnhaus", typed: "150"},
		{path: "feuer.abstand/gebaeude", typed: "60"},
		{path: "feuer.abstand/grenze", typed: "10"},
		{path: "feuer.abstand/strasse", typed: "80"},
		{path: "feuer.abstand/wald", typed: "200"},
		{path: "feuer.abstand/baeume", typed: "25"},
		{path: "feuer.sicherheit/aufsicht", typed: "2"},
		yes("feuer.sicherheit/zufahrt"),
		{path: "feuer.sicherheit/loeschmittel", typed: "f", means: "loescher"},
		yes("feuer.sicherheit/sauber"), yes("feuer.sicherheit/tiere"), yes("feuer.sicherheit/wetter"),
		yes("fest.abschluss/belehrt"),
	}
}

// hall wants the hall of the feast on the same evening; it is broken off there.
func hall() []answer {
	return []answer{
		{path: "veranstalter/organisation", typed: "Gesangverein Harmonie"},
		{path: "veranstalter/nachname", typed: "Lindner"},
		{path: "veranstalter/vorname", typed: "Ute"},
		{path: "veranstaltung/bezeichnung", typed: "Jahreskonzert"},
		{path: "saal/raum", typed: "Großer", means: "gross"},
		{path: "saal/tag", typed: day(evening())},
		{path: "saal/von", typed: "19", means: "19:00"},
		{path: "saal/bis", typed: "22", means: "22:00"},
	}
}
