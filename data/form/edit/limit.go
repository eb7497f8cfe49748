package edit

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"schalter/data/form"
)

// moving is a limit that moves with the day, as people type it.
var moving = regexp.MustCompile(`(?i)^(?:heute|today)(?:\s*([+\-−–])\s*([0-9]{1,5})\s*(d|m|y|j|tagen?|tage?|days?|monaten?|monate?|months?|jahren?|jahre?|years?))?$`)

var stored = regexp.MustCompile(`^today(?:([+-])([0-9]{1,5})([dmy]))?$`)

// readLimit turns what was typed into a limit of the format; ok is false where it is not understood.
func readLimit(t form.Type, typed string) (limit string, ok bool) {
	if t == form.TypeDate || t == form.TypeMonth {
		if m := moving.FindStringSubmatch(typed); m != nil {
			if m[1] == "" {
				return "today", true
			}
			sign := "-"
			if m[1] == "+" {
				sign = "+"
			}
			return "today" + sign + m[2] + unit(m[3]), true
		}
	}
	s := canonical(t, typed)
	return s, s != ""
}

func unit(word string) string {
	switch strings.ToLower(word)[0] {
	case 'j', 'y':
		return "y"
	case 'm':
		return "m"
	}
	return "d"
}

// writeLimit is a limit as people read it; readLimit understands it.
func writeLimit(t form.Type, limit, lang string) string {
	m := stored.FindStringSubmatch(limit)
	if m == nil {
		return strings.TrimSuffix(form.Format(&form.Field{Type: t}, limit, "de"), " Uhr")
	}
	s := words(lang).get("today")
	if m[1] == "" {
		return s
	}
	sign := map[string]string{"+": "+", "-": "−"}[m[1]]
	key := "unit." + m[3]
	if m[2] == "1" {
		key += ".one"
	}
	return fmt.Sprintf("%s %s %s %s", s, sign, m[2], words(lang).get(key))
}

// canonical is how record.Values hold what was typed for a type, "" where it is not understood. The form
// itself reads it, so that a person may type here what a clerk may type in a field.
func canonical(t form.Type, typed string) string {
	switch t {
	case form.TypeChoice, form.TypeMulti, form.TypeFile, form.TypeSignature, form.TypeNote:
		return ""
	}
	more := ""
	if t == form.TypeDecimal {
		more = `, "decimals": 6`
	}
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "x"}, "groups": [{"group": "g", "label": {"de": "x"}, "items": [
		{"field": "f", "type": "` + string(t) + `", "label": {"de": "x"}` + more + `}]}]}`))
	if err != nil {
		return ""
	}
	s := f.Begin(nil, noDay)
	s.Set("g/f", typed)
	return s.State("g/f").Value
}

// noDay stands for today where none is known: what is typed here does not move with the day.
var noDay = time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)
