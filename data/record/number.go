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

// checkChar computes ISO/IEC 7064 MOD 37,36 over the letters and digits of s, which finds every wrong
// character and every swap of neighbours.
func checkChar(s string) byte {
	p := 36
	for _, c := range []byte(s) {
		i := strings.IndexByte(checkAlphabet, c)
		if i < 0 {
			continue
		}
		p = (p + i) % 36
		if p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return checkAlphabet[(37-p)%36]
}

// String writes the number with its check character.
func (n Number) String() string {
	body := fmt.Sprintf("%s-%d-%02d-%05d", n.Office, n.Desk, n.Year, n.Seq)
	return body + "-" + string(checkChar(body))
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
	if w := n.String(); len(parts[4]) != 1 || w[len(w)-1] != parts[4][0] {
		return bad("check character")
	}
	return n, nil
}
