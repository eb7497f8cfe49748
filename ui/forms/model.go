package forms

import (
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/form/trial"
	"schalter/data/record"
	"schalter/data/search"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// Origin is where a form comes from.
type Origin int

// The origins.
const (
	Builtin Origin = iota
	Published
	Trial
)

// Line is one form as the list shows it.
type Line struct {
	Form    record.FormRef
	Title   string
	From    Origin
	Where   string // the origin in words
	Pill    string // how it stands
	Kind    control.Kind
	Open    int    // rules nobody has decided about
	Editing bool   // it lies unfinished in the editor
	Offered bool   // clerks can begin cases with it
	Here    bool   // its file is on this desk
	Drafts  int    // being typed with it
	Reason  string // why the centre refused it, and what to do
	Item    trial.Item
	Row     record.FormRow
}

// Lines makes the list: what is tried first, because somebody has to go on with it, then the others by
// title.
func Lines(t *i18n.Texts, o Overview) []Line {
	var out []Line
	for _, x := range o.Trials {
		out = append(out, trialLine(t, x))
	}
	n := len(out)
	newest := offeredOf(o.Published)
	for _, r := range o.Published {
		if worth(r, newest) {
			out = append(out, publishedLine(t, r))
		}
	}
	for _, f := range o.Builtin {
		if top, ok := newest[f.ID]; !ok || record.CompareVersions(f.Version, top.Form.Version) > 0 && !top.Retired {
			out = append(out, builtinLine(t, f))
		}
	}
	for i := range out {
		l := &out[i]
		l.Editing = o.Editing[l.Form.ID]
		if l.From != Trial {
			l.Drafts = o.Drafts[l.Form.ID]
		}
	}
	slices.SortStableFunc(out[n:], func(a, b Line) int {
		return strings.Compare(search.Fold(a.Title)+a.Form.Version, search.Fold(b.Title)+b.Form.Version)
	})
	return out
}

// offeredOf gives the newest version of each form that counts.
func offeredOf(rows []record.FormRow) map[string]record.FormRow {
	newest := map[string]record.FormRow{}
	for _, r := range rows {
		if counts(r) {
			newest[r.Form.ID] = r
		}
	}
	return newest
}

// worth tells whether a published version is worth a line: the newest one, and what was refused later.
func worth(r record.FormRow, newest map[string]record.FormRow) bool {
	top, ok := newest[r.Form.ID]
	if counts(r) {
		return r.Form == top.Form
	}
	return !ok || record.CompareVersions(r.Form.Version, top.Form.Version) > 0
}

// counts tells whether a version is one of the authority's, and not only kept for the cases that have it.
func counts(r record.FormRow) bool {
	return r.Delivery != record.DeliveryRejected && r.Delivery != record.DeliveryConflict
}

func trialLine(t *i18n.Texts, x trial.Item) Line {
	l := Line{
		Form: x.Form, Title: t.Name(x.Title), From: Trial, Here: true, Item: x, Open: x.Rules.Unresolved,
		Where: t.T("forms.from.trial", "user", x.User, "when", t.DateTime(x.Time.Local()), "file", x.Source),
		Pill:  t.T("forms.state.trial"), Kind: control.KindInfo,
	}
	return l
}

func publishedLine(t *i18n.Texts, r record.FormRow) Line {
	l := Line{Form: r.Form, Title: t.Name(r.Title), From: Published, Here: r.Here, Row: r, Offered: counts(r) && !r.Retired}
	key := "forms.from.published"
	if r.User == "" {
		key = "forms.from.centre"
	}
	l.Where = t.T(key, "user", r.User, "when", t.DateTime(r.Time.Local()))
	where, kind := standing.Delivery(t, r.Delivery)
	switch {
	case r.Delivery == record.DeliveryRejected:
		l.Pill, l.Kind = where, kind
		text, hint := t.Code(r.Reason, nil)
		l.Reason = text + " " + hint
	case r.Delivery == record.DeliveryConflict:
		l.Pill, l.Kind = t.T("forms.state.clash"), control.KindTrouble
		text, hint := t.Code(record.CodeFormVersionTaken, record.Args{"id": r.Form.ID, "version": r.Form.Version})
		l.Reason = text + " " + hint
	case r.Retired:
		l.Pill, l.Kind = t.T("forms.state.retired"), control.KindNone
	default:
		l.Pill, l.Kind = t.T("forms.state.published", "where", where), kind
	}
	return l
}

func builtinLine(t *i18n.Texts, f *form.Form) Line {
	return Line{
		Form: f.Ref(), Title: f.Title.In(t.Lang()), From: Builtin, Here: true, Offered: true,
		Where: t.T("forms.from.builtin"), Pill: t.T("forms.state.builtin"), Kind: control.KindNone,
	}
}

// Filter keeps the lines that have every word of a query in what they show.
func Filter(all []Line, query string) []Line {
	words := strings.Fields(search.Fold(query))
	var out []Line
	for _, l := range all {
		text := search.Fold(strings.Join([]string{l.Title, l.Form.ID, l.Form.Version, l.Where, l.Pill}, " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, l)
		}
	}
	return out
}

// Difference counts the questions that a new version of a form asks and the old one does not, and the
// other way round.
func Difference(before, after *form.Form) (added, gone int) {
	for _, f := range after.Fields() {
		if before.Field(f.Path) == nil {
			added++
		}
	}
	for _, f := range before.Fields() {
		if after.Field(f.Path) == nil {
			gone++
		}
	}
	return added, gone
}

// Place names where a rule is attached: "Antragsteller › Anschrift".
func Place(t *i18n.Texts, f *form.Form, path string) string {
	if id, ok := strings.CutPrefix(path, "proof:"); ok {
		if p := f.Proof(id); p != nil {
			return p.Label.In(t.Lang())
		}
	}
	var parts []string
	for i, r := range path + "/" {
		if r != '/' {
			continue
		}
		switch at := path[:i]; {
		case f.Group(at) != nil:
			parts = append(parts, f.Group(at).Label.In(t.Lang()))
		case f.Field(at) != nil:
			parts = append(parts, f.Field(at).Label.In(t.Lang()))
		}
	}
	if len(parts) == 0 {
		return t.T("forms.place.form")
	}
	return strings.Join(parts, " › ")
}
