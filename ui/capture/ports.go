package capture

import (
	"context"
	"io"

	"schalter/data/form"
	"schalter/data/record"
)

// Store keeps drafts and takes submitted cases.
type Store interface {
	SaveDraft(ctx context.Context, d record.Draft) error
	Draft(ctx context.Context, id record.ID) (record.Draft, error)
	Drafts(ctx context.Context) ([]record.Draft, error)
	DiscardDraft(ctx context.Context, id record.ID) error
	// SubmitAll makes the cases that the edits open out of a draft: all of them or none.
	SubmitAll(ctx context.Context, draft record.ID, edits []record.Edit) ([]record.Case, error)
	Identity(ctx context.Context) (record.Identity, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Forms is the library of services.
type Forms interface {
	All() []*form.Form
	Get(ref record.FormRef) (*form.Form, error)
	Latest(id string) (*form.Form, error)
}

// Blobs keeps bytes durably.
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (record.BlobRef, error)
}

// Profile is one way to scan, such as "Einzug, beidseitig, Grau".
type Profile struct {
	ID       string
	Label    map[string]string // by language
	Crooked  bool              // pages stay as crooked as they came; else they are laid straight where the angle is sure
	Unmarked bool              // empty pages are not marked
}

// In returns the profile's name in a language, German where there is none.
func (p Profile) In(lang string) string {
	if s := p.Label[lang]; s != "" {
		return s
	}
	if s := p.Label["de"]; s != "" {
		return s
	}
	return p.ID
}

// Scanner reads paper. Scan runs until the paper is through, an error or ctx ends it. It calls sink for
// every event, one after another, on any goroutine. When sink returns an error the scanner stops, keeps
// what it could not hand over in its own spool, and returns that error.
type Scanner interface {
	Profiles() []Profile
	Scan(ctx context.Context, profile string, sink func(ScanEvent) error) error
}

// ScanKind says what happened at the scanner.
type ScanKind int

// The events of a scan. Page is acknowledged by sink's return: its bytes are stored then.
const (
	ScanStarted  ScanKind = iota // a page is being read
	ScanProgress                 // Percent of the page
	ScanPage                     // a page arrived: Name, MediaType, Data, DPI
	ScanWarning                  // Trouble; the scan goes on
	ScanDone                     // the paper is through; Order says where each page belongs
	ScanTurn                     // the fronts are through: the stack is to be turned over and put in again
	ScanWait                     // the device waits for paper
)

// ScanEvent is one thing that happened at the scanner.
type ScanEvent struct {
	Kind      ScanKind
	Page      int // from 1
	Pages     int // of a whole document whose pages were checked, of which Page is the first; 0: a single page
	Percent   int
	Name      string // file name of the page, e.g. "seite-001.png"
	MediaType string
	Data      []byte
	DPI       int  // 0: unknown
	Blank     bool // probably an empty page; it is kept and said
	Trouble   *record.Error
	Device    string // maker and model, as it names itself
	Settings  string // what it was asked for, such as "feeder gray 300 dpi A4"
	Order     []int  // of ScanDone: the pages that came, counted from 0, as they are to be shown; nil: as they came
}

// Binder makes the PDF that is shown and printed of a document's originals, as its sheets say, and stores it.
// It answers how many pages that has.
type Binder interface {
	Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error)
}

// Source is a file the clerk chose or dropped.
type Source struct {
	Name string
	Size int64 // -1: unknown
	Open func() (io.ReadCloser, error)
}

// Imported is a file that was stored: the untouched original, what is shown, and its text where it has any.
type Imported struct {
	Title     string
	MediaType string // of Shown
	Shown     record.BlobRef
	Pages     int // 0: it cannot be shown
	Originals []record.Original
	Text      record.BlobRef
	Trouble   *record.Error // why it was kept though it cannot be shown
	With      []Imported    // what was attached to an e-mail
}

// Importer checks and stores files. progress is called on any goroutine; total is -1 where unknown.
type Importer interface {
	Import(ctx context.Context, src Source, progress func(done, total int64)) (Imported, error)
}

// Printer prints and writes the papers of cases: their confirmations one behind the other, which say so where
// the centre has not got a case yet, and the letters that ask for missing proofs, in one language or several;
// "de+en" is a language with a second one beneath it.
// Printing tells and records whether the printer has it or whether it was only shown.
type Printer interface {
	PrintConfirmation(ctx context.Context, cases []record.Case, lang string) (record.Way, error)
	WriteConfirmation(ctx context.Context, w io.Writer, cases []record.Case, lang string) error
	PrintMissing(ctx context.Context, cases []record.Case, langs []string) (record.Way, error)
	MissingText(ctx context.Context, cases []record.Case, langs []string) (string, error)
	// Languages are those that letters to citizens are written in, the office's first.
	Languages() []string
}
