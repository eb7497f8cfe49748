package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"schalter/data/durable"
	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/record"
	"schalter/ui/i18n"
)

type formCmd struct {
	Import formImportCmd `cmd:"" help:"Turn FIM schemata (XDatenfelder 2 and 3) and XLSForms into forms of this program; one JSON line per form."`
	formPublishing
}

type formImportCmd struct {
	Files    []string `arg:"" name:"file" help:"FIM schema (.xml), XLSForm (.xlsx), code list in genericode (.xml) or form in the native format (.json); what a file is, its content tells."`
	Out      string   `required:"" type:"path" help:"Folder for the forms, as ID-VERSION.json."`
	List     []string `name:"list" placeholder:"FILE" help:"Further code lists in genericode that the schemata refer to."`
	Land     string   `name:"land" default:"" enum:",bb,be,bw,by,hb,he,hh,mv,ni,nw,rp,sh,sl,sn,st,th" help:"The office's own Land, such as he: rules that differ by Land are translated for it."`
	FreeText bool     `name:"free-text" help:"Let keys of code lists that were not given be typed as text; else such a form cannot be published."`
}

// formLine is what is told about one file.
type formLine struct {
	File      string        `json:"file"`
	ID        string        `json:"id"`
	Version   string        `json:"version"`
	Title     string        `json:"title"`
	Fields    int           `json:"fields"`
	Groups    int           `json:"groups"`
	Codelists int           `json:"codelists"`
	Rules     formLineRules `json:"rules"`
	Error     string        `json:"error"`
	Open      []formOpen    `json:"open,omitempty"`
	Notes     []string      `json:"notes,omitempty"`
}

type formLineRules struct {
	Total      int `json:"total"`
	Translated int `json:"translated"`
	Unresolved int `json:"unresolved"`
}

// formOpen is one rule that nobody has decided about.
type formOpen struct {
	Rule string `json:"rule"`
	On   string `json:"on"`
	Text string `json:"text"`
}

func (c formImportCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return durable.Explain("make the folder", c.Out, err)
	}
	var files []incoming.File
	for _, path := range c.Files {
		files = append(files, onDisk(path))
	}
	for _, path := range c.List {
		f := onDisk(path)
		f.List = true
		files = append(files, f)
	}
	return c.tell(ctx, std.out, texts, files)
}

// onDisk is a file by its path; a pipe or a folder is none.
func onDisk(path string) incoming.File {
	return incoming.File{Name: filepath.Base(path), Open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		st, err := f.Stat()
		if err == nil && !st.Mode().IsRegular() {
			err = errors.New("not a file")
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}}
}

// tell writes the forms as they come and says what became of each file, in the order of the files. A broken
// one harms no other.
func (c formImportCmd) tell(ctx context.Context, w io.Writer, texts *i18n.Texts, files []incoming.File) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	made := map[string]string{}
	failed := false
	for o := range incoming.Import(ctx, files, incoming.Options{Land: c.Land, FreeText: c.FreeText}) {
		lines := []formLine{}
		for _, r := range o.Results {
			err := c.write(r, made)
			failed = failed || err != nil
			lines = append(lines, lineOf(o.File, texts, r, err))
		}
		if o.Err != nil {
			failed = true
			lines = append(lines, lineOf(o.File, texts, nil, o.Err))
		}
		for _, l := range lines {
			if err := out.Encode(l); err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
		}
	}
	if failed {
		return exit(1)
	}
	return nil
}

func (c formImportCmd) write(r *imported.Result, made map[string]string) error {
	name := r.Report.ID + "-" + r.Report.Version + ".json"
	if other, twice := made[strings.ToLower(name)]; twice {
		return record.E(record.CodeSameForm, nil, "file", r.Report.File, "other", other)
	}
	made[strings.ToLower(name)] = r.Report.File
	return durable.WriteFile(filepath.Join(c.Out, name), r.JSON)
}

// lineOf tells about one form, or about a file that made none.
func lineOf(file string, texts *i18n.Texts, made *imported.Result, err error) formLine {
	l := formLine{File: file}
	var sentences []string
	for _, e := range imported.Split(err) {
		sentence, _ := texts.Error(e)
		sentences = append(sentences, sentence)
	}
	l.Error = strings.Join(sentences, " ")
	if made == nil {
		return l
	}
	r := made.Report
	l.ID, l.Version, l.Title, l.Fields, l.Groups, l.Codelists = r.ID, r.Version, r.Title, r.Fields, r.Groups, r.Codelists
	l.Rules = formLineRules(r.Rules)
	for _, o := range r.Open {
		l.Open = append(l.Open, formOpen{o.Rule, o.On, o.Text})
	}
	for _, n := range r.Notes {
		sentence, _ := texts.Error(n)
		l.Notes = append(l.Notes, sentence)
	}
	return l
}
