package capture

import (
	"context"
	"io"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/i18n"
	"schalter/ui/pagetable"
	"schalter/ui/pageview"
)

// Preview opens stored papers for looking at.
type Preview interface {
	Open(ctx context.Context, ref record.BlobRef, mediaType, password string) (pageview.Document, error)
}

// Files asks the clerk for files. Both return at once and call back on the window's goroutine: with
// nothing where she thought better of it.
type Files interface {
	Open(chosen func(files []Source, err error))
	Save(name string, chosen func(w io.WriteCloser, err error))
}

// Deps is what a screen is given. Texts, Store, Forms, Blobs, Run and User are needed; without the others
// what they do is not offered.
type Deps struct {
	Texts    *i18n.Texts
	Store    Store
	Forms    Forms
	Blobs    Blobs
	Scanner  Scanner
	Binder   Binder
	Importer Importer
	Preview  Preview
	Pictures pagetable.Pictures // pictures of single pages; nil: they are neither looked at nor put in order
	Printer  Printer
	Files    Files
	// Clipboard takes the picture that was copied in another program; nil: not offered.
	Clipboard func(ctx context.Context) (Source, error)
	// Places finds where a file lies already; nil: nobody is warned.
	Places   func(ctx context.Context, h record.Hash) ([]record.Place, error)
	File     func(u fyne.URI) Source // a file that was dropped; nil: dropping is not offered
	Parties  Parties                 // the register of persons; nil: not offered
	Bookings Bookings                // the calendar of what is lent; nil: not offered
	Keys     *command.List           // takes the keys of what is shown over the window; nil: nothing is
	// Blank prints a form as it is before anybody has filled it; nil: not offered.
	Blank func(ctx context.Context, f *form.Form, lang string) (record.Way, error)
	// Apart says why the pages of a PDF cannot be put in order, as when it is signed; nil: they can. A nil Apart
	// leaves PDFs alone.
	Apart func(ctx context.Context, o record.Original) error
	// Cover prints the sheets that are laid before the papers of cases; nil: not offered.
	Cover  func(ctx context.Context, cases []record.Case, lang string) (record.Way, error)
	Run    Runtime
	User   func() string
	Office func() string // letters of the case number, for the case's office
	// OpenCase shows a case in full; nil: not offered.
	OpenCase func(id record.ID)
	// Leave is called when the last tab was closed; nil: the screen stays empty.
	Leave func()
	// Submitted is told about every case that was taken; nil is allowed.
	Submitted func(record.Case)
}
