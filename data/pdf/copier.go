package pdf

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// copier carries objects of a source into a file, each once, with new numbers.
type copier struct {
	from        *Source
	to          *Writer
	known       map[int]int // object number there → here
	queue       []int       // known there, not yet written here
	page, index int         // the page being copied: its object here, its index there
}

func (p *Writer) copierOf(s *Source) *copier {
	if p.copiers == nil {
		p.copiers = map[*Source]*copier{}
	}
	c := p.copiers[s]
	if c == nil {
		c = &copier{from: s, to: p, known: map[int]int{}}
		p.copiers[s] = c
		c.layers()
		if !c.ours() {
			p.part = 0
		}
	}
	return c
}

// Forget lets go of a source that no further page is taken of.
func (p *Writer) Forget(s *Source) { delete(p.copiers, s) }

// ours reports whether the source says that it was written by this producer as PDF/A.
func (c *copier) ours() bool {
	root, err := c.from.table.Catalog()
	if err != nil {
		return false
	}
	sd, _, err := c.from.table.DereferenceStreamDict(root["Metadata"])
	if err != nil || sd == nil || len(sd.Raw) > 1<<16 || c.to.meta.Producer == "" {
		return false
	}
	says := string(sd.Raw)
	return strings.Contains(says, "<pdf:Producer>"+escape(c.to.meta.Producer)+"</pdf:Producer>") &&
		(strings.Contains(says, "<pdfaid:part>2<") || strings.Contains(says, "<pdfaid:part>3<"))
}

// acting are entries that start something, lead out of the page or back to the source's own structure.
var acting = []string{"A", "AA", "Dest", "PA", "Popup", "Parent", "IRT", "OpenAction", "StructParent", "StructParents", "PieceInfo", "Metadata", "OPI", "JS", "JavaScript"}

// maxNesting bounds how deep dictionaries lie within each other.
const maxNesting = 60

// write is an object as it stands in the file. What it refers to is put in line.
func (c *copier) write(o types.Object, depth int) string {
	if depth > maxNesting {
		return "null"
	}
	switch v := o.(type) {
	case types.IndirectRef:
		return c.reference(v.ObjectNumber.Value())
	case *types.IndirectRef:
		return c.reference(v.ObjectNumber.Value())
	case types.Dict:
		return c.dictionary(v, depth)
	case types.Array:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = c.write(e, depth+1)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case types.Name:
		return name(string(v))
	case types.StringLiteral:
		return "(" + string(v) + ")"
	case types.HexLiteral:
		if _, err := hex.DecodeString(string(v)); err != nil {
			return "()"
		}
		return "<" + string(v) + ">"
	case types.Integer:
		return strconv.Itoa(v.Value())
	case types.Float:
		return strconv.FormatFloat(float64(v), 'f', -1, 64)
	case types.Boolean:
		return strconv.FormatBool(bool(v))
	}
	return "null"
}

func (c *copier) dictionary(d types.Dict, depth int) string {
	var b strings.Builder
	b.WriteString("<<")
	for _, k := range slices.Sorted(maps.Keys(d)) {
		if slices.Contains(acting, k) && !c.needed(d, k) {
			continue
		}
		b.WriteString(name(k) + " " + c.write(d[k], depth+1) + " ")
	}
	return b.String() + ">>"
}

// needed tells resources that happen to be called like something that acts, such as a font named A.
func (c *copier) needed(d types.Dict, key string) bool {
	if len(key) > 2 {
		return false
	}
	_, typed := d["Type"]
	_, sub := d["Subtype"]
	return !typed && !sub && d["S"] == nil
}

// reference is the number an object has here. Pages and what is above them are not drawn along; of the page that
// is copied its own number counts.
func (c *copier) reference(number int) string {
	if at, ok := c.from.nodes[number]; ok {
		if at == c.index {
			return fmt.Sprintf("%d 0 R", c.page)
		}
		return "null"
	}
	if _, ok := c.from.table.Find(number); !ok {
		return "null"
	}
	here, ok := c.known[number]
	if !ok {
		here = c.to.take()
		c.known[number] = here
		c.queue = append(c.queue, number)
	}
	return fmt.Sprintf("%d 0 R", here)
}

// drain writes what is in line.
func (c *copier) drain() {
	for len(c.queue) > 0 {
		number := c.queue[0]
		c.queue = c.queue[1:]
		e, ok := c.from.table.Find(number)
		if !ok {
			continue
		}
		switch v := e.Object.(type) {
		case types.StreamDict:
			c.pixels(c.known[number], &v)
		case *types.StreamDict:
			c.pixels(c.known[number], v)
		default:
			c.to.object(c.known[number], c.write(v, 0))
		}
	}
}

// pixels copies a stream with its bytes as they are packed.
func (c *copier) pixels(obj int, sd *types.StreamDict) {
	d := maps.Clone(sd.Dict)
	for _, k := range []string{"Length", "F", "FFilter", "FDecodeParms", "DL"} {
		delete(d, k)
	}
	entries := strings.TrimSuffix(strings.TrimPrefix(c.dictionary(d, 0), "<<"), ">>")
	c.to.stream(obj, entries, sd.Raw)
}

// layers are the parts of pages that can be switched off, of all sources: those that are off stay off.
type layers struct{ all, off []string }

func (c *copier) layers() {
	root, err := c.from.table.Catalog()
	if err != nil {
		return
	}
	props := c.from.dict(root["OCProperties"])
	d := c.from.dict(props["D"])
	base, _ := c.from.object(d["BaseState"]).(types.Name)
	on, off := c.from.array(d["ON"]), c.from.array(d["OFF"])
	for _, o := range c.from.array(props["OCGs"]) {
		if _, ok := o.(types.IndirectRef); !ok {
			continue
		}
		here := c.write(o, 0)
		c.to.layers.all = append(c.to.layers.all, here)
		if slices.Contains(off, o) || base == "OFF" && !slices.Contains(on, o) {
			c.to.layers.off = append(c.to.layers.off, here)
		}
	}
}

// entry is the catalog's entry.
func (l layers) entry() string {
	if len(l.all) == 0 {
		return ""
	}
	return fmt.Sprintf(" /OCProperties <</OCGs [%s] /D <</Name (Layers) /OFF [%s]>>>>", strings.Join(l.all, " "), strings.Join(l.off, " "))
}
