package pdf

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// A drawing over a page has its place whichever way the page is turned and wherever its corner lies, and
// whatever state the page's own drawing leaves behind.
func TestADrawingOverAPage(t *testing.T) {
	layer := func(w, h string) *Source {
		s, err := Open(context.Background(), tiny("", "[0 0 "+w+" "+h+"]", "1 0 0 rg 0 0 10 10 re f", ""), "over")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, x := range map[string]struct {
		entries, box, want string
		w, h               float64
	}{
		"upright":   {"", "[0 0 200 100]", "1 0 0 1 0 0 cm", 200, 100},
		"off":       {"", "[50 20 250 120]", "1 0 0 1 50 20 cm", 200, 100},
		"turned":    {"/Rotate 90", "[0 0 200 100]", "0 1 -1 0 200 0 cm", 100, 200},
		"head down": {"/Rotate 180", "[10 0 210 100]", "-1 0 0 -1 210 100 cm", 200, 100},
		"back":      {"/Rotate 270", "[0 0 200 100]", "0 -1 1 0 0 100 cm", 100, 200},
	} {
		s, err := Open(context.Background(), tiny(x.entries, x.box, "q 5 0 0 5 9 9 cm", "/XObject <</SchalterNot 4 0 R>>"), "page")
		if err != nil {
			t.Fatal(err)
		}
		w, h, err := s.Size(0)
		if err != nil || w != x.w || h != x.h {
			t.Errorf("%s: seen as %g x %g, %v", name, w, h, err)
		}
		if _, _, err := s.Size(1); err == nil {
			t.Errorf("%s: a second page", name)
		}
		var out bytes.Buffer
		p := New(&out, Meta{})
		if err := p.AddSourcePage(s, 0, Page{Over: layer("200", "100")}); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if !strings.Contains(got, "q "+x.want+" /SchalterOver Do Q") || !strings.Contains(got, "/SchalterNot") || strings.Count(got, "/SchalterOver") != 2 {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// tiny is a PDF of one page.
func tiny(entries, box, content, resources string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		b.WriteString(s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n")
	obj("2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n")
	obj("3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox " + box + " " + entries + " /Resources <<" + resources + ">> /Contents 4 0 R>>\nendobj\n")
	obj("4 0 obj\n<</Length " + itoa(len(content)) + ">>\nstream\n" + content + "\nendstream\nendobj\n")
	start := b.Len()
	b.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, o := range at {
		b.WriteString(strings.Repeat("0", 10-len(itoa(o))) + itoa(o) + " 00000 n \n")
	}
	b.WriteString("trailer\n<</Size 5 /Root 1 0 R>>\nstartxref\n" + itoa(start) + "\n%%EOF\n")
	return b.Bytes()
}

func itoa(n int) string { return nums(float64(n)) }
