package main

import (
	"io"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"schalter/ui/capture"
)

// dialogs asks the clerk for files with the toolkit's own dialogs.
type dialogs struct{ window fyne.Window }

// Open asks for one file.
func (d dialogs) Open(chosen func([]capture.Source, error)) {
	f := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			chosen(nil, err)
			return
		}
		_ = r.Close()
		chosen([]capture.Source{source(r.URI())}, nil)
	}, d.window)
	f.SetFilter(storage.NewExtensionFileFilter([]string{".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".PDF", ".JPG", ".JPEG", ".PNG", ".TIF", ".TIFF"}))
	f.Show()
}

// Save asks where a file is to be written.
func (d dialogs) Save(name string, chosen func(io.WriteCloser, error)) {
	f := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil || w == nil {
			chosen(nil, err)
			return
		}
		chosen(w, nil)
	}, d.window)
	f.SetFileName(name)
	f.Show()
}

// source is a chosen file, opened when it is read.
func source(u fyne.URI) capture.Source {
	s := capture.Source{Name: u.Name(), Size: -1, Open: func() (io.ReadCloser, error) { return storage.Reader(u) }}
	if u.Scheme() == "file" {
		if st, err := os.Stat(u.Path()); err == nil {
			s.Size = st.Size()
		}
	}
	return s
}
