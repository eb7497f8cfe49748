package scan

import (
	"bytes"
	"image"
	"image/png"
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

func TestDeviceName(t *testing.T) {
	if n := (Device{Vendor: "Canon", Model: "MF642C"}).Name(); n != "Canon MF642C" {
		t.Error(n)
	}
	if n := (Device{Vendor: "Noname", Model: "frontend-tester"}).Name(); n != "frontend-tester" {
		t.Error(n)
	}
}
