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

// maxPage bounds one stored page image, in bytes.
const maxPage = 256 << 20

// Bind makes and stores the PDF that is shown of a document: its sheets in their order, those that were taken
// out left away; without sheets every page of every original as it is. It answers how many pages that has.
func (in *Intake) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	sheets := slices.Clone(d.Sheets)
	if len(sheets) == 0 {
		for i := range d.Originals {
			sheets = append(sheets, record.Sheet{Original: i})
		}
	}
	sheets = slices.DeleteFunc(sheets, func(s record.Sheet) bool { return s.Out })
	r, w := io.Pipe()
	go func() {
		p := pdf.New(w, in.meta(d.Title))
		for _, s := range sheets {
			if err := in.bindSheet(ctx, p, d, s); err != nil {
				w.CloseWithError(err)
				return
			}
		}
		w.CloseWithError(p.Close())
	}()
	ref, err := in.Blobs.Put(ctx, r)
	r.CloseWithError(errors.New("no longer read"))
	if err != nil {
		return record.BlobRef{}, 0, fmt.Errorf("bind %d pages: %w", len(sheets), err)
	}
	return ref, len(sheets), nil
}

func (in *Intake) bindSheet(ctx context.Context, p *pdf.Writer, d record.Document, s record.Sheet) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.Original < 0 || s.Original >= len(d.Originals) {
		return record.E(record.CodeNotFound, fmt.Errorf("original %d of %d", s.Original, len(d.Originals)))
	}
	o := d.Originals[s.Original]
	b, err := in.Blobs.ReadAll(o.Blob.Hash, maxPage)
	if err != nil {
		return err
	}
	pg := pdf.Page{Image: b, MediaType: o.MediaType, DPI: s.DPI, Turns: s.Turns, Skew: s.Skew, Crop: s.Crop}
	if in.Words != nil {
		if t, ok := in.Words(o.Blob.Hash); ok {
			pg.Text = t
		}
	}
	return p.AddPage(pg)
}

// Words knows what was recognized on a stored page image, in pixels of that image.
type Words func(hash record.Hash) (page.Text, bool)
