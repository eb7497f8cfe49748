package scan

import (
	"bytes"
	"encoding/binary"
)

// Density reads the resolution that a JPEG or PNG says of itself, in dpi; 0 where it says none. Devices round
// what they were asked for without a word, and write what they really did here.
func Density(data []byte) int {
	switch pictureKind(data) {
	case "jpeg":
		return jpegDensity(data)
	case "png":
		return pngDensity(data)
	}
	return 0
}

// jpegDensity looks for the JFIF header among the segments before the picture.
func jpegDensity(b []byte) int {
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		kind, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if kind == 0xda || size < 2 || at+2+size > len(b) {
			return 0
		}
		seg := b[at+4 : at+2+size]
		if kind == 0xe0 && len(seg) >= 12 && bytes.HasPrefix(seg, []byte("JFIF\x00")) {
			n := float64(binary.BigEndian.Uint16(seg[8:]))
			switch seg[7] {
			case 1:
				return plausible(n)
			case 2: // a centimetre
				return plausible(n * 2.54)
			}
			return 0
		}
		at += 2 + size
	}
	return 0
}

// pngDensity looks for the pHYs chunk before the picture's data.
func pngDensity(b []byte) int {
	for at := 8; at+12 <= len(b); {
		size := int(binary.BigEndian.Uint32(b[at:]))
		if size < 0 || size > len(b)-at-12 {
			return 0
		}
		kind, body := string(b[at+4:at+8]), b[at+8:at+8+size]
		switch {
		case kind == "IDAT":
			return 0
		case kind == "pHYs" && size == 9:
			if body[8] != 1 { // no unit
				return 0
			}
			return plausible(float64(binary.BigEndian.Uint32(body)) * 0.0254)
		}
		at += 12 + size
	}
	return 0
}

func plausible(dpi float64) int {
	if dpi < 20 || dpi > 5000 {
		return 0
	}
	return int(dpi + 0.5)
}
