package capture

import (
	"context"
	"slices"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/pagetable"
)

// Part names what changed, so that the screen redraws only that.
type Part uint

// The parts of a screen.
const (
	PartTabs     Part = 1 << iota // tabs opened, closed, switched or renamed
	PartFields                    // the fields named beside it
	PartSave                      // how saving stands
	PartPapers                    // documents, slots, scanning, importing
	PartChecks                    // problems and how many
	PartPhase                     // filling, submitting, done
	PartVisit                     // how the application came; the fields named beside it
	PartCalendar                  // what is lent on the days around
)

// Message is something to tell the clerk once. Either Err or Key is set. Undo, where given, takes the thing
// back; it is offered as long as While holds, nil: always.
type Message struct {
	Key   string
	Args  []any
	Err   error
	Undo  func()
	While func() bool
}

// Work is what a model is given.
type Work struct {
	Store    Store
	Forms    Forms
	Blobs    Blobs
	Scanner  Scanner            // nil: no scanner is set up
	Binder   Binder             // nil: scanning is not possible
	Importer Importer           // nil: importing is not possible
	Pictures pagetable.Pictures // nil: pages are not looked at
	Bookings Bookings           // nil: there is no calendar
	// Apart says why the pages of a PDF cannot be put in order; nil: no PDF's can.
	Apart func(ctx context.Context, o record.Original) error
	// Places finds where a file lies already; nil: nobody is warned.
	Places func(ctx context.Context, h record.Hash) ([]record.Place, error)
	Run    Runtime
	Lang   func() string
	User   func() string
	Office func() string
	// Reason words the note that goes into the case where a warning was overridden.
	Reason func(warning, reason string) string
	// Clash words what a booking takes away from others.
	Clash func(thing string, b record.Booking) string
	// Changed is told what changed in a tab; paths are the fields for PartFields, nil for all of them.
	Changed func(t *Tab, parts Part, paths []string)
	// Say is told what the clerk should read once.
	Say func(Message)
	// Submitted is told about every case that was taken; nil is allowed.
	Submitted func(record.Case)
}

// Model is the work of the screen: the drafts that are open as tabs. All its methods, and those of its
// tabs, run on one goroutine, the window's.
type Model struct {
	w       Work
	lane    *lane
	ctx     context.Context //nolint:containedctx // of the model: what runs for it ends with it
	stop    context.CancelFunc
	tabs    []*Tab
	active  *Tab
	last    *lastValues
	diary   *diary
	scan    *job // the scanner is one; a scan belongs to one tab
	profile string
}

// NewModel makes a model without tabs.
func NewModel(w Work) *Model {
	l := newLane(w.Run.Do)
	w.Run.Do = l.Do
	m := &Model{w: w, lane: l, last: newLastValues(w.Store, w.Run, w.User)}
	m.ctx, m.stop = context.WithCancel(context.Background())
	m.diary = newDiary(m, w.Bookings)
	m.w.Changed = func(t *Tab, parts Part, paths []string) {
		parts, paths = m.diary.follow(t, parts, paths)
		w.Changed(t, parts, paths)
	}
	return m
}

// StoreChanged looks for what others have booked meanwhile.
func (m *Model) StoreChanged() { m.diary.again() }

// Tabs are the open drafts from left to right. The slice must not be changed.
func (m *Model) Tabs() []*Tab { return m.tabs }

// Active is the tab in front, nil where none is open.
func (m *Model) Active() *Tab { return m.active }

// Forms lists the services that can be begun.
func (m *Model) Forms() []*form.Form { return m.w.Forms.All() }

// Start opens a tab with an empty draft of the newest form of a service. Nothing is stored until the first
// key.
func (m *Model) Start(service string) (*Tab, error) {
	f, err := m.w.Forms.Latest(service)
	if err != nil {
		return nil, err
	}
	now := m.w.Run.Clock()
	d := record.Draft{
		ID: record.NewID(), Service: service, Form: f.Ref(), Channel: "counter", User: m.w.User(),
		Created: now, Updated: now,
	}
	return m.add(d, f)
}

// Resume opens a stored draft with the version of the form it was begun with, and puts it in front. One
// that is open already is only put in front.
func (m *Model) Resume(d record.Draft) (*Tab, error) {
	if t := m.find(d.ID); t != nil {
		m.Activate(t)
		return t, nil
	}
	f, err := m.w.Forms.Get(d.Form)
	if err != nil {
		return nil, err
	}
	t, err := m.add(d, f)
	if err == nil {
		t.lookAgain()
		t.bindLeftovers()
	}
	return t, err
}

// Open reads a draft from the store and resumes it. The answer comes later, through Changed or Say.
func (m *Model) Open(id record.ID) {
	if t := m.find(id); t != nil {
		m.Activate(t)
		return
	}
	m.w.Run.Go(func() {
		d, err := m.w.Store.Draft(context.Background(), id)
		m.w.Run.Do(func() {
			if err == nil {
				_, err = m.Resume(d)
			}
			if err != nil {
				m.w.Say(Message{Err: err})
			}
		})
	})
}

// CutOff finds the drafts that were being typed when the program ended, newest first, without opening
// them; the clerk is asked first.
func (m *Model) CutOff(ctx context.Context) ([]record.Draft, error) {
	all, err := m.w.Store.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(d record.Draft) bool { return !d.Live || m.find(d.ID) != nil }), nil
}

func (m *Model) find(id record.ID) *Tab {
	for _, t := range m.tabs {
		if t.draft.ID == id {
			return t
		}
	}
	return nil
}

func (m *Model) add(d record.Draft, f *form.Form) (*Tab, error) {
	var err error
	t := newTab(m, d, f)
	if t.visit, err = newVisit(t); err != nil {
		return nil, err
	}
	m.tabs = append(m.tabs, t)
	m.last.Load(f.ID)
	m.Activate(t)
	return t, nil
}

// Activate puts a tab in front.
func (m *Model) Activate(t *Tab) {
	if t == m.active {
		return
	}
	if m.active != nil {
		m.active.Leave(m.active.in)
	}
	m.active = t
	m.w.Changed(t, PartTabs|PartFields|PartSave|PartPapers|PartChecks|PartPhase, nil)
}

// Step puts the next (1) or the previous (-1) tab in front.
func (m *Model) Step(by int) {
	i := slices.Index(m.tabs, m.active)
	if i < 0 || len(m.tabs) < 2 {
		return
	}
	m.Activate(m.tabs[(i+by+len(m.tabs))%len(m.tabs)])
}

// remove takes a tab away; the one beside it comes to the front.
func (m *Model) remove(t *Tab) {
	i := slices.Index(m.tabs, t)
	if i < 0 {
		return
	}
	m.tabs = slices.Delete(m.tabs, i, i+1)
	t.closed = true
	if m.active != t {
		m.w.Changed(m.active, PartTabs, nil)
		return
	}
	m.active = nil
	if len(m.tabs) > 0 {
		m.Activate(m.tabs[min(i, len(m.tabs)-1)])
		return
	}
	m.w.Changed(nil, PartTabs|PartFields|PartSave|PartPapers|PartChecks|PartPhase, nil)
}

// Park stores a draft and closes its tab; it waits in the list of drafts. While it cannot be stored the
// tab stays, and so does everything typed. An untouched draft just goes.
func (m *Model) Park(t *Tab) {
	switch {
	case t.phase == Done, t.phase == Filling && !t.begun:
		m.remove(t)
		return
	case t.phase != Filling:
		return
	case t.Busy():
		m.w.Say(Message{Key: "capture.park.busy"})
		return
	}
	t.draft.Live = false
	t.saver.Now(t.snapshot())
	m.w.Run.Go(func() {
		err := t.saver.Flush(context.Background())
		m.w.Run.Do(func() {
			switch {
			case t.closed || t.draft.Live || t.phase != Filling: // typed on or submitted meanwhile
			case err != nil:
				t.draft.Live = true
				t.saver.Typed(t.snapshot())
				m.w.Say(Message{Err: err})
			default:
				m.remove(t)
				m.w.Say(Message{Key: "capture.parked", Args: []any{"title", t.Name()}, Undo: func() { m.Open(t.draft.ID) }})
			}
		})
	})
}

// Discard takes a draft out of the store and closes its tab. As long as the message stands it can be
// brought back.
func (m *Model) Discard(t *Tab) {
	if t.phase != Filling {
		return
	}
	t.stopJobs()
	again := t.snapshot()
	stored := t.begun
	m.remove(t)
	m.w.Run.Go(func() {
		err := t.saver.Stop(context.Background())
		if err == nil && stored {
			err = m.w.Store.DiscardDraft(context.Background(), again.ID)
		}
		m.w.Run.Do(func() {
			if err != nil && record.CodeOf(err) != record.CodeNotFound {
				m.w.Say(Message{Err: err})
				return
			}
			if stored {
				m.w.Say(Message{Key: "capture.discarded", Args: []any{"title", t.Name()}, Undo: func() { m.bringBack(again) }})
			}
		})
	})
}

func (m *Model) bringBack(d record.Draft) {
	t, err := m.Resume(d)
	if err != nil {
		m.w.Say(Message{Err: err})
		return
	}
	t.touch(true)
}

// Failing reports whether the last try to store one of the drafts failed.
func (m *Model) Failing() bool {
	return slices.ContainsFunc(m.tabs, func(t *Tab) bool { return t.saver.State().Err != nil })
}
