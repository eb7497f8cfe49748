package mark_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/mark"
	"schalter/data/page"
	"schalter/data/record"
)

func black(boxes ...record.Box) record.Mark {
	return record.Mark{ID: "m", Kind: record.MarkBlack, Boxes: boxes}
}

// drawSheet is a way to show page 0 of the first original, of a picture with an aspect.
func drawSheet(t *rapid.T, aspect float64, held int, name string) record.Sheet {
	s := record.Sheet{Aspect: aspect, Held: held, Turns: rapid.IntRange(0, 3).Draw(t, name+" turns")}
	if rapid.Bool().Draw(t, name+" crooked") {
		s.Skew = rapid.Float64Range(-15, 15).Draw(t, name+" skew")
	}
	if rapid.Bool().Draw(t, name+" cut") {
		x, y := rapid.Float64Range(0, .9).Draw(t, name+" x"), rapid.Float64Range(0, .9).Draw(t, name+" y")
		s.Crop = &record.Box{
			X0: x, Y0: y, X1: x + rapid.Float64Range(.05, 1-x).Draw(t, name+" w"), Y1: y + rapid.Float64Range(.05, 1-y).Draw(t, name+" h"),
		}
	}
	return s
}

func drawBox(t *rapid.T, name string) record.Box {
	x, y := rapid.Float64Range(0, .95).Draw(t, name+" x"), rapid.Float64Range(0, .95).Draw(t, name+" y")
	return record.Box{X0: x, Y0: y, X1: x + rapid.Float64Range(.01, 1-x).Draw(t, name+" w"), Y1: y + rapid.Float64Range(.01, 1-y).Draw(t, name+" h")}
}

func pages(of string, sheets ...record.Sheet) mark.Pages {
	return mark.Pages{Of: record.HashOf([]byte(of)), Sheets: sheets, Count: len(sheets)}
}

// laid is the sheet as a picture is drawn by it: with the quarter turns that the picture asks for.
func laid(s record.Sheet) record.Sheet {
	s.Turns = (s.Turns + s.Held) % 4
	return s
}

var red = color.RGBA{R: 255, A: 255}

func isRed(c color.RGBA) bool { return c.R > 200 && c.G < 100 && c.B < 100 }

// seenAt is where a place of a picture is seen on a sheet, both in fractions.
func seenAt(s record.Sheet, aspect, x, y float64) (u, v float64) {
	sin, cos := math.Sincos(s.Skew * math.Pi / 180)
	x, y = (x-.5)*aspect, y-.5
	u, v = (x*cos-y*sin)/aspect+.5, x*sin+y*cos+.5
	if c := s.Crop; c != nil {
		u, v = (u-c.X0)/(c.X1-c.X0), (v-c.Y0)/(c.Y1-c.Y0)
	}
	for range s.Turns {
		u, v = 1-v, u
	}
	return u, v
}

// What a clerk has covered on a page is covered on the page as it is drawn later, pixel by pixel.
func TestNothingCoveredIsEverSeenAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(40, 90).Draw(t, "width"), rapid.IntRange(40, 90).Draw(t, "height")
		aspect, held := float64(w)/float64(h), rapid.IntRange(0, 3).Draw(t, "held")
		from, to := drawSheet(t, aspect, held, "from"), drawSheet(t, aspect, held, "to")
		cover := drawBox(t, "cover")
		raw := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(raw, raw.Rect, image.White, image.Point{}, draw.Src)
		for y := range h {
			for x := range w {
				inside := true // with its neighbours, with which it is mixed where a picture is turned
				for _, c := range [][2]float64{{-1, -1}, {2, -1}, {-1, 2}, {2, 2}} {
					u, v := seenAt(laid(from), aspect, (float64(x)+c[0])/float64(w), (float64(y)+c[1])/float64(h))
					inside = inside && u > cover.X0 && u < cover.X1 && v > cover.Y0 && v < cover.Y1
				}
				if inside {
					raw.SetRGBA(x, y, red)
				}
			}
		}
		const size = 180
		for name, x := range map[string]struct {
			sheet record.Sheet
			of    string
		}{"where it was put": {from, "before"}, "where it was carried to": {to, "now"}} {
			all := mark.Show([]record.Anchor{mark.Put(black(cover), pages("before", from))}, pages(x.of, x.sheet))
			if len(all) != 1 || all[0].Page != 0 || len(all[0].Boxes) != 1 {
				t.Fatalf("the covering is gone %s: %+v", name, all)
			}
			now := page.Lay(raw, laid(x.sheet), size)
			paint(now, all[0].Boxes)
			if left, any := around(now); any {
				t.Fatalf("%s it is still seen at %+v, covered %+v", name, left, all[0].Boxes)
			}
		}
	})
}

// around is the smallest box around everything red.
func around(m *image.RGBA) (b record.Box, any bool) {
	r := image.Rectangle{}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if isRed(m.RGBAAt(x, y)) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	return record.Box{X0: float64(r.Min.X) / w, Y0: float64(r.Min.Y) / h, X1: float64(r.Max.X) / w, Y1: float64(r.Max.Y) / h}, !r.Empty()
}

// paint covers every pixel that a box touches, and one more, as a rendition does.
func paint(m *image.RGBA, boxes []record.Box) {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	for _, b := range boxes {
		r := image.Rect(int(math.Floor(b.X0*w))-1, int(math.Floor(b.Y0*h))-1, int(math.Ceil(b.X1*w))+1, int(math.Ceil(b.Y1*h))+1)
		draw.Draw(m, r.Intersect(m.Rect), image.Black, image.Point{}, draw.Src)
	}
}

// Whatever is done with the pages, a black mark is on every page that shows what it covered, and all its boxes have
// room there.
func TestABlackMarkIsWhereverItsPageIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawSheet(t, rapid.SampledFrom([]float64{0, .7, 1, 1.4}).Draw(t, "aspect"), rapid.IntRange(0, 3).Draw(t, "held"), "from")
		from.Page = rapid.IntRange(0, 2).Draw(t, "page")
		var now []record.Sheet
		for range rapid.IntRange(0, 4).Draw(t, "pages") {
			s := drawSheet(t, rapid.SampledFrom([]float64{0, .7, 1, 1.4}).Draw(t, "aspect"), rapid.IntRange(0, 3).Draw(t, "held"), "to")
			s.Page = rapid.IntRange(0, 2).Draw(t, "shows")
			now = append(now, s)
		}
		m := black(drawBox(t, "box"), drawBox(t, "other"))
		got := mark.Show([]record.Anchor{mark.Put(m, pages("before", from))}, pages("now", now...))
		on := map[int]record.Mark{}
		for _, g := range got {
			on[g.Page] = g
		}
		for i, s := range now {
			g, ok := on[i]
			if len(now) == 0 || ok != (s.Page == from.Page) {
				t.Fatalf("page %d of %d: %v, %+v", i, len(now), ok, got)
			}
			for _, b := range g.Boxes {
				if b.X0 < 0 || b.Y0 < 0 || b.X1 > 1 || b.Y1 > 1 || b.X0 >= b.X1 || b.Y0 >= b.Y1 {
					t.Fatalf("no room in %+v", b)
				}
			}
		}
	})
}

// Carried anywhere and shown as before, a mark is exactly where it was.
func TestTheSamePageHasTheSameMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSheet(t, .7, rapid.IntRange(0, 3).Draw(t, "held"), "sheet")
		m := record.Mark{ID: "m", Kind: rapid.SampledFrom([]record.MarkKind{"stamp", "note", "highlight", "black"}).Draw(t, "kind"), Boxes: []record.Box{drawBox(t, "box")}}
		a := mark.Put(m, pages("before", s))
		other := record.Sheet{Page: 1}
		got := mark.Show([]record.Anchor{a}, pages("now", other, s))
		want := m
		want.Page = 1
		if !reflect.DeepEqual(got, []record.Mark{want}) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		if got := mark.Show([]record.Anchor{a}, pages("now", other)); len(got) != 0 {
			t.Fatalf("shown though its page is left out: %+v", got)
		}
		if got := mark.Show([]record.Anchor{a}, pages("before")); !reflect.DeepEqual(got, []record.Mark{m}) {
			t.Fatalf("%+v on what it was put on", got)
		}
	})
}

// A stamp stays on the page, upright and as large as it was, also where its place was cut away.
func TestAStampStaysUpright(t *testing.T) {
	stamp := record.Mark{ID: "m", Kind: record.MarkStamp, Boxes: []record.Box{{X0: .6, Y0: .02, X1: .9, Y1: .06}}}
	for name, x := range map[string]struct {
		to   record.Sheet
		want record.Box
	}{
		"turned":   {record.Sheet{Aspect: .5, Turns: 1}, record.Box{X0: .885, Y0: .71, X1: 1, Y1: .79}},
		"cut away": {record.Sheet{Aspect: .5, Crop: &record.Box{Y0: .5, X1: 1, Y1: 1}}, record.Box{X0: .6, Y0: 0, X1: .9, Y1: .08}},
	} {
		got := mark.Show([]record.Anchor{mark.Put(stamp, pages("before", record.Sheet{Aspect: .5}))}, pages("now", x.to))
		if len(got) != 1 || len(got[0].Boxes) != 1 {
			t.Fatalf("%s: %+v", name, got)
		}
		b := got[0].Boxes[0]
		if w := b.X1 - b.X0; name == "turned" && math.Abs(w-.15) > 1e-9 {
			t.Errorf("%s: %v wide", name, w)
		}
		if name == "cut away" && (math.Abs(b.Y0-x.want.Y0)+math.Abs(b.X0-x.want.X0)+math.Abs(b.Y1-x.want.Y1)) > 1e-9 {
			t.Errorf("%s: %+v, want %+v", name, b, x.want)
		}
	}
}

// What reached the edge of a page that was cut covers what comes out behind the edge.
func TestACoveringAtTheEdgeGoesOnBehindIt(t *testing.T) {
	from := record.Sheet{Aspect: .7, Crop: &record.Box{X0: .2, Y0: .2, X1: .8, Y1: .8}, Skew: 3}
	for _, b := range []record.Box{{X1: .2, Y0: .4, Y1: .5}, {X0: .9, X1: 1, Y0: .4, Y1: .5}, {Y1: .1, X0: .4, X1: .5}, {Y0: .9, Y1: 1, X0: .4, X1: .5}} {
		got := mark.Show([]record.Anchor{mark.Put(black(b), pages("before", from))}, pages("now", record.Sheet{Aspect: .7}))[0].Boxes[0]
		if got.X0 > 0 && got.Y0 > 0 && got.X1 < 1 && got.Y1 < 1 {
			t.Errorf("%+v ends on the page: %+v", b, got)
		}
	}
}

// Where nobody can know how a page lies, everything is covered.
func TestNotKnowingCoversMore(t *testing.T) {
	m := black(record.Box{X0: .4, Y0: .4, X1: .5, Y1: .5})
	whole := []record.Box{{X1: 1, Y1: 1}}
	unknown := mark.Pages{Of: "x", Count: 2}
	for name, got := range map[string][]record.Mark{
		"cut, aspect not known": mark.Show([]record.Anchor{mark.Put(m, pages("before", record.Sheet{}))}, pages("now", record.Sheet{Crop: &record.Box{X1: .9, Y1: 1}})),
		"pages not known":       mark.Show([]record.Anchor{mark.Put(m, pages("before", record.Sheet{}))}, unknown),
		"put on who knows what": mark.Show([]record.Anchor{mark.Put(m, unknown)}, pages("now", record.Sheet{}, record.Sheet{Page: 1})),
	} {
		want := 2
		if name == "cut, aspect not known" {
			want = 1
		}
		if len(got) != want {
			t.Fatalf("%s: %+v", name, got)
		}
		for i, g := range got {
			if g.Page != i || !reflect.DeepEqual(g.Boxes, whole) {
				t.Errorf("%s: %+v", name, g)
			}
		}
	}
	note := record.Mark{ID: "n", Kind: record.MarkNote, Page: 5, Boxes: []record.Box{{X0: .1, Y0: .1, X1: .2, Y1: .2}}}
	if got := mark.Show([]record.Anchor{{Mark: note}}, pages("now", record.Sheet{})); len(got) != 1 || got[0].Page != 0 {
		t.Errorf("a note without a page: %+v", got)
	}
}

func TestPagesOf(t *testing.T) {
	d := record.Document{Pages: 2, Shown: record.BlobRef{Hash: "b"}, Originals: make([]record.Original, 3), Sheets: []record.Sheet{{}, {Original: 1, Out: true}, {Original: 2}}}
	d.Latest = record.Made{Change: "1", Why: record.WhyText, Of: "a"}
	if p := mark.PagesOf(d); p.Of != "a" || p.Count != 2 || len(p.Sheets) != 2 || p.Sheets[1].Original != 2 {
		t.Errorf("%+v", p)
	}
	d.Pages = 5
	if p := mark.PagesOf(d); p.Sheets != nil {
		t.Errorf("sheets that are not the pages: %+v", p)
	}
	if p := mark.PagesOfVersion(d, record.Version{Shown: record.BlobRef{Hash: "c"}, Pages: 3}); p.Of != "c" || len(p.Sheets) != 3 {
		t.Errorf("%+v", p)
	}
}
