package transfer

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"schalter/data/record"
)

// Need says what is still missing before a paper may be destroyed.
type Need string

// The needs, in the order in which a clerk gets them out of the way.
const (
	NeedNothing Need = ""        // it may be destroyed
	NeedNote    Need = "note"    // it is no scan with a note
	NeedSound   Need = "sound"   // the note does not stand: altered, unsigned, or of other originals
	NeedMatch   Need = "match"   // the person who scanned has not vouched that scan and paper agree
	NeedCheck   Need = "check"   // a second person has to check what is shown now
	NeedOther   Need = "other"   // only the one who scanned has checked it
	NeedMend    Need = "mend"    // a check found something wrong, and none that knew of it has passed
	NeedCase    Need = "trashed" // the document lies in the trash
)

// ToDestroy tells what stands between a document and the destruction of its paper.
func ToDestroy(d record.Document) Need {
	switch {
	case d.Transfer == nil:
		return NeedNote
	case Verify(d) != nil:
		return NeedSound
	case d.Trashed != nil:
		return NeedCase
	}
	said := checks(d)
	if said != NeedMend && !Vouched(d) {
		return NeedMatch
	}
	return said
}

// Shows tells whether a check of a file speaks for what is shown now: it is the same file, or has the same pages and
// other words behind them.
func Shows(d record.Document, of record.Hash) bool { return same(d)[of] }

// same are the files that have the pages which are shown now.
func same(d record.Document) map[record.Hash]bool {
	same := map[record.Hash]bool{d.Shown.Hash: true}
	if d.Latest.Why == record.WhyText { // the words behind the pages are another file, the pages are the same
		same[d.Latest.Of] = true
		for _, v := range slices.Backward(d.Versions) {
			if same[v.Shown.Hash] && v.Why == record.WhyText {
				same[v.Of] = true
			}
		}
	}
	return same
}

// Vouched tells whether the person who scanned has said that scan and paper agree: in the note, or later by a check
// of her own.
func Vouched(d record.Document) bool {
	n := d.Transfer
	if n == nil || n.Match {
		return n != nil
	}
	same := same(d)
	return slices.ContainsFunc(d.Checks, func(c record.Check) bool { return c.OK && same[c.Of] && Self(c.User, n.User) })
}

// checks looks at what was said about what is shown now, in whatever order it came: two desks may have checked
// without knowing of each other, and then the objection counts.
func checks(d record.Document) Need {
	if len(Objections(d)) > 0 {
		return NeedMend
	}
	same := same(d)
	need := NeedCheck
	for _, c := range d.Checks {
		switch {
		case !c.OK || !same[c.Of]:
		case Other(c.User, d.Transfer.User):
			return NeedNothing
		default:
			need = NeedOther
		}
	}
	return need
}

// Objections are those to what is shown now that stand: no check that passed, by another person than the one who
// scanned, knew of them.
func Objections(d record.Document) (out []record.Check) {
	if d.Transfer == nil {
		return nil
	}
	same := same(d)
	lifted := map[record.ID]bool{}
	for _, c := range d.Checks {
		if c.OK && same[c.Of] && Other(c.User, d.Transfer.User) {
			for _, id := range c.Lifts {
				lifted[id] = true
			}
		}
	}
	for _, c := range d.Checks {
		if !c.OK && same[c.Of] && !lifted[c.Change] {
			out = append(out, c)
		}
	}
	return out
}

// Knowing completes a check that is made by somebody who sees the document as it is here: one that passes lifts the
// objections that stand. What was lifted expressly stays as it is.
func Knowing(d record.Document, c record.DocumentChecked) record.DocumentChecked {
	if !c.OK || c.Lifts != nil {
		return c
	}
	for _, o := range Objections(d) {
		c.Lifts = append(c.Lifts, o.Change)
	}
	return c
}

// MayPass tells whether a person may say of a scan that it is good: everybody else than the one who scanned, and that
// one as long as she has not vouched for it.
func MayPass(d record.Document, user string) bool {
	n := d.Transfer
	return n != nil && (Other(user, n.User) || Self(user, n.User) && !Vouched(d))
}

// Other tells whether two names are surely two persons.
func Other(a, b string) bool { return Folded(a) != "" && Folded(b) != "" && Folded(a) != Folded(b) }

// Self tells whether two names are surely one person.
func Self(a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	return a != "" && strings.EqualFold(a, b)
}

// Folded is a name by which persons are told apart: capitals and blanks make no other person.
func Folded(user string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(user), " ")))
}

// Place is where a scan stands on the way to the destruction of its paper.
type Place int

// The places. Stores keep these numbers.
const (
	PlaceNone    Place = 0 // it is no scan with a note, or lies in the trash
	PlaceWaiting Place = 1 // for a second person's check
	PlaceBlocked Place = 2 // objected to, or the note does not stand
	PlaceFree    Place = 3 // the paper may be destroyed
	PlaceVouch   Place = 4 // checked; the person who scanned has to vouch for it
)

// PlaceOf tells where a scan stands.
func PlaceOf(d record.Document) Place {
	if d.Trashed != nil {
		return PlaceNone
	}
	switch ToDestroy(d) {
	case NeedNote, NeedCase:
		return PlaceNone
	case NeedNothing:
		return PlaceFree
	case NeedSound, NeedMend:
		return PlaceBlocked
	case NeedMatch:
		if checks(d) == NeedNothing {
			return PlaceVouch
		}
	}
	return PlaceWaiting
}

// Share is how many per cent of the scans are drawn for a second look unless somebody has said otherwise.
const Share = 5

// Draw is the number from 0 to 99 that a scan has drawn; -1 for what is no scan with a note. Every desk draws the
// same, and nobody can choose.
func Draw(d record.Document) int {
	if d.Transfer == nil || len(d.Originals) == 0 {
		return -1
	}
	sum := sha256.Sum256([]byte("schalter/sample/1" + string(d.ID) + string(d.Originals[0].Blob.Hash)))
	return int(binary.BigEndian.Uint32(sum[:]) % 100)
}

// Drawn tells whether a scan is among the share (in per cent) that is drawn for a second look. A larger share draws
// all that a smaller one does.
func Drawn(d record.Document, percent int) bool {
	n := Draw(d)
	return n >= 0 && n < percent
}
