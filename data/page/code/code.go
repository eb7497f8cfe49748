// Package code reads the codes on a scanned page: the QR codes of our cover sheets, separator sheets, forms and
// letters, and where it is asked for bar codes of others.
//
// It is for the tray, which sorts a stack by them (package sorting says what they mean). Most pages have no code,
// so the page is looked at small first, for what every QR code has in its corners; only where that is found the
// picture is taken apart in full. Codes are read however the page lies, turned or askew, in gray or black and
// white, on poor prints as far as the code's own correction reaches.
//
// It promises the same answer for the same picture, to look at the pixels only after checking how many there are,
// and to say where there is a code, or a sheet of ours by its mark ([sorting.Mark]), that it cannot read, rather than that there
// is none.
//
// It never says what a code means, never keeps a picture, and never changes one.
package code

import (
	"context"
	"fmt"
	"image"
	"slices"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/sorting"
)

// Format is a kind of code.
type Format string

// The formats.
const (
	QR         Format = "qr"
	Code128    Format = "code128"
	DataMatrix Format = "datamatrix"
)

// Options say what is looked for.
type Options struct {
	DPI  int  // of the picture; 0: its long side is taken for that of A4
	Bars bool // also Code 128 and Data Matrix; it takes several times as long
}

// Found is a code that was read.
type Found struct {
	Text   string
	Format Format
	Box    record.Box // of the page as it lies in the picture
	Turns  int        // quarter turns clockwise after which a QR code stands upright
}

// Result is what was seen on a page.
type Result struct {
	Codes []Found
	// Unread are places where a QR code is that could not be read.
	Unread []record.Box
	// Sheet tells that the page bears the mark of our cover and separator sheets.
	Sheet bool
}

// Texts lists what the codes say.
func (r Result) Texts() (out []string) {
	for _, f := range r.Codes {
		out = append(out, f.Text)
	}
	return out
}

// largeCode is the share of a page's width from which a code may be one of our sheets'; what authorities and
// parcel services print on their papers is smaller.
const largeCode = 0.12

// Lost reports whether the page may be a sheet of ours of which nothing can be read: it bears the mark, or a code
// as large as a sheet's, and none of its codes is a sheet's.
func (r Result) Lost() bool {
	sheet := func(f Found) bool {
		c, err := sorting.ParseCode(f.Text)
		return err == nil && c.String() != ""
	}
	if slices.ContainsFunc(r.Codes, sheet) {
		return false
	}
	return r.Sheet || slices.ContainsFunc(r.Unread, func(b record.Box) bool { return b.X1-b.X0 >= largeCode })
}

// Read looks for codes. A picture of too many pixels is [record.CodeImportPixels].
func Read(ctx context.Context, m image.Image, o Options) (Result, error) {
	b := m.Bounds()
	if b.Dx() < 1 || b.Dy() < 1 {
		return Result{}, nil
	}
	if int64(b.Dx())*int64(b.Dy()) > page.MaxPixels {
		return Result{}, record.E(record.CodeImportPixels, fmt.Errorf("%d x %d pixels", b.Dx(), b.Dy()))
	}
	g := page.Gray(m)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if o.DPI <= 0 {
		o.DPI = max(1, max(w, h)*254/2970)
	}
	v := &view{full: g, factor: max(1, (o.DPI+smallDPI/4)/smallDPI)}
	v.small = page.Reduce(g, v.factor)
	v.mm = 25.4 * float64(v.factor) / float64(o.DPI)
	v.ink = darken(v.small).clean()
	var r Result
	r.Sheet = v.marked()
	for _, t := range v.triples() {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		if f, ok := v.qr(t); ok {
			r.add(f)
		} else if v.looksLikeCode(t) {
			r.Unread = append(r.Unread, v.box(t.corners()))
		}
	}
	if r.Sheet && len(r.Codes) == 0 {
		v.harder(&r)
	}
	if o.Bars && ctx.Err() == nil {
		v.bars(&r)
	}
	return r, ctx.Err()
}

// smallDPI is the resolution at which a page is searched.
const smallDPI = 150

func (r *Result) add(f Found) {
	same := func(o Found) bool { return o.Text == f.Text && overlap(o.Box, f.Box) }
	if !slices.ContainsFunc(r.Codes, same) {
		r.Codes = append(r.Codes, f)
	}
}

func overlap(a, b record.Box) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

// view is a page while it is looked at: in full, and small enough to be searched.
type view struct {
	full, small *image.Gray
	factor      int
	mm          float64 // of a pixel of small
	ink         *ink
}

// box turns points of the small picture into a place on the page.
func (v *view) box(points []point) record.Box {
	w, h := float64(v.small.Rect.Dx()), float64(v.small.Rect.Dy())
	b := record.Box{X0: 1, Y0: 1}
	for _, p := range points {
		x, y := min(max(p.x/w, 0), 1), min(max(p.y/h, 0), 1)
		b.X0, b.X1 = min(b.X0, x), max(b.X1, x)
		b.Y0, b.Y1 = min(b.Y0, y), max(b.Y1, y)
	}
	return b
}
