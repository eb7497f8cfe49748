// Package casefile is one case on one screen: what was answered, the documents, notes and the journal,
// and in words where it stands.
//
// It promises to show every answer of the case, also those its form no longer knows, and never to alter
// an answer: notes and the record of a print are the only things it adds.
package casefile

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/i18n"
	"schalter/ui/sheet"
	"schalter/ui/standing"
)

// Store is what the screen reads and adds to.
type Store interface {
	Row(ctx context.Context, id record.ID) (record.CaseRow, error)
	Case(ctx context.Context, id record.ID) (record.Case, error)
	Journal(ctx context.Context, id record.ID) ([]record.JournalEntry, error)
	Apply(ctx context.Context, edits ...record.Edit) ([]record.Change, error)
	// Bundle lists the cases that were made in one interview.
	Bundle(ctx context.Context, id record.ID) ([]record.CaseRow, error)
}

// Forms finds the form a case was filled with.
type Forms interface {
	Get(ref record.FormRef) (*form.Form, error)
}

// File is everything the screen shows of a case.
type File struct {
	Row     record.CaseRow
	Case    record.Case
	Form    *form.Form // nil: this desk does not have that version
	Journal []record.JournalEntry
	Linked  []record.CaseRow // the other cases of its interview
}

// Load reads a case. It may run on any goroutine.
func Load(ctx context.Context, s Store, forms Forms, id record.ID) (File, error) {
	var f File
	var err error
	if f.Row, err = s.Row(ctx, id); err != nil {
		return f, err
	}
	if f.Case, err = s.Case(ctx, id); err != nil {
		return f, err
	}
	if f.Journal, err = s.Journal(ctx, id); err != nil {
		return f, err
	}
	if form, err := forms.Get(f.Case.Form); err == nil {
		f.Form = form
	}
	all, err := s.Bundle(ctx, f.Case.Bundle)
	f.Linked = slices.DeleteFunc(all, func(r record.CaseRow) bool { return r.ID == id })
	return f, err
}

// Lacking lists the proofs that the case asks for and that are not here. A case that is done or withdrawn asks for
// nothing.
func (f File) Lacking(lang string, now time.Time) []string {
	if f.Form == nil || f.Case.State == record.StateDone || f.Case.State == record.StateWithdrawn {
		return nil
	}
	var out []string
	for _, p := range f.Form.Begin(f.Case.Values(), now).Proofs() {
		if p.Visible && p.Required && !f.has(p.Proof.ID) {
			out = append(out, p.Proof.Label.In(lang))
		}
	}
	return out
}

// has reports whether a proof is here.
func (f File) has(proof string) bool {
	return slices.ContainsFunc(f.Case.Documents, func(d record.Document) bool { return d.Proof == proof && d.Trashed == nil })
}

// AddNote records a remark. Empty text is not recorded.
func AddNote(ctx context.Context, s Store, id record.ID, user, text string) (added bool, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return false, nil
	}
	_, err = s.Apply(ctx, record.Edit{Case: id, Kind: record.KindNote, User: user, Payload: record.Note{Text: text}})
	return err == nil, err
}

// Sheet lists the answers.
func (f File) Sheet(lang string, now time.Time) []sheet.Group {
	return sheet.Make(f.Form, f.Case.Values(), lang, now)
}

// Proof says which proof a document fills, or "".
func (f File) Proof(d record.Document, lang string) string {
	if f.Form == nil || d.Proof == "" {
		return ""
	}
	if p := f.Form.Proof(d.Proof); p != nil {
		return p.Label.In(lang)
	}
	return ""
}

// Notes lists the remarks, the newest first.
func (f File) Notes() []record.NoteEntry {
	out := append([]record.NoteEntry{}, f.Case.Notes...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Time.After(out[j].Time) })
	return out
}

// Lines writes the journal, the newest first.
func (f File) Lines(t *i18n.Texts, now time.Time) []string {
	out := make([]string, 0, len(f.Journal))
	for _, e := range slices.Backward(f.Journal) {
		line := standing.Line(t, e, now, func(g string) string { return sheet.GroupName(f.Form, g, t.Lang()) })
		if e.Seq == 0 && f.Row.Delivery != record.DeliveryHere {
			line += " · " + t.T("casefile.not_sent")
		}
		out = append(out, line)
	}
	return out
}
