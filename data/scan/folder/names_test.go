package folder

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/scan/file"
)

func TestNamesCountAsPeopleDo(t *testing.T) {
	names := []string{"Scan 10.pdf", "Scan 2.pdf", "Scan 1b.pdf", "Scan 1.pdf", "Scan 02.pdf"}
	slices.SortFunc(names, natural)
	if got := strings.Join(names, ","); got != "Scan 1.pdf,Scan 1b.pdf,Scan 2.pdf,Scan 02.pdf,Scan 10.pdf" {
		t.Error(got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-b0-2]{0,6}`)
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) || natural(a, b) < 0 && natural(b, c) < 0 && natural(a, c) >= 0 {
			t.Fatalf("%q %q %q", a, b, c)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add("a.pdf", paper(1))
	f.Add("a.tif", []byte("II\x2A\x00\x08\x00\x00\x00\x00\x00"))
	f.Add("a.png", picture(1))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		got, err := file.Read(name, int64(len(b)), bytes.NewReader(b), nil)
		if err != nil {
			return
		}
		if p, err := check(got); err == nil && (p.Hash != record.HashOf(b) || !bytes.Equal(p.Data, b)) {
			t.Fatal("bytes were changed")
		}
	})
}
