package page

import (
	"image"

	"schalter/data/record"
)

// Reason says what was seen on a page beside its content. The words for people are the caller's.
type Reason string

// What a page may show though nothing is written on it.
const (
	Edges   Reason = "edges"   // shadow or dirt that reaches in from the border
	Holes   Reason = "holes"   // of a punch
	Streak  Reason = "streak"  // a thin line from border to border, as dirt in a feeder draws it
	Specks  Reason = "specks"  // single dots, smaller than any letter
	Through Reason = "through" // the back side shines through
)

// Findings is what was seen on a page.
type Findings struct {
	Skew float64 // degrees clockwise by which the picture is turned to be straight; 0 where Sure is false
	Sure bool    // there was enough writing to tell the angle
	Ink  float64 // share of the page that is written or printed on, 0 to 1, without what Seen names
	// Blank: nothing was found that somebody wrote or printed. Only a suggestion: a page is never dropped for it.
	Blank bool
	Seen  []Reason
	// Content is where something is written or printed, of the picture turned by Skew about its middle within
	// its own width and height; the zero Box where there is nothing.
	Content record.Box

	hull [][2]float64 // around the content, from the middle of the page, in page heights
	wide float64      // of the page, in page heights
}

// Look looks at a page picture. dpi 0 takes the picture's long side for that of A4.
func Look(m image.Image, dpi int) Findings {
	g := Gray(m)
	long := max(g.Rect.Dx(), g.Rect.Dy())
	if dpi <= 0 {
		dpi = max(1, long*254/2970)
	}
	f := max(1, dpi/100, long/4000)
	s := Reduce(g, f)
	v := newView(s, 25.4*float64(f)/float64(dpi))
	v.sort()
	out := v.findings()
	if out.Skew, out.Sure = v.skew(); out.Sure {
		out.Content = out.ContentAt(out.Skew)
	} else {
		out.Content = out.ContentAt(0)
	}
	return out
}

// ContentAt is Content of the picture when it is turned clockwise by another angle.
func (f Findings) ContentAt(skew float64) record.Box {
	if len(f.hull) == 0 {
		return record.Box{}
	}
	sin, cos := sincos(skew)
	b := record.Box{X0: 1, Y0: 1}
	for _, p := range f.hull {
		x, y := (p[0]*cos-p[1]*sin)/f.wide+0.5, p[0]*sin+p[1]*cos+0.5
		b.X0, b.X1 = min(b.X0, x), max(b.X1, x)
		b.Y0, b.Y1 = min(b.Y0, y), max(b.Y1, y)
	}
	return record.Box{X0: max(0, b.X0), Y0: max(0, b.Y0), X1: min(1, b.X1), Y1: min(1, b.Y1)}
}
