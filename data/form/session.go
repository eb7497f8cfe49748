package form

import (
	"maps"
	"strings"
	"time"

	"schalter/data/record"
)

// Session is a form being filled. It belongs to one goroutine.
type Session struct {
	form    *Form
	env     env
	now     time.Time
	typed   map[string]entry // by instance path, everything that was typed
	rows    map[string]int   // by path of the repeated item
	reasons map[string]string
	orphans record.Values

	groups  []*inst // the page
	byPath  map[string]*inst
	proofs  []*cell
	byProof map[string]*cell
	fields  []*inst // in form order
	dirty   [][]*cell
	evals   int
}

// entry is what stands in a field: typed by somebody, or the canonical text that was stored. The two must not
// be confused, because "1.234" is a thousand and more when it was typed and one and a bit when it was stored.
type entry struct {
	text   string
	stored bool
}

// FieldState is how one field stands now.
type FieldState struct {
	Visible  bool
	Required bool
	ReadOnly bool      // calculated
	Value    string    // canonical; "" while empty or not understood
	Typed    string    // as typed, or the canonical text of a stored value
	Problems []Problem // errors first
}

// GroupState is how one group stands now.
type GroupState struct {
	Visible bool
}

// ProofState is how one proof stands now. Proofs that are not visible are not asked for.
type ProofState struct {
	Proof    *Proof
	Visible  bool
	Required bool
}

// Effect is what a change did.
type Effect struct {
	Changed   []string // paths of fields and groups, "proof:" and id of proofs, whose state is another now, in form order
	Rows      bool     // rows came, went or moved: Places is another now
	Evaluated int      // how many rules were computed
}

// Place is one group or field as it stands on the page, rows of repeats included. A repeated group or
// field comes first as a whole (Row 0: its heading, where rows are added), then once for each row.
type Place struct {
	Path  string // instance path: "stand" as a whole, "stand[2]" its second row
	Item  Item
	Row   int // from 1 for a row of a repeated item, else 0
	Depth int // 0 for top-level groups; rows stand one deeper than their heading
}

// Begin starts filling the form. v is what was stored of it, canonical ([Session.Values]) or as typed
// ([Session.Draft]); where it is empty the form's defaults are filled in. now decides what "today" is, in
// its own time zone.
func (f *Form) Begin(v record.Values, now time.Time) *Session {
	s := &Session{
		form: f, now: now, env: env{today: dayOf(now), now: now.Hour()*60 + now.Minute()},
		typed: map[string]entry{}, rows: map[string]int{}, reasons: map[string]string{}, orphans: record.Values{},
	}
	for path, text := range v {
		if text == "" {
			continue
		}
		if !s.adopt(path) {
			s.orphans[path] = text
			continue
		}
		s.typed[path] = entry{text, s.form.Field(path).stored(text)}
	}
	s.build()
	if len(v) == 0 {
		s.defaults("")
		s.build()
	}
	s.all()
	return s
}

// adopt finds out whether the form has a place for a stored answer and makes the rows it needs.
func (s *Session) adopt(path string) bool {
	fl := s.form.Field(path)
	if fl == nil || fl.Type == TypeNote {
		return false
	}
	rows, ok := rowsOf(fl, path)
	if !ok {
		return false
	}
	for at, n := range rows {
		s.rows[at] = max(s.rows[at], n)
	}
	return true
}

// rowsOf takes an instance path apart: for each repeated item on the way, the row it is in. It refuses
// paths whose brackets are not where the form repeats.
func rowsOf(f *Field, path string) (map[string]int, bool) {
	var items []Item
	for g := f.parent; g != nil; g = g.parent {
		items = append([]Item{{Group: g}}, items...)
	}
	items = append(items, Item{Field: f})
	parts := strings.Split(path, "/")
	if len(parts) != len(items) {
		return nil, false
	}
	rows := map[string]int{}
	at := ""
	for i, p := range parts {
		name, number, bracket := strings.Cut(p, "[")
		at += name
		rep := items[i].repeat()
		if bracket != (rep != nil) {
			return nil, false
		}
		if bracket {
			n := rowNumber(number)
			if n == 0 || n > rep.max() {
				return nil, false
			}
			rows[at] = n
			at += "[" + number
		}
		at += "/"
	}
	return rows, true
}

// rowNumber reads "12]"; 0 if it is none.
func rowNumber(s string) int {
	s, ok := strings.CutSuffix(s, "]")
	if !ok || s == "" || len(s) > 4 || s[0] == '0' {
		return 0
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// defaults types the defaults into the empty fields whose path begins with prefix.
func (s *Session) defaults(prefix string) {
	for _, i := range s.fields {
		if d := i.item.Field.Default; d != "" && s.typed[i.path].text == "" && strings.HasPrefix(i.path, prefix) {
			s.typed[i.path] = entry{text: d}
		}
	}
}

// Set takes what somebody typed into a field and computes what depends on it. Typing into a calculated
// field, a note or a path that is not on the page has no effect.
func (s *Session) Set(path, typed string) Effect {
	i := s.byPath[path]
	if i == nil || i.value == nil || i.item.Field.calc || i.item.Field.Type == TypeNote || i.typed == typed {
		return Effect{}
	}
	if typed == "" {
		delete(s.typed, path)
	} else {
		s.typed[path] = entry{text: typed}
	}
	before := s.snapshot(i)
	i.enter(s, entry{text: typed})
	s.mark(i.value)
	s.mark(i.check)
	return s.settle(map[*inst]snapshot{i: before})
}

// State tells how a field stands. For a path that is not on the page it is the zero state.
func (s *Session) State(path string) FieldState {
	i := s.byPath[path]
	if i == nil || i.value == nil {
		return FieldState{}
	}
	return i.state()
}

// Group tells how a group stands.
func (s *Session) Group(path string) GroupState {
	i := s.byPath[path]
	return GroupState{Visible: i != nil && i.visible}
}

// Proofs lists the form's proofs with what is asked for now.
func (s *Session) Proofs() []ProofState {
	out := make([]ProofState, len(s.proofs))
	for k, n := range s.proofs {
		out[k] = n.proofState
	}
	return out
}

// Problems lists what is not in order, in form order.
func (s *Session) Problems() []Problem {
	var out []Problem
	for _, i := range s.fields {
		out = append(out, i.problems...)
	}
	return out
}

// Values are the answers that count: of visible fields, understood, in canonical form.
func (s *Session) Values() record.Values {
	out := record.Values{}
	for _, i := range s.fields {
		if i.visible && i.canonical != "" {
			out[i.path] = i.canonical
		}
	}
	return out
}

// Draft is everything that was typed, to be stored and given to [Form.Begin] again: canonical where it was
// understood, as typed where not, of hidden fields too, and answers the form has no place for. Reasons are
// kept apart ([Session.Reasons]).
func (s *Session) Draft() record.Values {
	out := s.orphans.Clone()
	for _, i := range s.fields {
		switch {
		case i.canonical != "":
			out[i.path] = i.canonical
		case i.typed != "":
			out[i.path] = i.typed
		}
	}
	return out
}

// Orphans are the stored answers that this version of the form has no place for.
func (s *Session) Orphans() record.Values { return s.orphans.Clone() }

// Form is the form being filled.
func (s *Session) Form() *Form { return s.form }

// Choices are the answers offered in a choice or multichoice now.
func (s *Session) Choices(path string) []Choice { return s.Match(path, "", int(^uint(0)>>1)) }

// Match lists up to limit choices for a typed text, best first: the beginning of a code or label before the
// beginning of a word in it.
func (s *Session) Match(path, typed string, limit int) []Choice {
	i := s.byPath[path]
	if i == nil || i.value == nil || i.item.Field.list == nil {
		return nil
	}
	l := i.item.Field.list
	return l.match(typed, limit, func(k int) bool { return i.offers(l.choices[k]) })
}

// Override notes why a clerk goes on in spite of a warning; rule is [Problem.Rule]. An empty reason takes
// it back.
func (s *Session) Override(rule, reason string) Effect {
	if s.reasons[rule] == reason {
		return Effect{}
	}
	if reason == "" {
		delete(s.reasons, rule)
	} else {
		s.reasons[rule] = reason
	}
	before := map[*inst]snapshot{}
	for _, i := range s.fields {
		for _, p := range i.problems {
			if p.Rule == rule {
				before[i] = s.snapshot(i)
				s.mark(i.check)
			}
		}
	}
	return s.settle(before)
}

// Reasons are the reasons given so far, by [Problem.Rule], to be stored with the draft.
func (s *Session) Reasons() map[string]string {
	out := make(map[string]string, len(s.reasons))
	maps.Copy(out, s.reasons)
	return out
}

// SetReasons takes stored reasons back.
func (s *Session) SetReasons(r map[string]string) {
	s.reasons = map[string]string{}
	for k, v := range r {
		if v != "" {
			s.reasons[k] = v
		}
	}
	for _, i := range s.fields {
		s.mark(i.check)
	}
	s.settle(nil)
}
