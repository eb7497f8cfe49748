package form

import (
	"slices"
	"strings"
)

// snapshot is what a screen can see of a place; two of them tell whether it changed.
type snapshot struct {
	visible, required bool
	typed, canonical  string
	problems          []Problem
}

func (s *Session) snapshot(i *inst) snapshot {
	if i.internal() {
		return snapshot{}
	}
	return snapshot{i.visible, i.required, i.typed, i.canonical, i.problems}
}

func (a snapshot) same(b snapshot) bool {
	return a.visible == b.visible && a.required == b.required && a.typed == b.typed && a.canonical == b.canonical &&
		slices.EqualFunc(a.problems, b.problems, func(p, q Problem) bool {
			return p.Key == q.Key && p.Rule == q.Rule && p.Reason == q.Reason && p.Text("de") == q.Text("de")
		})
}

func (i *inst) state() FieldState {
	return FieldState{
		Visible: i.visible && !i.internal(), Required: i.required, ReadOnly: i.item.Field.calc,
		Value: i.canonical, Typed: i.typed, Problems: i.problems,
	}
}

// enter understands what was typed or stored.
func (i *inst) enter(s *Session, e entry) {
	f := i.item.Field
	if f.calc {
		return // its rule fills it
	}
	i.typed = e.text
	if e.stored {
		i.canonical, i.trouble = e.text, complaint{}
	} else {
		i.canonical, i.trouble = f.read(e.text, s.now)
	}
	i.parsed = f.decode(i.canonical)
}

func (s *Session) mark(n *cell) {
	if !n.dirty {
		n.dirty = true
		s.dirty[n.rank] = append(s.dirty[n.rank], n)
	}
}

// settle computes everything that is marked, each thing after what it reads, and reports what a screen has
// to draw again. before holds the states of places that were touched already.
func (s *Session) settle(before map[*inst]snapshot) Effect {
	if before == nil {
		before = map[*inst]snapshot{}
	}
	s.evals = 0
	var proofs []string
	for r := range s.dirty {
		for k := 0; k < len(s.dirty[r]); k++ {
			n := s.dirty[r][k]
			n.dirty = false
			if n.kind == cellProof {
				was := n.proofState
				s.proof(n)
				if was != n.proofState {
					proofs = append(proofs, proofPrefix+n.proofState.Proof.ID)
				}
				continue
			}
			if _, ok := before[n.inst]; !ok {
				before[n.inst] = s.snapshot(n.inst)
			}
			if s.compute(n) {
				for _, m := range n.readers {
					s.mark(m)
				}
			}
		}
		s.dirty[r] = s.dirty[r][:0]
	}
	var changed []*inst
	for i, was := range before {
		if !was.same(s.snapshot(i)) {
			changed = append(changed, i)
		}
	}
	slices.SortFunc(changed, func(a, b *inst) int { return a.place - b.place })
	e := Effect{Evaluated: s.evals}
	for _, i := range changed {
		e.Changed = append(e.Changed, i.path)
	}
	e.Changed = append(e.Changed, s.inOrder(proofs)...)
	return e
}

func (s *Session) inOrder(proofs []string) []string {
	if len(proofs) < 2 {
		return proofs
	}
	var out []string
	for _, n := range s.proofs {
		if p := proofPrefix + n.proofState.Proof.ID; slices.Contains(proofs, p) {
			out = append(out, p)
		}
	}
	return out
}

// all computes the whole form.
func (s *Session) all() {
	for _, i := range s.byPath {
		s.mark(i.show)
		if i.value != nil {
			s.mark(i.value)
			s.mark(i.check)
		}
	}
	for _, n := range s.proofs {
		s.mark(n)
	}
	s.settle(nil)
}

// eval computes one rule.
func (s *Session) eval(l *live) value {
	s.evals++
	v := s.env
	v.get = l.get
	return l.expr.eval(&v)
}

// compute brings a node up to date and reports whether others have to know.
func (s *Session) compute(n *cell) bool {
	i := n.inst
	switch n.kind {
	case cellShow:
		was := i.visible
		i.visible = (i.parent == nil || i.parent.visible) && s.shows(n)
		return was != i.visible
	case cellValue:
		was := i.answer
		i.answer = s.answerOf(n)
		return !was.equal(i.answer)
	default:
		s.check(n)
		return false
	}
}

func (s *Session) shows(n *cell) bool {
	for _, l := range n.rules {
		if on := s.eval(l).isTrue(); on != (l.rule.Kind == RuleShow) {
			return false
		}
	}
	return true
}

func (s *Session) answerOf(n *cell) value {
	i := n.inst
	f := i.item.Field
	if f.calc {
		i.canonical = ""
		if i.visible {
			i.canonical = f.result(s.eval(n.rules[0]))
		}
		i.typed, i.parsed = i.canonical, f.decode(i.canonical)
	}
	if !i.visible {
		return value{}
	}
	return i.parsed
}

func (s *Session) proof(n *cell) {
	p := &n.proofState
	p.Visible, p.Required = true, p.Proof.Required
	for _, l := range n.rules {
		on := s.eval(l).isTrue()
		switch l.rule.Kind {
		case RuleRequire:
			p.Required = p.Required || on
		default:
			p.Visible = p.Visible && on == (l.rule.Kind == RuleShow)
		}
	}
	p.Required = p.Required && p.Visible
}

// check finds what is wrong with a field now: the typed text first, then its own limits, then the rules.
func (s *Session) check(n *cell) {
	i := n.inst
	f := i.item.Field
	i.required, i.problems = false, nil
	if !i.visible || i.internal() || f.Type == TypeNote {
		return
	}
	i.required = f.Required
	var errors, warnings []Problem
	var asking Text // the words of the first rule that asks for an answer
	for _, l := range n.rules {
		if !l.rule.Kind.acts(s.eval(l)) {
			continue
		}
		switch l.rule.Kind {
		case RuleRequire:
			i.required = true
			if asking == nil {
				asking = l.rule.Text
			}
		case RuleForbid:
			if i.typed != "" {
				errors = append(errors, i.broken(l, "forbidden"))
			}
		case RuleValid:
			errors = append(errors, i.broken(l, "rule"))
		case RuleWarn:
			p := i.broken(l, "rule")
			p.Severity, p.Reason = SeverityWarning, s.reasons[l.key]
			warnings = append(warnings, p)
		}
	}
	i.required = i.required && !f.calc // nobody could type it
	if c := s.own(i); c.bad() {
		if c.key == KeyRequired {
			c.text = asking
		}
		i.problems = append(i.problems, i.problem(c))
	}
	i.problems = append(append(i.problems, errors...), warnings...)
}

// own checks what the field demands by itself.
func (s *Session) own(i *inst) complaint {
	f := i.item.Field
	switch {
	case i.trouble.bad():
		return i.trouble
	case i.canonical == "" && i.required:
		return wrong(KeyRequired)
	case i.canonical == "":
		return complaint{}
	case f.list != nil && !i.offersAll():
		return wrong("choice_within", "value", formatted{f, i.canonical})
	}
	return f.obey(i.canonical, i.parsed, s.env.today)
}

func (i *inst) problem(c complaint) Problem {
	args := c.args
	if args == nil {
		args = map[string]any{}
	}
	args["label"] = i.item.Field.Label
	return Problem{Path: i.path, Key: c.key, Args: args, text: c.text}
}

func (i *inst) broken(l *live, key string) Problem {
	p := i.problem(wrong(key))
	p.Rule, p.text = l.key, l.rule.Text
	return p
}

// offers reports whether a choice may be taken under the present answer of the narrowing field.
func (i *inst) offers(c Choice) bool {
	return i.within == nil || c.Within == "" || i.within.answer.text == c.Within
}

func (i *inst) offersAll() bool {
	l := i.item.Field.list
	for code := range strings.SplitSeq(i.canonical, "\n") {
		if k, ok := l.byCode[code]; ok && !i.offers(l.choices[k]) {
			return false
		}
	}
	return true
}
