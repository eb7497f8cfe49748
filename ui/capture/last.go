package capture

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"schalter/data/form"
	"schalter/data/record"
)

// Repeat puts what was typed into this field for the last visitor into it again; false where nothing is
// known or the field is nobody else's.
func (t *Tab) Repeat(path string) bool {
	if t.phase != Filling || !repeatable(t.form, path) {
		return false
	}
	s := t.m.last.Of(t.form.ID, form.DefinitionPath(path))
	if s == "" {
		return false
	}
	t.put(path, s)
	t.tidy(path)
	t.m.w.Changed(t, PartFields, []string{path})
	return true
}

// RepeatGroup does the same for all empty fields of the group a field is in, and tells how many it filled;
// the message about it takes all of them back.
func (t *Tab) RepeatGroup(path string) int {
	if t.phase != Filling {
		return 0
	}
	var filled []string
	for _, p := range t.session.Places() {
		if p.Item.Field == nil || record.GroupOf(p.Path) != record.GroupOf(path) || !t.repeats(p.Path) {
			continue
		}
		if t.Repeat(p.Path) {
			filled = append(filled, p.Path)
		}
	}
	if n := len(filled); n > 0 {
		t.m.w.Say(Message{Key: "capture.repeated", Args: []any{"count", n}, Undo: func() {
			for _, p := range filled {
				t.Undo(p)
			}
		}})
	}
	return len(filled)
}

// repeats tells whether a field is empty and could be filled.
func (t *Tab) repeats(path string) bool {
	st := t.session.State(path)
	return st.Visible && !st.ReadOnly && t.texts[path] == "" && repeatable(t.form, path)
}

// repeatable tells whether an answer may be the same for two visitors. What tells one person, account or
// thing from all others is not, and one visitor's account is nothing for the other's application.
func repeatable(f *form.Form, path string) bool {
	x := f.Field(path)
	if x == nil {
		return false
	}
	switch x.Type {
	case form.TypeFile, form.TypeSignature, form.TypeNote, form.TypeIBAN, form.TypeChip, form.TypePlate, form.TypeParcel, form.TypeTaxID, form.TypeCreditor:
		return false
	}
	for _, r := range []record.Role{record.RoleIBAN, record.RoleIdentity} {
		if f.Roles[r] == x.Path {
			return false
		}
	}
	return true
}

// lastValues are what a user typed for her last visitor, by service and field, for F4; under no service what
// she typed for the last one of all. They are kept in the store, so that they survive the evening; nobody
// repeats what another user typed.
type lastValues struct {
	store Store
	rt    Runtime
	user  func() string
	by    map[string]map[string]string
}

func newLastValues(s Store, rt Runtime, user func() string) *lastValues {
	return &lastValues{store: s, rt: rt, user: user, by: map[string]map[string]string{}}
}

func (l *lastValues) key(service string) string { return "capture.last." + service + "/" + l.user() }

// Load reads a service's last values and those of the last visitor once, in the background.
func (l *lastValues) Load(service string) {
	l.load(service)
	l.load("")
}

func (l *lastValues) load(service string) {
	if l.by[service] != nil {
		return
	}
	l.by[service] = map[string]string{}
	key := l.key(service)
	l.rt.Go(func() {
		s, err := l.store.Setting(context.Background(), key)
		if err != nil || s == "" {
			return // nothing to repeat is no trouble
		}
		var v map[string]string
		if json.Unmarshal([]byte(s), &v) != nil {
			return
		}
		l.rt.Do(func() {
			if len(l.by[service]) == 0 {
				l.by[service] = v
			}
		})
	})
}

// Of is what was typed into a field for the last visitor of the service, or where it had none yet for the
// last one of all. What two visitors said is never mixed.
func (l *lastValues) Of(service, path string) string {
	if v := l.by[service]; len(v) > 0 {
		return v[path]
	}
	return l.by[""][path]
}

// Keep remembers what was typed.
func (l *lastValues) Keep(f *form.Form, texts map[string]string) {
	v := map[string]string{}
	for _, p := range slices.Sorted(maps.Keys(texts)) {
		if d := form.DefinitionPath(p); v[d] == "" && repeatable(f, d) {
			v[d] = texts[p]
		}
	}
	l.by[f.ID], l.by[""] = v, v
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	service, any := l.key(f.ID), l.key("")
	l.rt.Go(func() {
		// Only a convenience: the case itself is stored, and a full disk has been said.
		_ = l.store.SetSetting(context.Background(), service, string(b))
		_ = l.store.SetSetting(context.Background(), any, string(b))
	})
}
