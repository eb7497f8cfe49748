package letter

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"schalter/data/form"
	"schalter/data/record"
)

// gatherer walks the page of a form as it was filled and notes what applied.
type gatherer struct {
	s         *form.Session
	documents []record.Document
	lang      string
	t         texts
	out       []Group
	at        string // path of the group whose answers stand in the last of out
	skip      string // rows below this path are in a table already
}

// gather lists the visible answers in the order of the page. An answer stands under the name of its group;
// the names of groups around it that have no answers of their own stand before it.
func gather(s *form.Session, documents []record.Document, lang string) []Group {
	t, err := textsFor(lang)
	if err != nil {
		t = texts{lang: lang}
	}
	g := &gatherer{s: s, documents: documents, lang: lang, t: t}
	for _, p := range s.Places() {
		switch {
		case g.skip != "" && strings.HasPrefix(p.Path, g.skip+"["):
		case p.Item.Group != nil:
			if r := p.Item.Group.Repeat; r != nil && p.Row == 0 && s.Group(p.Path).Visible {
				g.repeated(p)
			}
		case p.Row == 0:
			g.field(p)
		}
	}
	return g.out
}

// field notes the answer of a field, all rows at once where it repeats.
func (g *gatherer) field(p form.Place) {
	f := p.Item.Field
	var values []string
	row := Row{Label: f.Label.In(g.lang)}
	take := func(path string) {
		st := g.s.State(path)
		if !st.Visible || st.Value == "" {
			return
		}
		values = append(values, g.written(f, st.Value))
		if f.Type == form.TypeSignature {
			row.Signature, _ = form.ParseSignature(st.Value)
			values[len(values)-1] = ""
		}
	}
	if f.Repeat == nil {
		take(p.Path)
	}
	for r := range g.s.Rows(p.Path) {
		take(p.Path + "[" + strconv.Itoa(r+1) + "]")
	}
	if len(values) == 0 {
		return
	}
	row.Value = strings.Join(values, "\n")
	if f.ToConfirm {
		row.Note = g.t.say("to_confirm")
	}
	parent := p.Path[:strings.LastIndexByte(p.Path, '/')]
	if parent != g.at || len(g.out) == 0 {
		g.begin(parent)
	}
	last := &g.out[len(g.out)-1]
	last.Rows = append(last.Rows, row)
}

// begin starts the answers of the group at an instance path, under the names of what lies around it.
func (g *gatherer) begin(path string) {
	g.at = path
	g.out = append(g.out, Group{Title: g.title(path)})
}

// title is the name of a group with the names of those around it; a row has its number.
func (g *gatherer) title(path string) string {
	var names []string
	for i, c := range path + "/" {
		if c != '/' {
			continue
		}
		at := path[:i]
		group := g.s.Form().Group(at)
		if group == nil {
			continue
		}
		name := group.Label.In(g.lang)
		if k := strings.LastIndexByte(at, '['); k > strings.LastIndexByte(at, '/') {
			name += " " + strings.TrimSuffix(at[k+1:], "]")
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " › ")
}

// written is an answer as people read it.
func (g *gatherer) written(f *form.Field, canonical string) string {
	switch f.Type {
	case form.TypeMulti:
		codes := strings.Split(canonical, "\n")
		for i, c := range codes {
			codes[i] = form.Format(f, c, g.lang)
		}
		return strings.Join(codes, "\n")
	case form.TypeFile:
		ids := strings.Split(canonical, "\n")
		for i, id := range ids {
			ids[i] = g.document(id)
		}
		return strings.Join(ids, "\n")
	}
	return form.Format(f, canonical, g.lang)
}

// document names a paper of the case.
func (g *gatherer) document(id string) string {
	for _, d := range g.documents {
		if string(d.ID) != id {
			continue
		}
		if n := pagesNote(d.Pages, g.lang); n != "" && d.Title != "" {
			return d.Title + " (" + n + ")"
		}
		if d.Title != "" {
			return d.Title
		}
	}
	return g.t.say("paper_gone")
}

// The most that a table holds; what is more stands beneath each other.
const (
	tableColumns = 5
	tableText    = 45 // letters
)

// repeated makes a table of rows that are short enough. Others are noted row by row as they come.
func (g *gatherer) repeated(p form.Place) {
	n := g.s.Rows(p.Path)
	var t Table
	for _, it := range p.Item.Group.Items {
		if !g.answered(it, p, n) {
			continue
		}
		f := it.Field
		if f == nil || f.Repeat != nil || f.ToConfirm || !slices.Contains(tabular, f.Type) || len(t.Columns) == tableColumns {
			return
		}
		cells := make([]string, n)
		for r := range n {
			st := g.s.State(rowOf(p.Path, r) + "/" + f.Name)
			if st.Visible {
				cells[r] = g.written(f, st.Value)
			}
			if !g.short(f, st.Value) {
				return
			}
		}
		t.Columns = append(t.Columns, f.Label.In(g.lang))
		for r := range n {
			if len(t.Lines) <= r {
				t.Lines = append(t.Lines, nil)
			}
			t.Lines[r] = append(t.Lines[r], cells[r])
		}
	}
	t.Lines = slices.DeleteFunc(t.Lines, func(l []string) bool {
		return !slices.ContainsFunc(l, func(s string) bool { return s != "" })
	})
	if len(t.Lines) < 2 || len(t.Columns) < 2 {
		return
	}
	g.begin(p.Path)
	g.at = "" // whatever comes next has a name of its own
	g.out[len(g.out)-1].Table = &t
	g.skip = p.Path
}

// tabular are the types whose answers fit into a table.
var tabular = []form.Type{
	form.TypeText, form.TypeInteger, form.TypeDecimal, form.TypeMoney, form.TypeDate, form.TypeMonth, form.TypeTime, form.TypeBoolean,
	form.TypeChoice, form.TypePostcode, form.TypeAGS, form.TypePhone, form.TypeEmail, form.TypePlate, form.TypeChip, form.TypeParcel,
	form.TypeTaxID, form.TypeIBAN, form.TypeBIC, form.TypeCreditor,
}

// short reports whether a label and an answer fit into a table, in every language of the form: two
// languages of one letter must have the same shape.
func (g *gatherer) short(f *form.Field, canonical string) bool {
	for _, lang := range append([]string{g.lang}, g.s.Form().Languages...) {
		if utf8.RuneCountInString(f.Label.In(lang)) > tableText || utf8.RuneCountInString(form.Format(f, canonical, lang)) > tableText {
			return false
		}
	}
	return true
}

func rowOf(path string, r int) string { return path + "[" + strconv.Itoa(r+1) + "]" }

// answered reports whether anything in an item was answered in any of the rows.
func (g *gatherer) answered(it form.Item, p form.Place, rows int) bool {
	var name string
	if it.Group != nil {
		name = it.Group.Name
	} else {
		name = it.Field.Name
	}
	for _, x := range g.s.Places() {
		for r := range rows {
			at := rowOf(p.Path, r) + "/" + name
			inside := x.Path == at || strings.HasPrefix(x.Path, at+"/") || strings.HasPrefix(x.Path, at+"[")
			if inside && x.Item.Field != nil && g.s.State(x.Path).Visible && g.s.State(x.Path).Value != "" {
				return true
			}
		}
	}
	return false
}

// Bilingual joins what a confirmation says in two languages about the same case: the first counts, the
// second stands beneath it wherever it says something else.
func Bilingual(first, second Content) Content {
	out := first
	out.Also, out.ServiceAlso, out.NextAlso = second.Lang, other(first.Service, second.Service), second.Next
	out.Groups, out.Proofs = slices.Clone(first.Groups), slices.Clone(first.Proofs)
	for i := range out.Groups {
		if i < len(second.Groups) {
			out.Groups[i].join(second.Groups[i])
		}
	}
	for i := range out.Proofs {
		if i < len(second.Proofs) {
			out.Proofs[i].Also = other(out.Proofs[i].Label, second.Proofs[i].Label)
		}
	}
	return out
}

// other is the second text where it says something else.
func other(first, second string) string {
	if first == second {
		return ""
	}
	return second
}

func (g *Group) join(second Group) {
	g.Also = other(g.Title, second.Title)
	g.Rows = slices.Clone(g.Rows)
	for i := range g.Rows {
		if i < len(second.Rows) {
			r := &g.Rows[i]
			r.Also, r.ValueAlso = other(r.Label, second.Rows[i].Label), other(r.Value, second.Rows[i].Value)
		}
	}
	if g.Table == nil || second.Table == nil {
		return
	}
	t := *g.Table
	for i, c := range t.Columns {
		t.Also = append(t.Also, other(c, second.Table.Columns[i]))
	}
	for i, l := range t.Lines {
		var also []string
		for k, v := range l {
			also = append(also, other(v, second.Table.Lines[i][k]))
		}
		t.LinesAlso = append(t.LinesAlso, also)
	}
	g.Table = &t
}
