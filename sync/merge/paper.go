package merge

import (
	"fmt"
	"slices"

	"schalter/data/record"
)

// What became of a document since it was filed. Every act is a change of its own and all of them are kept:
// the later of two versions in the centre's order is shown and the other stays in the list; a mark that
// was taken away stays away, whoever still moves it, and one that stays is where the page is that it was put on; the last word about the trash counts.

// paper folds a change about a document that the case has, and keeps one whose document is still to come.
func paper(c *record.Case, ch record.Change) bool {
	switch ch.Kind {
	case record.KindVersion:
		return with(ch, c, onDocument(versioned))
	case record.KindMark:
		return with(ch, c, onDocument(marked))
	case record.KindCheck:
		return with(ch, c, onDocument(checked))
	case record.KindCertify:
		return with(ch, c, onDocument(certified))
	case record.KindTrash:
		return with(ch, c, onDocument(trashed))
	}
	return false
}

// effect is what a change did to a document.
type effect int

const (
	nothing effect = iota
	noted          // something is known of it that was not before; what the case says is as before
	edited         // the case says something else: a deleted one comes back
)

func onDocument[P any](apply func(*record.Document, record.Change, P) effect) func(*record.Case, record.Change, P) bool {
	return func(c *record.Case, ch record.Change, p P) bool {
		if CheckPaper(p) != nil {
			return false
		}
		id := record.DocumentOf(p)
		i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == id })
		if i < 0 {
			if !slices.ContainsFunc(c.Early, func(e record.Change) bool { return e.ID == ch.ID }) {
				c.Early = append(slices.Clip(c.Early), ch)
			}
			return false
		}
		d := c.Documents[i]
		done := apply(&d, ch, p)
		if done == nothing {
			return false
		}
		c.Documents = slices.Clone(c.Documents)
		c.Documents[i] = d
		if done == edited {
			revive(c, ch)
		}
		return done == edited
	}
}

// catchUp folds the changes that came before their document.
func catchUp(c *record.Case) {
	early := c.Early
	c.Early = nil
	for _, ch := range early {
		paper(c, ch)
	}
}

// filed is a document as it may come into a case: what others have to vouch for comes by changes of theirs.
func filed(d record.Document) record.Document {
	d.Latest, d.Versions, d.Unmarked, d.Anchors, d.Checks, d.Certified, d.Trashed = record.Made{}, nil, nil, nil, nil, nil, nil
	if checkSheets(d.Sheets, len(d.Originals)) != nil {
		d.Sheets = nil
	}
	var marks []record.Mark
	for _, m := range d.Marks {
		known := slices.ContainsFunc(marks, func(k record.Mark) bool { return k.ID == m.ID })
		if !known && checkMark(m) == nil {
			m.Boxes = within(m.Boxes)
			marks = append(marks, m)
		}
	}
	d.Marks = marks
	return d
}

func versioned(d *record.Document, ch record.Change, v record.DocumentVersion) effect {
	if d.Latest.Change == ch.ID || slices.ContainsFunc(d.Versions, func(k record.Version) bool { return k.Change == ch.ID }) {
		return nothing
	}
	was := *d
	sheets, ok := gather(d, v)
	if !ok {
		return nothing
	}
	spell(d, was)
	next := record.Version{
		Change: ch.ID, Of: v.Of, Why: v.Why, Shown: v.Shown, MediaType: v.MediaType, Pages: v.Pages, Sheets: sheets,
		Text: v.Text, Language: v.Language, Time: ch.Time, User: ch.User,
	}
	if next.MediaType == "" {
		next.MediaType = d.MediaType
	}
	if v.Why == record.WhyText && v.Of != d.Shown.Hash {
		next.Sheets = sheetsThen(d, v.Of)
		d.Versions = append(slices.Clip(d.Versions), next) // the words are of pages that are not shown any more
		return noted
	}
	if v.Why == record.WhyText {
		next.Sheets = d.Sheets // words do not move a page
	}
	anchor(d)
	d.Versions = append(slices.Clip(d.Versions), Shown(*d))
	d.Shown, d.MediaType, d.Pages, d.Sheets, d.Text, d.Language = next.Shown, next.MediaType, next.Pages, next.Sheets, next.Text, next.Language
	d.Unread, d.Lying = v.Unread, v.Lying
	d.Latest = record.Made{Change: next.Change, Of: next.Of, Why: next.Why, Time: next.Time, User: next.User}
	carry(d)
	if v.Why == record.WhyText {
		return noted // the program did it, in its own time
	}
	return edited
}

// Shown is the version of a document that is shown.
func Shown(d record.Document) record.Version {
	v := record.Version{
		Change: d.Latest.Change, Of: d.Latest.Of, Why: d.Latest.Why, Shown: d.Shown, MediaType: d.MediaType, Pages: d.Pages, Sheets: d.Sheets,
		Text: d.Text, Language: d.Language, Time: d.Latest.Time, User: d.Latest.User,
	}
	if v.Change == "" {
		v.Time, v.User = d.Made, d.User
	}
	return v
}

// gather adds what originals a version brings behind those that are there, so that what earlier versions say
// of them stays true, and returns the version's sheets over all of them.
func gather(d *record.Document, v record.DocumentVersion) ([]record.Sheet, bool) {
	if v.Originals == nil {
		return v.Sheets, checkSheets(v.Sheets, len(d.Originals)) == nil
	}
	at := map[record.Hash][]int{} // one page can be there twice
	for i, o := range d.Originals {
		at[o.Blob.Hash] = append(at[o.Blob.Hash], i)
	}
	all, place := slices.Clip(d.Originals), make([]int, len(v.Originals))
	for i, o := range v.Originals {
		if same := at[o.Blob.Hash]; len(same) > 0 {
			place[i], at[o.Blob.Hash] = same[0], same[1:]
			continue
		}
		place[i] = len(all)
		all = append(all, o)
	}
	if checkSheets(v.Sheets, len(place)) != nil {
		return nil, false
	}
	sheets := slices.Clone(v.Sheets)
	for i := range sheets {
		sheets[i].Original = place[sheets[i].Original]
	}
	d.Originals = all
	return sheets, true
}

func checked(d *record.Document, ch record.Change, p record.DocumentChecked) effect {
	if slices.ContainsFunc(d.Checks, func(k record.Check) bool { return k.Change == ch.ID }) {
		return nothing
	}
	d.Checks = append(slices.Clip(d.Checks), record.Check{DocumentChecked: p, Change: ch.ID, Time: ch.Time, User: ch.User, Device: ch.Device})
	return noted
}

func certified(d *record.Document, ch record.Change, p record.DocumentCertified) effect {
	if slices.ContainsFunc(d.Certified, func(k record.Certified) bool { return k.Change == ch.ID }) {
		return nothing
	}
	d.Certified = append(slices.Clip(d.Certified), record.Certified{DocumentCertified: p, Change: ch.ID, Time: ch.Time, User: ch.User})
	return noted
}

// trashed: to throw something away does not speak against a deletion of the case, to take it back out does.
func trashed(d *record.Document, ch record.Change, p record.DocumentTrashed) effect {
	if p.Back {
		d.Trashed = nil
		return edited
	}
	d.Trashed = &record.Trashed{Reason: p.Reason, Time: ch.Time, User: ch.User}
	return noted
}

// CheckPaper tells whether a payload about a document makes sense by itself. Others pass.
func CheckPaper(payload any) error {
	switch p := payload.(type) {
	case record.DocumentAdded:
		return checkSheets(p.Document.Sheets, len(p.Document.Originals))
	case record.DocumentVersion:
		return checkVersion(p)
	case record.DocumentMarked:
		return checkMarked(p)
	case record.DocumentChecked:
		return unless(p.Document != "" && p.Of.Valid(), "a check of %q in document %q", p.Of, p.Document)
	case record.DocumentCertified:
		ok := p.Document != "" && p.Number != "" && p.Of.Valid() && kept(p.Copy)
		return unless(ok, "certified copy %q of document %q", p.Number, p.Document)
	case record.DocumentTrashed:
		return unless(p.Document != "", "no document to throw away")
	}
	return nil
}

func checkMarked(p record.DocumentMarked) error {
	if p.Document == "" || p.Mark.ID == "" {
		return bad("a mark of document %q has the id %q", p.Document, p.Mark.ID)
	}
	if p.Gone {
		return nil
	}
	return checkMark(p.Mark)
}

func checkVersion(v record.DocumentVersion) error {
	if v.Document == "" || v.Why == "" || !kept(v.Shown) || v.Text != (record.BlobRef{}) && !kept(v.Text) || v.Pages < 0 {
		return bad("version of document %q with %d pages", v.Document, v.Pages)
	}
	for _, o := range v.Originals {
		if !kept(o.Blob) {
			return bad("version of document %q has an original %q", v.Document, o.Blob.Hash)
		}
	}
	if v.Originals == nil {
		return nil // over those that are there, which is for the fold to see
	}
	return checkSheets(v.Sheets, len(v.Originals))
}

func checkSheets(sheets []record.Sheet, originals int) error {
	for _, s := range sheets {
		if s.Original < 0 || s.Original >= originals || s.Page < 0 || s.Turns < 0 || s.Turns > 3 || s.DPI < 0 || s.Skew < -45 || s.Skew > 45 {
			return bad("sheet %+v over %d originals", s, originals)
		}
		if !possible(s) {
			return bad("sheet of a page %g times as wide as high, held by %d", s.Aspect, s.Held)
		}
		if s.Crop != nil && !room(*s.Crop) {
			return bad("sheet shows nothing of %+v", *s.Crop)
		}
	}
	return nil
}

// possible tells whether what a sheet says of its page can be true of any.
func possible(s record.Sheet) bool {
	return (s.Aspect == 0 || s.Aspect >= 0.001 && s.Aspect <= 1000) && s.Held >= 0 && s.Held <= 3
}

func checkMark(m record.Mark) error {
	if m.ID == "" || m.Kind == "" || m.Page < 0 || len(m.Boxes) == 0 {
		return bad("mark %q of kind %q on page %d with %d boxes", m.ID, m.Kind, m.Page, len(m.Boxes))
	}
	for _, b := range m.Boxes {
		if !room(b) {
			return bad("mark %q covers nothing with %+v", m.ID, b)
		}
	}
	return nil
}

func kept(b record.BlobRef) bool { return b.Hash.Valid() && b.Size > 0 }

// room tells whether a box has a part on the page.
func room(b record.Box) bool {
	b = clamp(b)
	return b.X0 < b.X1 && b.Y0 < b.Y1
}

func within(boxes []record.Box) []record.Box {
	out := slices.Clone(boxes)
	for i, b := range out {
		out[i] = clamp(b)
	}
	return out
}

func clamp(b record.Box) record.Box {
	one := func(f float64) float64 { return min(max(f, 0), 1) }
	return record.Box{X0: one(b.X0), Y0: one(b.Y0), X1: one(b.X1), Y1: one(b.Y1)}
}

func unless(ok bool, format string, a ...any) error {
	if ok {
		return nil
	}
	return bad(format, a...)
}

func bad(format string, a ...any) error {
	return record.E(record.CodeRejected, fmt.Errorf(format, a...))
}
