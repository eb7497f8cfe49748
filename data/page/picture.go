package page

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"schalter/data/record"
)

// MaxPixels is the largest picture that is decoded: A3 at 600 dpi with room, far above any desk scanner's.
const MaxPixels = 120_000_000

// Pixels is how many pixels a JPEG or PNG says it has, without decoding it. Other formats are never tried,
// whatever else the program can read: some take memory for what a file only claims.
func Pixels(data []byte) (int64, error) {
	config := jpeg.DecodeConfig
	if isPNG(data) {
		config = png.DecodeConfig
	}
	c, err := config(bytes.NewReader(data))
	if err != nil {
		return 0, record.E(record.CodeScanBadData, err)
	}
	return int64(c.Width) * int64(c.Height), nil
}

func isPNG(data []byte) bool { return bytes.HasPrefix(data, []byte("\x89PNG")) }

// Decode reads a JPEG or PNG after looking at how many pixels it has. Errors are [record.CodeImportPixels]
// for one that is too large and [record.CodeScanBadData] for one that is cut off or something else.
func Decode(data []byte) (image.Image, error) {
	n, err := Pixels(data)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > MaxPixels {
		return nil, record.E(record.CodeImportPixels, fmt.Errorf("%d pixels", n))
	}
	decode := jpeg.Decode
	if isPNG(data) {
		decode = png.Decode
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, record.E(record.CodeScanBadData, err)
	}
	return m, nil
}

// Gray is a picture's brightness, from 0,0. A gray picture is returned as it is; it must not be changed.
func Gray(m image.Image) *image.Gray {
	b := m.Bounds()
	if g, ok := m.(*image.Gray); ok && b.Min == (image.Point{}) {
		return g
	}
	line, all := lines(m)
	if all != nil {
		return all
	}
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		line(g.Pix[y*g.Stride:y*g.Stride+b.Dx()], y)
	}
	return g
}

// Lines gives a picture's brightness line by line, counted from 0, so that beside the picture no second one of it
// need be held. to has the picture's width.
func Lines(m image.Image) (line func(to []uint8, y int)) {
	line, all := lines(m)
	if all != nil {
		return func(to []uint8, y int) { copy(to, all.Pix[y*all.Stride:]) }
	}
	return line
}

// lines is Lines; of a picture that can be seen through, or is of another kind, it is all of it.
func lines(m image.Image) (line func(to []uint8, y int), all *image.Gray) {
	b := m.Bounds()
	x0, y0 := b.Min.X, b.Min.Y
	switch m := m.(type) {
	case *image.Gray:
		return func(to []uint8, y int) { copy(to, m.Pix[m.PixOffset(x0, y0+y):]) }, nil
	case *image.YCbCr:
		return func(to []uint8, y int) { copy(to, m.Y[m.YOffset(x0, y0+y):]) }, nil
	case *image.Gray16:
		return func(to []uint8, y int) { every(to, m.Pix[m.PixOffset(x0, y0+y):], 2) }, nil
	case *image.Paletted:
		light := palette(m.Palette)
		return func(to []uint8, y int) {
			from := m.Pix[m.PixOffset(x0, y0+y):]
			for x := range to {
				to[x] = light[from[x]]
			}
		}, nil
	case *image.RGBA:
		return func(to []uint8, y int) { weigh(to, m.Pix[m.PixOffset(x0, y0+y):]) }, nil
	case *image.NRGBA:
		if m.Opaque() {
			return func(to []uint8, y int) { weigh(to, m.Pix[m.PixOffset(x0, y0+y):]) }, nil
		}
	}
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	onWhite(g, m)
	return nil, g
}

// onWhite lays a picture that may be seen through onto white paper.
func onWhite(g *image.Gray, m image.Image) {
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(g, g.Rect, m, m.Bounds().Min, draw.Over)
}

func every(to, from []uint8, step int) {
	for x := range to {
		to[x] = from[x*step]
	}
}

// weigh is the brightness of opaque pixels of four bytes.
func weigh(to, from []uint8) {
	for x := range to {
		p := from[4*x : 4*x+3]
		to[x] = uint8((uint32(p[0])*19595 + uint32(p[1])*38470 + uint32(p[2])*7471 + 1<<15) >> 16)
	}
}

func palette(p color.Palette) [256]uint8 {
	var out [256]uint8
	for i, c := range p {
		if i < len(out) {
			r, g, b, a := c.RGBA()
			clear := 0xffff - a
			out[i] = color.GrayModel.Convert(color.RGBA64{uint16(r + clear), uint16(g + clear), uint16(b + clear), 0xffff}).(color.Gray).Y
		}
	}
	return out
}

// Otsu is the brightness that parts a picture best into dark (up to it) and light.
func Otsu(g *image.Gray) uint8 {
	n := counts(g)
	var total, sum, dark, darkSum, best float64
	for v, c := range n {
		total += float64(c)
		sum += float64(v * c)
	}
	at := 0
	for v, c := range n {
		dark += float64(c)
		darkSum += float64(v * c)
		light := total - dark
		if dark == 0 || light == 0 {
			continue
		}
		d := darkSum/dark - (sum-darkSum)/light
		if s := dark * light * d * d; s > best {
			best, at = s, v
		}
	}
	return uint8(at)
}

// counts is how often each brightness occurs. Four tables keep neighbours of one brightness from waiting for
// each other.
func counts(g *image.Gray) [256]int {
	var n [4][256]int
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for len(row) >= 4 {
			n[0][row[0]]++
			n[1][row[1]]++
			n[2][row[2]]++
			n[3][row[3]]++
			row = row[4:]
		}
		for _, v := range row {
			n[0][v]++
		}
	}
	for v := range n[0] {
		n[0][v] += n[1][v] + n[2][v] + n[3][v]
	}
	return n[0]
}

// Reduce makes a picture f times smaller each way; a pixel is the mean of those it stands for. What does not
// fill a whole pixel at the right and below is left out.
func Reduce(g *image.Gray, f int) *image.Gray {
	f = max(1, min(f, g.Rect.Dx(), g.Rect.Dy()))
	if f == 1 {
		return g
	}
	w, h := g.Rect.Dx()/f, g.Rect.Dy()/f
	out := image.NewGray(image.Rect(0, 0, w, h))
	sums := make([]uint32, w)
	area := uint32(f * f)
	for y := range h {
		clear(sums)
		for j := range f {
			row := g.Pix[(y*f+j)*g.Stride:]
			addLine(sums, row, f)
		}
		to := out.Pix[y*out.Stride : y*out.Stride+w]
		for x, s := range sums {
			to[x] = uint8((s + area/2) / area)
		}
	}
	return out
}

func addLine(sums []uint32, row []uint8, f int) {
	if f == 3 { // 300 dpi, nearly every page
		row = row[:3*len(sums)]
		for x := range sums {
			p := row[3*x : 3*x+3]
			sums[x] += uint32(p[0]) + uint32(p[1]) + uint32(p[2])
		}
		return
	}
	for x := range sums {
		var s uint32
		for _, v := range row[x*f : x*f+f] {
			s += uint32(v)
		}
		sums[x] += s
	}
}
