// Package merge says what happens when several desks change one case.
//
// It is for the store, which shows a case as the changes the centre has placed, in their order, followed
// by the desk's own that are still waiting; and for the centre, which keeps the same projection.
//
// It promises that everybody who folds the same changes in the same order gets the same case; that edits
// of different groups of fields always merge; that no edit gets lost: its values are the group's values,
// or one side of a [record.Conflict], or were replaced by somebody who had seen them; and that a change a
// program does not understand does no harm and stops nothing.
//
// It never reads a clock, never makes a change by itself (so two resolutions can collide, but never chase
// each other) and imports nothing but the words of the house.
package merge

import (
	"fmt"
	"slices"

	"schalter/data/record"
)

// Fold applies one change to its case. The zero case takes any change, also one that comes before the
// case was opened.
//
// A change that the case shows as applied already is passed over. Payloads that were erased, cannot be
// read or are of an unknown kind only move Last and Updated. The only error is a change of another case.
// Maps and slices that c shares with a copy are left as they were.
func Fold(c *record.Case, ch record.Change) error {
	if c.ID != "" && c.ID != ch.Case {
		return fmt.Errorf("merge: change %s belongs to case %s, not to %s", ch.ID, ch.Case, c.ID)
	}
	if ch.ID != "" && c.Last == ch.ID {
		return nil
	}
	c.ID = ch.Case
	var edited bool
	switch ch.Kind {
	case record.KindOpen:
		edited = with(ch, c, open)
	case record.KindFields:
		edited = with(ch, c, fields)
	case record.KindState:
		edited = with(ch, c, step)
	case record.KindDocument:
		edited = with(ch, c, document)
	case record.KindNote:
		edited = with(ch, c, note)
	case record.KindResolve:
		edited = with(ch, c, resolve)
	case record.KindDelete:
		edited = with(ch, c, remove)
	default:
		edited = paper(c, ch)
	}
	if edited {
		c.Edited = ch.ID
	}
	c.Last, c.Updated = ch.ID, ch.Time
	return nil
}

// Replay folds the changes of one case in the given order, each only once.
func Replay(changes []record.Change) (record.Case, error) {
	var c record.Case
	seen := make(map[record.ID]bool, len(changes))
	for _, ch := range changes {
		if seen[ch.ID] {
			continue
		}
		seen[ch.ID] = true
		if err := Fold(&c, ch); err != nil {
			return record.Case{}, err
		}
	}
	return c, nil
}

// Check tells whether the payload of a change can be folded at all: readable, no group without a name,
// none twice, what is said about a document possible. Whoever takes changes in can refuse such a one; Fold survives it. Erased payloads and
// unknown kinds pass.
func Check(ch record.Change) error {
	if ch.Erased() {
		return nil
	}
	if check := checks[ch.Kind]; check != nil {
		return check(ch)
	}
	return nil
}

var checks = map[record.Kind]func(record.Change) error{
	record.KindOpen:     readable[record.Opened],
	record.KindFields:   checkFields,
	record.KindState:    readable[record.StateStep],
	record.KindDocument: sensible[record.DocumentAdded],
	record.KindNote:     readable[record.Note],
	record.KindEvent:    readable[record.Event],
	record.KindResolve:  readable[record.Resolved],
	record.KindDelete:   readable[record.Deleted],
	record.KindVersion:  sensible[record.DocumentVersion],
	record.KindMark:     sensible[record.DocumentMarked],
	record.KindCheck:    sensible[record.DocumentChecked],
	record.KindCertify:  sensible[record.DocumentCertified],
	record.KindTrash:    sensible[record.DocumentTrashed],
	record.KindForm:     checkForm,
}

func checkFields(ch record.Change) error {
	f, err := record.Decode[record.Fields](ch)
	if err != nil {
		return err
	}
	return CheckFields(f)
}

// CheckFields is the part of [Check] that looks into a payload which its maker still has at hand.
func CheckFields(f record.Fields) error {
	seen := map[string]bool{}
	for _, g := range f.Groups {
		if g.Group == "" || seen[g.Group] {
			return record.E(record.CodeRejected, fmt.Errorf("group %q empty or twice", g.Group))
		}
		seen[g.Group] = true
	}
	return nil
}

func readable[T any](ch record.Change) error {
	_, err := record.Decode[T](ch)
	return err
}

// sensible is readable for what is said about a document.
func sensible[T any](ch record.Change) error {
	p, err := record.Decode[T](ch)
	if err != nil {
		return err
	}
	return CheckPaper(p)
}

// with folds a payload that can be read and passes over one that cannot: one poisoned change must not
// take the whole case away. It reports whether the case says something else now.
func with[T any](ch record.Change, c *record.Case, apply func(*record.Case, record.Change, T) bool) bool {
	p, err := record.Decode[T](ch)
	return err == nil && apply(c, ch, p)
}

func open(c *record.Case, ch record.Change, o record.Opened) bool {
	if c.Device != "" {
		return false // a case begins once
	}
	c.Service, c.Form, c.Title, c.Roles = o.Service, o.Form, o.Title, o.Roles
	c.Office, c.Channel, c.Meeting = o.Office, o.Channel, o.Meeting
	c.Created, c.User, c.Device = ch.Time, ch.User, ch.Device
	if c.State == "" {
		c.State = record.StateOpen
	}
	return true
}

// step: the later step wins, but the number that a citizen has in hand stays.
func step(c *record.Case, ch record.Change, s record.StateStep) bool {
	revive(c, ch)
	if s.To != "" {
		c.State = s.To
	}
	if c.Number == "" {
		c.Number = s.Number
	}
	return true
}

func document(c *record.Case, ch record.Change, d record.DocumentAdded) bool {
	doc := d.Document
	if doc.ID == "" {
		doc.ID = ch.ID
	}
	if slices.ContainsFunc(c.Documents, func(have record.Document) bool { return have.ID == doc.ID }) {
		return false
	}
	revive(c, ch)
	c.Documents = append(slices.Clip(c.Documents), filed(doc))
	catchUp(c)
	return true
}

func note(c *record.Case, ch record.Change, n record.Note) bool {
	if slices.ContainsFunc(c.Notes, func(have record.NoteEntry) bool { return have.ID == ch.ID }) {
		return false
	}
	revive(c, ch)
	c.Notes = append(slices.Clip(c.Notes), record.NoteEntry{ID: ch.ID, Text: n.Text, Time: ch.Time, User: ch.User})
	return true
}
