package recognize

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"schalter/data/record"
)

// paper is a document to be read.
type paper struct {
	draft  record.ID // or
	matter record.ID // the case it is in
	doc    record.Document
	bound  bool // its pages are pictures of their own, from which its PDF is bound
	again  bool // it has words already, of another language
	pages  []sheet
	unread int // of pages

	language string   // to be read
	said     []string // the words of its pages that the file says itself
}

// place is where a document lies: in a draft, or with none in its case.
type place struct{ draft, document record.ID }

// sheet is one page of a document.
type sheet struct {
	key     record.Hash // names what is read, for ever
	picture record.BlobRef
	media   string
	page    int // of the document's file, where there is no picture
	dpi     int
	turns   int
	whole   bool // there is a reading that stays
	mute    bool // the file says its words itself: nothing is to be read
	unsure  bool // it is not known how the picture asks to be shown
}

// gift is what a document got: words in a language for what was shown of it.
type gift struct {
	shown    record.Hash
	language string
}

const (
	mostPapers = 200   // looked at together
	mostPages  = 2000  // read of one document
	someUnread = 24    // begun together, so that what is scanned meanwhile comes soon
	fileDPI    = 300.0 // at which pages of files are drawn
	maxText    = 64 << 20
)

// survey lists what is to be read: what lies in drafts first, so that the text is there when the case is filed,
// and everything newest first. pages is how many are still to be read.
func (q *Queue) survey(ctx context.Context) (list []paper, pages int, err error) {
	state := q.State()
	if list, err = q.waiting(ctx, state.Language); err != nil {
		return nil, 0, err
	}
	seen := map[record.Hash]bool{}
	for i := range list {
		p := &list[i]
		p.said = q.says(p.doc)
		p.lay(q.Viewer != nil)
		for j := range p.pages {
			s := &p.pages[j]
			if s.mute {
				continue
			}
			r, err := q.Store.Reading(ctx, s.key, p.language, state.Engine)
			if err != nil {
				return nil, 0, err
			}
			if s.whole = r.Whole(); s.whole {
				continue
			}
			p.unread++
			if !seen[s.key] {
				pages++
			}
			seen[s.key] = true
		}
	}
	return list, pages, nil
}

// waiting lists the documents that are to be read here, each with its language.
func (q *Queue) waiting(ctx context.Context, language string) ([]paper, error) {
	chosen, err := q.choices(ctx)
	if err != nil {
		return nil, err
	}
	var list []paper
	for _, find := range []func(ctx context.Context) ([]paper, error){
		q.unheard, func(ctx context.Context) ([]paper, error) { return q.again(ctx, chosen) }, q.owed,
	} {
		some, err := find(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	for i := range list {
		list[i].language = q.languageOf(list[i].doc, chosen, language)
	}
	return slices.DeleteFunc(list, q.has), nil
}

// says is what the pages of a file say themselves, as it was found when it was taken in; nil where nobody has
// looked. Those that say nothing may be pictures.
func (q *Queue) says(d record.Document) (pages []string) {
	if d.Text.Hash == "" || d.Language != "" {
		return nil
	}
	b, err := q.Blobs.ReadAll(d.Text.Hash, maxText)
	if err != nil || json.Unmarshal(b, &pages) != nil {
		return nil // asked page by page
	}
	return pages
}

// unheard lists the documents without their words that are this desk's.
func (q *Queue) unheard(ctx context.Context) (list []paper, err error) {
	drafts, err := q.Store.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		for _, doc := range d.Documents {
			if doc.Unheard() {
				list = append(list, paper{draft: d.ID, doc: doc})
			}
		}
	}
	filed, err := q.Store.Unheard(ctx, mostPapers)
	if err != nil {
		return nil, err
	}
	for _, f := range filed {
		if f.Gone {
			if err := q.Store.Heard(ctx, f.Document.ID, f.Document.Shown.Hash); err != nil {
				return nil, err
			}
			continue
		}
		list = append(list, paper{matter: f.Case, doc: f.Document})
	}
	return list, nil
}

// portion is the first documents with enough pages to be busy for a while.
func portion(list []paper) []paper {
	sum := 0
	for i, p := range list {
		if sum += p.unread; sum >= someUnread {
			return list[:i+1]
		}
	}
	return list
}

// lay lists the document's pages in the order in which they are shown.
func (p *paper) lay(viewer bool) {
	d := p.doc
	sheets := shown(d)
	p.bound = len(sheets) > 0 && len(sheets) == d.Pages
	for _, s := range sheets {
		p.bound = p.bound && s.Original >= 0 && s.Original < len(d.Originals) && picture(d.Originals[s.Original].MediaType)
	}
	if p.bound {
		for _, s := range sheets {
			o := d.Originals[s.Original]
			p.pages = append(p.pages, sheet{
				key: o.Blob.Hash, picture: o.Blob, media: o.MediaType, dpi: s.DPI, turns: (s.Turns + s.Held) % 4,
				// What a scanner gives asks for nothing; a photograph may.
				unsure: d.Source != record.SourceScan && s.Aspect == 0 && o.MediaType == "image/jpeg",
			})
		}
		return
	}
	if !viewer {
		return
	}
	for i := range min(d.Pages, mostPages) {
		// Of a very long text only the beginning was taken: it is a text all the same.
		mute := len(p.said) > 0 && (i >= len(p.said) || strings.TrimSpace(p.said[i]) != "")
		p.pages = append(p.pages, sheet{key: pageOf(d.Shown.Hash, i), page: i, mute: mute})
	}
}

// shown are the sheets of a document that are not taken out.
func shown(d record.Document) []record.Sheet {
	sheets := slices.Clone(d.Sheets)
	if len(sheets) == 0 {
		for i := range d.Originals {
			sheets = append(sheets, record.Sheet{Original: i})
		}
	}
	return slices.DeleteFunc(sheets, func(s record.Sheet) bool { return s.Out })
}

func picture(mediaType string) bool { return mediaType == "image/jpeg" || mediaType == "image/png" }

// pageOf names a page of a file.
func pageOf(file record.Hash, n int) record.Hash {
	return record.HashOf(fmt.Appendf(nil, "schalter/page/1 %s %d", file, n))
}
