package escl

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The most that a device's XML may hold. A real one has about 400 elements, nine deep.
const (
	maxXML      = 1 << 20
	maxDepth    = 24
	maxElements = 20_000
	maxText     = 4096 // of one element
)

// node is one element of a device's answer. Prefixes are dropped: devices disagree about them.
type node struct {
	name string
	text string
	kids []*node
}

// placeError is trouble in an answer, with the line where it is.
type placeError struct {
	line, column int
	err          error
}

func (e *placeError) Error() string { return fmt.Sprintf("%s: %v", e.place(), e.err) }
func (e *placeError) Unwrap() error { return e.err }
func (e *placeError) place() string { return fmt.Sprintf("%d:%d", e.line, e.column) }

// parseXML reads an answer whose outermost element has the name. What could make a parser do more than
// read is refused: declarations of entities, deep nesting, floods of elements.
func parseXML(b []byte, name string) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	fail := func(err error) (*node, error) {
		line, column := d.InputPos()
		return nil, &placeError{line, column, err}
	}
	if len(b) > maxXML {
		return fail(fmt.Errorf("more than %d bytes", maxXML))
	}
	root := &node{}
	open := []*node{root}
	for count := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fail(err)
		}
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.Directive:
			return fail(errors.New("a document type is not accepted"))
		case xml.StartElement:
			if count++; count > maxElements {
				return fail(fmt.Errorf("more than %d elements", maxElements))
			}
			if len(open) > maxDepth {
				return fail(fmt.Errorf("more than %d levels", maxDepth))
			}
			n := &node{name: t.Name.Local}
			top.kids = append(top.kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
			top.text = strings.TrimSpace(top.text)
		case xml.CharData:
			if len(top.text)+len(t) > maxText {
				if len(bytes.TrimSpace(t)) > 0 {
					return fail(fmt.Errorf("more than %d bytes of text in %s", maxText, top.name))
				}
				continue
			}
			top.text += string(t)
		}
	}
	if len(root.kids) != 1 || root.kids[0].name != name {
		return fail(fmt.Errorf("%s is missing", name))
	}
	return root.kids[0], nil
}

// kid is the first child of that name; nil has none.
func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// all lists the descendants along the path of names.
func (n *node) all(path ...string) []*node {
	if n == nil {
		return nil
	}
	if len(path) == 0 {
		return []*node{n}
	}
	var out []*node
	for _, k := range n.kids {
		if k.name == path[0] {
			out = append(out, k.all(path[1:]...)...)
		}
	}
	return out
}

func (n *node) value(name string) string {
	if k := n.kid(name); k != nil {
		return k.text
	}
	return ""
}

// number reads a whole number; 0 where there is none or where it cannot be a length or a resolution.
func (n *node) number(name string) int {
	v := 0
	for _, r := range n.value(name) {
		if r < '0' || r > '9' || v > 1_000_000 {
			return 0
		}
		v = v*10 + int(r-'0')
	}
	return v
}
