package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"schalter/data/record"
)

// Source is an existing PDF whose pages can be copied into a [Writer]. The file itself stays as it is.
type Source struct {
	Name  string // for people
	table *model.XRefTable
	leafs []leaf
	nodes map[int]int // object numbers of pages and what is above them; of a page its index, else -1
}

// leaf is a page with what it has from above.
type leaf struct {
	dict, from types.Dict
}

// What a hostile file may cost while it is read.
const (
	maxUnpacked    = 64 << 20
	maxObjects     = 1_000_000
	maxSourcePages = 20_000
	maxReading     = 10 * time.Second
)

// Open reads a PDF for copying. A signed one is record.CodePDFSigned, because its pages elsewhere would no longer
// be what was signed; one with a password is record.CodePDFPassword; whatever else stands in the way is
// record.CodePDFUnbound.
func Open(ctx context.Context, data []byte, name string) (*Source, error) {
	s, err := open(ctx, data, name)
	if mayBeSigned(data) && (err != nil || s.signed()) {
		return nil, record.E(record.CodePDFSigned, err, "name", name)
	}
	return s, err
}

// Count is the number of pages of a PDF, be it signed or not.
func Count(ctx context.Context, data []byte, name string) (int, error) {
	s, err := open(ctx, data, name)
	if err != nil {
		return 0, err
	}
	return s.Pages(), nil
}

func open(ctx context.Context, data []byte, name string) (_ *Source, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("reader: %v", r)
		}
		if err != nil && ctx.Err() == nil && record.CodeOf(err) == record.CodeInternal {
			err = record.E(record.CodePDFUnbound, err, "name", name)
		}
	}()
	within, cancel := context.WithTimeout(ctx, maxReading)
	defer cancel()
	read, err := pdfcpu.ReadWithContext(within, bytes.NewReader(data), config())
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, record.E(record.CodePDFPassword, err, "name", name)
	case err != nil:
		return nil, err
	case read.Encrypt != nil || read.E != nil:
		return nil, errors.New("encrypted")
	}
	s := &Source{Name: name, table: read.XRefTable, nodes: map[int]int{}}
	return s, s.walk()
}

// mayBeSigned reports whether a PDF carries any signature. The bytes that one covers are named in the open.
func mayBeSigned(data []byte) bool { return bytes.Contains(data, []byte("/ByteRange")) }

// signed reports whether there is a signature besides those of a program's maker, which only allow a viewer to
// fill in a form and to save it.
func (s *Source) signed() bool {
	root, err := s.table.Catalog()
	if err != nil {
		return true
	}
	perms, found := s.dict(root["Perms"]), 0
	var rights []int
	for _, k := range []string{"UR", "UR3"} {
		if ref, ok := perms[k].(types.IndirectRef); ok {
			rights = append(rights, ref.ObjectNumber.Value())
		}
	}
	for number, e := range s.table.Table {
		if e == nil {
			continue
		}
		if d, ok := e.Object.(types.Dict); ok && d["ByteRange"] != nil {
			if !slices.Contains(rights, number) {
				return true
			}
			found++
		}
	}
	return found == 0
}

func config() *model.Configuration {
	limits := model.DefaultResourceLimits()
	limits.MaxDecodeBytes, limits.MaxObjectCount, limits.MaxXRefEntries = maxUnpacked, maxObjects, maxObjects
	return &model.Configuration{Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Limits: limits, Offline: true}
}

// Pages counts the pages.
func (s *Source) Pages() int { return len(s.leafs) }

// object follows references.
func (s *Source) object(o types.Object) types.Object {
	o, err := s.table.Dereference(o)
	if err != nil {
		return nil
	}
	return o
}

func (s *Source) dict(o types.Object) types.Dict {
	d, _ := s.object(o).(types.Dict)
	return d
}

func (s *Source) array(o types.Object) types.Array {
	a, _ := s.object(o).(types.Array)
	return a
}

// walk lists the pages from the tree; a tree that bites its tail is damage.
func (s *Source) walk() error {
	root, err := s.table.Catalog()
	if err != nil {
		return err
	}
	if s.table.Root != nil {
		s.nodes[s.table.Root.ObjectNumber.Value()] = -1
	}
	if err := s.branch(root["Pages"], types.Dict{}, 0); err != nil {
		return err
	}
	if len(s.leafs) == 0 {
		return errors.New("no pages")
	}
	return nil
}

// inherited are the entries a page has from above.
var inherited = []string{"Resources", "MediaBox", "CropBox", "Rotate"}

func (s *Source) branch(o types.Object, from types.Dict, depth int) error {
	if depth > 60 || len(s.leafs) > maxSourcePages {
		return errors.New("too many pages")
	}
	number := 0
	if ref, ok := o.(types.IndirectRef); ok {
		number = ref.ObjectNumber.Value()
		if _, seen := s.nodes[number]; seen {
			return fmt.Errorf("page object %d twice", number)
		}
		s.nodes[number] = -1
	}
	d := s.dict(o)
	if d == nil {
		return nil // a page that is not there
	}
	from = maps.Clone(from)
	for _, k := range inherited {
		if v, ok := d[k]; ok {
			from[k] = v
		}
	}
	if kids := s.array(d["Kids"]); kids != nil {
		for _, k := range kids {
			if err := s.branch(k, from, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	s.nodes[number] = len(s.leafs)
	s.leafs = append(s.leafs, leaf{dict: d, from: from})
	return nil
}

// frame is a page's visible part in its own units, and how it is turned.
type frame struct {
	x0, y0, x1, y1 float64
	turns          int
}

func (s *Source) frame(l leaf) frame {
	f := frame{x1: 595.276, y1: 841.89}
	if m, ok := s.box(l.from["MediaBox"]); ok {
		f = m
	}
	if c, ok := s.box(l.from["CropBox"]); ok {
		c.x0, c.y0, c.x1, c.y1 = max(c.x0, f.x0), max(c.y0, f.y0), min(c.x1, f.x1), min(c.y1, f.y1)
		if c.x1-c.x0 > 1 && c.y1-c.y0 > 1 {
			f = c
		}
	}
	if r, ok := s.number(l.from["Rotate"]); ok && math.Abs(r) < 1e6 {
		f.turns = quarter(int(math.Round(r / 90)))
	}
	return f
}

func (s *Source) number(o types.Object) (float64, bool) {
	switch v := s.object(o).(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	}
	return 0, false
}

func (s *Source) box(o types.Object) (frame, bool) {
	var v [4]float64
	a := s.array(o)
	if len(a) != 4 {
		return frame{}, false
	}
	for i := range v {
		n, ok := s.number(a[i])
		if !ok || math.Abs(n) > 1e7 {
			return frame{}, false
		}
		v[i] = n
	}
	f := frame{x0: min(v[0], v[2]), y0: min(v[1], v[3]), x1: max(v[0], v[2]), y1: max(v[1], v[3])}
	return f, f.x1-f.x0 > 1 && f.y1-f.y0 > 1
}

// crop is the part of the page that is shown, in its own units.
func (f frame) crop(b *record.Box, p place) frame {
	c, ok := part(b)
	if !ok {
		return f
	}
	// the crop is of the page as it is seen, the units are those before it is turned
	up := place{pageW: f.x1 - f.x0, pageH: f.y1 - f.y0}.upright(f.turns)
	ax, ay := up.apply(c.X0*p.width, (1-c.Y0)*p.height)
	bx, by := up.apply(c.X1*p.width, (1-c.Y1)*p.height)
	return frame{f.x0 + min(ax, bx), f.y0 + min(ay, by), f.x0 + max(ax, bx), f.y0 + max(ay, by), f.turns}
}

// seen is the size of the page as it is seen.
func (f frame) seen() (w, h float64) {
	if f.turns%2 == 1 {
		return f.y1 - f.y0, f.x1 - f.x0
	}
	return f.x1 - f.x0, f.y1 - f.y0
}

// AddSourcePage copies a page, from 0, of an existing PDF: what it shows, its text and what others put on it, but
// nothing that acts or leads elsewhere. Of pg count Skew, Crop, Turns, Bookmarks, Label and Over; they are of the
// page as it is seen. The file promises PDF/A no longer, unless the source is one that this package wrote for the
// same producer.
func (p *Writer) AddSourcePage(s *Source, index int, pg Page) error {
	if index < 0 || index >= len(s.leafs) {
		return record.E(record.CodePDFNoPage, nil, "page", index+1, "pages", len(s.leafs))
	}
	c := p.copierOf(s)
	l := s.leafs[index]
	f := s.frame(l)
	w, h := f.seen()
	at := newPlace(w, h, pg.Skew, nil, pg.Turns+f.turns)
	obj := p.take()
	c.page = obj
	c.index = index
	resources, contents := c.write(l.from["Resources"], 0), c.contents(l.dict["Contents"], f, at)
	if pg.Over != nil {
		var err error
		if resources, contents, err = c.overlay(pg.Over, l, f, contents); err != nil {
			return err
		}
	}
	dict := fmt.Sprintf("/MediaBox [%s] /Resources %s", f, resources)
	if cut := f.crop(pg.Crop, at); cut != f {
		dict += fmt.Sprintf(" /CropBox [%s]", cut)
	}
	if at.turns != 0 {
		dict += fmt.Sprintf(" /Rotate %d", 90*at.turns)
	}
	dict += contents
	if v, ok := l.dict["Group"]; ok {
		dict += " /Group " + c.write(v, 0)
	}
	if v, ok := l.dict["UserUnit"]; ok {
		dict += " /UserUnit " + c.write(v, 0)
	}
	if a := c.annotations(l.dict["Annots"]); a != "" {
		dict += " /Annots [" + a + "]"
	}
	c.drain()
	p.leaf(obj, pg, dict)
	return p.err
}

func (f frame) String() string { return nums(f.x0, f.y0, f.x1, f.y1) }

// contents are the page's drawing, turned about the middle where it is askew.
func (c *copier) contents(o types.Object, f frame, at place) string {
	parts := ""
	if a := c.from.array(o); a != nil {
		for _, v := range a {
			if _, ok := v.(types.IndirectRef); ok {
				parts += c.write(v, 0) + " "
			}
		}
	} else if _, ok := o.(types.IndirectRef); ok {
		parts = c.write(o, 0)
	}
	if at.skew == 0 || parts == "" {
		return " /Contents [" + parts + "]"
	}
	before, after := c.to.take(), c.to.take()
	sin, cos := math.Sincos(at.skew)
	x, y := (f.x0+f.x1)/2, (f.y0+f.y1)/2
	m := matrix{cos, -sin, sin, cos, x - x*cos - y*sin, y + x*sin - y*cos}
	c.to.stream(before, "", fmt.Appendf(nil, "q %s cm %s re W n\n", m, nums(f.x0, f.y0, f.x1-f.x0, f.y1-f.y0)))
	c.to.stream(after, "", []byte("\nQ"))
	return fmt.Sprintf(" /Contents [%d 0 R %s %d 0 R]", before, parts, after)
}

// silent are the kinds of annotation that only lead elsewhere or play something.
var silent = []string{"Link", "Popup", "Movie", "Screen", "RichMedia", "3D", "Sound", "FileAttachment", "PrinterMark", "TrapNet"}

func (c *copier) annotations(o types.Object) string {
	var out []string
	for _, a := range c.from.array(o) {
		d := c.from.dict(a)
		kind, _ := c.from.object(d["Subtype"]).(types.Name)
		if d == nil || kind == "" || slices.Contains(silent, string(kind)) {
			continue
		}
		out = append(out, c.write(a, 0))
	}
	return strings.Join(out, " ")
}
