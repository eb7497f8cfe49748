// Package jpg writes scanned pages as JPEG, smaller and faster than a writer for photographs does.
//
// It is for the one time that lossless device pixels become a picture to look at. It promises a file that every
// viewer opens, the same bytes for the same pixels, code tables made for the very page, and that what is left away
// first is what a scanner adds to the paper: faint single changes far from everything (noise), never the edges
// of letters.
//
// It never reads a JPEG, so that none is ever compressed twice.
package jpg

import (
	"encoding/binary"
	"math/bits"
)

// Plane is one part of a picture, a byte for a pixel.
type Plane struct {
	Pix           []byte
	Width, Height int
	Stride        int
}

// Settings say how much is left away. The zero value is good for nothing; see [Page].
type Settings struct {
	Luma, Chroma [64]byte // quantization in rows, as ITU-T T.81 prints it
	Dead         float32  // how far, in steps, a change has to be from nothing to be kept; 0.5 keeps all that round to one
	Far          float32  // likewise for a change that stands alone behind many that are nothing
	DPI          int      // 0: not said
}

// Gray writes a picture without colour.
func Gray(y Plane, s Settings) []byte {
	e := &encoder{s: s, width: y.Width, height: y.Height}
	e.parts = []*component{{plane: y, quant: steps(s.Luma)}}
	return e.file()
}

// Color writes a picture whose two colours have half the luminance's width and height, rounded up.
func Color(y, cb, cr Plane, s Settings) []byte {
	e := &encoder{s: s, width: y.Width, height: y.Height}
	chroma := steps(s.Chroma)
	e.parts = []*component{{plane: y, quant: steps(s.Luma)}, {plane: cb, quant: chroma, chroma: 1}, {plane: cr, quant: chroma, chroma: 1}}
	return e.file()
}

// component is a plane on its way. Each one's details come in a scan of their own, where the many blocks without
// any cost nearly nothing; that is why the file is a progressive one.
type component struct {
	plane  Plane
	quant  *[64]float32 // what a coefficient is multiplied with, in zigzag order
	chroma int
	across int     // blocks in a row
	means  []int16 // of each block
	scan   scan    // of the details
	empty  int     // blocks without further details that wait to be told
}

// token is a symbol to be coded and the bits that follow it: bits 0–15 the bits, 16–19 how many, 20–27 the
// symbol, 28 the code table.
type token uint32

// scan is a list of symbols and how often each comes.
type scan struct {
	tokens []token
	counts [2][257]int32
}

type encoder struct {
	s             Settings
	width, height int
	parts         []*component
	work          [64]float32
}

// zigzag[i] is the place in rows of the i-th coefficient.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// scale is by how much the transform's results are too large in each direction.
var scale = [8]float32{1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.541196100, 0.275899379}

func steps(table [64]byte) *[64]float32 {
	var q [64]float32
	for i, at := range zigzag {
		q[i] = 1 / (8 * scale[at/8] * scale[at%8] * float32(table[at]))
	}
	return &q
}

// details transforms and quantizes a whole plane.
func (e *encoder) details(c *component) {
	c.across = (c.plane.Width + 7) / 8
	c.means = make([]int16, 0, c.across*((c.plane.Height+7)/8))
	for by := 0; by < c.plane.Height; by += 8 {
		for bx := 0; bx < c.plane.Width; bx += 8 {
			e.load(&c.plane, bx, by)
			transform(&e.work)
			e.block(c)
		}
	}
	c.told()
}

// load takes eight by eight pixels. Beyond the edge the last ones go on.
func (e *encoder) load(p *Plane, bx, by int) {
	w := &e.work
	if bx+8 > p.Width || by+8 > p.Height {
		for i := range w {
			x, y := min(bx+i%8, p.Width-1), min(by+i/8, p.Height-1)
			w[i] = float32(int32(p.Pix[y*p.Stride+x]) - 128)
		}
		return
	}
	for y := range 8 {
		row := p.Pix[(by+y)*p.Stride+bx:][:8:8]
		out := w[8*y : 8*y+8 : 8*y+8]
		for x, v := range row {
			out[x] = float32(int32(v) - 128)
		}
	}
}

// block quantizes what is in work.
func (e *encoder) block(c *component) {
	w, q := &e.work, c.quant
	c.means = append(c.means, int16(round(w[0]*q[0])))
	run := 0
	for i := 1; i < 64; i++ {
		v := w[zigzag[i]&63] * q[i]
		least := e.s.Dead
		if run > 5 || i > 40 {
			least = e.s.Far
		}
		if v < least && v > -least {
			run++
			continue
		}
		n := round(v)
		switch {
		case n == 0 && v < 0:
			n = -1
		case n == 0:
			n = 1
		}
		c.told()
		for ; run > 15; run -= 16 {
			c.scan.add(0, 0xF0, 0, 0)
		}
		c.scan.put(0, run, max(-1023, min(1023, n)))
		run = 0
	}
	if run > 0 {
		if c.empty++; c.empty == 0x7FFF {
			c.told()
		}
	}
}

// told queues the number of blocks that had no further details.
func (c *component) told() {
	if c.empty == 0 {
		return
	}
	n := bits.Len(uint(c.empty)) - 1
	c.scan.add(0, n<<4, uint32(c.empty)&(1<<n-1), n)
	c.empty = 0
}

// averages queues the mean of every block, block by block across the planes, each by its difference to the one
// before of its plane.
func (e *encoder) averages() *scan {
	s := &scan{}
	var last [3]int32
	one := func(i, x, y int) {
		c := e.parts[i]
		mean := int32(c.means[min(y, len(c.means)/c.across-1)*c.across+min(x, c.across-1)])
		s.put(c.chroma, 0, mean-last[i])
		last[i] = mean
	}
	if len(e.parts) == 1 {
		for i := range e.parts[0].means {
			one(0, i%e.parts[0].across, i/e.parts[0].across)
		}
		return s
	}
	for y := range (e.height + 15) / 16 {
		for x := range (e.width + 15) / 16 {
			for i := range 4 {
				one(0, 2*x+i%2, 2*y+i/2)
			}
			one(1, x, y)
			one(2, x, y)
		}
	}
	return s
}

func round(v float32) int32 {
	if v < 0 {
		return -int32(0.5 - v)
	}
	return int32(v + 0.5)
}

// put queues a number behind so many zeros.
func (s *scan) put(table, run int, v int32) {
	rest := v
	if v < 0 {
		v, rest = -v, v-1
	}
	n := bits.Len32(uint32(v))
	s.add(table, run<<4|n, uint32(rest)&(1<<n-1), n)
}

func (s *scan) add(table, symbol int, rest uint32, n int) {
	s.counts[table][symbol]++
	s.tokens = append(s.tokens, token(uint32(table)<<28|uint32(symbol)<<20|uint32(n)<<16|rest))
}

// transform is the discrete cosine transform of Arai, Agui and Nakajima: few multiplications, results too large
// by [scale].
func transform(w *[64]float32) {
	for i := 0; i < 64; i += 8 {
		r := w[i : i+8 : i+8]
		r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7] = eight(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7])
	}
	for i := range 8 {
		w[i], w[i+8], w[i+16], w[i+24], w[i+32], w[i+40], w[i+48], w[i+56] = eight(w[i], w[i+8], w[i+16], w[i+24], w[i+32], w[i+40], w[i+48], w[i+56])
	}
}

func eight(a, b, c, d, e, f, g, h float32) (_, _, _, _, _, _, _, _ float32) {
	s0, s7, s1, s6, s2, s5, s3, s4 := a+h, a-h, b+g, b-g, c+f, c-f, d+e, d-e
	t0, t3, t1, t2 := s0+s3, s0-s3, s1+s2, s1-s2
	z1 := (t2 + t3) * 0.707106781
	o0, o4, o2, o6 := t0+t1, t0-t1, t3+z1, t3-z1
	u0, u1, u2 := s4+s5, s5+s6, s6+s7
	z5 := (u0 - u2) * 0.382683433
	z2, z4, z3 := 0.541196100*u0+z5, 1.306562965*u2+z5, u1*0.707106781
	z11, z13 := s7+z3, s7-z3
	return o0, z11 + z4, o2, z13 - z2, o4, z13 + z2, o6, z11 - z4
}

// file writes everything, each scan with code tables for its symbols.
func (e *encoder) file() []byte {
	size := 4096
	for _, c := range e.parts {
		e.details(c)
		size += len(c.scan.tokens)
	}
	out := append(make([]byte, 0, size), 0xFF, 0xD8)
	unit, dpi := byte(1), uint16(e.s.DPI)
	if dpi == 0 {
		unit, dpi = 0, 1
	}
	out = segment(out, 0xE0, 'J', 'F', 'I', 'F', 0, 1, 1, unit, byte(dpi>>8), byte(dpi), byte(dpi>>8), byte(dpi), 0, 0)
	for i, t := range [][64]byte{e.s.Luma, e.s.Chroma}[:min(2, len(e.parts))] {
		body := []byte{byte(i)}
		for _, at := range zigzag {
			body = append(body, t[at])
		}
		out = segment(out, 0xDB, body...)
	}
	frame := []byte{8, byte(e.height >> 8), byte(e.height), byte(e.width >> 8), byte(e.width), byte(len(e.parts))}
	means := []byte{byte(len(e.parts))}
	for i, c := range e.parts {
		sampling := byte(0x11)
		if i == 0 && len(e.parts) == 3 {
			sampling = 0x22
		}
		frame = append(frame, byte(i+1), sampling, byte(c.chroma))
		means = append(means, byte(i+1), byte(c.chroma)<<4)
	}
	out = segment(out, 0xC2, frame...)
	out = e.averages().write(out, 0, append(means, 0, 0, 0)...)
	for i, c := range e.parts {
		out = c.scan.write(out, 0x10, 1, byte(i+1), 0, 1, 63, 0)
	}
	return append(out, 0xFF, 0xD9)
}

func segment(out []byte, marker byte, body ...byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// write appends the scan with its tables, which are of a class.
func (s *scan) write(out []byte, class byte, header ...byte) []byte {
	var codes [2][256]code
	for t := range codes {
		if t == 1 && s.counts[1] == [257]int32{} {
			continue
		}
		var table []byte
		table, codes[t] = makeCodes(&s.counts[t])
		out = segment(out, 0xC4, append([]byte{class | byte(t)}, table...)...)
	}
	return pack(segment(out, 0xDA, header...), s.tokens, &codes)
}

// pack writes the symbols with their bits; a byte of ones is followed by one of zeros.
func pack(out []byte, tokens []token, codes *[2][256]code) []byte {
	var word uint64
	filled := uint(0)
	for _, t := range tokens {
		c := codes[t>>28&1][t>>20&255]
		n := uint(t >> 16 & 15)
		word = word<<(c.n+n) | uint64(c.bits)<<n | uint64(t&(1<<n-1))
		for filled += c.n + n; filled >= 8; {
			filled -= 8
			out = stuffed(out, byte(word>>filled))
		}
	}
	if filled > 0 {
		out = stuffed(out, byte(word<<(8-filled))|0xFF>>filled)
	}
	return out
}

func stuffed(out []byte, b byte) []byte {
	if out = append(out, b); b == 0xFF {
		out = append(out, 0)
	}
	return out
}
