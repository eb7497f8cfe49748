package form

import (
	"strings"

	"golang.org/x/text/language"

	"schalter/data/record"
)

// checks are the types whose answers follow a rule of their own.
var checks map[Type]func(s string) (string, complaint)

func init() {
	checks = map[Type]func(string) (string, complaint){
		TypeIBAN: readIBAN, TypeBIC: readBIC, TypeCreditor: readCreditor, TypeTaxID: readTaxID, TypeChip: readChip,
		TypePostcode: readPostcode, TypeAGS: readAGS, TypePhone: readPhone, TypeEmail: readEmail, TypePlate: readPlate,
		TypeParcel: readParcel, TypeSignature: readSignature,
	}
}

// squeeze removes what people put between the digits of a number and makes letters capital.
func squeeze(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '.', '-', '/', '–', '_', '\u00a0':
			return -1
		}
		return r
	}, s))
}

func only(s, set string) bool { return strings.Trim(s, set) == "" }

const (
	digits   = "0123456789"
	letters  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alphanum = digits + letters
)

// stranger is the first character of s that is not in set.
func stranger(s, set string) string {
	for _, r := range s {
		if !strings.ContainsRune(set, r) {
			return string(r)
		}
	}
	return ""
}

func isCountry(alpha2 string) bool {
	if len(alpha2) != 2 || !only(alpha2, letters) {
		return false
	}
	r, err := language.ParseRegion(alpha2)
	return err == nil && r.IsCountry() && r.String() == alpha2
}

// mod97 is ISO 7064 MOD 97-10 over letters and digits, letters counting from A = 10.
func mod97(s string) int {
	m := 0
	for _, c := range []byte(s) {
		if c >= 'A' {
			m = (m*100 + int(c-'A') + 10) % 97
		} else {
			m = (m*10 + int(c-'0')) % 97
		}
	}
	return m
}

// ibanLength is the length by country: ISO 13616, SWIFT IBAN registry.
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
	"IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
	"SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

func readIBAN(s string) (string, complaint) {
	s = strings.TrimPrefix(squeeze(s), "IBAN")
	s = strings.TrimPrefix(s, ":")
	if x := stranger(s, alphanum); x != "" {
		return "", wrong("iban_character", "character", x)
	}
	if len(s) < 2 || !only(s[:2], letters) {
		return "", wrong("iban_country_missing")
	}
	want, ok := ibanLength[s[:2]]
	switch {
	case !ok:
		return "", wrong("iban_country", "country", s[:2])
	case s[:2] == "DE" && !only(s[2:], digits):
		return "", wrong("iban_german_letters", "character", stranger(s[2:], digits))
	case len(s) != want && s[:2] == "DE":
		return "", wrong("iban_length_german", "want", want, "n", len(s))
	case len(s) != want:
		return "", wrong("iban_length", "country", s[:2], "want", want, "n", len(s))
	case !only(s[2:4], digits) || mod97(s[4:]+s[:4]) != 1:
		return "", wrong("iban_check")
	}
	return s, complaint{}
}

func readBIC(s string) (string, complaint) {
	s = squeeze(s)
	switch {
	case !only(s, alphanum):
		return "", wrong("bic_character", "character", stranger(s, alphanum))
	case len(s) != 8 && len(s) != 11:
		return "", wrong("bic_length", "n", len(s))
	case !isCountry(s[4:6]) && s[4:6] != "XK":
		return "", wrong("bic_country", "country", s[4:6])
	}
	return s, complaint{}
}

// readCreditor checks a SEPA creditor identifier: the check digits run over the national part, without the
// business code at places 5 to 7 (EPC AT-02).
func readCreditor(s string) (string, complaint) {
	s = squeeze(s)
	switch {
	case !only(s, alphanum):
		return "", wrong("creditor_character", "character", stranger(s, alphanum))
	case len(s) < 2 || !isCountry(s[:2]):
		return "", wrong("creditor_country")
	case s[:2] == "DE" && len(s) != 18:
		return "", wrong("creditor_length", "n", len(s))
	case len(s) < 8 || len(s) > 35:
		return "", wrong("creditor_length_abroad", "n", len(s))
	case s[:2] == "DE" && !only(s[7:], digits):
		return "", wrong("creditor_german")
	case !only(s[2:4], digits) || mod97(s[7:]+s[:4]) != 1:
		return "", wrong("creditor_check")
	}
	return s, complaint{}
}

// readTaxID checks an identification number of § 139b AO: eleven digits, the first not 0; among the first
// ten exactly one digit stands two or three times, three times not in a row; the last is the check digit
// after ISO 7064 MOD 11,10.
func readTaxID(s string) (string, complaint) {
	if c := digitsOnly(squeeze(s), "taxid", 11); c.bad() {
		return "", c
	}
	s = squeeze(s)
	if s[0] == '0' {
		return "", wrong("taxid_zero")
	}
	p := 10
	var seen [10]int
	for _, c := range []byte(s[:10]) {
		seen[c-'0']++
		if p = (p + int(c-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	doubled := 0
	for d, n := range seen {
		switch {
		case n > 3, n == 3 && strings.Contains(s[:10], strings.Repeat(string(rune('0'+d)), 3)):
			return "", wrong("taxid_check")
		case n > 1:
			doubled++
		}
	}
	if doubled != 1 || int(s[10]-'0') != (11-p)%10 {
		return "", wrong("taxid_check")
	}
	return s, complaint{}
}

// digitsOnly checks that s is want digits long and nothing else.
func digitsOnly(s, key string, want int) complaint {
	if x := stranger(s, digits); x != "" {
		return complaint{key: key + "_character", args: record.Args{"character": x, "want": want}}
	}
	if len(s) != want {
		return wrong(key+"_length", "want", want, "n", len(s))
	}
	return complaint{}
}

// readChip checks a transponder number after ISO 11784: fifteen digits, the first three a country
// (ISO 3166-1) or a manufacturer (900 to 998, ICAR). 999 marks test chips.
func readChip(s string) (string, complaint) {
	s = squeeze(s)
	if c := digitsOnly(s, "chip", 15); c.bad() {
		return "", c
	}
	n := int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
	switch {
	case n == 999:
		return "", wrong("chip_test")
	case n >= 900:
		return s, complaint{}
	}
	r, err := language.EncodeM49(n)
	if err != nil || !r.IsCountry() {
		return "", wrong("chip_country", "code", s[:3])
	}
	if only(s[3:], "0") {
		return "", wrong("chip_empty")
	}
	return s, complaint{}
}
