package form

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"schalter/data/record"
)

// complaint says why a typed text is not understood or not allowed; the zero complaint means it is.
type complaint struct {
	key  string
	args record.Args
	text Text // instead of a key: the form's own words
}

func wrong(key string, pairs ...any) complaint {
	c := complaint{key: key, args: record.Args{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.args[pairs[i].(string)] = pairs[i+1]
	}
	return c
}

func (c complaint) bad() bool { return c.key != "" }

const maxSignature = 500_000

// read understands what somebody typed. It returns the canonical text, or a complaint and "".
func (f *Field) read(typed string, now time.Time) (string, complaint) {
	if len(typed) > maxSignature {
		return "", wrong("too_long", "max", f.MaxLength, "n", utf8.RuneCountInString(typed))
	}
	s, ok := f.tidy(typed)
	switch {
	case !ok:
		return "", wrong("not_text")
	case s == "":
		return "", complaint{}
	}
	switch f.Type {
	case TypeText, TypeMultiline:
		return f.words(s)
	case TypeInteger, TypeDecimal, TypeMoney:
		return f.amount(s)
	case TypeDate:
		return f.day(s, now)
	case TypeMonth:
		return readMonth(s, now)
	case TypeTime:
		return readTime(s, now)
	case TypeBoolean:
		return readBoolean(s)
	case TypeChoice:
		return f.choice(s)
	case TypeMulti:
		return f.several(s)
	case TypeNote:
		return "", complaint{}
	}
	if check := checks[f.Type]; check != nil {
		return check(s)
	}
	return s, complaint{}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\v", " ", "\f", " ", "\u0085", " ")

var gaps = regexp.MustCompile(`[\s\v\x{0085}\x{00a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+`)

// tidy brings text to NFC and removes what no citizen means: spaces at the ends, control characters,
// doubled spaces in one line. It refuses bytes that are no text.
func (f *Field) tidy(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	if f.Type == TypeSignature {
		return strings.TrimSpace(s), true
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
	if f.Type == TypeMultiline || f.Type == TypeMulti || f.Type == TypeFile {
		s = lineEnds.Replace(s)
	} else {
		s = gaps.ReplaceAllString(s, " ")
	}
	// Last, because what was taken out may have kept a letter and its accent apart.
	return strings.TrimSpace(norm.NFC.String(s)), true
}

// words checks the length of a text. What is wrong with its content is a matter of [Field.obey].
func (f *Field) words(s string) (string, complaint) {
	if n := utf8.RuneCountInString(s); n > f.MaxLength {
		return "", wrong("too_long", "max", f.MaxLength, "n", n)
	}
	return s, complaint{}
}

// obey checks an understood answer against the field's own limits.
func (f *Field) obey(s string, v value, today int) complaint {
	if n := utf8.RuneCountInString(s); f.MinLength > 0 && n < f.MinLength {
		return wrong("too_short", "min", f.MinLength, "n", n)
	}
	if re := f.limits.pattern; re != nil && !re.MatchString(s) {
		return complaint{key: "pattern", text: f.patternText}
	}
	if lo := f.limits.min; lo.set && v.compare(lo.at(today)) < 0 {
		return wrong("min_"+f.limits.word(lo), "limit", formatted{f, f.written(lo.at(today))})
	}
	if hi := f.limits.max; hi.set && v.compare(hi.at(today)) > 0 {
		return wrong("max_"+f.limits.word(hi), "limit", formatted{f, f.written(hi.at(today))})
	}
	return complaint{}
}

// written is the canonical text of a value of the field's type.
func (f *Field) written(v value) string {
	switch f.Type {
	case TypeMoney:
		return v.num.StringFixed(2)
	case TypeMonth:
		return civil(v.n).Format("2006-01")
	}
	return v.canonical()
}

// readBoolean takes yes and no as people write them.
func readBoolean(s string) (string, complaint) {
	switch strings.ToLower(strings.TrimRight(s, ".!")) {
	case "ja", "j", "x", "1", "wahr", "true", "yes", "y":
		return "true", complaint{}
	case "nein", "n", "0", "-", "falsch", "false", "no":
		return "false", complaint{}
	}
	return "", wrong("boolean")
}

// choice finds an answer by its code, its label in any language, or the beginning of exactly one label.
func (f *Field) choice(s string) (string, complaint) {
	if _, ok := f.list.byCode[s]; ok {
		return s, complaint{}
	}
	hits := f.list.starting(fold(s), 2)
	if len(hits) == 1 {
		return f.list.choices[hits[0]].Code, complaint{}
	}
	if len(hits) > 1 {
		return "", wrong("choice_many", "value", shorten(s))
	}
	return "", wrong("choice", "value", shorten(s))
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// several reads a multichoice: one answer a line, or with commas or semicolons between them.
func (f *Field) several(s string) (string, complaint) {
	parts := strings.Split(s, "\n")
	if len(parts) == 1 {
		if _, c := f.choice(s); c.bad() {
			sep := "," // a label may hold commas, so semicolons go first
			if strings.Contains(s, ";") {
				sep = ";"
			}
			parts = strings.Split(s, sep)
		}
	}
	picked := make([]bool, len(f.list.choices))
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		code, c := f.choice(p)
		if c.bad() {
			return "", c
		}
		picked[f.list.byCode[code]] = true
	}
	var codes []string
	for i, on := range picked {
		if on {
			codes = append(codes, f.list.choices[i].Code)
		}
	}
	return strings.Join(codes, "\n"), complaint{}
}
