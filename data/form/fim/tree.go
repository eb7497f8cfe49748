package fim

import (
	"slices"
	"strconv"

	"schalter/data/record"
)

// node is one group or field at one place of the form to be.
type node struct {
	e       *element
	p       *place
	parent  *node
	kids    []*node
	path    string
	repeat  bool
	item    *nativeItem
	choices []choice // what a choice offers
	fixed   bool     // filled by the form, never typed
}

func (n *node) group() bool { return n.e.field == nil }

// answerable reports whether somebody can type an answer.
func (n *node) answerable() bool { return !n.group() && n.item.Type != "note" && !n.fixed }

// inner reports whether a node lies in another one or is it.
func (n *node) within(g *node) bool {
	for ; n != nil; n = n.parent {
		if n == g {
			return true
		}
	}
	return false
}

// chain lists the repeats around a node, outermost first, itself last.
func (n *node) chain() []*node {
	var c []*node
	for ; n != nil; n = n.parent {
		if n.repeat {
			c = append([]*node{n}, c...)
		}
	}
	return c
}

// sees reports whether a rule inside the repeats of chain reads one answer from n and not several.
func sees(chain []*node, n *node) bool {
	own := n.chain()
	return len(own) <= len(chain) && slices.Equal(own, chain[:len(own)])
}

// fields lists the answerable fields of a node, itself included, in order.
func (n *node) fields() []*node {
	if !n.group() {
		if n.answerable() {
			return []*node{n}
		}
		return nil
	}
	var out []*node
	for _, k := range n.kids {
		out = append(out, k.fields()...)
	}
	return out
}

// first is the field where an error about the whole node stands: the first that people fill in themselves.
func (n *node) first() *node {
	fields := n.fields()
	for _, f := range fields {
		if f.e.field.art == "input" || f.e.field.art == "select" {
			return f
		}
	}
	if len(fields) > 0 {
		return fields[0]
	}
	return nil
}

// all lists a node and everything in it.
func (n *node) all() []*node {
	out := []*node{n}
	for _, k := range n.kids {
		out = append(out, k.all()...)
	}
	return out
}

// builder makes the tree of the form.
type builder struct {
	options Options
	form    *nativeForm
	root    *node // the schema; its kids are the top of the source
	notes   []*record.Error
	fields  int
	groups  int
	lists   map[string]string   // name in the form by what the list holds
	offered map[string]bool     // every list, supplied or not
	extra   []nativeRule        // that follow from the structure
	called  map[string][]string // names by id
	prose   string              // of the rule being read
}

// maxPlaces bounds a form: beyond it nobody could fill it.
const maxPlaces = 20_000

func (b *builder) tree(s *schema) error {
	b.root = &node{e: &s.element, p: &place{min: 1, max: 1, element: &s.element}}
	var loose *nativeItem // fields right below the schema need a group
	wrappers := map[string]int{}
	names := siblings{}
	for _, p := range s.items {
		if p.element.field == nil {
			loose = nil
			item, err := b.node(b.root, p, names.take(p.element.id), "")
			if err != nil {
				return err
			}
			b.form.Groups = append(b.form.Groups, item)
			continue
		}
		if loose == nil {
			loose = &nativeItem{Group: numbered(wrappers, s.id), Label: text{or(s.label, s.title())}, Origin: origin(&s.element)}
			b.form.Groups = append(b.form.Groups, loose)
		}
		item, err := b.node(b.root, p, names.take(p.element.id), loose.Group)
		if err != nil {
			return err
		}
		loose.Items = append(loose.Items, item)
	}
	if len(b.form.Groups) == 0 {
		g := &nativeItem{Group: s.id, Label: text{or(s.label, s.title())}, Origin: origin(&s.element)}
		b.empty(g, s.id)
		b.form.Groups = append(b.form.Groups, g)
	}
	return nil
}

// empty puts a note into a group without content: the format knows no empty groups.
func (b *builder) empty(g *nativeItem, path string) {
	g.Items = []*nativeItem{{Field: "leer", Type: "note", Label: text{say("group.empty")}}}
	b.notes = append(b.notes, record.E(record.CodeFIMEmpty, nil, "place", path))
}

// siblings gives each element a name that is its own among its neighbours: F60000227, F60000227.2.
type siblings map[string]int

func (s siblings) take(id string) string { return numbered(s, id) }

func numbered(seen map[string]int, name string) string {
	seen[name]++
	if n := seen[name]; n > 1 {
		return name + "." + strconv.Itoa(n)
	}
	return name
}

func (b *builder) node(parent *node, p *place, name, above string) (*nativeItem, error) {
	n := &node{e: p.element, p: p, parent: parent, path: name}
	switch {
	case parent.path != "":
		n.path = parent.path + "/" + name
	case above != "":
		n.path = above + "/" + name
	}
	parent.kids = append(parent.kids, n)
	n.item = &nativeItem{Label: text{n.e.title()}, Legal: legal(n.e.legal, p.legal), Origin: origin(n.e)}
	if p.max != 1 && p.max >= 0 {
		n.repeat = true
		n.item.Repeat = &nativeRepeat{Min: p.min, Max: p.max}
		if p.max > maxRepeat {
			n.item.Repeat.Max = 0
			b.keep(n, "0:"+strconv.Itoa(p.max))
		}
		if p.min > maxRepeat {
			return nil, record.E(record.CodeFIMValue, nil, "file", b.options.name, "line", p.line, "element", "anzahl", "value", p.min)
		}
	}
	if b.fields+b.groups >= maxPlaces {
		return nil, record.E(record.CodeFIMLarge, nil, "file", b.options.name, "line", p.line, "element", "struktur", "limit", maxFile>>20)
	}
	if n.group() {
		return n.item, b.fill(n, name)
	}
	b.fields++
	n.item.Field = name
	b.field(n)
	return n.item, nil
}

// maxRepeat is how often something may occur in the native format.
const maxRepeat = 200

func (b *builder) fill(n *node, name string) error {
	b.groups++
	n.item.Group = name
	n.item.Help = optional(join(n.e.help))
	names := siblings{}
	for _, p := range n.e.items {
		item, err := b.node(n, p, names.take(p.element.id), "")
		if err != nil {
			return err
		}
		n.item.Items = append(n.item.Items, item)
	}
	if len(n.item.Items) == 0 {
		b.empty(n.item, n.path)
	}
	return nil
}

// keep notes that something stands in the form as words only.
func (b *builder) keep(n *node, value string) {
	b.notes = append(b.notes, record.E(record.CodeFIMKept, nil, "place", n.path, "value", value))
}

func origin(e *element) string {
	if e.version == "" {
		return e.id
	}
	return e.id + " " + e.version
}

func legal(own, here []string) []string {
	var out []string
	for _, l := range append(slices.Clone(own), here...) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}
