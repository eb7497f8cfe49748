package pageview

import (
	"cmp"
	"strings"

	"schalter/data/record"
	"schalter/data/search"
)

// hit is a place in the paper that was looked for: the words from first to last of a page.
type hit struct {
	page, first, last int
	boxes             []record.Box
}

func before(a, b hit) int {
	return cmp.Or(cmp.Compare(a.page, b.page), cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last))
}

// find lists where a text stands on a page. A single word is found within words as well, several words one
// after the other: the first may end a word, the last may begin one.
func (t *pageText) find(page int, words []string) []hit {
	var out []hit
	if len(words) == 0 {
		return nil
	}
	for i := range t.tokens {
		last, ok := t.run(i, words)
		if !ok {
			continue
		}
		h := hit{page: page, first: t.tokens[i].first, last: last}
		if n := len(out); n > 0 && h.first <= out[n-1].last {
			continue // one word of several folded ones
		}
		h.boxes = t.boxes(h.first, h.last)
		out = append(out, h)
	}
	return out
}

// run reports whether the words stand one after the other from token i on, and the word that is the last.
func (t *pageText) run(i int, words []string) (last int, ok bool) {
	n := len(words)
	switch {
	case i+n > len(t.tokens):
		return 0, false
	case n == 1:
		return t.tokens[i].last, strings.Contains(t.tokens[i].text, words[0])
	case !strings.HasSuffix(t.tokens[i].text, words[0]) || !strings.HasPrefix(t.tokens[i+n-1].text, words[n-1]):
		return 0, false
	}
	for k := 1; k < n-1; k++ {
		if t.tokens[i+k].text != words[k] {
			return 0, false
		}
	}
	return t.tokens[i+n-1].last, true
}

// begin lists the words that begin with one of the folded words.
func (t *pageText) begin(page int, words []string) []hit {
	var out []hit
	for _, k := range t.tokens {
		for _, w := range words {
			if !strings.HasPrefix(k.text, w) || len(out) > 0 && k.first <= out[len(out)-1].last {
				continue
			}
			out = append(out, hit{page, k.first, k.last, t.boxes(k.first, k.last)})
		}
	}
	return out
}

// folded are words as they are compared, each once.
func folded(words []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, typed := range words {
		for _, w := range search.Words(typed) {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}
