package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"schalter/data/intake"
	"schalter/data/rendition"
	"schalter/ui/capture"
	"schalter/ui/command"
	"schalter/ui/desk"
	"schalter/ui/i18n"
)

// dialogs asks the clerk for files with the toolkit's own dialogs, in her language. As long as one is there no key
// reaches the screen beneath it.
type dialogs struct {
	window fyne.Window
	keys   *command.List
	texts  *i18n.Texts
}

func newDialogs(host desk.Host) dialogs { return dialogs{host.Window, host.Keys, host.Texts} }

// Open asks for one file.
func (d dialogs) Open(chosen func([]capture.Source, error)) {
	d.file([]string{".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}, chosen)
}

// file asks for one file with one of the endings.
func (d dialogs) file(endings []string, chosen func([]capture.Source, error)) {
	speak(d.texts)
	var leave func()
	f := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		leave()
		if err != nil || r == nil {
			chosen(nil, err)
			return
		}
		_ = r.Close() // opened anew when it is read
		chosen([]capture.Source{source(r.URI())}, nil)
	}, d.window)
	f.SetFilter(plain{endings})
	leave = d.over(f)
}

// over shows a dialog and gives it all keys until it is closed, whichever way, or leave is called.
func (d dialogs) over(f *dialog.FileDialog) (leave func()) {
	overlays := d.window.Canvas().Overlays()
	var own fyne.CanvasObject
	pop := d.keys.Layer("dialog.file", []command.Command{{
		ID: "layer.close", Keys: []command.Key{command.Plain(fyne.KeyEscape)},
		Enabled: func() bool { return own != nil && overlays.Top() == own }, // not while it asks something itself
		Run:     f.Dismiss,
	}})
	var once sync.Once
	leave = func() { once.Do(pop) }
	f.SetOnClosed(leave)
	f.Show()
	own = overlays.Top()
	return leave
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
	speak(d.texts)
	var leave func()
	f := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		leave()
		if err != nil || w == nil {
			chosen(nil, err)
			return
		}
		chosen(whole(w))
	}, d.window)
	f.SetFileName(name)
	leave = d.over(f)
}

// Folder asks for a folder.
func (d dialogs) Folder(chosen func(string, error)) {
	speak(d.texts)
	var leave func()
	f := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		leave()
		if err != nil || u == nil {
			chosen("", err)
			return
		}
		chosen(u.Path(), nil)
	}, d.window)
	leave = d.over(f)
}

// spoken are the toolkit's own words, as it calls them.
var spoken = []string{
	"Cancel", "Confirm", "Copy", "Create Folder", "Cut", "Enter filename", "Error", "Favourites", "File", "Folder", "New Folder", "No", "OK",
	"Open", "Paste", "Redo", "Save", "Select all", "Show Hidden Files", "Undo", "Yes",
}

// speak gives the toolkit the desk's words. By itself it speaks the system's language, which may be another one.
func speak(t *i18n.Texts) {
	words := map[string]string{}
	for _, w := range spoken {
		words[w] = t.T("toolkit." + strings.ToLower(strings.ReplaceAll(w, " ", "_")))
	}
	b, err := json.Marshal(words)
	if err == nil {
		err = lang.AddTranslationsForLocale(b, lang.SystemLocale())
	}
	if err != nil {
		slog.Warn("the toolkit keeps its own words", "err", err)
	}
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
