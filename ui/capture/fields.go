package capture

import (
	"schalter/data/form"
	"schalter/ui/formview"
)

// fields lets the form view show a tab.
type fields struct {
	*Tab
}

// Places are the groups and fields of the page.
func (f fields) Places() []form.Place { return f.session.Places() }

// GroupVisible tells whether a group is on the page.
func (f fields) GroupVisible(path string) bool { return f.session.Group(path).Visible }

// Match searches a field's list.
func (f fields) Match(path, typed string, limit int) []form.Choice {
	return f.session.Match(path, typed, limit)
}

// Papers are the documents that a field of the form can name.
func (f fields) Papers() []formview.Paper {
	out := make([]formview.Paper, len(f.draft.Documents))
	for i, d := range f.draft.Documents {
		out[i] = formview.Paper{ID: string(d.ID), Title: d.Title}
	}
	return out
}

// Field is how a field stands, with what is to be said about it now.
func (f fields) Field(path string) formview.Field {
	st := f.session.State(path)
	out := formview.Field{
		Visible: st.Visible, Required: st.Required, ReadOnly: st.ReadOnly || f.phase != Filling,
		Value: st.Value, Text: f.texts[path],
	}
	lang := f.m.w.Lang()
	for _, p := range st.Problems {
		switch {
		case p.Severity == form.SeverityWarning:
			if path != f.in || f.loud[path] || p.Reason != "" {
				out.Warnings = append(out.Warnings, formview.Warning{Rule: p.Rule, Text: p.Text(lang), Reason: p.Reason})
			}
		case out.Error == "" && f.shown(path):
			out.Error = p.Text(lang)
		}
	}
	out.Warnings = append(out.Warnings, f.warningsAt(path)...)
	return out
}
