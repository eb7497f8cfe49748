// Package editor lets an office change a form: the parts of the form at the left, what can be changed of the
// chosen one in the middle, and the form itself at the right, to be filled for a trial.
//
// It promises that nothing typed is lost: what was typed stays in its field while it is not in order, and
// everything is kept as a draft that the next start goes on with. Whatever is done can be taken back. A form
// leaves the editor only when it is in order and every rule in prose has been decided about.
//
// It never designs: what it cannot show it keeps and says in words. It never publishes by itself and never
// opens a file or a store; both come through [Deps].
package editor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/data/record"
)

// Drafts keeps what is being edited. Its methods are called off the window's goroutine.
type Drafts interface {
	Load(ctx context.Context, formID string) ([]byte, error) // nil: there is none
	Save(ctx context.Context, formID string, draft []byte) error
}

// Settings is a store of settings; a desk's store is one.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

type inSettings struct{ s Settings }

// InSettings keeps drafts among the settings of a store.
func InSettings(s Settings) Drafts { return inSettings{s} }

const draftSetting = "editor.draft."

func (d inSettings) Load(ctx context.Context, id string) ([]byte, error) {
	v, err := d.s.Setting(ctx, draftSetting+id)
	return []byte(v), err
}

func (d inSettings) Save(ctx context.Context, id string, draft []byte) error {
	return d.s.SetSetting(ctx, draftSetting+id, string(draft))
}

// HasDraft reports whether a form lies unfinished in the editor.
func HasDraft(ctx context.Context, d Drafts, formID string) (bool, error) {
	b, err := d.Load(ctx, formID)
	return len(b) > 0, err
}

// input is one field to type in: a text in a language, a property or an amount of what stands at a place.
type input struct {
	Place string `json:"place"`
	What  string `json:"what"`           // an edit.TextKey, an edit.Prop, or one of those below
	Lang  string `json:"lang,omitempty"` // of a text
	Code  string `json:"code,omitempty"` // of a choice
	Index int    `json:"index,omitempty"`
}

// What is typed besides texts by language and properties.
const (
	whatLegal  = "legal"
	whatChoice = "choice"
	whatAmount = "amount"
	whatReason = "reason" // why a rule in prose is not needed; nothing of the form until it is decided
)

// draft is what is kept of an editor that was left.
type draft struct {
	Base    record.Hash `json:"base"` // of the form as it was opened
	Time    time.Time   `json:"time"`
	File    string      `json:"file"`
	At      string      `json:"at"`
	Pending []typed     `json:"pending,omitempty"`
}

type typed struct {
	input
	Text string `json:"text"`
}

// Model is a form being edited and what was typed that is not in order yet. It belongs to one goroutine.
type Model struct {
	doc     *edit.Doc
	base    *form.Form // as it was opened
	lang    string
	at      string           // the chosen place
	pending map[input]string // typed, and not in the form
	faults  map[input]error  // why not
	held    input            // typed last and not tried yet
}

// NewModel opens a form.
func NewModel(file []byte, lang string) (*Model, error) {
	d, err := edit.Open(file)
	if err != nil {
		return nil, err
	}
	return &Model{doc: d, base: d.Form(), lang: lang, pending: map[input]string{}, faults: map[input]error{}}, nil
}

// Changed reports whether there is anything that the opened form does not have.
func (m *Model) Changed() bool { return m.doc.Changed() || len(m.pending) > 0 }

// Keep writes what there is, to be taken up again.
func (m *Model) Keep(now time.Time) ([]byte, error) {
	if !m.Changed() {
		return nil, nil
	}
	d := draft{Base: m.base.Hash, Time: now, File: string(m.doc.Bytes()), At: m.at}
	for in, text := range m.pending {
		d.Pending = append(d.Pending, typed{in, text})
	}
	slices.SortFunc(d.Pending, func(a, b typed) int {
		return strings.Compare(a.Place+a.What+a.Lang+a.Code, b.Place+b.What+b.Lang+b.Code)
	})
	return json.Marshal(d)
}

// TakeUp goes on with what was kept. It tells when that was, and whether the form has become another one
// since, such as by a newer version.
func (m *Model) TakeUp(kept []byte) (when time.Time, other bool, err error) {
	var d draft
	if err := json.Unmarshal(kept, &d); err != nil {
		return when, false, record.E(record.CodeFormInvalid, err, "path", "/", "reason", "draft")
	}
	doc, err := m.doc.Resume([]byte(d.File))
	if err != nil {
		return when, false, err
	}
	m.doc = doc
	for _, t := range d.Pending {
		m.pending[t.input] = t.Text
		m.apply(t.input)
	}
	m.Select(d.At)
	return d.Time, d.Base != m.base.Hash, nil
}

// Select chooses what is to be changed.
func (m *Model) Select(place string) {
	m.Settle()
	m.doc.Break()
	if m.doc.Has(place) || strings.HasPrefix(place, heading) {
		m.at = place
		return
	}
	m.at = ""
}

// Value is what stands in a field to type in.
func (m *Model) Value(in input) string {
	if s, ok := m.pending[in]; ok {
		return s
	}
	return m.stored(in)
}

func (m *Model) stored(in input) string {
	switch in.What {
	case whatReason:
		return ""
	case whatLegal:
		return strings.Join(m.doc.Legal(in.Place), "\n")
	case whatChoice:
		if f := m.doc.Form().Field(in.Place); f != nil {
			for _, c := range f.Choices() {
				if c.Code == in.Code {
					return c.Label[in.Lang]
				}
			}
		}
		return ""
	case whatAmount:
		for _, a := range m.doc.Amounts(in.Place, m.lang) {
			if a.Rule == in.Code && a.Index == in.Index {
				return form.Format(&form.Field{Type: form.TypeDecimal}, a.Value, m.lang)
			}
		}
		return ""
	}
	if in.Lang != "" {
		return m.doc.Text(in.Place, edit.TextKey(in.What))[in.Lang]
	}
	return m.doc.Get(in.Place, edit.Prop(in.What), m.lang)
}

// Fault is why what was typed is not in the form, nil if it is.
func (m *Model) Fault(in input) error { return m.faults[in] }

// Type takes what was typed and puts it into the form as soon as that is in order. It tells whether the form
// has changed.
func (m *Model) Type(in input, text string) bool {
	before := m.doc.Bytes()
	if text == m.Value(in) {
		return false
	}
	m.pending[in] = text
	m.apply(in)
	return !bytes.Equal(before, m.doc.Bytes())
}

// large is the size from which a form is not read anew with every key stroke, in bytes.
const large = 60_000

// Large reports whether what is typed is better put into the form after a pause.
func (m *Model) Large() bool { return len(m.doc.Bytes()) > large }

// Hold keeps what was typed for Settle.
func (m *Model) Hold(in input, text string) {
	m.pending[in] = text
	m.held = in
}

// Settle puts what is held into the form and tells whether there was anything.
func (m *Model) Settle() bool {
	in := m.held
	m.held = input{}
	if _, ok := m.pending[in]; !ok {
		return false
	}
	m.apply(in)
	return true
}

// apply tries to put what was typed into the form, with what was typed of the same text in other languages.
func (m *Model) apply(in input) {
	if in.What == whatReason {
		return
	}
	err := m.put(in)
	for _, l := range m.together(in) {
		if err == nil {
			delete(m.pending, l)
			delete(m.faults, l)
		} else if _, typed := m.pending[l]; typed {
			m.faults[l] = err
		}
	}
}

// together are the fields that change the form as one: a text in all languages.
func (m *Model) together(in input) []input {
	if in.Lang == "" {
		return []input{in}
	}
	var out []input
	for _, l := range m.doc.Form().Languages {
		in.Lang = l
		out = append(out, in)
	}
	return out
}

func (m *Model) put(in input) error {
	text := m.Value(in)
	switch in.What {
	case whatLegal:
		return m.doc.SetLegal(in.Place, strings.Split(text, "\n"))
	case whatAmount:
		return m.doc.SetAmount(in.Code, in.Index, text)
	}
	if in.Lang == "" {
		return m.doc.Set(in.Place, edit.Prop(in.What), text)
	}
	all := form.Text{}
	for _, l := range m.together(in) {
		all[l.Lang] = m.Value(l)
	}
	if in.What == whatChoice {
		return m.doc.SetChoice(in.Place, in.Code, all)
	}
	return m.doc.SetText(in.Place, edit.TextKey(in.What), all)
}

// Undo takes back what was typed and is not in order, else the last change; it tells where that was.
func (m *Model) Undo() (place string, ok bool) {
	m.Settle()
	if in, is := m.firstPending(m.at); is {
		for _, l := range m.together(in) {
			delete(m.pending, l)
			delete(m.faults, l)
		}
		return in.Place, true
	}
	return m.follow(m.doc.Undo())
}

// Redo takes an Undo of a change back.
func (m *Model) Redo() (place string, ok bool) { return m.follow(m.doc.Redo()) }

func (m *Model) follow(place string, ok bool) (string, bool) {
	if ok {
		m.forget()
		m.Select(place)
	}
	return m.at, ok
}

// forget drops what was typed at places that are gone.
func (m *Model) forget() {
	maps.DeleteFunc(m.pending, func(in input, _ string) bool { return !m.doc.Has(in.Place) })
	maps.DeleteFunc(m.faults, func(in input, _ error) bool { return !m.doc.Has(in.Place) })
}

func (m *Model) firstPending(place string) (input, bool) {
	var found []input
	for in := range m.pending {
		if in.Place == place && in.What != whatReason {
			found = append(found, in)
		}
	}
	if len(found) == 0 {
		return input{}, false
	}
	slices.SortFunc(found, func(a, b input) int { return strings.Compare(a.What+a.Code+a.Lang, b.What+b.Code+b.Lang) })
	return found[0], true
}

// Finding is one thing to be put right before the form can be published.
type Finding struct {
	Place string
	Err   error // what was typed and is not in order; nil: a rule nobody has decided about
	Text  string
}

// Check lists what is not in order: what was typed and not taken, and rules in prose.
func (m *Model) Check() []Finding {
	m.Settle()
	var out []Finding
	seen := map[string]bool{}
	for in, err := range m.faults {
		if !seen[in.Place] {
			seen[in.Place] = true
			out = append(out, Finding{Place: in.Place, Err: err})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Place, b.Place) })
	for _, r := range m.doc.Form().Unresolved() {
		out = append(out, Finding{Place: edit.RulePlace + r.ID, Text: r.Text.In(m.lang)})
	}
	return out
}

// ToConfirm counts the fields whose amount or period nobody has confirmed. They do not keep a form from being
// published; the form says so itself.
func (m *Model) ToConfirm() int {
	n := 0
	for _, f := range m.doc.Form().Fields() {
		if f.ToConfirm {
			n++
		}
	}
	return n
}

// Release is the form to publish: of the next minor version where its version is taken already.
func (m *Model) Release(taken bool) ([]byte, error) {
	m.Settle()
	if len(m.faults) > 0 {
		for _, f := range m.Check() {
			if f.Err != nil {
				return nil, f.Err
			}
		}
	}
	if err := form.Publishable(m.doc.Form()); err != nil {
		return nil, err
	}
	if taken && record.CompareVersions(m.doc.Form().Version, m.base.Version) <= 0 {
		if err := m.doc.SetVersion(edit.NextVersion(m.base.Version), m.base.Version); err != nil {
			return nil, err
		}
	}
	return m.doc.Bytes(), nil
}

// Remove takes out what is chosen; with also what names it. It tells what names it where that is refused.
func (m *Model) Remove(with bool) (uses []edit.Use, err error) {
	next := m.beside()
	if with {
		err = m.doc.RemoveAll(m.at)
	} else {
		err = m.doc.Remove(m.at)
	}
	if e, ok := errors.AsType[*record.Error](err); ok && e.Code == record.CodeEditUsed {
		return m.doc.Uses(m.at), err
	}
	if err == nil {
		m.forget()
		m.Select(next)
	}
	return nil, err
}

// beside is what is chosen once the chosen is gone: its neighbour, or what it stands in.
func (m *Model) beside() string {
	lines := m.Lines()
	i := slices.IndexFunc(lines, func(l Line) bool { return l.Place == m.at })
	for j := i + 1; i >= 0 && j < len(lines) && lines[j].Depth >= lines[i].Depth; j++ {
		if lines[j].Depth == lines[i].Depth {
			return lines[j].Place
		}
	}
	if i > 0 {
		return lines[i-1].Place
	}
	return ""
}
