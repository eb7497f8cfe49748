package main

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"schalter/data/intake"
	"schalter/data/rendition"
	"schalter/ui/capture"
)

// dialogs asks the clerk for files with the toolkit's own dialogs.
type dialogs struct{ window fyne.Window }

// Open asks for one file.
func (d dialogs) Open(chosen func([]capture.Source, error)) {
	openFile(d.window, []string{".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}, chosen)
}

// openFile asks for one file with one of the endings.
func openFile(window fyne.Window, endings []string, chosen func([]capture.Source, error)) {
	f := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			chosen(nil, err)
			return
		}
		_ = r.Close() // opened anew when it is read
		chosen([]capture.Source{source(r.URI())}, nil)
	}, window)
	f.SetFilter(plain{endings})
	f.Show()
}

// plain offers files that can be taken in. The dialog opens what is chosen by itself, so a pipe or a device
// with the name of a paper must not be offered at all.
type plain struct{ endings []string }

// Matches belongs to storage.FileFilter.
func (p plain) Matches(u fyne.URI) bool {
	if !slices.Contains(p.endings, strings.ToLower(u.Extension())) {
		return false
	}
	if u.Scheme() != "file" {
		return true
	}
	st, err := os.Stat(u.Path())
	return err == nil && st.Mode().IsRegular()
}

// Save asks where a file is to be written. On a disk it gets its name only when it is whole.
func (d dialogs) Save(name string, chosen func(io.WriteCloser, error)) {
	f := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil || w == nil {
			chosen(nil, err)
			return
		}
		chosen(whole(w))
	}, d.window)
	f.SetFileName(name)
	f.Show()
}

// whole lets what the dialog has opened be written beside its name first.
func whole(w fyne.URIWriteCloser) (io.WriteCloser, error) {
	if w.URI().Scheme() != "file" {
		return w, nil
	}
	path := w.URI().Path()
	if err := w.Close(); err != nil {
		return nil, err
	}
	f, err := rendition.NewFile(path)
	if err != nil {
		return nil, err
	}
	return &chosenFile{f, path}, nil
}

// chosenFile is a file of a dialog, which has made an empty one already.
type chosenFile struct {
	*rendition.File
	path string
}

// Drop takes the empty one away too.
func (c *chosenFile) Drop() error {
	err := c.File.Drop()
	if st, e := os.Stat(c.path); e == nil && st.Mode().IsRegular() && st.Size() == 0 {
		err = errors.Join(err, os.Remove(c.path))
	}
	return err
}

// source is a file that was chosen or dropped, opened when it is read.
func source(u fyne.URI) capture.Source {
	s := capture.Source{Name: u.Name(), Size: -1}
	if u.Scheme() != "file" {
		s.Open = func() (io.ReadCloser, error) { return storage.Reader(u) }
		return s
	}
	if st, err := os.Stat(u.Path()); err == nil && st.Mode().IsRegular() {
		s.Size = st.Size()
	}
	s.Open = func() (io.ReadCloser, error) {
		f, _, err := intake.OpenFile(u.Path())
		if err != nil {
			return nil, err
		}
		return f, nil
	}
	return s
}
