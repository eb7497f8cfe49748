package main

import (
	"context"
	"path/filepath"
	"strings"

	"schalter/data/intake"
	"schalter/data/office"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/desk"
)

// adding asks for a file and files it in a case that is there already.
func (d *door) adding(h *house) func(host desk.Host, c record.Case, came func([]record.Document, []record.Place, error)) {
	in := counter{&intake.Intake{Blobs: h.blobs, Viewer: viewer{d.paper}, Clock: record.SystemClock, Producer: "Schalter " + version, Office: office.Converter{}}}
	return func(host desk.Host, c record.Case, came func([]record.Document, []record.Place, error)) {
		newDialogs(host).Open(func(files []capture.Source, err error) {
			if err != nil || len(files) == 0 {
				came(nil, nil, err)
				return
			}
			host.Run(func(ctx context.Context) func() {
				docs, already, err := h.add(ctx, in, c.ID, files)
				return func() { came(docs, already, err) }
			})
		})
	}
}

// add takes files in and files them in a case, all or none, and tells where the same bytes were before.
func (h *house) add(ctx context.Context, in capture.Importer, id record.ID, files []capture.Source) (docs []record.Document, already []record.Place, err error) {
	var take func(name string, got capture.Imported) error
	take = func(name string, got capture.Imported) error {
		d := record.Document{
			ID: record.NewID(), Title: got.Title, Source: record.SourceImport, Shown: got.Shown, MediaType: got.MediaType, Pages: got.Pages,
			Originals: got.Originals, Text: got.Text, Made: record.SystemClock(), User: h.user,
		}
		if d.Title == "" {
			d.Title = strings.TrimSuffix(name, filepath.Ext(name))
		}
		docs = append(docs, d)
		for _, o := range got.Originals {
			places, err := h.store.Places(ctx, o.Blob.Hash)
			if err != nil {
				return err
			}
			already = append(already, places...)
		}
		for _, with := range got.With {
			if err := take(with.Originals[0].Name, with); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range files {
		got, err := in.Import(ctx, f, func(int64, int64) {})
		if err == nil {
			err = take(f.Name, got)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	edits := make([]record.Edit, len(docs))
	for i, d := range docs {
		edits[i] = record.Edit{Case: id, Kind: record.KindDocument, User: h.user, Payload: record.DocumentAdded{Document: d}}
	}
	if _, err := h.store.Apply(ctx, edits...); err != nil {
		return nil, nil, err
	}
	return docs, already, nil
}
