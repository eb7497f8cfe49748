package pdf

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"
)

func TestHeld(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	if n := Held(plain); n != 0 {
		t.Errorf("a picture that says nothing is turned by %d", n)
	}
	for orientation, want := range map[byte]int{1: 0, 3: 2, 6: 1, 8: 3} {
		exif := append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
		if n := Held(slices.Concat(plain[:2], exif, plain[2:])); n != want {
			t.Errorf("orientation %d: %d, not %d", orientation, n, want)
		}
	}
	if Held([]byte("no picture")) != 0 {
		t.Error("what is no picture is turned")
	}
}
