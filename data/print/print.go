// Package print hands a finished PDF to the system's printers, or to a PDF viewer where there is none.
//
// It is for screens that print confirmations: [Printers] lists what there is, [Submit] prints, [Show]
// opens the viewer, [SubmitOrShow] does what is possible and says which.
//
// It promises that no shell takes part, so that a title or printer name is never a command; that a job
// goes only to the printer that was named or to the system's default, never to a guessed one; that what
// went wrong is a [record.Error]; that files made for a viewer are readable by this user only and are gone
// after [Forget].
//
// It never changes a printer's settings and never waits for paper: a job is done when the system took it.
package print

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"schalter/data/record"
)

// Printer is one printer of the system.
type Printer struct {
	Name    string
	Default bool
}

// Way is what became of a paper.
type Way int

// The ways.
const (
	Printed Way = iota + 1 // the system took the job
	Shown                  // a viewer was opened; the clerk prints from there
)

// limit ends a command that hangs; a printer is asked for through the network now and then.
const limit = 20 * time.Second

// Printers lists the system's printers, the default one first. None is no error.
func Printers(ctx context.Context) ([]Printer, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := printers(ctx)
	if err != nil {
		return nil, err
	}
	for i, p := range found {
		if p.Default {
			copy(found[1:i+1], found[:i])
			found[0] = p
		}
	}
	return found, nil
}

// Submit prints a PDF. printer "" is the system's default, or the only printer there is.
//
// Errors: [record.CodePrintNone] when there is no such printer, [record.CodePrintFailed] when the system
// did not take the job.
func Submit(ctx context.Context, pdf []byte, title, printer string) error {
	found, err := Printers(ctx)
	if err != nil {
		return err
	}
	name, err := choose(found, printer)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := submit(ctx, pdf, cleanTitle(title), name); err != nil {
		return record.E(record.CodePrintFailed, err, "printer", name)
	}
	return nil
}

func choose(found []Printer, wanted string) (string, error) {
	for _, p := range found {
		if p.Name == wanted || (wanted == "" && (p.Default || len(found) == 1)) {
			return p.Name, nil
		}
	}
	if wanted == "" {
		return "", record.E(record.CodePrintNone, fmt.Errorf("%d printers, no default", len(found)))
	}
	return "", record.E(record.CodePrintNone, fmt.Errorf("printer %q is not among %d", wanted, len(found)))
}

// SubmitOrShow prints, or opens the viewer when there is no printer to take it.
func SubmitOrShow(ctx context.Context, pdf []byte, title, printer string) (Way, error) {
	err := Submit(ctx, pdf, title, printer)
	if err == nil {
		return Printed, nil
	}
	if record.CodeOf(err) != record.CodePrintNone {
		return 0, err
	}
	if showErr := Show(ctx, pdf, title); showErr != nil {
		return 0, record.E(record.CodePrintNone, errors.Join(err, showErr))
	}
	return Shown, nil
}

// Show opens the PDF in the system's viewer. Errors: [record.CodePrintFailed].
func Show(ctx context.Context, pdf []byte, title string) error {
	path, err := keep(pdf, title)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		err = show(ctx, path)
	}
	if err != nil {
		return record.E(record.CodePrintFailed, err, "printer", "")
	}
	return nil
}

// Forget removes the files that viewers were given: called when the desk is locked and when it ends.
func Forget() error {
	return os.RemoveAll(folder())
}

// folder is where files for viewers lie: in memory where the system has such a place, else among the
// temporary files.
func folder() string {
	base := os.Getenv("XDG_RUNTIME_DIR")
	if st, err := os.Stat(base); base == "" || err != nil || !st.IsDir() {
		base = os.TempDir()
	}
	return filepath.Join(base, fmt.Sprintf("schalter-%d", os.Getuid()))
}

// keep writes the PDF into a new folder of its own, so that the viewer's title bar shows a readable name.
func keep(pdf []byte, title string) (string, error) {
	if err := os.MkdirAll(folder(), 0o700); err != nil {
		return "", fmt.Errorf("folder for the viewer: %w", err)
	}
	if err := ours(folder()); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(folder(), "")
	if err != nil {
		return "", fmt.Errorf("folder for the viewer: %w", err)
	}
	path := filepath.Join(dir, fileName(title)+".pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		_ = os.RemoveAll(dir)
		return "", fmt.Errorf("file for the viewer: %w", err)
	}
	return path, nil
}

// cleanTitle keeps a title to one printable line.
func cleanTitle(title string) string {
	title = strings.Join(strings.FieldsFunc(title, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if r := []rune(title); len(r) > 120 {
		title = string(r[:120])
	}
	if title == "" {
		return "Schalter"
	}
	return title
}

// fileName makes a file name that every file system takes.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, cleanTitle(title))
	name = strings.Trim(name, "- ")
	for len(name) > 100 {
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	if name == "" {
		return "Schalter"
	}
	return name
}
