package xlsform

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"schalter/data/record"
)

// The words that a form needs and a workbook does not have. They become part of the form, so they stand here
// and not among the screens' translations.
//
//go:embed texts/*.json
var files embed.FS

var words = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, lang := range []string{"de", "en"} {
		b, err := files.ReadFile("texts/" + lang + ".json")
		m := map[string]string{}
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(fmt.Sprintf("xlsform: embedded texts/%s.json: %v", lang, err)) // built in, so a test has seen it
		}
		out[lang] = m
	}
	return out
})

// texts are a sentence by language.
type texts map[string]string

// word is one of the built-in words in every language of the form; those that have none get English.
func (f *former) word(key string, pairs ...string) texts {
	out := texts{}
	for _, lang := range f.langs {
		m, ok := words()[lang]
		if !ok {
			m = words()["en"]
		}
		out[lang] = strings.NewReplacer(pairs...).Replace(m[key])
	}
	return out
}

// setLanguages finds out which languages the form has and which of them has every text.
func (f *former) setLanguages() {
	named, bare := f.headings()
	f.base = "de"
	switch c := f.settings.first("default_language"); {
	case c.text != "" && !strings.EqualFold(c.text, "default"):
		code, ok := language(c.text)
		if !ok {
			f.rep.fail(c.at, record.CodeXLSLanguage, "language", c.text)
			code = "de"
		}
		f.base = code
	case bare != nil:
		f.rep.note(bare.at, record.CodeXLSNoteLanguage, "language", f.base)
	case len(named) > 0 && !has(named, "de"):
		f.base = named[0].lang
	}
	f.langs = []string{"de"}
	if bare != nil || f.base != "de" {
		f.addLanguage(f.base)
	}
	for _, col := range named {
		f.addLanguage(col.lang)
	}
	if f.base != "de" && !has(named, "de") {
		f.rep.note(place{sheet: f.survey.grid.name}, record.CodeXLSNoteNoGerman, "language", f.base)
		f.foreign = true
	}
	f.ambiguous()
}

// ambiguous complains about a column without a language beside one of the language that it stands for.
func (f *former) ambiguous() {
	for _, t := range []*table{f.survey, f.choices} {
		for _, col := range t.order {
			first, twice := t.columns[col.key]
			if twice && translated[col.key] && col.lang == f.base && first.lang == "" {
				f.rep.fail(first.at, record.CodeXLSColumnTwice, "heading", first.head, "first", col.at.String())
			}
		}
	}
}

// headings lists the columns of texts with a language, and the first one without.
func (f *former) headings() (named []column, bare *column) {
	for _, t := range []*table{f.survey, f.choices} {
		for _, col := range t.order {
			switch {
			case !translated[col.key]:
			case col.lang != "":
				named = append(named, col)
			case bare == nil:
				bare = &col
			}
		}
	}
	return named, bare
}

func has(cols []column, lang string) bool {
	return slices.ContainsFunc(cols, func(c column) bool { return c.lang == lang })
}

func (f *former) addLanguage(code string) {
	if !slices.Contains(f.langs, code) {
		f.langs = append(f.langs, code)
	}
}

// gap counts the texts that are missing in a language.
type gap struct {
	first place
	name  string
	n     int
}

// texts are the texts of a translated column in every language of the form; nil where there is none. What is
// missing in one language is taken from the first.
func (f *former) texts(l *line, key string) texts {
	own := texts{}
	for _, lang := range f.langs {
		s := l.text(with(key, lang))
		if s == "" && lang == f.base {
			s = l.text(key)
		}
		if s != "" {
			own[lang] = s
		}
	}
	base := own[f.base]
	if base == "" {
		base = l.text(key)
	}
	for _, lang := range f.langs {
		if base == "" {
			base = own[lang]
		}
	}
	if base == "" {
		return nil
	}
	for _, lang := range f.langs {
		if own[lang] != "" {
			continue
		}
		own[lang] = base
		if lang == "de" && f.foreign {
			continue
		}
		g := f.gaps[lang]
		if g == nil {
			g = &gap{first: f.anyText(l, key)}
			f.gaps[lang] = g
		}
		g.n++
	}
	return own
}

// anyText is the cell that holds a text in some language.
func (f *former) anyText(l *line, key string) place {
	for _, lang := range append([]string{""}, f.langs...) {
		if c, ok := l.cells[with(key, lang)]; ok {
			return c.at
		}
	}
	return l.get(key).at
}

// same gives one text in every language.
func (f *former) same(s string) texts {
	t := texts{}
	for _, lang := range f.langs {
		t[lang] = s
	}
	return t
}
