package form

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
)

// Loss says why an answer has no place in another version of its form.
type Loss string

// The losses.
const (
	LossGone       Loss = "gone"       // the field is no longer there
	LossType       Loss = "type"       // the field asks for something of another kind
	LossCode       Loss = "code"       // the list no longer has the choice
	LossRow        Loss = "row"        // there are fewer rows
	LossCalculated Loss = "calculated" // a rule fills the field now
	LossProof      Loss = "proof"      // the proof is no longer asked for; its papers stay in the draft
)

// Lost is one answer that a change of version would take out of the form.
type Lost struct {
	Path  string // instance path in the old form; of a proof, its id
	Label Text
	Group Text   // label of the group the field stands in; empty for a proof
	Value string // as typed or canonical; of a choice that is gone, its code
	Text  Text   // the answer as it is read, by language of the old form
	Why   Loss
}

// Asked is one question that the new version asks and the old one did not, or not necessarily.
type Asked struct {
	Path     string // definition path in the new form; of a proof, its id
	Label    Text
	Group    Text // empty for a proof
	Required bool
	Proof    bool
}

// Migration is what becomes of a draft when it goes on under another version of its form.
type Migration struct {
	Values  record.Values // what carries over, for [Form.Begin] of the new version
	Carried int           // answers that carry over, without those that rules fill
	Lost    []Lost        // in the order of the old form
	Asked   []Asked       // in the order of the new form
}

// Same reports whether nobody would notice the change.
func (m Migration) Same() bool { return len(m.Lost) == 0 && len(m.Asked) == 0 }

// Changes says what would become of a draft's answers ([Session.Draft]) under another version of its form.
// It decides nothing: the answers are left as they are. now serves as in [Form.Begin].
func Changes(from, to *Form, values record.Values, now time.Time) Migration {
	m := mover{to: to, Migration: Migration{Values: record.Values{}}}
	for _, f := range from.fields {
		for _, path := range pathsOf(f, values) {
			m.move(f, path, values[path])
		}
	}
	before := from.Begin(values, now)
	for path, v := range before.orphans { // kept for a version that has a place for them
		if _, taken := m.Values[path]; !taken {
			m.Values[path] = v
		}
	}
	after := to.Begin(m.Values, now)
	m.ask(before, after)
	m.proofs(before, after)
	return m.Migration
}

// pathsOf finds the answers to a field, row by row.
func pathsOf(f *Field, values record.Values) []string {
	if f.Type == TypeNote {
		return nil
	}
	var out []string
	for path, v := range values {
		if v == "" || DefinitionPath(path) != f.Path {
			continue
		}
		if _, ok := rowsOf(f, path); ok {
			out = append(out, path)
		}
	}
	slices.SortFunc(out, compareRows)
	return out
}

// compareRows puts row 2 before row 10.
func compareRows(a, b string) int {
	x, y := strings.Split(a, "["), strings.Split(b, "[")
	for i := 1; i < min(len(x), len(y)); i++ {
		m, _, _ := strings.Cut(x[i], "]")
		n, _, _ := strings.Cut(y[i], "]")
		if c := rowNumber(m+"]") - rowNumber(n+"]"); c != 0 {
			return c
		}
	}
	return strings.Compare(a, b)
}

type mover struct {
	to *Form
	Migration
}

// move finds the place of one answer in the new form.
func (m *mover) move(f *Field, path, value string) {
	g := m.to.Field(path)
	if f.calc {
		if g != nil && g.calc {
			if at, fits := placeIn(g, path); fits {
				m.Values[at] = value // its rule fills it again; until then it stands for its row
			}
		}
		return
	}
	lose := func(why Loss, value string) {
		m.Lost = append(m.Lost, Lost{
			Path: path, Label: f.Label, Group: groupLabel(f), Value: value, Text: readable(f, value), Why: why,
		})
	}
	at, fits := "", false
	if g != nil {
		at, fits = placeIn(g, path)
	}
	switch {
	case g == nil || g.Type == TypeNote:
		lose(LossGone, value)
	case g.calc:
		lose(LossCalculated, value)
	case !fits:
		lose(LossRow, value)
	case !carries(f.Type, g.Type):
		lose(LossType, value)
	default:
		kept, gone := codes(f, g, value)
		if gone != "" {
			lose(LossCode, gone)
		}
		if kept != "" {
			m.Values[at] = kept
			m.Carried++
		}
	}
}

// placeIn writes an instance path as the new field's place has it: what repeats now begins with row 1, of
// what no longer repeats only row 1 has a place.
func placeIn(f *Field, path string) (string, bool) {
	reps := make([]*Repeat, 0, 4)
	for g := f.parent; g != nil; g = g.parent {
		reps = append(reps, g.Repeat)
	}
	slices.Reverse(reps)
	reps = append(reps, f.Repeat)
	parts := strings.Split(path, "/")
	for i, p := range parts {
		name, number, has := strings.Cut(p, "[")
		row := 1
		if has {
			row = rowNumber(number)
		}
		switch rep := reps[i]; {
		case rep == nil && row > 1, rep != nil && row > rep.max():
			return "", false
		case rep == nil:
			parts[i] = name
		default:
			parts[i] = name + "[" + strconv.Itoa(row) + "]"
		}
	}
	return strings.Join(parts, "/"), true
}

// worded are the types whose answer is a text that any of them can show; the form says where it does not fit.
var worded = []Type{
	TypeText, TypeMultiline, TypeIBAN, TypeBIC, TypePostcode, TypeAGS, TypePhone, TypeEmail, TypePlate, TypeChip, TypeParcel, TypeTaxID, TypeCreditor,
}

// carries tells whether an answer means the same under the new type.
func carries(from, to Type) bool {
	return from == to || from == TypeInteger && to == TypeDecimal || from == TypeChoice && to == TypeMulti ||
		slices.Contains(worded, from) && slices.Contains(worded, to)
}

// codes splits the answer to a choice into what the new list still has and what it has not. What was no
// choice of the old list either is a text somebody typed: it stays for her to put right.
func codes(from, to *Field, value string) (kept, gone string) {
	if !from.Type.Listed() || !to.Type.Listed() {
		return value, ""
	}
	var keep, lose []string
	for code := range strings.SplitSeq(value, "\n") {
		if hasCode(from, code) && !hasCode(to, code) {
			lose = append(lose, code)
		} else {
			keep = append(keep, code)
		}
	}
	return strings.Join(keep, "\n"), strings.Join(lose, "\n")
}

func hasCode(f *Field, code string) bool {
	return slices.ContainsFunc(f.Choices(), func(c Choice) bool { return c.Code == code })
}

func groupLabel(f *Field) Text {
	if f.parent == nil {
		return nil
	}
	return f.parent.Label
}

// readable is an answer as people read it, in each language of its form.
func readable(f *Field, value string) Text {
	t := Text{}
	for lang := range f.Label {
		if t[lang] = Format(f, value, lang); t[lang] == "" {
			t[lang] = value
		}
	}
	return t
}

// ask lists the questions that are new, or must be answered only now, among those the page shows.
func (m *mover) ask(before, after *Session) {
	seen := map[string]bool{}
	for _, p := range after.Places() {
		f := p.Item.Field
		if f == nil || f.Type == TypeNote || f.Repeat != nil && p.Row == 0 || seen[f.Path] {
			continue
		}
		st := after.State(p.Path)
		if !st.Visible || st.ReadOnly || st.Typed != "" {
			continue
		}
		old := before.form.Field(f.Path)
		known := old != nil && old.Type != TypeNote && !old.calc
		if known && (!st.Required || wasRequired(before, f.Path)) {
			continue
		}
		seen[f.Path] = true
		m.Asked = append(m.Asked, Asked{Path: f.Path, Label: f.Label, Group: groupLabel(f), Required: st.Required})
	}
}

func wasRequired(s *Session, path string) bool {
	for _, i := range s.fields {
		if i.item.Field.Path == path && i.visible && i.required {
			return true
		}
	}
	return false
}

// proofs lists those that are no longer asked for, or only now.
func (m *mover) proofs(before, after *Session) {
	for _, p := range before.Proofs() {
		if p.Visible && after.form.Proof(p.Proof.ID) == nil {
			m.Lost = append(m.Lost, Lost{Path: p.Proof.ID, Label: p.Proof.Label, Why: LossProof})
		}
	}
	for _, p := range after.Proofs() {
		if p.Visible && before.form.Proof(p.Proof.ID) == nil {
			m.Asked = append(m.Asked, Asked{Path: p.Proof.ID, Label: p.Proof.Label, Required: p.Required, Proof: true})
		}
	}
}
