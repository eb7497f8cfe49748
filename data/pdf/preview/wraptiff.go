package preview

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// tiffTags are the numbers of a page of a TIFF, by tag.
type tiffTags map[uint16][]uint32

func (t tiffTags) one(tag uint16, usual uint32) uint32 {
	if v := t[tag]; len(v) > 0 {
		return v[0]
	}
	return usual
}

// The tags that matter here (TIFF 6.0).
const (
	tiffWidth, tiffHeight, tiffBits, tiffCompression, tiffPhotometric = 256, 257, 258, 259, 262
	tiffFillOrder, tiffOffsets, tiffOrientation, tiffSamples          = 266, 273, 274, 277
	tiffRows, tiffCounts, tiffDPIX, tiffDPIY, tiffPlanar, tiffOptions = 278, 279, 282, 283, 284, 293
	tiffUnit, tiffPredictor, tiffTiles                                = 296, 317, 322
)

// tiffSheets takes a TIFF all of whose pages have strips that a PDF can carry.
func tiffSheets(b []byte) []sheetPicture {
	if len(b) < 8 {
		return nil
	}
	var o binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		o = binary.BigEndian
	}
	var out []sheetPicture
	for at := int64(o.Uint32(b[4:])); at != 0; {
		if at+2 > int64(len(b)) || len(out) == maxTIFFDirs {
			return nil
		}
		end := at + 2 + 12*int64(o.Uint16(b[at:]))
		if end+4 > int64(len(b)) {
			return nil
		}
		s, ok := tiffTagsOf(b, b[at+2:end], o).sheet(b)
		if !ok {
			return nil
		}
		out = append(out, s)
		at = int64(o.Uint32(b[end:]))
	}
	return out
}

// tiffTagsOf reads the numbers of a directory; of fractions the rounded value.
func tiffTagsOf(b, dir []byte, o binary.ByteOrder) tiffTags {
	t := tiffTags{}
	for ; len(dir) >= 12; dir = dir[12:] {
		tag, form, n := o.Uint16(dir), o.Uint16(dir[2:]), int64(o.Uint32(dir[4:]))
		size := map[uint16]int64{1: 1, 3: 2, 4: 4, 5: 8}[form]
		if size == 0 || n < 1 || n > maxStrips*4 {
			continue
		}
		body := dir[8:12]
		if n*size > 4 {
			at := int64(o.Uint32(dir[8:]))
			if at+n*size > int64(len(b)) {
				continue
			}
			body = b[at : at+n*size]
		}
		for i := range n {
			v := body[i*size:]
			switch size {
			case 1:
				t[tag] = append(t[tag], uint32(v[0]))
			case 2:
				t[tag] = append(t[tag], uint32(o.Uint16(v)))
			case 4:
				t[tag] = append(t[tag], o.Uint32(v))
			case 8:
				t[tag] = append(t[tag], o.Uint32(v)/max(o.Uint32(v[4:]), 1))
			}
		}
	}
	return t
}

// turnsOf are quarter turns by orientation; mirrored ones are left to the library.
var turnsOf = map[uint32]int{1: 0, 3: 2, 6: 1, 8: 3}

func (t tiffTags) sheet(b []byte) (s sheetPicture, ok bool) {
	w, h, depth, parts := t.one(tiffWidth, 0), t.one(tiffHeight, 0), t.one(tiffBits, 1), t.one(tiffSamples, 1)
	photometric := t.one(tiffPhotometric, 0)
	for _, d := range t[tiffBits] {
		if d != depth {
			return s, false
		}
	}
	turns, known := turnsOf[t.one(tiffOrientation, 1)]
	switch {
	case !known, w < 1, h < 1, w > maxEdge, h > maxEdge, depth > 8, bits.OnesCount32(depth) != 1, t.one(tiffPlanar, 1) != 1, len(t[tiffTiles]) > 0:
		return s, false
	case parts == 1 && photometric < 2:
		s.colours = "/DeviceGray"
	case parts == 3 && photometric == 2 && depth == 8:
		s.colours = "/DeviceRGB"
	default:
		return s, false
	}
	s.width, s.height, s.depth, s.parts, s.turns = int(w), int(h), int(depth), int(parts), turns
	unit := 1.0
	if t.one(tiffUnit, 2) == 3 { // per centimetre
		unit = 2.54
	}
	s.dpiX, s.dpiY = believableDPI(float64(t.one(tiffDPIX, 0))*unit, float64(t.one(tiffDPIY, 0))*unit)
	fax := t.one(tiffCompression, 1) == 4
	if fax == (photometric == 1) && parts == 1 { // fax writes what is black; otherwise 0 is white
		s.more = "/Decode[1 0]"
	}
	return s, t.strips(b, &s)
}

// strips are the pieces of a page, in their order.
func (t tiffTags) strips(b []byte, s *sheetPicture) bool {
	offsets, counts := t[tiffOffsets], t[tiffCounts]
	rows := min(int64(t.one(tiffRows, uint32(s.height))), int64(s.height)) //nolint:gosec // bounded
	if rows < 1 || len(offsets) == 0 || len(offsets) != len(counts) || len(offsets) > maxStrips || (int64(s.height)+rows-1)/rows != int64(len(offsets)) {
		return false
	}
	for i, at := range offsets {
		n := min(rows, int64(s.height)-int64(i)*rows)
		filter := t.filter(s, int(n))
		if filter == "?" || int64(at)+int64(counts[i]) > int64(len(b)) {
			return false
		}
		data := b[at : int64(at)+int64(counts[i])]
		if t.one(tiffFillOrder, 1) == 2 {
			turned := make([]byte, len(data))
			for k, c := range data {
				turned[k] = bits.Reverse8(c)
			}
			data = turned
		}
		s.strips = append(s.strips, strip{int(n), data, filter})
	}
	return true
}

// filter names how a strip is packed in PDF's words; "?": it has none for it.
func (t tiffTags) filter(s *sheetPicture, rows int) string {
	parms := ""
	switch t.one(tiffPredictor, 1) {
	case 1:
	case 2:
		parms = fmt.Sprintf("/Predictor 2/Colors %d/BitsPerComponent %d/Columns %d", s.parts, s.depth, s.width)
	default:
		return "?"
	}
	switch t.one(tiffCompression, 1) {
	case 1:
		return ""
	case 4:
		if s.depth != 1 || s.parts != 1 || t.one(tiffOptions, 0) != 0 {
			return "?"
		}
		return fmt.Sprintf("/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>", s.width, rows)
	case 5:
		return "/Filter/LZWDecode/DecodeParms<<" + parms + ">>"
	case 8, 32946:
		return "/Filter/FlateDecode/DecodeParms<<" + parms + ">>"
	case 32773:
		return "/Filter/RunLengthDecode"
	}
	return "?"
}
