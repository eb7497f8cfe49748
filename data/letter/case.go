package letter

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"schalter/data/form"
	"schalter/data/record"
)

// Of gathers what a confirmation says from a case and the form it was filled with: only what applied, in
// the form's order, each answer as people read it. f may be nil where this desk does not have the form's
// version; the answers then stand under their field names rather than not at all.
func Of(c record.Case, f *form.Form, id record.Identity, now time.Time, lang string) Content {
	out := Content{
		Lang: lang, Authority: id.Authority, Office: c.Office, Recipient: recipient(c.Party()), Number: c.Number,
		Service: title(c.Title, lang), Received: c.Created, Clerk: c.User, Present: c.Present, QR: c.Number,
	}
	if day, err := time.Parse(time.DateOnly, c.Paper); err == nil {
		out.Paper = day
	}
	if f == nil {
		out.Groups = plain(c)
		return out
	}
	s := f.Begin(c.Values(), now)
	out.Groups = gather(s, c.Kept(), lang)
	out.Proofs = proofs(s, c.Kept(), lang)
	return out
}

func title(t map[string]string, lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t["de"]
}

func recipient(p record.Party) []string {
	var lines []string
	add := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	add(p.Organisation)
	add(join(p.Given, p.Family))
	add(join(p.Street, p.House))
	add(join(p.Postcode, p.Town))
	return lines
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func withRows(in []Group) []Group {
	var out []Group
	for _, g := range in {
		if len(g.Rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// plain lists answers of a form that is not here.
func plain(c record.Case) []Group {
	var out []Group
	for _, name := range sortedKeys(c.Groups) {
		g := Group{Title: name}
		values := c.Groups[name].Values
		for _, path := range sortedKeys(values) {
			if values[path] != "" {
				g.Rows = append(g.Rows, Row{Label: path, Value: values[path]})
			}
		}
		out = append(out, g)
	}
	return withRows(out)
}

// proofs tells of every proof that is asked for whether it is there.
func proofs(s *form.Session, documents []record.Document, lang string) []Proof {
	pages := map[string]int{}
	have := map[string]bool{}
	for _, d := range documents {
		if d.Proof != "" {
			have[d.Proof] = true
			pages[d.Proof] += d.Pages
		}
	}
	var out []Proof
	for _, p := range s.Proofs() {
		switch {
		case have[p.Proof.ID]:
			out = append(out, Proof{Label: p.Proof.Label.In(lang), State: ProofPresent, Note: pagesNote(pages[p.Proof.ID], lang)})
		case p.Visible && p.Required:
			out = append(out, Proof{Label: p.Proof.Label.In(lang), State: ProofMissing})
		}
	}
	return out
}

func pagesNote(n int, lang string) string {
	switch {
	case n == 0:
		return ""
	case lang == "en" && n == 1:
		return "1 page"
	case lang == "en":
		return strconv.Itoa(n) + " pages"
	case n == 1:
		return "1 Seite"
	}
	return strconv.Itoa(n) + " Seiten"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
