package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"math/bits"

	"github.com/hhrutter/tiff"
	"golang.org/x/image/ccitt"

	"schalter/data/record"
)

const (
	kindTIFF     = "TIFF"
	maxTIFFPages = 1000
)

// TIFFPages counts the pages of a TIFF file.
func TIFFPages(b []byte) (int, error) {
	dirs, err := directories(b)
	return len(dirs), err
}

// tag numbers of a TIFF page that matter here.
const (
	tagWidth       = 256
	tagHeight      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagFillOrder   = 266
	tagOffsets     = 273
	tagOrientation = 274
	tagSamples     = 277
	tagCounts      = 279
	tagXDensity    = 282
	tagYDensity    = 283
	tagOptions     = 293
	tagUnit        = 296
	tagTiles       = 322
)

// tiffPage holds the numbers of one directory, lists by their first value only.
type tiffPage struct {
	at     int64
	value  map[uint16]int64
	count  map[uint16]uint32
	dx, dy float64
}

// readTIFF takes one page. A single strip of fax group 4 is passed through; everything else is decoded and
// written without loss.
func readTIFF(b []byte, index int, shrink bool) (*picture, error) {
	dirs, err := directories(b)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(dirs) {
		return nil, record.E(record.CodePDFNoPage, nil, "page", index+1, "pages", len(dirs))
	}
	t := directory(b, dirs[index])
	if err := bearable(kindTIFF, t.value[tagWidth], t.value[tagHeight]); err != nil {
		return nil, err
	}
	p := t.fax(b)
	if p == nil {
		img, err := t.decode(b)
		if err != nil {
			return nil, err
		}
		if p, err = fromImage(img, shrink); err != nil {
			return nil, err
		}
	}
	p.dpiX, p.dpiY = t.dx, t.dy
	p.oriented(uint16(t.value[tagOrientation]))
	return p, nil
}

// fax is the page's strip as it is, nil where it has to be decoded.
func (t tiffPage) fax(b []byte) *picture {
	v := t.value
	off, n := v[tagOffsets], v[tagCounts]
	if v[tagCompression] != 4 || t.count[tagOffsets] != 1 || v[tagTiles] != 0 || v[tagBits] > 1 || v[tagSamples] > 1 ||
		v[tagOptions]&2 != 0 || v[tagPhotometric] > 1 || n < 1 || off < 0 || off+n > int64(len(b)) {
		return nil
	}
	data := b[off : off+n]
	if v[tagFillOrder] == 2 {
		data = bytes.Clone(data)
		for i, c := range data {
			data[i] = bits.Reverse8(c)
		}
	}
	width, height := int(v[tagWidth]), int(v[tagHeight])
	rows, err := io.Copy(io.Discard, ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, ccitt.Group4, width, height, &ccitt.Options{}))
	if err != nil || rows != int64((width+7)/8*height) {
		return nil
	}
	return fax(width, height, data, v[tagPhotometric] == 1)
}

func (t tiffPage) decode(b []byte) (img image.Image, err error) {
	defer func() { // the decoder indexes tables that a hostile file lies about
		if r := recover(); r != nil {
			err = damaged(kindTIFF, fmt.Errorf("decoder: %v", r))
		}
	}()
	if img, err = tiff.DecodeAt(bytes.NewReader(b), t.at); err != nil {
		return nil, damaged(kindTIFF, err)
	}
	return img, nil
}

func order(b []byte) binary.ByteOrder {
	if b[0] == 'M' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// directories follows the chain of pages; a loop or a pointer outside the file is damage.
func directories(b []byte) ([]int64, error) {
	if len(b) < 8 || string(b[:4]) != "II*\x00" && string(b[:4]) != "MM\x00*" {
		return nil, damaged(kindTIFF, errors.New("no beginning"))
	}
	o := order(b)
	var list []int64
	seen := map[int64]bool{}
	for off := int64(o.Uint32(b[4:])); off != 0; {
		if seen[off] || off+2 > int64(len(b)) || len(list) == maxTIFFPages {
			return nil, damaged(kindTIFF, fmt.Errorf("directory %d at %d", len(list)+1, off))
		}
		seen[off] = true
		list = append(list, off)
		next := off + 2 + 12*int64(o.Uint16(b[off:]))
		if next+4 > int64(len(b)) {
			return nil, damaged(kindTIFF, io.ErrUnexpectedEOF)
		}
		off = int64(o.Uint32(b[next:]))
	}
	if len(list) == 0 {
		return nil, damaged(kindTIFF, errors.New("no page"))
	}
	return list, nil
}

// directory reads the tags of the page at off, which [directories] has found within the file.
func directory(b []byte, off int64) tiffPage {
	o := order(b)
	t := tiffPage{at: off, value: map[uint16]int64{}, count: map[uint16]uint32{}}
	density := func(at int64) float64 {
		if at+8 > int64(len(b)) || o.Uint32(b[at+4:]) == 0 {
			return 0
		}
		return float64(o.Uint32(b[at:])) / float64(o.Uint32(b[at+4:]))
	}
	for i := range int64(o.Uint16(b[off:])) {
		e := b[off+2+12*i:]
		tag, kind := o.Uint16(e), o.Uint16(e[2:])
		t.count[tag] = o.Uint32(e[4:])
		v := int64(o.Uint32(e[8:]))
		switch {
		case kind == 3 && t.count[tag] <= 2:
			v = int64(o.Uint16(e[8:]))
		case tag == tagXDensity:
			t.dx = density(v)
		case tag == tagYDensity:
			t.dy = density(v)
		}
		t.value[tag] = v
	}
	if t.value[tagUnit] == 3 { // per centimetre
		t.dx, t.dy = t.dx*2.54, t.dy*2.54
	}
	return t
}
