package recognize

import (
	"context"
	"encoding/json"
	"slices"

	"schalter/data/page/ocr"
	"schalter/data/record"
)

// settingChosen holds the languages that clerks have chosen for single documents, as JSON, the latest last.
const settingChosen = "recognize.documents"

// mostChosen are remembered: what is older was read long ago, and its language stands in the document.
const mostChosen = 500

// choice is the language of one document.
type choice struct {
	Document record.ID `json:"document"`
	Language string    `json:"language"`
	Done     bool      `json:"done,omitempty"` // it was read
}

// ReadIn has a document of a case or a draft read in a language of its own: one or more of State.Languages, joined
// by "+". It is read anew, as soon as its pages are at this desk, also after a kill; what is shown of it and its
// words stay until then. The choice holds when its pages are put in another order later.
func (q *Queue) ReadIn(ctx context.Context, document record.ID, language string) error {
	if !q.installed(language) {
		return record.E(record.CodeOCRLanguage, nil, "language", language)
	}
	if err := q.choose(ctx, func(all []choice) []choice {
		all = slices.DeleteFunc(all, func(c choice) bool { return c.Document == document })
		all = append(all, choice{Document: document, Language: language})
		return all[max(0, len(all)-mostChosen):]
	}); err != nil {
		return err
	}
	q.look()
	return nil
}

func (q *Queue) installed(language string) bool {
	return language != "" && (ocr.About{Languages: q.State().Languages}).Has(language)
}

func (q *Queue) choices(ctx context.Context) (all []choice, err error) {
	text, err := q.Store.Setting(ctx, settingChosen)
	if err != nil || text == "" {
		return nil, err
	}
	if !json.Valid([]byte(text)) {
		return nil, nil // nothing is lost but a wish
	}
	return all, json.Unmarshal([]byte(text), &all)
}

func (q *Queue) choose(ctx context.Context, change func(all []choice) []choice) error {
	q.choosing.Lock()
	defer q.choosing.Unlock()
	all, err := q.choices(ctx)
	if err != nil {
		return err
	}
	b, err := json.Marshal(change(all))
	if err != nil {
		return err
	}
	return q.Store.SetSetting(ctx, settingChosen, string(b))
}

// done notes that a document was read as it was chosen.
func (q *Queue) done(ctx context.Context, document record.ID, language string) error {
	return q.choose(ctx, func(all []choice) []choice {
		for i := range all {
			if all[i].Document == document && all[i].Language == language {
				all[i].Done = true
			}
		}
		return all
	})
}

// languageOf is what a document is read in: what was chosen for it, what it was read in before its pages were put
// in order, else what the desk reads.
func (q *Queue) languageOf(d record.Document, chosen []choice, desk string) string {
	for _, c := range slices.Backward(chosen) {
		if c.Document == d.ID && q.installed(c.Language) {
			return c.Language
		}
	}
	for _, v := range slices.Backward(d.Versions) {
		if v.Language != "" && q.installed(v.Language) {
			return v.Language
		}
	}
	return desk
}

// again lists the documents that are to be read in another language than they were.
func (q *Queue) again(ctx context.Context, chosen []choice) (list []paper, err error) {
	for _, c := range chosen {
		if c.Done || !q.installed(c.Language) {
			continue
		}
		w, err := q.Store.PaperOf(ctx, c.Document)
		switch {
		case record.CodeOf(err) == record.CodeNotFound:
			w.Gone = true
		case err != nil:
			return nil, err
		}
		switch p := (paper{draft: w.Draft, matter: w.Case, doc: w.Document, again: true}); {
		case w.Gone || w.Document.Language == c.Language:
			if err := q.done(ctx, c.Document, c.Language); err != nil {
				return nil, err
			}
		case w.Missing || w.Document.Unheard(): // its pages come, or it is in the list anyway
		default:
			list = append(list, p)
		}
	}
	return list, nil
}
