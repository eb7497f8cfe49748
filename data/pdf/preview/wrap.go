package preview

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
)

// Pictures of very many pixels are put into a PDF without being decoded, where their data can stand in one as it is:
// the library makes what a PDF shows smaller while it reads it, and needs a few megabytes for what would be a gigabyte
// as a picture file. This runs in the helper.

// wrapFrom is how many bytes the samples of a picture have from which on it is wrapped.
const wrapFrom = 48 << 20

const (
	wrapMost    = 32 << 20 // bytes of the file
	maxStrips   = 256
	maxTIFFDirs = 1000
	maxEdge     = 1 << 20 // pixels
)

// sheetPicture is a picture as a PDF has it: one below the other where it comes in strips.
type sheetPicture struct {
	width, height, depth, parts int
	colours                     string // colour space
	more                        string // of the dictionary of each strip
	strips                      []strip
	dpiX, dpiY                  float64
	turns                       int
}

type strip struct {
	rows   int
	data   []byte
	filter string // with its parameters
}

// wrapped is a PDF that shows what a picture file does; nil where it has few pixels, or cannot be taken as it is.
func wrapped(k kind, b []byte) []byte {
	var sheets []sheetPicture
	if len(b) > wrapMost {
		return nil
	}
	switch k {
	case kindPNG:
		sheets = pngSheets(b)
	case kindTIFF:
		sheets = tiffSheets(b)
	}
	large := false
	for _, s := range sheets {
		large = large || int64(s.width)*int64(s.height)*int64(s.parts)*int64(max(s.depth/8, 1)) >= wrapFrom
	}
	if !large {
		return nil
	}
	return wrapSheets(sheets)
}

func wrapSheets(sheets []sheetPicture) []byte {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&out, format, args...)
		out.WriteString("\nendobj\n")
	}
	size := 64 << 10
	for _, s := range sheets {
		for _, p := range s.strips {
			size += len(p.data) + 1<<10
		}
	}
	out.Grow(size)
	out.WriteString("%PDF-1.7\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	next := 3
	for _, s := range sheets {
		fmt.Fprintf(&kids, "%d 0 R ", next)
		next += 2 + len(s.strips)
	}
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(sheets), kids.String())
	for _, s := range sheets {
		first := len(offsets) + 3
		w, h := float64(s.width)*72/s.dpiX, float64(s.height)*72/s.dpiY
		var names, drawn strings.Builder
		y := 0
		for i, p := range s.strips {
			fmt.Fprintf(&names, "/I%d %d 0 R", i, first+i)
			y += p.rows
			fmt.Fprintf(&drawn, "q %.4f 0 0 %.4f 0 %.4f cm/I%d Do Q\n", w, h*float64(p.rows)/float64(s.height), h*float64(s.height-y)/float64(s.height), i)
		}
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.4f %.4f]/Rotate %d/Contents %d 0 R/Resources<</XObject<<%s>>>>>>", w, h, s.turns*90, first-1, names.String())
		object("<</Length %d>>\nstream\n%s\nendstream", drawn.Len(), drawn.String())
		for _, p := range s.strips {
			object("<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%s%s%s/Length %d>>\nstream\n%s\nendstream",
				s.width, p.rows, s.depth, s.colours, s.more, p.filter, len(p.data), p.data)
		}
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, table)
	return out.Bytes()
}

// usualDPI is the resolution of a picture that does not say one.
const usualDPI = 96

func believableDPI(x, y float64) (float64, float64) {
	if !(x >= 10 && x <= 10_000 && y >= 10 && y <= 10_000) {
		return usualDPI, usualDPI
	}
	return x, y
}

// pngHead is how long what stands before a PNG's chunks is.
const pngHead = 8

// pngSheets takes a PNG whose rows are as PDF's predictor has them: not interlaced and not transparent.
func pngSheets(b []byte) []sheetPicture {
	s, indexed, ok := pngSheet(b)
	if !ok {
		return nil
	}
	var data [][]byte
	for at := pngHead; at+12 <= len(b); {
		n := int64(binary.BigEndian.Uint32(b[at:]))
		if n > int64(len(b)-at-12) {
			break // what there is
		}
		body := b[at+8 : at+8+int(n)]
		switch string(b[at+4 : at+8]) {
		case "IDAT":
			data = append(data, body)
		case "PLTE":
			if indexed && n >= 3 && n <= 768 {
				s.colours = fmt.Sprintf("[/Indexed/DeviceRGB %d<%x>]", n/3-1, body[:n/3*3])
			}
		case "tRNS":
			return nil
		case "pHYs":
			if n == 9 && body[8] == 1 {
				s.dpiX, s.dpiY = float64(binary.BigEndian.Uint32(body))*0.0254, float64(binary.BigEndian.Uint32(body[4:]))*0.0254
			}
		}
		at += int(n) + 12
	}
	if len(data) == 0 || s.colours == "" {
		return nil
	}
	s.dpiX, s.dpiY = believableDPI(s.dpiX, s.dpiY)
	s.strips = []strip{{s.height, bytes.Join(data, nil), fmt.Sprintf("/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>", s.parts, s.depth, s.width)}}
	return []sheetPicture{s}
}

// pngSheet is what a PNG's header says.
func pngSheet(b []byte) (s sheetPicture, indexed, ok bool) {
	if len(b) < pngHead+8+13 || string(b[pngHead+4:pngHead+8]) != "IHDR" {
		return s, false, false
	}
	h := b[pngHead+8:]
	s = sheetPicture{width: int(binary.BigEndian.Uint32(h)), height: int(binary.BigEndian.Uint32(h[4:])), depth: int(h[8]), parts: 1}
	switch colour, interlaced := h[9], h[12] != 0; {
	case interlaced, s.width < 1, s.height < 1, s.width > maxEdge, s.height > maxEdge, bits.OnesCount8(h[8]) != 1, s.depth > 16:
		return s, false, false
	case colour == 0:
		s.colours = "/DeviceGray"
	case colour == 2:
		s.parts, s.colours = 3, "/DeviceRGB"
	case colour != 3:
		return s, false, false
	}
	return s, h[9] == 3, true
}
