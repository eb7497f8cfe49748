package preview

import (
	"slices"
	"testing"
)

func TestLabelsInEveryStyle(t *testing.T) {
	at := func(page int32, style byte, first float32, prefix string) contentEntry {
		return contentEntry{entryHead{Kind: entryLabel, Depth: style, Page: page, Top: first}, prefix}
	}
	for _, c := range []struct {
		ranges []contentEntry
		pages  int
		want   []string
	}{
		{nil, 2, nil},
		{[]contentEntry{at(0, 'D', 1, "")}, 3, nil},
		{[]contentEntry{at(2, 'D', 1, ""), at(0, 'r', 9, "")}, 4, []string{"ix", "x", "1", "2"}},
		{[]contentEntry{at(1, 'R', 1994, "")}, 3, []string{"1", "MCMXCIV", "MCMXCV"}},
		{[]contentEntry{at(0, 'A', 26, ""), at(2, 'a', 27, "x")}, 3, []string{"Z", "AA", "xaa"}},
		{[]contentEntry{at(0, 0, 1, "Titel"), at(1, 'D', -5, "A-")}, 3, []string{"Titel", "A-1", "A-2"}},
		{[]contentEntry{at(0, 'R', 1e8, ""), at(1, 'a', 1e8, "")}, 2, []string{"100000000", "vvvvvvvvvvvvvvvvvvvvvvvv"}},
		{[]contentEntry{at(-3, 'D', 1, "")}, 2, []string{"4", "5"}},
		{[]contentEntry{at(0, 'r', 1, "")}, maxLabelled + 1, nil},
	} {
		if got := labels(c.ranges, c.pages); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q instead of %q", c.ranges, got, c.want)
		}
	}
}
