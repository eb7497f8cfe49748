package xlsform

import (
	"strconv"
	"strings"
	"unicode"

	"schalter/data/record"
)

// entry is one row of the choices sheet.
type entry struct {
	name  string
	label texts
	line  *line
	at    place
}

// rawList is a list as the choices sheet has it.
type rawList struct {
	name    string
	at      place
	entries []*entry
	used    bool
	other   bool // an entry "other" was added
}

// options are what a question offers: a list, after its filter, under native codes.
type options struct {
	raw     *rawList
	native  string // name of the native list
	choices []*choice
	within  *question
}

// maxChoices is how many choices one question may have after its filter.
const maxChoices = 100_000

// collect reads the choices sheet.
func (f *former) collect() {
	t := f.choices
	f.raw, f.seen = map[string]*rawList{}, map[[2]string]place{}
	if len(t.lines) == 0 {
		return
	}
	for _, key := range []string{"list_name", "name"} {
		if _, ok := t.columns[key]; !ok {
			f.rep.fail(place{t.grid.name, t.grid.rows[0][0].at.row, 1}, record.CodeXLSColumnMissing, "heading", key)
			return
		}
	}
	twice := yes(f.settings.first("allow_choice_duplicates").text)
	for _, l := range t.lines {
		c, n := l.get("list_name"), l.get("name")
		switch {
		case c.text == "" && n.text == "" && l.text("label") == "":
			continue // remarks beside the lists
		case c.text == "":
			f.rep.fail(place{l.sheet, l.row, t.columns["list_name"].at.col}, record.CodeXLSNoName, "type", "list_name")
			continue
		case n.text == "":
			f.rep.fail(place{l.sheet, l.row, t.columns["name"].at.col}, record.CodeXLSNoName, "type", c.text)
			continue
		case strings.ContainsFunc(n.text, unicode.IsControl):
			f.rep.fail(n.at, record.CodeXLSChoiceCode, "name", n.text)
			continue
		}
		f.entry(l, c, n, twice)
	}
}

func (f *former) entry(l *line, c, n cell, twice bool) {
	r := f.raw[c.text]
	if r == nil {
		r = &rawList{name: c.text, at: c.at}
		f.raw[c.text] = r
		f.order = append(f.order, r)
	}
	if first, again := f.seen[[2]string{c.text, n.text}]; again && !twice {
		f.rep.fail(n.at, record.CodeXLSChoiceTwice, "list", c.text, "name", n.text, "first", first.String())
		return
	} else if !again {
		f.seen[[2]string{c.text, n.text}] = n.at
	}
	e := &entry{name: n.text, line: l, at: n.at, label: f.texts(l, "label")}
	f.plain(l, "label")
	if e.label == nil {
		e.label = f.same(n.text)
		f.nameless(n.at, n.text)
	}
	r.entries = append(r.entries, e)
}

// nameless counts what is shown under its name for want of a label.
func (f *former) nameless(at place, name string) {
	g := f.unnamed[at.sheet]
	if g == nil {
		g = &gap{first: at, name: name}
		f.unnamed[at.sheet] = g
	}
	g.n++
}

// otherName is the code that or_other adds to a list.
const otherName = "other"

// addOthers adds "other" to the lists of selects that allow it.
func (f *former) addOthers() {
	f.root.all(func(q *question) {
		r := f.raw[q.list]
		if !q.other || q.sort != sortField || r == nil || r.other {
			return
		}
		r.other = true
		if _, has := f.seen[[2]string{r.name, otherName}]; has {
			return
		}
		r.entries = append(r.entries, &entry{name: otherName, label: f.word("other"), line: &line{sheet: q.at.sheet, row: q.at.row}, at: q.at})
	})
}

// offer finds out what a select offers. Filters look at what other selects offer, so that comes first; a
// circle of filters is an error of the one that closes it.
func (f *former) offer(q *question) *options {
	if q.options != nil || q.list == "" {
		return q.options
	}
	r := f.raw[q.list]
	q.options = &options{}
	if r == nil {
		f.rep.fail(q.at, record.CodeXLSNoList, "list", q.list)
		return q.options
	}
	r.used = true
	q.options.raw = r
	c := q.line.get("choice_filter")
	if c.text == "" {
		if f.lists[q.list] == nil {
			f.lists[q.list] = f.unfiltered(r)
		}
		q.options = f.lists[q.list]
	} else {
		f.filter(q, c)
	}
	if q.answer == "multichoice" {
		f.spaceless(q.options)
	}
	return q.options
}

// spaceless complains about codes that cannot be told apart in a list of several.
func (f *former) spaceless(o *options) {
	for _, c := range o.choices {
		if strings.ContainsFunc(c.name, unicode.IsSpace) {
			f.rep.fail(c.line.get("name").at, record.CodeXLSChoiceCode, "name", c.name)
		}
	}
}

func (f *former) unfiltered(r *rawList) *options {
	o := &options{raw: r, native: f.names.unique(native(r.name))}
	taken := map[string]bool{}
	for _, e := range r.entries {
		o.choices = append(o.choices, f.choice(r, e, "", taken))
	}
	f.keep(o)
	return o
}

// choice makes the native choice of an entry. Where one list holds a name twice, the later codes are told
// apart by what they lie within.
func (f *former) choice(r *rawList, e *entry, within string, taken map[string]bool) *choice {
	code := e.name
	if taken[code] {
		if within != "" {
			code += "@" + within
		}
		base := code
		for n := 2; taken[code]; n++ {
			code = base + "~" + strconv.Itoa(n)
		}
		f.rep.note(e.at, record.CodeXLSNoteCode, "list", r.name, "name", e.name, "code", code)
	}
	taken[code] = true
	return &choice{Code: code, Label: e.label, Within: within, name: e.name, line: e.line}
}

// keep puts a list into the form.
func (f *former) keep(o *options) {
	if len(o.choices) == 0 {
		return
	}
	if f.doc.Lists == nil {
		f.doc.Lists = map[string]*list{}
	}
	f.doc.Lists[o.native] = &list{Choices: o.choices}
}
