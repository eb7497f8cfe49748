package rendition

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"schalter/data/pdf"
	"schalter/data/record"
)

// How finely pages are drawn: what a scanner does, and less where a page is too large for that.
var resolutions = []float64{300, 200, 150, 100, 72}

// pictures appends a document as pictures of its pages, with boxes painted where it is blackened.
func (b *binder) pictures(d record.Document, data []byte, marks []pdf.Bookmark) error {
	paper, err := b.Viewer(b.ctx, data, d.MediaType)
	if err != nil {
		return err
	}
	defer paper.Close()
	if paper.Pages() == 0 {
		return record.E(record.CodePDFNoPages, errNoPages)
	}
	for i := range paper.Pages() {
		m, dpi, err := drawn(b.ctx, paper, i)
		if err != nil {
			return err
		}
		flat := paint(m, d.Marks, i)
		if err := b.picture(flat, dpi, onPage(d.Marks, i), first(i, marks)); err != nil {
			return err
		}
		b.step()
	}
	return nil
}

// drawn draws a page as finely as it can be.
func drawn(ctx context.Context, paper Paper, page int) (m *image.RGBA, dpi float64, err error) {
	for _, dpi = range resolutions {
		m, err = paper.Render(ctx, page, dpi, 0)
		if record.CodeOf(err) != record.CodePDFTooLarge {
			return m, dpi, err
		}
	}
	return nil, 0, err
}

// picture appends a drawn page as a page of its size.
func (b *binder) picture(m image.Image, dpi float64, marks []record.Mark, bookmarks []pdf.Bookmark) error {
	data, err := packed(m)
	if err != nil {
		return err
	}
	return b.placed(pdf.Page{Image: data, MediaType: "image/png", DPI: int(dpi), Shrink: true}, marks, bookmarks)
}

// placed appends a picture with marks over it.
func (b *binder) placed(page pdf.Page, marks []record.Mark, bookmarks []pdf.Bookmark) error {
	if len(marks) == 0 {
		page.Bookmarks = bookmarks
		return b.out.AddPage(page)
	}
	// Content is drawn over the pages of a file, so the picture becomes one first.
	var buf bytes.Buffer
	if err := pdf.Write(&buf, []pdf.Page{page}, pdf.Meta{Producer: b.Producer, Created: b.Made}); err != nil {
		return err
	}
	source, err := pdf.Open(b.ctx, buf.Bytes(), "")
	if err != nil {
		return err
	}
	defer b.out.Forget(source)
	layer, err := over(b.ctx, source, 0, marks)
	if err != nil {
		return err
	}
	return b.out.AddSourcePage(source, 0, pdf.Page{Bookmarks: bookmarks, Over: layer})
}

// photo appends the pages of a picture file with the very bytes it has, where they can be taken.
func (b *binder) photo(d record.Document, data []byte, marks []pdf.Bookmark) (bool, error) {
	pages := 1
	switch d.MediaType {
	case "image/jpeg", "image/png":
	case "image/tiff":
		n, err := pdf.TIFFPages(data)
		if err != nil {
			return false, nil //nolint:nilerr // the viewer may know better
		}
		pages = n
	default:
		return false, nil
	}
	for i := range pages {
		err := b.placed(pdf.Page{Image: data, MediaType: d.MediaType, Index: i}, onPage(d.Marks, i), first(i, marks))
		if err != nil && i == 0 {
			return false, nil //nolint:nilerr // the viewer may know better
		}
		if err != nil {
			return false, err
		}
		b.step()
	}
	return true, nil
}

// paint covers what is blackened on a page. The picture that came is shared with the viewer and stays as it is.
// A box covers every pixel that it touches and one more around, so that no rounding leaves an edge of a letter.
func paint(m *image.RGBA, marks []record.Mark, page int) image.Image {
	var boxes []image.Rectangle
	r := m.Bounds()
	for _, k := range marks {
		if k.Kind != record.MarkBlack || k.Page != page {
			continue
		}
		for _, b := range k.Boxes {
			w, h := float64(r.Dx()), float64(r.Dy())
			box := image.Rect(int(math.Floor(b.X0*w))-1, int(math.Floor(b.Y0*h))-1, int(math.Ceil(b.X1*w))+1, int(math.Ceil(b.Y1*h))+1)
			boxes = append(boxes, box.Add(r.Min).Intersect(r))
		}
	}
	if len(boxes) == 0 {
		return gray(m)
	}
	out := image.NewRGBA(r)
	copy(out.Pix, m.Pix)
	for _, b := range boxes {
		draw.Draw(out, b, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return gray(out)
}

// gray is a picture without colours as one that can have none, which is a third of the size.
func gray(m *image.RGBA) image.Image {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		if m.Pix[i] != m.Pix[i+1] || m.Pix[i] != m.Pix[i+2] {
			return m
		}
	}
	out := image.NewGray(m.Bounds())
	for i := range out.Pix {
		out.Pix[i] = m.Pix[4*i]
	}
	return out
}

func packed(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&b, m)
	return b.Bytes(), err
}
