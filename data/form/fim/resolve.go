package fim

import (
	"fmt"
	"regexp"
	"slices"
)

// oldID is an id of XDatenfelder 2, which authors go on writing in the prose of version 3: two digits for the
// editor instead of five. G60000086 has become G60000000086.
var oldID = regexp.MustCompile(`^[FG][0-9]{8}$`)

func sameID(id, written string) bool {
	return id == written || oldID.MatchString(written) && id == written[:3]+"000"+written[3:]
}

// resolve finds the one place that a reference means: below the element that the rule stands at, else below
// the nearest element around it. Two places of the same id are a doubt, never a choice.
func (b *builder) resolve(host *node, ids []string) (n *node, why string) {
	for scope := host; scope != nil; scope = scope.parent {
		hits := find(scope, ids, adjacent)
		if len(hits) == 0 && len(ids) > 1 {
			hits = find(scope, ids, somewhere)
		}
		switch len(hits) {
		case 0:
			continue
		case 1:
			return hits[0], ""
		}
		return nil, fmt.Sprintf("it stands at %d places, such as %s and %s", len(hits), hits[0].path, hits[1].path)
	}
	return nil, "it does not stand in the form"
}

// find lists the places below scope that a path of ids leads to.
func find(scope *node, ids []string, leads func(n *node, ids []string) bool) []*node {
	var out []*node
	last := ids[len(ids)-1]
	for _, n := range scope.all() {
		if n.parent != nil && sameID(n.e.id, last) && leads(n.parent, ids[:len(ids)-1]) {
			out = append(out, n)
		}
	}
	return out
}

// adjacent demands that each id is the parent of the next.
func adjacent(n *node, ids []string) bool {
	for _, id := range slices.Backward(ids) {
		if n == nil || !sameID(n.e.id, id) {
			return false
		}
		n = n.parent
	}
	return true
}

// somewhere lets a path leave out what lies between.
func somewhere(n *node, ids []string) bool {
	for _, id := range slices.Backward(ids) {
		for n != nil && !sameID(n.e.id, id) {
			n = n.parent
		}
		if n == nil {
			return false
		}
		n = n.parent
	}
	return true
}

// names are all names of the elements with an id.
func (b *builder) names(id string) []string {
	if out, ok := b.called[id]; ok {
		return out
	}
	out := []string{}
	for _, n := range b.root.all() {
		if n.parent == nil || !sameID(n.e.id, id) {
			continue
		}
		for _, s := range append([]string{n.e.title(), n.e.name}, n.e.labels...) {
			if s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	b.called[id] = out
	return out
}
