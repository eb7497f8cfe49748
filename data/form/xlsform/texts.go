package xlsform

import (
	"embed"
	"encoding/json"
	"fmt"
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
func (f *former) setLanguages(settings, survey, choices *table) {
	named := []column{}
	bare := place{}
	for _, t := range []*table{survey, choices} {
		for _, col := range t.order {
			switch {
			case !translated[col.key]:
			case col.lang != "":
				named = append(named, col)
			case bare.sheet == "":
				bare = col.at
			}
		}
	}
	f.base = "de"
	if c := settings.first("default_language"); c.text != "" && !strings.EqualFold(c.text, "default") {
		code, ok := language(c.text)
		if !ok {
			f.rep.fail(c.at, record.CodeXLSLanguage, "language", c.text)
		} else {
			f.base = code
		}
	} else if bare.sheet != "" {
		f.rep.note(bare, record.CodeXLSNoteLanguage, "language", f.base)
	} else if len(named) > 0 && !has(named, "de") {
		f.base = named[0].lang
	}
	f.langs = []string{"de"}
	if bare.sheet != "" || f.base != "de" {
		f.addLanguage(f.base)
	}
	for _, col := range named {
		f.addLanguage(col.lang)
	}
	if f.base != "de" && !has(named, "de") {
		f.rep.note(place{sheet: survey.grid.name}, record.CodeXLSNoteNoGerman, "language", f.base)
		f.foreign = true
	}
}

func has(cols []column, lang string) bool {
	for _, c := range cols {
		if c.lang == lang {
			return true
		}
	}
	return false
}

func (f *former) addLanguage(code string) {
	for _, l := range f.langs {
		if l == code {
			return
		}
	}
	f.langs = append(f.langs, code)
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
