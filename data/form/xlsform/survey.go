package xlsform

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"schalter/data/record"
)

// question is one row of the survey: a question, a group or a repeat with what is in it.
type question struct {
	questionType
	line   *line
	at     place // of its type
	name   string
	native string // name in the native form
	path   string // in the native form; "" for what has no place there
	proof  *proof // the document it became
	parent *question
	kids   []*question

	label   texts
	taken   map[string]place           // names of the kids
	options *options                   // of a select
	fixed   *cell                      // a default that nobody can change, as an expression
	scale   map[string]decimal.Decimal // start, end and step of a range
	shows   []*question                // what a note shows the answers of
	fields  []*field                   // the field it became; two for date and time
	calc    calculation
}

// former turns a workbook into a form.
type former struct {
	rep     *report
	langs   []string // of the form, "de" first
	base    string   // the language in which nothing may be missing
	foreign bool     // there are no German texts
	gaps    map[string]*gap

	settings, survey, choices *table

	doc     *document
	root    *question
	page    []*question // the groups at the top of the native form
	byName  map[string][]*question
	raw     map[string]*rawList
	order   []*rawList
	seen    map[[2]string]place // choices by list and name
	lists   map[string]*options // without a filter, by name
	names   *namer              // of native lists
	proofs  *namer
	ruleIDs *namer
	tried   int             // how often filters were tried out
	sizes   int             // of all expressions
	columns map[string]bool // of the choices sheet that filters read
	unnamed map[string]*gap // labels that are missing, by sheet
}

// enabled reports whether a row is part of the form.
func enabled(l *line) bool { return !yes(l.text("disabled")) }

func yes(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "true()", "1", "x", "ja":
		return true
	}
	return false
}

func no(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "no", "false", "false()", "0", "nein":
		return true
	}
	return false
}

// maxRows is how many rows a survey may have.
const maxRows = 10_000

// plant makes a tree of the survey's rows.
func (f *former) plant() {
	if len(f.survey.lines) > maxRows {
		f.rep.fail(f.survey.lines[maxRows].get("type").at, record.CodeXLSTooLarge, "limit", strconv.Itoa(maxRows))
		return
	}
	at := f.root
	for _, l := range f.survey.lines {
		c := l.get("type")
		switch {
		case !enabled(l), strings.HasPrefix(c.text, "#"): // a remark
			l.skip = true
		case c.text == "":
			f.rep.fail(c.at, record.CodeXLSNoType)
			l.skip = true
		default:
			at = f.row(l, c, at)
		}
	}
	for ; at != f.root; at = at.parent {
		f.rep.fail(at.at, record.CodeXLSGroupOpen, "name", at.name)
	}
}

var verdicts = map[verdict]record.Code{
	typeOutside: record.CodeXLSExternal, typeUnsupported: record.CodeXLSTypeUnsupported, typeUnknown: record.CodeXLSType,
}

// row adds one row below the group at; it returns the group that the next row stands in.
func (f *former) row(l *line, c cell, at *question) *question {
	t, v := typeOf(c.text)
	if code := verdicts[v]; code != "" {
		f.rep.fail(c.at, code, "value", c.text, "type", c.text)
	}
	if (t.sort == sortGroup || t.sort == sortRepeat) && !t.begin {
		l.skip = true // many repeat the name here
		if at == f.root || at.sort != t.sort {
			f.rep.fail(c.at, record.CodeXLSGroupEnd, "type", c.text)
		}
		if at == f.root {
			return at
		}
		return at.parent
	}
	q := f.question(l, t, at)
	switch {
	case q == nil:
	case v != typeKnown:
		q.sort, q.word = sortLeftOut, "" // already an error; its name is known, so that others are not
	case q.sort == sortGroup || q.sort == sortRepeat:
		return q
	}
	if q == nil || q.sort == sortLeftOut {
		l.skip = true
	}
	return at
}

// question adds a row to the tree; nil where it has no name.
func (f *former) question(l *line, t questionType, parent *question) *question {
	c := l.get("name")
	q := &question{questionType: t, line: l, at: l.get("type").at, name: c.text, parent: parent}
	switch {
	case c.text == "" && (t.sort == sortGroup || t.sort == sortRepeat):
		f.rep.fail(q.at, record.CodeXLSNoName, "type", l.text("type"))
		q.name = "_" + strings.ReplaceAll(q.at.String(), "!", "")
	case c.text == "" && (t.sort == sortLeftOut || t.sort == sortNote):
		q.name = strings.ReplaceAll(t.word, " ", "_") // nobody refers to it
		if t.sort == sortNote {
			f.rep.fail(q.at, record.CodeXLSNoName, "type", l.text("type"))
		}
	case c.text == "":
		f.rep.fail(q.at, record.CodeXLSNoName, "type", l.text("type"))
		return nil
	case !xmlName(c.text):
		f.rep.fail(c.at, record.CodeXLSName, "name", c.text)
	}
	if first, twice := parent.taken[q.name]; twice && c.text != "" {
		f.rep.fail(c.at, record.CodeXLSNameTwice, "name", q.name, "first", first.String())
	}
	f.grow(q, parent)
	return q
}

func (f *former) grow(q, parent *question) {
	if parent.taken == nil {
		parent.taken = map[string]place{}
	}
	parent.taken[q.name] = q.line.get("name").at
	parent.kids = append(parent.kids, q)
	f.byName[q.name] = append(f.byName[q.name], q)
	if q.sort == sortField && q.other {
		f.specify(q, parent)
	}
}

// specify adds the question that or_other stands for, as every program of the family does: a text with the
// name of the select and "_other", asked where "other" is chosen.
func (f *former) specify(q, parent *question) {
	name := q.name + "_other"
	l := &line{row: q.line.row, sheet: q.line.sheet, cells: map[string]cell{
		"type":     {"text", q.at},
		"name":     {name, q.at},
		"relevant": {"selected(../" + q.name + ", 'other')", q.at},
	}}
	s := &question{questionType: questionType{answer: "text", word: "text"}, line: l, at: q.at, name: name, parent: parent}
	s.label = f.word("specify")
	f.grow(s, parent)
}

// repeats lists the native paths of the repeats around a question, outermost first, itself included.
func (q *question) repeats() []string {
	if q == nil || q.parent == nil {
		return nil
	}
	out := q.parent.repeats()
	if q.sort == sortRepeat {
		out = append(out, q.path)
	}
	return out
}

func (q *question) inRepeat() bool { return len(q.repeats()) > 0 }

// place gives every question its native name and path. Questions outside of groups are put into groups of
// their own, because a native form has none.
func (f *former) place() {
	taken := newNamer()
	for _, q := range f.root.kids {
		if q.sort == sortGroup || q.sort == sortRepeat {
			f.rename(q, taken)
			f.settle(q, q.native, 1)
		}
	}
	var loose *question
	names := newNamer()
	for _, q := range f.root.kids {
		if q.sort == sortGroup || q.sort == sortRepeat {
			loose = nil
			f.page = append(f.page, q)
			continue
		}
		if loose == nil {
			name := taken.unique("part")
			loose = &question{
				questionType: questionType{sort: sortGroup}, native: name, path: name, at: q.at, label: f.doc.Title,
				line: &line{row: q.line.row, sheet: q.line.sheet},
			}
			names = newNamer()
			f.page = append(f.page, loose)
		}
		loose.kids = append(loose.kids, q)
		f.rename(q, names)
		q.path = loose.path + "/" + q.native
	}
}

// maxDeep is how deep groups may lie in each other; a date with its time is a group as well.
const maxDeep = 11

func (f *former) settle(g *question, path string, depth int) {
	g.path = path
	if depth == maxDeep+1 {
		f.rep.fail(g.at, record.CodeXLSGroupDeep, "max", maxDeep)
	}
	taken := newNamer()
	for _, q := range g.kids {
		f.rename(q, taken)
		q.path = path + "/" + q.native
		if q.sort == sortGroup || q.sort == sortRepeat {
			f.settle(q, q.path, depth+1)
		}
	}
}

func (f *former) rename(q *question, taken *namer) {
	q.native = taken.unique(native(q.name))
	if q.native != q.name && q.line.text("name") != "" {
		f.rep.note(q.line.get("name").at, record.CodeXLSNoteName, "name", q.name, "native", q.native)
	}
}

// origin is where a question stood in the workbook: the names from the top.
func (q *question) origin() string {
	if q == nil || q.parent == nil {
		return ""
	}
	if q.name == "" {
		return q.parent.origin()
	}
	return q.parent.origin() + "/" + q.name
}

// all visits every question in the order of the survey.
func (q *question) all(visit func(*question)) {
	if q.parent != nil {
		visit(q)
	}
	for _, k := range q.kids {
		k.all(visit)
	}
}
