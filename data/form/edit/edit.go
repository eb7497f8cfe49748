package edit

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Doc is a form being edited. It belongs to one goroutine.
type Doc struct {
	base       []byte // as it was opened
	text       []byte
	form       *form.Form
	undo, redo []step
	run        string // what a further change of the same thing is joined to

	seen     *work // of text, to read in
	speakers map[string]*speaker
}

// view is the text as it stands, to read in.
func (d *Doc) view() *work {
	if d.seen == nil || &d.seen.text[0] != &d.text[0] {
		d.seen, d.speakers = newWork(d.text), map[string]*speaker{}
	}
	return d.seen
}

// speaker says parts of the form as it stands.
func (d *Doc) speaker(lang string) *speaker {
	w := d.view()
	if d.speakers[lang] == nil {
		d.speakers[lang] = newSpeaker(d.form, lang)
		d.speakers[lang].text = w.text
	}
	return d.speakers[lang]
}

// step is one operation, to be taken back.
type step struct {
	place   string
	splices []splice
}

// Open begins to edit a form in the native format.
func Open(file []byte) (*Doc, error) {
	f, err := form.Parse(file)
	if err != nil {
		return nil, err
	}
	return &Doc{base: file, text: file, form: f}, nil
}

// Bytes is the form as it stands. It must not be changed.
func (d *Doc) Bytes() []byte { return d.text }

// Form is the form as it stands; another one after every change.
func (d *Doc) Form() *form.Form { return d.form }

// Changed reports whether the form is another one than was opened.
func (d *Doc) Changed() bool { return !bytes.Equal(d.base, d.text) }

// CanUndo and CanRedo report whether there is anything to go back or forth to.
func (d *Doc) CanUndo() bool { return len(d.undo) > 0 }

// CanRedo is as CanUndo.
func (d *Doc) CanRedo() bool { return len(d.redo) > 0 }

// Undo takes the last operation back and tells where it was; ok is false where there is none.
func (d *Doc) Undo() (place string, ok bool) {
	if len(d.undo) == 0 {
		return "", false
	}
	s := d.undo[len(d.undo)-1]
	text := d.text
	for _, p := range slices.Backward(s.splices) {
		text = p.undo(text)
	}
	if !d.take(text) {
		return "", false
	}
	d.undo = d.undo[:len(d.undo)-1]
	d.redo = append(d.redo, s)
	return s.place, true
}

// Redo takes the last Undo back.
func (d *Doc) Redo() (place string, ok bool) {
	if len(d.redo) == 0 {
		return "", false
	}
	s := d.redo[len(d.redo)-1]
	text := d.text
	for _, p := range s.splices {
		text = p.do(text)
	}
	if !d.take(text) {
		return "", false
	}
	d.redo = d.redo[:len(d.redo)-1]
	d.undo = append(d.undo, s)
	return s.place, true
}

func (d *Doc) take(text []byte) bool {
	f, err := form.Parse(text)
	if err != nil {
		return false // it was read before, so it is read again
	}
	d.text, d.form, d.run = text, f, ""
	return true
}

// Break ends a run: the next change is a step of its own, even where it changes the same text again.
func (d *Doc) Break() { d.run = "" }

// do runs one operation. Changes with the same run, one after the other, are one step. What gives no form is
// not done.
func (d *Doc) do(place, run string, change func(*work) error) error {
	w := newWork(d.text)
	if err := change(w); err != nil {
		return err
	}
	if len(w.done) == 0 {
		return nil
	}
	f, err := form.Parse(w.text)
	if err != nil {
		return refused(err)
	}
	d.text, d.form, d.redo = w.text, f, nil
	if run != "" && run == d.run && len(d.undo) > 0 {
		last := &d.undo[len(d.undo)-1]
		last.splices = append(last.splices, w.done...)
		return nil
	}
	d.undo = append(d.undo, step{place, w.done})
	d.run = run
	return nil
}

// refused words an error of the form as an error of the operation that would have caused it.
func refused(err error) error {
	e, ok := errors.AsType[*record.Error](err)
	if !ok {
		return err
	}
	return record.E(record.CodeEditRefused, err, "path", e.Args["path"], "reason", e.Args["reason"])
}

func gone(place string) error { return record.E(record.CodeEditGone, nil, "place", place) }

// Place names what stands at a place in a language: the label of a group, field or proof, the sentence of a
// rule, the title of the form for "".
func (d *Doc) Place(place, lang string) string {
	if id, ok := strings.CutPrefix(place, ProofPlace); ok {
		if p := d.form.Proof(id); p != nil {
			return p.Label.In(lang)
		}
		return id
	}
	if id, ok := strings.CutPrefix(place, RulePlace); ok {
		return d.Sentence(id, lang)
	}
	if place == "" {
		return d.form.Title.In(lang)
	}
	return d.speaker(lang).name(place)
}

// Has reports whether there is a group, field, proof or rule at a place.
func (d *Doc) Has(place string) bool {
	if id, ok := strings.CutPrefix(place, ProofPlace); ok {
		return d.form.Proof(id) != nil
	}
	if id, ok := strings.CutPrefix(place, RulePlace); ok {
		return slices.ContainsFunc(d.form.Rules, func(r *form.Rule) bool { return r.ID == id })
	}
	return place == "" || d.form.Field(place) != nil || d.form.Group(place) != nil
}

// Resume goes on with a form that was edited before: it counts as a change of the one that was opened.
func (d *Doc) Resume(file []byte) (*Doc, error) {
	f, err := form.Parse(file)
	if err != nil {
		return nil, err
	}
	return &Doc{base: d.base, text: file, form: f}, nil
}
