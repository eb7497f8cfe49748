package fim

import "slices"

// countries are the sixteen Länder by their letters, as rules name them.
var countries = []string{"bb", "be", "bw", "by", "hb", "he", "hh", "mv", "ni", "nw", "rp", "sh", "sl", "sn", "st", "th"}

// country reads a rule that differs by Land: "Für die Länder SL, SN gilt: … Für alle anderen Länder gilt: …".
// Only the sentences of the office's own Land count; which that is, no schema knows.
func (p *parser) country() {
	if p.b.options.Land == "" {
		p.failf("depends on the Land, which was not given")
		return
	}
	before := p.acts
	var own, others []*act
	found := false
	for p.doubt == "" && p.is("für") {
		lands, rest := p.lands()
		p.acts = nil
		p.last, p.shown = nil, nil
		for p.separators(); p.doubt == "" && !p.done() && !p.is("für"); p.separators() {
			p.sentence()
		}
		switch {
		case rest:
			others = p.acts
		case slices.Contains(lands, p.b.options.Land):
			if found {
				p.failf("two passages for one Land")
			}
			own, found = p.acts, true
		}
	}
	if !found {
		own = others
	}
	p.acts = append(before, own...)
}

// lands reads the head of a passage.
func (p *parser) lands() (lands []string, rest bool) {
	p.need("für")
	if p.accept("alle", "anderen") {
		p.needAny("länder", "ländern")
		rest = true
	} else if p.accept("das", "land") || p.accept("die", "länder") {
		for p.doubt == "" {
			lands = append(lands, p.needAny(countries...))
			if !p.any(",", "und") {
				break
			}
		}
	} else {
		p.failf("no Land behind für")
	}
	p.need("gilt")
	if !p.any(":", ".") {
		p.failf("nothing follows gilt")
	}
	return lands, rest
}
