package scan

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

// jfif puts a density behind the first marker of a JPEG.
func jfif(t *testing.T, unit byte, n uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	head := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, unit, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(head[14:], n)
	binary.BigEndian.PutUint16(head[16:], n)
	return append(head, b.Bytes()[2:]...)
}

// phys puts a density behind the header of a PNG.
func phys(t *testing.T, unit byte, n uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	chunk := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 9, 'p', 'H', 'Y', 's'}, n)
	chunk = append(binary.BigEndian.AppendUint32(chunk, n), unit)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	const header = 8 + 25
	return append(append(append([]byte(nil), b.Bytes()[:header]...), chunk...), b.Bytes()[header:]...)
}

func TestDensity(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"dots an inch": {jfif(t, 1, 300), 300}, "dots a centimetre": {jfif(t, 2, 118), 300}, "no unit": {jfif(t, 0, 1), 0}, "nonsense": {jfif(t, 1, 1), 0},
		"dots a metre": {phys(t, 1, 11811), 300}, "png without unit": {phys(t, 0, 11811), 0}, "png far off": {phys(t, 1, 1<<31), 0},
		"cut off": {jfif(t, 1, 300)[:12], 0}, "nothing": {nil, 0}, "no picture": {[]byte("%PDF-1.4"), 0},
	} {
		if got := Density(c.data); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if c.want > 0 {
			if _, err := Check(c.data, 1, 0); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
