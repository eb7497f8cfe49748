package merge

import (
	"maps"
	"slices"

	"schalter/data/record"
)

// keepBefore is how many replaced versions a group remembers, so that a conflict can show what both sides
// had seen and a repeated change is recognised. Older ones are in the journal.
const keepBefore = 4

func fields(c *record.Case, ch record.Change, f record.Fields) bool {
	edited := false
	for _, g := range f.Groups {
		if g.Group == "" || applied(c, g.Group, ch.ID) {
			continue
		}
		revive(c, ch)
		edit(c, g.Group, g.Base, version(ch, g.Values))
		edited = true
	}
	return edited
}

// resolve ends the conflict the clerk decided and sets the group as an edit would. A conflict that has
// become another one since (its other side was edited again) stays: nobody has looked at that yet.
func resolve(c *record.Case, ch record.Change, r record.Resolved) bool {
	if r.Group == "" {
		return resolveRemoval(c, ch, r)
	}
	if applied(c, r.Group, ch.ID) {
		return false
	}
	revive(c, ch)
	dropConflict(c, r.Conflict, r.Group)
	edit(c, r.Group, r.Base, version(ch, r.Values))
	return true
}

func version(ch record.Change, v record.Values) record.Group {
	return record.Group{Version: ch.ID, Values: v, Time: ch.Time, User: ch.User, Device: ch.Device}
}

// edit brings new values into a group that its maker saw at version base.
func edit(c *record.Case, group string, base record.ID, next record.Group) {
	if next.Values == nil {
		next.Values = record.Values{}
	}
	present, exists := c.Groups[group]
	lost := slices.IndexFunc(c.Conflicts, func(k record.Conflict) bool {
		return base != "" && k.Group == group && k.Other.Version == base
	})
	switch {
	case !exists || is(present, base):
		replace(c, group, next)
	case same(present.Values, next.Values):
		if lost >= 0 {
			c.Conflicts = without(c.Conflicts, lost)
		}
		agree(c, group, next)
	case lost >= 0:
		// The maker built on an own edit that lost: the same disagreement with newer values. It gets a new
		// id, so that a resolution made before these values were known does not sweep them away.
		k := c.Conflicts[lost]
		k.Earlier = append(slices.Clip(k.Earlier), k.ID)
		k.ID, k.Other = next.Version, next
		c.Conflicts = slices.Clone(c.Conflicts)
		c.Conflicts[lost] = k
	default:
		c.Conflicts = append(slices.Clip(c.Conflicts), record.Conflict{
			ID: next.Version, Group: group, Base: known(present, base), Kept: bare(present), Other: next,
		})
	}
}

// replace makes next the present version; conflicts about the group now are about it.
func replace(c *record.Case, group string, next record.Group) {
	if old, ok := c.Groups[group]; ok {
		next.Before = append([]record.Group{bare(old)}, old.Before[:min(len(old.Before), keepBefore-1)]...)
	}
	setGroup(c, group, next)
	settle(c, group)
}

// agree: two desks wrote the same. The smaller id becomes the version whichever came first, and the other
// counts as the same version from now on, so neither desk's next edit collides.
func agree(c *record.Case, group string, next record.Group) {
	g := c.Groups[group]
	other := next.Version
	if other < g.Version {
		other = g.Version
		g.Version, g.Time, g.User, g.Device = next.Version, next.Time, next.User, next.Device
	}
	if !slices.Contains(g.Also, other) {
		g.Also = append(slices.Clip(g.Also), other)
		slices.Sort(g.Also)
	}
	setGroup(c, group, g)
	settle(c, group)
}

// settle brings the conflicts about a group to its present version and ends those whose sides are equal
// now.
func settle(c *record.Case, group string) {
	if !slices.ContainsFunc(c.Conflicts, func(k record.Conflict) bool { return k.Group == group }) {
		return
	}
	g := c.Groups[group]
	var left []record.Conflict
	for _, k := range c.Conflicts {
		if k.Group == group {
			if same(k.Other.Values, g.Values) {
				if !is(g, k.Other.Version) {
					g.Also = append(slices.Clip(g.Also), k.Other.Version)
				}
				continue
			}
			k.Kept = bare(g)
		}
		left = append(left, k)
	}
	slices.Sort(g.Also)
	c.Conflicts = left
	setGroup(c, group, g)
}

// applied reports whether the state of the group shows that the change was folded before.
func applied(c *record.Case, group string, id record.ID) bool {
	if g, ok := c.Groups[group]; ok && (is(g, id) || slices.ContainsFunc(g.Before, func(b record.Group) bool { return is(b, id) })) {
		return true
	}
	return slices.ContainsFunc(c.Conflicts, func(k record.Conflict) bool {
		return k.Group == group && (k.ID == id || slices.Contains(k.Earlier, id))
	})
}

func is(g record.Group, id record.ID) bool {
	return id != "" && (g.Version == id || slices.Contains(g.Also, id))
}

// known finds the version both sides started from among those the group remembers.
func known(present record.Group, base record.ID) record.Group {
	for _, b := range present.Before {
		if is(b, base) {
			return b
		}
	}
	return record.Group{Version: base}
}

func bare(g record.Group) record.Group {
	g.Before = nil
	return g
}

func setGroup(c *record.Case, group string, g record.Group) {
	m := maps.Clone(c.Groups)
	if m == nil {
		m = make(map[string]record.Group, 1)
	}
	m[group] = g
	c.Groups = m
}

func dropConflict(c *record.Case, id record.ID, group string) bool {
	i := slices.IndexFunc(c.Conflicts, func(k record.Conflict) bool { return k.ID == id && k.Group == group })
	if i < 0 {
		return false
	}
	c.Conflicts = without(c.Conflicts, i)
	return true
}

// without leaves out element i and the array of list alone.
func without[T any](list []T, i int) []T {
	if len(list) == 1 {
		return nil
	}
	return slices.Concat(list[:i], list[i+1:])
}

// same compares answers; an empty one is none.
func same(a, b record.Values) bool {
	return covers(a, b) && covers(b, a)
}

func covers(a, b record.Values) bool {
	for k, v := range b {
		if v != a[k] {
			return false
		}
	}
	return true
}
