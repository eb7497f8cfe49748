package xlsform

import (
	"strings"

	"schalter/data/record"
)

// build makes the native group of a group or repeat; nil where nothing is in it.
func (f *former) build(q *question) *group {
	g := &group{Name: q.native, Label: q.label, Origin: q.origin(), at: q.at, Items: []any{}}
	if q.name != "" {
		g.Label, g.Help = f.label(q), f.help(q)
		g.Legal = legal(q.line)
		f.looks(q, "")
		if q.sort == sortRepeat {
			g.Repeat = f.repeat(q)
		}
	}
	for _, k := range q.kids {
		switch k.sort {
		case sortGroup, sortRepeat:
			if sub := f.build(k); sub != nil {
				g.Items = append(g.Items, sub)
			}
		case sortLeftOut:
			if k.word != "" {
				f.rep.note(k.at, record.CodeXLSNoteLeftOut, "name", k.name, "type", k.word)
			}
		case sortProof:
			f.proof(k, g)
		case sortMoment:
			g.Items = append(g.Items, f.moment(k))
		default:
			if fl := f.field(k); fl != nil {
				g.Items = append(g.Items, fl)
			}
		}
	}
	if len(g.Items) == 0 {
		if q.name != "" {
			f.rep.note(q.at, record.CodeXLSNoteEmpty, "name", q.name)
		}
		q.path = ""
		return nil
	}
	return g
}

// label is what a question is called on the page.
func (f *former) label(q *question) texts {
	if q.label != nil {
		return q.label
	}
	q.label = f.texts(q.line, "label")
	if q.sort != sortNote {
		f.plain(q.line, "label")
	}
	if q.label != nil {
		return q.label
	}
	if hint := f.texts(q.line, "hint"); hint != nil && q.sort != sortGroup && q.sort != sortRepeat {
		q.label = hint // it stands alone, so it is what is asked
		f.plain(q.line, "hint")
		delete(q.line.cells, "hint")
		return q.label
	}
	switch q.sort {
	case sortField, sortNote, sortProof, sortMoment:
		if !q.pictured() {
			f.rep.fail(q.at, record.CodeXLSNoLabel, "name", q.name)
			break
		}
		fallthrough
	case sortGroup, sortRepeat:
		f.nameless(q.at, q.name)
	}
	q.label = f.same(q.name)
	return q.label
}

// pictured reports whether the row shows a picture or plays a sound in place of a label.
func (q *question) pictured() bool {
	for key := range q.line.cells {
		if strings.HasPrefix(key, "media::") || strings.HasPrefix(key, "image") || strings.HasPrefix(key, "audio") || strings.HasPrefix(key, "video") {
			return true
		}
	}
	return false
}

// help joins hint and guidance.
func (f *former) help(q *question) texts {
	f.plain(q.line, "hint")
	f.plain(q.line, "guidance_hint")
	hint, guide := f.texts(q.line, "hint"), f.texts(q.line, "guidance_hint")
	if hint == nil {
		return guide
	}
	if guide != nil {
		for lang := range hint {
			hint[lang] += "\n" + guide[lang]
		}
	}
	return hint
}

// plain complains about texts that show answers: only notes can.
func (f *former) plain(l *line, key string) {
	for _, lang := range append([]string{""}, f.langs...) {
		c, ok := l.cells[with(key, lang)]
		if !ok {
			continue
		}
		if _, rest, found := strings.Cut(c.text, "${"); found {
			name, _, _ := strings.Cut(rest, "}")
			f.rep.fail(c.at, record.CodeXLSTextReference, "reference", "${"+name+"}")
		}
	}
}

func legal(l *line) []string {
	s := l.text("schalter::legal")
	if s == "" {
		return nil
	}
	out := strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '\n' })
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

func decimals() *int {
	n := 6
	return &n
}

// field makes the native field of a question, note or calculation.
func (f *former) field(q *question) *field {
	fl := &field{Name: q.native, Type: q.answer, Origin: q.origin(), Legal: legal(q.line), at: q.at}
	q.fields = []*field{fl}
	switch q.sort {
	case sortNote:
		fl.Label, fl.Help = f.label(q), f.help(q)
		f.looks(q, "")
		fl.Type = "note"
		f.unanswerable(q, "required", "constraint", "default", "calculation")
		f.filledIn(q, fl)
		return fl
	case sortCalculate:
		return f.internal(q, fl)
	}
	fl.Label, fl.Help = f.label(q), f.help(q)
	f.appearance(q, fl)
	f.parameters(q, fl)
	switch {
	case q.word == "acknowledge" || q.word == "trigger":
		fl.List = f.acknowledged()
		q.options = f.lists[acknowledge]
	case q.list != "":
		o := f.offer(q)
		fl.List = o.native
		if o.within != nil {
			fl.Within = o.within.path
		}
		if len(o.choices) == 0 {
			fl.List = f.acknowledged() // an error already; the rest is checked all the same
		}
	}
	if fl.Type == "decimal" {
		fl.Decimals = decimals()
	}
	q.answer = fl.Type
	if q.calculation().text == "" {
		fl.Default = f.preset(q, fl.Type)
	}
	f.role(q)
	return fl
}

// acknowledge is the list behind questions that are only confirmed: in ODK their answer is OK.
const acknowledge = "\x00acknowledge"

func (f *former) acknowledged() string {
	if f.lists[acknowledge] == nil {
		o := &options{raw: &rawList{}, native: f.names.unique("ok")}
		o.choices = []*choice{{Code: "OK", Label: f.same("OK"), name: "OK", line: &line{}}}
		f.lists[acknowledge] = o
		f.keep(o)
	}
	return f.lists[acknowledge].native
}

// internal makes the field of a calculation, which only expressions read.
func (f *former) internal(q *question, fl *field) *field {
	c := f.calculate(q)
	f.unanswerable(q, "required", "constraint", "appearance")
	if q.word != "hidden" {
		f.unanswerable(q, "default")
		if q.line.text("calculation") == "" {
			f.rep.fail(q.at, record.CodeXLSValue, "heading", "calculation", "value", "", "expected", "calculation")
		}
	}
	fl.Internal = true
	fl.Type = nativeOf(c.kind)
	fl.Label = f.same(q.name)
	if l := f.texts(q.line, "label"); l != nil {
		fl.Label = l
		f.plain(q.line, "label")
	}
	switch fl.Type {
	case "decimal":
		fl.Decimals = decimals()
	case "multiline":
		fl.MaxLength = 100_000
	}
	return fl
}

// unanswerable names columns that have no effect on a row that takes no answer.
func (f *former) unanswerable(q *question, keys ...string) {
	for _, key := range keys {
		if c := q.line.get(key); !no(c.text) {
			f.rep.note(c.at, record.CodeXLSNoteIgnored, "what", key, "n", 1)
		}
	}
}

// moment makes a group of two fields from a question for date and time.
func (f *former) moment(q *question) *group {
	g := &group{Name: q.native, Label: f.label(q), Help: f.help(q), Legal: legal(q.line), Origin: q.origin(), at: q.at}
	f.rep.note(q.at, record.CodeXLSNoteSplit, "name", q.name)
	for _, part := range []string{"date", "time"} {
		fl := &field{Name: part, Type: part, Label: f.word(part), Origin: q.origin(), at: q.at}
		q.fields = append(q.fields, fl)
		g.Items = append(g.Items, fl)
	}
	f.looks(q, "")
	f.momentDefault(q)
	for _, key := range []string{"constraint", "calculation"} {
		if c := q.line.get(key); c.text != "" {
			f.rep.fail(c.at, record.CodeXLSNoAnswer, "reference", "${"+q.name+"}")
		}
	}
	return g
}

// proof makes a document that is asked for. In a repeat it is a field, because each row has its own.
func (f *former) proof(q *question, g *group) {
	label, help := f.label(q), f.help(q)
	look := strings.Fields(q.line.text("appearance"))
	f.unanswerable(q, "default", "calculation", "constraint")
	answer := "file"
	if q.word == "image" && len(look) == 1 && look[0] == "signature" {
		answer = "signature"
	} else {
		f.looks(q, "")
	}
	if p := q.line.get("parameters"); p.text != "" {
		f.rep.note(p.at, record.CodeXLSNoteIgnored, "what", p.text, "n", 1)
	}
	if answer == "signature" || q.inRepeat() {
		fl := &field{Name: q.native, Type: answer, Label: label, Help: help, Legal: legal(q.line), Origin: q.origin(), at: q.at}
		q.fields = []*field{fl}
		g.Items = append(g.Items, fl)
		return
	}
	q.proof = &proof{ID: f.proofs.unique(q.native), Label: label, Help: help, Legal: legal(q.line), at: q.at}
	q.path = ""
	f.doc.Proofs = append(f.doc.Proofs, q.proof)
}

// role says what a field means to the rest of the program.
func (f *former) role(q *question) {
	c := q.line.get("schalter::role")
	if c.text == "" {
		return
	}
	if f.doc.Roles == nil {
		f.doc.Roles = map[string]string{}
	}
	if _, taken := f.doc.Roles[c.text]; taken || q.inRepeat() || !roles[record.Role(c.text)] {
		f.rep.fail(c.at, record.CodeXLSValue, "heading", "schalter::role", "value", c.text, "expected", "party.family, party.given, party.birth …")
		return
	}
	f.doc.Roles[c.text] = q.path
}

var roles = map[record.Role]bool{
	record.RoleFamily: true, record.RoleGiven: true, record.RoleOrg: true, record.RoleBirth: true, record.RoleStreet: true, record.RoleHouse: true,
	record.RolePostcode: true, record.RoleTown: true, record.RolePhone: true, record.RoleEmail: true, record.RoleIBAN: true,
	record.RoleSubject: true, record.RoleIdentity: true,
}
