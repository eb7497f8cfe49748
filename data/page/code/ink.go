package code

import (
	"image"

	"schalter/data/page"
)

// ink is a picture in black and white; a byte of 1 is dark.
type ink struct {
	w, h int
	pix  []uint8
}

func (k *ink) dark(x, y int) bool { return k.pix[y*k.w+x] != 0 }

// cell is the side of the squares whose brightness is averaged, in pixels.
const cell = 16

// darken parts dark from light by what is dark on the whole page and around each place, so that a shadow or
// gray paper hides no code.
func darken(g *image.Gray) *ink {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	k := &ink{w: w, h: h, pix: make([]uint8, w*h)}
	whole := int(page.Otsu(g))
	means, cols, rows := around(g)
	var limit []uint8
	for y := range h {
		if y%cell == 0 || limit == nil {
			limit = limits(limit, means[min(y/cell, rows-1)*cols:][:cols], whole, w)
		}
		row, to := g.Pix[y*g.Stride:y*g.Stride+w], k.pix[y*w:y*w+w]
		for x, l := range row {
			if l <= limit[x] {
				to[x] = 1
			}
		}
	}
	return k
}

// clean is the picture without single dots: a pixel is what most of the nine around it are.
func (k *ink) clean() *ink {
	out := &ink{w: k.w, h: k.h, pix: make([]uint8, len(k.pix))}
	if k.w < 3 || k.h < 3 {
		copy(out.pix, k.pix)
		return out
	}
	cols := make([]uint8, k.w) // of three rows
	for y := 1; y+1 < k.h; y++ {
		a, b, c := k.pix[(y-1)*k.w:][:k.w], k.pix[y*k.w:][:k.w], k.pix[(y+1)*k.w:][:k.w]
		for x := range cols {
			cols[x] = a[x] + b[x] + c[x]
		}
		to := out.pix[y*k.w:][:k.w]
		for x := 1; x+1 < len(cols); x++ {
			if cols[x-1]+cols[x]+cols[x+1] > 4 {
				to[x] = 1
			}
		}
	}
	return out
}

// limits are the brightnesses up to which the pixels of one row of squares are dark.
func limits(out []uint8, means []int, whole, w int) []uint8 {
	if out == nil {
		out = make([]uint8, w)
	}
	for x := range out {
		l := (2*whole + means[min(x/cell, len(means)-1)]) / 3
		out[x] = uint8(min(max(l, whole*2/3), 235)) // paper is never dark, not even where it is all there is
	}
	return out
}

// around is the mean brightness of each square and its neighbours up to two squares away.
func around(g *image.Gray) (means []int, cols, rows int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	cols, rows = (w+cell-1)/cell, (h+cell-1)/cell
	// Sums of everything to the left and above, of squares.
	sums := make([]int, (cols+1)*(rows+1))
	sizes := make([]int, (cols+1)*(rows+1))
	line := make([]int, cols)
	for r := range rows {
		clear(line)
		y0, y1 := r*cell, min(r*cell+cell, h)
		for y := y0; y < y1; y++ {
			row := g.Pix[y*g.Stride : y*g.Stride+w]
			for c := range cols {
				s := 0
				for _, l := range row[c*cell : min(c*cell+cell, w)] {
					s += int(l)
				}
				line[c] += s
			}
		}
		sum, size := 0, 0
		for c := range cols {
			sum += line[c]
			size += (y1 - y0) * (min(c*cell+cell, w) - c*cell)
			at := (r+1)*(cols+1) + c + 1
			sums[at] = sums[at-cols-1] + sum
			sizes[at] = sizes[at-cols-1] + size
		}
	}
	means = make([]int, cols*rows)
	for r := range rows {
		for c := range cols {
			x0, x1, y0, y1 := max(c-2, 0), min(c+3, cols), max(r-2, 0), min(r+3, rows)
			in := func(t []int) int {
				return t[y1*(cols+1)+x1] - t[y0*(cols+1)+x1] - t[y1*(cols+1)+x0] + t[y0*(cols+1)+x0]
			}
			means[r*cols+c] = in(sums) / in(sizes)
		}
	}
	return means, cols, rows
}
