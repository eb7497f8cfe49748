// Command schalterd is the centre that the desks of one or many town halls share.
//
// It is for the administrator: serve answers desks; authority, desk, form and verify look after what is there,
// also while serve runs on the same directory.
//
// It promises that every command either did what it says or ends with a sentence and status 1, and that
// nothing it prints or logs names a citizen or a clerk.
//
// It never needs cgo, a database server or a line to the internet.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server/filestore"
	"schalter/sync/server/litestore"
	"schalter/sync/server/tlsca"
)

// cli is the command line. Its help texts are the manual.
type cli struct {
	Serve     serve     `cmd:"" help:"Answer desks until SIGTERM or Ctrl-C. Prints one line when ready: 'listening https://… fingerprint …'."`
	Authority authority `cmd:"" help:"The town halls this centre serves."`
	Desk      desk      `cmd:"" help:"The desks of a town hall."`
	Form      formCmd   `cmd:"" help:"The forms that a town hall publishes to its desks."`
	Verify    verify    `cmd:"" help:"Check every change, chain, running hash and file. Ends with status 1 if something is wrong. Files that are missing or damaged are asked of the desks again."`
	Version   version   `cmd:"" help:"Print the program's version."`
}

// data is the directory that every command but version works on.
type data struct {
	Data string `required:"" type:"path" env:"SCHALTERD_DATA" placeholder:"DIR" help:"Directory of the centre's data. Made if it is not there."`
}

// console is where a command reads and writes; tests give their own.
type console struct {
	out, err io.Writer
	clock    record.Clock
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &console{out: os.Stdout, err: os.Stderr, clock: record.SystemClock}
	var cmd cli
	parser, err := kong.New(&cmd, kong.Name("schalterd"), kong.Description("The centre of Schalter."), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(c))
	if err != nil {
		return c.fail(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		c.fail(err)
		return 2
	}
	if err := k.Run(); err != nil {
		return c.fail(err)
	}
	return 0
}

// errSaid ends a command with status 1 after it has said everything itself.
var errSaid = errors.New("said")

func (c *console) fail(err error) int {
	if !errors.Is(err, errSaid) {
		fmt.Fprintln(c.err, "schalterd: "+explain(err))
	}
	return 1
}

// explain says in a sentence what the house's errors mean to an administrator.
func explain(err error) string {
	if s, ok := explainForm(err); ok {
		return s
	}
	switch record.CodeOf(err) {
	case record.CodeDiskFull:
		return "the disk is full; free some space and try again (" + err.Error() + ")"
	case record.CodeStoreDamaged:
		return "the journal is damaged; stop the server, keep a copy of the directory and restore the last backup (" + err.Error() + ")"
	case record.CodeStoreNewer:
		return "the directory was written by a newer schalterd; install that version (" + err.Error() + ")"
	case record.CodeCentreBusy:
		return "another program holds the journal for too long; try again (" + err.Error() + ")"
	}
	return err.Error()
}

func (d data) keysDir() string  { return filepath.Join(d.Data, "tls") }
func (d data) filesDir() string { return filepath.Join(d.Data, "files") }

func (d data) make() error {
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return fmt.Errorf("cannot use the data directory: %w", err)
	}
	return nil
}

// journal opens the directory for a command.
func (d data) journal(ctx context.Context) (*litestore.Store, error) {
	if err := d.make(); err != nil {
		return nil, err
	}
	return litestore.Open(ctx, d.Data)
}

// with runs f on the open journal.
func (d data) with(ctx context.Context, f func(*litestore.Store) error) error {
	j, err := d.journal(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(j), j.Close())
}

func (d data) keys(clock record.Clock) (*tlsca.Keys, error) { return tlsca.Open(d.keysDir(), clock) }

func (d data) files() (*filestore.Store, error) { return filestore.Open(d.filesDir()) }

type version struct{}

// Run prints what was built.
func (version) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, programName())
	return err
}

func programName() string {
	v := "(unknown build)"
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		v = b.Main.Version
	}
	return fmt.Sprintf("schalterd %s, protocol %d", v, protocol.Version)
}
