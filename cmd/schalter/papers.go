package main

import (
	"context"
	"io"

	"schalter/data/intake"
	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/pageview"
)

// sheet is a document in the sandbox, as the screens turn its pages.
type sheet struct{ *preview.Document }

// viewer lets the intake read what it takes.
type viewer struct{ renderer *preview.Renderer }

func (v viewer) OpenPaper(ctx context.Context, data []byte, mediaType string) (intake.Paper, error) {
	d, err := v.renderer.Open(ctx, data, mediaType, "")
	if err != nil {
		return nil, err
	}
	return d, nil
}

// counter gives the capture screen what turns files and pages into documents.
type counter struct{ in *intake.Intake }

// Import takes a file.
func (c counter) Import(ctx context.Context, src capture.Source, progress func(done, total int64)) (capture.Imported, error) {
	r, err := src.Open()
	if err != nil {
		if record.CodeOf(err) != record.CodeInternal {
			return capture.Imported{}, err // it says by itself what it is
		}
		return capture.Imported{}, record.E(record.CodeImportUnread, err, "name", src.Name)
	}
	defer func() { _ = r.Close() }() // only read
	res, err := c.in.Import(ctx, src.Name, src.Size, r, progress)
	if err != nil {
		return capture.Imported{}, err
	}
	return taken(res), nil
}

func taken(res intake.Result) capture.Imported {
	out := capture.Imported{
		Title: res.Title, MediaType: res.MediaType, Shown: res.Shown, Pages: res.Pages,
		Originals: []record.Original{res.Original}, Text: res.Text, Trouble: res.Trouble,
	}
	for _, w := range res.With {
		out.With = append(out.With, taken(w))
	}
	return out
}

// Bind makes one PDF of a document's originals.
func (c counter) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	return c.in.Bind(ctx, d)
}

// fetched finds a stored file. One that another desk filed and that has not come yet is asked for and waited
// for as long as there is a line.
func fetched(ctx context.Context, h *house, l *line, hash record.Hash) (preview.File, error) {
	changed, stop := h.store.Watch()
	defer stop()
	for {
		r, err := h.blobs.Open(hash)
		if err == nil {
			open := func() (io.ReadCloser, error) { return h.blobs.Open(hash) }
			return preview.File{Key: string(hash), Size: r.Size(), Open: open}, r.Close()
		}
		if record.CodeOf(err) != record.CodeBlobMissing {
			return preview.File{}, err
		}
		l.want(hash)
		if !l.Link().Online {
			return preview.File{}, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return preview.File{}, ctx.Err()
		}
	}
}

// open hands a stored document to the sandbox, which reads it from the store when it needs it.
func open(h *house, l *line, r *preview.Renderer, d record.Document) pageview.Open {
	return func(ctx context.Context, password string) (pageview.Document, error) {
		file, err := fetched(ctx, h, l, d.Shown.Hash)
		if err != nil {
			return nil, err
		}
		doc, err := r.OpenFile(ctx, file, d.MediaType, password)
		if err != nil {
			return nil, err
		}
		return sheet{doc}, nil
	}
}
