package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"runtime"
	"testing"

	"schalter/data/record"
)

func TestCheckTakesOnlyWholePages(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 400))); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	p, err := Check(whole, 7, 150)
	if err != nil || p.N != 7 || p.Width != 300 || p.Height != 400 || p.MediaType != "image/png" || p.Hash != record.HashOf(whole) {
		t.Fatalf("%+v, %v", p, err)
	}
	for cut := range len(whole) - 12 { // a PNG is whole once its last chunk has begun
		if _, err := Check(whole[:cut], 1, 150); record.CodeOf(err) != record.CodeScanBadData {
			t.Fatalf("a page cut at byte %d of %d was taken: %v", cut, len(whole), err)
		}
	}
}

// A page of 20,000 by 20,000 pixels is refused by what it says of itself, before memory is taken for it.
func TestAPageThatIsTooLargeCostsNothing(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 4))); err != nil {
		t.Fatal(err)
	}
	huge := b.Bytes()
	binary.BigEndian.PutUint32(huge[16:], 20_000)
	binary.BigEndian.PutUint32(huge[20:], 20_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	if c, _, err := Config(huge); err != nil || c.Width != 20_000 {
		t.Fatalf("%+v, %v", c, err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Check(huge, 3, 300)
	runtime.ReadMemStats(&after)
	if e, ok := errors.AsType[*record.Error](err); !ok || e.Code != record.CodeScanBadData || e.Args["page"] != 3 {
		t.Errorf("%v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("%d bytes were taken", took)
	}
}

// A few bytes that name a place far behind them cost nothing, whatever decoders are linked.
func TestOnlyJPEGAndPNGAreLookedAt(t *testing.T) {
	for _, s := range []string{"II*\x00\x00\x00\x00\xb0", "MM\x00*\xb0\x00\x00\x00", "GIF89a\x01\x00", "BM", "", "\xff", "%PDF-1.7"} {
		if _, err := Check([]byte(s), 1, 300); record.CodeOf(err) != record.CodeScanBadData {
			t.Errorf("%q: %v", s, err)
		}
		if _, err := Decode([]byte(s)); err == nil {
			t.Errorf("%q is a picture", s)
		}
	}
}

func FuzzCheck(f *testing.F) {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 4)))
	f.Add(b.Bytes())
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x01,\x01,\x00\x00"))
	f.Add([]byte("II*\x00\x00\x00\x00\xb0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, _, err := Config(b); err != nil || c.Width*c.Height > 1<<22 {
			return
		}
		if p, err := Check(b, 1, 300); err == nil && (p.Hash != record.HashOf(b) || !bytes.Equal(p.Data, b)) {
			t.Fatal("bytes were changed")
		}
		if d := Density(b); d != 0 && (d < 20 || d > 5000) {
			t.Fatal(d)
		}
	})
}

func TestDeviceName(t *testing.T) {
	if n := (Device{Vendor: "Canon", Model: "MF642C"}).Name(); n != "Canon MF642C" {
		t.Error(n)
	}
	if n := (Device{Vendor: "Noname", Model: "frontend-tester"}).Name(); n != "frontend-tester" {
		t.Error(n)
	}
}
