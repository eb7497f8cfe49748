// Package conflict shows Klärfälle: cases of which two desks changed the same group of answers, both
// versions side by side.
//
// It promises that both versions are shown whole and that what differs is marked. It never decides
// anything: the screen reads only.
package conflict

import (
	"context"
	"time"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/i18n"
	"schalter/ui/sheet"
)

// Store is what the screen reads.
type Store interface {
	Cases(ctx context.Context, v record.View, user string, offset, limit int) (rows []record.CaseRow, total int, err error)
	Case(ctx context.Context, id record.ID) (record.Case, error)
	Identity(ctx context.Context) (record.Identity, error)
}

// Forms finds the form a case was filled with.
type Forms interface {
	Get(ref record.FormRef) (*form.Form, error)
}

// Item is one group of one case to be decided.
type Item struct {
	Row   record.CaseRow
	Case  record.Case
	At    int // index in Case.Conflicts
	Group string
}

const most = 200

// Load reads the open conflicts, one item per group. It may run on any goroutine.
func Load(ctx context.Context, s Store, forms Forms, user, lang string) ([]Item, error) {
	rows, _, err := s.Cases(ctx, record.ViewConflicts, user, 0, most)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, r := range rows {
		c, err := s.Case(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		f := formOf(forms, c)
		for i, k := range c.Conflicts {
			name := ""
			if k.Group != "" {
				name = sheet.GroupName(f, k.Group, lang)
			}
			out = append(out, Item{Row: r, Case: c, At: i, Group: name})
		}
	}
	return out, nil
}

func formOf(forms Forms, c record.Case) *form.Form {
	f, err := forms.Get(c.Form)
	if err != nil {
		return nil // its answers are shown under the names they were stored with
	}
	return f
}

// Side is one version.
type Side struct {
	Title, Who, When string
	Lines            []Row
}

// Row is one answer of a version; Differs marks what the other version has not or has otherwise.
type Row struct {
	Label, Value string
	Differs      bool
}

// Versions lays out both versions and, in one line, what both had started from.
func Versions(t *i18n.Texts, f *form.Form, it Item, own record.ID, now time.Time) (kept, other Side, base string) {
	k := it.Case.Conflicts[it.At]
	kept = side(t, k.Kept, own, now)
	other = side(t, k.Other, own, now)
	labels, order := names(f, t.Lang(), now, k.Kept.Values, k.Other.Values)
	for _, p := range order {
		a, b := k.Kept.Values[p], k.Other.Values[p]
		differs := a != b
		kept.Lines = append(kept.Lines, Row{labels[p], shown(t, f, p, a), differs})
		other.Lines = append(other.Lines, Row{labels[p], shown(t, f, p, b), differs})
	}
	if len(k.Base.Values) > 0 {
		base = baseLine(t, f, k, order, now)
	}
	return kept, other, base
}

func side(t *i18n.Texts, g record.Group, own record.ID, now time.Time) Side {
	title := t.T("conflict.other_desk")
	if g.Device == own {
		title = t.T("conflict.this_desk")
	}
	return Side{Title: title, Who: g.User, When: t.WhenLong(g.Time, now)}
}

// names gives the labels of all answers of both versions, in the order of the form.
func names(f *form.Form, lang string, now time.Time, versions ...record.Values) (labels map[string]string, order []string) {
	all := record.Values{}
	for _, v := range versions {
		for p, s := range v {
			if s != "" {
				all[p] = s
			}
		}
	}
	labels = map[string]string{}
	for _, g := range sheet.Make(f, all, lang, now) {
		for _, l := range g.Lines {
			labels[l.Path] = l.Label
			order = append(order, l.Path)
		}
	}
	return labels, order
}

func shown(t *i18n.Texts, f *form.Form, path, canonical string) string {
	if canonical == "" {
		return t.T("conflict.nothing")
	}
	if f != nil {
		if x := f.Field(path); x != nil {
			return sheet.Value(x, canonical, t.Lang())
		}
	}
	return canonical
}

// baseLine says what the answers that differ were before.
func baseLine(t *i18n.Texts, f *form.Form, k record.Conflict, order []string, now time.Time) string {
	text := ""
	for _, p := range order {
		if k.Kept.Values[p] == k.Other.Values[p] || k.Base.Values[p] == "" {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += shown(t, f, p, k.Base.Values[p])
	}
	if text == "" {
		return ""
	}
	return t.T("conflict.base", "text", text, "when", t.WhenLong(k.Base.Time, now))
}
