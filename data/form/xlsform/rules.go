package xlsform

import (
	"strings"

	"schalter/data/record"
)

// rules writes down what the cells of a question demand.
func (f *former) rules(q *question) {
	if q.sort == sortLeftOut {
		return
	}
	if c := q.line.get("trigger"); c.text != "" {
		f.rep.fail(c.at, record.CodeXLSFunctionUnsupported, "function", "trigger")
	}
	f.relevant(q)
	if q.sort == sortGroup || q.sort == sortRepeat {
		return
	}
	switch {
	case q.sort == sortNote:
		f.showAnswers(q)
	case q.sort == sortCalculate, q.sort == sortField && q.calculation().text != "":
		f.calculation(q)
	default:
		f.required(q)
		f.constraint(q)
	}
}

func (f *former) rule(q *question, do string, at place) *rule {
	name := q.native
	if len(name) > maxName-10 {
		name = name[:maxName-10]
	}
	r := &rule{ID: f.ruleIDs.unique(name + "." + do), Do: do, at: at}
	f.doc.Rules = append(f.doc.Rules, r)
	return r
}

// when translates a condition that acts while it is true; nil where it is wrong.
func (f *former) when(q *question, c cell, shows bool) any {
	s := f.scopeFor(q, c, shows)
	t := s.parse(c)
	if t == nil {
		return nil
	}
	e := s.condition(t, asFalse)
	if s.failed {
		return nil
	}
	return e
}

// relevant writes down under which condition a question is asked. A proof stands beside the groups of a
// native form, so the conditions of the groups it stood in come with it.
func (f *former) relevant(q *question) {
	on, levels := q.path, []*question{q}
	if q.proof != nil {
		on = "proof:" + q.proof.ID
		for p := q.parent; p != nil; p = p.parent {
			levels = append(levels, p)
		}
	}
	for _, level := range levels {
		if level.line == nil {
			continue
		}
		c := level.line.get("relevant")
		if c.text == "" {
			continue
		}
		e := f.when(level, c, true)
		if e == nil || e == true || on == "" {
			continue
		}
		r := f.rule(q, "show", c.at)
		r.On, r.When = []string{on}, e
	}
}

// required marks what must be answered, or writes down when it must.
func (f *former) required(q *question) {
	c := q.line.get("required")
	var text texts
	if f.plain(q.line, "required_message"); c.text != "" {
		text = f.texts(q.line, "required_message")
	}
	on := []string{q.path}
	switch {
	case q.proof != nil:
		on[0] = "proof:" + q.proof.ID
	case q.sort == sortMoment:
		on = []string{q.path + "/date", q.path + "/time"}
	}
	var when any = true
	switch {
	case no(c.text):
		return
	case yes(c.text):
		q.mark()
		if text == nil || q.proof != nil {
			return
		}
	default:
		if when = f.when(q, c, false); when == nil || when == false {
			return
		}
	}
	r := f.rule(q, "require", c.at)
	r.On, r.When = on, when
	if q.proof == nil {
		r.Text = text
	}
}

func (q *question) mark() {
	for _, fl := range q.fields {
		fl.Required = true
	}
	if q.proof != nil {
		q.proof.Required = true
	}
}

// constraint writes down what an answer must fulfil. It is looked at only where there is one.
func (f *former) constraint(q *question) {
	if q.sort != sortField {
		return
	}
	c := q.line.get("constraint")
	f.plain(q.line, "constraint_message")
	if c.text != "" {
		text := f.texts(q.line, "constraint_message")
		if text == nil {
			text = f.word("check")
		}
		f.valid(q, c, text)
	}
	if step, ok := q.scale["step"]; ok && (!step.Equal(one) || !q.scale["start"].IsInteger()) {
		start := q.scale["start"].String()
		p := q.line.get("parameters")
		p.text = "(. - (" + start + ")) mod " + step.String() + " = 0"
		f.valid(q, p, f.word("step", "{step}", german(step.String()), "{start}", german(start)))
	}
}

func (f *former) valid(q *question, c cell, text texts) {
	s := f.scopeFor(q, c, false)
	s.answered = true
	t := s.parse(c)
	if t == nil {
		return
	}
	e := s.condition(t, asTrue)
	self := s.op("field", q.path)
	if !opensWith(e, q.path) {
		e = s.op("or", s.op("empty", self), e)
	}
	if s.failed {
		return
	}
	r := f.rule(q, "valid", c.at)
	r.On, r.When, r.Text = []string{q.path}, e, text
}

// strict are the operators that give nothing as soon as one of their parts is nothing.
var strict = set("equal", "lt", "le", "gt", "ge", "not", "matches", "contains", "starts", "ends", "length", "add", "sub", "mul", "div", "mod", "number",
	"round", "trunc", "abs", "pow", "floor", "ceil", "date_diff", "date_add", "date_part", "upper", "lower", "substr")

// opensWith reports whether a condition is open while the question itself is not answered, so that a
// constraint needs no exception for that.
func opensWith(e any, path string) bool {
	m, ok := e.(map[string]any)
	if !ok {
		return false
	}
	for name, args := range m {
		list, many := args.([]any)
		if !many {
			list = []any{args}
		}
		switch {
		case name == "field":
			return args == path
		case name == "in":
			return opensWith(list[0], path)
		case name == "and" || name == "or":
			for _, a := range list {
				if !opensWith(a, path) {
					return false
				}
			}
			return true
		case strict[name]:
			for _, a := range list {
				if opensWith(a, path) {
					return true
				}
			}
		}
	}
	return false
}

// calculation writes down how a question is filled.
func (f *former) calculation(q *question) {
	c := f.calculate(q)
	cell := q.calculation()
	if c.failed || cell.text == "" && q.sort == sortField {
		return
	}
	v := c.value
	if q.sort == sortField {
		s := f.scopeFor(q, cell, false)
		var ok bool
		if v, ok = s.fitting(v, q.answer); !ok || !fillable[q.answer] {
			s.fail(record.CodeXLSKinds, "operator", strings.TrimSpace(q.word))
		}
		if s.failed {
			return
		}
		f.unanswerable(q, "required", "constraint")
		if q.fixed == nil {
			f.unanswerable(q, "default")
			if !yes(q.line.text("read_only")) {
				f.rep.note(cell.at, record.CodeXLSNoteCalculated, "name", q.name)
			}
		}
	}
	r := f.rule(q, "calculate", cell.at)
	r.On, r.Value = []string{q.path}, v.js
}

// fillable are the native types that a calculation may fill.
var fillable = set("text", "multiline", "integer", "decimal", "money", "date", "time", "choice")
