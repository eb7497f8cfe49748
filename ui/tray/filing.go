package tray

import (
	"context"
	"slices"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/stack"
)

// file files groups, one after another; what cannot be filed stays where it is.
func (m *model) file(groups []Item) {
	groups = slices.DeleteFunc(slices.Clone(groups), func(i Item) bool { return !i.Ready() })
	if len(groups) == 0 || m.filing > 0 {
		return
	}
	m.filing, m.filed = len(groups), nil
	m.changed()
	m.fileNext(groups, nil)
}

func (m *model) fileNext(groups []Item, failed error) {
	if len(groups) == 0 {
		m.fileEnd(failed)
		return
	}
	m.n.Run(func(ctx context.Context) func() {
		filed, err := m.n.Room.File(ctx, m.n.Texts, groups[0])
		return func() {
			m.filing--
			if err != nil {
				failed = err
			} else {
				m.filed = append(m.filed, filed)
			}
			m.changed()
			m.fileNext(groups[1:], failed)
		}
	})
}

// fileEnd says how it went.
func (m *model) fileEnd(failed error) {
	if failed != nil {
		m.say(message{err: failed})
	} else {
		m.say(message{key: "tray.filed", count: len(m.filed), good: true})
	}
	if len(m.filed) > 0 {
		m.undone = append(m.undone, m.together(m.filed))
	}
	m.load()
}

// together takes back what was filed together: the documents go into their cases' trash, the pages come back.
func (m *model) together(all []stack.Filed) step {
	return step{key: all[0].Item.Key, said: message{key: "tray.unfiled", count: len(all)}, undo: func(ctx context.Context) error {
		for _, f := range slices.Backward(all) {
			if err := m.n.Room.Unfile(ctx, m.n.Texts, f); err != nil {
				return err
			}
		}
		return nil
	}}
}

// readNext looks at the next page that was not looked at yet, one at a time.
func (m *model) readNext() {
	if m.reading || m.n.Room.Reader == nil {
		return
	}
	p, ok := m.unread()
	if !ok {
		return
	}
	m.reading = true
	m.n.Run(func(ctx context.Context) func() {
		err := m.n.Room.Look(ctx, p)
		return func() {
			m.reading = false
			if err != nil && record.CodeOf(err) != record.CodeTrayGone {
				m.cannot[p.ID] = err
			}
			m.load()
		}
	})
}

func (m *model) unread() (sorting.Page, bool) {
	for _, i := range m.items {
		for _, l := range i.Leaves {
			if !l.Page.Read && m.cannot[l.Page.ID] == nil {
				return l.Page, true
			}
		}
	}
	return sorting.Page{}, false
}
