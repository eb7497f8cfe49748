package search

import (
	"slices"
	"strings"
	"unicode"
)

// Count tells how many of the query's words begin some word of the text, and how many of its phrases and days
// stand in it.
func (q Query) Count(text string) int {
	folded := Fold(text)
	n := 0
	for _, p := range q.sequences() {
		if stands(folded, p) {
			n++
		}
	}
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
	hits := q.spans(runes, width)
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

// sequences are the phrases, and the days in all their spellings.
func (q Query) sequences() []string {
	out := slices.Clone(q.Phrases)
	for _, d := range q.Days {
		out = append(out, d.spellings()...)
	}
	return out
}

// span is a found word among runes.
type span struct{ from, to int }

// spans finds the words of a text that the query asks for, from the first one on as far as a window of some
// width may reach.
func (q Query) spans(runes []rune, width int) []span {
	if !q.Strict() {
		return q.near(runes, width)
	}
	words, folded := wordsAmong(runes)
	hit := make([]bool, len(words))
	for i, f := range folded {
		hit[i] = slices.ContainsFunc(q.Words, func(w string) bool { return Has(f, w) })
	}
	for _, s := range q.sequences() {
		want := strings.Fields(s)
		for i := range len(folded) - len(want) + 1 {
			if slices.Equal(folded[i:i+len(want)], want) {
				for j := range want {
					hit[i+j] = true
				}
			}
		}
	}
	var hits []span
	for i, w := range words {
		if hit[i] {
			hits = append(hits, w)
		}
	}
	return hits
}

// near is spans where words stand for themselves: the text behind the window need not be read.
func (q Query) near(runes []rune, width int) (hits []span) {
	for w := nextWord(runes, 0); w.from < len(runes); w = nextWord(runes, w.to) {
		if len(hits) > 0 && w.from > hits[0].from+width {
			break
		}
		folded := Fold(string(runes[w.from:w.to]))
		if slices.ContainsFunc(q.Words, func(word string) bool { return Has(folded, word) }) {
			hits = append(hits, w)
		}
	}
	return hits
}

// nextWord is the first word from a place on; behind the last one it is empty.
func nextWord(runes []rune, at int) span {
	for at < len(runes) && !wordRune(runes[at]) {
		at++
	}
	end := at
	for end < len(runes) && wordRune(runes[end]) {
		end++
	}
	return span{at, end}
}

// wordsAmong are the words of a text, as it is and folded.
func wordsAmong(runes []rune) (words []span, folded []string) {
	for w := nextWord(runes, 0); w.from < len(runes); w = nextWord(runes, w.to) {
		words = append(words, w)
		folded = append(folded, Fold(string(runes[w.from:w.to])))
	}
	return words, folded
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
