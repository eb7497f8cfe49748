package preview

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// hugePNG says it has so many pixels of black and white or of colour; the data is there, or ends at once.
func hugePNG(side int, depth, kind byte, whole bool) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(name)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(name), data...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(side)), uint32(side))
	chunk("IHDR", append(head, depth, kind, 0, 0, 0))
	var z bytes.Buffer
	w, _ := zlib.NewWriterLevel(&z, zlib.BestSpeed)
	rows, row := side, make([]byte, 100)
	if whole {
		row = make([]byte, 1+side*int(depth)*map[byte]int{0: 1, 2: 3, 6: 4}[kind]/8)
	} else {
		rows = 1
	}
	for range rows {
		_, _ = w.Write(row)
	}
	_ = w.Close()
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

// hugeTIFF says it has so many pixels, in strips of which each is the same few bytes.
func hugeTIFF(side, compression int, strip []byte) []byte {
	le := binary.LittleEndian
	out := []byte("II*\x00\x08\x00\x00\x00")
	tags := [][4]uint32{
		{256, 4, 1, uint32(side)},
		{257, 4, 1, uint32(side)},
		{258, 3, 1, 8},
		{259, 3, 1, uint32(compression)},
		{262, 3, 1, 1},
		{273, 4, 1, 8 + 2 + 9*12 + 4},
		{277, 3, 1, 1},
		{278, 4, 1, uint32(side)},
		{279, 4, 1, uint32(len(strip))},
	}
	out = le.AppendUint16(out, uint16(len(tags)))
	for _, tag := range tags {
		out = le.AppendUint16(le.AppendUint16(out, uint16(tag[0])), uint16(tag[1]))
		out = le.AppendUint32(le.AppendUint32(out, tag[2]), tag[3])
	}
	return append(append(out, 0, 0, 0, 0), strip...)
}

func deflated(size int) []byte {
	var z bytes.Buffer
	w, _ := zlib.NewWriterLevel(&z, zlib.BestSpeed)
	_, _ = io.CopyN(w, zeros{}, int64(size))
	_ = w.Close()
	return z.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// hugeJPEG has the header of a picture that is larger than its data.
func hugeJPEG(t testing.TB, side int) []byte {
	b := asJPEG(t, halves(64, 64))
	for i := 2; i+9 < len(b); {
		if b[i] == 0xff && b[i+1] == 0xc0 {
			binary.BigEndian.PutUint16(b[i+5:], uint16(side))
			binary.BigEndian.PutUint16(b[i+7:], uint16(side))
			return b
		}
		i += 2 + int(binary.BigEndian.Uint16(b[i+2:]))
	}
	t.Fatal("no frame header")
	return nil
}

// picturePage is a PDF whose page is one picture of the given pixels, made of deflated zeros.
func picturePage(side int) []byte {
	data := string(deflated(side * side))
	return pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
		stream("", "595 0 0 842 0 0 cm /I Do"),
		stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", side, side), data))
}

// TestBombsAreShownOrRefused gives files that are much larger inside than outside: each is answered within
// ten seconds by a helper that keeps within its memory, and the next file is shown.
func TestBombsAreShownOrRefused(t *testing.T) {
	r := newRenderer(t, Options{})
	good := pages("danach")
	files := map[string][]byte{
		"png, 20,000 x 20,000 in colour":  hugePNG(20_000, 16, 6, false),
		"png, 2 billion x 2 billion":      hugePNG(1<<31-1, 8, 0, false),
		"png, 100,000 x 100,000":          hugePNG(100_000, 1, 0, false),
		"jpeg, 20,000 x 20,000":           hugeJPEG(t, 20_000),
		"tiff, 2 billion":                 hugeTIFF(1<<31-1, 1, []byte{0}),
		"jpeg, 65,500 x 65,500":           hugeJPEG(t, 65_500),
		"tiff, 20,000 x 20,000 fax":       hugeTIFF(20_000, 4, []byte{0, 1, 0, 1}),
		"pdf, 10,000 x 10,000 picture":    picturePage(10_000),
		"png, 20,000 x 20,000, two tones": hugePNG(20_000, 1, 0, true),
	}
	if os.Getenv("SCHALTER_LONG") != "" {
		files["png, 10,000 x 10,000 in colour"] = hugePNG(10_000, 8, 2, true)
		files["tiff, 20,000 x 20,000 deflated"] = hugeTIFF(20_000, 8, deflated(20_000*1000))
		files["tiff, 20,000 x 20,000 packed"] = hugeTIFF(20_000, 32773, bytes.Repeat([]byte{0x81, 0}, 10_000))
		files["pdf, 30,000 x 30,000 picture"] = picturePage(30_000)
	}
	shown := map[string]bool{
		"png, 20,000 x 20,000, two tones": true, "png, 10,000 x 10,000 in colour": true, "tiff, 20,000 x 20,000 deflated": true,
		"pdf, 10,000 x 10,000 picture": true, "pdf, 30,000 x 30,000 picture": true,
	}
	for name, data := range files {
		start := time.Now()
		_, err := showFirst(r, data, "")
		took := time.Since(start)
		var e *record.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%s: not a record.Error: %v", name, err)
		}
		if _, died := errors.AsType[*deathError](err); died && record.CodeOf(err) != record.CodePDFTimeout {
			t.Errorf("%s ended the helper: %v", name, err)
		}
		if took > 10*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if shown[name] && err != nil && record.CodeOf(err) != record.CodePDFTimeout { // a busy machine
			t.Errorf("%s could be shown: %v", name, err)
		}
		peak := peakOf(t, r)
		if peak > mostMemory {
			t.Errorf("%s: the helper had %d MB", name, peak>>20)
		}
		t.Logf("%-40s %8d bytes %6d ms, peak %4d MB, %v", name, len(data), took.Milliseconds(), peak>>20, err)
		if _, err := showFirst(r, good, ""); err != nil {
			t.Fatalf("after %s nothing is shown any more: %v", name, err)
		}
	}
}

// mostMemory is what a helper never has more of, whatever it is given.
const mostMemory = 400_000_000 + watchedMemory

// peakOf is the most memory the helper has had.
func peakOf(t testing.TB, r *Renderer) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", helperPID(t, r)))
	if err != nil {
		return 0 // not this kind of system
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	var kb int64
	_, _ = fmt.Sscan(line, &kb)
	return kb << 10
}

func TestALargeFileIsRefusedBeforeItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "4gb.pdf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(4<<30), f.Close()); err != nil {
		t.Skip("no sparse files here:", err)
	}
	opened := false
	file := File{Key: "4gb", Size: 4 << 30, Open: func() (io.ReadCloser, error) { opened = true; return os.Open(path) }}
	r := newRenderer(t, Options{})
	if _, err := r.OpenFile(t.Context(), file, "application/pdf", ""); record.CodeOf(err) != record.CodePDFFileTooLarge || opened {
		t.Errorf("%v, opened: %v", err, opened)
	}
}

func TestTheFirstBytesDecideNotTheName(t *testing.T) {
	r := newRenderer(t, Options{})
	for declared, data := range map[string][]byte{
		"application/pdf": asJPEG(t, halves(40, 30)), "image/jpeg": asPNG(t, halves(40, 30)),
		"image/png": pages("x"), "text/html": asTIFF(halves(40, 30)), "": pages("y"),
	} {
		d, err := r.Open(t.Context(), data, declared, "")
		if err != nil {
			t.Errorf("declared %q: %v", declared, err)
			continue
		}
		draw(t, d, 0, 72, 0)
		d.Close()
	}
	for _, data := range [][]byte{nil, {}, []byte("%"), []byte("PK\x03\x04"), []byte("MZ\x90\x00"), bytes.Repeat([]byte{0}, 5000)} {
		if _, err := r.Open(t.Context(), data, "application/pdf", ""); record.CodeOf(err) != record.CodePDFCannotShow {
			t.Errorf("%.10q: %v", data, err)
		}
	}
}
