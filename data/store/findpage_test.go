package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/search"
)

// Whichever way the search goes through many pages, it finds what reading all of them finds: the newest papers, and
// of each the first page with all words.
func TestPagesAreFoundAsByReadingThemAll(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	r := rand.New(rand.NewPCG(5, 6))
	// Some stand on nearly every page, some on one in a hundred; several begin alike.
	vocabulary := map[string]float64{
		"steuer": 0.9, "steuerbescheid": 0.2, "stern": 0.5, "sterndeuter": 0.01, "haft": 0.6, "haftpflicht": 0.05, "haftung": 0.3, "hafen": 0.002, "abc": 0.04,
	}
	type leaf struct {
		doc   record.ID
		pages []string
	}
	var leaves []leaf
	for i := range 120 {
		add, doc := paper(record.NewID(), fmt.Sprintf("Blatt %d", i))
		_, err := s.Submit(ctx, "", append(matter(add.Case, "weber", "x", "X", "Y", ""), add))
		check(t, err)
		l := leaf{doc: doc.ID}
		for range 1 + r.IntN(24) {
			var words []string
			for _, w := range []string{"steuer", "steuerbescheid", "stern", "sterndeuter", "haft", "haftpflicht", "haftung", "hafen", "abc"} {
				if r.Float64() < vocabulary[w] {
					words = append(words, w)
				}
			}
			l.pages = append(l.pages, strings.Join(words, " "))
		}
		check(t, s.IndexText(ctx, doc.ID, "", l.pages))
		leaves = append(leaves, l)
	}
	for _, typed := range []string{
		"ste", "steu", "steuerb", "stern", "sternd", "haftp", "hafe", "abc", "ste haf", "steuerbescheid haftpflicht", "sterndeuter hafen",
		"steuer stern haft", "haftung abc", "nichts", `"steuer steuerbescheid"`, `"stern haft"`, "seite:3 haftpflicht", "seite:20 steuer",
	} {
		q := search.Parse(typed)
		for _, limit := range []int{1, 7, 60, 500} {
			hits, err := s.Find(ctx, typed, limit)
			check(t, err)
			var got, want []string
			for _, h := range hits {
				got = append(got, fmt.Sprint(h.Doc, " ", h.Page))
			}
			for i := len(leaves) - 1; i >= 0 && len(want) < limit; i-- {
				for n, text := range leaves[i].pages {
					if q.Begins(2, search.Fold(text)) && (q.Filter.Page == 0 || q.Filter.Page == n+1) {
						want = append(want, fmt.Sprint(leaves[i].doc, " ", n+1))
						break
					}
				}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%q, %d at most: found\n%s\nwant\n%s", typed, limit, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}
