package form

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// list is a code list: a field's own or one that several fields share.
type list struct {
	choices []Choice
	byCode  map[string]int
	words   []word // for finding an answer by its label, sorted
}

type word struct {
	text  string // folded
	index int
}

// known types and the widths they get where the form names none.
var types = map[Type]int{
	TypeText: 6, TypeMultiline: 12, TypeInteger: 3, TypeDecimal: 3, TypeMoney: 3, TypeDate: 3, TypeMonth: 3,
	TypeTime: 2, TypeBoolean: 6, TypeChoice: 6, TypeMulti: 12, TypeFile: 12, TypeSignature: 12, TypeNote: 12,
	TypeIBAN: 6, TypeBIC: 3, TypePostcode: 2, TypeAGS: 3, TypePhone: 4, TypeEmail: 6, TypePlate: 3,
	TypeChip: 4, TypeParcel: 6, TypeTaxID: 4, TypeCreditor: 5,
}

const (
	defaultLine  = 500    // characters of a text without a limit of its own
	defaultLines = 10_000 // of a multiline text
	maxText      = 100_000
)

func (d *decoder) field(n *node, g *Group) (*Field, error) {
	o := n.object()
	f := &Field{parent: g}
	f.Name = d.name(o, "field")
	f.Path = g.Path + "/" + f.Name
	d.place(o, Item{Field: f}, f.Path)
	f.Type = Type(o.text("type"))
	width, ok := types[f.Type]
	if !ok {
		o.failf(n.at, "unknown type %q", f.Type)
	}
	f.Label = d.translated(o, "label", true)
	f.Help = d.translated(o, "help", false)
	f.Unit = d.translated(o, "unit", false)
	f.Legal = o.texts("legal")
	f.Origin = o.text("origin")
	f.Width = o.number("width", 1, 12, width)
	f.Required = o.flag("required")
	f.ToConfirm = o.flag("to_confirm")
	f.Internal = o.flag("internal")
	f.Example = o.text("example")
	f.Repeat = d.repeat(o)
	d.lengths(o, f)
	d.pattern(o, f)
	d.choices(o, f)
	f.Min, f.Max, f.Default = o.text("min"), o.text("max"), o.text("default")
	if err := o.done(); err != nil {
		return nil, err
	}
	if f.Type == TypeNote && (f.Required || f.Repeat != nil || f.Default != "") {
		return nil, invalid(n.at, "a note takes no answer: it is neither required nor repeated nor has it a default")
	}
	if err := f.readLimits(n.at); err != nil {
		return nil, err
	}
	if _, c := f.read(f.Default, sampleDay); c.bad() {
		return nil, invalid(n.at+"/default", "the default %q is not understood: %s", f.Default, sentence("en", c.key, c.args))
	}
	d.form.fields = append(d.form.fields, f)
	return f, nil
}

// sampleDay serves to try out a default; which day it is does not matter.
var sampleDay = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func (d *decoder) lengths(o *object, f *Field) {
	limit := 0
	f.Lines = 1
	switch f.Type {
	case TypeText:
		limit = defaultLine
	case TypeMultiline:
		limit = defaultLines
		f.Lines = o.number("lines", 2, 30, 3)
	case TypeDecimal:
		f.Decimals = o.number("decimals", 0, 6, 2)
	case TypeMoney:
		f.Decimals = 2
	}
	if limit == 0 {
		return
	}
	f.MinLength = o.number("min_length", 0, maxText, 0)
	f.MaxLength = o.number("max_length", 1, maxText, limit)
	if f.MinLength > f.MaxLength {
		o.failf(o.n.at, "min_length is above max_length")
	}
}

func (d *decoder) pattern(o *object, f *Field) {
	m := o.get("pattern")
	if m == nil {
		return
	}
	f.Pattern = o.str(m)
	f.patternText = d.translated(o, "pattern_text", true)
	if f.Type != TypeText && f.Type != TypeMultiline {
		o.failf(m.at, "only text has a pattern")
		return
	}
	re, err := whole(f.Pattern)
	if err != nil {
		o.failf(m.at, "%v", err)
		return
	}
	f.limits.pattern = re
}

// whole compiles an RE2 expression that has to match the whole text.
func whole(s string) (*regexp.Regexp, error) {
	if len(s) > 1000 {
		return nil, errLongPattern
	}
	return regexp.Compile(`^(?:` + s + `)$`)
}

func (d *decoder) namedLists(o *object) {
	m := o.get("lists")
	if m == nil || o.err != nil {
		return
	}
	if m.kind != 'o' {
		o.failf(m.at, "expected an object {…}")
		return
	}
	for i, name := range m.keys {
		l := m.nodes[i].object()
		if !nameForm.MatchString(name) {
			l.failf(m.nodes[i].at, "%q is not a name", name)
		}
		l.text("urn")
		l.text("version")
		x := d.list(l, "choices")
		if err := l.done(); err != nil {
			o.err = err
			return
		}
		d.lists[name] = x
	}
}

func (d *decoder) choices(o *object, f *Field) {
	inline, ref := o.get("choices"), o.get("list")
	f.Within = o.text("within")
	if o.err != nil {
		return
	}
	if !f.Type.Listed() {
		if inline != nil || ref != nil || f.Within != "" {
			o.failf(o.n.at, "only choice and multichoice have choices")
		}
		return
	}
	switch {
	case (inline == nil) == (ref == nil):
		o.failf(o.n.at, "give either choices or the name of a list")
	case inline != nil:
		f.list = d.list(o, "choices")
	default:
		if f.list = d.lists[o.str(ref)]; f.list == nil {
			o.failf(ref.at, "there is no list %q", ref.str)
		}
	}
}

func (d *decoder) list(o *object, key string) *list {
	l := &list{byCode: map[string]int{}}
	m := o.need(key)
	if m == nil {
		return l
	}
	for i, n := range o.array(key) {
		c := n.object()
		x := Choice{Label: d.translated(c, "label", true), Within: c.text("within")}
		if m := c.need("code"); m != nil {
			x.Code = c.str(m)
		}
		if x.Code == "" || !printable(x.Code) || strings.TrimSpace(x.Code) != x.Code {
			c.failf(n.at, "a choice has a code without spaces around it")
		}
		if _, twice := l.byCode[x.Code]; twice {
			c.failf(n.at, "the code %q stands here for the second time", x.Code)
		}
		if err := c.done(); err != nil {
			if o.err == nil {
				o.err = err
			}
			return l
		}
		l.byCode[x.Code] = i
		l.choices = append(l.choices, x)
	}
	if len(l.choices) == 0 {
		o.failf(m.at, "a list has at least one choice")
	}
	l.index()
	return l
}

// index sorts the folded labels so that an answer is found by its text in no time.
func (l *list) index() {
	for i, c := range l.choices {
		seen := []string{fold(c.Code)}
		for _, label := range c.Label {
			if s := fold(label); !slices.Contains(seen, s) {
				seen = append(seen, s)
			}
		}
		for _, s := range seen {
			l.words = append(l.words, word{s, i})
		}
	}
	slices.SortFunc(l.words, func(a, b word) int {
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		return a.index - b.index
	})
}

// narrowing checks that every "within" names a choice field that has one answer for each of ours.
func (d *decoder) narrowing() error {
	for _, f := range d.form.fields {
		if f.Within == "" {
			continue
		}
		by := d.form.items[f.Within].Field
		at := "/groups (" + f.Path + "/within)"
		switch {
		case by == nil:
			return invalid(at, "there is no field %q", f.Within)
		case by.Type != TypeChoice || by == f:
			return invalid(at, "%q is not another choice", f.Within)
		case !prefix(by.chain(), f.chain()):
			return invalid(at, "%q has several answers here", f.Within)
		}
		for _, c := range f.list.choices {
			if _, ok := by.list.byCode[c.Within]; c.Within != "" && !ok {
				return invalid(at, "the choice %q lies within %q, which %q does not offer", c.Code, c.Within, f.Within)
			}
		}
	}
	return nil
}

// prefix reports whether a begins b.
func prefix(a, b []string) bool {
	return len(a) <= len(b) && slices.Equal(a, b[:len(a)])
}
