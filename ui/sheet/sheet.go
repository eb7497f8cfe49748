// Package sheet makes a case's answers readable: grouped and named as the form has them, in its order,
// with dates and amounts as people write them.
//
// It promises that no answer is left out: what the form does not know, or every answer where the form
// itself is missing, is listed under the name it was stored with. It never changes an answer and never
// judges one.
package sheet

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"schalter/data/form"
	"schalter/data/record"
)

// Group is a heading with the answers under it. Depth is 0 for the groups that merge as one.
type Group struct {
	Path, Label string
	Depth       int
	Lines       []Line
}

// Line is one answer.
type Line struct{ Path, Label, Value string }

// Make lists the answered questions. f may be nil.
func Make(f *form.Form, v record.Values, lang string, now time.Time) []Group {
	seen := map[string]bool{}
	var out []Group
	if f != nil {
		out = known(f, v, lang, now, seen)
	}
	return append(out, unknown(f, v, lang, seen)...)
}

func known(f *form.Form, v record.Values, lang string, now time.Time, seen map[string]bool) []Group {
	var out []Group
	s := f.Begin(v, now)
	for _, p := range s.Places() {
		switch {
		case p.Item.Group != nil:
			label := p.Item.Group.Label.In(lang)
			if p.Row > 0 {
				label += " " + strconv.Itoa(p.Row)
			}
			out = append(out, Group{Path: p.Path, Label: label, Depth: p.Depth})
		case p.Item.Field != nil && v[p.Path] != "" && len(out) > 0:
			g := parent(out, p.Path)
			g.Lines = append(g.Lines, Line{p.Path, p.Item.Field.Label.In(lang), shown(p.Item.Field, s.State(p.Path), v[p.Path], lang)})
			seen[p.Path] = true
		}
	}
	return filled(out)
}

// parent is the group a field's path lies in: the last one where a field follows a nested group.
func parent(groups []Group, path string) *Group {
	if i := strings.LastIndex(path, "/"); i >= 0 {
		for k := len(groups) - 1; k >= 0; k-- {
			if groups[k].Path == path[:i] {
				return &groups[k]
			}
		}
	}
	return &groups[len(groups)-1]
}

// filled drops headings with nothing under them.
func filled(groups []Group) []Group {
	var out []Group
	for i, g := range groups {
		keep := len(g.Lines) > 0
		for k := i + 1; !keep && k < len(groups) && groups[k].Depth > g.Depth; k++ {
			keep = len(groups[k].Lines) > 0
		}
		if keep {
			out = append(out, g)
		}
	}
	return out
}

// shown writes an answer; one that the form does not understand is shown as it was typed.
func shown(f *form.Field, st form.FieldState, stored, lang string) string {
	if st.Value == "" && st.Typed != "" {
		return stored
	}
	return Value(f, stored, lang)
}

// Value writes one answer as people read it, with its unit.
func Value(f *form.Field, canonical, lang string) string {
	s := form.Format(f, canonical, lang)
	if u := f.Unit.In(lang); u != "" && s != "" {
		s += " " + u
	}
	return s
}

func unknown(f *form.Form, v record.Values, lang string, seen map[string]bool) []Group {
	paths := make([]string, 0, len(v))
	for p, s := range v {
		if s != "" && !seen[p] {
			paths = append(paths, p)
		}
	}
	sort.Strings(paths)
	var out []Group
	for _, p := range paths {
		g := record.GroupOf(p)
		if len(out) == 0 || out[len(out)-1].Path != g {
			out = append(out, Group{Path: g, Label: GroupName(f, g, lang)})
		}
		last := &out[len(out)-1]
		last.Lines = append(last.Lines, Line{p, strings.TrimPrefix(p, g+"/"), v[p]})
	}
	return out
}

// GroupName is the label of a top-level group, or its stored name where the form does not know it.
func GroupName(f *form.Form, name, lang string) string {
	if f != nil {
		if g := f.Group(name); g != nil {
			if l := g.Label.In(lang); l != "" {
				return l
			}
		}
	}
	return name
}
