package edit

import (
	"bytes"
	"slices"
	"strings"

	"schalter/data/form"
)

// splice replaces one part of the text; it can be taken back.
type splice struct {
	at       int
	old, new string
}

func (s splice) do(text []byte) []byte { return replace(text, s.at, len(s.old), s.new) }

func (s splice) undo(text []byte) []byte { return replace(text, s.at, len(s.new), s.old) }

func replace(text []byte, at, length int, with string) []byte {
	out := make([]byte, 0, len(text)-length+len(with))
	out = append(out, text[:at]...)
	out = append(out, with...)
	return append(out, text[at+length:]...)
}

// slot is where one thing stands in its list.
type slot struct {
	list *node
	i    int
}

func (s slot) node() *node { return s.list.nodes[s.i] }

// work is a text while one operation changes it. After every change all nodes are read anew, so none may be
// kept across one.
type work struct {
	text  []byte
	root  *node
	style style
	done  []splice

	items  map[string]slot // groups and fields by path
	proofs map[string]slot
	rules  map[string]slot
}

func newWork(text []byte) *work {
	w := &work{text: text}
	w.read()
	w.style = styleOf(w.text, w.root)
	return w
}

func (w *work) read() {
	w.root = parse(w.text)
	w.items, w.proofs, w.rules = map[string]slot{}, map[string]slot{}, map[string]slot{}
	w.group(w.root.get("groups"), "")
	w.named(w.root.get("proofs"), "proof", w.proofs)
	w.named(w.root.get("rules"), "rule", w.rules)
}

func (w *work) group(items *node, path string) {
	if items == nil {
		return
	}
	for i, n := range items.nodes {
		name := n.get("group")
		if name == nil {
			name = n.get("field")
		}
		p := join(path, name.str(w.text))
		w.items[p] = slot{items, i}
		w.group(n.get("items"), p)
	}
}

func (w *work) named(list *node, key string, into map[string]slot) {
	if list == nil {
		return
	}
	for i, n := range list.nodes {
		into[n.get(key).str(w.text)] = slot{list, i}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// Prefixes of places that are neither group nor field.
const (
	ProofPlace = "proof:"
	RulePlace  = "rule:"
)

// slot finds a group, field, proof or rule.
func (w *work) slot(place string) (slot, bool) {
	if id, ok := strings.CutPrefix(place, ProofPlace); ok {
		s, ok := w.proofs[id]
		return s, ok
	}
	if id, ok := strings.CutPrefix(place, RulePlace); ok {
		s, ok := w.rules[id]
		return s, ok
	}
	s, ok := w.items[place]
	return s, ok
}

// at is the object of a place; "" is the form itself.
func (w *work) at(place string) (*node, error) {
	if place == "" {
		return w.root, nil
	}
	if s, ok := w.slot(place); ok {
		return s.node(), nil
	}
	return nil, gone(place)
}

func (w *work) put(at, length int, with string) {
	old := string(w.text[at : at+length])
	if old == with {
		return
	}
	s := splice{at, old, with}
	w.text = s.do(w.text)
	w.done = append(w.done, s)
	w.read()
}

// putAll changes several parts of the text that do not touch each other.
func (w *work) putAll(all []splice) {
	slices.SortFunc(all, func(a, b splice) int { return b.at - a.at })
	for _, s := range all {
		w.text = s.do(w.text)
	}
	w.done = append(w.done, all...)
	w.read()
}

// order is in which order members are put into an object; those that stand there already stay.
var order = []string{
	"format", "id", "version", "languages", "title", "group", "field", "type", "proof", "rule", "code", "do", "on", "when", "value", "list", "choices",
	"label", "unit", "within", "width", "lines", "required", "internal", "help", "legal", "origin", "decimals", "min", "max", "min_length", "max_length",
	"pattern", "pattern_text", "default", "example", "to_confirm", "repeat", "items", "text", "lists", "groups", "proofs", "roles", "rules", "decided", "parts",
}

// set gives a member of an object another value, adding or (nil) removing it.
func (w *work) set(o *node, name string, v any) {
	i := o.index(name)
	switch {
	case i < 0 && v == nil:
	case i < 0:
		w.insert(o, w.placeFor(o, name), name, v)
	case v == nil:
		w.cut(o, i)
	default:
		n := o.nodes[i]
		w.put(n.start, n.end-n.start, w.style.write(v, indentOf(w.text, o.keys[i].start)))
	}
}

func (w *work) placeFor(o *node, name string) int {
	rank := slices.Index(order, name)
	at := 0
	for i, k := range o.keys {
		if r := slices.Index(order, k.name); r >= 0 && r < rank {
			at = i + 1
		}
	}
	return at
}

// insert puts an element before the i-th; name is its key in an object.
func (w *work) insert(o *node, i int, name string, v any) {
	label := ""
	if o.kind == 'o' {
		label = quote(name) + w.style.colon
	}
	if len(o.nodes) == 0 {
		w.first(o, label, v)
		return
	}
	near := min(i, len(o.nodes)-1)
	indent, own := lineStart(w.text, o.from(near))
	if own && o.kind == 'o' && near+1 < len(o.nodes) {
		_, own = lineStart(w.text, o.from(near+1)) // lines with several keys are filled up
	}
	between := w.style.comma
	if own {
		between = ",\n" + indent
	} else {
		indent = indentOf(w.text, o.from(near))
	}
	written := label + w.style.write(v, indent)
	if i < len(o.nodes) {
		w.put(o.from(i), 0, written+between)
		return
	}
	w.put(o.nodes[len(o.nodes)-1].end, 0, between+written)
}

// first puts the only element into an empty object or list.
func (w *work) first(o *node, label string, v any) {
	outer := indentOf(w.text, o.start)
	one := label + w.style.line(v)
	if w.style.step == "" || len(outer)+len(one) <= width {
		w.put(o.start+1, o.end-o.start-2, one)
		return
	}
	inner := outer + w.style.step
	w.put(o.start+1, o.end-o.start-2, "\n"+inner+label+w.style.write(v, inner)+"\n"+outer)
}

// cut takes an element out.
func (w *work) cut(o *node, i int) {
	switch {
	case len(o.nodes) == 1:
		w.put(o.start+1, o.end-o.start-2, "")
	case i == 0:
		w.put(o.from(0), o.from(1)-o.from(0), "")
	default:
		w.put(o.nodes[i-1].end, o.nodes[i].end-o.nodes[i-1].end, "")
	}
}

// drop takes an element out of a list of the form that may be absent, with the list where it was the last.
func (w *work) drop(name string, i int) {
	l := w.root.get(name)
	if len(l.nodes) == 1 {
		w.cut(w.root, w.root.index(name))
		return
	}
	w.cut(l, i)
}

// swap exchanges two neighbours of a list.
func (w *work) swap(l *node, i int) {
	a, b := l.nodes[i], l.nodes[i+1]
	between := string(w.text[a.end:b.start])
	w.put(a.start, b.end-a.start, string(b.raw(w.text))+between+string(a.raw(w.text)))
}

// optional is a list of the form, made where there is none yet.
func (w *work) optional(name string) *node {
	if w.root.get(name) == nil {
		w.set(w.root, name, []any{})
	}
	return w.root.get(name)
}

// indented is an element as it looks with another indentation. No text of JSON runs over the end of a line.
func indented(element []byte, from, to string) string {
	return string(bytes.ReplaceAll(element, []byte("\n"+from), []byte("\n"+to)))
}

// texts writes a text by language in the order of the form's languages.
func (w *work) texts(languages []string, t form.Text) any {
	var o object
	for _, l := range languages {
		o = append(o, member{l, t[l]})
	}
	return o
}
