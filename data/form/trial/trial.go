// Package trial keeps the forms that were imported on this desk to be tried, until they are published or
// discarded.
//
// It promises that a form which was put here is here after a restart and after a power failure, as it was
// brought, byte for byte; that a later import of the same version takes the place of the earlier one; and
// that nothing here is ever offered to a clerk for a case.
//
// It never publishes anything and never looks into a form.
package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"schalter/data/form/imported"
	"schalter/data/record"
)

// Settings is where the forms lie; a desk's store is one. Each call is durable when it returns.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Item is one form on the shelf.
type Item struct {
	Form      record.FormRef    `json:"form"`
	Title     map[string]string `json:"title"`
	Source    string            `json:"source"` // name of the file it came from
	User      string            `json:"user"`
	Time      time.Time         `json:"time"`
	Fields    int               `json:"fields"`
	Groups    int               `json:"groups"`
	Codelists int               `json:"codelists"`
	Rules     imported.Rules    `json:"rules"`
	Notes     []Note            `json:"notes,omitempty"` // what the importer found worth a look
}

// Note is a [record.Error] without its cause.
type Note struct {
	Code record.Code `json:"code"`
	Args record.Args `json:"args,omitempty"`
}

// Shelf holds the forms. Many goroutines may use it; there is one for a store.
type Shelf struct {
	settings Settings
	mu       sync.Mutex
}

// New makes the shelf of a store.
func New(s Settings) *Shelf { return &Shelf{settings: s} }

// listSetting names the setting with the items; the forms themselves lie beside it.
const listSetting = "form.trial"

func fileSetting(r record.FormRef) string { return listSetting + "/" + r.ID + "/" + r.Version }

// same tells whether two forms have the same place on the shelf.
func same(a, b record.FormRef) bool { return a.ID == b.ID && a.Version == b.Version }

// Items lists the forms, the last brought first.
func (s *Shelf) Items(ctx context.Context) ([]Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items(ctx)
}

func (s *Shelf) items(ctx context.Context) (all []Item, err error) {
	text, err := s.settings.Setting(ctx, listSetting)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("trial: the list: %w", err)
	}
	return all, nil
}

// Put puts a form on the shelf, in the place of the same version that was there.
func (s *Shelf) Put(ctx context.Context, x Item, file []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.items(ctx)
	if err != nil {
		return err
	}
	// The form first: what the list names is there.
	if err := s.settings.SetSetting(ctx, fileSetting(x.Form), string(file)); err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(o Item) bool { return same(o.Form, x.Form) })
	return s.write(ctx, append([]Item{x}, all...))
}

// File reads a form; [record.CodeFormUnknown] if it is not on the shelf.
func (s *Shelf) File(ctx context.Context, r record.FormRef) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := s.settings.Setting(ctx, fileSetting(r))
	if err == nil && text == "" {
		err = record.E(record.CodeFormUnknown, nil, "id", r.ID, "version", r.Version)
	}
	return []byte(text), err
}

// Drop takes a form off the shelf; one that is not there is no trouble.
func (s *Shelf) Drop(ctx context.Context, r record.FormRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.items(ctx)
	if err != nil {
		return err
	}
	if err := s.write(ctx, slices.DeleteFunc(all, func(o Item) bool { return same(o.Form, r) })); err != nil {
		return err
	}
	return s.settings.SetSetting(ctx, fileSetting(r), "")
}

func (s *Shelf) write(ctx context.Context, all []Item) error {
	if len(all) == 0 {
		return s.settings.SetSetting(ctx, listSetting, "")
	}
	b, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("trial: the list: %w", err)
	}
	return s.settings.SetSetting(ctx, listSetting, string(b))
}

// Of makes the item of an imported form.
func Of(form record.FormRef, title map[string]string, r imported.Report, user string, now time.Time) Item {
	x := Item{
		Form: form, Title: title, Source: r.File, User: user, Time: now,
		Fields: r.Fields, Groups: r.Groups, Codelists: r.Codelists, Rules: r.Rules,
	}
	for _, n := range r.Notes {
		x.Notes = append(x.Notes, Note{n.Code, n.Args})
	}
	return x
}
