package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"schalter/data/record"
)

// Query is what the clerk is looking for. Every word must begin a word of the record, every phrase stand in it
// as it is, every day in one of its spellings, and the record must get through the filter.
type Query struct {
	Words   []string // folded, each once, none empty
	Phrases []string // folded: words with a blank between them
	Days    []Day
	Number  string // the case number it is, in canonical form, or ""
	Filter  Filter
	Chips   []Chip // what was understood beside the words, in the order it was typed

	plain []string // the words as they were typed
}

// Limits of the work of one query; nobody types more, but somebody may paste a page.
const (
	maxTyped   = 4096
	maxWords   = 8
	maxPhrases = 4
	maxDays    = 2
	maxChips   = 12
)

// Parse reads what was typed. It never fails: what it does not understand are words.
func Parse(typed string) Query {
	if len(typed) > maxTyped {
		typed = strings.ToValidUTF8(typed[:maxTyped], "")
	}
	typed = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, typed)
	var q Query
	for all := tokens(tight(typed)); len(all) > 0; all = all[1:] {
		t := all[0]
		if _, known := keys[Fold(t.key)]; known && t.text == "" && len(all) > 1 && !all[1].keyed { // "von: 2026"
			t.text, t.quoted, all = all[1].text, all[1].quoted, all[1:]
		}
		q.take(t)
	}
	if n, err := record.ParseNumber(strings.Join(q.plain, " ")); err == nil {
		q.Number = n.String()
	}
	for _, w := range Words(strings.Join(q.plain, " ")) {
		if len(q.Words) < maxWords && !slices.Contains(q.Words, w) {
			q.Words = append(q.Words, w)
		}
	}
	return q
}

// token is a part of what was typed.
type token struct {
	text   string
	key    string // before the colon
	keyed  bool
	quoted bool // text stood in quotes
}

const (
	opening = "\"„“”»«"
	closing = "\"“”«»"
)

// tokens splits at blanks outside quotes.
func tokens(typed string) (out []token) {
	for rest := strings.TrimSpace(typed); rest != ""; rest = strings.TrimSpace(rest) {
		var t token
		if key, after, ok := strings.Cut(rest, ":"); ok && !strings.ContainsFunc(key, unlettered) && key != "" {
			t.key, t.keyed, rest = key, true, after
		}
		if r, n := utf8.DecodeRuneInString(rest); n > 0 && strings.ContainsRune(opening, r) {
			t.quoted, rest = true, rest[n:]
			t.text, rest = until(rest, func(r rune) bool { return strings.ContainsRune(closing, r) })
		} else {
			t.text, rest = until(rest, unicode.IsSpace)
		}
		out = append(out, t)
	}
	return out
}

func unlettered(r rune) bool { return !unicode.IsLetter(r) }

// until cuts at the first rune that ends a token; the rune is left out.
func until(s string, end func(rune) bool) (token, rest string) {
	i := strings.IndexFunc(s, end)
	if i < 0 {
		return s, ""
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return s[:i], s[i+n:]
}

func (q *Query) take(t token) {
	folded := Fold(t.text)
	switch {
	case len(q.Chips) >= maxChips: // somebody pasted a page
		q.plain = append(q.plain, strings.FieldsFunc(t.key+" "+t.text, unspelled)...)
	case t.keyed:
		q.takeKeyed(t)
	case t.quoted:
		if folded != "" && len(q.Phrases) < maxPhrases && !slices.Contains(q.Phrases, folded) {
			q.Phrases = append(q.Phrases, folded)
			q.Chips = append(q.Chips, Chip{KindPhrase, tidy(t.text)})
		}
	case flags[folded] != "" && !strings.ContainsFunc(t.text, unlettered):
		if n := len(q.plain); n > 0 && lead[Fold(q.plain[n-1])] && flags[folded] == KindOutbox {
			q.plain = q.plain[:n-1]
		}
		q.addChip(q.Filter.flag(flags[folded]))
	default:
		q.takeWord(t.text)
	}
}

// takeWord takes a word, or a day.
func (q *Query) takeWord(text string) {
	d, ok := whole(strings.TrimFunc(text, func(r rune) bool { return r == '*' || r == ',' || r == ';' }))
	if !ok {
		q.plain = append(q.plain, text)
		return
	}
	q.plain = unborn(q.plain)
	c := Chip{KindDay, d.String()}
	switch {
	case slices.Contains(q.Chips, c):
	case len(q.Days) >= maxDays:
		q.plain = append(q.plain, text)
	default:
		q.Days = append(q.Days, d)
		q.addChip(c)
	}
}

// unborn takes away what stands before a day and only says that somebody was born on it: "geboren am", "geb.".
func unborn(plain []string) []string {
	rest := plain
	if n := len(rest); n > 0 && slices.Contains([]string{"am", "on"}, Fold(rest[n-1])) {
		rest = rest[:n-1]
	}
	if n := len(rest); n > 0 && keys[Fold(rest[n-1])] == KindBorn {
		return rest[:n-1]
	}
	return plain
}

// unspelled reports whether a rune can be no part of a word, nor of what would be read as more than a word.
func unspelled(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func (q *Query) takeKeyed(t token) {
	k, known := keys[Fold(t.key)]
	switch {
	case !known:
		if t.text != "" {
			q.addChip(Chip{KindUnknown, t.key + ":"})
		}
		q.plain = append(q.plain, keyed(t.key, t.text))
	case t.text == "":
		q.addChip(Chip{KindUnending, t.key + ":"})
	default:
		if c, ok := q.Filter.set(k, t.text); ok {
			q.addChip(c)
			return
		}
		q.addChip(Chip{KindUnclear, keyed(t.key, t.text)})
	}
}

// keyed is a word with a key before it, as it is typed.
func keyed(key, text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if strings.ContainsFunc(text, unicode.IsSpace) || n > 0 && strings.ContainsRune(opening, r) {
		text = `"` + text + `"`
	}
	return key + ":" + text
}

func (q *Query) addChip(c Chip) {
	if c.Kind == KindFrom || c.Kind == KindUntil || c.Kind == KindPage { // the last one counts
		q.Chips = slices.DeleteFunc(q.Chips, func(o Chip) bool { return o.Kind == c.Kind })
	}
	if !slices.Contains(q.Chips, c) {
		q.Chips = append(q.Chips, c)
	}
}

// String writes the query so that it reads the same again.
func (q Query) String() string {
	var out, last []string
	for _, c := range q.Chips {
		name := canonical[c.Kind]
		switch {
		case c.Kind == KindUnending: // what follows would be its value
			last = append(last, c.Value)
		case c.Kind == KindPhrase:
			out = append(out, `"`+c.Value+`"`)
		case c.Kind == KindDay, c.Kind == KindUnclear:
			out = append(out, c.Value)
		case name != "" && c.Value == "":
			out = append(out, name)
		case name != "":
			out = append(out, keyed(name, c.Value))
		}
	}
	return strings.Join(slices.Concat(out, q.plain, last), " ")
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return !q.Texts() && q.Filter.None() }

// Texts reports whether something is to be looked for in texts.
func (q Query) Texts() bool { return len(q.Words) > 0 || len(q.Phrases) > 0 || len(q.Days) > 0 }

// Strict reports whether an index that knows words only has to be asked again for what it found.
func (q Query) Strict() bool { return len(q.Phrases) > 0 || len(q.Days) > 0 }

// Stands reports whether the phrases and days stand in a folded text.
func (q Query) Stands(folded string) bool {
	for _, p := range q.Phrases {
		if !stands(folded, p) {
			return false
		}
	}
	for _, d := range q.Days {
		if !slices.ContainsFunc(d.spellings(), func(s string) bool { return stands(folded, s) }) {
			return false
		}
	}
	return true
}

var unproven = regexp.MustCompile(`^([A-Z]{1,4})[ /-]?(\d{1,3})[ /-](\d{2})[ /-](\d{1,6})$`)

// NumberBegin is what the number of a case begins with of which the digit that proves it was not typed; "" where
// what was typed is no such number.
func (q Query) NumberBegin() string {
	m := unproven.FindStringSubmatch(strings.ToUpper(strings.Join(q.plain, " ")))
	if m == nil {
		return ""
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+2]) // digits only
	}
	whole := record.Number{Office: m[1], Desk: n[0], Year: n[1], Seq: n[2]}.String()
	return whole[:strings.LastIndex(whole, "-")+1]
}

// stands reports whether whole words stand in a folded text side by side.
func stands(folded, words string) bool {
	for at := 0; ; {
		i := strings.Index(folded[at:], words)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(words)
		if (i == 0 || folded[i-1] == ' ') && (end == len(folded) || folded[end] == ' ') {
			return true
		}
		at = i + 1
	}
}

// All are the words that must begin a word, those of the phrases too; those to mark on a page.
func (q Query) All() []string {
	out := slices.Clone(q.Words)
	for _, p := range q.Phrases {
		for w := range strings.FieldsSeq(p) {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// Match writes the query in FTS5's language: every word as a prefix, the words of phrases and days as they are,
// all of them. Words shorter than min letters are left out; if none remains the result is "".
func (q Query) Match(min int) string {
	var words []string
	for _, w := range q.Words {
		if utf8.RuneCountInString(w) >= min {
			words = append(words, w)
		}
	}
	var parts []string
	if len(words) > 0 {
		parts = append(parts, MatchAll(words))
	}
	for _, p := range q.Phrases {
		parts = append(parts, `"`+strings.ReplaceAll(p, " ", `" AND "`)+`"`)
	}
	for _, d := range q.Days {
		parts = append(parts, d.match())
	}
	return strings.Join(parts, " AND ")
}

// MatchAll writes folded words in FTS5's language: each as a prefix, all of them.
func MatchAll(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteByte('"')
		b.WriteString(w) // folded words hold letters and digits only
		b.WriteString(`"*`)
	}
	return b.String()
}

// Begins reports whether every word of the query with at least min letters begins some word of a text that
// is folded already, and phrases and days stand in it: what Match and Stands ask.
func (q Query) Begins(min int, folded string) bool {
	for _, w := range q.Words {
		if utf8.RuneCountInString(w) >= min && !Has(folded, w) {
			return false
		}
	}
	return q.Stands(folded)
}

// Begin is the first n letters of a folded word.
func Begin(word string, n int) string {
	for i := range word {
		if n == 0 {
			return word[:i]
		}
		n--
	}
	return word
}
