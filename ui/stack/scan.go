package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/data/sorting"
)

// Observer is told, on the window's goroutine, how a scan goes. All of it may be nil.
type Observer struct {
	Changed func()          // page or wait are others
	Came    func()          // a page is in the tray
	Say     func(err error) // a warning; the scan goes on
	Ended   func(err error) // nil: the paper is through, or somebody called it off
}

// Scan is a stack being scanned. Page, Wait and Pages are the window's.
type Scan struct {
	Page  int // being scanned
	Wait  EventKind
	Pages int // that came

	r      *Room
	o      Observer
	stack  sorting.Stack
	before []record.ID // pages that were in the stack already
	known  []string    // what was noticed about those
	first  int         // the place of the first page that came
	odd    []odd
	order  []int
	pages  []record.ID
	begun  bool
	cancel context.CancelFunc
}

// odd is what was noticed at a page, counted from 1 as they come.
type odd struct {
	code record.Code
	page int
}

// Stack is the stack's id.
func (s *Scan) Stack() record.ID { return s.stack.ID }

// Stop calls the scan off; what came stays.
func (s *Scan) Stop() { s.cancel() }

// Leave ends telling anybody how the scan goes. It goes on.
func (s *Scan) Leave() { s.o = Observer{} }

// Running is the stack that is being scanned, "" for none.
func (r *Room) Running() record.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		return ""
	}
	return r.running.stack.ID
}

// Stop calls off what is being scanned, whoever has begun it.
func (r *Room) Stop() {
	r.mu.Lock()
	s := r.running
	r.mu.Unlock()
	if s != nil {
		s.Stop()
	}
}

// Scan scans a stack, for a case where goes is set. One runs at a time.
func (r *Room) Scan(p Profile, goes *sorting.Goes, o Observer) (*Scan, error) {
	st := sorting.Stack{ID: record.NewID(), User: r.User, Made: r.Clock(), Duplex: p.Duplex, Goes: goes}
	return r.scan(p, &Scan{r: r, o: o, stack: st})
}

// More scans further pages into a stack that is in the tray.
func (r *Room) More(p Profile, st sorting.Stack, o Observer) (*Scan, error) {
	st.Duplex = st.Duplex && p.Duplex
	s := &Scan{r: r, o: o, known: st.Anomalies, begun: true}
	for _, p := range st.Pages {
		if s.first = max(s.first, p.N+1); p.Filed == "" {
			s.before = append(s.before, p.ID)
		}
	}
	st.Pages = nil
	s.stack = st
	return r.scan(p, s)
}

func (r *Room) scan(p Profile, s *Scan) (*Scan, error) {
	if r.Scanner == nil {
		return nil, record.E(record.CodeScanNoDevice, nil)
	}
	s.Page = 1
	r.mu.Lock()
	if r.running != nil {
		r.mu.Unlock()
		return nil, record.E(record.CodeScanBusy, nil)
	}
	// Known before there is a row, so that nobody who reads the tray meanwhile takes the stack for one that broke off.
	r.running, r.begun[s.stack.ID] = s, true
	r.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	r.Run(func(own context.Context) func() {
		stop := context.AfterFunc(own, cancel)
		defer stop()
		err := r.Scanner.Scan(ctx, p.ID, func(e Event) error { return s.event(own, e) })
		if s.begun {
			err = errors.Join(err, s.brokeOff(own, err), r.Store.EndTray(own, s.stack.ID, err != nil))
		}
		if err == nil && len(s.pages) == 0 {
			err = record.E(record.CodeScanNoPaper, nil)
		}
		r.mu.Lock()
		r.running = nil
		r.mu.Unlock()
		return func() { s.end(err) }
	})
	return s, nil
}

func (s *Scan) end(err error) {
	s.cancel()
	if errors.Is(err, context.Canceled) || record.CodeOf(err) == record.CodeScanCancelled {
		err = nil
	}
	if s.o.Ended != nil {
		s.o.Ended(err)
	}
}

// event runs on the scanner's goroutine.
func (s *Scan) event(ctx context.Context, e Event) error {
	s.stack.Device, s.stack.Settings = joined(s.stack.Device, e.Device), joined(s.stack.Settings, e.Settings)
	switch e.Kind {
	case Received:
		if err := s.received(ctx, e); err != nil {
			return err
		}
		s.r.Do(func() {
			s.Pages++
			if s.o.Came != nil {
				s.o.Came()
			}
		})
	case Warning:
		if e.Trouble != nil {
			s.odd = append(s.odd, odd{e.Trouble.Code, e.Page})
			s.r.Do(func() {
				if s.o.Say != nil {
					s.o.Say(e.Trouble)
				}
			})
		}
	case Done:
		s.order = e.Order
		if err := s.noted(ctx); err != nil {
			return err
		}
		return s.ordered(ctx)
	case Progress, Turn, Wait:
	}
	s.r.Do(func() {
		if s.Page != e.Page || s.Wait != e.Kind {
			s.Page, s.Wait = max(e.Page, 1), e.Kind
			if s.o.Changed != nil {
				s.o.Changed()
			}
		}
	})
	return nil
}

// brokeOff notes why a scan ended before the paper was through.
func (s *Scan) brokeOff(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if code := record.CodeOf(err); code != "" && code != record.CodeScanCancelled && !errors.Is(err, context.Canceled) {
		s.odd = append(s.odd, odd{code, len(s.pages)})
	}
	return s.noted(ctx)
}

// joined adds a device or settings to those that were used for the stack before.
func joined(all, one string) string {
	switch {
	case all == "":
		return one
	case one == "" || slices.Contains(strings.Split(all, "; "), one):
		return all
	}
	return all + "; " + one
}

// noted writes the stack's row as it is known now.
func (s *Scan) noted(ctx context.Context) error {
	if !s.begun {
		return nil
	}
	s.stack.Anomalies = slices.Clone(s.known)
	for _, o := range s.odd {
		s.stack.Anomalies = append(s.stack.Anomalies, fmt.Sprintf("%s:%d", o.code, s.place(o.page)))
	}
	return s.r.Store.NoteTray(ctx, s.stack)
}

// place is where a page lies in the stack, from 1, that came as the n-th.
func (s *Scan) place(n int) int {
	if i := slices.Index(s.order, n-1); i >= 0 {
		n = i + 1
	}
	return s.first + n
}

// received stores a page and its place in the tray; only then the scanner may forget it.
func (s *Scan) received(ctx context.Context, e Event) error {
	if !strings.HasPrefix(e.MediaType, "image/") || e.MediaType == "image/tiff" {
		return record.E(record.CodeTrayFiles, fmt.Errorf("a page as %s", e.MediaType), "name", e.Name)
	}
	ref, err := s.r.Blobs.Put(ctx, bytes.NewReader(e.Data))
	if err != nil {
		return err
	}
	if !s.begun {
		if err := s.r.Store.BeginTray(ctx, s.stack); err != nil {
			return err
		}
		s.begun = true
	}
	p := sorting.Page{ID: record.NewID(), DPI: e.DPI, Original: record.Original{Name: e.Name, MediaType: e.MediaType, Blob: ref}}
	got, err := s.r.Store.AddTrayPage(ctx, s.stack.ID, p)
	if record.CodeOf(err) == record.CodeTrayGone { // all that was there before has been filed meanwhile
		if err = s.r.Store.BeginTray(ctx, s.stack); err == nil {
			got, err = s.r.Store.AddTrayPage(ctx, s.stack.ID, p)
		}
	}
	if err != nil {
		return err
	}
	if len(s.pages) == 0 {
		s.first = got.N
	}
	s.pages = append(s.pages, p.ID)
	return nil
}

// ordered brings the pages into the order they belong in, behind those that were there before.
func (s *Scan) ordered(ctx context.Context) error {
	if s.order == nil || !s.begun {
		return nil
	}
	pages := slices.Clone(s.before)
	for _, i := range s.order {
		if i >= 0 && i < len(s.pages) {
			pages = append(pages, s.pages[i])
		}
	}
	return s.r.Store.OrderTray(ctx, s.stack.ID, pages)
}
