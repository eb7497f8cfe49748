package formview

import (
	"slices"
	"strconv"
	"strings"

	"schalter/data/form"
	"schalter/ui/look"
)

// collect lists the parts of the page from top to bottom.
func (v *View) collect() {
	b := &collector{v: v, unit: look.Px(1), rows: map[string]int{}}
	v.parts = v.parts[:0]
	places := v.m.Places()
	for _, p := range places {
		if p.Row > 0 {
			b.rows[p.Path[:strings.LastIndexByte(p.Path, '[')]] = p.Row
		}
	}
	for _, p := range places {
		b.closeRows(p.Path)
		if p.Item.Group != nil {
			b.group(p)
		} else {
			b.field(p)
		}
	}
	b.closeRows("")
	b.flush()
}

type collector struct {
	v     *View
	unit  float32
	used  int          // columns of the row being filled
	below []part       // of the row being filled: warnings, and what the model shows there
	open  []form.Place // repeated items whose rows are not through yet
	rows  map[string]int
}

// flush ends a row and puts below it what is said about its fields.
func (b *collector) flush() {
	b.v.parts = append(b.v.parts, b.below...)
	b.below, b.used = nil, 0
}

func (b *collector) add(p part) {
	b.flush()
	b.v.parts = append(b.v.parts, p)
}

// closeRows offers a further row for every repeated item that the path is not in.
func (b *collector) closeRows(path string) {
	for i, p := range slices.Backward(b.open) {
		if path != "" && strings.HasPrefix(path, p.Path+"[") {
			return
		}
		b.open = b.open[:i]
		if b.rows[p.Path] >= limitOf(p.Item) {
			continue
		}
		a := b.v.adders[p.Path]
		if a == nil {
			a = &adder{v: b.v, path: p.Path, what: labelOf(p.Item, b.v.lang), bare: p.Item.Field != nil}
			b.v.adders[p.Path] = a
		}
		a.rows = b.rows[p.Path]
		b.add(a)
	}
}

// limitOf is how many rows a repeated item may have.
func limitOf(it form.Item) int {
	r := repeatOf(it)
	if r.Max == 0 {
		return form.MaxRows
	}
	return r.Max
}

func repeatOf(it form.Item) *form.Repeat {
	if it.Group != nil {
		return it.Group.Repeat
	}
	return it.Field.Repeat
}

func labelOf(it form.Item, lang string) string {
	if it.Group != nil {
		return it.Group.Label.In(lang)
	}
	return it.Field.Label.In(lang)
}

func (b *collector) group(p form.Place) {
	v, g := b.v, p.Item.Group
	if !v.m.GroupVisible(p.Path) {
		return
	}
	if g.Repeat != nil && p.Row == 0 {
		b.open = append(b.open, p)
	}
	text := g.Label.In(v.lang)
	if text == "" {
		b.flush()
		return
	}
	h := v.heads[p.Path]
	if h == nil {
		h = &heading{v: v, path: p.Path, depth: p.Depth}
		v.heads[p.Path] = h
	}
	h.text, h.help = text, g.Help.In(v.lang)
	if p.Row > 0 {
		h.text, h.help = text+" "+strconv.Itoa(p.Row), ""
		h.bar = v.rowBar(h.bar, p, b.rows[p.Path[:strings.LastIndexByte(p.Path, '[')]])
	}
	b.add(h)
}

func (b *collector) field(p form.Place) {
	v, f := b.v, p.Item.Field
	if f.Repeat != nil && p.Row == 0 {
		if v.m.Field(p.Path).Visible || v.m.GroupVisible(p.Path) {
			b.open = append(b.open, p)
		}
		return
	}
	c := v.cells[p.Path]
	if c == nil {
		c = &cell{v: v, path: p.Path, field: f}
		v.cells[p.Path] = c
		if p.Row > 0 {
			c.row = v.rowBar(nil, p, 0)
		}
		c.state = v.m.Field(p.Path)
		c.setCaption()
	}
	if !c.state.Visible {
		return
	}
	if c.row != nil {
		c.row = v.rowBar(c.row, p, b.rows[c.row.whole])
		b.flush()
		defer b.flush()
	}
	s := fit(max(1, c.span()), v.width, b.unit)
	if b.used > 0 && b.used+s > columns {
		b.flush()
	}
	b.used += s
	v.parts = append(v.parts, c)
	for _, w := range c.state.Warnings {
		b.below = append(b.below, v.warning(w))
	}
	if h, ok := v.m.(Host); ok {
		if o := h.Beneath(p.Path); o != nil {
			b.below = append(b.below, &guest{object: o})
		}
	}
}
