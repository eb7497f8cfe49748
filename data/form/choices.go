package form

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes texts comparable as people compare them: case, accents, ß and the spelling of umlauts do not
// count.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == 'ß' || r == 'ẞ':
			b.WriteString("ss")
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// starting returns the answer that has the folded text as code or label, or up to limit that begin with it.
func (l *list) starting(s string, limit int) []int {
	if s == "" {
		return nil
	}
	i := sort.Search(len(l.words), func(i int) bool { return l.words[i].text >= s })
	if same := l.distinct(i, limit, func(w string) bool { return w == s }); len(same) > 0 {
		return same
	}
	return l.distinct(i, limit, func(w string) bool { return strings.HasPrefix(w, s) })
}

func (l *list) distinct(from, limit int, ok func(string) bool) []int {
	var out []int
	for i := from; i < len(l.words) && len(out) < limit && ok(l.words[i].text); i++ {
		if x := l.words[i].index; !has(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func has(list []int, x int) bool {
	return slices.Contains(list, x)
}

// match lists up to limit choices for a typed text, best first: whole label, beginning of the label,
// beginning of a word in it. allowed keeps out what is not offered now.
func (l *list) match(typed string, limit int, allowed func(int) bool) []Choice {
	s := fold(typed)
	var out []Choice
	taken := map[int]bool{}
	take := func(i int) {
		if len(out) < limit && !taken[i] && allowed(i) {
			taken[i] = true
			out = append(out, l.choices[i])
		}
	}
	if s == "" {
		for i := range l.choices {
			take(i)
		}
		return out
	}
	for i := sort.Search(len(l.words), func(i int) bool { return l.words[i].text >= s }); i < len(l.words) && strings.HasPrefix(l.words[i].text, s) && len(out) < limit; i++ {
		take(l.words[i].index)
	}
	for _, w := range l.words {
		if len(out) == limit {
			break
		}
		if strings.Contains(w.text, " "+s) {
			take(w.index)
		}
	}
	return out
}
