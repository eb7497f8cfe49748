package xlsform

import (
	"slices"

	"schalter/data/record"
)

// A choice_filter says for each entry of a list whether it is offered, by comparing the entry's columns with
// answers. The native format knows one such relation: an entry lies within one choice of another question.
// So the filter is tried out for every entry under every choice of the question it reads.

// maxTried bounds how often the filters of a form are tried out.
const maxTried = 20_000_000

// trial is one entry under one choice.
type trial struct {
	entry   *entry
	answers map[*question]string // by question, the name of what was chosen
	f       *former
	self    *question
	columns map[string]column
	bare    string // a word that is neither a column nor in quotes
	bad     bool
}

// filter makes the options of a select with a choice_filter.
func (f *former) filter(q *question, c cell) {
	o := q.options
	fail := func() { f.rep.fail(c.at, record.CodeXLSFilter, "value", shorten(c.text), "question", q.name) }
	t, bad := parse(c.text)
	switch {
	case bad > 0:
		f.rep.fail(c.at, record.CodeXLSSyntax, "char", bad, "value", shorten(c.text))
		return
	case q.other:
		fail() // what "other" would be filtered by is not said
		return
	}
	for _, name := range t.questions() {
		if f.find(c.at, name) == nil {
			return
		}
	}
	parent, ancestors, ok := f.parents(q, t)
	if !ok {
		fail()
		return
	}
	o.native = f.names.unique(native(q.list + "." + q.name))
	tr := &trial{f: f, self: q, columns: f.choices.columns}
	if parent == nil {
		f.sublist(q, t, tr)
	} else {
		o.within = parent
		f.cascade(q, t, tr, parent, ancestors)
	}
	switch {
	case tr.bad:
		fail()
	case len(o.choices) == 0:
		f.rep.fail(c.at, record.CodeXLSFilterEmpty, "list", q.list)
	case tr.bare != "":
		f.rep.note(c.at, record.CodeXLSNoteBareWord, "word", tr.bare)
	}
	f.keep(o)
}

// parents finds the questions a filter reads. Where it reads several, the one that lies within the others
// decides, because its answer fixes theirs.
func (f *former) parents(q *question, t *tree) (parent *question, ancestors []*question, ok bool) {
	var read []*question
	for _, name := range t.questions() {
		p := f.byName[name][0]
		if p == q || p.sort != sortField || p.answer != "choice" || p.list == "" {
			return nil, nil, false
		}
		if f.offer(p).raw == nil || len(p.options.choices) == 0 {
			return nil, nil, false
		}
		read = append(read, p)
	}
	for _, p := range read {
		chain := []*question{p}
		for x := p.options.within; x != nil; x = x.options.within {
			chain = append(chain, x)
		}
		if !slices.ContainsFunc(read, func(other *question) bool { return !slices.Contains(chain, other) }) {
			return p, chain, true
		}
	}
	return nil, nil, len(read) == 0
}

// sublist keeps the entries for which a filter without questions is true.
func (f *former) sublist(q *question, t *tree, tr *trial) {
	taken := map[string]bool{}
	for _, e := range q.options.raw.entries {
		tr.entry = e
		if tr.truth(t) {
			q.options.choices = append(q.options.choices, f.choice(q.options.raw, e, "", taken))
		}
	}
}

// cascade tries every entry under every choice of the parent.
func (f *former) cascade(q *question, t *tree, tr *trial, parent *question, chain []*question) {
	o, above := q.options, parent.options.choices
	if f.tried += len(o.raw.entries) * len(above); f.tried > maxTried {
		tr.bad = true
		return
	}
	settings := f.answers(above, chain)
	taken := map[string]bool{}
	for _, e := range o.raw.entries {
		var under []string
		tr.entry = e
		for i, p := range above {
			tr.answers = settings[i]
			if tr.truth(t) {
				under = append(under, p.Code)
			}
			if tr.bad = tr.bad || len(o.choices) > maxChoices; tr.bad {
				return
			}
		}
		switch {
		case len(under) == 0:
			f.rep.note(e.at, record.CodeXLSNoteNever, "list", o.raw.name, "name", e.name)
		case len(under) == len(above) && len(above) > 1:
			tr.answers = nil
			if !tr.truth(t) { // nothing is offered before the question above is answered
				for _, code := range under {
					o.choices = append(o.choices, f.choice(o.raw, e, code, taken))
				}
				continue
			}
			o.choices = append(o.choices, f.choice(o.raw, e, "", taken))
		default:
			for _, code := range under {
				o.choices = append(o.choices, f.choice(o.raw, e, code, taken))
			}
		}
	}
}

// answers tells for each choice of the parent what it says about the questions it lies within.
func (f *former) answers(above []*choice, chain []*question) []map[*question]string {
	out := make([]map[*question]string, len(above))
	for i, c := range above {
		out[i] = map[*question]string{}
		for k, q := range chain {
			out[i][q] = c.name
			if k+1 == len(chain) || c.Within == "" {
				break
			}
			for _, up := range chain[k+1].options.choices {
				if up.Code == c.Within {
					c = up
					break
				}
			}
		}
	}
	return out
}

// truth is whether the filter holds. What a filter cannot say sets bad.
func (tr *trial) truth(t *tree) bool {
	if t.op != opBinary && t.op != opCall {
		tr.bad = true
		return false
	}
	name := t.text
	if t.op == opCall {
		name += "()"
	}
	switch {
	case name == "true()" || name == "false()":
		return name == "true()"
	case name == "not()" && len(t.args) == 1:
		return !tr.truth(t.args[0])
	case len(t.args) == 2:
		return tr.both(name, t.args[0], t.args[1])
	}
	tr.bad = true
	return false
}

func (tr *trial) both(name string, a, b *tree) bool {
	switch name {
	case "and", "or":
		x, y := tr.truth(a), tr.truth(b)
		return x && y || name == "or" && (x || y)
	case "=", "selected()":
		return tr.text(a) == tr.text(b)
	case "!=":
		return tr.text(a) != tr.text(b)
	}
	tr.bad = true
	return false
}

func (tr *trial) text(t *tree) string {
	switch t.op {
	case opNumber, opText:
		return t.text
	case opQuestion:
		for q, name := range tr.answers {
			if q.name == t.text {
				return name
			}
		}
		return ""
	case opPath:
		if len(t.path) == 1 && nameStart([]rune(t.path[0] + ".")[0]) {
			return tr.column(t.path[0])
		}
	}
	tr.bad = true
	return ""
}

// column is what an entry has in a column of the choices sheet.
func (tr *trial) column(name string) string {
	if col, ok := tr.columns[plain(name)]; ok {
		tr.f.columns[col.key] = true
		return tr.entry.line.text(col.key)
	}
	tr.bare = name
	return name
}
