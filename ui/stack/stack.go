// Package stack is what screens do with paper that is scanned without a draft: a stack goes from the scanner into
// the tray, is looked at for cover sheets, and becomes documents of cases.
//
// It is for the screen "Unsortiert" and for the case file, in which a stack is scanned for that case. Both work on
// the one [Room] of the desk, so that one knows of the other's scan.
//
// It promises that a page is stored before the scanner goes on, that what was received stays whatever happens then,
// that a stack which broke off is known for one, and that a page comes into a case only where package sorting or a
// clerk says so.
//
// It never draws anything and never opens a store, a scanner or a file: whatever it needs comes through [Needs].
package stack

import (
	"context"
	"io"
	"sync"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/control"
	"schalter/ui/i18n"
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
	FileTray(ctx context.Context, pages []sorting.Page, edits ...record.Edit) error
	UnfileTray(ctx context.Context, st sorting.Stack, pages []record.ID, edits ...record.Edit) error
	Numbered(ctx context.Context, number string) (record.Case, bool, error)
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
	Sorts     bool // it is meant for stacks of several cases
	Single    bool // sheets are laid in one by one
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

// Needs is what the room is given. Scanner and Reader may be nil: nothing is scanned or looked at then.
type Needs struct {
	Clock   record.Clock
	Run     control.Runner
	Do      func(func()) // runs something on the window's goroutine; called on others
	User    string
	Store   Store
	Forms   Forms
	Blobs   Blobs
	Scanner Scanner
	Reader  Reader
	Binder  Binder
	Filed   func() // something was filed: it may be sent; nil is allowed
}

// Room is the desk's tray with its scanner. One belongs to each unlocked store; its methods may be called on any
// goroutine.
type Room struct {
	Needs

	mu      sync.Mutex
	begun   map[record.ID]bool // stacks of this run of the program; others that are open were cut off
	running *Scan
}

// New makes the room.
func New(n Needs) *Room { return &Room{Needs: n, begun: map[record.ID]bool{}} }

// Profiles are the ways to scan; none where there is no scanner.
func (r *Room) Profiles(lang string) []Profile {
	if r.Scanner == nil {
		return nil
	}
	return r.Scanner.Profiles(lang)
}

// Stacks reads the tray. What broke off when the program ended, and nothing else, is ended.
func (r *Room) Stacks(ctx context.Context) ([]sorting.Stack, error) {
	all, err := r.Store.Tray(ctx)
	if err != nil {
		return nil, err
	}
	for i, st := range all {
		r.mu.Lock()
		ours := r.begun[st.ID]
		r.mu.Unlock()
		if st.Done || ours {
			continue
		}
		if err := r.Store.EndTray(ctx, st.ID, true); err != nil {
			return nil, err
		}
		all[i].Done, all[i].Cut = true, true
	}
	return all, nil
}

// Look looks at a page for codes and notes what was seen. How a clerk has laid it straight stays.
func (r *Room) Look(ctx context.Context, p sorting.Page) error {
	seen, err := r.Reader.Read(ctx, p.Original, p.DPI)
	if err != nil {
		return err
	}
	return r.Store.ChangeTray(ctx, []record.ID{p.ID}, func(p *sorting.Page) {
		p.Read, p.Codes, p.Damaged, p.Blank = true, sorting.Ours(seen.Codes), seen.Lost, seen.Blank
		if p.Skew == 0 {
			p.Skew = seen.Skew
		}
	})
}

// Slot is a proof that a case has room for.
type Slot struct{ ID, Label string }

// Info is what is shown of a case before anything is filed in it.
type Info struct {
	ID      record.ID
	Number  string
	Party   string
	Service string
	Slots   []Slot
}

// Item is a group as it is shown.
type Item struct {
	sorting.Group
	Stack    sorting.Stack
	Case     Info // zero where there is none
	Scanning bool // its stack is still being scanned: it may not be complete
}

// ProofLabel is the proof's name, "" for none.
func (i Item) ProofLabel() string {
	for _, s := range i.Case.Slots {
		if s.ID == i.Proof {
			return s.Label
		}
	}
	return i.Proof
}

// Ready reports whether the group can be filed.
func (i Item) Ready() bool { return i.Sorted() && i.Shown() > 0 && !i.Scanning }

// Match reports whether a clerk has compared every page with the paper.
func (i Item) Match() bool {
	for _, l := range i.Leaves {
		if !l.Page.Match {
			return false
		}
	}
	return len(i.Leaves) > 0
}

// IDs are the group's pages.
func (i Item) IDs() (out []record.ID) {
	for _, l := range i.Leaves {
		out = append(out, l.Page.ID)
	}
	return out
}

// Pages are the group's pages as they are shown.
func (i Item) Pages() (out []sorting.Page) {
	for _, l := range i.Leaves {
		out = append(out, l.Page)
	}
	return out
}

// Items reads the tray and sorts it, in the order of the stacks.
func (r *Room) Items(ctx context.Context, t *i18n.Texts) ([]Item, error) {
	id, err := r.Store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	stacks, err := r.Stacks(ctx)
	if err != nil {
		return nil, err
	}
	known, infos := map[string]sorting.Known{}, map[string]Info{}
	for _, st := range stacks {
		for _, number := range numbers(st) {
			if _, done := infos[number]; done {
				continue
			}
			c, found, err := r.Store.Numbered(ctx, number)
			if err != nil {
				return nil, err
			}
			infos[number] = Info{}
			if found {
				infos[number], known[number] = r.Info(t, c)
			}
		}
	}
	office := sorting.Office{Authority: sorting.Authority(id), Case: func(number string) (sorting.Known, bool) {
		k, ok := known[number]
		return k, ok
	}}
	scanned := r.Running()
	var out []Item
	for _, st := range stacks {
		for _, g := range sorting.Sort(st, office) {
			out = append(out, Item{Group: g, Stack: st, Case: infos[g.Number], Scanning: st.ID == scanned})
		}
	}
	return out, nil
}

// numbers are the case numbers that a stack, its sheets and decisions name.
func numbers(st sorting.Stack) (out []string) {
	if st.Goes != nil {
		out = append(out, st.Goes.Number)
	}
	for _, p := range st.Pages {
		if p.Given != nil && p.Given.Number != "" {
			out = append(out, p.Given.Number)
		}
		for _, text := range p.Codes {
			if c, err := sorting.ParseCode(text); err == nil && c.Kind == sorting.KindCover {
				out = append(out, c.Number)
			}
		}
	}
	return out
}

// Info is what is shown of a case, and what sorting has to know of it.
func (r *Room) Info(t *i18n.Texts, c record.Case) (Info, sorting.Known) {
	i := Info{ID: c.ID, Number: c.Number, Party: c.Party().Name(), Service: t.Name(c.Title)}
	k := sorting.Known{
		ID: c.ID, Number: c.Number, Deleted: c.Deleted, Closed: c.State == record.StateDone || c.State == record.StateWithdrawn,
	}
	f, err := r.Forms.Get(c.Form)
	if err != nil {
		return i, k // whatever proof is named is taken for one
	}
	k.Proofs = []string{}
	for _, p := range f.Proofs {
		i.Slots = append(i.Slots, Slot{p.ID, p.Label.In(t.Lang())})
		k.Proofs = append(k.Proofs, p.ID)
	}
	return i, k
}
