package party

import (
	"strings"

	"schalter/data/search"
)

// Sound is how a German name sounds, after the Kölner Phonetik (H. J. Postel, IBM-Nachrichten 19 (1969),
// pp. 925–931): "Meier", "Mayr" and "Maier" are 67. Only the letters count, however they are written; a name
// without any Latin letter sounds like itself.
func Sound(name string) string { return sound(search.Fold(name)) }

// sound is Sound of a folded name.
func sound(folded string) string {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, folded)
	if letters == "" {
		return strings.ReplaceAll(folded, " ", "")
	}
	var out []byte
	last := byte('-')
	for i := range len(letters) {
		for _, c := range []byte(digits(letters, i)) {
			// The same digit twice counts once; a vowel between them parts them and is heard only at the beginning.
			if c != last && (c != '0' || len(out) == 0) {
				out = append(out, c)
			}
			last = c
		}
	}
	return string(out)
}

// plainly are the letters whose digit does not depend on their neighbours; h has none.
var plainly = func() (t [256]string) {
	for set, digit := range map[string]string{"aeijouy": "0", "b": "1", "fvw": "3", "gkq": "4", "l": "5", "mn": "6", "r": "7", "sz": "8"} {
		for i := range len(set) {
			t[set[i]] = digit
		}
	}
	return t
}()

// digits are the digits of one letter of a name.
func digits(name string, i int) string {
	before, after := byte(0), byte(0)
	if i > 0 {
		before = name[i-1]
	}
	if i+1 < len(name) {
		after = name[i+1]
	}
	switch name[i] {
	case 'p':
		return either(after == 'h', "3", "1")
	case 'd', 't':
		return either(among(after, "csz"), "8", "2")
	case 'x':
		return either(among(before, "ckq"), "8", "48")
	case 'c':
		if i == 0 {
			return either(among(after, "ahkloqrux"), "4", "8")
		}
		return either(among(after, "ahkoqux") && !among(before, "sz"), "4", "8")
	}
	return plainly[name[i]]
}

// among tells whether there is such a letter and it is in the set.
func among(letter byte, set string) bool { return letter != 0 && strings.IndexByte(set, letter) >= 0 }

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
