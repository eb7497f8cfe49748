package capture

import (
	"context"
	"encoding/json"
	"sort"

	"schalter/data/form"
	"schalter/data/record"
)

// Repeat puts what was typed into this field for the last visitor into it again; false where nothing is
// known.
func (t *Tab) Repeat(path string) bool {
	f := t.form.Field(path)
	if f == nil || t.phase != Filling || f.Type == form.TypeFile || f.Type == form.TypeSignature {
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
	f := t.form.Field(path)
	return st.Visible && !st.ReadOnly && t.texts[path] == "" && f != nil && f.Type != form.TypeFile && f.Type != form.TypeSignature
}

// lastValues are what a user typed for her last visitor, by service and field, for F4. They are kept in the
// store, so that they survive the evening; nobody repeats what another user typed.
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

// Load reads a service's last values once, in the background.
func (l *lastValues) Load(service string) {
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

// Of is what was typed into a field for the last visitor of the service, else for that of another service
// that has the same field.
func (l *lastValues) Of(service, path string) string {
	if s := l.by[service][path]; s != "" {
		return s
	}
	others := make([]string, 0, len(l.by))
	for k := range l.by {
		others = append(others, k)
	}
	sort.Strings(others)
	for _, k := range others {
		if s := l.by[k][path]; s != "" {
			return s
		}
	}
	return ""
}

// Keep remembers what was typed.
func (l *lastValues) Keep(service string, texts map[string]string) {
	v := map[string]string{}
	for p, s := range texts {
		if d := form.DefinitionPath(p); v[d] == "" {
			v[d] = s
		}
	}
	l.by[service] = v
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	key := l.key(service)
	l.rt.Go(func() {
		// Only a convenience: the case itself is stored, and a full disk has been said.
		_ = l.store.SetSetting(context.Background(), key, string(b))
	})
}
