package preview

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"schalter/data/record"
)

// baseline writes JPEGs in every shape that decoders have to know: how coarse the colours are, whether there
// are any, and after how many units the data begins anew.
type baseline struct {
	w, h, across, down int // samples of brightness for one of colour
	grey               bool
	restart            int
	bits               uint64
	have               int
	out                []byte
}

// at is a smooth picture in brightness and the two colours.
func (b *baseline) at(c, x, y int) float64 {
	u, v := float64(min(x, b.w-1))/float64(b.w), float64(min(y, b.h-1))/float64(b.h)
	switch c {
	case 0:
		return 40 + 100*u + 80*v + 20*math.Sin(9*u)
	case 1:
		return 90 + 70*v
	}
	return 170 - 90*u*v
}

func (b *baseline) segment(marker byte, data ...byte) {
	b.out = append(b.out, 0xff, marker)
	b.out = append(binary.BigEndian.AppendUint16(b.out, uint16(len(data)+2)), data...)
}

func (b *baseline) put(v uint64, n int) {
	b.bits, b.have = b.bits<<n|v&(1<<n-1), b.have+n
	for ; b.have >= 8; b.have -= 8 {
		c := byte(b.bits >> (b.have - 8))
		if b.out = append(b.out, c); c == 0xff {
			b.out = append(b.out, 0)
		}
	}
}

func (b *baseline) flush() {
	if b.have > 0 {
		b.put(0xff, 8-b.have)
	}
	b.bits, b.have = 0, 0
}

// number writes a number's size by way of put, and the number.
func (b *baseline) number(v int, size func(n int)) {
	n := 0
	for a := max(v, -v); a > 0; a >>= 1 {
		n++
	}
	size(n)
	if v < 0 {
		v--
	}
	b.put(uint64(v), n)
}

var zigzagOf = func() (at [64][2]int) {
	u, v, up := 0, 0, true
	for i := range at {
		at[i] = [2]int{u, v}
		switch {
		case up && u == 7:
			v, up = v+1, false
		case up && v == 0:
			u, up = u+1, false
		case up:
			u, v = u+1, v-1
		case v == 7:
			u, up = u+1, true
		case u == 0:
			v, up = v+1, true
		default:
			u, v = u-1, v+1
		}
	}
	return at
}()

var cosines = func() (c [8][8]float64) {
	for x := range c {
		for u := range c[x] {
			c[x][u] = math.Cos(float64(2*x+1) * float64(u) * math.Pi / 16)
		}
	}
	return c
}()

const quantum = 3

// block writes one block whose samples are given, and returns its first coefficient.
func (b *baseline) block(before int, sample func(x, y int) float64) int {
	var f [64]int
	var in [8][8]float64
	for y := range in {
		for x := range in[y] {
			in[y][x] = sample(x, y) - 128
		}
	}
	for i, uv := range zigzagOf {
		sum := 0.0
		for y := range 8 {
			for x := range 8 {
				sum += in[y][x] * cosines[x][uv[0]] * cosines[y][uv[1]]
			}
		}
		for _, k := range uv {
			if k == 0 {
				sum /= math.Sqrt2
			}
		}
		f[i] = int(math.Round(sum / 4 / quantum))
	}
	b.number(f[0]-before, func(n int) { b.put(uint64(n), 4) })
	run := 0
	for _, v := range f[1:] {
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			b.symbol(15, 0)
		}
		b.number(v, func(n int) { b.symbol(run, n) })
		run = 0
	}
	if run > 0 {
		b.symbol(0, 0)
	}
	return f[0]
}

// symbol writes a run and a size: all codes have nine bits, but one has sixteen.
func (b *baseline) symbol(run, size int) {
	if run == 0 && size == 1 {
		b.put(255<<7, 16)
		return
	}
	b.put(uint64(run<<4|size), 9)
}

func (b *baseline) encode() []byte {
	b.out = []byte{0xff, 0xd8}
	b.segment(0xe0, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 1, 44, 1, 44, 0, 0) // 300 dpi
	b.segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{quantum}, 64)...)...)
	n, parts := byte(3), []byte{1, byte(b.across<<4 | b.down), 0, 2, 0x11, 0, 3, 0x11, 0}
	if b.grey {
		n, parts = 1, parts[:3]
	}
	b.segment(0xc0, append([]byte{8, byte(b.h >> 8), byte(b.h), byte(b.w >> 8), byte(b.w), n}, parts...)...)
	b.segment(0xc4, append([]byte{0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)...)
	codes := []byte{0x10, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 1}
	for i := range 255 {
		codes = append(codes, byte(i))
	}
	b.segment(0xc4, append(codes, 1)...)
	if b.restart > 0 {
		b.segment(0xdd, byte(b.restart>>8), byte(b.restart))
	}
	if b.grey {
		b.segment(0xda, 1, 1, 0, 0, 63, 0)
	} else {
		b.segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
	}
	b.data()
	return append(b.out, 0xff, 0xd9)
}

func (b *baseline) data() {
	across, down := b.across, b.down
	if b.grey {
		across, down = 1, 1
	}
	var before [3]int
	done := 0
	for my := 0; my < b.h; my += 8 * down {
		for mx := 0; mx < b.w; mx += 8 * across {
			if b.restart > 0 && done > 0 && done%b.restart == 0 {
				b.flush()
				b.out = append(b.out, 0xff, 0xd0+byte(done/b.restart-1)%8)
				before = [3]int{}
			}
			done++
			for v := range down {
				for h := range across {
					before[0] = b.block(before[0], func(x, y int) float64 { return b.at(0, mx+8*h+x, my+8*v+y) })
				}
			}
			for c := 1; c < 3 && !b.grey; c++ {
				before[c] = b.block(before[c], func(x, y int) float64 { return b.at(c, mx+x*across, my+y*down) })
			}
		}
	}
	b.flush()
}

var shapesOfJPEG = map[string]*baseline{
	"grey": {w: 251, h: 187, across: 1, down: 1, grey: true}, "grey, named otherwise": {w: 160, h: 160, across: 2, down: 2, grey: true},
	"4:4:4": {w: 251, h: 187, across: 1, down: 1}, "4:2:2": {w: 251, h: 187, across: 2, down: 1},
	"4:4:0": {w: 251, h: 187, across: 1, down: 2}, "4:2:0": {w: 251, h: 187, across: 2, down: 2},
	"with restarts": {w: 251, h: 187, across: 2, down: 2, restart: 5}, "grey with restarts": {w: 200, h: 90, across: 1, down: 1, grey: true, restart: 1},
	"one block": {w: 7, h: 5, across: 2, down: 2},
}

// TestPicturesMadeSmallerLookTheSame compares scans as they are shown with what another decoder makes of them.
func TestPicturesMadeSmallerLookTheSame(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, b := range shapesOfJPEG {
		data := b.encode()
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d := open(t, r, data, "")
		for _, dpi := range []float64{149, 100, 74, 37, 20} {
			img := draw(t, d, 0, dpi, 0)
			k := 300 / dpi
			sum, worst := 0.0, 0.0
			for y := range img.Rect.Dy() {
				for x := range img.Rect.Dx() {
					wr, wg, wb, _ := want.At(min(int((float64(x)+0.5)*k), b.w-1), min(int((float64(y)+0.5)*k), b.h-1)).RGBA()
					got := img.RGBAAt(x, y)
					for _, off := range []float64{float64(got.R) - float64(wr>>8), float64(got.G) - float64(wg>>8), float64(got.B) - float64(wb>>8)} {
						sum += math.Abs(off)
						if x > 0 && y > 0 && x < img.Rect.Dx()-1 && y < img.Rect.Dy()-1 {
							worst = max(worst, math.Abs(off))
						}
					}
				}
			}
			if mean := sum / float64(3*img.Rect.Dx()*img.Rect.Dy()); (mean > 4 || worst > 16) && b.w > 50 {
				t.Errorf("%s at %g dpi: %.1f off, at most %.0f", name, dpi, mean, worst)
			}
		}
	}
}

// TestDamagedScansAreShownOrRefused damages pictures that are made smaller; what was read before stays.
func TestDamagedScansAreShownOrRefused(t *testing.T) {
	r := newRenderer(t, Options{})
	random := rand.New(rand.NewPCG(3, 4))
	count := 60
	if longRun() {
		count = 10_000
	}
	for _, name := range []string{"grey", "4:2:0", "with restarts", "4:2:2"} {
		whole := shapesOfJPEG[name].encode()
		for range count / 4 {
			_, err := showFirst(r, mutate(random, whole), "")
			if err != nil && record.CodeOf(err) != record.CodePDFCannotShow && record.CodeOf(err) != record.CodePDFTooLarge && record.CodeOf(err) != record.CodePDFNoPages {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	whole := shapesOfJPEG["4:2:0"].encode()
	top, cut := draw(t, open(t, r, whole, ""), 0, 74, 0), draw(t, open(t, r, whole[:len(whole)*2/3], ""), 0, 74, 0)
	if !bytes.Equal(top.Pix[:top.Stride*20], cut.Pix[:top.Stride*20]) {
		t.Error("the upper part of a picture whose end is missing is another one")
	}
}
