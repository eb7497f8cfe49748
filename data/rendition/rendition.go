// Package rendition makes new papers of documents for whoever is to get them: a document with what clerks put on
// it, a whole case as one PDF or as files in a folder, and the pages of a certified copy.
//
// It is for the screens that export, print and certify. Documents come as stored bytes, their pages are drawn by
// the sandboxed viewer, and what is written goes to the writer that is handed in.
//
// It promises:
//
//   - A document with anything blackened leaves the house as pictures of its pages, every one of them, with the
//     boxes painted before the picture is packed. Nothing of the file itself goes along: no text, no hidden
//     text, no pictures beneath, no metadata, attachments or earlier revisions. Pages without a box are pictures
//     too, because pages of one file share fonts and pictures with each other.
//   - Stamps, notes and highlighting become content of the page.
//   - A signed PDF is never altered: it is attached as it is, with a sheet that says so in its place; unless
//     something on it is blackened, then it is not attached either.
//   - What cannot be shown as pages is attached as it is.
//   - Names of files are safe on every system, whatever the documents are called, and no two are the same.
//   - What lies outside under its own name is whole: until then its name ends with ".part", and where the disk is full
//     or write-protected nothing of it is left. No folder that is there is written into.
//   - Equal input gives equal bytes.
//
// It never changes a stored file, never takes documents out of the trash, and never opens bytes from outside by
// itself except to copy the pages of a PDF (package pdf).
package rendition

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"time"

	"schalter/data/letter"
	"schalter/data/pdf"
	"schalter/data/record"
)

// Files reads stored files whole.
type Files func(ctx context.Context, h record.Hash) ([]byte, error)

// Viewer opens papers in the sandbox (package preview). Its Render draws a page on white with all that is on it.
type Viewer func(ctx context.Context, data []byte, mediaType string) (Paper, error)

// Paper is an opened document; pages count from 0.
type Paper interface {
	Pages() int
	Size(ctx context.Context, page int) (w, h float64, err error)
	Render(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.RGBA, error)
	Close()
}

// Words are the sentences that the package itself writes, in one language; Say gives the one with that key and
// fills its placeholders.
type Words struct {
	Lang string
	Say  func(key string, pairs ...any) string
}

// Press makes renditions.
type Press struct {
	Files     Files
	Viewer    Viewer
	Words     Words
	Authority string
	Producer  string
	Made      time.Time // noted in what is made
	// Progress is told how many of the pages are done; nil: nobody asks.
	Progress func(done, total int)
}

// maxFile is the largest file whose pages are copied; it has to be in memory for that.
const maxFile = 512 << 20

// Document writes one document with its marks as a PDF, its note of transfer attached.
func (p *Press) Document(ctx context.Context, w io.Writer, d record.Document) error {
	return p.write(ctx, w, d.Title, func(b *binder) error {
		b.total = max(1, d.Pages)
		if err := b.document(d, nil); err != nil {
			return err
		}
		return b.note(d)
	})
}

// write begins and ends a file.
func (p *Press) write(ctx context.Context, w io.Writer, title string, fill func(*binder) error) error {
	b := &binder{
		Press: p, ctx: ctx, names: newNames(),
		out: pdf.New(w, pdf.Meta{Title: title, Producer: p.Producer, Lang: p.Words.Lang, Created: p.Made}),
	}
	if err := fill(b); err != nil {
		return err
	}
	return b.out.Close()
}

// binder puts papers behind each other into one file.
type binder struct {
	*Press
	ctx         context.Context
	out         *pdf.Writer
	names       *names
	done, total int
}

func (b *binder) step() {
	b.done++
	if b.Progress != nil {
		b.Progress(b.done, max(b.done, b.total))
	}
}

// document appends a document; the first of its pages is what the bookmarks lead to.
func (b *binder) document(d record.Document, marks []pdf.Bookmark) error {
	if d.Shown.Hash == "" {
		return b.enclosed(d, marks, nil, "export.not_shown")
	}
	if d.Shown.Size > maxFile {
		return record.E(record.CodePDFFileTooLarge, nil, "name", d.Title, "limit", maxFile>>20)
	}
	data, err := b.Files(b.ctx, d.Shown.Hash)
	if err != nil {
		return err
	}
	if Blackened(d) {
		return b.pictures(d, data, marks)
	}
	if d.MediaType != "application/pdf" {
		return b.other(d, data, marks)
	}
	source, err := pdf.Open(b.ctx, data, d.Title)
	switch record.CodeOf(err) {
	case "":
	case record.CodePDFSigned:
		return b.enclosed(d, marks, data, "export.signed")
	case record.CodePDFPassword:
		return b.enclosed(d, marks, data, "export.password")
	case record.CodePDFUnbound:
		return b.pictures(d, data, marks)
	default:
		return err
	}
	defer b.out.Forget(source)
	for i := range source.Pages() {
		page := pdf.Page{Bookmarks: first(i, marks)}
		if page.Over, err = over(b.ctx, source, i, onPage(d.Marks, i)); err != nil {
			return err
		}
		if err := b.out.AddSourcePage(source, i, page); err != nil {
			return err
		}
		b.step()
	}
	return nil
}

// Blackened tells whether anything on a document must not be seen outside.
func Blackened(d record.Document) bool {
	for _, m := range d.Marks {
		if m.Kind == record.MarkBlack {
			return true
		}
	}
	return false
}

func first(i int, marks []pdf.Bookmark) []pdf.Bookmark {
	if i > 0 {
		return nil
	}
	return marks
}

func onPage(marks []record.Mark, page int) (out []record.Mark) {
	for _, m := range marks {
		if m.Page == page && m.Kind != record.MarkBlack {
			out = append(out, m)
		}
	}
	return out
}

// over is the clear page with the marks of a page; nil where there are none.
func over(ctx context.Context, source *pdf.Source, page int, marks []record.Mark) (*pdf.Source, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	w, h, err := source.Size(page)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := letter.WriteMarks(&b, w, h, marks); err != nil {
		return nil, err
	}
	return pdf.Open(ctx, b.Bytes(), "")
}

// other appends what is no PDF: a picture as it is where the writer takes it, else as the viewer draws it, else
// attached.
func (b *binder) other(d record.Document, data []byte, marks []pdf.Bookmark) error {
	if done, err := b.photo(d, data, marks); done || err != nil {
		return err
	}
	err := b.pictures(d, data, marks)
	if record.CodeOf(err) == record.CodePDFCannotShow {
		return b.enclosed(d, marks, data, "export.not_shown")
	}
	return err
}

// enclosed appends a sheet that says why a document stands beside the pages instead of among them, and attaches
// it as it is.
func (b *binder) enclosed(d record.Document, marks []pdf.Bookmark, data []byte, why string) error {
	name := ""
	if data != nil {
		name = b.names.of(d.Title, ext(d.MediaType))
		if err := b.out.Attach(pdf.Attachment{Name: name, MediaType: d.MediaType, Relation: pdf.RelSource, Description: d.Title, Modified: d.Made, Data: data}); err != nil {
			return err
		}
	}
	b.step()
	a := letter.Account{Lang: b.Words.Lang, Authority: b.Authority, Title: d.Title, Made: b.Made}
	a.Parts = []letter.AccountPart{{Rows: []letter.AccountRow{{Text: b.Words.Say(why, "name", name)}}}}
	return b.account(a, marks)
}

// account appends a paper of the house.
func (b *binder) account(a letter.Account, marks []pdf.Bookmark) error {
	var buf bytes.Buffer
	if err := letter.WriteAccount(&buf, a); err != nil {
		return err
	}
	return b.pages(buf.Bytes(), marks)
}

// pages appends a PDF that the program itself has made.
func (b *binder) pages(data []byte, marks []pdf.Bookmark) error {
	source, err := pdf.Open(b.ctx, data, "")
	if err != nil {
		return err
	}
	defer b.out.Forget(source)
	for i := range source.Pages() {
		if err := b.out.AddSourcePage(source, i, pdf.Page{Bookmarks: first(i, marks)}); err != nil {
			return err
		}
	}
	return nil
}

// errNoPages: a document that has pages shows none.
var errNoPages = errors.New("rendition: the viewer shows no page")
