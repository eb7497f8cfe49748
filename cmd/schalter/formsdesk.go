package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"fyne.io/fyne/v2"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/incoming"
	"schalter/data/form/pack"
	"schalter/data/form/trial"
	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/desk"
	"schalter/ui/editor"
	"schalter/ui/forms"
)

// formsDesk is what the window's administration of forms knows and does. Publishing is that of the command
// 'form publish'.
type formsDesk struct {
	house   *house
	builtin *form.Library
	trials  *trial.Shelf
	printer printer
	refresh func(ctx context.Context) error // brings the library to what is published; nil: it follows by itself

	publishing sync.Mutex // what is published is held against what was published before
}

func newFormsDesk(h *house, builtin *form.Library, p printer) *formsDesk {
	return &formsDesk{house: h, builtin: builtin, trials: trial.New(h.store), printer: p}
}

// admin makes the screen.
func (d *door) admin(host desk.Host, h *house, l *line, p printer) desk.Admin {
	o := newFormsDesk(h, d.forms, p)
	o.refresh = l.keeper.Refresh
	drafts := editor.InSettings(h.store)
	return forms.New(forms.Needs{
		Texts: host.Texts, Clock: host.Clock, Run: host.Run, Do: d.show, Canvas: host.Window.Canvas(), Keys: host.Keys,
		Office: o, Files: formFiles{newDialogs(host)}, Rebind: host.Refresh,
		Editor: func(w forms.EditorWork) forms.Page {
			return editor.New(editor.Deps{
				Texts: host.Texts, Clock: host.Clock, Run: host.Run, Canvas: host.Window.Canvas(), Keys: host.Keys,
				File: w.File, Taken: w.Taken, Drafts: drafts, Publish: w.Publish, Leave: w.Leave, Rebind: host.Refresh,
			})
		},
	})
}

// landSetting is the Land whose rules of official forms count here.
const landSetting = "forms.land"

// Overview reads what there is.
func (o *formsDesk) Overview(ctx context.Context) (v forms.Overview, err error) {
	v.Builtin, v.Drafts, v.Editing = o.builtin.All(), map[string]int{}, map[string]bool{}
	if v.Published, err = o.house.store.Forms(ctx); err != nil {
		return v, err
	}
	if v.Trials, err = o.trials.Items(ctx); err != nil {
		return v, err
	}
	drafts, err := o.house.store.Drafts(ctx)
	if err != nil {
		return v, err
	}
	for _, d := range drafts {
		v.Drafts[d.Form.ID]++
	}
	if err := o.edited(ctx, &v); err != nil {
		return v, err
	}
	if v.Land, err = o.house.store.Setting(ctx, landSetting); err != nil {
		return v, err
	}
	id, err := o.house.store.Identity(ctx)
	v.Authority, v.Alone = id.Authority, id.Centre == ""
	return v, err
}

// edited notes which forms lie unfinished in the editor.
func (o *formsDesk) edited(ctx context.Context, v *forms.Overview) error {
	var ids []string
	for _, f := range v.Builtin {
		ids = append(ids, f.ID)
	}
	for _, r := range v.Published {
		ids = append(ids, r.Form.ID)
	}
	for _, x := range v.Trials {
		ids = append(ids, x.Form.ID)
	}
	kept := editor.InSettings(o.house.store)
	for _, id := range ids {
		has, err := editor.HasDraft(ctx, kept, id)
		if err != nil {
			return err
		}
		if has {
			v.Editing[id] = true
		}
	}
	return nil
}

// File reads a form: one that is tried, one that was published, or a built-in one.
func (o *formsDesk) File(ctx context.Context, ref record.FormRef) ([]byte, error) {
	items, err := o.trials.Items(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range items {
		if x.Form == ref {
			return o.trials.File(ctx, ref)
		}
	}
	rows, err := o.house.store.Forms(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.Form == ref && r.Here {
			return o.house.blobs.ReadAll(r.File.Hash, record.MaxFormFile)
		}
	}
	return form.Source(assets.Files, ref)
}

// Check holds a form against what was published, as publishing does.
func (o *formsDesk) Check(ctx context.Context, file []byte) error {
	x, err := pack.Of(file)
	if err != nil {
		return err
	}
	p, err := o.house.press(ctx)
	if err != nil {
		return err
	}
	return p.fits(x)
}

// Import reads files and puts their forms on the shelf.
func (o *formsDesk) Import(ctx context.Context, files []incoming.File, how forms.Options, took func(forms.Brought)) {
	p, err := o.house.press(ctx)
	trust := func(w pack.Publisher) error {
		if err != nil {
			return err
		}
		return p.trusted(ctx, w, "")
	}
	if how.Land != "" {
		// Only a convenience: what cannot be kept is asked again.
		_ = o.house.store.SetSetting(ctx, landSetting, how.Land)
	}
	for out := range incoming.Import(ctx, files, incoming.Options{FreeText: how.FreeText, Land: how.Land, Trust: trust}) {
		for _, r := range out.Results {
			b := forms.Brought{File: out.File, Kind: out.Kind, Report: r.Report}
			b.Form, b.Err = form.Parse(r.JSON)
			if b.Err == nil {
				// What is to be decided is more than the source's rules: a code list that was not given is, too.
				own := incoming.Report(b.Form, out.File)
				b.Report.Open, b.Report.Rules.Unresolved = own.Open, own.Rules.Unresolved
				b.Err = o.trials.Put(ctx, trial.Of(b.Form.Ref(), b.Form.Title, b.Report, o.house.user, record.SystemClock()), r.JSON)
			}
			if b.Err != nil {
				b.Form = nil
			}
			took(b)
		}
		if out.Err != nil || len(out.Results) == 0 {
			took(forms.Brought{File: out.File, Kind: out.Kind, Err: out.Err})
		}
	}
}

// Discard takes a form off the shelf.
func (o *formsDesk) Discard(ctx context.Context, ref record.FormRef) error {
	return o.trials.Drop(ctx, ref)
}

// Publish gives a form to every desk of the authority. Whether this desk may is the centre's to decide.
func (o *formsDesk) Publish(ctx context.Context, file []byte) error {
	x, err := pack.Of(file)
	if err != nil {
		return err
	}
	return o.with(ctx, func(p *press) error {
		_, err := p.publish(ctx, []pack.File{x})
		return err
	})
}

// Retire takes a form out of what is offered.
func (o *formsDesk) Retire(ctx context.Context, id string) error {
	return o.with(ctx, func(p *press) error {
		_, err := p.retire(ctx, id)
		return err
	})
}

// with does something with the press and has the library show it at once.
func (o *formsDesk) with(ctx context.Context, do func(*press) error) error {
	o.publishing.Lock()
	defer o.publishing.Unlock()
	p, err := o.house.press(ctx)
	if err == nil {
		err = do(p)
	}
	if err == nil && o.refresh != nil {
		err = o.refresh(ctx)
	}
	return err
}

// WriteBlank writes the empty form as PDF.
func (o *formsDesk) WriteBlank(ctx context.Context, w io.Writer, f *form.Form, lang string) error {
	return o.printer.WriteBlank(ctx, w, f, lang)
}

// PrintBlank prints the empty form.
func (o *formsDesk) PrintBlank(ctx context.Context, f *form.Form, lang string) (record.Way, error) {
	return o.printer.PrintBlank(ctx, f, lang)
}

// WriteBlank writes the empty form as PDF, in a language it has.
func (p printer) WriteBlank(ctx context.Context, w io.Writer, f *form.Form, lang string) error {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return err
	}
	return letter.Blank(w, f, lang, letter.BlankOptions{Authority: id.Authority, Made: record.SystemClock()})
}

// PrintBlank gives the empty form to the printer, or to a viewer where there is none. It belongs to no case,
// so nothing is noted.
func (p printer) PrintBlank(ctx context.Context, f *form.Form, lang string) (record.Way, error) {
	var b bytes.Buffer
	if err := p.WriteBlank(ctx, &b, f, lang); err != nil {
		return "", err
	}
	return p.give(ctx, b.Bytes(), f.Title.In(lang))
}

// formFiles asks for forms with the toolkit's own dialogs.
type formFiles struct{ dialogs }

// Open asks for one file.
func (f formFiles) Open(chosen func([]incoming.File, error)) {
	f.file([]string{".xml", ".xlsx", ".json", ".pack"}, func(all []capture.Source, err error) {
		chosen(asForms(all), err)
	})
}

// Dropped turns what was dropped on the window into files.
func (formFiles) Dropped(uris []fyne.URI) []incoming.File {
	var all []capture.Source
	for _, u := range uris {
		all = append(all, source(u))
	}
	return asForms(all)
}

func asForms(all []capture.Source) (out []incoming.File) {
	for _, s := range all {
		out = append(out, incoming.File{Name: s.Name, Open: s.Open})
	}
	return out
}

// maxFolder is how many files of a folder are read at once.
const maxFolder = 1000

// Path lists the file that a typed path names, or the files of a folder.
func (formFiles) Path(typed string) ([]incoming.File, error) {
	path := strings.Trim(strings.TrimSpace(typed), `"`)
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~/") {
		path = filepath.Join(home, path[2:])
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", path)
	}
	if !st.IsDir() {
		return []incoming.File{onDisk(path)}, nil
	}
	inside, err := os.ReadDir(path)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", path)
	}
	var out []incoming.File
	for _, e := range inside {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") && len(out) < maxFolder {
			out = append(out, onDisk(filepath.Join(path, e.Name())))
		}
	}
	if len(out) == 0 {
		return nil, record.E(record.CodeImportUnread, errors.New("the folder is empty"), "name", path)
	}
	return out, nil
}
