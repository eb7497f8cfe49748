package fim

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
)

// The native format (FORMAT.md of package form), as far as an import writes it.
type (
	nativeForm struct {
		Format  string                 `json:"format"`
		ID      string                 `json:"id"`
		Version string                 `json:"version"`
		Title   text                   `json:"title"`
		Help    *text                  `json:"help,omitempty"`
		Legal   []string               `json:"legal,omitempty"`
		Origin  string                 `json:"origin,omitempty"`
		Lists   map[string]*nativeList `json:"lists,omitempty"`
		Groups  []*nativeItem          `json:"groups"`
		Roles   map[string]string      `json:"roles,omitempty"`
		Rules   []nativeRule           `json:"rules,omitempty"`
	}
	nativeList struct {
		URN     string         `json:"urn,omitempty"`
		Version string         `json:"version,omitempty"`
		Choices []nativeChoice `json:"choices"`
	}
	nativeChoice struct {
		Code  string `json:"code"`
		Label text   `json:"label"`
	}
	nativeItem struct {
		Group       string         `json:"group,omitempty"`
		Field       string         `json:"field,omitempty"`
		Type        string         `json:"type,omitempty"`
		Label       text           `json:"label"`
		Help        *text          `json:"help,omitempty"`
		Legal       []string       `json:"legal,omitempty"`
		Origin      string         `json:"origin,omitempty"`
		Required    bool           `json:"required,omitempty"`
		Repeat      *nativeRepeat  `json:"repeat,omitempty"`
		Default     string         `json:"default,omitempty"`
		Min         string         `json:"min,omitempty"`
		Max         string         `json:"max,omitempty"`
		MinLength   int            `json:"min_length,omitempty"`
		MaxLength   int            `json:"max_length,omitempty"`
		Decimals    *int           `json:"decimals,omitempty"`
		Pattern     string         `json:"pattern,omitempty"`
		PatternText *text          `json:"pattern_text,omitempty"`
		Internal    bool           `json:"internal,omitempty"`
		List        string         `json:"list,omitempty"`
		Choices     []nativeChoice `json:"choices,omitempty"`
		Items       []*nativeItem  `json:"items,omitempty"`
	}
	nativeRepeat struct {
		Min int `json:"min"`
		Max int `json:"max,omitempty"`
	}
	nativeRule struct {
		Rule  string   `json:"rule"`
		Do    string   `json:"do"`
		On    []string `json:"on"`
		When  any      `json:"when,omitempty"`
		Value any      `json:"value,omitempty"`
		Text  *text    `json:"text,omitempty"`
	}
	text struct {
		DE string `json:"de"`
	}
)

// optional is a text that may be absent.
func optional(s string) *text {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return &text{s}
}

// bytes writes the form: the same form gives the same bytes.
func (f *nativeForm) bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(f)
	return b.Bytes(), err
}

//go:embed texts/de.json
var sentences []byte

var words = func() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(sentences, &m); err != nil {
		panic(err) // the file is part of the program
	}
	return m
}()

// say fills a sentence of the form itself.
func say(key string, pairs ...string) string {
	r := make([]string, len(pairs))
	for i, p := range pairs {
		if r[i] = p; i%2 == 0 {
			r[i] = "{" + p + "}"
		}
	}
	return strings.NewReplacer(r...).Replace(words[key])
}
