package record

import (
	"fmt"
	"strconv"
	"strings"
)

// Number is a case number that a clerk can say on the telephone and that two desks never give twice:
// office, desk, year, sequence and a check character, written "MS-1-26-00417-K".
type Number struct {
	Office string // 1 to 4 letters A-Z
	Desk   int    // 1 to 999, given at enrolment
	Year   int    // two digits
	Seq    int    // from 1, per desk and year
}

const checkAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// check computes the check character over office, desk, year and sequence, each in full width so that a
// leading zero changes nothing. It finds every wrong character, every swap of neighbours or of two
// characters around a third, and every doubled character misread (44 for 77).
//
// The 36 characters are the pairs of GF(4) x GF(9); the sum of all characters, each times a power of an
// element that is neither 0, 1 nor -1 in either field, is zero. That is Damm's construction of an
// anti-symmetric quasigroup ("Total anti-symmetrische Quasigruppen", 2004) over the product of the two fields.
// ISO/IEC 7064 MOD 37,36, the usual choice for this alphabet, misses some swaps of neighbours.
func (n Number) check() byte {
	var f4, re, im int // an element of GF(4) as bits, and re + im·i of GF(9)
	times := [4]int{0, 2, 3, 1}
	for _, c := range []byte(fmt.Sprintf("%s%03d%02d%07d", n.Office, n.Desk, n.Year, n.Seq)) {
		x := strings.IndexByte(checkAlphabet, c)
		f4 = times[f4] ^ x/9
		re, im = (re-im+3+x%3)%3, (re+im+x%9/3)%3
	}
	f4, re, im = times[f4], re-im, re+im
	return checkAlphabet[f4*9+(6-im)%3*3+(6-re)%3]
}

// String writes the number with its check character.
func (n Number) String() string {
	return fmt.Sprintf("%s-%d-%02d-%05d-%c", n.Office, n.Desk, n.Year, n.Seq, n.check())
}

// ParseNumber reads a number as people write it: any case, with spaces or dashes, with or without leading
// zeros. A wrong check character is a [CodeNumberBad] error.
func ParseNumber(s string) (Number, error) {
	parts := strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return r == '-' || r == ' ' || r == '/' || r == '–' })
	bad := func(why string) (Number, error) {
		return Number{}, E(CodeNumberBad, fmt.Errorf("%s", why), "number", s)
	}
	if len(parts) != 5 {
		return bad("not five parts")
	}
	if len(parts[0]) < 1 || len(parts[0]) > 4 || strings.Trim(parts[0], checkAlphabet[10:]) != "" {
		return bad("office")
	}
	n := Number{Office: parts[0]}
	for i, f := range []struct {
		to  *int
		max int
	}{{&n.Desk, 999}, {&n.Year, 99}, {&n.Seq, 9_999_999}} {
		v, err := strconv.ParseUint(parts[i+1], 10, 31)
		if err != nil || int(v) > f.max {
			return bad("part " + strconv.Itoa(i+2))
		}
		*f.to = int(v)
	}
	if len(parts[4]) != 1 || n.check() != parts[4][0] {
		return bad("check character")
	}
	return n, nil
}
