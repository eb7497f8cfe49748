package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/file"
)

type session struct {
	d   *Driver
	dir string
}

func (s *session) Close() error { return nil }

// Caps tells that the device decides about everything.
func (s *session) Caps() scan.Caps {
	return scan.Caps{Name: device(s.dir).Name(), Sources: []scan.Source{scan.Feeder}}
}

// Sense tells whether anything has come.
func (s *session) Sense(ctx context.Context) (state scan.State, err error) {
	state.Paper = scan.PaperNone
	err = s.d.within(ctx, s.dir, func() error {
		files, _, err := s.d.list(s.dir)
		if len(files) > 0 {
			state.Paper = scan.PaperReady
		}
		return err
	})
	if err != nil {
		return scan.State{}, err
	}
	return state, nil
}

// Scan hands over what has come, and what comes until the folder is at rest. Of the settings only the number
// of pages, here files, counts: the device has decided about the rest.
func (s *session) Scan(ctx context.Context, set scan.Settings, emit func(scan.Event) error) error {
	leave, err := s.d.gate.Enter(s.dir)
	if err != nil {
		return err
	}
	defer leave()
	b := &batch{session: s, emit: emit, most: set.Pages}
	for {
		more, err := b.round(ctx)
		switch {
		case err != nil:
			return err
		case !more && b.n == 0 && b.told == 0:
			return record.E(record.CodeScanNoPaper, nil, "device", s.dir)
		case !more:
			return nil
		}
		if err := s.d.pause(ctx); err != nil {
			return record.E(record.CodeScanCancelled, err)
		}
	}
}

// batch is one scan.
type batch struct {
	*session
	emit func(scan.Event) error
	most int // files; 0: all
	n    int // handed over
	told int // warnings
}

// round takes every file that is whole. more tells that others are still being written.
func (b *batch) round(ctx context.Context) (more bool, err error) {
	var files []candidate
	var links []string
	err = b.d.within(ctx, b.dir, func() (err error) {
		files, links, err = b.d.list(b.dir)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, name := range links {
		if err := b.warn(WarnLink, name); err != nil {
			return false, err
		}
	}
	for _, f := range files {
		if ctx.Err() != nil {
			return false, record.E(record.CodeScanCancelled, ctx.Err())
		}
		if b.most > 0 && b.n == b.most {
			return false, nil
		}
		if f.still < b.d.quiet() {
			return true, nil // those that came later wait: the order is theirs
		}
		waits, err := b.file(ctx, f)
		if err != nil {
			return false, err
		}
		more = more || waits
	}
	return more, nil
}

// file takes one file. waits tells that it is not whole yet.
func (b *batch) file(ctx context.Context, f candidate) (waits bool, err error) {
	var page *scan.Page
	var bad error
	err = b.d.within(ctx, b.dir, func() error {
		page, bad, err = b.read(f)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) && b.d.reach(ctx, b.dir) == nil {
		return false, nil // another desk took it
	}
	switch {
	case err != nil:
		return false, err
	case errors.Is(bad, errMoving):
		return true, nil
	case bad != nil && f.still < b.d.patience() && b.d.now().Sub(f.info.ModTime()) < b.d.patience():
		return true, nil
	case bad != nil:
		return false, b.aside(ctx, f.name, Refused, f.name, WarnRefused)
	}
	twice, err := b.twice(ctx, page.Hash, f.name)
	if err != nil {
		return false, err
	}
	if twice {
		return false, b.aside(ctx, f.name, Duplicate, f.name, WarnDuplicate)
	}
	return false, b.give(ctx, f, page)
}

var errMoving = errors.New("it is being written")

// read reads a file that looks at rest. bad says why it cannot be taken, err that the folder cannot be used.
func (b *batch) read(f candidate) (page *scan.Page, bad, err error) {
	root, err := os.OpenRoot(b.dir)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	r, err := root.OpenFile(f.name, os.O_RDONLY|atOnce, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	if err != nil {
		return nil, err, nil // the device holds it, or it is not for us
	}
	defer func() { _ = r.Close() }() // it was only read
	st, err := r.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !st.Mode().IsRegular() || !os.SameFile(st, f.info) || st.Size() != f.info.Size() || !st.ModTime().Equal(f.info.ModTime()) {
		return nil, errMoving, nil
	}
	got, bad := file.Read(f.name, st.Size(), r, nil)
	if bad != nil {
		return nil, bad, nil
	}
	if int64(len(got.Data)) != st.Size() {
		return nil, errMoving, nil
	}
	page, bad = check(got)
	return page, bad, nil
}

// check reads a file to its end, so far as that is possible outside the sandbox: a PDF is only held to having
// an end.
func check(f *file.File) (*scan.Page, error) {
	p := &scan.Page{Data: f.Data, MediaType: f.MediaType, Name: f.Name, Hash: record.HashOf(f.Data)}
	switch f.MediaType {
	case "application/pdf":
		tail := f.Data[max(0, len(f.Data)-2048):]
		if !bytes.Contains(tail, []byte("%%EOF")) {
			return nil, errors.New("the PDF has no end")
		}
	case "image/tiff":
		if _, err := f.Pages(); err != nil {
			return nil, err
		}
	default:
		whole, err := scan.Check(f.Data, 0, scan.Density(f.Data))
		if err != nil {
			return nil, err
		}
		whole.Name = f.Name
		return whole, nil
	}
	return p, nil
}

// kept is the name under which a file lies in "done": with its hash, so that no two files share a name and
// the same file is found again.
func kept(name string, h record.Hash) string {
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + mark(h) + ext
}

func mark(h record.Hash) string { return fmt.Sprintf("%.16s", string(h)) }

// twice tells whether a file had come before.
func (b *batch) twice(ctx context.Context, h record.Hash, name string) (bool, error) {
	found := false
	err := b.d.within(ctx, b.dir, func() error {
		entries, err := os.ReadDir(filepath.Join(b.dir, Done))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		for _, e := range entries {
			found = found || strings.Contains(e.Name(), "-"+mark(h))
		}
		return err
	})
	if err != nil || found || b.d.Known == nil {
		return found, err
	}
	return b.d.Known(ctx, h)
}

// give hands a file over. It is claimed first, so that no other desk hands it over too, and given back where
// it could not be stored.
func (b *batch) give(ctx context.Context, f candidate, page *scan.Page) error {
	claimed, err := b.claim(ctx, f)
	if err != nil || claimed == "" {
		return err
	}
	defer b.d.hold(filepath.Join(b.dir, claimed), false)
	page.N = b.n + 1
	err = b.emit(scan.Event{Kind: scan.Started, N: page.N})
	if err == nil && ctx.Err() != nil {
		err = record.E(record.CodeScanCancelled, ctx.Err())
	}
	if err == nil {
		err = b.emit(scan.Event{Kind: scan.Received, N: page.N, Page: page})
	}
	ctx = context.WithoutCancel(ctx) // what was handed over is put aside, and what was not is given back
	if err != nil {
		// Where giving it back fails too, it lies among those being taken and comes back by itself.
		_ = b.move(ctx, claimed, "", f.name)
		return err
	}
	b.n++
	return b.move(ctx, claimed, Done, kept(f.name, page.Hash))
}

func (b *batch) move(ctx context.Context, from, below, name string) error {
	return b.d.within(ctx, b.dir, func() error {
		_, err := move(b.dir, from, below, name)
		return err
	})
}

// claim takes a file for this desk and tells where it lies now; nowhere if another desk was faster, or if the
// file is another one by now, which is given back.
func (b *batch) claim(ctx context.Context, f candidate) (claimed string, err error) {
	err = b.d.within(ctx, b.dir, func() error {
		at, err := move(b.dir, f.name, taking, f.name)
		if err != nil {
			if _, gone := os.Stat(b.dir); gone == nil && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		st, err := os.Lstat(filepath.Join(b.dir, at))
		if err != nil {
			return err
		}
		if !os.SameFile(st, f.info) || st.Size() != f.info.Size() || !st.ModTime().Equal(f.info.ModTime()) {
			_, err = move(b.dir, at, "", f.name)
			return err
		}
		claimed = at
		return nil
	})
	b.d.forget(filepath.Join(b.dir, f.name))
	if claimed != "" {
		b.d.hold(filepath.Join(b.dir, claimed), true)
	}
	return claimed, err
}

// aside puts a file that is not handed over into another folder and tells it.
func (b *batch) aside(ctx context.Context, name, below, as string, code record.Code) error {
	err := b.move(ctx, name, below, as)
	if errors.Is(err, fs.ErrNotExist) && b.d.reach(ctx, b.dir) == nil {
		return nil // another desk has put it aside
	}
	if err != nil {
		return err
	}
	b.d.forget(filepath.Join(b.dir, name))
	return b.warn(code, name)
}

func (b *batch) warn(code record.Code, name string) error {
	b.told++
	return b.emit(scan.Event{Kind: scan.Warning, N: b.n + 1, Code: code, Args: record.Args{"name": file.Name(name)}})
}
