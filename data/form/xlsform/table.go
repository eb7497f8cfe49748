package xlsform

import (
	"strings"

	"schalter/data/record"
)

// column is one heading of a sheet.
type column struct {
	key  string // how XLSForm calls it now: "label"
	lang string // code of the language, "" where the heading names none
	at   place
	head string
}

// line is one row of a sheet below the headings.
type line struct {
	row   int
	sheet string
	cells map[string]cell // by column key, with language as in "label::de"
	read  map[string]bool // the cells that were looked at
	skip  bool            // no question: the end of a group, a remark
}

// get returns a cell; where it is empty, its place is the beginning of the row.
func (l *line) get(key string) cell {
	if c, ok := l.cells[key]; ok {
		if l.read == nil {
			l.read = map[string]bool{}
		}
		l.read[key] = true
		return c
	}
	return cell{at: place{l.sheet, l.row, 1}}
}

func (l *line) text(key string) string { return l.get(key).text }

// table is a sheet with its headings understood.
type table struct {
	grid    *grid
	columns map[string]column // by key and language
	order   []column
	lines   []*line
}

// aliases are older and other writings of headings.
var aliases = map[string]string{
	"command": "type", "caption": "label", "tag": "name", "value": "name", "list name": "list_name", "listname": "list_name",
	"relevance": "relevant", "bind::relevant": "relevant", "calculate": "calculation", "bind::calculate": "calculation",
	"constraint_msg": "constraint_message", "constraintmsg": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
	"bind::constraint": "constraint", "bind::required": "required", "requiredmsg": "required_message", "required_msg": "required_message",
	"bind::jr:requiredmsg": "required_message", "readonly": "read_only", "bind::readonly": "read_only", "repeat count": "repeat_count",
	"jr:count": "repeat_count", "control::appearance": "appearance", "body::appearance": "appearance",
	"title": "form_title", "id_string": "form_id", "set form title": "form_title", "set form id": "form_id",
}

// translated are the columns that exist once for each language.
var translated = map[string]bool{
	"label": true, "hint": true, "guidance_hint": true, "constraint_message": true, "required_message": true, "form_title": true,
}

func set(keys ...string) map[string]bool {
	m := map[string]bool{}
	for _, k := range keys {
		m[k] = true
	}
	return m
}

// heading understands "label::Deutsch (de)", "constraint message", "media::image".
func heading(s string) (key, lang string) {
	parts := strings.Split(s, "::")
	if len(parts) == 1 {
		if first, rest, ok := strings.Cut(s, ":"); ok && translated[plain(first)] {
			parts = []string{first, rest}
		}
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	key = plain(parts[0])
	if len(parts) > 1 && translated[key] {
		return key, strings.Join(parts[1:], "::")
	}
	if len(parts) > 1 {
		whole := strings.ToLower(strings.Join(parts, "::"))
		if to := aliases[whole]; to != "" {
			return to, ""
		}
		return whole, ""
	}
	return key, ""
}

// plain is a heading without the differences that do not count.
func plain(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if to := aliases[s]; to != "" {
		return to
	}
	s = strings.ReplaceAll(s, " ", "_")
	if to := aliases[s]; to != "" {
		return to
	}
	return s
}

func with(key, lang string) string {
	if lang == "" {
		return key
	}
	return key + "::" + lang
}

// tabulate reads the headings of a sheet and sorts its cells under them.
func tabulate(g *grid, rep *report) *table {
	t := &table{grid: g, columns: map[string]column{}}
	if g == nil || len(g.rows) == 0 {
		return t
	}
	byCol := map[int]column{}
	for _, c := range g.rows[0] {
		col := column{at: c.at, head: c.text}
		var lang string
		col.key, lang = heading(c.text)
		if lang != "" {
			code, ok := language(lang)
			if !ok {
				rep.fail(c.at, record.CodeXLSLanguage, "language", lang)
				code = strings.ToLower(lang)
			}
			col.lang = code
		}
		key := with(col.key, col.lang)
		if first, twice := t.columns[key]; twice {
			rep.fail(c.at, record.CodeXLSColumnTwice, "heading", c.text, "first", first.at.String())
			continue
		}
		t.columns[key], byCol[c.at.col] = col, col
		t.order = append(t.order, col)
	}
	unnamed := map[int][]cell{}
	for _, row := range g.rows[1:] {
		l := &line{row: row[0].at.row, sheet: g.name, cells: map[string]cell{}}
		for _, c := range row {
			if col, ok := byCol[c.at.col]; ok {
				l.cells[with(col.key, col.lang)] = c
			} else {
				unnamed[c.at.col] = append(unnamed[c.at.col], c)
			}
		}
		t.lines = append(t.lines, l)
	}
	for _, cells := range unnamed {
		rep.note(cells[0].at, record.CodeXLSNoteIgnored, "what", cells[0].at.column(), "n", len(cells))
	}
	return t
}

// unused names the cells that nothing has looked at, by column, except those in also.
func (t *table) unused(also map[string]bool, rep *report) {
	for _, col := range t.order {
		key := with(col.key, col.lang)
		if also[col.key] {
			continue
		}
		n, first := 0, col.at
		for _, l := range t.lines {
			c, ok := l.cells[key]
			if ok && !l.skip && !l.read[key] {
				if n == 0 {
					first = c.at
				}
				n++
			}
		}
		if n > 0 {
			rep.note(first, record.CodeXLSNoteIgnored, "what", col.head, "n", n)
		}
	}
}

// first is a cell of the first row below the headings, as the settings have it.
func (t *table) first(key string) cell {
	if len(t.lines) == 0 {
		return cell{}
	}
	return t.lines[0].get(key)
}
