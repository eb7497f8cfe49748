package pagetable

import (
	"math"
	"slices"

	"schalter/data/record"
)

// Done says what became of an action.
type Done int

// What may become of an action.
const (
	Nothing Done = iota // there was nothing to do
	Changed
	Last // it would have left a document without a page
)

// each puts other pages in place of the selected ones.
func (t *Table) each(f func(p Page) Page) Done {
	return t.replace(func(p *Page) bool { return t.selected[p.Key] }, f)
}

func (t *Table) replace(which func(*Page) bool, f func(p Page) Page) Done {
	next, changed := slices.Clone(t.now), false
	for i, g := range t.now {
		var pages []*Page
		for k, p := range g.Pages {
			if !which(p) {
				continue
			}
			q := f(*p)
			if SameSheet(q.Sheet, p.Sheet) {
				continue
			}
			if pages == nil {
				pages = slices.Clone(g.Pages)
			}
			pages[k] = &q
		}
		if pages != nil {
			c := *g
			c.Pages, changed = pages, true
			next[i] = &c
		}
	}
	if !changed {
		return Nothing
	}
	for i, g := range next {
		if g != t.now[i] && g.Shown() == 0 && t.now[i].Shown() > 0 {
			return Last
		}
	}
	t.commit(next)
	return Changed
}

// Turn turns the selected pages clockwise by quarters.
func (t *Table) Turn(quarters int) Done {
	return t.each(func(p Page) Page {
		p.Turns = ((p.Turns+quarters)%4 + 4) % 4
		return p
	})
}

// MostSkew is the largest angle that a page is laid straight by, in degrees.
const MostSkew = 15.0

// Straighten turns the selected pages by the angles that are answered for them, in degrees clockwise.
func (t *Table) Straighten(angle func(p *Page) float64) Done {
	return t.each(func(p Page) Page {
		a := math.Round(100*angle(&p)) / 100
		p.Skew = min(MostSkew, max(-MostSkew, a)) + 0 // never a negative zero
		return p
	})
}

// Nudge turns the selected pages by a little more.
func (t *Table) Nudge(degrees float64) Done {
	return t.Straighten(func(p *Page) float64 { return p.Skew + degrees })
}

// Cut shows only a part of the selected pages; nil shows all.
func (t *Table) Cut(part func(p *Page) *record.Box) Done {
	return t.each(func(p Page) Page {
		p.Crop = tidy(part(&p))
		return p
	})
}

// smallest is the least of a page that is shown after a cut, in fractions of its width or height.
const smallest = 0.02

// tidy keeps a cut within the page; one that shows all is none.
func tidy(b *record.Box) *record.Box {
	if b == nil {
		return nil
	}
	c := record.Box{X0: max(0, b.X0), Y0: max(0, b.Y0), X1: min(1, b.X1), Y1: min(1, b.Y1)}
	if c.X1-c.X0 < smallest || c.Y1-c.Y0 < smallest || c == (record.Box{X1: 1, Y1: 1}) {
		return nil
	}
	return &c
}

// Out takes the selected pages out, and puts them back where all of them are out.
func (t *Table) Out() Done {
	out := slices.ContainsFunc(t.Selection(), func(p *Page) bool { return !p.Out })
	return t.each(func(p Page) Page {
		p.Out = out
		return p
	})
}

// Blank counts the pages that are marked as empty and not taken out.
func (t *Table) Blank() int {
	n := 0
	for _, g := range t.now {
		for _, p := range g.Pages {
			if p.Blank && !p.Out {
				n++
			}
		}
	}
	return n
}

// OutBlank takes out all pages that are marked as empty. In a document that has no others they stay.
func (t *Table) OutBlank() Done {
	keep := map[*Page]bool{}
	for _, g := range t.now {
		if !slices.ContainsFunc(g.Pages, func(p *Page) bool { return !p.Out && !p.Blank }) {
			for _, p := range g.Pages {
				keep[p] = true
			}
		}
	}
	d := t.replace(func(p *Page) bool { return p.Blank && !keep[p] }, func(p Page) Page { p.Out = true; return p })
	if d == Nothing && len(keep) > 0 {
		return Last
	}
	return d
}

// Unmark says that the selected pages are not empty, and marks them again where none is marked.
func (t *Table) Unmark() Done {
	on := !slices.ContainsFunc(t.Selection(), func(p *Page) bool { return p.Blank })
	return t.each(func(p Page) Page {
		p.Blank = on
		return p
	})
}

// Move moves the selected pages on (1) or back (-1) by one place, together, over the edge of a document too.
func (t *Table) Move(by int) Done {
	find := t.behind
	if by < 0 {
		find = t.before
	}
	group, at, ok := find()
	if !ok {
		return Nothing
	}
	return t.Drop(group, at)
}

// behind is the place behind the page that follows the last selected one.
func (t *Table) behind() (group, at int, ok bool) {
	for g, grp := range slices.Backward(t.now) {
		for k, p := range slices.Backward(grp.Pages) {
			switch {
			case !t.selected[p.Key]:
				continue
			case k+1 < len(grp.Pages):
				return g, k + 2, true
			case g+1 < len(t.now):
				return g + 1, 0, true
			}
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// before is the place before the page in front of the first selected one.
func (t *Table) before() (group, at int, ok bool) {
	for g, grp := range t.now {
		for k, p := range grp.Pages {
			switch {
			case !t.selected[p.Key]:
				continue
			case k > 0:
				return g, k - 1, true
			case g > 0:
				return g - 1, len(t.now[g-1].Pages), true
			}
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// Drop moves the selected pages, together, to a place in a document. A document that loses all its pages
// is gone; what had been taken out of it goes along.
func (t *Table) Drop(group, at int) Done {
	if group < 0 || group >= len(t.now) || at < 0 || at > len(t.now[group].Pages) {
		return Nothing
	}
	moved := t.Selection()
	next := make(state, len(t.now))
	for i, g := range t.now {
		c := *g
		c.Pages = nil
		for k, p := range g.Pages {
			if i == group && k == at {
				c.Pages = append(c.Pages, moved...)
			}
			if !t.selected[p.Key] {
				c.Pages = append(c.Pages, p)
			}
		}
		if i == group && at == len(g.Pages) {
			c.Pages = append(c.Pages, moved...)
		}
		next[i] = &c
	}
	return t.arrange(next)
}

// arrange keeps a state in which pages went from one document to another.
func (t *Table) arrange(next state) Done {
	next, ok := whole(next)
	if !ok {
		return Last
	}
	if slices.EqualFunc(next, t.now, sameGroup) {
		return Nothing
	}
	t.commit(next)
	return Changed
}

func sameGroup(a, b *Group) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Proof == b.Proof && slices.Equal(a.Pages, b.Pages) && slices.Equal(a.rest, b.rest)
}

// whole gives what documents without a page to show still have to the one before, or the one behind. The groups
// are the caller's to change.
func whole(s state) (state, bool) {
	var out state
	var left *Group // of documents at the beginning
	for _, g := range s {
		switch {
		case g.Shown() > 0 && left != nil:
			g.Pages, g.rest = slices.Concat(left.Pages, g.Pages), slices.Concat(left.rest, g.rest)
			left = nil
			out = append(out, g)
		case g.Shown() > 0:
			out = append(out, g)
		case len(out) > 0:
			last := out[len(out)-1]
			last.Pages, last.rest = slices.Concat(last.Pages, g.Pages), slices.Concat(last.rest, g.rest)
		case left != nil:
			left.Pages, left.rest = slices.Concat(left.Pages, g.Pages), slices.Concat(left.rest, g.rest)
		default:
			left = &Group{Pages: g.Pages, rest: g.rest}
		}
	}
	return out, left == nil
}

// fork is a copy of the state whose groups may be changed.
func (t *Table) fork() state {
	next := make(state, len(t.now))
	for i, g := range t.now {
		c := *g
		next[i] = &c
	}
	return next
}

// Split begins a document with the cursor's page.
func (t *Table) Split() Done {
	g, at := t.Of(t.Cursor())
	if at <= 0 {
		return Nothing
	}
	from := t.now[g]
	first, second := *from, Group{ID: t.newID(), Title: from.Title, Proof: from.Proof, Pages: from.Pages[at:]}
	first.Pages = from.Pages[:at:at]
	if first.Shown() == 0 || second.Shown() == 0 {
		return Last
	}
	t.kin[second.ID] = from.ID
	t.commit(slices.Concat(t.now[:g], state{&first, &second}, t.now[g+1:]))
	return Changed
}

// Merge puts the document behind the cursor's one at its end.
func (t *Table) Merge() Done {
	g, _ := t.Of(t.Cursor())
	if g < 0 || g+1 >= len(t.now) {
		return Nothing
	}
	next := t.fork()
	a, b := next[g], next[g+1]
	a.Pages, a.rest = slices.Concat(a.Pages, b.Pages), slices.Concat(a.rest, b.rest)
	t.commit(slices.Delete(next, g+1, g+2))
	return Changed
}

// Interleave lays the second half of the selected pages between the first, last one first: fronts and then
// backs, as a stack comes that was turned over by hand.
func (t *Table) Interleave() Done {
	all := t.Selection()
	if len(all) < 2 {
		return Nothing
	}
	fronts := (len(all) + 1) / 2
	order := make([]*Page, 0, len(all))
	for i := range fronts {
		order = append(order, all[i])
		if b := len(all) - 1 - i; b >= fronts {
			order = append(order, all[b])
		}
	}
	next, k := t.fork(), 0
	for _, g := range next {
		g.Pages = slices.Clone(g.Pages)
		for i, p := range g.Pages {
			if t.selected[p.Key] {
				g.Pages[i] = order[k]
				k++
			}
		}
	}
	return t.arrange(next)
}

// Assign puts the selected pages under another proof, as a document of their own with a title. A document all
// of whose pages are selected keeps being the same one.
func (t *Table) Assign(proof, title string) Done {
	next := t.fork()
	var out state
	for _, g := range next {
		var stay, gone []*Page
		for _, p := range g.Pages {
			if t.selected[p.Key] && g.Proof != proof {
				gone = append(gone, p)
			} else {
				stay = append(stay, p)
			}
		}
		switch {
		case len(gone) == 0:
			out = append(out, g)
		case !slices.ContainsFunc(stay, func(p *Page) bool { return !p.Out }):
			g.Proof, g.Title = proof, title
			out = append(out, g)
		default:
			n := &Group{ID: t.newID(), Title: title, Proof: proof, Pages: gone}
			t.kin[n.ID] = g.ID
			g.Pages = stay
			out = append(out, g, n)
		}
	}
	return t.arrange(out)
}
