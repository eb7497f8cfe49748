package xlsform

import (
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/record"
)

// Import reads an XLSForm workbook. name is the file's, for messages. What is wrong with the workbook is an
// imported.Faults error that names every cell; an unreadable file is a *record.Error.
func Import(r io.ReaderAt, size int64, name string) (*imported.Result, error) {
	rep := newReport(filepath.Base(name))
	b, err := read(r, size, rep)
	if err != nil {
		return nil, err
	}
	f := translate(b, rep)
	if err := rep.err(); err != nil {
		return nil, err
	}
	return f.result()
}

var one = decimal.NewFromInt(1)

// german writes a number for people.
func german(n string) string { return strings.ReplaceAll(n, ".", ",") }

// translate makes the native form of a workbook, as far as it goes; what is wrong stands in the report.
func translate(b *book, rep *report) *former {
	f := &former{
		rep: rep, gaps: map[string]*gap{}, byName: map[string][]*question{}, lists: map[string]*options{}, names: newNamer(),
		ruleIDs: newNamer(), unnamed: map[string]*gap{}, proofs: newNamer(), columns: map[string]bool{}, doc: &document{Format: "schalter-form/1"},
		settings: tabulate(b.sheets[sheetSettings], rep), survey: tabulate(b.sheets[sheetSurvey], rep), choices: tabulate(b.sheets[sheetChoices], rep),
	}
	f.root = &question{questionType: questionType{sort: sortGroup}}
	for _, key := range []string{"type", "name"} {
		if _, ok := f.survey.columns[key]; !ok {
			rep.fail(place{b.sheets[sheetSurvey].name, 1, 1}, record.CodeXLSColumnMissing, "heading", key)
			return f
		}
	}
	f.setLanguages()
	f.doc.Languages = f.langs
	f.identity()
	f.collect()
	f.plant()
	f.addOthers()
	f.root.all(f.fix)
	f.place()
	f.root.all(func(q *question) { f.offer(q) })
	for _, g := range f.page {
		if made := f.build(g); made != nil {
			f.doc.Groups = append(f.doc.Groups, made)
		}
	}
	f.root.all(f.rules)
	f.leftovers()
	return f
}

// identity takes id, version and title from the settings, or from the file's name.
func (f *former) identity() {
	id := f.settings.first("form_id")
	file := strings.TrimSuffix(f.rep.file, filepath.Ext(f.rep.file))
	name := id.text
	if name == "" {
		name = file
	}
	if name == "" {
		f.rep.fail(id.at, record.CodeXLSID, "value", name)
		name = "form"
	}
	f.doc.ID = native(name)
	f.doc.Title = f.same(name)
	for _, lang := range f.langs {
		title := f.settings.first(with("form_title", lang)).text
		if title == "" {
			title = f.settings.first("form_title").text
		}
		if title != "" {
			f.doc.Title[lang] = title
		}
	}
	if len(f.settings.lines) > 0 {
		f.doc.Legal = legal(f.settings.lines[0])
	}
	f.doc.Origin = "XLSForm " + name
	f.doc.Version = f.version()
}

// leftovers names what has no effect and what is missing.
func (f *former) leftovers() {
	f.settings.unused(nil, f.rep)
	f.survey.unused(nil, f.rep)
	f.choices.unused(f.columns, f.rep)
	for _, r := range f.order {
		if !r.used {
			f.rep.note(r.at, record.CodeXLSNoteList, "list", r.name)
		}
	}
	for lang, g := range f.gaps {
		f.rep.note(g.first, record.CodeXLSNoteUntranslated, "language", lang, "n", g.n)
	}
	for _, g := range f.unnamed {
		f.rep.note(g.first, record.CodeXLSNoteLabel, "name", g.name, "n", g.n)
	}
	if len(f.doc.Groups) == 0 && len(f.rep.faults) == 0 {
		f.rep.fail(place{f.survey.grid.name, 1, 1}, record.CodeXLSNoType)
	}
}

// result is the finished form. The loader has the last word: what it refuses is reported with the cell it
// comes from.
func (f *former) result() (*imported.Result, error) {
	b, err := f.doc.bytes()
	if err != nil {
		return nil, record.E(record.CodeInternal, err)
	}
	loaded, err := form.Parse(b)
	if err != nil {
		f.refused(err)
		return nil, f.rep.err()
	}
	rep := imported.Report{
		File: f.rep.file, ID: loaded.ID, Version: loaded.Version, Title: loaded.Title.In("de"),
		Fields: len(loaded.Fields()), Codelists: len(f.doc.Lists), Notes: ordered(f.rep.notes),
		Rules: imported.Rules{Total: len(f.doc.Rules), Translated: len(f.doc.Rules)},
	}
	for _, g := range loaded.Groups {
		rep.Groups += groupsIn(g)
	}
	return &imported.Result{JSON: b, Report: rep}, nil
}

func groupsIn(g *form.Group) int {
	n := 1
	for _, sub := range g.Groups() {
		n += groupsIn(sub)
	}
	return n
}

var (
	circleStep = regexp.MustCompile(`(the answer of|whether to show) (\S+)`)
	rulePlace  = regexp.MustCompile(`^/rules/([0-9]+)(?:/|$)`)
	pathPlace  = regexp.MustCompile(`\(([^)]+)\)$`)
	itemPlace  = regexp.MustCompile(`/(groups|items)/([0-9]+)`)
)

// refused says which cell it comes from that the form does not load.
func (f *former) refused(err error) {
	e, ok := errors.AsType[*record.Error](err)
	if !ok {
		e = record.E(record.CodeInternal, err)
	}
	where, _ := e.Args["path"].(string)
	reason, _ := e.Args["reason"].(string)
	if strings.Contains(reason, "run in a circle") {
		f.circle(circleStep.FindAllStringSubmatch(reason, -1))
		return
	}
	f.rep.fail(f.cause(where), record.CodeXLSRefused, "reason", where+": "+reason)
}

// cause finds the cell behind a place in the native form.
func (f *former) cause(where string) place {
	if m := rulePlace.FindStringSubmatch(where); m != nil {
		if i, _ := strconv.Atoi(m[1]); i < len(f.doc.Rules) {
			return f.doc.Rules[i].at
		}
	}
	if m := pathPlace.FindStringSubmatch(where); m != nil {
		path := strings.TrimSuffix(strings.TrimSuffix(m[1], "/within"), "/internal")
		if q := f.atPath(path); q != nil {
			return q.at
		}
	}
	at := place{sheet: f.survey.grid.name}
	var items []any
	for _, m := range itemPlace.FindAllStringSubmatch(where, -1) {
		i, _ := strconv.Atoi(m[2])
		if m[1] == "groups" {
			items = nil
			for _, g := range f.doc.Groups {
				items = append(items, g)
			}
		}
		if i >= len(items) {
			return at
		}
		switch it := items[i].(type) {
		case *group:
			at, items = it.at, it.Items
		case *field:
			at, items = it.at, nil
		}
	}
	return at
}

func (f *former) atPath(path string) (found *question) {
	f.root.all(func(q *question) {
		if q.path == path && found == nil {
			found = q
		}
	})
	return found
}

// circle names the questions that depend on each other, at the cell of the first.
func (f *former) circle(steps [][]string) {
	at := place{sheet: f.survey.grid.name}
	var names []string
	for _, step := range steps {
		q := f.atPath(step[2])
		if q == nil {
			continue
		}
		if len(names) == 0 || names[len(names)-1] != q.name {
			names = append(names, q.name)
		}
		key := "relevant"
		if step[1] == "the answer of" {
			key = "calculation"
		}
		if c, ok := q.line.cells[key]; ok && at.row == 0 {
			at = c.at
		}
	}
	f.rep.fail(at, record.CodeXLSCircle, "names", strings.Join(names, " → "))
}
