package desk

import (
	"context"
	"io"
	"io/fs"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/conflict"
	"schalter/ui/control"
	"schalter/ui/find"
	"schalter/ui/i18n"
	"schalter/ui/outbox"
	"schalter/ui/queue"
)

// Options is what the window needs before anybody has unlocked it.
type Options struct {
	Files   fs.FS          // assets.Files: the translations
	Clock   record.Clock   // nil: the machine's
	Door    Door           // the vault
	Run     control.Runner // nil: goroutines that end with the ctx of Start
	Version string         // shown in the help
	Lang    string         // until a store says otherwise; "": i18n.Default
	Still   bool           // nothing follows the store and the line by itself: for tests, which call Refresh
}

// Door is the way into the encrypted store. Fresh and Users are called before the window is shown and must be
// quick; the others are called off the UI goroutine.
type Door interface {
	// Fresh reports that nothing was set up in the data directory yet.
	Fresh() bool
	// Users lists who has a slot, for the field on the lock screen, or says why nobody can open the door.
	Users() ([]string, error)
	// Create makes vault and store for the first user and opens them.
	Create(ctx context.Context, user, passphrase string) (*Services, error)
	// Unlock opens the store with a user's passphrase.
	Unlock(ctx context.Context, user, passphrase string) (*Services, error)
	// Lock forgets the key and closes what Unlock opened. Nothing that was saved is lost.
	Lock(ctx context.Context) error
}

// Services is what an unlocked desk works with.
type Services struct {
	User    string
	Store   Store                                           // *store.Store
	Forms   Forms                                           // *form.Library
	Line    Line                                            // *engine.Engine; nil: there is no centre
	Capture func(Host) Capture                              // makes the capture screen; again after the language changed
	Paper   func(Host, record.Document, int) casefile.Paper // shows a document at a page (from 1; 0: the first); nil: documents are only listed
	Printer Printer                                         // nil: nothing can be printed
	// Add asks for a file, files it in a case and calls back on the UI goroutine with what came of it and where it
	// lies already; without documents where the clerk thought better of it. nil: not offered.
	Add func(h Host, c record.Case, came func(docs []record.Document, already []record.Place, err error))
	// Renditions makes new papers of documents; nil: not offered.
	Renditions Renditions
	// Pages gives the case file what it scans and puts pages in order with; nil: not offered.
	Pages  func(h Host, n *casefile.Needs)
	Folder Folder                                       // nil: nothing can be saved as a folder
	Save   Save                                         // nil: nothing can be saved as a file
	Reader Recognizer                                   // finds the words on scans; nil: not offered
	Admin  func(Host) Admin                             // makes the administration of forms; nil: not offered
	Enrol  func(ctx context.Context, code string) error // nil: not offered
	Tray   func(Host) Tray                              // makes the screen of stacks without a case; nil: not offered
	// Checks makes the screen of scans that wait for a second person; nil: not offered.
	Checks func(Host) Screen
	// Scanners makes the administration of this desk's scanners and profiles; nil: not offered.
	Scanners func(Host) Screen
	// Buttons listens to the buttons of scanners until ctx ends; pressed may be called on any goroutine. nil: there
	// are none.
	Buttons func(ctx context.Context, pressed func(Press))
}

// Folder asks for a folder that is there, at once, and calls back on the UI goroutine: with "" where the clerk thought
// better of it.
type Folder func(h Host, chosen func(dir string, err error))

// Save asks where a file is to be written, at once, and calls back on the UI goroutine: with nothing where the
// clerk thought better of it.
type Save func(h Host, name string, chosen func(w io.WriteCloser, err error))

// Host is what the desk gives to a screen that is made elsewhere.
type Host struct {
	Texts  *i18n.Texts
	Window fyne.Window
	Run    control.Runner
	Clock  record.Clock
	User   string
	Keys   *command.List
	// Leave goes back to the list the clerk came from, when the last draft was submitted or parked.
	Leave func()
	// OpenCase shows a case; from there it goes back to the capture screen.
	OpenCase func(id record.ID)
	// Refresh makes menu, keys and rail anew after a screen's commands changed.
	Refresh func()
}

// Store is what the screens read and the few things they write.
type Store interface {
	queue.Store
	find.Store
	casefile.Store
	outbox.Store
	conflict.Store
	Drafts(ctx context.Context) ([]record.Draft, error)
	DiscardDraft(ctx context.Context, id record.ID) error
	Counts(ctx context.Context, user string) (record.Counts, error)
	Identity(ctx context.Context) (record.Identity, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	Watch() (changed <-chan struct{}, stop func())
}

// Forms is the library of services.
type Forms interface {
	casefile.Forms
	All() []*form.Form
}

// Line is the desk's connection to the centre.
type Line interface {
	Link() record.Link
	Changed() (changed <-chan struct{}, stop func())
	Wake() // try now
}

// Printer prints and writes the papers of cases; printing tells and records whether it was printed or only shown.
// "de+en" is a language with a second one beneath it.
type Printer interface {
	PrintConfirmation(ctx context.Context, cases []record.Case, lang string) (record.Way, error)
	WriteConfirmation(ctx context.Context, w io.Writer, cases []record.Case, lang string) error
	PrintMissing(ctx context.Context, cases []record.Case, langs []string) (record.Way, error)
	Languages() []string // that letters are written in, the office's first
}

// Keeping is a screen on which something is typed that has to be stored before the desk locks or ends.
type Keeping interface {
	Screen
	// PutAway stores everything typed; it does not block, and done is called on the UI goroutine. Until it was
	// called with nil the desk neither locks nor quits.
	PutAway(ctx context.Context, done func(error))
	// Close does the same and waits for it, once the window is gone.
	Close(ctx context.Context) error
}

// Admin is the administration of this desk's forms. *forms.Screen is one.
type Admin interface {
	Keeping
	Dropped(pos fyne.Position, uris []fyne.URI)
}

// Capture is the screen at which drafts are typed and scanned. *capture.Screen is one.
type Capture interface {
	Object() fyne.CanvasObject
	Start(service string)
	Open(id record.ID)
	Dropped(pos fyne.Position, uris []fyne.URI)
	Commands() []command.Command
	Shown()
	// Alarming reports that the screen itself says that something typed is not stored.
	Alarming() bool
	// OnStored has f called, on the UI goroutine, whenever everything typed is stored again after trouble.
	OnStored(f func())
	// PutAway stores everything typed and closes its drafts; it does not block, and done is called on the UI
	// goroutine. Until it was called with nil the desk neither locks nor quits.
	PutAway(ctx context.Context, done func(error))
	// Close does the same and waits for it, once the window is gone.
	Close(ctx context.Context) error
}
