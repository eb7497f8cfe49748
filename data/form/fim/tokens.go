package fim

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is one word, reference, value or sign of a rule's prose.
type token struct {
	kind  tokenKind
	text  string   // words in lower case; quoted text without its quotes
	ids   []string // of a reference: the path, G60000083.F60000231
	start int      // bytes in the prose
	end   int
}

type tokenKind byte

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenRef
	tokenQuoted
	tokenNumber
	tokenSign // an operator or punctuation
	tokenOdd  // what no sentence of the grammar contains
)

var (
	refForm    = regexp.MustCompile(`^[FG][0-9]{6,12}(?:\.[FG][0-9]{6,12})*`)
	issueForm  = regexp.MustCompile(`^ ?V[0-9]+(?:\.[0-9]+)*`) // version behind an id
	digitsForm = regexp.MustCompile(`^[0-9]+(?:[.,][0-9]+)*`)
	signs      = []string{"===", "==", "<>", "!=", "<=", ">=", "=", "<", ">", "≠", "≤", "≥", ",", ".", ":", ";", "(", ")", "-", "–"}
	short      = []string{"d.h.", "d. h.", "z.b.", "z. b."}
)

// plainProse brings a text to one line in NFC, so that names can be compared with it.
func plainProse(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// tokens takes prose apart. names gives the names of the elements with an id: authors often write a name
// behind the id without quotes, and only the name itself tells where it ends.
func tokens(s string, names func(id string) []string) []token {
	var out []token
	for at := 0; at < len(s); {
		if s[at] == ' ' {
			at++
			continue
		}
		t := next(s, at)
		if t.kind == tokenRef {
			t.end = label(s, t, names)
		}
		out = append(out, t)
		at = t.end
	}
	return append(out, token{kind: tokenEnd, start: len(s), end: len(s)})
}

func next(s string, at int) token {
	rest := s[at:]
	done := func(kind tokenKind, n int, text string) token {
		return token{kind: kind, text: text, start: at, end: at + n}
	}
	low := strings.ToLower(rest[:min(len(rest), 8)])
	for _, a := range short {
		if strings.HasPrefix(low, a) {
			return done(tokenWord, len(a), strings.ReplaceAll(a, " ", ""))
		}
	}
	if m := refForm.FindString(rest); m != "" {
		t := done(tokenRef, len(m), m)
		t.ids = strings.Split(m, ".")
		t.end += len(issueForm.FindString(rest[len(m):]))
		if r, _ := utf8.DecodeRuneInString(s[t.end:]); unicode.IsLetter(r) || unicode.IsDigit(r) {
			t.kind = tokenOdd
		}
		return t
	}
	if t, ok := quoted(s, at); ok {
		return t
	}
	if n := wordLength(rest); n > 0 {
		if m := digitsForm.FindString(rest); len(m) >= n {
			return done(tokenNumber, len(m), m)
		}
		return done(tokenWord, n, strings.ToLower(rest[:n]))
	}
	for _, sign := range signs {
		if strings.HasPrefix(rest, sign) {
			return done(tokenSign, len(sign), sign)
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return done(tokenOdd, n, rest[:n])
}

// wordLength counts the bytes of letters and digits at the beginning, with dashes and slashes between them.
func wordLength(s string) int {
	n := 0
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n = i + utf8.RuneLen(r)
		case n == i && i > 0 && (r == '-' || r == '/'):
		default:
			return n
		}
	}
	return n
}

var closing = map[rune]string{'"': `"`, '„': "“”\"", '“': "”“", '”': "”", '\'': "'", '‚': "‘’'", '‘': "’", '’': "’", '»': "«", '«': "»"}

// quoted reads a text in quotes. A quote that is never closed is odd.
func quoted(s string, at int) (token, bool) {
	r, n := utf8.DecodeRuneInString(s[at:])
	ends, ok := closing[r]
	if !ok {
		return token{}, false
	}
	i := strings.IndexAny(s[at+n:], ends)
	if i < 0 {
		return token{kind: tokenOdd, text: string(r), start: at, end: len(s)}, true
	}
	_, m := utf8.DecodeRuneInString(s[at+n+i:])
	return token{kind: tokenQuoted, text: strings.TrimSpace(s[at+n : at+n+i]), start: at, end: at + n + i + m}, true
}

// label finds out where a reference ends when the element's name follows it without quotes.
func label(s string, t token, names func(id string) []string) int {
	rest := strings.TrimPrefix(s[t.end:], " ")
	gap := len(s[t.end:]) - len(rest)
	best := 0
	for _, n := range names(t.ids[len(t.ids)-1]) {
		if n = plainProse(n); len(n) > best && strings.HasPrefix(rest, n) {
			if r, _ := utf8.DecodeRuneInString(rest[len(n):]); !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				best = len(n)
			}
		}
	}
	if best == 0 {
		return t.end
	}
	return t.end + gap + best
}

// spoken is the prose without the ids, as a clerk may read it: names stay, an id without one becomes the name.
func spoken(s string, names func(id string) []string) string {
	var b strings.Builder
	at := 0
	all := tokens(s, names)
	for i, t := range all {
		if t.kind != tokenRef {
			continue
		}
		b.WriteString(s[at:t.start])
		id := t.start + len(t.text)
		id += len(issueForm.FindString(s[id:]))
		switch own := names(t.ids[len(t.ids)-1]); {
		case t.end > id: // a name without quotes
			b.WriteString("„" + strings.TrimSpace(s[id:t.end]) + "“")
		case all[i+1].kind == tokenQuoted:
			id += len(s[id:]) - len(strings.TrimLeft(s[id:], " "))
		case len(own) > 0:
			b.WriteString("„" + own[0] + "“")
		default:
			b.WriteString(t.text)
		}
		at = max(t.end, id)
	}
	b.WriteString(s[at:])
	return b.String()
}

// same compares two names as people do: case, spaces and signs do not count.
func same(a, b string) bool { return bare(a) == bare(b) && bare(a) != "" }

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
}

// calls reports whether a quoted text is one of the names, or the beginning of one: some tools cut names off.
func calls(s string, names []string) bool {
	cut := utf8.RuneCountInString(bare(s)) >= 20
	return slices.ContainsFunc(names, func(n string) bool {
		return same(s, n) || cut && strings.HasPrefix(bare(n), bare(s))
	})
}
