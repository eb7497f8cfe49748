package fim

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"schalter/data/record"
)

// The two standards, by the namespace of their elements.
const (
	spaceXDF2 = "urn:xoev-de:fim:standard:xdatenfelder_2"
	spaceXDF3 = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"
)

// Limits of what is read. The largest official schema has 3.6 MB and 40 levels.
const (
	maxFile  = 32 << 20
	maxDepth = 200
	maxText  = 100_000 // characters of one text
)

// tag is one start element.
type tag struct {
	name  string // without prefix
	space string
	attrs []xml.Attr
	line  int
}

func (t tag) attr(name string) (string, bool) {
	for _, a := range t.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value), true
		}
	}
	return "", false
}

// reader is an XML stream whose errors know where they are.
type reader struct {
	file  string
	in    *limited
	dec   *xml.Decoder
	line  int // of the token read last
	depth int
	root  tag
	two   bool // XDatenfelder 2
}

// limited ends with an error where a file is too large.
type limited struct {
	r    io.Reader
	left int64
	over bool
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		l.over = true
		return 0, errTooLarge
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	return n, err
}

var errTooLarge = errors.New("too large")

func newReader(r io.Reader, file string) *reader {
	in := &limited{r: r, left: maxFile}
	x := &reader{file: file, in: in, dec: xml.NewDecoder(in), line: 1}
	x.dec.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, x.fault(record.CodeFIMEncoding, "?xml", x.line, "encoding", label)
	}
	return x
}

func (x *reader) fault(code record.Code, element string, line int, pairs ...any) *record.Error {
	return record.E(code, nil, append([]any{"file", x.file, "line", line, "element", element}, pairs...)...)
}

// token reads the next token inside the element at and refuses what a schema never holds.
func (x *reader) token(at string) (xml.Token, error) {
	x.line, _ = x.dec.InputPos()
	t, err := x.dec.Token()
	if err != nil {
		return nil, x.broken(at, err)
	}
	switch t := t.(type) {
	case xml.Directive:
		if len(t) >= 7 && strings.EqualFold(string(t[:7]), "DOCTYPE") {
			return nil, x.fault(record.CodeFIMDoctype, "!DOCTYPE", x.line)
		}
		return nil, x.fault(record.CodeFIMSyntax, at, x.line, "reason", "unexpected <!")
	case xml.StartElement:
		if x.depth++; x.depth > maxDepth {
			return nil, x.fault(record.CodeFIMDeep, t.Name.Local, x.line, "limit", maxDepth)
		}
	case xml.EndElement:
		x.depth--
	}
	return t, nil
}

// broken turns an error of the decoder into one with a place.
func (x *reader) broken(at string, err error) error {
	if e, ok := errors.AsType[*record.Error](err); ok {
		return e
	}
	line := x.line
	s, isSyntax := errors.AsType[*xml.SyntaxError](err)
	switch {
	case x.in.over:
		return x.fault(record.CodeFIMLarge, at, line, "limit", maxFile>>20)
	case isSyntax:
		return x.fault(record.CodeFIMSyntax, at, max(s.Line, 1), "reason", s.Msg)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return x.fault(record.CodeFIMSyntax, at, line, "reason", "unexpected end of the file")
	}
	return record.E(record.CodeFIMSyntax, err, "file", x.file, "line", line, "element", at, "reason", err.Error())
}

// open reads up to the root element.
func (x *reader) open() error {
	for {
		t, err := x.token("")
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok {
			x.root = x.tag(s)
			return nil
		}
	}
}

func (x *reader) tag(s xml.StartElement) tag {
	return tag{name: s.Name.Local, space: s.Name.Space, attrs: s.Attr, line: x.line}
}

// ours reports whether an element belongs to the standard of the root. Codes carry no prefix.
func (x *reader) ours(t tag) bool {
	return t.space == x.root.space || t.space == "" && t.name == "code"
}

// many marks an element that may stand several times.
const many = true

// children reads an element's content up to its end and gives each child to see. spec lists the children
// that the standard knows and whether they may stand several times; see may be nil for those that are of
// no use. A child that see does not read is skipped.
func (x *reader) children(t tag, spec map[string]bool, see func(c tag) (bool, error)) error {
	seen := map[string]bool{}
	for {
		tok, err := x.token(t.name)
		if err != nil {
			return err
		}
		switch s := tok.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if strings.TrimSpace(string(s)) != "" {
				return x.fault(record.CodeFIMUnexpected, t.name, x.line)
			}
		case xml.StartElement:
			c := x.tag(s)
			repeats, known := spec[c.name]
			if !known || !x.ours(c) {
				return x.fault(record.CodeFIMUnexpected, c.name, c.line)
			}
			if seen[c.name] && !repeats {
				return x.fault(record.CodeFIMTwice, c.name, c.line)
			}
			filled, err := see(c)
			if err != nil {
				return err
			}
			// An optional element of version 3 that is empty says nothing: tools write it as a filler.
			if filled || x.two {
				seen[c.name] = true
			}
		}
	}
}

// skip reads over an element.
func (x *reader) skip(t tag) error {
	for depth := x.depth; x.depth >= depth; {
		if _, err := x.token(t.name); err != nil {
			return err
		}
	}
	return nil
}

// text reads an element that holds nothing but text.
func (x *reader) text(t tag) (string, error) {
	var b strings.Builder
	for {
		tok, err := x.token(t.name)
		if err != nil {
			return "", err
		}
		switch s := tok.(type) {
		case xml.EndElement:
			return tidy(b.String()), nil
		case xml.CharData:
			if b.Len()+len(s) > maxText {
				return "", x.fault(record.CodeFIMValue, t.name, t.line, "value", "…")
			}
			b.Write(s)
		case xml.StartElement:
			return "", x.fault(record.CodeFIMUnexpected, s.Name.Local, x.line)
		}
	}
}

// code reads an element that holds one code, as <feldart><code>input</code></feldart>.
func (x *reader) code(t tag) (string, int, error) {
	value, line := "", t.line
	err := x.children(t, map[string]bool{"code": false, "name": false}, func(c tag) (bool, error) {
		s, err := x.text(c)
		if c.name == "code" {
			value, line = s, c.line
		}
		return s != "", err
	})
	return value, line, err
}

// tidy takes away what is only layout: spaces at the ends of lines, runs of empty lines, control characters.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\u00a0':
			return ' '
		case r == '\r':
			return -1
		case r < ' ' && r != '\n' || r == '\ufffd' || r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, s)
	if !strings.Contains(s, "\n") {
		return strings.TrimSpace(s)
	}
	lines := strings.Split(s, "\n")
	out := lines[:0]
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if l != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, l)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// flat brings a text to one line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
