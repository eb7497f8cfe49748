package code

import (
	"image"
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/draw"

	"schalter/data/page"
)

var hints = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

// dots are how many pixels a code's dot has best for reading: fewer are blurred, more are rough at their edges.
const dots = 5

// qr reads the code between three eyes.
func (v *view) qr(t triple) (Found, bool) {
	corners := t.corners()
	m := (t.corner.module + t.right.module + t.below.module) / 3
	r := image.Rectangle{Min: image.Pt(math.MaxInt32, math.MaxInt32)}
	for _, p := range corners {
		r.Min.X, r.Min.Y = min(r.Min.X, int(p.x-5*m)), min(r.Min.Y, int(p.y-5*m))
		r.Max.X, r.Max.Y = max(r.Max.X, int(p.x+5*m)+1), max(r.Max.Y, int(p.y+5*m)+1)
	}
	r = image.Rect(r.Min.X*v.factor, r.Min.Y*v.factor, r.Max.X*v.factor, r.Max.Y*v.factor).Intersect(v.full.Rect)
	for _, px := range []float64{dots, 3, 8} {
		text, ok := attempts(sized(v.full, r, px/(m*float64(v.factor))))
		if ok {
			return Found{Text: text, Format: QR, Box: v.box(corners), Turns: t.turns()}, true
		}
	}
	return Found{}, false
}

// sized cuts a part out of a picture and makes it larger or smaller.
func sized(g *image.Gray, r image.Rectangle, scale float64) *image.Gray {
	part := &image.Gray{Pix: g.Pix[g.PixOffset(r.Min.X, r.Min.Y):], Stride: g.Stride, Rect: image.Rect(0, 0, r.Dx(), r.Dy())}
	if f := int(1 / scale); f >= 2 {
		part = page.Reduce(part, f)
		scale *= float64(f)
	}
	if math.Abs(scale-1) < 0.2 {
		out := image.NewGray(part.Rect)
		draw.Draw(out, out.Rect, part, image.Point{}, draw.Src)
		return out
	}
	out := image.NewGray(image.Rect(0, 0, max(1, int(float64(part.Rect.Dx())*scale)), max(1, int(float64(part.Rect.Dy())*scale))))
	draw.ApproxBiLinear.Scale(out, out.Rect, part, part.Rect, draw.Src, nil)
	return out
}

// attempts reads a picture with a code in its middle, first as it is.
func attempts(g *image.Gray) (string, bool) {
	light := gozxing.NewLuminanceSourceFromImage(g)
	for _, b := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(light), gozxing.NewGlobalHistgramBinarizer(light)} {
		if res, ok := try(qrcode.NewQRCodeReader(), b); ok {
			return res.GetText(), true
		}
	}
	light = gozxing.NewLuminanceSourceFromImage(soft(g))
	res, ok := try(qrcode.NewQRCodeReader(), gozxing.NewHybridBinarizer(light))
	if !ok {
		return "", false
	}
	return res.GetText(), true
}

// try reads one code. The library was not written for hostile pictures: a fault in it is a code not read.
func try(r gozxing.Reader, b gozxing.Binarizer) (res *gozxing.Result, ok bool) {
	defer func() {
		if recover() != nil {
			res, ok = nil, false
		}
	}()
	m, err := gozxing.NewBinaryBitmap(b)
	if err != nil {
		return nil, false
	}
	res, err = r.Decode(m, hints)
	return res, err == nil
}

// soft takes the single dots out of a picture: each pixel becomes the mean of its surroundings.
func soft(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	for y := range h {
		for x := range w {
			sum, n := 0, 0
			for j := max(y-1, 0); j <= min(y+1, h-1); j++ {
				for i := max(x-1, 0); i <= min(x+1, w-1); i++ {
					sum += int(g.Pix[j*g.Stride+i])
					n++
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / n)
		}
	}
	return out
}

// harder looks for a QR code on the whole of a page that bears our mark, so there ought to be one.
func (v *view) harder(r *Result) {
	for _, g := range []*image.Gray{v.small, soft(v.small)} {
		light := gozxing.NewLuminanceSourceFromImage(g)
		for _, b := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(light), gozxing.NewGlobalHistgramBinarizer(light)} {
			if res, ok := try(qrcode.NewQRCodeReader(), b); ok {
				r.add(v.found(res, QR, 1))
				return
			}
		}
	}
}

// bars looks for codes that others print.
func (v *view) bars(r *Result) {
	fine := max(1, v.factor/2) // bars are thinner than a QR code's dots
	light := gozxing.NewLuminanceSourceFromImage(page.Reduce(v.full, fine))
	for _, k := range []struct {
		format Format
		reader gozxing.Reader
	}{{Code128, oned.NewCode128Reader()}, {DataMatrix, datamatrix.NewDataMatrixReader()}} {
		if res, ok := try(k.reader, gozxing.NewHybridBinarizer(light)); ok {
			r.add(v.found(res, k.format, float64(fine)/float64(v.factor)))
		}
	}
}

// found says where the library has found a code on a picture whose pixels are scale of those of the small one.
func (v *view) found(res *gozxing.Result, f Format, scale float64) Found {
	var points []point
	for _, p := range res.GetResultPoints() {
		if p != nil {
			points = append(points, point{p.GetX() * scale, p.GetY() * scale})
		}
	}
	out := Found{Text: res.GetText(), Format: f}
	if len(points) > 0 {
		out.Box = v.box(points)
	}
	if f == QR && len(points) >= 3 {
		out.Turns = triple{below: eye{point: points[0]}, corner: eye{point: points[1]}, right: eye{point: points[2]}}.turns()
	}
	return out
}
