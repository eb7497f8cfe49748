package form

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Places lists the groups and fields of the page in order, rows of repeats included, those that are hidden now
// too.
func (s *Session) Places() []Place {
	var out []Place
	var walk func(i *inst)
	walk = func(i *inst) {
		if i.internal() {
			return
		}
		out = append(out, Place{Path: i.path, Item: i.item, Row: i.row, Depth: i.depth})
		for _, c := range i.children {
			for _, x := range c {
				walk(x)
			}
		}
	}
	for _, g := range s.groups {
		walk(g)
	}
	return out
}

// Rows tells how many rows a repeated group or field has; path is that of its heading.
func (s *Session) Rows(path string) int {
	if i := s.byPath[path]; i != nil && i.heading() {
		return len(i.children[0])
	}
	return 0
}

// AddRow puts an empty row behind the last one. At the form's limit it has no effect.
func (s *Session) AddRow(path string) Effect {
	i := s.byPath[path]
	if i == nil || !i.heading() || len(i.children[0]) >= i.item.repeat().max() {
		return Effect{}
	}
	was := s.states()
	s.rows[path]++
	s.build()
	s.defaults(path + "[" + strconv.Itoa(s.rows[path]) + "]")
	return s.rebuild(was)
}

// RemoveRow takes a row out with everything typed in it; the rows below move up. A row that the form always
// has is emptied instead of removed where no other could take its place.
func (s *Session) RemoveRow(path string, row int) Effect {
	i := s.byPath[path]
	if i == nil || !i.heading() || row < 1 || row > len(i.children[0]) {
		return Effect{}
	}
	was := s.states()
	s.renumber(path, func(r int) int {
		switch {
		case r == row:
			return 0
		case r > row:
			return r - 1
		}
		return r
	})
	s.rows[path]--
	return s.rebuild(was)
}

// MoveRow puts a row at another place; the rows between move by one.
func (s *Session) MoveRow(path string, from, to int) Effect {
	i := s.byPath[path]
	n := s.Rows(path)
	if i == nil || from < 1 || from > n || to < 1 || to > n || from == to {
		return Effect{}
	}
	was := s.states()
	s.renumber(path, func(r int) int {
		switch {
		case r == from:
			return to
		case from < r && r <= to:
			return r - 1
		case to <= r && r < from:
			return r + 1
		}
		return r
	})
	return s.rebuild(was)
}

// renumber gives the rows of a repeated item new numbers; 0 drops the row.
func (s *Session) renumber(path string, to func(int) int) {
	s.typed = moved(s.typed, path, to)
	s.rows = moved(s.rows, path, to)
	for key, reason := range maps.Clone(s.reasons) {
		rule, at, ok := strings.Cut(key, "@")
		if !ok {
			continue
		}
		if now, in := rowPath(at, path, to); in && now != at {
			delete(s.reasons, key)
			if now != "" {
				defer func() { s.reasons[rule+"@"+now] = reason }()
			}
		}
	}
}

func moved[T any](m map[string]T, path string, to func(int) int) map[string]T {
	out := make(map[string]T, len(m))
	for k, v := range m {
		if now, in := rowPath(k, path, to); !in {
			out[k] = v
		} else if now != "" {
			out[now] = v
		}
	}
	return out
}

// rowPath renumbers an instance path inside a repeated item; in is false for paths outside.
func rowPath(at, path string, to func(int) int) (now string, in bool) {
	rest, ok := strings.CutPrefix(at, path+"[")
	if !ok {
		return at, false
	}
	number, rest, _ := strings.Cut(rest, "]")
	r := to(rowNumber(number + "]"))
	if r == 0 {
		return "", true
	}
	return path + "[" + strconv.Itoa(r) + "]" + rest, true
}

type seen struct {
	states map[string]snapshot
	proofs []ProofState
}

func (s *Session) states() seen {
	x := seen{states: map[string]snapshot{}, proofs: s.Proofs()}
	for p, i := range s.byPath {
		x.states[p] = s.snapshot(i)
	}
	return x
}

// rebuild lays the page out anew after rows changed and reports what looks different at which path.
func (s *Session) rebuild(was seen) Effect {
	s.build()
	s.all()
	e := Effect{Rows: true, Evaluated: s.evals}
	for _, p := range s.Places() {
		before, had := was.states[p.Path]
		if !had || !before.same(s.snapshot(s.byPath[p.Path])) {
			e.Changed = append(e.Changed, p.Path)
		}
	}
	gone := []string{}
	for p := range was.states {
		if s.byPath[p] == nil {
			gone = append(gone, p)
		}
	}
	slices.Sort(gone)
	e.Changed = append(e.Changed, gone...)
	for k, p := range s.Proofs() {
		if p != was.proofs[k] {
			e.Changed = append(e.Changed, proofPrefix+p.Proof.ID)
		}
	}
	return e
}
