package sorting

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"schalter/data/record"
)

// Sort puts the pages of a stack into groups, in the order of their first pages. Every page that is not filed is in
// exactly one; those that are filed count for where the others belong.
func Sort(s Stack, o Office) []Group {
	w := &sorter{office: o, stack: s}
	w.read()
	w.bound()
	for i := range s.Pages {
		w.page(i)
	}
	w.cut()
	w.byHand()
	return w.finish()
}

// sorter goes through a stack.
type sorter struct {
	office  Office
	stack   Stack
	says    []said
	groups  []*heap
	cur     *heap // where pages without a sheet of their own go; nil: none yet
	waiting []int // separators and their backs that wait for the page they begin a document with
}

// heap is a group being made: pages by their place in the stack.
type heap struct {
	Group
	at    []int
	roles map[int]Role // nil: it is not among the groups yet, but begins with the next page
}

func (h *heap) add(i int, r Role) {
	h.at = append(h.at, i)
	if r != RolePage {
		h.roles[i] = r
	}
}

func (h *heap) doubt(d Doubt) {
	if !slices.Contains(h.Doubts, d) {
		h.Doubts = append(h.Doubts, d)
	}
}

// said is what the codes on a page come to.
type said struct {
	sheet  Code // a sheet of ours that is as it was printed
	reason Reason
	form   bool
	number []string
}

// isSheet reports whether the page is a sheet, good or bad.
func (s said) isSheet() bool { return s.sheet.Kind != "" || s.reason != "" && s.reason != ReasonUnread }

// read looks at the codes of all pages.
func (w *sorter) read() {
	w.says = make([]said, len(w.stack.Pages))
	for i, p := range w.stack.Pages {
		w.says[i] = w.office.said(p)
	}
}

func (o Office) said(p Page) said {
	var s said
	var sheets []Code
	damaged := p.Damaged
	for _, text := range p.Codes {
		c, err := ParseCode(text)
		switch {
		case errors.Is(err, ErrDamaged):
			damaged = true
			s.reason = ReasonDamaged
		case err != nil:
		case c.Kind == KindForm:
			s.form = true
		case c.Kind == KindNumber:
			s.number = append(s.number, c.Number)
		case !slices.Contains(sheets, c):
			sheets = append(sheets, c)
		}
	}
	switch {
	case !p.Read:
		s.reason = ReasonUnread
	case len(sheets) > 1:
		s.reason = ReasonTwo
	case s.reason != "":
	case len(sheets) == 1 && sheets[0].Authority != o.Authority:
		s.reason = ReasonOther
	case len(sheets) == 1: // a second code on it that cannot be read says nothing else
		s.sheet = sheets[0]
	case damaged:
		s.reason = ReasonDamaged
	}
	return s
}

// bound begins with the case that the stack was scanned for. A clerk has chosen it, also where it is done.
func (w *sorter) bound() {
	g := w.stack.Goes
	if g == nil {
		return
	}
	next := Group{Number: g.Number, Proof: g.Proof}
	if next.Known, next.Reason = w.office.find(g.Number); next.Reason == ReasonClosed {
		next.Reason = ""
	}
	w.cur = &heap{Group: next}
}

func (w *sorter) begin(i int) *heap {
	h := &heap{Group: Group{Key: w.stack.Pages[i].ID}, roles: map[int]Role{}}
	w.groups = append(w.groups, h)
	return h
}

// page puts one page where it belongs, or leaves it to [sorter.byHand].
func (w *sorter) page(i int) {
	p, s := w.stack.Pages[i], w.says[i]
	switch {
	case p.Given != nil:
		if s.isSheet() || s.reason == ReasonUnread {
			w.moved(s, *p.Given)
		}
	case s.reason != "":
		w.bad(i, s.reason)
	case s.sheet.Kind == KindCover:
		w.cover(i, s.sheet)
	case s.sheet.Kind == KindSeparator:
		w.separator(i)
	case w.isBack(i) && w.stack.Pages[i-1].Given == nil:
		w.back(i)
	default:
		w.plain(i)
	}
}

// moved goes on behind a sheet that a clerk has put somewhere: unless it is where the sheet says, what lay
// behind it lies behind nothing now.
func (w *sorter) moved(s said, g Given) {
	w.cut()
	if s.sheet.Kind == KindSeparator {
		return // it says nothing about the case
	}
	next := Group{Reason: ReasonMoved}
	switch {
	case s.reason != "":
		next.Reason = s.reason
	case g.Number == s.sheet.Number && !g.Aside:
		next.Number, next.Proof = s.sheet.Number, s.sheet.Proof
		next.Known, next.Reason = w.office.find(next.Number)
	}
	w.cur = &heap{Group: next}
}

// bad begins a group that is in no case with the page that is why.
func (w *sorter) bad(i int, why Reason) {
	w.cut()
	if why == ReasonUnread && w.cur != nil && w.cur.Reason == ReasonUnread && len(w.cur.at) > 0 {
		w.cur.add(i, RolePage)
		return
	}
	w.cur = w.begin(i)
	w.cur.Reason = why
	role := RoleCover
	if why == ReasonUnread {
		role = RolePage
	}
	w.cur.add(i, role)
}

func (w *sorter) cover(i int, c Code) {
	w.cut()
	h := w.begin(i)
	w.front(i, h)
	h.Number, h.Proof = c.Number, c.Proof
	h.Known, h.Reason = w.office.find(c.Number)
	switch g := w.stack.Goes; {
	case g == nil:
	case g.Number != c.Number:
		h.doubt(DoubtAway)
	case h.Reason == ReasonClosed: // it was chosen by hand before
		h.Reason = ""
		h.doubt(DoubtClosed)
	}
	w.checkProof(h)
	h.add(i, RoleCover)
	w.cur = h
}

func (w *sorter) checkProof(h *heap) {
	if h.Proof != "" && h.Known.Proofs != nil && !slices.Contains(h.Known.Proofs, h.Proof) {
		h.doubt(DoubtProof)
	}
}

// find says of which case a number is, or why pages cannot go there.
func (o Office) find(number string) (Known, Reason) {
	k, ok := o.Case(number)
	switch {
	case !ok:
		return Known{}, ReasonUnknown
	case k.Deleted:
		return k, ReasonDeleted
	case k.Closed:
		return k, ReasonClosed
	}
	return k, ""
}

// separator waits for the page that it begins a document with. Behind nothing, it begins a group by itself.
func (w *sorter) separator(i int) {
	if w.cur == nil {
		w.cur = w.begin(i)
		w.cur.Reason = ReasonNoCover
		w.cur.add(i, RoleSeparator)
		return
	}
	w.waiting = append(w.waiting, i)
}

// cut ends a document. Separators that nothing followed stay with what they ended.
func (w *sorter) cut() {
	for _, i := range w.waiting {
		if w.cur.roles == nil {
			w.goOn(i)
		}
		w.cur.add(i, w.roleOf(i))
	}
	w.waiting = nil
}

func (w *sorter) roleOf(i int) Role {
	if w.says[i].sheet.Kind == KindSeparator {
		return RoleSeparator
	}
	return RoleBack
}

// goOn begins a group with a page for the same case as the one before.
func (w *sorter) goOn(i int) {
	was := w.cur.Group
	w.cur = w.begin(i)
	w.cur.Known, w.cur.Number, w.cur.Proof, w.cur.Reason = was.Known, was.Number, was.Proof, was.Reason
	w.checkProof(w.cur)
	if was.Reason == "" && was.Known.Closed {
		w.cur.doubt(DoubtClosed)
	}
	if slices.Contains(was.Doubts, DoubtAway) {
		w.cur.doubt(DoubtAway)
	}
}

// isBack reports whether a page is the other side of the sheet with a code before it. Only where both sides were
// scanned there is one.
func (w *sorter) isBack(i int) bool { return w.overleaf(i) && w.says[i-1].isSheet() }

// overleaf reports whether a page is the second side of a paper and the page before it the first.
func (w *sorter) overleaf(i int) bool {
	p := w.stack.Pages
	return w.stack.Duplex && i > 0 && p[i].N%2 == 1 && p[i-1].N == p[i].N-1
}

// back puts the other side of a sheet beside it. Something on it is shown, and told.
func (w *sorter) back(i int) {
	switch {
	case len(w.waiting) > 0 && w.stack.Pages[i].Blank:
		w.waiting = append(w.waiting, i)
	case w.stack.Pages[i].Blank:
		w.cur.add(i, RoleBack)
	default:
		w.plain(i)
		w.cur.doubt(DoubtBack)
	}
}

// front takes the empty side before a cover sheet that lay with its face down out of the group before.
func (w *sorter) front(i int, h *heap) {
	j := i - 1
	if !w.overleaf(i) || !w.stack.Pages[j].Blank || w.cur == nil || w.says[j].isSheet() {
		return
	}
	k := slices.Index(w.cur.at, j)
	if k < 0 {
		return
	}
	w.cur.at = slices.Delete(w.cur.at, k, k+1)
	delete(w.cur.roles, j)
	if len(w.cur.at) == 0 {
		w.groups = slices.DeleteFunc(w.groups, func(x *heap) bool { return x == w.cur })
	}
	h.Key = w.stack.Pages[j].ID
	h.add(j, RoleBack)
}

// plain puts a page behind what came before it.
func (w *sorter) plain(i int) {
	s := w.says[i]
	switch {
	case w.cur == nil:
		w.cur = w.begin(i)
		w.cur.Reason = ReasonNoCover
		if s.form {
			w.cur.Reason = ReasonForm
		}
	case w.cur.roles == nil && len(w.waiting) == 0:
		w.goOn(i)
	case len(w.waiting) > 0 && w.hasPages():
		w.goOn(w.waiting[0])
	}
	w.cut()
	w.cur.add(i, RolePage)
	for _, n := range s.number {
		if n != w.cur.Number && w.cur.Number != "" {
			w.cur.doubt(DoubtNumber)
		}
	}
}

// hasPages reports whether the present group has anything but sheets.
func (w *sorter) hasPages() bool { return len(w.cur.at) > len(w.cur.roles) }

// byHand puts the pages about which a clerk has decided where she wants them.
func (w *sorter) byHand() {
	made := map[record.ID]*heap{}
	for _, h := range w.groups {
		made[h.Key] = h
	}
	for i, p := range w.stack.Pages {
		if p.Given == nil {
			continue
		}
		h := made[p.Given.Group]
		if h == nil {
			h = w.begin(i)
			h.Key, h.ByHand = p.Given.Group, true
			made[h.Key] = h
			w.given(h, *p.Given)
		}
		w.lay(h, i, *p.Given)
	}
}

// given says what a group is that only a clerk's decision has made.
func (w *sorter) given(h *heap, g Given) {
	h.Number, h.Proof = g.Number, g.Proof
	switch {
	case g.Aside:
		h.Reason = ReasonAside
	case g.Number == "":
		h.Reason = ReasonGone
	default:
		h.Known, h.Reason = w.office.find(g.Number)
		if h.Reason == ReasonClosed { // she has seen that it is
			h.Reason = ""
			h.doubt(DoubtClosed)
		}
		w.checkProof(h)
	}
}

// lay puts a page into a group by hand. Where it was decided for another case than the group's, it is not shown
// as sure.
func (w *sorter) lay(h *heap, i int, g Given) {
	s := w.says[i]
	role := RolePage
	switch {
	case g.Out != nil && *g.Out:
		role = RoleOut
	case g.Out != nil:
	case s.sheet.Kind == KindSeparator:
		role = RoleSeparator
	case s.isSheet():
		role = RoleCover
	case w.isBack(i) && w.stack.Pages[i].Blank:
		role = RoleBack
	}
	h.add(i, role)
	if s.reason == ReasonUnread {
		h.doubt(DoubtUnread)
	}
	if g.Number != "" && g.Number != h.Number || s.sheet.Kind == KindCover && s.sheet.Number != h.Number {
		h.doubt(DoubtSheet)
	}
	for _, n := range s.number {
		if n != h.Number {
			h.doubt(DoubtNumber)
		}
	}
}

// finish brings groups and pages into the order of the stack.
func (w *sorter) finish() []Group {
	for _, h := range w.groups {
		slices.Sort(h.at)
	}
	slices.SortStableFunc(w.groups, func(a, b *heap) int { return cmp.Compare(a.at[0], b.at[0]) })
	out := make([]Group, 0, len(w.groups))
	for _, h := range w.groups {
		for _, i := range h.at {
			if p := w.stack.Pages[i]; p.Filed == "" {
				h.Leaves = append(h.Leaves, Leaf{Page: p, Role: h.roles[i]})
			}
		}
		slices.SortStableFunc(h.Leaves, func(a, b Leaf) int { return cmp.Compare(place(a.Page), place(b.Page)) })
		if len(h.Leaves) == 0 {
			continue
		}
		if h.Reason == "" && h.Shown() == 0 {
			h.Reason = ReasonEmpty
		}
		if w.stack.Cut && h.at[len(h.at)-1] == len(w.stack.Pages)-1 {
			h.doubt(DoubtCut)
		}
		if h.Reason != "" {
			h.Doubts = nil
		}
		out = append(out, h.Group)
	}
	return out
}

// place orders pages that a clerk has laid in an order before all others.
func place(p Page) int {
	if p.Given == nil || p.Given.Place == 0 {
		return math.MaxInt
	}
	return p.Given.Place
}
