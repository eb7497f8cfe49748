package pageview

import "testing"

func TestOpensAtThePageThatWasFound(t *testing.T) {
	for _, c := range []struct{ at, want int }{{0, 0}, {2, 2}, {9, 3}, {-1, 0}} {
		p := &paper{pages: 4}
		v, q, _ := shown(t, nil)
		v.ShowAt(p.open, c.at)
		q.settle()
		if got, of := v.Page(); got != c.want+1 || of != 4 {
			t.Errorf("opened at %d, page %d is shown", c.at, got)
		}
	}
}
