package edit

import (
	"encoding/json"
	"slices"
)

// node is one value of the file and where it stands in the text.
type node struct {
	kind       byte // 'o' object, 'a' array, 's' text, 'n' number, 'b' true or false, '0' null
	start, end int
	keys       []key   // of an object, in the order of the file
	nodes      []*node // values of an object or array
}

type key struct {
	name  string
	start int
}

// scanner reads a text that is known to be sound JSON: form.Parse has read it.
type scanner struct {
	text []byte
	at   int
}

func parse(text []byte) *node {
	s := &scanner{text: text}
	if len(text) >= 3 && string(text[:3]) == "\xef\xbb\xbf" {
		s.at = 3
	}
	return s.value()
}

func (s *scanner) space() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\n' || s.text[s.at] == '\t' || s.text[s.at] == '\r') {
		s.at++
	}
}

// next skips blanks and reports whether the sign stands there, which it takes.
func (s *scanner) next(sign byte) bool {
	s.space()
	if s.at < len(s.text) && s.text[s.at] == sign {
		s.at++
		return true
	}
	return false
}

func (s *scanner) value() *node {
	s.space()
	n := &node{start: s.at}
	switch {
	case s.next('{'):
		n.kind = 'o'
		for !s.next('}') {
			s.next(',')
			s.space()
			k := key{start: s.at}
			s.skipText()
			k.name = unquote(s.text[k.start:s.at])
			s.next(':')
			n.keys = append(n.keys, k)
			n.nodes = append(n.nodes, s.value())
		}
	case s.next('['):
		n.kind = 'a'
		for !s.next(']') {
			s.next(',')
			n.nodes = append(n.nodes, s.value())
		}
	case s.at < len(s.text) && s.text[s.at] == '"':
		n.kind = 's'
		s.skipText()
	default:
		n.kind = s.word()
	}
	n.end = s.at
	return n
}

// word skips a number, true, false or null.
func (s *scanner) word() byte {
	from := s.at
	for s.at < len(s.text) && !slices.Contains([]byte(" \t\r\n,]}"), s.text[s.at]) {
		s.at++
	}
	switch {
	case from < len(s.text) && (s.text[from] == 't' || s.text[from] == 'f'):
		return 'b'
	case from < len(s.text) && s.text[from] == 'n':
		return '0'
	}
	return 'n'
}

// skipText goes behind the text that begins here.
func (s *scanner) skipText() {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
}

func unquote(raw []byte) string {
	var out string
	if json.Unmarshal(raw, &out) != nil {
		return ""
	}
	return out
}

// get is the member of an object, or nil.
func (n *node) get(name string) *node {
	if i := n.index(name); i >= 0 {
		return n.nodes[i]
	}
	return nil
}

func (n *node) index(name string) int {
	if n == nil || n.kind != 'o' {
		return -1
	}
	return slices.IndexFunc(n.keys, func(k key) bool { return k.name == name })
}

// from is where the element begins: with its key in an object.
func (n *node) from(i int) int {
	if n.kind == 'o' {
		return n.keys[i].start
	}
	return n.nodes[i].start
}

func (n *node) raw(text []byte) []byte { return text[n.start:n.end] }

// str is what a text says; "" for anything else.
func (n *node) str(text []byte) string {
	if n == nil || n.kind != 's' {
		return ""
	}
	return unquote(n.raw(text))
}

// isTrue reports whether the value is true.
func (n *node) isTrue(text []byte) bool { return n != nil && n.kind == 'b' && text[n.start] == 't' }

// strs are the texts of a list.
func (n *node) strs(text []byte) []string {
	if n == nil {
		return nil
	}
	var out []string
	for _, c := range n.nodes {
		out = append(out, c.str(text))
	}
	return out
}

// walk visits a value and everything in it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, c := range n.nodes {
		c.walk(visit)
	}
}
