package edit

import (
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// CanMove reports whether Move has somewhere to go.
func (d *Doc) CanMove(place string, down bool) bool {
	s, ok := d.view().slot(place)
	return ok && (down && s.i+1 < len(s.list.nodes) || !down && s.i > 0)
}

// Move puts a group, field, proof or rule before or behind its neighbour.
func (d *Doc) Move(place string, down bool) error {
	return d.do(place, "", func(w *work) error {
		s, ok := w.slot(place)
		if !ok {
			return gone(place)
		}
		w.step(s, down)
		return nil
	})
}

// step swaps with the neighbour; at the end of the list nothing happens.
func (w *work) step(s slot, down bool) {
	i := s.i
	if !down {
		i--
	}
	if i >= 0 && i+1 < len(s.list.nodes) {
		w.swap(s.list, i)
	}
}

// MoveTo puts a group or field at the end of another group ("": a group to the top of the form) and gives its new
// path. Everything in the form that names it follows. Answers in drafts do not: for them it is another
// question.
func (d *Doc) MoveTo(place, group string) (string, error) {
	it := item(d.form, place)
	name := place[strings.LastIndexByte(place, '/')+1:]
	path := join(group, name)
	switch {
	case it == nil:
		return "", gone(place)
	case path == place:
		return place, nil
	case group == place || strings.HasPrefix(group, place+"/"), group == "" && it.Field != nil:
		return "", record.E(record.CodeEditInside, nil, "name", d.Place(place, "de"))
	case item(d.form, path) != nil:
		return "", record.E(record.CodeEditTaken, nil, "name", name)
	}
	err := d.do(path, "", func(w *work) error {
		s, ok := w.slot(place)
		if !ok {
			return gone(place)
		}
		if len(s.list.nodes) == 1 {
			return record.E(record.CodeEditLast, nil)
		}
		from := indentOf(w.text, s.node().start)
		moved := string(s.node().raw(w.text))
		w.cut(s.list, s.i)
		to, err := w.itemsOf(group)
		if err != nil {
			return err
		}
		last := to.nodes[len(to.nodes)-1]
		moved = indented([]byte(moved), from, indentOf(w.text, last.start))
		w.insert(to, len(to.nodes), "", raw(moved))
		w.rename(place, path)
		return nil
	})
	if err != nil {
		return "", err
	}
	return path, nil
}

// itemsOf is the list that a group's fields and groups stand in.
func (w *work) itemsOf(group string) (*node, error) {
	if group == "" {
		return w.root.get("groups"), nil
	}
	s, ok := w.items[group]
	if !ok || s.node().get("items") == nil {
		return nil, gone(group)
	}
	return s.node().get("items"), nil
}

func item(f *form.Form, path string) *form.Item {
	if x := f.Field(path); x != nil && x.Path == path {
		return &form.Item{Field: x}
	}
	if g := f.Group(path); g != nil && g.Path == path {
		return &form.Item{Group: g}
	}
	return nil
}

// rename lets everything that names a path, or one below it, name another.
func (w *work) rename(from, to string) {
	var all []splice
	for _, u := range w.uses() {
		if below(u.path, from) {
			all = append(all, splice{u.node.start, string(u.node.raw(w.text)), quote(to + strings.TrimPrefix(u.path, from))})
		}
	}
	w.putAll(all)
}

// below reports whether a path is another one or lies in it.
func below(path, in string) bool { return path == in || strings.HasPrefix(path, in+"/") }
