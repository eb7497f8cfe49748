// Package tryout lets somebody fill a form to see how it works: with the real rules and nothing behind
// them.
//
// It promises that what is typed goes through the same session as at the counter. It never stores anything,
// never submits anything, and never touches a list: when it is gone, so is what was typed.
package tryout

import (
	"slices"
	"time"

	"schalter/data/form"
	"schalter/ui/formview"
)

// Model is a form being tried. It is a [formview.Model] and belongs to the window's goroutine.
type Model struct {
	// Changed is told which fields stand otherwise now; nil means all of them.
	Changed func(paths []string)

	form    *form.Form
	session *form.Session
	lang    string
	texts   map[string]string
	left    map[string]bool
	in      string
	checked bool
}

// New begins an empty form; now decides what today is.
func New(f *form.Form, lang string, now time.Time) *Model {
	m := &Model{form: f, session: f.Begin(nil, now), lang: lang, left: map[string]bool{}, Changed: func([]string) {}}
	m.read()
	return m
}

// read makes the texts of all fields anew, as when rows moved.
func (m *Model) read() {
	m.texts = map[string]string{}
	for _, p := range m.session.Places() {
		if p.Item.Field != nil {
			m.tidy(p.Path)
		}
	}
}

// tidy writes an answer as the house writes it.
func (m *Model) tidy(path string) {
	st := m.session.State(path)
	m.texts[path] = st.Typed
	f := m.form.Field(path)
	if f == nil || st.Value == "" || f.Type == form.TypeSignature || f.Type == form.TypeFile {
		return
	}
	if s := form.Format(f, st.Value, m.lang); s != "" {
		m.texts[path] = s
	}
}

// Form is the form being tried.
func (m *Model) Form() *form.Form { return m.form }

// Places are the groups and fields of the page.
func (m *Model) Places() []form.Place { return m.session.Places() }

// GroupVisible tells whether a group is on the page.
func (m *Model) GroupVisible(path string) bool { return m.session.Group(path).Visible }

// Match searches a field's list.
func (m *Model) Match(path, typed string, limit int) []form.Choice {
	return m.session.Match(path, typed, limit)
}

// Field is how a field stands, with what is to be said about it now.
func (m *Model) Field(path string) formview.Field {
	st := m.session.State(path)
	out := formview.Field{Visible: st.Visible, Required: st.Required, ReadOnly: st.ReadOnly, Value: st.Value, Text: m.texts[path]}
	for _, p := range st.Problems {
		switch {
		case p.Severity == form.SeverityWarning:
			out.Warnings = append(out.Warnings, formview.Warning{Rule: p.Rule, Text: p.Text(m.lang), Reason: p.Reason})
		case out.Error == "" && path != m.in && (m.checked || m.left[path] && !p.Missing()):
			out.Error = p.Text(m.lang)
		}
	}
	return out
}

// Type takes what was typed into a field.
func (m *Model) Type(path, text string) {
	if m.texts[path] != text {
		m.texts[path] = text
		m.tell(m.session.Set(path, text), path)
	}
}

// Enter notes that the cursor is in a field now.
func (m *Model) Enter(path string) {
	if path != m.in {
		m.Leave(m.in)
		m.in = path
	}
}

// Leave notes that it is not any more.
func (m *Model) Leave(path string) {
	if path == "" || path != m.in {
		return
	}
	m.in = ""
	m.left[path] = true
	m.tidy(path)
	m.Changed([]string{path})
}

// Undo does nothing: what is tried is not worth keeping steps of.
func (m *Model) Undo(string) bool { return false }

// Redo does nothing.
func (m *Model) Redo(string) bool { return false }

// Override gives the reason why a warning does not apply.
func (m *Model) Override(rule, reason string) { m.tell(m.session.Override(rule, reason)) }

// AddRow adds a row to a repeated group or field.
func (m *Model) AddRow(path string) { m.moved(m.session.AddRow(path)) }

// RemoveRow takes a row out.
func (m *Model) RemoveRow(path string, row int) { m.moved(m.session.RemoveRow(path, row)) }

// MoveRow puts a row in the place of another one.
func (m *Model) MoveRow(path string, from, to int) { m.moved(m.session.MoveRow(path, from, to)) }

func (m *Model) moved(e form.Effect) {
	m.read()
	m.tell(e)
}

func (m *Model) tell(e form.Effect, paths ...string) {
	if e.Rows {
		m.Changed(nil)
		return
	}
	for _, p := range e.Changed {
		if f := m.form.Field(p); f != nil && f.Calculated() {
			m.tidy(p)
		}
		if !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	m.Changed(paths)
}

// Check shows everything that is not in order and lists the open problems, in the order of the form.
func (m *Model) Check() []form.Problem {
	m.checked = true
	var open []form.Problem
	for _, p := range m.session.Problems() {
		if p.Open() {
			open = append(open, p)
		}
	}
	m.Changed(nil)
	return open
}

// FirstEmpty is the first field that can be filled and is not, "" where there is none.
func (m *Model) FirstEmpty() string {
	for _, p := range m.session.Places() {
		f := p.Item.Field
		if f == nil || f.Type == form.TypeNote || f.Type == form.TypeFile || f.Repeat != nil && p.Row == 0 {
			continue
		}
		if st := m.session.State(p.Path); st.Visible && !st.ReadOnly && st.Typed == "" {
			return p.Path
		}
	}
	return ""
}
