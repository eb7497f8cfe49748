package xlsform

import (
	"regexp"
	"strings"
)

// languages are names that people write above columns without the code.
var languages = map[string]string{
	"deutsch": "de", "german": "de", "englisch": "en", "english": "en", "französisch": "fr", "french": "fr", "français": "fr",
	"spanisch": "es", "spanish": "es", "español": "es", "italienisch": "it", "italian": "it", "italiano": "it",
	"türkisch": "tr", "turkish": "tr", "türkçe": "tr", "polnisch": "pl", "polish": "pl", "polski": "pl",
	"russisch": "ru", "russian": "ru", "русский": "ru", "ukrainisch": "uk", "ukrainian": "uk", "українська": "uk",
	"arabisch": "ar", "arabic": "ar", "العربية": "ar", "persisch": "fa", "persian": "fa", "farsi": "fa", "dari": "prs", "paschtu": "ps", "pashto": "ps",
	"kurdisch": "ku", "kurdish": "ku", "rumänisch": "ro", "romanian": "ro", "română": "ro", "bulgarisch": "bg", "bulgarian": "bg",
	"griechisch": "el", "greek": "el", "kroatisch": "hr", "croatian": "hr", "serbisch": "sr", "serbian": "sr", "bosnisch": "bs", "bosnian": "bs",
	"albanisch": "sq", "albanian": "sq", "ungarisch": "hu", "hungarian": "hu", "tschechisch": "cs", "czech": "cs", "slowakisch": "sk", "slovak": "sk",
	"portugiesisch": "pt", "portuguese": "pt", "português": "pt", "niederländisch": "nl", "dutch": "nl", "nederlands": "nl",
	"chinesisch": "zh", "chinese": "zh", "vietnamesisch": "vi", "vietnamese": "vi", "tigrinya": "ti", "somali": "so", "amharisch": "am", "amharic": "am",
	"hindi": "hi", "urdu": "ur", "swahili": "sw", "nepali": "ne",
}

var (
	inBrackets = regexp.MustCompile(`\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*\)\s*$`)
	bareCode   = regexp.MustCompile(`^[a-z]{2}(-[A-Za-z0-9]{2,8})?$`)
)

// language finds the code of a language as it stands in a heading: "Deutsch (de)", "German", "de".
func language(s string) (code string, ok bool) {
	if m := inBrackets.FindStringSubmatch(s); m != nil {
		main, rest, _ := strings.Cut(m[1], "-")
		if rest != "" {
			rest = "-" + rest
		}
		return strings.ToLower(main) + rest, true
	}
	s = strings.TrimSpace(s)
	if code, ok = languages[strings.ToLower(s)]; ok {
		return code, true
	}
	if bareCode.MatchString(s) {
		return s, true
	}
	return "", false
}
