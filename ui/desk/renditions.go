package desk

import (
	"context"
	"io"

	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Renditions makes new papers of documents. Its methods run off the UI goroutine.
type Renditions interface {
	WriteDocument(ctx context.Context, w io.Writer, c record.Case, d record.Document) error
	// WriteCase writes a case "pdf" as one file, or "zip" as an archive, and notes that it was exported.
	WriteCase(ctx context.Context, w io.Writer, c record.Case, as string) error
	// WriteFolder writes a case as a new folder below one that is there, notes it, and says where it lies.
	WriteFolder(ctx context.Context, parent string, c record.Case) (path string, err error)
	PrintDocument(ctx context.Context, c record.Case, d record.Document) (record.Way, error)
	// PrintRegister prints this year's register of certified copies.
	PrintRegister(ctx context.Context) (record.Way, error)
	// Known is what the desk knows of every certification.
	Known(ctx context.Context) (letter.Certificate, error)
	// PrintCopy prints a certified copy once more.
	PrintCopy(ctx context.Context, c record.Case, copied record.Certified) (record.Way, error)
	// Certify makes a certified copy, enters it into the register and prints it. With a number it was entered, even
	// where printing failed.
	Certify(ctx context.Context, c record.Case, d record.Document, v letter.Certificate) (number string, way record.Way, err error)
}

// renditions does what the case file asks for, away from the window, and says what became of it.
type renditions struct {
	d   *Desk
	svc *Services
}

// SaveDocument asks where to put a document with its marks, and writes it.
func (r renditions) SaveDocument(c record.Case, d record.Document) {
	r.save(d.Title+".pdf", d.Title, func(ctx context.Context, w io.Writer) error { return r.svc.Renditions.WriteDocument(ctx, w, c, d) })
}

func (r renditions) save(name, title string, write func(ctx context.Context, w io.Writer) error) {
	if r.svc.Save == nil {
		return
	}
	r.svc.Save(r.d.host(), name, func(w io.WriteCloser, err error) {
		if err != nil {
			r.d.trouble(err)
		}
		if w == nil || err != nil {
			return
		}
		r.d.Run(func(ctx context.Context) func() {
			err := finish(w, write(ctx, w))
			return func() { r.tell("paper.said.saved", err, "title", title) }
		})
	})
}

// PrintDocument prints a document with its marks.
func (r renditions) PrintDocument(c record.Case, d record.Document) {
	r.d.Run(func(ctx context.Context) func() {
		way, err := r.svc.Renditions.PrintDocument(ctx, c, d)
		return func() { r.tell("paper.said."+string(way), err, "title", d.Title) }
	})
}

// PrintRegister prints this year's register.
func (r renditions) PrintRegister() {
	r.d.Run(func(ctx context.Context) func() {
		way, err := r.svc.Renditions.PrintRegister(ctx)
		return func() { r.tell("paper.said."+string(way), err, "title", r.d.texts.T("certify.register")) }
	})
}

// PrintCopy prints a certified copy once more.
func (r renditions) PrintCopy(c record.Case, copied record.Certified) {
	r.d.Run(func(ctx context.Context) func() {
		way, err := r.svc.Renditions.PrintCopy(ctx, c, copied)
		return func() { r.tell("paper.said."+string(way), err, "title", copied.Number) }
	})
}

// Blank asks what the desk knows of every certification.
func (r renditions) Blank(known func(letter.Certificate)) {
	r.d.Run(func(ctx context.Context) func() {
		c, err := r.svc.Renditions.Known(ctx)
		return func() {
			if err != nil {
				r.d.trouble(err)
			}
			known(c)
		}
	})
}

// Certify makes a certified copy.
func (r renditions) Certify(c record.Case, d record.Document, v letter.Certificate, done func(ok bool)) {
	r.d.Run(func(ctx context.Context) func() {
		number, way, err := r.svc.Renditions.Certify(ctx, c, d, v)
		return func() {
			said := "paper.said.certified"
			if way == record.WayShown {
				said = "paper.said.certified.shown"
			}
			r.tell(said, err, "number", number)
			done(number != "")
		}
	})
}

func (r renditions) tell(said string, err error, pairs ...any) {
	if err != nil {
		r.d.trouble(err)
		return
	}
	r.d.say(control.KindGood, r.d.texts.T(said, pairs...), "")
}

// add files another document in a case, says so, and warns where the same file lies already.
func (d *Desk) add(svc *Services) func(c record.Case, done func()) {
	return func(c record.Case, done func()) {
		svc.Add(d.host(), c, func(docs []record.Document, already []record.Place, err error) {
			if err != nil {
				d.trouble(err)
				return
			}
			if len(docs) == 0 {
				return
			}
			kind, hint := control.KindGood, ""
			for _, p := range already {
				kind, hint = control.KindWaiting, Placed(d.texts, p)
			}
			d.say(kind, d.texts.T("paper.said.added", "title", docs[0].Title), hint)
			done()
		})
	}
}

// Placed says where a file lies already.
func Placed(t *i18n.Texts, p record.Place) string {
	switch {
	case p.Draft != "":
		return t.T("place.draft", "title", p.Title)
	case p.Trashed:
		return t.T("place.trash", "title", p.Title, "number", p.Number)
	}
	return t.T("place.case", "title", p.Title, "number", p.Number)
}
