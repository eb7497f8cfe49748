package party

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"schalter/data/search"
)

// Words are what a party can be found by while somebody types, folded.
type Words struct {
	Name  string // family, given and organisation
	Sound string // how the names sound
	Place string // the address, and the date of birth from either end: "19880502 02051988"
}

// Words are those of the subject's party.
func (s Subject) Words() Words {
	t := s.traits()
	w := Words{
		Name:  search.Fold(s.Family + " " + s.Given + " " + s.Organisation),
		Place: search.Fold(s.Street + " " + s.House + " " + s.Postcode + " " + s.Town),
	}
	if w.Name == "" {
		return Words{}
	}
	w.Sound = strings.Join(append(t.family, t.given...), " ")
	if y, m, d, ok := dateParts(s.Birth); ok {
		w.Place = strings.TrimSpace(w.Place + " " + y + m + d + " " + d + m + y)
	}
	return w
}

func dateParts(birth string) (y, m, d string, ok bool) {
	p := strings.Split(birth, "-")
	if len(p) != 3 || len(p[0]) != 4 || len(p[1]) != 2 || len(p[2]) != 2 {
		return "", "", "", false
	}
	return p[0], p[1], p[2], true
}

// Term is one word of a query: a word of the party begins with one of Begin, or one of its names is Sound.
type Term struct {
	Begin []string // folded; never empty
	Sound string   // "" where the word is too short, or no name
}

// Query is what a clerk types to find somebody: any words of name, address and date of birth. Every term
// must hold.
type Query struct{ Terms []Term }

// The limits of a query; nobody types more, but somebody may paste a page.
const (
	maxTerms = 6
	maxTyped = 512
	// soundFrom is how many letters a word has at least before its sound is asked for.
	soundFrom = 3
)

// typedDate is a date as people type it, also while they are at it: "2.5.", "2.5.88", "02.05.1988".
var typedDate = regexp.MustCompile(`(?:^|\s)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{0,4})(?:\s|,|$)`)

// isoDate is the date as data are written.
var isoDate = regexp.MustCompile(`(?:^|\s)(\d{4})-(\d{2})-(\d{2})(?:\s|,|$)`)

// Parse reads what was typed.
func Parse(typed string) (q Query) {
	if len(typed) > maxTyped {
		typed = strings.ToValidUTF8(typed[:maxTyped], "")
	}
	if m := typedDate.FindStringSubmatch(typed); m != nil {
		typed = strings.Replace(typed, m[0], " ", 1)
		q.Terms = append(q.Terms, Term{Begin: dayFirst(m[1], m[2], m[3])})
	}
	if m := isoDate.FindStringSubmatch(typed); m != nil {
		typed = strings.Replace(typed, m[0], " ", 1)
		q.Terms = append(q.Terms, Term{Begin: []string{m[1] + m[2] + m[3]}})
	}
	for _, w := range search.Words(typed) {
		if len(q.Terms) == maxTerms {
			break
		}
		q.Terms = append(q.Terms, word(w))
	}
	return q
}

// dayFirst is what a date begins with that was typed as far as this; two digits of a year may be its
// beginning or its end.
func dayFirst(d, m, y string) []string {
	day := ("0" + d)[len(d)-1:] + ("0" + m)[len(m)-1:]
	if len(y) != 2 {
		return []string{day + y}
	}
	return []string{day + y, day + "19" + y, day + "20" + y}
}

func word(folded string) Term {
	t := Term{Begin: []string{folded}}
	if d := folded; len(d) == 6 && strings.Trim(d, "0123456789") == "" { // 020588
		t.Begin = dayFirst(d[:2], d[2:4], d[4:])
	}
	if strings.Trim(folded, "0123456789") == folded && utf8.RuneCountInString(folded) >= soundFrom {
		t.Sound = sound(folded)
	}
	return t
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.Terms) == 0 }

// Sounds reports whether some term can be heard, so that asking for sounds finds more.
func (q Query) Sounds() bool {
	for _, t := range q.Terms {
		if t.Sound != "" {
			return true
		}
	}
	return false
}

// Depth is how far from what was typed a party may be to be found.
type Depth int

// The depths; each takes in the one before.
const (
	InName  Depth = iota // every word begins a name
	AsTyped              // or something of the address or the date of birth
	ByEar                // or a name that sounds like it
)

// Finds tells whether a party is what was typed.
func (q Query) Finds(w Words, depth Depth) bool {
	for _, t := range q.Terms {
		if !t.holds(w, depth) {
			return false
		}
	}
	return w.Name != ""
}

func (t Term) holds(w Words, depth Depth) bool {
	for _, b := range t.Begin {
		if search.Has(w.Name, b) || depth > InName && search.Has(w.Place, b) {
			return true
		}
	}
	return depth == ByEar && t.Sound != "" && strings.Contains(" "+w.Sound+" ", " "+t.Sound+" ")
}

// Match writes the query in FTS5's language for columns name, place and sound.
func (q Query) Match(depth Depth) string {
	terms := make([]string, 0, len(q.Terms))
	for _, t := range q.Terms {
		begin := make([]string, 0, len(t.Begin))
		for _, b := range t.Begin {
			begin = append(begin, `"`+b+`"*`) // folded words hold letters and digits only
		}
		m := "{name place} : (" + strings.Join(begin, " OR ") + ")"
		switch {
		case depth == InName:
			m = "name : (" + strings.Join(begin, " OR ") + ")"
		case depth == ByEar && t.Sound != "":
			m = "(" + m + ` OR sound : "` + t.Sound + `")`
		}
		terms = append(terms, m)
	}
	return strings.Join(terms, " AND ")
}
