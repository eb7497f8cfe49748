package form

import (
	"strings"
	"time"

	"schalter/data/record"
)

// Format writes a canonical answer as people read it: 23.11.2026, 1.234,50 €, DE89 3704 0044 0532 0130 00,
// the label of a choice. [Session.Set] understands everything it writes, except that of a signature and of
// files it only says that they are there. Numbers are written the German way
// in every language: "1.234" must not be one thing on the screen and another on the letter.
func Format(f *Field, canonical, lang string) string {
	if canonical == "" {
		return ""
	}
	switch f.Type {
	case TypeInteger, TypeDecimal:
		return germanNumber(canonical)
	case TypeMoney:
		return germanNumber(canonical) + " €"
	case TypeDate:
		return formatDate(canonical, lang)
	case TypeMonth:
		if y, m, ok := strings.Cut(canonical, "-"); ok {
			return m + "/" + y
		}
	case TypeBoolean:
		return sentence(lang, "value_"+canonical, nil)
	case TypeChoice:
		return f.label(canonical, lang)
	case TypeMulti:
		parts := strings.Split(canonical, "\n")
		for i, p := range parts {
			parts[i] = f.label(p, lang)
		}
		return strings.Join(parts, "; ")
	case TypeSignature:
		return sentence(lang, "value_signature", nil)
	case TypeFile:
		return sentence(lang, "value_files", record.Args{"n": strings.Count(canonical, "\n") + 1})
	case TypeTime:
		if lang == "de" {
			return canonical + " Uhr"
		}
	default:
		return grouping(f.Type, canonical)
	}
	return canonical
}

func grouping(t Type, s string) string {
	switch t {
	case TypeIBAN, TypeCreditor:
		return spaced(s, 4, 4, 4, 4, 4, 4, 4, 4)
	case TypeChip:
		return spaced(s, 3, 4, 4)
	case TypeTaxID:
		return spaced(s, 2, 3, 3)
	case TypePhone:
		return formatPhone(s)
	case TypeParcel:
		return formatParcel(s)
	}
	return s
}

func (f *Field) label(code, lang string) string {
	if f.list != nil {
		if i, ok := f.list.byCode[code]; ok {
			return f.list.choices[i].Label.In(lang)
		}
	}
	return code
}

func formatDate(s, lang string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	if lang == "en" {
		return t.Format("2 Jan 2006")
	}
	return t.Format("02.01.2006")
}

// spaced puts a space behind each of the given numbers of characters.
func spaced(s string, sizes ...int) string {
	var b strings.Builder
	for _, n := range sizes {
		if n >= len(s) {
			break
		}
		b.WriteString(s[:n] + " ")
		s = s[n:]
	}
	return b.String() + s
}

func formatParcel(s string) string {
	p := strings.Split(s, ";")
	if len(p) != 3 {
		return s
	}
	if p[1] == "" {
		return p[0] + ", Flurstück " + p[2]
	}
	return p[0] + ", Flur " + p[1] + ", Flurstück " + p[2]
}

// areaCodes are the German area codes of three digits without the leading 0; those of two are 30, 40, 69
// and 89. In the west all others have four, in the east (3…) it depends, so there the number stays whole.
const areaCodes = " 201 202 203 208 209 212 214 221 228 231 234 241 251 261 271 281 291 331 335 340 341 345 351 355 361 365 371 375 " +
	"381 385 391 395 421 431 441 451 461 471 481 491 511 521 531 541 551 561 571 581 591 611 621 631 641 651 661 671 681 711 " +
	"721 731 741 751 761 771 781 791 821 831 841 851 861 871 881 906 921 931 941 951 961 971 981 991 "

func formatPhone(s string) string {
	n, german := strings.CutPrefix(s, "+49")
	if !german || len(n) < 6 {
		return s
	}
	area := 4
	switch {
	case n[:2] == "30" || n[:2] == "40" || n[:2] == "69" || n[:2] == "89":
		area = 2
	case strings.Contains(areaCodes, " "+n[:3]+" "), n[:2] == "16", n[:2] == "17", n[:1] == "8" && n[:3] == "800":
		area = 3
	case n[:1] == "3":
		return "0" + n
	}
	return "0" + n[:area] + " " + n[area:]
}
