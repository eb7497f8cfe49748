package xlsform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word of an XPath expression.
type token struct {
	kind tokenKind
	text string // of text the content, of ${name} the name
	at   int    // character where it begins, from 1
}

type tokenKind byte

const (
	tokEnd tokenKind = iota
	tokNumber
	tokText
	tokName     // also the words and, or, div, mod
	tokQuestion // ${name}
	tokSign     // ( ) , + - * = != < <= > >= / // . .. [ ] | @
)

// tidyExpression undoes what Excel and word processors make of typed characters.
var tidyExpression = strings.NewReplacer(
	"\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u2018", "'", "\u2019", "'", "\u201a", "'",
	"\u00a0", " ", "\u2212", "-", "\u2264", "<=", "\u2265", ">=", "\u2260", "!=",
)

// lex takes an expression apart; bad is the character where it is not XPath, from 1, or 0.
func lex(s string) (out []token, bad int) {
	l := &lexer{s: tidyExpression.Replace(s)}
	for {
		t, ok := l.next()
		if !ok {
			return nil, l.char(l.i)
		}
		out = append(out, t)
		if t.kind == tokEnd {
			return out, 0
		}
	}
}

type lexer struct {
	s string
	i int
}

// char is the number of the character at a byte, from 1.
func (l *lexer) char(i int) int { return utf8.RuneCountInString(l.s[:min(i, len(l.s))]) + 1 }

func (l *lexer) peek() rune {
	r, _ := utf8.DecodeRuneInString(l.s[l.i:])
	return r
}

// while takes characters as long as they fit.
func (l *lexer) while(fits func(rune) bool) string {
	from := l.i
	for l.i < len(l.s) {
		r, n := utf8.DecodeRuneInString(l.s[l.i:])
		if !fits(r) {
			break
		}
		l.i += n
	}
	return l.s[from:l.i]
}

func (l *lexer) next() (token, bool) {
	l.while(unicode.IsSpace)
	t := token{at: l.char(l.i)}
	if l.i == len(l.s) {
		return t, true
	}
	rest := l.s[l.i:]
	switch r := l.peek(); {
	case digit(r) || r == '.' && len(rest) > 1 && digit(rune(rest[1])):
		t.kind, t.text = tokNumber, l.while(digit)
		if strings.HasPrefix(l.s[l.i:], ".") {
			l.i++
			t.text += "." + l.while(digit)
		}
		return t, true
	case r == '\'' || r == '"':
		end := strings.IndexRune(rest[1:], r)
		if end < 0 {
			return t, false
		}
		t.kind, t.text = tokText, rest[1:1+end]
		l.i += end + 2
		return t, true
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return t, false
		}
		t.kind, t.text = tokQuestion, strings.TrimSpace(rest[2:end])
		l.i += end + 1
		return t, t.text != ""
	case nameStart(r):
		t.kind, t.text = tokName, l.name()
		return t, true
	}
	return l.sign(t, rest)
}

// name takes a name, with a prefix as in jr:choice-name.
func (l *lexer) name() string {
	s := l.while(nameRune)
	if rest := l.s[l.i:]; len(rest) > 1 && rest[0] == ':' && rest[1] != ':' {
		if r, _ := utf8.DecodeRuneInString(rest[1:]); nameStart(r) {
			l.i++
			s += ":" + l.while(nameRune)
		}
	}
	return s
}

func (l *lexer) sign(t token, rest string) (token, bool) {
	for _, s := range []string{"!=", "<=", ">=", "..", "//", "(", ")", ",", "+", "-", "*", "=", "<", ">", "/", ".", "[", "]", "|", "@"} {
		if strings.HasPrefix(rest, s) {
			t.kind, t.text = tokSign, s
			l.i += len(s)
			return t, true
		}
	}
	return t, false
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func nameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func nameRune(r rune) bool {
	return nameStart(r) || digit(r) || r == '-' || r == '.' || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd)
}
