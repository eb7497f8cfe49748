// Package recognize finds the words on scanned and imported pages, behind the work of the clerk.
//
// It is for the desk, which runs one [Queue] while its store is open. What is to be read follows from the store:
// documents of drafts and cases without a text. It promises that no page is read twice for the same language by
// the same program, also after a kill at any moment, because every page that was read is stored before the next;
// that a case gets one change for a document when all its pages have been read; that a page which cannot be read
// is left out after a few attempts and named in the document; that of a file only those pages are read that say
// nothing themselves; that nothing is read while paper is scanned, on battery, or when the clerk says so; that a
// document is read at the desk that made what is shown of it, and at another one only where that desk has been
// silent for hours, one after the other (owed.go); and that no more than one page's picture is held at a time.
// What was scanned into the tray and not looked at, because the program ended, it looks at first (tray.go).
//
// It never alters an original, never rewrites a file that was imported as a PDF (its text only goes into the
// search), never turns a page that lies on its head (the document names it), never waits for a screen, and never
// keeps a page outside the stores it was given.
package recognize

import (
	"context"
	"errors"
	"image"
	"io"
	"sync"
	"time"

	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/record"
)

// Store is what the queue reads and writes (data/store).
type Store interface {
	Identity(ctx context.Context) (record.Identity, error)
	Unheard(ctx context.Context, limit int) ([]record.Paper, error)
	Owed(ctx context.Context, since time.Time, limit int) ([]record.Paper, error)
	PaperOf(ctx context.Context, document record.ID) (record.Paper, error)
	Heard(ctx context.Context, document record.ID, of record.Hash) error
	Drafts(ctx context.Context) ([]record.Draft, error)
	HearDraft(ctx context.Context, draft record.ID, of record.Hash, d record.Document) (bool, error)
	Reading(ctx context.Context, of record.Hash, language, engine string) (page.Reading, error)
	LatestReading(ctx context.Context, of record.Hash) (page.Reading, error)
	KeepReading(ctx context.Context, r page.Reading) error
	Apply(ctx context.Context, edits ...record.Edit) ([]record.Change, error)
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	Watch() (changed <-chan struct{}, stop func())
}

// Blobs keeps bytes durably (data/blob).
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (record.BlobRef, error)
	ReadAll(h record.Hash, limit int64) ([]byte, error)
}

// Binder makes the PDF of a document's pages, with the words that [Queue.Words] knows (data/intake).
type Binder interface {
	Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error)
}

// Viewer draws the pages of a stored PDF in the sandbox.
type Viewer interface {
	OpenPages(ctx context.Context, file record.BlobRef, mediaType string) (Pages, error)
}

// Pages is an opened file.
type Pages interface {
	Render(ctx context.Context, page int, dpi float64) (image.Image, error)
	Text(ctx context.Context, page int) (string, error) // that the file itself says; "" where there is none
	Close()
}

// Engine recognizes words (data/page/ocr).
type Engine interface {
	About(ctx context.Context) (ocr.About, error)
	ReadFrom(ctx context.Context, from ocr.Source, ask ocr.Ask) (page.Text, error)
}

// Config is what a queue works with.
type Config struct {
	Store   Store
	Blobs   Blobs
	Binder  Binder
	Viewer  Viewer // nil: imported PDFs are not read
	Engine  Engine
	Tray    Tray         // nil: nothing in it is looked at
	Battery func() bool  // nil: [OnBattery]
	Clock   record.Clock // nil: [record.SystemClock]
	// Fresh tells whether all that the centre has is here; nil: it is. Nothing is taken over from another desk
	// that may have done it long ago.
	Fresh func() bool
	Freed func()        // called when the picture of a page is let go, before the page is read; may be nil
	User  func() string // in whose time it is done
	// Draft gives the words to a draft that is open in a tab; false: it is in none, and the store has it.
	Draft   func(ctx context.Context, draft record.ID, of record.Hash, d record.Document) bool
	Workers int // pages read at a time; default and most: two
}

// The settings of a desk.
const (
	settingLanguage = "recognize.language"
	settingPaused   = "recognize.paused"
)

// Queue reads pages. Its methods may be called from any goroutine.
type Queue struct {
	Config
	wake chan struct{}

	mu       sync.Mutex
	state    record.Recognition
	paused   bool // by the clerk
	holds    int  // scans that run
	battery  bool
	given    map[place]gift // what documents got in this run
	known    bool           // the program was asked
	streak   int            // pages that failed one after another
	free     chan struct{}
	watchers map[chan struct{}]bool

	begun    time.Time          // when this run did
	picture  sync.Mutex         // held while a picture is: they are large
	choosing sync.Mutex         // held while the languages of documents are changed
	cannot   map[record.ID]bool // pages in the tray that cannot be looked at
}

// New makes a queue; [Queue.Run] works it off.
func New(c Config) *Queue {
	if c.Battery == nil {
		c.Battery = OnBattery
	}
	if c.Workers < 1 || c.Workers > 2 {
		c.Workers = 2
	}
	if c.Clock == nil {
		c.Clock = record.SystemClock
	}
	return &Queue{
		Config: c, wake: make(chan struct{}, 1), free: make(chan struct{}), given: map[place]gift{}, watchers: map[chan struct{}]bool{},
		begun: c.Clock(), cannot: map[record.ID]bool{},
	}
}

// Times between looks at what nobody tells.
const (
	settle      = time.Second      // a clerk who types saves often
	powerLook   = 30 * time.Second // the battery
	troubleLook = time.Minute      // a full disk, a program that was installed meanwhile
)

// Run reads until ctx ends.
func (q *Queue) Run(ctx context.Context) {
	changed, stop := q.Store.Watch()
	defer stop()
	for ctx.Err() == nil {
		again := q.round(ctx)
		if again {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-q.wake:
		case _, open := <-changed:
			if !open || !rest(ctx, settle) {
				return
			}
		case <-time.After(troubleLook):
		}
	}
}

func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// round looks what there is to do and does some of it; again tells that there may be more.
func (q *Queue) round(ctx context.Context) (again bool) {
	if more := q.lookIntoTray(ctx); more {
		return true
	}
	if !q.ready(ctx) {
		return false
	}
	list, pages, err := q.survey(ctx)
	if err != nil {
		return false // tried again with the next change or after a while
	}
	q.update(func() {
		if len(list) == 0 {
			q.state.Done, q.state.Total, q.streak = 0, 0, 0
			return
		}
		q.state.Total = q.state.Done + pages
	})
	if len(list) == 0 {
		return false
	}
	return q.work(ctx, portion(list)) == nil
}

// ready asks the program who it is and the settings for the language.
func (q *Queue) ready(ctx context.Context) bool {
	language, err := q.Store.Setting(ctx, settingLanguage)
	if err != nil {
		return false
	}
	paused, err := q.Store.Setting(ctx, settingPaused)
	if err != nil {
		return false
	}
	q.mu.Lock()
	known, about := q.known, ocr.About{Version: q.state.Engine, Languages: q.state.Languages}
	q.mu.Unlock()
	if !known {
		about, err = q.Engine.About(ctx)
		if ctx.Err() != nil {
			return false
		}
	}
	if language == "" {
		language = about.Default()
	}
	var trouble *record.Error
	switch {
	case err != nil:
		trouble = asError(err)
	case language == "" || !about.Has(language):
		trouble = record.E(record.CodeOCRLanguage, nil, "language", language)
	}
	q.update(func() {
		q.paused = paused != ""
		q.known = err == nil && trouble == nil // a language that is missing may be installed meanwhile
		q.state.Engine, q.state.Languages, q.state.Language = about.Version, about.Languages, language
		if trouble != nil || q.streak < hopeless {
			q.state.Trouble = trouble
		}
	})
	return trouble == nil
}

func (q *Queue) update(f func()) {
	q.mu.Lock()
	before := q.state
	f()
	q.state.Pause = q.reason()
	if q.state.Pause == "" {
		close(q.free)
		q.free = make(chan struct{})
	}
	if different(before, q.state) {
		for c := range q.watchers {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
	q.mu.Unlock()
}

func different(a, b record.Recognition) bool {
	code := func(r record.Recognition) record.Code {
		if r.Trouble == nil {
			return ""
		}
		return r.Trouble.Code
	}
	return a.Done != b.Done || a.Total != b.Total || a.Pause != b.Pause || a.Language != b.Language || a.Engine != b.Engine || code(a) != code(b)
}

func (q *Queue) reason() record.Pause {
	switch {
	case q.streak >= hopeless:
		return record.PauseTrouble
	case q.state.Trouble != nil:
		return record.PauseMissing
	case q.paused:
		return record.PauseClerk
	case q.holds > 0:
		return record.PauseScan
	case q.battery:
		return record.PauseBattery
	}
	return ""
}

// gate waits until pages may be read.
func (q *Queue) gate(ctx context.Context) error {
	for ctx.Err() == nil {
		battery := q.Battery()
		q.update(func() { q.battery = battery })
		q.mu.Lock()
		pause, free := q.state.Pause, q.free
		q.mu.Unlock()
		switch pause {
		case "":
			return nil
		case record.PauseTrouble, record.PauseMissing:
			return errNothingReads
		}
		select {
		case <-free:
		case <-time.After(powerLook):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

var errNothingReads = errors.New("recognize: there is nothing to read with")

// State is how far it has come.
func (q *Queue) State() record.Recognition {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.state
}

// Changed signals when State may have changed.
func (q *Queue) Changed() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.watchers[c] = true
	return c, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.watchers, c)
	}
}

// Hold keeps pages from being read until release is called: for as long as a scanner needs the machine.
func (q *Queue) Hold() (release func()) {
	q.update(func() { q.holds++ })
	return sync.OnceFunc(func() { q.update(func() { q.holds-- }) })
}

// Pause keeps pages from being read until it is called with false; it is remembered. Going on also tries again
// what had failed too often.
func (q *Queue) Pause(ctx context.Context, on bool) error {
	value := ""
	if on {
		value = "1"
	}
	if err := q.Store.SetSetting(ctx, settingPaused, value); err != nil {
		return err
	}
	q.update(func() {
		if q.paused = on; !on && q.streak >= hopeless {
			q.streak, q.state.Trouble = 0, nil
		}
	})
	q.look()
	return nil
}

// SetLanguage chooses what is read from now on: one or more of State.Languages, joined by "+".
func (q *Queue) SetLanguage(ctx context.Context, language string) error {
	if err := q.Store.SetSetting(ctx, settingLanguage, language); err != nil {
		return err
	}
	q.update(func() { q.known = false })
	q.look()
	return nil
}

// look makes Run look at once.
func (q *Queue) look() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Words is what was recognized on a stored picture, for whoever binds pages.
func (q *Queue) Words(of record.Hash) (page.Text, bool) { return Words(q.Store)(of) }

// Words makes what a binder asks for words out of a store.
func Words(s interface {
	LatestReading(ctx context.Context, of record.Hash) (page.Reading, error)
},
) func(of record.Hash) (page.Text, bool) {
	return func(of record.Hash) (page.Text, bool) {
		r, err := s.LatestReading(context.Background(), of)
		return r.Text, err == nil && r.Engine != ""
	}
}

func asError(err error) *record.Error {
	if e, ok := err.(*record.Error); ok { //nolint:errorlint // only what is one already is told as it is
		return e
	}
	return record.E(record.CodeOCRFailed, err)
}
