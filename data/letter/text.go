package letter

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"schalter/assets"
)

// texts are the fixed sentences of one language.
type texts struct {
	lang  string
	words map[string]string
	also  *texts // of the second language, nil for one alone
}

// textsIn reads the sentences of a language, and of a second one that is another and translated.
func textsIn(lang, also string) (texts, error) {
	t, err := textsFor(lang)
	if err != nil || also == "" {
		return t, err
	}
	u, err := textsFor(also)
	if err == nil && u.lang != t.lang {
		t.also = &u
	}
	return t, err
}

// second gives the sentence in the second language, "" where there is none.
func (t texts) second(key string, pairs ...string) string {
	if t.also == nil {
		return ""
	}
	return t.also.say(key, pairs...)
}

// textsFor reads a language; one that is not translated is German, the language of the office.
func textsFor(lang string) (texts, error) {
	b, err := assets.Files.ReadFile("translations/" + lang + "/letter.json")
	if err != nil {
		lang = "de"
		if b, err = assets.Files.ReadFile("translations/de/letter.json"); err != nil {
			return texts{}, fmt.Errorf("letter texts: %w", err)
		}
	}
	t := texts{lang: lang}
	if err := json.Unmarshal(b, &t.words); err != nil {
		return texts{}, fmt.Errorf("letter texts %s: %w", lang, err)
	}
	return t, nil
}

// say gives a sentence with its {placeholders} filled by pairs of name and value.
func (t texts) say(key string, pairs ...string) string {
	s, ok := t.words["letter."+key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

func (t texts) date(at time.Time) string {
	if t.lang == "de" {
		return at.Format("02.01.2006")
	}
	return at.Format("2 January 2006")
}

// fonts are read once; they are never changed.
var fonts = sync.OnceValues(func() (f struct {
	regular, bold []byte
	glyphs        *sfnt.Font
}, err error,
) {
	if f.regular, err = assets.Files.ReadFile("fonts/NotoSans-Regular.ttf"); err != nil {
		return f, fmt.Errorf("font: %w", err)
	}
	if f.bold, err = assets.Files.ReadFile("fonts/NotoSans-Bold.ttf"); err != nil {
		return f, fmt.Errorf("font: %w", err)
	}
	if f.glyphs, err = sfnt.Parse(f.regular); err != nil {
		return f, fmt.Errorf("font: %w", err)
	}
	return f, nil
})

// printable brings text to what the font can print: composed letters, no control characters, and a
// visible mark for every letter it does not have.
func printable(glyphs *sfnt.Font, text string) string {
	var buf sfnt.Buffer
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ReplaceAll(text, "\r\n", "\n")) {
		switch {
		case r == '\n' || r == ' ':
			b.WriteRune(r)
		case unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			// joiners, soft hyphens and marks of direction have no shape of their own
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r):
		default:
			i, err := glyphs.GlyphIndex(&buf, r)
			if err != nil || i == 0 || r > 0xFFFF {
				r = '\uFFFD'
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
