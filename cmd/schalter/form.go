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
	"sync"

	"schalter/data/durable"
	"schalter/data/form/fim"
	"schalter/data/form/imported"
	"schalter/data/form/xlsform"
	"schalter/data/record"
	"schalter/ui/i18n"
)

type formCmd struct {
	Import formImportCmd `cmd:"" help:"Turn FIM schemata (XDatenfelder 2 and 3) and XLSForms into forms of this program; one JSON line per form."`
	formPublishing
}

type formImportCmd struct {
	Files    []string `arg:"" name:"file" help:"FIM schema (.xml), XLSForm (.xlsx) or code list in genericode (.xml); what a file is, its content tells."`
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

// formFile is one file and what became of it.
type formFile struct {
	path   string
	kind   formKind
	result *imported.Result
	err    error
	done   chan struct{} // closed once result and err stand
}

type formKind int

const (
	kindOther formKind = iota
	kindSchema
	kindList
	kindSheet
)

func (c formImportCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return durable.Explain("make the folder", c.Out, err)
	}
	lists := &fim.Lists{}
	var forms []*formFile
	for i, path := range append(append([]string{}, c.Files...), c.List...) {
		s := &formFile{path: path, done: make(chan struct{})}
		s.kind, s.err = kindOf(path)
		if s.err == nil && (s.kind == kindList || i >= len(c.Files)) {
			s.err = addList(lists, path)
		}
		if s.err != nil || s.kind != kindList {
			forms = append(forms, s)
		}
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	o := fim.Options{Lists: lists, Land: c.Land, FreeText: c.FreeText}
	for first := range readers {
		wait.Go(func() {
			for i := first; i < len(forms); i += readers {
				forms[i].read(ctx, o)
			}
		})
	}
	return c.tell(std.out, texts, forms)
}

// readers is how many files are read at a time.
const readers = 2

// tell writes the forms as they come and says what became of each file, in the order of the files. A broken
// one harms no other.
func (c formImportCmd) tell(w io.Writer, texts *i18n.Texts, forms []*formFile) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	made := map[string]string{}
	failed := false
	for _, s := range forms {
		<-s.done
		if s.err == nil {
			s.err = c.write(s, made)
		}
		failed = failed || s.err != nil
		if err := out.Encode(s.line(texts)); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		s.result = nil // its memory
	}
	if failed {
		return exit(1)
	}
	return nil
}

func (c formImportCmd) write(s *formFile, made map[string]string) error {
	name := s.result.Report.ID + "-" + s.result.Report.Version + ".json"
	if other, twice := made[strings.ToLower(name)]; twice {
		return record.E(record.CodeSameForm, nil, "file", filepath.Base(s.path), "other", other)
	}
	made[strings.ToLower(name)] = filepath.Base(s.path)
	return durable.WriteFile(filepath.Join(c.Out, name), s.result.JSON)
}

func (s *formFile) line(texts *i18n.Texts) formLine {
	l := formLine{File: filepath.Base(s.path)}
	var sentences []string
	for _, e := range imported.Split(s.err) {
		sentence, _ := texts.Error(e)
		sentences = append(sentences, sentence)
	}
	l.Error = strings.Join(sentences, " ")
	if s.result == nil {
		return l
	}
	r := s.result.Report
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

// read imports the form, unless the file was refused at first sight.
func (s *formFile) read(ctx context.Context, o fim.Options) {
	defer close(s.done)
	if s.err == nil {
		s.result, s.err = s.form(ctx, o)
	}
}

func (s *formFile) form(ctx context.Context, o fim.Options) (*imported.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("import %s: %w", s.path, err)
	}
	name := filepath.Base(s.path)
	f, err := os.Open(s.path)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", name)
	}
	defer func() { _ = f.Close() }() // only read
	switch s.kind {
	case kindSchema:
		return fim.Import(f, name, o)
	case kindSheet:
		st, err := f.Stat()
		if err != nil {
			return nil, record.E(record.CodeImportUnread, err, "name", name)
		}
		return xlsform.Import(f, st.Size(), name)
	}
	return nil, record.E(record.CodeNotForm, nil, "file", name)
}

func addList(lists *fim.Lists, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return record.E(record.CodeImportUnread, err, "name", filepath.Base(path))
	}
	defer func() { _ = f.Close() }() // only read
	return lists.Add(f, filepath.Base(path))
}

// kindOf looks at the beginning of a file.
func kindOf(path string) (formKind, error) {
	f, err := os.Open(path)
	if err == nil {
		defer func() { _ = f.Close() }() // only read
		var st os.FileInfo
		if st, err = f.Stat(); err == nil && !st.Mode().IsRegular() {
			err = errors.New("not a file")
		}
	}
	if err != nil {
		return kindOther, record.E(record.CodeImportUnread, err, "name", filepath.Base(path))
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil {
		return kindOther, nil
	}
	if string(head) == "PK\x03\x04" {
		return kindSheet, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return kindOther, record.E(record.CodeImportUnread, err, "name", filepath.Base(path))
	}
	switch fim.Sniff(f) {
	case fim.KindSchema:
		return kindSchema, nil
	case fim.KindList:
		return kindList, nil
	}
	return kindOther, nil
}
