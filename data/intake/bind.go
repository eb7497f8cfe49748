package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"schalter/data/page"
	"schalter/data/pdf"
	"schalter/data/record"
)

// Words knows what was recognized on a stored page image, in pixels of that image.
type Words func(hash record.Hash) (page.Text, bool)

// maxOriginal bounds one stored original, in bytes.
const maxOriginal = 300 << 20

// ahead is how many pages are prepared while one is written: both processors of a small desk have work, and a
// stack needs the memory of a few pages.
const ahead = 2

const typePDF, typeTIFF = "application/pdf", "image/tiff"

// Bind makes and stores the PDF that is shown of a document: its sheets in their order, those that were taken
// out left away; without sheets every page of every original as it is. It answers how many pages that has.
//
// A document that is one PDF, shown whole and as it is, is bound to that very file. Pages of a PDF are else
// copied; a signed one cannot be taken apart (record.CodePDFSigned).
func (in *Intake) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	b := &binder{in: in, doc: d, source: -1, tiff: -1}
	sheets, err := b.sheets(ctx)
	if err != nil {
		return record.BlobRef{}, 0, fmt.Errorf("bind: %w", err)
	}
	if whole, err := b.whole(ctx, sheets); err != nil {
		return record.BlobRef{}, 0, fmt.Errorf("bind: %w", err)
	} else if whole {
		return d.Originals[0].Blob, len(sheets), nil
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(b.write(ctx, w, sheets)) }()
	ref, err := in.Blobs.Put(ctx, r)
	r.CloseWithError(errors.New("no longer read"))
	if err != nil {
		return record.BlobRef{}, 0, fmt.Errorf("bind %d pages: %w", len(sheets), err)
	}
	return ref, len(sheets), nil
}

// binder holds the file that pages were last taken of, so that a long one is opened once.
type binder struct {
	in     *Intake
	doc    record.Document
	source int // index of the original that src is; -1: none
	src    *pdf.Source
	tiff   int // likewise of tiffs
	tiffs  []byte
}

// sheets are the pages that are shown. Originals with several pages are opened to count them where the document
// has no sheets.
func (b *binder) sheets(ctx context.Context) ([]record.Sheet, error) {
	list := slices.Clone(b.doc.Sheets)
	if len(list) == 0 {
		for i := range b.doc.Originals {
			n, err := b.count(ctx, i)
			if err != nil {
				return nil, err
			}
			for p := range n {
				list = append(list, record.Sheet{Original: i, Page: p})
			}
		}
	}
	for _, s := range list {
		if s.Original < 0 || s.Original >= len(b.doc.Originals) {
			return nil, record.E(record.CodeNotFound, fmt.Errorf("original %d of %d", s.Original, len(b.doc.Originals)))
		}
	}
	return slices.DeleteFunc(list, func(s record.Sheet) bool { return s.Out }), nil
}

// count is the number of pages of an original.
func (b *binder) count(ctx context.Context, original int) (int, error) {
	switch b.doc.Originals[original].MediaType {
	case typePDF:
		if len(b.doc.Originals) == 1 && b.doc.Pages > 0 { // no need to read what may be signed or hostile
			return b.doc.Pages, nil
		}
		o := b.doc.Originals[original]
		data, err := b.in.Blobs.ReadAll(o.Blob.Hash, maxOriginal)
		if err != nil {
			return 0, err
		}
		return pdf.Count(ctx, data, o.Name)
	case typeTIFF:
		data, err := b.image(original)
		if err != nil {
			return 0, err
		}
		return pdf.TIFFPages(data)
	}
	return 1, nil
}

// whole reports whether the sheets are all pages of one PDF as it came.
func (b *binder) whole(ctx context.Context, sheets []record.Sheet) (bool, error) {
	if len(sheets) == 0 || len(b.doc.Originals) != 1 || b.doc.Originals[0].MediaType != typePDF {
		return false, nil
	}
	for i, s := range sheets {
		if s.Page != i || s.Turns%4 != 0 || s.Skew != 0 || s.Crop != nil {
			return false, nil
		}
	}
	if len(b.doc.Sheets) == 0 {
		return true, nil
	}
	o := b.doc.Originals[0]
	data, err := b.in.Blobs.ReadAll(o.Blob.Hash, maxOriginal)
	if err != nil {
		return false, err
	}
	n, err := pdf.Count(ctx, data, o.Name)
	return n == len(sheets), err
}

// open reads an original PDF, unless it is open already.
func (b *binder) open(ctx context.Context, original int) (*pdf.Source, error) {
	if b.source == original {
		return b.src, nil
	}
	o := b.doc.Originals[original]
	data, err := b.in.Blobs.ReadAll(o.Blob.Hash, maxOriginal)
	if err != nil {
		return nil, err
	}
	s, err := pdf.Open(ctx, data, o.Name)
	if err != nil {
		return nil, err
	}
	b.source, b.src = original, s
	return s, nil
}

// image is an original's bytes; those of a TIFF, which has several pages, are kept.
func (b *binder) image(original int) ([]byte, error) {
	if b.tiff == original {
		return b.tiffs, nil
	}
	o := b.doc.Originals[original]
	data, err := b.in.Blobs.ReadAll(o.Blob.Hash, maxOriginal)
	if err == nil && o.MediaType == typeTIFF {
		b.tiff, b.tiffs = original, data
	}
	return data, err
}

// made is a page on its way into the file.
type made struct {
	ready *pdf.Prepared
	err   error
}

func (b *binder) write(ctx context.Context, w io.Writer, sheets []record.Sheet) error {
	p := pdf.New(w, b.in.meta(b.doc.Title))
	var line []chan made
	next := 0
	for i, s := range sheets {
		for ; next < len(sheets) && next < i+1+ahead; next++ {
			line = append(line, b.start(ctx, sheets[next]))
		}
		job := line[0]
		line = line[1:]
		if job == nil {
			if err := b.copyPage(ctx, p, s); err != nil {
				return err
			}
			continue
		}
		m := <-job
		if m.err != nil {
			return m.err
		}
		if err := p.Add(m.ready); err != nil {
			return err
		}
	}
	return p.Close()
}

// start prepares the picture of a sheet beside the writing; nil for a page of a PDF.
func (b *binder) start(ctx context.Context, s record.Sheet) chan made {
	o := b.doc.Originals[s.Original]
	if o.MediaType == typePDF {
		return nil
	}
	job := make(chan made, 1)
	data, err := b.image(s.Original)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		job <- made{err: err}
		return job
	}
	pg := pdf.Page{
		Image: data, MediaType: o.MediaType, Hash: o.Blob.Hash, Index: s.Page, DPI: s.DPI,
		Turns: s.Turns, Skew: s.Skew, Crop: s.Crop, Shrink: true,
	}
	if b.in.Words != nil && o.MediaType != typeTIFF {
		pg.Text, _ = b.in.Words(o.Blob.Hash)
	}
	go func() {
		var m made
		m.ready, m.err = pdf.Prepare(pg)
		job <- m
	}()
	return job
}

func (b *binder) copyPage(ctx context.Context, p *pdf.Writer, s record.Sheet) error {
	if b.src != nil && b.source != s.Original {
		p.Forget(b.src)
	}
	src, err := b.open(ctx, s.Original)
	if err != nil {
		return err
	}
	return p.AddSourcePage(src, s.Page, pdf.Page{Turns: s.Turns, Skew: s.Skew, Crop: s.Crop})
}
