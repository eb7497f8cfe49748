package xlsform

import (
	"regexp"
	"slices"
	"strings"

	"schalter/data/record"
)

var reference = regexp.MustCompile(`\$\{\s*([^}]*?)\s*\}`)

// filledIn makes a field of a note that shows answers: the text stays its label, with … where an answer
// stands in it, and the answers are its value. So it reads the same in every language.
func (f *former) filledIn(q *question, fl *field) {
	c := f.firstText(q.line, "label")
	if !strings.Contains(c.text, "${") {
		f.plain(q.line, "label") // no language may say more than the first
		return
	}
	for _, m := range reference.FindAllStringSubmatch(c.text, -1) {
		if shown := f.find(c.at, m[1]); shown != nil && !slices.Contains(q.shows, shown) {
			q.shows = append(q.shows, shown)
		}
	}
	label := texts{}
	for lang, s := range fl.Label {
		f.sameReferences(q, s, c)
		label[lang] = strings.TrimSpace(reference.ReplaceAllString(s, "…"))
		if strings.Trim(label[lang], "… .:") == "" && len(q.shows) > 0 {
			label[lang] = f.label(q.shows[0])[lang]
		}
	}
	fl.Label = label
}

// firstText is the cell with the text of the form's first language.
func (f *former) firstText(l *line, key string) cell {
	for _, lang := range append([]string{f.base, ""}, f.langs...) {
		if c, ok := l.cells[with(key, lang)]; ok {
			return c
		}
	}
	return l.get(key)
}

// sameReferences complains about a translation that shows other answers than the first language.
func (f *former) sameReferences(q *question, s string, c cell) {
	for _, m := range reference.FindAllStringSubmatch(s, -1) {
		if !slices.ContainsFunc(q.shows, func(x *question) bool { return x.name == m[1] }) && len(f.byName[m[1]]) == 1 {
			f.rep.fail(c.at, record.CodeXLSTextReference, "reference", m[0])
		}
	}
}

// showAnswers fills a note with the answers it shows. One answer keeps its type, several become a text.
func (f *former) showAnswers(q *question) {
	if len(q.shows) == 0 || q.path == "" {
		return
	}
	c := f.firstText(q.line, "label")
	s := f.scopeFor(q, c, false)
	values := make([]value, len(q.shows))
	for i, shown := range q.shows {
		values[i] = s.single(s.answer(shown, "${"+shown.name+"}"))
	}
	fl := q.fields[0]
	v := values[0]
	if len(values) > 1 || v.multi || v.kind == kindText {
		parts := make([]any, 0, 2*len(values))
		for i, v := range values {
			if i > 0 {
				parts = append(parts, " · ")
			}
			parts = append(parts, s.shown(v).js)
		}
		v = value{js: parts[0], kind: kindText}
		if len(parts) > 1 {
			v.js = s.op("concat", parts...)
		}
	}
	if s.failed {
		return
	}
	fl.Type = nativeOf(v.kind)
	if fl.Type == "decimal" {
		fl.Decimals = decimals()
	}
	f.rep.note(c.at, record.CodeXLSNoteFilledIn, "name", q.name)
	r := f.rule(q, "calculate", c.at)
	r.On, r.Value = []string{q.path}, v.js
}

// shown is how an answer stands in a text.
func (s *scope) shown(v value) value {
	if v.multi {
		return value{js: s.op("join", v.js, ", "), kind: kindText, open: true}
	}
	return s.asText(v)
}
