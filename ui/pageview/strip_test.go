package pageview

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func aStrip(t *rapid.T) *strip {
	s := &strip{room: room{
		width: rapid.Float64Range(40, 2000).Draw(t, "width"), height: rapid.Float64Range(40, 1200).Draw(t, "height"),
		scale: rapid.SampledFrom([]float64{1, 1.25, 1.5, 2}).Draw(t, "scale"),
		zoom:  rapid.SampledFrom([]float64{fitWidth, fitPage, 0.1, 0.7, 1, 4}).Draw(t, "zoom"),
	}}
	s.reset(rapid.IntRange(1, 40).Draw(t, "pages"))
	for range rapid.IntRange(0, 20).Draw(t, "known") {
		s.learn(rapid.IntRange(0, len(s.sizes)-1).Draw(t, "page"), rapid.Float64Range(1, 3000).Draw(t, "w"), rapid.Float64Range(1, 3000).Draw(t, "h"))
	}
	s.turns = rapid.IntRange(0, 3).Draw(t, "turns")
	s.lay()
	return s
}

func TestPagesLieOneUnderTheOtherOnWholePixels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aStrip(t)
		whole := func(v float64) bool { return math.Abs(v*s.scale-math.Round(v*s.scale)) < 1e-6 }
		for page := range s.sizes {
			w, h := s.size(page)
			if !whole(s.tops[page]) || !whole(w) || !whole(h) || w <= 0 || h <= 0 || w > s.wide {
				t.Fatalf("page %d: %v x %v at %v", page, w, h, s.tops[page])
			}
			if page > 0 {
				_, above := s.size(page - 1)
				if gap := s.tops[page] - s.tops[page-1] - above; math.Abs(gap-gapPages) > 0.5 {
					t.Fatalf("gap of %v above page %d", gap, page)
				}
			}
		}
	})
}

func TestAPlaceIsFoundAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aStrip(t)
		y := rapid.Float64Range(-100, s.height()+100).Draw(t, "y")
		page, part := s.at(y)
		if again := s.y(page, part); math.Abs(again-y) > 1e-6 {
			t.Fatalf("%v is page %d and %v, which is %v", y, page, part, again)
		}
	})
}

func TestWhatTouchesTheSightIsInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aStrip(t)
		y, high := rapid.Float64Range(0, s.height()).Draw(t, "y"), rapid.Float64Range(10, 1000).Draw(t, "high")
		first, last := s.sight(y, high)
		for page := range s.sizes {
			_, h := s.size(page)
			if in := s.tops[page]+h > y && s.tops[page] < y+high; in && (page < first || page > last) {
				t.Fatalf("page %d is in sight, but not from %d to %d", page, first, last)
			}
		}
		if first < 0 || last >= len(s.sizes) || first > last {
			t.Fatalf("%d to %d", first, last)
		}
	})
}

func TestTurningABoxFourTimesBringsItBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(0, 1)
		b := orderly(record.Box{X0: f.Draw(t, "x0"), Y0: f.Draw(t, "y0"), X1: f.Draw(t, "x1"), Y1: f.Draw(t, "y1")})
		n := rapid.IntRange(-7, 7).Draw(t, "turns")
		again := turnBox(turnBox(b, n), -n)
		for _, d := range []float64{again.X0 - b.X0, again.Y0 - b.Y0, again.X1 - b.X1, again.Y1 - b.Y1} {
			if math.Abs(d) > 1e-9 {
				t.Fatalf("%v became %v", b, again)
			}
		}
		if turned := turnBox(b, n); turned != orderly(turned) {
			t.Fatalf("%v turned by %d is %v", b, n, turned)
		}
	})
}

// TestWhatOneLooksAtStays changes sizes, room and zoom, and what stands at a height of the view stays there.
func TestWhatOneLooksAtStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(func(func()) {}, func(func()) {}, func() {})
		m.doc = &paper{pages: 30}
		m.pages = 30
		m.strip.reset(30)
		m.Room(468, 600, 1)
		m.turnTo(rapid.IntRange(5, 24).Draw(t, "page"))
		m.y += rapid.Float64Range(0, 500).Draw(t, "further")
		at := rapid.Float64Range(0, 600).Draw(t, "at")
		page, part := m.strip.at(m.y + at - marginY)
		m.keep(at, func() {
			if rapid.Bool().Draw(t, "zooms") {
				m.strip.zoom = rapid.Float64Range(0.4, 4).Draw(t, "zoom")
			} else {
				m.strip.learn(rapid.IntRange(0, 29).Draw(t, "learns"), 595, rapid.Float64Range(400, 1500).Draw(t, "height"))
			}
		})
		if now := m.strip.y(page, part) - (m.y + at - marginY); math.Abs(now) > 1e-6 && m.y > 0 && m.y < m.bottom() {
			t.Fatalf("what stood at %v moved by %v", at, now)
		}
	})
}
