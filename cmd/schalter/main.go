// Command schalter is the front desk: the window a clerk works in, and a few commands for those who run
// it. It is for wiring: flags are read here and the rooms of the house are given to each other.
//
// It promises that whatever a command reports was done by the same rooms that the window uses.
//
// It never holds a rule about cases, forms or documents of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"

	"schalter/assets"
	"schalter/data/office"
	"schalter/data/pdf/preview"
	"schalter/ui/i18n"
)

var version = "0.1.0"

// cli is the command line. Without a command the window opens.
type cli struct {
	Lang string `help:"Language of messages: de or en." default:"${lang}" enum:"de,en"`

	Window  windowCmd  `cmd:"" default:"withargs" help:"Open the window (default)."`
	Init    initCmd    `cmd:"" help:"Set up a desk's data folder without a window."`
	Enrol   enrolCmd   `cmd:"" help:"Enrol the desk at a centre with a one-time code."`
	Sync    syncCmd    `cmd:"" help:"Exchange changes and scans with the centre without a window."`
	Verify  verifyCmd  `cmd:"" help:"Check pages, files and chains of a desk's data folder."`
	Render  renderCmd  `cmd:"" help:"Draw one page of a file as PNG, as the window would show it."`
	Form    formCmd    `cmd:"" help:"Import forms, and publish them to every desk."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// exit ends a command with a status and a line that was already said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// streams is what a command talks to.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == office.WorkerArg {
		office.WorkerMain(os.Args[2:])
	}
	if len(os.Args) > 1 && os.Args[1] == preview.WorkerArg {
		preview.WorkerMain()
	}
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

func run(args []string, std streams) int {
	var c cli
	status := -1
	parser, err := kong.New(&c, kong.Name("schalter"), kong.Writers(std.out, std.err), kong.Exit(func(n int) { status = n }),
		kong.Description("The front desk of a small town hall that keeps working when the line is down."),
		kong.Vars{"lang": systemLanguage(), "data": defaultData(), "version": version})
	if err != nil {
		fmt.Fprintln(std.err, "schalter:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if status >= 0 {
		return status
	}
	if err != nil {
		fmt.Fprintln(std.err, "schalter:", err)
		return 2
	}
	texts, err := i18n.Load(assets.Files, c.Lang)
	if err != nil {
		fmt.Fprintln(std.err, "schalter:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(texts, std)
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	say(std.err, texts, err)
	return 1
}

// say tells a person what went wrong and what to do.
func say(w io.Writer, texts *i18n.Texts, err error) {
	sentence, hint := texts.Error(err)
	fmt.Fprintln(w, sentence, hint)
	fmt.Fprintln(w, "  ("+err.Error()+")")
}

// defaultData is where a desk keeps its data unless told otherwise.
func defaultData() string {
	if dir := os.Getenv("SCHALTER_DATA"); dir != "" {
		return dir
	}
	switch runtime.GOOS {
	case "windows":
		return filepath.Join(os.Getenv("LOCALAPPDATA"), "Schalter")
	case "darwin":
		home, _ := os.UserHomeDir()
		return filepath.Join(home, "Library", "Application Support", "Schalter")
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "schalter")
	}
	home, _ := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "schalter")
}

type versionCmd struct{}

func (versionCmd) Run(std streams) error {
	_, err := fmt.Fprintln(std.out, "schalter", version)
	return err
}

// systemLanguage is English where the system speaks it, German everywhere else.
func systemLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if len(v) >= 2 && v[:2] == "en" {
				return "en"
			}
			return i18n.Default
		}
	}
	return i18n.Default
}
