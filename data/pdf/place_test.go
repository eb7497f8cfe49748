package pdf

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/page"
	"schalter/data/record"
)

// geometries are how sheets lie.
var geometries = []record.Sheet{
	{},
	{Turns: 1},
	{Skew: 3.2},
	{Crop: &record.Box{X0: 0.1, Y0: 0.2, X1: 0.8, Y1: 0.95}},
	{Turns: 2, Skew: -7, Crop: &record.Box{X0: 0.05, Y0: 0.05, X1: 0.9, Y1: 0.85}},
	{Turns: 3, Skew: 12, Crop: &record.Box{X0: 0.2, Y0: 0.1, X1: 1, Y1: 0.9}},
	{Turns: 1, Crop: &record.Box{X0: 0.2, Y0: 0.1, X1: 1, Y1: 0.9}},
}

// shown is where a point of the untouched picture, in pixels, stands on the page as it is read, in parts of the
// canvas; w and h are the page's. It is worked out from the top left corner, as a picture is looked at.
func shown(g record.Sheet, w, h, x, y float64) (sx, sy, sw, sh float64) {
	sin, cos := math.Sincos(g.Skew * math.Pi / 180)
	dx, dy := x-w/2, y-h/2
	x, y = w/2+dx*cos-dy*sin, h/2+dx*sin+dy*cos
	if c := g.Crop; c != nil {
		x, y, w, h = x-c.X0*w, y-c.Y0*h, w*(c.X1-c.X0), h*(c.Y1-c.Y0)
	}
	for range g.Turns {
		x, y, w, h = h-y, x, h, w
	}
	return x, y, w, h
}

const tall, wide = 300, 200 // of the pictures here, pixels at 72 dpi: a pixel is a point

// spots are where the picture has something, far from its edges.
var spots = []image.Point{{60, 90}, {130, 90}, {95, 160}, {70, 210}, {150, 200}}

func spotted(t *testing.T) []byte {
	img := image.NewGray(image.Rect(0, 0, wide, tall))
	for i := range img.Pix {
		img.Pix[i] = 230
	}
	for i, s := range spots {
		for y := -6; y < 6; y++ {
			for x := -6; x < 6; x++ {
				img.SetGray(s.X+x, s.Y+y, color.Gray{uint8(i * 40)})
			}
		}
	}
	return asPNG(t, img)
}

// lines are words in a picture of that size.
func lines(w, h float64) page.Text {
	word := func(s string, line int, x, y, l float64) page.Word {
		return page.Word{Text: s, X0: x * w, Y0: y * h, X1: (x + l) * w, Y1: (y + 0.05) * h, Line: line}
	}
	return page.Text{Words: []page.Word{
		word("Straße", 0, 0.25, 0.3, 0.2),
		word("Größe", 0, 0.5, 0.3, 0.2),
		word("ﬁnden", 1, 0.25, 0.5, 0.2),
		word("👍", 1, 0.5, 0.5, 0.1),
		word("Ğüneş", 2, 0.25, 0.7, 0.3),
	}}
}

// rendered is the first page as another program shows it, a pixel for a point.
func rendered(t *testing.T, path string) image.Image {
	t.Helper()
	out := path + ".png"
	run(t, "mutool", "draw", "-q", "-r", "72", "-o", out, path, "1")
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestAPageIsShownAsItsSheetSays(t *testing.T) {
	tool(t, "mutool")
	dir := t.TempDir()
	data := spotted(t)
	for i, g := range geometries {
		path := file(t, filepath.Join(dir, "a.pdf"), 2, Page{Image: data, MediaType: "image/png", DPI: 72, Skew: g.Skew, Crop: g.Crop, Turns: g.Turns})
		img := rendered(t, path)
		for j, s := range spots {
			x, y, w, h := shown(g, wide, tall, float64(s.X), float64(s.Y))
			if r := img.Bounds(); math.Abs(float64(r.Dx())-w) > 1.5 || math.Abs(float64(r.Dy())-h) > 1.5 {
				t.Fatalf("%d: page is %v, not %.1f x %.1f", i, r, w, h)
			}
			if got := rgb(img.At(int(x), int(y)))[0]; got < j*40-6 || got > j*40+6 {
				t.Errorf("%d: %.0f,%.0f shows %d, not %d", i, x, y, got, j*40)
			}
		}
		if g.Skew != 0 && g.Crop == nil && rgb(img.At(1, 1))[0] != 255 {
			t.Errorf("%d: corner is not white", i)
		}
	}
}

// box is what pdftotext says of a word, from the top left of the page as it is read.
type box struct {
	Text string  `xml:",chardata"`
	X0   float64 `xml:"xMin,attr"`
	Y0   float64 `xml:"yMin,attr"`
	X1   float64 `xml:"xMax,attr"`
	Y1   float64 `xml:"yMax,attr"`
}

func boxes(t *testing.T, path string) []box {
	t.Helper()
	var doc struct {
		Words []box `xml:"body>doc>page>word"`
	}
	if err := xml.Unmarshal([]byte(run(t, "pdftotext", "-bbox", path, "-")), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Words
}

// tilted is the text as recognition finds it on a picture that lies askew: each box upright around its word.
func tilted(words page.Text, g record.Sheet, w, h float64) page.Text {
	sin, cos := math.Sincos(-g.Skew * math.Pi / 180)
	out := words
	out.Words = nil
	for _, v := range words.Words {
		b := page.Word{Text: v.Text, Line: v.Line, X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
		for _, c := range [][2]float64{{v.X0, v.Y0}, {v.X1, v.Y0}, {v.X0, v.Y1}, {v.X1, v.Y1}} {
			dx, dy := c[0]-w/2, c[1]-h/2
			x, y := w/2+dx*cos-dy*sin, h/2+dx*sin+dy*cos
			b.X0, b.Y0, b.X1, b.Y1 = min(b.X0, x), min(b.Y0, y), max(b.X1, x), max(b.Y1, y)
		}
		out.Words = append(out.Words, b)
	}
	return out
}

func TestWordsStandWhereThePictureShowsThem(t *testing.T) {
	tool(t, "pdftotext")
	dir := t.TempDir()
	data := spotted(t)
	want := []string{"Straße", "Größe", "finden", "👍", "Ğüneş"}
	for i, g := range geometries {
		flat := lines(wide, tall)
		path := file(t, filepath.Join(dir, "a.pdf"), 2, Page{
			Image: data, MediaType: "image/png", DPI: 72, Skew: g.Skew, Crop: g.Crop, Turns: g.Turns, Text: tilted(flat, g, wide, tall),
		})
		got := boxes(t, path)
		if len(got) != len(want) {
			t.Fatalf("%d: %+v", i, got)
		}
		straight := g
		straight.Skew = 0
		for _, b := range got {
			j := -1
			for k := range want {
				if want[k] == b.Text {
					j = k
				}
			}
			if j < 0 {
				t.Fatalf("%d: read %q", i, b.Text)
			}
			w := flat.Words[j]
			x0, y0, _, _ := shown(straight, wide, tall, w.X0, w.Y0)
			x1, y1, _, _ := shown(straight, wide, tall, w.X1, w.Y1)
			x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
			if off := max(math.Abs(b.X0-x0), math.Abs(b.Y0-y0), math.Abs(b.X1-x1), math.Abs(b.Y1-y1)); off > 1 {
				t.Errorf("%d: %s is at %.1f %.1f %.1f %.1f, should be at %.1f %.1f %.1f %.1f", i, b.Text, b.X0, b.Y0, b.X1, b.Y1, x0, y0, x1, y1)
			}
		}
	}
}

func TestWordsAreCopiedInOrder(t *testing.T) {
	tool(t, "pdftotext", "mutool")
	data := spotted(t)
	path := file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, Page{Image: data, MediaType: "image/png", DPI: 72, Text: lines(wide, tall)})
	want := "Straße Größe finden 👍 Ğüneş"
	if got := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", path, "-")), " "); got != want {
		t.Errorf("pdftotext copies %q", got)
	}
	if got := strings.Join(strings.Fields(run(t, "mutool", "draw", "-q", "-F", "txt", path)), " "); got != want {
		t.Errorf("mutool copies %q", got)
	}
	// a page put into the feeder sideways: its words run upwards in the picture, and are read as one runs
	up := page.Text{Turns: 1, Words: []page.Word{
		{Text: "Erste", X0: 40, Y0: 200, X1: 55, Y1: 260, Line: 0},
		{Text: "Zeile", X0: 40, Y0: 132, X1: 55, Y1: 192, Line: 0},
		{Text: "darunter", X0: 80, Y0: 140, X1: 95, Y1: 260, Line: 1},
	}}
	path = file(t, filepath.Join(t.TempDir(), "b.pdf"), 2, Page{Image: data, MediaType: "image/png", DPI: 72, Turns: 1, Text: up})
	if got := run(t, "pdftotext", path, "-"); strings.Join(strings.Fields(got), " ") != "Erste Zeile darunter" || !strings.Contains(got, "Erste Zeile\n") {
		t.Errorf("turned page copies %q", got)
	}
}

// What was cut away is not in the text either.
func TestCropTakesItsWordsAway(t *testing.T) {
	tool(t, "pdftotext")
	path := file(t, filepath.Join(t.TempDir(), "a.pdf"), 2, Page{
		Image: spotted(t), MediaType: "image/png", DPI: 72, Text: lines(wide, tall), Crop: &record.Box{Y0: 0.45, X1: 1, Y1: 0.65},
	})
	if got := strings.Join(strings.Fields(run(t, "pdftotext", path, "-")), " "); got != "finden 👍" {
		t.Errorf("copies %q", got)
	}
}

func number() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64(), rapid.Float64Range(-2, 2), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1)}))
}

func anyPage(data []byte) *rapid.Generator[Page] {
	return rapid.Custom(func(t *rapid.T) Page {
		pg := Page{
			Image: data, MediaType: "image/png", DPI: rapid.Int().Draw(t, "dpi"),
			Skew: rapid.OneOf(rapid.Float64Range(-20, 20), number()).Draw(t, "skew"), Turns: rapid.Int().Draw(t, "turns"),
		}
		if rapid.Bool().Draw(t, "cropped") {
			n := number()
			pg.Crop = &record.Box{X0: n.Draw(t, "x0"), Y0: n.Draw(t, "y0"), X1: n.Draw(t, "x1"), Y1: n.Draw(t, "y1")}
		}
		pg.Text.Turns = rapid.Int().Draw(t, "text turns")
		pg.Text.Width, pg.Text.Height = number().Draw(t, "w"), number().Draw(t, "h")
		for range rapid.IntRange(0, 4).Draw(t, "words") {
			n := rapid.OneOf(rapid.Float64Range(0, 300), number())
			pg.Text.Words = append(pg.Text.Words, page.Word{
				Text: rapid.String().Draw(t, "word"), Line: rapid.IntRange(0, 2).Draw(t, "line"),
				X0: n.Draw(t, "wx0"), Y0: n.Draw(t, "wy0"), X1: n.Draw(t, "wx1"), Y1: n.Draw(t, "wy1"),
			})
		}
		return pg
	})
}

// Whatever a sheet says, there is a page that a reader not ours finds, of a size that PDF/A allows.
func TestAnyGeometryGivesAPage(t *testing.T) {
	data := asPNG(t, image.NewGray(image.Rect(0, 0, 30, 40)))
	rapid.Check(t, func(rt *rapid.T) {
		var b bytes.Buffer
		if err := Write(&b, []Page{anyPage(data).Draw(rt, "page")}, meta); err != nil {
			rt.Fatal(err)
		}
		if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "+Inf") || strings.Contains(s, "-Inf") {
			rt.Fatal("a number that is none")
		}
		s, err := Open(t.Context(), b.Bytes(), "a.pdf")
		if err != nil || s.Pages() != 1 {
			rt.Fatal(err)
		}
		if w, h := s.frame(s.leafs[0]).seen(); !(w >= minSide && h >= minSide && w <= maxSide && h <= maxSide) {
			rt.Fatalf("page of %f x %f", w, h)
		}
	})
}
