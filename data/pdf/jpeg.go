package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
)

const kindJPEG = "JPEG"

// jpegFile is what the markers of a JPEG say.
type jpegFile struct {
	width, height int
	parts         int
	ids           [4]byte // of the parts
	adobe         bool
	dpiX, dpiY    float64
	orientation   uint16
	icc           map[byte][]byte // pieces of the profile
	pieces        int
	jfif          bool
}

// readJPEG passes the file through as it is, as far as a PDF can carry it.
func readJPEG(b []byte) (*picture, error) {
	f, err := parseJPEG(b)
	if err != nil {
		return nil, err
	}
	if err := bearable(kindJPEG, int64(f.width), int64(f.height)); err != nil {
		return nil, err
	}
	p := &picture{width: f.width, height: f.height, bits: 8, parts: f.parts, filter: "DCTDecode", data: b}
	switch f.parts {
	case 1:
		p.space = deviceGray
	case 3:
		p.space = deviceRGB
		if !f.adobe && !f.jfif && string(f.ids[:3]) == "RGB" {
			p.parms = " /DecodeParms <</ColorTransform 0>>" // viewers would take it for luminance and chroma
		}
	case 4: // the output intent allows no four inks
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, damaged(kindJPEG, err)
		}
		if p, err = fromImage(img, false); err != nil {
			return nil, err
		}
	default:
		return nil, unfit(kindJPEG, fmt.Sprintf("%d parts", f.parts))
	}
	p.dpiX, p.dpiY = f.dpiX, f.dpiY
	p.oriented(f.orientation)
	if f.parts < 4 {
		p.profiled(f.profile())
	}
	return p, nil
}

func (f *jpegFile) profile() []byte {
	var out []byte
	for i := range f.pieces {
		out = append(out, f.icc[byte(i+1)]...)
	}
	return out
}

// parseJPEG follows the markers to the end of the picture. What is cut off is found here without decoding.
func parseJPEG(b []byte) (*jpegFile, error) {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return nil, damaged(kindJPEG, errors.New("no beginning"))
	}
	f, scans := &jpegFile{}, 0
	for i := 2; ; {
		marker, seg, next := segment(b, i)
		switch {
		case next < 0:
			return nil, damaged(kindJPEG, fmt.Errorf("cut off at %d of %d", i, len(b)))
		case marker == 0xD9 && (f.parts == 0 || scans == 0):
			return nil, damaged(kindJPEG, errors.New("no picture"))
		case marker == 0xD9:
			return f, nil
		case marker == 0xDA:
			next = afterScan(b, next)
			scans++
		case begins(marker):
			if err := f.frame(marker, seg); err != nil {
				return nil, err
			}
		case marker >= 0xE0 && marker <= 0xEF:
			f.said(marker, seg)
		}
		i = next
	}
}

// begins reports whether a marker describes the picture's frame: all of this row but tables and reserved ones.
func begins(marker byte) bool {
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
}

// segment reads one marker with what belongs to it; next is negative where the file ends before.
func segment(b []byte, i int) (marker byte, seg []byte, next int) {
	for i+1 < len(b) && b[i] == 0xFF && b[i+1] == 0xFF {
		i++ // markers may be padded
	}
	if i+1 >= len(b) || b[i] != 0xFF {
		return 0, nil, -1
	}
	marker, i = b[i+1], i+2
	if marker == 0x01 || marker >= 0xD0 && marker <= 0xD9 {
		return marker, nil, i
	}
	if i+2 > len(b) {
		return 0, nil, -1
	}
	n := int(binary.BigEndian.Uint16(b[i:]))
	if n < 2 || i+n > len(b) {
		return 0, nil, -1
	}
	return marker, b[i+2 : i+n], i + n
}

// afterScan is where the next marker behind coded pixels stands, or the end of the file.
func afterScan(b []byte, i int) int {
	for {
		n := bytes.IndexByte(b[i:], 0xFF)
		if n < 0 || i+n+1 >= len(b) {
			return len(b)
		}
		i += n
		if next := b[i+1]; next != 0 && (next < 0xD0 || next > 0xD7) {
			return i
		}
		i += 2
	}
}

// said takes what programs write beside the picture; what is broken of it is ignored.
func (f *jpegFile) said(marker byte, seg []byte) {
	is := func(m byte, begin string, least int) bool {
		return marker == m && len(seg) >= least && string(seg[:len(begin)]) == begin
	}
	switch {
	case is(0xE0, "JFIF\x00", 12):
		f.jfif = true
		unit := map[byte]float64{1: 1, 2: 2.54}[seg[7]]
		f.dpiX, f.dpiY = unit*float64(binary.BigEndian.Uint16(seg[8:])), unit*float64(binary.BigEndian.Uint16(seg[10:]))
	case is(0xE1, "Exif\x00\x00", 15):
		f.orientation = orientation(seg[6:])
	case is(0xE2, "ICC_PROFILE\x00", 14):
		if f.icc == nil {
			f.icc = map[byte][]byte{}
		}
		f.icc[seg[12]], f.pieces = seg[14:], int(seg[13])
	case is(0xEE, "Adobe", 12):
		f.adobe = true
	}
}

// frame reads the size. Only what every viewer decodes is taken: baseline, extended and progressive with 8 bits.
func (f *jpegFile) frame(marker byte, seg []byte) error {
	if marker > 0xC2 {
		return unfit(kindJPEG, fmt.Sprintf("process %X", marker))
	}
	if f.parts != 0 || len(seg) < 6 || len(seg) != 6+3*int(seg[5]) {
		return damaged(kindJPEG, errors.New("frame"))
	}
	if seg[0] != 8 {
		return unfit(kindJPEG, fmt.Sprintf("%d bits", seg[0]))
	}
	f.height, f.width, f.parts = int(binary.BigEndian.Uint16(seg[1:])), int(binary.BigEndian.Uint16(seg[3:])), int(seg[5])
	if f.parts == 0 {
		return damaged(kindJPEG, errors.New("no parts"))
	}
	for i := range f.parts {
		part := seg[6+3*i:]
		if h, v := part[1]>>4, part[1]&15; h < 1 || h > 4 || v < 1 || v > 4 {
			return damaged(kindJPEG, errors.New("sampling"))
		}
		if i < len(f.ids) {
			f.ids[i] = part[0]
		}
	}
	return nil
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
