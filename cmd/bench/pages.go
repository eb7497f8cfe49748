package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/assets"
)

// hard are pages that need more room than a letter does.
var hard = []device{
	{"colour_two_columns", "png", "image/png", "660 words in 9 points, blurred as by a lens, without loss", atMost(350, "kB"), func(seed uint64) ([]byte, error) {
		return printed{words: 660, points: 9, columns: 2}.colour(seed)
	}},
	{"colour_small_print", "png", "image/png", "1,300 words in 7 points, likewise", atMost(350, "kB"), func(seed uint64) ([]byte, error) {
		return printed{words: 1300, points: 7, columns: 2}.colour(seed)
	}},
	{"black_white_dirty", "png", "image/png", "660 words in 9 points, askew by 1.3 degrees, with 1,500 specks, one bit", atMost(60, "kB"), func(seed uint64) ([]byte, error) {
		return printed{words: 660, points: 9, columns: 2}.dirty(seed)
	}},
}

// printed is a page of dense print, A4 at 300 dpi.
type printed struct {
	words, columns int
	points         float64
}

// drawn is the page before anybody scans it.
func (p printed) drawn(seed uint64) (*image.Gray, error) {
	page := image.NewGray(image.Rect(0, 0, 2480, 3508))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	ttf, err := assets.Files.ReadFile("fonts/NotoSans-Regular.ttf")
	if err != nil {
		return nil, err
	}
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: p.points, DPI: 300})
	if err != nil {
		return nil, err
	}
	wide, lead, left := 2080/p.columns-40, int(p.points*5.6), 220
	d := font.Drawer{Dst: page, Src: image.NewUniform(grey(18)), Face: face, Dot: fixed.P(left, 400)}
	for word := range strings.FieldsSeq(prose(seed, p.words)) {
		if d.Dot.X+d.MeasureString(word) > fixed.I(left+wide) {
			d.Dot = fixed.Point26_6{X: fixed.I(left), Y: d.Dot.Y + fixed.I(lead)}
		}
		if d.Dot.Y > fixed.I(3300) {
			left += 2080 / p.columns
			d.Dot = fixed.P(left, 400)
		}
		d.DrawString(word + " ")
	}
	return page, face.Close()
}

// colour is the page as a scanner sees it: a little blurred, tinted, with noise.
func (p printed) colour(seed uint64) ([]byte, error) {
	page, err := p.drawn(seed)
	if err != nil {
		return nil, err
	}
	blurred(page)
	r := rand.New(rand.NewPCG(5, seed))
	noise := make([]int, 1<<16)
	for i := range noise {
		noise[i] = int(math.Round(r.NormFloat64() * 3))
	}
	rgb := image.NewRGBA(page.Rect)
	for i, v := range page.Pix {
		for part, white := range [3]int{246, 244, 238} {
			rgb.Pix[4*i+part] = byte(max(0, min(255, 20+int(v)*(white-20)/255+noise[r.Uint32()>>16])))
		}
		rgb.Pix[4*i+3] = 255
	}
	return pngOf(rgb)
}

// dirty is the page in black and white, askew and with specks.
func (p printed) dirty(seed uint64) ([]byte, error) {
	page, err := p.drawn(seed)
	if err != nil {
		return nil, err
	}
	blurred(page)
	sin, cos := math.Sincos(1.3 * math.Pi / 180)
	w, h := page.Rect.Dx(), page.Rect.Dy()
	two := image.NewPaletted(page.Rect, color.Palette{grey(255), grey(0)})
	for y := range h {
		for x := range w {
			dx, dy := float64(x-w/2), float64(y-h/2)
			from := image.Pt(w/2+int(math.Round(dx*cos+dy*sin)), h/2+int(math.Round(dy*cos-dx*sin)))
			if from.In(page.Rect) && page.GrayAt(from.X, from.Y).Y < 128 {
				two.Pix[y*two.Stride+x] = 1
			}
		}
	}
	r := rand.New(rand.NewPCG(8, seed))
	for range 1500 {
		x, y, size := r.IntN(w-4), r.IntN(h-4), 1+r.IntN(4)
		for i := range size * size {
			two.Pix[(y+i/size)*two.Stride+x+i%size] = 1
		}
	}
	return pngOf(two)
}

// blurred softens a picture as a lens does: a quarter of each pixel goes to the one on either side.
func blurred(m *image.Gray) {
	soften := func(from, step, n int) {
		before := int(m.Pix[from])
		for i := range n {
			at := from + i*step
			now, next := int(m.Pix[at]), int(m.Pix[from+min(i+1, n-1)*step])
			m.Pix[at] = byte((before + 2*now + next + 2) / 4)
			before = now
		}
	}
	for y := range m.Rect.Dy() {
		soften(y*m.Stride, 1, m.Rect.Dx())
	}
	for x := range m.Rect.Dx() {
		soften(x, m.Stride, m.Rect.Dy())
	}
}

func pngOf(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m)
	return b.Bytes(), err
}
