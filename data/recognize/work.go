package recognize

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"slices"
	"strings"
	"sync"

	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/record"
)

// hopeless is how many pages may fail one after another before the program is taken to be broken, not them.
const hopeless = 8

const maxPicture = 256 << 20

// work reads the pages of some documents, several at a time, and finishes each document behind its last page.
func (q *Queue) work(ctx context.Context, list []paper) error {
	state := q.State()
	for i := range list {
		p := &list[i]
		if p.unread > 0 {
			if err := q.readAll(ctx, p, state); err != nil {
				return err
			}
		}
		if err := q.finish(ctx, *p, state); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads the pages of a document that were not read yet.
func (q *Queue) readAll(ctx context.Context, p *paper, state record.Recognition) error {
	file := &opened{q: q, doc: p.doc}
	defer file.close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	todo := make(chan sheet)
	errs := make(chan error, q.Workers)
	var workers sync.WaitGroup
	for range q.Workers {
		workers.Go(func() {
			for s := range todo {
				if err := q.read(ctx, file, s, p.language, state.Engine); err != nil {
					errs <- err
					stop()
					return
				}
			}
		})
	}
	seen := map[record.Hash]bool{}
feed:
	for _, s := range p.pages {
		if s.whole || s.mute || seen[s.key] {
			continue
		}
		seen[s.key] = true
		select {
		case todo <- s:
		case <-ctx.Done():
			break feed
		}
	}
	close(todo)
	workers.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return ctx.Err()
	}
}

// read reads one page, as often as it may fail, and stores what came of it. An error ends the round; the page
// stays to be read.
func (q *Queue) read(ctx context.Context, file *opened, s sheet, language, engine string) error {
	r, err := q.Store.Reading(ctx, s.key, language, engine)
	if err != nil {
		return err
	}
	r.Of, r.Language, r.Engine = s.key, language, engine
	for {
		if err := q.gate(ctx); err != nil {
			return err
		}
		text, err := q.recognize(ctx, file, s, language)
		switch code := record.CodeOf(err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			r.Text, r.Fault = text, ""
			q.update(func() { q.streak = 0 })
		case code == record.CodeOCRMissing || code == record.CodeOCRLanguage:
			q.update(func() { q.known = false })
			return err
		case final[code]:
			r.Fault, r.Tries = code, page.MaxTries
		default:
			r.Fault, r.Tries = code, r.Tries+1
		}
		if err != nil {
			if broken := q.failed(err); broken != nil {
				return broken // not the page's fault: it is not counted against it
			}
		}
		if err := q.Store.KeepReading(ctx, r); err != nil {
			return err
		}
		if r.Fault == "" || r.Whole() {
			q.update(func() { q.state.Done++ })
			return nil
		}
	}
}

// final are the faults of a picture that no other attempt makes better. Time is that of the processor, so that a
// page which took too long once takes too long again.
var final = map[record.Code]bool{
	record.CodeOCRTimeout:  true,
	record.CodeScanBadData: true, record.CodeImportPixels: true, record.CodeBlobMissing: true, record.CodeBlobDamaged: true,
	record.CodeBlobTooLarge: true, record.CodePDFCannotShow: true, record.CodePDFPassword: true, record.CodePDFNoPages: true,
	record.CodePDFTooLarge: true, record.CodePDFFileTooLarge: true, record.CodePDFTimeout: true, record.CodePDFNoPage: true,
}

// failed counts failures that followed each other, and after too many of them stops it all.
func (q *Queue) failed(err error) error {
	trouble := asError(err)
	if trouble.Code != record.CodeOCRFailed {
		return nil
	}
	var broken error
	q.update(func() {
		if q.streak++; q.streak >= hopeless {
			q.state.Trouble, broken = trouble, trouble
		}
	})
	return broken
}

func (q *Queue) recognize(ctx context.Context, file *opened, s sheet, language string) (page.Text, error) {
	if text, ok := file.says(ctx, s); ok {
		return text, nil
	}
	return q.Engine.ReadFrom(ctx, file.source(s), ocr.Ask{Language: language, Turns: s.turns})
}

// opened is a document whose pages are being read.
type opened struct {
	q   *Queue
	doc record.Document

	mu    sync.Mutex
	pages Pages
}

// source hands over the picture of a page. In the whole queue there is one at a time.
func (o *opened) source(s sheet) ocr.Source {
	return func(ctx context.Context, give func(image.Image, int) error) error {
		defer o.q.freed()
		o.q.picture.Lock()
		defer o.q.picture.Unlock()
		if err := ctx.Err(); err != nil {
			return err
		}
		m, dpi, err := o.picture(ctx, s)
		if err != nil {
			return err
		}
		return give(m, dpi)
	}
}

func (o *opened) picture(ctx context.Context, s sheet) (m image.Image, dpi int, err error) {
	if s.picture.Hash != "" {
		b, err := o.q.Blobs.ReadAll(s.picture.Hash, maxPicture)
		if err != nil {
			return nil, 0, err
		}
		m, err := page.Decode(b)
		return m, s.dpi, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.open(ctx); err != nil {
		return nil, 0, err
	}
	for at := fileDPI; ; at /= 2 {
		m, err := o.pages.Render(ctx, s.page, at)
		if record.CodeOf(err) == record.CodePDFTooLarge && at > fileDPI/8 {
			continue // a plan on a large sheet
		}
		return m, int(at), err
	}
}

func (o *opened) open(ctx context.Context) (err error) {
	if o.pages == nil {
		o.pages, err = o.q.Viewer.OpenPages(ctx, o.doc.Shown, o.doc.MediaType)
	}
	return err
}

// says is the text that a page of a file has by itself: nobody reads better than who wrote it. Its words stand
// nowhere, as nothing is bound of them.
func (o *opened) says(ctx context.Context, s sheet) (page.Text, bool) {
	if s.picture.Hash != "" {
		return page.Text{}, false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open(ctx) != nil {
		return page.Text{}, false
	}
	text, err := o.pages.Text(ctx, s.page)
	if err != nil {
		return page.Text{}, false
	}
	var t page.Text
	line := 0
	for l := range strings.Lines(strings.ToValidUTF8(text, "")) {
		for w := range strings.FieldsSeq(l) {
			t.Words = append(t.Words, page.Word{Text: w, Line: line})
		}
		line++
	}
	return t, len(t.Words) > 0
}

func (o *opened) close() {
	if o.pages != nil {
		o.pages.Close()
	}
}

// finish gives the document what was read of its pages.
func (q *Queue) finish(ctx context.Context, p paper, state record.Recognition) error {
	d := p.doc
	d.Language, d.Unread, d.Lying = p.language, nil, nil
	texts, looked, err := q.texts(ctx, p, state.Engine, &d)
	if err != nil {
		return err
	}
	if looked {
		if err := q.bind(ctx, p, texts, &d); err != nil {
			return err
		}
	}
	switch {
	case !looked: // the file says everything itself
	case p.draft != "":
		if err := q.tell(ctx, p, d); err != nil {
			return err
		}
	default: // also where nothing was found: the other desks wait for it
		if _, err := q.Store.Apply(ctx, record.Edit{Case: p.matter, Kind: record.KindVersion, User: q.User(), Payload: record.DocumentVersion{
			Document: d.ID, Of: p.doc.Shown.Hash, Why: record.WhyText, Shown: d.Shown, MediaType: d.MediaType, Pages: d.Pages,
			Sheets: d.Sheets, Text: d.Text, Language: d.Language, Unread: d.Unread, Lying: d.Lying,
		}}); err != nil {
			return err
		}
	}
	q.give(p)
	switch {
	case p.draft != "":
		return nil
	case p.again:
		return q.done(ctx, d.ID, p.language)
	}
	return q.Store.Heard(ctx, d.ID, d.Shown.Hash)
}

// texts are those of all pages; looked tells whether some of them were to be read.
func (q *Queue) texts(ctx context.Context, p paper, engine string, d *record.Document) (texts []string, looked bool, err error) {
	texts = make([]string, max(len(p.pages), len(p.said)))
	copy(texts, p.said)
	for i, s := range p.pages {
		if s.mute {
			continue
		}
		looked = true
		r, err := q.Store.Reading(ctx, s.key, p.language, engine)
		switch {
		case err != nil:
			return nil, false, err
		case !r.Whole():
			return nil, false, errors.New("recognize: a page is still to be read")
		case r.Fault != "":
			d.Unread = append(d.Unread, i+1)
		default:
			texts[i] = Plain(r.Text)
			if by := ((r.Text.Turns-s.turns)%4 + 4) % 4; r.Text.Sure && by != 0 && !s.unsure {
				d.Lying = append(d.Lying, record.Lying{Page: i + 1, Turns: by})
			}
			if err := q.latest(ctx, p, r); err != nil {
				return nil, false, err
			}
		}
	}
	return texts, looked, nil
}

// latest makes a reading the one that a binder asks for, where the page was read in several languages.
func (q *Queue) latest(ctx context.Context, p paper, r page.Reading) error {
	if !p.bound {
		return nil
	}
	last, err := q.Store.LatestReading(ctx, r.Of)
	if err != nil || last.Language == r.Language && last.Engine == r.Engine {
		return err
	}
	return q.Store.KeepReading(ctx, r)
}

// tell gives a draft its words.
func (q *Queue) tell(ctx context.Context, p paper, d record.Document) error {
	if q.Draft != nil && q.Draft(ctx, p.draft, p.doc.Shown.Hash, d) {
		return nil
	}
	_, err := q.Store.HearDraft(ctx, p.draft, p.doc.Shown.Hash, d)
	return err
}

// give remembers that a document got its words. A tab may keep them for a while before it saves. Where it did not
// take them, because the draft was being filed, the case is still to get them: that is another place.
func (q *Queue) give(p paper) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.given[place{p.draft, p.doc.ID}] = gift{p.doc.Shown.Hash, p.language}
}

func (q *Queue) has(p paper) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.given[place{p.draft, p.doc.ID}] == gift{p.doc.Shown.Hash, p.language}
}

// bind stores the texts, and where the PDF was made here of pictures, makes it again with the words in it. If
// that cannot be done the words are found all the same.
func (q *Queue) bind(ctx context.Context, p paper, texts []string, d *record.Document) error {
	d.Text = record.BlobRef{}
	if !slices.ContainsFunc(texts, func(t string) bool { return t != "" }) {
		if !p.again { // nothing to be bound in; of what was read before, words may be
			return nil
		}
	} else {
		b, err := json.Marshal(texts)
		if err != nil {
			return err
		}
		if d.Text, err = q.Blobs.Put(ctx, bytes.NewReader(b)); err != nil {
			return err
		}
	}
	if !p.bound {
		return nil
	}
	shown, n, err := q.Binder.Bind(ctx, p.doc)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case record.CodeOf(err) == record.CodeDiskFull:
		return err
	case err == nil && n == d.Pages:
		d.Shown = shown
	}
	return nil
}

// Plain is the text of a page as it is searched: its lines, and the words of each with a blank between them.
func Plain(t page.Text) string {
	var b strings.Builder
	for i, w := range t.Words {
		switch {
		case i == 0:
		case w.Line != t.Words[i-1].Line:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}
