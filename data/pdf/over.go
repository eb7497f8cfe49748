package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"schalter/data/record"
)

// Size is how large a page, from 0, is as it is seen, in the page's own units: points for nearly every PDF.
func (s *Source) Size(index int) (w, h float64, err error) {
	if index < 0 || index >= len(s.leafs) {
		return 0, 0, record.E(record.CodePDFNoPage, nil, "page", index+1, "pages", len(s.leafs))
	}
	w, h = s.frame(s.leafs[index]).seen()
	return w, h, nil
}

// overName is what the drawing over a page is called among the page's resources.
const overName = "SchalterOver"

// overlay draws the first page of over upon a page that is being copied, as part of what it shows. It returns the
// page's resources and contents.
func (c *copier) overlay(over *Source, l leaf, f frame, contents string) (string, string, error) {
	form, err := c.to.form(over)
	if err != nil {
		return "", "", err
	}
	resources := maps.Clone(c.from.dict(l.from["Resources"]))
	objects := c.from.dict(resources["XObject"])
	if resources == nil {
		resources = types.Dict{}
	}
	delete(resources, "XObject")
	var inner strings.Builder
	for _, k := range slices.Sorted(maps.Keys(objects)) {
		inner.WriteString(name(k) + " " + c.write(objects[k], 1) + " ")
	}
	entries := c.dictionary(resources, 0)
	entries = entries[:len(entries)-2] + fmt.Sprintf("/XObject <<%s%s %d 0 R>>>>", inner.String(), name(overName), form)

	up := place{pageW: f.x1 - f.x0, pageH: f.y1 - f.y0}.upright(f.turns)
	up.e, up.f = up.e+f.x0, up.f+f.y0
	before, after := c.to.take(), c.to.take()
	contents = strings.TrimSuffix(strings.TrimPrefix(contents, " /Contents ["), "]")
	c.to.stream(before, "", []byte("q\n"))
	c.to.stream(after, "", fmt.Appendf(nil, "\nQ q %s cm %s Do Q", up, name(overName)))
	return entries, fmt.Sprintf(" /Contents [%d 0 R %s %d 0 R]", before, contents, after), nil
}

// form writes the first page of a source as a drawing that can be placed.
func (p *Writer) form(s *Source) (int, error) {
	c := p.copierOf(s)
	l := s.leafs[0]
	f := s.frame(l)
	var all bytes.Buffer
	parts := s.array(l.dict["Contents"])
	if parts == nil {
		parts = types.Array{l.dict["Contents"]}
	}
	for _, o := range parts {
		sd, _, err := s.table.DereferenceStreamDict(o)
		if err != nil || sd == nil {
			return 0, errors.Join(errors.New("nothing to draw over a page"), err)
		}
		if err := sd.Decode(); err != nil {
			return 0, err
		}
		all.Write(sd.Content)
		all.WriteByte('\n')
	}
	obj := p.take()
	c.page, c.index = obj, -2 // it is none of the pages
	p.stream(obj, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [%s] /Resources %s /Filter /FlateDecode", f, c.write(l.from["Resources"], 0)), deflate(all.Bytes()))
	c.drain()
	return obj, p.err
}
