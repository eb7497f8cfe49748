package rendition

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"io"
	"math"

	xdraw "golang.org/x/image/draw"

	"schalter/data/letter"
	"schalter/data/pdf"
	"schalter/data/record"
)

// A sheet of a certified copy, in millimetres: the page lies in the middle above the line at the foot.
const (
	sheetWide = 210.0
	sheetHigh = 297.0
	sheetEdge = 5.0
	copyDPI   = 300
)

// Copy writes the page set of a certified copy: every page of what is shown as a picture, with the line at its
// foot, and behind them the sheet with the certification. What clerks put on the pages is not of the original
// and is left out. It returns how many sheets came of it.
func (p *Press) Copy(ctx context.Context, w io.Writer, d record.Document, c letter.Certificate) (sheets int, err error) {
	data, err := p.Files(ctx, d.Shown.Hash)
	if err != nil {
		return 0, err
	}
	paper, err := p.Viewer(ctx, data, d.MediaType)
	if err != nil {
		return 0, err
	}
	defer paper.Close()
	c.Pages = paper.Pages()
	if c.Percent, err = reduced(ctx, paper); err != nil {
		return 0, err
	}
	var certificate bytes.Buffer
	if err := letter.WriteCertificate(&certificate, c); err != nil {
		return 0, err
	}
	behind, err := pdf.Open(ctx, certificate.Bytes(), "")
	if err != nil {
		return 0, err
	}
	err = p.write(ctx, w, c.Number, func(b *binder) error {
		b.total = c.Pages + behind.Pages()
		for i := range c.Pages {
			if err := b.copied(paper, i, c, behind.Pages()); err != nil {
				return err
			}
			b.step()
		}
		for i := range behind.Pages() {
			if err := b.out.AddSourcePage(behind, i, pdf.Page{}); err != nil {
				return err
			}
			b.step()
		}
		return nil
	})
	return c.Pages + behind.Pages(), err
}

// reduced is how large the smallest reproduced page is, in per cent: as large as it was, or as it fits.
func reduced(ctx context.Context, paper Paper) (int, error) {
	least := 1.0
	for i := range paper.Pages() {
		w, h, err := paper.Size(ctx, i)
		if err != nil {
			return 0, err
		}
		least = min(least, scale(w, h))
	}
	return int(math.Floor(least * 100)), nil
}

// scale is by how much a page of so many points is made smaller for a sheet, which lies as the page lies.
func scale(w, h float64) float64 {
	const point = 25.4 / 72
	wide, high := sheetWide, sheetHigh
	if w > h {
		wide, high = high, wide
	}
	return min(1, (wide-2*sheetEdge)/(w*point), (high-sheetEdge-letter.CopyFoot)/(h*point))
}

// copied appends a page of the copy.
func (b *binder) copied(paper Paper, i int, c letter.Certificate, more int) error {
	w, h, err := paper.Size(b.ctx, i)
	if err != nil {
		return err
	}
	m, dpi, err := drawn(b.ctx, paper, i)
	if err != nil {
		return err
	}
	wide, high := sheetWide, sheetHigh
	if w > h {
		wide, high = high, wide
	}
	dot := copyDPI / 25.4 // a millimetre
	sheet := image.NewRGBA(image.Rect(0, 0, int(wide*dot), int(high*dot)))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	f := scale(w, h) * copyDPI / dpi
	pw, ph := int(float64(m.Bounds().Dx())*f), int(float64(m.Bounds().Dy())*f)
	edge := sheetEdge * dot
	left, top := (sheet.Bounds().Dx()-pw)/2, int(edge)
	xdraw.ApproxBiLinear.Scale(sheet, image.Rect(left, top, left+pw, top+ph), m, m.Bounds(), xdraw.Src, nil)
	data, err := packed(gray(sheet))
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := pdf.Write(&page, []pdf.Page{{Image: data, MediaType: "image/png", DPI: copyDPI, Shrink: true}}, pdf.Meta{Producer: b.Producer, Created: b.Made}); err != nil {
		return err
	}
	source, err := pdf.Open(b.ctx, page.Bytes(), "")
	if err != nil {
		return err
	}
	defer b.out.Forget(source)
	pw2, ph2, err := source.Size(0)
	if err != nil {
		return err
	}
	var foot bytes.Buffer
	if err := letter.WriteCopyFoot(&foot, pw2, ph2, c, i+1, more); err != nil {
		return err
	}
	line, err := pdf.Open(b.ctx, foot.Bytes(), "")
	if err != nil {
		return err
	}
	return b.out.AddSourcePage(source, 0, pdf.Page{Over: line})
}
