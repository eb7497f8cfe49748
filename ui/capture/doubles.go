package capture

import (
	"slices"

	"schalter/data/record"
)

// doubled warns where the originals of a document that came in lie already: in another slot of the draft, in
// another draft, in a case or its trash. The document stays: it is the clerk who knows.
func (t *Tab) doubled(d record.Document) {
	for _, o := range t.draft.Documents {
		if o.ID != d.ID && sameOriginals(o.Originals, d.Originals) {
			t.m.w.Say(Message{Key: "capture.import.elsewhere", Args: []any{"name", d.Title, "title", o.Title}})
			return
		}
	}
	for _, o := range d.Originals {
		t.elsewhere(o)
	}
}

// elsewhere looks away from the window whether an original lies in a case or another draft already.
func (t *Tab) elsewhere(o record.Original) {
	if t.m.w.Places == nil {
		return
	}
	t.m.w.Run.Go(func() {
		all, err := t.m.w.Places(t.m.ctx, o.Blob.Hash)
		all = slices.DeleteFunc(all, func(p record.Place) bool { return p.Draft == t.draft.ID })
		if err != nil || len(all) == 0 { // a warning that does not come is no trouble
			return
		}
		t.m.w.Run.Do(func() {
			if !t.closed {
				t.m.w.Say(already(o.Name, all[0]))
			}
		})
	})
}

// already says where a file lies.
func already(name string, p record.Place) Message {
	key := "capture.place.case"
	switch {
	case p.Draft != "":
		key = "capture.place.draft"
	case p.Trashed:
		key = "capture.place.trash"
	}
	return Message{Key: key, Args: []any{"name", name, "number", p.Number, "title", p.Title}}
}

// paste takes the picture that was copied in another program into the chosen slot.
func (s *Screen) paste(t *Tab) {
	slot := t.Selected()
	s.d.Run.Go(func() {
		f, err := s.d.Clipboard(s.m.ctx)
		s.m.w.Run.Do(func() {
			switch {
			case err != nil:
				s.say(Message{Err: err})
			case !t.closed:
				t.Import(slot, []Source{f})
			}
		})
	})
}
