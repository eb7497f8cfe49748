package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"

	"schalter/data/pdf/g4"
	"schalter/data/record"
)

// MaxPixels is the largest picture that is taken: A3 at 600 dpi in a square.
const MaxPixels = 120_000_000

// picture is an image as a PDF stream carries it.
type picture struct {
	width, height int
	bits          int
	parts         int    // colours of a pixel
	space         string // in the PDF's words
	profile       []byte // ICC profile that takes the place of space
	filter        string
	parms         string
	data          []byte
	dpiX, dpiY    float64
	turns         int // quarter turns clockwise, from EXIF
	mirror        bool
}

const (
	a4Points   = 595.276
	deviceGray = "/DeviceGray"
	deviceRGB  = "/DeviceRGB"
)

// read makes a picture of a page's bytes.
func read(pg Page) (*picture, error) {
	var p *picture
	var err error
	switch pg.MediaType {
	case "image/jpeg":
		p, err = readJPEG(pg.Image)
	case "image/png":
		p, err = readPNG(pg.Image, pg.Shrink)
	case "image/tiff":
		p, err = readTIFF(pg.Image, pg.Index, pg.Shrink)
	default:
		err = record.E(record.CodePictureKind, nil, "kind", pg.MediaType)
	}
	if err != nil {
		return nil, err
	}
	if pg.DPI > 0 {
		p.dpiX, p.dpiY = float64(pg.DPI), float64(pg.DPI)
	}
	if !density(p.dpiX) || !density(p.dpiY) {
		wide := p.width
		if p.turns%2 != 0 {
			wide = p.height
		}
		d := float64(wide) * 72 / a4Points
		p.dpiX, p.dpiY = d, d
	}
	return p, nil
}

// density tells a resolution from none and from nonsense.
func density(dpi float64) bool { return dpi >= 20 && dpi <= 20_000 }

func damaged(kind string, err error) error {
	return record.E(record.CodePictureDamaged, err, "kind", kind)
}

// unfit is a picture of a variety that is not written.
func unfit(kind, what string) error {
	return record.E(record.CodePictureKind, errors.New(what), "kind", kind)
}

// bearable checks a picture's size before anything is made of it.
func bearable(kind string, width, height int64) error {
	if width < 1 || height < 1 {
		return damaged(kind, fmt.Errorf("%d x %d pixels", width, height))
	}
	if width > math.MaxInt32 || height > math.MaxInt32 || width*height > MaxPixels {
		return record.E(record.CodePictureLarge, nil, "width", width, "height", height, "limit", MaxPixels/1_000_000)
	}
	return nil
}

// oriented applies what EXIF or TIFF say of how the picture was held: first mirrored, then turned.
func (p *picture) oriented(o uint16) {
	if o < 2 || o > 8 {
		return
	}
	p.turns = [9]int{2: 0, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3}[o]
	p.mirror = o == 2 || o == 4 || o == 5 || o == 7
}

// fromImage lays any picture on white paper, without loss: two tones as fax group 4, gray as gray.
func fromImage(img image.Image, shrink bool) (*picture, error) {
	flat := flatten(img)
	gray, tones := toGray(flat)
	switch {
	case tones == 2:
		return fromBits(gray), nil
	case tones > 2:
		return fromPixels(gray, shrink)
	}
	return fromPixels(flat, shrink)
}

func flatten(img image.Image) *image.RGBA {
	r := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, r.Min, draw.Over)
	return flat
}

// toGray is the picture without colour: tones is 0 where it has colour, 2 where it is black and white only.
func toGray(img *image.RGBA) (gray *image.Gray, tones int) {
	gray, tones = image.NewGray(img.Rect), 2
	for i := range gray.Pix {
		px := img.Pix[4*i : 4*i+4 : 4*i+4]
		if px[0] != px[1] || px[1] != px[2] {
			return nil, 0
		}
		if px[0] != 0 && px[0] != 255 {
			tones = 3
		}
		gray.Pix[i] = px[0]
	}
	return gray, tones
}

func fromBits(gray *image.Gray) *picture {
	size := gray.Rect.Size()
	e := g4.New(size.X, true)
	row := make([]byte, (size.X+7)/8)
	for y := range size.Y {
		clear(row)
		for x, v := range gray.Pix[y*gray.Stride:][:size.X] {
			row[x/8] |= v >> 7 << (7 - x%8)
		}
		e.Row(row)
	}
	return fax(size.X, size.Y, e.Close(), false)
}

// fax is a picture that is written as fax group 4. blackIs1 turns black and white over.
func fax(width, height int, data []byte, blackIs1 bool) *picture {
	return &picture{
		width: width, height: height, bits: 1, parts: 1, space: deviceGray, filter: "CCITTFaxDecode", data: data,
		parms: fmt.Sprintf(" /DecodeParms <</K -1 /Columns %d /Rows %d /BlackIs1 %v>>", width, height, blackIs1),
	}
}

func fromPixels(img image.Image, shrink bool) (*picture, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return readPNG(b.Bytes(), shrink)
}

// profiled takes an ICC profile over where it is one of this kind of picture; else the picture stays as it is.
func (p *picture) profiled(icc []byte) {
	want := map[int]string{1: "GRAY", 3: "RGB "}[p.parts]
	if len(icc) < 132 || int64(binary.BigEndian.Uint32(icc)) != int64(len(icc)) || string(icc[36:40]) != "acsp" ||
		icc[8] < 2 || icc[8] > 4 || string(icc[16:20]) != want {
		return
	}
	switch string(icc[12:16]) {
	case "scnr", "mntr", "prtr", "spac":
		p.profile = icc
	}
}

// toned gives a picture whose values follow another curve than usual the space that says so.
func (p *picture) toned(gamma float64) {
	g := 1 / gamma
	if p.parts == 1 {
		p.space = fmt.Sprintf("[/CalGray <</WhitePoint [0.9505 1 1.089] /Gamma %s>>]", nums(g))
		return
	}
	p.space = fmt.Sprintf("[/CalRGB <</WhitePoint [0.9505 1 1.089] /Gamma [%s] /Matrix [0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]", nums(g, g, g))
}

// usual reports whether a gamma is the one screens and printers expect.
func usual(gamma float64) bool { return gamma == 0 || math.Abs(gamma-1/2.2) < 0.02 }

// tonedPalette brings colours of another curve to the usual one.
func tonedPalette(pal []byte, gamma float64) []byte {
	out := make([]byte, len(pal))
	for i, v := range pal {
		out[i] = uint8(math.Round(255 * math.Pow(float64(v)/255, 1/gamma/2.2)))
	}
	return out
}
