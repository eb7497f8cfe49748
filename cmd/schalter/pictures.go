package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"sync"

	"schalter/data/clip"
	"schalter/data/page"
	"schalter/data/pdf"
	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/ui/capture"
	"schalter/ui/pagetable"
)

// pictures draws single pages of stored originals. Pictures of the usual size are decoded here, after a look at
// how many pixels they have, so that the sandbox stays free for the paper on the screen; everything else goes
// to the sandbox, which has its own memory.
type pictures struct {
	house *house
	line  *line
	door  *door
	held  sync.Map // by hash of a JPEG, its quarter turns

	mu   sync.Mutex
	hash record.Hash // of the file that is open in the sandbox
	open *preview.Document
}

var _ pagetable.Holder = (*pictures)(nil)

// What is decoded here: A4 at 600 dpi has 35 million pixels.
const (
	maxScan = 100 << 20 // bytes
	usual   = 40_000_000
	maxPDF  = 256 << 20 // bytes of what is taken apart
)

// Draw draws a page as it came.
func (p *pictures) Draw(ctx context.Context, o record.Original, n, size int) (*image.RGBA, error) {
	m, err := p.decode(ctx, o)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return p.render(ctx, o, n, size)
	}
	return page.Small(m, size), nil
}

// Look says what is on a page as it came.
func (p *pictures) Look(ctx context.Context, o record.Original, n, dpi int) (page.Findings, error) {
	m, err := p.decode(ctx, o)
	if err != nil {
		return page.Findings{}, err
	}
	if m != nil {
		return page.Look(m, dpi), nil
	}
	const enough = 1650 // pixels: about 140 dpi of A4
	drawn, err := p.render(ctx, o, n, enough)
	if err != nil {
		return page.Findings{}, err
	}
	return page.Look(drawn, 0), nil
}

// decode reads a picture; nil: it is none, or a very large one.
func (p *pictures) decode(ctx context.Context, o record.Original) (image.Image, error) {
	if o.MediaType != "image/jpeg" && o.MediaType != "image/png" {
		return nil, nil
	}
	b, err := p.read(ctx, o.Blob.Hash, maxScan)
	if err != nil || b == nil {
		return nil, err
	}
	p.held.Store(o.Blob.Hash, pdf.Held(b))
	if c, _, err := scan.Config(b); err == nil && int64(c.Width)*int64(c.Height) <= usual {
		return page.Decode(b)
	}
	return nil, nil // the sandbox says what is wrong with it
}

// read is a stored file; nil: it is larger than most.
func (p *pictures) read(ctx context.Context, hash record.Hash, most int64) ([]byte, error) {
	f, err := fetched(ctx, p.house, p.line, hash)
	if err != nil || f.Size > most {
		return nil, err
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close(), ctx.Err())
}

// Held is by how many quarter turns a picture is turned to be upright.
func (p *pictures) Held(ctx context.Context, o record.Original) int {
	if o.MediaType != "image/jpeg" {
		return 0
	}
	if n, ok := p.held.Load(o.Blob.Hash); ok {
		return n.(int)
	}
	b, err := p.read(ctx, o.Blob.Hash, maxScan)
	if err != nil {
		return 0
	}
	return pdf.Held(b)
}

// Apart says why the pages of a PDF cannot be put in order.
func (p *pictures) Apart(ctx context.Context, o record.Original) error {
	b, err := p.read(ctx, o.Blob.Hash, maxPDF)
	if err != nil {
		return err
	}
	if b == nil {
		return record.E(record.CodePDFUnbound, nil, "name", o.Name)
	}
	_, err = pdf.Open(ctx, b, o.Name)
	return err
}

// render has the sandbox draw a page. The file stays open for its other pages.
func (p *pictures) render(ctx context.Context, o record.Original, n, size int) (*image.RGBA, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil || p.hash != o.Blob.Hash {
		f, err := fetched(ctx, p.house, p.line, o.Blob.Hash)
		if err != nil {
			return nil, err
		}
		d, err := p.door.paper.OpenFile(ctx, f, o.MediaType, "")
		if err != nil {
			return nil, err
		}
		if p.open != nil {
			p.open.Close()
		}
		p.open, p.hash = d, o.Blob.Hash
	}
	w, h, err := p.open.Size(ctx, n)
	if err != nil {
		return nil, err
	}
	return p.open.Render(ctx, n, 72*float64(size)/max(w, h, 1), 0)
}

// copied is the picture in the clipboard.
func copied(ctx context.Context) (capture.Source, error) {
	b, err := clip.Picture(ctx)
	if err != nil {
		return capture.Source{}, err
	}
	name := "Zwischenablage.png"
	if bytes.HasPrefix(b, []byte("\xff\xd8")) {
		name = "Zwischenablage.jpg"
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
	return capture.Source{Name: name, Size: int64(len(b)), Open: open}, nil
}
