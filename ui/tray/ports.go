// Package tray is the screen "Unsortiert": stacks that were scanned without a case, sorted by their cover sheets,
// and what a clerk does with them until every page lies in a case.
//
// It promises that a page is stored before the scanner goes on, that nothing is filed whose party she cannot see
// before, that what is not sure is filed only one by one, and that filing can be taken back. Pages whose codes
// were not looked at yet are looked at whenever the screen is there, so a crash costs nothing but time.
//
// It never decides itself where a page belongs (package sorting and the clerk do), never changes a page's bytes,
// and never opens a store, a scanner or a file: whatever it needs comes through [Needs].
package tray

import (
	"context"
	"image"
	"io"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
)

// Store keeps the tray and files what is in it.
type Store interface {
	BeginTray(ctx context.Context, st sorting.Stack) error
	NoteTray(ctx context.Context, st sorting.Stack) error
	AddTrayPage(ctx context.Context, stack record.ID, p sorting.Page) (sorting.Page, error)
	OrderTray(ctx context.Context, stack record.ID, pages []record.ID) error
	EndTray(ctx context.Context, stack record.ID, cut bool) error
	Tray(ctx context.Context) ([]sorting.Stack, error)
	ChangeTray(ctx context.Context, pages []record.ID, f func(*sorting.Page)) error
	DropTray(ctx context.Context, user string, pages []record.ID) error
	UndropTray(ctx context.Context, pages []record.ID) error
	FileTray(ctx context.Context, pages []sorting.Page, edits ...record.Edit) error
	UnfileTray(ctx context.Context, st sorting.Stack, pages []record.ID, edits ...record.Edit) error
	Numbered(ctx context.Context, number string) (record.Case, bool, error)
	Find(ctx context.Context, query string, limit int) ([]record.Hit, error)
	Identity(ctx context.Context) (record.Identity, error)
}

// Forms knows the proofs of a case's form.
type Forms interface {
	Get(ref record.FormRef) (*form.Form, error)
}

// Blobs keeps bytes durably.
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (record.BlobRef, error)
}

// Profile is one way to scan a stack.
type Profile struct {
	ID, Label string
	Duplex    bool // both sides of each sheet
}

// Scanner reads paper. Scan runs until the paper is through, an error or ctx ends it. It calls sink for every
// event, one after another, on any goroutine; when sink has taken a page it is stored.
type Scanner interface {
	Profiles(lang string) []Profile
	Scan(ctx context.Context, profile string, sink func(Event) error) error
}

// EventKind says what happened at the scanner.
type EventKind int

// The events of a scan.
const (
	Progress EventKind = iota
	Received           // a page
	Warning            // Trouble; the scan goes on
	Done               // the paper is through
	Turn               // the stack is to be turned over and put in again
	Wait               // the device waits for paper
)

// Event is one thing that happened at the scanner.
type Event struct {
	Kind      EventKind
	Page      int // from 1
	Name      string
	MediaType string
	Data      []byte
	DPI       int
	Trouble   *record.Error
	Device    string
	Settings  string
	Order     []int // of Done: the pages that came, counted from 0, as they belong; nil: as they came
}

// Seen is what was seen on a page.
type Seen struct {
	Codes []string // all codes' texts
	Lost  bool     // it may be a sheet of ours of which nothing can be read
	Blank bool
	Skew  float64 // degrees by which it is turned to be straight; 0: not known
}

// Reader looks at stored pages for codes.
type Reader interface {
	Read(ctx context.Context, o record.Original, dpi int) (Seen, error)
}

// Binder makes the PDF that is shown of a document's originals, as its sheets say, and stores it.
type Binder interface {
	Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error)
}

// Pictures draws stored pages small: the longest side is size pixels.
type Pictures interface {
	Draw(ctx context.Context, o record.Original, page, size int) (*image.RGBA, error)
}

// Paper shows one paper at a time. *pageview.View is one.
type Paper interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Show(open pageview.Open)
	Close()
}

// Needs is what the screen is given. Scanner, Pictures, Paper and Open may be nil: what they do is not offered.
type Needs struct {
	Texts    *i18n.Texts
	Clock    record.Clock
	Run      control.Runner
	Do       func(func()) // runs something on the window's goroutine; called on others
	Canvas   fyne.Canvas
	Keys     *command.List
	User     string
	Store    Store
	Forms    Forms
	Blobs    Blobs
	Scanner  Scanner
	Reader   Reader
	Binder   Binder
	Pictures Pictures
	Paper    Paper
	Open     func(o record.Original) pageview.Open // opens a stored page to be looked at
	OpenCase func(id record.ID)                    // nil: not offered
	// PrintSeparators prints separator sheets; nil: not offered.
	PrintSeparators func(ctx context.Context, lang string) (record.Way, error)
	Filed           func() // something was filed: it may be sent; nil is allowed
}
