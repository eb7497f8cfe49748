package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"

	"schalter/data/clip"
	"schalter/data/page"
	"schalter/data/record"
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
}

var _ pagetable.Pictures = pictures{}

// What is decoded here: A4 at 600 dpi has 35 million pixels.
const (
	maxScan = 100 << 20 // bytes
	usual   = 40_000_000
)

// Draw draws a page as it came.
func (p pictures) Draw(ctx context.Context, o record.Original, n, size int) (*image.RGBA, error) {
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
func (p pictures) Look(ctx context.Context, o record.Original, n, dpi int) (page.Findings, error) {
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
func (p pictures) decode(ctx context.Context, o record.Original) (image.Image, error) {
	if o.MediaType != "image/jpeg" && o.MediaType != "image/png" {
		return nil, nil
	}
	f, err := fetched(ctx, p.house, p.line, o.Blob.Hash)
	if err != nil {
		return nil, err
	}
	if f.Size > maxScan {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close(), ctx.Err()); err != nil {
		return nil, err
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(b)); err != nil || int64(c.Width)*int64(c.Height) > usual {
		return nil, nil // the sandbox says what is wrong with it
	}
	return page.Decode(b)
}

func (p pictures) render(ctx context.Context, o record.Original, n, size int) (*image.RGBA, error) {
	f, err := fetched(ctx, p.house, p.line, o.Blob.Hash)
	if err != nil {
		return nil, err
	}
	d, err := p.door.paper.OpenFile(ctx, f, o.MediaType, "")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	w, h, err := d.Size(ctx, n)
	if err != nil {
		return nil, err
	}
	return d.Render(ctx, n, 72*float64(size)/max(w, h, 1), 0)
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
