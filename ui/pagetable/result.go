package pagetable

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"schalter/data/record"
)

// Sheets are the pages of a document: those it has, else every page of every original as it came.
func Sheets(d record.Document) []record.Sheet { return d.AllSheets() }

// SameSheet reports whether two sheets show the same.
func SameSheet(a, b record.Sheet) bool {
	crop := a.Crop == nil && b.Crop == nil || a.Crop != nil && b.Crop != nil && *a.Crop == *b.Crop
	a.Crop, b.Crop = nil, nil
	a.Aspect, b.Aspect, a.Held, b.Held, a.Due, b.Due = 0, 0, 0, 0, 0, 0 // what is known of the page, not how it is shown
	return crop && a == b
}

// SamePages reports whether two states of a document show the same.
func SamePages(a, b record.Document) bool {
	return slices.Equal(a.Originals, b.Originals) && slices.EqualFunc(Sheets(a), Sheets(b), SameSheet)
}

// Rebound brings what depends on a document's pages up to date after they changed: its PDF no longer shows
// them, and what the clerk vouched for was another paper.
func Rebound(d *record.Document) {
	d.Pages = 0
	for _, s := range d.Sheets {
		if !s.Out {
			d.Pages++
		}
	}
	d.Shown, d.MediaType, d.Text, d.Language, d.Unread, d.Lying = record.BlobRef{}, "", record.BlobRef{}, "", nil, nil
	Recount(d)
	if d.Transfer != nil {
		d.Transfer.Match, d.Transfer.Sig = false, nil
	}
}

// Recount brings the note of transfer in line with the pages, as one of the document's own.
func Recount(d *record.Document) {
	if d.Transfer == nil {
		return
	}
	tr := *d.Transfer
	received := sides(*d)
	tr.Pages, tr.Out, tr.Blank, tr.Originals = len(received), 0, nil, nil
	for _, o := range d.Originals {
		tr.Originals = append(tr.Originals, o.Blob.Hash)
	}
	for _, s := range d.Sheets {
		if s.Out {
			tr.Out++
		}
		if s.Blank {
			tr.Blank = append(tr.Blank, 1+slices.Index(received, side{s.Original, s.Page}))
		}
	}
	slices.Sort(tr.Blank)
	tr.Blank = slices.Compact(tr.Blank)
	d.Transfer = &tr
}

// side is a page of an original.
type side struct{ original, page int }

// sides are all that a document has received, in their order: a picture is one, a file has as many as pages of it are
// the document's.
func sides(d record.Document) []side {
	var out []side
	for i := range d.Originals {
		if !slices.ContainsFunc(d.Sheets, func(s record.Sheet) bool { return s.Original == i }) {
			out = append(out, side{i, 0})
		}
	}
	for _, s := range d.Sheets {
		out = append(out, side{s.Original, s.Page})
	}
	slices.SortFunc(out, func(a, b side) int { return cmp.Or(a.original-b.original, a.page-b.page) })
	return slices.Compact(out)
}

// anomaliesOf are the codes that a note of transfer has about a side, from 1; 0: about none of them.
func anomaliesOf(d record.Document, side int) []string {
	if d.Transfer == nil {
		return nil
	}
	var out []string
	for _, a := range d.Transfer.Anomalies {
		code, at, _ := strings.Cut(a, ":")
		n, err := strconv.Atoi(at)
		if err != nil || n < 1 || n > len(d.Originals) {
			code, n = a, 0
		}
		if n == side {
			out = append(out, code)
		}
	}
	return out
}

// Documents are the papers as they lie on the table now. One that was not changed is as it was given.
func (t *Table) Documents() []record.Document {
	out := make([]record.Document, len(t.now))
	for i, g := range t.now {
		out[i] = t.document(g)
	}
	return out
}

func (t *Table) document(g *Group) record.Document {
	d, known := t.bases[g.ID]
	if !known {
		d = t.bases[t.root(g.ID)]
		d.ID = g.ID
	}
	from := t.seqs(g)
	made := d
	made.Title, made.Proof = g.Title, g.Proof
	made.Originals, made.Sheets = nil, nil
	for _, seq := range from {
		made.Originals = append(made.Originals, t.sources[seq].original)
	}
	for _, p := range g.Pages {
		s := p.Sheet
		s.Original = slices.Index(from, p.seq)
		made.Sheets = append(made.Sheets, s)
	}
	for _, was := range slices.Backward(t.past[g.ID]) {
		if SamePages(was, made) {
			was.Title, was.Proof = g.Title, g.Proof
			return was
		}
	}
	made.Transfer = t.transfer(g, from)
	Rebound(&made)
	return made
}

// root is the document that was given of which another one was parted off.
func (t *Table) root(id record.ID) record.ID {
	for {
		if _, ok := t.bases[id]; ok {
			return id
		}
		from, ok := t.kin[id]
		if !ok {
			return id
		}
		id = from
	}
}

// seqs are the originals of a document in the order they were received.
func (t *Table) seqs(g *Group) []int {
	out := slices.Clone(g.rest)
	for _, p := range g.Pages {
		out = append(out, p.seq)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// transfer is the note about how a document's originals came, out of those of the documents they came with.
func (t *Table) transfer(g *Group, from []int) *record.Transfer {
	var tr *record.Transfer
	var asked []record.ID
	var anomalies []string
	for _, seq := range from {
		d := t.bases[t.sources[seq].document]
		if d.Transfer == nil || slices.Contains(asked, d.ID) {
			continue
		}
		asked = append(asked, d.ID)
		for _, code := range anomaliesOf(d, 0) {
			if !slices.Contains(anomalies, code) {
				anomalies = append(anomalies, code)
			}
		}
		if tr == nil {
			c := *d.Transfer
			tr = &c
			continue
		}
		tr.Device, tr.Settings = Joined(tr.Device, d.Transfer.Device), Joined(tr.Settings, d.Transfer.Settings)
	}
	if tr == nil {
		return nil
	}
	for i, seq := range from {
		for _, code := range t.sources[seq].anomalies {
			anomalies = append(anomalies, fmt.Sprintf("%s:%d", code, i+1))
		}
	}
	tr.Anomalies = anomalies
	return tr
}

// between stands between several devices or settings of one note of transfer.
const between = "; "

// Joined adds a device or settings to a list of them.
func Joined(all, one string) string {
	switch {
	case all == "":
		return one
	case one == "" || slices.Contains(strings.Split(all, between), one):
		return all
	}
	return all + between + one
}
