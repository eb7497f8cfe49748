// Package sample fills the capture screen with canned data, for the storybook, the handbook's pictures and
// tests that look at it.
//
// It promises the same picture every time. It never opens a store, a device or a file.
package sample

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/command"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
)

// State is what the screen shows.
type State string

// The states.
const (
	Filling  State = "filling"  // three visitors, one error, one missing proof
	Findings State = "findings" // the list of what is open
	Done     State = "done"     // the confirmation with its number
	Trouble  State = "trouble"  // the disk is full
	Empty    State = "empty"    // a form that was just begun
	Locked   State = "locked"   // a paper that asks for its password
	Visit    State = "visit"    // how the application came, being said
	Crowd    State = "crowd"    // so many visitors that not all fit beside each other
	Alike    State = "alike"    // the quiet word that the dog was perhaps captured already
	Look     State = "look"     // the cases like the draft
	Register State = "register" // a person being taken from earlier cases
	Hall     State = "hall"     // a hall that is taken at the hours wished for
	Month    State = "month"    // the hall's month
	Bundle   State = "bundle"   // the cases of a bundle, accepted
)

// States lists all of them.
func States() []State {
	return []State{Filling, Findings, Done, Trouble, Empty, Locked, Visit, Crowd, Alike, Look, Register, Version, Hall, Month, Bundle, Pages, PagesMany, PagesCompare, PagesFrame, Scanned}
}

// now is when the pictures are taken.
var now = time.Date(2026, 11, 23, 10, 44, 7, 0, time.Local)

// Desk is a capture screen with its world.
type Desk struct {
	*capture.Screen
	Store  *Store
	Keys   *command.List // of what is shown over the window
	Covers int           // how often cover sheets were printed
	queue  []func()
	then   func() // what happens once the screen is laid out
	now    time.Time
}

// New makes the screen in a state. forms must hold the three built-in services.
func New(texts *i18n.Texts, forms capture.Forms, state State) *Desk {
	d := &Desk{Store: &Store{drafts: map[record.ID]record.Draft{}}, Keys: command.NewList(), now: now}
	run := capture.Runtime{
		Clock: func() time.Time { return d.now },
		After: func(wait time.Duration, f func()) func() {
			if wait < time.Second { // what waits for typing to rest; saving and notices never come
				d.queue = append(d.queue, f)
			}
			return func() {}
		},
		Go: func(f func()) { d.queue = append(d.queue, f) },
		Do: func(f func()) { f() },
	}
	deps := capture.Deps{
		Texts: texts, Store: d.Store, Forms: offered(forms, state), Blobs: d.Store, Scanner: scanner{}, Binder: d.Store, Importer: importer{},
		Preview: preview{locked: state == Locked}, Pictures: scans{}, Printer: printer{}, Cover: d.cover, Files: files{}, File: dropped, Run: run,
		User: func() string { return "M. Weber" }, Office: func() string { return "MS" },
		Keys: d.Keys, OpenCase: func(record.ID) {},
	}
	if state == Alike || state == Look || state == Register {
		deps.Parties = people()
	}
	if state == Hall || state == Month {
		deps.Bookings = halls()
	}
	d.Screen = capture.New(deps)
	d.fill(forms, state)
	d.Settle()
	return d
}

// Settle does all work that is waiting. Call it once more after the screen was laid out: the states in
// which something was pressed come about then.
func (d *Desk) Settle() {
	if d.then != nil && d.Object().Size().Width > 0 {
		then := d.then
		d.then = nil
		defer func() { then(); d.Settle() }()
	}
	for len(d.queue) > 0 {
		f := d.queue[0]
		d.queue = d.queue[1:]
		f()
	}
}

func (d *Desk) fill(forms capture.Forms, state State) {
	m := d.Model()
	if state == Empty {
		d.Start("hundesteuer-anmelden")
		return
	}
	if d.feast(forms, state) {
		return
	}
	draft := d.dog(forms)
	if paged(state) {
		draft.Documents = papers(state)
	}
	dog, err := m.Resume(draft)
	if err != nil {
		return
	}
	for _, o := range []struct {
		service string
		values  map[record.Role]string
	}{
		{"plakatierung", map[record.Role]string{record.RoleFamily: "Müller", record.RoleGiven: "Jörg"}},
		{"fundsache", nil},
	} {
		if f, err := forms.Latest(o.service); err == nil {
			v := record.Values{}
			for r, s := range o.values {
				if p := f.Roles[r]; p != "" {
					v[p] = s
				}
			}
			_, _ = m.Resume(record.Draft{ID: record.NewID(), Service: o.service, Form: f.Ref(), Values: v, User: "M. Weber", Created: now, Updated: now})
		}
	}
	m.Activate(dog)
	d.Settle()
	if state == Crowd {
		d.crowd(forms)
		m.Activate(dog)
	}
	if state == Trouble {
		d.Store.Fail(record.E(record.CodeDiskFull, nil))
	}
	dog.Enter("hund/farbe")
	dog.Type("hund/farbe", "schwarz mit weißer Brust")
	dog.Leave("hund/farbe")
	d.Settle()
	d.come(dog, state)
}

// come brings the filled draft into a state.
func (d *Desk) come(dog *capture.Tab, state State) {
	switch state {
	case Pages, PagesMany, PagesCompare, PagesFrame, Scanned:
		d.then = func() { d.lay(state) }
	case Look:
		d.then = func() { d.press("capture.alike") }
	case Register:
		dog.Type("halter/vorname", "")
		d.then = func() { d.press("capture.register") }
	case Visit:
		d.then = func() { d.press("capture.visit") }
	case Findings:
		dog.Type("zahlung/iban", "DE89 3704 0044 0532 0130 01")
		d.then = func() { d.press("capture.check") }
	case Done:
		dog.Type("hund/chip", "276098104123344")
		for _, f := range dog.Findings() {
			if f.Kind != capture.FindingError {
				dog.Override(f.Rule, "wird nachgereicht")
			}
		}
		d.Settle() // what is being saved ends first: submitting waits for it
		d.press("capture.submit")
	default:
	}
}

// crowd opens drafts for everybody in the waiting room.
func (d *Desk) crowd(forms capture.Forms) {
	f, err := forms.Latest("hundesteuer-anmelden")
	if err != nil {
		return
	}
	for _, name := range []string{"Schäfer", "Öztürk", "Nguyễn", "Kowalczyk", "Haddad", "Zimmermann-Freudenberger", "Roth", "Petrović"} {
		_, _ = d.Model().Resume(record.Draft{
			ID: record.NewID(), Service: f.ID, Form: f.Ref(), Values: record.Values{f.Roles[record.RoleFamily]: name},
			User: "M. Weber", Created: now, Updated: now,
		})
	}
}

func (d *Desk) press(id string) {
	for _, c := range d.Commands() {
		if c.ID == id {
			c.Run()
		}
	}
	d.Settle()
}

// dog is a draft of a visitor who has brought a contract and forgotten the insurance.
func (d *Desk) dog(forms capture.Forms) record.Draft {
	f, err := forms.Latest("hundesteuer-anmelden")
	if err != nil {
		return record.Draft{}
	}
	return record.Draft{
		ID: record.NewID(), Service: f.ID, Form: f.Ref(), User: "M. Weber", Created: now, Updated: now, Channel: "counter",
		Values: record.Values{
			"halter/nachname": "Yıldız", "halter/vorname": "Emre", "halter/geburtsdatum": "1988-05-02",
			"halter/strasse": "Bahnhofstraße", "halter/hausnummer": "12", "halter/plz": "65428", "halter/ort": "Musterstadt",
			"hund/rufname": "Balu", "hund/rasse": "Labrador-Mischling", "hund/geworfen": "2024-03", "hund/geschlecht": "m",
			"hund/chip": "276 0981 0412 334", "hund/gehalten_seit": "2026-10-20", "hund/herkunft": "tierheim",
			"hund/herkunft_name": "Tierheim Rüsselsheim", "haushalt/anzahl": "1", "gefahr/gefaehrlich": "false",
			"ermaessigung/beantragt": "true", "ermaessigung/art": "tierheim", "zahlung/art": "lastschrift", "zahlung/turnus": "jahr",
			"zahlung/iban": "DE89370400440532013000", "zahlung/mandat": "true", "abschluss/belehrt": "true",
		},
		Documents: []record.Document{{
			ID: record.NewID(), Title: "Schutzvertrag", Proof: "schutzvertrag", Source: record.SourceScan, Pages: 2,
			Shown: record.BlobRef{Hash: record.HashOf([]byte("contract")), Size: 310_000}, MediaType: "application/pdf", Made: now.Add(-3 * time.Minute), User: "M. Weber",
		}},
	}
}

// Store keeps drafts in memory.
type Store struct {
	mu     sync.Mutex
	drafts map[record.ID]record.Draft
	broken error
}

// Fail makes every write end with err; nil mends it.
func (s *Store) Fail(err error) { s.mu.Lock(); s.broken = err; s.mu.Unlock() }

// SaveDraft keeps a draft.
func (s *Store) SaveDraft(_ context.Context, d record.Draft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		s.drafts[d.ID] = d
	}
	return s.broken
}

// Draft returns a draft.
func (s *Store) Draft(_ context.Context, id record.ID) (record.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.drafts[id]
	if !ok {
		return d, record.E(record.CodeNotFound, nil)
	}
	return d, nil
}

// Drafts lists the drafts.
func (s *Store) Drafts(context.Context) ([]record.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []record.Draft
	for _, d := range s.drafts {
		out = append(out, d)
	}
	return out, nil
}

// DiscardDraft forgets a draft.
func (s *Store) DiscardDraft(_ context.Context, id record.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drafts, id)
	return nil
}

// SubmitAll makes cases with canned numbers.
func (s *Store) SubmitAll(_ context.Context, _ record.ID, edits []record.Edit) (out []record.Case, err error) {
	if s.broken != nil {
		return nil, s.broken
	}
	for _, e := range edits {
		if o, ok := e.Payload.(record.Opened); ok {
			n := record.Number{Office: "MS", Desk: 1, Year: 26, Seq: 417 + len(out)}
			out = append(out, record.Case{ID: e.Case, Number: n.String(), State: record.StateSubmitted, Title: o.Title, Service: o.Service})
		}
	}
	return out, nil
}

// Identity is that of a desk with a centre.
func (s *Store) Identity(context.Context) (record.Identity, error) {
	return record.Identity{Centre: "https://zentrale.musterstadt.example", Office: "MS", Desk: 1}, nil
}

// Setting is always unset.
func (s *Store) Setting(context.Context, string) (string, error) { return "", nil }

// SetSetting forgets at once.
func (s *Store) SetSetting(context.Context, string, string) error { return nil }

// Put counts the bytes.
func (s *Store) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	b, err := io.ReadAll(r)
	return record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}, err
}

// Bind names a PDF by its title.
func (s *Store) Bind(_ context.Context, d record.Document) (record.BlobRef, int, error) {
	return record.BlobRef{Hash: record.HashOf([]byte(d.Title)), Size: 1}, len(d.Originals), nil
}

type scanner struct{}

func (scanner) Profiles() []capture.Profile {
	return []capture.Profile{{ID: "feeder", Label: form.Text{"de": "Einzug, beidseitig, Grau", "en": "Feeder, both sides, grey"}}}
}

func (scanner) Scan(context.Context, string, func(capture.ScanEvent) error) error { return nil }

type importer struct{}

func (importer) Import(_ context.Context, src capture.Source, _ func(done, total int64)) (capture.Imported, error) {
	r, err := src.Open()
	if err != nil {
		return capture.Imported{}, record.E(record.CodeImportUnread, err, "name", src.Name)
	}
	b, err := io.ReadAll(r)
	_ = r.Close()
	ref := record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}
	return capture.Imported{
		MediaType: "application/pdf", Shown: ref, Pages: 2, Originals: []record.Original{{Name: src.Name, Blob: ref}},
	}, err
}

// printer hands everything to a viewer, as where there is none.
type printer struct{}

func (d *Desk) cover(context.Context, []record.Case, string) (record.Way, error) {
	d.Covers++
	return record.WayShown, nil
}

func (printer) PrintConfirmation(context.Context, []record.Case, string) (record.Way, error) {
	return record.WayShown, nil
}

func (printer) WriteConfirmation(context.Context, io.Writer, []record.Case, string) error {
	return nil
}

// dropped reads a file that was dropped.
func dropped(u fyne.URI) capture.Source {
	return capture.Source{Name: u.Name(), Size: -1, Open: func() (io.ReadCloser, error) { return storage.Reader(u) }}
}

func (printer) PrintMissing(context.Context, []record.Case, []string) (record.Way, error) {
	return record.WayPrinted, nil
}

func (printer) MissingText(_ context.Context, cases []record.Case, langs []string) (string, error) {
	return cases[0].Number + " " + strings.Join(langs, ","), nil
}

func (printer) Languages() []string { return []string{"de", "en"} }

type files struct{}

func (files) Open(func([]capture.Source, error))       {}
func (files) Save(string, func(io.WriteCloser, error)) {}

type preview struct{ locked bool }

func (p preview) Open(context.Context, record.BlobRef, string, string) (pageview.Document, error) {
	if p.locked {
		return nil, record.E(record.CodePDFPassword, nil)
	}
	return contract{}, nil
}
