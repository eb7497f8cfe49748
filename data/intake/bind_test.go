package intake

import (
	"bytes"
	"testing"

	"schalter/data/record"
)

// scanned is a document of three small pages.
func scanned(t *testing.T, s *shelf) record.Document {
	t.Helper()
	d := record.Document{Title: "Vertrag"}
	for i, shade := range []uint8{10, 200, 90} {
		ref, err := s.Put(t.Context(), bytes.NewReader(picture(shade)))
		if err != nil {
			t.Fatal(err)
		}
		d.Originals = append(d.Originals, record.Original{MediaType: "image/png", Blob: ref})
		d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 100})
	}
	return d
}

func TestBindKeepsOrderAndRepeats(t *testing.T) {
	in, s := desk(viewer{})
	d := scanned(t, s)
	a, n, err := in.Bind(t.Context(), d)
	if err != nil || n != 3 {
		t.Fatal(n, err)
	}
	b, _, err := in.Bind(t.Context(), d)
	if err != nil || a != b {
		t.Errorf("the same pages gave %v and %v, %v", a, b, err)
	}
	d.Sheets[0], d.Sheets[1] = d.Sheets[1], d.Sheets[0]
	c, _, err := in.Bind(t.Context(), d)
	if err != nil || c == a {
		t.Errorf("another order gave the same file, %v", err)
	}
	d.Sheets[2].Out = true
	c, n, err = in.Bind(t.Context(), d)
	if err != nil || n != 2 || c == a {
		t.Errorf("a sheet taken out: %d pages, %v", n, err)
	}
	d.Sheets = nil
	if _, n, err = in.Bind(t.Context(), d); err != nil || n != 3 {
		t.Errorf("without sheets: %d pages, %v", n, err)
	}
	d.Originals[1].Blob.Hash = record.HashOf([]byte("x"))
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodeBlobMissing {
		t.Error(err)
	}
}
