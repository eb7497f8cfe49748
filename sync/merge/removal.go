package merge

import (
	"slices"

	"schalter/data/record"
)

// What a conflict about a deletion carries: its Group is "", its ID is the deletion's, Other.Values holds
// the deletion's reason. A clerk keeps the case with a Resolved of group "" without values, and deletes it
// after all with [ValueDelete] set to "true" (Base is then the last change of the case she saw) or with a
// new deletion.
const (
	ValueReason = "reason"
	ValueDelete = "delete"
)

// remove deletes a case for one who has seen its last edit. Against an edit the deleter had not seen, the
// edit lives and a clerk decides.
func remove(c *record.Case, ch record.Change, d record.Deleted) bool {
	if c.Deleted || hasConflict(c, ch.ID) {
		return false
	}
	gone := version(ch, record.Values{ValueReason: d.Reason})
	if !sawAll(c, d.Base) {
		dispute(c, gone)
		return false
	}
	bury(c, gone)
	return true
}

func resolveRemoval(c *record.Case, ch record.Change, r record.Resolved) bool {
	if hasConflict(c, ch.ID) || c.Removal != nil && c.Removal.Version == ch.ID {
		return false
	}
	found := dropConflict(c, r.Conflict, "")
	if r.Values[ValueDelete] != "true" {
		// "Keep it" against somebody who deleted it after all at the same time: the case lives and the
		// deletion is asked about again.
		if !found {
			revive(c, ch)
		}
		return true
	}
	if c.Deleted {
		return false
	}
	gone := version(ch, record.Values{ValueReason: r.Values[ValueReason]})
	if !sawAll(c, r.Base) {
		dispute(c, gone)
		return false
	}
	bury(c, gone)
	return true
}

// revive: an edit on a deleted case lives, and the deletion becomes a conflict.
func revive(c *record.Case, ch record.Change) {
	if !c.Deleted {
		return
	}
	gone := record.Group{Version: ch.ID}
	if c.Removal != nil {
		gone = *c.Removal
	}
	c.Deleted, c.Removal = false, nil
	dispute(c, gone)
}

func bury(c *record.Case, gone record.Group) {
	c.Deleted, c.Removal = true, &gone
	c.Conflicts = slices.DeleteFunc(slices.Clone(c.Conflicts), func(k record.Conflict) bool { return k.Group == "" })
	if len(c.Conflicts) == 0 {
		c.Conflicts = nil
	}
}

func dispute(c *record.Case, gone record.Group) {
	c.Conflicts = append(slices.Clip(c.Conflicts), record.Conflict{ID: gone.Version, Other: gone})
}

func hasConflict(c *record.Case, id record.ID) bool {
	return slices.ContainsFunc(c.Conflicts, func(k record.Conflict) bool { return k.ID == id && k.Group == "" })
}

func sawAll(c *record.Case, base record.ID) bool {
	return base == c.Last || base == c.Edited
}
