package page

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"sync"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const letterText = `Sehr geehrte Damen und Herren, hiermit melde ich meinen Hund an. Er ist am 3. Mai des letzten
Jahres geboren, hört auf den Namen Bello und lebt seit August in meinem Haushalt. Eine Haftpflichtversicherung
besteht; den Nachweis finden Sie in der Anlage. Für Rückfragen erreichen Sie mich vormittags unter der
angegebenen Nummer. Die Steuer bitte ich von meinem Konto abzubuchen, wie im Formular angegeben.`

var regular = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	return f
})

// sheet is an empty A4 page of a paper's brightness.
func sheet(dpi int, paper uint8) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, dpi*210*10/254, dpi*297*10/254))
	fill(g, g.Rect, paper)
	return g
}

func fill(g *image.Gray, r image.Rectangle, v uint8) {
	draw.Draw(g, r, image.NewUniform(color.Gray{v}), image.Point{}, draw.Src)
}

// mm is a rectangle on a page in millimetres.
func mm(dpi int, x0, y0, x1, y1 float64) image.Rectangle {
	p := func(v float64) int { return int(v * float64(dpi) / 25.4) }
	return image.Rect(p(x0), p(y0), p(x1), p(y1))
}

// write sets text with its left lower corner at x, y in millimetres.
func write(t testing.TB, g *image.Gray, dpi int, points, x, y float64, ink uint8, text string) {
	t.Helper()
	f, err := opentype.NewFace(regular(), &opentype.FaceOptions{Size: points, DPI: float64(dpi)})
	if err != nil {
		t.Fatal(err)
	}
	p := mm(dpi, x, y, x, y).Min
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Gray{ink}), Face: f, Dot: fixed.P(p.X, p.Y)}
	d.DrawString(text)
}

// letter is a page with lines of text.
func letter(t testing.TB, dpi, lines int, paper, ink uint8) *image.Gray {
	t.Helper()
	g := sheet(dpi, paper)
	words := strings.Fields(letterText)
	for i := range lines {
		k := i * 7 % len(words)
		line := strings.Join(append(append([]string{}, words[k:]...), words[:k]...), " ")
		write(t, g, dpi, 11, 25, 40+float64(i)*6, ink, line[:78-i*13%17])
	}
	return g
}

// turn turns a page clockwise about its middle, as a crooked feeder does.
func turn(g *image.Gray, degrees float64, paper uint8) *image.Gray {
	out := image.NewGray(g.Rect)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := range h {
		for x := range w {
			dx, dy := float64(x)+0.5-float64(w)/2, float64(y)+0.5-float64(h)/2
			sx, sy := dx*cos+dy*sin+float64(w)/2-0.5, dy*cos-dx*sin+float64(h)/2-0.5
			i, j := int(sx), int(sy)
			if sx < 0 || sy < 0 || i >= w-1 || j >= h-1 {
				out.Pix[y*out.Stride+x] = paper
				continue
			}
			fx, fy := sx-float64(i), sy-float64(j)
			p := g.Pix[j*g.Stride+i:]
			top := float64(p[0])*(1-fx) + float64(p[1])*fx
			low := float64(p[g.Stride])*(1-fx) + float64(p[g.Stride+1])*fx
			out.Pix[y*out.Stride+x] = uint8(top*(1-fy) + low*fy + 0.5)
		}
	}
	return out
}

// quarter turns a page by 90 degrees clockwise.
func quarter(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.Pix[x*out.Stride+h-1-y] = g.Pix[y*g.Stride+x]
		}
	}
	return out
}

func disc(g *image.Gray, dpi int, x, y, across float64, v uint8) {
	r := mm(dpi, x-across/2, y-across/2, x+across/2, y+across/2)
	rad := float64(r.Dx()) / 2
	for j := r.Min.Y; j < r.Max.Y; j++ {
		for i := r.Min.X; i < r.Max.X; i++ {
			if math.Hypot(float64(i-r.Min.X)-rad, float64(j-r.Min.Y)-rad) <= rad {
				g.Pix[j*g.Stride+i] = v
			}
		}
	}
}
