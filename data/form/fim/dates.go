package fim

import (
	"strings"
	"time"
)

// dates reads "Das Datum im Feld A muss zeitlich vor dem Datum in Feld B liegen" and "… darf nicht in der
// Zukunft liegen".
func (p *parser) dates() {
	p.need("das", "datum")
	p.accept("in")
	n := p.ref()
	if p.accept("darf", "nicht", "in", "der") {
		p.past(n)
		return
	}
	p.need("muss")
	p.accept("zeitlich")
	rel := map[string]string{"vor": "ge", "nach": "le"}[p.needAny("vor", "nach")]
	p.need("dem", "datum")
	p.accept("in")
	other := p.ref()
	p.need("liegen")
	if p.doubt == "" && (!comparable(n, other) || n.item.Type != "date") {
		p.failf("only dates lie before dates")
	}
	p.acts = append(p.acts, &act{do: actValid, on: other, wrong: &cond{op: condCompare, node: n, other: other, rel: rel}})
}

func (p *parser) past(n *node) {
	rel := map[string]string{"zukunft": "gt", "vergangenheit": "lt"}[p.needAny("zukunft", "vergangenheit")]
	p.need("liegen")
	if p.doubt == "" && (n.group() || n.item.Type != "date") {
		p.failf("only a date lies in the future")
	}
	p.acts = append(p.acts, &act{do: actValid, on: n, wrong: &cond{op: condCompare, node: n, rel: rel, values: list(obj("today", list()))}})
}

// calendar reads "muss die Validität des sich ergebenden Kalenderdatums sichergestellt werden" with its
// examples, which have to be what the rule refuses.
func (p *parser) calendar(when *cond) {
	p.need("muss", "die", "validität", "des", "sich", "ergebenden", "kalenderdatums", "sichergestellt", "werden")
	p.separators()
	if p.accept("d.h.") {
		p.accept("es")
		p.need("muss")
		p.accept("z.b.")
		for p.doubt == "" {
			p.any("der", "ein")
			if t := p.take(); t.kind != tokenNumber || !noDate(t.text) {
				p.failf("%q is a date", t.text)
			}
			if !p.any("oder", ",") {
				break
			}
		}
		p.need("verhindert", "werden", ",", "da", "diese", "keine", "korrekten", "datumsangaben", "sind")
	}
	if p.doubt != "" || when == nil || len(when.parts) != 3 {
		p.failf("a date has day, month and year")
		return
	}
	for i, name := range []string{"tag", "monat", "jahr"} {
		n := when.parts[i].node
		if n.group() || n.item.Type != "integer" || !strings.HasPrefix(strings.ToLower(n.e.name), name) && !strings.HasPrefix(strings.ToLower(n.e.title()), name) {
			p.failf("%s is not the %s", n.path, name)
			return
		}
	}
	p.acts = append(p.acts, &act{do: actValid, on: when.parts[0].node, wrong: &cond{op: condNoDay, parts: when.parts}})
}

// noDate reports whether a text has the form of a date and is none.
func noDate(s string) bool {
	_, err := time.Parse("2.1.2006", s)
	return err != nil && len(s) >= 8 && strings.Count(s, ".") == 2
}
