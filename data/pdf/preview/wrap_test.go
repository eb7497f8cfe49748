package preview

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"math/rand/v2"
	"testing"

	"schalter/data/pdf/g4"
)

// stripTIFF writes a grey or two-tone picture in strips of so many rows.
func stripTIFF(m *image.Gray, rows, depth, photometric int, compression uint16, big bool, pack func(rows []byte, w, h int) []byte) []byte {
	var o interface {
		binary.ByteOrder
		binary.AppendByteOrder
	} = binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	if big {
		o = binary.BigEndian
		out = []byte("MM\x00*\x00\x00\x00\x00")
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	var offsets, counts []uint32
	for y := 0; y < h; y += rows {
		n := min(rows, h-y)
		var raw []byte
		for k := range n {
			line := m.Pix[(y+k)*m.Stride:][:w]
			if depth == 8 {
				for _, v := range line {
					if photometric == 0 {
						v = 255 - v
					}
					raw = append(raw, v)
				}
				continue
			}
			packed := make([]byte, (w+7)/8)
			for x, v := range line {
				if (v > 127) == (photometric == 1) {
					packed[x/8] |= 0x80 >> (x % 8)
				}
			}
			raw = append(raw, packed...)
		}
		data := pack(raw, w, n)
		offsets, counts = append(offsets, uint32(len(out))), append(counts, uint32(len(data)))
		out = append(out, data...)
	}
	list := func(v []uint32) uint32 {
		if len(v) == 1 {
			return v[0]
		}
		at := uint32(len(out))
		for _, x := range v {
			out = o.AppendUint32(out, x)
		}
		return at
	}
	at, sizes := list(offsets), list(counts)
	ratio := uint32(len(out))
	out = o.AppendUint32(o.AppendUint32(out, 200), 1)
	o.PutUint32(out[4:], uint32(len(out)))
	tags := [][4]uint32{
		{256, 4, 1, uint32(w)},
		{257, 4, 1, uint32(h)},
		{258, 4, 1, uint32(depth)},
		{259, 4, 1, uint32(compression)},
		{262, 4, 1, uint32(photometric)},
		{273, 4, uint32(len(offsets)), at},
		{277, 4, 1, 1},
		{278, 4, 1, uint32(rows)},
		{279, 4, uint32(len(counts)), sizes},
		{282, 5, 1, ratio},
		{283, 5, 1, ratio},
	}
	out = o.AppendUint16(out, uint16(len(tags)))
	for _, tag := range tags {
		out = o.AppendUint16(o.AppendUint16(out, uint16(tag[0])), uint16(tag[1]))
		out = o.AppendUint32(o.AppendUint32(out, tag[2]), tag[3])
	}
	return append(out, 0, 0, 0, 0)
}

func asIs(rows []byte, _, _ int) []byte { return rows }

func asFlate(rows []byte, _, _ int) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(rows)
	_ = w.Close()
	return b.Bytes()
}

func asFax(whiteIs1 bool) func(rows []byte, w, h int) []byte {
	return func(rows []byte, w, h int) []byte {
		e := g4.New(w, whiteIs1)
		for y := range h {
			e.Row(rows[y*((w+7)/8):][:(w+7)/8])
		}
		return e.Close()
	}
}

// TestWrappedPicturesLookTheSame shows pictures as the library reads them and as they are wrapped.
func TestWrappedPicturesLookTheSame(t *testing.T) {
	m := halves(601, 403)
	for i := range 200 * m.Stride { // the upper half is black below 100 rows, so that nothing is symmetric
		if i/m.Stride > 100 {
			m.Pix[i] = 0
		}
	}
	shapes := map[string][]byte{"png": asPNG(t, m)}
	for name, big := range map[string]bool{"little": false, "big": true} {
		for photometric := range 2 {
			suffix := []string{", white is 0", ", black is 0"}[photometric] + ", " + name
			shapes["tiff, plain"+suffix] = stripTIFF(m, 403, 8, photometric, 1, big, asIs)
			shapes["tiff, two tones"+suffix] = stripTIFF(m, 100, 1, photometric, 1, big, asIs)
			shapes["tiff, deflated"+suffix] = stripTIFF(m, 64, 8, photometric, 8, big, asFlate)
			shapes["tiff, fax"+suffix] = stripTIFF(m, 128, 1, photometric, 4, big, asFax(photometric == 1))
		}
	}
	r := newRenderer(t, Options{})
	for name, data := range shapes {
		k := sniff(data)
		sheets := map[kind]func([]byte) []sheetPicture{kindPNG: pngSheets, kindTIFF: tiffSheets}[k](data)
		if len(sheets) != 1 {
			t.Errorf("%s: %d sheets", name, len(sheets))
			continue
		}
		as, is := open(t, r, wrapSheets(sheets), ""), open(t, r, data, "")
		got, want := draw(t, as, 0, 36, 0), draw(t, is, 0, 36, 0)
		if got.Rect != want.Rect {
			t.Errorf("%s: %v instead of %v", name, got.Rect, want.Rect)
			continue
		}
		off := 0
		for i := range got.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d > 100 || d < -100 {
				off++
			}
		}
		if off > len(got.Pix)/60 { // edges may be elsewhere by a part of a pixel
			t.Errorf("%s: %d of %d samples are others", name, off, len(got.Pix))
		}
	}
}

// TestWrappingSurvivesAnything wraps damaged files; what comes out is shown or refused like any other.
func TestWrappingSurvivesAnything(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	seeds := [][]byte{asPNG(t, halves(40, 30)), stripTIFF(halves(40, 30), 7, 1, 0, 4, false, asFax(false)), stripTIFF(halves(40, 30), 30, 8, 1, 1, true, asIs)}
	count := 3000
	if longRun() {
		count = 300_000
	}
	taken := 0
	for i := range count {
		b := mutate(random, seeds[i%len(seeds)])
		for _, sheets := range [][]sheetPicture{pngSheets(b), tiffSheets(b)} {
			if len(sheets) > 0 {
				taken++
				wrapSheets(sheets)
			}
		}
	}
	if taken < count/10 {
		t.Errorf("only %d of %d taken", taken, count)
	}
}

// FuzzWrap takes any bytes for a picture.
func FuzzWrap(f *testing.F) {
	f.Add(asPNG(f, halves(40, 30)))
	f.Add(stripTIFF(halves(40, 30), 7, 1, 0, 4, false, asFax(false)))
	f.Add(stripTIFF(halves(40, 30), 30, 8, 1, 1, true, asIs))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, sheets := range [][]sheetPicture{pngSheets(b), tiffSheets(b)} {
			for _, s := range sheets {
				rows := 0
				for _, p := range s.strips {
					rows += p.rows
				}
				if s.width < 1 || rows != s.height || !(s.dpiX > 0) || !(s.dpiY > 0) {
					t.Fatalf("%+v", s)
				}
			}
			if len(sheets) > 0 && sniff(wrapSheets(sheets)) != kindPDF {
				t.Fatal("no PDF")
			}
		}
	})
}
