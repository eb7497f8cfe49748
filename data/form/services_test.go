package form_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

var monday = time.Date(2026, 11, 23, 10, 44, 0, 0, time.FixedZone("CET", 3600))

func library(t testing.TB) *form.Library {
	t.Helper()
	l, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func service(t testing.TB, id string) *form.Form {
	t.Helper()
	f, err := library(t).Latest(id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A published form never changes: cases pin it by its hash. Whoever needs another wording writes a new
// file with a new version and adds its line to testdata/published.tsv.
func TestPublishedFormsNeverChange(t *testing.T) {
	b, err := os.ReadFile("testdata/published.tsv")
	if err != nil {
		t.Fatal(err)
	}
	l := library(t)
	files, _ := filepath.Glob("../../assets/forms/*.json")
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != len(files) {
		t.Errorf("%d forms in assets/forms, %d lines in testdata/published.tsv", len(files), len(lines))
	}
	for _, line := range lines {
		p := strings.Split(line, "\t")
		if len(p) != 3 {
			t.Fatalf("not id, version and hash: %q", line)
		}
		if _, err := l.Get(record.FormRef{ID: p[0], Version: p[1], Hash: record.Hash(p[2])}); err != nil {
			t.Errorf("the published form %s %s is not what it was: %v", p[0], p[1], err)
		}
	}
}

// Examples in the entries must be something the field understands.
func TestExamplesAreUnderstood(t *testing.T) {
	for _, f := range library(t).All() {
		s := f.Begin(nil, monday)
		for _, x := range f.Fields() {
			if x.Example == "" || x.Calculated() {
				continue
			}
			s.Set(x.Path, x.Example)
			if st := s.State(x.Path); st.Value == "" {
				t.Errorf("%s %s: the example %q is not understood", f.ID, x.Path, x.Example)
			}
			for _, p := range s.State(x.Path).Problems {
				if p.Rule == "" {
					t.Errorf("%s %s: the example %q is wrong: %s", f.ID, x.Path, x.Example, p.Text("de"))
				}
			}
		}
	}
}

// In a new form the visible fields fill their rows of twelve columns; a row is left open only where fields
// appear later or the group ends.
func TestRowsAreCalm(t *testing.T) {
	for _, f := range library(t).All() {
		s := f.Begin(nil, monday)
		for _, g := range f.Groups {
			used := 0
			for _, x := range g.Fields() {
				if !s.State(x.Path).Visible {
					continue
				}
				if used+x.Width > 12 {
					if used < 5 {
						t.Errorf("%s: before %s only %d of 12 columns are used", f.ID, x.Path, used)
					}
					used = 0
				}
				used += x.Width
			}
		}
	}
}

// offered are all services of the house.
var offered = []string{
	"beglaubigung", "bewohnerparken", "feuer-anzeigen", "fischereischein", "fundsache", "gewerbe-vorerfassung", "hundesteuer-abmelden", "hundesteuer-anmelden",
	"hundesteuer-ersatzmarke", "maengel-melden", "plakatierung", "saal-buchen", "veranstaltung-anzeigen", "vereinsfest",
}

func TestServicesSayWhatTheyAre(t *testing.T) {
	var ids []string
	for _, f := range library(t).All() {
		ids = append(ids, f.ID)
		if len(f.Legal) == 0 || f.Roles[record.RoleSubject] == "" || f.Roles[record.RoleFamily] == "" || len(f.Proofs) == 0 || !slices.Equal(f.Languages, []string{"de", "en"}) {
			t.Errorf("%s lacks legal basis, roles, proofs or a language", f.ID)
		}
		if len(f.Unresolved()) > 0 {
			t.Errorf("%s has unresolved rules", f.ID)
		}
		texts(t, f)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, offered) {
		t.Errorf("services %v, expected %v", ids, offered)
	}
	for _, id := range ids {
		if want := id != "fundsache"; service(t, id).ToConfirm() != want {
			t.Errorf("%s: amounts to confirm: %v", id, !want)
		}
	}
}

// texts holds every warning and error to a whole sentence in both languages.
func texts(t *testing.T, f *form.Form) {
	t.Helper()
	for _, r := range f.Rules {
		for lang, text := range r.Text {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s rule %s: no whole sentence in %s: %q", f.ID, r.ID, lang, text)
			}
		}
		if (r.Kind == form.RuleWarn || r.Kind == form.RuleValid) && r.Text["de"] == r.Text["en"] {
			t.Errorf("%s rule %s is not translated", f.ID, r.ID)
		}
	}
}

// fill types the answers in form order and reports what is still wrong.
func fill(s *form.Session, answers map[string]string) []string {
	for _, x := range s.Form().Fields() {
		if typed, ok := answers[x.Path]; ok {
			s.Set(x.Path, typed)
		}
	}
	var out []string
	for _, p := range s.Problems() {
		if p.Open() {
			out = append(out, p.Path+": "+p.Text("de"))
		}
	}
	return out
}

func with(base map[string]string, more map[string]string) map[string]string {
	out := maps.Clone(base)
	maps.Copy(out, more)
	return out
}

func asked(s *form.Session) string {
	var out []string
	for _, p := range s.Proofs() {
		switch {
		case p.Required:
			out = append(out, p.Proof.ID+"!")
		case p.Visible:
			out = append(out, p.Proof.ID)
		}
	}
	return strings.Join(out, " ")
}

type story struct {
	name     string
	answers  map[string]string
	problems []string          // the beginnings, in form order
	values   map[string]string // some that must come out
	hidden   []string
	proofs   string
}

func tell(t *testing.T, id string, stories []story) {
	t.Helper()
	for _, c := range stories {
		t.Run(c.name, func(t *testing.T) {
			s := service(t, id).Begin(nil, monday)
			got := fill(s, c.answers)
			if !slices.EqualFunc(got, c.problems, strings.HasPrefix) {
				t.Errorf("problems\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.problems, "\n  "))
			}
			v := s.Values()
			for p, want := range c.values {
				if v[p] != want {
					t.Errorf("%s: %q, want %q", p, v[p], want)
				}
			}
			for _, p := range c.hidden {
				if st := s.State(p); st.Visible {
					t.Errorf("%s is visible", p)
				}
				if _, in := v[p]; in {
					t.Errorf("%s counts though it is hidden", p)
				}
			}
			for p := range c.answers {
				if s.Form().Field(p) == nil {
					t.Errorf("the story types into %q, which is not in the form", p)
				}
			}
			if c.proofs != "" && asked(s) != c.proofs {
				t.Errorf("proofs %q, want %q", asked(s), c.proofs)
			}
		})
	}
}

func TestHundAnmelden(t *testing.T) {
	yildiz := map[string]string{
		"halter/nachname": "Yıldız", "halter/vorname": "Emre", "halter/geburtsdatum": "2.5.88", "halter/strasse": "Bahnhofstraße", "halter/hausnummer": "12",
		"halter/plz": "65428", "halter/ort": "Musterstadt", "hund/rufname": "Balu", "hund/rasse": "Labrador-Mischling", "hund/geworfen": "3/24", "hund/geschlecht": "Rüde",
		"hund/chip": "276 0981 0412 3344", "hund/gehalten_seit": "10.11.26", "hund/herkunft": "Tierheim", "hund/herkunft_name": "Tierheim Rüsselsheim",
		"zahlung/iban": "DE89 3704 0044 0532 0130 00", "zahlung/mandat": "ja", "abschluss/belehrt": "ja",
	}
	tell(t, "hundesteuer-anmelden", []story{
		{
			name: "from the shelter", answers: yildiz, proofs: "schutzvertrag! haftpflicht weitere",
			values: map[string]string{
				"halter/geburtsdatum": "1988-05-02", "hund/geworfen": "2024-03", "hund/geschlecht": "m", "hund/chip": "276098104123344", "zahlung/iban": "DE89370400440532013000",
				"steuer/beginn": "2026-12-01", "steuer/satz": "60.00", "steuer/anteil": "5.00", "haushalt/anzahl": "1", "zahlung/art": "lastschrift",
			},
			hidden: []string{"gefahr/grund", "ermaessigung/art", "zahlung/bic", "hund/vorgemeinde", "haushalt/marken"},
		},
		{
			name: "nothing typed", answers: nil, proofs: "haftpflicht weitere",
			problems: []string{
				"halter/nachname: Bitte „Nachname“ angeben.", "halter/vorname", "halter/geburtsdatum", "halter/strasse", "halter/hausnummer", "halter/plz", "halter/ort", "hund/rufname",
				"hund/rasse", "hund/geworfen", "hund/geschlecht", "hund/chip: Bitte „Chipnummer“ angeben.", "hund/gehalten_seit", "hund/herkunft", "zahlung/iban", "zahlung/mandat", "abschluss/belehrt",
			},
		},
		{
			name: "wrong numbers", answers: with(yildiz, map[string]string{"hund/chip": "276 0981 0412 334", "zahlung/iban": "DE88 3704 0044 0532 0130 00"}),
			problems: []string{"hund/chip: Die Nummer hat 15 Ziffern; hier sind es 14.", "zahlung/iban: Die Prüfziffer der IBAN stimmt nicht. Bitte Ziffer für Ziffer vergleichen."},
		},
		{
			name: "a Rottweiler called harmless", answers: with(yildiz, map[string]string{"hund/rasse": "Rottweiler-Mix"}),
			problems: []string{"hund/rasse: Diese Rasse gilt nach § 2 HundeVO als gefährlich."},
		},
		{
			name: "a dangerous dog of a minor", answers: with(yildiz, map[string]string{
				"halter/geburtsdatum": "1.6.2010", "gefahr/gefaehrlich": "ja", "gefahr/grund": "Rasse", "gefahr/listenrasse": "kang", "gefahr/erlaubnis": "nein", "ermaessigung/beantragt": "ja", "ermaessigung/art": "Aus dem Tierheim",
			}),
			problems: []string{
				"halter/geburtsdatum: Wer einen gefährlichen Hund hält, muss 18 Jahre alt sein.", "halter/geburtsdatum: Die Person ist noch keine 18 Jahre alt.",
				"ermaessigung/beantragt: Für gefährliche Hunde gibt es keine Befreiung",
			},
			values: map[string]string{"steuer/satz": "600.00", "steuer/anteil": "50.00"}, proofs: "schutzvertrag! haftpflicht! befreiung! wesenspruefung weitere",
		},
		{
			name: "a dangerous dog with its permit", answers: with(yildiz, map[string]string{
				"gefahr/gefaehrlich": "ja", "gefahr/grund": "Gefährlichkeit", "gefahr/erlaubnis": "ja", "gefahr/erlaubnis_vom": "1.3.26", "gefahr/erlaubnis_stelle": "Ordnungsamt Musterstadt",
			}),
			hidden: []string{"gefahr/listenrasse", "gefahr/gefahr_hinweis"}, proofs: "schutzvertrag! haftpflicht! erlaubnis! wesenspruefung weitere",
		},
		{
			name: "second dog, moved here, pays by transfer, late", answers: with(yildiz, map[string]string{
				"haushalt/anzahl": "2", "hund/herkunft": "Zuzug", "hund/vorgemeinde": "Trebur", "hund/bezahlt_bis": "31.12.2026", "hund/gehalten_seit": "1.9.2026", "zahlung/art": "Überweisung",
			}),
			problems: []string{"hund/gehalten_seit: Die Anmeldung war innerhalb von zwei Wochen fällig."},
			values:   map[string]string{"steuer/beginn": "2026-10-01", "steuer/satz": "120.00", "steuer/anteil": "30.00"},
			hidden:   []string{"zahlung/iban", "zahlung/mandat", "hund/herkunft_name"}, proofs: "haftpflicht weitere",
		},
		{
			name: "rescue dog", answers: with(yildiz, map[string]string{"ermaessigung/beantragt": "ja", "ermaessigung/art": "Geprüfter", "ermaessigung/pruefung_am": "1.10.2026"}),
			proofs: "schutzvertrag! haftpflicht befreiung! weitere", hidden: []string{"ermaessigung/merkzeichen", "ermaessigung/bescheid_bis"},
		},
		{
			name: "no chip, account abroad, no mandate, born after it was taken in", answers: with(yildiz, map[string]string{
				"hund/ohne_chip": "ja", "zahlung/iban": "AT61 1904 3002 3457 3201", "zahlung/mandat": "nein", "hund/geworfen": "11/2026", "hund/gehalten_seit": "31.10.2026",
			}),
			problems: []string{
				"hund/ohne_chip: Ohne Chip lässt sich der Hund nicht zuordnen.", "hund/gehalten_seit: Der Hund wird länger gehalten, als er alt ist.",
				"hund/gehalten_seit: Die Anmeldung war", "zahlung/mandat: Ohne unterschriebenes Mandat",
			},
			hidden: []string{"hund/chip"}, values: map[string]string{"zahlung/iban": "AT611904300234573201"},
		},
		{
			name: "benefit expired", answers: with(yildiz, map[string]string{"ermaessigung/beantragt": "ja", "ermaessigung/art": "Grundsicherung", "ermaessigung/bescheid_bis": "31.10.2026"}),
			problems: []string{"ermaessigung/bescheid_bis: Die Bewilligung ist abgelaufen."},
		},
		{
			name: "kept since January", answers: with(yildiz, map[string]string{"hund/gehalten_seit": "31.12.2026"}),
			problems: []string{"hund/gehalten_seit: Bitte ein Datum bis 23.12.2026 eingeben."},
		},
	})
}

func TestPlakatierung(t *testing.T) {
	verein := map[string]string{
		"veranstalter/organisation": "TSV 1898", "veranstalter/nachname": "Müller", "veranstalter/vorname": "Ina", "veranstalter/strasse": "Am Sportplatz", "veranstalter/hausnummer": "1",
		"veranstalter/plz": "65428", "veranstalter/ort": "Musterstadt", "veranstalter/telefon": "06142 83100", "veranstaltung/bezeichnung": "Sommerfest", "veranstaltung/art": "Fest",
		"veranstaltung/von": "12.06.2027", "veranstaltung/bis": "13.06.2027", "veranstaltung/ort": "Festplatz", "plakate/anzahl": "30", "plakate/traeger": "Lichtmast; Bauzaun",
		"plakate/von": "29.05.2027", "plakate/bis": "15.06.2027", "plakate/strassen": "Bahnhofstraße 15\nMainzer Straße 15", "verantwortlich/mobil": "0170 1234567",
		"haftung/versichert": "ja", "haftung/versicherung": "SV", "haftung/freistellung": "ja", "haftung/verkehr": "ja",
	}
	tell(t, "plakatierung", []story{
		{
			name: "an association's feast", answers: verein, proofs: "muster! lageplan! haftpflicht! weitere",
			values: map[string]string{
				"plakate/dauer": "18", "gebuehr/wochen": "3", "gebuehr/sondernutzung": "45.00", "gebuehr/verwaltung": "25.00", "gebuehr/summe": "70.00", "plakate/traeger": "mast\nzaun",
				"verantwortlich/mobil": "+491701234567",
			},
			hidden: []string{"plakate/breite", "verantwortlich/name", "plakate/ausserorts_hinweis"},
		},
		{
			name: "non-profit, few posters, on private land", answers: with(verein, map[string]string{"veranstalter/gemeinnuetzig": "ja", "plakate/anzahl": "8", "plakate/traeger": "privat"}),
			values: map[string]string{"gebuehr/sondernutzung": "0.00", "gebuehr/summe": "25.00"}, proofs: "muster! lageplan haftpflicht! gemeinnuetzig! einwilligung! weitere",
		},
		{
			name: "a private person, large ones, uninsured", answers: with(verein, map[string]string{"veranstalter/art": "Privat", "plakate/anzahl": "2", "plakate/groesse": "Großfläche", "plakate/breite": "300", "plakate/hoehe": "150", "haftung/versichert": "nein"}),
			problems: []string{"haftung/versichert: Ohne Versicherung haftet"}, values: map[string]string{"gebuehr/sondernutzung": "30.00"},
			hidden: []string{"veranstalter/organisation", "veranstalter/gemeinnuetzig", "haftung/versicherung"}, proofs: "muster! lageplan! weitere",
		},
		{
			name: "too many, too early, too long, on the landline", answers: with(verein, map[string]string{"plakate/anzahl": "80", "plakate/von": "1.5.2027", "plakate/bis": "30.6.2027", "verantwortlich/mobil": "06142 83100"}),
			problems: []string{"plakate/anzahl: Mehr als 50", "plakate/von: Plakatiert wird in der Regel höchstens drei Wochen", "plakate/bis: Plakate sind in der Regel drei Tage", "verantwortlich/mobil: Das ist keine Mobilnummer."},
		},
		{
			name: "days the wrong way round", answers: with(verein, map[string]string{"veranstaltung/bis": "11.06.2027", "plakate/von": "16.06.2027"}),
			problems: []string{"veranstaltung/bis: Das Ende liegt vor dem Beginn.", "plakate/von: Die Plakate hängen erst nach Beginn", "plakate/bis: „Abnehmen bis“ liegt vor", "plakate/bis: Plakate sind in der Regel"},
			hidden:   []string{"plakate/dauer"},
		},
		{
			name: "election by a private person", answers: with(verein, map[string]string{"veranstaltung/art": "Wahl", "veranstalter/art": "Privat", "plakate/anzahl": "200"}),
			problems: []string{"veranstaltung/art: Wahlplakate beantragt eine Partei"}, values: map[string]string{"gebuehr/summe": "0.00"},
		},
		{
			name: "next week, no indemnity", answers: with(verein, map[string]string{"veranstaltung/von": "28.11.2026", "veranstaltung/bis": "", "plakate/von": "25.11.2026", "plakate/bis": "30.11.2026", "haftung/freistellung": "nein", "verantwortlich/abweichend": "ja"}),
			problems: []string{"plakate/von: Bis zum Aufhängen bleibt weniger als eine Woche.", "verantwortlich/name: Bitte „Vor- und Nachname“ angeben.", "haftung/freistellung: Ohne diese Erklärung"},
		},
	})
}

func TestFundsache(t *testing.T) {
	haddad := map[string]string{
		"finder/nachname": "Haddad", "finder/vorname": "Karim", "finder/strasse": "Mainzer Straße", "finder/hausnummer": "3", "finder/plz": "65428", "finder/ort": "Musterstadt",
		"fund/kategorie": "Kleidung", "fund/bezeichnung": "Roter Schirm", "fund/ort": "Bahnhof", "wert/schaetzwert": "15", "verwahrung/lagerort": "Fundbüro",
	}
	tell(t, "fundsache", []story{
		{name: "an umbrella", answers: haddad, values: map[string]string{"fund/datum": "2026-11-23", "verwahrung/gemeldet_am": "2026-11-23"}, hidden: []string{"wert/finderlohn", "wert/klein_hinweis", "merkmale/imei", "wert/eigentum_ab"}, proofs: "foto weitere"},
		{
			name: "exactly 10 euros need no report, and the six months run from the find", answers: with(haddad, map[string]string{"wert/schaetzwert": "10", "fund/datum": "1.11.26", "wert/beansprucht_eigentum": "ja", "finder/geburtsdatum": "2.5.88"}),
			values: map[string]string{"wert/eigentum_ab": "2027-05-01"},
		},
		{
			name: "above 10 euros they run from the report", answers: with(haddad, map[string]string{"wert/schaetzwert": "10,01", "fund/datum": "1.11.26", "wert/beansprucht_eigentum": "ja", "finder/geburtsdatum": "2.5.88"}),
			values: map[string]string{"wert/eigentum_ab": "2027-05-23"}, hidden: []string{"wert/klein_hinweis"},
		},
		{
			name: "reward in two steps", answers: with(haddad, map[string]string{"fund/kategorie": "Schmuck", "wert/schaetzwert": "700", "wert/beansprucht_lohn": "ja", "verwahrung/lagerort": "Tresor"}),
			values: map[string]string{"wert/finderlohn": "31.00"}, // 5 % of 500 and 3 % of 200
		},
		{
			name: "in a bus, half of it", answers: with(haddad, map[string]string{"fund/kategorie": "Schmuck", "wert/schaetzwert": "700", "wert/beansprucht_lohn": "ja", "fund/oeffentlich": "ja", "verwahrung/lagerort": "Tresor"}),
			values: map[string]string{"wert/finderlohn": "15.50"}, hidden: []string{"wert/beansprucht_eigentum"},
		},
		{
			name: "in a bus, worth less than 50", answers: with(haddad, map[string]string{"wert/schaetzwert": "49,99", "wert/beansprucht_lohn": "ja", "fund/oeffentlich": "ja"}),
			values: map[string]string{"wert/finderlohn": "0.00"},
		},
		{name: "an animal", answers: with(haddad, map[string]string{"fund/kategorie": "Tier", "merkmale/tierart": "Katze", "wert/schaetzwert": "100", "wert/beansprucht_lohn": "ja"}), values: map[string]string{"wert/finderlohn": "3.00"}},
		{
			name: "keys", answers: with(haddad, map[string]string{"fund/kategorie": "Schlüssel", "wert/schaetzwert": "0"}),
			problems: []string{"merkmale/schluessel_zahl: Bitte „Anzahl Schlüssel“ angeben."},
		},
		{
			name: "a phone with a bad IMEI, ownership claimed", answers: with(haddad, map[string]string{"fund/kategorie": "Mobiltelefon", "merkmale/imei": "4902-154", "wert/beansprucht_eigentum": "ja"}),
			problems: []string{"finder/geburtsdatum: Bitte „Geburtsdatum“ angeben.", "merkmale/imei: Die IMEI hat 15 Ziffern", "wert/beansprucht_eigentum: Auf dem Gerät sind fremde Daten."},
		},
		{
			name: "an identity card", answers: with(haddad, map[string]string{"fund/kategorie": "Ausweis", "merkmale/ausweis_art": "Personalausweis", "merkmale/ausweis_name": "A. Weber", "wert/schaetzwert": "0", "wert/beansprucht_eigentum": "ja"}),
			hidden: []string{"wert/beansprucht_eigentum", "wert/beansprucht_lohn", "wert/klein_hinweis", "wert/eigentum_ab"},
		},
		{
			name: "a wallet with more cash than value", answers: with(haddad, map[string]string{"fund/kategorie": "Geldbörse", "merkmale/bargeld": "80", "wert/schaetzwert": "50"}),
			problems: []string{"wert/schaetzwert: Der Wert ist kleiner als das gezählte Bargeld."},
		},
		{
			name: "a weapon", answers: with(haddad, map[string]string{"fund/kategorie": "Waffe", "wert/schaetzwert": "0"}),
			problems: []string{"verwahrung/abgegeben: Waffen und Gefährliches nimmt nur die Polizei an."}, proofs: "foto polizei weitere",
		},
		{
			name: "handed in anonymously", answers: map[string]string{"finder/meldung": "Ohne Namen", "finder/nachname": "Haddad", "fund/kategorie": "Brille", "fund/bezeichnung": "Lesebrille", "fund/ort": "Park", "wert/schaetzwert": "5", "verwahrung/lagerort": "Fundbüro"},
			hidden: []string{"finder/nachname", "wert/beansprucht_lohn", "wert/beansprucht_eigentum", "wert/finderlohn"},
		},
		{
			name: "gold kept on an open shelf, brought by a messenger", answers: with(haddad, map[string]string{"finder/meldung": "Im Auftrag", "fund/kategorie": "Schmuck", "wert/schaetzwert": "900", "wert/beansprucht_lohn": "ja", "wert/aufwendungen": "12,5"}),
			problems: []string{"wert/schaetzwert: Sachen über 500 € gehören in den Tresor."}, proofs: "foto vollmacht! quittungen weitere",
		},
		{
			name: "stays with the finder, reported before it was found", answers: with(haddad, map[string]string{"verwahrung/abgegeben": "nein", "verwahrung/gemeldet_am": "22.11.26"}),
			problems: []string{"verwahrung/gemeldet_am: Angezeigt wurde vor dem Fund.", "verwahrung/bleibt_wo: Bitte „Bleibt bei“ angeben."}, hidden: []string{"verwahrung/lagerort"},
		},
	})
}

func TestLibrary(t *testing.T) {
	l := library(t)
	f, err := l.Latest("fundsache")
	if err != nil {
		t.Fatal(err)
	}
	if g, err := l.Get(f.Ref()); err != nil || g != f {
		t.Errorf("get: %v", err)
	}
	if g, err := l.Get(record.FormRef{ID: "fundsache", Version: "1.0.0"}); err != nil || g != f {
		t.Errorf("get without a hash: %v", err)
	}
	for _, ref := range []record.FormRef{{ID: "weg", Version: "1.0.0"}, {ID: "fundsache", Version: "9"}, {ID: "fundsache", Version: "1.0.0", Hash: record.HashOf(nil)}} {
		if _, err := l.Get(ref); record.CodeOf(err) != record.CodeFormUnknown {
			t.Errorf("%v: %v", ref, err)
		}
	}
	if _, err := l.Latest("weg"); record.CodeOf(err) != record.CodeFormUnknown {
		t.Errorf("latest: %v", err)
	}
	b, err := assets.Files.ReadFile("forms/fundsache.json")
	if err != nil {
		t.Fatal(err)
	}
	same, err := form.Parse(b)
	if err != nil || l.Add(same) != nil {
		t.Errorf("the same form a second time: %v", err)
	}
	other, err := form.Parse([]byte(strings.Replace(string(b), "Fundsache annehmen", "Fund annehmen", 1)))
	if err != nil || record.CodeOf(l.Add(other)) != record.CodeFormInvalid {
		t.Errorf("another content under a published version: %v", err)
	}
	for _, v := range []string{"1.10.0", "1.9.0"} {
		next, err := form.Parse([]byte(strings.Replace(string(b), `"version": "1.0.0"`, `"version": "`+v+`"`, 1)))
		if err != nil || l.Add(next) != nil {
			t.Fatal(err)
		}
	}
	if g, _ := l.Latest("fundsache"); g.Version != "1.10.0" || len(l.All()) != len(offered) {
		t.Errorf("latest is %s of %d", g.Version, len(l.All()))
	}
	if g, err := l.Get(f.Ref()); err != nil || g != f {
		t.Errorf("an older version is gone: %v", err)
	}
}

// Both languages have the same sentences with the same placeholders.
func TestSentencesAreTranslated(t *testing.T) {
	load := func(lang string) map[string]string {
		b, err := os.ReadFile(fmt.Sprintf("texts/%s.json", lang))
		m := map[string]string{}
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	de, en := load("de"), load("en")
	for k, s := range de {
		if en[k] == "" || holes(s) != holes(en[k]) {
			t.Errorf("%s: %q and %q", k, s, en[k])
		}
	}
	if len(de) != len(en) {
		t.Errorf("%d sentences in German, %d in English", len(de), len(en))
	}
}

func holes(s string) string {
	var out []string
	for _, p := range strings.Split(s, "{")[1:] {
		name, _, _ := strings.Cut(p, "}")
		out = append(out, name)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}
