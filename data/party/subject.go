package party

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"schalter/data/record"
	"schalter/data/search"
)

// Subject is who and what a case is about.
type Subject struct {
	record.Party
	Identity string `json:",omitempty"` // what tells the thing from all others ([record.RoleIdentity])
}

// Of is the subject of a case; that of a deleted one is empty.
func Of(c record.Case) Subject {
	if c.Deleted {
		return Subject{}
	}
	return Subject{Party: c.Party(), Identity: c.Role(record.RoleIdentity)}
}

// Empty reports whether there is nothing to find the case by.
func (s Subject) Empty() bool { return s == Subject{} }

// traits are what of a subject is compared, in the form in which it is compared. An empty one is not known.
type traits struct {
	identity, iban, birth, address, org string
	family, given                       []string // sounds
	first                               string   // the folded given names
}

// shortest is how many letters and digits an identity has at least: "1" is a running number, not a thing.
const shortest = 4

func (s Subject) traits() traits {
	t := traits{
		identity: search.Fold(strings.Join(strings.Fields(s.Identity), "")),
		iban:     strings.ToUpper(strings.Join(strings.Fields(s.IBAN), "")),
		birth:    s.Birth,
		address:  address(s.Party),
		org:      search.Fold(s.Organisation),
		family:   familySounds(s.Family),
		first:    search.Fold(s.Given),
	}
	if utf8.RuneCountInString(t.identity) < shortest {
		t.identity = ""
	}
	for w := range strings.FieldsSeq(t.first) {
		t.given = append(t.given, sound(w))
	}
	return t
}

// particles stand before a family name and are often left out.
var particles = strings.Fields("von van vom der den de di da do dos du la le el al zu zum zur und y ten ter bin ibn")

// familySounds are the sounds of a family name's parts, and of the whole where there are several.
func familySounds(name string) (out []string) {
	words := strings.Fields(search.Fold(name))
	parts := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(particles, w) })
	if len(parts) == 0 {
		parts = words
	}
	for _, w := range parts {
		out = append(out, sound(w))
	}
	if len(parts) > 1 {
		out = append(out, sound(strings.Join(parts, "")))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// address is a party's address as it is compared, "" where it does not name a house in a place.
func address(p record.Party) string {
	place := search.Fold(p.Postcode)
	if place == "" {
		place = search.Fold(p.Town)
	}
	words := strings.Fields(search.Fold(p.Street + " " + p.House))
	if place == "" || len(words) == 0 {
		return ""
	}
	for i, w := range words {
		if strings.HasSuffix(w, "str") {
			words[i] = w + "asse"
		}
	}
	return strings.Join(words, "") + "/" + place
}

// The kinds of key.
const (
	keyIdentity = "i"
	keyIBAN     = "k"
	keyBirth    = "b"
	keyAddress  = "a"
)

// Keys are numbers of 48 bits that a subject shares with every one it is alike, and seldom with another.
func (s Subject) Keys() []int64 {
	var out []int64
	add := func(parts ...string) {
		if !slices.Contains(parts, "") {
			out = append(out, int64(hash(parts...)>>16))
		}
	}
	t := s.traits()
	add(keyIdentity, t.identity)
	add(keyIBAN, t.iban)
	for _, n := range t.family {
		add(keyBirth, t.birth, n)
		add(keyAddress, t.address, n)
	}
	for _, n := range t.given { // it may be the family name, written into the wrong field
		add(keyBirth, t.birth, n)
	}
	add(keyAddress, t.address, t.org)
	slices.Sort(out)
	return slices.Compact(out)
}

// Person is a number for the party, for lists in which each stands once: the same for the same name, in
// whatever order and spelling that folds alike, with the same date of birth, else with the same address, else
// with the same account, e-mail address or telephone: a name alone makes nobody the same. It is 0 for nobody.
// It lies in stores, like Keys: whoever computes either in another way fills the register anew.
func (s Subject) Person() int64 {
	t := s.traits()
	words := strings.Fields(search.Fold(s.Family))
	given, _, _ := strings.Cut(t.first, " ")
	if given != "" {
		words = append(words, given)
	}
	if len(words)+len(t.org) == 0 {
		return 0
	}
	slices.Sort(words)
	where := cmp.Or(t.birth, t.address, t.iban, strings.ToLower(s.Email), digitsOf(s.Phone))
	return max(1, int64(hash(strings.Join(words, " "), t.org, where)>>1))
}

// digitsOf leaves out how a number is grouped.
func digitsOf(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

// hash is the same for the same parts in every run and version.
func hash(parts ...string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(parts, "\x00"))) // a hash takes everything
	return h.Sum64()
}
