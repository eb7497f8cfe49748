// Package intake turns what comes over the counter, files and scanned pages, into a document's parts:
// the untouched originals, one PDF to look at and print, and the text for the search.
//
// It promises that the original's bytes are stored before anything is made of them, that a file which
// cannot be shown is kept all the same and says why, and that equal pages give equal PDFs.
//
// It never parses a PDF itself (the sandboxed viewer does), never changes an original, and never keeps a
// file in the clear.
package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"schalter/data/pdf"
	"schalter/data/record"
	"schalter/data/scan/file"
)

// Blobs keeps bytes durably (data/blob).
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (record.BlobRef, error)
	ReadAll(h record.Hash, limit int64) ([]byte, error)
}

// Paper is an opened document.
type Paper interface {
	Pages() int
	Text(ctx context.Context, page int) (string, error)
	Close()
}

// Viewer opens documents in the sandbox (data/pdf/preview).
type Viewer interface {
	OpenPaper(ctx context.Context, data []byte, mediaType string) (Paper, error)
}

// Intake makes documents.
type Intake struct {
	Blobs    Blobs
	Viewer   Viewer
	Clock    record.Clock
	Producer string // name and version, for the PDF's metadata
	Words    Words  // nil: nothing was recognized
	Office   Office // nil: office files are kept and cannot be shown
}

// Result is what became of a file. Trouble says why it is kept but cannot be shown; Pages is 0 then.
type Result struct {
	Title     string
	MediaType string // of Shown
	Shown     record.BlobRef
	Pages     int
	Original  record.Original
	Text      record.BlobRef
	Trouble   *record.Error
	With      []Result // what was attached to an e-mail
}

// maxText bounds the text taken from one document, in bytes: more than a thousand full pages.
const maxText = 8 << 20

// Import takes a file: stores it, makes a PDF where it is a picture, an e-mail or an office file, and reads its
// text. What is attached to an e-mail is taken as well.
func (in *Intake) Import(ctx context.Context, name string, size int64, r io.Reader, progress func(done, total int64)) (Result, error) {
	f, err := file.ReadAny(name, size, r, progress)
	if err != nil {
		return Result{}, err
	}
	return in.take(ctx, f, 0)
}

// take keeps a file and makes what is shown of it; nested counts the messages it came in.
func (in *Intake) take(ctx context.Context, f *file.File, nested int) (Result, error) {
	ref, err := in.Blobs.Put(ctx, bytes.NewReader(f.Data))
	if err != nil {
		return Result{}, errors.Join(errKeeping, err)
	}
	res := Result{
		Title:     title(f.Name),
		MediaType: f.MediaType, Shown: ref,
		Original: record.Original{Name: f.Name, MediaType: f.MediaType, Blob: ref},
	}
	shown, err := in.paperOf(ctx, f, &res, nested)
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if errors.Is(err, errKeeping) {
		return Result{}, err
	}
	if err != nil {
		return res.kept(err)
	}
	if f.MediaType != "application/pdf" {
		if res.Shown, err = in.Blobs.Put(ctx, bytes.NewReader(shown)); err != nil {
			return Result{}, errors.Join(errKeeping, err)
		}
		res.MediaType = "application/pdf"
	}
	return in.look(ctx, res, shown)
}

// title is what a document is called after its file: the name without its ending, which may be all there is.
func title(name string) string {
	if t := strings.TrimSpace(strings.TrimSuffix(name, path.Ext(name))); t != "" {
		return t
	}
	return name
}

// errKeeping marks trouble of our own disk: then nothing is taken.
var errKeeping = errors.New("the file cannot be kept")

// kept is a file that stays as an original though nothing can be shown of it.
func (r Result) kept(err error) (Result, error) {
	var trouble *record.Error
	if !errors.As(err, &trouble) {
		trouble = record.E(record.CodeImportUnread, err, "name", r.Original.Name)
	}
	r.Trouble, r.Pages = trouble, 0
	return r, nil
}

// look opens what will be shown, counts its pages and stores its text.
func (in *Intake) look(ctx context.Context, res Result, shown []byte) (Result, error) {
	paper, err := in.Viewer.OpenPaper(ctx, shown, res.MediaType)
	if err != nil {
		if ctx.Err() != nil {
			return Result{}, fmt.Errorf("look at the file: %w", err)
		}
		return res.kept(err)
	}
	defer paper.Close()
	res.Pages = paper.Pages()
	texts, found, sum := make([]string, res.Pages), false, 0
	for i := range texts {
		t, err := paper.Text(ctx, i)
		if ctx.Err() != nil {
			return Result{}, fmt.Errorf("read the text: %w", ctx.Err())
		}
		if err != nil { // a page whose text cannot be read is still shown
			continue
		}
		texts[i] = strings.ToValidUTF8(t, "")
		found = found || strings.TrimSpace(t) != ""
		if sum += len(t); sum > maxText {
			texts = texts[:i+1]
			break
		}
	}
	if !found {
		return res, nil
	}
	b, err := json.Marshal(texts)
	if err != nil {
		return Result{}, fmt.Errorf("store the text: %w", err)
	}
	if res.Text, err = in.Blobs.Put(ctx, bytes.NewReader(b)); err != nil {
		return Result{}, errors.Join(errKeeping, err)
	}
	return res, nil
}

func (in *Intake) meta(title string) pdf.Meta {
	return pdf.Meta{Title: title, Producer: in.Producer, Lang: "de-DE", Created: in.Clock().UTC().Truncate(time.Second)}
}

func (in *Intake) write(w io.Writer, title string, images []file.Image) error {
	p := pdf.New(w, in.meta(title))
	for _, m := range images {
		if err := p.AddPage(pdf.Page{Image: m.Data, MediaType: m.MediaType, DPI: m.DPI, Shrink: true}); err != nil {
			return fmt.Errorf("add a page: %w", err)
		}
	}
	return p.Close()
}
