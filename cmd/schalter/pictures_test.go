package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"schalter/data/pdf/preview"
	"schalter/data/record"
)

// kept stores bytes as an original.
func kept(t *testing.T, h *house, name, mediaType string, b []byte) record.Original {
	t.Helper()
	ref, err := h.blobs.Put(t.Context(), bytes.NewReader(b))
	must(t, err)
	return record.Original{Name: name, MediaType: mediaType, Blob: ref}
}

func TestPicturesOfStoredPages(t *testing.T) {
	h := newHouse(t)
	r := preview.New(preview.Options{})
	t.Cleanup(r.Close)
	p := &pictures{house: h, door: &door{paper: r}}
	m := image.NewRGBA(image.Rect(0, 0, 400, 600))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	for y := 100; y < 120; y++ {
		for x := 50; x < 350; x++ {
			m.Set(x, y, color.Black)
		}
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, nil))
	upright := kept(t, h, "a.jpg", "image/jpeg", b.Bytes())
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	held := kept(t, h, "b.jpg", "image/jpeg", bytes.Join([][]byte{b.Bytes()[:2], exif, b.Bytes()[2:]}, nil))

	img, err := p.Draw(t.Context(), upright, 0, 300)
	must(t, err)
	if img.Rect != image.Rect(0, 0, 200, 300) || p.Held(t.Context(), upright) != 0 || p.Held(t.Context(), held) != 1 {
		t.Errorf("%v, held %d and %d", img.Rect, p.Held(t.Context(), upright), p.Held(t.Context(), held))
	}
	if f, err := p.Look(t.Context(), upright, 0, 50); err != nil || f.Blank || f.Content.Y1 > 0.3 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := p.Draw(t.Context(), kept(t, h, "c.png", "image/png", []byte("no picture")), 0, 100); record.CodeOf(err) == "" {
		t.Errorf("no picture: %v", err)
	}
	for name, code := range map[string]record.Code{"signed__signed_verified.pdf": record.CodePDFSigned, "normal__rotated.pdf": ""} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "pdf", name))
		if err != nil {
			t.Skip("the shared fixtures are not here")
		}
		o := kept(t, h, name, "application/pdf", data)
		if err := p.Apart(t.Context(), o); record.CodeOf(err) != code && (err != nil || code != "") {
			t.Errorf("%s: %v", name, err)
		}
		if img, err := p.Draw(t.Context(), o, 0, 200); err != nil || max(img.Rect.Dx(), img.Rect.Dy()) > 202 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
