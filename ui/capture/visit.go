package capture

import (
	_ "embed"
	"strings"
	"sync"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/formview"
)

//go:embed visit.json
var visitFile []byte

// visitForm asks how an application came to the desk.
var visitForm = sync.OnceValues(func() (*form.Form, error) { return form.Parse(visitFile) })

// The fields of the visit.
const (
	visitChannel = "visit/channel"
	visitPresent = "visit/present"
	visitPaper   = "visit/paper"
	visitNote    = "visit/note"
)

// visit is how the application came to the desk: by which way, who was there, when it was written on paper,
// and what the clerk notes. It is filled like a form of its own and kept in the draft.
type visit struct {
	*Tab
	form    *form.Form
	session *form.Session
	texts   map[string]string
	hist    history
	in      string
	left    map[string]bool
}

func newVisit(t *Tab) (*visit, error) {
	f, err := visitForm()
	if err != nil {
		return nil, err
	}
	d := t.draft
	stored := record.Values{}
	for path, s := range map[string]string{visitChannel: d.Channel, visitPresent: d.Present, visitPaper: d.Paper, visitNote: d.Note} {
		if s != "" {
			stored[path] = s
		}
	}
	v := &visit{Tab: t, form: f, session: f.Begin(stored, t.m.w.Run.Clock()), texts: map[string]string{}, left: map[string]bool{}}
	for _, x := range f.Fields() {
		v.tidy(x.Path)
		v.left[x.Path] = true
	}
	return v, nil
}

func (v *visit) tidy(path string) {
	st := v.session.State(path)
	v.texts[path] = st.Typed
	if st.Value != "" {
		v.texts[path] = form.Format(v.form.Field(path), st.Value, v.m.w.Lang())
	}
}

// Form, Places, Field, GroupVisible and Match show the visit; see [formview.Model].
func (v *visit) Form() *form.Form { return v.form }

func (v *visit) Places() []form.Place { return v.session.Places() }

func (v *visit) GroupVisible(path string) bool { return v.session.Group(path).Visible }

func (v *visit) Match(path, typed string, limit int) []form.Choice {
	return v.session.Match(path, typed, limit)
}

func (v *visit) Field(path string) formview.Field {
	st := v.session.State(path)
	out := formview.Field{Visible: st.Visible, Required: st.Required, ReadOnly: v.phase != Filling, Value: st.Value, Text: v.texts[path]}
	if len(st.Problems) > 0 && path != v.in && v.left[path] {
		out.Error = st.Problems[0].Text(v.m.w.Lang())
	}
	return out
}

// Type puts what the clerk has typed into a field of the visit.
func (v *visit) Type(path, text string) {
	before := v.texts[path]
	if text == before || v.phase != Filling {
		return
	}
	v.hist.Changed(path, before, v.m.w.Run.Clock())
	v.set(path, text)
}

func (v *visit) set(path, text string) {
	v.texts[path] = text
	v.session.Set(path, text)
	v.keep()
	v.m.w.Changed(v.Tab, PartVisit|PartChecks, []string{path})
}

// keep puts the visit into the draft; what is not understood yet stays as it was typed.
func (v *visit) keep() {
	of := func(path string) string {
		st := v.session.State(path)
		if st.Value != "" {
			return st.Value
		}
		return st.Typed
	}
	d := &v.draft
	d.Channel, d.Present, d.Paper, d.Note = of(visitChannel), of(visitPresent), of(visitPaper), of(visitNote)
	v.touch(false)
}

// Enter and Leave follow the cursor.
func (v *visit) Enter(path string) {
	v.Leave(v.in)
	v.in = path
}

func (v *visit) Leave(path string) {
	if path == "" || path != v.in {
		return
	}
	v.in = ""
	v.hist.Close(path)
	v.left[path] = true
	if v.phase != Filling {
		return
	}
	v.tidy(path)
	if v.saver.State().Dirty {
		v.saver.Now(v.snapshot())
	}
	v.m.w.Changed(v.Tab, PartVisit|PartChecks, []string{path})
}

// Undo and Redo go back and forth in one field.
func (v *visit) Undo(path string) bool { return v.back(path, v.hist.Undo) }

func (v *visit) Redo(path string) bool { return v.back(path, v.hist.Redo) }

func (v *visit) back(path string, step func(path, now string) (string, bool)) bool {
	if v.phase != Filling {
		return false
	}
	s, ok := step(path, v.texts[path])
	if ok {
		v.set(path, s)
	}
	return ok
}

// Override, AddRow and RemoveRow have nothing to do here.
func (v *visit) Override(string, string) {}

func (v *visit) AddRow(string) {}

func (v *visit) RemoveRow(string, int) {}

// findings are what is wrong with the visit.
func (v *visit) findings() []Finding {
	var out []Finding
	lang := v.m.w.Lang()
	for _, p := range v.session.Problems() {
		f := Finding{Kind: FindingVisit, Path: p.Path, Text: p.Text(lang)}
		if x := v.form.Field(p.Path); x != nil {
			f.Label = x.Label.In(lang)
		}
		out = append(out, f)
	}
	return out
}

// meeting is what the case is opened with, and note its first remark.
func (v *visit) meeting() (channel string, m record.Meeting, note string) {
	of := func(path string) string { return strings.TrimSpace(v.session.State(path).Value) }
	return of(visitChannel), record.Meeting{Present: of(visitPresent), Paper: of(visitPaper), Bundle: v.draft.Bundle}, of(visitNote)
}
