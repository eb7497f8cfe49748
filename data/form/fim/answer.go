package fim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"schalter/data/record"
)

func join(lines []string) string { return strings.Join(lines, "\n") }

// field says what kind of answer a field takes, with everything that limits it.
func (b *builder) field(n *node) {
	f, it := n.e.field, n.item
	help := slices.Clone(n.e.help)
	switch {
	case f.art == "label":
		it.Type = "note"
		if it.Repeat = nil; n.repeat {
			b.keep(n, strconv.Itoa(n.p.min)+":"+strconv.Itoa(n.p.max))
		}
		n.repeat = false
		if f.content != "" && f.content != it.Label.DE {
			help = append([]string{f.content}, help...)
		}
	case f.art == "select" && (len(f.values) > 0 || f.list != nil):
		help = b.selection(n, help)
	default:
		help = b.plain(n, help)
	}
	if f.art != "label" && f.content != "" {
		help = b.content(n, help)
	}
	if f.note != "" && !slices.Contains(help, f.note) {
		help = append(help, f.note)
	}
	it.Help = optional(join(help))
}

// selection makes a choice of values in the schema or of a code list.
func (b *builder) selection(n *node, help []string) []string {
	f, it := n.e.field, n.item
	if len(f.values) > 0 {
		it.Type, n.choices = "choice", f.values
		it.Choices = native(f.values)
		b.offered[signature(f.values)] = true
		for _, v := range f.values {
			if v.help != "" {
				help = append(help, or(v.label, v.code)+": "+v.help)
			}
		}
		return help
	}
	b.offered[f.list.urn+" "+f.list.version] = true
	l := b.options.Lists.find(f.list)
	if l == nil {
		return b.missing(n, help)
	}
	it.Type, n.choices = "choice", l.choices(f.list)
	key := strings.Join([]string{l.urn, l.version, f.list.key, f.list.label}, " ")
	name, known := b.lists[key]
	if !known {
		name = listName(l, b.form.Lists)
		b.lists[key] = name
		b.form.Lists[name] = &nativeList{URN: l.urn, Version: l.version, Choices: native(n.choices)}
	}
	it.List = name
	return help
}

// missing keeps a field whose list nobody supplied: its answer is the key of the list, typed as text, and
// until somebody decides that this will do, the form cannot be published.
func (b *builder) missing(n *node, help []string) []string {
	l := n.e.field.list
	n.item.Type, n.item.MaxLength = "text", longText
	b.notes = append(b.notes, record.E(record.CodeFIMList, nil, "place", n.path, "urn", l.urn, "version", l.version))
	if !b.options.FreeText {
		b.extra = append(b.extra, nativeRule{
			Rule: b.structural("list", n), Do: "unresolved", On: []string{n.path},
			Text: &text{say("list.open", "urn", l.urn, "version", l.version)},
		})
	}
	if l.urn == "" {
		return help
	}
	return append(help, say("list.help", "urn", l.urn, "version", l.version))
}

// structural names a rule that follows from the structure and not from a rule of the source.
func (b *builder) structural(kind string, n *node) string {
	b.options.names[kind]++
	return kind + "-" + strconv.Itoa(b.options.names[kind]) + "-" + n.e.id[:min(len(n.e.id), 40)]
}

// listName is the last word of the list's URN with its version.
func listName(l *codelist, taken map[string]*nativeList) string {
	parts := strings.FieldsFunc(l.urn, func(r rune) bool { return r == ':' || r == '/' })
	s := "list"
	if len(parts) > 0 {
		s = parts[len(parts)-1]
	}
	s = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_.-", r)) {
			return r
		}
		return '_'
	}, s+"_"+l.version)
	s = "l" + s[:min(len(s), 50)]
	name := s
	for i := 2; taken[name] != nil; i++ {
		name = s + "." + strconv.Itoa(i)
	}
	return name
}

func native(list []choice) []nativeChoice {
	out := make([]nativeChoice, len(list))
	for i, c := range list {
		out[i] = nativeChoice{c.code, text{or(c.label, c.code)}}
	}
	return out
}

func signature(list []choice) string {
	var s strings.Builder
	for _, c := range list {
		s.WriteString(c.code + "\x00" + c.label + "\x00")
	}
	return s.String()
}

const (
	longText  = 10_000 // characters where the schema sets no limit
	oneLine   = 255    // longer texts get several lines
	anyDigits = 6      // after the comma, where the schema sets none
)

// types of the native format, by the standard's.
var types = map[string]string{
	"text": "text", "text_latin": "text", "string_latin": "text", "num_int": "integer", "num": "decimal",
	"num_currency": "money", "bool": "boolean", "date": "date", "time": "time", "datetime": "text", "file": "file", "obj": "file",
}

// plain makes a field that is typed into.
func (b *builder) plain(n *node, help []string) []string {
	f, it := n.e.field, n.item
	it.Type = types[f.typ]
	switch it.Type {
	case "text":
		help = b.length(n, help)
	case "decimal":
		it.Decimals = new(int)
		*it.Decimals = anyDigits
		b.bounds(n, amountForm)
	case "integer", "money":
		b.bounds(n, amountForm)
	case "date":
		b.bounds(n, dayForm)
	case "time":
		b.bounds(n, hourForm)
	case "file":
		if len(f.media) > 0 {
			help = append(help, say("file.kinds", "kinds", strings.Join(f.media, ", ")))
		}
		if size, err := strconv.ParseFloat(f.maxSize, 64); err == nil && size > 0 {
			help = append(help, say("file.size", "size", strings.Replace(strconv.FormatFloat(size/1e6, 'f', -1, 64), ".", ",", 1)))
		}
	}
	return help
}

var (
	amountForm = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,6})?$`)
	wholeForm  = regexp.MustCompile(`^-?[0-9]{1,15}$`)
	dayForm    = regexp.MustCompile(`^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	hourForm   = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

func (b *builder) bounds(n *node, form *regexp.Regexp) {
	limits, it := n.e.field.limits, n.item
	lo, hi := limits["minValue"], limits["maxValue"]
	if it.Type == "integer" {
		form = wholeForm
	}
	for _, x := range []struct {
		text string
		to   *string
	}{{lo, &it.Min}, {hi, &it.Max}} {
		switch {
		case x.text == "":
		case form.MatchString(x.text) && exists(it.Type, x.text):
			*x.to = x.text
		default:
			b.keep(n, x.text)
		}
	}
	if it.Min != "" && it.Max != "" && above(it.Type, it.Min, it.Max) {
		b.keep(n, it.Min+"–"+it.Max)
		it.Min, it.Max = "", ""
	}
}

func (b *builder) length(n *node, help []string) []string {
	limits, it := n.e.field.limits, n.item
	it.MaxLength = longText
	lo, hi := b.count(n, limits["minLength"]), b.count(n, limits["maxLength"])
	if hi > 0 {
		it.MaxLength = hi
	}
	if it.MinLength = lo; lo > it.MaxLength {
		it.MinLength = 0
		b.keep(n, limits["minLength"]+"–"+limits["maxLength"])
	}
	if hi > oneLine {
		it.Type = "multiline"
	}
	pattern := limits["pattern"]
	if n.e.field.typ == "datetime" && pattern == "" {
		it.Pattern, it.PatternText = `[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4} [0-9]{1,2}:[0-9]{2}`, &text{say("datetime.text")}
		return help
	}
	if pattern == "" {
		return help
	}
	if _, err := regexp.Compile(`^(?:` + pattern + `)$`); err != nil || len(pattern) > 1000 {
		b.keep(n, pattern)
		b.extra = append(b.extra, nativeRule{
			Rule: b.structural("pattern", n), Do: "unresolved", On: []string{n.path}, Text: &text{say("pattern.open", "pattern", pattern)},
		})
		return append(help, say("pattern.open", "pattern", pattern))
	}
	it.Pattern, it.PatternText = pattern, &text{say("pattern.text", "pattern", pattern)}
	if h := join(n.e.help); h != "" && len(h) <= 300 {
		it.PatternText = &text{h}
	}
	return help
}

// count reads a number of characters; 0 for none.
func (b *builder) count(n *node, s string) int {
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < 0 || v > maxText {
		b.keep(n, s)
		return 0
	}
	return v
}

// content takes over what a field holds from the beginning.
func (b *builder) content(n *node, help []string) []string {
	f, it := n.e.field, n.item
	v, ok := f.content, false
	switch it.Type {
	case "choice":
		ok = slices.ContainsFunc(n.choices, func(c choice) bool { return c.code == v })
	case "boolean":
		v, ok = truth(v)
	case "integer":
		ok = wholeForm.MatchString(v)
	case "decimal", "money":
		ok = amountForm.MatchString(v)
		v = strings.Replace(v, ".", ",", 1)
	case "date":
		ok = dayForm.MatchString(v) && exists("date", v)
	case "time":
		ok = hourForm.MatchString(v)
	case "text":
		ok = !strings.Contains(v, "\n") && fits(it, v)
	case "multiline":
		ok = fits(it, v)
	}
	if !ok {
		b.keep(n, f.content)
		return append(help, say("value.kept", "value", f.content))
	}
	if (f.art == "locked" || f.art == "hidden") && !n.repeat {
		b.fix(n, v)
		return help
	}
	it.Default = v
	return help
}

// fix makes the form fill a field that nobody may change: it is calculated, and not shown where it is hidden.
func (b *builder) fix(n *node, v string) {
	var value any = v
	switch n.item.Type {
	case "boolean":
		value = v == "true"
	case "integer", "decimal", "money":
		value = json.Number(strings.Replace(v, ",", ".", 1))
	case "date", "time":
		value = obj(n.item.Type, v)
	}
	n.fixed, n.item.Internal = true, n.e.field.art == "hidden"
	b.extra = append(b.extra, nativeRule{Rule: b.structural("fixed", n), Do: "calculate", On: []string{n.path}, Value: value})
}

func fits(it *nativeItem, v string) bool {
	n := utf8.RuneCountInString(v)
	if n < it.MinLength || n > it.MaxLength {
		return false
	}
	ok, err := regexp.MatchString(`^(?:`+or(it.Pattern, `[\s\S]*`)+`)$`, v)
	return ok && err == nil
}

// truth reads a boolean as schemata and rules write it.
func truth(s string) (string, bool) {
	switch strings.ToLower(s) {
	case "wahr", "true", "ja", "1":
		return "true", true
	case "falsch", "false", "nein", "0":
		return "false", true
	}
	return "", false
}
