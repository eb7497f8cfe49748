package ocr

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"schalter/data/page"
)

// Limits of what is believed of one page.
const (
	maxWords = 20_000
	maxWord  = 200 // bytes
)

// said is a word as the program said it.
type said struct {
	page.Word
	sure float64 // 0 to 100
}

// answer is what it said of a page, in reading order.
type answer []said

// faint is the certainty up to which a word is taken for dirt. On print nearly all words are right even there, and
// hardly any stand there: what is lost is one word in two thousand.
const faint = 20

// certain is the certainty from which a word is taken for read.
const certain = 60

// parse reads the program's table of words on a picture of w by h pixels. Lines that make no sense are left out;
// raw counts them too.
func parse(table []byte, w, h int) (out answer, raw int) {
	var at [4]string // page, block, paragraph, line
	line := -1
	for row := range bytes.Lines(table) {
		if len(out) == maxWords {
			break
		}
		f := strings.SplitN(strings.TrimRight(string(row), "\r\n"), "\t", 12)
		if len(f) != 12 || f[0] != "5" {
			continue
		}
		if letterCount(f[11]) > 0 {
			raw++
		}
		word, ok := wordOf(f, w, h)
		if !ok {
			continue
		}
		if here := [4]string(f[1:5]); here != at || line < 0 {
			at = here
			line++
		}
		word.Line = line
		out = append(out, word)
	}
	return out, raw
}

func wordOf(f []string, w, h int) (said, bool) {
	var n [4]int
	for i := range n {
		v, err := strconv.Atoi(f[6+i])
		if err != nil || v < 0 || v > math.MaxInt32 {
			return said{}, false
		}
		n[i] = v
	}
	sure, err := strconv.ParseFloat(f[10], 64)
	if err != nil || !(sure >= faint && sure <= 100) {
		return said{}, false
	}
	text := clean(f[11])
	if text == "" || n[0]+n[2] > w || n[1]+n[3] > h || n[2] == 0 || n[3] == 0 {
		return said{}, false
	}
	return said{page.Word{
		Text: text, X0: float64(n[0]), Y0: float64(n[1]), X1: float64(n[0] + n[2]), Y1: float64(n[1] + n[3]),
	}, sure}, true
}

// clean takes out what no word has: blanks, controls, broken letters. A stroke or a dot alone is dirt.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	if len(text) > maxWord || strings.Trim(text, "|_~-—–.,'`´‘’“”\"°*^=") == "" {
		return ""
	}
	return text
}

// sure counts the letters of words the program is sure of.
func (a answer) sure() (letters int) {
	for _, w := range a {
		if w.sure >= certain {
			letters += letterCount(w.Text)
		}
	}
	return letters
}

// sense tells whether the page was read the right way up.
func (a answer) sense() bool {
	words, all := 0, 0
	for _, w := range a {
		n := letterCount(w.Text)
		all += n
		if w.sure >= certain && n > 2 {
			words++
		}
	}
	return words >= sureWords && float64(a.sure()) >= sureShare*float64(all)
}

// What a page of few words must show to be taken as upright: one word by itself may read another way from its head,
// so that nothing is said of how it lies.
const (
	clearWord    = 85 // certainty of each word
	fewLetters   = 3
	tellsLetters = 8
)

// clear tells whether there are some letters, and every word is certain.
func (a answer) clear(letters int) bool {
	n := 0
	for _, w := range a {
		if w.sure < clearWord {
			return false
		}
		n += letterCount(w.Text)
	}
	return n >= letters
}

// lying is by how many quarter turns clockwise the words still have to be turned to stand upright: the program
// reads some pages that lie on their side as they are.
func (a answer) lying() int {
	tall, long, down := 0, 0, 0
	for i, w := range a {
		if letterCount(w.Text) < 4 {
			continue
		}
		if long++; w.Y1-w.Y0 > w.X1-w.X0 {
			tall++
		}
		if i > 0 && a[i-1].Line == w.Line {
			if w.Y0 > a[i-1].Y0 {
				down++
			} else {
				down--
			}
		}
	}
	switch {
	case 2*tall <= long:
		return 0
	case down >= 0:
		return 3
	}
	return 1
}

func letterCount(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
