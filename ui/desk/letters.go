package desk

import (
	"context"
	"io"

	"schalter/data/record"
	"schalter/ui/control"
)

// letters does what is asked of the papers of a case, away from the window, and says what became of it.
type letters struct {
	d   *Desk
	svc *Services
}

func (d *Desk) letters() letters { return letters{d, d.svc} }

// Languages are those that letters are written in, the office's first.
func (l letters) Languages() []string { return l.svc.Printer.Languages() }

// CanSave tells whether a file can be chosen to save to.
func (l letters) CanSave() bool { return l.svc.Save != nil }

// Print gives the confirmation of a case to the printer, which records what became of it.
func (l letters) Print(id record.ID, lang string) {
	l.of(id, func(ctx context.Context, c record.Case) (string, error) {
		way, err := l.svc.Printer.PrintConfirmation(ctx, []record.Case{c}, lang)
		return "desk." + string(way), err
	})
}

// Missing gives the letter that asks for missing proofs to the printer.
func (l letters) Missing(id record.ID, langs []string) {
	l.of(id, func(ctx context.Context, c record.Case) (string, error) {
		way, err := l.svc.Printer.PrintMissing(ctx, []record.Case{c}, langs)
		return "desk.missing." + string(way), err
	})
}

// coverer prints the sheets that are laid before the papers of cases, where a [Printer] is one.
type coverer interface {
	PrintCover(ctx context.Context, cases []record.Case, lang string) (record.Way, error)
	PrintProofCovers(ctx context.Context, c record.Case, lang string) (record.Way, error)
}

// CanCover tells whether cover sheets can be printed.
func (l letters) CanCover() bool {
	_, ok := l.svc.Printer.(coverer)
	return ok
}

// Cover gives the cover sheet of a case to the printer, or one for each proof that it lacks.
func (l letters) Cover(id record.ID, lang string, each bool) {
	p, ok := l.svc.Printer.(coverer)
	if !ok {
		return
	}
	l.of(id, func(ctx context.Context, c record.Case) (said string, err error) {
		var way record.Way
		if each {
			way, err = p.PrintProofCovers(ctx, c, lang)
		} else {
			way, err = p.PrintCover(ctx, []record.Case{c}, lang)
		}
		return "desk.cover." + string(way), err
	})
}

// Save asks where to put the confirmation as a PDF, and writes it.
func (l letters) Save(id record.ID, lang string) {
	l.d.Run(func(ctx context.Context) func() {
		c, err := l.svc.Store.Case(ctx, id)
		return func() {
			if err != nil {
				l.d.trouble(err)
				return
			}
			l.svc.Save(l.d.host(), c.Number+".pdf", func(w io.WriteCloser, err error) {
				switch {
				case err != nil:
					l.d.trouble(err)
				case w != nil:
					l.write(w, c, lang)
				}
			})
		}
	})
}

func (l letters) write(w io.WriteCloser, c record.Case, lang string) {
	l.d.Run(func(ctx context.Context) func() {
		err := finish(w, l.svc.Printer.WriteConfirmation(ctx, w, []record.Case{c}, lang))
		return func() { l.tell("desk.saved", c.Number, err) }
	})
}

// of reads the case and does something with it; f gives the key of what is said when it went well.
func (l letters) of(id record.ID, f func(ctx context.Context, c record.Case) (said string, err error)) {
	l.d.Run(func(ctx context.Context) func() {
		c, err := l.svc.Store.Case(ctx, id)
		said := ""
		if err == nil {
			said, err = f(ctx, c)
		}
		return func() { l.tell(said, c.Number, err) }
	})
}

// tell says how it went.
func (l letters) tell(said, number string, err error) {
	if err != nil {
		l.d.trouble(err)
		return
	}
	l.d.say(control.KindGood, l.d.texts.T(said, "number", number), "")
}
