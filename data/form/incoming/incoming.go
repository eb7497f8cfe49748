// Package incoming takes in forms from files that somebody brought: schemata of the FIM portal with their
// code lists, workbooks, files in the native format and form packs. It is the one way in for the command
// line and for the window.
//
// It promises that a file is taken for what its content says, whatever its name is; that code lists serve
// all schemata that are given with them; that every file has its own outcome and a broken one harms no
// other; and that outcomes come in the order of the files, a few of them being read at a time.
//
// It never writes anything, never decides whom to trust and never publishes.
package incoming

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"schalter/data/form"
	"schalter/data/form/fim"
	"schalter/data/form/imported"
	"schalter/data/form/pack"
	"schalter/data/form/xlsform"
	"schalter/data/record"
)

// File is one file that somebody brought. Open may be called more than once.
type File struct {
	Name string // without its folder, for messages
	List bool   // it has to be a code list
	Open func() (io.ReadCloser, error)
}

// Kind is what a file holds.
type Kind int

// The kinds of file.
const (
	KindOther  Kind = iota
	KindSchema      // FIM, XDatenfelder
	KindList        // a code list in genericode
	KindSheet       // XLSForm
	KindForm        // the native format
	KindPack        // several forms, signed
)

// Options are what the files do not say themselves.
type Options struct {
	Land     string // see [fim.Options]
	FreeText bool   // see [fim.Options]
	// Trust is asked about the publisher of a pack; nil trusts nobody.
	Trust func(pack.Publisher) error
}

// Outcome is what became of one file. A code list has neither results nor an error.
type Outcome struct {
	File    string
	Kind    Kind
	Results []*imported.Result
	Err     error // [imported.Split] makes a list of it
}

// readers is how many files are read at a time.
const readers = 2

// Import reads the files and gives their outcomes in the order of the files. Once ctx has ended, the files
// that were not read yet have its error for an outcome.
func Import(ctx context.Context, files []File, o Options) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		ctx, cancel := context.WithCancel(ctx)
		b := begin(ctx, files, o)
		var wait sync.WaitGroup
		defer wait.Wait()
		defer cancel()
		for range readers {
			wait.Go(b.work)
		}
		for i, x := range b.all {
			<-x.done
			b.all[i] = nil // its memory
			if !yield(x.out) {
				return
			}
		}
	}
}

// batch is files that are read together.
type batch struct {
	ctx   context.Context
	o     Options
	lists *fim.Lists
	all   []*task
	next  chan *task
}

// task is one of them.
type task struct {
	file File
	out  Outcome
	done chan struct{} // closed once out stands
}

// begin looks at every file and reads the code lists, which the schemata need.
func begin(ctx context.Context, files []File, o Options) *batch {
	b := &batch{ctx: ctx, o: o, lists: &fim.Lists{}, next: make(chan *task, len(files))}
	for _, f := range files {
		t := &task{file: f, out: Outcome{File: f.Name}, done: make(chan struct{})}
		b.all = append(b.all, t)
		if t.out.Kind, t.out.Err = t.kind(ctx); t.out.Kind == KindList {
			t.out.Err = t.list(ctx, b.lists)
		}
		if t.out.Err != nil || t.out.Kind == KindList {
			close(t.done)
			continue
		}
		b.next <- t
	}
	close(b.next)
	return b
}

// work reads forms until there is none left.
func (b *batch) work() {
	for t := range b.next {
		t.out.Results, t.out.Err = t.read(b)
		close(t.done)
	}
}

func (t *task) open(ctx context.Context) (*source, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := t.file.Open()
	if err != nil {
		if record.CodeOf(err) != record.CodeInternal {
			return nil, err
		}
		return nil, record.E(record.CodeImportUnread, err, "name", t.file.Name)
	}
	return &source{ctx: ctx, ReadCloser: r}, nil
}

// source is a file being read, as long as somebody wants it to be.
type source struct {
	io.ReadCloser
	ctx context.Context
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.ReadCloser.Read(p)
}

// headSize is more than any beginning that a file is told by, but for the names of XML.
const headSize = 64

// kind looks at the beginning of the file.
func (t *task) kind(ctx context.Context) (Kind, error) {
	f, err := t.open(ctx)
	if err != nil {
		return KindOther, err
	}
	defer func() { _ = f.Close() }() // only read
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return KindOther, record.E(record.CodeImportUnread, err, "name", t.file.Name)
	}
	head = head[:n]
	switch text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case t.file.List:
		return KindList, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return KindSheet, nil
	case pack.Is(head):
		return KindPack, nil
	case bytes.HasPrefix(text, []byte("{")):
		return KindForm, nil
	}
	switch fim.Sniff(io.MultiReader(bytes.NewReader(head), f)) {
	case fim.KindSchema:
		return KindSchema, nil
	case fim.KindList:
		return KindList, nil
	}
	return KindOther, nil
}

func (t *task) list(ctx context.Context, lists *fim.Lists) error {
	f, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	return stopped(ctx, lists.Add(f, t.file.Name))
}

// read makes the forms of a file.
func (t *task) read(b *batch) (out []*imported.Result, err error) {
	f, err := t.open(b.ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	var one *imported.Result
	switch t.out.Kind {
	case KindSchema:
		one, err = fim.Import(f, t.file.Name, fim.Options{Lists: b.lists, Land: b.o.Land, FreeText: b.o.FreeText})
	case KindSheet:
		one, err = t.sheet(f)
	case KindForm:
		one, err = t.native(f)
	case KindPack:
		out, err = t.pack(f, b.o.Trust)
	default:
		err = record.E(record.CodeNotForm, nil, "file", t.file.Name)
	}
	if err != nil {
		return nil, stopped(b.ctx, err)
	}
	if one != nil {
		out = append(out, one)
	}
	return out, nil
}

// stopped is the reason why a file could not be read: that nobody wants it any more comes first.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// maxSheet is more than the importer of workbooks takes, so that it is the one who says so.
const maxSheet = 32 << 20

func (t *task) sheet(f *source) (*imported.Result, error) {
	if at, ok := f.ReadCloser.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		if size, err := at.Seek(0, io.SeekEnd); err == nil {
			return xlsform.Import(at, size, t.file.Name)
		}
	}
	b, err := all(f, maxSheet)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", t.file.Name)
	}
	return xlsform.Import(bytes.NewReader(b), int64(len(b)), t.file.Name)
}

// all reads a file, at most one byte more than limit.
func all(r io.Reader, limit int64) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, limit+1))
}

func (t *task) native(f io.Reader) (*imported.Result, error) {
	b, err := all(f, record.MaxFormFile)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", t.file.Name)
	}
	if len(b) > record.MaxFormFile {
		return nil, record.E(record.CodeFormInvalid, nil, "path", "/", "reason", fmt.Sprintf("a form has at most %d MB", record.MaxFormFile>>20))
	}
	return Native(b, t.file.Name)
}

func (t *task) pack(f io.Reader, trust func(pack.Publisher) error) (out []*imported.Result, err error) {
	b, err := all(f, pack.MaxSize)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", t.file.Name)
	}
	if trust == nil {
		trust = func(p pack.Publisher) error {
			return record.E(record.CodePackUntrusted, nil, "fingerprint", pack.Fingerprint(p.Key))
		}
	}
	p, err := pack.Open(b, trust)
	if err != nil {
		return nil, err
	}
	for _, x := range p.Forms {
		r, err := Native(x.Bytes, t.file.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Native reports on a form that is in the native format already.
func Native(b []byte, file string) (*imported.Result, error) {
	f, err := form.Parse(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, err
	}
	return &imported.Result{JSON: bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), Report: Report(f, file)}, nil
}

// Report accounts for a form as it stands.
func Report(f *form.Form, file string) imported.Report {
	r := imported.Report{File: file, ID: f.ID, Version: f.Version, Title: f.Title.In("de"), Fields: len(f.Fields())}
	var count func(groups []*form.Group)
	count = func(groups []*form.Group) {
		for _, g := range groups {
			r.Groups++
			count(g.Groups())
		}
	}
	count(f.Groups)
	lists := map[*form.Choice]bool{}
	for _, x := range f.Fields() {
		if c := x.Choices(); len(c) > 0 {
			lists[&c[0]] = true
		}
	}
	r.Codelists, r.Rules.Total = len(lists), len(f.Rules)
	for _, u := range f.Unresolved() {
		for _, on := range places(u) {
			r.Open = append(r.Open, imported.Open{Rule: u.ID, On: on, Text: u.Text.In("de")})
		}
		r.Rules.Unresolved++
	}
	r.Rules.Translated = r.Rules.Total - r.Rules.Unresolved
	return r
}

// places are where a rule is attached, "" for the whole form.
func places(r *form.Rule) []string {
	if len(r.On) == 0 {
		return []string{""}
	}
	return r.On
}
