package rendition

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"schalter/data/letter"
	"schalter/data/pdf"
	"schalter/data/record"
	"schalter/data/transfer"
)

// Whole is a case as it is exported.
type Whole struct {
	Case    record.Case
	Title   string               // of the case, for people
	Front   []byte               // the confirmation as PDF; nil: none
	Account []letter.AccountPart // what is known of the case: notes, journal, notes of transfer, in words
}

// documents are those that leave the house: not what lies in the trash.
func (w Whole) documents() (out []record.Document) {
	for _, d := range w.Case.Documents {
		if d.Trashed == nil {
			out = append(out, d)
		}
	}
	return out
}

// withheld are the originals of which the case keeps something back: pages that were taken out, documents that are
// blackened or lie in the trash. They do not leave the house, also not with another document made of the same file.
func (w Whole) withheld() map[record.Hash]bool {
	out := map[record.Hash]bool{}
	for _, d := range w.Case.Documents {
		shown := map[int]bool{}
		for _, s := range d.Sheets {
			before, known := shown[s.Original]
			shown[s.Original] = !s.Out && (before || !known)
		}
		for i, o := range d.Originals {
			if d.Trashed != nil || Blackened(d) || len(d.Sheets) > 0 && !shown[i] {
				out[o.Blob.Hash] = true
			}
		}
	}
	return out
}

// Case writes a case as one PDF with bookmarks: the confirmation, each document with its marks, what is known of
// the case; the notes of transfer are attached.
func (p *Press) Case(ctx context.Context, w io.Writer, c Whole) error {
	title := strings.TrimSpace(c.Case.Number + " " + c.Title)
	return p.write(ctx, w, title, func(b *binder) error {
		for _, d := range c.documents() {
			b.total += max(1, d.Pages)
		}
		if c.Front != nil {
			if err := b.pages(c.Front, []pdf.Bookmark{{Title: p.Words.Say("export.confirmation")}}); err != nil {
				return err
			}
		}
		for _, d := range c.documents() {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.document(d, []pdf.Bookmark{{Title: d.Title}}); err != nil {
				return named(err, d.Title)
			}
			if err := b.note(d); err != nil {
				return err
			}
		}
		return b.account(letter.Account{
			Lang: p.Words.Lang, Authority: p.Authority, Title: p.Words.Say("export.account"), Subject: title, Made: p.Made, Parts: c.Account,
		}, []pdf.Bookmark{{Title: p.Words.Say("export.account")}})
	})
}

// named says of which document an error speaks that does not say what to do.
func named(err error, title string) error {
	if errors.Is(err, context.Canceled) || record.CodeOf(err) != record.CodeInternal {
		return err
	}
	return record.E(record.CodeExport, err, "title", title)
}

// note attaches how a paper became a file. What is blackened may stand in it too (a title of a device does not,
// but what a clerk remarked may), so a blackened document goes without.
func (b *binder) note(d record.Document) error {
	if d.Transfer == nil || Blackened(d) {
		return nil
	}
	data, err := transfer.JSON(*d.Transfer)
	if err != nil {
		return err
	}
	return b.out.Attach(pdf.Attachment{
		Name: b.names.of(d.Title+" "+strings.TrimSuffix(transfer.FileName, ".json"), ".json"), MediaType: "application/json",
		Relation: pdf.RelSupplement, Description: b.Words.Say("export.transfer", "title", d.Title), Modified: d.Transfer.Time, Data: data,
	})
}

// Sink takes the files of a case. Names are relative, with "/" between folder and file, and safe on every system.
type Sink func(name string) (io.WriteCloser, error)

// Folder writes a case as files: each document as it is shown, its untouched originals where they are others, its
// note of transfer, and an index. A blackened document comes as its rendition alone, and an original of which
// pages are kept back stays away.
func (p *Press) Folder(ctx context.Context, sink Sink, c Whole) error {
	f := folder{Press: p, ctx: ctx, sink: sink, top: newNames(), withheld: c.withheld()}
	f.line(strings.TrimSpace(c.Case.Number+" "+c.Title), "")
	if c.Front != nil {
		if err := f.add(f.top.of("00 "+p.Words.Say("export.confirmation"), ".pdf"), c.Front); err != nil {
			return err
		}
	}
	for i, d := range c.documents() {
		if err := f.document(i+1, d); err != nil {
			return named(err, d.Title)
		}
	}
	var account bytes.Buffer
	if err := letter.WriteAccount(&account, letter.Account{
		Lang: p.Words.Lang, Authority: p.Authority, Title: p.Words.Say("export.account"), Subject: strings.TrimSpace(c.Case.Number + " " + c.Title), Made: p.Made, Parts: c.Account,
	}); err != nil {
		return err
	}
	if err := f.add(f.top.of(p.Words.Say("export.account"), ".pdf"), account.Bytes()); err != nil {
		return err
	}
	return f.write(f.top.of(p.Words.Say("export.index"), ".txt"), []byte(f.index.String()))
}

// folder is an export as files that is being made.
type folder struct {
	*Press
	ctx   context.Context
	sink  Sink
	top   *names
	index strings.Builder

	withheld map[record.Hash]bool
}

func (f *folder) line(text, hash string) {
	if hash != "" {
		text += "  SHA-256 " + hash
	}
	f.index.WriteString(text + "\r\n")
}

// add writes a file and notes it in the index.
func (f *folder) add(name string, data []byte) error {
	f.line(name, string(record.HashOf(data)))
	return f.write(name, data)
}

func (f *folder) write(name string, data []byte) (err error) {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	w, err := f.sink(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	_, err = w.Write(data)
	return err
}

func (f *folder) document(n int, d record.Document) error {
	title := fmt.Sprintf("%02d %s", n, d.Title)
	if Blackened(d) {
		var b bytes.Buffer
		if err := f.Document(f.ctx, &b, d); err != nil {
			return err
		}
		f.line(f.Words.Say("export.blackened", "title", d.Title), "")
		return f.add(f.top.of(title, ".pdf"), b.Bytes())
	}
	if d.Shown.Hash != "" {
		data, err := f.Files(f.ctx, d.Shown.Hash)
		if err != nil {
			return err
		}
		if err := f.add(f.top.of(title, ending(d.MediaType, shownName(d))), data); err != nil {
			return err
		}
	}
	return f.beside(f.top, title, d)
}

// shownName is what the shown file was called, where it is an original.
func shownName(d record.Document) string {
	for _, o := range d.Originals {
		if o.Blob.Hash == d.Shown.Hash {
			return o.Name
		}
	}
	return ""
}

// beside writes a document's originals and note into a folder of its own, where there are any.
func (f *folder) beside(top *names, title string, d record.Document) error {
	inside, in := "", newNames()
	place := func(name, end string) string {
		if inside == "" {
			inside = top.of(title, "")
		}
		return path.Join(inside, in.of(name, end))
	}
	seen := map[record.Hash]bool{d.Shown.Hash: true}
	for _, o := range d.Originals {
		if seen[o.Blob.Hash] {
			continue
		}
		seen[o.Blob.Hash] = true
		if f.withheld[o.Blob.Hash] {
			f.line(f.Words.Say("export.withheld", "title", d.Title, "name", o.Name), "")
			continue
		}
		data, err := f.Files(f.ctx, o.Blob.Hash)
		if err != nil {
			return err
		}
		end := ending(o.MediaType, o.Name)
		name := o.Name
		if e := path.Ext(name); harmless[strings.ToLower(e)] {
			name = strings.TrimSuffix(name, e)
		}
		if err := f.add(place(name, end), data); err != nil {
			return err
		}
	}
	if d.Transfer == nil {
		return nil
	}
	data, err := transfer.JSON(*d.Transfer)
	if err != nil {
		return err
	}
	return f.add(place(strings.TrimSuffix(transfer.FileName, ".json"), ".json"), data)
}

// Zip writes a case as Folder does, into one archive.
func (p *Press) Zip(ctx context.Context, w io.Writer, c Whole) error {
	z := zip.NewWriter(w)
	err := p.Folder(ctx, func(name string) (io.WriteCloser, error) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.Made})
		return entry{f}, err
	}, c)
	return errors.Join(err, z.Close())
}

// entry is a file of an archive, which ends when the next begins.
type entry struct{ io.Writer }

func (entry) Close() error { return nil }
