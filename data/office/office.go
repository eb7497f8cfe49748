// Package office turns office files, such as .docx or .ods, into a PDF to look at, by LibreOffice where it is
// installed.
//
// It is for data/intake. It promises that the file is opened by a separate program without a network, with no
// right to any file but its own copy and what is installed, with macros off, for a limited time; and that the copy
// lies in memory only and is gone afterwards.
//
// It never changes the file, never runs where these promises cannot be kept (then the file is kept and cannot be
// shown), and never claims that the picture is exactly what the sender saw.
package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"schalter/data/record"
)

// WorkerArg is the first argument that makes the program start LibreOffice with few rights: main calls
// [WorkerMain] when it finds it.
const WorkerArg = "office-worker"

// Time and size of one conversion.
const (
	limit   = 60 * time.Second
	maxSize = 300 << 20
)

// kinds are the media types that are converted, with the ending LibreOffice knows them by.
var kinds = map[string]string{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
	"application/vnd.oasis.opendocument.text":                                   ".odt",
	"application/vnd.oasis.opendocument.spreadsheet":                            ".ods",
	"application/vnd.oasis.opendocument.presentation":                           ".odp",
	"application/msword":            ".doc",
	"application/vnd.ms-excel":      ".xls",
	"application/vnd.ms-powerpoint": ".ppt",
	"text/rtf":                      ".rtf",
	"text/plain":                    ".txt",
}

// Is tells whether a media type is an office file's.
func Is(mediaType string) bool { return kinds[mediaType] != "" }

// Converter starts LibreOffice. The zero value looks for it each time it is needed.
type Converter struct {
	// Exe starts the worker: program and first arguments. Default is this program with [WorkerArg].
	Exe []string
}

// PDF converts a file. [record.CodeOfficeMissing] where LibreOffice is not installed or cannot be confined,
// [record.CodeOfficeUnread] where it makes nothing of the file.
func (c Converter) PDF(ctx context.Context, mediaType string, data []byte) ([]byte, error) {
	ending := kinds[mediaType]
	if ending == "" {
		return nil, record.E(record.CodeOfficeUnread, fmt.Errorf("%s is no office file", mediaType))
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		return nil, record.E(record.CodeOfficeMissing, err)
	}
	dir, err := room()
	if err != nil {
		return nil, record.E(record.CodeOfficeMissing, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // in memory; a leftover goes with the next start of the machine
	if err := os.WriteFile(filepath.Join(dir, "file"+ending), data, 0o600); err != nil {
		return nil, record.E(record.CodeOfficeUnread, err)
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	out, err := c.run(ctx, dir, program, arguments(dir, "file"+ending))
	if err == nil {
		var pdf []byte
		if pdf, err = read(filepath.Join(dir, "out", "file.pdf")); err == nil {
			return pdf, nil
		}
	}
	if errors.Is(err, fs.ErrPermission) { // this machine makes no name spaces for us, as inside some containers
		return nil, record.E(record.CodeOfficeMissing, err)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, context.Canceled
	}
	return nil, record.E(record.CodeOfficeUnread, fmt.Errorf("%w: %s", err, bytes.TrimSpace(out[:min(len(out), 2000)])))
}

func read(name string) ([]byte, error) {
	i, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if i.Size() > maxSize {
		return nil, fmt.Errorf("a PDF of %d bytes", i.Size())
	}
	return os.ReadFile(name)
}

// arguments of LibreOffice: no window, no second one that listens, a profile of its own, PDF/A-2b.
func arguments(dir, file string) []string {
	return []string{
		"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile")),
		"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
		"--convert-to", `pdf:` + filter(file) + `_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}`,
		"--outdir", filepath.Join(dir, "out"), filepath.Join(dir, file),
	}
}

func filter(file string) string {
	switch strings.TrimSuffix(filepath.Ext(file), "x") {
	case ".xls", ".ods":
		return "calc"
	case ".ppt", ".odp":
		return "impress"
	}
	return "writer"
}
