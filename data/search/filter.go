package search

import (
	"slices"
	"strconv"
	"strings"
)

// Filter is what a case must be beside what stands in it. The zero Filter lets everything through.
type Filter struct {
	From, Until          string   // days on which it was begun, 2006-01-02, both included; "": any
	Services             []string // words that its service's name has, folded
	Born                 []Day    // of the party; one of them
	Open, Done           bool     // neither or both: any
	Mine, Outbox, Drafts bool
	Page                 int // of a document on which the words stand; 0: any
}

// None reports whether everything goes through.
func (f Filter) None() bool {
	return f.From == "" && f.Until == "" && len(f.Services) == 0 && len(f.Born) == 0 && !f.state() && !f.Mine && !f.Outbox && !f.Drafts && f.Page == 0
}

// state reports whether only cases in some states are asked for.
func (f Filter) state() bool { return f.Open != f.Done }

// Kind says what part of a query a [Chip] stands for.
type Kind string

// The kinds. Each has a sentence that explains it.
const (
	KindFrom     Kind = "from"
	KindUntil    Kind = "until"
	KindService  Kind = "service"
	KindBorn     Kind = "born"
	KindPage     Kind = "page"
	KindOpen     Kind = "open"
	KindDone     Kind = "done"
	KindMine     Kind = "mine"
	KindOutbox   Kind = "outbox"
	KindDrafts   Kind = "drafts"
	KindPhrase   Kind = "phrase"
	KindDay      Kind = "day"      // a day that stands anywhere
	KindUnknown  Kind = "unknown"  // "farbe:rot": there is no such filter, it is looked for as words
	KindUnclear  Kind = "unclear"  // "von:gestern": the filter is known, what it is to be is not
	KindUnending Kind = "unending" // "von:": something is still to be typed
)

// Chip is a part of what was typed that is more than a word, as it is shown beneath the field.
type Chip struct {
	Kind  Kind
	Value string // as it was understood; of KindUnknown, KindUnclear and KindUnending what was typed
}

// keys are the filters with a value, folded, in German and English.
var keys = map[string]Kind{
	"von": KindFrom, "ab": KindFrom, "seit": KindFrom, "from": KindFrom, "since": KindFrom,
	"bis": KindUntil, "until": KindUntil, "to": KindUntil,
	"leistung": KindService, "dienst": KindService, "service": KindService,
	"geb": KindBorn, "geboren": KindBorn, "born": KindBorn, "birth": KindBorn, "dob": KindBorn,
	"seite": KindPage, "page": KindPage,
}

// flags are the filters without a value, folded.
var flags = map[string]Kind{
	"offen": KindOpen, "open": KindOpen,
	"erledigt": KindDone, "done": KindDone,
	"mein": KindMine, "meine": KindMine, "mine": KindMine,
	"postausgang": KindOutbox, "outbox": KindOutbox,
	"entwurf": KindDrafts, "entwurfe": KindDrafts, "draft": KindDrafts, "drafts": KindDrafts,
}

// canonical is how a filter is printed.
var canonical = map[Kind]string{
	KindFrom: "von", KindUntil: "bis", KindService: "leistung", KindBorn: "geb", KindPage: "seite",
	KindOpen: "offen", KindDone: "erledigt", KindMine: "meine", KindOutbox: "postausgang", KindDrafts: "entwurf",
}

// lead may stand before a flag: "im Postausgang", "in outbox".
var lead = map[string]bool{"im": true, "in": true}

const maxPage = 1_000_000

// set takes a filter with a value; it reports whether the value makes sense.
func (f *Filter) set(k Kind, value string) (Chip, bool) {
	switch k {
	case KindFrom, KindUntil, KindBorn:
		return f.setDay(k, value)
	case KindPage:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxPage {
			return Chip{}, false
		}
		f.Page = n
		return Chip{k, strconv.Itoa(n)}, true
	case KindService:
		words := Words(value)
		if len(words) == 0 || len(f.Services)+len(words) > maxWords {
			return Chip{}, false
		}
		for _, w := range words {
			if !slices.Contains(f.Services, w) {
				f.Services = append(f.Services, w)
			}
		}
		return Chip{k, strings.Join(strings.Fields(value), " ")}, true
	}
	return Chip{}, false
}

func (f *Filter) setDay(k Kind, value string) (Chip, bool) {
	d, ok := part(value)
	switch {
	case !ok:
		return Chip{}, false
	case k == KindFrom:
		f.From = d.begin()
	case k == KindUntil:
		f.Until = d.end()
	case len(f.Born) >= maxDays:
		return Chip{}, false
	case !slices.ContainsFunc(f.Born, func(b Day) bool { return b.String() == d.String() }):
		f.Born = append(f.Born, d)
	}
	return Chip{k, d.String()}, true
}

func (f *Filter) flag(k Kind) Chip {
	switch k {
	case KindOpen:
		f.Open = true
	case KindDone:
		f.Done = true
	case KindMine:
		f.Mine = true
	case KindOutbox:
		f.Outbox = true
	case KindDrafts:
		f.Drafts = true
	}
	return Chip{Kind: k}
}

// Service reports whether a service's names have all the words that are asked for.
func (f Filter) Service(names ...string) bool {
	folded := Fold(strings.Join(names, " "))
	for _, w := range f.Services {
		if !Has(folded, w) {
			return false
		}
	}
	return true
}

// Birth reports whether a date of birth, 2006-01-02, is one of those asked for.
func (f Filter) Birth(birth string) bool {
	for _, d := range f.Born {
		for _, s := range d.Dates() {
			if birth != "" && strings.HasPrefix(birth, s) {
				return true
			}
		}
	}
	return len(f.Born) == 0
}

// MatchService asks an index for what may be of the services.
func (f Filter) MatchService() string { return MatchAll(f.Services) }

// MatchBirth asks an index for what may have one of the dates of birth.
func (f Filter) MatchBirth() string {
	var births []string
	for _, d := range f.Born {
		for _, s := range d.Dates() {
			births = append(births, `("`+strings.ReplaceAll(s, "-", `" AND "`)+`")`)
		}
	}
	return strings.Join(births, " OR ")
}
