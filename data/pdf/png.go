package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"

	fast "github.com/klauspost/compress/zlib"

	"schalter/data/pdf/g4"
	"schalter/data/pdf/jpg"
)

const (
	kindPNG  = "PNG"
	pngMagic = "\x89PNG\r\n\x1a\n"
)

// The colour types of a PNG.
const (
	pngGray    = 0
	pngRGB     = 2
	pngPalette = 3
)

// pngFile is what the chunks of a PNG say.
type pngFile struct {
	width, height int
	depth         int // bits of a part
	colour        byte
	interlaced    bool
	seen          bool // there is a header
	palette       []byte
	clear         bool // it has transparent colours
	dpiX, dpiY    float64
	gamma         float64 // 0: not said
	srgb          bool
	icc           []byte
	data          [][]byte
	size          int // of data
}

// readPNG passes the compressed rows through where a PDF can carry them; their filters are what PDF calls
// predictor 15. Black and white becomes fax group 4.
func readPNG(b []byte, shrink bool) (*picture, error) {
	f, err := parsePNG(b)
	if err != nil {
		return nil, err
	}
	p, err := f.picture(b, shrink)
	if err != nil {
		return nil, err
	}
	p.dpiX, p.dpiY = f.dpiX, f.dpiY
	return p, nil
}

func (f *pngFile) picture(b []byte, shrink bool) (*picture, error) {
	if f.interlaced || f.clear || f.colour > pngPalette {
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, damaged(kindPNG, err)
		}
		return fromImage(img, shrink)
	}
	plain := usual(f.gamma) && len(f.icc) == 0
	whiteIs1, twoTones := f.twoTones()
	switch {
	case twoTones:
		return f.bits(whiteIs1)
	case shrink && plain && f.depth == 8 && max(f.width, f.height) <= jpg.MaxSide && f.colour != pngPalette && f.size > small(f.width, f.height):
		return f.shrunk()
	}
	if err := f.rows(func([]byte) {}); err != nil {
		return nil, err
	}
	return f.through(), nil
}

// through is the picture with its compressed rows as they are.
func (f *pngFile) through() *picture {
	p := &picture{
		width: f.width, height: f.height, bits: f.depth, parts: f.parts(), filter: "FlateDecode", space: deviceGray, data: bytes.Join(f.data, nil),
		parms: fmt.Sprintf(" /DecodeParms <</Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d>>", f.parts(), f.depth, f.width),
	}
	if f.colour == pngPalette {
		pal := f.palette
		if !f.srgb && !usual(f.gamma) {
			pal = tonedPalette(pal, f.gamma)
		}
		p.space = fmt.Sprintf("[/Indexed /DeviceRGB %d <%X>]", len(pal)/3-1, pal)
		return p
	}
	if f.colour == pngRGB {
		p.space = deviceRGB
	}
	switch {
	case f.srgb:
	case len(f.icc) > 0:
		p.profiled(f.icc)
	case !usual(f.gamma):
		p.toned(f.gamma)
	}
	return p
}

// bits writes black and white as fax group 4, unless that is longer than what came (a dithered photo).
func (f *pngFile) bits(whiteIs1 bool) (*picture, error) {
	e := g4.New(f.width, whiteIs1)
	if err := f.rows(e.Row); err != nil {
		return nil, err
	}
	if data := e.Close(); len(data) < f.size {
		return fax(f.width, f.height, data, false), nil
	}
	return f.through(), nil
}

// twoTones reports whether the picture is black and white with one bit, and which of them a 1 is.
func (f *pngFile) twoTones() (whiteIs1, ok bool) {
	if f.depth != 1 || f.colour == pngGray {
		return true, f.depth == 1
	}
	switch string(f.palette) {
	case "\x00\x00\x00\xff\xff\xff":
		return true, true
	case "\xff\xff\xff\x00\x00\x00":
		return false, true
	}
	return false, false
}

func (f *pngFile) parts() int {
	if f.colour == pngRGB {
		return 3
	}
	return 1
}

// parsePNG walks the chunks and checks each one's sum, which finds what was cut off or damaged on the way.
func parsePNG(b []byte) (*pngFile, error) {
	if len(b) < len(pngMagic) || string(b[:len(pngMagic)]) != pngMagic {
		return nil, damaged(kindPNG, errors.New("no beginning"))
	}
	f := &pngFile{}
	for i := len(pngMagic); ; {
		if i+12 > len(b) {
			return nil, damaged(kindPNG, fmt.Errorf("cut off at %d of %d", i, len(b)))
		}
		n := int64(binary.BigEndian.Uint32(b[i:]))
		if int64(i)+12+n > int64(len(b)) {
			return nil, damaged(kindPNG, fmt.Errorf("cut off at %d of %d", i, len(b)))
		}
		end := i + 8 + int(n)
		if crc32.ChecksumIEEE(b[i+4:end]) != binary.BigEndian.Uint32(b[end:]) {
			return nil, damaged(kindPNG, fmt.Errorf("sum of %q", b[i+4:i+8]))
		}
		kind, body := string(b[i+4:i+8]), b[i+8:end]
		if f.seen == (kind == "IHDR") {
			return nil, damaged(kindPNG, errors.New("no header or two"))
		}
		if kind == "IEND" {
			return f, f.whole()
		}
		if err := f.chunk(kind, body); err != nil {
			return nil, err
		}
		i = end + 4
	}
}

func (f *pngFile) chunk(kind string, body []byte) error {
	switch kind {
	case "IHDR":
		return f.header(body)
	case "PLTE":
		f.palette = body
	case "tRNS":
		f.clear = true
	case "pHYs":
		if len(body) == 9 && body[8] == 1 {
			f.dpiX = float64(binary.BigEndian.Uint32(body)) * 0.0254
			f.dpiY = float64(binary.BigEndian.Uint32(body[4:])) * 0.0254
		}
	case "gAMA":
		if len(body) == 4 {
			if g := float64(binary.BigEndian.Uint32(body)) / 100_000; g >= 0.1 && g <= 10 {
				f.gamma = g
			}
		}
	case "sRGB":
		f.srgb, f.gamma, f.icc = true, 0, nil
	case "iCCP":
		if !f.srgb {
			f.icc = unpackedProfile(body)
		}
	case "IDAT":
		f.data = append(f.data, body)
		f.size += len(body)
	}
	return nil
}

func (f *pngFile) header(body []byte) error {
	if len(body) != 13 || body[10] != 0 || body[11] != 0 || body[12] > 1 {
		return damaged(kindPNG, errors.New("header"))
	}
	f.seen, f.depth, f.colour, f.interlaced = true, int(body[8]), body[9], body[12] == 1
	depths := map[byte][]int{pngGray: {1, 2, 4, 8, 16}, pngRGB: {8, 16}, pngPalette: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
	known := false
	for _, d := range depths[f.colour] {
		known = known || d == f.depth
	}
	if !known {
		return damaged(kindPNG, fmt.Errorf("colour type %d with %d bits", f.colour, f.depth))
	}
	w, h := int64(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint32(body[4:]))
	f.width, f.height = int(w), int(h)
	return bearable(kindPNG, w, h)
}

// whole checks what the parts of the file have to do with each other.
func (f *pngFile) whole() error {
	switch {
	case len(f.data) == 0:
		return damaged(kindPNG, errors.New("no rows"))
	case f.colour == pngPalette && (len(f.palette) == 0 || len(f.palette)%3 != 0 || len(f.palette) > 3<<f.depth):
		return damaged(kindPNG, errors.New("palette"))
	}
	if f.srgb {
		f.gamma, f.icc = 0, nil
	}
	return nil
}

// maxProfile bounds a colour profile, in bytes.
const maxProfile = 4 << 20

func unpackedProfile(body []byte) []byte {
	_, rest, ok := bytes.Cut(body, []byte{0})
	if !ok || len(rest) < 2 || rest[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	icc, err := io.ReadAll(io.LimitReader(z, maxProfile))
	if err != nil || len(icc) == maxProfile {
		return nil
	}
	return icc
}

// rows gives each row without its filter; the row is only good until the next one.
func (f *pngFile) rows(each func(row []byte)) error {
	// In one piece: the reader has a quicker way for bytes that lie in memory.
	z, err := fast.NewReader(bytes.NewReader(bytes.Join(f.data, nil)))
	if err != nil {
		return damaged(kindPNG, err)
	}
	pixel := f.parts() * f.depth
	n := (f.width*pixel + 7) / 8
	now, above := make([]byte, n+1), make([]byte, n+1)
	for y := range f.height {
		if _, err := io.ReadFull(z, now); err != nil {
			return damaged(kindPNG, fmt.Errorf("row %d: %w", y, err))
		}
		if now[0] > 4 {
			return damaged(kindPNG, fmt.Errorf("row %d: filter %d", y, now[0]))
		}
		unfilter(now[0], now[1:], above[1:], max(1, pixel/8))
		if f.colour == pngPalette && !f.inPalette(now[1:]) {
			return damaged(kindPNG, fmt.Errorf("row %d: colour outside the palette", y))
		}
		each(now[1:])
		now, above = above, now
	}
	return nil
}

// inPalette reports whether a row names only colours that there are.
func (f *pngFile) inPalette(row []byte) bool {
	colours := len(f.palette) / 3
	if colours == 1<<f.depth {
		return true
	}
	for x := range f.width {
		at := x * f.depth
		if int(row[at/8]>>(8-f.depth-at%8))&(1<<f.depth-1) >= colours {
			return false
		}
	}
	return true
}
