package tray

import (
	"context"

	"schalter/data/record"
	"schalter/data/sorting"
)

// decide changes pages, remembers how they were, and goes to a group.
func (m *model) decide(pages []record.ID, to record.ID, said message, f func(*sorting.Page)) {
	if len(pages) == 0 {
		return
	}
	was := map[record.ID]sorting.Page{}
	for _, i := range m.items {
		for _, l := range i.Leaves {
			was[l.Page.ID] = l.Page
		}
	}
	from := m.key
	m.n.Run(func(ctx context.Context) func() {
		err := m.n.Store.ChangeTray(ctx, pages, func(p *sorting.Page) {
			p.Match = false // what was compared with the paper was something else
			f(p)
		})
		return func() {
			if err != nil {
				m.say(message{err: err})
				m.load()
				return
			}
			m.undone = append(m.undone, step{key: from, said: message{key: "tray.undone"}, undo: func(ctx context.Context) error {
				return m.n.Store.ChangeTray(ctx, pages, func(p *sorting.Page) {
					old := was[p.ID]
					p.Given, p.Turns, p.Match = old.Given, old.Turns, old.Match
				})
			}})
			m.marked = map[record.ID]bool{}
			if to != "" {
				m.key, m.page = to, 0
			}
			if said.key != "" {
				m.say(said)
			}
			m.load()
		}
	})
}

// give is a decision for pages; those that were taken out by hand stay out.
func give(g sorting.Given) func(*sorting.Page) {
	return func(p *sorting.Page) {
		own := g
		if p.Given != nil {
			own.Out = p.Given.Out
		}
		p.Given = &own
	}
}

// assign puts the chosen pages into a case, as a document of their own.
func (m *model) assign(number, proof string) {
	key := record.NewID()
	m.decide(m.chosen(), key, message{}, give(sorting.Given{Group: key, Number: number, Proof: proof}))
}

// prove makes the whole group the proof.
func (m *model) prove(proof string) {
	if i, ok := m.selected(); ok && i.Sorted() {
		m.decide(i.IDs(), i.Key, message{}, give(sorting.Given{Group: i.Key, Number: i.Number, Proof: proof}))
	}
}

// before is the group that the selected one lies behind in its stack.
func (m *model) before() (out Item, ok bool) {
	i, has := m.selected()
	if !has {
		return Item{}, false
	}
	for _, o := range m.items {
		if o.Stack.ID != i.Stack.ID || o.Key == i.Key || o.Leaves[0].Page.N > i.Leaves[0].Page.N || o.Reason == sorting.ReasonAside {
			continue
		}
		if !ok || o.Leaves[0].Page.N > out.Leaves[0].Page.N {
			out, ok = o, true
		}
	}
	return out, ok
}

// join puts the chosen pages to the group before.
func (m *model) join() {
	if o, ok := m.before(); ok {
		g := sorting.Given{Group: o.Key}
		if o.Sorted() { // should the sheet that has made the group go, these pages still know where they belong
			g.Number, g.Proof = o.Number, o.Proof
		}
		m.decide(m.chosen(), o.Key, message{}, give(g))
	}
}

// split makes the page that is looked at, and those behind it, a document of their own.
func (m *model) split() {
	i, ok := m.selected()
	if !ok || !i.Sorted() || m.page < 1 {
		return
	}
	var pages []record.ID
	for _, l := range i.Leaves[m.page:] {
		pages = append(pages, l.Page.ID)
	}
	key := record.NewID()
	m.decide(pages, key, message{}, give(sorting.Given{Group: key, Number: i.Number, Proof: i.Proof}))
}

// rotate turns the marked pages, or the one that is looked at, clockwise.
func (m *model) rotate() {
	m.decide(m.these(), "", message{}, func(p *sorting.Page) { p.Turns = (p.Turns + 1) % 4 })
}

// aside puts pages out of the way, or back where they came from.
func (m *model) aside() {
	i, ok := m.selected()
	switch {
	case !ok:
	case i.Reason == sorting.ReasonAside:
		m.decide(m.chosen(), "", message{}, func(p *sorting.Page) { p.Given = nil })
	default:
		key := record.NewID()
		m.decide(m.these(), "", message{key: "tray.aside.done", good: true}, give(sorting.Given{Group: key, Aside: true}))
	}
}

// out takes a page out of what is shown of the document, or back into it.
func (m *model) out() {
	i, _ := m.selected()
	l, ok := m.leaf()
	if !ok || !i.Sorted() {
		return
	}
	hide := !l.Out()
	m.decide([]record.ID{l.Page.ID}, "", message{}, func(p *sorting.Page) {
		p.Given = &sorting.Given{Group: i.Key, Number: i.Number, Proof: i.Proof, Out: &hide}
	})
}

// vouch notes that the clerk has compared the group with the paper: that they agree, or not any more.
func (m *model) vouch() {
	if i, ok := m.selected(); ok && i.Sorted() {
		on := !i.Match()
		m.decide(i.IDs(), "", message{}, func(p *sorting.Page) { p.Match = on })
	}
}

// drop throws pages away. It has been asked about, and can be taken back for a while.
func (m *model) drop(pages []record.ID) {
	from := m.key
	m.n.Run(func(ctx context.Context) func() {
		err := m.n.Store.DropTray(ctx, m.n.User, pages)
		return func() {
			if err != nil {
				m.say(message{err: err})
			} else {
				m.undone = append(m.undone, step{key: from, said: message{key: "tray.undropped", count: len(pages)}, undo: func(ctx context.Context) error {
					return m.n.Store.UndropTray(ctx, pages)
				}})
				m.say(message{key: "tray.dropped", count: len(pages), good: true})
			}
			m.load()
		}
	})
}

// undo takes the last step back.
func (m *model) undo() {
	if len(m.undone) == 0 || m.filing > 0 {
		return
	}
	last := m.undone[len(m.undone)-1]
	m.undone = m.undone[:len(m.undone)-1]
	m.n.Run(func(ctx context.Context) func() {
		err := last.undo(ctx)
		return func() {
			if err != nil {
				if record.CodeOf(err) != record.CodeTrayGone { // else it will not do the next time either
					m.undone = append(m.undone, last)
				}
				m.say(message{err: err})
			} else {
				m.key = last.key
				m.say(last.said)
			}
			m.load()
		}
	})
}
