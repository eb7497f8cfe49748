package form

import (
	"slices"
	"strconv"
	"strings"
)

// inst is one group or field on the page. A repeated item is one inst as a whole (its heading) with one
// inst for each row below it.
type inst struct {
	item     Item
	path     string
	parent   *inst
	row      int
	depth    int
	place    int       // order on the page
	children [][]*inst // of a group or row: by item; of a heading: all rows in [0]

	visible bool
	show    *cell

	// of a field
	value, check *cell
	typed        string
	canonical    string // of what was typed
	parsed       value  // of what was typed
	answer       value  // what rules see: nothing while hidden
	trouble      complaint
	required     bool
	problems     []Problem
	within       *inst
}

func (i *inst) internal() bool { return i.item.Field != nil && i.item.Field.Internal }

func (i *inst) heading() bool { return i.item.repeat() != nil && i.row == 0 }

// cell is one thing to compute: whether an item is shown, a field's answer, its problems, or a proof.
type cell struct {
	kind       cellKind
	inst       *inst
	proofState ProofState
	rank       int
	rules      []*live
	readers    []*cell
	dirty      bool
}

type cellKind byte

const (
	cellShow cellKind = iota
	cellValue
	cellCheck
	cellProof
)

// live is a rule at one place with the places it reads.
type live struct {
	*bound
	refs [][]*inst
	key  string // for reasons
}

// get gives the answers of a reference.
func (l *live) get(k int) value {
	r, at := l.bound.refs[k], l.refs[k]
	if r.own {
		return count(at[0].row)
	}
	if r.rows {
		n := 0
		for _, i := range at {
			if i.visible {
				n++
			}
		}
		return count(n)
	}
	if !r.list {
		return at[0].answer
	}
	v := value{kind: kindList}
	for _, i := range at {
		switch i.answer.kind {
		case kindNone:
		case kindList:
			v.list = append(v.list, i.answer.list...)
		default:
			v.list = append(v.list, i.answer)
		}
	}
	return v
}

// build lays out the page for the present rows and wires every rule at every place.
func (s *Session) build() {
	s.groups, s.fields, s.proofs = nil, nil, nil
	s.byPath, s.byProof = map[string]*inst{}, map[string]*cell{}
	s.dirty = make([][]*cell, s.form.plan.ranks+1)
	place := 0
	for _, g := range s.form.Groups {
		s.groups = append(s.groups, s.grow(Item{Group: g}, nil, &place))
	}
	for _, p := range s.form.Proofs {
		n := &cell{kind: cellProof, rank: s.form.plan.ranks, proofState: ProofState{Proof: p}}
		s.proofs = append(s.proofs, n)
		s.byProof[p.ID] = n
	}
	for _, b := range s.form.plan.bounds {
		s.wire(b)
	}
	for _, i := range s.fields {
		if w := i.item.Field.Within; w != "" {
			i.within = s.find(i, Item{Field: s.form.items[w].Field}, i.item.Field.chain())[0]
			i.within.value.readers = append(i.within.value.readers, i.check)
		}
	}
}

// grow makes the inst of an item below parent, with rows and children.
func (s *Session) grow(it Item, parent *inst, place *int) *inst {
	name := it.path()
	name = name[strings.LastIndexByte(name, '/')+1:]
	if parent != nil {
		name = parent.path + "/" + name
	}
	i := s.add(it, parent, name, 0, place)
	rep := it.repeat()
	if rep == nil {
		s.fill(i, place)
		return i
	}
	s.rows[name] = max(s.rows[name], rep.Min)
	rows := make([]*inst, 0, s.rows[name])
	for r := 1; r <= s.rows[name]; r++ {
		row := s.add(it, i, name+"["+strconv.Itoa(r)+"]", r, place)
		s.fill(row, place)
		rows = append(rows, row)
	}
	i.children = [][]*inst{rows}
	return i
}

func (s *Session) add(it Item, parent *inst, path string, row int, place *int) *inst {
	i := &inst{item: it, path: path, parent: parent, row: row, place: *place}
	*place++
	i.show = &cell{kind: cellShow, inst: i, rank: s.form.plan.rank[shown(it.path())]}
	if parent != nil {
		i.depth = parent.depth + 1
		parent.show.readers = append(parent.show.readers, i.show)
	}
	s.byPath[path] = i
	return i
}

// fill makes a group's children, or what a field computes.
func (s *Session) fill(i *inst, place *int) {
	if g := i.item.Group; g != nil {
		for _, c := range g.Items {
			i.children = append(i.children, []*inst{s.grow(c, i, place)})
		}
		return
	}
	i.value = &cell{kind: cellValue, inst: i, rank: s.form.plan.rank[answer(i.item.path())]}
	i.check = &cell{kind: cellCheck, inst: i, rank: s.form.plan.ranks}
	i.show.readers = append(i.show.readers, i.value, i.check)
	i.value.readers = append(i.value.readers, i.check)
	s.fields = append(s.fields, i)
	i.enter(s, s.typed[i.path])
}

// wire puts a rule at each place of its target.
func (s *Session) wire(b *bound) {
	if b.proof != nil {
		s.connect(&live{bound: b, key: b.rule.ID}, s.byProof[b.proof.ID], nil)
		return
	}
	chain := b.chain()
	whole := b.rule.Kind == RuleShow || b.rule.Kind == RuleHide
	for _, i := range s.instances(b.item) {
		if whole && i.item.repeat() != nil && !i.heading() || !whole && i.heading() {
			continue
		}
		l := &live{bound: b, key: b.rule.ID}
		if len(chain) > 0 {
			l.key += "@" + i.path
		}
		switch {
		case whole:
			s.connect(l, i.show, i)
		case b.rule.Kind == RuleCalculate:
			s.connect(l, i.value, i)
		default:
			s.connect(l, i.check, i)
		}
	}
}

func (s *Session) connect(l *live, n *cell, from *inst) {
	n.rules = append(n.rules, l)
	chain := l.chain()
	for _, r := range l.bound.refs {
		if r.own { // rows that move are laid out anew, so the number never changes here
			l.refs = append(l.refs, []*inst{from.rowOf(r.path())})
			continue
		}
		within := chain
		if k := slices.Index(chain, r.path()); r.rows && k >= 0 {
			within = chain[:k] // all rows, not just the one we are in
		}
		at := s.find(from, r.item, within)
		l.refs = append(l.refs, at)
		for _, i := range at {
			src := i.value
			if r.rows {
				src = i.show
			}
			if !slices.Contains(src.readers, n) {
				src.readers = append(src.readers, n)
			}
		}
	}
}

// instances lists an item's insts, headings and rows.
func (s *Session) instances(it Item) []*inst {
	at := s.find(nil, it, nil)
	if it.repeat() == nil {
		return at
	}
	seen := map[*inst]bool{}
	var out []*inst
	for _, i := range append(s.headings(it), at...) {
		if !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	return out
}

// headings lists the headings of a repeated item, which exist even without rows.
func (s *Session) headings(it Item) []*inst {
	var parents []*inst
	if g := it.parent(); g != nil {
		parents = s.find(nil, Item{Group: g}, nil)
	} else {
		parents = []*inst{nil}
	}
	var out []*inst
	for _, p := range parents {
		out = append(out, s.below(p, it))
	}
	return out
}

func (it Item) index() int {
	if it.Group != nil {
		return it.Group.index
	}
	return it.Field.index
}

// find lists the insts of an item as seen from a place inside the repeats of chain: in the same rows as far
// as both lie in the same repeats, in all rows beyond.
func (s *Session) find(from *inst, it Item, chain []string) []*inst {
	var way []Item
	for x := it; ; {
		way = append(way, x)
		g := x.parent()
		if g == nil {
			break
		}
		x = Item{Group: g}
	}
	slices.Reverse(way)
	at := []*inst{nil}
	for _, step := range way {
		var next []*inst
		for _, p := range at {
			head := s.below(p, step)
			switch {
			case step.repeat() == nil:
				next = append(next, head)
			case from != nil && slices.Contains(chain, step.path()):
				next = append(next, from.rowOf(step.path()))
			default:
				next = append(next, head.children[0]...)
			}
		}
		at = next
	}
	return at
}

// below is an item's inst in a group's inst, the heading where it repeats; p is nil at the top.
func (s *Session) below(p *inst, it Item) *inst {
	if p == nil {
		return s.groups[it.index()]
	}
	return p.children[it.index()][0]
}

// rowOf is the row of the repeated item with the definition path that i lies in.
func (i *inst) rowOf(path string) *inst {
	for x := i; x != nil; x = x.parent {
		if x.row > 0 && x.item.path() == path {
			return x
		}
	}
	return nil
}
