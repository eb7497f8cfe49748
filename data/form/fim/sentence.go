package fim

import "slices"

// act is one thing that a rule wants.
type act struct {
	do    actKind
	on    *node
	when  *cond // nil: always
	wrong *cond // of actValid: what must not be
	value any   // of actFix
}

type actKind byte

const (
	actShow    actKind = iota // on is shown only when a rule says so
	actHide                   // on is not shown
	actRequire                // on is filled
	actValid                  // wrong is an error at on
	actFix                    // on has the value and is not shown
)

func (p *parser) act(do actKind, when *cond, on ...*node) {
	for _, n := range on {
		p.acts = append(p.acts, &act{do: do, on: n, when: when})
	}
}

// rule reads a whole text: sentences up to its end.
func (p *parser) rule() {
	for p.separators(); p.doubt == "" && !p.done(); p.separators() {
		if p.is("für") {
			p.country()
		} else {
			p.sentence()
		}
	}
}

func (p *parser) separators() {
	for p.any(".", ",", ";") {
	}
}

func (p *parser) sentence() {
	switch {
	case p.is("wenn"), p.is("bei") && p.after(1):
		p.take()
		p.conditional()
	case p.is("es", "muss", "mindestens"), p.is("mindestens"):
		p.atLeastOne()
	case p.is("es", "muss", "entweder"), p.is("entweder", "muss"):
		p.exactlyOne()
	case p.is("das", "datum"):
		p.dates()
	case p.refNext():
		p.about()
	default:
		p.failf("no sentence begins with %q", p.peek(0).text)
	}
}

// conditional reads what follows "wenn": a condition, what happens then and what happens otherwise.
func (p *parser) conditional() {
	when := p.condition()
	p.accept(",")
	p.any("dann", "so")
	if p.is("muss", "die", "validität") {
		p.calendar(when)
		return
	}
	before := len(p.acts)
	p.effects(when)
	at := p.at
	p.separators()
	if !p.any("sonst", "ansonsten") {
		p.at = at
		return
	}
	if when == nil {
		return
	}
	if p.accept("nicht") {
		for _, a := range p.acts[before:] {
			if a.do == actShow {
				p.act(actHide, not(when), a.on)
			}
		}
		return
	}
	p.effects(not(when))
}

var verbs = []string{
	"muss", "müssen", "darf", "dürfen", "ist", "sind", "wird", "werden", "zeige", "blende", "aktiviere", "deaktiviere", "erscheint", "erscheinen",
}

// effects reads one or more verbs with what they act on.
func (p *parser) effects(when *cond) {
	p.effect(when)
	for p.doubt == "" {
		i := 0
		if p.is(",") {
			i++
		}
		if t := p.peek(i); t.kind == tokenWord && t.text == "und" {
			i++
		}
		if t := p.peek(i); i == 0 || t.kind != tokenWord || !slices.Contains(verbs, t.text) {
			return
		}
		for range i {
			p.take()
		}
		p.effect(when)
	}
}

func (p *parser) effect(when *cond) {
	switch verb := p.needAny(verbs...); verb {
	case "muss", "müssen":
		p.must(p.refs("und", "sowie"), when)
	case "darf", "dürfen":
		p.mayNot(p.refs("und", "sowie", "oder"), when)
	case "ist", "sind", "wird", "werden":
		p.becomes(p.refs("und", "sowie"), when)
	case "zeige":
		p.show(when)
	case "blende":
		on := p.refs("und", "sowie")
		p.need("aus")
		p.act(actHide, when, on...)
	case "aktiviere":
		on := p.refs("und", "sowie")
		p.act(actShow, when, on...)
		if p.is("und", "mache") {
			p.take()
			p.take()
			p.needAny("es", "sie", "diese", "dieses")
			p.need("zu", "einer", "pflichtangabe")
			p.one(on)
			p.act(actRequire, when, on...)
		}
	case "deaktiviere":
		p.act(actHide, when, p.refs("und", "sowie")...)
	case "erscheint", "erscheinen":
		on := p.refs("und", "sowie")
		p.act(actShow, when, on...)
		if p.accept("und", "muss") || p.accept("und", "müssen") {
			p.needAny(fillings...)
			p.need("werden")
			p.act(actRequire, when, on...)
		}
	}
}

// one refuses "es" where it could mean several things.
func (p *parser) one(on []*node) {
	if len(on) != 1 {
		p.failf("it is not clear what a pronoun means")
	}
}

var duties = [][]string{{"als", "pflichtfeldgruppe"}, {"als", "pflichtfelder"}, {"als", "pflichtfeld"}, {"als", "pflichtangabe"}, {"als", "pflicht"}}

func (p *parser) duty() bool {
	return slices.ContainsFunc(duties, func(d []string) bool { return p.accept(d...) })
}

// must reads what stands behind "muss A": befüllt werden, angezeigt werden, als Pflichtfeld angezeigt und B
// ausgeblendet werden, den Wert x haben, mit x vorbefüllt und ausgeblendet werden.
func (p *parser) must(on []*node, when *cond) {
	switch {
	case p.is("den", "wert"):
		p.mustBe(on, when)
		return
	case p.is("mit"):
		p.fixed(on, when)
		return
	case p.refNext():
		p.failf("a second thing follows without a joint")
		return
	}
	required := p.duty()
	shown, filled := false, false
	for p.doubt == "" {
		switch {
		case p.accept("angezeigt"):
			shown = true
		case p.any(fillings...):
			filled = true
		case p.accept("nicht", "leer", "sein"):
			p.act(actRequire, when, on...)
			return
		default:
			p.failf("unknown duty %q", p.peek(0).text)
		}
		if !p.is("und") {
			break
		}
		p.take()
		if p.refNext() {
			p.act(actHide, when, p.refs("sowie")...)
			p.need("ausgeblendet")
			break
		}
	}
	p.needAny("werden", "sein")
	if shown {
		p.act(actShow, when, on...)
	}
	if required || filled {
		p.act(actRequire, when, on...)
	}
}

func (p *parser) mustBe(on []*node, when *cond) {
	p.need("den", "wert")
	p.one(on)
	if p.doubt != "" {
		return
	}
	c := p.equals(on[0], false)
	p.needAny("haben", "annehmen")
	p.acts = append(p.acts, &act{do: actValid, on: on[0], when: when, wrong: not(c)})
}

// mayNot reads what stands behind "darf A".
func (p *parser) mayNot(on []*node, when *cond) {
	p.need("nicht")
	if p.accept("leer", "sein") {
		p.act(actRequire, when, on...)
		return
	}
	p.needAny(append([]string{"angezeigt", "eingeblendet"}, fillings...)...)
	p.needAny("werden", "sein")
	p.act(actHide, when, on...)
}

// becomes reads what stands behind "ist A": zu befüllen, auszublenden, ein Pflichtfeld, mit x vorzubefüllen.
func (p *parser) becomes(on []*node, when *cond) {
	switch {
	case p.is("mit"):
		p.fixed(on, when)
	case p.accept("zu", "befüllen"), p.accept("auszufüllen"), p.accept("zwingend", "zu", "befüllen"):
		p.act(actRequire, when, on...)
	case p.accept("ein", "pflichtfeld"), p.accept("eine", "pflichtangabe"):
		p.act(actRequire, when, on...)
	case p.any("auszublenden", "ausgeblendet"), p.accept("nicht", "angezeigt"), p.accept("nicht", "anzuzeigen"):
		p.act(actHide, when, on...)
	case p.any("anzuzeigen", "angezeigt", "eingeblendet"):
		p.act(actShow, when, on...)
	default:
		p.failf("unknown state %q", p.peek(0).text)
	}
}

// fixed reads "mit 001 "privat" vorzubefüllen und in der Antragsstrecke auszublenden".
func (p *parser) fixed(on []*node, when *cond) {
	p.need("mit")
	p.one(on)
	if p.doubt != "" {
		return
	}
	v := p.value(on[0])
	p.needAny("vorzubefüllen", "vorbefüllt")
	p.need("und")
	p.accept("in", "der", "antragsstrecke")
	p.needAny("auszublenden", "ausgeblendet")
	p.accept("werden")
	if when != nil {
		p.failf("a value that depends on an answer")
	}
	p.acts = append(p.acts, &act{do: actFix, on: on[0], value: v})
}

// show reads "zeige A an", "zeige als Pflicht A an", "zeige A nicht an", "zeige die Felder nicht an".
func (p *parser) show(when *cond) {
	required := p.duty()
	var on []*node
	if p.refNext() {
		on = p.refs("und", "sowie")
		p.shown = on
	} else {
		p.needAny("die", "diese")
		p.needAny("felder", "datenfelder")
		if on = p.shown; len(on) < 2 {
			p.failf("it is not clear which fields are meant")
		}
	}
	required = p.duty() || required
	hidden := p.accept("nicht")
	p.accept("an")
	switch {
	case hidden && required:
		p.failf("hidden and required")
	case hidden:
		p.act(actHide, when, on...)
	default:
		p.act(actShow, when, on...)
		if required {
			p.act(actRequire, when, on...)
		}
	}
}

// about reads a sentence that begins with what it is about: "Das Feld A ist ein Pflichtfeld, wenn …".
func (p *parser) about() {
	on := p.refs("und", "sowie")
	before := len(p.acts)
	switch verb := p.needAny("muss", "müssen", "darf", "dürfen", "ist", "sind", "wird", "werden"); verb {
	case "muss", "müssen":
		if p.is("größer") || p.is("kleiner") {
			p.sizes(on)
			return
		}
		p.must(on, nil)
	case "darf", "dürfen":
		p.mayNot(on, nil)
	default:
		p.becomes(on, nil)
	}
	if p.is(",", "wenn") || p.is("wenn") {
		p.accept(",")
		p.need("wenn")
		when := p.condition()
		for _, a := range p.acts[before:] {
			a.when = when
		}
	}
}

// sizes reads "muss größer als B sein", "müssen kleiner oder gleich 12 sein".
func (p *parser) sizes(on []*node) {
	rel := map[string]string{"größer": "le", "kleiner": "ge"}[p.take().text] // what must not be
	if p.accept("oder", "gleich") || p.accept("gleich") {
		rel = map[string]string{"le": "lt", "ge": "gt"}[rel]
	}
	early := p.accept("sein")
	p.accept("als")
	at := p.at
	for _, n := range on {
		if p.at = at; p.doubt != "" {
			return
		}
		p.acts = append(p.acts, &act{do: actValid, on: n, wrong: p.relation(n, rel)})
	}
	if !early {
		p.need("sein")
	}
}

// atLeastOne reads "Es muss mindestens eines der Felder A, B oder C befüllt sein" and "Mindestens eines der
// Felder A oder B muss den Wert "wahr" haben".
func (p *parser) atLeastOne() {
	first := p.accept("es", "muss")
	p.need("mindestens")
	var all []*node
	if p.accept("ein", "datenfeld", "der", "datenfeldgruppe") || p.accept("ein", "feld", "der", "feldgruppe") {
		all = p.own()
	} else {
		p.needAny("eines", "eins", "einer", "eine")
		p.need("der")
		p.accept("folgenden")
		all = p.refs("oder", "und")
	}
	if !first {
		p.need("muss")
	}
	wrong := &cond{op: condAnd}
	if p.accept("den", "wert") {
		at := p.at
		for _, n := range all {
			if p.at = at; p.doubt == "" {
				wrong.parts = append(wrong.parts, not(p.equals(n, false)))
			}
		}
		p.need("haben")
	} else {
		p.needAny(fillings...)
		p.needAny("sein", "werden")
		for _, n := range all {
			wrong.parts = append(wrong.parts, not(&cond{op: condFilled, node: n}))
		}
	}
	p.wrongAt(all, wrong)
}

// own are the fields of the group that the rule stands in.
func (p *parser) own() []*node {
	var out []*node
	for _, k := range p.host.kids {
		if k.group() {
			p.failf("%s has further groups", p.host.path)
		}
		if k.answerable() {
			out = append(out, k)
		}
	}
	if len(out) < 2 {
		p.failf("%s has no fields to choose from", p.host.path)
	}
	return out
}

// wrongAt puts an error about several places at the first field of the first one.
func (p *parser) wrongAt(all []*node, wrong *cond) {
	if p.doubt != "" {
		return
	}
	if len(all) < 2 {
		p.failf("a choice of one")
		return
	}
	at := all[0].first()
	if at == nil {
		p.failf("%s has no field to fill", all[0].path)
		return
	}
	p.acts = append(p.acts, &act{do: actValid, on: at, wrong: wrong})
}

// exactlyOne reads "Es muss entweder A oder B befüllt werden".
func (p *parser) exactlyOne() {
	if !p.accept("es", "muss", "entweder") {
		p.need("entweder", "muss")
	}
	all := p.refs("oder")
	p.needAny(fillings...)
	p.needAny("werden", "sein")
	if p.doubt == "" && len(all) != 2 {
		p.failf("either of %d", len(all))
	}
	if p.doubt != "" {
		return
	}
	a, b := &cond{op: condFilled, node: all[0]}, &cond{op: condFilled, node: all[1]}
	p.wrongAt(all, both(condOr, both(condAnd, a, b), both(condAnd, not(a), not(b))))
}
