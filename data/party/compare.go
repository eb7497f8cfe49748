package party

import (
	"slices"
	"strings"

	"schalter/data/record"
)

// Compare tells how alike two subjects are, and why; the strongest reason comes first.
func Compare(a, b Subject) (record.Level, []record.Reason) { return NewComparer(a).With(b) }

// Comparer compares one subject with many.
type Comparer struct{ t traits }

// NewComparer prepares a subject for comparing.
func NewComparer(s Subject) Comparer { return Comparer{t: s.traits()} }

// With compares with another subject.
func (c Comparer) With(other Subject) (level record.Level, why []record.Reason) {
	a, b := c.t, other.traits()
	say := func(holds bool, l record.Level, r record.Reason) {
		if holds {
			level = max(level, l)
			why = append(why, r)
		}
	}
	born := same(a.birth, b.birth)
	turned := born && shares(a.family, b.given) && shares(a.given, b.family)
	family := shares(a.family, b.family)
	person := born && (turned || family && called(a, b))
	say(same(a.identity, b.identity), record.LevelSame, record.ReasonIdentity)
	say(person, record.LevelSame, record.ReasonPerson)
	say(born && family && !person, record.LevelLikely, record.ReasonBirth)
	say(same(a.iban, b.iban), record.LevelLikely, record.ReasonIBAN)
	say(same(a.address, b.address) && (family || same(a.org, b.org)), record.LevelLikely, record.ReasonAddress)
	return level, why
}

func same(a, b string) bool { return a != "" && a == b }

// shares tells whether two names have a sound in common.
func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return s != "" && slices.Contains(b, s) })
}

// sure is how many digits the sound of a given name has at least to say anything: Ina and Jan are both 06.
const sure = 3

// called tells whether two given names can be those of one person: one of them is spelled or sounds alike, or
// one is the initial of another.
func called(a, b traits) bool {
	if slices.ContainsFunc(a.given, func(s string) bool { return len(s) >= sure && slices.Contains(b.given, s) }) {
		return true
	}
	for x := range strings.FieldsSeq(a.first) {
		for y := range strings.FieldsSeq(b.first) {
			if x == y || (len(x) == 1 || len(y) == 1) && x[0] == y[0] {
				return true
			}
		}
	}
	return false
}
