// Package search reads what a clerk types into the find field and brings texts into the form in which
// they are compared.
//
// It is for the store, which keeps folded words in its index, and for whoever marks found words. "Müller",
// "Mueller", "Muller" and "MÜLLER" fold to the same word, so do "Straße" and "Strasse", and the beginning
// of a word folds to the beginning of the folded word, so that finding works while typing.
//
// It promises to be pure: the same text always gives the same words, in every version that shares
// [Version]. It never touches an index, a file or a clock.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version changes whenever Fold would give other words for some text; an index built with another version
// must be built anew.
const Version = 1

// letters that Unicode does not decompose but people type without their mark.
var plain = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'ł': "l", 'Ł': "l", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d",
	'ı': "i", 'æ': "a", 'Æ': "a", 'œ': "o", 'Œ': "o", 'þ': "th", 'Þ': "th", 'ħ': "h", 'Ħ': "h", 'ŧ': "t", 'Ŧ': "t",
}

var umlauts = map[rune]string{'ä': "a", 'ö': "o", 'ü': "u", 'Ä': "a", 'Ö': "o", 'Ü': "u", 'é': "e"}

// Fold brings a text to lower-case words without diacritics, one space between them. An e after a, o or
// u is left out, because it may stand for an umlaut; this also turns "neue" into "neu", which is harmless
// as both sides are folded.
func Fold(text string) string {
	f := folder{out: make([]byte, 0, len(text)+8)}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(text[i:])
			f.rune(r, text[i:i+n])
			i += n
		case c == '-' && hyphenated(text[i+1:]):
			i += 1 + skipBreak(text[i+1:])
		default:
			f.ascii(c)
			i++
		}
	}
	return string(f.out)
}

// folder writes folded runes; prev is the letter before as it was written, 0 at the start of a word.
type folder struct {
	out  []byte
	prev byte
	gap  bool
}

// lower maps the letters and digits of ASCII to lower case, everything else to 0.
var lower = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			t[c] = c
		}
	}
	return t
}()

func (f *folder) ascii(c byte) {
	c = lower[c]
	switch {
	case c == 0:
		f.space()
	case c == 'e' && (f.prev == 'a' || f.prev == 'o' || f.prev == 'u'):
		f.prev = 'e'
	default:
		f.prev = c
		f.word()
		f.out = append(f.out, c)
	}
}

func (f *folder) rune(r rune, raw string) {
	if r == '\u00ad' || r == '\u200b' || r == '\ufeff' { // soft hyphen and marks without width join
		return
	}
	if s, ok := plain[r]; ok {
		f.put(s)
		return
	}
	if r == utf8.RuneError {
		f.space()
		return
	}
	if s, ok := umlauts[r]; ok { // the frequent ones without asking Unicode
		f.put(s)
		return
	}
	for _, d := range norm.NFKD.String(raw) {
		f.part(d)
	}
}

// part takes a rune out of a decomposed one.
func (f *folder) part(d rune) {
	switch {
	case unicode.Is(unicode.Mn, d):
	case d < utf8.RuneSelf && (unicode.IsLetter(d) || unicode.IsDigit(d)):
		f.put(strings.ToLower(string(d)))
	case unicode.IsLetter(d) || unicode.IsNumber(d) || unicode.Is(unicode.Mc, d):
		if s, ok := plain[d]; ok {
			f.put(s)
			return
		}
		f.put(string(unicode.ToLower(d)))
	default:
		f.space()
	}
}

// put writes letters that an umlaut's e cannot follow.
func (f *folder) put(s string) {
	f.word()
	f.out = append(f.out, s...)
	f.prev = 'x'
}

func (f *folder) space() {
	f.prev = 0
	f.gap = len(f.out) > 0
}

func (f *folder) word() {
	if f.gap {
		f.out = append(f.out, ' ')
		f.gap = false
	}
}

// hyphenated reports whether a dash before rest divides a word at the end of a line.
func hyphenated(rest string) bool {
	n := skipBreak(rest)
	if n == 0 || !strings.Contains(rest[:n], "\n") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest[n:])
	return unicode.IsLower(r)
}

func skipBreak(s string) int {
	return len(s) - len(strings.TrimLeft(s, " \t\r\n"))
}

// Words splits a text into folded words.
func Words(text string) []string { return strings.Fields(Fold(text)) }
