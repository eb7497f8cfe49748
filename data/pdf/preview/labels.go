package preview

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxLabelled = 100_000 // pages
	maxLabel    = 24      // letters
	maxRoman    = 4999
)

// labels are what the pages of a file are called (ISO 32000-2, 12.4.2): each range says how its pages are counted, up
// to the next range. nil when that is how they are counted anyway.
func labels(ranges []contentEntry, pages int) []string {
	if len(ranges) == 0 || pages > maxLabelled {
		return nil
	}
	ranges = slices.Clone(ranges)
	slices.SortStableFunc(ranges, func(a, b contentEntry) int { return cmp.Compare(a.Page, b.Page) })
	out := make([]string, pages)
	said := false
	at := -1
	for i := range out {
		for at+1 < len(ranges) && int(ranges[at+1].Page) <= i {
			at++
		}
		if out[i] = strconv.Itoa(i + 1); at >= 0 {
			out[i] = ranges[at].label(i)
		}
		said = said || out[i] != strconv.Itoa(i+1)
	}
	if !said {
		return nil
	}
	return out
}

// label is what a page is called that is in the range.
func (e contentEntry) label(number int) string {
	n := number - int(e.Page)
	if first := float64(e.Top); inReach(first) && first >= 1 {
		n += int(first)
	} else {
		n++
	}
	text := []rune(e.text + numeral(e.Depth, n))
	return string(text[:min(len(text), maxLabel)])
}

// numeral writes a number in a style.
func numeral(style uint8, n int) string {
	switch style {
	case 'D':
		return strconv.Itoa(n)
	case 'R':
		return roman(n)
	case 'r':
		return strings.ToLower(roman(n))
	case 'A':
		return letters(n)
	case 'a':
		return strings.ToLower(letters(n))
	}
	return ""
}

func roman(n int) string {
	if n > maxRoman {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, step := range []struct {
		n    int
		text string
	}{
		{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
	} {
		for ; n >= step.n; n -= step.n {
			b.WriteString(step.text)
		}
	}
	return b.String()
}

// letters are A to Z, then AA to ZZ, and so on.
func letters(n int) string {
	n--
	return strings.Repeat(string(rune('A'+n%26)), min(n/26+1, maxLabel))
}
