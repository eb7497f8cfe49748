package form

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"schalter/data/record"
)

// The sentences stand here and not among the screens' translations, because a problem has to read the
// same on the desk, in a server's answer and on a citizen's page.
//
//go:embed texts/*.json
var texts embed.FS

var sentences = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	files, _ := texts.ReadDir("texts")
	for _, e := range files {
		b, err := texts.ReadFile("texts/" + e.Name())
		m := map[string]string{}
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(fmt.Sprintf("form: embedded texts/%s: %v", e.Name(), err)) // built in, so a test has seen it
		}
		out[strings.TrimSuffix(e.Name(), path.Ext(e.Name()))] = m
	}
	return out
})

// formatted is an argument that is written differently in each language.
type formatted struct {
	field     *Field
	canonical string
}

func (f formatted) In(lang string) string { return Format(f.field, f.canonical, lang) }

// sentence fills the text of a key. Where "n" is 1 and the key with ".one" exists, that is taken.
func sentence(lang, key string, args record.Args) string {
	all := sentences()
	m, ok := all[lang]
	if !ok {
		lang, m = "de", all["de"]
	}
	s, ok := m[key]
	if !ok {
		s = key
	}
	if n, is := args["n"].(int); is && n == 1 && m[key+".one"] != "" {
		s = m[key+".one"]
	}
	for k, v := range args {
		if t, ok := v.(interface{ In(lang string) string }); ok {
			v = t.In(lang)
		}
		s = strings.ReplaceAll(s, "{"+k+"}", fmt.Sprint(v))
	}
	return s
}
