package page

import (
	"image"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"schalter/data/record"
)

// Lay draws a picture as a sheet shows it: turned by its angle about the middle within its own width and
// height, cut, and turned by quarters, the longer side of the whole page so many pixels long. What comes in
// from outside is white. It is for screens; papers keep their pixels.
func Lay(m *image.RGBA, s record.Sheet, size int) *image.RGBA {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	cut := record.Box{X1: 1, Y1: 1}
	if s.Crop != nil {
		cut = *s.Crop
	}
	scale := float64(size) / max(w, h)
	cw, ch := (cut.X1-cut.X0)*w, (cut.Y1-cut.Y0)*h
	ow, oh := max(1, int(math.Round(cw*scale))), max(1, int(math.Round(ch*scale)))
	turns := ((s.Turns % 4) + 4) % 4
	if turns%2 == 1 {
		ow, oh = oh, ow
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	// From a pixel of what is drawn to one of the picture: x = ax·u + bx·v + cx, y alike.
	sin, cos := sincos(s.Skew)
	from := func(u, v float64) (x, y float64) {
		switch turns {
		case 1:
			u, v = v, 1-u
		case 2:
			u, v = 1-u, 1-v
		case 3:
			u, v = 1-v, u
		}
		x, y = cut.X0*w+u*cw-w/2, cut.Y0*h+v*ch-h/2
		return x*cos + y*sin + w/2, y*cos - x*sin + h/2
	}
	x0, y0 := from(0, 0)
	x1, y1 := from(1, 0)
	x2, y2 := from(0, 1)
	fw, fh := float64(ow), float64(oh)
	dux, duy, dvx, dvy := (x1-x0)/fw, (y1-y0)/fw, (x2-x0)/fh, (y2-y0)/fh
	for j := range oh {
		line := out.Pix[j*out.Stride : j*out.Stride+4*ow]
		v := float64(j) + 0.5
		x, y := x0+0.5*dux+v*dvx-0.5, y0+0.5*duy+v*dvy-0.5
		for i := range ow {
			sample(m, x, y, line[4*i:4*i+4])
			x += dux
			y += duy
		}
	}
	return out
}

// sample mixes the four pixels around a place.
func sample(m *image.RGBA, x, y float64, to []uint8) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if x <= -1 || y <= -1 || x >= float64(w) || y >= float64(h) {
		to[0], to[1], to[2], to[3] = 255, 255, 255, 255
		return
	}
	i, j := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := int((x-float64(i))*256), int((y-float64(j))*256)
	i2, j2 := min(i+1, w-1), min(j+1, h-1)
	i, j = max(i, 0), max(j, 0)
	a, b := m.Pix[j*m.Stride+4*i:], m.Pix[j*m.Stride+4*i2:]
	c, d := m.Pix[j2*m.Stride+4*i:], m.Pix[j2*m.Stride+4*i2:]
	for k := range 3 {
		top := int(a[k])*(256-fx) + int(b[k])*fx
		low := int(c[k])*(256-fx) + int(d[k])*fx
		to[k] = uint8((top*(256-fy) + low*fy) >> 16)
	}
	to[3] = 255
}

// Small draws a picture on white, its longer side at most so many pixels long.
func Small(m image.Image, size int) *image.RGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > size {
		w, h = max(1, w*size/long), max(1, h*size/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	if g, ok := m.(*image.Gray); ok {
		g = Reduce(g, max(1, min(g.Rect.Dx()/w, g.Rect.Dy()/h)/2)) // the mean, so that thin lines stay
		xdraw.ApproxBiLinear.Scale(out, out.Rect, g, g.Rect, draw.Src, nil)
		return out
	}
	xdraw.ApproxBiLinear.Scale(out, out.Rect, m, b, draw.Over, nil)
	return out
}
