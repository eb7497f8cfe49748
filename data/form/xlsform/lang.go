package xlsform

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// languages are names that people write above columns without the code.
var languages = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	b, err := files.ReadFile("texts/languages.json")
	names := map[string][]string{}
	if err == nil {
		err = json.Unmarshal(b, &names)
	}
	if err != nil {
		panic(fmt.Sprintf("xlsform: embedded texts/languages.json: %v", err)) // built in, so a test has seen it
	}
	for code, all := range names {
		for _, name := range all {
			out[name] = code
		}
	}
	return out
})

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
	if code, ok = languages()[strings.ToLower(s)]; ok {
		return code, true
	}
	if bareCode.MatchString(s) {
		return s, true
	}
	return "", false
}
