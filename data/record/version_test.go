package record_test

import (
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func TestCompareVersions(t *testing.T) {
	for _, x := range []struct {
		older, newer string
	}{
		{"1", "2"},
		{"1.9", "1.10"},
		{"1.0.0", "1.0.1"},
		{"1", "1.0.1"},
		{"0.9", "1"},
		{"", "1"},
		{"99999999999999999998", "99999999999999999999"},
	} {
		if record.CompareVersions(x.older, x.newer) >= 0 || record.CompareVersions(x.newer, x.older) <= 0 {
			t.Errorf("%q is not older than %q", x.older, x.newer)
		}
	}
	for _, x := range [][2]string{{"1", "1.0"}, {"01.2", "1.2.0.0"}, {"", "0"}} {
		if record.CompareVersions(x[0], x[1]) != 0 {
			t.Errorf("%q and %q are not the same", x[0], x[1])
		}
	}
}

func TestVersionsAreInOneOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.StringMatching(`[0-9]{0,3}(\.[0-9a]{0,3}){0,3}`)
		a, b, c := v.Draw(t, "a"), v.Draw(t, "b"), v.Draw(t, "c")
		if record.CompareVersions(a, b) != -record.CompareVersions(b, a) {
			t.Fatalf("%q and %q: each way another answer", a, b)
		}
		if record.CompareVersions(a, b) <= 0 && record.CompareVersions(b, c) <= 0 && record.CompareVersions(a, c) > 0 {
			t.Fatalf("%q, %q, %q are in no order", a, b, c)
		}
	})
}
