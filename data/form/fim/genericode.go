package fim

import (
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"

	"schalter/data/record"
)

const spaceGenericode = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"

// Lists holds code lists by URN and version. The zero value holds none.
type Lists struct {
	lists []*codelist
}

// codelist is one genericode file.
type codelist struct {
	urn, version string
	columns      []column
	code, label  string // recommended columns
	rows         [][]string
}

type column struct {
	id       string
	required bool
}

// Add reads a code list in OASIS genericode 1.0. The error names file, line and element. The same version of a
// list may be added twice.
func (l *Lists) Add(r io.Reader, name string) error {
	x := newReader(r, name)
	if err := x.open(); err != nil {
		return err
	}
	if x.root.name != "CodeList" || x.root.space != spaceGenericode {
		return x.fault(record.CodeFIMKind, x.root.name, x.root.line)
	}
	c := &codelist{}
	if err := x.codelist(c); err != nil {
		return err
	}
	switch {
	case c.urn == "":
		return x.fault(record.CodeFIMMissing, "CanonicalUri", x.root.line)
	case c.code == "" || len(c.rows) == 0:
		return x.fault(record.CodeFIMMissing, map[bool]string{true: "Column", false: "Row"}[c.code == ""], x.root.line)
	}
	l.lists = append(l.lists, c)
	return nil
}

// find returns the list with exactly this version; the newest where the reference names none.
func (l *Lists) find(ref *listRef) *codelist {
	if l == nil || ref == nil || ref.urn == "" {
		return nil
	}
	var best *codelist
	for _, c := range l.lists {
		switch {
		case c.urn != ref.urn:
		case c.version == ref.version:
			return c
		case ref.version == "" && (best == nil || newer(c.version, best.version)):
			best = c
		}
	}
	return best
}

// newer compares versions such as 2.10, 14 and 2024-08-01 number by number.
func newer(a, b string) bool {
	cut := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' })
	}
	return slices.CompareFunc(cut(a), cut(b), func(x, y string) int {
		m, err1 := strconv.Atoi(x)
		n, err2 := strconv.Atoi(y)
		if err1 != nil || err2 != nil {
			return strings.Compare(x, y)
		}
		return m - n
	}) > 0
}

// choices are the answers of the list in its order, by the columns that a field asks for.
func (c *codelist) choices(ref *listRef) []choice {
	code, label := c.index(ref.key), c.index(ref.label)
	if code < 0 {
		code = c.index(c.code)
	}
	if label < 0 {
		label = c.index(c.label)
	}
	seen := map[string]bool{}
	var out []choice
	for _, r := range c.rows {
		if code < 0 || r[code] == "" || seen[r[code]] {
			continue // a code that stands twice has further names; the first is the official one
		}
		seen[r[code]] = true
		v := choice{code: r[code], label: r[code]}
		if label >= 0 && r[label] != "" {
			v.label = r[label]
		}
		out = append(out, v)
	}
	return out
}

func (c *codelist) index(id string) int {
	return slices.IndexFunc(c.columns, func(k column) bool { return id != "" && k.id == id })
}

// codelist reads what is needed of the file and skips the rest: annotations may hold anything.
func (x *reader) codelist(c *codelist) error {
	return x.each(x.root, func(t tag) error {
		switch t.name {
		case "Identification":
			return x.each(t, func(t tag) error {
				switch t.name {
				case "Version", "CanonicalUri":
					v, err := x.text(t)
					if t.name == "Version" {
						c.version = v
					} else {
						c.urn = v
					}
					return err
				}
				return x.skip(t)
			})
		case "ColumnSet":
			return x.columns(t, c)
		case "SimpleCodeList":
			return x.each(t, func(t tag) error { return x.row(t, c) })
		}
		return x.skip(t)
	})
}

// each gives every child element to see, which has to read it to its end.
func (x *reader) each(t tag, see func(c tag) error) error {
	for {
		tok, err := x.token(t.name)
		if err != nil {
			return err
		}
		switch s := tok.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := see(x.tag(s)); err != nil {
				return err
			}
		}
	}
}

const maxColumns = 100

func (x *reader) columns(t tag, c *codelist) error {
	err := x.each(t, func(k tag) error {
		id, _ := k.attr("Id")
		switch k.name {
		case "Column":
			use, _ := k.attr("Use")
			c.columns = append(c.columns, column{id, use == "required"})
			if id == "" || len(c.columns) > maxColumns {
				return x.fault(record.CodeFIMValue, k.name, k.line, "value", id)
			}
		case "Key":
			name := strings.EqualFold(id, "codenameKey")
			return x.each(k, func(r tag) error {
				ref, _ := r.attr("Ref")
				switch {
				case r.name != "ColumnRef":
				case name:
					c.label = or(c.label, ref)
				default:
					c.code = or(c.code, ref)
				}
				return x.skip(r)
			})
		}
		return x.skip(k)
	})
	if c.code == "" && len(c.columns) > 0 {
		c.code = c.columns[0].id
	}
	c.label = or(c.label, c.bestLabel())
	return err
}

// bestLabel is the column that people read: one with a usual name, else the first that every row has.
func (c *codelist) bestLabel() string {
	names := []string{"name", "bezeichnung", "suchbegriff", "beschreibung", "wert", "bezeichnung-lang", "description-de-de", "label"}
	for _, n := range names {
		for _, k := range c.columns {
			if k.id != c.code && strings.EqualFold(k.id, n) {
				return k.id
			}
		}
	}
	for _, required := range []bool{true, false} {
		for _, k := range c.columns {
			if k.id != c.code && k.required == required {
				return k.id
			}
		}
	}
	return c.code
}

const maxRows = 200_000

func (x *reader) row(t tag, c *codelist) error {
	if t.name != "Row" {
		return x.skip(t)
	}
	row := make([]string, len(c.columns))
	next := 0
	err := x.each(t, func(v tag) error {
		if v.name != "Value" {
			return x.skip(v)
		}
		at := next
		if ref, ok := v.attr("ColumnRef"); ok {
			at = c.index(ref)
		}
		next = at + 1
		if at < 0 || at >= len(row) {
			return x.fault(record.CodeFIMValue, v.name, v.line, "value", "ColumnRef")
		}
		return x.each(v, func(s tag) error {
			if s.name != "SimpleValue" {
				return x.skip(s)
			}
			text, err := x.text(s)
			row[at] = strings.Join(strings.Fields(text), " ")
			return err
		})
	})
	c.rows = append(c.rows, row)
	if err == nil && len(c.rows) > maxRows {
		return x.fault(record.CodeFIMLarge, t.name, t.line, "limit", maxFile>>20)
	}
	return err
}
