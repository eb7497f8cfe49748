package form

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

var (
	moneySigns = regexp.MustCompile(`(?i)^(?:eur|euro|€)\s*|\s*(?:eur|euro|€)$`)
	noCents    = regexp.MustCompile(`[,.]\s*[-–—]{1,2}$`)
	grouped    = regexp.MustCompile(`^-?[0-9]{1,3}(?:[.' ][0-9]{3})+(?:,[0-9]*)?$`)
	english    = regexp.MustCompile(`^-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*$`)
	withComma  = regexp.MustCompile(`^-?[0-9]*,[0-9]+$|^-?[0-9]+,$`)
	withPoint  = regexp.MustCompile(`^-?[0-9]*\.[0-9]+$|^-?[0-9]+\.?$`)
)

// amount reads numbers as Germans write them: "12,5", "1.234,50", "1 234,50", "12,-", "12 €". A point with
// exactly three digits behind it separates thousands ("1.234" is one thousand two hundred and
// thirty-four); any other single point is taken as a comma.
func (f *Field) amount(s string) (string, complaint) {
	plain, ok := plainNumeral(s, f.Type == TypeMoney)
	if !ok {
		return "", wrong("number_"+string(f.Type), "value", shorten(s))
	}
	return f.fit(plain, s)
}

func plainNumeral(s string, money bool) (string, bool) {
	s = strings.NewReplacer("−", "-", "–", "-", "’", "'").Replace(s)
	if money {
		s = strings.TrimSpace(moneySigns.ReplaceAllString(s, ""))
		s = noCents.ReplaceAllString(s, "")
	}
	s = strings.TrimPrefix(s, "+")
	if strings.HasPrefix(s, "- ") {
		s = "-" + s[2:]
	}
	switch {
	case grouped.MatchString(s):
		s = strings.NewReplacer(".", "", "'", "", " ", "", ",", ".").Replace(s)
	case english.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case withComma.MatchString(s):
		s = strings.Replace(s, ",", ".", 1)
	case withPoint.MatchString(s):
	default:
		return "", false
	}
	s = strings.TrimSuffix(s, ".")
	switch {
	case strings.HasPrefix(s, "."):
		s = "0" + s
	case strings.HasPrefix(s, "-."):
		s = "-0" + s[1:]
	}
	return s, s != "" && s != "-"
}

func (f *Field) fit(plain, typed string) (string, complaint) {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	if len(strings.TrimLeft(whole, "0")) > 15 {
		return "", wrong("number_large")
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > f.Decimals {
		key := "decimals"
		switch f.Type {
		case TypeInteger:
			key = "number_integer"
		case TypeMoney:
			key = "cents"
		}
		return "", wrong(key, "max", f.Decimals, "value", shorten(typed))
	}
	d, err := decimal.NewFromString(strings.TrimSuffix(plain, "."))
	if err != nil {
		return "", wrong("number_"+string(f.Type), "value", shorten(typed))
	}
	return f.numeral(d), complaint{}
}

// stored reports whether s is the canonical text of a number; it must not be read as typed again, because
// "1.234" means something else there.
func (f *Field) stored(s string) bool {
	switch f.Type {
	case TypeInteger, TypeDecimal, TypeMoney:
	default:
		return false
	}
	if !plainNumber.MatchString(s) {
		return false
	}
	d, err := decimal.NewFromString(s)
	return err == nil && d.Exponent() >= -int32(f.Decimals) && f.numeral(d) == s
}

// germanNumber groups the digits of a canonical number: "1234.5" becomes "1.234,5".
func germanNumber(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, dot := strings.Cut(s, ".")
	var b strings.Builder
	for i, c := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(c)
	}
	if dot {
		b.WriteString("," + fraction)
	}
	return sign + b.String()
}
