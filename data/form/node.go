package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"schalter/data/record"
)

// Limits of a form file. They keep a hostile file from costing more than a sound one.
const (
	maxFile    = 16 << 20
	maxDepth   = 160
	maxNodes   = 2_000_000
	maxNumeral = 30
)

// node is one JSON value that remembers where it stood.
type node struct {
	kind  byte // 'o' object, 'a' array, 's' string, 'n' number, 'b' boolean, '0' null
	at    string
	keys  []string // of an object, in file order
	nodes []*node  // values of an object or array
	str   string   // string, or the number's text
	yes   bool
}

// invalid is the one error of a form that cannot be loaded.
func invalid(at, format string, args ...any) error {
	if at == "" {
		at = "/"
	}
	reason := fmt.Sprintf(format, args...)
	return record.E(record.CodeFormInvalid, nil, "path", at, "reason", reason)
}

type reader struct {
	dec  *json.Decoder
	left int
}

// readJSON reads exactly one JSON value, refusing what encoding/json lets pass: doubled keys, text after
// the end, endless depth.
func readJSON(b []byte) (*node, error) {
	if len(b) > maxFile {
		return nil, invalid("", "the file is larger than %d MB", maxFile>>20)
	}
	if !utf8.Valid(b) {
		return nil, invalid("", "the file is not UTF-8")
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	r := &reader{dec: d, left: maxNodes}
	n, err := r.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, invalid("", "there is text behind the end of the form")
	}
	return n, nil
}

func (r *reader) token(at string) (json.Token, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, invalid(at, "not JSON: %v at byte %d", err, r.dec.InputOffset())
	}
	return t, nil
}

func (r *reader) value(at string, depth int) (*node, error) {
	if r.left--; r.left < 0 || depth > maxDepth {
		return nil, invalid(at, "the file is nested too deeply or too large")
	}
	t, err := r.token(at)
	if err != nil {
		return nil, err
	}
	n := &node{at: at}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			n.kind = 'o'
			return n, r.object(n, depth)
		}
		n.kind = 'a'
		return n, r.array(n, depth)
	case string:
		n.kind, n.str = 's', t
	case json.Number:
		n.kind, n.str = 'n', t.String()
		if len(n.str) > maxNumeral || strings.ContainsAny(n.str, "eE") {
			return nil, invalid(at, "write the number %.40s without an exponent and with at most %d characters", n.str, maxNumeral)
		}
	case bool:
		n.kind, n.yes = 'b', t
	default:
		n.kind = '0'
	}
	return n, nil
}

// pointer escapes a key for a JSON pointer (RFC 6901).
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

func (r *reader) object(n *node, depth int) error {
	seen := map[string]bool{}
	for r.dec.More() {
		t, err := r.token(n.at)
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return invalid(n.at, "a key is not text")
		}
		at := n.at + "/" + pointer.Replace(key)
		if seen[key] {
			return invalid(at, "this key stands here twice")
		}
		seen[key] = true
		v, err := r.value(at, depth+1)
		if err != nil {
			return err
		}
		n.keys = append(n.keys, key)
		n.nodes = append(n.nodes, v)
	}
	_, err := r.token(n.at)
	return err
}

func (r *reader) array(n *node, depth int) error {
	for r.dec.More() {
		v, err := r.value(n.at+"/"+strconv.Itoa(len(n.nodes)), depth+1)
		if err != nil {
			return err
		}
		n.nodes = append(n.nodes, v)
	}
	_, err := r.token(n.at)
	return err
}

// canonical writes the value without spaces, with sorted keys and plain numbers, so that a form keeps its
// hash however its file is laid out. For what the format allows this is RFC 8785.
func (n *node) canonical(b *bytes.Buffer) {
	switch n.kind {
	case 'o':
		order := make([]int, len(n.keys))
		for i := range order {
			order[i] = i
		}
		sort.Slice(order, func(a, c int) bool { return n.keys[order[a]] < n.keys[order[c]] })
		b.WriteByte('{')
		for i, k := range order {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, n.keys[k])
			b.WriteByte(':')
			n.nodes[k].canonical(b)
		}
		b.WriteByte('}')
	case 'a':
		b.WriteByte('[')
		for i, v := range n.nodes {
			if i > 0 {
				b.WriteByte(',')
			}
			v.canonical(b)
		}
		b.WriteByte(']')
	case 's':
		writeString(b, n.str)
	case 'n':
		if d, err := decimal.NewFromString(n.str); err == nil {
			b.WriteString(d.String())
		}
	case 'b':
		b.WriteString(strconv.FormatBool(n.yes))
	default:
		b.WriteString("null")
	}
}

func writeString(b *bytes.Buffer, s string) {
	const hex = "0123456789abcdef"
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hex[r>>4])
			b.WriteByte(hex[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
