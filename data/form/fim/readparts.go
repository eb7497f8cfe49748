package fim

import (
	"strings"

	"schalter/data/record"
)

func (x *reader) listRef(t tag) (*listRef, error) {
	l := &listRef{line: t.line}
	spec := map[string]bool{
		identity: false, "genericodeIdentification": false, "canonicalIdentification": false, "version": false,
		"canonicalVersionUri": false, "id": false,
	}
	uri := ""
	var see func(c tag) (bool, error)
	see = func(c tag) (bool, error) {
		switch c.name {
		case "genericodeIdentification":
			return true, x.children(c, spec, see)
		case identity:
			return x.ignore(c)
		}
		v, err := x.text(c)
		switch c.name {
		case "canonicalIdentification":
			l.urn = v
		case "version":
			l.version = v
		case "canonicalVersionUri":
			uri = v
		}
		return v != "", err
	}
	err := x.children(t, spec, see)
	if l.version == "" && l.urn != "" {
		l.version = strings.TrimPrefix(strings.TrimPrefix(uri, l.urn), "_")
	}
	return l, err
}

func (x *reader) rule(t tag) (*rule, error) {
	r := &rule{line: t.line}
	var definition, script string
	err := x.children(t, inRule, func(c tag) (bool, error) {
		switch c.name {
		case identity:
			var err error
			r.id, r.version, err = x.identification(c)
			return true, err
		case "name", "freitextRegel", "definition", "skript", "script", "beschreibung":
		default:
			return x.ignore(c)
		}
		v, err := x.text(c)
		switch c.name {
		case "name":
			r.name = v
		case "freitextRegel":
			r.text = v
		case "definition":
			definition = v
		case "skript", "script":
			script = v
		}
		return v != "", err
	})
	r.text = or(r.text, definition)
	r.prose = r.text != ""
	r.text = or(or(r.text, script), r.name)
	if err == nil && r.id == "" {
		err = x.fault(record.CodeFIMMissing, identity, t.line)
	}
	r.text = or(r.text, r.id)
	return r, err
}
