package tray

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"schalter/data/record"
	"schalter/data/sorting"
)

// scanning is a stack being scanned.
type scanning struct {
	m      *model
	stack  sorting.Stack
	pages  []record.ID
	begun  bool
	page   int // being scanned, for the window
	wait   EventKind
	cancel context.CancelFunc
}

// startScan scans a stack with a profile.
func (m *model) startScan(p Profile) {
	if m.n.Scanner == nil {
		m.say(message{err: record.E(record.CodeScanNoDevice, nil)})
		return
	}
	if m.scan != nil {
		m.say(message{err: record.E(record.CodeScanBusy, nil)})
		return
	}
	s := &scanning{m: m, page: 1, stack: sorting.Stack{ID: record.NewID(), User: m.n.User, Made: m.n.Clock(), Duplex: p.Duplex}}
	ctx, cancel := context.WithCancel(context.Background())
	m.scan, s.cancel = s, cancel
	m.changed()
	m.n.Run(func(own context.Context) func() {
		stop := context.AfterFunc(own, cancel)
		defer stop()
		err := m.n.Scanner.Scan(ctx, p.ID, func(e Event) error { return s.event(own, e) })
		if s.begun {
			err = errors.Join(err, m.n.Store.EndTray(own, s.stack.ID, err != nil))
		}
		return func() { s.end(err) }
	})
}

// stopScan calls the scan off; what came stays.
func (m *model) stopScan() {
	if m.scan != nil {
		m.scan.cancel()
	}
}

func (s *scanning) end(err error) {
	s.cancel()
	s.m.scan = nil
	switch {
	case errors.Is(err, context.Canceled), record.CodeOf(err) == record.CodeScanCancelled:
	case err != nil:
		s.m.say(message{err: err})
	case len(s.pages) == 0:
		s.m.say(message{err: record.E(record.CodeScanNoPaper, nil)})
	}
	s.m.load()
}

// event runs on the scanner's goroutine.
func (s *scanning) event(ctx context.Context, e Event) error {
	if e.Device != "" {
		s.stack.Device = e.Device
	}
	if e.Settings != "" {
		s.stack.Settings = e.Settings
	}
	switch e.Kind {
	case Received:
		if err := s.received(ctx, e); err != nil {
			return err
		}
		s.m.n.Do(s.m.load)
	case Warning:
		if e.Trouble != nil {
			s.stack.Anomalies = append(s.stack.Anomalies, fmt.Sprintf("%s:%d", e.Trouble.Code, e.Page))
			s.m.n.Do(func() { s.m.say(message{err: e.Trouble}) })
		}
	case Done:
		if err := s.noted(ctx); err != nil {
			return err
		}
		return s.ordered(ctx, e.Order)
	case Progress, Turn, Wait:
	}
	s.m.n.Do(func() {
		if s.page != e.Page || s.wait != e.Kind {
			s.page, s.wait = max(e.Page, 1), e.Kind
			s.m.changed()
		}
	})
	return nil
}

// noted writes the stack's row as it is known now.
func (s *scanning) noted(ctx context.Context) error {
	if !s.begun {
		return nil
	}
	return s.m.n.Store.NoteTray(ctx, s.stack)
}

// received stores a page and its place in the tray; only then the scanner may forget it.
func (s *scanning) received(ctx context.Context, e Event) error {
	if !strings.HasPrefix(e.MediaType, "image/") || e.MediaType == "image/tiff" {
		return record.E(record.CodeTrayFiles, fmt.Errorf("a page as %s", e.MediaType), "name", e.Name)
	}
	ref, err := s.m.n.Blobs.Put(ctx, bytes.NewReader(e.Data))
	if err != nil {
		return err
	}
	if !s.begun {
		if err := s.m.n.Store.BeginTray(ctx, s.stack); err != nil {
			return err
		}
		s.begun = true
	}
	p := sorting.Page{ID: record.NewID(), DPI: e.DPI, Original: record.Original{Name: e.Name, MediaType: e.MediaType, Blob: ref}}
	if _, err := s.m.n.Store.AddTrayPage(ctx, s.stack.ID, p); err != nil {
		return err
	}
	s.pages = append(s.pages, p.ID)
	return nil
}

// ordered brings the pages into the order they belong in.
func (s *scanning) ordered(ctx context.Context, order []int) error {
	if order == nil || !s.begun {
		return nil
	}
	var pages []record.ID
	for _, i := range order {
		if i >= 0 && i < len(s.pages) {
			pages = append(pages, s.pages[i])
		}
	}
	return s.m.n.Store.OrderTray(ctx, s.stack.ID, pages)
}
