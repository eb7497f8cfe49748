package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The quick ways for scanners' pixels give what the plain one gives.
func TestQuickFiltersAreThePlainOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int{1, 2, 3, 4, 6}).Draw(t, "step")
		n := rapid.IntRange(0, 40).Draw(t, "pixels") * step
		if step == 1 || rapid.Bool().Draw(t, "ragged") {
			n += rapid.IntRange(0, step-1).Draw(t, "rest")
		}
		kind := byte(rapid.IntRange(0, 4).Draw(t, "kind"))
		row, above := rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "row"), rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "above")
		want := slices.Clone(row)
		if kind == 2 {
			for i := range want {
				want[i] += above[i]
			}
		} else {
			unfilterAny(kind, want, above, step)
		}
		if unfilter(kind, row, above, step); !bytes.Equal(row, want) {
			t.Fatalf("filter %d of %d bytes: %v, want %v", kind, step, row, want)
		}
	})
}

func BenchmarkUnfilter(b *testing.B) {
	row, above := make([]byte, 2480*3), make([]byte, 2480*3)
	for i := range row {
		row[i], above[i] = byte(i*i>>3), byte(i*7)
	}
	for _, step := range []int{1, 3} {
		for kind := range byte(5) {
			b.Run(fmt.Sprintf("%d of %d", kind, step), func(b *testing.B) {
				b.SetBytes(int64(len(row)))
				for b.Loop() {
					unfilter(kind, row, above, step)
				}
			})
		}
	}
}
