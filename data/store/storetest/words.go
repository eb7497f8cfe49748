package storetest

import (
	"strings"

	"schalter/data/record"
)

var users = []string{"weber", "yildiz", "schmitt", "wagner"}

var services = []struct {
	id    string
	title map[string]string
}{
	{"hundesteuer-anmelden", map[string]string{"de": "Hundesteuer anmelden", "en": "Register a dog for dog tax"}},
	{"plakatierung", map[string]string{"de": "Plakatierung und Sondernutzung", "en": "Posters and special use of roads"}},
	{"fundsache", map[string]string{"de": "Fundsache anzeigen", "en": "Report found property"}},
}

var roles = map[record.Role]string{
	record.RoleFamily: "halter/familienname", record.RoleGiven: "halter/vorname", record.RoleBirth: "halter/geburtsdatum",
	record.RoleStreet: "anschrift/strasse", record.RoleHouse: "anschrift/hausnummer", record.RolePostcode: "anschrift/plz",
	record.RoleTown: "anschrift/ort", record.RoleSubject: "hund/rufname",
	record.RolePhone: "halter/telefon", record.RoleEmail: "halter/email", record.RoleIBAN: "zahlung/iban", record.RoleIdentity: "hund/chip",
}

var (
	families = strings.Fields(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter
		Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann
		Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn
		Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon
		Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas
		Yıldız Öztürk Kowalczyk Nguyen Łukasiewicz Đorđević O’Brien Großöhringer`)
	givens = strings.Fields(`Anna Ben Clara David Emma Finn Greta Hannah Ida Jonas Karl Lena Mia Noah Ole Paul Quirin Rosa Sophie
		Theo Ulrike Viktor Wilma Xaver Yvonne Zoe Emre Ayşe Björn Jürgen Käthe Søren Zoë Michael Thomas Andreas Peter Wolfgang
		Sabine Petra Monika Ursula Renate Karin Helga Brigitte`)
	streets = strings.Fields(`Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Birkenweg Lindenstraße Kirchstraße
		Waldstraße Ringstraße Schillerstraße Goethestraße Amselweg Mühlenweg Wiesenweg Jahnstraße Feldstraße Rosenstraße Buchenweg`)
	towns   = strings.Fields(`Musterstadt Niederwalgern Großseelheim Kirchhain Stadtallendorf Wetter Gladenbach Neustadt`)
	dogs    = strings.Fields(`Bello Rex Luna Balu Emma Nala Sammy Charly Lucky Rocky Buddy Kira Amy Bruno Leo Milo Lilly Mäxchen Wölfi`)
	breeds  = strings.Fields(`Labrador Schäferhund Dackel Mischling Pudel Golden-Retriever Jack-Russell-Terrier Chihuahua Boxer Beagle Rottweiler`)
	colours = strings.Fields(`schwarz braun weiß gefleckt grau rotbraun`)
	common  = strings.Fields(`der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
		hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch
		man sein wurde sei Prozent hatte kann gegen vom können schon wenn habe seine ihre dann unter wir soll ich eines Jahr zwei
		diese dieser wieder keine Uhr seiner worden will zwischen immer Millionen was sagte Stadt Gemeinde Antrag Bescheid Vertrag
		Versicherung Haftpflicht Schaden Summe Halter Hund Tierheim Abgabe Steuer Satzung Betrag Frist Zahlung Konto Unterschrift
		Datum Anschrift Straße Ort Nachweis Anlage Kopie Original Beglaubigung Gebühr Widerspruch Rechtsbehelf Monat Verwaltung
		Behörde Sachbearbeiter Auskunft Genehmigung Erlaubnis Sondernutzung Plakat Veranstaltung Verein Fundbüro Finder Eigentümer`)
	firsts = strings.Fields(`Hunde Grund Gewerbe Haftpflicht Versicherungs Steuer Gemeinde Stadt Kreis Landes Bundes Antrags Melde Ausweis
		Pass Fahrzeug Bau Straßen Wasser Abfall Kinder Schul Sozial Wohn Renten Kranken Unfall Feuer Rettungs Ordnungs`)
	lasts = strings.Fields(`steuer amt satzung bescheid antrag vertrag gesetz ordnung stelle behörde gebühr pflicht schutz wesen nummer
		karte schein prüfung verwaltung aufsicht kasse verfahren bescheinigung erklärung bestätigung`)
)
