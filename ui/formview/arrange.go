package formview

// columns is the width of the grid. Official forms are drawn on twelve.
const columns = 12

// The gaps at 100 % and above; they do not grow with the text.
const (
	gapColumn  = 12
	gapRow     = 12
	gapLabel   = 4
	gapGroup   = 22
	gapHeading = 10
	gapMessage = 4
)

// item is something that takes room on the page.
type item interface {
	// span is the number of columns; 0 takes the whole width and a row of its own.
	span() int
	// above is the room between this and what stands before it.
	above() float32
	// label and body are the heights at a width. In a row all labels end and all bodies begin on one line.
	label(width float32) float32
	body(width float32) float32
	// place tells where the item lies; the body begins top below y.
	place(x, y, width, top float32)
}

// inset keeps rings around fields away from the left edge, where the scroll would cut them.
const inset = 4

// spot is where an item lies.
type spot struct{ x, y, w, top float32 }

func (s *spot) place(x, y, width, top float32) { *s = spot{x + inset, y, width, top} }
func (s *spot) upper() float32                 { return s.y }

// columnWidth is the width of n columns and the gaps between them.
func columnWidth(n int, width float32) float32 {
	return float32(n)*(width+gapColumn)/columns - gapColumn
}

// fit widens a span where the page is so narrow or the text so large that a field could not be read.
func fit(span int, width, unit float32) int {
	room := width / unit // of the page, as if the text were at 100 %
	switch {
	case room < 340:
		span *= 3
	case room < 480:
		span = (span*3 + 1) / 2
	}
	span = min(span, columns)
	for span < columns && columnWidth(span, width) < 64*unit {
		span++
	}
	return span
}

// arrange puts the items on rows and returns the height of the page. unit is what a unit at 100 % is now.
func arrange(items []item, width, unit float32) float32 {
	y := float32(0)
	for i := 0; i < len(items); {
		n := 1
		if s := items[i].span(); s > 0 {
			used := fit(s, width, unit)
			for i+n < len(items) {
				next := items[i+n].span()
				if next == 0 || used+fit(next, width, unit) > columns {
					break
				}
				used += fit(next, width, unit)
				n++
			}
		}
		if y > 0 {
			y += items[i].above()
		}
		y += placeRow(items[i:i+n], y, width, unit)
		i += n
	}
	return y
}

// placeRow places the items of one row and returns its height.
func placeRow(row []item, y, width, unit float32) float32 {
	labels, bodies := float32(0), float32(0)
	widths := make([]float32, len(row))
	for i, it := range row {
		widths[i] = width
		if s := it.span(); s > 0 {
			widths[i] = columnWidth(fit(s, width, unit), width)
		}
		labels = max(labels, it.label(widths[i]))
		bodies = max(bodies, it.body(widths[i]))
	}
	x := float32(0)
	for i, it := range row {
		it.place(x, y, widths[i], labels)
		x += widths[i] + gapColumn
	}
	return labels + bodies
}
