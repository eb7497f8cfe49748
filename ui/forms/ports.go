// Package forms is the administration of this desk's forms: what is offered and where it comes from, and
// the way of a form from a file to every desk of the authority: take it in, try it, check it, publish it.
//
// It promises that a form which was taken in stays until somebody publishes or discards it; that trying a
// form leaves nothing behind; that nothing is published without being asked about, with what it changes and
// who gets it; and that every error names the file, the place in it and what to do.
//
// It never opens a file, a store or a line itself: whatever it needs comes through [Needs].
package forms

import (
	"context"
	"io"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/form/trial"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Needs is what the screen is given. Editor and Files may be nil: what they do is not offered then.
type Needs struct {
	Texts  *i18n.Texts
	Clock  record.Clock
	Run    control.Runner
	Do     func(func()) // runs something on the window's goroutine; called on others
	Canvas fyne.Canvas
	Keys   *command.List
	Office Office
	Files  Files
	// Editor opens a form in the editor. publish is what the editor does with a finished form, leave goes back
	// here.
	Editor func(w EditorWork) Page
	Rebind func() // the commands changed
}

// EditorWork is what is given to the editor.
type EditorWork struct {
	File    []byte // the form, in the native format
	Taken   bool   // its version is published already
	Publish func(ctx context.Context, file []byte) error
	Leave   func()
}

// Page is the editor as this screen sees it.
type Page interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Shown()
	// PutAway stores everything typed, and calls done on the window's goroutine.
	PutAway(ctx context.Context, done func(error))
	// Close does the same and waits for it.
	Close(ctx context.Context) error
	// Alarming reports that the page itself says that something typed is not stored.
	Alarming() bool
}

// Office is what is known and done about the forms of this desk. Its methods are called off the window's
// goroutine.
type Office interface {
	Overview(ctx context.Context) (Overview, error)
	// File reads a form of the overview, in the native format.
	File(ctx context.Context, ref record.FormRef) ([]byte, error)
	// Check says why a form cannot be published, nil if it can.
	Check(ctx context.Context, file []byte) error
	// Import reads files and keeps the forms for trial. took is called for each form and for each file that made
	// none, one after another, on the same goroutine.
	Import(ctx context.Context, files []incoming.File, o Options, took func(Brought))
	Discard(ctx context.Context, ref record.FormRef) error
	Publish(ctx context.Context, file []byte) error
	Retire(ctx context.Context, id string) error
	PrintBlank(ctx context.Context, f *form.Form, lang string) (record.Way, error)
	WriteBlank(ctx context.Context, w io.Writer, f *form.Form, lang string) error
}

// Brought is one form that was taken in, or one file that made none: a code list, or one with Err.
type Brought struct {
	File   string
	Kind   incoming.Kind
	Form   *form.Form // nil: none
	Report imported.Report
	Err    error // [imported.Split] makes a list of it
}

// Options are what somebody decides when files are taken in.
type Options struct {
	FreeText bool   // keys of code lists that are missing are typed as text
	Land     string // the office's Land in two small letters; "" where nobody said yet
}

// Overview is what there is.
type Overview struct {
	Builtin   []*form.Form     // the newest version of each that ships with the program
	Published []record.FormRow // every version, the oldest of each form first
	Trials    []trial.Item
	Drafts    map[string]int  // drafts being typed, by the id of their form
	Editing   map[string]bool // ids of forms that lie unfinished in the editor
	Authority string
	Alone     bool   // there is no centre
	Land      string // as it was chosen here last, "" where it never was
}

// Files asks for files. Open and Save return at once and call back on the window's goroutine, with nothing
// where somebody thought better of it.
type Files interface {
	Open(chosen func([]incoming.File, error))
	Save(name string, chosen func(io.WriteCloser, error))
	// Path lists the file that a typed path names, or the files of a folder.
	Path(typed string) ([]incoming.File, error)
	// Dropped turns what was dropped on the window into files.
	Dropped(uris []fyne.URI) []incoming.File
}
