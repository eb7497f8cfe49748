package edit

import (
	"bytes"
	"encoding/json"
	"strings"
)

// member is one key of an object that is to be written, in order.
type member struct {
	key   string
	value any
}

// object is written in the order of its members; those with a nil value are left out.
type object []member

// number is written as it stands.
type number string

// raw is JSON that is already written.
type raw []byte

// width is where a line is broken, as the forms that ship with the program are laid out.
const width = 140

// style is how the file at hand is laid out.
type style struct {
	step  string // one level of indentation; "" where the file is one line
	colon string // between a key and its value
	comma string // between two elements on one line
}

func styleOf(text []byte, root *node) style {
	st := style{colon: ":", comma: ","}
	if len(root.keys) == 0 {
		return st
	}
	if bytes.Contains(text[root.keys[0].start:root.nodes[0].start], []byte(": ")) {
		st.colon, st.comma = ": ", ", "
	}
	if line, ok := lineStart(text, root.keys[0].start); ok && line != "" {
		st.step = line
	}
	return st
}

// lineStart is the indentation of what begins at a place; ok is false where something stands before it on
// its line.
func lineStart(text []byte, at int) (indent string, ok bool) {
	i := at
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\t') {
		i--
	}
	if i == 0 || text[i-1] != '\n' {
		return "", false
	}
	return string(text[i:at]), true
}

// indentOf is the indentation of the line that a place stands on.
func indentOf(text []byte, at int) string {
	line := bytes.LastIndexByte(text[:at], '\n') + 1
	i := line
	for i < at && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return string(text[line:i])
}

// write lays a value out on one line where it fits, else with one element a line.
func (st style) write(v any, indent string) string {
	one := st.line(v)
	if st.step == "" || len(indent)+len(one) <= width {
		return one
	}
	inner := indent + st.step
	var parts []string
	left, right := "[", "]"
	switch v := v.(type) {
	case object:
		left, right = "{", "}"
		for _, m := range v {
			if m.value != nil {
				parts = append(parts, quote(m.key)+st.colon+st.write(m.value, inner))
			}
		}
	case []any:
		for _, e := range v {
			parts = append(parts, st.write(e, inner))
		}
	default:
		return one
	}
	return left + "\n" + inner + strings.Join(parts, ",\n"+inner) + "\n" + indent + right
}

func (st style) line(v any) string {
	switch v := v.(type) {
	case object:
		var parts []string
		for _, m := range v {
			if m.value != nil {
				parts = append(parts, quote(m.key)+st.colon+st.line(m.value))
			}
		}
		return "{" + strings.Join(parts, st.comma) + "}"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = st.line(e)
		}
		return "[" + strings.Join(parts, st.comma) + "]"
	case raw:
		return string(v)
	case number:
		return string(v)
	case bool:
		if v {
			return "true"
		}
		return "false"
	case string:
		return quote(v)
	}
	return "null"
}

func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""` // a text is always written
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func list(items []string) []any {
	out := make([]any, len(items))
	for i, s := range items {
		out[i] = s
	}
	return out
}
