package edit

import (
	"slices"
	"strconv"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Prop is a property of a field (required: of a proof as well) that is not a text by language.
type Prop string

// The properties.
const (
	PropRequired  Prop = "required"   // "true" or ""
	PropToConfirm Prop = "to_confirm" // "true" or "": the municipality has confirmed
	PropWidth     Prop = "width"      // 1 to 12 columns
	PropLines     Prop = "lines"
	PropDecimals  Prop = "decimals"
	PropMin       Prop = "min"
	PropMax       Prop = "max"
	PropMinLength Prop = "min_length"
	PropMaxLength Prop = "max_length"
	PropDefault   Prop = "default"
	PropExample   Prop = "example"
)

var (
	numbers = []form.Type{form.TypeInteger, form.TypeDecimal, form.TypeMoney}
	moments = []form.Type{form.TypeDate, form.TypeMonth, form.TypeTime}
)

// takers are the types that have a property; the others have no use for it.
var takers = map[Prop]func(form.Type) bool{
	PropWidth:     func(form.Type) bool { return true },
	PropLines:     func(t form.Type) bool { return t == form.TypeMultiline },
	PropDecimals:  func(t form.Type) bool { return t == form.TypeDecimal },
	PropMin:       measured,
	PropMax:       measured,
	PropMinLength: written,
	PropMaxLength: written,
	PropToConfirm: func(t form.Type) bool { return measured(t) || t == form.TypeNote || t == form.TypeText },
	PropExample:   func(t form.Type) bool { return typable(t) && t != form.TypeBoolean && !t.Listed() },
	PropDefault:   typable,
	PropRequired:  func(t form.Type) bool { return t != form.TypeNote },
}

func measured(t form.Type) bool { return slices.Contains(numbers, t) || slices.Contains(moments, t) }
func written(t form.Type) bool  { return t == form.TypeText || t == form.TypeMultiline }
func typable(t form.Type) bool {
	return t != form.TypeNote && t != form.TypeSignature && t != form.TypeFile
}

// Takes reports whether a field of the type has the property.
func (p Prop) Takes(t form.Type) bool {
	f := takers[p]
	return f != nil && f(t)
}

// Set changes a property as a person types it: dates as "1.2.1900" or "heute - 16 Jahre", amounts as "12,50".
// An empty text takes it away. As with SetText a further change of the same property is the same step.
func (d *Doc) Set(place string, p Prop, typed string) error {
	typed = strings.TrimSpace(strings.ToValidUTF8(typed, ""))
	if f := d.form.Field(place); f != nil && !p.Takes(f.Type) && typed != "" {
		return record.E(record.CodeEditValue, nil, "value", typed)
	}
	v, err := d.read(place, p, typed)
	if err != nil {
		return err
	}
	return d.do(place, place+"\x00"+string(p), func(w *work) error {
		o, err := w.at(place)
		if err == nil {
			w.set(o, string(p), v)
		}
		return err
	})
}

// read turns what was typed into what stands in the file; nil is "not there".
func (d *Doc) read(place string, p Prop, typed string) (any, error) {
	if typed == "" {
		return nil, nil
	}
	switch p {
	case PropRequired, PropToConfirm:
		return true, nil
	case PropWidth, PropLines, PropDecimals, PropMinLength, PropMaxLength:
		n, err := strconv.Atoi(typed)
		if err != nil || n < 0 {
			return nil, record.E(record.CodeEditNumber, err, "value", typed)
		}
		return number(strconv.Itoa(n)), nil
	case PropMin, PropMax:
		f := d.form.Field(place)
		if f == nil {
			return nil, gone(place)
		}
		s, ok := readLimit(f.Type, typed)
		if !ok {
			return nil, record.E(record.CodeEditValue, nil, "value", typed)
		}
		return s, nil
	}
	return typed, nil
}

// Get is a property as people read it, "" where it is not there.
func (d *Doc) Get(place string, p Prop, lang string) string {
	w := d.view()
	o, err := w.at(place)
	if err != nil {
		return ""
	}
	n := o.get(string(p))
	switch {
	case n == nil, n.kind == 'b' && !n.isTrue(w.text):
		return ""
	case n.kind == 's' && (p == PropMin || p == PropMax):
		return writeLimit(d.form.Field(place).Type, n.str(w.text), lang)
	case n.kind == 's':
		return n.str(w.text)
	}
	return string(n.raw(w.text))
}

// SetRepeat changes how often a group or field may occur; nil is exactly once.
func (d *Doc) SetRepeat(place string, r *form.Repeat) error {
	return d.do(place, place+"\x00repeat", func(w *work) error {
		o, err := w.at(place)
		if err != nil {
			return err
		}
		if r == nil {
			w.set(o, "repeat", nil)
			return nil
		}
		v := object{{"min", number(strconv.Itoa(r.Min))}}
		if r.Max > 0 {
			v = append(v, member{"max", number(strconv.Itoa(r.Max))})
		}
		w.set(o, "repeat", v)
		return nil
	})
}
