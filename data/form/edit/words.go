package edit

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"
)

// The words of a rule's sentence stand here and not among the screens' translations, because an export or a
// server says a rule in the same words as the screen.
//
//go:embed texts/*.json
var files embed.FS

type vocabulary map[string]string

var vocabularies = sync.OnceValue(func() map[string]vocabulary {
	out := map[string]vocabulary{}
	all, _ := files.ReadDir("texts")
	for _, e := range all {
		b, err := files.ReadFile("texts/" + e.Name())
		m := vocabulary{}
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(fmt.Sprintf("edit: embedded texts/%s: %v", e.Name(), err)) // built in, so a test has seen it
		}
		out[strings.TrimSuffix(e.Name(), path.Ext(e.Name()))] = m
	}
	return out
})

func words(lang string) vocabulary {
	if v, ok := vocabularies()[lang]; ok {
		return v
	}
	return vocabularies()["de"]
}

// get is a text with pairs of name and value put in.
func (v vocabulary) get(key string, pairs ...string) string {
	s, ok := v[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
