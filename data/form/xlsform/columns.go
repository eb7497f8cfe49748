package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"schalter/data/form"
	"schalter/data/record"
)

// appearance takes what concerns the answer; the look of a page is the program's own.
func (f *former) appearance(q *question, fl *field) {
	if to := f.looks(q, q.answer); to != "" {
		fl.Type = to
	}
}

// looks reads the appearance cell and names what has no effect.
func (f *former) looks(q *question, answer string) (to string) {
	c := q.line.get("appearance")
	if strings.Contains(c.text, "search(") {
		f.rep.fail(c.at, record.CodeXLSExternal, "value", shorten(c.text))
		return ""
	}
	for w := range strings.FieldsSeq(c.text) {
		low := strings.ToLower(w)
		switch t := looks[answer][low]; {
		case t != "" && to == "":
			to = t
		case !plainLooks.MatchString(low):
			f.rep.note(c.at, record.CodeXLSNoteIgnored, "what", w, "n", 1)
		}
	}
	return to
}

// parameters reads "start=1 end=10 step=1" of a range; others have no effect.
func (f *former) parameters(q *question, fl *field) {
	c := q.line.get("parameters")
	given := map[string]string{}
	for _, p := range strings.FieldsFunc(c.text, func(r rune) bool { return r == ' ' || r == ';' || r == ',' }) {
		key, v, _ := strings.Cut(p, "=")
		if q.word != "range" || !slices.Contains([]string{"start", "end", "step"}, key) {
			f.rep.note(c.at, record.CodeXLSNoteIgnored, "what", p, "n", 1)
			continue
		}
		given[key] = v
	}
	if q.word != "range" {
		return
	}
	q.scale = map[string]decimal.Decimal{}
	for key, or := range map[string]string{"start": "1", "end": "10", "step": "1"} {
		if given[key] == "" {
			given[key] = or
		}
		d, err := decimal.NewFromString(given[key])
		if err != nil || len(given[key]) > 15 || key == "step" && d.Sign() <= 0 {
			f.rep.fail(c.at, record.CodeXLSValue, "heading", "parameters", "value", shorten(c.text), "expected", "start=1 end=10 step=1")
			q.scale = nil
			return
		}
		if !d.IsInteger() {
			fl.Type = "decimal"
		}
		q.scale[key] = d
	}
	lo, hi := q.scale["start"], q.scale["end"]
	if lo.GreaterThan(hi) {
		lo, hi = hi, lo
	}
	fl.Min, fl.Max = lo.String(), hi.String()
}

// repeat reads how often a repeat occurs. Without a number its rows are added while the form is filled.
func (f *former) repeat(q *question) *repeat {
	c := q.line.get("repeat_count")
	if c.text == "" {
		return &repeat{}
	}
	n, ok := f.fixedNumber(c)
	if !ok || n < 1 || n > form.MaxRows {
		f.rep.fail(c.at, record.CodeXLSRepeatCount, "value", shorten(c.text), "max", form.MaxRows)
		return &repeat{}
	}
	return &repeat{Min: n, Max: n}
}

// fixedNumber works out a count such as 2 or 2+1.
func (f *former) fixedNumber(c cell) (int, bool) {
	t, bad := parse(c.text)
	if bad > 0 {
		return 0, false
	}
	d, ok := fixedValue(t)
	if !ok || !d.IsInteger() || d.Abs().GreaterThan(decimal.NewFromInt(1_000_000)) {
		return 0, false
	}
	return int(d.IntPart()), true
}

func fixedValue(t *tree) (decimal.Decimal, bool) {
	switch {
	case t.op == opNumber || t.op == opText:
		d, err := decimal.NewFromString(t.text)
		return d, err == nil && len(t.text) < 15
	case t.op == opCall && len(t.args) == 1 && (t.text == "number" || t.text == "int"):
		d, ok := fixedValue(t.args[0])
		return d.Truncate(0), ok
	case t.op != opBinary:
		return decimal.Zero, false
	}
	a, okA := fixedValue(t.args[0])
	b, okB := fixedValue(t.args[1])
	if !okA || !okB {
		return decimal.Zero, false
	}
	switch t.text {
	case "+":
		return a.Add(b), true
	case "-":
		return a.Sub(b), true
	case "*":
		return a.Mul(b), true
	}
	return decimal.Zero, false
}

var onceForm = regexp.MustCompile(`^once\s*\((.*)\)$`)

// preset is the default of a field in the writing its type understands.
func (f *former) preset(q *question, answer string) string {
	c := q.line.get("default")
	text := c.text
	if m := onceForm.FindStringSubmatch(text); m != nil {
		text = strings.TrimSpace(m[1])
	}
	if text == "" {
		return ""
	}
	out, ok := f.presetOf(q, answer, text)
	if !ok {
		f.rep.fail(c.at, record.CodeXLSDefault, "value", shorten(c.text), "type", q.word)
	}
	return out
}

func (f *former) presetOf(q *question, answer, text string) (string, bool) {
	if n := len(text); n > 1 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	switch answer {
	case "date", "month":
		return presetDay(answer, text)
	case "time":
		if text == "now()" {
			return "jetzt", true
		}
		clock, ok := clockOf(text)
		return clock, ok
	case "integer", "decimal", "money":
		d, err := decimal.NewFromString(text)
		if err != nil || len(text) > 22 {
			return "", false
		}
		return german(d.String()), answer != "integer" || d.IsInteger()
	case "choice", "multichoice":
		return presetCodes(q, text)
	case "text":
		return text, !dynamic(text) && len(text) < 500
	}
	return text, !dynamic(text)
}

func presetDay(answer, text string) (string, bool) {
	t, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		return "heute", answer == "date" && (text == "today()" || text == "now()" || text == "date(today())")
	case answer == "month":
		return t.Format("2006-01"), true
	}
	return text, true
}

// clockOf reads a time of day; seconds do not count.
func clockOf(text string) (string, bool) {
	text = text[:min(5, len(text))]
	_, err := time.Parse("15:04", text)
	return text, err == nil
}

// presetCodes takes the names of choices, with spaces between them where several may be chosen.
func presetCodes(q *question, text string) (string, bool) {
	names := []string{text}
	if q.answer == "multichoice" {
		names = strings.Fields(text)
	}
	var out []string
	for _, name := range names {
		codes := q.options.codes(func(n string) bool { return n == name })
		if len(codes) != 1 {
			return "", false
		}
		out = append(out, fmt.Sprint(codes[0]))
	}
	return strings.Join(out, "\n"), true
}

// momentDefault puts a default of date and time into the two fields.
func (f *former) momentDefault(q *question) {
	c := q.line.get("default")
	text := strings.Replace(c.text, " ", "T", 1)
	if m := onceForm.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	switch text {
	case "":
	case "now()":
		q.fields[0].Default, q.fields[1].Default = "heute", "jetzt"
	case "today()":
		q.fields[0].Default = "heute"
	default:
		day, rest, timed := strings.Cut(text, "T")
		_, err := time.Parse(time.DateOnly, day)
		clock, ok := clockOf(rest)
		if err != nil || timed && !ok {
			f.rep.fail(c.at, record.CodeXLSDefault, "value", shorten(c.text), "type", q.word)
			return
		}
		q.fields[0].Default, q.fields[1].Default = day, clock
	}
}

// version makes a version of numbers and dots: 20240515143545 becomes 20240515.143545.
func (f *former) version() string {
	c := f.settings.first("version")
	if c.text == "" {
		f.rep.note(c.at, record.CodeXLSNoteVersion, "version", "1")
		return "1"
	}
	s := strings.TrimPrefix(strings.ToLower(c.text), "v")
	var parts []string
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		for len(p) > 9 {
			parts, p = append(parts, p[:8]), p[8:]
		}
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			f.rep.fail(c.at, record.CodeXLSVersion, "value", shorten(c.text))
			return "1"
		}
		parts = append(parts, strconv.Itoa(n))
	}
	v := strings.Join(parts, ".")
	if len(parts) == 0 || len(parts) > 4 {
		f.rep.fail(c.at, record.CodeXLSVersion, "value", shorten(c.text))
		return "1"
	}
	if v != c.text {
		f.rep.note(c.at, record.CodeXLSNoteVersion, "version", v)
	}
	return v
}
