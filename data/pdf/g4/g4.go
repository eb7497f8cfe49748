// Package g4 writes black-and-white pictures as ITU-T T.6 ("fax group 4"), which a PDF carries as
// CCITTFaxDecode and a TIFF as compression 4.
//
// It is for scanned text pages: without loss, a few ten kilobytes each, and read by everything. It promises that
// the picture decodes to the pixels it was given, whatever they are, and memory for two rows beside the output.
//
// It never joins similar letters into one (that is what forbids JBIG2 for replacing paper), never scales, and
// never decides what is black: the caller's bits say so.
package g4

import (
	"encoding/binary"
	"math/bits"
)

// Encoder takes a picture row by row. Use [New], Row for each row, Close.
type Encoder struct {
	width  int
	white  uint64  // all ones where a 1 means white
	above  []int32 // where the row above changes its colour, from white at its left
	row    []int32
	out    []byte
	word   uint64 // bits not yet in out, at the low end
	filled uint   // how many
}

// New begins a picture of that width. Rows are packed, the leftmost pixel in the highest bit; whiteIs1 says what
// a set bit means.
func New(width int, whiteIs1 bool) *Encoder {
	e := &Encoder{width: width}
	if whiteIs1 {
		e.white = ^uint64(0)
	}
	e.above = e.end(nil)
	return e
}

// Row adds a row of at least (width+7)/8 bytes. Bits beyond the width do not matter.
func (e *Encoder) Row(row []byte) {
	e.row = e.end(changes(e.row[:0], row, e.width, e.white))
	e.code()
	e.row, e.above = e.above, e.row
}

// Close ends the picture and returns its bytes.
func (e *Encoder) Close() []byte {
	e.put(endOfLine)
	e.put(endOfLine)
	if n := e.filled % 8; n > 0 {
		e.put(code{0, 8 - n})
	}
	for e.filled > 0 {
		e.filled -= 8
		e.out = append(e.out, byte(e.word>>e.filled))
	}
	return e.out
}

// Encode is a whole picture at once; each row takes stride bytes of rows.
func Encode(rows []byte, width, height, stride int, whiteIs1 bool) []byte {
	e := New(width, whiteIs1)
	for y := range height {
		e.Row(rows[y*stride:])
	}
	return e.Close()
}

// changes lists where a row changes its colour, beginning with white.
func changes(list []int32, row []byte, width int, white uint64) []int32 {
	var last uint64 // the pixel to the left
	for at := 0; at < width; at += 64 {
		var w uint64
		if b := row[at/8:]; len(b) >= 8 {
			w = binary.BigEndian.Uint64(b)
		} else {
			for i, v := range b {
				w |= uint64(v) << (56 - 8*i)
			}
		}
		w ^= white
		diff := w ^ (w>>1 | last<<63)
		last = w & 1
		if rest := width - at; rest < 64 {
			diff &= ^uint64(0) << (64 - rest)
		}
		for diff != 0 {
			i := bits.LeadingZeros64(diff)
			list = append(list, int32(at+i))
			diff &^= 1 << (63 - i)
		}
	}
	return list
}

// end puts a fence behind a list: looking two changes ahead never leaves it.
func (e *Encoder) end(list []int32) []int32 {
	w := int32(e.width)
	return append(list, w, w, w, w)
}

// code writes e.row by what it has in common with the row above (T.6, 2.2).
func (e *Encoder) code() {
	width := int32(e.width)
	at, a, b := int32(0), 0, 0 // a: next change of this row; b: of the row above, with the same colour left of it
	for first := true; first || at < width; first = false {
		for !first && e.above[b] < width && e.above[b] <= at {
			b += 2
		}
		a1, b1, b2 := e.row[a], e.above[b], e.above[b+1]
		switch d := a1 - b1; {
		case b2 < a1:
			e.put(pass)
			at = b2
			continue
		case d >= -3 && d <= 3:
			e.put(vertical[3+d])
			at = a1
			a++
			b += 1 - 2*min(b, 1) // the colour is the other one now; the change before may lie ahead still
		default:
			a2 := e.row[a+1]
			e.put(horizontal)
			e.run(a1-at, a&1)
			e.run(a2-a1, a&1^1)
			at = a2
			a += 2
		}
	}
}

func (e *Encoder) run(n int32, colour int) {
	for ; n >= 2560+64; n -= 2560 {
		e.put(long[colour][39])
	}
	if n >= 64 {
		e.put(long[colour][n/64-1])
	}
	e.put(short[colour][n%64])
}

func (e *Encoder) put(c code) {
	e.word = e.word<<c.n | uint64(c.bits)
	if e.filled += c.n; e.filled >= 32 {
		e.filled -= 32
		e.out = binary.BigEndian.AppendUint32(e.out, uint32(e.word>>e.filled))
	}
}
