package intake

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"schalter/data/letter"
	"schalter/data/mail"
	"schalter/data/office"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/file"
)

// Office shows office files as PDF (data/office).
type Office interface {
	PDF(ctx context.Context, mediaType string, data []byte) ([]byte, error)
}

// maxNested is how deep messages within messages are unpacked; deeper ones stay in the message they came in.
const maxNested = 3

// smallPicture is what a picture that stands in a message's text must be larger than to be a document of its own:
// logos in signatures are smaller, photographs larger. Bytes.
const smallPicture = 30 << 10

// paperOf makes what is shown of a file that was taken: the file itself, or a PDF made of it.
func (in *Intake) paperOf(ctx context.Context, f *file.File, res *Result, nested int) ([]byte, error) {
	switch {
	case f.MediaType == "application/pdf":
		return f.Data, nil
	case f.MediaType == mail.Internet || f.MediaType == mail.Outlook:
		return in.message(ctx, f, res, nested)
	case office.Is(f.MediaType):
		if in.Office == nil {
			return nil, record.E(record.CodeOfficeMissing, nil)
		}
		return in.Office.PDF(ctx, f.MediaType, f.Data)
	}
	images, err := f.Pages()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := in.write(&b, res.Title, images); err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", f.Name)
	}
	return b.Bytes(), nil
}

// message writes an e-mail as a paper and takes what is attached to it. What cannot be taken stays in the
// message, which is kept whole, and is named.
func (in *Intake) message(ctx context.Context, f *file.File, res *Result, nested int) ([]byte, error) {
	m, err := mail.Read(f.MediaType, f.Data)
	if err != nil {
		return nil, err
	}
	if m.Subject != "" {
		res.Title = file.Name(strings.ReplaceAll(m.Subject, "/", " "))
	}
	var left []string
	for _, p := range m.Parts {
		if decoration(p) {
			continue
		}
		name := file.Name(p.Name)
		a, err := file.ReadAny(name, int64(len(p.Data)), bytes.NewReader(p.Data), nil)
		if err != nil || nested >= maxNested {
			left = append(left, name)
			continue
		}
		with, err := in.take(ctx, a, nested+1)
		if err != nil {
			return nil, err
		}
		res.With = append(res.With, with)
	}
	if len(left) > 0 {
		res.Trouble = record.E(record.CodeMailLeft, nil, "names", strings.Join(left, ", "))
	}
	var b bytes.Buffer
	if err := letter.WriteMail(&b, m, "de"); err != nil {
		return nil, fmt.Errorf("write the message: %w", err)
	}
	return b.Bytes(), nil
}

// decoration tells a small picture that stands in the text.
func decoration(p mail.Part) bool {
	if !p.Inline || len(p.Data) > smallPicture {
		return false
	}
	_, _, err := scan.Config(p.Data)
	return err == nil
}
