package fim

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"schalter/data/record"
)

// identity is the element with id and version.
const identity = "identifikation" //nolint:misspell // the standard is German

// What stands in the elements of the standards, and whether it may stand several times. The two versions
// are read by one table: what only one of them knows does no harm in the other.
var (
	inAll = map[string]bool{
		identity: false, "name": false, "beschreibung": false, "definition": false, "bezug": many,
		"freigabestatus": false, "status": false, "statusGesetztAm": false, "statusGesetztDurch": false,
		"gueltigAb": false, "gueltigBis": false, "versionshinweis": false, "veroeffentlichungsdatum": false,
		"freigabedatum": false, "letzteAenderung": false, "fachlicherErsteller": false, "relation": many,
		"stichwort": many, "regel": many, "bezeichnungEingabe": false, "bezeichnungAusgabe": false,
	}
	inSchema = with(inAll, map[string]bool{
		"bezeichnung": false, "hilfetext": false, "ableitungsmodifikationenStruktur": false,
		"ableitungsmodifikationenRepraesentation": false, "dokumentsteckbrief": false, "struktur": many,
	})
	inGroup = with(inAll, map[string]bool{
		"schemaelementart": false, "hilfetextEingabe": false, "hilfetextAusgabe": false, "art": false, "struktur": many,
	})
	inField = with(inAll, map[string]bool{
		"schemaelementart": false, "hilfetextEingabe": false, "hilfetextAusgabe": false, "feldart": false, "datentyp": false,
		"praezisierung": false, "inhalt": false, "vorbefuellung": false, "werte": false, "codelisteReferenz": false,
		"codeKey": false, "nameKey": false, "helpKey": false, "maxSize": false, "mediaType": many,
	})
	inRule = with(inAll, map[string]bool{
		"freitextRegel": false, "typ": false, "param": many, "ziel": many, "skript": false, "script": false, "fehler": many,
	})
)

func with(a, b map[string]bool) map[string]bool {
	m := map[string]bool{}
	for _, x := range []map[string]bool{a, b} {
		maps.Copy(m, x)
	}
	return m
}

// message reads the whole file: a schema, or a group that was exported alone and is taken as one.
func (x *reader) message() (*schema, error) {
	if err := x.open(); err != nil {
		return nil, err
	}
	what, ok := messages[x.root.name]
	if !ok {
		return nil, x.fault(record.CodeFIMKind, x.root.name, x.root.line)
	}
	if x.root.space != spaceXDF2 && x.root.space != spaceXDF3 {
		return nil, x.fault(record.CodeFIMNamespace, x.root.name, x.root.line, "space", x.root.space)
	}
	x.two = x.root.space == spaceXDF2
	var s *schema
	err := x.children(x.root, map[string]bool{"header": false, what: false}, func(c tag) (bool, error) {
		if c.name == "header" {
			return true, x.skip(c)
		}
		var err error
		s, err = x.top(c)
		return true, err
	})
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, x.fault(record.CodeFIMMissing, what, x.root.line)
	}
	return s, x.end()
}

var messages = map[string]string{
	"xdatenfelder.stammdatenschema.0102": "stammdatenschema",
	"xdatenfelder.datenfeldgruppe.0103":  "datenfeldgruppe",
}

// end makes sure that nothing but comments and space follows the root element.
func (x *reader) end() error {
	for {
		t, err := x.dec.Token()
		switch t := t.(type) {
		case nil:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return x.broken("", err)
		case xml.Comment, xml.ProcInst:
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return x.fault(record.CodeFIMUnexpected, x.root.name, x.line)
			}
		case xml.StartElement:
			return x.fault(record.CodeFIMUnexpected, t.Name.Local, x.line)
		default:
			return x.fault(record.CodeFIMUnexpected, x.root.name, x.line)
		}
		x.line, _ = x.dec.InputPos()
	}
}

func (x *reader) top(t tag) (*schema, error) {
	s := &schema{element: element{line: t.line}}
	if t.name == "datenfeldgruppe" {
		e, err := x.group(t)
		if err != nil {
			return nil, err
		}
		s.id, s.version, s.name, s.label, s.legal = e.id, e.version, e.name, e.title(), e.legal
		s.items = []*place{{min: 1, max: 1, element: e, line: t.line}}
		return s, nil
	}
	err := x.children(t, inSchema, func(c tag) (bool, error) {
		switch c.name {
		case "struktur":
			return true, x.place(c, &s.element)
		case "bezeichnung", "bezeichnungEingabe":
			v, err := x.text(c)
			s.label = or(s.label, flat(v))
			return v != "", err
		case "hilfetext":
			v, err := x.text(c)
			s.help = v
			return v != "", err
		}
		return x.common(c, &s.element)
	})
	if err == nil {
		err = x.identified(t, &s.element)
	}
	return s, err
}

// common reads what schemata, groups and fields share.
func (x *reader) common(c tag, e *element) (bool, error) {
	switch c.name {
	case identity:
		var err error
		e.id, e.version, err = x.identification(c)
		return true, err
	case "regel":
		r, err := x.rule(c)
		e.rules = append(e.rules, r)
		return true, err
	case "freigabestatus":
		return true, x.status(c)
	case "name", "bezeichnungEingabe", "bezeichnungAusgabe", "hilfetextEingabe", "hilfetextAusgabe", "bezug":
	default:
		return x.ignore(c)
	}
	v, err := x.text(c)
	switch {
	case v == "":
	case c.name == "name":
		e.name = flat(v)
	case c.name == "bezug":
		e.legal = append(e.legal, flat(v))
	case strings.HasPrefix(c.name, "bezeichnung"):
		e.labels = append(e.labels, flat(v))
	case !slices.Contains(e.help, v):
		e.help = append(e.help, v)
	}
	return v != "", err
}

// ignore reads over an element and reports whether it holds anything.
func (x *reader) ignore(c tag) (bool, error) {
	before := x.dec.InputOffset()
	err := x.skip(c)
	return x.dec.InputOffset()-before > int64(len("</>")+len(c.name)+8), err
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}$`)

func (x *reader) identification(t tag) (id, version string, err error) {
	line := t.line
	err = x.children(t, map[string]bool{"id": false, "version": false, "nummernkreis": false}, func(c tag) (bool, error) {
		v, err := x.text(c)
		switch c.name {
		case "id":
			if id, line = v, c.line; v == "" && err == nil {
				err = x.fault(record.CodeFIMMissing, c.name, c.line)
			}
		case "version":
			version = v
		}
		return v != "", err
	})
	switch {
	case err != nil:
	case id == "":
		err = x.fault(record.CodeFIMMissing, "id", t.line)
	case !idForm.MatchString(id):
		err = x.fault(record.CodeFIMValue, "id", line, "value", id)
	}
	return id, version, err
}

func (x *reader) identified(t tag, e *element) error {
	if e.id == "" {
		return x.fault(record.CodeFIMMissing, identity, t.line)
	}
	return nil
}

// status checks the release state: 1 (planned) to 8 (to be deleted).
func (x *reader) status(t tag) error {
	v, line, err := x.code(t)
	if err == nil && v != "" && !strings.Contains("12345678", v) || len(v) > 1 {
		return x.fault(record.CodeFIMValue, "code", line, "value", v)
	}
	return err
}

func (x *reader) group(t tag) (*element, error) {
	e := &element{line: t.line}
	err := x.children(t, inGroup, func(c tag) (bool, error) {
		switch c.name {
		case "struktur":
			return true, x.place(c, e)
		case "art":
			v, _, err := x.code(c)
			e.exclusive = v == "X"
			return v != "", err
		}
		return x.common(c, e)
	})
	if err == nil {
		err = x.identified(t, e)
	}
	return e, err
}

var numberForm = regexp.MustCompile(`^([0-9]{1,6}):([0-9]{1,6}|\*)$`)

// place reads one struktur: how often, and what.
func (x *reader) place(t tag, in *element) error {
	p := &place{line: t.line, min: -1}
	spec := map[string]bool{"anzahl": false, "bezug": many, "enthaelt": false}
	err := x.children(t, spec, func(c tag) (bool, error) {
		if c.name == "enthaelt" {
			e, err := x.contained(c)
			p.element = e
			return true, err
		}
		v, err := x.text(c)
		if err != nil || v == "" {
			return false, err
		}
		if c.name == "bezug" {
			p.legal = append(p.legal, flat(v))
			return true, nil
		}
		m := numberForm.FindStringSubmatch(v)
		if m == nil {
			return true, x.fault(record.CodeFIMValue, c.name, c.line, "value", v)
		}
		p.min, _ = strconv.Atoi(m[1])
		p.max, _ = strconv.Atoi(m[2])
		if m[2] == "0" {
			p.max = -1
		}
		if p.max > 0 && p.min > p.max || p.max < 0 && p.min > 0 {
			return true, x.fault(record.CodeFIMValue, c.name, c.line, "value", v)
		}
		return true, nil
	})
	switch {
	case err != nil:
		return err
	case p.min < 0:
		return x.fault(record.CodeFIMMissing, "anzahl", t.line)
	case p.element == nil:
		return x.fault(record.CodeFIMMissing, "enthaelt", t.line)
	}
	in.items = append(in.items, p)
	return nil
}

func (x *reader) contained(t tag) (*element, error) {
	var e *element
	err := x.children(t, map[string]bool{"datenfeld": false, "datenfeldgruppe": false}, func(c tag) (bool, error) {
		var err error
		if e != nil {
			return true, x.fault(record.CodeFIMTwice, c.name, c.line)
		}
		if c.name == "datenfeld" {
			e, err = x.field(c)
		} else {
			e, err = x.group(c)
		}
		return true, err
	})
	if err == nil && e == nil {
		err = x.fault(record.CodeFIMMissing, "datenfeld", t.line)
	}
	return e, err
}

func (x *reader) field(t tag) (*element, error) {
	f := &field{limits: map[string]string{}}
	e := &element{line: t.line, field: f}
	keys := map[string]string{}
	err := x.children(t, inField, func(c tag) (bool, error) {
		switch c.name {
		case "feldart", "datentyp":
			return true, x.kind(c, f)
		case "praezisierung":
			return x.limits(c, f)
		case "werte":
			return x.values(c, f)
		case "codelisteReferenz":
			l, err := x.listRef(c)
			f.list = l
			return true, err
		case "inhalt", "maxSize", "mediaType", "codeKey", "nameKey", "helpKey":
		default:
			return x.common(c, e)
		}
		v, err := x.text(c)
		switch c.name {
		case "inhalt":
			f.content = or(v, f.content)
		case "maxSize":
			f.maxSize = or(v, f.maxSize)
		case "mediaType":
			if v != "" {
				f.media = append(f.media, v)
			}
		default:
			keys[c.name] = v
		}
		return v != "", err
	})
	if err == nil {
		err = x.identified(t, e)
	}
	if err == nil && (f.art == "" || f.typ == "") {
		err = x.fault(record.CodeFIMMissing, map[bool]string{true: "feldart", false: "datentyp"}[f.art == ""], t.line)
	}
	if f.list != nil {
		f.list.key, f.list.label = keys["codeKey"], keys["nameKey"]
	}
	return e, err
}

// The kinds of field and of data that the standards know.
var (
	fieldKinds = []string{"input", "select", "label", "hidden", "locked"}
	dataTypes  = []string{
		"text", "text_latin", "string_latin", "date", "time", "datetime", "bool", "num", "num_int", "num_currency", "file", "obj",
	}
)

func (x *reader) kind(t tag, f *field) error {
	v, line, err := x.code(t)
	if err != nil {
		return err
	}
	known, to := fieldKinds, &f.art
	if t.name == "datentyp" {
		known, to = dataTypes, &f.typ
	}
	if !slices.Contains(known, v) {
		return x.fault(record.CodeFIMValue, "code", line, "value", v)
	}
	*to = v
	return nil
}

// limits reads the Präzisierung: attributes in version 3, a JSON object as text in version 2.
func (x *reader) limits(t tag, f *field) (bool, error) {
	for _, name := range []string{"minLength", "maxLength", "minValue", "maxValue", "pattern"} {
		if v, ok := t.attr(name); ok && v != "" {
			f.limits[name] = v
		}
	}
	v, err := x.text(t)
	if err != nil || v == "" {
		return len(f.limits) > 0, err
	}
	f.note = v
	var two map[string]string
	if x.two && json.Unmarshal([]byte(v), &two) == nil {
		f.note = two["note"]
		for k, v := range two {
			if k != "note" && v != "" {
				f.limits[k] = v
			}
		}
	}
	return true, nil
}

func (x *reader) values(t tag, f *field) (bool, error) {
	err := x.children(t, map[string]bool{"wert": many}, func(c tag) (bool, error) {
		var v choice
		err := x.children(c, map[string]bool{"code": false, "name": false, "hilfe": false}, func(c tag) (bool, error) {
			s, err := x.text(c)
			switch c.name {
			case "code":
				v.code = flat(s)
			case "name":
				v.label = flat(s)
			default:
				v.help = s
			}
			return s != "", err
		})
		if err == nil && v.code == "" {
			err = x.fault(record.CodeFIMMissing, "code", c.line)
		}
		if slices.ContainsFunc(f.values, func(w choice) bool { return w.code == v.code }) && err == nil {
			err = x.fault(record.CodeFIMTwice, "code", c.line)
		}
		f.values = append(f.values, v)
		return true, err
	})
	return len(f.values) > 0, err
}
