package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// picture is an image as a PDF stream carries it.
type picture struct {
	width, height int
	bits          int
	space         string // DeviceGray or DeviceRGB
	palette       []byte // RGB triples, for indexed pictures
	filter        string
	parms         string
	data          []byte
	dpiX, dpiY    float64
	rotate        int // degrees clockwise, from EXIF
}

const a4Points = 595.276

func read(pg Page) (*picture, error) {
	var p *picture
	var err error
	switch pg.MediaType {
	case "image/jpeg":
		p, err = readJPEG(pg.Image)
	case "image/png":
		p, err = readPNG(pg.Image)
	default:
		return nil, fmt.Errorf("pdf: %q is not a page image", pg.MediaType)
	}
	if err != nil {
		return nil, err
	}
	if pg.DPI > 0 {
		p.dpiX, p.dpiY = float64(pg.DPI), float64(pg.DPI)
	}
	if p.dpiX < 20 || p.dpiY < 20 { // no density, or a nonsense one
		wide := p.width
		if p.rotate%180 != 0 {
			wide = p.height
		}
		d := float64(wide) * 72 / a4Points
		p.dpiX, p.dpiY = d, d
	}
	return p, nil
}

func readJPEG(b []byte) (*picture, error) {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	p := &picture{width: cfg.Width, height: cfg.Height, bits: 8, filter: "DCTDecode", data: b}
	switch cfg.ColorModel {
	case color.GrayModel:
		p.space = "DeviceGray"
	case color.CMYKModel: // an RGB output intent allows no CMYK
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("pdf: %w", err)
		}
		return fromImage(img)
	default:
		p.space = "DeviceRGB"
	}
	readMarkers(b, p)
	return p, nil
}

// readMarkers takes density from JFIF and orientation from EXIF; what is broken is ignored.
func readMarkers(b []byte, p *picture) {
	for i := 2; i+4 <= len(b) && b[i] == 0xFF; {
		marker, n := b[i+1], int(binary.BigEndian.Uint16(b[i+2:]))
		if marker == 0xDA || n < 2 || i+2+n > len(b) {
			return
		}
		seg := b[i+4 : i+2+n]
		switch {
		case marker == 0xE0 && len(seg) >= 12 && string(seg[:5]) == "JFIF\x00":
			x, y := float64(binary.BigEndian.Uint16(seg[8:])), float64(binary.BigEndian.Uint16(seg[10:]))
			switch seg[7] {
			case 1:
				p.dpiX, p.dpiY = x, y
			case 2:
				p.dpiX, p.dpiY = x*2.54, y*2.54
			}
		case marker == 0xE1 && len(seg) > 14 && string(seg[:6]) == "Exif\x00\x00":
			p.rotate = map[uint16]int{3: 180, 6: 90, 8: 270}[orientation(seg[6:])]
		}
		i += 2 + n
	}
}

// orientation reads tag 0x0112 of the first EXIF directory, 0 where there is none.
func orientation(t []byte) uint16 {
	var o binary.ByteOrder = binary.LittleEndian
	if string(t[:2]) == "MM" {
		o = binary.BigEndian
	}
	at := int64(o.Uint32(t[4:]))
	if at+2 > int64(len(t)) {
		return 0
	}
	n := int(o.Uint16(t[at:]))
	for i := range n {
		e := at + 2 + int64(i)*12
		if e+12 > int64(len(t)) {
			return 0
		}
		if o.Uint16(t[e:]) == 0x0112 {
			return o.Uint16(t[e+8:])
		}
	}
	return 0
}

const pngMagic = "\x89PNG\r\n\x1a\n"

// readPNG passes the compressed rows through where a PDF can carry them: no alpha, not interlaced. The
// rows' filters are what PDF calls predictor 15.
func readPNG(b []byte) (*picture, error) {
	cfg, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	c := chunks{picture: picture{width: cfg.Width, height: cfg.Height, filter: "FlateDecode"}, colors: 1}
	for i := len(pngMagic); i+12 <= len(b); {
		n := int64(binary.BigEndian.Uint32(b[i:]))
		if int64(i)+12+n > int64(len(b)) {
			break
		}
		c.take(string(b[i+4:i+8]), b[i+8:i+8+int(n)])
		i += 12 + int(n)
	}
	p := &c.picture
	if p.space != "Indexed" {
		p.palette = nil
	}
	if !c.through {
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("pdf: %w", err)
		}
		q, err := fromImage(img)
		if err == nil {
			q.dpiX, q.dpiY = p.dpiX, p.dpiY
		}
		return q, err
	}
	p.parms = fmt.Sprintf(" /DecodeParms <</Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d>>", c.colors, p.bits, p.width)
	return p, nil
}

// chunks is what the chunks of a PNG file say one after the other.
type chunks struct {
	picture
	headed  bool
	through bool // a PDF can carry the rows as they are
	colors  int
}

func (c *chunks) take(kind string, body []byte) {
	switch kind {
	case "IHDR":
		c.header(body)
	case "PLTE":
		c.palette = body
	case "tRNS":
		c.through = false
	case "pHYs":
		if len(body) == 9 && body[8] == 1 {
			c.dpiX = float64(binary.BigEndian.Uint32(body)) * 0.0254
			c.dpiY = float64(binary.BigEndian.Uint32(body[4:])) * 0.0254
		}
	case "IDAT":
		c.data = append(c.data, body...)
	}
}

// header reads the one header. A further one is damage, which decoding refuses.
func (c *chunks) header(body []byte) {
	if c.headed || len(body) != 13 {
		c.through = false
		return
	}
	c.headed = true
	c.bits = int(body[8])
	c.through = body[12] == 0 && c.bits <= 8
	switch body[9] {
	case 0:
		c.space = "DeviceGray"
	case 2:
		c.space, c.colors = "DeviceRGB", 3
	case 3:
		c.space = "Indexed"
	default:
		c.through = false
	}
}

// fromImage flattens any picture onto white paper without loss.
func fromImage(img image.Image) (*picture, error) {
	r := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, r.Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return readPNG(b.Bytes())
}
