package g4

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/image/ccitt"
	"pgregory.net/rapid"
)

// decoded reads a picture back with a decoder that is not ours; 1 is black.
func decoded(t testing.TB, b []byte, width, height int) []byte {
	t.Helper()
	got, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(b), ccitt.MSB, ccitt.Group4, width, height, &ccitt.Options{Invert: true}))
	if err != nil {
		t.Fatalf("%d x %d: %v", width, height, err)
	}
	return got
}

// tidy is a picture with 1 for black and nothing beyond the width, as decoders give it.
func tidy(rows []byte, width, stride int, whiteIs1 bool) []byte {
	out := bytes.Clone(rows)
	for i := range out {
		if whiteIs1 {
			out[i] ^= 0xFF
		}
		if i%stride == stride-1 && width%8 != 0 {
			out[i] &= 0xFF << (8 - width%8)
		}
	}
	return out
}

// drawn is a picture of runs, some copied from the row above and moved a little, as letters are.
func drawn(t *rapid.T) (rows []byte, width, height, stride int) {
	width = rapid.OneOf(rapid.IntRange(1, 300), rapid.IntRange(1, 9000)).Draw(t, "width")
	height = rapid.IntRange(1, 12).Draw(t, "height")
	stride = (width + 7) / 8
	rows = rapid.SliceOfN(rapid.Byte(), 0, stride).Draw(t, "noise")
	rows = append(rows, make([]byte, stride*height-len(rows))...)
	for y := 1; y < height; y++ {
		row, above := rows[y*stride:][:stride], rows[(y-1)*stride:][:stride]
		copy(row, above)
		for range rapid.IntRange(0, 8).Draw(t, "runs") {
			from := rapid.IntRange(0, width-1).Draw(t, "from")
			for x := from; x < min(width, from+rapid.IntRange(1, width).Draw(t, "length")); x++ {
				row[x/8] ^= 0x80 >> (x % 8)
			}
		}
	}
	return rows, width, height, stride
}

func TestEveryPictureComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, width, height, stride := drawn(t)
		white := rapid.Bool().Draw(t, "white is 1")
		b := Encode(rows, width, height, stride, white)
		got, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(b), ccitt.MSB, ccitt.Group4, width, height, &ccitt.Options{Invert: true}))
		if err != nil || !bytes.Equal(got, tidy(rows, width, stride, white)) {
			t.Fatalf("%d x %d came back changed, %v", width, height, err)
		}
	})
}

// Every run length of both colours goes through the code tables once.
func TestEveryRunLength(t *testing.T) {
	const width = 5400
	stride := width / 8
	for _, white := range []bool{false, true} {
		rows := make([]byte, 0, stride*width)
		for n := range width {
			row := make([]byte, stride)
			for x := 7; x < 7+n && x < width; x++ {
				row[x/8] |= 0x80 >> (x % 8)
			}
			rows = append(rows, row...)
			rows = append(rows, make([]byte, stride)...) // a clean row above: the next one is coded by its runs
		}
		b := Encode(rows, width, 2*width, stride, white)
		if !bytes.Equal(decoded(t, b, width, 2*width), tidy(rows, width, stride, white)) {
			t.Fatalf("white is 1: %v: changed", white)
		}
	}
}

// tiff wraps a picture so that programs not ours open it.
func tiff(b []byte, width, height int) []byte {
	out := append([]byte("II*\x00"), 8, 0, 0, 0)
	tags := [][3]uint32{
		{256, 4, uint32(width)},
		{257, 4, uint32(height)},
		{258, 3, 1},
		{259, 3, 4},
		{262, 3, 0},
		{273, 4, 8 + 2 + 8*12 + 4},
		{278, 4, uint32(height)},
		{279, 4, uint32(len(b))},
	}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
	for _, t := range tags {
		out = binary.LittleEndian.AppendUint16(out, uint16(t[0]))
		out = binary.LittleEndian.AppendUint16(out, uint16(t[1]))
		out = binary.LittleEndian.AppendUint32(out, 1)
		out = binary.LittleEndian.AppendUint32(out, t[2])
	}
	return append(append(out, 0, 0, 0, 0), b...)
}

// Another family of decoders (libtiff) reads what we write.
func TestForeignDecoder(t *testing.T) {
	convert, err := exec.LookPath("convert")
	if err != nil {
		t.Skip("imagemagick is not installed")
	}
	dir := t.TempDir()
	for i, width := range []int{1, 8, 63, 64, 65, 1728, 2480, 2483} {
		height, stride := 40, (width+7)/8
		rows := page(width, height, uint64(i))
		in, out := filepath.Join(dir, "a.tif"), filepath.Join(dir, "a.pbm")
		if err := os.WriteFile(in, tiff(Encode(rows, width, height, stride, false), width, height), 0o600); err != nil {
			t.Fatal(err)
		}
		if o, err := exec.Command(convert, in, out).CombinedOutput(); err != nil || len(o) > 0 {
			t.Fatalf("width %d: %v %s", width, err, o)
		}
		got, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if want := tidy(rows, width, stride, false); !bytes.HasSuffix(got, want) {
			t.Errorf("width %d: changed", width)
		}
	}
}

// page looks like text from far away: lines of short runs that hardly change from row to row, and white between.
func page(width, height int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	stride := (width + 7) / 8
	rows := make([]byte, stride*height)
	for y := range height {
		row := rows[y*stride:][:stride]
		if y%50 < 20 {
			continue
		}
		if y%50%4 != 0 {
			copy(row, rows[(y-1)*stride:][:stride])
		} else {
			for x := width / 10; x < width*9/10; x += 3 + r.IntN(25) {
				for range 1 + r.IntN(9) {
					row[x/8] |= 0x80 >> (x % 8)
					x = min(x+1, width-1)
				}
			}
		}
	}
	return rows
}

func BenchmarkA4Page(b *testing.B) {
	const width, height = 2480, 3508
	rows := page(width, height, 1)
	b.SetBytes(int64(len(rows)))
	for b.Loop() {
		Encode(rows, width, height, width/8, false)
	}
	b.ReportMetric(float64(len(Encode(rows, width, height, width/8, false))), "bytes/page")
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte{0xF0, 0x0F, 0xAA}, uint16(11), true)
	f.Fuzz(func(t *testing.T, b []byte, w uint16, white bool) {
		width := int(w)%4000 + 1
		stride := (width + 7) / 8
		height := len(b) / stride
		if height == 0 {
			return
		}
		rows := b[:height*stride]
		if !bytes.Equal(decoded(t, Encode(rows, width, height, stride, white), width, height), tidy(rows, width, stride, white)) {
			t.Fatal("changed")
		}
	})
}
