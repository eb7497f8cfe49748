package form

import (
	"regexp"
	"strings"
	"unicode"
)

var foreignPostcode = regexp.MustCompile(`^([A-Z]{1,3})[ -]+([A-Z0-9][A-Z0-9 -]{1,9})$`)

// readPostcode checks a German postcode. One from abroad is taken with its country's letters before it
// ("A-1010", "NL-1012 AB").
func readPostcode(s string) (string, complaint) {
	up := strings.ToUpper(strings.ReplaceAll(s, "–", "-"))
	if m := foreignPostcode.FindStringSubmatch(up); m != nil && m[1] != "D" && m[1] != "DE" {
		return m[1] + "-" + strings.TrimSpace(m[2]), complaint{}
	}
	d := strings.TrimPrefix(strings.TrimPrefix(squeeze(up), "DE"), "D")
	if c := digitsOnly(d, "postcode", 5); c.bad() {
		return "", c
	}
	switch d[:2] {
	case "00", "05", "43", "62": // areas that were never given out
		return "", wrong("postcode_area", "area", d[:2])
	}
	return d, complaint{}
}

// readAGS checks the official municipality key: eight digits, the first two a federal state.
func readAGS(s string) (string, complaint) {
	s = squeeze(s)
	if c := digitsOnly(s, "ags", 8); c.bad() {
		return "", c
	}
	if land := s[:2]; land < "01" || land > "16" {
		return "", wrong("ags_state", "state", land)
	}
	return s, complaint{}
}

// readPhone brings a telephone number to E.164. Numbers with a leading 0 are German ones.
func readPhone(s string) (string, complaint) {
	s = strings.ToLower(s)
	for _, word := range []string{"tel.:", "tel.", "tel:", "telefon", "mobil:", "mobil"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, word))
	}
	plus := strings.HasPrefix(strings.TrimLeft(s, "( "), "+")
	s = strings.Replace(s, "(0)", "", 1)
	n := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-/.+–\u00a0", r) {
			return -1
		}
		return r
	}, s)
	switch {
	case n == "":
		return "", wrong("phone_short")
	case !only(n, digits):
		return "", wrong("phone_character", "character", stranger(n, digits))
	case plus:
	case strings.HasPrefix(n, "00"):
		n = n[2:]
	case strings.HasPrefix(n, "0"):
		n = "49" + n[1:]
	default:
		return "", wrong("phone_area")
	}
	if strings.HasPrefix(n, "490") {
		n = "49" + n[3:]
	}
	switch {
	case len(n) < 7:
		return "", wrong("phone_short")
	case len(n) > 15:
		return "", wrong("phone_long")
	case n[0] == '0':
		return "", wrong("phone_country")
	}
	return "+" + n, complaint{}
}

// readEmail checks an address as far as it can be checked without sending: one @, a name, and a domain with
// a top level.
func readEmail(s string) (string, complaint) {
	s = strings.TrimPrefix(s, "mailto:")
	name, domain, at := strings.Cut(s, "@")
	domain = strings.ToLower(domain)
	switch {
	case !at:
		return "", wrong("email_at")
	case strings.Contains(domain, "@"):
		return "", wrong("email_two")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`,;:<>()[]"\`, r) }):
		return "", wrong("email_character")
	case name == "" || len(name) > 64 || strings.Trim(name, ".") != name || strings.Contains(name, ".."):
		return "", wrong("email_name")
	case !isDomain(domain):
		return "", wrong("email_domain", "domain", shorten(domain))
	}
	return name + "@" + domain, complaint{}
}

// isDomain takes names of at least two labels, the last of which is no number.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	top := labels[len(labels)-1]
	if len(labels) < 2 || len(s) > 253 || len([]rune(top)) < 2 || only(top, digits) {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "-") != l || strings.ContainsFunc(l, notInDomain) {
			return false
		}
	}
	return true
}

func notInDomain(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

var (
	plateForm   = regexp.MustCompile(`^([A-ZÄÖÜ]{1,3})(?:\s*-\s*|\s+)([A-Z]{1,2})[\s-]*([1-9][0-9]{0,3})\s*([EH]?)$`)
	plateOffice = regexp.MustCompile(`^([A-ZÄÖÜ]{1,3})\s*[- ]\s*([1-9][0-9]{0,5})$`)
	plateJoined = regexp.MustCompile(`^[A-ZÄÖÜ]{2,5}\s*[1-9][0-9]{0,3}\s*[EH]?$`)
)

// readPlate checks a German number plate: "GG-AB 123", with E or H behind it, and those of authorities with
// digits only ("WI-3012"). Where the district ends has to be typed: "GGAB" could be read three ways.
func readPlate(s string) (string, complaint) {
	s = strings.ToUpper(strings.ReplaceAll(s, "–", "-"))
	if m := plateForm.FindStringSubmatch(s); m != nil {
		if n := len([]rune(m[1])) + len(m[2]) + len(m[3]) + len(m[4]); n > 8 {
			return "", wrong("plate_length", "n", n)
		}
		return m[1] + "-" + m[2] + " " + m[3] + m[4], complaint{}
	}
	if m := plateOffice.FindStringSubmatch(s); m != nil {
		return m[1] + "-" + m[2], complaint{}
	}
	if m := squeeze(s); len([]rune(m)) >= 3 && plateJoined.MatchString(m) {
		r := []rune(m)
		if len(r) > 2 && unicode.IsDigit(r[2]) { // one letter each: only one reading
			return string(r[0]) + "-" + string(r[1]) + " " + string(r[2:]), complaint{}
		}
		return "", wrong("plate_dash")
	}
	return "", wrong("plate")
}

var (
	parcelWords = regexp.MustCompile(`(?i)^(?:gemarkung\s+|gem\.\s*)?(.+?)[\s,;/]+(?:flur\.?\s*([0-9]{1,3})[\s,;/]+)?(?:flurst(?:ü|ue)ck|flst\.?|flurst\.?)\s*(?:nr\.?\s*)?([0-9]{1,5}(?:\s*/\s*[0-9]{1,4})?)$`)
	parcelShort = regexp.MustCompile(`^(.*?\pL[^0-9;]*?)[\s,;/]+([0-9]{1,3})[\s,;]+([0-9]{1,5}(?:\s*/\s*[0-9]{1,4})?)$`)
	parcelSlash = regexp.MustCompile(`^([^/;]*\pL[^/;]*?)\s*[/;]\s*([0-9]{0,3})\s*[/;]\s*([0-9]{1,5}(?:\s*/\s*[0-9]{1,4})?)$`)
	parcelNone  = regexp.MustCompile(`^(.*?\pL[^0-9;]*?)[\s,]+([0-9]{1,5}\s*/\s*[0-9]{1,4})$`)
)

// readParcel takes "Gemarkung Musterstadt, Flur 3, Flurstück 124/5" in the writings that are usual, also
// short ("Musterstadt 3 124/5") and without a Flur, as in states that have none.
func readParcel(s string) (string, complaint) {
	for _, form := range []*regexp.Regexp{parcelWords, parcelSlash, parcelShort} {
		if m := form.FindStringSubmatch(s); m != nil {
			return parcel(m[1], m[2], m[3])
		}
	}
	if m := parcelNone.FindStringSubmatch(s); m != nil {
		return parcel(m[1], "", m[2])
	}
	return "", wrong("parcel")
}

func parcel(district, flur, number string) (string, complaint) {
	district = strings.Trim(strings.TrimSpace(district), ",")
	if len([]rune(district)) > 60 || strings.ContainsAny(district, ";/") {
		return "", wrong("parcel")
	}
	number = strings.ReplaceAll(number, " ", "")
	over, under, split := strings.Cut(number, "/")
	over, under, flur = strings.TrimLeft(over, "0"), strings.TrimLeft(under, "0"), strings.TrimLeft(flur, "0")
	if over == "" || split && under == "" {
		return "", wrong("parcel")
	}
	if split {
		over += "/" + under
	}
	return district + ";" + flur + ";" + over, complaint{}
}
