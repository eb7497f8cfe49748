package form

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// The generator makes forms of every type of field, with repeats in repeats and rules of every kind. A rule
// reads only fields before its target, so no form it makes has a circle.

// TestMain draws more cases than rapid does by itself: a wrong wire between two fields shows only where a
// form happens to have such fields.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		_ = flag.Set("rapid.checks", "400")
	}
	m.Run()
}

type obj = map[string]any

type maker struct {
	t      *rapid.T
	fields []made
	n      int
}

type made struct {
	path  string
	typ   Type
	chain []string
	calc  bool
}

func tr(s string) obj { return obj{"de": s} }

var allTypes = []Type{
	TypeText, TypeMultiline, TypeInteger, TypeDecimal, TypeMoney, TypeDate, TypeMonth, TypeTime, TypeBoolean, TypeChoice, TypeMulti,
	TypeIBAN, TypeBIC, TypePostcode, TypeAGS, TypePhone, TypeEmail, TypePlate, TypeChip, TypeParcel, TypeTaxID, TypeCreditor, TypeFile, TypeSignature,
}

func (m *maker) pick(n int) int { return rapid.IntRange(0, n-1).Draw(m.t, "pick") }

func (m *maker) some(p int) bool { return rapid.IntRange(0, 99).Draw(m.t, "some") < p }

func (m *maker) name(s string) string { m.n++; return fmt.Sprintf("%s%d", s, m.n) }

func (m *maker) group(at string, chain []string, depth int) obj {
	name := m.name("g")
	path := strings.TrimPrefix(at+"/"+name, "/")
	g := obj{"group": name, "label": tr(name)}
	if m.some(30) {
		g["repeat"] = obj{"min": m.pick(3), "max": 3}
		chain = append(slices.Clone(chain), path)
	}
	var items []any
	for range 1 + m.pick(4) {
		if depth < 2 && m.some(20) {
			items = append(items, m.group(path, chain, depth+1))
			continue
		}
		items = append(items, m.field(path, chain))
	}
	g["items"] = items
	return g
}

func (m *maker) field(at string, chain []string) obj {
	name := m.name("f")
	path := at + "/" + name
	// More of the types that rules compute with.
	typ := rapid.SampledFrom(append([]Type{TypeInteger, TypeDecimal, TypeBoolean, TypeBoolean, TypeDate, TypeText, TypeChoice}, allTypes...)).Draw(m.t, "type")
	f := obj{"field": name, "type": typ, "label": tr(name)}
	if typ.Listed() {
		f["choices"] = []any{obj{"code": "a", "label": tr("rot")}, obj{"code": "b", "label": tr("blau")}, obj{"code": "c", "label": tr("blond")}}
	}
	if m.some(15) {
		f["repeat"] = obj{"min": m.pick(2), "max": 2}
		chain = append(slices.Clone(chain), path)
	}
	if m.some(30) {
		f["required"] = true
	}
	switch typ {
	case TypeInteger, TypeDecimal, TypeMoney:
		if m.some(30) {
			f["min"] = "0"
		}
	case TypeDate:
		if m.some(30) {
			f["max"] = "today"
		}
	}
	m.fields = append(m.fields, made{path: path, typ: typ, chain: chain})
	return f
}

// read draws an expression of a kind over the fields before limit, as seen from a place in chain.
func (m *maker) read(k kind, limit int, chain []string, depth int) any {
	if depth > 0 && m.some(60) {
		if e := m.operation(k, limit, chain, depth); e != nil {
			return e
		}
	}
	var fit []made
	for _, f := range m.fields[:limit] {
		if t := f.typ.kindOf(); t.kind == k && !t.list && prefix(f.chain, chain) {
			fit = append(fit, f)
		}
	}
	if len(fit) > 0 && m.some(80) {
		return obj{"field": fit[m.pick(len(fit))].path}
	}
	switch k {
	case kindBool:
		return m.some(50)
	case kindNumber:
		return json.Number(fmt.Sprint(m.pick(30) - 5))
	case kindDate:
		return obj{"today": []any{}}
	case kindTime:
		return obj{"time": "12:00"}
	}
	return "rot"
}

func (m *maker) operation(k kind, limit int, chain []string, depth int) any {
	sub := func(k kind) any { return m.read(k, limit, chain, depth-1) }
	anyField := func() any {
		if limit == 0 {
			return obj{"today": []any{}}
		}
		return obj{"field": m.fields[m.pick(limit)].path}
	}
	switch k {
	case kindBool:
		switch m.pick(9) {
		case 8:
			return obj{[]string{"contains", "starts", "ends"}[m.pick(3)]: []any{sub(kindText), sub(kindText)}}
		case 0:
			return obj{"and": []any{sub(kindBool), sub(kindBool)}}
		case 1:
			return obj{"or": []any{sub(kindBool), sub(kindBool), sub(kindBool)}}
		case 2:
			return obj{"not": sub(kindBool)}
		case 3:
			return obj{"xor": []any{sub(kindBool), sub(kindBool)}}
		case 4:
			return obj{"empty": anyField()}
		case 5:
			kk := []kind{kindNumber, kindDate, kindTime}[m.pick(3)]
			return obj{[]string{"lt", "le", "gt", "ge", "equal"}[m.pick(5)]: []any{sub(kk), sub(kk)}}
		case 6:
			return obj{"matches": []any{sub(kindText), "r.*"}}
		}
		return obj{"in": []any{sub(kindNumber), []any{1, 2, 3}}}
	case kindNumber:
		switch m.pick(11) {
		case 8:
			return obj{[]string{"mod", "pow", "sub"}[m.pick(3)]: []any{sub(kindNumber), sub(kindNumber)}}
		case 9:
			return obj{[]string{"abs", "trunc", "floor"}[m.pick(3)]: sub(kindNumber)}
		case 10:
			if len(chain) > 0 {
				return obj{"row": chain[len(chain)-1]}
			}
			return obj{"answered": []any{anyField(), sub(kindText)}}
		case 0:
			return obj{"mul": []any{sub(kindNumber), sub(kindNumber), sub(kindNumber)}}
		case 1:
			return obj{"div": []any{sub(kindNumber), sub(kindNumber)}}
		case 2:
			return obj{"age": sub(kindDate)}
		case 3:
			return obj{"date_diff": []any{sub(kindDate), sub(kindDate), "months"}}
		case 4:
			return obj{"if": []any{sub(kindBool), sub(kindNumber), sub(kindNumber)}}
		case 5:
			for _, f := range m.fields[:limit] {
				if f.typ.kindOf().kind == kindNumber {
					return obj{"sum": []any{obj{"field": f.path}, sub(kindNumber)}}
				}
			}
		case 6:
			for _, f := range m.fields[:limit] {
				if !prefix(f.chain, chain) {
					return obj{"count": obj{"field": f.path}}
				}
			}
		}
		return obj{"round": []any{obj{"coalesce": []any{sub(kindNumber), sub(kindNumber)}}, 1}}
	case kindDate:
		return obj{"date_add": []any{sub(kindDate), sub(kindNumber), "months"}}
	case kindText:
		switch m.pick(4) {
		case 0:
			return obj{"substr": []any{sub(kindText), sub(kindNumber), sub(kindNumber)}}
		case 1:
			return obj{[]string{"upper", "lower"}[m.pick(2)]: sub(kindText)}
		case 2:
			for _, f := range m.fields[:limit] {
				if !prefix(f.chain, chain) {
					return obj{"join": []any{obj{"field": f.path}, "; "}}
				}
			}
		}
		return obj{"concat": []any{sub(kindText), sub(kindNumber), sub(kindDate)}}
	}
	return nil
}

func (m *maker) rule(i int) obj {
	f := &m.fields[i]
	kinds := []string{"show", "hide", "require", "forbid", "valid", "warn", "calculate"}
	r := obj{"rule": m.name("r"), "do": kinds[m.pick(len(kinds))], "on": []any{f.path}}
	chain := f.chain
	switch r["do"] {
	case "show", "hide":
		if len(chain) > 0 && chain[len(chain)-1] == f.path {
			chain = chain[:len(chain)-1]
		}
	case "valid", "warn":
		r["text"] = tr("Bitte prüfen.")
		i++ // may read its own field
	case "calculate":
		if !slices.Contains([]Type{TypeText, TypeInteger, TypeDecimal, TypeMoney, TypeDate, TypeMonth, TypeBoolean, TypeChoice}, f.typ) || f.calc {
			r["do"] = "require"
			break
		}
		f.calc = true
		r["value"] = m.read(f.typ.kindOf().kind, i, chain, 3)
		return r
	}
	r["when"] = m.read(kindBool, i, chain, 3)
	return r
}

func drawForm(t *rapid.T) *Form {
	_, file := drawFile(t)
	b, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	if err != nil {
		t.Fatalf("the generator made a form that does not load: %v\n%s", err, b)
	}
	return f
}

// drawFile makes the file of a form that loads, and tells what is in it.
func drawFile(t *rapid.T) (*maker, obj) {
	m := &maker{t: t}
	var groups, rules []any
	for range 1 + m.pick(3) {
		groups = append(groups, m.group("", nil, 0))
	}
	for range m.pick(12) {
		rules = append(rules, m.rule(m.pick(len(m.fields))))
	}
	proofs := []any{obj{"proof": "p", "label": tr("P")}}
	rules = append(rules, obj{"rule": "proof", "do": "require", "on": []any{"proof:p"}, "when": m.read(kindBool, len(m.fields), nil, 2)})
	return m, obj{"format": format, "id": "x", "version": "1", "title": tr("X"), "groups": groups, "rules": rules, "proofs": proofs}
}

var samples = []string{
	"", "", "1", "2", "12,5", "1.234", "1.234,5", "-3", "0", "ja", "nein", "rot", "bl", "a", "a\nb", "heute", "1.2.2026", "2.5.30", "03/2024", "8:30", "DE89370400440532013000",
	"MARKDEF1100", "65428", "06433012", "06142 83100", "a@b.de", "GG-AB 123", "276098104123344", "Musterstadt 3 124/5", "86095742719", "DE98ZZZ09999999999", "1,2 3,4;5,6", "quatsch", "\xff", "99999999999999",
}

// fitting are texts that mean something to a type, so that rules get answers to work with.
var fitting = map[Type][]string{
	TypeBoolean: {"ja", "nein", ""}, TypeChoice: {"a", "rot", "blau", ""}, TypeMulti: {"a", "rot; blau", ""}, TypeDate: {"heute", "1.2.2020", "1.1.2027", ""},
	TypeInteger: {"1", "2", "-3", "0", ""}, TypeDecimal: {"1", "12,5", "-3", "0", ""}, TypeMoney: {"1", "12,5", "-3", "0", ""}, TypeText: {"rot", "r", "x", ""},
}

func drawTyped(t *rapid.T, f *Field) string {
	if own := fitting[f.Type]; own != nil && rapid.IntRange(0, 3).Draw(t, "fits") > 0 {
		return rapid.SampledFrom(own).Draw(t, "typed")
	}
	return rapid.OneOf(rapid.SampledFrom(samples), rapid.SampledFrom(samples), rapid.String()).Draw(t, "typed")
}

// act does something a clerk could do.
func act(t *rapid.T, s *Session) {
	places := s.Places()
	p := places[rapid.IntRange(0, len(places)-1).Draw(t, "place")]
	switch {
	case p.Item.repeat() != nil && p.Row == 0:
		n := s.Rows(p.Path)
		switch rapid.IntRange(0, 2).Draw(t, "rows") {
		case 0:
			s.AddRow(p.Path)
		case 1:
			s.RemoveRow(p.Path, rapid.IntRange(0, n+1).Draw(t, "row"))
		default:
			s.MoveRow(p.Path, rapid.IntRange(0, n+1).Draw(t, "from"), rapid.IntRange(0, n+1).Draw(t, "to"))
		}
	case p.Item.Field != nil:
		s.Set(p.Path, drawTyped(t, p.Item.Field))
		for _, x := range s.State(p.Path).Problems {
			if x.Severity == SeverityWarning && x.Reason == "" && rapid.Bool().Draw(t, "override") {
				s.Override(x.Rule, "Grund")
			}
		}
	}
}

// look writes down everything a screen can see except how the answers are spelled.
func look(s *Session) string {
	var b strings.Builder
	for _, p := range s.Places() {
		fmt.Fprintf(&b, "%s row %d visible %v\n", p.Path, p.Row, s.byPath[p.Path].visible)
		if p.Item.Field == nil || s.byPath[p.Path].value == nil {
			continue
		}
		st := s.State(p.Path)
		fmt.Fprintf(&b, "  %v %v %q answer %q", st.Required, st.ReadOnly, st.Value, s.byPath[p.Path].answer.canonical())
		for _, x := range st.Problems {
			fmt.Fprintf(&b, " %v/%s/%s/%s/%s", x.Severity, x.Key, x.Rule, x.Reason, x.Text("de"))
		}
		b.WriteByte('\n')
	}
	for _, p := range s.Proofs() {
		fmt.Fprintln(&b, p.Proof.ID, p.Visible, p.Required)
	}
	fmt.Fprintln(&b, s.Values())
	return b.String()
}

// Whatever is typed in whatever order, computing only what depends on it gives the same as computing the
// whole form from what was typed.
func TestIncrementalIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		s := f.Begin(nil, monday)
		for range rapid.IntRange(0, 30).Draw(t, "acts") {
			act(t, s)
		}
		once := look(s)
		s.all()
		if again := look(s); again != once {
			t.Fatalf("field by field:\n%s\nat once:\n%s", once, again)
		}
		whole := &Session{form: f, now: monday, env: s.env, typed: s.typed, rows: s.rows, reasons: s.reasons, orphans: record.Values{}}
		whole.build()
		whole.all()
		if got := look(whole); got != once {
			t.Fatalf("field by field:\n%s\nanew:\n%s", once, got)
		}
	})
}

// What an effect reports is exactly what looks different.
func TestEffectIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		s := f.Begin(nil, monday)
		for range rapid.IntRange(1, 10).Draw(t, "acts") {
			x := f.fields[rapid.IntRange(0, len(f.fields)-1).Draw(t, "field")]
			before := map[string]snapshot{}
			for p, i := range s.byPath {
				before[p] = s.snapshot(i)
			}
			proofs := s.Proofs()
			e := s.Set(x.Path, drawTyped(t, x))
			var want []string
			for _, p := range s.Places() {
				if !before[p.Path].same(s.snapshot(s.byPath[p.Path])) {
					want = append(want, p.Path)
				}
			}
			if proofs[0] != s.Proofs()[0] {
				want = append(want, "proof:p")
			}
			if !slices.Equal(e.Changed, want) {
				t.Fatalf("effect %v, but changed is %v", e.Changed, want)
			}
		}
	})
}

// A stored draft comes back as it was, whatever was typed.
func TestDraftRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		s := f.Begin(nil, monday)
		for range rapid.IntRange(1, 15).Draw(t, "acts") {
			act(t, s)
		}
		d := s.Draft()
		if len(d) == 0 {
			return
		}
		again := f.Begin(d, monday)
		again.SetReasons(s.Reasons())
		for p := range d {
			a, b := s.State(p), again.State(p)
			if a.Value != b.Value || a.Visible != b.Visible || len(a.Problems) > 0 && a.Value == "" && a.Typed != b.Typed {
				t.Fatalf("%s: %+v became %+v", p, a, b)
			}
		}
		if len(again.Orphans()) > 0 {
			t.Fatalf("no place any more for %v", again.Orphans())
		}
	})
}

// What is shown can be typed: every answer, in every language, is understood as itself.
func TestFormattedIsUnderstood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(allTypes).Draw(t, "type")
		f := one(&quiet{}, typ, "")
		s := f.Begin(nil, monday)
		s.Set("g/f", rapid.OneOf(rapid.SampledFrom(samples), rapid.StringMatching(`[0-9]{1,9}([.,][0-9]{1,3})?`), rapid.String()).Draw(t, "typed"))
		v := s.State("g/f").Value
		if v == "" {
			return
		}
		if typ == TypeSignature || typ == TypeFile { // only said to be there
			return
		}
		for _, lang := range []string{"de", "en", "tr"} {
			shown := Format(f.Field("g/f"), v, lang)
			s.Set("g/f", "")
			if s.Set("g/f", shown); s.State("g/f").Value != v {
				t.Fatalf("%s: %q shown as %q in %s is understood as %+v", typ, v, shown, lang, s.State("g/f"))
			}
		}
		if again := f.Begin(record.Values{"g/f": v}, monday).State("g/f").Value; again != v {
			t.Fatalf("%s: stored %q, read %q", typ, v, again)
		}
	})
}

// quiet lets one be called inside a property.
type quiet struct{ testing.TB }

func (*quiet) Helper()                   {}
func (*quiet) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

// FuzzTyped: whatever is typed into whatever type, there is an answer that can be shown and typed again, or
// one sentence that says what to type.
func FuzzTyped(f *testing.F) {
	for i := range allTypes {
		for _, s := range samples {
			f.Add(uint8(i), s)
		}
	}
	forms := make([]*Form, len(allTypes))
	for i, typ := range allTypes {
		forms[i] = one(f, typ, "")
	}
	f.Fuzz(func(t *testing.T, k uint8, typed string) {
		form := forms[int(k)%len(forms)]
		s := form.Begin(nil, monday)
		s.Set("g/f", typed)
		st := s.State("g/f")
		for _, p := range st.Problems {
			if p.Text("de") == "" || p.Text("en") == p.Key {
				t.Fatalf("%q: no sentence for %s", typed, p.Key)
			}
		}
		if st.Value != "" && len(st.Problems) > 0 || len(st.Problems) > 1 {
			t.Fatalf("%q: %+v", typed, st)
		}
		shown := Format(form.Field("g/f"), st.Value, "de")
		if typ := form.Field("g/f").Type; typ == TypeSignature || typ == TypeFile {
			shown = st.Value
		}
		if s.Set("g/f", shown); s.State("g/f").Value != st.Value {
			t.Fatalf("%q is %q, shown as %q, which is %q", typed, st.Value, shown, s.State("g/f").Value)
		}
	})
}
