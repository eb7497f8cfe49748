// Package i18n gives every sentence on the screen in the clerk's language.
//
// It is for every part of ui and for commands that speak to people. A text is named by its key in
// assets/translations/<language>/*.json; {name} in it is replaced by the value of that name.
//
// It promises that a missing text never stops anybody: English is asked next, and then the key itself is
// shown. It imports nothing of Fyne and never reads a file but those it was given.
package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"sort"
	"strings"

	"schalter/data/record"
)

// Texts are the sentences of one language. They do not change after [Load].
type Texts struct {
	lang  string
	texts map[string]string
	next  *Texts // asked for what is missing here
}

// Default is the language of a desk that was never told another.
const Default = "de"

const second = "en"

// Load reads all files of translations/<lang>. An unknown language is an error.
func Load(fsys fs.FS, lang string) (*Texts, error) {
	t, err := load(fsys, lang)
	if err != nil {
		return nil, err
	}
	if lang != second {
		if t.next, err = load(fsys, second); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func load(fsys fs.FS, lang string) (*Texts, error) {
	dir := path.Join("translations", lang)
	files, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", lang, err)
	}
	t := &Texts{lang: lang, texts: map[string]string{}}
	for _, f := range files {
		if f.IsDir() || path.Ext(f.Name()) != ".json" {
			continue
		}
		b, err := fs.ReadFile(fsys, path.Join(dir, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("language %q: %w", lang, err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", dir, f.Name(), err)
		}
		maps.Copy(t.texts, m)
	}
	return t, nil
}

// Languages lists the languages there are, the default first, then by name.
func Languages(fsys fs.FS) []string {
	dirs, err := fs.ReadDir(fsys, "translations")
	if err != nil {
		return []string{Default}
	}
	var out []string
	for _, d := range dirs {
		if d.IsDir() {
			out = append(out, d.Name())
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if (out[i] == Default) != (out[j] == Default) {
			return out[i] == Default
		}
		return out[i] < out[j]
	})
	return out
}

// Lang returns the language's short name, "de".
func (t *Texts) Lang() string { return t.lang }

// Has reports whether the key has a text in this language.
func (t *Texts) Has(key string) bool { _, ok := t.texts[key]; return ok }

// T returns the text of a key with pairs of name and value put in: T("queue.open", "count", 7).
func (t *Texts) T(key string, pairs ...any) string {
	s, ok := t.find(key)
	if !ok {
		return key
	}
	if len(pairs) < 2 {
		return s
	}
	r := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		r = append(r, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(r...).Replace(s)
}

// N is T for a counted thing: it takes key+".one" for exactly one, else key+".many", and puts in {count}.
func (t *Texts) N(key string, count int, pairs ...any) string {
	form := ".many"
	if count == 1 {
		form = ".one"
	}
	return t.T(key+form, append([]any{"count", count}, pairs...)...)
}

func (t *Texts) find(key string) (string, bool) {
	if s, ok := t.texts[key]; ok {
		return s, true
	}
	if t.next != nil {
		return t.next.find(key)
	}
	return "", false
}

// Error says what happened and what to do next. An error without a code of its own becomes
// [record.CodeInternal], whose sentence names no details.
func (t *Texts) Error(err error) (sentence, hint string) {
	if err == nil {
		return "", ""
	}
	e := &record.Error{Code: record.CodeInternal}
	errors.As(err, &e)
	return t.Code(e.Code, e.Args)
}

// Code is Error for a code that was stored without its cause.
func (t *Texts) Code(code record.Code, args record.Args) (sentence, hint string) {
	key := "error." + string(code)
	if _, ok := t.find(key); !ok {
		key = "error." + string(record.CodeInternal)
	}
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	sentence = t.T(key, pairs...)
	if _, ok := t.find(key + ".hint"); ok {
		hint = t.T(key+".hint", pairs...)
	}
	return sentence, hint
}

// Name picks the text of this language out of a map that a form or case carries; German is asked next,
// then any.
func (t *Texts) Name(byLang map[string]string) string {
	if s := byLang[t.lang]; s != "" {
		return s
	}
	if s := byLang[Default]; s != "" {
		return s
	}
	keys := make([]string, 0, len(byLang))
	for k := range byLang {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if byLang[k] != "" {
			return byLang[k]
		}
	}
	return ""
}
