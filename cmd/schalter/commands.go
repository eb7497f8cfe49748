package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/data/scan/file"
	"schalter/ui/i18n"
)

// access is how a command without a window opens a data folder.
type access struct {
	Data       string `help:"Data folder of the desk." default:"${data}" type:"path"`
	User       string `help:"Name of the user; the only one there is if left out."`
	Passphrase string `help:"File that holds the passphrase; else SCHALTER_PASSPHRASE, else the first line of standard input." name:"passphrase-file" type:"existingfile"`
}

func (a access) passphrase(std streams) (string, error) {
	if a.Passphrase != "" {
		b, err := os.ReadFile(a.Passphrase)
		if err != nil {
			return "", fmt.Errorf("read the passphrase: %w", err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	}
	if p, ok := os.LookupEnv("SCHALTER_PASSPHRASE"); ok {
		return p, nil
	}
	line, err := bufio.NewReader(std.in).ReadString('\n')
	if err != nil && line == "" {
		return "", record.E(record.CodeWrongPassphrase, errors.New("no passphrase was given"))
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (a access) open(ctx context.Context, std streams) (*house, error) {
	p, err := a.passphrase(std)
	if err != nil {
		return nil, err
	}
	return unlock(ctx, a.Data, a.User, p)
}

type initCmd struct {
	access
	Code string `help:"One-time code of the centre, to enrol at once." name:"enrol"`
}

func (c initCmd) Run(ctx context.Context, std streams) (err error) {
	p, err := c.passphrase(std)
	if err != nil {
		return err
	}
	if c.User == "" {
		c.User = defaultUser()
	}
	h, err := create(ctx, c.Data, c.User, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	fmt.Fprintln(std.out, "desk created in", c.Data, "for", c.User)
	if c.Code == "" {
		return nil
	}
	id, err := h.enrol(ctx, c.Code, false)
	if err == nil {
		enrolled(std, id)
	}
	return err
}

func defaultUser() string {
	for _, name := range []string{"USER", "USERNAME"} {
		if u := os.Getenv(name); u != "" {
			return u
		}
	}
	return "Schalter"
}

type enrolCmd struct {
	access
	Anew bool   `help:"Make another device of a desk that is enrolled, as for the copy of a data folder. A desk from which the centre takes nothing any more needs no such flag."`
	Code string `arg:"" help:"The line that «schalterd desk enrol» printed."`
}

func (c enrolCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	before, err := h.store.Identity(ctx)
	if err != nil {
		return err
	}
	id, err := h.enrol(ctx, c.Code, c.Anew)
	if err != nil {
		return err
	}
	enrolled(std, id)
	if before.Desk == 0 || before.Device == id.Device {
		return nil
	}
	fmt.Fprintf(std.out, "this desk was desk %d and is another device now; what it has not sent goes out under the new one\n", before.Desk)
	e, err := h.engine(ctx)
	if err != nil {
		return err
	}
	if err := e.Changes(ctx); err != nil { // the enrolment stands; the next exchange does the rest
		say(std.err, texts, err)
	}
	return nil
}

func enrolled(std streams, id record.Identity) {
	fmt.Fprintf(std.out, "enrolled as desk %d of %s (%s) at %s\n", id.Desk, id.Authority, id.Office, id.Centre)
}

type syncCmd struct {
	access
	Once bool `help:"Exchange once and end; else go on until interrupted."`
}

func (c syncCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	e, err := h.engine(ctx)
	if err != nil {
		return err
	}
	if !c.Once {
		e.Run(ctx)
		return nil
	}
	if err := e.Once(ctx); err != nil {
		return err
	}
	n, err := h.store.Counts(ctx, "")
	if err != nil {
		return err
	}
	if warning := e.Link().Trouble; warning != nil { // as a wrong clock: the exchange went well all the same
		say(std.err, texts, warning)
	}
	fmt.Fprintf(std.out, "exchanged; %d changes and %d files are still waiting, %d rejected\n", n.Outbox, n.Files, n.Rejected)
	return nil
}

type verifyCmd struct {
	access
}

func (c verifyCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	report, err := h.store.Verify(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "store: %d pages, %d changes in %d chains, %d cases folded anew and compared\n", report.Pages, report.Changes, report.Devices, report.Cases)
	if report.Signed > 0 {
		fmt.Fprintf(std.out, "scans: %d transfer notes whose signatures stand\n", report.Signed)
	}
	for _, p := range append(report.Problems, report.Notes...) {
		fmt.Fprintln(std.out, "  "+p)
	}
	bad, files, size := len(report.Problems), 0, int64(0)
	err = h.blobs.Check(ctx, func(hash record.Hash, n int64, err error) {
		files++
		size += n
		if err != nil {
			bad++
			say(std.out, texts, err)
		}
	})
	if err != nil {
		return err
	}
	tray, err := h.store.TrayFiles(ctx)
	if err != nil {
		return err
	}
	for _, hash := range tray { // nobody else has them
		if !h.blobs.Has(hash) {
			bad++
			say(std.out, texts, record.E(record.CodeBlobMissing, nil, "hash", hash))
		}
	}
	fmt.Fprintf(std.out, "files: %d read and compared with their hashes, %d bytes\n", files, size)
	if bad > 0 {
		fmt.Fprintf(std.out, "%d problems found\n", bad)
		return exit(1)
	}
	fmt.Fprintln(std.out, "no problem found")
	return nil
}

type renderCmd struct {
	File     string  `arg:"" type:"existingfile" help:"PDF, JPEG, PNG or TIFF."`
	Page     int     `help:"Page, from 1." default:"1"`
	DPI      float64 `help:"Resolution." default:"150" name:"dpi"`
	Out      string  `short:"o" help:"PNG to write." required:"" type:"path"`
	Password string  `help:"Password of the file."`
}

// cannotShow is the exit status for a file that cannot be shown.
const cannotShow exit = 3

func (c renderCmd) Run(ctx context.Context, std streams, texts *i18n.Texts) error {
	refuse := func(err error) error {
		sentence, hint := texts.Error(err)
		fmt.Fprintf(std.err, "%s: %s %s\n", filepath.Base(c.File), sentence, hint)
		return cannotShow
	}
	f, err := os.Open(c.File)
	if err != nil {
		return refuse(record.E(record.CodeImportUnread, err, "name", filepath.Base(c.File)))
	}
	defer func() { _ = f.Close() }() // only read
	st, err := f.Stat()
	if err != nil {
		return refuse(record.E(record.CodeImportUnread, err, "name", filepath.Base(c.File)))
	}
	doc, err := file.Read(c.File, st.Size(), f, nil)
	if err != nil {
		return refuse(err)
	}
	r := preview.New(preview.Options{})
	defer r.Close()
	d, err := r.Open(ctx, doc.Data, doc.MediaType, c.Password)
	if err != nil {
		return refuse(err)
	}
	defer d.Close()
	img, err := d.Render(ctx, c.Page-1, c.DPI, 0)
	if err != nil {
		return refuse(err)
	}
	out, err := os.Create(c.Out)
	if err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := errors.Join(enc.Encode(out, img), out.Close()); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}
