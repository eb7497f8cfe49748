package intake

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"schalter/data/record"
)

const side = 20_000

// vastPNG is a sound picture of 20,000 x 20,000 white dots in a few kilobytes.
func vastPNG() []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		at := len(b)
		b = append(append(b, kind...), body...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	chunk("IHDR", append(head, 1, 0, 0, 0, 0))
	var rows bytes.Buffer
	z := zlib.NewWriter(&rows)
	row := bytes.Repeat([]byte{0xFF}, 1+side/8)
	row[0] = 0
	for range side {
		_, _ = z.Write(row)
	}
	_ = z.Close()
	chunk("IDAT", rows.Bytes())
	chunk("IEND", nil)
	return b
}

// vastJPEG is the beginning of a picture of 20,000 x 20,000 and some bytes of it.
func vastJPEG() []byte {
	return append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x0b\x08\x4e\x20\x4e\x20\x01\x01\x11\x00"+
		"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"), bytes.Repeat([]byte{0}, 500)...)
}

// vastTIFF says the same of rows that it does not have.
func vastTIFF() []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	entries := [][3]uint32{{256, 4, side}, {257, 4, side}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1}, {273, 4, 8}, {277, 3, 1}, {278, 4, side}, {279, 4, side * side}}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
		b = binary.LittleEndian.AppendUint16(b, uint16(e[1]))
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, e[2])
	}
	return binary.LittleEndian.AppendUint32(b, 0)
}

// A picture that nobody could show is kept as it came and says why, without being unpacked.
func TestVastPicturesAreKeptAndNotUnpacked(t *testing.T) {
	for name, data := range map[string][]byte{"plan.png": vastPNG(), "plan.jpg": vastJPEG(), "plan.tif": vastTIFF()} {
		in, s := desk(viewer{})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := in.Import(t.Context(), name, int64(len(data)), bytes.NewReader(data), nil)
		runtime.ReadMemStats(&after)
		if err != nil || r.Trouble == nil || r.Trouble.Code != record.CodeImportPixels || r.Pages != 0 || !bytes.Equal(s.m[r.Original.Blob.Hash], data) {
			t.Errorf("%s: %+v, %v, %v", name, r, r.Trouble, err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 32<<20 {
			t.Errorf("%s: %d bytes were taken", name, got)
		}
	}
}

// counted is a file of which is known how much was read.
type counted struct {
	*os.File
	read int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.read += int64(n)
	return n, err
}

// Four gigabytes are refused by their size, before a byte is read; nothing is kept of them.
func TestFourGigabytesAreRefusedUnread(t *testing.T) {
	path := filepath.Join(t.TempDir(), "film.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 4<<30); err != nil {
		t.Skipf("this disk has no files with holes: %v", err)
	}
	f, size, err := OpenFile(path)
	if err != nil || size != 4<<30 {
		t.Fatal(size, err)
	}
	defer f.Close() //nolint:errcheck // only read
	in, s := desk(viewer{})
	c := &counted{File: f}
	if _, err := in.Import(t.Context(), path, size, c, nil); record.CodeOf(err) != record.CodeImportTooLarge || c.read != 0 || len(s.m) != 0 {
		t.Errorf("%v after %d bytes, %d kept", err, c.read, len(s.m))
	}
}

// narrow has room for so many files.
type narrow struct {
	*shelf
	room int
}

func (n *narrow) Put(ctx context.Context, r io.Reader) (record.BlobRef, error) {
	if n.room == 0 {
		_, _ = io.CopyN(io.Discard, r, 1) // the disk is full in the middle of the file
		return record.BlobRef{}, record.E(record.CodeDiskFull, nil)
	}
	n.room--
	return n.shelf.Put(ctx, r)
}

// Wherever the disk becomes full, an import is taken whole or says so, and what it names is there.
func TestFullDiskInTheMiddle(t *testing.T) {
	mail := []byte(mailHead + attached("Vertrag.pdf", "application/pdf", "", []byte("%PDF-1.4 abc")) + attached("foto.png", "image/png", "", picture(4)) + "--x--\n")
	for name, data := range map[string][]byte{"a.pdf": []byte("%PDF-1.4"), "foto.png": picture(1), "post.eml": mail} {
		full := 0
		for room := 0; ; room++ {
			in, s := desk(viewer{texts: []string{"Text"}})
			in.Blobs = &narrow{shelf: s, room: room}
			r, err := in.Import(t.Context(), name, int64(len(data)), bytes.NewReader(data), nil)
			if err != nil {
				full++
				if record.CodeOf(err) != record.CodeDiskFull {
					t.Errorf("%s with room for %d: %v", name, room, err)
				}
				continue
			}
			for _, x := range append(r.With, r) {
				for _, ref := range []record.BlobRef{x.Original.Blob, x.Shown, x.Text} {
					if _, ok := s.m[ref.Hash]; !ok {
						t.Errorf("%s with room for %d names what is not there: %+v", name, room, x)
					}
				}
			}
			break
		}
		if full < 2 {
			t.Errorf("%s was full %d times", name, full)
		}
	}
}

// A stack that is bound onto a full disk is an error, and nothing is left running.
func TestFullDiskWhileBinding(t *testing.T) {
	in, s := desk(viewer{})
	var d record.Document
	for i := range 6 {
		ref, _ := s.Put(t.Context(), bytes.NewReader(picture(byte(i+1))))
		d.Originals = append(d.Originals, record.Original{MediaType: "image/png", Blob: ref})
	}
	in.Blobs = &narrow{shelf: s}
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodeDiskFull {
		t.Error(err)
	}
}

// What a document is called after a hostile name is one line of its own, and never nothing.
func TestHostileNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd.pdf": "passwd", `C:\Windows\NUL.pdf`: "NUL", ".pdf": ".pdf", "   .pdf": ".pdf", "": "Datei", "a\x00b\n.pdf": "ab",
		"rechnung\u202efdp.exe.pdf": "rechnungfdp.exe", strings.Repeat("x", 300): strings.Repeat("x", 119) + "…", "COM1": "COM1",
	} {
		in, _ := desk(viewer{texts: []string{""}})
		r, err := in.Import(t.Context(), name, -1, strings.NewReader("%PDF-1.4"), nil)
		if err != nil || r.Title != want || strings.ContainsAny(r.Original.Name, "/\\\x00\u202e") {
			t.Errorf("%q: %q, %q, %v", name, r.Title, r.Original.Name, err)
		}
	}
}
