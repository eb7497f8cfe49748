package fim

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/form/imported"
)

// A schema for tests is written as a tree of these parts; xml gives the file.
type part struct {
	id, name, number string // id F…: a field, G…: a group
	art, typ         string
	more             string // further elements, as XML
	codes            []string
	parts            []part
	rules            []string
}

func g(id, name, number string, parts ...part) part {
	return part{id: id, name: name, number: number, parts: parts}
}

func f(id, name, number, typ string, codes ...string) part {
	art := "input"
	if len(codes) > 0 {
		art = "select"
	}
	return part{id: id, name: name, number: number, art: art, typ: typ, codes: codes}
}

// with adds further elements to a part.
func (p part) with(more string) part { p.more += more; return p }

func (p part) as(art string) part { p.art = art; return p }

func (p part) ruled(rules ...string) part { p.rules = rules; return p }

func esc(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (p part) xml(b *strings.Builder) {
	fmt.Fprintf(b, "<x:struktur><x:anzahl>%s</x:anzahl><x:enthaelt>\n", p.number)
	kind := "datenfeldgruppe"
	if p.id[0] == 'F' {
		kind = "datenfeld"
	}
	fmt.Fprintf(b, "<x:%s><x:identifikation><x:id>%s</x:id><x:version>1.0.0</x:version></x:identifikation>", kind, p.id) //nolint:misspell // the standard is German
	fmt.Fprintf(b, "<x:name>%s</x:name><x:bezeichnungEingabe>%s</x:bezeichnungEingabe>", esc(p.name), esc(p.name))
	if kind == "datenfeld" {
		fmt.Fprintf(b, "<x:feldart><code>%s</code></x:feldart><x:datentyp><code>%s</code></x:datentyp>", p.art, p.typ)
	}
	if len(p.codes) > 0 {
		b.WriteString("<x:werte>")
		for _, c := range p.codes {
			code, label, _ := strings.Cut(c, " ")
			fmt.Fprintf(b, "<x:wert><code>%s</code><x:name>%s</x:name></x:wert>", code, esc(label))
		}
		b.WriteString("</x:werte>")
	}
	b.WriteString(p.more)
	p.inner(b)
	fmt.Fprintf(b, "</x:%s></x:enthaelt></x:struktur>\n", kind)
}

func (p part) inner(b *strings.Builder) {
	for i, r := range p.rules {
		fmt.Fprintf(b, "<x:regel><x:identifikation><x:id>R9%03d%s</x:id></x:identifikation><x:name>Regel</x:name><x:freitextRegel>%s</x:freitextRegel></x:regel>\n", i+1, p.id[max(0, len(p.id)-4):], esc(r)) //nolint:misspell // the standard is German
	}
	for _, c := range p.parts {
		c.xml(b)
	}
}

// schemaOf is a file with these parts at the top.
func schemaOf(rules []string, parts ...part) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<x:xdatenfelder.stammdatenschema.0102 xmlns:x="` + spaceXDF3 + `">` + "\n")
	b.WriteString("<x:stammdatenschema><x:identifikation><x:id>S99000000001</x:id><x:version>1.2.0</x:version></x:identifikation><x:name>Probe</x:name><x:bezeichnung>Antrag zur Probe</x:bezeichnung>\n") //nolint:misspell // the standard is German
	part{id: "S99000000001", parts: parts, rules: rules}.inner(&b)
	b.WriteString("</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>\n")
	return b.String()
}

// stand is a form with one of everything that rules speak about.
func stand(rules ...string) []part {
	return []part{
		g("G99000000001", "Betreiber", "1:1",
			f("F99000000011", "Name", "1:1", "text"),
			f("F99000000012", "Abfrage Verein", "1:1", "bool"),
			f("F99000000013", "Vereinsregister", "0:1", "text"),
			f("F99000000014", "Art des Standes", "1:1", "text", "001 Imbiss", "002 Getränke", "003 Kunsthandwerk"),
			f("F99000000015", "Gasprüfung", "0:*", "file"),
			f("F99000000016", "Telefon", "0:1", "text"),
			f("F99000000017", "E-Mail", "0:1", "text"),
			f("F99000000018", "Hinweis Gas", "0:1", "text").as("label"),
		).ruled(rules...),
		g("G99000000002", "Anschrift", "0:1",
			f("F99000000021", "Straße", "1:1", "text"),
			f("F99000000022", "Ort", "1:1", "text"),
			f("F99000000023", "Zusatz", "0:1", "text"),
		),
		g("G99000000003", "Postfach", "0:1",
			f("F99000000031", "Nummer des Postfachs", "1:1", "text"),
		),
		g("G99000000004", "Zeitraum", "1:1",
			f("F99000000041", "von", "1:1", "date"),
			f("F99000000042", "bis", "1:1", "date"),
			f("F99000000043", "Meter", "0:1", "num"),
		),
		g("G99000000005", "Geburt", "0:1",
			f("F99000000051", "Tag", "0:1", "num_int").with(`<x:praezisierung minValue="1" maxValue="31"/>`),
			f("F99000000052", "Monat", "0:1", "num_int").with(`<x:praezisierung minValue="1" maxValue="12"/>`),
			f("F99000000053", "Jahr", "0:1", "num_int").with(`<x:praezisierung minValue="1850" maxValue="2080"/>`),
		),
		g("G99000000006", "Hilfskraft", "0:*",
			f("F99000000061", "Alter", "1:1", "num_int"),
			f("F99000000062", "Ausweis", "0:1", "text"),
			f("F99000000011", "Name", "0:1", "text"),
		),
		g("G99000000007", "Bescheid", "1:1",
			f("F99000000071", "Art des Bescheides", "1:1", "text", "001 Bescheid", "002 Auskunft"),
		),
	}
}

func load(t testing.TB, file string, o Options) (*imported.Result, *form.Form) {
	t.Helper()
	r, err := Import(strings.NewReader(file), "probe.xml", o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(r.JSON)
	if err != nil {
		t.Fatalf("%v\n%s", err, r.JSON)
	}
	return r, f
}
