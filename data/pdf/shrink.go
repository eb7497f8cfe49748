package pdf

import (
	"math"

	"schalter/data/pdf/jpg"
)

// What a shown page is made of lossless device pixels with, and why:
//
// A scanner behind SANE hands over gray and colour without loss, 4 to 15 MB a page at 300 dpi, because paper is
// noise. These bytes are the original: they stay in the store as they came, named by hash in the transfer note,
// and nothing is ever computed back into them. What is shown, printed and sent need not carry the noise. So
// [Page.Shrink] lets the picture become a JPEG, once, as fine as 350 kB for A4 at 300 dpi allow and never coarser than
// jpg.Least. Measured on drawn pages with a scanner's blur, tint and noise (3 of 255), structural similarity where
// something is printed: a letter of 440 words has 335 kB with 0.987, two columns of 660 words in 9 points 345 kB with
// 0.980. Denser print is worth more than the room it takes: 1,050 words in 8 points have 510 kB with 0.974, 2,600
// words in 6 points 680 kB with 0.974. Tesseract reads the same words of the page before and after. No halo, step
// or tint is to be seen at twice the size; thin lines of colour are a shade darker, because chroma has half the
// resolution each way.
//
// A JPEG that comes from a device or a citizen is never taken apart: loss upon loss is what replacing paper
// (BSI TR-03138) warns of. Black and white stays without loss.
//
// Pixels that need no more room without loss than a JPEG may take stay as they are.

// small is how many bytes of lossless pixels are few enough to stay.
func small(width, height int) int { return jpg.Budget(width, height) }

// shrunk makes a JPEG of the rows, or leaves them as they are where that is no shorter.
func (f *pngFile) shrunk() (*picture, error) {
	y := newPlane(f.width, f.height)
	dpi := 0
	if density(f.dpiX) {
		dpi = int(math.Round(f.dpiX))
	}
	var data []byte
	if f.colour == pngGray {
		if err := f.rows(into(y.Pix)); err != nil {
			return nil, err
		}
		data = jpg.Page(dpi, y)
	} else {
		cb, cr := newPlane((f.width+1)/2, (f.height+1)/2), newPlane((f.width+1)/2, (f.height+1)/2)
		if err := f.rows(chroma(y, cb, cr)); err != nil {
			return nil, err
		}
		data = jpg.Page(dpi, y, cb, cr)
	}
	if len(data) >= f.size {
		return f.through(), nil
	}
	return readJPEG(data)
}

func newPlane(width, height int) jpg.Plane {
	return jpg.Plane{Pix: make([]byte, width*height), Width: width, Height: height, Stride: width}
}

func into(pix []byte) func(row []byte) {
	return func(row []byte) {
		copy(pix, row)
		pix = pix[len(row):]
	}
}

// chroma turns rows of red, green and blue into luminance and, for each four pixels, two colours.
func chroma(luma, blue, red jpg.Plane) func(row []byte) {
	y := 0
	w := luma.Width
	cb, cr := make([]int32, blue.Width), make([]int32, blue.Width)
	return func(row []byte) {
		line := luma.Pix[y*w:][:w]
		row = row[:3*w]
		for x := range line {
			r, g, b := int32(row[3*x]), int32(row[3*x+1]), int32(row[3*x+2])
			line[x] = uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
			cb[x/2] += -11056*r - 21712*g + 32768*b
			cr[x/2] += 32768*r - 27440*g - 5328*b
		}
		if y++; y%2 == 1 && y < luma.Height {
			return
		}
		rows := int32(2 - y%2)
		at := (y - 1) / 2 * blue.Width
		for i := range cb {
			n := 2 * rows
			if 2*i+1 >= w {
				n = rows
			}
			blue.Pix[at+i], red.Pix[at+i] = mean(cb[i], n), mean(cr[i], n)
		}
		clear(cb)
		clear(cr)
	}
}

// mean is a colour of several pixels, from a sum in parts of 65,536.
func mean(sum, n int32) uint8 {
	return uint8(max(0, min(255, (sum/n+128<<16+1<<15)>>16)))
}
