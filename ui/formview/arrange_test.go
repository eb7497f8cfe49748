package formview

import (
	"testing"

	"pgregory.net/rapid"
)

type box struct {
	n, lines, high int
	x, y, w, top   float32
}

func (b *box) span() int                  { return b.n }
func (b *box) above() float32             { return gapRow }
func (b *box) label(float32) float32      { return float32(b.lines) * 17 }
func (b *box) body(float32) float32       { return float32(b.high) }
func (b *box) place(x, y, w, top float32) { b.x, b.y, b.w, b.top = x, y, w, top }
func (b *box) bottom() float32            { return b.y + b.top + float32(b.high) }
func (b *box) overlaps(o *box) bool {
	return b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.bottom() && o.y < b.bottom()
}

func TestRowsNeverOverlapAndKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := float32(rapid.IntRange(200, 1400).Draw(t, "width"))
		unit := rapid.SampledFrom([]float32{1, 1.15, 1.3, 1.5}).Draw(t, "text")
		n := rapid.IntRange(1, 40).Draw(t, "fields")
		boxes := make([]*box, n)
		items := make([]item, n)
		for i := range boxes {
			boxes[i] = &box{n: rapid.IntRange(0, 12).Draw(t, "span"), lines: rapid.IntRange(0, 2).Draw(t, "lines"), high: rapid.IntRange(20, 90).Draw(t, "high")}
			items[i] = boxes[i]
		}
		total := arrange(items, width, unit)
		for i, b := range boxes {
			if b.x < 0 || b.x+b.w > width+0.01 || b.bottom() > total+0.01 {
				t.Fatalf("%d lies outside: %+v, page %v x %v", i, b, width, total)
			}
			if i == 0 {
				continue
			}
			p := boxes[i-1]
			if b.overlaps(p) {
				t.Fatalf("%d %+v lies on %d %+v", i, b, i-1, p)
			}
			if b.y < p.y || b.y == p.y && b.x <= p.x {
				t.Fatalf("%d %+v comes before %d %+v", i, b, i-1, p)
			}
			if b.y == p.y && b.top != p.top {
				t.Fatalf("bodies of one row begin at %v and %v", p.top, b.top)
			}
		}
	})
}

func TestARowHoldsTwelveColumns(t *testing.T) {
	items := []item{&box{n: 4, high: 9}, &box{n: 4, high: 9}, &box{n: 4, high: 9}, &box{n: 5, high: 9}, &box{n: 8, high: 9}}
	arrange(items, 604, 1)
	b := func(i int) *box { return items[i].(*box) }
	if b(0).y != b(2).y || b(3).y == b(2).y || b(4).y == b(3).y {
		t.Errorf("rows: %v %v %v %v %v", b(0).y, b(1).y, b(2).y, b(3).y, b(4).y)
	}
	if got := b(2).x + b(2).w; got < 603.9 || got > 604.1 {
		t.Errorf("a full row ends at %v of 604", got)
	}
}

func TestNarrowPagesWidenFields(t *testing.T) {
	if got := fit(3, 604, 1); got != 3 {
		t.Errorf("at 604: %d", got)
	}
	if got := fit(3, 604, 1.5); got <= 3 {
		t.Errorf("at 604 with text of 150 %%: %d", got)
	}
	if got := fit(6, 300, 1); got != 12 {
		t.Errorf("at 300: %d", got)
	}
}
