package scripted

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/scantest"
)

// pages are A4 at 75 dpi, each different.
func pages(t *testing.T, n int) [][]byte {
	t.Helper()
	var all [][]byte
	for i := range n {
		img := image.NewGray(image.Rect(0, 0, 620, 877))
		img.SetGray(i, 0, color.Gray{Y: 255})
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Bytes())
	}
	return all
}

func TestContract(t *testing.T) {
	all := pages(t, 5)
	failing := func(c record.Code, page int) scan.Driver {
		d := New(all...)
		d.Trouble = map[int]record.Code{page: c}
		return d
	}
	scantest.Run(t, scantest.Bench{
		Device: "scripted", Stack: len(all), Bytes: func() [][]byte { return all },
		Fresh: func(*testing.T) scan.Driver { return New(all...) },
		Trouble: func(_ *testing.T, c record.Code) scan.Driver {
			if c == record.CodeScanNoPaper {
				return New()
			}
			return failing(c, 1)
		},
		Midway: func(_ *testing.T, c record.Code, after int) scan.Driver { return failing(c, after+1) },
		Gone: func(_ *testing.T, after int) (scan.Driver, record.Code) {
			return failing(record.CodeScanOffline, after+1), record.CodeScanOffline
		},
	})
}

// A jam is over once it was told: the rest of the stack follows, from the page that jammed.
func TestTheStackGoesOnAfterAJam(t *testing.T) {
	all := pages(t, 4)
	d := New(all...)
	d.Trouble = map[int]record.Code{3: record.CodeScanJam}
	s, err := d.Open(t.Context(), "scripted")
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	sink := func(e scan.Event) error {
		if e.Page != nil {
			got = append(got, e.Page.Data)
		}
		return nil
	}
	set := scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}
	if err := s.Scan(t.Context(), set, sink); record.CodeOf(err) != record.CodeScanJam {
		t.Fatal(err)
	}
	if err := s.Scan(t.Context(), set, sink); err != nil {
		t.Fatal(err)
	}
	for i, p := range got {
		if len(got) != len(all) || !bytes.Equal(p, all[i]) {
			t.Fatalf("%d pages, number %d differs", len(got), i+1)
		}
	}
}
