package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"schalter/data/record"
)

// Query is what the clerk is looking for. Every word must begin a word of the record.
type Query struct {
	Words  []string // folded, each once, none empty
	Number string   // the case number it is, in canonical form, or ""
}

// maxWords bounds the work of one query; nobody types more, but somebody may paste a page.
const maxWords = 8

// Parse reads what was typed.
func Parse(typed string) Query {
	if len(typed) > 4096 {
		typed = strings.ToValidUTF8(typed[:4096], "")
	}
	var q Query
	if n, err := record.ParseNumber(typed); err == nil {
		q.Number = n.String()
	}
	seen := map[string]bool{}
	for _, w := range Words(typed) {
		if len(q.Words) == maxWords {
			break
		}
		if !seen[w] {
			seen[w] = true
			q.Words = append(q.Words, w)
		}
	}
	return q
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.Words) == 0 }

// Match writes the query in FTS5's language: every word as a prefix, all of them. Words shorter than min
// letters are left out; if none remains the result is "".
func (q Query) Match(min int) string {
	var words []string
	for _, w := range q.Words {
		if utf8.RuneCountInString(w) >= min {
			words = append(words, w)
		}
	}
	return MatchAll(words)
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
// is folded already: what Match asks an index.
func (q Query) Begins(min int, folded string) bool {
	for _, w := range q.Words {
		if utf8.RuneCountInString(w) >= min && !Has(folded, w) {
			return false
		}
	}
	return true
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

// Count tells how many of the query's words begin some word of the text.
func (q Query) Count(text string) int {
	folded := Fold(text)
	n := 0
	for _, w := range q.Words {
		if Has(folded, w) {
			n++
		}
	}
	return n
}

// Marks around found words in a snippet.
const (
	MarkOn  = "\x02"
	MarkOff = "\x03"
)

// Snippet cuts about width runes out of a text around the first found word and marks every found word in
// it. Control characters and runs of blanks become one space. Without a found word it is the beginning.
func (q Query) Snippet(text string, width int) string {
	runes := []rune(tidy(text))
	hits := q.spans(runes)
	from, to := window(runes, hits, width)
	var b strings.Builder
	if from > 0 {
		b.WriteString("… ")
	}
	at := from
	for _, h := range hits {
		if h.from < from || h.to > to {
			continue
		}
		b.WriteString(string(runes[at:h.from]) + MarkOn + string(runes[h.from:h.to]) + MarkOff)
		at = h.to
	}
	b.WriteString(strings.TrimRight(string(runes[at:to]), " "))
	if to < len(runes) {
		b.WriteString(" …")
	}
	return b.String()
}

// span is a found word among runes.
type span struct{ from, to int }

// spans finds the words of a text that the query asks for.
func (q Query) spans(runes []rune) []span {
	var hits []span
	for i := 0; i < len(runes); {
		if !wordRune(runes[i]) {
			i++
			continue
		}
		j := i
		for j < len(runes) && wordRune(runes[j]) {
			j++
		}
		if q.Count(string(runes[i:j])) > 0 {
			hits = append(hits, span{i, j})
		}
		i = j
	}
	return hits
}

// window is about width runes around the first hit that begin and end between words.
func window(runes []rune, hits []span, width int) (from, to int) {
	if len(runes) <= width {
		return 0, len(runes)
	}
	if len(hits) > 0 {
		from = max(0, hits[0].from-width/3)
	}
	for from > 0 && wordRune(runes[from]) && wordRune(runes[from-1]) && from < hits[0].from {
		from++
	}
	to = min(len(runes), from+width)
	for to < len(runes) && to > from+width/2 && wordRune(runes[to-1]) {
		to--
	}
	return from, to
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\u00ad'
}

func tidy(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// Has reports whether some word of a folded text begins with a folded word.
func Has(folded, word string) bool {
	for at := 0; ; {
		i := strings.Index(folded[at:], word)
		if i < 0 {
			return false
		}
		if i += at; i == 0 || folded[i-1] == ' ' {
			return true
		}
		at = i + 1
	}
}
