package casefile

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"schalter/data/mark"
	"schalter/data/record"
	"schalter/sync/merge"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/pagetable"
)

// ordering is the page table of a document that is filed. What is done there becomes a version of the document when
// the clerk keeps it: the originals and every version before stay, marks go with their pages. Pages that are parted
// off become a document of their own, in the same step.
type ordering struct {
	p     *papers
	t     tableLayer
	base  record.Document // as it lies on the table at first
	busy  bool
	asked bool // whether what was done is to be given up
}

func newOrdering(p *papers) *ordering { return &ordering{p: p} }

// offered reports whether pages can be put in order at all.
func (o *ordering) offered() bool {
	return o.p.s.Pictures != nil && o.p.s.Room != nil && o.p.s.Keys != nil
}

// can reports whether those of the document that is shown can.
func (o *ordering) can() bool {
	d, ok := o.p.current()
	return ok && o.p.s.loaded && o.offered() && arrangeable(d) && d.Trashed == nil && !o.busy
}

// arrangeable reports whether a document is made of files whose pages can be put in order.
func arrangeable(d record.Document) bool {
	return len(d.Originals) > 0 && d.Pages > 0 && !slices.ContainsFunc(d.Originals, func(o record.Original) bool {
		switch o.MediaType {
		case "image/jpeg", "image/png", "image/tiff", typePDF:
			return false
		}
		return true
	})
}

const typePDF = "application/pdf"

// open lays the pages on the table, once it is known that they can be taken apart.
func (o *ordering) open() {
	d, ok := o.p.current()
	if !ok || !o.can() {
		return
	}
	s := o.p.s
	s.Run(func(ctx context.Context) func() {
		var err error
		for _, f := range d.Originals {
			if f.MediaType == typePDF && s.Apart != nil && err == nil {
				err = s.Apart(ctx, f)
			}
		}
		return func() {
			if err != nil {
				o.p.trouble(err)
				return
			}
			o.lay(d)
		}
	})
}

func (o *ordering) lay(d record.Document) {
	s := o.p.s
	if now, ok := o.p.current(); !ok || now.ID != d.ID || o.t.shown() {
		return
	}
	if o.t.view == nil {
		t := s.Texts
		o.t.s = s
		o.t.view = pagetable.NewView(pagetable.Options{
			Texts: t, Pictures: s.Pictures, Go: s.background, Do: s.Do, Changed: func([]record.Document) { o.asked = false },
			Keep: o.keep, KeepWords: t.T("paper.pages.keep"), Close: o.leave, CloseWords: t.T("paper.pages.leave"),
		})
	}
	o.base, o.asked = d, false
	o.base.Transfer = nil // it speaks of what was scanned, whatever is done with the pages
	o.base.Sheets = d.AllSheets()
	o.t.view.SetTitle(s.Texts.T("paper.pages.title", "title", d.Title))
	o.t.show(pagetable.New([]record.Document{o.base}, record.NewID), d.ID, []command.Command{
		{ID: "layer.close", Hidden: true, Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Enabled: func() bool { return !o.t.view.Large() }, Run: o.leave},
	})
	if len(merge.Beside(d)) > 0 {
		o.t.view.Say(s.Texts.T("paper.beside"))
	}
}

// changed reports whether there is anything to keep.
func (o *ordering) changed() bool {
	docs := o.t.table.Documents()
	return len(docs) != 1 || !pagetable.SamePages(docs[0], o.base)
}

// leave leaves the table; what was done there is given up only when it is said twice.
func (o *ordering) leave() {
	if o.busy {
		return
	}
	if o.changed() && !o.asked {
		o.asked = true
		o.t.view.Say(o.p.s.Texts.T("paper.pages.unkept"))
		return
	}
	o.t.close()
}

// keep makes a version of what lies on the table.
func (o *ordering) keep() {
	if o.busy {
		return
	}
	if !o.changed() {
		o.t.close()
		return
	}
	s := o.p.s
	base, docs := o.base, o.t.table.Documents()
	o.busy = true
	o.t.view.Say(s.Texts.T("paper.pages.keeping"))
	s.Run(func(ctx context.Context) func() {
		edits, err := o.edits(ctx, base, docs)
		if err == nil {
			_, err = s.store.Apply(ctx, edits...)
		}
		return func() {
			o.busy = false
			if err != nil {
				text, hint := s.Texts.Error(err)
				o.t.view.Say(text + " " + hint)
				return
			}
			o.t.close()
			s.banner.Say(control.KindGood, s.Texts.T("paper.pages.kept", "title", base.Title), s.Texts.T("paper.pages.kept.hint"), s.closeButton())
			s.Changed()
		}
	})
}

// edits are the version, and the documents that were parted off.
func (o *ordering) edits(ctx context.Context, base record.Document, docs []record.Document) ([]record.Edit, error) {
	s := o.p.s
	now, err := s.store.Case(ctx, s.id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(now.Documents, func(d record.Document) bool { return d.ID == base.ID })
	if i < 0 || now.Documents[i].PagesOf(now.Documents[i].Shown.Hash) != base.PagesOf(base.Shown.Hash) {
		return nil, record.E(record.CodePagesChanged, nil, "title", base.Title)
	}
	d := now.Documents[i] // with the marks there are by now
	if !slices.ContainsFunc(docs, func(x record.Document) bool { return x.ID == d.ID }) {
		docs[0].ID = d.ID // all its pages were moved into the part: that is it now
	}
	v := record.DocumentVersion{Document: d.ID, Of: d.Shown.Hash, Why: record.WhyPages, MediaType: typePDF}
	shown := map[int]bool{} // by place in base
	for _, x := range docs {
		if x.ID == d.ID {
			v.Sheets = s.framed(ctx, d, over(d, x))
		}
	}
	for _, x := range v.Sheets {
		shown[at(base.Sheets, x)] = true
	}
	for n, x := range base.Sheets { // what was parted off stays in the document, only not shown
		if !shown[n] {
			x.Out = true
			v.Sheets = append(v.Sheets, x)
		}
	}
	bound := d
	bound.Sheets = v.Sheets
	if v.Shown, v.Pages, err = s.Room.Binder.Bind(ctx, bound); err != nil {
		return nil, err
	}
	edits := []record.Edit{{Case: s.id, Kind: record.KindVersion, User: s.User, Payload: v}}
	for _, x := range docs {
		if x.ID == d.ID {
			continue
		}
		part, err := o.parted(ctx, d, x)
		if err != nil {
			return nil, err
		}
		edits = append(edits, record.Edit{Case: s.id, Kind: record.KindDocument, User: s.User, Payload: record.DocumentAdded{Document: part}})
	}
	return edits, nil
}

// parted is a document made of pages of another one, with their marks and with the note about how they came.
func (o *ordering) parted(ctx context.Context, d, x record.Document) (record.Document, error) {
	s := o.p.s
	part := record.Document{
		ID: x.ID, Title: x.Title, Proof: x.Proof, Source: d.Source, MediaType: typePDF, Originals: x.Originals, Sheets: x.Sheets, Made: s.Clock(), User: s.User,
	}
	if d.Transfer != nil {
		n := *d.Transfer
		part.Transfer = &n
		pagetable.Recount(&part)
		part.Transfer.Sig, part.Transfer.Anomalies = nil, slices.DeleteFunc(slices.Clone(n.Anomalies), paged)
	}
	var shown []record.Sheet
	for _, y := range s.framed(ctx, d, over(d, x)) {
		if !y.Out {
			shown = append(shown, y)
		}
	}
	for _, m := range mark.Show(merge.Anchors(d), mark.Pages{Of: record.Hash(x.ID), Sheets: shown, Count: len(shown)}) {
		m.ID = record.NewID()
		part.Marks = append(part.Marks, m)
	}
	var err error
	part.Shown, part.Pages, err = s.Room.Binder.Bind(ctx, part)
	return part, err
}

// over are the sheets of a document on the table, counted over the originals of the one that is filed.
func over(d, x record.Document) []record.Sheet {
	out := slices.Clone(x.Sheets)
	for i := range out {
		out[i].Original = slices.Index(d.Originals, x.Originals[out[i].Original])
	}
	return out
}

// at is the place of the sheet that shows the same page, -1 for none.
func at(all []record.Sheet, x record.Sheet) int {
	return slices.IndexFunc(all, func(y record.Sheet) bool { return y.Original == x.Original && y.Page == x.Page })
}

// paged reports whether an anomaly is of a single page: the pages are counted anew.
func paged(anomaly string) bool { return slices.Contains([]byte(anomaly), ':') }

// framed says of sheets how their pages are as they came, where a mark may have to be carried from one cut or angle
// to another. A page that cannot be drawn stays without: its marks cover more than.
func (s *Screen) framed(ctx context.Context, d record.Document, sheets []record.Sheet) []record.Sheet {
	was := d.AllSheets()
	for _, v := range d.Versions {
		was = append(was, v.Sheets...)
	}
	cut := func(x record.Sheet) bool { return x.Skew != 0 || x.Crop != nil }
	for i, x := range sheets {
		before := slices.ContainsFunc(was, func(y record.Sheet) bool { return y.Original == x.Original && y.Page == x.Page && cut(y) })
		if x.Aspect > 0 || s.Pictures == nil || !cut(x) && !before {
			continue
		}
		o := d.Originals[x.Original]
		const enough = 1500 // pixels, so that rounding them is far below what a covering is carried with
		m, err := s.Pictures.Draw(ctx, o, x.Page, enough)
		if err != nil || m.Rect.Empty() {
			continue
		}
		sheets[i].Aspect = float64(m.Rect.Dx()) / float64(m.Rect.Dy())
		if h, ok := s.Pictures.(pagetable.Holder); ok {
			sheets[i].Held = h.Held(ctx, o)
		}
	}
	return sheets
}
