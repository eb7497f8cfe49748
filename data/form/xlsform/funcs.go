package xlsform

import (
	"regexp"
	"slices"
	"strings"

	"schalter/data/record"
)

// function is one function of XPath and ODK that is translated.
type function struct {
	min, max int
	make     func(s *scope, t *tree) value
}

// unlimited is as many arguments as one likes.
const unlimited = 100

// functions gives values; conditions, true or false. Both tables together are what the handbook promises.
var (
	functions  map[string]function
	conditions map[string]*condition
)

// condition is a function that gives true or false. Its parts may be unanswered.
type condition struct {
	min, max int
	make     func(s *scope, t *tree, m mode) any
}

func init() {
	functions = map[string]function{
		"if": {3, 3, ifElse}, "coalesce": {2, 2, coalesce}, "concat": {1, unlimited, concat}, "join": {2, 2, join},
		"string": {1, 1, func(s *scope, t *tree) value { return s.words(t.args[0]) }}, "string-length": {1, 1, length},
		"substr": {2, 3, substr},
		"number": {1, 1, toNumber}, "int": {1, 1, numeric("trunc")}, "abs": {1, 1, numeric("abs")},
		"round": {1, 2, round}, "pow": {2, 2, pow},
		"sum": {1, unlimited, all("sum")}, "min": {1, unlimited, all("min")}, "max": {1, unlimited, all("max")},
		"count": {1, 1, count}, "count-non-empty": {1, 1, countNonEmpty}, "count-selected": {1, 1, countSelected},
		"position": {1, 1, position}, "today": {0, 0, today}, "now": {0, 0, now}, "date": {1, 1, date},
		"decimal-date-time": {1, 1, daysSince1970}, "format-date": {2, 2, formatDate}, "jr:choice-name": {2, 2, choiceName},
		"floor": {1, 1, numeric("floor")}, "ceiling": {1, 1, numeric("ceil")},
	}
	conditions = map[string]*condition{
		"true":     {0, 0, func(*scope, *tree, mode) any { return true }},
		"false":    {0, 0, func(*scope, *tree, mode) any { return false }},
		"selected": {2, 2, selected}, "regex": {2, 2, regex},
		"contains": {2, 2, wording("contains")}, "starts-with": {2, 2, wording("starts")}, "ends-with": {2, 2, wording("ends")},
		// these three are taken apart in scope.condition
		"not": {1, 1, nil}, "boolean": {1, 1, nil}, "boolean-from-string": {1, 1, nil},
	}
}

// foreign are functions that XLSForm knows and the native format has nothing for.
var foreign = set("selected-at", "indexed-repeat", "pulldata", "instance", "current", "jr:itext", "uuid", "random", "randomize", "digest", "area", "distance",
	"geofence", "enclosed-area", "version", "property", "last-saved", "checklist", "weighted-checklist", "format-date-time", "decimal-time", "date-time",
	"substring", "substring-before", "substring-after", "translate", "normalize-space", "name", "local-name", "id", "position-of", "log", "log10", "exp", "exp10",
	"sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "pi", "depend", "base64-decode", "thousandsep", "comma-join", "extract-signed", "intersects",
	"once", "last", "string-join", "search", "unordered", "geohash", "upper-case", "lower-case", "xor")

// call translates a function that gives a value.
func (s *scope) call(t *tree) value {
	if c := conditions[t.text]; c != nil {
		return value{js: s.condition(t, exact), kind: kindBool}
	}
	f, ok := functions[t.text]
	switch {
	case foreign[t.text]:
		return s.fail(record.CodeXLSFunctionUnsupported, "function", t.text)
	case !ok:
		return s.fail(record.CodeXLSFunction, "function", t.text)
	case len(t.args) < f.min || len(t.args) > f.max:
		return s.arguments(t)
	}
	return f.make(s, t)
}

// test translates a function that gives true or false.
func (s *scope) test(t *tree, m mode) any {
	c := conditions[t.text]
	if len(t.args) < c.min || len(t.args) > c.max || c.make == nil {
		s.arguments(t)
		return true
	}
	return c.make(s, t, m)
}

func (s *scope) arguments(t *tree) value {
	return s.fail(record.CodeXLSArguments, "function", t.text, "n", len(t.args))
}

// constant is a text that stands in the expression itself.
func constant(t *tree) (string, bool) { return t.text, t.op == opText || t.op == opNumber }

func selected(s *scope, t *tree, m mode) any {
	a, b := s.single(s.value(t.args[0])), s.single(s.value(t.args[1]))
	switch {
	case s.failed:
		return true
	case a.leaf == nil || a.leaf.options == nil:
		s.kinds(t)
		return true
	case b.lit != nil && a.multi:
		return s.chosen(a, *b.lit)
	case b.lit != nil:
		text := *b.lit
		return s.codes(a, value{kind: kindText, lit: &text}, "=", m)
	case b.kind != kindText || b.multi:
		b = s.asText(b)
	}
	if a.multi {
		return s.closed(s.op("in", b.js, a.js), false, m, b)
	}
	return s.closed(s.op("equal", a.js, b.js), false, m, a, b)
}

// chosen is whether a select_multiple contains a code. It is false where nothing is answered.
func (s *scope) chosen(a value, name string) any {
	codes := a.leaf.options.codes(func(n string) bool { return n == name })
	if len(codes) == 0 {
		s.fail(record.CodeXLSChoiceUnknown, "reference", "${"+a.leaf.name+"}", "name", name)
		return true
	}
	tests := make([]any, 0, len(codes))
	for _, c := range codes {
		tests = append(tests, s.op("in", c, a.js))
	}
	if len(tests) == 1 {
		return tests[0]
	}
	return s.op("or", tests...)
}

func regex(s *scope, t *tree, m mode) any {
	a := s.words(t.args[0])
	pattern, ok := constant(t.args[1])
	if s.failed || !ok {
		s.arguments(t)
		return true
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil || len(pattern) > 1000 {
		reason := "> 1000"
		if err != nil {
			reason = err.Error()
		}
		s.fail(record.CodeXLSPattern, "value", pattern, "reason", reason)
		return true
	}
	return s.closed(s.op("matches", a.js, pattern), re.MatchString(""), m, a)
}

func wording(name string) func(*scope, *tree, mode) any {
	return func(s *scope, t *tree, m mode) any {
		a, b := s.words(t.args[0]), s.words(t.args[1])
		if b.lit != nil && *b.lit == "" {
			return true
		}
		if b.open { // every text contains the empty one
			return s.op("or", s.op("empty", b.js), s.closed(s.op(name, a.js, b.js), false, exact, a, b))
		}
		return s.closed(s.op(name, a.js, b.js), false, m, a)
	}
}

func ifElse(s *scope, t *tree) value {
	cond := s.condition(t.args[0], exact)
	both, k := s.unite([]value{s.single(s.value(t.args[1])), s.single(s.value(t.args[2]))})
	if s.failed {
		return both[0]
	}
	return value{js: s.op("if", cond, both[0].js, both[1].js), kind: k, open: both[0].open || both[1].open}
}

func coalesce(s *scope, t *tree) value {
	both, k := s.unite([]value{s.single(s.value(t.args[0])), s.single(s.value(t.args[1]))})
	if s.failed {
		return both[0]
	}
	return value{js: s.op("coalesce", both[0].js, both[1].js), kind: k, open: both[0].open && both[1].open}
}

func concat(s *scope, t *tree) value {
	var parts []any
	open := true
	for _, a := range t.args {
		v := s.single(s.value(a))
		if v.multi || v.kind == kindBool || v.kind == kindNothing || v.now {
			v = s.asText(v)
		}
		if v.lit != nil && *v.lit == "" {
			continue
		}
		open = open && v.open
		parts = append(parts, v.js)
	}
	if len(parts) == 0 {
		empty := ""
		return value{js: s.nothing(kindText), kind: kindText, open: true, lit: &empty}
	}
	return value{js: s.op("concat", parts...), kind: kindText, open: open}
}

// join puts the answers from all rows of a repeat into one text.
func join(s *scope, t *tree) value {
	between, ok := constant(t.args[0])
	v := s.value(t.args[1])
	if s.failed || !ok || !v.many || v.multi || v.kind != kindText {
		return s.arguments(t)
	}
	return value{js: s.op("join", v.js, between), kind: kindText, open: true}
}

func length(s *scope, t *tree) value {
	v := s.words(t.args[0])
	js := s.op("length", v.js)
	if v.open {
		js = s.op("coalesce", js, number("0"))
	}
	return value{js: js, kind: kindNumber}
}

func substr(s *scope, t *tree) value {
	args := []any{s.words(t.args[0]).js}
	for _, a := range t.args[1:] {
		args = append(args, s.number(a).js)
	}
	return value{js: s.op("substr", args...), kind: kindText, open: true}
}

// toNumber knows number(format-date(…)), the usual way to take a year out of a date.
func toNumber(s *scope, t *tree) value {
	a := t.args[0]
	if a.op == opCall && a.text == "format-date" && len(a.args) == 2 {
		if part, ok := dateParts[a.args[1].text]; ok && a.args[1].op == opText {
			d := s.single(s.value(a.args[0]))
			if d.kind == kindDate {
				return value{js: s.op("date_part", d.js, part), kind: kindNumber, open: d.open}
			}
		}
	}
	return s.number(a)
}

func numeric(name string) func(*scope, *tree) value {
	return func(s *scope, t *tree) value {
		v := toNumber(s, t)
		return value{js: s.op(name, v.js), kind: kindNumber, open: v.open}
	}
}

func round(s *scope, t *tree) value {
	digits := number("0")
	if len(t.args) == 2 {
		d := s.value(t.args[1])
		if d.lit == nil || d.kind != kindNumber || !slices.Contains([]string{"-6", "-5", "-4", "-3", "-2", "-1", "0", "1", "2", "3", "4", "5", "6"}, *d.lit) {
			return s.arguments(t)
		}
		digits = number(*d.lit)
	}
	v := s.number(t.args[0])
	return value{js: s.op("round", v.js, digits), kind: kindNumber, open: v.open}
}

func pow(s *scope, t *tree) value {
	a, b := s.number(t.args[0]), s.number(t.args[1])
	return value{js: s.op("pow", a.js, b.js), kind: kindNumber, open: true}
}

// all translates functions over several values or over the rows of a repeat. What is not answered is left out.
func all(name string) func(*scope, *tree) value {
	return func(s *scope, t *tree) value {
		var args []any
		open := name != "sum"
		for _, a := range t.args {
			v := s.value(a)
			if v.many && v.kind != kindNumber {
				return s.kinds(t)
			}
			if !v.many {
				v = s.asNumber(v)
			}
			args = append(args, v.js)
		}
		return value{js: s.op(name, args...), kind: kindNumber, open: open}
	}
}

// node is the question that an argument names; nil is an error already.
func (s *scope) node(t *tree) *question {
	var q *question
	switch t.op {
	case opQuestion:
		q = s.f.find(s.at, t.text)
	case opPath:
		return s.walk(t)
	}
	if q == nil {
		s.failed = s.failed || t.op == opQuestion
	}
	return q
}

// count counts the rows of a repeat.
func count(s *scope, t *tree) value {
	q := s.node(t.args[0])
	if s.failed {
		return value{js: number("0"), kind: kindNumber}
	}
	chain := q.repeats()
	if q == nil || len(chain) == 0 {
		return s.arguments(t)
	}
	return value{js: s.op("rows", chain[len(chain)-1]), kind: kindNumber}
}

func countNonEmpty(s *scope, t *tree) value {
	v := s.value(t.args[0])
	if s.failed || !v.many || v.multi {
		return s.arguments(t)
	}
	return value{js: s.op("count", v.js), kind: kindNumber}
}

func countSelected(s *scope, t *tree) value {
	v := s.single(s.value(t.args[0]))
	switch {
	case s.failed:
		return v
	case v.leaf == nil || v.leaf.options == nil:
		return s.kinds(t)
	case !v.multi:
		return value{js: s.op("answered", v.js), kind: kindNumber}
	}
	return value{js: s.op("count", v.js), kind: kindNumber}
}

// position is the number of the row of the repeat around.
func position(s *scope, t *tree) value {
	q := s.node(t.args[0])
	if s.failed {
		return value{js: number("0"), kind: kindNumber}
	}
	chain := q.repeats()
	if q == nil || len(chain) == 0 || !slices.Contains(s.chain, chain[len(chain)-1]) {
		return s.arguments(t)
	}
	return value{js: s.op("row", chain[len(chain)-1]), kind: kindNumber}
}

func today(s *scope, _ *tree) value { return value{js: s.op("today"), kind: kindDate} }

func now(s *scope, _ *tree) value { return value{js: s.op("today"), kind: kindDate, now: true} }

func date(s *scope, t *tree) value {
	v := s.single(s.value(t.args[0]))
	if v.lit != nil && v.kind == kindText {
		if js, ok := day(*v.lit); ok {
			return value{js: js, kind: kindDate}
		}
	}
	v.now = false // the day of the moment
	if s.failed || v.kind != kindDate {
		return s.arguments(t)
	}
	return v
}

func daysSince1970(s *scope, t *tree) value {
	v := date(s, t)
	return value{js: s.op("date_diff", op("date", "1970-01-01"), v.js, "days"), kind: kindNumber, open: v.open}
}

// dateParts are the patterns of format-date that give one number.
var dateParts = map[string]string{"%Y": "year", "%m": "month", "%n": "month", "%d": "day", "%e": "day"}

var datePattern = regexp.MustCompile(`%[Ymnde]|[^%]+`)

// formatDate builds the text of a date piece by piece.
func formatDate(s *scope, t *tree) value {
	d := s.single(s.value(t.args[0]))
	pattern, ok := constant(t.args[1])
	pieces := datePattern.FindAllString(pattern, -1)
	if s.failed || d.kind != kindDate || !ok || strings.Join(pieces, "") != pattern || pattern == "" {
		return s.arguments(t)
	}
	var parts []any
	for _, p := range pieces {
		part, ok := dateParts[p]
		if !ok {
			parts = append(parts, p)
			continue
		}
		n := s.op("date_part", d.js, part)
		if p == "%m" || p == "%d" {
			parts = append(parts, s.op("if", s.op("lt", n, number("10")), "0", s.nothing(kindText)))
		}
		parts = append(parts, n)
	}
	text := s.op("concat", parts...)
	if d.open {
		text = s.op("if", s.op("empty", d.js), s.nothing(kindText), text)
	}
	return value{js: text, kind: kindText, open: d.open}
}

// choiceName is the label of what was chosen.
func choiceName(s *scope, t *tree) value {
	v := s.single(s.value(t.args[0]))
	if s.failed || v.leaf == nil || v.leaf.options == nil || v.multi {
		return s.arguments(t)
	}
	return value{js: s.op("label", v.js), kind: kindText, open: v.open}
}
