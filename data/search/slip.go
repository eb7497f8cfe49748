package search

import (
	"slices"
	"strings"
)

// What is looked for where nothing is found as it was typed: the same words joined or parted otherwise, and words
// that are a slip of the fingers away.

// Lengths of words of which slips are thought of: of shorter ones all are some name.
const (
	leastSlip = 4
	mostSlip  = 12
)

const letters = "abcdefghijklmnopqrstuvwxyz"

// Slips are the words one slip of the fingers away from a folded word: a letter left out, put in, taken for another
// or before its neighbour. There are none of short words and of numbers.
func Slips(word string) (out []string) {
	if !slippery(word) {
		return nil
	}
	for i := range len(word) + 1 {
		before, rest := word[:i], word[i:]
		for _, c := range letters {
			out = append(out, before+string(c)+rest)
			if rest != "" && rest[0] != byte(c) {
				out = append(out, before+string(c)+rest[1:])
			}
		}
		if rest != "" {
			out = append(out, before+rest[1:])
		}
		if len(rest) > 1 && rest[0] != rest[1] {
			out = append(out, before+rest[1:2]+rest[:1]+rest[2:])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func slippery(word string) bool {
	return len(word) >= leastSlip && len(word) <= mostSlip && strings.Trim(word, letters) == ""
}

// Near reports whether some word of a folded text begins with a word, or is a slip away from it.
func Near(folded, word string) bool {
	if Has(folded, word) {
		return true
	}
	if !slippery(word) {
		return false
	}
	for w := range strings.FieldsSeq(folded) {
		if slipped(w, word) {
			return true
		}
	}
	return false
}

// slipped tells whether two different words are one slip apart.
func slipped(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i < len(a) && (a[i+1:] == b[i+1:] ||
		i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
}

// MatchNear asks an index for texts that have every word of the query, or one a slip away from it. "": there are no
// slips to think of.
func (q Query) MatchNear() string {
	var parts []string
	some := false
	for _, w := range q.Words {
		slips := Slips(w)
		some = some || slips != nil
		part := `"` + w + `"*`
		if slips != nil {
			part = "(" + part + ` OR "` + strings.Join(slips, `" OR "`) + `")`
		}
		parts = append(parts, part)
	}
	if !some || len(q.Words) > mostNear {
		return ""
	}
	return strings.Join(parts, " AND ")
}

// mostNear is how many words a query has at most of which slips are thought of.
const mostNear = 3

// Otherwise are the same query with its words joined: numbers that are read out in groups, telephone numbers with
// and without what is dialled before, "Bahnhof Straße". The likely ones first.
func (q Query) Otherwise() (out []Query) {
	words := Words(strings.Join(q.plain, " "))
	if len(words) == 0 || len(words) > maxWords {
		return nil
	}
	add := func(words []string) {
		o := q
		o.Number, o.Words = "", nil
		for _, w := range words {
			if !slices.Contains(o.Words, w) {
				o.Words = append(o.Words, w)
			}
		}
		if !slices.Equal(o.Words, q.Words) && len(out) < mostOtherwise {
			out = append(out, o)
		}
	}
	for from := 0; from < len(words); from++ {
		to := from
		for to < len(words) && strings.ContainsAny(words[to], digits) {
			to++
		}
		if to > from {
			for _, g := range groups(words[from:to]) {
				add(slices.Concat(words[:from], g, words[to:]))
			}
			from = to
		}
	}
	for i := 1; i < len(words); i++ {
		add(slices.Concat(words[:i-1], []string{words[i-1] + words[i]}, words[i+1:]))
	}
	return out
}

const (
	digits        = "0123456789"
	mostOtherwise = 6
	leastJoined   = 6 // letters and digits of a number that is read out in groups
)

// leastRest is how many letters the second part of a word has at least that is parted.
const leastRest = 4

// parted are the two words that the only word of a query may be: "OConnor" is "O'Connor".
func (q Query) parted() (out [][2]string) {
	if len(q.Words) != 1 || !slippery(q.Words[0]) {
		return nil
	}
	for w, at := q.Words[0], 1; len(w)-at >= leastRest; at++ {
		out = append(out, [2]string{w[:at], w[at:]})
	}
	return out
}

// MatchParted asks an index for texts that have the only word of the query as two, "" where it cannot be parted.
func (q Query) MatchParted() string {
	var parts []string
	for _, p := range q.parted() {
		parts = append(parts, `("`+p[0]+`" AND "`+p[1]+`"*)`)
	}
	return strings.Join(parts, " OR ")
}

// Parted reports whether a folded text has the only word of the query as two.
func (q Query) Parted(folded string) bool {
	return slices.ContainsFunc(q.parted(), func(p [2]string) bool { return stands(folded, p[0]) && Has(folded, p[1]) })
}

// groups are other ways to write a number that was typed in groups.
func groups(g []string) (out [][]string) {
	joined := strings.Join(g, "")
	if len(joined) < leastJoined {
		return nil
	}
	if len(g) > 1 {
		out = append(out, []string{joined})
	}
	first, rest := g[0], g[1:]
	if (first == "49" || first == "0049") && len(rest) > 0 { // the country's number
		first, rest = rest[0], rest[1:]
		out = append(out, append([]string{first}, rest...))
	}
	if bare := strings.TrimLeft(first, "0"); bare != "" && bare != first {
		return append(out, append([]string{bare}, rest...))
	}
	return append(out, append([]string{"0" + first}, rest...))
}
