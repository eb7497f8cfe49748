package pdf

import (
	"bytes"
	"image"
	"image/jpeg"
)

// quality is that of the one JPEG that is made of lossless device pixels.
const quality = 60

// shrunk makes a JPEG of the rows, or leaves them as they are where that is no longer.
func (f *pngFile) shrunk() (*picture, error) {
	var img image.Image
	var each func(row []byte)
	if f.colour == pngGray {
		m := image.NewGray(image.Rect(0, 0, f.width, f.height))
		img, each = m, into(m.Pix)
	} else {
		m := image.NewYCbCr(image.Rect(0, 0, f.width, f.height), image.YCbCrSubsampleRatio420)
		img, each = m, chroma(m)
	}
	if err := f.rows(each); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, damaged(kindPNG, err)
	}
	if b.Len() >= f.size {
		return f.through(), nil
	}
	return readJPEG(b.Bytes())
}

func into(pix []byte) func(row []byte) {
	return func(row []byte) {
		copy(pix, row)
		pix = pix[len(row):]
	}
}

// chroma turns rows of red, green and blue into luminance and, for each four pixels, two colours.
func chroma(m *image.YCbCr) func(row []byte) {
	y := 0
	w := m.Rect.Dx()
	cb, cr := make([]int32, len(m.Cb[:m.CStride])), make([]int32, m.CStride)
	return func(row []byte) {
		line := m.Y[y*m.YStride:][:w]
		for x := range line {
			r, g, b := int32(row[3*x]), int32(row[3*x+1]), int32(row[3*x+2])
			line[x] = uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
			cb[x/2] += -11056*r - 21712*g + 32768*b
			cr[x/2] += 32768*r - 27440*g - 5328*b
		}
		if y++; y%2 == 1 && y < m.Rect.Dy() {
			return
		}
		rows := int32(2 - y%2)
		at := (y - 1) / 2 * m.CStride
		for i := range cb {
			n := 2 * rows
			if 2*i+1 >= w {
				n = rows
			}
			m.Cb[at+i] = mean(cb[i], n)
			m.Cr[at+i] = mean(cr[i], n)
		}
		clear(cb)
		clear(cr)
	}
}

// mean is a colour of several pixels, from a sum in parts of 65,536.
func mean(sum, n int32) uint8 {
	return uint8(max(0, min(255, (sum/n+128<<16+1<<15)>>16)))
}
