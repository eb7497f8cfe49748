package wia

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/image/bmp"

	"schalter/data/record"
	"schalter/data/scan"
)

// On a machine without a scanner, and on one without the service for them, looking and opening end with a clear
// answer, again and again.
func TestWithoutAScanner(t *testing.T) {
	d := &Driver{}
	for range 5 {
		found, err := d.Discover(t.Context())
		if err != nil && !slices.Contains([]record.Code{record.CodeScanNoSoftware, record.CodeScanOffline}, record.CodeOf(err)) {
			t.Fatalf("%d devices, %v", len(found), err)
		}
		t.Logf("%d devices, %v", len(found), err)
		s, err := d.Open(t.Context(), "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}\\0000")
		if code := record.CodeOf(err); s != nil || code != record.CodeScanNoDevice && code != record.CodeScanNoSoftware && code != record.CodeScanOffline {
			t.Fatalf("%v, %v", s, err)
		}
		t.Logf("%v", err)
	}
}

// Each call has a thread of its own, which ends with it.
func TestThreadsEnd(t *testing.T) {
	for range 200 {
		if err := apart(t.Context(), patience, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if n := runtime.NumGoroutine(); n > 20 {
		t.Errorf("%d goroutines are left", n)
	}
}

// A call that hangs is given up.
func TestACallThatHangsIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	hangs := make(chan struct{})
	defer close(hangs)
	err := apart(ctx, 0, func() error {
		cancel()
		<-hangs
		return nil
	})
	if record.CodeOf(err) != record.CodeScanCancelled {
		t.Error(err)
	}
}

// Bitmaps become pages without loss; one that is larger than any page is refused before memory is taken for it.
func TestBitmaps(t *testing.T) {
	var b bytes.Buffer
	if err := bmp.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	var page *scan.Page
	emit := func(e scan.Event) error {
		if e.Page != nil {
			page = e.Page
		}
		return nil
	}
	if err := take(b.Bytes(), 1, scan.Settings{DPI: 300}, emit); err != nil || page.MediaType != "image/png" || page.Width != 30 {
		t.Fatalf("%+v, %v", page, err)
	}
	huge := bytes.Clone(b.Bytes())
	binary.LittleEndian.PutUint32(huge[18:], 20_000)
	binary.LittleEndian.PutUint32(huge[22:], 20_000)
	for _, bad := range [][]byte{huge, b.Bytes()[:60], []byte("BM")} {
		if err := take(bad, 2, scan.Settings{DPI: 300}, emit); record.CodeOf(err) != record.CodeScanBadData {
			t.Error(err)
		}
	}
}
