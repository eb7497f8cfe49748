package form

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSignaturesAreRefused(t *testing.T) {
	for _, bad := range []string{
		";", "1,2;", "1", "1,", ",1", "1,2,3", "-1,2", "1.5,2", "01,2", "1201,0", "0,401", "99999,1", "M1,2",
		strings.Repeat("1,1;", MaxStrokes) + "1,1", strings.Repeat("1,1 ", MaxSignaturePoints+1),
	} {
		if s, ok := ParseSignature(bad); ok {
			t.Errorf("%.20q is taken as %v", bad, s)
		}
	}
	if _, ok := ParseSignature(strings.TrimSpace(strings.Repeat("1,1 ", MaxSignaturePoints))); !ok {
		t.Error("a signature of the largest size is refused")
	}
	s := one(t, TypeSignature, `, "required": true`).Begin(nil, monday)
	if s.Set("g/f", "M1,2"); len(s.State("g/f").Problems) != 1 || s.State("g/f").Problems[0].Key != "signature" {
		t.Errorf("%+v", s.State("g/f"))
	}
}

// What was drawn is read again as it was drawn.
func TestSignatureRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) Point {
			return Point{rapid.IntRange(0, SignatureWidth).Draw(t, "x"), rapid.IntRange(0, SignatureHeight).Draw(t, "y")}
		})
		drawn := Signature(rapid.SliceOfN(rapid.SliceOfN(point, 1, 30), 0, 10).Draw(t, "strokes"))
		read, ok := ParseSignature(drawn.String())
		if !ok || !slices.EqualFunc(read, drawn, slices.Equal) {
			t.Fatalf("%v became %v", drawn, read)
		}
	})
}

// FuzzSignature: any text is refused or is a signature within the limits whose text is read as itself.
func FuzzSignature(f *testing.F) {
	f.Add("1,2 3,4;5,6")
	f.Add("1200,400;0,0 0,0")
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := ParseSignature(text)
		if !ok {
			return
		}
		points := 0
		for _, stroke := range s {
			points += len(stroke)
			for _, p := range stroke {
				if p.X < 0 || p.X > SignatureWidth || p.Y < 0 || p.Y > SignatureHeight {
					t.Fatalf("%v lies outside", p)
				}
			}
		}
		again, ok := ParseSignature(s.String())
		if points > MaxSignaturePoints || len(s) > MaxStrokes || !ok || again.String() != s.String() {
			t.Fatalf("%q", text)
		}
	})
}
